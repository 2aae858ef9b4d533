// What the server tells once: after its state, never before it and never twice.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveError } from "../src/error.js";
import type { LiveHandle } from "../src/handle.js";
import type { EventMessage, MissedEvent, ServerMessage } from "../src/protocol.js";
import { FakeServer, pass, settle } from "./fake-server.js";
import type { ChatMessage } from "./live.gen.js";

let server: FakeServer;
let reported: LiveError[];
let handle: LiveHandle<"ChatComponent">;
/** What a listener heard, each with the version that was visible then. */
let heard: [content: string, version: number][];

const message = (content: string): ChatMessage => ({ id: content, content, userId: "u1", timestamp: 1 });
const state = (...contents: string[]) => ({ messages: contents.map(message), users: {} });
const missed = (content: string, version: number): MissedEvent => ({ event: "MESSAGE_RECEIVED", payload: { message: message(content) }, version });
const event = (content: string, version: number): EventMessage => ({ type: "EVENT", componentId: "c1", ...missed(content, version) });
const delta = (from: number, version: number, ...contents: string[]): ServerMessage => ({
  type: "STATE_DELTA", componentId: "c1", from, version, ops: contents.length === 0 ? [] : [["+", ["messages"], ...contents.map(message)]],
});
const update = (version: number, epoch = "e1"): ServerMessage => ({
  type: "STATE_UPDATE", componentId: "c1", epoch, version, payload: { state: state("a", "b") },
});
/** One WebSocket message, and the microtasks after it. */
async function say(...messages: ServerMessage[]): Promise<void> {
  server.last.say(...messages);
  await settle();
}

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.state = () => state();
  reported = [];
  heard = [];
  handle = server.client({ onError: (error) => reported.push(error) }).mount("ChatComponent", { room: "lobby" });
  handle.subscribe(() => undefined);
  handle.on("MESSAGE_RECEIVED", ({ message: { content } }) => heard.push([content, handle.getSnapshot().version]));
  await settle();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("an event", () => {
  it("is told once, after the delta in whose message it came", async () => {
    await say(delta(0, 1, "a"), event("a", 1));
    expect(heard).toEqual([["a", 1]]);
  });

  it("is told after every component of that message shows its state, and after who re-renders by a microtask has", async () => {
    const order: string[] = [];
    handle.subscribe(() => { queueMicrotask(() => order.push("rendered")); });
    handle.on("MESSAGE_RECEIVED", () => order.push("told"));
    await say(event("a", 1), delta(0, 1, "a"));
    expect(order).toEqual(["rendered", "told"]);
  });

  it("is heard before the call that made it goes on", async () => {
    const order: string[] = [];
    handle.on("MESSAGE_RECEIVED", () => order.push("told"));
    void handle.call("sendMessage", { content: "a" }).then(() => order.push("called"));
    await settle();
    await say(delta(0, 1, "a"), event("a", 1), { type: "REPLY", requestId: 1, componentId: "c1", payload: { result: { id: "a" } }, at: { c1: 1 } });
    expect(order).toEqual(["told", "called"]);
  });

  it("of a commit without ops is told at its version", async () => {
    await say(delta(0, 1), event("a", 1));
    expect(heard).toEqual([["a", 1]]);
  });

  it("that comes after a snapshot instead of a delta is told at once", async () => {
    await say(update(5), event("a", 4), event("b", 5));
    expect(heard).toEqual([["a", 5], ["b", 5]]);
  });

  it("of a version that is held already is told at once", async () => {
    await say(delta(0, 3, "a", "b"));
    await say(event("a", 2));
    expect(heard).toEqual([["a", 3]]);
  });

  it("reaches every listener, also when one throws", async () => {
    handle.on("MESSAGE_RECEIVED", () => { throw new Error("boom"); });
    handle.on("MESSAGE_RECEIVED", ({ message: { content } }) => heard.push([`again ${content}`, 0]));
    await say(delta(0, 1, "a"), event("a", 1), event("b", 1));
    expect(heard).toEqual([["a", 1], ["again a", 0], ["b", 1], ["again b", 0]]);
    expect(reported.map((error) => error.message)).toEqual(["boom", "boom"]);
  });

  it("is not heard by who was taken out by an earlier listener of it", async () => {
    const order: string[] = [];
    handle.on("MESSAGE_RECEIVED", () => { order.push("first"); leave(); });
    const leave = handle.on("MESSAGE_RECEIVED", () => order.push("second"));
    handle.on("MESSAGE_RECEIVED", () => order.push("third"));
    await say(delta(0, 1, "a"), event("a", 1));
    expect(order).toEqual(["first", "third"]);
  });

  it("is not heard by who left before it was told", async () => {
    const leave = handle.on("MESSAGE_RECEIVED", () => heard.push(["left", 0]));
    server.last.say(delta(0, 1, "a"), event("a", 1));
    leave();
    await settle();
    expect(heard).toEqual([["a", 1]]);
  });
});

describe("an event whose state has not come", () => {
  // The delta before it was lost on the way, so this one is a gap and a snapshot is asked for.
  beforeEach(() => say(delta(1, 2, "b"), event("b", 2)));

  it("waits for the snapshot, and is told once", async () => {
    expect(heard).toEqual([]);
    expect(server.last.sentOf("RESYNC")).toHaveLength(1);
    await say(update(2));
    await say(delta(2, 3));
    expect(heard).toEqual([["b", 2]]);
  });

  it("waits for the delta too, if the snapshot is older", async () => {
    server.last.say(update(1));
    await settle();
    expect(heard).toEqual([]);
    await say(delta(1, 2));
    expect(heard).toEqual([["b", 2]]);
  });

  it("is not overtaken by a later one", async () => {
    await say(delta(2, 3), event("c", 3));
    await say(update(4), event("d", 4));
    expect(heard).toEqual([["b", 4], ["c", 4], ["d", 4]]);
  });

  it("is told when a snapshot of another history comes, for its state will not", async () => {
    await say(update(1, "e2"));
    expect(heard).toEqual([["b", 1]]);
  });

  it("waits with at most a thousand others: what comes then is not heard", async () => {
    for (let version = 3; version <= 1003; version++) server.last.say(event(String(version), version));
    await say(update(1003));
    expect([heard.length, heard[0], heard.at(-1)]).toEqual([1000, ["b", 1003], ["1001", 1003]]);
  });

  it("is forgotten with the connection: a snapshot skips it", async () => {
    server.state = () => undefined;
    server.last.drop();
    await pass(2000);
    server.last.mounted("c1", state("a", "b"), 2);
    await settle();
    expect(heard).toEqual([]);
  });

  it("is told once if a resume tells it again", async () => {
    server.state = () => undefined;
    server.last.drop();
    await pass(2000);
    await say({ type: "COMPONENT_MOUNTED", componentId: "c1", epoch: "e1", version: 2, ops: [], events: [missed("b", 2)] });
    expect(heard).toEqual([["b", 2]]);
  });
});

describe("an event of a component that is not mounted", () => {
  it("is of another history, and is not told", async () => {
    server.state = () => undefined;
    await say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "gone" }, event("a", 0));
    server.last.mounted("c1", state(), 0, "e2");
    await settle();
    expect(heard).toEqual([]);
  });
});

describe("the events a resuming client missed", () => {
  it("are told after the state they come with, in their order", async () => {
    await say({
      type: "COMPONENT_MOUNTED", componentId: "c1", epoch: "e1", version: 2,
      ops: [["+", ["messages"], message("a"), message("b")]], events: [missed("a", 1), missed("b", 2)],
    });
    expect(heard).toEqual([["a", 2], ["b", 2]]);
  });
});
