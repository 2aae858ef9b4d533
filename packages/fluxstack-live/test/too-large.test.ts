// A mount that the server would not take.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeServer, settle } from "./fake-server.js";

const props = { count: 0, title: "Live Counter" };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a mount that is larger than a message may be", () => {
  it("is not sent but failed, and costs no other component its connection", async () => {
    const server = new FakeServer();
    const client = server.client();
    const large = client.mount("CounterComponent", { count: 0, title: "ä".repeat(40_000) });
    large.subscribe(() => undefined);
    const handle = client.mount("CounterComponent", props);
    handle.subscribe(() => undefined);
    const outcome = await large.callSafe("increment");
    expect(server.last.sentOf("COMPONENT_MOUNT").map(({ componentId }) => componentId)).toEqual([handle.id]);
    expect(large.getSnapshot()).toMatchObject({ status: "failed", error: { code: "too_large" } });
    expect(outcome).toMatchObject({ ok: false, error: { code: "too_large" } });
    await settle();
    expect(handle.getSnapshot().status).toBe("live");
  });
});

describe("a payload of more values than the server reads, or deeper", () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

  it("is not sent but refused, and costs the next call nothing", async () => {
    const server = new FakeServer();
    const handle = server.client().mount("CounterComponent", props);
    handle.subscribe(() => undefined);
    await settle();
    const many = await handle.callSafe("increment", new Array(4_100).fill(1) as never);
    const deep = await handle.callSafe("increment", nested(40) as never);
    for (const refused of [many, deep]) expect(refused).toMatchObject({ ok: false, error: { code: "too_large" } });
    handle.dispatch("increment", nested(20) as never);
    handle.dispatch("increment", ["a,b[{", "\"[,"] as never);
    await settle();
    expect(server.last.sentOf("COMPONENT_ACTION").map(({ requestId }) => requestId)).toEqual([1, 2]);
  });

  it("is counted for a batch as a whole", async () => {
    const server = new FakeServer();
    const handle = server.client().mount("CounterComponent", props);
    handle.subscribe(() => undefined);
    await settle();
    const before = server.last.frames.length;
    for (let i = 0; i < 3; i += 1) handle.dispatch("increment", new Array(1_800).fill(1) as never);
    await settle();
    expect(server.last.frames.slice(before).map((frame) => [JSON.parse(frame)].flat().length)).toEqual([2, 1]);
  });
});
