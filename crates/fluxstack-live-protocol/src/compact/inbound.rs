//! What a client sends, as the JSON it stands for.
use super::{
    bytes::{self, Bounds},
    forms,
    node::Node,
    shape::{Shape, Way},
};
use crate::{
    codec::Rejected,
    scan::{MAX_DEPTH, MAX_VALUES},
};

/// One message from a client, before places have become names.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound<'a>(Node<'a>);

/// Reads one WebSocket message: one message, or a non-empty list of messages, in their order. What is no message is found
/// out when its JSON is read.
///
/// `Err` if the bytes as a whole are not MessagePack, hold what JSON has not, are an empty list, or break a limit of
/// [`scan`](crate::scan), which is held against the JSON they stand for.
pub fn read(bytes: &[u8]) -> Result<Vec<Inbound<'_>>, Rejected> {
    let rejected = |reason| Rejected { reason, component_id: None, request_id: None };
    // An array is never deeper and never holds more than the object that it stands for.
    let bounds = Bounds { depth: MAX_DEPTH, values: MAX_VALUES };
    let refusal = || rejected("the bytes are not MessagePack, or break a limit of the protocol");
    let node = bytes::read(bytes, bounds).ok_or_else(refusal)?;
    let (messages, mut depth, mut values) = match node {
        Node::List(messages) if messages.is_empty() => {
            return Err(rejected("a batch holds at least one message"));
        }
        Node::List(messages) if matches!(messages[0], Node::List(_)) => (messages, 1, 1),
        message => (vec![message], 0, 0),
    };
    let around = depth;
    let messages: Vec<_> =
        messages.into_iter().map(|message| Inbound(forms::object(forms::CLIENT, message))).collect();
    for Inbound(message) in &messages {
        let (inner, more) = message.extent();
        depth = depth.max(around + inner);
        values += more;
    }
    if depth > MAX_DEPTH || values > MAX_VALUES { Err(refusal()) } else { Ok(messages) }
}

impl<'a> Inbound<'a> {
    /// The component it is addressed to, as far as that can be read.
    pub fn component(&self) -> Option<&str> {
        forms::component(&self.0)
    }
    /// The message as JSON, to be read by [`codec::read`](crate::codec::read): one object, or what that refuses.
    ///
    /// With a shape, places in it become names; one that nothing has becomes a name that nothing has. Without, they stay,
    /// and are refused.
    pub fn json(mut self, shape: Option<&'a Shape>) -> String {
        if let Some(shape) = shape {
            forms::by_shape(shape, &mut self.0, Way::ToNames);
        }
        self.0.to_json()
    }
}
