//! The compact encoding: the same messages as MessagePack, transcribed from the JSON they were written as, and back.
//!
//! Nothing here knows what a message means. A client's bytes become the JSON they stand for, and that is read by
//! [`codec`](crate::codec) like any other; the server's JSON becomes bytes, once for all that read the same. So whatever JSON
//! says, the bytes say, too, and what a limit or a type refuses is refused in both.
//!
//! ```
//! use fluxstack_live_protocol::{codec, compact};
//!
//! let bytes = [0x92, 8, 7];
//! let messages = compact::read(&bytes).expect("one message");
//! let json = messages.into_iter().next().expect("one message").json(None);
//! assert_eq!(json, r#"{"type":"PING","at":7}"#);
//! codec::read(&json, |message| assert!(message.is_ok())).expect("one message");
//! ```

mod inbound; // a client's bytes as JSON
mod outbound; // the server's JSON as bytes
mod page; // both, from the client's side
mod forms; // every message as an array
mod shape; // names as places
mod bytes; // values as MessagePack
mod node; // a value between the two

pub use inbound::{Inbound, read};
pub use outbound::{
    batch, event, message, mounted, resumed, slice, snapshot, state_delta, state_update, told,
};
pub use page::{from_client, to_client};
pub use shape::{Fields, Name, Part, Shape};
