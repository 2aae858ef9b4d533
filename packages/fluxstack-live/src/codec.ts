// Messages to text and back, and what any encoding must keep to. What arrives is `unknown` until it has passed a codec, and
// is typed from there on.

import type { ClientMessage, ServerMessage } from "./protocol.js";

/** What goes into one WebSocket message. */
export type Data = string | Uint8Array<ArrayBuffer>;

/** An encoding of messages. It is told every message that goes out, in order; a HELLO begins another connection. */
export interface Codec {
  /** What the socket offers the server. */
  readonly subprotocol: string;
  /** The hash of the schema that it makes use of, for HELLO. */
  readonly schema?: string | undefined;
  readonly encode: (message: ClientMessage) => Data;
  /** Several encoded messages as one batch. */
  readonly join: (encoded: readonly Data[]) => Data;
  /** Reads one WebSocket message: one message, or a batch. */
  readonly decode: (data: unknown) => Decoded;
}

/**
 * The least each message must have, by example. Fields that are not listed are optional, of any type, or ignored: a newer
 * server may send more.
 */
const LEAST: Readonly<Record<ServerMessage["type"], object>> = {
  WELCOME: { session: "", secret: "", resumed: true, executed: 0, replies: [], heartbeatMs: 0, limits: { inFlight: 0, messageBytes: 0 }, schema: "", server: "" },
  COMPONENT_MOUNTED: { componentId: "", epoch: "", version: 0 },
  STATE_UPDATE: { componentId: "", epoch: "", version: 0, payload: { state: {} } },
  STATE_DELTA: { componentId: "", from: 0, version: 0, ops: [] },
  REPLY: { componentId: "", payload: {}, at: {} },
  ERROR: { code: "", payload: { error: "" } },
  EVENT: { componentId: "", event: "", version: 0 },
  COMPONENT_UNMOUNTED: { componentId: "", reason: "" },
  GO_AWAY: { afterMs: 0 },
  PONG: { at: 0 },
};

/** Whether it has what a message of its type must have. */
export function isServerMessage(value: unknown): value is ServerMessage {
  const { type } = Object(value) as ServerMessage;
  return Object.hasOwn(LEAST, type) && isLike(value, LEAST[type]);
}

/** Whether it is a list, an object, a text … as the example is, and has the like of all that this has. */
function isLike(value: unknown, example: object): boolean {
  return {}.toString.call(value) === {}.toString.call(example)
    && Object.entries(example).every(([key, inner]: [string, object]) => isLike((value as Record<string, unknown>)[key], inner));
}

/** The most values, and levels of them, that one message may have: the array of a batch is one more of each. */
export const VALUES = 4095;
/** See `VALUES`. */
export const DEPTH = 31;

/** What one WebSocket message holds. Each message of a batch that is none is left out and counted. */
export interface Decoded {
  readonly messages: readonly ServerMessage[];
  readonly unreadable: number;
}

/** The codec of those who ask for none. */
export const JSON_CODEC: Codec = {
  subprotocol: "fluxstack-live.v1.json",
  encode: (message) => JSON.stringify(message),
  join: (encoded) => `[${encoded.join()}]`,
  decode(data) {
    let value: unknown;
    try {
      value = JSON.parse(data as string);
    } catch {
      // Then `undefined` is what cannot be read.
    }
    const all = [value].flat();
    const messages = all.filter(isServerMessage);
    return { messages, unreadable: all.length - messages.length };
  },
};

/** A message as it is sent, and what of it the server counts before it reads any. */
export interface Packet {
  readonly data: Data;
  readonly bytes: number;
  /** Infinity if they are too deep. */
  readonly values: number;
}

export function packet(codec: Codec, message: ClientMessage): Packet {
  const data = codec.encode(message);
  return { data, bytes: typeof data === "string" ? new TextEncoder().encode(data).length : data.length, values: weigh(message) };
}

/** How many values it holds, as JSON: so the server counts them in any encoding. What is absent counts too. */
function weigh(value: unknown, level = 0): number {
  if (typeof value !== "object" || value === null) return 1;
  if (level === DEPTH) return Infinity;
  return Object.values(value).reduce<number>((sum, inner) => sum + weigh(inner, level + 1), 1);
}

/** Whether the server would refuse it unread, and with it the number that it carries. */
export function isTooLarge({ bytes, values }: Packet, limitBytes: number): boolean {
  return bytes > limitBytes || values > VALUES;
}

/** Joins messages into as few WebSocket messages as the limits allow, in order. */
export function pack(codec: Codec, packets: readonly Packet[], limitBytes: number): Data[] {
  const batches: [Data, ...Data[]][] = [];
  let bytes = Infinity;
  let values = 0;
  for (const next of packets) {
    // Two more is what the commas and brackets of a batch come to, or the head of a packed one.
    bytes += next.bytes + 2;
    values += next.values;
    if (bytes > limitBytes || values > VALUES) {
      batches.push([next.data]);
      bytes = next.bytes + 2;
      values = next.values;
    } else batches.at(-1)?.push(next.data);
  }
  return batches.map((batch) => (batch.length > 1 ? codec.join(batch) : batch[0]));
}

/**
 * A value as the server will read it, cut loose from the caller's objects. Throws if it cannot be sent. Half a character, such as
 * a cut through an emoji leaves, becomes the replacement character: the server would refuse the message that holds it, and all
 * that travel with it.
 */
export function toWire(value: unknown): unknown {
  const whole = (_: string, part: unknown): unknown => (typeof part === "string" ? part.replace(/\p{Surrogate}/gu, "\ufffd") : part);
  return value === undefined ? value : JSON.parse(JSON.stringify(value, whole));
}
