/**
 * Live components in the browser: the state of a Rust struct on the server, its actions as typed calls, over one WebSocket.
 * React hooks are in `fluxstack-live/react`; this is the part that needs no framework.
 *
 * The modules, in the order a message travels from the page to the socket. Each imports only what is listed below it.
 *
 * - index.ts: what users import, React-free
 * - react.ts: what users import for React
 * - react/use-suspense-live-component.ts: the same, once there is something to show
 * - react/use-live-component.ts: the hook that shows a component
 * - react/use-live-selector.ts: the hook that shows a part of one
 * - react/use-live-pending.ts: the hook that counts an action's calls
 * - react/use-drafts.ts: what is typed into a component's inputs
 * - react/use-live-event.ts: the hook that hears a component's events
 * - react/use-connection.ts: the hook that shows the connection
 * - react/use-selection.ts: renders for a part of a store
 * - react/provider.ts: which client the hooks use
 * - react/field-props.ts: what `bind` gives an input
 * - react/first-state.ts: waits for something to show
 * - web-socket.ts: what users import for plain sockets
 * - raw-socket.ts: a plain socket shared by URL
 * - page.ts: what a page may do besides
 * - selection.ts: a part of a state, watched
 * - timing.ts: when a set is sent
 * - client.ts: one socket and its components
 * - component.ts: state, pending changes and who watches
 * - handle.ts: a component as users hold it
 * - call.ts: payloads in, promises out
 * - replica.ts: a state that ops change in place
 * - shallow.ts: when a selected part has changed
 * - apply.ts: ops applied to a state
 * - lease.ts: mounted while held, and a little longer
 * - shared.ts: one value for equal keys
 * - session.ts: what goes out, what comes in
 * - requests.ts: calls numbered, and their replies
 * - subscriber.ts: a component as its session knows it
 * - watchdog.ts: notices a silent connection
 * - msgpack.ts: what users import for fewer bytes
 * - msgpack/compact-codec.ts: messages to MessagePack and back
 * - msgpack/names.ts: places back to names
 * - msgpack/wire-schema.ts: what is at which place
 * - msgpack/bytes.ts: values to bytes and back
 * - codec.ts: messages to text and back
 * - connection.ts: a socket that comes back
 * - listeners.ts: who is told of something
 * - close-code.ts: what to do after a close
 * - backoff.ts: how long to wait for a retry
 * - environment.ts: clock, chance, sockets, page events
 * - error.ts: why something failed, typed
 * - protocol.ts: every message of the wire
 * - schema.ts: the application's types, from Rust
 */

export { createLiveClient, getLiveClient, type LiveClient, type LiveClientOptions } from "./client.js";
export { ready, select, type Selection } from "./selection.js";
export { debounce, throttle } from "./timing.js";
export { pauseWhenHidden, reloadWhenOutdated, warnBeforeUnload } from "./page.js";
export type { CallOptions, LiveHandle, MountOptions, Optimistic, Pending, SetOptions, Snapshot, Timing } from "./handle.js";
export type { ConnectionInfo, ConnectionStatus } from "./connection.js";
export type { ReconnectOptions } from "./backoff.js";
export type { Cancel } from "./environment.js";
export { isActionError, LiveError, type CallError, type LiveErrorDetails, type Result, type TransportCode } from "./error.js";
export type { ErrorCode } from "./protocol.js";
export {
  registerSchema,
  type Action, type Actions, type ActionShape, type Args, type Bind, type CallArgs, type ComponentShape, type Def, type Err, type EventName, type Events, type Field, type Name, type Named,
  type Ok, type OneOf, type Props, type Register, type Schema, type SchemaInfo, type State,
} from "./schema.js";
