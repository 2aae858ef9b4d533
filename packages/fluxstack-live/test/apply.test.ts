// Ops that fit and ops that do not; what keeps its reference.
// @vitest-environment node
import { describe, expect, it } from "vitest";
import { share } from "../src/apply.js";
import { applyOps } from "./apply-ops.js";
import type { Op } from "../src/protocol.js";

const state = () => ({ count: 1, items: [1, 2, 3], users: { ana: { name: "Ana" }, bo: { name: "Bo" } }, text: "hello", clef: "𝄞", deep: { list: [{ done: false }, { done: true }] } });

describe("ops", () => {
  it.each<[string, Op, object]>([
    ["set a field", ["=", ["count"], 5], { count: 5 }],
    ["set inside a list", ["=", ["deep", "list", 0, "done"], true], { deep: { list: [{ done: true }, { done: true }] } }],
    ["set a list item", ["=", ["items", 2], 9], { items: [1, 2, 9] }],
    ["set a new map key", ["=", ["users", "cy"], 1], { users: { ana: { name: "Ana" }, bo: { name: "Bo" }, cy: 1 } }],
    ["push one", ["+", ["items"], 4], { items: [1, 2, 3, 4] }],
    ["push many", ["+", ["items"], 4, 5], { items: [1, 2, 3, 4, 5] }],
    ["insert at the start", ["i", ["items"], 0, 8, 9], { items: [8, 9, 1, 2, 3] }],
    ["insert at the end", ["i", ["items"], 3, 9], { items: [1, 2, 3, 9] }],
    ["delete a range", ["-", ["items"], 0, 2], { items: [3] }],
    ["delete a map key", ["-", ["users"], "bo"], { users: { ana: { name: "Ana" } } }],
    ["move down", [">", ["items"], 0, 2], { items: [2, 3, 1] }],
    ["move up", [">", ["items"], 2, 0], { items: [3, 1, 2] }],
    ["append to a text", ["~", ["text"], "!"], { text: "hello!" }],
    ["splice a text", ["~", ["text"], 1, 3, "ip"], { text: "hipo" }],
    ["splice at the end of a text", ["~", ["text"], 5, 0, "!"], { text: "hello!" }],
  ])("%s", (_, op, change) => {
    expect(applyOps(state(), [op])).toEqual({ ...state(), ...change });
  });

  it("apply in order, each to what the one before left", () => {
    expect(applyOps({ l: [] }, [["+", ["l"], { n: [] }], ["+", ["l", 0, "n"], 1], ["+", ["l"], 2], ["-", ["l"], 1, 1]])).toEqual({ l: [{ n: [1] }] });
  });

  it("replace the whole state at the empty path", () => {
    expect(applyOps(state(), [["=", [], { other: 1 }]])).toEqual({ other: 1 });
  });

  it("count text in UTF-16 units", () => {
    expect(applyOps({ t: "😀b" }, [["~", ["t"], 2, 1, "c"]])).toEqual({ t: "😀c" });
  });

  it("take a list longer than the stack", () => {
    const many = Array.from({ length: 300_000 }, (_, i) => i);
    const next = applyOps({ l: [-1] }, [["i", ["l"], 0, ...many]]) as { l: number[] };
    expect(next.l).toHaveLength(300_001);
    expect(next.l.at(-1)).toBe(-1);
  });

  const misfits: [string, unknown][] = [
    ["an unknown op", ["?", ["count"], 1]],
    ["a set without a value", ["=", ["count"]]],
    ["a path that is no list", ["=", "count", 1]],
    ["a field that is not there on the way", ["=", ["nope", "x"], 1]],
    ["a field of a number", ["=", ["count", "x"], 1]],
    ["a key for a list", ["=", ["items", "0"], 1]],
    ["an index for a map", ["=", ["users", 0], 1]],
    ["a list index at the length", ["=", ["items", 3], 1]],
    ["a huge index", ["=", ["items", 4e9], 1]],
    ["a negative index", ["=", ["items", -1], 1]],
    ["a fraction", ["=", ["items", 0.5], 1]],
    ["length as a key of a list", ["=", ["items", "length"], 0]],
    ["a push to a map", ["+", ["users"], 1]],
    ["a push to a text", ["+", ["text"], "x"]],
    ["an insert beyond the end", ["i", ["items"], 4, 1]],
    ["an insert without an index", ["i", ["items"], null, 1]],
    ["a delete beyond the end", ["-", ["items"], 2, 2]],
    ["a negative count", ["-", ["items"], 1, -1]],
    ["a delete without a count", ["-", ["items"], 1]],
    ["a delete of a key that is not there", ["-", ["users"], "cy"]],
    ["a delete of an inherited key", ["-", ["users"], "toString"]],
    ["a move from the length", [">", ["items"], 3, 0]],
    ["a move to the length", [">", ["items"], 0, 3]],
    ["a move in a map", [">", ["users"], 0, 0]],
    ["an append to a number", ["~", ["count"], "x"]],
    ["an append of a number", ["~", ["text"], 5]],
    ["a text splice beyond the end", ["~", ["text"], 4, 2, ""]],
    ["a text splice without text", ["~", ["text"], 1, 1]],
    ["a text splice that starts inside a character", ["~", ["clef"], 1, 1, ""]],
    ["a text splice that ends inside a character", ["~", ["clef"], 0, 1, ""]],
    ["an inherited field", ["=", ["users", "toString", "x"], 1]],
    ["__proto__ as the last key", ["=", ["users", "__proto__"], { polluted: true }]],
    ["__proto__ on the way", ["=", ["users", "__proto__", "polluted"], true]],
    ["constructor.prototype", ["=", ["users", "constructor", "prototype", "polluted"], true]],
    ["prototype as the last key", ["=", ["users", "prototype"], 1]],
    ["a delete of __proto__", ["-", ["users"], "__proto__"]],
    ["no op at all", null],
  ];
  it.each(misfits)("refuse %s", (_, op) => {
    const before = state();
    expect(applyOps(before, [["=", ["count"], 2], op as Op])).toBeUndefined();
    expect(before).toEqual(state());
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("refuse __proto__ even where the state has it as its own key", () => {
    const before: unknown = JSON.parse("{\"users\":{\"__proto__\":{\"x\":1}}}");
    expect(applyOps(before, [["=", ["users", "__proto__", "x"], 2]])).toBeUndefined();
  });

  it("keep every reference they do not touch, and never change what they were given", () => {
    const before = state();
    const frozen = JSON.stringify(before);
    const after = applyOps(before, [["=", ["deep", "list", 0, "done"], true], ["+", ["items"], 4], ["+", ["items"], 5]]) as typeof before;
    expect(JSON.stringify(before)).toBe(frozen);
    expect(after).not.toBe(before);
    expect(after.items).not.toBe(before.items);
    expect(after.users).toBe(before.users);
    expect(after.deep.list[0]).not.toBe(before.deep.list[0]);
    expect(after.deep.list[1]).toBe(before.deep.list[1]);
  });

  it("give back the same state when there are none", () => {
    const before = state();
    expect(applyOps(before, [])).toBe(before);
  });
});

describe("a new snapshot", () => {
  it("keeps what equals the old one", () => {
    const before = state();
    expect(share(before, state())).toBe(before);
  });

  it("is new only where it differs", () => {
    const before = state();
    const after = share(before, { ...state(), users: { ana: { name: "Ana" }, bo: { name: "Bob" } } }) as typeof before;
    expect(after).not.toBe(before);
    expect(after.users.ana).toBe(before.users.ana);
    expect(after.users.bo).toEqual({ name: "Bob" });
    expect(after.deep).toBe(before.deep);
  });

  it.each([[[1, 2], [1]], [[1], [1, 2]], [{ a: 1 }, {}], [{}, { a: undefined }], [[], {}], [{ a: 1 }, { b: 1 }]])("does not take %j for %j", (before, after) => {
    expect(share(before, after)).toBe(after);
    expect(share(before, after)).not.toBe(before);
  });

  it("passes a __proto__ key on as data", () => {
    const after: unknown = JSON.parse("{\"__proto__\":{\"x\":1}}");
    share({}, after);
    expect(Object.keys(after as object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
  });
});
