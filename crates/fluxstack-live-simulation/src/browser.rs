//! The browser's half of the protocol as a state machine: no socket, no clock, no chance of its own. Each file has the
//! rules of the TypeScript file of the same name.

mod session; // what comes in, what goes out
mod link; // when to connect, and when to give a socket up
mod component; // one component: state and what is pending on it
mod requests; // who waits, and who has a number
mod store; // the state at a version
mod wish; // one action or property set
mod packet; // a message as JSON

pub(crate) use component::Component;
pub(crate) use link::Order;
pub(crate) use session::{News, Resumed, Session};
pub(crate) use wish::{Outcome, Request, Sent, Wish};
