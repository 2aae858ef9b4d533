//! What a client sends. Values that belong to a component stay undecoded until its type is known.
use crate::id::{ComponentId, RequestId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// One message from a client; the text it was read from lives as long.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ClientMessage<'a> {
    /// Start or resume a session; the first message of a full client.
    #[serde(borrow)]
    Hello(Hello<'a>),
    /// Mount a component by its registered name.
    ComponentMount(Mount<'a>),
    /// Unmount; not answered.
    ComponentUnmount(Unmount),
    /// Call an action.
    ComponentAction(Action<'a>),
    /// Set one bindable field.
    PropertyUpdate(PropertyUpdate<'a>),
    /// WebSocket messages applied so far on this connection.
    Ack(Ack),
    /// A gap was seen; send a snapshot.
    Resync(Resync),
    /// Answered at once by `PONG`.
    Ping(Ping),
}

/// `HELLO`
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields))]
pub struct Hello<'a> {
    /// The protocol's version, [`PROTOCOL`](crate::PROTOCOL).
    #[cfg_attr(test, ts(type = "number"))]
    pub protocol: u64,
    /// The session to resume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<Cow<'a, str>>,
    /// What proves that the session is the client's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<Cow<'a, str>>,
    /// The highest n such that every reply up to n has arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub received: Option<u64>,
    /// What the client has mounted, or asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<HeldComponent>>,
    /// Who the visitor is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Cow<'a, str>>,
    /// The hash of the schema the client was built with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Cow<'a, str>>,
    /// The client remembers the session and not what it did in it, like a page that was loaded again: it gets a new one
    /// of the same visitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anew: Option<bool>,
}

/// A component a resuming client holds; without `epoch` and `version` it was asked for and not yet seen mounted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields))]
pub struct HeldComponent {
    /// Its address in the session.
    pub component_id: ComponentId,
    /// The epoch of the version held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
    /// The version held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub version: Option<u64>,
}

/// `COMPONENT_MOUNT`
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Mount<'a> {
    /// The address the client chose.
    pub component_id: ComponentId,
    /// What to mount there.
    pub payload: MountPayload<'a>,
}

/// The name and the props of a mount.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MountPayload<'a> {
    /// The registered name.
    #[serde(borrow)]
    pub component: Cow<'a, str>,
    /// The component's props.
    #[serde(borrow)]
    #[cfg_attr(test, ts(type = "unknown"))]
    pub props: &'a RawValue,
}

/// `COMPONENT_UNMOUNT`
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Unmount {
    /// Its address.
    pub component_id: ComponentId,
}

/// `COMPONENT_ACTION`
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields))]
pub struct Action<'a> {
    /// The component's address.
    pub component_id: ComponentId,
    /// The action's wire name.
    pub action: Cow<'a, str>,
    /// The action's one parameter; absent and null are the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "unknown"))]
    pub payload: Option<&'a RawValue>,
    /// Absent: a basic client that wants no reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// The highest n such that every reply up to n has arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub received: Option<u64>,
}

/// `PROPERTY_UPDATE`
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields))]
pub struct PropertyUpdate<'a> {
    /// The component's address.
    pub component_id: ComponentId,
    /// Which field, and what to.
    pub payload: PropertyPayload<'a>,
    /// Absent: a basic client that wants no reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// The highest n such that every reply up to n has arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub received: Option<u64>,
}

/// The field to set and its new value.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PropertyPayload<'a> {
    /// The field's wire name.
    #[serde(borrow)]
    pub property: Cow<'a, str>,
    /// Its new value.
    #[serde(borrow)]
    #[cfg_attr(test, ts(type = "unknown"))]
    pub value: &'a RawValue,
}

/// `ACK`
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields))]
pub struct Ack {
    /// WebSocket messages applied on this connection, `WELCOME` included, a batch being one.
    #[cfg_attr(test, ts(type = "number"))]
    pub messages: u64,
    /// The highest n such that every reply up to n has arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub received: Option<u64>,
}

/// `RESYNC`
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Resync {
    /// The component whose version did not fit.
    pub component_id: ComponentId,
}

/// `PING`
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ping {
    /// Any number; `PONG` carries it back.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: serde_json::Number,
}
