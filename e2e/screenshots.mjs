// @ts-check
// Not a test: takes the pictures in docs/ from the running page. `node e2e/screenshots.mjs`, after the binary is built.
import path from "node:path";
import { card, counts, launchChromium, says } from "./browser.mjs";
import { ROOT } from "./server.mjs";
import { startShowcase } from "./showcase.mjs";

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ file: string, colorScheme: "light" | "dark", viewport: { width: number, height: number }, from: string }} Picture */

/** One window, from the top of the page; then two of them, from the first thing that both should show. */
const ONE = /** @type {const} */ ([
  { file: "showcase-light.png", colorScheme: "light", viewport: { width: 1280, height: 1000 }, from: "body" },
  { file: "showcase-dark.png", colorScheme: "dark", viewport: { width: 1280, height: 1000 }, from: "body" },
  { file: "showcase-phone.png", colorScheme: "light", viewport: { width: 390, height: 1180 }, from: "body" },
]);
const TWO = /** @type {const} */ ([
  { file: "two-windows-light.png", colorScheme: "light", viewport: { width: 1024, height: 1760 }, from: ".cards" },
  { file: "two-windows-dark.png", colorScheme: "dark", viewport: { width: 1024, height: 1760 }, from: ".cards" },
  { file: "two-windows-narrow-light.png", colorScheme: "light", viewport: { width: 390, height: 1920 }, from: ".card-tall" },
  { file: "two-windows-narrow-dark.png", colorScheme: "dark", viewport: { width: 390, height: 1920 }, from: ".card-tall" },
]);

const browser = await launchChromium();
try {
  for (const picture of ONE) await withShowcase(picture, async (url) => {
    const page = await open(url, picture);
    await count(page);
    await shoot(page, picture, inDocs(picture));
  });
  for (const picture of TWO) await withShowcase(picture, async (url) => {
    const [first, second] = [await open(url, picture), await open(url, picture)];
    await count(first);
    await talk(first, second);
    await fillIn(first, second);
    await sideBySide([await shoot(first, picture), await shoot(second, picture)], picture);
  });
} finally {
  await browser.close();
}

/**
 * Gives every picture a server of its own, so that none shows what was done for another.
 * @param {Picture} picture
 * @param {(url: string) => Promise<void>} take
 */
async function withShowcase(picture, take) {
  /** @type {(() => Promise<void>)[]} */
  const ends = [];
  try {
    const { url } = await startShowcase({ after: (end) => { ends.push(end); } });
    await take(url);
    console.log(`docs/${picture.file}`);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** @param {Picture} picture */
function inDocs({ file }) {
  return path.join(ROOT, "docs", file);
}

/**
 * @param {string} url
 * @param {Picture} picture
 */
async function open(url, { colorScheme, viewport }) {
  // Motion is reduced: the pictures show a digit at rest, and the same one each time.
  const page = await browser.newPage({ colorScheme, viewport, reducedMotion: "reduce" });
  await page.goto(url);
  await says(page.getByRole("group", { name: "Connection" }), "Connected");
  return page;
}

/** @param {Page} page */
async function count(page) {
  const own = card(page, "Yours alone");
  const shared = card(page, "Shared by everyone");
  await own.title.fill("Cups of coffee");
  for (let press = 0; press < 3; press += 1) await own.increment.click();
  for (let press = 0; press < 14; press += 1) await shared.increment.click();
  await counts(own.count, 3);
  await counts(shared.count, 14);
}

/**
 * @param {Page} first
 * @param {Page} second
 */
async function talk(first, second) {
  /** @type {[Page, string][]} */
  const said = [
    [first, "Is anybody else here?"],
    [second, "Yes, in the window beside yours."],
    [first, "Then you see this the moment I press Send."],
    [second, "Before you have let go of the key."],
  ];
  for (const [index, [page, text]] of said.entries()) {
    await page.getByTestId("chat-input").fill(text);
    await page.getByTestId("chat-send").click();
    for (const each of [first, second]) await each.getByTestId("chat-message").nth(index).waitFor();
  }
}

/**
 * The form is each window's own, the list is everybody's.
 * @param {Page} first
 * @param {Page} second
 */
async function fillIn(first, second) {
  await first.getByTestId("form-name").fill("Ana Lima");
  await first.getByTestId("form-email").fill("ana@");
  await says(first.getByTestId("form-error-email"), /\S/);
  await second.getByTestId("form-name").fill("Ben Okri");
  await second.getByTestId("form-email").fill("ben@example.org");
  await second.getByTestId("form-submit").click();
  await says(second.getByTestId("form-result"), "Saved");
  for (const [index, text] of ["Water the plants", "Read the protocol", "Pull the plug"].entries()) {
    await second.getByTestId("todo-input").fill(text);
    await second.getByTestId("todo-add").click();
    await second.getByTestId("todo-item").nth(index).waitFor();
  }
  await first.getByTestId("todo-toggle").first().click();
  for (const page of [first, second]) await says(page.getByTestId("todo-count"), "1 of 3 done");
}

/**
 * @param {Page} page
 * @param {Picture} picture
 * @param {string} [file] where to write it, if anywhere
 */
async function shoot(page, { from }, file) {
  await page.mouse.move(0, 0);
  await page.locator(from).evaluate((element) => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    // Below the bar, with a little of the ground above it.
    const bar = document.querySelector("header")?.getBoundingClientRect().height ?? 0;
    window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - bar - 24);
  });
  return page.screenshot(file === undefined ? {} : { path: file });
}

/**
 * @param {Buffer[]} windows
 * @param {Picture} picture
 */
async function sideBySide(windows, picture) {
  const { width, height } = picture.viewport;
  const gap = 32;
  const page = await browser.newPage({
    colorScheme: picture.colorScheme,
    viewport: { width: windows.length * (width + gap) + gap, height: height + 2 * gap },
  });
  const images = windows.map((png) => `<img src="data:image/png;base64,${png.toString("base64")}">`).join("");
  await page.setContent(`<style>
    body { display: flex; gap: ${String(gap)}px; margin: 0; padding: ${String(gap)}px; background: light-dark(#b9c7bd, #000); color-scheme: light dark; }
    img { width: ${String(width)}px; height: ${String(height)}px; border-radius: 12px; box-shadow: 0 0 0 1px light-dark(#71887b, #3b4d44), 0 12px 32px -12px rgb(0 0 0 / 45%); }
  </style>${images}`);
  await page.locator("img").last().evaluate((image) => (/** @type {HTMLImageElement} */ (image)).decode());
  await page.screenshot({ path: inDocs(picture) });
}
