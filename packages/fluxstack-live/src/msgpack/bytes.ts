// The part of MessagePack that the protocol uses, to bytes and back: what JSON can say, and nothing else.

// Far more than any state has, and far less than the stack.
const MOST_DEEP = 512;

/** The one value that the bytes hold. Throws if they are cut off, go on after it, or hold what the protocol does not use. */
export function unpack(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  // A view throws where it ends, so nothing is read beyond.
  const next = (size: number): number => (at += size) - size;

  function count(size: number): number {
    const from = next(size);
    return size === 1 ? view.getUint8(from) : size === 2 ? view.getUint16(from) : view.getUint32(from);
  }

  function exact(big: bigint): number {
    const number = Number(big);
    need(BigInt(number) === big);
    return number;
  }

  function text(length: number): string {
    need(length <= bytes.length - at);
    return UTF8.decode(bytes.subarray(at, (at += length)));
  }

  function list(length: number, depth: number): unknown[] {
    const items: unknown[] = [];
    // One by one: nothing is set aside for what is only announced, or five bytes could ask for gigabytes.
    for (let i = 0; i < length; i += 1) items.push(value(depth + 1));
    return items;
  }

  function map(size: number, depth: number): object {
    const found: Record<string, unknown> = {};
    for (let i = 0; i < size; i += 1) {
      const key = value(depth + 1);
      need(typeof key === "string" && key !== "__proto__");
      found[key] = value(depth + 1);
    }
    return found;
  }

  function value(depth: number): unknown {
    need(depth < MOST_DEEP);
    const tag = count(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return map(tag - 0x80, depth);
    if (tag < 0xa0) return list(tag - 0x90, depth);
    if (tag < 0xc0) return text(tag - 0xa0);
    if (tag >= 0xe0) return tag - 256;
    switch (tag) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xcb: {
        const float = view.getFloat64(next(8));
        need(Number.isFinite(float));
        return float;
      }
      case 0xcc: case 0xcd: case 0xce: return count(1 << (tag - 0xcc));
      case 0xcf: return exact(view.getBigUint64(next(8)));
      case 0xd0: return view.getInt8(next(1));
      case 0xd1: return view.getInt16(next(2));
      case 0xd2: return view.getInt32(next(4));
      case 0xd3: return exact(view.getBigInt64(next(8)));
      case 0xd9: case 0xda: case 0xdb: return text(count(1 << (tag - 0xd9)));
      case 0xdc: case 0xdd: return list(count(2 << (tag - 0xdc)), depth);
      case 0xde: case 0xdf: return map(count(2 << (tag - 0xde)), depth);
      default: throw new Error();
    }
  }

  const whole = value(0);
  need(at === bytes.length);
  return whole;
}

/** A value of JSON as bytes. */
export function pack(value: unknown): Uint8Array<ArrayBuffer> {
  const out: number[] = [];

  function put(tag: number, size: number, number: number): void {
    out.push(tag);
    for (let i = size - 1; i >= 0; i -= 1) out.push(Math.floor(number / 256 ** i) & 255);
  }

  /** A number in as few bytes as it fits: with its tag, after one for a byte or for two bytes. */
  function head(number: number, fixed: number, most: number, tag8: number | null, tag16: number): void {
    if (number <= most) out.push(fixed + number);
    else if (number < 2 ** 8 && tag8 !== null) put(tag8, 1, number);
    else if (number < 2 ** 16) put(tag16, 2, number);
    else if (number < 2 ** 32) put(tag16 + 1, 4, number);
    else put(tag16 + 2, 8, number);
  }

  function writeNumber(number: number): void {
    if (!Number.isInteger(number) || number >= 2 ** 64 || number < -(2 ** 63)) {
      const float = new DataView(new ArrayBuffer(8));
      float.setFloat64(0, number);
      out.push(0xcb, ...new Uint8Array(float.buffer));
    } else if (number >= 0) head(number, 0, 0x7f, 0xcc, 0xcd);
    else if (number >= -32) out.push(256 + number);
    else {
      const log = [7, 15, 31, 63].findIndex((bits) => number >= -(2 ** bits));
      put(0xd0 + log, 1 << log, number);
    }
  }

  function write(part: unknown): void {
    if (typeof part === "number") writeNumber(part);
    else if (typeof part === "string") {
      const utf8 = new TextEncoder().encode(part);
      head(utf8.length, 0xa0, 31, 0xd9, 0xda);
      for (const byte of utf8) out.push(byte);
    } else if (typeof part === "boolean") out.push(part ? 0xc3 : 0xc2);
    else if (Array.isArray(part)) {
      head(part.length, 0x90, 15, null, 0xdc);
      part.forEach(write);
    } else if (typeof part === "object" && part !== null) {
      const entries = Object.entries(part).filter(([, inner]) => inner !== undefined);
      head(entries.length, 0x80, 15, null, 0xde);
      entries.flat().forEach(write);
    } else out.push(0xc0);
  }

  write(value);
  return Uint8Array.from(out);
}

/** Several packed values as one array of them. */
export function packedList(packed: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const count = packed.length;
  const head = count < 16 ? [0x90 + count] : [0xdc, count >> 8, count & 255];
  return Uint8Array.from([...head, ...packed.flatMap((part) => [...part])]);
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function need(fits: boolean): asserts fits {
  if (!fits) throw new Error();
}
