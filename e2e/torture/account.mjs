// @ts-check
// What was asked, what came of it, and whether that is what the server has.
import assert from "node:assert/strict";

/**
 * @typedef {object} Asked one call
 * @property {string} id
 * @property {"add" | "increment" | "refuseEntry" | "refuseCount"} kind
 * @property {number} by what it adds
 * @property {{ ok: true, data: unknown } | { ok: false, error: { code: string, data?: unknown, message: string } } | null} result null while it is not settled
 */
/** @typedef {{ entries: { id: string, by: number }[], total: number }} LedgerState */
/** @typedef {{ count: number, calls: string[], note: string, sets: number }} CounterState */

/**
 * @typedef {object} Account
 * @property {Asked[]} asked in the order of the calls
 * @property {string[]} foreign what another client has added
 * @property {string} note the text that was set last
 * @property {Record<"added" | "counted", string[]>} events
 */

/**
 * Holds every outcome against the server's truth.
 * @param {Account} account
 * @param {{ ledger: LedgerState, counter: CounterState, clean: LedgerState }} views the page's, and that of a client without faults
 * @param {{ ledger: { entries: string[], total: number }, counter: CounterState, tally: Record<string, number> }} truth
 */
export function check({ asked, foreign, note, events }, views, truth) {
  for (const { id, kind, result } of asked) checkOutcome(id, kind.startsWith("refuse"), result);
  const own = (/** @type {Asked["kind"]} */ kind) => asked.filter((call) => call.kind === kind).map(({ id }) => id);
  const entries = truth.ledger.entries;

  assert.deepEqual(entries.filter((id) => !foreign.includes(id)), own("add"), "the page's calls are in the ledger once, in their order");
  assert.deepEqual(entries.filter((id) => foreign.includes(id)), foreign, "so are those of the other client");
  assert.deepEqual(truth.counter.calls, own("increment"), "and in the counter");
  assert.deepEqual(truth.tally, Object.fromEntries([...asked.map(({ id }) => id), ...foreign].sort().map((id) => [id, 1])), "the code of each call ran once");
  const counts = asked.filter(({ kind }) => kind === "increment").map(({ result }) => result?.ok === true && result.data);
  assert.deepEqual(counts, counts.map((_, n) => n + 1), "each call was told its own result");

  assert.deepEqual(views.ledger, views.clean, "the page shows the ledger that a client without faults shows");
  assert.deepEqual(views.ledger.entries.map(({ id }) => id), entries, "which is the server's");
  assert.equal(views.ledger.total, truth.ledger.total);
  assert.deepEqual(views.counter, truth.counter, "the page shows the counter that the server has");
  assert.equal(truth.counter.note, note, "the text is the one that was set last");
  assert.deepEqual(events.added, entries, "each entry was told once, in its order");
  assert.deepEqual(events.counted, truth.counter.calls, "each count was told once, in its order");
}

/**
 * @param {string} id
 * @param {boolean} isRefused
 * @param {Asked["result"]} result
 */
function checkOutcome(id, isRefused, result) {
  assert.ok(result !== null, `${id} is not settled`);
  if (!isRefused) {
    assert.ok(result.ok, `${id} failed: ${result.ok ? "" : `${result.error.code}: ${result.error.message}`}`);
    return;
  }
  assert.ok(!result.ok, `${id} was to be refused`);
  assert.equal(result.error.code, "action", `${id}: ${result.error.message}`);
  assert.deepEqual(result.error.data, { kind: "onPurpose", call: id });
}
