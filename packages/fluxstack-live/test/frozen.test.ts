// A state that someone froze, as Immer and Redux Toolkit do with all that they are given.
import { expect, it } from "vitest";
import { settle } from "./fake-server.js";
import { LivePage } from "./live-page.js";

const page = new LivePage();

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}

it("a field that holds a list can be set twice though what was shown is frozen", async () => {
  page.server.state = () => ({ title: [] });
  const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
  const set = async (value: unknown, requestId: number) => {
    handle.set("title", value as string);
    await settle();
    page.server.last.say(
      { type: "STATE_DELTA", componentId: "c1", from: requestId - 1, version: requestId, ops: [["=", ["title"], value]] },
      { type: "REPLY", requestId, componentId: "c1", payload: { result: null }, at: { c1: requestId } },
    );
    await settle();
    freeze(handle.getSnapshot().state);
  };
  await set([{ id: 1 }], 1);
  await set([{ id: 1 }, { id: 2 }], 2);
  expect([handle.getSnapshot().state?.title, handle.getSnapshot().pending.fields.size]).toEqual([[{ id: 1 }, { id: 2 }], 0]);
  // Nor may the other components of the page stop.
  const other = await page.mounted("CounterComponent", { count: 0, title: "other" });
  expect(other.getSnapshot().status).toBe("live");
});
