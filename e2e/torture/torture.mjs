// @ts-check
// The browser's client against the real server over bad networks, one for each seed: every promise settles, what was
// acknowledged counts once, and in the end the page shows what the server has.
//
//   node e2e/torture/torture.mjs --seeds 100 [--from 0]
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { play } from "./page.mjs";
import { startTortureServer } from "./torture-server.mjs";

const { values } = parseArgs({ options: { seeds: { type: "string", default: "100" }, from: { type: "string", default: "0" } } });
const [seeds, from] = [Number(values.seeds), Number(values.from)];
if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(from) || from < 0) throw new Error("--seeds and --from are numbers");

/** Faults strike in the first so many bytes of a direction: a page says about 6 000. */
const REACH = 4096;
/** From so many seeds on every kind of fault must have happened. */
const MANY = 50;
const AT_ONCE = 4 * availableParallelism();

const started = performance.now();
const server = await startTortureServer(REACH);
/** @type {Record<string, number>} */
const faults = {};
/** @type {number[]} */
const failed = [];
let next = from;
let played = 0;

async function playOn() {
  while (next < from + seeds) {
    const seed = next;
    next += 1;
    try {
      for (const [kind, count] of Object.entries(await play(server, seed))) faults[kind] = (faults[kind] ?? 0) + count;
    } catch (error) {
      failed.push(seed);
      console.error(`seed ${String(seed)} failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
      console.error(`to run it alone: node e2e/torture/torture.mjs --seeds 1 --from ${String(seed)}`);
    }
    played += 1;
    if (played % 25 === 0) console.log(`${String(played)} of ${String(seeds)} seeds, ${String(failed.length)} failed`);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, playOn));
await server.stop();
const summary = Object.entries(faults).map(([kind, count]) => `${kind} ${String(count)}`).join(", ");
console.log(`${String(seeds)} seeds, ${String(failed.length)} failed, ${((performance.now() - started) / 1000).toFixed(1)} s: ${summary}`);
const missing = Object.keys(faults).filter((kind) => seeds >= MANY && faults[kind] === 0);
if (missing.length > 0) console.error(`these faults never happened: ${missing.join(", ")}`);
process.exitCode = failed.length + missing.length > 0 ? 1 : 0;
