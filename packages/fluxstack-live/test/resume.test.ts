// A lost connection and the next one: what the client says it holds, and what it makes of the answer.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveClient } from "../src/client.js";
import type { LiveError } from "../src/error.js";
import type { Reply, ServerMessage, Welcome } from "../src/protocol.js";
import { FakeServer, pass, settle, type FakeSocket } from "./fake-server.js";

let server: FakeServer;
let client: LiveClient;
let reported: LiveError[];
const props = { count: 0, title: "Live Counter" };

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  reported = [];
  client = server.client({ onError: (error) => reported.push(error) });
});
afterEach(() => {
  vi.useRealTimers();
});

async function counter(key = "") {
  const handle = client.mount("CounterComponent", props, { key });
  handle.subscribe(() => undefined);
  await settle();
  return handle;
}
function outcomeOf(promise: Promise<unknown>): { value?: unknown; error?: LiveError } {
  const outcome: { value?: unknown; error?: LiveError } = {};
  promise.then((value) => { outcome.value = value; }, (error: unknown) => { outcome.error = error as LiveError; });
  return outcome;
}
const reply = (requestId: number, at: number, result: unknown = null): Reply => ({ type: "REPLY", requestId, componentId: "c1", payload: { result }, at: { c1: at } });
const advanced = (version: number, count: number): ServerMessage => ({ type: "COMPONENT_MOUNTED", componentId: "c1", epoch: "e1", version, ops: [["=", ["count"], count]] });

/** Loses the connection and opens the next, as far as HELLO. */
async function lost(): Promise<FakeSocket> {
  server.welcomes = false;
  server.last.drop();
  await pass(1500);
  return server.last;
}
/** The connection is lost, and the session goes on. */
async function resumed(welcome: Partial<Welcome> = {}): Promise<FakeSocket> {
  const socket = await lost();
  socket.welcome({ resumed: true, ...welcome });
  await settle();
  return socket;
}
const hello = (socket = server.last): unknown => socket.sent[0];
/** What a socket was sent after HELLO. */
const after = (socket = server.last): unknown[] => socket.sent.slice(1);

describe("HELLO", () => {
  it("says of which session, what was received, and what is held, in the order mounted", async () => {
    const handle = await counter("1");
    await counter("2");
    for (let i = 0; i < 3; i++) handle.dispatch("increment");
    await settle();
    server.last.reply(1);
    server.last.reply(3);
    server.last.delta("c1", 0, [["=", ["count"], 1]]);
    await lost();
    expect(hello()).toEqual({
      type: "HELLO", protocol: 1, session: "s1", secret: "x", received: 1,
      components: [{ componentId: "c1", epoch: "e1", version: 1 }, { componentId: "c2", epoch: "e1", version: 0 }],
    });
    expect(after()).toEqual([]);
  });

  it("gives no version of a component whose mount is not answered", async () => {
    server.state = () => undefined;
    await counter();
    await lost();
    expect(hello()).toMatchObject({ components: [{ componentId: "c1" }] });
    expect(hello()).not.toHaveProperty("components.0.epoch");
  });

  it("gives no version of a state that is from an earlier mount", async () => {
    await counter();
    server.state = () => undefined;
    server.last.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "gone" });
    await settle();
    await lost();
    expect(hello()).toMatchObject({ components: [{ componentId: "c1" }] });
    expect(hello()).not.toHaveProperty("components.0.epoch");
  });

  it("gives the version held by a component that waits for a snapshot", async () => {
    await counter();
    server.last.delta("c1", 5, []);
    await settle();
    await lost();
    expect(hello()).toMatchObject({ components: [{ componentId: "c1", epoch: "e1", version: 0 }] });
  });

  it("lists neither who came while there was no connection, nor who failed; both are mounted after WELCOME", async () => {
    await counter("here");
    server.state = () => undefined;
    await counter("refused");
    server.last.say({ type: "ERROR", code: "busy", payload: { error: "no" }, componentId: "c2" });
    server.welcomes = false;
    server.last.drop();
    await counter("new");
    await pass(1200);
    expect(hello()).toMatchObject({ components: [{ componentId: "c1" }] });
    server.last.welcome({ resumed: true });
    await settle();
    expect(after()).toMatchObject([{ type: "COMPONENT_MOUNT", componentId: "c2" }, { type: "COMPONENT_MOUNT", componentId: "c3" }]);
  });

  it("does not list a component that is no longer wanted", async () => {
    await counter("stays");
    const release = client.mount("CounterComponent", props, { key: "goes" }).subscribe(() => undefined);
    await settle();
    release();
    server.welcomes = false;
    server.random = 0.9;
    server.last.drop();
    await pass(1200);
    expect(hello()).toMatchObject({ components: [{ componentId: "c1" }] });
    server.last.welcome({ resumed: true });
    await settle();
    expect(after()).toEqual([]);
  });

  it("uses the secret of the last WELCOME that arrived", async () => {
    await counter();
    await lost();
    await lost();
    expect(hello()).toMatchObject({ session: "s1", secret: "x" });
    server.last.welcome({ resumed: true, secret: "y" });
    await lost();
    expect(hello()).toMatchObject({ session: "s1", secret: "y" });
  });

  it("lists what a resume brought, and again if that was lost too", async () => {
    await counter();
    const socket = await resumed();
    await lost();
    expect(hello()).toMatchObject({ components: [{ componentId: "c1", epoch: "e1", version: 0 }] });
    socket.say(advanced(9, 9));
    server.last.welcome({ resumed: true });
    server.last.say(advanced(2, 6));
    await lost();
    expect(hello()).toMatchObject({ components: [{ componentId: "c1", epoch: "e1", version: 2 }] });
  });
});

describe("a session that goes on", () => {
  it("shows components as stale, and live again with the ops that bring them up to date", async () => {
    const handle = await counter();
    handle.set("title", "typed");
    const call = outcomeOf(handle.call("increment"));
    await settle();
    const socket = await resumed();
    expect(handle.getSnapshot()).toMatchObject({ status: "stale", state: { count: 0, title: "typed" }, pending: { count: 1 } });
    socket.delta("c1", 0, [["=", ["count"], 99]]);
    expect(handle.getSnapshot().state?.count).toBe(0);
    socket.say(advanced(2, 6));
    expect(handle.getSnapshot()).toMatchObject({ status: "live", state: { count: 6, title: "typed" }, version: 2 });
    await settle();
    expect([socket.sentOf("COMPONENT_MOUNT"), socket.sentOf("RESYNC"), call]).toEqual([[], [], {}]);
  });

  it("settles what WELCOME answers when the state it tells of is shown", async () => {
    const handle = await counter();
    const first = outcomeOf(handle.call("increment"));
    const second = outcomeOf(handle.call("reset"));
    await settle();
    const error = { type: "ERROR", code: "action", payload: { error: "no" }, componentId: "c1", requestId: 2 } as const;
    const socket = await resumed({ executed: 2, replies: [reply(1, 1, "done"), error] });
    expect([first, second.error?.code]).toEqual([{}, "action"]);
    expect(handle.getSnapshot().pending.count).toBe(1);
    socket.say(advanced(1, 1));
    await settle();
    expect([first, handle.getSnapshot().pending.count]).toEqual([{ value: "done" }, 0]);
    expect(after(socket)).toEqual([]);
  });

  it("settles it at once if that state is held already", async () => {
    const handle = await counter();
    const call = outcomeOf(handle.call("increment"));
    await settle();
    server.last.delta("c1", 0, [["=", ["count"], 1]]);
    await resumed({ executed: 1, replies: [reply(1, 1, "done")] });
    expect(call).toEqual({ value: "done" });
  });

  it("settles it when the component comes in another epoch", async () => {
    const handle = await counter();
    const call = outcomeOf(handle.call("increment"));
    await settle();
    const socket = await resumed({ executed: 1, replies: [reply(1, 7)] });
    expect(call).toEqual({});
    socket.mounted("c1", props, 0, "e2");
    await settle();
    expect(call).toEqual({ value: null });
  });

  it("sends what was not executed again, in order and under its number, and what waits after it", async () => {
    const handle = await counter();
    for (const amount of [1, 2, 3, 4]) handle.dispatch("increment", amount);
    await settle();
    server.last.reply(1);
    server.welcomes = false;
    server.last.drop();
    handle.dispatch("reset");
    await pass(1200);
    server.last.welcome({ resumed: true, executed: 1, replies: [reply(3, 0)] });
    await settle();
    const again = [{ requestId: 2, payload: 2 }, { requestId: 4, payload: 4 }];
    expect(after()).toMatchObject(again);
    // It cannot have become longer, so that it fits as it did.
    expect(after()[0]).not.toHaveProperty("received");
    server.last.say(advanced(1, 1));
    await settle();
    expect(after()).toMatchObject([...again, { action: "reset", requestId: 5 }]);
    server.last.reply(2);
    server.last.reply(4);
    server.last.reply(5);
    await settle();
    expect(handle.getSnapshot().pending.count).toBe(0);
  });

  it("sends it again once for each connection", async () => {
    const handle = await counter();
    handle.dispatch("increment");
    await settle();
    for (let i = 0; i < 3; i++) {
      const socket = await resumed();
      socket.say(advanced(i, 0));
      handle.dispatch("increment");
      await settle();
      expect(socket.sentOf("COMPONENT_ACTION").map(({ requestId }) => requestId)).toEqual(Array.from({ length: i + 2 }, (_, n) => n + 1));
    }
  });

  it("gives up what was executed and whose answer is kept no longer", async () => {
    const handle = await counter();
    const call = outcomeOf(handle.call("increment"));
    await settle();
    await resumed({ executed: 1 });
    expect(call.error).toMatchObject({ code: "unknown_outcome", maybeApplied: true, action: "increment" });
    expect(after()).toEqual([]);
    await lost();
    expect(hello()).toMatchObject({ received: 1 });
  });

  it("reads past an answer that it cannot read", async () => {
    const handle = await counter();
    const call = outcomeOf(handle.call("increment"));
    await settle();
    await resumed({ executed: 1, replies: [{ type: "REPLY", requestId: 1 } as unknown as Reply, reply(1, 0)] });
    expect(call).toEqual({ value: null });
  });

  it("does not count an answer that comes twice", async () => {
    const handle = await counter();
    const call = outcomeOf(handle.call("increment"));
    await settle();
    server.last.reply(1, "c1", 0, "first");
    const again = { type: "ERROR", code: "busy", payload: { error: "no" }, componentId: "c1", requestId: 1 } as const;
    const socket = await resumed({ executed: 1, replies: [reply(1, 0, "second")] });
    socket.say(again);
    expect([call, reported]).toEqual([{ value: "first" }, []]);
  });

  it("has a component mounted again that is gone", async () => {
    const handle = await counter();
    const socket = await resumed();
    socket.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "gone" });
    await settle();
    expect(socket.sentOf("COMPONENT_MOUNT")).toHaveLength(1);
    expect(handle.getSnapshot()).toMatchObject({ status: "live", state: props });
  });

  it("lets a new call wait until its component is answered", async () => {
    const handle = await counter();
    const socket = await resumed();
    handle.dispatch("increment");
    await settle();
    expect(after(socket)).toEqual([]);
    socket.say(advanced(1, 1));
    await settle();
    expect(after(socket)).toMatchObject([{ action: "increment", requestId: 1 }]);
  });

  it("gives up a component that was listed and went before WELCOME, and mounts it if it came back", async () => {
    await counter("stays");
    const goes = client.mount("CounterComponent", props, { key: "goes" });
    const release = goes.subscribe(() => undefined);
    await settle();
    const socket = await lost();
    release();
    await pass(1000);
    goes.subscribe(() => undefined);
    socket.welcome({ resumed: true });
    await settle();
    expect(after(socket)).toMatchObject([{ type: "COMPONENT_UNMOUNT", componentId: "c2" }, { type: "COMPONENT_MOUNT", componentId: "c2" }]);
  });

  it("ends with 1009: sent again, the message would end the next connection too", async () => {
    const handle = await counter();
    const call = outcomeOf(handle.call("increment"));
    await settle();
    server.last.drop(1009);
    await settle();
    expect(call.error).toMatchObject({ code: "unknown_outcome" });
    await pass(1200);
    expect(hello()).toEqual({ type: "HELLO", protocol: 1, session: "s1", secret: "x", anew: true });
    handle.dispatch("reset");
    await settle();
    expect(server.last.sentOf("COMPONENT_ACTION")).toMatchObject([{ action: "reset", requestId: 1 }]);
  });

  it.each([1001, 1006, 1011, 1012, 1013, 4408, 4412, 4413])("is what the client asks for after a close with %i", async (code) => {
    await counter();
    server.last.drop(code);
    await pass(1200);
    expect(hello()).toMatchObject({ session: "s1", secret: "x", received: 0, components: [{ componentId: "c1" }] });
  });

  it.each([1000, 1002, 1003, 1007, 1008, 4401, 4403, 4410])("is over for the client after a close with %i", async (code) => {
    await counter();
    server.last.drop(code);
    client.retryNow();
    await settle();
    expect(hello()).toEqual({ type: "HELLO", protocol: 1, session: "s1", secret: "x", anew: true });
  });

  it("is asked for with a new token after 4401, and by who was replaced when the user returns", async () => {
    const tokens = ["old", "new", "newest"];
    client = server.client({ auth: () => tokens.shift() });
    await counter();
    server.last.drop(4401);
    await pass(1200);
    expect(hello()).toMatchObject({ token: "new", received: 0, components: [{ componentId: "c1" }] });
    server.last.drop(4409);
    server.wake("visible");
    await settle();
    expect(hello()).toMatchObject({ token: "newest", received: 0, components: [{ componentId: "c1" }] });
  });
});

describe("a new session after a loss", () => {
  it("sends the sets again that were sent, before what waits, and gives up the calls", async () => {
    const handle = await counter();
    handle.set("title", "a");
    const call = outcomeOf(handle.call("increment"));
    handle.set("title", "b");
    await settle();
    server.last.drop();
    handle.dispatch("reset");
    expect(handle.getSnapshot().state?.title).toBe("b");
    await pass(1200);
    expect(call.error).toMatchObject({ code: "unknown_outcome" });
    expect(after()).toMatchObject([
      { type: "COMPONENT_MOUNT" },
      { type: "PROPERTY_UPDATE", payload: { value: "a" }, requestId: 1 },
      { type: "PROPERTY_UPDATE", payload: { value: "b" }, requestId: 2 },
      { action: "reset", requestId: 3 },
    ]);
    expect([handle.getSnapshot().state?.title, reported]).toEqual(["b", []]);
  });

  it("sends a set again that was answered, but whose state never came; a call settles", async () => {
    const handle = await counter();
    handle.set("title", "a");
    (handle.set as (field: string, value: unknown) => void)("count", 5);
    const call = outcomeOf(handle.call("increment"));
    await settle();
    for (const number of [1, 2, 3]) server.last.reply(number, "c1", number);
    const socket = await lost();
    server.state = () => undefined;
    socket.welcome();
    await settle();
    socket.mounted("c1", props, 0, "e2");
    await settle();
    expect(after(socket)).toMatchObject([{ type: "COMPONENT_MOUNT" }, { payload: { value: "a" }, requestId: 1 }, { payload: { value: 5 }, requestId: 2 }]);
    expect([handle.getSnapshot().state, call]).toEqual([{ title: "a", count: 5 }, { value: null }]);
  });

  it("does not send an unmount of the old one", async () => {
    await counter("stays");
    const release = client.mount("CounterComponent", props, { key: "goes" }).subscribe(() => undefined);
    await settle();
    const socket = await lost();
    release();
    await pass(1000);
    socket.welcome();
    await settle();
    expect(after(socket)).toMatchObject([{ type: "COMPONENT_MOUNT", componentId: "c1" }]);
  });
});
