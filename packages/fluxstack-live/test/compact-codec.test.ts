// The compact encoding, by name and by place, says what JSON says.
// @vitest-environment node
import * as official from "@msgpack/msgpack";
import { beforeEach, describe, expect, it } from "vitest";
import type { Codec } from "../src/codec.js";
import { msgpack, type WireSchema } from "../src/msgpack.js";
import type { ClientMessage } from "../src/protocol.js";

const wire = {
  schema: "7f1c0a5e",
  structs: [
    [["id", 0], ["tags", { list: 0 }], ["replies", { list: 1 }]],
    [["name", 0], ["at", { tuple: [0, 3] }]],
    [["x", 0], ["y", 0]],
  ],
  components: {
    ChatComponent: {
      fields: [["messages", { list: 1 }], ["users", { map: 2 }], ["topic", 0], ["pinned", 1], ["byRoom", { map: { list: 1 } }]],
      actions: ["sendMessage", "clear"],
      events: [["MESSAGE_RECEIVED", 1], ["CLEARED", 0]],
    },
  },
} as const satisfies WireSchema;

const bytes = (value: unknown): ArrayBuffer => Uint8Array.from(official.encode(value)).buffer;
const welcome = (schema: string): unknown[] => [1, "s1", "x", false, 0, [], 20_000, [32, 65_536], schema, "test"];
const mount: ClientMessage = { type: "COMPONENT_MOUNT", componentId: "c1", payload: { component: "ChatComponent", props: {} } };
const action: ClientMessage = { type: "COMPONENT_ACTION", componentId: "c1", action: "sendMessage", payload: "hi", requestId: 1, received: 0 };
const property: ClientMessage = { type: "PROPERTY_UPDATE", componentId: "c1", payload: { property: "topic", value: null }, requestId: 2 };

let codec: Codec;
/** The codec after a greeting and the mount of a chat as `c1`. */
function connect(schema: string = wire.schema): void {
  codec.encode({ type: "HELLO", protocol: 1 });
  codec.decode(bytes(welcome(schema)));
  codec.encode(mount);
}
const sent = (message: ClientMessage): unknown => official.decode(codec.encode(message) as Uint8Array);
const read = (message: unknown): unknown => {
  const { messages, unreadable } = codec.decode(bytes(message));
  expect(unreadable).toBe(0);
  expect(messages).toHaveLength(1);
  return messages[0];
};

beforeEach(() => {
  codec = msgpack(wire)();
  connect();
});

describe("the compact encoding", () => {
  it.each<[ClientMessage, unknown[]]>([
    [{ type: "HELLO", protocol: 1 }, [1, 1]],
    [{ type: "HELLO", protocol: 1, received: 2, components: [{ componentId: "c1", epoch: "e", version: 3 }, { componentId: "c2" }] }, [1, 1, null, null, 2, [["c1", "e", 3], ["c2"]]]],
    [mount, [2, "c1", "ChatComponent", {}]],
    [{ type: "COMPONENT_UNMOUNT", componentId: "c1" }, [3, "c1"]],
    [action, [4, "c1", 0, "hi", 1, 0]],
    [{ type: "COMPONENT_ACTION", componentId: "c1", action: "clear" }, [4, "c1", 1]],
    [{ type: "COMPONENT_ACTION", componentId: "c1", action: "clear", requestId: 3 }, [4, "c1", 1, null, 3]],
    [{ type: "COMPONENT_ACTION", componentId: "c1", action: "unheardOf" }, [4, "c1", "unheardOf"]],
    [{ type: "COMPONENT_ACTION", componentId: "c9", action: "clear" }, [4, "c9", "clear"]],
    [property, [5, "c1", 2, null, 2]],
    [{ type: "ACK", messages: 16, received: 2 }, [6, 16, 2]],
    [{ type: "RESYNC", componentId: "c1" }, [7, "c1"]],
    [{ type: "PING", at: 1.5 }, [8, 1.5]],
  ])("writes %j", (message, fields) => {
    expect(sent(message)).toEqual(fields);
  });

  const message = { id: 1, tags: ["a"], replies: [{ id: 2, tags: [], replies: [] }] };
  const placed = [1, ["a"], [[2, [], []]]];
  const state = { messages: [message], users: { ana: { name: "Ana", at: [1, { x: 2, y: 3 }] } }, topic: { free: [1] }, pinned: null, byRoom: { lobby: [message] } };
  const ofChat = { componentId: "c1", version: 4 };
  it.each<[string, unknown[], object]>([
    ["a state", [2, "c1", "e1", 4, [[placed], { ana: ["Ana", [1, [2, 3]]] }, { free: [1] }, null, { lobby: [placed] }]], { type: "COMPONENT_MOUNTED", epoch: "e1", ...ofChat, state }],
    ["a state by name", [3, "c1", "e1", 4, state], { type: "STATE_UPDATE", epoch: "e1", ...ofChat, payload: { state } }],
    ["a state with one struct by name, and everything in it", [3, "c1", "e1", 4, [[message, placed], {}, 1, message, {}]],
      { type: "STATE_UPDATE", epoch: "e1", ...ofChat, payload: { state: { messages: [message, message], users: {}, topic: 1, pinned: message, byRoom: {} } } }],
    ["missed changes and events", [2, "c1", "e1", 4, null, [[0, [2], 7]], [[0, placed, 3], ["CLEARED", null, 4]]], {
      type: "COMPONENT_MOUNTED", epoch: "e1", ...ofChat, ops: [["=", ["topic"], 7]],
      events: [{ event: "MESSAGE_RECEIVED", payload: message, version: 3 }, { event: "CLEARED", payload: null, version: 4 }],
    }],
    ["ops", [4, "c1", 3, 4, [
      [0, [0, 1], placed], [1, [0], placed, placed], [2, [0], 0, placed], [3, [0], 1, 2], [3, [1], "ana"], [4, [0], 0, 1], [5, [2], "tail"], [5, [2], 2, 1, "x"],
      [1, [0, 0, 2], placed], [1, [4, "lobby"], placed], [0, [1, "bo"], ["Bo", [1, [2, 3]]]], [0, [1, "bo", 1, 1], [4, 5]], [0, [1, "bo", 1, 1, 0], 6], [0, [], [[], {}, 1, placed, {}]],
      ["=", ["pinned"], message], ["+", ["messages", 0, "tags"], "b"], [0, ["users", "cy", "name"], "Cy"], [0, [2, "free", 0], 9],
    ]], {
      type: "STATE_DELTA", from: 3, ...ofChat, ops: [
        ["=", ["messages", 1], message], ["+", ["messages"], message, message], ["i", ["messages"], 0, message], ["-", ["messages"], 1, 2], ["-", ["users"], "ana"],
        [">", ["messages"], 0, 1], ["~", ["topic"], "tail"], ["~", ["topic"], 2, 1, "x"],
        ["+", ["messages", 0, "replies"], message], ["+", ["byRoom", "lobby"], message], ["=", ["users", "bo"], { name: "Bo", at: [1, { x: 2, y: 3 }] }],
        ["=", ["users", "bo", "at", 1], { x: 4, y: 5 }], ["=", ["users", "bo", "at", 1, "x"], 6], ["=", [], { messages: [], users: {}, topic: 1, pinned: message, byRoom: {} }],
        ["=", ["pinned"], message], ["+", ["messages", 0, "tags"], "b"], ["=", ["users", "cy", "name"], "Cy"], ["=", ["topic", "free", 0], 9],
      ],
    }],
    ["an event", [7, "c1", 0, placed, 4], { type: "EVENT", ...ofChat, event: "MESSAGE_RECEIVED", payload: message }],
    ["an event by name", [7, "c1", "CLEARED", null, 4], { type: "EVENT", ...ofChat, event: "CLEARED", payload: null }],
    ["an event of the protocol, which no schema has", [7, "c1", "$force", ["topic"], 4], { type: "EVENT", ...ofChat, event: "$force", payload: ["topic"] }],
    ["a reply", [5, 1, "c1", null, 4], { type: "REPLY", requestId: 1, componentId: "c1", payload: { result: null }, at: { c1: 4 } }],
    ["a reply that waits for others", [5, 1, "c1", [1], { c1: 4, c2: 5 }], { type: "REPLY", requestId: 1, componentId: "c1", payload: { result: [1] }, at: { c1: 4, c2: 5 } }],
    ["an error", [6, "busy", { error: "too many" }, null, 3], { type: "ERROR", code: "busy", payload: { error: "too many" }, requestId: 3 }],
    ["an end", [8, "c1", "gone"], { type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "gone" }],
    ["a farewell", [9, 5000, "restart"], { type: "GO_AWAY", afterMs: 5000, reason: "restart" }],
    ["a pong", [10, 1.5], { type: "PONG", at: 1.5 }],
    ["surplus fields", [10, 1, "new"], { type: "PONG", at: 1 }],
    ["a welcome", [1, "s1", "x", true, 2, [[5, 2, "c1", null, 3], [6, "busy", { error: "too many" }, "c1", 3]], 20_000, [32, 65_536], "7f1c0a5e", "0.1.0"], {
      type: "WELCOME", session: "s1", secret: "x", resumed: true, executed: 2, heartbeatMs: 20_000, limits: { inFlight: 32, messageBytes: 65_536 }, schema: "7f1c0a5e", server: "0.1.0",
      replies: [{ type: "REPLY", requestId: 2, componentId: "c1", payload: { result: null }, at: { c1: 3 } }, { type: "ERROR", code: "busy", payload: { error: "too many" }, componentId: "c1", requestId: 3 }],
    }],
  ])("reads %s", (_, fields, expected) => {
    expect(read(fields)).toEqual(expected);
  });

  it("keeps of what was mounted what HELLO lists, and nothing else", () => {
    codec.encode({ ...mount, componentId: "c2" });
    codec.encode({ type: "HELLO", protocol: 1, session: "s1", secret: "x", components: [{ componentId: "c2" }, { componentId: "c9" }] });
    codec.decode(bytes(welcome(wire.schema)));
    const mounted = (componentId: string): unknown => codec.decode(bytes([2, componentId, "e1", 4, null, [[0, [2], 7]]])).messages;
    expect(mounted("c2")).toMatchObject([{ componentId: "c2", ops: [["=", ["topic"], 7]] }]);
    expect([mounted("c1"), mounted("c9")]).toEqual([[], []]);
    codec.encode({ type: "HELLO", protocol: 1, session: "s1", secret: "x", anew: true });
    expect(mounted("c2")).toEqual([]);
  });

  it("reads a batch in order, leaves out what is no message, and ignores what is of a newer server", () => {
    const { messages, unreadable } = codec.decode(bytes([[10, 1], [99, 1], [10, "late"], [], null, ["PONG", 1], [3, "c1", "e1", 4, [1]], [10, 2]]));
    expect([messages, unreadable]).toEqual([[{ type: "PONG", at: 1 }, { type: "PONG", at: 2 }], 5]);
  });

  it("is unreadable and no crash where it is none", () => {
    const whole: unknown[] = [bytes(5), bytes(null), bytes([]), bytes({}), new ArrayBuffer(0), "{}", null, undefined, Uint8Array.from(Array<number>(100_000).fill(0x91)).buffer];
    for (const data of whole) expect(codec.decode(data)).toEqual({ messages: [], unreadable: 1 });
    for (const given of [null, 5, [null], [[0]], [[0, 5]], [5]]) {
      expect(codec.decode(bytes([4, "c1", 3, 4, given])), JSON.stringify(given)).toEqual({ messages: [], unreadable: 1 });
    }
  });

  it("leaves what is of another shape than its type as it is", () => {
    const odd = { messages: { a: 1 }, users: [[1]], topic: 1, pinned: [1, 2], byRoom: { lobby: 5 } };
    expect(read([3, "c1", "e1", 4, Object.values(odd)])).toMatchObject({ payload: { state: odd } });
    expect(codec.decode(bytes([3, "c1", "e1", 4, [1]]))).toEqual({ messages: [], unreadable: 1 });
    const ops = [[0, [9], 1], [0, [0.5], 1], [0, [-1, "a"], 1], [1, [2], [1]], [9, [2], 1]];
    expect(read([4, "c1", 3, 4, ops])).toMatchObject({ ops: [["=", [9], 1], ["=", [0.5], 1], ["=", [-1, "a"], 1], ["+", ["topic"], [1]], [undefined, ["topic"], 1]] });
  });

  it("drops what is about a component that was never mounted here", () => {
    for (const about of [[2, "c9", "e1", 4, [[]]], [3, "c9", "e1", 4, {}], [4, "c9", 3, 4, [[0, [0], 1]]], [7, "c9", 0, [], 4], [7, null, 0]]) {
      expect(codec.decode(bytes(about))).toEqual({ messages: [], unreadable: 0 });
    }
  });

  it("knows nothing of one that was unmounted, for which nobody waits: a page may mount a million", () => {
    codec.encode({ type: "COMPONENT_UNMOUNT", componentId: "c1" });
    expect(codec.decode(bytes([7, "c1", 1, null, 4]))).toEqual({ messages: [], unreadable: 0 });
  });

  it("uses names with a server of another schema, and places again with the next that has the same", () => {
    connect("another");
    expect(sent(action)).toEqual([4, "c1", "sendMessage", "hi", 1, 0]);
    expect(sent(property)).toEqual([5, "c1", "topic", null, 2]);
    expect(codec.decode(bytes([3, "c1", "e1", 4, [[], {}, 1, null, {}]]))).toEqual({ messages: [], unreadable: 1 });
    expect(read([3, "c1", "e1", 4, { messages: [[1]] }])).toMatchObject({ payload: { state: { messages: [[1]] } } });
    connect();
    expect(sent(action)).toEqual([4, "c1", 0, "hi", 1, 0]);
  });

  it("uses names between a HELLO and its WELCOME, and where the component is in no schema", () => {
    codec.encode({ type: "HELLO", protocol: 1 });
    expect(sent(action)).toEqual([4, "c1", "sendMessage", "hi", 1, 0]);
    connect();
    for (const component of ["Other", "toString"]) {
      codec.encode({ ...mount, componentId: "c2", payload: { component, props: {} } });
      expect(sent({ ...action, componentId: "c2" })).toEqual([4, "c2", "sendMessage", "hi", 1, 0]);
      expect(read([4, "c2", 0, 1, [["+", ["list"], [1]]]])).toMatchObject({ ops: [["+", ["list"], [1]]] });
    }
  });

  it("works by name without a schema", () => {
    codec = msgpack()();
    expect(codec.schema).toBeUndefined();
    connect("");
    expect(sent(action)).toEqual([4, "c1", "sendMessage", "hi", 1, 0]);
    expect(read([3, "c1", "e1", 4, state])).toMatchObject({ payload: { state } });
  });

  it("takes at most 14 bytes for a call", () => {
    expect(codec.encode({ type: "COMPONENT_ACTION", componentId: "c1", action: "clear", requestId: 1, received: 0 })).toHaveLength(9);
    codec.encode({ ...mount, componentId: "c12" });
    expect(codec.encode({ type: "COMPONENT_ACTION", componentId: "c12", action: "clear", payload: 5, requestId: 1000, received: 999 }).length).toBeLessThanOrEqual(14);
  });
});
