// @ts-check
// `FormComponent` in a real browser: the server checks while one types.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, launchChromium, openWindow, says } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("what is wrong with a field appears while one types, and goes when it is right", async (t) => {
  const { url } = await startShowcase(t);
  const { page, sockets } = await openWindow(t, browser, `${url}/?encoding=json`);
  const { email, emailError } = parts(page);
  await email.pressSequentially("ana@");
  await says(emailError, /\S/);
  // Neither left nor submitted: it was the typing that made the server look.
  assert.ok(await email.evaluate((input) => input === document.activeElement));
  assert.deepEqual(sockets.flatMap(({ sent }) => sent).filter(({ type }) => type === "COMPONENT_ACTION"), []);
  await eventually(async () => { assert.equal(await email.getAttribute("aria-invalid"), "true"); });
  assert.equal(await email.getAttribute("aria-describedby"), await emailError.getAttribute("id"));
  await email.pressSequentially("example.org");
  await says(emailError, /^$/);
  assert.equal(await email.getAttribute("aria-invalid"), "false");
  assert.equal(await email.inputValue(), "ana@example.org");
});

test("a field is checked when one leaves it", async (t) => {
  const { url } = await startShowcase(t);
  const { page } = await openWindow(t, browser, url);
  const { name, nameError, email } = parts(page);
  await name.focus();
  assert.equal(await nameError.textContent(), "");
  await email.focus();
  await says(nameError, /\S/);
});

test("a form that is right is submitted, and its id shown until it changes", async (t) => {
  const { url } = await startShowcase(t);
  const { page } = await openWindow(t, browser, url);
  const { name, email, submit, result } = parts(page);
  await name.fill("Ana Lima");
  await email.fill("ana@example.org");
  await submit.click();
  await says(result, /^Saved as \S+$/);
  await name.fill("Ana");
  await says(result, /^$/);
});

test("a form that is wrong is refused, field by field", async (t) => {
  const { url } = await startShowcase(t);
  const { page } = await openWindow(t, browser, url);
  const { name, nameError, email, emailError, submit, result } = parts(page);
  await name.fill("Ana Lima");
  // By keyboard, from the one field that is right: neither is left, so that only the submit can have told.
  await name.press("Enter");
  await says(emailError, /\S/);
  assert.equal(await nameError.textContent(), "");
  assert.equal(await result.textContent(), "");
  await email.fill("ana@example.org");
  await says(emailError, /^$/);
  await submit.click();
  await says(result, /^Saved as \S+$/);
});

/** @param {import('playwright-core').Page} page */
function parts(page) {
  return {
    name: page.getByTestId("form-name"),
    nameError: page.getByTestId("form-error-name"),
    email: page.getByTestId("form-email"),
    emailError: page.getByTestId("form-error-email"),
    submit: page.getByTestId("form-submit"),
    result: page.getByTestId("form-result"),
  };
}
