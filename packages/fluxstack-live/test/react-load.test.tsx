// Ten thousand components that come and go leave nothing.
import { render } from "@testing-library/react";
import { act, Suspense, useLayoutEffect } from "react";
import { describe, expect, it, vi } from "vitest";
import { LiveProvider, useConnection, useLiveComponent, useLiveEvent, useLivePending, useLiveSelector } from "../src/react.js";
import { pass, settle } from "./fake-server.js";
import { client, server, step } from "./react-page.js";

const CYCLES = 10_000;
const BATCH = 100;
const batches = Array.from({ length: CYCLES / BATCH }, (_, i) => i);
const refs: WeakRef<object>[] = [];
const counts = () => {
  const sent = server.sockets.flatMap((socket) => socket.sent);
  return ["COMPONENT_MOUNT", "COMPONENT_UNMOUNT"].map((type) => sent.filter((message) => message.type === type).length);
};

/** How many of what was referred to are still held, once the collector has been through. */
async function held(): Promise<number> {
  // `execArgv` of vitest.config.ts exposes it.
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("run with --expose-gc");
  for (let i = 0; i < 3; i++) {
    await settle();
    gc();
  }
  return refs.splice(0).filter((ref) => ref.deref() !== undefined).length;
}

describe("ten thousand components that were mounted and unmounted", () => {
  it("leave no listener, timer or handle, without React", async () => {
    // One that stays: the client must not be able to forget it all with its connection.
    client.mount("CounterComponent", { count: -1, title: "" }).subscribe(() => undefined);
    for (const batch of batches) {
      const stops = Array.from({ length: BATCH }, (_, i) => {
        const handle = client.mount("CounterComponent", { count: batch * BATCH + i, title: "" });
        refs.push(new WeakRef(handle));
        return [handle.subscribe(() => undefined), handle.on("X" as never, () => undefined)];
      });
      await settle();
      for (const [stop, forget] of stops) { stop?.(); forget?.(); }
      await pass(1000);
    }
    expect(counts()).toEqual([CYCLES + 1, CYCLES]);
    expect([vi.getTimerCount(), server.listening, server.sockets.length]).toEqual([1, 1, 1]);
    expect(await held()).toBe(0);
  }, 60_000);

  it("leave no listener, timer or handle, with every hook", async () => {
    function Row({ id }: { id: number }) {
      const { state, bind, handle } = useLiveComponent("CounterComponent", { count: id, title: "" }, { optimistic: { reset: (state) => state } });
      useLiveEvent(handle, "X" as never, () => undefined);
      useLayoutEffect(() => { refs.push(new WeakRef(handle)); }, [handle]);
      const part = useLiveSelector(handle, ({ title }) => title);
      const pending = useLivePending(handle, "reset");
      const status = useConnection((info) => info.status);
      return <input {...bind("title")} data-shows={[state.count, part, pending, status]} />;
    }
    client.mount("CounterComponent", { count: -1, title: "" }).subscribe(() => undefined);
    let watching = 0;
    const counting = { ...client, connection: { ...client.connection, subscribe(listener: () => void) {
      watching += 1;
      const stop = client.connection.subscribe(listener);
      return () => { watching -= 1; stop(); };
    } } };
    const page = (batch: number | null) => (
      <LiveProvider client={counting}>
        <Suspense>{batch !== null && Array.from({ length: BATCH }, (_, i) => <Row key={batch * BATCH + i} id={batch * BATCH + i} />)}</Suspense>
      </LiveProvider>
    );
    const { rerender, container } = render(page(null));
    for (const batch of batches) {
      await step(() => { rerender(page(batch)); });
      expect([container.querySelectorAll("input").length, watching]).toEqual([BATCH, BATCH]);
      await step(() => { rerender(page(null)); });
      await act(() => pass(1000));
    }
    expect(counts()).toEqual([CYCLES + 1, CYCLES]);
    expect([vi.getTimerCount(), server.listening, server.sockets.length]).toEqual([1, 1, 1]);
    expect(watching).toBe(0);
    // React's last trees may hold the last batches.
    expect(await held()).toBeLessThanOrEqual(2 * BATCH);
  }, 120_000);
});
