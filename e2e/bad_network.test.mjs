// @ts-check
// The showcase through a network that cuts, loses, slows and refuses, from a seed: what is pressed and said counts, once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counts, eventually, launchChromium, openWindow } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("a page on a bad network does what it is asked to, and does it once", async (t) => {
  const { url, badNetwork } = await startShowcase(t, "--bad-network", "7");
  assert.ok(badNetwork !== null);
  const there = await openWindow(t, browser, url);
  const here = await openWindow(t, browser, badNetwork, { serverGoesDown: true });
  for (let n = 1; n <= 20; n += 1) {
    await here.own.increment.click();
    await here.shared.increment.click();
    await there.shared.increment.click();
  }
  const message = here.page.getByTestId("chat-input");
  await message.fill("Can you hear me?");
  await message.press("Enter");
  await counts(here.own.count, 20);
  await counts(here.shared.count, 40);
  await counts(there.shared.count, 40);
  await eventually(async () => {
    assert.deepEqual(await there.page.locator(".chat-content").allTextContents(), ["Can you hear me?"]);
  });
  assert.ok(here.sockets.length > 1, `${String(here.sockets.length)} connections: the network was not bad at all`);
});
