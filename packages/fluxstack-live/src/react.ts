/** The React hooks: a thin skin over the core. */

export { useLiveComponent, type KnownState, type Live } from "./react/use-live-component.js";
export { useLiveEvent } from "./react/use-live-event.js";
export { useConnection } from "./react/use-connection.js";
export { LiveProvider, useLiveClient } from "./react/provider.js";
export { useReconnectingWebSocket, useWebSocket } from "./react/use-web-socket.js";
export type { RawSocket, RawSocketOptions } from "./raw-socket.js";
