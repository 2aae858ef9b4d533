// GO_AWAY: the client moves to another socket at a moment of its own, with nothing under way.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LiveClient } from "../src/client.js";
import type { LiveHandle } from "../src/handle.js";
import { FakeServer, pass, settle } from "./fake-server.js";

let server: FakeServer;
let client: LiveClient;
let handle: LiveHandle<"CounterComponent">;

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeServer();
  client = server.client();
  handle = client.mount("CounterComponent", { count: 0, title: "Live Counter" });
  handle.subscribe(() => undefined);
  await settle();
  server.last.say({ type: "GO_AWAY", afterMs: 4000, reason: "restart" });
});
afterEach(() => {
  vi.useRealTimers();
});

const actions = (socket = server.last): unknown[] => socket.sentOf("COMPONENT_ACTION").map(({ requestId }) => requestId);

it("it moves within the time the server named, and the old socket serves until then", async () => {
  await pass(1999);
  handle.dispatch("increment");
  await settle();
  server.last.delta("c1", 0, [["=", ["count"], 1]]);
  server.last.reply(1);
  expect([server.sockets.length, actions(), handle.getSnapshot().state?.count]).toEqual([1, [1], 1]);
  await pass(1);
  expect([server.sockets.length, server.sockets[0]?.closedWith, client.connection.get().status]).toEqual([2, 4000, "connected"]);
});

it("at that time it sends no new request, and goes when the last sent one is answered", async () => {
  handle.dispatch("increment");
  handle.dispatch("increment");
  await pass(2000);
  handle.dispatch("reset");
  await settle();
  const [old] = server.sockets;
  old?.reply(2);
  expect([server.sockets.length, actions()]).toEqual([1, [1, 2]]);
  server.greeting = { resumed: true };
  old?.reply(1);
  await settle();
  expect([server.sockets.length, actions(old), server.last.sent[0]]).toMatchObject([2, [1, 2], { received: 2, components: [{ componentId: "c1", version: 0 }] }]);
  server.last.say({ type: "COMPONENT_MOUNTED", componentId: "c1", epoch: "e1", version: 0, ops: [] });
  await settle();
  expect(actions()).toEqual([3]);
});

it("it waits for as long as the server lets an action run on, and goes then whatever is under way", async () => {
  handle.dispatch("increment");
  await pass(16_999);
  expect(server.sockets).toHaveLength(1);
  server.greeting = { resumed: true };
  await pass(1);
  expect(server.sockets).toHaveLength(2);
  expect([actions(), handle.getSnapshot().pending.count]).toEqual([[1], 1]);
});

it("it sends requests again on the next socket, also after one that was lost in the move", async () => {
  handle.dispatch("increment");
  await pass(2000);
  server.last.drop(1012);
  expect(client.connection.get().nextRetryAt).toBe(Date.now() + 700);
  await pass(700);
  server.last.reply(1);
  handle.dispatch("reset");
  await settle();
  expect([server.sockets.length, actions()]).toEqual([2, [1]]);
});

it("it goes idle as ever if nothing is left to show", async () => {
  client.close();
  await pass(10_000);
  expect([server.sockets.length, vi.getTimerCount()]).toEqual([1, 0]);
});
