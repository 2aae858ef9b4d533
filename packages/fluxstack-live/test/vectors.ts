// Replays changes that Rust made and encoded: decodes them as a client does, applies them, and compares what they make.

import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as official from "@msgpack/msgpack";
import { JSON_CODEC, type Codec } from "../src/codec.js";
import { msgpack, type WireSchema } from "../src/msgpack.js";
import type { Path, StateDelta } from "../src/protocol.js";
import { Replica } from "../src/replica.js";

const ENCODINGS = ["json", "compact", "places"] as const;

/** One message, in each encoding; binary ones as hex. */
export type Encoded = Readonly<Record<(typeof ENCODINGS)[number], string>>;

/** A state, the changes made to it one by one, the same merged into one, and what they make of it. */
export interface Vector {
  readonly base: unknown;
  readonly steps: readonly (Encoded & { readonly state: unknown })[];
  readonly merged: Encoded;
  readonly result: unknown;
}

/**
 * Replays `vectors.jsonl` of a folder, one vector a line, with the types of its `wire.json`. Returns a line that says how
 * much was equal; throws at the first vector that was not.
 */
export async function replayAll(folder: string): Promise<string> {
  const wire = JSON.parse(readFileSync(join(folder, "wire.json"), "utf8")) as WireSchema;
  const codecs: Readonly<Record<keyof Encoded, Codec>> = { json: JSON_CODEC, compact: greeted(msgpack()()), places: greeted(msgpack(wire)(), wire.schema) };
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(join(folder, "vectors.jsonl")) })) {
    const vector = JSON.parse(line) as Vector;
    count += vector.steps.length + 1;
    for (const encoding of ENCODINGS) {
      for (const [way, messages] of [["step by step", vector.steps], ["merged", [{ ...vector.merged, state: vector.result }]]] as const) {
        const states = messages.map(({ state }) => state);
        const wrong = mismatch(vector, messages.map((message) => decoded(codecs[encoding], encoding, message[encoding])), states);
        if (wrong !== null) throw new Error(`up to vector ${String(count)}, ${way}, ${encoding}: ${wrong}\n${line.slice(0, 4000)}`);
      }
    }
  }
  if (count === 0) throw new Error(`there is no vector in ${folder}`);
  return `${String(count)} vectors × ${String(ENCODINGS.length)} encodings: equal`;
}

/** A codec on a connection where `Vectors` is mounted as `c1`. */
function greeted(codec: Codec, schema = "none"): Codec {
  codec.encode({ type: "HELLO", protocol: 1 });
  codec.decode(official.encode([1, "s1", "x", false, 0, [], 20_000, [32, 65_536], schema, "test"]).slice().buffer);
  codec.encode({ type: "COMPONENT_MOUNT", componentId: "c1", payload: { component: "Vectors", props: {} } });
  return codec;
}

function decoded(codec: Codec, encoding: keyof Encoded, text: string): StateDelta {
  const data = encoding === "json" ? text : Uint8Array.from(Buffer.from(text, "hex")).buffer;
  const { messages: [message] } = codec.decode(data);
  if (message?.type !== "STATE_DELTA") throw new Error(`no STATE_DELTA: ${encoding} ${text}`);
  return message;
}

/** What is wrong when the messages come to the state, which each is to bring to one of `states`; null if nothing is. */
function mismatch({ base, result }: Vector, messages: readonly StateDelta[], states: readonly unknown[]): string | null {
  for (const look of [true, false]) {
    const seen: unknown[] = [];
    const state = replayed(new Replica(frozen(base)), messages, look ? seen : null);
    if (state === undefined) return "a message did not fit";
    const wrong = seen.findIndex((one, at) => !equal(one, states[at]));
    if (wrong >= 0) return `step ${String(wrong)} made it ${JSON.stringify(seen[wrong])}`;
    if (!equal(state, result)) return `it became ${JSON.stringify(state)}`;
    const moved = untouchedMoved(base, state, touched(messages));
    if (moved !== null) return `nothing touched ${JSON.stringify(moved)}, and it is another object`;
  }
  return null;
}

function equal(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return Object.is(one, other);
  const keys = Object.keys(one);
  return Array.isArray(one) === Array.isArray(other) && keys.length === Object.keys(other).length
    && keys.every((key) => Object.hasOwn(other, key) && equal((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]));
}

/** The state after the messages; undefined if one did not fit. With `seen`, someone sees it after every one. */
function replayed(replica: Replica, messages: readonly StateDelta[], seen: unknown[] | null): unknown {
  let version = messages[0]?.from;
  for (const { from, version: next, ops } of messages) {
    if (from !== version || !replica.apply(ops)) return undefined;
    version = next;
    // Whoever sees a state may keep it, and finds it as it was.
    seen?.push(frozen(replica.state));
  }
  return replica.state;
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/** Where the messages change something. */
function touched(messages: readonly StateDelta[]): readonly Path[] {
  return messages.flatMap(({ ops }) => ops.map(([, path]) => path));
}

/** The path of an object that no op touched and that is another one all the same; null if there is none. */
export function untouchedMoved(before: unknown, after: unknown, paths: readonly Path[], at: Path = []): Path | null {
  if (typeof before !== "object" || before === null) return null;
  const below = paths.filter((path) => path.length >= at.length);
  if (below.length === 0) return before === after ? null : at;
  // An op on the list or the map itself: what was at a place may be at another now, or gone.
  if (below.some((path) => path.length === at.length)) return null;
  for (const [key, inner] of Object.entries(before)) {
    const step = Array.isArray(before) ? Number(key) : key;
    const moved = untouchedMoved(inner, (after as Record<string, unknown>)[key], below.filter((path) => path[at.length] === step), [...at, step]);
    if (moved !== null) return moved;
  }
  return null;
}
