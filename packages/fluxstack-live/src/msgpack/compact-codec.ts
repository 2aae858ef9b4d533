// Messages to MessagePack and back, each an array of its tag and fields. Nobody else needs to know which codec is in use.

import { isServerMessage, type Codec, type Data, type Decoded } from "../codec.js";
import type { ClientMessage, ServerMessage } from "../protocol.js";
import { pack, packedList, unpack } from "./bytes.js";
import { Names, nth } from "./names.js";
import type { WireComponent, WireSchema } from "./wire-schema.js";

/** Of a component that the schema does not know: everything is by name. */
const NOTHING: WireComponent = { fields: [], actions: [], events: [] };

export class CompactCodec implements Codec {
  readonly subprotocol = "fluxstack-live.v1.msgpack";
  readonly schema: string | undefined;
  readonly #wire: WireSchema;
  readonly #names: Names;
  /** Which component was mounted under an address of this session; a client uses each for one alone. */
  readonly #mounted = new Map<string, string>();
  /** Whether the server of this connection has the same schema: unknown, so no, from HELLO until WELCOME. */
  #agreed = false;

  constructor(wire?: WireSchema) {
    this.schema = wire?.schema;
    this.#wire = wire ?? { schema: "", structs: [], components: {} };
    this.#names = new Names(this.#wire);
  }

  encode(message: ClientMessage): Data {
    if (message.type === "HELLO") {
      this.#agreed = false;
      // What is not resumed is mounted again, if it is still wanted.
      const resumed = new Set(message.components?.map(({ componentId }) => componentId));
      for (const id of this.#mounted.keys()) if (!resumed.has(id)) this.#mounted.delete(id);
    }
    if (message.type === "COMPONENT_MOUNT") this.#mounted.set(message.componentId, message.payload.component);
    // What still comes about it, nobody waits for.
    if (message.type === "COMPONENT_UNMOUNT") this.#mounted.delete(message.componentId);
    return pack(trimmed(this.#fields(message)));
  }

  join(encoded: readonly Data[]): Data {
    return packedList(encoded as Uint8Array[]);
  }

  decode(data: unknown): Decoded {
    const messages: ServerMessage[] = [];
    let unreadable = 0;
    try {
      const whole = unpack(new Uint8Array(data as ArrayBuffer)) as unknown[];
      for (const fields of Array.isArray(whole[0]) ? whole : [whole]) {
        try {
          const message = this.#message(fields as unknown[]);
          if (isServerMessage(message)) messages.push(message);
          else if (message !== null) unreadable += 1;
        } catch {
          unreadable += 1;
        }
      }
    } catch {
      unreadable = 1;
    }
    return { messages, unreadable };
  }

  #fields(message: ClientMessage): unknown[] {
    switch (message.type) {
      case "HELLO": {
        const { protocol, session, secret, received, components, token, schema, anew } = message;
        const points = components?.map(({ componentId, epoch, version }) => trimmed([componentId, epoch, version]));
        return [1, protocol, session, secret, received, points, token, schema, anew];
      }
      case "COMPONENT_MOUNT": return [2, message.componentId, message.payload.component, message.payload.props];
      case "COMPONENT_UNMOUNT": return [3, message.componentId];
      case "COMPONENT_ACTION": {
        const { componentId, action, payload, requestId, received } = message;
        return [4, componentId, placeOf(action, this.#component(componentId)?.actions), payload, requestId, received];
      }
      case "PROPERTY_UPDATE": {
        const { componentId, payload: { property, value }, requestId, received } = message;
        return [5, componentId, placeOf(property, this.#component(componentId)?.fields.map(([name]) => name)), value, requestId, received];
      }
      case "ACK": return [6, message.messages, message.received];
      case "RESYNC": return [7, message.componentId];
      case "PING": return [8, message.at];
      default: return message satisfies never;
    }
  }

  /** The message of an array; null if it is to be ignored. */
  #message(array: unknown[]): unknown {
    const [tag, ...fields] = array.map((field) => field ?? undefined);
    if (typeof tag !== "number") return undefined;
    switch (tag) {
      case 1: {
        const [session, secret, resumed, executed, replies, heartbeatMs, limits, schema, server] = fields;
        const [inFlight, messageBytes] = limits as unknown[];
        this.#agreed = schema === this.schema && schema !== undefined;
        const read = (replies as unknown[][]).map((reply) => this.#message(reply));
        return { type: "WELCOME", session, secret, resumed, executed, replies: read, heartbeatMs, limits: { inFlight, messageBytes }, schema, server };
      }
      case 2: case 3: case 4: case 7: {
        const component = this.#component(fields[0]);
        // Of one that was never mounted here: nobody waits for it, and without its types it cannot be read.
        return component === undefined ? null : this.#about(tag, fields, component);
      }
      case 5: {
        const [requestId, componentId, result, at] = fields;
        return { type: "REPLY", requestId, componentId, payload: { result: result ?? null }, at: typeof at === "number" ? { [componentId as string]: at } : at };
      }
      case 6: {
        const [code, payload, componentId, requestId, retryAfterMs] = fields;
        return { type: "ERROR", code, payload, componentId, requestId, retryAfterMs };
      }
      case 8: return { type: "COMPONENT_UNMOUNTED", componentId: fields[0], reason: fields[1] };
      case 9: return { type: "GO_AWAY", afterMs: fields[0], reason: fields[1] };
      case 10: return { type: "PONG", at: fields[0] };
      // Of a newer server.
      default: return null;
    }
  }

  #about(tag: 2 | 3 | 4 | 7, fields: unknown[], component: WireComponent): unknown {
    const [componentId, ...rest] = fields;
    const state = (value: unknown): unknown => this.#names.value(value, component.fields);
    const ops = (list: unknown): unknown[] => (list as unknown[]).map((op) => this.#names.op(op, component.fields));
    switch (tag) {
      case 2: {
        const [epoch, version, whole, changes, events] = rest;
        const missed = (events as unknown[][] | undefined)?.map((event) => this.#event(event, component));
        const held = { ...(whole !== undefined && { state: state(whole) }), ...(changes !== undefined && { ops: ops(changes) }), ...(missed && { events: missed }) };
        return { type: "COMPONENT_MOUNTED", componentId, epoch, version, ...held };
      }
      case 3: return { type: "STATE_UPDATE", componentId, epoch: rest[0], version: rest[1], payload: { state: state(rest[2]) } };
      case 4: return { type: "STATE_DELTA", componentId, from: rest[0], version: rest[1], ops: ops(rest[2]) };
      case 7: return { type: "EVENT", componentId, ...this.#event(rest, component) };
      default: return tag satisfies never;
    }
  }

  #event([event, payload, version]: unknown[], { events }: WireComponent): object {
    const [name, type] = nth(events, event) ?? [event, 0];
    return { event: name, payload: this.#names.value(payload ?? null, type), version };
  }

  /** What both sides know of the component at an address; undefined if there never was one. */
  #component(componentId: unknown): WireComponent | undefined {
    const name = this.#mounted.get(componentId as string);
    const { components } = this.#wire;
    if (name === undefined) return undefined;
    return this.#agreed && Object.hasOwn(components, name) ? components[name] : NOTHING;
  }
}

/** Without the absent fields at its end. */
function trimmed(fields: unknown[]): unknown[] {
  while (fields.length > 0 && (fields.at(-1) ?? null) === null) fields.pop();
  return fields;
}

function placeOf(name: string, names: readonly string[] = []): string | number {
  const place = names.indexOf(name);
  return place < 0 ? name : place;
}
