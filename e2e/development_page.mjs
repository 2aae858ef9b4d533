// @ts-check
// The page with a development build of its script: only there does StrictMode mount everything twice. The binary has the
// production build.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./server.mjs";

/**
 * Builds it and returns what puts it in the place of the script in the binary. The document stays the server's:
 * Chromium refuses a page from nowhere a socket to this machine.
 * @param {import('node:test').TestContext} t
 * @returns {Promise<(page: import('playwright-core').Page) => Promise<unknown>>}
 */
export async function developmentPage(t) {
  const built = await mkdtemp(path.join(tmpdir(), "showcase-page-"));
  t.after(() => rm(built, { recursive: true, force: true }));
  await promisify(execFile)(
    "npm", ["run", "build", "-w", "showcase-page", "--", "--outDir", built, "--emptyOutDir", "--mode", "development", "--minify", "false"],
    { cwd: ROOT, env: { ...process.env, NODE_ENV: "development" } },
  );
  const assets = path.join(built, "assets");
  const scripts = (await readdir(assets)).filter((name) => name.endsWith(".js"));
  assert.equal(scripts.length, 1, "the page has more than one script; put each in its place");
  const body = await readFile(path.join(assets, scripts[0]), "utf8");
  assert.match(body, /react-dom-client\.development/, "the build is not React’s development build");
  return (page) => page.route(/\.js$/, (route) => route.fulfill({ contentType: "text/javascript", body }));
}
