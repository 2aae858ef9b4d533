// What a store takes in, where the wire does not show it yet.
// @vitest-environment node
import { expect, it } from "vitest";
import { Store } from "../src/store.js";

const at = { type: "COMPONENT_MOUNTED", componentId: "c1", epoch: "e1" } as const;

it("a tail of the same epoch continues the state held", () => {
  const store = new Store(undefined);
  expect(store.receive({ ...at, version: 1, state: { count: 1 } })).toBe(false);
  store.lose();
  expect(store.receive({ ...at, version: 3, ops: [["=", ["count"], 3]] })).toBe(false);
  expect([store.state, store.version, store.status]).toEqual([{ count: 3 }, 3, "live"]);
});

it("an equal state of another history is another one", () => {
  const store = new Store(undefined);
  store.receive({ ...at, version: 0, state: { count: 1 } });
  const { replaced } = store;
  store.receive({ type: "STATE_UPDATE", componentId: "c1", epoch: "e2", version: 0, payload: { state: { count: 1 } } });
  expect(store.replaced).toBeGreaterThan(replaced);
});

it("a tail of another epoch, one that does not fit, and an answer with neither state nor ops are gaps", () => {
  for (const answer of [{ ...at, epoch: "e2", version: 2, ops: [] }, { ...at, version: 2, ops: [["+", ["count"], 1]] as ["+", string[], number][] }, { ...at, version: 2 }]) {
    const store = new Store(undefined);
    store.receive({ ...at, version: 1, state: { count: 1 } });
    store.lose();
    expect(store.receive(answer)).toBe(true);
    expect([store.state, store.version]).toEqual([{ count: 1 }, 1]);
  }
});
