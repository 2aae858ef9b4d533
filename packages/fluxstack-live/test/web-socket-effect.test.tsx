// A plain socket that is opened by an effect.
import { act, cleanup, render } from "@testing-library/react";
import { useEffect } from "react";
import { expect, it, vi } from "vitest";
import { useReconnectingWebSocket } from "../src/web-socket.js";
import { FakeSocket, pass, type FakeServer } from "./fake-server.js";

it("a raw socket that an effect opens, with what opens it among its dependencies, waits between two tries", async () => {
  vi.useFakeTimers();
  let opened = 0;
  class Socket extends FakeSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { hear: () => undefined } as unknown as FakeServer);
      opened += 1;
      setTimeout(() => { this.drop(); }, 10);
    }
  }
  function Raw() {
    const connect = useReconnectingWebSocket("/down", { WebSocket: Socket as unknown as typeof WebSocket });
    useEffect(() => { connect(); }, [connect]);
    return null;
  }
  render(<Raw />);
  await act(() => pass(2000));
  expect(opened).toBeLessThan(10);
  cleanup();
  await pass(2000);
  vi.useRealTimers();
});
