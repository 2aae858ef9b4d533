// @ts-check
// The page by keyboard, by screen reader, by thumb, by night, and with little patience for motion.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counts, launchChromium, openWindow, says } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("the counter works by keyboard alone, and one sees where one is", async (t) => {
  const { url } = await startShowcase(t);
  const { page, own, connection } = await openWindow(t, browser, url);
  await says(connection, "Connected");
  await tabTo(page, own.increment);
  assert.notEqual(await own.increment.evaluate((button) => getComputedStyle(button).outlineStyle), "none");
  await page.keyboard.press("Enter");
  await counts(own.count, 1);
  await page.keyboard.press("Space");
  await counts(own.count, 2);
  await tabTo(page, own.reset);
  await page.keyboard.press("Enter");
  await counts(own.count, 0);
  await tabTo(page, own.title);
});

test("everything one can press or fill in has a name", async (t) => {
  const { url } = await startShowcase(t);
  const { page } = await openWindow(t, browser, `${url}/?counters=10`);
  await page.getByRole("button").first().waitFor();
  for (const role of /** @type {const} */ (["button", "link", "textbox", "status", "region", "group"])) {
    // The announcer of the connection is the one status without a name: it is read out as it is.
    const all = page.getByRole("main").getByRole(role);
    const named = page.getByRole("main").getByRole(role, { name: /\S/ });
    assert.ok(await all.count() > 0, `no ${role}`);
    if (role === "group") assert.ok(await named.count() >= 10);
    else assert.equal(await named.count(), await all.count(), `a ${role} has no name`);
  }
});

test("the page has one heading of the first rank and its landmarks", async (t) => {
  const { url } = await startShowcase(t);
  const { page } = await openWindow(t, browser, url);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
  for (const role of /** @type {const} */ (["banner", "main", "contentinfo"])) assert.equal(await page.getByRole(role).count(), 1, role);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.match(await page.title(), /FluxStack Live/);
});

for (const width of [320, 390]) {
  test(`on a phone ${String(width)} pixels wide nothing sticks out and a thumb hits what it aims at`, async (t) => {
    const showcase = await startShowcase(t);
    const { page, connection } = await openWindow(t, browser, `${showcase.url}/?counters=10`, { context: { viewport: { width, height: 800 } }, serverGoesDown: true });
    await says(connection, "Connected");
    await fits(page);
    await showcase.kill();
    await says(connection, "Connection lost");
    await fits(page);
  });
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`every text is readable in the ${colorScheme} scheme, connected or not`, async (t) => {
    const showcase = await startShowcase(t);
    const { page, own, connection } = await openWindow(t, browser, `${showcase.url}/?counters=10`, { context: { colorScheme, reducedMotion: "reduce" }, serverGoesDown: true });
    await says(connection, "Connected");
    await own.root.getByText("The Rust behind it").click();
    assert.deepEqual(await faintTexts(page), []);
    await showcase.kill();
    await says(connection, "Connection lost");
    assert.deepEqual(await faintTexts(page), []);
  });
}

test("no digit rolls for those who asked for less motion", async (t) => {
  const { url } = await startShowcase(t);
  const { page, own } = await openWindow(t, browser, url, { context: { reducedMotion: "reduce" } });
  await own.increment.click();
  await counts(own.count, 1);
  assert.equal(await own.count.evaluate((count) => count.getAnimations({ subtree: true }).length), 0);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});

/**
 * @param {import('playwright-core').Page} page
 * @param {import('playwright-core').Locator} target
 */
async function tabTo(page, target) {
  for (let tabs = 0; tabs < 25; tabs += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail("25 tabs do not lead there");
}

/** @param {import('playwright-core').Page} page */
async function fits(page) {
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "the page scrolls sideways");
  for (const target of await page.locator("button, summary, input, .second-window a").all()) {
    const box = await target.boundingBox();
    assert.ok(box && box.height >= 44 && box.width >= 44, `\`${(await target.textContent()) ?? ""}\` is ${String(box?.width)} × ${String(box?.height)}`);
  }
}

/**
 * The texts whose contrast with what is behind them is below WCAG's AA: 4.5, or 3 for large ones.
 * @param {import('playwright-core').Page} page
 */
function faintTexts(page) {
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    if (!canvas) throw new Error("no canvas");
    /** @param {string[]} layers colours from the ground up */
    const painted = (layers) => {
      canvas.clearRect(0, 0, 1, 1);
      for (const colour of layers) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    /** @param {number[]} rgb */
    const luminance = (rgb) => {
      const [r = 0, g = 0, b = 0] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faint = [];
    for (const element of document.querySelectorAll("body *")) {
      const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.nodeValue).join("").trim();
      if (text === "" || element.closest(".visually-hidden, .digit-out, script, noscript, title")) continue;
      const style = getComputedStyle(element);
      const ground = [];
      for (let behind = /** @type {Element | null} */ (element); behind; behind = behind.parentElement) ground.unshift(getComputedStyle(behind).backgroundColor);
      // Text in a picture stands on the picture's box or on the page.
      const ink = element instanceof SVGElement ? style.fill : style.color;
      const [light = 0, dark = 0] = [luminance(painted(ground)), luminance(painted([...ground, ink]))].sort((a, b) => b - a);
      const size = Number.parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < (large ? 3 : 4.5)) faint.push(`${text}: ${contrast.toFixed(2)}`);
    }
    return faint;
  });
}
