// @ts-check
// Five hundred clients and a server that restarts: as a deploy does it, and as a power cut does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createLiveClient } from "fluxstack-live";
import { WebSocket } from "ws";
import { startShowcase } from "./showcase.mjs";

const CLIENTS = 500;
const DOWN_MS = 1_500;
const BIN_MS = 250;

for (const how of /** @type {const} */ (["stop", "kill"])) {
  test(`${String(CLIENTS)} clients are back after a ${how} and a start, not all at once, and no call is lost`, { timeout: 120_000 }, async (t) => {
    const showcase = await startShowcase(t);
    const clients = Array.from({ length: CLIENTS }, () => open(showcase.url));
    t.after(() => { for (const { client } of clients) client.close(); });
    await Promise.all(clients.map(({ counter }) => counter.call("increment", 5)));

    // Under way as the server is told to stop: answered, each, before it ends.
    const last = how === "stop" ? clients.map(({ counter }) => counter.call("increment", 5)) : [];
    const down = showcase[how]();
    assert.ok((await Promise.all(last)).length === last.length);
    const code = await down;
    if (how === "stop") assert.equal(code, 0);
    const since = Date.now();
    // What is sent into a connection that is dead already may have run, for all a client can know.
    while (clients.some(({ client }) => client.connection.get().status === "connected")) await pause(10);
    const waiting = clients.map(({ counter }) => counter.call("increment", 1));
    await pause(DOWN_MS);
    for (const client of clients) client.attempts.length = 0;
    const up = Date.now();
    await showcase.start();
    await Promise.all(waiting);

    // The counters were in the memory of the process that is gone: what waited has counted once.
    for (const { counter } of clients) assert.deepEqual(counter.getSnapshot().state, { count: 1, title: "one of many" });
    for (const { client } of clients) assert.equal(client.connection.get().status, "connected");
    const attempts = clients.flatMap((client) => client.attempts.map((at) => at - up));
    const bins = histogram(attempts);
    t.diagnostic(`down for ${String(up - since)} ms; attempts from then on, by ${String(BIN_MS)} ms:`);
    for (const [i, count] of bins.entries()) t.diagnostic(`${String(i * BIN_MS).padStart(5)} ms ${String(count).padStart(4)} ${"▇".repeat(Math.ceil(count / 4))}`);
    assert.ok(attempts.length >= CLIENTS);
    assert.ok(Math.max(...bins) <= CLIENTS / 3, "they come spread over seconds");
  });
}

/** @param {string} url */
function open(url) {
  /** @type {number[]} when it tried to connect */
  const attempts = [];
  class Socket extends WebSocket {
    /** @param {string} address @param {string[]} protocols */
    constructor(address, protocols) {
      attempts.push(Date.now());
      super(address, protocols);
      // Its close says so, too.
      this.on("error", () => undefined);
    }
  }
  const client = createLiveClient({
    url: `${url.replace("http", "ws")}/live`, WebSocket: /** @type {any} */ (Socket), onError: (error) => { throw error; },
  });
  const counter = client.mount("CounterComponent", { count: 0, title: "one of many" });
  counter.subscribe(() => undefined);
  return { client, counter, attempts };
}

/** @param {number[]} times */
function histogram(times) {
  const bins = Array.from({ length: Math.ceil((Math.max(...times) + 1) / BIN_MS) }, () => 0);
  for (const time of times) bins[Math.floor(time / BIN_MS)] += 1;
  return bins;
}
