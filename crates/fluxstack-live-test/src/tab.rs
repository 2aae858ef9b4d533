//! One session, several components.
use crate::{
    call_error::CallError,
    client::Client,
    page::{Page, stranger},
};
use fluxstack_live::{Live, LiveActions, Visitor};
use fluxstack_live_core::encoding::Encoding;
use serde::Serialize;
use std::sync::Arc;

/// One visitor's session, as a browser's tab has one: its pages share a connection. It ends with the last of them and this.
///
/// ```
/// # use fluxstack_live::prelude::*;
/// # use fluxstack_live_test::Tab;
/// # #[derive(LiveComponent)] struct Clock { #[live] ticks: i64 }
/// # #[live_type] struct Nothing {}
/// # #[live_actions] impl Clock {
/// #     fn mount(_props: Nothing) -> Result<Self, MountError> { Ok(Clock { ticks: 0 }) }
/// # }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let live = Live::builder().component::<Clock>().build()?;
/// let tab = Tab::open_as(&live, Visitor::anonymous("ana"));
/// let left = tab.mount::<Clock>(serde_json::json!({})).await?;
/// let right = tab.mount::<Clock>(serde_json::json!({})).await?;
/// assert_eq!(left.state(), right.state());
/// # Ok(())
/// # }
/// ```
pub struct Tab {
    client: Arc<Client>,
}

impl Tab {
    /// Opens a session for a visitor about whom nothing is known.
    pub fn open(live: &Live) -> Self {
        Tab::open_as(live, stranger(live))
    }
    /// Opens a session for this visitor.
    pub fn open_as(live: &Live, visitor: Visitor) -> Self {
        Tab::open_in(live, visitor, Encoding::Json)
    }
    /// Opens a session whose messages travel in this encoding; what its pages show is the same in each.
    pub fn open_in(live: &Live, visitor: Visitor, encoding: Encoding) -> Self {
        Tab { client: Client::open(live, visitor, encoding) }
    }
    /// The network takes its connection, and the browser does not come back: the visitor counts as being there for
    /// [`Limits::lost_grace`](fluxstack_live::Limits::lost_grace). Its pages show what they showed; ask nothing of them any
    /// more.
    pub fn lose(self) {
        self.client.lose();
    }
    /// Mounts a component in this session.
    ///
    /// `Err` if the mount is refused.
    pub async fn mount<C: LiveActions>(&self, props: impl Serialize) -> Result<Page, CallError> {
        Page::mount::<C>(self.client.clone(), props).await
    }
}
