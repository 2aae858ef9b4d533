// @ts-check
// `SharedCounterComponent` in two windows that know nothing of each other.
import { after, before, test } from "node:test";
import { counts, launchChromium, openWindow } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("the shared counter moves in a second window, the own counter does not", async (t) => {
  const { url } = await startShowcase(t);
  const first = await openWindow(t, browser, url);
  const second = await openWindow(t, browser, url);
  await counts(first.shared.count, 0);
  await counts(second.shared.count, 0);

  await first.own.increment.click();
  await first.shared.increment.click();
  await first.shared.increment.click();
  await counts(second.shared.count, 2);
  await second.shared.decrement.click();
  await counts(first.shared.count, 1);
  await counts(first.own.count, 1);
  await counts(second.own.count, 0);
});

test("a window opened later sees where the shared counter is", async (t) => {
  const { url } = await startShowcase(t);
  const early = await openWindow(t, browser, url);
  await early.shared.increment.click();
  await counts(early.shared.count, 1);
  const late = await openWindow(t, browser, url);
  await counts(late.shared.count, 1);
});
