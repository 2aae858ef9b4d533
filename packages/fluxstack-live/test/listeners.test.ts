// Listeners that do what listeners may: act on the client from inside its news, and throw.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveClient, LiveClientOptions } from "../src/client.js";
import type { LiveError } from "../src/error.js";
import type { LiveHandle } from "../src/handle.js";
import { FakeServer, pass, settle } from "./fake-server.js";

let server: FakeServer;
let client: LiveClient;
let reported: LiveError[];
const props = { count: 0, title: "Live Counter" };

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  reported = [];
});
afterEach(() => {
  vi.useRealTimers();
});

function mount(options: LiveClientOptions = {}): LiveHandle<"CounterComponent"> {
  client = server.client({ onError: (error) => reported.push(error), ...options });
  return client.mount("CounterComponent", props);
}
async function connect(options: LiveClientOptions = {}): Promise<LiveHandle<"CounterComponent">> {
  const handle = mount(options);
  handle.subscribe(() => undefined);
  await settle();
  return handle;
}
const status = () => client.connection.get().status;

describe("a connection listener", () => {
  it("that retries after a stop gives a client that works", async () => {
    const handle = await connect();
    client.connection.subscribe(() => {
      if (status() === "denied") client.retryNow();
    });
    server.last.drop(4403);
    await settle();
    expect([status(), handle.getSnapshot().status, server.sockets.length]).toEqual(["connected", "live", 2]);
    handle.dispatch("increment");
    await settle();
    expect(server.last.sentOf("COMPONENT_ACTION")).toHaveLength(1);
  });

  it("that closes the connection while it opens has closed it", async () => {
    const handle = mount();
    client.connection.subscribe(() => {
      if (status() === "connecting") client.close();
    });
    handle.subscribe(() => undefined);
    await settle();
    const result = await handle.callSafe("increment");
    expect([status(), handle.getSnapshot().status, server.sockets.length]).toEqual(["closed", "failed", 0]);
    expect(result).toMatchObject({ ok: false, error: { code: "disconnected" } });
  });
});

describe("a listener that an earlier one has taken out", () => {
  it("is not called any more, of the connection and of a component", async () => {
    const handle = mount();
    const called: string[] = [];
    client.connection.subscribe(() => { leaveConnection(); });
    const leaveConnection = client.connection.subscribe(() => called.push("connection"));
    handle.subscribe(() => { leaveComponent(); });
    const leaveComponent = handle.subscribe(() => called.push("component"));
    await settle();
    expect([handle.getSnapshot().status, called]).toEqual(["live", []]);
  });
});

describe("a connection listener that always throws", () => {
  it("is reported each time, and the client reconnects and mounts as ever", async () => {
    const handle = mount();
    client.connection.subscribe(() => { throw new Error("boom"); });
    handle.subscribe(() => undefined);
    await settle();
    expect(handle.getSnapshot().status).toBe("live");
    server.last.drop();
    expect([status(), handle.getSnapshot().status]).toEqual(["reconnecting", "stale"]);
    await pass(700);
    expect([status(), handle.getSnapshot().status]).toEqual(["connected", "live"]);
    expect(reported.map(({ message }) => message)).toEqual(Array<string>(5).fill("boom"));
  });
});

describe("a component's listener", () => {
  it("that retries when the state is stale opens one socket, and is not stopped by the stop it heard of", async () => {
    const handle = await connect();
    handle.subscribe(() => {
      if (handle.getSnapshot().status === "stale") client.retryNow();
    });
    client.close();
    await settle();
    expect([status(), handle.getSnapshot().status, server.sockets.length]).toEqual(["connected", "live", 2]);
  });

  it("that closes the connection when its state is stale has closed it, also where the socket is replaced", async () => {
    const handle = await connect();
    handle.subscribe(() => {
      if (handle.getSnapshot().status === "stale") client.close();
    });
    server.last.say({ type: "GO_AWAY", afterMs: 10, reason: "" });
    await pass(10_000);
    expect([status(), server.sockets.length]).toEqual(["closed", 1]);
  });
});
