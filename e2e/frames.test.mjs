// @ts-check
// What a page paints while its user types and clicks 400 ms away from the server: every frame of it is looked at.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { eventually, launchChromium, openWindow } from "./browser.mjs";
import { nextFrame, painted, sample } from "./frames/sampler.mjs";
import { slowLink } from "./frames/slow_link.mjs";
import { visit } from "./frames/visitor.mjs";
import { ROOT, startServer } from "./server.mjs";

const BINARY = process.env.FRAMES_SERVER ?? path.join(ROOT, "target", "debug", "frames-server");
const ONE_WAY_MS = 200;
/** Longer than anything is on its way. */
const ROUND_TRIP_MS = 2 * ONE_WAY_MS;
/** More than ten keys a second. */
const BETWEEN_KEYS_MS = 80;

/** @typedef {import('./frames/sampler.mjs').Frame} Frame */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/**
 * A page far from the server, sampled from its first frame, and another visitor close to it.
 * @param {import('node:test').TestContext} t
 * @param {string} [query]
 */
async function open(t, query = "") {
  const { url } = await startServer(t, BINARY, () => ({}));
  const other = await visit(t, url);
  const { page, sockets } = await openWindow(t, browser, `${await slowLink(t, url, ONE_WAY_MS)}/${query}`, { prepare: sample });
  const title = page.getByRole("textbox", { name: "Title" });
  const note = page.getByRole("textbox", { name: "Note" });
  await title.waitFor();
  // It is there once the server has told what is on it; without an item it cannot be seen.
  await page.locator("ul").waitFor({ state: "attached" });
  /** What the page has sent so far to set a field. @param {string} property */
  const sent = (property) => sockets.flatMap((socket) => socket.sent)
    .filter(({ type, payload }) => type === "PROPERTY_UPDATE" && /** @type {{ property?: string }} */ (payload).property === property)
    .map(({ payload }) => payload?.value);
  return { page, other, title, note, sent };
}

/**
 * Does something, and returns the frames painted meanwhile and until the answer to the last of it has long arrived.
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<unknown>} act
 * @returns {Promise<Frame[]>}
 */
async function during(page, act) {
  // With the frame before.
  await nextFrame(page);
  const since = (await painted(page)).length - 1;
  await act();
  await pause(2 * ROUND_TRIP_MS);
  const frames = await painted(page, since);
  assert.ok(frames.length > 20, `only ${String(frames.length)} frames were painted`);
  return frames;
}

/**
 * What was painted of something, one after the other, without those that are like the one before.
 * @template T
 * @param {readonly Frame[]} frames
 * @param {(frame: Frame) => T} what
 */
function changes(frames, what) {
  return frames.map(what).filter((now, i, all) => i === 0 || JSON.stringify(now) !== JSON.stringify(all[i - 1]));
}

/**
 * Fails unless an input shows, in each frame, so much of what is typed into it as there was in the frame before, or more,
 * with the caret behind it and the focus in it.
 * @param {readonly Frame[]} frames
 * @param {string} label
 * @param {{ before: string, typed: string, after: string }} text
 */
function grows(frames, label, { before, typed, after }) {
  let length = 0;
  for (const { inputs: { [label]: input }, focused } of frames) {
    const shown = input.value.length - before.length - after.length;
    assert.equal(input.value, before + typed.slice(0, shown) + after);
    assert.ok(shown >= length, `\`${input.value}\` is shorter than what was shown before`);
    assert.equal(input.caret, before.length + shown, `the caret in \`${input.value}\``);
    assert.equal(focused, label);
    length = shown;
  }
  assert.equal(length, typed.length, "all of it is shown in the end");
}

/**
 * Puts the caret into an input.
 * @param {import('playwright-core').Locator} input
 * @param {number} at
 */
async function placeCaret(input, at) {
  await input.focus();
  await input.evaluate((element, position) => { /** @type {HTMLInputElement} */ (element).setSelectionRange(position, position); }, at);
}

test("what is typed into the middle of a field is never lost, and the caret stays behind it, while others edit other fields", async (t) => {
  const { page, other, title } = await open(t);
  await other.set("title", "A tale of cities");
  await eventually(async () => { assert.equal(await title.inputValue(), "A tale of cities"); });
  await placeCaret(title, 10);
  const typed = "two very large ";
  const frames = await during(page, async () => {
    for (let n = 0; n < typed.length; n += 1) {
      await page.keyboard.type(typed.charAt(n));
      await other.set("note", `note ${String(n)}`);
      await other.set("amount", n);
      await pause(BETWEEN_KEYS_MS);
    }
  });
  grows(frames, "Title", { before: "A tale of ", typed, after: "cities" });
  const whileTyping = frames.filter(({ inputs }) => inputs.Title.value.length < "A tale of ".length + typed.length + "cities".length);
  const notes = changes(whileTyping, ({ inputs }) => `${inputs.Note.value}, ${inputs.Amount.value}`);
  assert.ok(notes.length > 5, `the others’ edits appear while one types: ${JSON.stringify(notes)}`);
  assert.equal(await title.inputValue(), other.form().title);
});

test("what is composed is neither interrupted nor sent half, and all of it arrives", async (t) => {
  const { page, other, title, sent } = await open(t);
  const keyboard = await page.context().newCDPSession(page);
  /** @param {string} text */
  const compose = async (text) => {
    await keyboard.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    await other.set("note", `while ${text}`);
    await pause(ROUND_TRIP_MS / 2);
  };
  await title.focus();
  const composed = ["に", "にh", "にほ", "にほn", "にほん", "日本"];
  const frames = await during(page, async () => {
    // Its answer arrives in the middle of the composition.
    await page.keyboard.type("a");
    await nextFrame(page);
    for (const text of composed) await compose(text);
    assert.deepEqual(sent("title"), ["a"]);
    await keyboard.send("Input.insertText", { text: "日本" });
    await nextFrame(page);
    await page.keyboard.type("!");
  });
  const shown = changes(frames, ({ inputs }) => inputs.Title.value);
  assert.deepEqual(shown.filter((text) => text !== ""), ["a", ...composed.map((text) => `a${text}`), "a日本!"]);
  const carets = changes(frames, ({ inputs: { Title: { value, caret } }, focused }) => [value, (caret ?? 0) - value.length, focused]);
  assert.deepEqual(carets.filter(([, caret, focused]) => caret !== 0 || focused !== "Title"), [], "the caret is behind what is composed");
  assert.deepEqual(frames.at(-1)?.heard, { compositionstart: 1, compositionend: 1 });
  assert.ok(changes(frames, ({ inputs }) => inputs.Note.value).length >= composed.length, "the others’ edits appear meanwhile");
  const values = sent("title");
  assert.deepEqual(values.filter((value) => !["a", "a日本", "a日本!"].includes(String(value))), [], "nothing half-composed was sent");
  assert.equal(other.form().title, "a日本!");
});

test("nineteen keys over the slow link are at most six messages", async (t) => {
  const { page, other, title, sent } = await open(t);
  const typed = "nineteen characters";
  assert.equal(typed.length, 19);
  await title.focus();
  const frames = await during(page, () => page.keyboard.type(typed, { delay: BETWEEN_KEYS_MS }));
  grows(frames, "Title", { before: "", typed, after: "" });
  assert.ok(sent("title").length <= 6, `${String(sent("title").length)} messages: ${JSON.stringify(sent("title"))}`);
  assert.equal(sent("title").at(-1), typed);
  assert.equal(other.form().title, typed);
});

/**
 * Adds an item while another visitor adds one, which the server hears of first.
 * @param {Awaited<ReturnType<typeof open>>} window
 */
async function addTogether({ page, other }) {
  const frames = await during(page, async () => {
    await Promise.all([page.getByRole("button", { name: "Add" }).click(), other.call("add", { id: "theirs", text: "theirs" })]);
  });
  const mine = frames.flatMap(({ items }) => items).find(({ id }) => id !== "theirs")?.id ?? "";
  const first = frames.findIndex(({ items }) => items.some(({ id }) => id === mine));
  assert.ok(first >= 0, "it is shown");
  assert.deepEqual(other.items().map(({ id }) => id), ["theirs", mine]);
  return { frames: frames.slice(first), mine };
}

test("an item added ahead of the server is there once in every frame, in one node, also when others add theirs meanwhile", async (t) => {
  const window = await open(t);
  const { frames, mine } = await addTogether(window);
  assert.deepEqual(changes(frames, ({ items }) => items.map(({ id }) => id)), [[mine], ["theirs", mine]]);
  assert.equal(changes(frames, ({ items }) => items.filter(({ id }) => id === mine).map(({ node }) => node)).length, 1, "its node stays");
});

test("the same page without replay does paint a frame where the item is missing, and the sampler sees it", async (t) => {
  const window = await open(t, "?replay=off");
  const { frames, mine } = await addTogether(window);
  assert.ok(frames.some(({ items }) => !items.some(({ id }) => id === mine)), "it was shown, and then it was not");
});

test("a toggle that is refused goes back in the frame that shows why", async (t) => {
  const { page, other } = await open(t);
  await other.call("add", { id: "one", text: "locked" });
  const box = page.getByRole("checkbox", { name: "locked" });
  await box.waitFor();
  const frames = await during(page, () => box.click());
  const shown = changes(frames, ({ items: [item], errors }) => [item.done, errors.at(-1)]);
  assert.deepEqual(shown, [[false, ""], [true, ""], [false, "it is locked"]]);
  assert.equal(other.items()[0].done, false);
});

test("a value that the server refuses goes back in the frame that shows why", async (t) => {
  const { page, other } = await open(t);
  await other.set("amount", 7);
  const amount = page.getByRole("spinbutton", { name: "Amount" });
  await eventually(async () => { assert.equal(await amount.inputValue(), "7"); });
  const frames = await during(page, () => amount.fill("700"));
  const shown = changes(frames, ({ inputs, errors }) => [inputs.Amount.value, errors[0]]);
  assert.deepEqual(shown, [["7", ""], ["700", ""], ["7", "at most 100"]]);
  assert.equal(other.form().amount, 7);
});

test("a field that an action forces is emptied where it is focused, and typed into further", async (t) => {
  const { page, other, title } = await open(t);
  await title.focus();
  await during(page, () => page.keyboard.type("Hello", { delay: BETWEEN_KEYS_MS }));
  const frames = await during(page, () => page.keyboard.press("Enter"));
  assert.deepEqual(changes(frames, ({ inputs, focused }) => [inputs.Title.value, inputs.Title.caret, focused]), [["Hello", 5, "Title"], ["", 0, "Title"]]);
  assert.equal(other.form().title, "");
  grows(await during(page, () => page.keyboard.type("again", { delay: BETWEEN_KEYS_MS })), "Title", { before: "", typed: "again", after: "" });
  assert.equal(other.form().title, "again");
});

test("a server that trims what is typed moves no caret; what it made of it is shown when the field is left", async (t) => {
  const { page, other, title, note } = await open(t);
  await note.focus();
  const typed = "  two  words  ";
  const frames = await during(page, () => page.keyboard.type(typed, { delay: BETWEEN_KEYS_MS }));
  grows(frames, "Note", { before: "", typed, after: "" });
  assert.equal(other.form().note, "two  words");
  const left = await during(page, () => title.focus());
  assert.equal(left.at(-1)?.inputs.Note.value, "two  words");
});
