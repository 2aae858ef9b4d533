// @ts-check
// The example 01-counter: a private struct, its actions, and a field that the page sets.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startExample } from "./example.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("01-counter: it counts, never below zero, and each window has its own", async (t) => {
  const { url } = await startExample(t, "01-counter");
  const [first, second] = [await openWindow(t, browser, url), await openWindow(t, browser, url)];
  await press(first.page, "Increment");
  await press(first.page, "+10");
  await says(first.page.getByLabel("Count"), /^11$/);
  await press(first.page, "Reset");
  await press(first.page, "Decrement");
  await press(first.page, "Increment");
  await says(first.page.getByLabel("Count"), /^1$/);
  assert.equal(await second.page.getByLabel("Count").textContent(), "0");
});

test("01-counter: the server has the title that was typed", async (t) => {
  const { url } = await startExample(t, "01-counter");
  const { page, sockets } = await openWindow(t, browser, url);
  await page.getByLabel("Title").fill("Cups of tea");
  await says(page.getByRole("heading"), /^Cups of tea$/);
  await eventually(() => {
    const ops = sockets.flatMap(({ received }) => received.flatMap((message) => message.ops ?? []));
    assert.deepEqual(ops.at(-1), ["=", ["title"], "Cups of tea"]);
  });
});

test("01-counter: what is pressed while the server is away counts when it is back", async (t) => {
  const server = await startExample(t, "01-counter");
  const { page } = await openWindow(t, browser, server.url, { serverGoesDown: true });
  await press(page, "Increment");
  await says(page.getByLabel("Count"), /^1$/);
  await server.kill();
  await says(page.locator("p[role=status]"), "No connection");
  await press(page, "+10");
  await server.start();
  // The struct was in the server's memory: a new one was mounted, with the props, and heard of the press.
  await says(page.getByLabel("Count"), /^10$/);
});

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
