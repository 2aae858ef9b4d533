// A field that was typed into, and whose store lost it: it is set again, unless someone else has changed it.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveClient } from "../src/client.js";
import type { LiveError } from "../src/error.js";
import type { ErrorMessage, Reply, ServerMessage } from "../src/protocol.js";
import { FakeServer, pass, settle, type FakeSocket } from "./fake-server.js";

let server: FakeServer;
let client: LiveClient;
let reported: LiveError[];
const props = { count: 0, title: "Live Counter" };
const reply = (requestId: number, at: number): Reply => ({ type: "REPLY", requestId, componentId: "c1", payload: { result: null }, at: { c1: at } });

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  reported = [];
  client = server.client({ onError: (error) => reported.push(error) });
});
afterEach(() => {
  vi.useRealTimers();
});

async function counter() {
  const handle = client.mount("CounterComponent", props);
  handle.subscribe(() => undefined);
  await settle();
  return handle;
}
/** Loses the connection and opens the next, as far as HELLO. */
async function lost(): Promise<FakeSocket> {
  server.welcomes = false;
  server.last.drop();
  await pass(1500);
  return server.last;
}
/** The connection is lost, and the session goes on. */
async function resumed(): Promise<FakeSocket> {
  const socket = await lost();
  socket.welcome({ resumed: true });
  await settle();
  return socket;
}

describe("a field that was set and acknowledged", () => {
  const form = { name: "", email: "", errors: {} };
  let shown: string[];

  let release: () => void;

  async function typed(name: string) {
    const handle = client.mount("FormComponent", form);
    release = handle.subscribe(() => shown.push(String(handle.getSnapshot().state?.name)));
    await settle();
    handle.set("name", name);
    await settle();
    server.last.say({ type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["name"], name]] }, reply(1, 1));
    shown = [];
    return handle;
  }
  async function mountedAnew(state: unknown = form, epoch = "e2"): Promise<void> {
    const socket = await lost();
    server.state = () => undefined;
    socket.welcome();
    await settle();
    socket.mounted("c1", state, 0, epoch);
    await settle();
  }
  const sets = (): unknown[] => server.last.sentOf("PROPERTY_UPDATE").map(({ payload, requestId }) => [requestId, payload.property, payload.value]);

  beforeEach(() => {
    shown = [];
  });

  it("is set again in a history that lacks it, in the same step, and before what waits", async () => {
    const handle = await typed("Ana");
    server.last.drop();
    handle.dispatch("submit");
    await mountedAnew();
    expect(sets()).toEqual([[1, "name", "Ana"]]);
    expect(server.last.sentOf("COMPONENT_ACTION")).toMatchObject([{ action: "submit", requestId: 2 }]);
    expect(new Set(shown)).toEqual(new Set(["Ana"]));
    expect(handle.getSnapshot()).toMatchObject({ status: "live", state: { name: "Ana" } });
  });

  it("is set again each time", async () => {
    await typed("Ana");
    for (let i = 2; i < 5; i++) {
      await mountedAnew(form, `e${String(i)}`);
      expect(sets()).toEqual([[1, "name", "Ana"]]);
      server.last.say({ type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["name"], "Ana"]] }, reply(1, 1));
    }
  });

  it("is set again when its component is gone from a session that goes on", async () => {
    await typed("Ana");
    server.state = () => undefined;
    const socket = await resumed();
    socket.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "gone" });
    socket.mounted("c1", form, 0, "e2");
    await settle();
    expect(sets()).toEqual([[2, "name", "Ana"]]);
  });

  it("is set again when it was answered `gone` for that; a call was not made, and fails", async () => {
    const handle = await typed("Ana");
    handle.set("name", "Anna");
    const call = handle.callSafe("submit");
    await settle();
    server.state = () => undefined;
    const socket = await resumed();
    const gone = (requestId: number): ServerMessage => ({ type: "ERROR", code: "gone", payload: { error: "gone" }, componentId: "c1", requestId });
    socket.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "gone" }, gone(2), gone(3));
    socket.mounted("c1", form, 0, "e2");
    await settle();
    expect(sets()).toEqual([[2, "name", "Anna"], [4, "name", "Anna"]]);
    await expect(call).resolves.toMatchObject({ ok: false, error: { code: "gone" } });
    expect([handle.getSnapshot().state?.name, reported]).toEqual(["Anna", []]);
    socket.say(gone(4));
    await settle();
    expect([sets().length, handle.getSnapshot().state?.name]).toEqual([2, ""]);
  });

  it("is not where the new history has it too", async () => {
    await typed("Ana");
    await mountedAnew({ ...form, name: "Ana" });
    expect(sets()).toEqual([]);
  });

  it("is set again in a history that has begun without it, and not where somebody else has been", async () => {
    const handle = await typed("A");
    handle.set("name", "An");
    await settle();
    server.last.say({ type: "STATE_DELTA", componentId: "c1", from: 1, version: 2, ops: [["=", ["name"], "An"]] }, reply(2, 2));
    const anew = async (state: unknown, epoch: string): Promise<void> => {
      const socket = await lost();
      server.state = () => undefined;
      socket.welcome();
      await settle();
      socket.mounted("c1", state, 7, epoch);
      await settle();
    };
    // What it showed before the first letter.
    await anew(form, "e2");
    expect(sets()).toEqual([[1, "name", "An"]]);
    server.last.say({ type: "STATE_DELTA", componentId: "c1", from: 7, version: 8, ops: [["=", ["name"], "An"]] }, reply(1, 8));
    await anew({ ...form, name: "Bea" }, "e3");
    expect([sets(), handle.getSnapshot().state?.name]).toEqual([[], "Bea"]);
  });

  it("ends with a component whose next mount is refused, also where both are told at once", async () => {
    const handle = await typed("Ana");
    handle.set("name", "Anna");
    await settle();
    server.state = () => undefined;
    server.last.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "gone" });
    await settle();
    const refused = (code: ErrorMessage["code"], requestId?: number): ServerMessage =>
      ({ type: "ERROR", code, payload: { error: code }, componentId: "c1", ...(requestId !== undefined && { requestId }) });
    server.last.say(refused("gone", 2), refused("too_many"));
    await settle();
    expect(handle.getSnapshot()).toMatchObject({ status: "failed", pending: { fields: new Set() } });
  });

  it("is not if it was changed since", async () => {
    const handle = await typed("Ana");
    server.last.delta("c1", 1, [["=", ["name"], "Bea"]]);
    await mountedAnew();
    expect([sets(), handle.getSnapshot().state?.name]).toEqual([[], ""]);
  });

  it("is not if a newer value waits", async () => {
    const handle = await typed("Ana");
    server.last.drop();
    handle.set("name", "Anna");
    await mountedAnew();
    expect([sets(), handle.getSnapshot().state?.name]).toEqual([[[1, "name", "Anna"]], "Anna"]);
  });

  it("is not in the same history", async () => {
    await typed("Ana");
    await mountedAnew(form, "e1");
    expect(sets()).toEqual([]);
  });

  it("is not if it was refused, nor after the component ended", async () => {
    const handle = await typed("Ana");
    handle.set("email", "no");
    await settle();
    server.last.say({ type: "ERROR", code: "invalid", payload: { error: "no" }, componentId: "c1", requestId: 2 });
    await mountedAnew();
    expect(sets()).toEqual([[1, "name", "Ana"]]);
    server.last.say(
      { type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["name"], "Ana"]] }, reply(1, 1),
      { type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "closed" },
    );
    await mountedAnew({ ...form, email: "x" }, "e3");
    expect(sets()).toEqual([]);
  });

  it("is not when its component was given up and is shown again", async () => {
    const handle = await typed("Ana");
    await counter();
    release();
    await pass(1000);
    server.state = () => undefined;
    handle.subscribe(() => undefined);
    await settle();
    server.last.mounted("c1", form, 0, "e2");
    await settle();
    expect([sets().length, handle.getSnapshot().state?.name]).toEqual([1, ""]);
  });

  it("is compared by what is in it", async () => {
    const handle = await counter();
    const value = { deep: [1, { a: null }] };
    handle.set("title", value as unknown as string);
    await settle();
    server.last.say({ type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["title"], structuredClone(value)]] }, reply(1, 1));
    await mountedAnew({ count: 0, title: { deep: [1, { a: 0 }] } });
    expect(server.last.sentOf("PROPERTY_UPDATE")).toMatchObject([{ payload: { value } }]);
    server.last.say({ type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["title"], structuredClone(value)]] }, reply(1, 1));
    await mountedAnew({ count: 0, title: structuredClone(value) }, "e3");
    expect(server.last.sentOf("PROPERTY_UPDATE")).toEqual([]);
  });
});
