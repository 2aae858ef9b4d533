// @ts-check
// The torture server's process, and its control port.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import ts from "typescript";
import { ROOT } from "../server.mjs";

const BINARY = process.env.TORTURE_SERVER ?? path.join(ROOT, "target", "debug", "torture-server");

/** @typedef {{ connections: number, refused: number, closed: number, reset: number, halfOpen: number, split: number, delayed: number, throttled: number }} Faults */
/** @typedef {{ proxy: number, address: string }} Network */

/**
 * @typedef {object} TortureServer
 * @property {string} url where clients connect without faults
 * @property {import('fluxstack-live/msgpack').WireSchema} wire the places of what its components have
 * @property {(seed: number) => Promise<Network>} network starts a network with faults
 * @property {(network: Network) => Promise<void>} heal
 * @property {(network: Network) => Promise<void>} end
 * @property {(network: Network) => Promise<Faults>} faults
 * @property {(key: string) => Promise<{ entries: string[], total: number }>} ledger the truth of a ledger
 * @property {(prefix: string) => Promise<Record<string, number>>} tally how often the code of each call ran
 * @property {() => Promise<void>} stop
 */

/**
 * @param {number} reach faults strike in the first so many bytes of a connection
 * @returns {Promise<TortureServer>}
 */
export async function startTortureServer(reach) {
  const child = spawn(BINARY, [], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  /** @type {Promise<string>} */
  const said = once(createInterface({ input: child.stdout }), "line").then(([line]) => String(line));
  const line = await Promise.race([said, exited.then(() => { throw new Error(`\`${BINARY}\` has ended`); })]);
  const { server, control } = /** @type {{ server: string, control: string }} */ (parse(line));

  /** @param {string} method @param {string} what @param {Record<string, string | number>} [query] */
  const ask = async (method, what, query = {}) => {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    const response = await fetch(`http://${control}/${what}?${search.toString()}`, { method });
    const text = await response.text();
    if (!response.ok) throw new Error(`${what}: ${String(response.status)} ${text}`);
    return text;
  };
  /** @param {Parameters<typeof ask>} question @returns {Promise<unknown>} */
  const askJson = async (...question) => parse(await ask(...question));

  return {
    url: `ws://${server}/live`,
    wire: await wireOf(await ask("GET", "typescript")),
    network: async (seed) => /** @type {Network} */ (await askJson("POST", "proxy", { seed, reach })),
    heal: async ({ proxy }) => { await ask("POST", "heal", { proxy }); },
    end: async ({ proxy }) => { await ask("POST", "end", { proxy }); },
    faults: async ({ proxy }) => /** @type {Faults} */ (await askJson("GET", "faults", { proxy })),
    ledger: async (key) => /** @type {{ entries: string[], total: number }} */ (await askJson("GET", "ledger", { key })),
    tally: async (prefix) => /** @type {Record<string, number>} */ (await askJson("GET", "tally", { prefix })),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}

/** @param {string} text @returns {unknown} */
function parse(text) {
  /** @type {unknown} */
  const value = JSON.parse(text);
  return value;
}

/**
 * What a page's generated file exports as `wire`.
 * @param {string} types
 */
async function wireOf(types) {
  const wire = types.slice(types.indexOf("export const wire"));
  const { outputText } = ts.transpileModule(wire, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
  /** @type {unknown} */
  const module = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return /** @type {{ wire: import('fluxstack-live/msgpack').WireSchema }} */ (module).wire;
}
