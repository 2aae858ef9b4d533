// @ts-check
// `TodoComponent`: one list in every window, and still there when the server comes back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("todos are added, ticked and removed, in both windows", async (t) => {
  const { url } = await startShowcase(t);
  const [first, second] = [await openWindow(t, browser, url), await openWindow(t, browser, url)];
  const both = [first.page, second.page];
  await add(first.page, "Water the plants");
  for (const page of both) await lists(page, ["[ ] Water the plants"]);
  await add(second.page, "Read the protocol");
  for (const page of both) await lists(page, ["[ ] Water the plants", "[ ] Read the protocol"]);
  await item(second.page, "Water the plants").getByTestId("todo-toggle").click();
  for (const page of both) await lists(page, ["[x] Water the plants", "[ ] Read the protocol"]);
  await says(first.page.getByTestId("todo-count"), "1 of 2 done");
  await item(first.page, "Water the plants").getByTestId("todo-toggle").click();
  for (const page of both) await lists(page, ["[ ] Water the plants", "[ ] Read the protocol"]);
  await item(first.page, "Water the plants").getByTestId("todo-remove").click();
  for (const page of both) await lists(page, ["[ ] Read the protocol"]);
});

test("an empty todo is refused with a typed error, and none is added", async (t) => {
  const { url } = await startShowcase(t);
  const { page } = await openWindow(t, browser, url);
  await page.getByTestId("todo-add").click();
  await says(page.getByTestId("todo-error"), "There is nothing in it yet.");
  await add(page, "Something");
  await lists(page, ["[ ] Something"]);
  await says(page.getByTestId("todo-error"), /^$/);
});

test("todos are still there when the server was killed and started again with the same data", async (t) => {
  const showcase = await startShowcase(t);
  const { page, connection } = await openWindow(t, browser, showcase.url, { serverGoesDown: true });
  const todos = ["[x] Pull the plug", "[ ] Put it in again"];
  await add(page, "Pull the plug");
  await add(page, "Put it in again");
  await lists(page, ["[ ] Pull the plug", "[ ] Put it in again"]);
  await item(page, "Pull the plug").getByTestId("todo-toggle").click();
  await lists(page, todos);
  // This page shows it ahead of the server; another one does not.
  await lists((await openWindow(t, browser, showcase.url, { serverGoesDown: true })).page, todos);

  await showcase.kill();
  await says(connection, "Connection lost");
  await lists(page, todos);

  await showcase.start();
  await says(connection, /^Connected$/);
  // Asked of a window that knows nothing of before; the old one may still show what it had.
  const fresh = await openWindow(t, browser, showcase.url);
  await lists(fresh.page, todos);
  await item(page, "Put it in again").getByTestId("todo-toggle").click();
  for (const window of [page, fresh.page]) await lists(window, ["[x] Pull the plug", "[x] Put it in again"]);
});

/**
 * @param {Page} page
 * @param {string} text
 */
async function add(page, text) {
  const count = await page.getByTestId("todo-item").count();
  await page.getByTestId("todo-input").fill(text);
  await page.getByTestId("todo-add").click();
  await eventually(async () => { assert.ok(await page.getByTestId("todo-item").count() > count, `\`${text}\` did not come`); });
}

/**
 * @param {Page} page
 * @param {string} text
 */
const item = (page, text) => page.getByTestId("todo-item").filter({ hasText: text });

/**
 * Waits until the list reads as it should.
 * @param {Page} page
 * @param {readonly string[]} expected
 */
function lists(page, expected) {
  return eventually(async () => {
    const seen = await page.getByTestId("todo-item").evaluateAll((items) => items.map((element) => {
      const box = element.querySelector("input");
      return `[${box?.checked === true ? "x" : " "}] ${element.textContent.trim()}`;
    }));
    assert.deepEqual(seen, expected);
  });
}
