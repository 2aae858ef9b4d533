//! How a transaction ends in a commit, wherever that is: at the end of an action, in the middle of one, after a change by
//! the server's own code.
use crate::{
    audience::{Addressed, Audience, Commit},
    failure::Failure,
    guard::guarded,
    host::{self, Host},
    jobs::{Job, Jobs},
    limits::Limits,
    log::Log,
    outbox::Answer,
    seat::Change,
};
use fluxstack_live_protocol::compact::Shape;
use std::sync::Arc;

/// Where the commits of one store go, and what they are measured by.
pub(crate) struct Ledger {
    pub(crate) audience: Arc<Audience>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) jobs: Jobs,
}

/// What came of a commit.
pub(crate) struct Settled {
    /// The answer is given back if its reader has left or is away.
    pub(crate) answered: Result<(), Answer>,
    /// `Err`: the change stands, but the shadow knows only a part of it, so that the next rollback would go back too
    /// far. The store has to be closed.
    pub(crate) accepted: Result<(), Failure>,
}

impl Ledger {
    /// An empty one, of a store that begins with this state.
    pub(crate) fn new(
        state: Vec<u8>,
        shape: Arc<Shape>,
        host: &Arc<dyn Host>,
        limits: Arc<Limits>,
    ) -> Result<Ledger, Failure> {
        at_most(limits.state_bytes, state.len(), "the state")?;
        let audience = Audience::new(Log::new(host::name(&**host), state, shape));
        let jobs = Jobs::new(host.clone(), limits.jobs_per_store);
        Ok(Ledger { audience, limits, jobs })
    }
    /// Writes down what changed. It only reads the component, so that a failure here still rolls back.
    pub(crate) fn prepare(&self, change: &mut dyn Change) -> Result<Commit, Failure> {
        let Ledger { audience, limits, .. } = self;
        let ops = guarded(|| change.diff())??;
        let events = change.take_events()?;
        let event_bytes: usize = events.iter().map(|event| event.payload.len()).sum();
        at_most(limits.commit_bytes, ops.len() + event_bytes, "the commit")?;
        let mut commit = Commit { ops, events, state: None };
        let wants_state = |bytes| audience.wants_state(bytes, limits.state_bytes);
        if let Some(known) = commit.is_commit().then(|| wants_state(commit.ops.len())).flatten() {
            let after = guarded(|| change.snapshot())??;
            // One that shrinks is welcome, however large it still is.
            at_most(limits.state_bytes.max(known), after.len(), "the state")?;
            commit.state = Some(after);
        }
        Ok(commit)
    }
    /// Commits what was prepared, and starts what was spawned. `answer` as for [`Audience::append`].
    pub(crate) fn settle(
        &self,
        change: &mut dyn Change,
        commit: Commit,
        answer: impl FnOnce(u64) -> Option<Addressed>,
    ) -> Settled {
        let accepted = guarded(|| change.accept());
        let jobs = change.take_jobs();
        let answered = self.audience.append(commit, answer);
        match &accepted {
            Ok(()) => self.jobs.start(jobs),
            Err(_) => Job::discard(jobs),
        }
        Settled { answered, accepted }
    }
    /// The store has failed for good: readers are told, and its jobs end.
    pub(crate) fn close(&self) {
        self.audience.fail();
        self.jobs.end();
    }
}

pub(crate) fn at_most(most: usize, bytes: usize, what: &'static str) -> Result<(), Failure> {
    if bytes <= most { Ok(()) } else { Err(Failure::TooLarge(what)) }
}
