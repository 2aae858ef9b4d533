//! Who is here: the full clients' sessions by name, and the stays of those that lost their connection. A browser whose
//! network failed comes back within a while and is the same visitor; one that does not has left.
use crate::{
    host::{self, Host},
    limits::Limits,
    stay::Stay,
    visitor::Visitor,
};
use std::{
    collections::{BTreeMap, HashMap},
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
    /// By the order in which they were lost.
    lost: BTreeMap<LostId, Lost>,
    next: LostId,
    /// Of all that are lost.
    stays: usize,
    /// A task waits for the first of them to be given up.
    is_swept: bool,
}

struct Known {
    secret: Box<str>,
    visitor: Arc<Visitor>,
    /// What this client lost before: this connection, and those whose visitor it carries on.
    lost: Vec<LostId>,
}

/// Which loss.
pub(crate) type LostId = u64;

/// A session without a connection.
struct Lost {
    /// By the host's clock.
    since: Duration,
    name: Option<Box<str>>,
    /// It had something mounted.
    may_be_seen: bool,
    /// In stores whose component wants to know who is there.
    stays: Vec<Stay>,
}

/// A session's name, and what proves that it is the client's.
pub(crate) struct Badge {
    pub(crate) name: Box<str>,
    pub(crate) secret: Box<str>,
}

/// What a client that comes back carries on.
pub(crate) struct Before {
    pub(crate) visitor: Arc<Visitor>,
    lost: Vec<LostId>,
}

impl Attendance {
    pub(crate) fn new(host: Arc<dyn Host>, limits: Arc<Limits>) -> Arc<Self> {
        Arc::new(Attendance { state: Mutex::default(), host, limits })
    }
    /// What the client of a session carries on, if it knows the secret.
    pub(crate) fn before(&self, name: &str, secret: &str) -> Option<Before> {
        let state = self.lock();
        let known = state.by_name.get(name).filter(|known| is_same(&known.secret, secret))?;
        // Not those that are over: a client may come back a thousand times.
        let lost = known.lost.iter().filter(|id| state.lost.contains_key(id)).copied().collect();
        Some(Before { visitor: known.visitor.clone(), lost })
    }
    /// A full client's session begins.
    pub(crate) fn enter(&self, visitor: Arc<Visitor>, before: Option<Before>) -> Badge {
        let secret = || host::secret(&*self.host).into_boxed_str();
        let badge = Badge { name: secret(), secret: secret() };
        let lost = before.map_or_else(Vec::new, |before| before.lost);
        let known = Known { secret: badge.secret.clone(), visitor, lost };
        self.lock().by_name.insert(badge.name.clone(), known);
        badge
    }
    /// A session ends for good, and with it what its client lost before.
    pub(crate) fn leave(&self, name: &str) {
        let mut state = self.lock();
        let lost = state.by_name.remove(name).map_or_else(Vec::new, |known| known.lost);
        let gone: Vec<Vec<Stay>> = lost.into_iter().map(|id| state.give_up(id)).collect();
        drop(state);
        drop(gone);
    }
    /// A session has lost its connection; its stays are [kept](Self::keep) as they come.
    pub(crate) fn lose(self: &Arc<Self>, name: Option<Box<str>>, may_be_seen: bool) -> LostId {
        let mut state = self.lock();
        let id = state.next;
        state.next += 1;
        if let Some(known) = name.as_ref().and_then(|name| state.by_name.get_mut(name)) {
            known.lost.push(id);
        }
        state.lost.insert(id, Lost { since: self.host.now(), name, may_be_seen, stays: Vec::new() });
        self.bound(state);
        id
    }
    /// Keeps a stay for as long as its lost session.
    pub(crate) fn keep(self: &Arc<Self>, id: LostId, stay: Stay) {
        let mut state = self.lock();
        // It was given up before the stay came.
        let Some(lost) = state.lost.get_mut(&id) else {
            drop(state);
            return drop(stay);
        };
        lost.stays.push(stay);
        state.stays += 1;
        self.bound(state);
    }
    /// Gives up what is too much, and sees to it that the rest is given up in time.
    fn bound(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let most = self.limits.lost_sessions;
        let mut gone = Vec::new();
        while state.lost.len() > most || state.stays > most {
            // One that nobody sees first.
            let unseen = state.lost.iter().find(|(_, lost)| !lost.may_be_seen).map(|(id, _)| *id);
            let unseen = unseen.filter(|_| state.lost.len() > most);
            let Some(id) = unseen.or_else(|| state.lost.keys().next().copied()) else { break };
            gone.push(state.give_up(id));
        }
        let is_swept = std::mem::replace(&mut state.is_swept, true);
        drop(state);
        self.let_go(gone);
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
        let mut next = None;
        while let Some((id, lost)) = state.lost.first_key_value() {
            if !left(lost).is_zero() {
                next = Some(left(lost));
                break;
            }
            let id = *id;
            gone.push(state.give_up(id));
        }
        state.is_swept = next.is_some();
        drop(state);
        self.let_go(gone);
        // Not for each of ten thousand on its own.
        next.map(|next| next.max(grace.min(Duration::from_secs(1))))
    }
    /// Ends stays beside the caller, which has nothing to do with them: each may run a component's code.
    fn let_go(&self, gone: Vec<Vec<Stay>>) {
        for stays in gone.into_iter().filter(|stays| !stays.is_empty()) {
            self.host.spawn(Box::pin(async move { drop(stays) }));
        }
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no code panics while it holds the attendance")
    }
}

impl State {
    /// Forgets a lost session; its stays are to be ended without the lock.
    fn give_up(&mut self, id: LostId) -> Vec<Stay> {
        let Some(Lost { name, stays, .. }) = self.lost.remove(&id) else { return Vec::new() };
        if let Some(name) = name {
            self.by_name.remove(&name);
        }
        self.stays -= stays.len();
        stays
    }
}

/// Compared as a whole, so that the time it takes tells nothing about where two secrets differ.
fn is_same(a: &str, b: &str) -> bool {
    let differences = a.bytes().zip(b.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    a.len() == b.len() && differences == 0
}
