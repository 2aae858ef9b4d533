//! Live components for Rust: a component's state is a struct on the server, its actions are methods, and a browser shows
//! the state and calls the actions over one persistent WebSocket.
//!
//! ```
//! use fluxstack_live::prelude::*;
//!
//! /// A counter of one visitor's own.
//! #[derive(LiveComponent)]
//! struct Counter {
//!     #[live]
//!     count: i64,
//! }
//!
//! #[live_type]
//! struct CounterProps {
//!     count: i64,
//! }
//!
//! #[live_actions]
//! impl Counter {
//!     fn mount(props: CounterProps) -> Result<Self, MountError> {
//!         Ok(Counter { count: props.count })
//!     }
//!     async fn increment(&mut self, amount: Option<i64>) {
//!         self.count += amount.unwrap_or(1);
//!     }
//! }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let live = Live::builder().component::<Counter>().build()?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//! fluxstack_live::serve(listener, live.router("/live")).await?;
//! # Ok(())
//! # }
//! ```
//!
//! This crate is what users add, and the only one that knows axum. A connection's way in and out is
//! `handshake.rs` → `connection.rs` → the engine's session, and back through its outbox.

mod serve; // a listener and a router become a server
mod live; // the registered components as a router
mod typescript; // the generated file, written if it differs
mod handshake; // who may connect, and how
mod connection; // one socket: messages in, messages out
mod drain; // how a server stops
mod tokio_host; // tokio's clock and tasks for the engine

#[doc(hidden)]
pub use fluxstack_live_core::__private;
pub use fluxstack_live_core::{
    actions::{Denied, LiveActions, MountError},
    context::{Context, MountContext},
    engine::{BuildError, StoreHandle, UpdateError},
    failure::{Failed, Fault, Invalid, OrFault},
    feed::Feed,
    job_store::{JobStore, Tick},
    limits::Limits,
    list::List,
    map::Map,
    secret::Secret,
    text::Text,
    timestamp::Timestamp,
    typescript::Faults,
    value::{LiveValue, WireType},
    visitor::Visitor,
};
pub use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
pub use live::{Live, LiveBuilder};
pub use serve::{serve, serve_until};

/// What a file with components uses.
pub mod prelude {
    pub use crate::{
        Context, Denied, Failed, Fault, Feed, Invalid, JobStore, List, Live, LiveComponent, Map,
        MountContext, MountError, OrFault, Secret, Text, Timestamp, Visitor, live_actions, live_type,
    };
}

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
