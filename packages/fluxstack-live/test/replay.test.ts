// The replayer of vectors finds what is wrong: here with a few that are made in TypeScript, right ones and planted mistakes.
// @vitest-environment node
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as official from "@msgpack/msgpack";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Op } from "../src/protocol.js";
import type { WireSchema } from "../src/msgpack.js";
import { replayAll, untouchedMoved, type Encoded, type Vector } from "./vectors.js";

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "vectors-")); });
afterAll(() => { rmSync(folder, { recursive: true }); });

const wire: WireSchema = {
  schema: "5eed",
  structs: [[["id", 0], ["tags", { list: 0 }]]],
  components: { Vectors: { fields: [["items", { list: 1 }], ["byName", { map: 1 }], ["text", 0]], actions: [], events: [] } },
};

/** An op by name, and the same by place. */
type Change = readonly [Op, unknown[]];

function encoded(from: number, version: number, changes: readonly Change[]): Encoded {
  const ops = changes.map(([op]) => op);
  const hex = (list: unknown[]): string => Buffer.from(official.encode([4, "c1", from, version, list])).toString("hex");
  return { json: JSON.stringify({ type: "STATE_DELTA", componentId: "c1", from, version, ops }), compact: hex(ops), places: hex(changes.map(([, places]) => places)) };
}

function vector(id: number): Vector {
  const base = { items: [{ id, tags: ["a"] }, { id: -id, tags: [] }], byName: { ana: { id: 1, tags: ["x"] } }, text: "aé𝄞" };
  const changes: Change[] = [
    [["+", ["items"], { id: 7, tags: ["new"] }], [1, [0], [7, ["new"]]]],
    [["+", ["items", 0, "tags"], "b", "c"], [1, [0, 0, 1], "b", "c"]],
    [["-", ["items"], 1, 1], [3, [0], 1, 1]],
    [["=", ["byName", "bo"], { id: 2, tags: [] }], [0, [1, "bo"], [2, []]]],
    [["~", ["text"], 4, 0, "!"], [5, [2], 4, 0, "!"]],
  ];
  const [first, second] = [{ id, tags: ["a"] }, { id: -id, tags: [] }];
  const [longer, pushed] = [{ id, tags: ["a", "b", "c"] }, { id: 7, tags: ["new"] }];
  const byName = { ...base.byName, bo: { id: 2, tags: [] } };
  const states = [
    { ...base, items: [first, second, pushed] },
    { ...base, items: [longer, second, pushed] },
    { ...base, items: [longer, pushed] },
    { ...base, items: [longer, pushed], byName },
    { items: [longer, pushed], byName, text: "aé𝄞!" },
  ];
  return {
    base,
    steps: changes.map((change, i) => ({ ...encoded(i, i + 1, [change]), state: states[i] })),
    merged: encoded(0, changes.length, changes),
    result: states.at(-1),
  };
}

async function replayed(vectors: readonly Vector[]): Promise<string> {
  writeFileSync(join(folder, "wire.json"), JSON.stringify(wire));
  writeFileSync(join(folder, "vectors.jsonl"), vectors.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return replayAll(folder);
}

const three = [1, 2, 3].map(vector);

it("right vectors are equal", async () => {
  expect(await replayed(three)).toBe("18 vectors × 3 encodings: equal");
});

it("many are replayed within seconds", async () => {
  expect(await replayed(Array.from({ length: 500 }, (_, id) => vector(id)))).toBe("3000 vectors × 3 encodings: equal");
});

it("no vector at all is a failure", async () => {
  await expect(replayed([])).rejects.toThrow("no vector");
});

it.each<[string, (right: Vector) => Vector, string]>([
  ["the result", (right) => ({ ...right, result: { ...right.result as object, text: "" } }), "step by step, json"],
  ["the merged message", (right) => ({ ...right, merged: { ...right.merged, json: right.merged.json.replace("new", "old") } }), "merged, json"],
  ["a compact step", (right) => ({ ...right, steps: right.steps.map((step) => ({ ...step, compact: step.compact.replace("a36e6577", "a36f6c64") })) }), "step by step, compact"],
  ["the state after a step", (right) => ({ ...right, steps: right.steps.map((step, i) => (i === 1 ? { ...step, state: right.base } : step)) }), "step 1 made it"],
  ["the order of fields", (right) => ({ ...right, merged: { ...right.merged, places: right.merged.places.replace("920791a36e6577", "9291a36e657707") } }), "merged, places"],
  ["a place", (right) => ({ ...right, merged: { ...right.merged, places: right.merged.places.replace(/9501910293/, "9501910193").replace(/930191009207/, "930191019207") } }), "merged, places"],
  ["what is no message", (right) => ({ ...right, merged: { ...right.merged, places: "91" } }), "no STATE_DELTA: places"],
  ["a step that is missing", (right) => ({ ...right, steps: right.steps.slice(1) }), "step by step, json"],
])("a mistake in %s is found", async (_, mistaken, where) => {
  await expect(replayed([...three, mistaken(vector(4))])).rejects.toThrow(where);
});

it("a part that nothing touched and that is another object all the same is found", () => {
  const before = { list: [{ id: 1 }, { id: 2 }], map: { a: { id: 3 } } };
  const after = { list: [{ id: 1 }, before.list[1]], map: { a: before.map.a } };
  expect(untouchedMoved(before, after, [["list", 0, "id"], ["map", "b"]])).toBeNull();
  expect(untouchedMoved(before, after, [["list"], ["map", "b"]])).toBeNull();
  expect(untouchedMoved(before, after, [["list", 1, "id"], ["map", "b"]])).toEqual(["list", 0]);
  expect(untouchedMoved(before, after, [["list", 0, "id"]])).toEqual(["map"]);
  expect(untouchedMoved(before, structuredClone(before), [])).toEqual([]);
});
