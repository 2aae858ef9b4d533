// @ts-check
// The example 04-todo: one list in every window, and still there when the server comes back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startExample } from "./example.mjs";

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("04-todo: todos are added, ticked and removed, in both windows", async (t) => {
  const { url } = await startExample(t, "04-todo");
  const [first, second] = [await openWindow(t, browser, url), await openWindow(t, browser, url)];
  const both = [first.page, second.page];
  await add(first.page, "Water the plants");
  for (const page of both) await lists(page, ["[ ] Water the plants"]);
  await add(second.page, "Read the protocol");
  for (const page of both) await lists(page, ["[ ] Water the plants", "[ ] Read the protocol"]);
  await second.page.getByRole("checkbox", { name: "Water the plants" }).click();
  for (const page of both) await lists(page, ["[x] Water the plants", "[ ] Read the protocol"]);
  await first.page.getByRole("button", { name: "Remove “Water the plants”" }).click();
  for (const page of both) await lists(page, ["[ ] Read the protocol"]);
});

test("04-todo: an empty todo is refused", async (t) => {
  const { url } = await startExample(t, "04-todo");
  const { page } = await openWindow(t, browser, url);
  await page.getByRole("button", { name: "Add" }).click();
  await says(page.getByRole("alert"), "there is nothing in it yet");
  await add(page, "Something");
  await lists(page, ["[ ] Something"]);
  await says(page.getByRole("alert"), /^$/);
});

test("04-todo: a todo is there before the server has heard of it, and is not there twice when it has", async (t) => {
  const server = await startExample(t, "04-todo");
  const { page } = await openWindow(t, browser, server.url, { serverGoesDown: true });
  await page.locator("section[data-status=live]").waitFor();
  await server.kill();
  await says(page.locator("p[role=status]"), "No connection");
  await add(page, "Written offline");
  await lists(page, ["[ ] Written offline"]);
  await page.getByRole("checkbox", { name: "Written offline" }).click();
  await lists(page, ["[x] Written offline"]);
  await server.start();
  const fresh = await openWindow(t, browser, server.url);
  for (const each of [page, fresh.page]) await lists(each, ["[x] Written offline"]);
});

test("04-todo: the list survives the server", async (t) => {
  const server = await startExample(t, "04-todo");
  const { page } = await openWindow(t, browser, server.url, { serverGoesDown: true });
  await add(page, "Pull the plug");
  await lists(page, ["[ ] Pull the plug"]);
  await page.getByRole("checkbox", { name: "Pull the plug" }).click();
  await lists(page, ["[x] Pull the plug"]);
  // This page shows it ahead of the server; another one does not.
  await lists((await openWindow(t, browser, server.url, { serverGoesDown: true })).page, ["[x] Pull the plug"]);
  await server.kill();
  await says(page.locator("p[role=status]"), "No connection");
  await server.start();
  // Asked of a window that knows nothing of before; the old one may still show what it had.
  const fresh = await openWindow(t, browser, server.url);
  await lists(fresh.page, ["[x] Pull the plug"]);
  await add(page, "Put it in again");
  for (const each of [page, fresh.page]) await lists(each, ["[x] Pull the plug", "[ ] Put it in again"]);
});

/**
 * @param {Page} page
 * @param {string} text
 */
async function add(page, text) {
  await page.getByRole("textbox", { name: "What is to be done?" }).fill(text);
  await page.getByRole("button", { name: "Add" }).click();
}

/**
 * Waits until the list reads as it should.
 * @param {Page} page
 * @param {readonly string[]} expected
 */
function lists(page, expected) {
  return eventually(async () => {
    const seen = await page.getByRole("list", { name: "Todos" }).getByRole("listitem").evaluateAll((items) => items.map((item) => {
      const ticked = item.querySelector("input")?.checked === true;
      return `[${ticked ? "x" : " "}] ${(item.querySelector("label")?.textContent ?? "").trim()}`;
    }));
    assert.deepEqual(seen, expected);
  });
}
