// Every message that crosses the socket, by hand. A type-level test proves these equal to what the Rust types generate.

/** Chosen by the client, at most 64 characters of `[A-Za-z0-9_-]`: an address within the session, never a capability. */
export type ComponentId = string;
/** A full client numbers its requests 1, 2, 3 … per session; a basic client may use any short string. */
export type RequestId = number | string;
/** Field names (camelCase), map keys and list indexes, from the state's root. */
export type Path = (string | number)[];

/** One change of a state. Ops are data: whatever does not fit is a gap, never a guess. */
export type Op =
  /** Set the value at a path. */
  | ["=", Path, unknown]
  /** Append to a list. */
  | ["+", Path, ...unknown[]]
  /** Insert into a list, before an index. */
  | ["i", Path, number, ...unknown[]]
  /** Delete a list range: index, count. */
  | ["-", Path, number, number]
  /** Delete a map key. */
  | ["-", Path, string]
  /** Move a list item: from, and its index after the removal. */
  | [">", Path, number, number]
  /** Append to a text. */
  | ["~", Path, string]
  /** Splice a text: at, deleted, inserted; UTF-16 offsets. */
  | ["~", Path, number, number, string];

/** Why a request, a mount or a message failed. A closed list: a server sends no other code. */
export type ErrorCode =
  | "bad_message"
  | "unknown_component"
  | "unknown_action"
  | "not_bindable"
  | "invalid"
  | "unauthorized"
  | "forbidden"
  | "gone"
  | "busy"
  | "too_many"
  | "too_large"
  | "rate_limited"
  | "timeout"
  | "action"
  | "conflict"
  | "internal"
  | "unknown_outcome"
  | "version_mismatch";

/** Why the server ended a component. `gone` is mounted again; the others are final. */
export type UnmountReason = "denied" | "failed" | "closed" | "gone";

/** The close codes the protocol gives a meaning. */
export type CloseCode =
  | 1000 | 1001 | 1002 | 1003 | 1007 | 1008 | 1009 | 1011 | 1012 | 1013
  | 4401 | 4403 | 4408 | 4409 | 4410 | 4412 | 4413;

/** Where a resuming client stands; without `epoch` and `version` the component was asked for and not yet seen mounted. */
export interface ResumePoint {
  componentId: ComponentId;
  epoch?: string;
  version?: number;
}

/** Starts or resumes a session. After it a client sends nothing until `WELCOME`. */
export interface Hello {
  type: "HELLO";
  protocol: number;
  session?: string;
  secret?: string;
  /** The highest n such that every reply up to n has arrived. */
  received?: number;
  components?: ResumePoint[];
  token?: string;
  schema?: string;
  /** The session is remembered, and not what was done in it, as by a page that was loaded again: a new one of the same visitor. */
  anew?: boolean;
}

/** Mounts a component by its registered name. */
export interface ComponentMount {
  type: "COMPONENT_MOUNT";
  componentId: ComponentId;
  payload: { component: string; props: unknown };
}

/** Not answered. */
export interface ComponentUnmount {
  type: "COMPONENT_UNMOUNT";
  componentId: ComponentId;
}

/** Calls an action. */
export interface ComponentAction {
  type: "COMPONENT_ACTION";
  componentId: ComponentId;
  action: string;
  payload?: unknown;
  requestId?: RequestId;
  received?: number;
}

/** Sets one bindable field. */
export interface PropertyUpdate {
  type: "PROPERTY_UPDATE";
  componentId: ComponentId;
  payload: { property: string; value: unknown };
  requestId?: RequestId;
  received?: number;
}

/** WebSocket messages applied on this connection, cumulative. */
export interface Ack {
  type: "ACK";
  messages: number;
  received?: number;
}

/** A gap was seen; asks for a snapshot. */
export interface Resync {
  type: "RESYNC";
  componentId: ComponentId;
}

/** Answered at once. `at` comes back unchanged. */
export interface Ping {
  type: "PING";
  at: number;
}

/** Everything a client may send. */
export type ClientMessage =
  | Hello
  | ComponentMount
  | ComponentUnmount
  | ComponentAction
  | PropertyUpdate
  | Ack
  | Resync
  | Ping;

/** What a client must keep to. */
export interface Limits {
  /** Requests on the wire without a reply. */
  inFlight: number;
  /** UTF-8 bytes of one WebSocket message. */
  messageBytes: number;
}

/** Answers `HELLO`, before any state. */
export interface Welcome {
  type: "WELCOME";
  session: string;
  secret: string;
  resumed: boolean;
  /** The highest n such that requests 1 … n are all done. */
  executed: number;
  /** All stored replies the client has not received. */
  replies: (Reply | ErrorMessage)[];
  heartbeatMs: number;
  limits: Limits;
  schema: string;
  server: string;
}

/** An event a resuming client missed. */
export interface MissedEvent {
  event: string;
  payload: unknown;
  version: number;
}

/** Answers a mount, and each component of a resume: with `state`, or with `ops` and perhaps `events`. */
export interface ComponentMounted {
  type: "COMPONENT_MOUNTED";
  componentId: ComponentId;
  epoch: string;
  version: number;
  /** A snapshot. */
  state?: unknown;
  /** What happened since the version that the client said it has; empty when nothing did. */
  ops?: Op[];
  /** The events it missed. */
  events?: MissedEvent[];
}

/** A snapshot. */
export interface StateUpdate {
  type: "STATE_UPDATE";
  componentId: ComponentId;
  epoch: string;
  version: number;
  payload: { state: unknown };
}

/** Apply only if `from` is the version held; `version` may be more than one ahead. */
export interface StateDelta {
  type: "STATE_DELTA";
  componentId: ComponentId;
  from: number;
  version: number;
  ops: Op[];
}

/** Success. Its state comes first in the same WebSocket message; `at` is where the result is visible. */
export interface Reply {
  type: "REPLY";
  requestId: RequestId;
  componentId: ComponentId;
  payload: { result: unknown };
  at: Record<ComponentId, number>;
}

/** Failure of a request, of a mount, or of a message. */
export interface ErrorMessage {
  type: "ERROR";
  code: ErrorCode;
  payload: {
    error: string;
    action?: string;
    property?: string;
    /** Per field, with `invalid`. */
    fields?: Record<string, string>;
    /** The action's own `Err`, with `action`. */
    data?: unknown;
    /** Correlates with the server's log, with `internal`. */
    id?: string;
  };
  componentId?: ComponentId;
  requestId?: RequestId;
  retryAfterMs?: number;
}

/** What the server tells once; it follows the delta of its commit. */
export interface EventMessage {
  type: "EVENT";
  componentId: ComponentId;
  event: string;
  payload: unknown;
  version: number;
}

/** The server ended the component. */
export interface ComponentUnmounted {
  type: "COMPONENT_UNMOUNTED";
  componentId: ComponentId;
  reason: UnmountReason;
}

/** Reconnect within that spread; the socket serves until then. */
export interface GoAway {
  type: "GO_AWAY";
  afterMs: number;
  reason: string;
}

/** Answers `PING`. */
export interface Pong {
  type: "PONG";
  at: number;
}

/** Everything a server may send. */
export type ServerMessage =
  | Welcome
  | ComponentMounted
  | StateUpdate
  | StateDelta
  | Reply
  | ErrorMessage
  | EventMessage
  | ComponentUnmounted
  | GoAway
  | Pong;
