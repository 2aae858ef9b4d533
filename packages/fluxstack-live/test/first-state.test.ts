// What Suspense waits for on a connection that was refused before.
import { expect, it } from "vitest";
import { obstacle } from "../src/react/first-state.js";
import { pass } from "./fake-server.js";
import { LivePage } from "./live-page.js";

const page = new LivePage();

it("the wait for a first state ends at once where there will be none", async () => {
  await page.mounted("CounterComponent", { count: 0, title: "" });
  page.server.last.drop(4403);
  const handle = page.client.mount("CounterComponent", { count: 0, title: "next route" });
  let ended = false;
  void (obstacle(handle) as Promise<void>).then(() => { ended = true; });
  await pass(500);
  expect([ended, (obstacle(handle) as { code?: string }).code]).toEqual([true, "forbidden"]);
});
