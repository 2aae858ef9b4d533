// Our part of MessagePack, held against the official implementation; and bytes that no honest server sends.
// @vitest-environment node
import * as official from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { pack, packedList, unpack } from "../src/msgpack/bytes.js";

const edges = [0, 1, 31, 32, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];
const values: unknown[] = [
  ...edges, ...edges.map((n) => -n - 1).filter(Number.isSafeInteger), 0.5, -1.25, 1e300, 5e-324, true, false, null, "", "é𝄞", [], {},
  ...[31, 32, 255, 256, 65_535, 65_536].map((length) => "x".repeat(length)),
  ...[15, 16, 65_535, 65_536].flatMap((length) => [Array<number>(length).fill(7), Object.fromEntries(Array.from({ length }, (_, i) => [String(i), i]))]),
  { a: [{ b: null }, [[-5, "c"]]], constructor: 1 },
];

const bytes = (...given: number[]): Uint8Array => Uint8Array.from(given);

describe("MessagePack", () => {
  it.each(values.map((value) => [JSON.stringify(value).slice(0, 40), value]))("is read and written as others do: %s", (_, value) => {
    expect(Buffer.from(pack(value)).equals(Buffer.from(official.encode(value)))).toBe(true);
    expect(unpack(official.encode(value))).toEqual(value);
    expect(unpack(pack(value))).toEqual(value);
  });

  it("is read in a longer form than it needs", () => {
    expect([bytes(0xcd, 0, 5), bytes(0xcf, 0, 0, 0, 0, 0, 0, 0, 5), bytes(0xd3, 255, 255, 255, 255, 255, 255, 255, 251), bytes(0xd9, 1, 65)].map(unpack)).toEqual([5, 5, -5, "A"]);
  });

  it("writes an integer beyond 2^53 as one, as JSON does", () => {
    expect(official.decode(pack(2 ** 60), { useBigInt64: true })).toBe(2n ** 60n);
    expect(official.decode(pack(-(2 ** 63)), { useBigInt64: true })).toBe(-(2n ** 63n));
    expect(unpack(pack(2 ** 70))).toBe(2 ** 70);
  });

  it("leaves out what is undefined", () => {
    expect(unpack(pack({ a: undefined, b: [undefined] }))).toEqual({ b: [null] });
  });

  it("joins what is packed to a list", () => {
    for (const length of [2, 15, 16, 300]) expect(unpack(packedList(Array.from({ length }, (_, i) => pack(i))))).toEqual(Array.from({ length }, (_, i) => i));
  });

  const deep = (levels: number): Uint8Array => Uint8Array.from([...Array<number>(levels).fill(0x91), 0xc0]);

  it("is read as deep as any state is", () => {
    expect(unpack(deep(500))).toBeDefined();
  });

  it.each<[string, Uint8Array]>([
    ["nothing", bytes()],
    ["what goes on after its end", bytes(1, 1)],
    ["what is cut off in a text", bytes(0xa2, 65)],
    ["what is cut off in a number", bytes(0xce, 1, 2)],
    ["what is cut off in a list", bytes(0x92, 1)],
    ["a list longer than the message", bytes(0xdd, 255, 255, 255, 255, 0)],
    ["a map larger than the message", bytes(0xdf, 255, 255, 255, 255, 0)],
    ["a text longer than the message", bytes(0xdb, 255, 255, 255, 255, 65)],
    ["text that is not UTF-8", bytes(0xa2, 0xff, 0xfe)],
    ["a surrogate in UTF-8", bytes(0xa3, 0xed, 0xa0, 0x80)],
    ["binary data", bytes(0xc4, 1, 0)],
    ["an extension", bytes(0xd4, 1, 0)],
    ["the type that never was", bytes(0xc1)],
    ["a float of 32 bits", bytes(0xca, 0, 0, 0, 0)],
    ["NaN", official.encode(NaN)],
    ["an infinity", official.encode(-Infinity)],
    ["a number that a double would change", bytes(0xcf, 0, 32, 0, 0, 0, 0, 0, 1)],
    ["a key that is a number", bytes(0x81, 1, 1)],
    ["a key that is nil", bytes(0x81, 0xc0, 1)],
    ["__proto__ as a key", Uint8Array.from([0x81, 0xa9, ...Buffer.from("__proto__"), 0x80])],
    ["more levels than any state has", deep(600)],
    ["more levels than the stack has", deep(200_000)],
  ])("refuses %s", (_, given) => {
    expect(() => unpack(given)).toThrow();
  });

  it("refuses, or reads, whatever comes, and quickly", () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647);
    const start = performance.now();
    for (let i = 0; i < 20_000; i += 1) {
      try {
        unpack(Uint8Array.from({ length: random() % 40 }, () => random() % 256));
      } catch {
        continue;
      }
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
