// @ts-check
// One page on a bad network: what it does and what it shows follow from a seed.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { createLiveClient } from "fluxstack-live";
import { msgpack } from "fluxstack-live/msgpack";
import { WebSocket } from "ws";
import { check } from "./account.mjs";
import { diceOf } from "./dice.mjs";

const CALLS = 30;
const SETTLES_WITHIN_MS = 30_000;

/** @typedef {import('./account.mjs').Account} Account */
/** @typedef {import('./account.mjs').Asked} Asked */
/** @typedef {import('./account.mjs').LedgerState} LedgerState */
/** @typedef {import('./account.mjs').CounterState} CounterState */
/** @typedef {import('./torture-server.mjs').TortureServer} TortureServer */
/** @typedef {import('fluxstack-live').LiveHandle<string>} Handle */

/**
 * Plays a seed to its end and checks what came of it.
 * @param {TortureServer} server
 * @param {number} seed
 */
export async function play(server, seed) {
  const network = await server.network(seed);
  const key = `${String(seed)}.`;
  const encoding = [undefined, msgpack(), msgpack(server.wire)][seed % 3];
  /** @type {unknown[]} */
  const reported = [];
  const page = open(`ws://${network.address}/live`, encoding, reported);
  const clean = open(server.url, encoding, reported);
  try {
    const shown = { ledger: page.mount("Ledger", { key }), counter: page.mount("Counter", {}), clean: clean.mount("Ledger", { key }) };
    const account = watch(shown);
    const calls = await act(shown, account, seed);
    await server.heal(network);
    await within(`every call settles`, () => describe(account), Promise.all(calls));
    await within("every set settles", () => shown.counter.getSnapshot(), atRest(shown.counter));
    const told = await server.ledger(key);
    for (const handle of [shown.ledger, shown.clean]) {
      await within("the ledger is shown", () => handle.getSnapshot(), until(handle, () => ledgerOf(handle).entries.length >= told.entries.length));
    }
    /** @type {Promise<CounterState>} */
    const truth = shown.counter.call("truth");
    const counter = await within("the counter answers", () => shown.counter.getSnapshot(), truth);
    const views = { ledger: ledgerOf(shown.ledger), clean: ledgerOf(shown.clean), counter: counterOf(shown.counter) };
    check(account, views, { ledger: await server.ledger(key), counter, tally: await server.tally(key) });
    assert.deepEqual(reported, [], "no client has anything to report");
    return await server.faults(network);
  } finally {
    page.close();
    clean.close();
    await server.end(network);
  }
}

/** As a browser's in everything a client uses: an error that nobody listens for ends nothing there. */
class PageSocket extends WebSocket {
  /** @param {string} url @param {string[]} protocols */
  constructor(url, protocols) {
    super(url, protocols);
    this.on("error", () => undefined);
  }
}

/**
 * @param {string} url
 * @param {import('fluxstack-live').LiveClientOptions["codec"]} codec
 * @param {unknown[]} reported
 */
function open(url, codec, reported) {
  const Socket = /** @type {typeof globalThis.WebSocket} */ (/** @type {unknown} */ (PageSocket));
  const reconnect = { firstMs: /** @type {[number, number]} */ ([5, 40]), baseMs: 30, capMs: 150 };
  return createLiveClient({ url, codec, reconnect, WebSocket: Socket, onError: (error) => { reported.push(error); } });
}

/**
 * Mounts what is shown and looks at everything that is ever shown of it.
 * @param {{ ledger: Handle, counter: Handle, clean: Handle }} shown
 * @returns {Account}
 */
function watch({ ledger, counter, clean }) {
  /** @type {Account} */
  const account = { asked: [], foreign: [], note: "", events: { added: [], counted: [] } };
  /** @type {string[]} */
  let before = [];
  ledger.subscribe(() => {
    const entries = ledgerOf(ledger).entries.map(({ id }) => id);
    // A ledger only grows: anything else is a mixture of versions, or an older one.
    assert.deepEqual(entries.slice(0, before.length), before, "what is shown is never older than what was");
    before = entries;
  });
  ledger.on("ADDED", ({ id }) => { account.events.added.push(String(id)); });
  counter.subscribe(() => undefined);
  counter.on("COUNTED", ({ call }) => { account.events.counted.push(String(call)); });
  clean.subscribe(() => undefined);
  return account;
}

/**
 * Calls, sets and what others do, spread over the faults. The calls it made, each done when it is settled.
 * @param {{ ledger: Handle, counter: Handle, clean: Handle }} shown
 * @param {Account} account
 * @param {number} seed
 */
async function act({ ledger, counter, clean }, account, seed) {
  const dice = diceOf(seed);
  /** @type {Promise<void>[]} */
  const calls = [];
  /** @param {Asked["kind"]} kind @param {Handle} handle @param {string} action @param {(id: string) => unknown} payload @param {number} [by] */
  const ask = (kind, handle, action, payload, by = 0) => {
    const id = `${String(seed)}.${String(account.asked.length).padStart(3, "0")}`;
    /** @type {Asked} */
    const asked = { id, kind, by, result: null };
    account.asked.push(asked);
    calls.push(handle.callSafe(action, payload(id)).then((result) => {
      asked.result = result;
      if (result.ok) assert.ok(shows(handle, id), `${id} is settled before it is shown`);
    }));
  };
  // Both are there before the first other client may add: what is told before a mount is told to nobody.
  await within("both are mounted", () => [ledger.getSnapshot(), counter.getSnapshot()], Promise.all([ledger, counter].map((handle) => until(handle, () => handle.getSnapshot().status === "live"))));
  for (let n = 0; n < CALLS; n += 1) {
    const by = 1 + dice.below(9);
    switch (dice.below(8)) {
      case 0: case 1: ask("add", ledger, "add", (id) => ({ id, by }), by); break;
      case 2: case 3: ask("increment", counter, "increment", (id) => id); break;
      case 4: ask("refuseEntry", ledger, "refuse", (id) => id); break;
      case 5: ask("refuseCount", counter, "refuse", (id) => id); break;
      case 6: counter.set("note", (account.note += String.fromCharCode(97 + (n % 26)))); break;
      default: calls.push(addForeign(clean, account, `${String(seed)}.foreign${String(n).padStart(3, "0")}`, by));
    }
    // Now and then the page waits for what it asked; mostly it goes on.
    if (dice.below(6) === 0) await within("what was asked last settles", () => describe(account), calls.at(-1) ?? Promise.resolve());
    await pause(dice.below(50));
  }
  return calls;
}

/**
 * @param {Handle} clean
 * @param {Account} account
 * @param {string} id
 * @param {number} by
 */
async function addForeign(clean, account, id, by) {
  account.foreign.push(id);
  await clean.call("add", { id, by });
}

/** @param {Handle} handle @returns {LedgerState} */
function ledgerOf(handle) {
  return /** @type {LedgerState | undefined} */ (handle.getSnapshot().state) ?? { entries: [], total: 0 };
}

/** @param {Handle} handle */
function counterOf(handle) {
  /** @type {unknown} */
  const state = handle.getSnapshot().state;
  return /** @type {CounterState} */ (state);
}

/** @param {Handle} handle @param {string} id */
function shows(handle, id) {
  if (handle.name === "Ledger") return ledgerOf(handle).entries.some((entry) => entry.id === id);
  return counterOf(handle).calls.includes(id);
}

/** @param {Handle} handle */
function atRest(handle) {
  return until(handle, () => {
    const { status, pending } = handle.getSnapshot();
    return status === "live" && pending.count === 0 && pending.fields.size === 0;
  });
}

/** @param {Handle} handle @param {() => boolean} isSo */
function until(handle, isSo) {
  return new Promise((/** @type {(value: void) => void} */ resolve) => {
    const release = handle.subscribe(() => { look(); });
    const look = () => {
      if (!isSo()) return;
      release();
      resolve();
    };
    look();
  });
}

/** @param {Account} account */
function describe({ asked }) {
  return asked.filter(({ result }) => result === null);
}

/**
 * @template T
 * @param {string} what
 * @param {() => unknown} state shown if it is late
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
async function within(what, state, promise) {
  const timer = new AbortController();
  const late = pause(SETTLES_WITHIN_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what}: not within ${String(SETTLES_WITHIN_MS)} ms; ${JSON.stringify(state())}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => undefined);
    timer.abort();
  }
}
