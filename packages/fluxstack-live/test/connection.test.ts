// Sockets lost, refused, silent and replaced; what happens to what was pending.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { retryDelay } from "../src/backoff.js";
import { createLiveClient, getLiveClient, type LiveClient, type LiveClientOptions } from "../src/client.js";
import type { LiveError } from "../src/error.js";
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

async function connect(options: LiveClientOptions = {}) {
  client = server.client({ onError: (error) => reported.push(error), ...options });
  const handle = client.mount("CounterComponent", props);
  handle.subscribe(() => undefined);
  await settle();
  return handle;
}
const status = () => client.connection.get().status;
function outcomeOf(promise: Promise<unknown>): { value?: unknown; error?: LiveError } {
  const outcome: { value?: unknown; error?: LiveError } = {};
  promise.then((value) => { outcome.value = value; }, (error: unknown) => { outcome.error = error as LiveError; });
  return outcome;
}

describe("the schedule of retries", () => {
  it("starts at 0.2 to 1.2 s and grows to half or all of 8 s", () => {
    const range = (failures: number): number[] => [retryDelay(failures, 0, {}), retryDelay(failures, 1, {})].map(Math.round);
    expect([0, 1, 2, 3, 4, 50].map(range)).toEqual([[200, 1200], [900, 1800], [1620, 3240], [2916, 5832], [4000, 8000], [4000, 8000]]);
  });

  it("is kept, for ever, while the server is down", async () => {
    server.opens = false;
    await connect();
    const waits: number[] = [];
    for (let i = 0; i < 60; i++) {
      server.last.drop();
      const { attempt, nextRetryAt, status: now } = client.connection.get();
      expect([attempt, now]).toEqual([i + 1, "reconnecting"]);
      waits.push(Math.round((nextRetryAt ?? 0) - Date.now()));
      const sockets = server.sockets.length;
      await pass((waits.at(-1) ?? 0) - 1);
      expect(server.sockets).toHaveLength(sockets);
      await pass(2);
      expect(server.sockets).toHaveLength(sockets + 1);
    }
    expect(waits.slice(0, 5)).toEqual([700, 1350, 2430, 4374, 6000]);
    expect(new Set(waits.slice(4))).toEqual(new Set([6000]));
  });

  it("begins again after WELCOME, not when the socket opens", async () => {
    server.welcomes = false;
    await connect();
    server.last.drop();
    await pass(700);
    server.last.drop();
    expect(client.connection.get().attempt).toBe(2);
    await pass(1350);
    server.last.welcome();
    expect(client.connection.get()).toMatchObject({ status: "connected", attempt: 0, nextRetryAt: null });
    server.last.drop();
    expect(client.connection.get().attempt).toBe(1);
  });

  it("is cut short by retryNow", async () => {
    await connect();
    server.last.drop();
    client.retryNow();
    client.retryNow();
    await settle();
    expect(server.sockets).toHaveLength(2);
    expect(status()).toBe("connected");
    client.retryNow();
    expect(server.sockets).toHaveLength(2);
  });

  it.each(["online", "visible"] as const)("is cut short when the page is %s again", async (why) => {
    await connect();
    server.last.drop();
    server.wake(why);
    await settle();
    expect([server.sockets.length, status()]).toEqual([2, "connected"]);
  });

  it("can be limited, and can be none", async () => {
    server.opens = false;
    await connect({ reconnect: { maxAttempts: 1 } });
    server.last.drop();
    await pass(1000);
    server.last.drop();
    expect([status(), server.sockets.length]).toEqual(["closed", 2]);
    await connect({ reconnect: false });
    server.last.drop();
    expect(client.connection.get()).toMatchObject({ status: "closed", error: { code: "disconnected" } });
  });

  it("says offline while the browser has no network", async () => {
    await connect();
    server.online = false;
    server.last.drop();
    expect(status()).toBe("offline");
  });
});

describe("a socket", () => {
  it("goes to /live of the page by default, by the page's scheme", async () => {
    const opened: unknown[] = [];
    class Socket {
      constructor(url: string, protocols: string[]) { opened.push(url, protocols); }
      close(): void { /* never opened */ }
    }
    const page = createLiveClient({ WebSocket: Socket as unknown as typeof WebSocket });
    page.mount("CounterComponent", props).subscribe(() => undefined);
    await settle();
    expect(opened).toEqual(["ws://localhost:3000/live", ["fluxstack-live.v1.json"]]);
    page.close();
  });

  it("stuck in CONNECTING is given up after ten seconds", async () => {
    server.opens = false;
    await connect();
    await pass(10_000);
    expect(server.sockets[0]?.closedWith).toBe(4000);
    expect(status()).toBe("reconnecting");
    await pass(700);
    expect(server.sockets).toHaveLength(2);
  });

  it("that opens but is never welcomed is given up too", async () => {
    server.welcomes = false;
    await connect();
    await pass(10_000);
    expect(status()).toBe("reconnecting");
  });

  it("that was replaced is heard no more", async () => {
    const handle = await connect();
    const [old] = server.sockets;
    await pass(30_000);
    expect(server.sockets).toHaveLength(2);
    expect([old?.onopen, old?.onmessage, old?.onclose]).toEqual([null, null, null]);
    old?.delta("c1", 0, [["=", ["count"], 99]]);
    old?.drop(4403);
    expect([status(), handle.getSnapshot().state?.count]).toEqual(["connected", 0]);
  });

  it("is not opened when its address comes too late", async () => {
    let give: (url: string) => void = () => undefined;
    await connect({ url: () => new Promise((resolve) => { give = resolve; }) });
    client.close();
    give("/live");
    await settle();
    expect([server.sockets.length, status()]).toEqual([0, "closed"]);
  });

  it("is greeted with the token it was opened with, whatever token of an abandoned try comes late", async () => {
    server.opens = false;
    const give: ((token: string) => void)[] = [];
    await connect({ auth: () => new Promise<string>((resolve) => give.push(resolve)) });
    await pass(11_000);
    give[1]?.("new");
    await settle();
    give[0]?.("late");
    await settle();
    server.last.open();
    await settle();
    expect([server.sockets.length, server.last.sentOf("HELLO")]).toMatchObject([1, [{ token: "new" }]]);
  });

  it("that cannot be made is tried again", async () => {
    let calls = 0;
    await connect({ url: () => { calls += 1; if (calls === 1) throw new Error("no address"); return "/live"; } });
    expect(client.connection.get()).toMatchObject({ status: "reconnecting", error: { code: "disconnected" } });
    await pass(700);
    expect(status()).toBe("connected");
  });
});

describe("the watchdog", () => {
  it("asks after heartbeatMs of silence, and replaces the socket at one and a half times that", async () => {
    await connect();
    await pass(19_999);
    expect(server.last.sentOf("PING")).toHaveLength(0);
    await pass(1);
    expect(server.last.sentOf("PING")).toMatchObject([{ at: expect.any(Number) as number }]);
    await pass(9999);
    expect(server.sockets).toHaveLength(1);
    await pass(1);
    expect(server.sockets).toHaveLength(2);
    expect(server.sockets[0]?.closedWith).toBe(4000);
    expect(status()).toBe("connected");
  });

  it("is content with anything it hears", async () => {
    await connect();
    for (let i = 0; i < 10; i++) {
      await pass(15_000);
      server.last.say({ type: "PONG", at: 0 });
    }
    expect(server.sockets).toHaveLength(1);
    expect(server.last.sentOf("PING")).toHaveLength(0);
  });

  it("asks again in the next silence", async () => {
    await connect();
    for (let i = 1; i <= 3; i++) {
      await pass(20_000);
      expect(server.last.sentOf("PING")).toHaveLength(i);
      server.last.say({ type: "PONG", at: 0 });
    }
    expect(server.sockets).toHaveLength(1);
  });

  it("asks at once when the page comes back, and waits three seconds for the answer", async () => {
    await connect();
    server.wake("visible");
    await settle();
    expect(server.last.sentOf("PING")).toHaveLength(1);
    server.last.say({ type: "PONG", at: 0 });
    await pass(3000);
    expect(server.sockets).toHaveLength(1);
    server.wake("online");
    await pass(3000);
    expect(server.sockets).toHaveLength(2);
  });
});

describe("a close with code", () => {
  it.each([1001, 1006, 1009, 1011, 1012, 1013, 4408, 4412, 4413, 4999, 3000])("%i is tried again", async (code) => {
    await connect();
    server.last.drop(code);
    expect(status()).toBe("reconnecting");
    await pass(1200);
    expect(status()).toBe("connected");
  });

  it.each([
    [1000, "closed", "disconnected"],
    [1002, "closed", "bad_message"],
    [1003, "closed", "bad_message"],
    [1007, "closed", "bad_message"],
    [1008, "closed", "bad_message"],
    [4401, "denied", "unauthorized"],
    [4403, "denied", "forbidden"],
    [4410, "outdated", "version_mismatch"],
  ] as const)("%i ends in %s, with what was pending failed and its reason shown", async (code, ends, error) => {
    const handle = await connect();
    const sent = outcomeOf(handle.call("increment"));
    await settle();
    const unsent = outcomeOf(handle.call("reset"));
    server.last.drop(code, "because");
    await pass(60_000);
    expect([status(), server.sockets.length]).toEqual([ends, 1]);
    if (code !== 1000) expect(client.connection.get().error).toMatchObject({ code: error, message: expect.stringContaining("because") as string });
    expect([sent.error, unsent.error]).toMatchObject([{ code: "unknown_outcome", maybeApplied: true }, { code: error }]);
    expect(handle.getSnapshot()).toMatchObject({ state: props, status: "failed", error: { code: error } });
    await expect(handle.call("reset")).rejects.toMatchObject({ code: error });
    expect([handle.getSnapshot().pending.count, server.listening]).toEqual([0, 0]);
    client.retryNow();
    await settle();
    expect([status(), handle.getSnapshot().status]).toEqual(["connected", "live"]);
    handle.dispatch("reset");
    await settle();
    expect(server.last.sentOf("COMPONENT_ACTION")).toMatchObject([{ action: "reset", requestId: 1 }]);
  });

  it("4409 pauses until the user returns", async () => {
    const handle = await connect();
    server.last.drop(4409);
    const call = outcomeOf(handle.call("increment"));
    await pass(60_000);
    server.wake("online");
    await settle();
    expect([status(), server.sockets.length, call]).toEqual(["paused", 1, {}]);
    server.wake("visible");
    await settle();
    expect([status(), handle.getSnapshot().status]).toEqual(["connected", "live"]);
    expect(server.last.sentOf("COMPONENT_ACTION")).toHaveLength(1);
  });

  it("4401 asks for a token and reconnects with it", async () => {
    const tokens = ["old", "new"];
    await connect({ auth: () => tokens.shift() ?? null });
    server.last.drop(4401);
    await pass(1200);
    expect(status()).toBe("connected");
    expect(server.last.sentOf("HELLO")).toMatchObject([{ token: "new" }]);
  });

  it("4401 is denied when there is no token, given as undefined, and nothing is refused before the server said so", async () => {
    const handle = await connect({ auth: () => undefined });
    expect([server.last.sentOf("HELLO"), handle.getSnapshot().status]).toEqual([[{ type: "HELLO", protocol: 1 }], "live"]);
    server.last.drop(4401);
    await pass(10_000);
    expect([status(), server.sockets.length]).toEqual(["denied", 1]);
  });

  it("4401 is denied when the token is still the refused one, and asked again on retryNow", async () => {
    let token = "old";
    await connect({ auth: () => token });
    server.last.drop(4401);
    await pass(60_000);
    expect([status(), server.sockets.length]).toEqual(["denied", 1]);
    token = "new";
    client.retryNow();
    await settle();
    expect(status()).toBe("connected");
  });

  it("1012 after GO_AWAY comes back within the time the server named", async () => {
    await connect();
    server.last.say({ type: "GO_AWAY", afterMs: 60_000, reason: "restart" });
    await pass(10_000);
    server.last.drop(1012);
    await pass(19_999);
    expect(server.sockets).toHaveLength(1);
    await pass(1);
    expect(server.sockets).toHaveLength(2);
  });
});

it("GO_AWAY moves to a new socket within the time the server named, and the old one serves until then", async () => {
  const handle = await connect();
  server.last.say({ type: "GO_AWAY", afterMs: 4000, reason: "restart" });
  await pass(1999);
  server.last.delta("c1", 0, [["=", ["count"], 1]]);
  expect([server.sockets.length, handle.getSnapshot().state?.count]).toEqual([1, 1]);
  await pass(1);
  expect([server.sockets.length, status()]).toEqual([2, "connected"]);
});

describe("after a reconnect", () => {
  it("to a new session each component is mounted again with its id and props, its state shown as stale meanwhile", async () => {
    const handle = await connect();
    server.last.delta("c1", 0, [["=", ["count"], 5]]);
    server.last.drop();
    expect(handle.getSnapshot()).toMatchObject({ state: { count: 5 }, status: "stale" });
    await pass(1200);
    expect(server.last.sent).toEqual([
      { type: "HELLO", protocol: 1, session: "s1", secret: "x", received: 0, components: [{ componentId: "c1", epoch: "e1", version: 1 }] },
      { type: "COMPONENT_MOUNT", componentId: "c1", payload: { component: "CounterComponent", props } },
    ]);
    expect(handle.getSnapshot()).toMatchObject({ state: { count: 0 }, status: "live" });
  });

  it("to a new session a call that was sent has an unknown outcome, and what was not goes out numbered from 1", async () => {
    const handle = await connect();
    const done = outcomeOf(handle.call("reset"));
    const sent = outcomeOf(handle.call("increment"));
    await settle();
    server.last.reply(1);
    server.last.drop();
    const unsent = outcomeOf(handle.call("decrement"));
    await settle();
    expect([done, sent, unsent]).toEqual([{ value: null }, {}, {}]);
    await pass(1200);
    expect(sent.error).toMatchObject({ code: "unknown_outcome", maybeApplied: true, retryable: false, action: "increment" });
    expect(server.last.sentOf("COMPONENT_ACTION")).toEqual([{ type: "COMPONENT_ACTION", componentId: "c1", action: "decrement", requestId: 1 }]);
    server.last.reply(1, "c1", 0, "ok");
    await settle();
    expect(unsent).toEqual({ value: "ok" });
  });

  it("a set of a field, made again and again offline, goes out once with the newest value", async () => {
    const handle = await connect();
    server.last.drop();
    for (let i = 0; i < 500; i++) handle.set("title", String(i));
    expect(handle.getSnapshot().state?.title).toBe("499");
    await pass(1200);
    expect(server.last.sentOf("PROPERTY_UPDATE")).toMatchObject([{ payload: { value: "499" }, requestId: 1 }]);
    expect(handle.getSnapshot().state?.title).toBe("499");
    expect(reported).toEqual([]);
  });
});

describe("offline", () => {
  it("a hundred calls wait, and the next fails at once", async () => {
    const handle = await connect();
    server.last.drop();
    const calls = Array.from({ length: 101 }, () => outcomeOf(handle.call("increment")));
    await settle();
    expect(calls[99]).toEqual({});
    expect(calls[100]?.error).toMatchObject({ code: "disconnected", retryable: true, maybeApplied: false });
    await pass(1200);
    expect(server.last.sentOf("COMPONENT_ACTION")).toHaveLength(32);
  });

  it("256 KiB wait, and the next call fails at once", async () => {
    const handle = await connect();
    server.last.drop();
    const large = "x".repeat(60_000) as unknown as number;
    const calls = Array.from({ length: 6 }, () => outcomeOf(handle.call("increment", large)));
    await settle();
    expect(calls.map(({ error }) => error?.code)).toEqual([undefined, undefined, undefined, undefined, undefined, "disconnected"]);
  });
});

describe("close()", () => {
  it("ends the connection for good, and what is pending with it", async () => {
    const handle = await connect();
    const call = outcomeOf(handle.call("increment"));
    client.close();
    await pass(60_000);
    expect([status(), server.last.closedWith, server.sockets.length]).toEqual(["closed", 1000, 1]);
    expect(call.error).toMatchObject({ code: "disconnected" });
    expect(server.listening).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it("retryNow with nothing mounted connects, and then goes idle until something is", async () => {
  client = server.client();
  client.retryNow();
  await settle();
  expect([status(), server.last.closedWith, server.last.sent.map(({ type }) => type)]).toEqual(["idle", 4000, ["HELLO"]]);
  client.mount("CounterComponent", props).subscribe(() => undefined);
  await settle();
  expect(status()).toBe("connected");
});

describe("a page", () => {
  it("has one client for a URL", () => {
    expect(getLiveClient()).toBe(getLiveClient({ url: "/live" }));
    expect(getLiveClient()).toBe(getLiveClient({ url: "ws://localhost:3000/live" }));
    expect(getLiveClient({ url: "/other" })).not.toBe(getLiveClient());
  });

  it("keeps it over a hot reload of this package", async () => {
    const before = getLiveClient();
    vi.resetModules();
    const again = await import("../src/client.js");
    expect(again.getLiveClient).not.toBe(getLiveClient);
    expect(again.getLiveClient()).toBe(before);
  });
});
