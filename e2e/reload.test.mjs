// @ts-check
// A page that is loaded again, and one that is cloned: the same visitor, and nothing is taken from the other tab.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counts, eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/** @param {import('playwright-core').Page} page the names of who is there */
const names = (page) => page.getByTestId("chat-users").locator("li").allTextContents();

/** @param {{ sent: import('./browser.mjs').Message[], received: import('./browser.mjs').Message[] }[]} sockets */
const greetings = (sockets) => sockets.map(({ sent, received }) => ({
  anew: sent.find(({ type }) => type === "HELLO")?.anew ?? false,
  resumed: received.find(({ type }) => type === "WELCOME")?.resumed,
}));

test("who loads the page again is still the same, and is there once", async (t) => {
  const { url } = await startShowcase(t);
  const watcher = await openWindow(t, browser, url);
  const { page, own, sockets } = await openWindow(t, browser, `${url}/?encoding=json`);
  await says(watcher.page.getByTestId("chat-users"), /^2 here/);
  const before = await names(watcher.page);
  await page.reload();
  await own.increment.click();
  await counts(own.count, 1);
  await says(page.getByTestId("chat-users"), /^2 here/);
  await eventually(async () => { assert.deepEqual((await names(watcher.page)).sort(), before.sort()); });
  assert.deepEqual(greetings(sockets), [{ anew: false, resumed: false }, { anew: true, resumed: false }]);
});

test("a cloned tab takes nothing from the one it was cloned from", async (t) => {
  const { url } = await startShowcase(t);
  const { page, own, connection } = await openWindow(t, browser, url);
  await own.increment.click();
  await counts(own.count, 1);
  // A window that a page opens has a copy of its session storage.
  const [clone] = await Promise.all([page.waitForEvent("popup"), page.evaluate(() => { window.open(location.href); })]);
  await says(clone.getByTestId("chat-users"), /^1 here/);
  const count = clone.getByRole("region", { name: "Yours alone", exact: true }).getByRole("status");
  await counts(count, 0);
  await says(connection, /^Connected$/);
  await own.increment.click();
  await counts(own.count, 2);
  await counts(count, 0);
});
