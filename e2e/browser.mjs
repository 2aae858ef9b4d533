// @ts-check
// A real Chromium with eyes on it: what a page logs, throws, opens and sends is kept for the test to look at.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";

/** @typedef {import('playwright-core').Locator} Locator */
/** @typedef {{ type: string, componentId?: string, requestId?: number, anew?: boolean, resumed?: boolean, payload?: { value?: unknown }, ops?: unknown[][] }} Message what the tests look at in a message */

const WAITS_MS = 20_000;

/** What Chromium logs by itself, whatever a page does, when nobody listens at the other end. */
const NOBODY_LISTENS = /^WebSocket connection to '[^']+' failed: /;

export function launchChromium() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });
}

/**
 * Opens a window of its own (own storage, own connections) and closes it when the test ends, which fails
 * if the page has logged an error or left an exception or a rejection unhandled.
 * @param {import('node:test').TestContext} t
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {{
 *   context?: import('playwright-core').BrowserContextOptions,
 *   prepare?: (page: import('playwright-core').Page) => Promise<unknown>,
 *   serverGoesDown?: boolean,
 * }} [options]
 */
export async function openWindow(t, browser, url, { context: contextOptions = {}, prepare, serverGoesDown = false } = {}) {
  const context = await browser.newContext(contextOptions);
  const page = await context.newPage();
  page.setDefaultTimeout(WAITS_MS);
  const complaints = watchComplaints(page, serverGoesDown);
  const sockets = watchSockets(page);
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, [], "the page logged errors");
  });
  await prepare?.(page);
  await page.goto(url);
  return { page, sockets, own: card(page, "Yours alone"), shared: card(page, "Shared by everyone"), connection: page.getByRole("group", { name: "Connection" }) };
}

/**
 * @param {import('playwright-core').Page} page
 * @param {boolean} serverGoesDown
 */
function watchComplaints(page, serverGoesDown) {
  /** @type {string[]} */
  const complaints = [];
  page.on("pageerror", (error) => { complaints.push(`uncaught: ${error.message}`); });
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (serverGoesDown && NOBODY_LISTENS.test(message.text())) return;
    complaints.push(`${message.type()}: ${message.text()}`);
  });
  return complaints;
}

/**
 * Every WebSocket the page opens, with the messages in both directions, batches taken apart, and what came in as it came.
 * @param {import('playwright-core').Page} page
 */
function watchSockets(page) {
  /** @type {{ url: string, sent: Message[], received: Message[], frames: (string | Buffer)[] }[]} */
  const sockets = [];
  page.on("websocket", (socket) => {
    /** @type {{ url: string, sent: Message[], received: Message[], frames: (string | Buffer)[] }} */
    const seen = { url: socket.url(), sent: [], received: [], frames: [] };
    sockets.push(seen);
    socket.on("framesent", ({ payload }) => { seen.sent.push(...messagesIn(payload)); });
    socket.on("framereceived", ({ payload }) => {
      seen.frames.push(payload);
      seen.received.push(...messagesIn(payload));
    });
  });
  return sockets;
}

/** @type {(text: string) => Message | Message[]} */
const parse = JSON.parse;

/**
 * None of a binary frame: who looks at messages opens the page with `?encoding=json`.
 * @param {string | Buffer} payload
 * @returns {Message[]}
 */
function messagesIn(payload) {
  if (typeof payload !== "string") return [];
  const parsed = parse(payload);
  return Array.isArray(parsed) ? parsed : [parsed];
}

/**
 * A card or a small counter, by what it calls itself, with its parts.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 * @param {'region' | 'group'} role
 */
export function card(page, name, role = "region") {
  const root = page.getByRole(role, { name, exact: true });
  return {
    root,
    count: root.getByRole("status"),
    increment: root.getByRole("button", { name: "Increment" }),
    decrement: root.getByRole("button", { name: "Decrement" }),
    reset: root.getByRole("button", { name: "Reset" }),
    title: root.getByRole("textbox", { name: "Title" }),
    heading: root.getByRole("heading"),
  };
}

/**
 * Waits until a count reads as it should; what a screen reader is told is what counts.
 * @param {Locator} count
 * @param {number} value
 */
export function counts(count, value) {
  return eventually(async () => {
    const told = await count.locator(".visually-hidden").textContent();
    assert.match(told ?? "", new RegExp(`: ${String(value)}$`));
  });
}

/**
 * Waits until a text appears in an element.
 * @param {Locator} element
 * @param {string | RegExp} text
 */
export function says(element, text) {
  return eventually(async () => {
    const said = (await element.textContent()) ?? "";
    assert.ok(typeof text === "string" ? said.includes(text) : text.test(said), `expected ${String(text)}, it says \`${said}\``);
  });
}

/**
 * Looks again until the assertions hold; when they never do, throws what the last look threw.
 * @param {() => unknown} look
 */
export async function eventually(look) {
  const end = Date.now() + WAITS_MS;
  for (;;) {
    try {
      await look();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(20);
    }
  }
}
