// What a page may do besides: ask before it is left, load again, pause.
import { describe, expect, it, vi } from "vitest";
import { pauseWhenHidden, reloadWhenOutdated, warnBeforeUnload } from "../src/page.js";
import { pass, settle } from "./fake-server.js";
import { LivePage } from "./live-page.js";

const page = new LivePage();
const counter = () => page.mounted("CounterComponent", { count: 0, title: "" });

it("a page is left without a question unless something is not acknowledged", async () => {
  const handle = await counter();
  const end = warnBeforeUnload(page.client);
  const asks = (): boolean => {
    const leaving = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(leaving);
    return leaving.defaultPrevented;
  };
  expect(asks()).toBe(false);
  handle.set("title", "a");
  expect(asks()).toBe(true);
  await settle();
  expect(asks()).toBe(true);
  page.server.last.reply(1);
  expect(asks()).toBe(false);
  handle.dispatch("increment");
  end();
  expect(asks()).toBe(false);
});

it("an outdated page is loaded again, once until it is connected", async () => {
  const reload = vi.spyOn(window.location, "reload").mockImplementation(() => undefined);
  await counter();
  reloadWhenOutdated(page.client);
  page.server.last.drop(4410);
  expect(reload).toHaveBeenCalledTimes(1);
  page.server.welcomes = false;
  page.client.retryNow();
  await settle();
  page.server.last.drop(4410);
  expect(reload).toHaveBeenCalledTimes(1);
  page.server.welcomes = true;
  page.client.retryNow();
  await settle();
  page.server.last.drop(4410);
  expect(reload).toHaveBeenCalledTimes(2);
});

describe("a page that is hidden", () => {
  const hide = (hidden: boolean): void => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
    document.dispatchEvent(new Event("visibilitychange"));
    if (!hidden) page.server.wake("visible");
  };

  it("closes its connection after a while, keeps its state, and connects when it is seen", async () => {
    const handle = await counter();
    pauseWhenHidden(page.client, 15_000);
    hide(true);
    await pass(14_999);
    expect(page.client.connection.get().status).toBe("connected");
    await pass(1);
    expect([page.client.connection.get().status, handle.getSnapshot().status, page.server.last.closedWith]).toEqual(["paused", "stale", 4000]);
    hide(false);
    await settle();
    expect([page.client.connection.get().status, page.server.sockets.length]).toEqual(["connected", 2]);
  });

  it("and seen again in time keeps it", async () => {
    await counter();
    pauseWhenHidden(page.client, 15_000);
    hide(true);
    await pass(8_000);
    hide(false);
    page.server.last.say({ type: "PONG", at: 0 });
    await pass(10_000);
    expect(page.server.sockets.length).toBe(1);
  });
});

describe("the connection", () => {
  it("says how long the server took to answer, and how much is not acknowledged", async () => {
    const handle = await counter();
    const { latencyMs, unsynced } = page.client.connection.get();
    expect([latencyMs, unsynced]).toEqual([0, 0]);
    handle.set("title", "a");
    handle.dispatch("increment");
    expect(page.client.connection.get().unsynced).toBe(2);
    await settle();
    page.server.last.reply(1);
    page.refuse(2);
    expect(page.client.connection.get().unsynced).toBe(0);
  });

  it("is made anew by reauthenticate, and by nothing while none is needed", async () => {
    page.client.reauthenticate();
    await settle();
    expect(page.server.sockets.length).toBe(0);
    await counter();
    page.client.reauthenticate();
    await settle();
    expect([page.server.sockets.length, page.client.connection.get().status]).toEqual([2, "connected"]);
  });
});

describe("a pause", () => {
  const props = { count: 0, title: "" };

  it("a client that was paused while idle connects for the first component", async () => {
    page.client.pause();
    page.server.wake("visible");
    const handle = await page.mounted("CounterComponent", props);
    await pass(5000);
    expect([page.client.connection.get().status, handle.getSnapshot().status]).toEqual(["connected", "live"]);
  });

  it("a client that went idle, and is paused then, connects for the next component", async () => {
    page.client.mount("CounterComponent", props).subscribe(() => undefined)();
    await pass(5000);
    expect(page.client.connection.get().status).toBe("idle");
    page.client.pause();
    page.server.wake("visible");
    const handle = await page.mounted("CounterComponent", { count: 0, title: "next" });
    await pass(5000);
    expect(handle.getSnapshot().status).toBe("live");
  });

  it("a pause does not make an outdated client look as if it would go on", async () => {
    await page.mounted("CounterComponent", props);
    page.server.last.drop(4410);
    await settle();
    page.client.pause();
    expect(page.client.connection.get()).toMatchObject({ status: "outdated", error: { code: "version_mismatch" } });
  });
});
