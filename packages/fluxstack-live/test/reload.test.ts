// A page that is loaded again, or whose tab was duplicated: the same visitor, a new session.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LiveClient } from "../src/client.js";
import { pageEnvironment, type Environment } from "../src/environment.js";
import { FakeServer, pass, settle } from "./fake-server.js";

let server: FakeServer;
const props = { count: 0, title: "Live Counter" };
const key = "fluxstack-live:/live";

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
});
afterEach(() => {
  vi.useRealTimers();
});

async function load(url?: string, storage?: Environment["storage"]): Promise<LiveClient> {
  const client = server.client({ url }, storage);
  client.mount("CounterComponent", props).subscribe(() => undefined);
  await settle();
  return client;
}
const hello = (): unknown => server.last.sent[0];
const anew = (session: string, secret: string): object => ({ type: "HELLO", protocol: 1, session, secret, anew: true });

it("the first page of a tab is nobody yet, and remembers who it became", async () => {
  await load();
  expect(hello()).toEqual({ type: "HELLO", protocol: 1 });
  expect(JSON.parse(server.stored.get(key) ?? "")).toEqual({ session: "s1", secret: "x" });
});

it("the next asks for a new session of that visitor, until it has one", async () => {
  await load();
  server.welcomes = false;
  await load();
  expect(hello()).toEqual(anew("s1", "x"));
  server.last.drop();
  await pass(1200);
  expect(hello()).toEqual(anew("s1", "x"));
  server.last.welcome({ session: "s2", secret: "y" });
  await settle();
  expect(server.last.sentOf("COMPONENT_MOUNT")).toHaveLength(1);
  expect(JSON.parse(server.stored.get(key) ?? "")).toEqual({ session: "s2", secret: "y" });
  server.last.drop();
  await pass(1200);
  expect(hello()).toEqual({ type: "HELLO", protocol: 1, session: "s2", secret: "y", received: 0, components: [{ componentId: "c1", epoch: "e1", version: 0 }] });
});

it("what another page stored since is not this one's session", async () => {
  await load();
  server.stored.set(key, JSON.stringify({ session: "s9", secret: "z" }));
  server.last.drop();
  await pass(1200);
  expect(hello()).toMatchObject({ session: "s1", secret: "x", received: 0 });
});

it("the secret that is remembered is the newest", async () => {
  await load();
  server.greeting = { resumed: true, secret: "y" };
  server.last.drop();
  await pass(1200);
  expect(JSON.parse(server.stored.get(key) ?? "")).toEqual({ session: "s1", secret: "y" });
});

it("each address has its own", async () => {
  await load("/live");
  await load("/other");
  expect(hello()).toEqual({ type: "HELLO", protocol: 1 });
  expect([...server.stored.keys()]).toEqual([key, "fluxstack-live:/other"]);
});

it.each<[string, Environment["storage"]]>([
  ["there is no storage", () => { throw new ReferenceError("sessionStorage is not defined"); }],
  ["storage may not be used", () => { throw new DOMException("sandboxed", "SecurityError"); }],
  ["storage is full", () => ({ getItem: () => null, setItem: () => { throw new DOMException("full", "QuotaExceededError"); } })],
  ["something else is stored", () => ({ getItem: () => "null", setItem: () => undefined })],
  ["what is stored is no JSON", () => ({ getItem: () => "{", setItem: () => undefined })],
])("where %s, a page is just not remembered", async (_, storage) => {
  const client = await load(undefined, storage);
  expect([hello(), client.connection.get().status]).toEqual([{ type: "HELLO", protocol: 1 }, "connected"]);
  server.last.drop();
  await pass(1200);
  expect(hello()).toMatchObject({ session: "s1", secret: "x", received: 0 });
});

it("a page's storage is that of its tab", () => {
  sessionStorage.setItem("a", "b");
  expect(pageEnvironment().storage().getItem("a")).toBe("b");
});

it("a page wakes when the network is back, when it is shown, and when it leaves a freeze", () => {
  const woken = vi.fn();
  const stop = pageEnvironment().onWake(woken);
  window.dispatchEvent(new Event("online"));
  window.dispatchEvent(new Event("pageshow"));
  document.dispatchEvent(new Event("visibilitychange"));
  document.dispatchEvent(new Event("resume"));
  stop();
  document.dispatchEvent(new Event("resume"));
  expect(woken.mock.calls).toEqual([["online"], ["visible"], ["visible"], ["online"]]);
});
