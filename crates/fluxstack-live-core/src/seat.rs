//! What a store holds: one living component without its type.
use crate::{
    event::Event, failure::Failure, host::BoxFuture, jobs::Job, ops::Changes, payload::Payload,
    visitor::Visitor,
};
use std::sync::Arc;

/// What a transaction holds while it is at it. None once the store has failed for good.
pub(crate) type Seat = Option<Box<dyn Instance>>;

/// A component and what its transactions need.
pub(crate) trait Instance: Change + Send {
    /// Before each transaction. No visitor: other code of the server makes the change. `asked` is the reader that asked
    /// for it, if one did.
    fn begin(&mut self, visitor: Option<Arc<Visitor>>, asked: Option<u64>);
    /// Whether it wants to be told who joins and leaves.
    fn follows_visitors(&self) -> bool;
    /// The visitor of the transaction is there now, or is not any more.
    fn visit(&mut self, coming: Coming) -> Called<'_>;
    fn call<'a>(&'a mut self, action: &'a str, payload: Payload<'a>) -> Called<'a>;
    fn set_property(&mut self, name: &str, value: Payload) -> Result<(), Failure>;
    /// Back to the last commit. `Err` if that is impossible.
    fn rollback(&mut self) -> Result<(), Failure>;
    fn as_any(&mut self) -> &mut dyn std::any::Any;
}

/// Resolves to a result as JSON.
pub(crate) type Called<'a> = BoxFuture<'a, Result<Vec<u8>, Failure>>;

/// Whether a visitor comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coming {
    Joins,
    Leaves,
}

/// What a transaction has done since the last commit.
pub(crate) trait Change {
    /// What changed. Computes what is computed of the state.
    fn diff(&mut self) -> Result<Changes, Failure>;
    /// Takes what was told.
    fn take_events(&mut self) -> Result<Vec<Event>, Failure>;
    /// The public state.
    fn snapshot(&self) -> Result<Vec<u8>, Failure>;
    /// It is committed.
    fn accept(&mut self);
    /// Takes what was spawned.
    fn take_jobs(&mut self) -> Vec<Job>;
}
