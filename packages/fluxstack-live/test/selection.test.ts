// A part of a state, watched; and the wait for the first one.
import { describe, expect, it } from "vitest";
import { ready, select } from "../src/selection.js";
import { pass, settle } from "./fake-server.js";
import { LivePage } from "./live-page.js";

const page = new LivePage();

describe("a selection", () => {
  it("tells its listeners only of changes of the part", async () => {
    const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
    const parity = select(handle, ({ count }) => count % 2);
    const told: unknown[] = [];
    parity.subscribe(() => told.push(parity.get()));
    page.server.last.delta("c1", 0, [["=", ["count"], 2]]);
    page.server.last.delta("c1", 1, [["=", ["title"], "x"]]);
    page.server.last.delta("c1", 2, [["=", ["count"], 3]]);
    expect(told).toEqual([1]);
  });

  it("keeps what is equal item by item, or as it is told", async () => {
    const handle = await page.mounted("CounterComponent", { count: 1, title: "" });
    const list = select(handle, ({ count }) => [Math.min(count, 2), "x"]);
    const ten = select(handle, ({ count }) => ({ at: count }), (a, b) => Math.floor(a.at / 10) === Math.floor(b.at / 10));
    const before = [list.get(), ten.get()];
    page.server.last.delta("c1", 0, [["=", ["title"], "x"]]);
    expect([list.get() === before[0], ten.get() === before[1]]).toEqual([true, true]);
    page.server.last.delta("c1", 1, [["=", ["count"], 2]]);
    expect([list.get(), ten.get() === before[1]]).toEqual([[2, "x"], true]);
    page.server.last.delta("c1", 2, [["=", ["count"], 10]]);
    expect([list.get() === before[0], ten.get()]).toEqual([false, { at: 10 }]);
  });

  it("is undefined before the first state", () => {
    expect(select(page.client.mount("ChatComponent", { room: "a" }), ({ messages }) => messages.length).get()).toBeUndefined();
  });

  it("mounts its component while it is watched", async () => {
    const leave = select(page.client.mount("CounterComponent", { count: 0, title: "" }), ({ count }) => count).subscribe(() => undefined);
    await settle();
    expect(page.server.last.sentOf("COMPONENT_MOUNT").length).toBe(1);
    leave();
    await pass(1000);
    expect(page.server.last.sentOf("COMPONENT_UNMOUNT").length).toBe(1);
  });
});

describe("ready", () => {
  it("mounts the component, resolves with its first state, and lets go of it", async () => {
    const handle = page.client.mount("ChatComponent", { room: "a" });
    page.server.state = () => ({ messages: [], users: {} });
    await Promise.all([ready(handle), settle()]);
    expect(handle.getSnapshot().status).toBe("live");
    await pass(1000);
    expect(page.server.last.sentOf("COMPONENT_UNMOUNT").length).toBe(1);
  });

  it("rejects when the mount is refused", async () => {
    page.server.state = () => undefined;
    const waited = ready(page.client.mount("ChatComponent", { room: "a" })).catch((error: unknown) => error);
    await settle();
    page.server.last.say({ type: "ERROR", code: "forbidden", payload: { error: "no" }, componentId: "c1" });
    expect(await waited).toMatchObject({ code: "forbidden", component: "ChatComponent" });
  });
});
