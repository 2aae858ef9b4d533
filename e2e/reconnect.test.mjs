// @ts-check
// The plug is pulled: the server is killed and started again, and the page is never reloaded.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counts, launchChromium, openWindow, says } from "./browser.mjs";
import { startShowcase } from "./showcase.mjs";

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test("a page whose server is killed says so, keeps its state, comes back by itself and works", async (t) => {
  const showcase = await startShowcase(t);
  const { page, own, shared, connection } = await openWindow(t, browser, showcase.url, { serverGoesDown: true });
  await page.evaluate(() => { document.documentElement.dataset.marker = "the same document"; });
  await own.increment.click();
  await own.increment.click();
  await own.increment.click();
  await shared.increment.click();
  await counts(own.count, 3);
  await counts(shared.count, 1);

  await showcase.kill();
  await says(connection, "Connection lost");
  await connection.getByRole("button", { name: "Retry now" }).waitFor();
  await says(own.root, "The last known state.");
  await counts(own.count, 3);
  await counts(shared.count, 1);

  await showcase.start();
  await says(connection, /^Connected$/);
  // Both lived in the memory of the process that is gone.
  await counts(own.count, 0);
  await counts(shared.count, 0);
  await own.increment.click();
  await shared.increment.click();
  await shared.increment.click();
  await counts(own.count, 1);
  await counts(shared.count, 2);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.marker), "the same document");
});

test("a press made while the server is down goes out once", async (t) => {
  const showcase = await startShowcase(t);
  const { own, connection, sockets } = await openWindow(t, browser, `${showcase.url}/?encoding=json`, { serverGoesDown: true });
  await own.increment.click();
  await own.increment.click();
  await counts(own.count, 2);

  await showcase.kill();
  await says(connection, "Connection lost");
  await own.increment.click();
  await says(own.root, "1 change waits for the server.");

  await showcase.start();
  await says(connection, /^Connected$/);
  await counts(own.count, 1);
  // Handled in order: had the press come twice, this would make three.
  await own.increment.click();
  await counts(own.count, 2);
  const actions = sockets.flatMap(({ sent }) => sent).filter(({ type }) => type === "COMPONENT_ACTION");
  assert.equal(actions.length, 4);
});

test("a lost connection is announced after five seconds, and so is its return", async (t) => {
  const showcase = await startShowcase(t);
  const { page, connection } = await openWindow(t, browser, showcase.url, {
    serverGoesDown: true,
    prepare: (page) => page.clock.install(),
  });
  const announced = page.getByRole("banner").getByRole("status");
  await says(connection, /^Connected$/);
  await showcase.kill();
  await says(connection, "Connection lost");
  assert.equal(await announced.textContent(), "");
  await page.clock.fastForward(5_000);
  await says(announced, "No connection to the server.");
  await showcase.start();
  // Only to wait less: the page may have come back by itself before the button is reached.
  await connection.getByRole("button", { name: "Retry now" }).click({ noWaitAfter: true }).catch(() => undefined);
  await says(announced, "Connected again.");
});
