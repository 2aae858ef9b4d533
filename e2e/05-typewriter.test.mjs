// @ts-check
// The example 05-typewriter: a long answer grows word by word, and ends when it is not wanted any more.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startExample } from "./example.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("05-typewriter: the answer grows before the eyes of who has asked, to its end", async (t) => {
  const { url } = await startExample(t, "05-typewriter");
  const { page, sockets } = await openWindow(t, browser, url);
  const { question, ask, answer } = parts(page);
  await question.fill("Why is the sky blue?");
  await ask.click();
  const lengths = new Set();
  await eventually(async () => {
    const text = (await answer.textContent()) ?? "";
    lengths.add(text.length);
    assert.match(text, /wherever it waits\.$/);
  });
  assert.ok(lengths.size > 5, `it was seen at ${String(lengths.size)} lengths`);
  await says(answer, /^You have asked “Why is the sky blue\?”\./);
  await says(page.getByRole("heading"), "Why is the sky blue?");
  // A word costs what the word costs, however long the answer is by then.
  const deltas = sockets.flatMap(({ received }) => received).filter(({ type }) => type === "STATE_DELTA");
  const words = deltas.filter(({ ops }) => ops?.some(([code]) => code === "~"));
  assert.ok(words.length > 50, `${String(words.length)} words`);
  const bytes = words.map((delta) => JSON.stringify(delta).length);
  const [first, last] = [bytes.slice(0, 10), bytes.slice(-10)].map((some) => Math.max(...some));
  console.log(`a word of the answer travels in at most ${String(Math.max(...bytes))} bytes, of the first ten ${String(first)}, of the last ten ${String(last)}`);
  assert.ok(Math.max(...bytes) < 160);
});

test("05-typewriter: another question ends the answer before, and Stop ends the last one", async (t) => {
  const { url } = await startExample(t, "05-typewriter");
  const { page } = await openWindow(t, browser, url);
  const { question, ask, stop, answer } = parts(page);
  await question.fill("First?");
  await ask.click();
  await says(answer, /You have asked “First\?”/);
  await question.fill("Second?");
  await ask.click();
  await says(answer, /^You have asked “Second\?”\. I am no/);
  await stop.click();
  await says(answer, /[^▍]$/);
  const stopped = await answer.textContent();
  // Longer than a word takes.
  await page.waitForTimeout(300);
  assert.equal(await answer.textContent(), stopped);
});

test("05-typewriter: nothing is no question", async (t) => {
  const { url } = await startExample(t, "05-typewriter");
  const { page } = await openWindow(t, browser, url);
  const { ask } = parts(page);
  await ask.click();
  await says(page.getByRole("alert"), "ask something");
});

/** @param {import('playwright-core').Page} page */
function parts(page) {
  return {
    question: page.getByRole("textbox", { name: "Your question" }),
    ask: page.getByRole("button", { name: "Ask" }),
    stop: page.getByRole("button", { name: "Stop" }),
    answer: page.getByRole("log", { name: "Answer" }),
  };
}
