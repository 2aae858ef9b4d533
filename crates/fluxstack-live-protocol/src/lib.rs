//! Every message that crosses the socket, typed once, and the two encodings.
//!
//! The text of the protocol is `spec/protocol.md`; one golden sample of each message is in `spec/messages/`. This
//! crate knows no socket and no component: it turns text into messages, refuses what is not one, and puts messages
//! together from parts that were encoded once.
//!
//! ```
//! use fluxstack_live_protocol::{client::ClientMessage, codec};
//!
//! let mut seen = Vec::new();
//! codec::read(r#"{"type":"PING","at":7}"#, |message| seen.push(message.is_ok())).expect("one message");
//! assert_eq!(seen, [true]);
//! # let _: Option<ClientMessage> = None;
//! ```

pub mod compact; // the same messages as MessagePack
pub mod codec; // text to messages, and messages to text
pub mod compose; // messages put together from parts encoded once
pub mod client; // what a client sends
pub mod server; // what the server sends
pub mod ops; // what changed in one commit
pub mod error; // the closed lists of codes
pub mod id; // component and request ids
pub mod strict; // only values a browser can hold
pub mod scan; // what is refused before decoding

#[cfg(test)]
mod typescript; // the same types, written for the TypeScript package

/// The version of the protocol, sent in `HELLO`.
pub const PROTOCOL: u64 = 1;
/// The WebSocket subprotocol of the JSON codec.
pub const SUBPROTOCOL_JSON: &str = "fluxstack-live.v1.json";
/// The WebSocket subprotocol of the compact encoding.
pub const SUBPROTOCOL_MSGPACK: &str = "fluxstack-live.v1.msgpack";
