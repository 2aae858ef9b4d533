// @ts-check
// `CounterComponent` in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counts, eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("the counter goes up, down and back to zero", async (t) => {
  const { url } = await startShowcase(t);
  const { own } = await openWindow(t, browser, url);
  await counts(own.count, 0);
  await own.increment.click();
  await own.increment.click();
  await own.increment.click();
  await counts(own.count, 3);
  await own.decrement.click();
  await counts(own.count, 2);
  await own.reset.click();
  await counts(own.count, 0);
});

test("the counter never goes below zero", async (t) => {
  const { url } = await startShowcase(t);
  const { own } = await openWindow(t, browser, url);
  await own.increment.click();
  await counts(own.count, 1);
  await own.decrement.click();
  await own.decrement.click();
  await own.decrement.click();
  await own.increment.click();
  // Presses are handled in order: had it gone below zero, it would read less than one now.
  await counts(own.count, 1);
});

test("built for production, the page speaks the compact encoding", async (t) => {
  const { url } = await startShowcase(t);
  const [first, second] = [await openWindow(t, browser, url), await openWindow(t, browser, url)];
  await counts(second.shared.count, 0);
  await first.shared.increment.click();
  await counts(second.shared.count, 1);
  const frames = second.sockets.flatMap(({ frames }) => frames);
  assert.ok(frames.every((frame) => typeof frame !== "string"));
  // Somebody else's increment, all of it.
  const bytes = frames.at(-1)?.length ?? 0;
  assert.ok(bytes > 0 && bytes <= 14, `${String(bytes)} bytes`);
});

test("a title typed one character after another arrives complete", async (t) => {
  const { url } = await startShowcase(t);
  const { own, sockets } = await openWindow(t, browser, `${url}/?encoding=json`);
  await own.title.fill("");
  await own.title.pressSequentially("Clicks of a rainy Tuesday");
  await says(own.heading, /^Clicks of a rainy Tuesday$/);
  await eventually(() => { assert.equal(titleOnTheServer(sockets), "Clicks of a rainy Tuesday"); });
  assert.equal(await own.title.inputValue(), "Clicks of a rainy Tuesday");
});

test("the caret stays where one types in the middle of the title", async (t) => {
  const { url } = await startShowcase(t);
  const { own, sockets } = await openWindow(t, browser, `${url}/?encoding=json`);
  await says(own.heading, "Live Counter");
  await own.title.focus();
  await own.title.evaluate((/** @type {HTMLInputElement} */ input) => { input.setSelectionRange(4, 4); });
  await own.title.pressSequentially("ly and kicking");
  assert.equal(await own.title.inputValue(), "Lively and kicking Counter");
  await eventually(() => { assert.equal(titleOnTheServer(sockets), "Lively and kicking Counter"); });
  // Also after the last echo: neither text nor caret has moved.
  assert.equal(await own.title.inputValue(), "Lively and kicking Counter");
  assert.equal(await own.title.evaluate((/** @type {HTMLInputElement} */ input) => input.selectionStart), "Lively and kicking".length);
});

/**
 * The title as the server last told it to this window.
 * @param {{ received: import('./browser.mjs').Message[] }[]} sockets
 */
function titleOnTheServer(sockets) {
  const ops = sockets.flatMap(({ received }) => received.flatMap((message) => message.ops ?? []));
  return ops.filter(([op, path]) => op === "=" && String(path) === "title").at(-1)?.[2];
}
