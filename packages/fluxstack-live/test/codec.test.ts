// Every sample message, read and written, and what is no message.
// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { JSON_CODEC, pack, toWire } from "../src/codec.js";
import type { ClientMessage } from "../src/protocol.js";

const { decode, encode } = JSON_CODEC;

/** The texts of several messages, each of one value, as they leave. */
const packed = (texts: string[], limitBytes: number): unknown[] =>
  pack(JSON_CODEC, texts.map((data) => ({ data, bytes: Buffer.byteLength(data), values: 1, depth: 0 })), limitBytes);

const samples = new URL("../../../spec/messages/", import.meta.url);
const sample = (name: string): string => readFileSync(new URL(name, samples), "utf8").trim();

/** What each client sample says, in this package's own types. */
const written: Record<string, ClientMessage> = {
  "client.ACK.json": { type: "ACK", messages: 16, received: 2 },
  "client.COMPONENT_ACTION.json": { type: "COMPONENT_ACTION", componentId: "c1", action: "increment", payload: 5, requestId: 1, received: 0 },
  "client.COMPONENT_MOUNT.json": {
    type: "COMPONENT_MOUNT", componentId: "c1", payload: { component: "CounterComponent", props: { count: 0, title: "Live Counter" } },
  },
  "client.COMPONENT_UNMOUNT.json": { type: "COMPONENT_UNMOUNT", componentId: "c1" },
  "client.HELLO.anew.json": { type: "HELLO", protocol: 1, session: "uQ3v8sK1", secret: "k9Zq0aXw", anew: true },
  "client.HELLO.json": {
    type: "HELLO", protocol: 1, session: "uQ3v8sK1", secret: "k9Zq0aXw", received: 1,
    components: [{ componentId: "c1", epoch: "kx81", version: 1 }, { componentId: "c2" }], token: "ey.J0.x", schema: "7f1c0a5e",
  },
  "client.PING.json": { type: "PING", at: 1718 },
  "client.PROPERTY_UPDATE.json": { type: "PROPERTY_UPDATE", componentId: "c1", payload: { property: "title", value: "Clicks" }, requestId: 2, received: 1 },
  "client.RESYNC.json": { type: "RESYNC", componentId: "c1" },
};

const names = readdirSync(samples).filter((name) => name.endsWith(".json"));
const ofClient = names.filter((name) => name.startsWith("client."));
const ofServer = names.filter((name) => name.startsWith("server."));

describe("the codec", () => {
  it("knows every sample, and every sample is one of the two sides'", () => {
    expect(Object.keys(written)).toEqual(ofClient);
    expect(ofClient.length + ofServer.length).toBe(names.length);
    expect(ofServer.length).toBeGreaterThan(0);
  });

  it.each(ofClient)("writes %s", (name) => {
    const message = written[name];
    expect(message && encode(message)).toBe(sample(name));
  });

  it.each(ofServer)("reads %s", (name) => {
    expect(decode(sample(name))).toEqual({ messages: [JSON.parse(sample(name))], unreadable: 0 });
  });

  it.each(ofServer)("does not read %s when a field it needs is missing or of another type", (name) => {
    const { messages: [message] } = decode(sample(name));
    const broken = { ...message, ...(message?.type === "PONG" ? { at: "1" } : message?.type === "GO_AWAY" ? { afterMs: null } : { componentId: 1, code: 1, session: 1 }) };
    expect(decode(JSON.stringify(broken))).toEqual({ messages: [], unreadable: 1 });
  });

  it("reads a batch in order and leaves out what is no message", () => {
    const pong = { type: "PONG", at: 1 };
    const noise = [null, 1, "PONG", {}, { type: "NEWS" }, { type: "toString" }, { type: "__proto__" }, []];
    expect(decode(JSON.stringify([pong, ...noise, { ...pong, at: 2 }]))).toEqual({ messages: [pong, { ...pong, at: 2 }], unreadable: noise.length });
  });

  it("reads no text that is not JSON, and no binary", () => {
    expect(decode("{")).toEqual({ messages: [], unreadable: 1 });
    expect(decode(new ArrayBuffer(2))).toEqual({ messages: [], unreadable: 1 });
  });

  it("packs as many messages into one as the limit allows", () => {
    expect(packed(["1"], 10)).toEqual(["1"]);
    expect(packed(["1", "2"], 10)).toEqual(["[1,2]"]);
    expect(packed(["11111", "22222", "3"], 12)).toEqual(["11111", "[22222,3]"]);
    expect(packed([], 10)).toEqual([]);
  });

  it("counts the limit in UTF-8 bytes", () => {
    expect(packed(["\"ééé\"", "1"], 10)).toEqual(["\"ééé\"", "1"]);
  });

  it("sends no half of a character, for which the server would refuse the whole message", () => {
    expect(toWire({ a: ["👍".slice(0, 1), "👍"], b: "x\udc4d" })).toEqual({ a: ["\ufffd", "👍"], b: "x\ufffd" });
  });

  it("cuts what is sent loose from the caller's object", () => {
    const payload = { items: [1] };
    const sent = toWire(payload);
    payload.items.push(2);
    expect(sent).toEqual({ items: [1] });
  });
});
