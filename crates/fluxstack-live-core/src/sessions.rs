//! The full clients' sessions by name, also those without a connection. A browser whose network failed comes back within a
//! while and goes on; one that does not has left.
use crate::{
    host::{self, Host},
    lane::Work,
    limits::Limits,
    outbox::Outbox,
    session::{ConnectionOrder, Resumed, Session},
    visitor::Visitor,
};
use fluxstack_live_protocol::client::Hello;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

/// All full clients' sessions.
pub(crate) struct Sessions {
    table: Mutex<Table>,
    host: Arc<dyn Host>,
    limits: Arc<Limits>,
}

#[derive(Default)]
struct Table {
    by_name: HashMap<Box<str>, Known>,
    /// Those without a connection, in the order in which they lost it.
    lost: BTreeMap<LossOrder, Lost>,
    /// Those of them that have nothing mounted: nobody would miss them.
    bare: BTreeSet<LossOrder>,
    of_visitor: HashMap<Box<str>, BTreeSet<LossOrder>>,
    next: LossOrder,
    /// What all lost ones take.
    bytes: u64,
    /// A task waits for the first of them to be given up.
    is_swept: bool,
}

type LossOrder = u64;

struct Known {
    session: Arc<Session>,
    /// Some while it has no connection.
    lost: Option<LossOrder>,
}

struct Lost {
    /// By the host's clock.
    since: Duration,
    name: Box<str>,
    bytes: u64,
}

impl Sessions {
    pub(crate) fn new(host: Arc<dyn Host>, limits: Arc<Limits>) -> Arc<Self> {
        Arc::new(Sessions { table: Mutex::default(), host, limits })
    }
    /// A new session under a name of its own.
    pub(crate) fn enter(&self, begin: impl FnOnce(Box<str>) -> Session) -> Arc<Session> {
        let name = host::secret(&*self.host).into_boxed_str();
        let session = Arc::new(begin(name.clone()));
        self.lock().by_name.insert(name, Known { session: session.clone(), lost: None });
        session
    }
    /// A page was loaded again, and wants another session: the visitor of the one that its `HELLO` names and knows the
    /// secret of. If its page was left, that one is over, once the work is done; otherwise it may be another tab's, which
    /// goes on.
    pub(crate) fn renew(&self, hello: &Hello, visitor: &Visitor) -> Option<(Arc<Visitor>, Vec<Work>)> {
        let mut table = self.lock();
        let Known { session, lost } = table.by_name.get(hello.session.as_deref()?)?;
        if !session.knows(hello.secret.as_deref()?) || !session.visitor().may_be(visitor) {
            return None;
        }
        let (visitor, over) = (session.visitor().clone(), lost.filter(|_| session.was_left()));
        let gone = over.and_then(|order| table.give_up(order));
        drop(table);
        Some((visitor, gone.map_or_else(Vec::new, |session| session.end())))
    }
    /// A client asks for its session through another connection.
    pub(crate) fn resume(
        &self,
        hello: &Hello,
        visitor: &Visitor,
        outbox: &Arc<Outbox>,
        connection: ConnectionOrder,
    ) -> Option<(Arc<Session>, Resumed)> {
        let mut table = self.lock();
        let known = table.by_name.get_mut(hello.session.as_deref()?)?;
        let session = known.session.clone();
        if !session.visitor().may_be(visitor) {
            return None;
        }
        // With the table locked, so that it is not given up meanwhile.
        let resumed = session.resume(connection, outbox, hello);
        if let Resumed::Yes(_) = resumed
            && let Some(lost) = known.lost.take()
        {
            table.find(lost);
        }
        Some((session, resumed))
    }
    /// A session has lost this connection, if it was its own: it waits for another one, for a while.
    pub(crate) fn lose(self: &Arc<Self>, session: &Arc<Session>, connection: ConnectionOrder) {
        let (bytes, is_bare) = (session.bytes(), !session.has_mounted());
        // With the table locked, so that nobody takes it over meanwhile.
        let mut table = self.lock();
        if !session.lose(connection) {
            return;
        }
        let order = table.next;
        let Some(known) = table.by_name.get_mut(session.name()) else { return };
        known.lost = Some(order);
        let (since, name, visitor) = (self.host.now(), session.name().into(), session.visitor().id().into());
        table.next += 1;
        table.bytes += bytes;
        table.lost.insert(order, Lost { since, name, bytes });
        table.of_visitor.entry(visitor).or_default().insert(order);
        if is_bare {
            table.bare.insert(order);
        }
        let gone = self.surplus(&mut table, session.visitor().id());
        let is_swept = std::mem::replace(&mut table.is_swept, true);
        drop(table);
        self.end(gone);
        // One task for all sessions, however often they are lost.
        if !is_swept {
            self.sweep_later();
        }
    }
    /// A session ends for good with this connection, if it is its own, and once this is done.
    pub(crate) fn leave(&self, session: &Session, connection: ConnectionOrder) -> Vec<Work> {
        let mut table = self.lock();
        if !session.lose(connection) {
            return Vec::new();
        }
        let _forgotten = table.by_name.remove(session.name());
        drop(table);
        session.end()
    }
    /// Takes out what is too much.
    fn surplus(&self, table: &mut Table, visitor: &str) -> Vec<Arc<Session>> {
        let limits = &self.limits;
        let mut gone = Vec::new();
        while let Some(of_visitor) = table.of_visitor.get_mut(visitor)
            && of_visitor.len() > limits.lost_per_visitor
            && let Some(first) = of_visitor.pop_first()
        {
            gone.extend(table.give_up(first));
        }
        while table.lost.len() > limits.lost_sessions || table.bytes > limits.lost_bytes as u64 {
            // One that nobody would miss first.
            let bare = table.bare.first().filter(|_| table.lost.len() > limits.lost_sessions);
            let Some(order) = bare.or_else(|| table.lost.keys().next()).copied() else { break };
            gone.extend(table.give_up(order));
        }
        gone
    }
    fn sweep_later(self: &Arc<Self>) {
        let (host, sessions, grace) = (self.host.clone(), Arc::downgrade(self), self.limits.lost_grace);
        self.host.spawn(Box::pin(async move {
            host.sleep(grace).await;
            while let Some(next) = sessions.upgrade().and_then(|sessions| sessions.sweep()) {
                host.sleep(next).await;
            }
        }));
    }
    /// Gives up those that were away for too long. Some: how long the next one still has.
    fn sweep(&self) -> Option<Duration> {
        let (now, grace) = (self.host.now(), self.limits.lost_grace);
        let mut table = self.lock();
        let mut gone = Vec::new();
        let mut next = None;
        while let Some((order, lost)) = table.lost.first_key_value() {
            let left = grace.saturating_sub(now.saturating_sub(lost.since));
            if !left.is_zero() {
                next = Some(left);
                break;
            }
            let order = *order;
            gone.extend(table.give_up(order));
        }
        table.is_swept = next.is_some();
        drop(table);
        self.end(gone);
        // Not for each of ten thousand on its own.
        next.map(|next| next.max(grace.min(Duration::from_secs(1))))
    }
    /// Ends sessions beside the caller, which has nothing to do with them: each may run a component's code.
    fn end(&self, gone: Vec<Arc<Session>>) {
        for work in gone.into_iter().flat_map(|session| session.end()) {
            self.host.spawn(work);
        }
    }
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().expect("no code panics while it holds the sessions")
    }
}

impl Table {
    /// A lost session goes on.
    fn find(&mut self, order: LossOrder) -> Option<Lost> {
        let lost = self.lost.remove(&order)?;
        self.bytes -= lost.bytes;
        self.bare.remove(&order);
        let visitor = self.by_name.get(&lost.name).map(|known| known.session.visitor().id());
        if let Some(visitor) = visitor
            && let Some(of_visitor) = self.of_visitor.get_mut(visitor)
        {
            of_visitor.remove(&order);
            if of_visitor.is_empty() {
                self.of_visitor.remove(visitor);
            }
        }
        Some(lost)
    }
    /// Forgets a lost session, which is to be ended without the lock.
    fn give_up(&mut self, order: LossOrder) -> Option<Arc<Session>> {
        let Lost { name, .. } = self.find(order)?;
        self.by_name.remove(&name).map(|known| known.session)
    }
}

impl Drop for Sessions {
    fn drop(&mut self) {
        let table = self.table.get_mut().expect("no code panics while it holds the sessions");
        let all: Vec<_> = table.by_name.drain().map(|(_, known)| known.session).collect();
        self.end(all);
    }
}
