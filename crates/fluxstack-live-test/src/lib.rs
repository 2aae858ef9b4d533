//! Tests for live components: drives one as a browser would, without a socket.
//!
//! A [`Page`] shows one component: it calls its actions, sets its fields, sees its state and hears its events. It is a full
//! client of the protocol, so that what a test sees is what a browser would show: deltas are applied one after the other,
//! and each answer comes with the state it made.
//!
//! ```
//! use fluxstack_live::prelude::*;
//! use fluxstack_live_test::{ErrorCode, Page};
//! use serde_json::json;
//!
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
//!     async fn increment(&mut self, amount: i64) -> Result<i64, Invalid> {
//!         if amount > 100 {
//!             return Err(Invalid::field("amount", "is at most 100"));
//!         }
//!         self.count += amount;
//!         Ok(self.count)
//!     }
//! }
//!
//! # /*
//! #[tokio::test]
//! # */
//! # #[tokio::main(flavor = "current_thread")] async fn main() { a_counter_counts().await }
//! async fn a_counter_counts() {
//!     let live = Live::builder().component::<Counter>().build().unwrap();
//!     let page = Page::open::<Counter>(&live, json!({ "count": 0 })).await.unwrap();
//!
//!     assert_eq!(page.call_as::<i64>("increment", 2).await.unwrap(), 2);
//!     assert_eq!(page.state()["count"], 2);
//!
//!     let error = page.call("increment", 101).await.unwrap_err();
//!     assert_eq!(error.code, ErrorCode::Invalid);
//!     assert_eq!(error.fields["amount"], "is at most 100");
//!     page.close().await;
//! }
//! ```
//!
//! # Several visitors
//! Each page is a visitor of its own. What one does, another sees at once if its action did not have to wait for anything,
//! and after [`Page::settle`] or [`Page::until`] if it did. [`Page::open_as`] says who the visitor is; a [`Tab`] has several
//! components in one session.
//!
//! # Time
//! Everything follows tokio's clock: under `#[tokio::test(start_paused = true)]` an action that sleeps for an hour, or a
//! shared store's grace, takes no time.

mod tab; // one session, several components
mod page; // one component, as a browser shows it
mod client; // a full client of the protocol, over an outbox
mod mirror; // a component's state, as the client holds it
mod call_error; // why a mount, a call or a set failed

pub use call_error::CallError;
pub use fluxstack_live_core::encoding::Encoding;
pub use fluxstack_live_protocol::{error::ErrorCode, server::UnmountReason};
pub use page::Page;
pub use tab::Tab;
