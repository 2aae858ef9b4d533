//! The jobs beside one store: how many there are, and that they end with it. A job knows no store; what it is given to
//! reach one is its own affair.
use crate::{
    failure::Failure,
    guard::guarded,
    host::{BoxFuture, Host},
};
use std::{
    future::poll_fn,
    pin::pin,
    sync::Arc,
    task::{Poll, ready},
};
use tokio::sync::watch;

/// The jobs beside one store; dropped, they end.
pub(crate) struct Jobs {
    host: Arc<dyn Host>,
    most: usize,
    /// Each job holds a clone.
    place: Arc<()>,
    /// True once the jobs are to end.
    end: watch::Sender<bool>,
}

/// Work beside a store, until its future is dropped.
pub(crate) struct Job {
    /// Whose it is, for the log.
    component: &'static str,
    work: BoxFuture<'static, ()>,
    place: Arc<()>,
}

impl Jobs {
    pub(crate) fn new(host: Arc<dyn Host>, most: usize) -> Self {
        Jobs { host, most, place: Arc::default(), end: watch::Sender::new(false) }
    }
    /// One more job, not started yet, if there is a place for it. Asked only by who holds the store's seat, so that
    /// nobody else takes the place meanwhile.
    pub(crate) fn add(&self, component: &'static str, work: BoxFuture<'static, ()>) -> Result<Job, Failure> {
        if Arc::strong_count(&self.place) > self.most {
            return Err(Failure::TooMany("jobs beside the component"));
        }
        Ok(Job { component, work, place: self.place.clone() })
    }
    /// Starts jobs, each as a task of its own.
    pub(crate) fn start(&self, jobs: Vec<Job>) {
        for job in jobs {
            self.host.spawn(Box::pin(job.run(self.end.subscribe())));
        }
    }
    /// The store has failed for good.
    pub(crate) fn end(&self) {
        self.end.send_replace(true);
    }
}

impl Job {
    /// Runs to its end or the store's, whichever is first.
    async fn run(self, mut end: watch::Receiver<bool>) {
        let Job { component, mut work, place } = self;
        let outcome = {
            let mut end = pin!(end.wait_for(|is_over| *is_over));
            poll_fn(|cx| {
                // First, so that a job whose store has gone is not polled again.
                if end.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Ok(()));
                }
                let () = ready!(guarded(|| work.as_mut().poll(cx))?);
                Poll::Ready(Ok(()))
            })
            .await
        };
        // What it still holds may panic, too.
        let dropped = guarded(move || drop(work));
        drop(place);
        if let Err(failure) = outcome.and(dropped) {
            let cause = failure.cause();
            tracing::error!(component, cause, "a job panicked and has ended; its store goes on");
        }
    }
    /// Drops jobs that are not to start: what they hold may panic.
    pub(crate) fn discard(jobs: Vec<Job>) {
        for Job { component, work, place: _place } in jobs {
            if let Err(failure) = guarded(move || drop(work)) {
                let cause = failure.cause();
                tracing::error!(component, cause, "a job that never started panicked while it was dropped");
            }
        }
    }
}
