// What an application writes against this package, and lines that must be type errors. Checked by `npm run typecheck`.

import "./live.gen.js";
import type { ReactNode } from "react";
import { createLiveClient, isActionError, type LiveHandle } from "fluxstack-live";
import { LiveProvider, useConnection, useLiveComponent, useLiveEvent } from "fluxstack-live/react";
import { useReconnectingWebSocket, useWebSocket, type RawSocketOptions } from "fluxstack-live/web-socket";

const client = createLiveClient({ auth: () => sessionStorage.getItem("token") });
export function App(): ReactNode {
  return <LiveProvider client={client}><LiveCounter /><Banner /></LiveProvider>;
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

export function LiveForm(): ReactNode {
  const { state, set, call, dispatch, pending, error, loading } = useLiveComponent("FormComponent", { name: "", email: "", errors: {} });
  return (
    <form onSubmit={(e) => { e.preventDefault(); dispatch("submit"); }} aria-busy={loading}>
      <input value={state.name} onChange={(e) => { set("name", e.target.value); }} onBlur={() => call("validateField", "name")} />
      {state.errors.name}
      <button disabled={pending.of("submit") > 0}>Save</button>
      {error?.message}
    </form>
  );
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
  if (status === "connected") return null;
  return <p role="status">{status} {attempt} {nextRetryAt !== null && <button onClick={retryNow}>retry now</button>}</p>;
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
  // @ts-expect-error the result is a todo
  void t.call("addTodo", { text: "x" }).then((todo): string => todo.completed);
  return null;
}
