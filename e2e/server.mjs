// @ts-check
// A real server binary as the tests run it: on a free port, killed without mercy, started again on the same one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
const STARTS_WITHIN_MS = 30_000;

/**
 * @typedef {object} Server
 * @property {string} url where the page is, e.g. `http://127.0.0.1:41234`; the same after a restart
 * @property {string | null} badNetwork where the page is that goes through a bad network, if the server was asked for one
 * @property {() => Promise<void>} kill SIGKILL, as the power cut does it; resolves when the process is gone
 * @property {() => Promise<number | null>} stop SIGTERM, as a deploy does it; resolves with the exit code when the process is gone
 * @property {() => Promise<void>} start again, on the same port and with the same data
 */

/** @typedef {{ args?: string[], env?: Record<string, string> }} Settings how a binary is told where to listen and to keep data */

/**
 * Starts a server for one test, which is stopped and swept away when that test ends.
 * @param {{ after: (end: () => Promise<void>) => void }} t the test, or whatever else has an end
 * @param {string} binary
 * @param {(listen: string, data: string) => Settings} settings `data` is a folder of the test's own
 * @returns {Promise<Server>}
 */
export async function startServer(t, binary, settings) {
  const data = await mkdtemp(path.join(tmpdir(), `${path.basename(binary)}-`));
  let running = await run(binary, settings("127.0.0.1:0", data));
  const { url, badNetwork } = running;
  t.after(async () => {
    await kill(running.child);
    await rm(data, { recursive: true, force: true });
  });
  return {
    url,
    badNetwork,
    kill: () => kill(running.child),
    stop: () => stop(running.child),
    start: async () => { running = await run(binary, settings(new URL(url).host, data)); },
  };
}

/**
 * @param {string} binary
 * @param {Settings} settings
 */
async function run(binary, { args = [], env = {} }) {
  const child = spawn(binary, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  // Should the test runner itself go down, the server goes with it.
  const killNow = () => { child.kill("SIGKILL"); };
  process.once("exit", killNow);
  child.once("exit", () => { process.off("exit", killNow); });
  let said = "";
  /** @type {string | null} */
  let badNetwork = null;
  child.stderr.on("data", (chunk) => { said += String(chunk); });
  /** @type {Promise<string>} */
  const url = new Promise((resolve, reject) => {
    const late = setTimeout(() => { reject(new Error(`\`${binary}\` did not say where it listens\n${said}`)); }, STARTS_WITHIN_MS);
    child.once("error", (error) => { clearTimeout(late); reject(error); });
    child.once("exit", (code) => { clearTimeout(late); reject(new Error(`\`${binary}\` ended with ${String(code)}\n${said}`)); });
    createInterface({ input: child.stdout }).on("line", (line) => {
      badNetwork ??= /bad network: (http:\/\/\S+)/.exec(line)?.[1] ?? null;
      const address = /listening on (http:\/\/\S+)/.exec(line)?.[1];
      if (address !== undefined) { clearTimeout(late); resolve(address); }
    });
  });
  try {
    return { child, url: await url, badNetwork };
  } catch (error) {
    killNow();
    throw error;
  }
}

/** @param {import('node:child_process').ChildProcess} child */
async function kill(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** @param {import('node:child_process').ChildProcess} child */
async function stop(child) {
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
  return child.exitCode;
}
