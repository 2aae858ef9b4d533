//! One at a time, in the order they came.
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    task::unconstrained,
};

/// A value that one holds at a time; others wait in their order.
pub(crate) struct Turns<T>(Arc<Mutex<T>>);

/// The value, until it is dropped.
pub(crate) type Turn<T> = OwnedMutexGuard<T>;

/// A place in the queue, or its front.
pub(crate) enum Place<T> {
    Front(Turn<T>),
    Waiting(Pin<Box<dyn Future<Output = Turn<T>> + Send>>),
}

impl<T: Send + 'static> Turns<T> {
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
    /// Takes a place in the queue and does not wait for the turn.
    pub(crate) fn place(&self) -> Place<T> {
        if let Some(turn) = self.try_turn() {
            return Place::Front(turn);
        }
        let mut waiting = Box::pin(unconstrained(self.0.clone().lock_owned()));
        // The first poll takes the place; whoever polls next is woken when it is at the front.
        match waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(turn) => Place::Front(turn),
            Poll::Pending => Place::Waiting(waiting),
        }
    }
}

impl<T> Place<T> {
    /// Waits until it is at the front.
    pub(crate) async fn turn(self) -> Turn<T> {
        match self {
            Place::Front(turn) => turn,
            Place::Waiting(place) => place.await,
        }
    }
}
