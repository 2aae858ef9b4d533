// The hooks for plain sockets.
import { act, cleanup, render } from "@testing-library/react";
import { StrictMode, useEffect, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useReconnectingWebSocket, useWebSocket, type RawSocket } from "../src/web-socket.js";
import { FakeSocket, pass, settle, type FakeServer } from "./fake-server.js";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(async () => {
  cleanup();
  await pass(2000);
  vi.useRealTimers();
});

const show = (children: ReactNode) => render(<StrictMode>{children}</StrictMode>);
const step = (run: () => void): Promise<void> => act(async () => { run(); await settle(); });
const idle = (): Promise<void> => step(() => undefined);

describe("a raw socket", () => {
  let sockets: FakeSocket[];
  class Socket extends FakeSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { hear: () => undefined } as unknown as FakeServer);
      sockets.push(this);
    }
  }
  const options = { WebSocket: Socket as unknown as typeof WebSocket };
  let raw: RawSocket;
  let url: string;
  let urls = 0;
  beforeEach(() => {
    sockets = [];
    url = `/raw/${String((urls += 1))}`;
  });

  function Raw({ to }: { to: string | null }) {
    const socket = useWebSocket(to, options);
    useEffect(() => { raw = socket; });
    return <p role="status">{socket.status}</p>;
  }

  it("is shared by URL, and opened once under StrictMode", async () => {
    show(<><Raw to={url} /><Raw to={`ws://localhost:3000${url}`} /></>);
    await idle();
    expect(sockets.map((socket) => [socket.url, socket.protocols])).toEqual([[`ws://localhost:3000${url}`, []]]);
    expect([raw.connected, raw.ws, raw.status]).toEqual([false, null, "connecting"]);
    await step(() => { sockets[0]?.open(); });
    expect([raw.connected, raw.ws, raw.status]).toEqual([true, sockets[0], "connected"]);
  });

  it("sends objects as JSON and text as it is, and keeps up to a hundred messages while it is closed", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    show(<Raw to={url} />);
    await idle();
    raw.sendMessage({ type: "PING" });
    for (let i = 0; i < 100; i++) raw.sendMessage(String(i));
    expect(logged).toHaveBeenCalledOnce();
    await step(() => { sockets[0]?.open(); });
    expect(sockets[0]?.frames).toHaveLength(100);
    raw.sendMessage("plain");
    expect([sockets[0]?.frames[0], sockets[0]?.frames.at(-1)]).toEqual(["{\"type\":\"PING\"}", "plain"]);
  });

  it("gives its subscribers JSON where it is JSON, and anything else as it came", async () => {
    show(<Raw to={url} />);
    await step(() => { sockets[0]?.open(); });
    const seen: unknown[] = [];
    const forget = raw.subscribe((message) => seen.push(message));
    const binary = new ArrayBuffer(1);
    for (const data of ["{\"a\":1}", "plain", binary]) sockets[0]?.onmessage?.({ data });
    forget();
    sockets[0]?.onmessage?.({ data: "1" });
    expect(seen).toEqual([{ a: 1 }, "plain", binary]);
  });

  it("reconnects, and is closed a second after the last user left", async () => {
    const page = show(<Raw to={url} />);
    await step(() => { sockets[0]?.open(); });
    await step(() => { sockets[0]?.drop(); });
    await act(() => pass(1200));
    expect(sockets).toHaveLength(2);
    page.unmount();
    await pass(1000);
    expect([sockets[1]?.closedWith, vi.getTimerCount()]).toEqual([1000, 0]);
  });

  it("is none for the URL null", async () => {
    show(<Raw to={null} />);
    await idle();
    expect([sockets.length, raw.status, raw.ws]).toEqual([0, "idle", null]);
  });

  it("opened when its component is gone does not stay", async () => {
    let connect: (() => WebSocket | null) | undefined;
    function Reconnecting() {
      const socket = useReconnectingWebSocket(url, options);
      useEffect(() => { connect = socket; });
      return null;
    }
    show(<Reconnecting />).unmount();
    await pass(2000);
    connect?.();
    await settle();
    await pass(1000);
    expect([sockets.map(({ closedWith }) => closedWith), vi.getTimerCount()]).toEqual([[1000], 0]);
  });

  it("is opened by useReconnectingWebSocket when its result is called", async () => {
    let connect: (RawSocket & (() => WebSocket | null)) | undefined;
    function Reconnecting() {
      const socket = useReconnectingWebSocket(url, options);
      useEffect(() => { connect = socket; });
      return null;
    }
    show(<Reconnecting />);
    await idle();
    expect([sockets.length, connect?.status]).toEqual([0, "idle"]);
    let opened: WebSocket | null | undefined;
    await step(() => { opened = connect?.(); });
    expect([sockets.length, opened === (sockets[0] as unknown), connect?.status]).toEqual([1, true, "connecting"]);
    await step(() => { sockets[0]?.open(); });
    await step(() => { sockets[0]?.drop(); });
    await step(() => { connect?.(); });
    expect(sockets).toHaveLength(1);
    await step(() => pass(1200));
    expect(sockets).toHaveLength(2);
  });
});
