// @ts-check
// The example 02-form: rules that are in Rust alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchChromium, openWindow, says } from "./browser.mjs";
import { startExample } from "./example.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("02-form: what is wrong with a field appears while one types, and goes when it is right", async (t) => {
  const { url } = await startExample(t, "02-form");
  const { page } = await openWindow(t, browser, url);
  const { email, nameError, emailError } = parts(page);
  await email.pressSequentially("ana@");
  await says(emailError, /\S/);
  assert.equal(await email.getAttribute("aria-invalid"), "true");
  await email.pressSequentially("example.org");
  await says(emailError, /^$/);
  // Nobody has come to this one yet.
  assert.equal(await nameError.textContent(), "");
});

test("02-form: an incomplete form is refused field by field, and a complete one is welcome", async (t) => {
  const { url } = await startExample(t, "02-form");
  const { page } = await openWindow(t, browser, url);
  const { name, email, nameError, emailError, submit, greeting } = parts(page);
  await email.fill("ana@example.org");
  await submit.click();
  await says(nameError, "a name has 2 to 80 letters");
  assert.equal(await emailError.textContent(), "");
  await name.fill("Ana");
  await submit.click();
  await says(greeting, /^Welcome, Ana!$/);
  await says(nameError, /^$/);
});

/** @param {import('playwright-core').Page} page */
function parts(page) {
  const errors = page.getByRole("alert");
  return {
    name: page.getByRole("textbox", { name: "Name" }),
    email: page.getByRole("textbox", { name: "Email" }),
    nameError: errors.nth(0),
    emailError: errors.nth(1),
    submit: page.getByRole("button", { name: "Sign up" }),
    greeting: page.getByRole("status"),
  };
}
