// @ts-check
// The example 03-chat, in two windows: shared state, an event, a typed error, and who is there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startExample } from "./example.mjs";

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("03-chat: a message is in both windows, and in the title of both, but not of one that comes later", async (t) => {
  const { url } = await startExample(t, "03-chat");
  const [first, second] = [await openWindow(t, browser, url), await openWindow(t, browser, url)];
  await present(second.page, 2);
  await say(first.page, "Is the kettle on?");
  await says(messages(second.page).first(), /^Guest \S+ Is the kettle on\?$/);
  await say(second.page, "It is.");
  for (const { page } of [first, second]) {
    // The newest comes first.
    await eventually(async () => { assert.match((await messages(page).allTextContents()).join(), /It is\.,.*Is the kettle on\?$/); });
    await eventually(async () => { assert.match(await page.title(), /^Guest \S+: It is\.$/); });
  }
  const late = await openWindow(t, browser, url);
  await says(messages(late.page).first(), "It is.");
  assert.doesNotMatch(await late.page.title(), /It is/);
});

test("03-chat: who closes a window is gone from the list, and another room is another", async (t) => {
  const { url } = await startExample(t, "03-chat");
  const [stays, goes] = [await openWindow(t, browser, url), await openWindow(t, browser, url)];
  const elsewhere = await openWindow(t, browser, `${url}/?room=kitchen`);
  await present(stays.page, 2);
  await present(elsewhere.page, 1);
  await goes.page.close();
  await present(stays.page, 1);
});

test("03-chat: an empty message is refused with a sentence, and reaches nobody", async (t) => {
  const { url } = await startExample(t, "03-chat");
  const { page } = await openWindow(t, browser, url);
  await present(page, 1);
  await page.getByRole("button", { name: "Send" }).click();
  await says(page.getByRole("alert"), "There is nothing in it yet.");
  await say(page, "x".repeat(501));
  await says(page.getByRole("alert"), "That is too long.");
  await say(page, "short");
  await says(messages(page).first(), "short");
  await says(page.getByRole("alert"), /^$/);
  assert.equal(await messages(page).count(), 1);
});

/**
 * @param {Page} page
 * @param {string} text
 */
async function say(page, text) {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** @param {Page} page */
const messages = (page) => page.getByRole("list", { name: "Messages" }).getByRole("listitem");

/**
 * Waits until so many are in the room.
 * @param {Page} page
 * @param {number} count
 */
function present(page, count) {
  return eventually(async () => {
    assert.equal(await page.getByRole("list", { name: "Who is here" }).getByRole("listitem").count(), count);
  });
}
