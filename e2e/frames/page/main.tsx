// A form and a list as a React developer would write them. With `?replay=off` the list is one as it is written without
// optimistic updates of the library: a copy of the server's list that each action changes ahead of its answer.
import "./live.gen.js";
import { createLiveClient, type Optimistic } from "fluxstack-live";
import { LiveProvider, useLiveComponent } from "fluxstack-live/react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import type { Item, NewItem } from "./live.gen.js";

function Form() {
  const { state, bind, set, dispatch, error } = useLiveComponent("FormComponent", {});
  if (!state) return null;
  return (
    <form onSubmit={(e) => { e.preventDefault(); dispatch("publish"); }}>
      <input aria-label="Title" {...bind("title")} />
      <input aria-label="Note" {...bind("note")} />
      <input aria-label="Agreed" type="checkbox" checked={state.agreed} onChange={(e) => { set("agreed", e.target.checked); }} />
      <input aria-label="Amount" type="number" value={state.amount} onChange={(e) => { set("amount", Number(e.target.value)); }} />
      <small role="alert">{error?.fields?.amount}</small>
      <button>Publish</button>
    </form>
  );
}

const add = (items: readonly Item[], { id, text }: NewItem): Item[] => [...items, { id, text, done: false }];
const toggle = (items: readonly Item[], id: string): Item[] => items.map((item) => (item.id === id ? { ...item, done: !item.done } : item));
const remove = (items: readonly Item[], id: string): Item[] => items.filter((item) => item.id !== id);

const optimistic: Optimistic<"ListComponent"> = {
  add: (state, item) => ({ ...state, items: add(state.items, item) }),
  toggle: (state, id) => ({ ...state, items: toggle(state.items, id) }),
  remove: (state, id) => ({ ...state, items: remove(state.items, id) }),
};

function List() {
  const { state, dispatch, callSafe, error } = useLiveComponent("ListComponent", {}, { optimistic });
  return (
    <Items
      items={state?.items} wrong={error?.fields?.done}
      onAdd={(item) => { dispatch("add", item); }} onToggle={(id) => { void callSafe("toggle", id); }} onRemove={(id) => { dispatch("remove", id); }}
    />
  );
}

function NaiveList() {
  const { state, dispatch, error } = useLiveComponent("ListComponent", {});
  const [copy, setCopy] = useState({ of: state?.items, items: state?.items });
  // Whatever the server says is the list, as one writes it at first.
  if (copy.of !== state?.items) setCopy({ of: state?.items, items: state?.items });
  const ahead = (change: (items: readonly Item[]) => Item[]) => { setCopy(({ of, items = [] }) => ({ of, items: change(items) })); };
  return (
    <Items
      items={copy.items} wrong={error?.fields?.done}
      onAdd={(item) => { ahead((items) => add(items, item)); dispatch("add", item); }}
      onToggle={(id) => { ahead((items) => toggle(items, id)); dispatch("toggle", id); }}
      onRemove={(id) => { ahead((items) => remove(items, id)); dispatch("remove", id); }}
    />
  );
}

interface ItemsProps {
  items: readonly Item[] | undefined;
  wrong: string | undefined;
  onAdd: (item: NewItem) => void;
  onToggle: (id: string) => void;
  onRemove: (id: string) => void;
}

function Items({ items, wrong, onAdd, onToggle, onRemove }: ItemsProps) {
  if (!items) return null;
  return (
    <section>
      <button onClick={() => { onAdd({ id: crypto.randomUUID(), text: "mine" }); }}>Add</button>
      <small role="alert">{wrong}</small>
      <ul aria-label="Items">
        {items.map(({ id, text, done }) => (
          <li key={id} data-id={id}>
            <label><input type="checkbox" checked={done} onChange={() => { onToggle(id); }} /> {text}</label>
            <button aria-label={`Remove ${text}`} onClick={() => { onRemove(id); }}>×</button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const isNaive = new URLSearchParams(window.location.search).get("replay") === "off";
const root = document.getElementById("root");
// What is refused is shown, and need not be logged.
const client = createLiveClient({ onError: () => undefined });
if (root) createRoot(root).render(<StrictMode><LiveProvider client={client}><Form />{isNaive ? <NaiveList /> : <List />}</LiveProvider></StrictMode>);
