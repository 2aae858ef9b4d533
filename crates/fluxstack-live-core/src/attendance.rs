//! Who is here: the full clients' sessions by name, and what is left of those that lost their connection. A browser whose
//! network failed comes back within a while and is the same visitor; one that does not has left.
use crate::{
    host::{self, Host},
    limits::Limits,
    visitor::Visitor,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

pub(crate) struct Attendance {
    state: Mutex<State>,
    host: Arc<dyn Host>,
    limits: Arc<Limits>,
}

#[derive(Default)]
struct State {
    by_name: HashMap<Box<str>, Known>,
    /// The longest lost first.
    lost: VecDeque<Lost>,
    lost_mounts: usize,
    /// A task waits for the first of them to be given up.
    is_swept: bool,
}

struct Known {
    secret: Box<str>,
    visitor: Arc<Visitor>,
}

/// What is left of a session without a connection.
struct Lost {
    /// By the host's clock.
    since: Duration,
    name: Option<Box<str>>,
    /// What others still see of it.
    mounts: Vec<Remains>,
}

/// Something mounted, which unmounts when it is dropped.
pub(crate) type Remains = Box<dyn Send>;

/// A session's name, and what proves that it is the client's.
pub(crate) struct Badge {
    pub(crate) name: Box<str>,
    pub(crate) secret: Box<str>,
}

impl Attendance {
    pub(crate) fn new(host: Arc<dyn Host>, limits: Arc<Limits>) -> Arc<Self> {
        Arc::new(Attendance { state: Mutex::default(), host, limits })
    }
    /// A full client's session begins.
    pub(crate) fn enter(&self, visitor: Arc<Visitor>) -> Badge {
        let secret = || host::secret(&*self.host).into_boxed_str();
        let badge = Badge { name: secret(), secret: secret() };
        let known = Known { secret: badge.secret.clone(), visitor };
        self.lock().by_name.insert(badge.name.clone(), known);
        badge
    }
    /// Whose session it is, for who knows its secret.
    pub(crate) fn visitor(&self, name: &str, secret: &str) -> Option<Arc<Visitor>> {
        let state = self.lock();
        let known = state.by_name.get(name).filter(|known| is_same(&known.secret, secret));
        known.map(|known| known.visitor.clone())
    }
    /// A session ends for good.
    pub(crate) fn leave(&self, name: &str) {
        self.lock().by_name.remove(name);
    }
    /// A session has lost its connection.
    pub(crate) fn lose(self: &Arc<Self>, name: Option<Box<str>>, mounts: Vec<Remains>) {
        if name.is_none() && mounts.is_empty() {
            return;
        }
        let mut state = self.lock();
        state.lost_mounts += mounts.len();
        state.lost.push_back(Lost { since: self.host.now(), name, mounts });
        let most = self.limits.lost_sessions;
        let mut gone = Vec::new();
        while state.lost.len() > most || state.lost_mounts > most {
            gone.extend(state.give_up());
        }
        let is_swept = std::mem::replace(&mut state.is_swept, true);
        drop(state);
        drop(gone);
        // One task for all sessions, however often they are lost.
        if !is_swept {
            let (host, attendance, grace) = (self.host.clone(), Arc::downgrade(self), self.limits.lost_grace);
            self.host.spawn(Box::pin(async move {
                host.sleep(grace).await;
                while let Some(next) = attendance.upgrade().and_then(|attendance| attendance.sweep()) {
                    host.sleep(next).await;
                }
            }));
        }
    }
    /// Gives up those that were away for too long. Some: how long the next one still has.
    fn sweep(&self) -> Option<Duration> {
        let (now, grace) = (self.host.now(), self.limits.lost_grace);
        let left = |lost: &Lost| grace.saturating_sub(now.saturating_sub(lost.since));
        let mut state = self.lock();
        let mut gone = Vec::new();
        while state.lost.front().is_some_and(|lost| left(lost).is_zero()) {
            gone.extend(state.give_up());
        }
        let next = state.lost.front().map(left);
        state.is_swept = next.is_some();
        drop(state);
        drop(gone);
        // Not for each of ten thousand on its own.
        next.map(|next| next.max(grace.min(Duration::from_secs(1))))
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no code panics while it holds the attendance")
    }
}

impl State {
    /// Forgets the longest lost session; what it had mounted is to be unmounted.
    fn give_up(&mut self) -> Vec<Remains> {
        let Some(Lost { name, mounts, .. }) = self.lost.pop_front() else { return Vec::new() };
        if let Some(name) = name {
            self.by_name.remove(&name);
        }
        self.lost_mounts -= mounts.len();
        mounts
    }
}

/// Compared as a whole, so that the time it takes tells nothing about where two secrets differ.
fn is_same(a: &str, b: &str) -> bool {
    let differences = a.bytes().zip(b.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    a.len() == b.len() && differences == 0
}
