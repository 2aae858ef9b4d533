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
