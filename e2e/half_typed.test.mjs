// @ts-check
// The server goes down while someone is in the middle of a word: nothing typed and nothing pressed is lost.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { counts, eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/**
 * The field someone types into, where the caret is, and whether the page is still the same.
 * @param {import('playwright-core').Locator} input
 */
const seen = (input) => input.evaluate((element) => {
  const field = /** @type {HTMLInputElement} */ (element);
  return { text: field.value, caret: [field.selectionStart, field.selectionEnd], isFocused: document.activeElement === field, marker: document.documentElement.dataset.marker };
});

test("a half-typed text, its caret and the focus survive a server that is killed for five seconds, and a press counts once", async (t) => {
  const showcase = await startShowcase(t);
  const { page, own, sockets, connection } = await openWindow(t, browser, `${showcase.url}/?encoding=json`, { serverGoesDown: true });
  const name = page.getByTestId("form-name");
  await page.evaluate(() => { document.documentElement.dataset.marker = "the same document"; });
  await own.increment.click();
  await counts(own.count, 1);
  // Left alone from now on: all of it was answered before the server goes down.
  const email = page.getByTestId("form-email");
  await email.pressSequentially("ana@example.org");
  await eventually(() => { assert.ok(answered(sockets, "ana@example.org"), "the server has it"); });
  await name.pressSequentially("Ana ima");
  // In the middle: before the `i`.
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowLeft");
  const before = await seen(name);
  assert.deepEqual(before, { text: "Ana ima", caret: [4, 4], isFocused: true, marker: "the same document" });
  await eventually(() => { assert.ok(answered(sockets, "Ana ima"), "the server has it"); });

  await showcase.kill();
  await says(connection, "Connection lost");
  const since = Date.now();
  await page.keyboard.type("L");
  // With the keyboard, so that the focus stays where it is.
  await own.increment.evaluate((button) => { /** @type {HTMLElement} */ (button).click(); });
  await says(own.root, "1 change waits for the server.");
  await pause(Math.max(0, since + 5_000 - Date.now()));
  const during = await seen(name);
  assert.deepEqual(during, { text: "Ana Lima", caret: [5, 5], isFocused: true, marker: "the same document" });

  await showcase.start();
  await says(connection, /^Connected$/);
  // The counter was in the memory of the process that is gone; the press that waited counts once.
  await counts(own.count, 1);
  await eventually(() => { assert.ok(answered(sockets.slice(-1), "Ana Lima"), "the new server has what was typed"); });
  assert.deepEqual(await seen(name), during);
  assert.equal(await email.inputValue(), "ana@example.org");
  const offered = sockets.at(-1)?.sent.filter(({ type }) => type === "PROPERTY_UPDATE");
  assert.ok(offered?.some(({ payload }) => payload?.value === "ana@example.org"), "the new server has this, too");
  const last = sockets.at(-1);
  assert.equal(last?.sent.filter(({ type }) => type === "COMPONENT_ACTION").length, 1);
  await page.keyboard.type(".");
  assert.equal((await seen(name)).text, "Ana L.ima");
});

/**
 * Whether a text was sent as the name, and every request so far was answered.
 * @param {{ sent: import('./browser.mjs').Message[], received: import('./browser.mjs').Message[] }[]} sockets
 * @param {string} text
 */
function answered(sockets, text) {
  const sent = sockets.flatMap((socket) => socket.sent).filter(({ type }) => type === "PROPERTY_UPDATE");
  const replies = new Set(sockets.flatMap((socket) => socket.received).filter(({ type }) => type === "REPLY").map(({ requestId }) => requestId));
  const last = sent.at(-1);
  return last?.payload?.value === text && replies.has(last.requestId);
}
