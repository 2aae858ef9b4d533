// What users import for the compact encoding: fewer bytes, the same messages.

import type { Codec } from "./codec.js";
import { CompactCodec } from "./msgpack/compact-codec.js";
import type { WireSchema } from "./msgpack/wire-schema.js";

export type { Codec } from "./codec.js";
export type { WireComponent, WireField, WireSchema, WireType } from "./msgpack/wire-schema.js";

/**
 * The encoding `fluxstack-live.v1.msgpack`, for the option `codec` of a client. With `wire`, which the generated file
 * exports, names of actions and fields are not sent to a server of the same schema; without it, or to another server, they
 * are. A server that does not speak it is spoken to in JSON.
 *
 * ```ts
 * createLiveClient({ codec: import.meta.env.PROD ? msgpack(wire) : undefined });
 * ```
 */
export function msgpack(wire?: WireSchema): () => Codec {
  return () => new CompactCodec(wire);
}
