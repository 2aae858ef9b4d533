// @ts-check
// The page's cable is cut and mended while everything goes on: nothing is lost, nothing counts twice, nothing begins anew.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counts, eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("a connection that is lost for five seconds costs nobody anything", async (t) => {
  const { url } = await startShowcase(t);
  const there = await openWindow(t, browser, url);
  const { page, own, shared, sockets, connection } = await openWindow(t, browser, `${url}/?encoding=json`, { serverGoesDown: true });
  for (let i = 0; i < 3; i += 1) await own.increment.click();
  await counts(own.count, 3);
  await shared.increment.click();
  await counts(there.shared.count, 1);

  await page.getByRole("button", { name: "Cut this page’s cable for five seconds" }).click();
  await says(connection, "Connection lost");
  await own.increment.click();
  await shared.increment.click();
  await there.shared.increment.click();
  await counts(there.shared.count, 2);
  await says(own.root, "1 change waits for the server.");

  await says(connection, /^Connected$/);
  await counts(own.count, 4);
  await counts(shared.count, 3);
  await counts(there.shared.count, 3);
  const [welcome, ...mounted] = sockets.at(-1)?.received ?? [];
  assert.equal(welcome.resumed, true);
  // What changed travels: for most components that is nothing.
  const resumed = mounted.filter(({ type }) => type === "COMPONENT_MOUNTED");
  assert.ok(resumed.length > 3 && resumed.every(({ ops }) => ops !== undefined), JSON.stringify(resumed));
  await eventually(() => { assert.equal(sockets.at(-1)?.sent.filter(({ type }) => type === "COMPONENT_ACTION").length, 2); });
});
