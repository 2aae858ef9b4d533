// Generated from the Rust protocol crate by its test. Do not edit.
export type ComponentId = string;
export type RequestId = number | string;
export type ErrorCode = "bad_message" | "unknown_component" | "unknown_action" | "not_bindable" | "invalid" | "unauthorized" | "forbidden" | "gone" | "busy" | "too_many" | "too_large" | "rate_limited" | "timeout" | "action" | "conflict" | "internal" | "unknown_outcome" | "version_mismatch";
export type Segment = number | string;
export type Op = ['=', Array<string | number>, unknown] | ['+', Array<string | number>, ...Array<unknown>] | ['i', Array<string | number>, number, ...Array<unknown>] | ['-', Array<string | number>, number, number] | ['-', Array<string | number>, string] | ['>', Array<string | number>, number, number] | ['~', Array<string | number>, string] | ['~', Array<string | number>, number, number, string];
export type ClientMessage = { "type": "HELLO" } & Hello | { "type": "COMPONENT_MOUNT" } & Mount | { "type": "COMPONENT_UNMOUNT" } & Unmount | { "type": "COMPONENT_ACTION" } & Action | { "type": "PROPERTY_UPDATE" } & PropertyUpdate | { "type": "ACK" } & Ack | { "type": "RESYNC" } & Resync | { "type": "PING" } & Ping;
export type Hello = { 
/**
 * The protocol's version, [`PROTOCOL`](crate::PROTOCOL).
 */
protocol: number, 
/**
 * The session to resume.
 */
session?: string, 
/**
 * What proves that the session is the client's.
 */
secret?: string, 
/**
 * The highest n such that every reply up to n has arrived.
 */
received?: number, 
/**
 * What the client has mounted, or asked for.
 */
components?: Array<HeldComponent>, 
/**
 * Who the visitor is.
 */
token?: string, 
/**
 * The hash of the schema the client was built with.
 */
schema?: string, 
/**
 * The client remembers the session and not what it did in it, like a page that was loaded again: it gets a new one
 * of the same visitor.
 */
anew?: boolean, };
export type HeldComponent = { 
/**
 * Its address in the session.
 */
componentId: ComponentId, 
/**
 * The epoch of the version held.
 */
epoch?: string, 
/**
 * The version held.
 */
version?: number, };
export type Mount = { 
/**
 * The address the client chose.
 */
componentId: ComponentId, 
/**
 * What to mount there.
 */
payload: MountPayload, };
export type MountPayload = { 
/**
 * The registered name.
 */
component: string, 
/**
 * The component's props.
 */
props: unknown, };
export type Unmount = { 
/**
 * Its address.
 */
componentId: ComponentId, };
export type Action = { 
/**
 * The component's address.
 */
componentId: ComponentId, 
/**
 * The action's wire name.
 */
action: string, 
/**
 * The action's one parameter; absent and null are the same.
 */
payload?: unknown, 
/**
 * Absent: a basic client that wants no reply.
 */
requestId?: RequestId, 
/**
 * The highest n such that every reply up to n has arrived.
 */
received?: number, };
export type PropertyUpdate = { 
/**
 * The component's address.
 */
componentId: ComponentId, 
/**
 * Which field, and what to.
 */
payload: PropertyPayload, 
/**
 * Absent: a basic client that wants no reply.
 */
requestId?: RequestId, 
/**
 * The highest n such that every reply up to n has arrived.
 */
received?: number, };
export type PropertyPayload = { 
/**
 * The field's wire name.
 */
property: string, 
/**
 * Its new value.
 */
value: unknown, };
export type Ack = { 
/**
 * WebSocket messages applied on this connection, `WELCOME` included, a batch being one.
 */
messages: number, 
/**
 * The highest n such that every reply up to n has arrived.
 */
received?: number, };
export type Resync = { 
/**
 * The component whose version did not fit.
 */
componentId: ComponentId, };
export type Ping = { 
/**
 * Any number; `PONG` carries it back.
 */
at: number, };
export type ServerMessage = { "type": "WELCOME" } & Welcome | { "type": "COMPONENT_MOUNTED" } & Mounted | { "type": "STATE_UPDATE" } & StateUpdate | { "type": "STATE_DELTA" } & StateDelta | { "type": "REPLY" } & Reply | { "type": "ERROR" } & Error | { "type": "EVENT" } & Event | { "type": "COMPONENT_UNMOUNTED" } & Unmounted | { "type": "GO_AWAY" } & GoAway | { "type": "PONG" } & Pong;
export type Welcome = { 
/**
 * The session's name, for a later `HELLO`.
 */
session: string, 
/**
 * What proves that it is the client's; used up by the next resume.
 */
secret: string, 
/**
 * Whether the session in `HELLO` goes on.
 */
resumed: boolean, 
/**
 * The highest n such that requests 1 to n are all done.
 */
executed: number, 
/**
 * Stored answers the client has not received.
 */
replies: Array<Answer>, 
/**
 * How long either side may be silent, in milliseconds.
 */
heartbeatMs: number, 
/**
 * What the client keeps to.
 */
limits: Limits, 
/**
 * The hash of the server's schema.
 */
schema: string, 
/**
 * The server's version, for people.
 */
server: string, };
export type Limits = { 
/**
 * Requests on the wire without an answer.
 */
inFlight: number, 
/**
 * The largest WebSocket message the server reads, in bytes.
 */
messageBytes: number, };
export type Answer = { "type": "REPLY" } & Reply | { "type": "ERROR" } & Error;
export type Mounted = { 
/**
 * The address.
 */
componentId: ComponentId, 
/**
 * Which history `version` counts in.
 */
epoch: string, 
/**
 * Commits since the epoch began.
 */
version: number, 
/**
 * The whole public state; or else `ops`.
 */
state?: unknown, 
/**
 * What happened since the client's version; or else `state`.
 */
ops?: Array<Op>, 
/**
 * Events since the client's version.
 */
events?: Array<MissedEvent>, };
export type MissedEvent = { 
/**
 * Its name.
 */
event: string, 
/**
 * Its value.
 */
payload: unknown, 
/**
 * The commit it belongs to.
 */
version: number, };
export type StateUpdate = { 
/**
 * The address.
 */
componentId: ComponentId, 
/**
 * Which history `version` counts in.
 */
epoch: string, 
/**
 * Commits since the epoch began.
 */
version: number, 
/**
 * The state.
 */
payload: StatePayload, };
export type StatePayload = { 
/**
 * The whole public state.
 */
state: unknown, };
export type StateDelta = { 
/**
 * The address.
 */
componentId: ComponentId, 
/**
 * Apply only if this is the version held.
 */
from: number, 
/**
 * The version afterwards; more than one ahead when commits were merged.
 */
version: number, 
/**
 * What changed.
 */
ops: Array<Op>, };
export type Reply = { 
/**
 * Which request.
 */
requestId: RequestId, 
/**
 * The component's address.
 */
componentId: ComponentId, 
/**
 * What the action returned.
 */
payload: ReplyPayload, 
/**
 * The version that shows it, by component.
 */
at: Record<string, number>, };
export type ReplyPayload = { 
/**
 * What the action returned; null for nothing.
 */
result: unknown, };
export type Error = { 
/**
 * Which kind of failure.
 */
code: ErrorCode, 
/**
 * What there is to say about it.
 */
payload: ErrorPayload, 
/**
 * The component, where one was named.
 */
componentId?: ComponentId, 
/**
 * The request, whenever one could be read.
 */
requestId?: RequestId, 
/**
 * When to come back, in milliseconds.
 */
retryAfterMs?: number, };
export type ErrorPayload = { 
/**
 * A sentence for a developer; never a cause, a path, or an echo of the input.
 */
error: string, 
/**
 * The action, where one was named plainly.
 */
action?: string, 
/**
 * The property, where one was named plainly.
 */
property?: string, 
/**
 * What is wrong, by field; with code `invalid`.
 */
fields?: Record<string, string>, 
/**
 * The action's own typed error; with code `action`.
 */
data?: unknown, 
/**
 * Finds the cause in the server's log; with code `internal`.
 */
id?: string, };
export type Event = { 
/**
 * The address.
 */
componentId: ComponentId, 
/**
 * Its name.
 */
event: string, 
/**
 * Its value.
 */
payload: unknown, 
/**
 * The commit it belongs to.
 */
version: number, };
export type Unmounted = { 
/**
 * The address.
 */
componentId: ComponentId, 
/**
 * Why.
 */
reason: UnmountReason, };
export type UnmountReason = "denied" | "failed" | "closed" | "gone";
export type GoAway = { 
/**
 * Reconnect at a random moment within so many milliseconds.
 */
afterMs: number, 
/**
 * Why, for people.
 */
reason: string, };
export type Pong = { 
/**
 * What `PING` carried.
 */
at: number, };
