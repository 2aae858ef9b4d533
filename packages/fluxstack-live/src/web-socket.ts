/** React hooks for plain WebSockets that reconnect and are shared by URL. Live components do not need them. */

import { useMemo, useSyncExternalStore } from "react";
import { sharedSocket, type RawSocket, type RawSocketOptions } from "./raw-socket.js";

export type { RawSocket, RawSocketOptions } from "./raw-socket.js";

const CLOSED: RawSocket = { ws: null, connected: false, status: "idle", sendMessage: () => undefined, subscribe: () => () => undefined };
const closed = (): RawSocket => CLOSED;
const nothing = (): (() => void) => () => undefined;

/**
 * A plain WebSocket, open while the component is shown. Shared by all hooks with the same URL, it reconnects for ever, and
 * up to 100 messages wait while it is closed. `null` opens nothing.
 */
export function useWebSocket(url: string | null, options?: RawSocketOptions): RawSocket {
  const socket = url === null ? null : sharedSocket(url, options);
  return useSyncExternalStore(socket?.watchOpen ?? nothing, socket?.getSnapshot ?? closed, closed);
}

/**
 * As `useWebSocket`, but nothing is opened until the result is called: `const connect = useReconnectingWebSocket(url);
 * connect()`. From then on it reconnects until the component is gone. Calling it again, as an effect may with every status,
 * shortens no wait; it opens a socket that was closed for good.
 */
export function useReconnectingWebSocket(url: string, options?: RawSocketOptions): RawSocket & (() => WebSocket | null) {
  const socket = sharedSocket(url, options);
  const snapshot = useSyncExternalStore(socket.watch, socket.getSnapshot, closed);
  return useMemo(() => Object.assign(() => socket.connect(), snapshot), [socket, snapshot]);
}
