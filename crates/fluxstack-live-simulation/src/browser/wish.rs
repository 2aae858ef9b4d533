//! What a page wants of the server: one action called or one property set, and how that ended.
use super::packet::text;
use fluxstack_live_protocol::{
    client::{Action, ClientMessage, PropertyPayload, PropertyUpdate},
    error::ErrorCode,
    id::{ComponentId, RequestId},
    server,
};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use std::time::Duration;

/// A request, from the call until its outcome.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Which of the page's.
    pub(crate) id: u64,
    pub(crate) component: String,
    pub(crate) wish: Wish,
    /// When it got its first number of this session, and when the connection it went out on was greeted.
    pub(crate) sent: Option<Sent>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    pub(crate) at: Duration,
    pub(crate) greeted: Duration,
}

#[derive(Clone, Debug)]
pub(crate) enum Wish {
    Call { action: &'static str, payload: Value },
    Set { property: &'static str, value: Value },
}

impl Request {
    pub(crate) fn is_set(&self) -> bool {
        matches!(self.wish, Wish::Set { .. })
    }
    /// As it is sent under a number.
    pub(crate) fn text(&self, number: u64, received: u64) -> String {
        let component_id = ComponentId::new(&self.component).expect("an id of the simulation's own");
        let (request_id, received) = (Some(RequestId::Number(number.cast_signed())), Some(received));
        let raw = |value| -> Box<RawValue> { to_raw_value(value).expect("a value is JSON") };
        match &self.wish {
            Wish::Call { action, payload } => text(&ClientMessage::ComponentAction(Action {
                component_id,
                action: (*action).into(),
                payload: Some(&raw(payload)),
                request_id,
                received,
            })),
            Wish::Set { property, value } => text(&ClientMessage::PropertyUpdate(PropertyUpdate {
                component_id,
                payload: PropertyPayload { property: (*property).into(), value: &raw(value) },
                request_id,
                received,
            })),
        }
    }
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Done(Value),
    Failed(ErrorCode, Option<Value>),
    /// It may have run, or not.
    Unknown,
}

impl Outcome {
    pub(crate) fn of(error: server::Error) -> Self {
        match error.code {
            ErrorCode::UnknownOutcome => Outcome::Unknown,
            code => Outcome::Failed(code, error.payload.data),
        }
    }
}
