//! How many requests are under way: from their arrival until their answer has left the outbox, or has nobody to go to.
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::Notify;

/// Counts the requests under way of one session.
pub(crate) struct Flights {
    own: Arc<AtomicUsize>,
    all: Traffic,
}

/// Counts those of all sessions.
#[derive(Clone, Default)]
pub(crate) struct Traffic(Arc<Total>);

#[derive(Default)]
struct Total {
    count: AtomicUsize,
    landed: Notify,
}

/// One request under way, until it is dropped.
pub(crate) struct Flight {
    own: Arc<AtomicUsize>,
    all: Traffic,
}

impl Flights {
    /// Of a new session.
    pub(crate) fn of(all: &Traffic) -> Self {
        Flights { own: Arc::default(), all: all.clone() }
    }
    /// One more, if there are fewer than `most`.
    pub(crate) fn start(&self, most: usize) -> Option<Flight> {
        let fits = |count| (count < most).then_some(count + 1);
        self.own.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).ok()?;
        self.all.0.count.fetch_add(1, Ordering::Relaxed);
        Some(Flight { own: self.own.clone(), all: self.all.clone() })
    }
    /// Whether none is under way.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.own.load(Ordering::Relaxed) == 0
    }
}

impl Traffic {
    /// Ends when none is under way.
    pub(crate) async fn rest(&self) {
        loop {
            let mut landed = pin!(self.0.landed.notified());
            landed.as_mut().enable();
            if self.0.count.load(Ordering::Acquire) == 0 {
                return;
            }
            landed.await;
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.own.fetch_sub(1, Ordering::Relaxed);
        if self.all.0.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.all.0.landed.notify_waiters();
        }
    }
}
