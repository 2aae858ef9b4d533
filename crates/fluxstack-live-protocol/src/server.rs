//! What the server sends, typed for readers: tests, Rust clients, the samples. The engine's hot path writes the same
//! text from parts that were encoded once (`compose.rs`); a test holds the two together.
use crate::{
    error::ErrorCode,
    id::{ComponentId, RequestId},
    ops::Op,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One message from the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ServerMessage {
    /// Answers `HELLO`, before any state.
    Welcome(Welcome),
    /// Answers a mount: a snapshot, or what happened since the client's version.
    ComponentMounted(Mounted),
    /// A snapshot.
    StateUpdate(StateUpdate),
    /// What changed since the version held.
    StateDelta(StateDelta),
    /// A request succeeded.
    Reply(Reply),
    /// A request, a mount or a message failed.
    Error(Error),
    /// Told once, with no place in state.
    Event(Event),
    /// The server ended a component.
    ComponentUnmounted(Unmounted),
    /// Reconnect within that spread; the socket serves until then.
    GoAway(GoAway),
    /// Answers `PING`.
    Pong(Pong),
}

/// `WELCOME`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Welcome {
    /// The session's name, for a later `HELLO`.
    pub session: String,
    /// What proves that it is the client's; used up by the next resume.
    pub secret: String,
    /// Whether the session in `HELLO` goes on.
    pub resumed: bool,
    /// The highest n such that requests 1 to n are all done.
    #[cfg_attr(test, ts(type = "number"))]
    pub executed: u64,
    /// Stored answers the client has not received.
    pub replies: Vec<Answer>,
    /// How long either side may be silent, in milliseconds.
    #[cfg_attr(test, ts(type = "number"))]
    pub heartbeat_ms: u64,
    /// What the client keeps to.
    pub limits: Limits,
    /// The hash of the server's schema.
    pub schema: String,
    /// The server's version, for people.
    pub server: String,
}

/// What a client keeps to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Limits {
    /// Requests on the wire without an answer.
    #[cfg_attr(test, ts(type = "number"))]
    pub in_flight: u64,
    /// The largest WebSocket message the server reads, in bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub message_bytes: u64,
}

/// A stored answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Answer {
    /// It succeeded.
    Reply(Reply),
    /// It failed.
    Error(Error),
}

/// `COMPONENT_MOUNTED`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields))]
pub struct Mounted {
    /// The address.
    pub component_id: ComponentId,
    /// Which history `version` counts in.
    pub epoch: String,
    /// Commits since the epoch began.
    #[cfg_attr(test, ts(type = "number"))]
    pub version: u64,
    /// The whole public state; or else `ops`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "unknown"))]
    pub state: Option<Value>,
    /// What happened since the client's version; or else `state`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ops: Option<Vec<Op>>,
    /// Events since the client's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<MissedEvent>>,
}

/// An event that was told while the client was away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MissedEvent {
    /// Its name.
    pub event: String,
    /// Its value.
    #[cfg_attr(test, ts(type = "unknown"))]
    pub payload: Value,
    /// The commit it belongs to.
    #[cfg_attr(test, ts(type = "number"))]
    pub version: u64,
}

/// `STATE_UPDATE`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StateUpdate {
    /// The address.
    pub component_id: ComponentId,
    /// Which history `version` counts in.
    pub epoch: String,
    /// Commits since the epoch began.
    #[cfg_attr(test, ts(type = "number"))]
    pub version: u64,
    /// The state.
    pub payload: StatePayload,
}

/// The state of a `STATE_UPDATE`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StatePayload {
    /// The whole public state.
    #[cfg_attr(test, ts(type = "unknown"))]
    pub state: Value,
}

/// `STATE_DELTA`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StateDelta {
    /// The address.
    pub component_id: ComponentId,
    /// Apply only if this is the version held.
    #[cfg_attr(test, ts(type = "number"))]
    pub from: u64,
    /// The version afterwards; more than one ahead when commits were merged.
    #[cfg_attr(test, ts(type = "number"))]
    pub version: u64,
    /// What changed.
    pub ops: Vec<Op>,
}

/// `REPLY`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reply {
    /// Which request.
    pub request_id: RequestId,
    /// The component's address.
    pub component_id: ComponentId,
    /// What the action returned.
    pub payload: ReplyPayload,
    /// The version that shows it, by component.
    #[cfg_attr(test, ts(type = "Record<string, number>"))]
    pub at: BTreeMap<ComponentId, u64>,
}

/// The result in a `REPLY`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReplyPayload {
    /// What the action returned; null for nothing.
    #[cfg_attr(test, ts(type = "unknown"))]
    pub result: Value,
}

/// `ERROR`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields))]
pub struct Error {
    /// Which kind of failure.
    pub code: ErrorCode,
    /// What there is to say about it.
    pub payload: ErrorPayload,
    /// The component, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component_id: Option<ComponentId>,
    /// The request, whenever one could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// When to come back, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub retry_after_ms: Option<u64>,
}

/// What there is to say about a failure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields))]
pub struct ErrorPayload {
    /// A sentence for a developer; never a cause, a path, or an echo of the input.
    pub error: String,
    /// The action, where one was named plainly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The property, where one was named plainly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// What is wrong, by field; with code `invalid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "Record<string, string>"))]
    pub fields: Option<BTreeMap<String, String>>,
    /// The action's own typed error; with code `action`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "unknown"))]
    pub data: Option<Value>,
    /// Finds the cause in the server's log; with code `internal`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// `EVENT`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Event {
    /// The address.
    pub component_id: ComponentId,
    /// Its name.
    pub event: String,
    /// Its value.
    #[cfg_attr(test, ts(type = "unknown"))]
    pub payload: Value,
    /// The commit it belongs to.
    #[cfg_attr(test, ts(type = "number"))]
    pub version: u64,
}

/// `COMPONENT_UNMOUNTED`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Unmounted {
    /// The address.
    pub component_id: ComponentId,
    /// Why.
    pub reason: UnmountReason,
}

/// Why the server ended a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum UnmountReason {
    /// The visitor may no longer see it.
    Denied,
    /// It could not be brought back to a sound state.
    Failed,
    /// The server closed it.
    Closed,
    /// It is not there any more; mount it again.
    Gone,
}

/// `GO_AWAY`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GoAway {
    /// Reconnect at a random moment within so many milliseconds.
    #[cfg_attr(test, ts(type = "number"))]
    pub after_ms: u64,
    /// Why, for people.
    pub reason: String,
}

/// `PONG`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Pong {
    /// What `PING` carried.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: serde_json::Number,
}
