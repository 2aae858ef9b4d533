//! One message of a client as JSON.
use fluxstack_live_protocol::client::ClientMessage;

pub(super) fn text(message: &ClientMessage) -> String {
    serde_json::to_string(message).expect("a message is JSON")
}
