// Messages to text and back. What arrives is `unknown` until it has passed here, and is typed from here on.

import type { ClientMessage, ServerMessage } from "./protocol.js";

/** What the socket offers the server. */
export const SUBPROTOCOL = "fluxstack-live.v1.json";

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

function isServerMessage(value: unknown): value is ServerMessage {
  const type = (value as { type?: string } | null)?.type ?? "";
  return Object.hasOwn(LEAST, type) && hasLeast(value as object, LEAST[type as ServerMessage["type"]]);
}

function hasLeast(value: object, least: object): boolean {
  return Object.entries(least).every(([key, example]: [string, unknown]) => {
    const found = (value as Record<string, unknown>)[key];
    if (typeof found !== typeof example || Array.isArray(found) !== Array.isArray(example)) return false;
    return typeof example !== "object" || example === null || (typeof found === "object" && found !== null && hasLeast(found, example));
  });
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

/** Reads one WebSocket message: one message, or an array of them. */
export function decode(data: unknown): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(data as string);
  } catch {
    return { messages: [], unreadable: 1 };
  }
  const all: unknown[] = Array.isArray(value) ? value : [value];
  const messages = all.filter(isServerMessage);
  return { messages, unreadable: all.length - messages.length };
}

/** Writes one message. */
export function encode(message: ClientMessage): string {
  return JSON.stringify(message);
}

/** Joins messages into as few WebSocket messages as the limits allow, in order. */
export function pack(encoded: readonly string[], limitBytes: number): string[] {
  const packed: string[] = [];
  let batch: string[] = [];
  let bytes = 0;
  let values = 0;
  const close = (): void => {
    if (batch.length > 0) packed.push(batch.length === 1 ? batch.join() : `[${batch.join()}]`);
    batch = [];
    bytes = values = 0;
  };
  for (const message of encoded) {
    const size = byteLength(message) + 2;
    const more = weigh(message).values;
    if (bytes + size > limitBytes || values + more > VALUES) close();
    batch.push(message);
    bytes += size;
    values += more;
  }
  close();
  return packed;
}

/** How many values a text holds, and how deep they are: what the server counts before it reads any. */
function weigh(encoded: string): { readonly values: number; readonly depth: number } {
  let values = 1;
  let depth = 0;
  let level = 0;
  for (const [sign] of encoded.replace(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/[[{,}\]]/g)) {
    if (sign === "]" || sign === "}") level -= 1;
    else {
      values += 1;
      if (sign !== ",") depth = Math.max(depth, (level += 1));
    }
  }
  return { values, depth };
}

/** Whether the server would refuse it unread, and with it the number that it carries. */
export function isTooLarge(encoded: string, limitBytes: number): boolean {
  const { values, depth } = weigh(encoded);
  return byteLength(encoded) > limitBytes || values > VALUES || depth > DEPTH;
}

/** UTF-8 bytes of what `encode` wrote. */
export function byteLength(encoded: string): number {
  return new TextEncoder().encode(encoded).length;
}

/** A value as the server will read it, cut loose from the caller's objects. Throws if it cannot be sent. */
export function toWire(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
