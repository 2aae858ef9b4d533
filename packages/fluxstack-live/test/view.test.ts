// Random schedules of a page, a network, a server and other visitors: after every step the page shows what the reference says.
// `SEED=n` runs that one alone and prints it, `COVERAGE=1` prints how often each thing happened.
// @vitest-environment node
import { expect, it, vi } from "vitest";
import { met } from "./coverage.js";
import { Schedule } from "./view-schedule.js";

const SEEDS = 2000;
// A page's: there, equal mounts are one.
vi.stubGlobal("window", globalThis);

/** What the schedules are for, each met at least a hundred times. */
const DUE = [
  "call add", "call toggle", "call increment", "call clear", "call stamp", "call touch", "call answered action", "call refused offline",
  "call sent again", "set ack", "set blur", "set debounce", "set throttle", "set volatile", "setMany", "set over a pending set",
  "set answered invalid", "set answered gone", "set sent again", "set made again", "volatile, no live connection",
  "volatile, lost with the session", "flush of sets", "flush of nothing", "abort of a call that waits", "abort of a call that was sent",
  "other effects", "offered again", "not offered over another's", "unmounted, gone", "outcome done", "outcome action", "outcome aborted", "outcome disconnected",
  "outcome unknown_outcome", "outcome gone", "call taken back", "call timed out on the wire", "foreign add", "foreign toggle",
  "foreign remove", "foreign count", "foreign title", "foreign note", "answer alone", "answers in a batch", "answered before it is shown",
  "answered, and lost with its state", "cut", "frames up lost", "frames down lost", "sessions expire", "server restarts", "components end",
  "forgotten with requests under way", "server: resumed", "server: forgotten", "server: ops", "server: snapshots", "server: repeated",
  "server: stored", "server: gone", "timer",
] as const;

it("the page shows the server's state and on top what is pending, after every step of every schedule", { timeout: 60_000 }, async () => {
  const only = process.env.SEED;
  const seeds = only === undefined ? Array.from({ length: SEEDS }, (_, i) => i + 1) : [Number(only)];
  for (const seed of seeds) {
    const faults = await faultsOf(seed, only !== undefined);
    if (faults !== null) expect.fail(faults);
  }
  if (process.env.COVERAGE !== undefined) console.log([...met].sort().map(([what, count]) => `${String(count).padStart(8)} ${what}`).join("\n"));
  if (only === undefined) for (const what of DUE) expect(met.get(what) ?? 0, what).toBeGreaterThanOrEqual(100);
});

/** Runs a schedule; if it fails, again, to tell what happened. */
async function faultsOf(seed: number, isShown: boolean): Promise<string | null> {
  const { stackTraceLimit } = Error;
  // Half of the calls fail, and nobody reads where.
  Error.stackTraceLimit = 0;
  try {
    const schedule = new Schedule(seed, isShown);
    await schedule.run();
    if (isShown) console.log(schedule.trace.join("\n"));
    if (schedule.faults.length === 0) return null;
    const again = new Schedule(seed, true);
    await again.run();
    return `seed ${String(seed)}, again with SEED=${String(seed)}:\n${again.trace.join("\n")}\n${again.faults.join("\n")}`;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
