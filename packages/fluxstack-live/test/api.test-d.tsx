// What an application writes against this package, and lines that must be type errors. Checked by `npm run typecheck`.

import "./live.gen.js";
import { Suspense, useActionState, type ReactNode } from "react";
import { createLiveClient, debounce, isActionError, throttle, type LiveHandle } from "fluxstack-live";
import {
  LiveProvider, useConnection, useLiveComponent, useLiveEvent, useLivePending, useLiveSelector, useSuspenseLiveComponent, type CheckedProps, type TextProps,
} from "fluxstack-live/react";
import { useReconnectingWebSocket, useWebSocket, type RawSocketOptions } from "fluxstack-live/web-socket";

const client = createLiveClient({ auth: () => sessionStorage.getItem("token") });
export function App(): ReactNode {
  return <LiveProvider client={client}><LiveCounter /><LiveChat room="lobby" /><LiveForm /><LiveTodo /></LiveProvider>;
}

/* The study's component, unchanged but for typed names. */
export function LiveCounter(): ReactNode {
  const { state, call } = useLiveComponent("CounterComponent", { count: 0, title: "Live Counter" });
  return (
    <div className="counter">
      <h2>{state.title}</h2>
      <div className="count">{state.count}</div>
      <div className="actions">
        <button onClick={() => call("decrement")}>-</button>
        <button onClick={() => call("increment", 5)}>+</button>
        <button onClick={() => call("reset")}>Reset</button>
      </div>
    </div>
  );
}

/* Suspense, events, a part of the state, typed errors through useActionState. */
export function LiveChat({ room }: { room: string }): ReactNode {
  return <Suspense fallback={<p>Joining…</p>}><ChatRoom room={room} /></Suspense>;
}
function ChatRoom({ room }: { room: string }): ReactNode {
  const { state, callSafe, handle } = useSuspenseLiveComponent("ChatComponent", { room }, {
    optimistic: { sendMessage: (s, { content }) => ({ ...s, messages: [...s.messages, { id: `temp:${content}`, content, userId: "me", timestamp: Date.now() }] }) },
  });
  useLiveEvent(handle, "MESSAGE_RECEIVED", ({ message }) => { document.title = message.content; });
  const [result, send, sending] = useActionState(
    (_: unknown, form: FormData) => callSafe("sendMessage", { content: form.get("content") as string }), null);
  const failed = result !== null && !result.ok ? result.error : null;
  return (
    <section>
      <Banner />
      <ol>{state.messages.map((m) => <li key={m.id}>{m.content}</li>)}</ol>
      <Online handle={handle} />
      <form action={send}>
        <input name="content" />
        <button disabled={sending}>Send</button>
        {failed && <p role="alert">{failed.code === "action" && failed.data.kind === "tooLong" ? `At most ${String(failed.data.max)} characters` : failed.message}</p>}
      </form>
    </section>
  );
}
function Online({ handle }: { handle: LiveHandle<"ChatComponent"> }): ReactNode {
  const count: number = useLiveSelector(handle, (s) => Object.keys(s.users).length);
  const names: readonly string[] = useLiveSelector(handle, (s) => Object.values(s.users).map(({ name }) => name), (a, b) => a.join() === b.join());
  const sending: number = useLivePending(handle, "sendMessage");
  return <p>{count} online: {names.join()} {sending > 0 && "sending…"}</p>;
}

/* The study's field, and the same with bind(). */
export function LiveForm(): ReactNode {
  const { state, set, setMany, call, dispatch, bind, pending, error, clearError, loading } = useLiveComponent("FormComponent", { name: "", email: "", errors: {} });
  return (
    <form onSubmit={(e) => { e.preventDefault(); dispatch("submit"); }} aria-busy={loading} onReset={() => { setMany({ name: "", email: "" }); }}>
      <input value={state.name} onChange={(e) => { set("name", e.target.value, { send: debounce(300) }); }} onBlur={() => call("validateField", "name")} />
      {state.errors.name && <span className="error">{state.errors.name}</span>}
      <input type="email" {...bind("email", { send: "blur" })} />
      <button disabled={pending.of("submit") > 0}>Save</button>
      {error && <p role="alert" onClick={clearError}>{error.message}</p>}
    </form>
  );
}

/* What bind() gives fits the input of its field's type. */
export function Settings(): ReactNode {
  const { bind } = useLiveComponent("SettingsComponent", { room: "lobby" });
  const [text, number, choice, checked]: [TextProps, TextProps, TextProps, CheckedProps] = [bind("draft"), bind("size"), bind("mood"), bind("muted")];
  return (
    <>
      <input {...text} /><textarea {...text} />
      <input type="number" {...number} /><input type="range" {...bind("size", { send: throttle(100), volatile: true })} />
      <select {...choice}><option>calm</option><option>loud</option></select>
      <input type="checkbox" {...checked} />
    </>
  );
}

/* Optimistic with automatic rollback and rebase: no setState, no try/catch, no revert. */
export function LiveTodo(): ReactNode {
  const { state, call, dispatch, pending, error } = useLiveComponent("TodoComponent", { list: "home" }, {
    initial: { todos: [] },
    optimistic: {
      addTodo: (s, { text }) => ({ ...s, todos: [...s.todos, { id: `temp:${text}`, text, completed: false }] }),
      toggle: (s, { id }) => ({ ...s, todos: s.todos.map((t) => (t.id === id ? { ...t, completed: !t.completed } : t)) }),
    },
  });
  return (
    <div>
      <form action={async (f: FormData) => { const todo = await call("addTodo", { text: f.get("text") as string }); console.log(todo.id); }}>
        <input name="text" />
      </form>
      {state.todos.map((t) => (
        <label key={t.id} aria-busy={pending.of("toggle", t.id) > 0}>
          <input type="checkbox" checked={t.completed} onChange={() => { dispatch("toggle", { id: t.id }, { key: t.id }); }} /> {t.text}
        </label>
      ))}
      {error && <p role="alert">{error.message}</p>}
    </div>
  );
}

/* A component that may not be there. */
export function Chosen({ list }: { list: string | null }): ReactNode {
  const chosen = useLiveComponent("TodoComponent", list === null ? "skip" : { list });
  const known = useLiveComponent("TodoComponent", list === null ? "skip" : { list }, { initial: { todos: [] } });
  const todos: number | undefined = chosen.state?.todos.length;
  return <>{todos}{known.state.todos.length}</>;
}

export async function results(handle: LiveHandle<"TodoComponent">): Promise<string> {
  const todo = await handle.call("addTodo", { text: "x" });
  const done: boolean = todo.completed;
  const result = await handle.callSafe("addTodo", { text: "x" });
  if (result.ok) return result.data.id + String(done);
  if (result.error.code === "action") return result.error.data.kind === "tooLong" ? String(result.error.data.max) : "empty";
  const nothing: undefined = result.error.data;
  try {
    await handle.call("toggle", { id: todo.id });
  } catch (error) {
    if (isActionError(error, "TodoComponent", "addTodo") && error.data.kind === "tooLong") return String(error.data.max);
  }
  return result.error.code + String(nothing);
}

export function Todos(): ReactNode {
  const known = useLiveComponent("TodoComponent", { list: "home" }, { initial: { todos: [] }, key: "2" });
  const shared = useLiveComponent("SharedCounterComponent", { room: "lobby" });
  const count: number | undefined = shared.state?.count;
  return <>{known.state.todos.length}{count}{shared.handle.id}</>;
}

export function Chat(): ReactNode {
  const { state, callSafe, handle } = useLiveComponent("ChatComponent", { room: "lobby" });
  useLiveEvent(handle, "MESSAGE_RECEIVED", ({ message }) => { document.title = message.content; });
  return <button onClick={() => callSafe("sendMessage", { content: "hi" })}>{Object.values(state?.users ?? {}).map(({ name }) => name)}</button>;
}

function Banner(): ReactNode {
  const { status, nextRetryAt, attempt, retryNow } = useConnection();
  const isLate: boolean = useConnection(({ unsynced }) => unsynced > 0);
  if (status === "connected") return null;
  return <p role="status">{status} {attempt} {isLate} {nextRetryAt !== null && <button onClick={retryNow}>retry now</button>}</p>;
}

export function Raw(): ReactNode {
  const { connected, sendMessage } = useWebSocket("/live");
  const connect = useReconnectingWebSocket("/other");
  return <button disabled={!connected} onClick={() => { sendMessage({ type: "PING" }); connect(); }}>{connect.status}</button>;
}

/** Under `exactOptionalPropertyTypes`, as here, an option that may be undefined is passed on as it is. */
export function passedOn(key: string | undefined, attempts: number | undefined, Socket: typeof WebSocket | undefined): LiveHandle<"CounterComponent"> {
  const reconnect = { firstMs: undefined, baseMs: attempts, factor: attempts, capMs: attempts, maxAttempts: attempts };
  const own = createLiveClient({ url: key, auth: undefined, reconnect, lingerMs: attempts, onError: undefined, WebSocket: Socket });
  const raw: RawSocketOptions = { reconnect: undefined, WebSocket: Socket };
  return raw.reconnect === false ? own.mount("CounterComponent", { count: 0, title: "" }) : own.mount("CounterComponent", { count: 0, title: "" }, { key, initial: undefined });
}

export function Negative(): ReactNode {
  const c = useLiveComponent("CounterComponent", { count: 0, title: "" });
  // @ts-expect-error unknown component
  useLiveComponent("CountrComponent", {});
  // @ts-expect-error props of another type
  useLiveComponent("CounterComponent", { count: "0", title: "" });
  // @ts-expect-error missing props
  useLiveComponent("CounterComponent", {});
  // @ts-expect-error unknown action
  c.dispatch("incremnt");
  // @ts-expect-error wrong payload
  c.dispatch("increment", "two");
  // @ts-expect-error takes no payload
  c.dispatch("reset", 1);
  // @ts-expect-error not a bindable field
  c.set("count", 3);
  // @ts-expect-error wrong type
  c.set("title", 3);
  const t = useLiveComponent("TodoComponent", { list: "x" });
  // @ts-expect-error undefined until the first state
  t.state.todos.at(0);
  // @ts-expect-error payload required
  t.dispatch("addTodo");
  // @ts-expect-error no such event
  t.handle.on("NOPE", () => undefined);
  // @ts-expect-error no such event
  useLiveEvent(t.handle, "NOPE", () => undefined);
  const chat = useLiveComponent("ChatComponent", { room: "lobby" });
  // @ts-expect-error another event's name
  useLiveEvent(chat.handle, "MESSAGE_SENT", () => undefined);
  // @ts-expect-error the payload holds a message
  useLiveEvent(chat.handle, "MESSAGE_RECEIVED", (payload: { text: string }) => payload.text);
  // @ts-expect-error its content is text
  useLiveEvent(chat.handle, "MESSAGE_RECEIVED", ({ message }): number => message.content);
  // @ts-expect-error another component's action
  t.dispatch("increment");
  // @ts-expect-error another component's action
  void t.callSafe("increment");
  // @ts-expect-error the result is a todo
  void t.call("addTodo", { text: "x" }).then((todo): string => todo.completed);
  // @ts-expect-error props that are not there
  useLiveComponent("CounterComponent", { count: 0, title: "", color: "red" });
  // @ts-expect-error nor may they be beside "skip"
  useLiveComponent("CounterComponent", c.loading ? "skip" : { count: 0, title: "", color: "red" });
  // @ts-expect-error another word than "skip"
  useLiveComponent("CounterComponent", "skipped");
  // @ts-expect-error with "skip" there may be no state, also where the props are one
  useLiveComponent("CounterComponent", c.loading ? "skip" : { count: 0, title: "" }).state.count.toFixed();
  // @ts-expect-error a suspense hook has nothing to wait for when it is skipped
  useSuspenseLiveComponent("CounterComponent", "skip");
  // @ts-expect-error unknown component
  useSuspenseLiveComponent("CountrComponent", {});
  // @ts-expect-error `initial` is a whole state
  useLiveComponent("TodoComponent", { list: "x" }, { initial: {} });
  // @ts-expect-error an optimistic function returns a state
  useLiveComponent("TodoComponent", { list: "x" }, { optimistic: { addTodo: (state) => ({ ...state, todos: "x" }) } });
  // @ts-expect-error an optimistic function of no action
  useLiveComponent("TodoComponent", { list: "x" }, { optimistic: { addTod: undefined } });
  // @ts-expect-error its payload is an object with text
  useLiveComponent("TodoComponent", { list: "x" }, { optimistic: { addTodo: (state, text: string) => (text === "" ? state : state) } });
  // @ts-expect-error not a bindable field
  c.bind("count");
  // @ts-expect-error no field of it is bindable
  t.bind("todos");
  const s = useLiveComponent("SettingsComponent", { room: "x" });
  // @ts-expect-error a list has no input
  s.bind("tags");
  // @ts-expect-error bindable by the server alone
  s.bind("saved");
  // @ts-expect-error a boolean has no text
  const text: TextProps = s.bind("muted");
  // @ts-expect-error a text is not checked
  const checked: CheckedProps = s.bind("draft");
  // @ts-expect-error no such choice
  s.set("mood", "sad");
  // @ts-expect-error wrong type
  s.setMany({ size: "5" });
  // @ts-expect-error not a bindable field
  s.setMany({ saved: 5 });
  // @ts-expect-error sent when?
  s.set("draft", "x", { send: "sometimes" });
  // @ts-expect-error no such option
  t.dispatch("toggle", { id: "1" }, { retries: 3 });
  // @ts-expect-error options come after the payload, also where there is none
  c.dispatch("reset", { key: "x" });
  // @ts-expect-error unknown action
  t.pending.of("togle");
  // @ts-expect-error unknown action
  useLivePending(t.handle, "togle");
  // @ts-expect-error another component's action
  useLivePending(c.handle, "toggle");
  // @ts-expect-error no such field
  useLiveSelector(t.handle, (state) => typeof state.todo);
  // @ts-expect-error the part is a number
  const part: string = useLiveSelector(t.handle, (state) => state.todos.length);
  // @ts-expect-error compares parts
  useLiveSelector(t.handle, (state) => state.todos.length, (a: string, b: string) => a === b);
  // @ts-expect-error no such field
  useConnection((info) => typeof info.state);
  return <>{text.name}{checked.name}{part}</>;
}
