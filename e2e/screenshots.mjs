// @ts-check
// Not a test: takes the pictures in docs/ from the running page. `node e2e/screenshots.mjs`, after the binary is built.
import path from "node:path";
import { card, counts, launchChromium, says } from "./browser.mjs";
import { ROOT, startShowcase } from "./showcase.mjs";

const PICTURES = /** @type {const} */ ([
  { file: "showcase-light.png", colorScheme: "light", viewport: { width: 1280, height: 1000 } },
  { file: "showcase-dark.png", colorScheme: "dark", viewport: { width: 1280, height: 1000 } },
  { file: "showcase-phone.png", colorScheme: "light", viewport: { width: 390, height: 1180 } },
]);

/** @type {(() => Promise<void>)[]} */
const ends = [];
try {
  const { url } = await startShowcase({ after: (end) => { ends.push(end); } });
  const browser = await launchChromium();
  ends.push(() => browser.close());
  let presses = 0;
  for (const { file, colorScheme, viewport } of PICTURES) {
    // Motion is reduced: the pictures show a digit at rest, and the same one each time.
    const page = await browser.newPage({ colorScheme, viewport, reducedMotion: "reduce" });
    await page.goto(url);
    await says(page.getByRole("group", { name: "Connection" }), "Connected");
    const own = card(page, "Yours alone");
    const shared = card(page, "Shared by everyone");
    await own.title.fill("Cups of coffee");
    for (let press = 0; press < 3; press += 1) await own.increment.click();
    // The room remembers the presses of the pictures before.
    for (let press = 0; press < 14; press += 1) await shared.increment.click();
    presses += 14;
    await counts(own.count, 3);
    await counts(shared.count, presses);
    await page.mouse.move(0, 0);
    await page.evaluate(() => { window.scrollTo(0, 0); });
    await page.screenshot({ path: path.join(ROOT, "docs", file) });
    console.log(`docs/${file}`);
  }
} finally {
  for (const end of ends.reverse()) await end();
}
