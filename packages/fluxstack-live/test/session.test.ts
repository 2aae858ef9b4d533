// The client against a server that speaks the protocol: what goes out, what comes in, what is mounted.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveHandle } from "../src/handle.js";
import type { LiveError } from "../src/error.js";
import type { LiveClient } from "../src/client.js";
import { FakeServer, pass, settle } from "./fake-server.js";

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

/** A counter that is subscribed to; mounted once things have settled. */
function counter(key = ""): LiveHandle<"CounterComponent"> {
  const handle = client.mount("CounterComponent", props, { key });
  handle.subscribe(() => undefined);
  return handle;
}
async function mountedCounter(key = ""): Promise<LiveHandle<"CounterComponent">> {
  const handle = counter(key);
  await settle();
  return handle;
}
/** How a promise has ended so far. */
function outcomeOf(promise: Promise<unknown>): { value?: unknown; error?: LiveError } {
  const outcome: { value?: unknown; error?: LiveError } = {};
  promise.then((value) => { outcome.value = value; }, (error: unknown) => { outcome.error = error as LiveError; });
  return outcome;
}

describe("the greeting", () => {
  it("is HELLO, with nothing after it until WELCOME", async () => {
    server.welcomes = false;
    const handle = counter();
    handle.dispatch("increment");
    await settle();
    expect(server.last.protocols).toEqual(["fluxstack-live.v1.json"]);
    expect(server.last.frames).toEqual(["{\"type\":\"HELLO\",\"protocol\":1}"]);
    server.last.welcome();
    await settle();
    expect(server.last.sent.map(({ type }) => type)).toEqual(["HELLO", "COMPONENT_MOUNT", "COMPONENT_ACTION"]);
  });

  it("is answered once: another WELCOME mounts nothing again", async () => {
    await mountedCounter();
    server.last.welcome();
    await settle();
    expect(server.last.sentOf("COMPONENT_MOUNT")).toHaveLength(1);
  });

  it("carries the token that auth gives", async () => {
    client = server.client({ auth: () => Promise.resolve("t1") });
    counter();
    await settle();
    expect(server.last.sentOf("HELLO")).toEqual([{ type: "HELLO", protocol: 1, token: "t1" }]);
  });
});

describe("what goes out", () => {
  it("in one microtask leaves as one WebSocket message", async () => {
    const handle = await mountedCounter();
    server.last.frames.length = 0;
    handle.dispatch("increment", 5);
    handle.dispatch("decrement");
    handle.dispatch("reset");
    await settle();
    expect(server.last.frames).toEqual([JSON.stringify([
      { type: "COMPONENT_ACTION", componentId: "c1", action: "increment", payload: 5, requestId: 1 },
      { type: "COMPONENT_ACTION", componentId: "c1", action: "decrement", requestId: 2 },
      { type: "COMPONENT_ACTION", componentId: "c1", action: "reset", requestId: 3 },
    ])]);
  });

  it("alone is no array", async () => {
    const handle = await mountedCounter();
    handle.dispatch("increment");
    await settle();
    expect(server.last.frames.at(-1)).toBe("{\"type\":\"COMPONENT_ACTION\",\"componentId\":\"c1\",\"action\":\"increment\",\"requestId\":1}");
  });

  it("is split where a batch would exceed the server's limit", async () => {
    server.welcomes = false;
    const handle = counter();
    await settle();
    server.last.welcome({ limits: { inFlight: 32, messageBytes: 200 } });
    await settle();
    for (let i = 0; i < 4; i++) handle.dispatch("increment");
    await settle();
    expect(server.last.frames.slice(2).map((frame) => frame.length <= 200)).toEqual([true, true]);
    expect(server.last.sentOf("COMPONENT_ACTION").map(({ requestId }) => requestId)).toEqual([1, 2, 3, 4]);
  });

  it("shares the numbers between actions and property updates, in the order made", async () => {
    const handle = await mountedCounter();
    handle.set("title", "a");
    handle.dispatch("reset");
    handle.set("title", "b");
    await settle();
    server.last.reply(1);
    await settle();
    expect(server.last.sent.slice(2)).toMatchObject([{ type: "PROPERTY_UPDATE", requestId: 1 }, { requestId: 2 }, { type: "PROPERTY_UPDATE", requestId: 3 }]);
  });

  it("tells `received` when it has changed, as the highest number with no gap below", async () => {
    const handle = await mountedCounter();
    const received = async (): Promise<unknown> => {
      handle.dispatch("increment");
      await settle();
      return server.last.sentOf("COMPONENT_ACTION").at(-1)?.received;
    };
    expect([await received(), await received(), await received()]).toEqual([undefined, undefined, undefined]);
    server.last.reply(2);
    expect(await received()).toBeUndefined();
    server.last.reply(1);
    expect(await received()).toBe(2);
    expect(await received()).toBeUndefined();
  });

  it("has at most `inFlight` requests without a reply, and numbers the rest when they go", async () => {
    server.welcomes = false;
    const handle = counter();
    await settle();
    server.last.welcome({ limits: { inFlight: 2, messageBytes: 65_536 } });
    await settle();
    for (let i = 0; i < 4; i++) handle.dispatch("increment", i);
    await settle();
    const sent = (): unknown[] => server.last.sentOf("COMPONENT_ACTION").map(({ requestId, payload }) => [requestId, payload]);
    expect(sent()).toEqual([[1, 0], [2, 1]]);
    server.last.reply(2);
    await settle();
    expect(sent()).toEqual([[1, 0], [2, 1], [3, 2]]);
    server.last.say({ type: "ERROR", code: "action", payload: { error: "no" }, componentId: "c1", requestId: 1 });
    await settle();
    expect(sent()).toEqual([[1, 0], [2, 1], [3, 2], [4, 3]]);
  });

  it("never runs more than 256 numbers ahead of the replies", async () => {
    const handle = await mountedCounter();
    for (let n = 1; n <= 300; n++) {
      handle.dispatch("increment");
      await settle();
      if (n > 1) server.last.reply(n);
    }
    expect(server.last.sentOf("COMPONENT_ACTION").at(-1)?.requestId).toBe(256);
    server.last.reply(1);
    await settle();
    expect(server.last.sentOf("COMPONENT_ACTION")[256]).toMatchObject({ requestId: 257, received: 256 });
  });

  it("consumes no number for a request that is too large", async () => {
    const handle = await mountedCounter();
    const large = outcomeOf(handle.call("increment", "é".repeat(40_000) as unknown as number));
    handle.dispatch("reset");
    await settle();
    expect(large.error).toMatchObject({ code: "too_large", action: "increment", component: "CounterComponent", maybeApplied: false });
    expect(server.last.sentOf("COMPONENT_ACTION")).toMatchObject([{ action: "reset", requestId: 1 }]);
    expect(handle.getSnapshot().pending.count).toBe(1);
  });

  it("waits for the component to be mounted, without holding up another", async () => {
    server.state = ({ componentId, payload }) => (componentId === "c1" ? undefined : payload.props);
    const first = counter("1");
    const second = counter("2");
    await settle();
    first.dispatch("increment");
    second.dispatch("decrement");
    await settle();
    expect(server.last.sentOf("COMPONENT_ACTION")).toMatchObject([{ componentId: "c2", requestId: 1 }]);
    server.last.mounted("c1", props);
    await settle();
    expect(server.last.sentOf("COMPONENT_ACTION")).toMatchObject([{ componentId: "c2", requestId: 1 }, { componentId: "c1", requestId: 2 }]);
  });
});

describe("what comes in", () => {
  it("as a batch is one step: one notification, and the promise settles after the state is shown", async () => {
    const handle = await mountedCounter();
    const seen: unknown[] = [];
    handle.subscribe(() => seen.push(handle.getSnapshot().state?.count));
    const call = handle.call("increment", 2).then(() => seen.push("settled"));
    await settle();
    seen.length = 0;
    server.last.say(
      { type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["count"], 1]] },
      { type: "STATE_DELTA", componentId: "c1", from: 1, version: 2, ops: [["=", ["count"], 2]] },
      { type: "REPLY", requestId: 1, componentId: "c1", payload: { result: null }, at: { c1: 2 } },
    );
    await call;
    expect(seen).toEqual([2, "settled"]);
  });

  it("is shown with the call no longer pending", async () => {
    const handle = await mountedCounter();
    handle.dispatch("increment");
    expect(handle.getSnapshot().pending.count).toBe(1);
    await settle();
    server.last.reply(1);
    expect(handle.getSnapshot().pending.count).toBe(0);
  });

  it("settles a call whose state is late only when that state is shown", async () => {
    const handle = await mountedCounter();
    const call = outcomeOf(handle.call("increment"));
    await settle();
    server.last.reply(1, "c1", 2, "done");
    server.last.delta("c1", 0, [["=", ["count"], 1]]);
    await settle();
    expect(call).toEqual({});
    expect(handle.getSnapshot().pending.count).toBe(1);
    server.last.delta("c1", 1, [["=", ["count"], 2]]);
    await settle();
    expect(call).toEqual({ value: "done" });
  });

  it("settles such a call when the component was mounted in another epoch", async () => {
    const handle = await mountedCounter();
    const call = outcomeOf(handle.call("increment"));
    await settle();
    server.last.reply(1, "c1", 9);
    server.last.say({ type: "STATE_UPDATE", componentId: "c1", epoch: "e2", version: 0, payload: { state: props } });
    await settle();
    expect(call).toEqual({ value: null });
  });

  it("keeps untouched references across deltas, and across a new snapshot", async () => {
    server.state = () => ({ todos: [{ id: "a", text: "", completed: false }, { id: "b", text: "", completed: false }] });
    const handle = client.mount("TodoComponent", { list: "home" });
    handle.subscribe(() => undefined);
    await settle();
    const before = handle.getSnapshot().state?.todos ?? [];
    server.last.delta("c1", 0, [["=", ["todos", 0, "completed"], true]]);
    const after = handle.getSnapshot().state?.todos ?? [];
    expect([after[0] === before[0], after[1] === before[1]]).toEqual([false, true]);
    server.last.say({ type: "STATE_UPDATE", componentId: "c1", epoch: "e1", version: 1, payload: { state: JSON.parse(JSON.stringify({ todos: after })) } });
    expect(handle.getSnapshot().state?.todos).toBe(after);
  });

  it("notifies nobody when nothing changed", async () => {
    const handle = await mountedCounter();
    const before = handle.getSnapshot();
    const listener = vi.fn();
    handle.subscribe(listener);
    server.last.say({ type: "STATE_UPDATE", componentId: "c1", epoch: "e1", version: 0, payload: { state: { ...props } } });
    expect(listener).not.toHaveBeenCalled();
    expect(handle.getSnapshot()).toBe(before);
  });

  it("tells an event after the state it belongs to is shown", async () => {
    server.state = () => ({ messages: [], users: {} });
    const handle = client.mount("ChatComponent", { room: "lobby" });
    handle.subscribe(() => undefined);
    await settle();
    const seen: unknown[] = [];
    const forget = handle.on("MESSAGE_RECEIVED", ({ message }) => seen.push(message, handle.getSnapshot().version));
    const event = { type: "EVENT", componentId: "c1", event: "MESSAGE_RECEIVED", payload: { message: "hi" }, version: 1 } as const;
    server.last.say({ type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [] }, event);
    await settle();
    forget();
    server.last.say(event);
    await settle();
    expect(seen).toEqual(["hi", 1]);
  });

  it("survives a listener that throws", async () => {
    const handle = counter();
    handle.subscribe(() => { throw new Error("mine"); });
    const listener = vi.fn();
    handle.subscribe(listener);
    await settle();
    expect(listener).toHaveBeenCalled();
    expect(reported.map(({ message }) => message)).toContain("mine");
  });

  it("is reported when it cannot be read, and the rest of the batch counts", async () => {
    const handle = await mountedCounter();
    server.last.onmessage?.({ data: JSON.stringify([{ type: "NEWS" }, { type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["count"], 7]] }]) });
    expect(handle.getSnapshot().state?.count).toBe(7);
    expect(reported).toMatchObject([{ code: "bad_message" }]);
  });

  it("for a component that is not there is ignored", async () => {
    await mountedCounter();
    server.last.delta("c9", 0, []);
    server.last.reply(9);
    expect(reported).toEqual([]);
  });
});

describe("a gap", () => {
  it("asks for a snapshot once, and ignores deltas until it comes", async () => {
    const handle = await mountedCounter();
    server.last.delta("c1", 3, [["=", ["count"], 4]]);
    server.last.delta("c1", 4, [["=", ["count"], 5]]);
    server.last.delta("c1", 0, [["=", ["count"], 1]]);
    await settle();
    expect(server.last.sentOf("RESYNC")).toEqual([{ type: "RESYNC", componentId: "c1" }]);
    expect(handle.getSnapshot()).toMatchObject({ state: { count: 0 }, version: 0, status: "live" });
    server.last.say({ type: "STATE_UPDATE", componentId: "c1", epoch: "e1", version: 5, payload: { state: { ...props, count: 5 } } });
    server.last.delta("c1", 5, [["=", ["count"], 6]]);
    expect(handle.getSnapshot()).toMatchObject({ state: { count: 6 }, version: 6 });
    server.last.delta("c1", 9, []);
    await settle();
    expect(server.last.sentOf("RESYNC")).toHaveLength(2);
  });

  it("is what an op that does not fit means", async () => {
    const handle = await mountedCounter();
    server.last.delta("c1", 0, [["=", ["count"], 1], ["=", ["__proto__", "x"], 1]]);
    await settle();
    expect(server.last.sentOf("RESYNC")).toHaveLength(1);
    expect(handle.getSnapshot().state).toEqual(props);
  });

  it("is forgotten when the connection goes before it was told", async () => {
    await mountedCounter();
    server.last.delta("c1", 3, []);
    server.last.drop();
    await pass(1200);
    expect(server.sockets.flatMap((socket) => socket.sentOf("RESYNC"))).toEqual([]);
  });

  it("refused for another reason is a new mount too", async () => {
    const handle = await mountedCounter();
    server.last.delta("c1", 5, []);
    server.last.say({ type: "ERROR", code: "internal", payload: { error: "x" }, componentId: "c1" });
    await settle();
    expect([server.last.sentOf("COMPONENT_MOUNT").length, handle.getSnapshot().status]).toEqual([2, "live"]);
  });

  it("answered with `gone` is a new mount", async () => {
    const handle = await mountedCounter();
    server.last.delta("c1", 3, []);
    server.last.say({ type: "ERROR", code: "gone", payload: { error: "gone" }, componentId: "c1" });
    await settle();
    expect(server.last.sentOf("COMPONENT_MOUNT")).toHaveLength(2);
    expect(handle.getSnapshot().status).toBe("live");
  });
});

describe("a mount", () => {
  it("is sent with name and props, and is live once answered", async () => {
    const handle = counter();
    expect(handle.getSnapshot()).toMatchObject({ state: props, status: "mounting" });
    await settle();
    expect(server.last.sentOf("COMPONENT_MOUNT")).toEqual([{ type: "COMPONENT_MOUNT", componentId: "c1", payload: { component: "CounterComponent", props } }]);
    expect(handle.getSnapshot()).toMatchObject({ state: props, status: "live", version: 0 });
  });

  it("shows no state before the answer when the props are not a whole state", async () => {
    server.state = () => ({ count: 3 });
    const handle = client.mount("SharedCounterComponent", { room: "a" });
    handle.subscribe(() => undefined);
    expect(handle.getSnapshot().state).toBeUndefined();
    await settle();
    expect(handle.getSnapshot().state).toEqual({ count: 3 });
  });

  it("shows `initial` before the answer", () => {
    expect(client.mount("TodoComponent", { list: "a" }, { initial: { todos: [] } }).getSnapshot().state).toEqual({ todos: [] });
  });

  it("that is refused is failed, and so are the calls that waited for it", async () => {
    server.state = () => undefined;
    const handle = counter();
    const call = outcomeOf(handle.call("increment"));
    await settle();
    server.last.say({ type: "ERROR", code: "forbidden", payload: { error: "not yours" }, componentId: "c1" });
    const later = outcomeOf(handle.call("reset"));
    await settle();
    expect(handle.getSnapshot()).toMatchObject({ status: "failed", pending: { count: 0 } });
    expect([call.error, later.error]).toMatchObject([{ code: "forbidden", action: "increment" }, { code: "forbidden", action: "reset" }]);
    expect(server.last.sentOf("COMPONENT_ACTION")).toEqual([]);
  });

  it("that the server ended is mounted again if it is gone, with its deltas ignored until then", async () => {
    const handle = await mountedCounter();
    server.state = () => undefined;
    server.last.delta("c1", 0, [["=", ["count"], 1]]);
    server.last.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "gone" });
    await settle();
    expect(handle.getSnapshot()).toMatchObject({ state: { count: 1 }, status: "stale" });
    server.last.delta("c1", 1, [["=", ["count"], 99]]);
    server.last.say({ type: "STATE_UPDATE", componentId: "c1", epoch: "e1", version: 9, payload: { state: { ...props, count: 99 } } });
    expect(handle.getSnapshot().state?.count).toBe(1);
    await settle();
    expect(server.last.sentOf("RESYNC")).toEqual([]);
    server.last.mounted("c1", { ...props, count: 7 }, 0, "e2");
    expect(handle.getSnapshot()).toMatchObject({ state: { count: 7 }, status: "live" });
    expect(server.last.sentOf("COMPONENT_MOUNT")).toHaveLength(2);
  });

  it.each([["denied", "forbidden"], ["failed", "internal"], ["closed", "gone"]] as const)("that the server ended as %s is failed", async (reason, code) => {
    const handle = await mountedCounter();
    server.last.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason });
    expect(handle.getSnapshot()).toMatchObject({ state: props, status: "failed", error: { code, component: "CounterComponent" } });
  });

  it("is shared by equal name, props and key, in whatever order the props are", () => {
    expect(client.mount("CounterComponent", { title: "Live Counter", count: 0 })).toBe(client.mount("CounterComponent", props));
    expect(client.mount("CounterComponent", props, { key: "2" })).not.toBe(client.mount("CounterComponent", props));
    expect(client.mount("CounterComponent", { ...props, count: 1 })).not.toBe(client.mount("CounterComponent", props));
  });
});

describe("a component nobody shows", () => {
  it("stays mounted for a second, and leaves no socket, timer or listener after that", async () => {
    const handle = client.mount("CounterComponent", props);
    const release = handle.subscribe(() => undefined);
    await settle();
    release();
    await pass(999);
    expect(server.last.sentOf("COMPONENT_UNMOUNT")).toEqual([]);
    await pass(1);
    expect(server.last.sentOf("COMPONENT_UNMOUNT")).toEqual([{ type: "COMPONENT_UNMOUNT", componentId: "c1" }]);
    expect(server.last.closedWith).toBe(4000);
    expect(client.connection.get().status).toBe("idle");
    expect([vi.getTimerCount(), server.listening]).toEqual([0, 0]);
  });

  it("is as it was when it comes back within that second", async () => {
    const handle = client.mount("CounterComponent", props);
    const release = handle.subscribe(() => undefined);
    await settle();
    release();
    await pass(500);
    handle.subscribe(() => undefined);
    await pass(5000);
    expect(server.last.sent.map(({ type }) => type)).toEqual(["HELLO", "COMPONENT_MOUNT"]);
  });

  it("is mounted again when it comes back later, with its old state shown until the answer", async () => {
    const handle = client.mount("CounterComponent", props);
    const release = handle.subscribe(() => undefined);
    await settle();
    server.last.delta("c1", 0, [["=", ["count"], 5]]);
    release();
    await pass(1000);
    handle.subscribe(() => undefined);
    expect(handle.getSnapshot()).toMatchObject({ state: { count: 5 }, status: "stale" });
    await settle();
    expect(server.sockets).toHaveLength(2);
    expect(handle.getSnapshot()).toMatchObject({ state: { count: 0 }, status: "live" });
  });

  it("is not unmounted before its calls are answered", async () => {
    const handle = client.mount("CounterComponent", props);
    const release = handle.subscribe(() => undefined);
    await settle();
    handle.dispatch("increment");
    release();
    await pass(10_000);
    expect(server.last.sentOf("COMPONENT_UNMOUNT")).toEqual([]);
    server.last.reply(1);
    await pass(1000);
    expect(server.last.sentOf("COMPONENT_UNMOUNT")).toHaveLength(1);
  });

  it("is not unmounted on a connection where it never was mounted", async () => {
    const release = client.mount("CounterComponent", props, { key: "goes" }).subscribe(() => undefined);
    await mountedCounter("stays");
    server.welcomes = false;
    server.last.drop();
    release();
    await pass(1000);
    server.last.welcome();
    await settle();
    expect(server.last.sent.map(({ type }) => type)).toEqual(["HELLO", "COMPONENT_MOUNT"]);
  });

  it("is mounted for a call alone", async () => {
    const call = outcomeOf(client.mount("CounterComponent", props).call("increment"));
    await settle();
    server.last.reply(1, "c1", 0, 7);
    await pass(1000);
    expect(call).toEqual({ value: 7 });
    expect(server.last.sent.map(({ type }) => type)).toEqual(["HELLO", "COMPONENT_MOUNT", "COMPONENT_ACTION", "COMPONENT_UNMOUNT"]);
  });

  it("leaves nothing behind, ten thousand times", async () => {
    await mountedCounter("stays");
    const timers = vi.getTimerCount();
    for (let i = 0; i < 10_000; i++) client.mount("CounterComponent", props).subscribe(() => undefined)();
    await pass(1000);
    expect(vi.getTimerCount()).toBe(timers);
    expect(server.last.sentOf("COMPONENT_MOUNT")).toHaveLength(2);
  });
});
