//! How many requests of one session are under way: from their arrival until their answer has left the outbox.
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Counts a session's requests under way.
#[derive(Clone, Default)]
pub(crate) struct Flights(Arc<AtomicUsize>);

/// One request under way, until it is dropped.
pub(crate) struct Flight(Arc<AtomicUsize>);

impl Flights {
    /// One more, if there are fewer than `most`.
    pub(crate) fn start(&self, most: usize) -> Option<Flight> {
        let fits = |count| (count < most).then_some(count + 1);
        let started = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits);
        started.ok().map(|_| Flight(self.0.clone()))
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
