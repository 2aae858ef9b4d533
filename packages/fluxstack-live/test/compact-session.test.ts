// A client with the compact codec: whom it speaks it to, what it keeps to, and what it does when the server is another.
// @vitest-environment node
import * as official from "@msgpack/msgpack";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createLiveClient, type LiveClient, type LiveError } from "../src/index.js";
import { msgpack, type WireSchema } from "../src/msgpack.js";
import { settle } from "./fake-server.js";

const wire: WireSchema = {
  schema: "7f1c0a5e",
  structs: [],
  components: { CounterComponent: { fields: [["count", 0], ["title", 0]], actions: ["increment"], events: [] } },
};

/** A socket to a server that speaks one subprotocol and has one schema; it greets, mounts and answers calls. */
class Socket {
  static all: Socket[] = [];
  static speaks = "fluxstack-live.v1.msgpack";
  static schema = "7f1c0a5e";
  static messageBytes = 65_536;
  /** What WELCOME says of the session. */
  static resumed = false;
  readonly protocol = Socket.speaks;
  binaryType = "blob";
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly frames: unknown[] = [];
  readonly #schema = Socket.schema;

  constructor(readonly url: string, readonly offered: string[]) {
    Socket.all.push(this);
    queueMicrotask(() => {
      this.readyState = 1;
      this.onopen?.();
    });
  }

  static get last(): Socket {
    return Socket.all.at(-1) ?? (() => { throw new Error("nothing connected yet"); })();
  }

  /** The messages it heard, batches taken apart; as objects where they came as JSON. */
  get heard(): unknown[] {
    return this.frames.flatMap((frame) => {
      const value = typeof frame === "string" ? JSON.parse(frame) as unknown : official.decode(frame as Uint8Array);
      return Array.isArray(value) && Array.isArray(value[0]) ? value as unknown[] : [value];
    });
  }

  send(frame: unknown): void {
    this.frames.push(frame);
    if (typeof frame === "string") return;
    const whole = official.decode(frame as Uint8Array) as unknown[];
    const messages = Array.isArray(whole[0]) ? whole as unknown[][] : [whole];
    for (const [tag, id] of messages) queueMicrotask(() => {
      if (tag === 1) this.say([1, "s1", "x", Socket.resumed, 0, [], 20_000, [32, Socket.messageBytes], this.#schema, "test"]);
      if (tag === 2) this.say([2, id, "e1", 0, this.#schema === wire.schema ? [0, "Live"] : { count: 0, title: "Live" }]);
    });
  }

  say(message: unknown): void {
    this.onmessage?.({ data: Uint8Array.from(official.encode(message)).buffer });
  }

  close(): void {
    this.readyState = 3;
  }
}

let client: LiveClient;
let errors: LiveError[];

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(Socket, { all: [], speaks: "fluxstack-live.v1.msgpack", schema: wire.schema, messageBytes: 65_536, resumed: false });
  const reported: LiveError[] = (errors = []);
  client = createLiveClient({
    url: "ws://test/live", codec: msgpack(wire), WebSocket: Socket as unknown as typeof WebSocket, onError: (error) => { reported.push(error); },
  });
});

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

async function counter() {
  const handle = client.mount("CounterComponent", { count: 0, title: "Live" });
  handle.subscribe(() => undefined);
  await settle();
  return handle;
}

it("offers the compact encoding first and JSON too, and asks for buffers", async () => {
  await counter();
  expect(Socket.last.offered).toEqual(["fluxstack-live.v1.msgpack", "fluxstack-live.v1.json"]);
  expect(Socket.last.binaryType).toBe("arraybuffer");
});

it("calls by place, and shows what comes by place", async () => {
  const handle = await counter();
  const call = handle.call("increment", 5);
  await settle();
  expect(Socket.last.heard).toEqual([[1, 1, null, null, null, null, null, "7f1c0a5e"], [2, "c1", "CounterComponent", { count: 0, title: "Live" }], [4, "c1", 0, 5, 1]]);
  expect((Socket.last.frames.at(-1) as Uint8Array).length).toBeLessThanOrEqual(14);
  Socket.last.say([[4, "c1", 0, 1, [[0, [0], 5]]], [5, 1, "c1", null, 1]]);
  await call;
  expect(handle.getSnapshot().state).toEqual({ count: 5, title: "Live" });
  expect(errors).toEqual([]);
});

it("speaks JSON to a server that speaks nothing else", async () => {
  Socket.speaks = "fluxstack-live.v1.json";
  await counter();
  expect(Socket.last.frames).toEqual(["{\"type\":\"HELLO\",\"protocol\":1}"]);
});

it("goes by name after a reconnect to a server of another schema, and by place again with the next", async () => {
  const handle = await counter();
  const reconnect = async (schema: string): Promise<unknown> => {
    Socket.schema = schema;
    const before = Socket.last;
    before.onclose?.({ code: 1006, reason: "" });
    await vi.advanceTimersByTimeAsync(2000);
    expect(Socket.last).not.toBe(before);
    handle.dispatch("increment");
    await settle();
    expect(handle.getSnapshot()).toMatchObject({ status: "live", state: { count: 0, title: "Live" } });
    return Socket.last.heard.at(-1);
  };
  expect(await reconnect("another")).toEqual([4, "c1", "increment", null, 1]);
  expect(await reconnect("7f1c0a5e")).toEqual([4, "c1", 0, null, 1]);
});

it("resumes by place: what comes for a component that is mounted still, and what is sent again", async () => {
  const handle = await counter();
  const call = handle.call("increment", 5);
  await settle();
  Socket.resumed = true;
  Socket.last.onclose?.({ code: 1006, reason: "" });
  await vi.advanceTimersByTimeAsync(2000);
  expect(Socket.last.heard).toEqual([[1, 1, "s1", "x", 0, [["c1", "e1", 0]], null, "7f1c0a5e"], [4, "c1", 0, 5, 1]]);
  Socket.last.say([2, "c1", "e1", 1, null, [[0, [0], 7]]]);
  Socket.last.say([[4, "c1", 1, 2, [[0, [0], 12]]], [5, 1, "c1", null, 2]]);
  await call;
  expect(handle.getSnapshot()).toMatchObject({ status: "live", version: 2, state: { count: 12, title: "Live" } });
  expect(errors).toEqual([]);
});

it("resumes by place what was mounted over JSON", async () => {
  Socket.speaks = "fluxstack-live.v1.json";
  const handle = await counter();
  const json = (message: unknown): void => { Socket.last.onmessage?.({ data: JSON.stringify(message) }); };
  json({ type: "WELCOME", session: "s1", secret: "x", resumed: false, executed: 0, replies: [], heartbeatMs: 20_000, limits: { inFlight: 32, messageBytes: 65_536 }, schema: "7f1c0a5e", server: "test" });
  await settle();
  json({ type: "COMPONENT_MOUNTED", componentId: "c1", epoch: "e1", version: 0, state: { count: 0, title: "Live" } });
  Object.assign(Socket, { speaks: "fluxstack-live.v1.msgpack", resumed: true });
  Socket.last.onclose?.({ code: 1006, reason: "" });
  await vi.advanceTimersByTimeAsync(1500);
  Socket.last.say([2, "c1", "e1", 1, null, [[0, [0], 7]]]);
  await settle();
  expect(handle.getSnapshot()).toMatchObject({ status: "live", state: { count: 7 } });
});

it("a message that cannot be read is reported, and the gap it leaves is mended", async () => {
  const handle = await counter();
  Socket.last.say([4, "c1", 0, 1, [[0, 7, 5]]]);
  expect(errors.map(({ code }) => code)).toEqual(["bad_message"]);
  Socket.last.say([4, "c1", 1, 2, [[0, [0], 6]]]);
  await settle();
  expect(Socket.last.heard.at(-1)).toEqual([7, "c1"]);
  Socket.last.say([3, "c1", "e1", 2, [6, "Live"]]);
  expect(handle.getSnapshot().state).toEqual({ count: 6, title: "Live" });
});

it("keeps to the limits: bytes as they are, values and depth as JSON counts them", async () => {
  Socket.messageBytes = 1000;
  // What is too large here is of a type that the action does not take; the server would say so.
  const { call, dispatch } = await counter() as unknown as Record<"call" | "dispatch", (action: string, payload: unknown) => Promise<unknown>>;
  const tooLarge = { code: "too_large" };
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  await expect(call("increment", "x".repeat(1000))).rejects.toMatchObject(tooLarge);
  await expect(call("increment", nested(31))).rejects.toMatchObject(tooLarge);
  // The message itself is five values, its type not packed at all, and the list one more.
  Socket.messageBytes = 65_536;
  Socket.last.onclose?.({ code: 1006, reason: "" });
  await vi.advanceTimersByTimeAsync(2000);
  await expect(call("increment", Array<number>(4090).fill(1))).rejects.toMatchObject(tooLarge);
  for (const sendable of [Array<number>(4089).fill(1), nested(30)]) void dispatch("increment", sendable);
  await settle();
  expect(errors).toEqual([]);
  expect(Socket.last.frames).toHaveLength(4);
});

it("joins what leaves together into one batch", async () => {
  const handle = await counter();
  const before = Socket.last.frames.length;
  for (let i = 0; i < 20; i += 1) handle.dispatch("increment", i);
  await settle();
  expect(Socket.last.frames).toHaveLength(before + 1);
  expect(Socket.last.heard.slice(-20)).toEqual(Array.from({ length: 20 }, (_, i) => [4, "c1", 0, i, i + 1]));
});
