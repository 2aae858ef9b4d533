// What the hooks do, once more, with the oldest React they work with. `vitest.react-18.config.ts` runs it.
import * as React from "react";
import { StrictMode, Suspense, version, type ReactNode } from "react";
import * as dom from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  LiveProvider, useConnection, useLiveComponent, useLiveEvent, useLivePending, useLiveSelector, useSuspenseLiveComponent,
} from "../src/react.js";
import type { LiveClient } from "../src/client.js";
import { FakeServer, pass, settle } from "./fake-server.js";

/** React 18 has it under another name than React 19, whose types these are. */
const { unstable_act: act } = React as unknown as { unstable_act: (run: () => Promise<void>) => Promise<void> };

let server: FakeServer;
let client: LiveClient;
let root: Root;
let page: HTMLElement;
const step = (run: () => void): Promise<void> => act(async () => { run(); await settle(); });
const show = (children: ReactNode): Promise<void> => step(() => {
  root.render(<StrictMode><LiveProvider client={client}>{children}</LiveProvider></StrictMode>);
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  server = new FakeServer();
  client = server.client();
  page = document.body.appendChild(document.createElement("div"));
  root = createRoot(page);
});
afterEach(async () => {
  await step(() => { root.unmount(); });
  page.remove();
  await pass(2000);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("this is React 18.2, once", () => {
  expect([version.slice(0, 4), dom.version.slice(0, 4)]).toEqual(["18.2", "18.2"]);
});

it("a component mounts under StrictMode, is called and set, and is gone with no timer left", async () => {
  function Counter() {
    const { state, call, set, handle } = useLiveComponent("CounterComponent", { count: 0, title: "a" });
    const pending = useLivePending(handle, "increment");
    const text = `${state.title} ${String(state.count)} ${String(pending)}`;
    return <button onClick={() => call("increment")} onContextMenu={() => { set("title", "b"); }}>{text}</button>;
  }
  await show(<Counter />);
  const button = page.querySelector("button");
  await step(() => { button?.click(); });
  expect(button?.textContent).toBe("a 0 1");
  await step(() => {
    server.last.delta("c1", 0, [["=", ["count"], 1]]);
    server.last.reply(1, "c1", 1);
  });
  expect(button?.textContent).toBe("a 1 0");
  await step(() => { button?.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true })); });
  expect(button?.textContent).toBe("b 1 0");
  await step(() => { server.last.reply(2, "c1", 1); });
  expect(server.last.sent.map(({ type }) => type)).toEqual(["HELLO", "COMPONENT_MOUNT", "COMPONENT_ACTION", "PROPERTY_UPDATE"]);
  await show(null);
  await pass(1000);
  expect([server.last.sentOf("COMPONENT_UNMOUNT").length, vi.getTimerCount(), server.listening]).toEqual([1, 0, 0]);
});

it("what is typed into a bound input stays there until it is left", async () => {
  function Form() {
    const { bind } = useLiveComponent("FormComponent", { name: "", email: "", errors: {} });
    return <input {...bind("name")} />;
  }
  await show(<Form />);
  const input = page.getElementsByTagName("input")[0] ?? expect.fail("there is no input");
  await step(() => { input.focus(); });
  await step(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, "ana ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  expect(server.last.sentOf("PROPERTY_UPDATE").map(({ payload }) => payload.value)).toEqual(["ana "]);
  await step(() => {
    server.last.delta("c1", 0, [["=", ["name"], "Ana"]]);
    server.last.reply(1, "c1", 1);
  });
  expect(input.value).toBe("ana ");
  await step(() => { input.blur(); });
  expect(input.value).toBe("Ana");
});

it("a component suspends until it has state, and its parts, its events and the connection are shown", async () => {
  const heard: string[] = [];
  server.state = () => undefined;
  function Chat() {
    const { handle } = useSuspenseLiveComponent("ChatComponent", { room: "lobby" });
    const users = useLiveSelector(handle, ({ users }) => Object.keys(users));
    const status = useConnection((info) => info.status);
    useLiveEvent(handle, "MESSAGE_RECEIVED", ({ message }) => { heard.push(message.content); });
    return <>{users.join()} {status}</>;
  }
  await show(<Suspense fallback="joining"><Chat /></Suspense>);
  expect(page.textContent).toBe("joining");
  await step(() => { server.last.mounted("c1", { messages: [], users: { ana: { id: "ana", name: "Ana" } } }); });
  expect(page.textContent).toBe("ana connected");
  const message = { id: "1", content: "hi", userId: "ana", timestamp: 1 };
  await step(() => { server.last.say({ type: "EVENT", componentId: "c1", event: "MESSAGE_RECEIVED", payload: { message }, version: 0 }); });
  expect(heard).toEqual(["hi"]);
});
