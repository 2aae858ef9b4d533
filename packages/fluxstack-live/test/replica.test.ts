// What was seen never changes, what is not seen grows in place, and what a push costs.
// @vitest-environment node
import { expect, it } from "vitest";
import { applyOps } from "./apply-ops.js";
import type { Op } from "../src/protocol.js";
import { Replica } from "../src/replica.js";

interface Item { id: number; tags: string[] }
interface Chat { items: Item[]; users: Record<string, number>; count: number }

const item = (id: number): Item => ({ id, tags: [] });
const chat = (length = 3): Chat => ({ items: Array.from({ length }, (_, id) => item(id)), users: { ana: 1 }, count: 0 });
const push = (id: number): Op => ["+", ["items"], item(id)];

it("what was seen stays as it is, whatever comes later", () => {
  const replica = new Replica(chat());
  const seen: [unknown, string][] = [];
  const steps: Op[] = [push(3), ["+", ["items", 0, "tags"], "new"], ["-", ["items"], 0, 1], push(4), [">", ["items"], 0, 2], ["=", ["users", "bo"], 2], ["i", ["items"], 1, item(5)],
    ["-", ["items"], 0, 2], push(6), ["-", ["users"], "ana"], ["=", ["items", 0, "id"], 9], ["-", ["items"], 1, 1], ["=", ["items"], [item(1)]], push(7)];
  let copied: unknown = chat();
  for (const step of steps) {
    seen.push([replica.state, JSON.stringify(replica.state)]);
    expect(replica.apply([step])).toBe(true);
    copied = applyOps(copied, [step]);
    expect(replica.state).toEqual(copied);
  }
  for (const [state, text] of seen) expect(JSON.stringify(state)).toBe(text);
});

it("what nobody looked at on the way is the same in the end", () => {
  const [looked, unseen] = [new Replica(chat(20)), new Replica(chat(20))];
  const seen = new Set<unknown>();
  for (let i = 0; i < 100; i += 1) {
    for (const replica of [looked, unseen]) replica.apply([
      push(i), ["-", ["items"], 0, 1], ["+", ["items", 12, "tags"], String(i)], ["=", ["items", 9, "id"], i], [">", ["items"], 5, 9], ["i", ["items"], 7, item(-i)], ["-", ["items"], 4, 1],
    ]);
    seen.add(looked.state);
  }
  expect(seen.size).toBe(100);
  expect(unseen.state).toEqual(looked.state);
});

it("a list that changed is another, real array; what did not change is the same", () => {
  const replica = new Replica(chat());
  const before = replica.state as Chat;
  replica.apply([push(3)]);
  replica.apply([push(4)]);
  const after = replica.state as Chat;
  expect(after.items).not.toBe(before.items);
  expect(Array.isArray(after.items)).toBe(true);
  expect([...after.items].map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
  expect(structuredClone(after)).toEqual(JSON.parse(JSON.stringify(after)));
  expect(after.users).toBe(before.users);
  expect(after.items[0]).toBe(before.items[0]);
  expect(replica.state).toBe(after);
  replica.apply([["=", ["count"], 1]]);
  expect((replica.state as Chat).items).toBe(after.items);
});

it("ops that do not fit change nothing, seen or not", () => {
  const replica = new Replica(chat(0));
  replica.apply([push(1)]);
  expect(replica.apply([push(2), ["=", ["count"], 7], ["-", ["items"], 5, 1]])).toBe(false);
  expect(replica.state).toEqual({ ...chat(0), items: [item(1)] });
  expect(replica.apply([push(3)])).toBe(true);
  expect((replica.state as Chat).items.map(({ id }) => id)).toEqual([1, 3]);
});

it("values that came with ops are not written to", () => {
  const value = item(1);
  const replica = new Replica(chat(0));
  replica.apply([["+", ["items"], value]]);
  replica.apply([["=", ["items", 0, "id"], 2], ["+", ["items", 0, "tags"], "x"]]);
  expect(value).toEqual(item(1));
});

it("long after someone looked, it is as if they looked again", () => {
  const replica = new Replica(chat(0));
  for (let i = 0; i < 40_000; i += 1) replica.apply([push(i)]);
  expect(replica.apply([["-", ["items"], 0, 80_000]])).toBe(false);
  expect((replica.state as Chat).items).toHaveLength(40_000);
});

/** Microseconds a message, in the fastest of ten thousands: the others were held up by what else the machine does. */
function cost(length: number, nested: boolean, ops: (path: (string | number)[], id: number) => Op[]): number {
  const path = nested ? ["rows", 0, "cells", 0, "items"] : ["items"];
  const replica = new Replica(nested ? { rows: [{ cells: [chat(length)] }] } : chat(length));
  for (let id = 0; id < 5000; id += 1) replica.apply(ops(path, id));
  const thousands = Array.from({ length: 10 }, () => {
    const messages = Array.from({ length: 1000 }, (_, id) => ops(path, id));
    const start = performance.now();
    for (const message of messages) replica.apply(message);
    return performance.now() - start;
  });
  return Math.min(...thousands);
}

it.each<[string, boolean, (path: (string | number)[], id: number) => Op[]]>([
  ["a push", false, (path, id) => [["+", path, item(id)]]],
  ["a push to a list in an item of a list", true, (path, id) => [["+", path, item(id)]]],
  ["a push that drops the oldest", false, (path, id) => [["+", path, item(id)], ["-", path, 0, 1]]],
])("%s costs the same on a list of 100 000 as on one of 10", { retry: 3, timeout: 60_000 }, (_, nested, ops) => {
  expect(cost(100_000, nested, ops) / cost(10, nested, ops)).toBeLessThan(3);
});
