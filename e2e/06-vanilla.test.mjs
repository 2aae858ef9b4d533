// @ts-check
// The example 06-vanilla: fields and a list on a page without React.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startExample } from "./example.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("06-vanilla: what is typed goes on the list, the fields are empty again, and the same again adds up", async (t) => {
  const { url } = await startExample(t, "06-vanilla");
  const { page } = await openWindow(t, browser, url);
  const { what, amount, list } = parts(page);
  await holds(amount, "1");
  await what.pressSequentially("tea");
  await amount.fill("2");
  await amount.press("Enter");
  await says(list, /^2 × tea×$/);
  await holds(what, "");
  await holds(amount, "1");
  await what.pressSequentially("tea");
  await what.press("Enter");
  await says(list, /^3 × tea×$/);
  // It is still focused.
  await holds(what, "");
  assert.equal(await what.evaluate((element) => element === document.activeElement), true);
  await page.getByRole("button", { name: "Remove tea" }).click();
  await says(list, /^$/);
});

test("06-vanilla: what is wrong is said, and an amount that is refused goes back when its field is left", async (t) => {
  const { url } = await startExample(t, "06-vanilla");
  const { page } = await openWindow(t, browser, url);
  const { what, amount, list, alert } = parts(page);
  await holds(amount, "1");
  await what.press("Enter");
  await says(alert, "say what you need");
  await amount.fill("100");
  await says(alert, "from 1 to 99");
  assert.equal(await amount.inputValue(), "100");
  await what.focus();
  await holds(amount, "1");
  await amount.fill("99");
  await says(alert, /^$/);
  await what.pressSequentially("tea");
  await what.press("Enter");
  await says(list, /^99 × tea×$/);
});

test("06-vanilla: what is done without a server is done when it is back", async (t) => {
  const server = await startExample(t, "06-vanilla");
  const { page } = await openWindow(t, browser, server.url, { serverGoesDown: true });
  const { what, amount, list } = parts(page);
  await holds(amount, "1");
  await server.kill();
  await says(page.locator("p[role=status]:visible"), "No connection");
  await what.pressSequentially("bread");
  await what.press("Enter");
  await server.start();
  await says(list, /^1 × bread×$/);
  assert.equal(await page.locator("p[role=status]").isVisible(), false);
});

/**
 * Waits until a field holds a value.
 * @param {import('playwright-core').Locator} input
 * @param {string} value
 */
function holds(input, value) {
  return eventually(async () => { assert.equal(await input.inputValue(), value); });
}

/** @param {import('playwright-core').Page} page */
function parts(page) {
  return {
    what: page.getByRole("textbox", { name: "What?" }),
    amount: page.getByRole("spinbutton", { name: "How many?" }),
    list: page.getByRole("list", { name: "Shopping" }),
    alert: page.getByRole("alert"),
  };
}
