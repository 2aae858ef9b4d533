// Calls, their errors, ignored rejections, and sets with the view they make.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isActionError, LiveError } from "../src/error.js";
import type { LiveClient } from "../src/client.js";
import { FakeServer, pass, settle } from "./fake-server.js";

let server: FakeServer;
let client: LiveClient;
let reported: LiveError[];
const unhandled = vi.fn();
const props = { count: 0, title: "Live Counter" };

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  reported = [];
  client = server.client({ onError: (error) => reported.push(error) });
  process.on("unhandledRejection", unhandled);
});
afterEach(() => {
  vi.useRealTimers();
  process.off("unhandledRejection", unhandled);
  unhandled.mockClear();
});

const chat = () => client.mount("ChatComponent", { room: "lobby" });
async function mountedChat() {
  server.state = () => ({ messages: [], users: {} });
  const handle = chat();
  handle.subscribe(() => undefined);
  await settle();
  return handle;
}
async function mountedCounter() {
  const handle = client.mount("CounterComponent", props);
  handle.subscribe(() => undefined);
  await settle();
  return handle;
}
function refuse(requestId: number, code: LiveError["code"] = "busy", more: object = {}): void {
  server.last.say({ type: "ERROR", code: code as "busy", payload: { error: "no", ...more }, componentId: "c1", requestId });
}

describe("a call", () => {
  it("resolves to the action's result", async () => {
    const handle = await mountedChat();
    const sent = handle.call("sendMessage", { content: "hi" });
    await settle();
    server.last.reply(1, "c1", 0, { id: "m1" });
    await expect(sent).resolves.toEqual({ id: "m1" });
  });

  it("rejects with the action's own typed error", async () => {
    const handle = await mountedChat();
    const sent = handle.call("sendMessage", { content: "" });
    await settle();
    refuse(1, "action", { data: { kind: "empty" } });
    const error = await sent.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(LiveError);
    expect(error).toMatchObject({ name: "LiveError", code: "action", message: "no", data: { kind: "empty" }, component: "ChatComponent", action: "sendMessage" });
    expect(isActionError(error, "ChatComponent", "sendMessage")).toBe(true);
    expect(isActionError(error, "TodoComponent", "addTodo")).toBe(false);
  });

  it("rejects with everything else the server told", async () => {
    const handle = await mountedCounter();
    const call = handle.call("increment");
    await settle();
    server.last.say({
      type: "ERROR", code: "rate_limited", payload: { error: "slow down", fields: { email: "bad" }, id: "e7f3" }, componentId: "c1", requestId: 1, retryAfterMs: 1500,
    });
    await expect(call).rejects.toMatchObject({ code: "rate_limited", fields: { email: "bad" }, id: "e7f3", retryAfterMs: 1500, retryable: true, maybeApplied: false });
  });

  it("is in `callSafe` a value either way", async () => {
    const handle = await mountedChat();
    const good = handle.callSafe("sendMessage", { content: "hi" });
    const bad = handle.callSafe("sendMessage", { content: "" });
    await settle();
    server.last.reply(1, "c1", 0, { id: "m1" });
    refuse(2, "action", { data: { kind: "empty" } });
    await expect(good).resolves.toEqual({ ok: true, data: { id: "m1" } });
    await expect(bad).resolves.toMatchObject({ ok: false, error: { code: "action", data: { kind: "empty" } } });
    await settle();
    expect(reported).toEqual([]);
  });

  it("counts as pending until it is settled", async () => {
    const handle = await mountedCounter();
    handle.dispatch("increment");
    handle.dispatch("increment");
    handle.dispatch("reset");
    const { pending } = handle.getSnapshot();
    expect([pending.count, pending.of("increment"), pending.of("reset"), pending.of("decrement")]).toEqual([3, 2, 1, 0]);
    await settle();
    server.last.reply(1);
    expect(handle.getSnapshot().pending.of("increment")).toBe(1);
  });

  it("with a DOM event for a payload is refused with a hint, and never sent", async () => {
    const handle = await mountedCounter();
    const react = { nativeEvent: {}, target: document.body };
    for (const event of [new Event("click"), react]) {
      await expect(handle.call("increment", event as unknown as number)).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("() => call(\"increment\")") as string });
    }
    await settle();
    expect(server.last.sentOf("COMPONENT_ACTION")).toEqual([]);
    expect(handle.getSnapshot()).toMatchObject({ error: { code: "invalid", action: "increment" }, pending: { count: 0 } });
  });

  it("with a payload that is no JSON is refused", async () => {
    const handle = await mountedCounter();
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    for (const payload of [cycle, 1n]) await expect(handle.call("increment", payload as unknown as number)).rejects.toMatchObject({ code: "invalid" });
  });

  it("sends the payload as it was when called", async () => {
    const handle = client.mount("TodoComponent", { list: "a" });
    server.state = () => ({ todos: [] });
    const payload = { text: "first" };
    handle.dispatch("addTodo", payload);
    payload.text = "changed";
    await settle();
    expect(server.last.sentOf("COMPONENT_ACTION")).toMatchObject([{ payload: { text: "first" } }]);
  });
});

describe("props", () => {
  it("are sent, and sent again, as they were when mounted", async () => {
    const own = { count: 1, title: "a" };
    const handle = client.mount("CounterComponent", own);
    own.count = 2;
    expect(handle.getSnapshot().state).toEqual({ count: 1, title: "a" });
    handle.subscribe(() => undefined);
    await settle();
    expect(server.last.sentOf("COMPONENT_MOUNT").at(-1)?.payload.props).toEqual({ count: 1, title: "a" });
  });
});

describe("an error", () => {
  it("is shown until the next success of the same action", async () => {
    const handle = await mountedCounter();
    handle.dispatch("increment");
    handle.dispatch("reset");
    handle.dispatch("increment");
    await settle();
    refuse(1);
    expect(handle.getSnapshot().error).toMatchObject({ code: "busy", action: "increment" });
    server.last.reply(2);
    expect(handle.getSnapshot().error).not.toBeNull();
    server.last.reply(3);
    expect(handle.getSnapshot().error).toBeNull();
  });

  it("is cleared by clearError", async () => {
    const handle = await mountedCounter();
    handle.dispatch("increment");
    await settle();
    refuse(1);
    handle.clearError();
    expect(handle.getSnapshot().error).toBeNull();
  });

  it("is `gone` when the server ended the component for a reason that this client does not know", async () => {
    const handle = await mountedCounter();
    server.last.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "moved" as "closed" });
    expect(handle.getSnapshot()).toMatchObject({ status: "failed", error: { code: "gone" } });
  });

  it("of a component that failed goes when it is mounted after all, and it can be called", async () => {
    const handle = await mountedCounter();
    server.last.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "closed" });
    server.last.say({ type: "COMPONENT_MOUNTED", componentId: "c1", epoch: "e2", version: 0, state: { count: 7, title: "t" } });
    expect(handle.getSnapshot()).toMatchObject({ status: "live", error: null, state: { count: 7 } });
    void handle.call("increment", 1);
    await settle();
    expect(server.last.sentOf("COMPONENT_ACTION")).toHaveLength(1);
  });

  it("of a refused mount goes when the next mount succeeds", async () => {
    server.state = () => undefined;
    const handle = await mountedCounter();
    server.last.say({ type: "ERROR", code: "busy", payload: { error: "busy" }, componentId: "c1" });
    expect(handle.getSnapshot().error).toMatchObject({ code: "busy" });
    server.state = ({ payload }) => payload.props;
    server.last.drop();
    await pass(1000);
    expect(handle.getSnapshot()).toMatchObject({ status: "live", error: null });
  });
});

describe("a rejection", () => {
  it("that nobody asked for is reported once and never unhandled", async () => {
    const handle = await mountedCounter();
    void handle.call("increment");
    await settle();
    refuse(1);
    await pass(10);
    expect(reported).toMatchObject([{ code: "busy", action: "increment" }]);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("behind a `then` without a `catch` is reported too", async () => {
    const handle = await mountedCounter();
    void handle.call("increment").then(() => "never").then(() => "never");
    await settle();
    refuse(1);
    await pass(10);
    expect(reported).toHaveLength(1);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it.each<[string, (call: Promise<unknown>) => Promise<unknown>]>([
    ["catch", (call) => call.catch(() => undefined)],
    ["then", (call) => call.then(undefined, () => undefined)],
    ["await", async (call) => { try { await call; } catch { /* asked for */ } }],
    ["all", (call) => Promise.all([call]).catch(() => undefined)],
    ["a catch behind a then", (call) => call.then(() => undefined).catch(() => undefined)],
  ])("that is asked for with %s is not reported", async (_, ask) => {
    const handle = await mountedCounter();
    const asked = ask(handle.call("increment"));
    await settle();
    refuse(1);
    await asked;
    await pass(10);
    expect(reported).toEqual([]);
  });

  it("that comes at once can still be asked for in the same task", async () => {
    const handle = await mountedCounter();
    const call = handle.call("increment", new Event("click") as unknown as number);
    await call.catch(() => undefined);
    await pass(10);
    expect(reported).toEqual([]);
  });

  it("of a dispatch or a set is reported", async () => {
    const handle = await mountedCounter();
    handle.dispatch("increment");
    handle.set("title", "x");
    await settle();
    refuse(1);
    refuse(2, "not_bindable");
    await pass(10);
    expect(reported).toMatchObject([{ code: "busy", action: "increment" }, { code: "not_bindable", property: "title" }]);
  });

  it("of a set is not reported where the value is invalid, which is its user's to see", async () => {
    const handle = await mountedCounter();
    handle.set("title", "x");
    await settle();
    refuse(1, "invalid");
    await pass(10);
    expect([reported, handle.getSnapshot().error?.code]).toEqual([[], "invalid"]);
  });

  it("goes to console.error when there is no onError", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    client = server.client();
    const handle = await mountedCounter();
    handle.dispatch("increment");
    await settle();
    refuse(1);
    await pass(10);
    expect(logged).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: "busy" }));
  });
});

describe("a set", () => {
  it("is shown at once and sent as a property update", async () => {
    const handle = await mountedCounter();
    const seen: unknown[] = [];
    handle.subscribe(() => seen.push(handle.getSnapshot().state?.title));
    handle.set("title", "he");
    expect(seen).toEqual(["he"]);
    expect([...handle.getSnapshot().pending.fields]).toEqual(["title"]);
    await settle();
    expect(server.last.sentOf("PROPERTY_UPDATE")).toEqual([{ type: "PROPERTY_UPDATE", componentId: "c1", payload: { property: "title", value: "he" }, requestId: 1 }]);
  });

  it("is never overwritten by an older echo", async () => {
    const handle = await mountedCounter();
    const title = () => handle.getSnapshot().state?.title;
    handle.set("title", "h");
    await settle();
    handle.set("title", "he");
    await settle();
    server.last.say(
      { type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["title"], "h"]] },
      { type: "REPLY", requestId: 1, componentId: "c1", payload: { result: null }, at: { c1: 1 } },
    );
    expect(title()).toBe("he");
    // The second is sent when the first is acknowledged.
    await settle();
    server.last.say(
      { type: "STATE_DELTA", componentId: "c1", from: 1, version: 2, ops: [["=", ["title"], "HE"]] },
      { type: "REPLY", requestId: 2, componentId: "c1", payload: { result: null }, at: { c1: 2 } },
    );
    expect(title()).toBe("HE");
    expect(handle.getSnapshot().pending.fields.size).toBe(0);
  });

  it("lets another user's change to another field through", async () => {
    const handle = await mountedCounter();
    handle.set("title", "mine");
    await settle();
    server.last.delta("c1", 0, [["=", ["count"], 9]]);
    expect(handle.getSnapshot().state).toEqual({ count: 9, title: "mine" });
  });

  it("stays on top until the state that holds it is shown, even if the reply came first", async () => {
    const handle = await mountedCounter();
    handle.set("title", "mine");
    await settle();
    server.last.reply(1, "c1", 1);
    expect(handle.getSnapshot().state?.title).toBe("mine");
    server.last.delta("c1", 0, [["=", ["title"], "mine"]]);
    expect(handle.getSnapshot().pending.fields.size).toBe(0);
  });

  it("that is refused is no longer shown, and its error is", async () => {
    const handle = await mountedCounter();
    handle.set("title", "");
    await settle();
    refuse(1, "invalid", { property: "title", fields: { title: "is empty" } });
    expect(handle.getSnapshot()).toMatchObject({ state: props, error: { code: "invalid", property: "title", fields: { title: "is empty" } } });
    handle.set("title", "ok");
    await settle();
    server.last.reply(2, "c1", 0);
    expect(handle.getSnapshot().error).toBeNull();
  });

  it("made again before it has left replaces itself, but never across a call", async () => {
    const handle = await mountedCounter();
    for (const text of ["h", "he", "hel"]) handle.set("title", text);
    handle.dispatch("reset");
    handle.set("title", "hello");
    expect(handle.getSnapshot().state?.title).toBe("hello");
    await settle();
    server.last.reply(1);
    await settle();
    expect(server.last.sent.slice(2)).toMatchObject([{ payload: { value: "hel" } }, { action: "reset" }, { payload: { value: "hello" } }]);
  });

  it("keeps the references of the other fields", async () => {
    const form = { name: "", email: "", errors: { name: "empty" } };
    const handle = client.mount("FormComponent", form);
    handle.subscribe(() => undefined);
    await settle();
    const before = handle.getSnapshot().state;
    handle.set("name", "Ana");
    const typed = handle.getSnapshot().state;
    expect(typed?.errors).toBe(before?.errors);
    handle.set("email", "ana@example.org");
    handle.clearError();
    await settle();
    const { state } = handle.getSnapshot();
    server.last.say({ type: "EVENT", componentId: "c1", event: "NEWS", payload: null, version: 0 }, { type: "STATE_UPDATE", componentId: "c1", epoch: "e1", version: 1, payload: { state: { ...form } } });
    expect(handle.getSnapshot().version).toBe(1);
    expect(handle.getSnapshot().state).toBe(state);
  });
});
