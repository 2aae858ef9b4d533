//! One at a time, in the order they came.
use std::sync::Arc;
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    task::unconstrained,
};

/// A value that one holds at a time; others wait in their order.
pub(crate) struct Turns<T>(Arc<Mutex<T>>);

/// The value, until it is dropped.
pub(crate) type Turn<T> = OwnedMutexGuard<T>;

impl<T> Turns<T> {
    pub(crate) fn new(value: T) -> Self {
        Turns(Arc::new(Mutex::new(value)))
    }
    /// Waits for a turn. The first poll takes it or takes a place in the queue. tokio's budget for one task would
    /// otherwise answer "not now" without a place, and whoever asks later would be first; hence `unconstrained`.
    pub(crate) async fn turn(&self) -> Turn<T> {
        unconstrained(self.0.clone().lock_owned()).await
    }
    /// A turn, if nobody has it and nobody waits.
    pub(crate) fn try_turn(&self) -> Option<Turn<T>> {
        self.0.clone().try_lock_owned().ok()
    }
}
