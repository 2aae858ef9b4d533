// @ts-check
// However many components a page mounts, and however often StrictMode does so, there is one socket.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { card, counts, launchChromium, openWindow, says } from "./browser.mjs";
import { developmentPage } from "./development_page.mjs";
import { startShowcase } from "./showcase.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

const TEN = Array.from({ length: 10 }, (_, index) => `Counter ${String(index + 1)}`);

test("ten components under StrictMode open one socket and mount once each", async (t) => {
  const { url } = await startShowcase(t);
  await tenCountersOnOneSocket(t, url, await developmentPage(t));
});

test("ten components of the page in the binary open one socket and mount once each", async (t) => {
  const { url } = await startShowcase(t);
  await tenCountersOnOneSocket(t, url);
});

/**
 * @param {import('node:test').TestContext} t
 * @param {string} url
 * @param {(page: import('playwright-core').Page) => Promise<unknown>} [prepare]
 */
async function tenCountersOnOneSocket(t, url, prepare = () => Promise.resolve()) {
  const { page, sockets, shared, connection } = await openWindow(t, browser, `${url}/?counters=10&encoding=json`, { prepare });
  await says(connection, "Connected");
  for (const name of TEN) await card(page, name, "group").increment.click();
  for (const name of TEN) await counts(card(page, name, "group").count, 1);
  await counts(shared.count, 0);

  assert.deepEqual(sockets.map((socket) => socket.url), [`${url.replace("http", "ws")}/live`]);
  const sent = sockets.flatMap((socket) => socket.sent);
  const mounted = sent.filter(({ type }) => type === "COMPONENT_MOUNT").map(({ componentId }) => componentId);
  // The ten, and the five cards that are always there.
  assert.equal(mounted.length, 15);
  assert.equal(new Set(mounted).size, 15);
  assert.deepEqual(sent.filter(({ type }) => type === "COMPONENT_UNMOUNT"), []);
}
