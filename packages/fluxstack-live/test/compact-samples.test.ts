// The bytes of every sample of the protocol, as the Rust side writes and reads them.
// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Codec } from "../src/codec.js";
import { msgpack, type WireSchema } from "../src/msgpack.js";
import type { ClientMessage, ServerMessage } from "../src/protocol.js";

interface BySchema {
  readonly wire: WireSchema;
  readonly messages: readonly ({ readonly component: string; readonly hex: string } & (
    | { readonly from: "client"; readonly json: ClientMessage }
    | { readonly from: "server"; readonly json: ServerMessage }
  ))[];
}

const spec = new URL("../../../spec/", import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, spec), "utf8"));
const { byName, bySchema } = read("compact.json") as { byName: Record<string, string>; bySchema: BySchema };
const unhex = (hex: string): ArrayBuffer => Uint8Array.from(Buffer.from(hex, "hex")).buffer;
const hex = (codec: Codec, message: ClientMessage): string => Buffer.from(codec.encode(message) as Uint8Array).toString("hex");

describe("a sample by name", () => {
  const names = Object.entries(byName);
  it.each(names.filter(([name]) => name.startsWith("client.")))("%s is written", (name, bytes) => {
    expect(hex(msgpack()(), read(`messages/${name}.json`) as ClientMessage)).toBe(bytes);
  });
  it.each(names.filter(([name]) => name.startsWith("server.")))("%s is read", (name, bytes) => {
    const codec = msgpack()();
    codec.encode({ type: "COMPONENT_MOUNT", componentId: "c1", payload: { component: "Sample", props: {} } });
    expect(codec.decode(unhex(bytes))).toEqual({ messages: [read(`messages/${name}.json`)], unreadable: 0 });
  });
  it("is there for each message", () => {
    expect(names.length).toBeGreaterThanOrEqual(20);
  });
});

describe("a sample by schema", () => {
  const schema = "7f1c0a5e";
  /** On a connection to a server of the same schema, where a component is mounted as `c1`. */
  function connected(component: string): Codec {
    const codec = msgpack({ ...bySchema.wire, schema })();
    const { messages: [welcome] } = msgpack()().decode(unhex(byName["server.WELCOME"] ?? ""));
    expect((welcome as { schema?: string }).schema).toBe(schema);
    codec.encode({ type: "HELLO", protocol: 1 });
    codec.decode(unhex(byName["server.WELCOME"] ?? ""));
    codec.encode({ type: "COMPONENT_MOUNT", componentId: "c1", payload: { component, props: {} } });
    return codec;
  }
  it.each(bySchema.messages.map((message) => [JSON.stringify(message.json), message] as const))("%s", (_, { component, hex: bytes, ...message }) => {
    const codec = connected(component);
    if (message.from === "client") expect(hex(codec, message.json)).toBe(bytes);
    else expect(codec.decode(unhex(bytes))).toEqual({ messages: [message.json], unreadable: 0 });
  });
});
