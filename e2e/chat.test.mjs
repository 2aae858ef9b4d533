// @ts-check
// `ChatComponent` in two windows: what is said, what is told once, and who is there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("a message typed in one window appears in the second, and is marked as one's own only in the first", async (t) => {
  const { url } = await startShowcase(t);
  const [first, second] = [await openWindow(t, browser, url), await openWindow(t, browser, url)];
  await say(first.page, "Is the kettle on?");
  await says(messages(second.page).first(), "Is the kettle on?");
  await says(messages(first.page).first(), "(you)");
  await say(second.page, "It is.");
  for (const { page } of [first, second]) {
    await eventually(async () => { assert.deepEqual(await page.locator(".chat-content").allTextContents(), ["Is the kettle on?", "It is."]); });
  }
  await eventually(async () => {
    assert.deepEqual(await owned(first.page), ["true", "false"]);
    assert.deepEqual(await owned(second.page), ["false", "true"]);
  });
  assert.equal(await first.page.getByTestId("chat-input").inputValue(), "");
});

test("MESSAGE_RECEIVED is heard once in each window", async (t) => {
  const { url } = await startShowcase(t);
  const readable = `${url}/?encoding=json`;
  const windows = [await openWindow(t, browser, readable), await openWindow(t, browser, readable)];
  for (const { page } of windows) await says(page.getByTestId("chat-users"), /^2 here/);
  await say(windows[0].page, "one");
  for (const { page } of windows) await says(page.getByTestId("chat-events"), /^1 message since/);
  // Events come in order: had the first been heard twice, this would make three.
  await say(windows[1].page, "two");
  for (const { page, sockets } of windows) {
    await says(page.getByTestId("chat-events"), /^2 messages since/);
    assert.equal(sockets.flatMap(({ received }) => received).filter(({ type }) => type === "EVENT").length, 2);
  }
});

test("a window that comes later sees what was said, and hears none of it", async (t) => {
  const { url } = await startShowcase(t);
  const early = await openWindow(t, browser, url);
  await say(early.page, "Nobody is here yet.");
  await says(early.page.getByTestId("chat-events"), /^1 message since/);
  const late = await openWindow(t, browser, url);
  await says(messages(late.page).first(), "Nobody is here yet.");
  assert.match((await late.page.getByTestId("chat-events").textContent()) ?? "", /^0 messages since/);
});

test("who closes a window is gone from the list in the other one", async (t) => {
  const { url } = await startShowcase(t);
  const stays = await openWindow(t, browser, url);
  const users = stays.page.getByTestId("chat-users");
  await says(users, /^1 here/);
  const [name] = await names(stays.page);
  const goes = await openWindow(t, browser, url);
  await says(users, /^2 here/);
  await says(goes.page.getByTestId("chat-users"), /^2 here/);
  await say(goes.page, "I have to go.");
  await says(messages(stays.page).first(), "I have to go.");
  await goes.page.close();
  await says(users, /^1 here/);
  assert.deepEqual(await names(stays.page), [name]);
  // What was said stays, under a name of some kind.
  assert.match((await messages(stays.page).first().locator("b").textContent()) ?? "", /\S/);
});

test("what the server refuses is said beside the field, given back, and reaches nobody", async (t) => {
  const { url } = await startShowcase(t);
  const [first, second] = [await openWindow(t, browser, url), await openWindow(t, browser, url)];
  const { page } = first;
  const [input, error] = [page.getByTestId("chat-input"), page.getByTestId("chat-error")];
  await page.getByTestId("chat-send").click();
  await says(error, "There is nothing in it yet.");
  assert.equal(await input.getAttribute("aria-invalid"), "true");
  const long = "long ".repeat(2000);
  await input.fill(long);
  await says(error, /^$/);
  await page.getByTestId("chat-send").click();
  await says(error, /at most \d+ characters/);
  assert.equal(await input.inputValue(), long);
  await say(page, "short");
  await says(messages(second.page).first(), "short");
  assert.equal(await messages(second.page).count(), 1);
});

test("the newest message is in sight, and reading older ones is not disturbed", async (t) => {
  const { url } = await startShowcase(t);
  const [first, second] = [await openWindow(t, browser, url), await openWindow(t, browser, url)];
  // The second is in the room, too: what was said before is in its state, and no event.
  await says(second.page.getByTestId("chat-users"), /^2 here/);
  for (let line = 1; line <= 20; line += 1) await say(first.page, `line ${String(line)}`);
  for (const { page } of [first, second]) await eventually(async () => { assert.ok(await inSight(messages(page).nth(19)), "line 20 is out of sight"); });
  await messages(second.page).first().scrollIntoViewIfNeeded();
  await say(first.page, "line 21");
  await says(second.page.getByTestId("chat-events"), /^21 /);
  assert.ok(await inSight(messages(second.page).first()), "line 1 was scrolled away");
  await eventually(async () => { assert.ok(await inSight(messages(first.page).nth(20)), "line 21 is out of sight"); });
});

/**
 * @param {Page} page
 * @param {string} text
 */
async function say(page, text) {
  await page.getByTestId("chat-input").fill(text);
  await page.getByTestId("chat-send").click();
}

/** @param {Page} page */
const messages = (page) => page.getByTestId("chat-message");
/** @param {Page} page */
const names = (page) => page.getByTestId("chat-user").allTextContents();
/** @param {Page} page */
const owned = (page) => messages(page).evaluateAll((all) => all.map((message) => message.getAttribute("data-mine")));

/**
 * Whether a message is within the part of the list that one sees, wherever the page itself is.
 * @param {import('playwright-core').Locator} message
 */
function inSight(message) {
  return message.evaluate((element) => {
    const [own, list] = [element.getBoundingClientRect(), element.closest("[role=log]")?.getBoundingClientRect()];
    return list !== undefined && own.top >= list.top - 1 && own.bottom <= list.bottom + 1;
  });
}
