//! One instance's state as a history: the seat that one transaction at a time holds, and the audience that its commits go to.
//! A transaction ends in `settle`, in one commit or none; every other end, a dropped future included, rolls back.
use crate::{
    audience::{Addressed, Audience, Commit, Subscription, Wants},
    failure::Failure,
    guard::{self, guarded},
    host::{self, Host},
    instance::{Coming, Instance},
    limits::Limits,
    log::Log,
    outbox::{Answer, Outbox},
    payload::Payload,
    turns::{Place, Turn, Turns},
    visitor::Visitor,
};
use fluxstack_live_protocol::{compact::Shape, id::ComponentId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

/// What a transaction holds while it is at it. None once the store has failed for good.
pub(crate) type Seat = Option<Box<dyn Instance>>;

/// An instance and its history.
pub(crate) struct Store {
    /// Whoever holds it runs the one transaction of the moment; others wait in their order.
    seat: Turns<Seat>,
    audience: Arc<Audience>,
    limits: Arc<Limits>,
    /// None if the component does not want to know. Some: the visitors who have mounted it, by their id, and how often.
    /// It is changed only by who holds the seat, in the order in which they joined and left.
    visitors: Option<Mutex<HashMap<Box<str>, usize>>>,
}

/// A request for one transaction.
#[derive(Debug)]
pub(crate) enum Request {
    Call { action: Box<str>, payload: Option<Box<str>> },
    Set { property: Box<str>, value: Box<str> },
}

/// Makes the answer of a request, once.
pub(crate) trait Respond: Send {
    /// The reply, with the version that shows the request's effect; None if its caller wants none.
    fn success(self: Box<Self>, result: &[u8], version: u64) -> Option<Answer>;
    fn failure(self: Box<Self>, failure: Failure) -> Answer;
}

impl Store {
    pub(crate) fn new(
        instance: Box<dyn Instance>,
        host: &dyn Host,
        limits: Arc<Limits>,
        shape: Arc<Shape>,
    ) -> Result<Arc<Store>, Failure> {
        let state = instance.snapshot()?;
        at_most(limits.state_bytes, state.len(), "the state")?;
        let audience = Audience::new(Log::new(host::name(host), state, shape));
        let visitors = instance.follows_visitors().then(Mutex::default);
        Ok(Arc::new(Store { seat: Turns::new(Some(instance)), audience, limits, visitors }))
    }
    pub(crate) fn has_failed(&self) -> bool {
        self.audience.has_failed()
    }
    /// Whether the component wants to know who is there.
    pub(crate) fn follows_visitors(&self) -> bool {
        self.visitors.is_some()
    }
    /// How often commits were put together for readers.
    pub(crate) fn encodings(&self) -> u64 {
        self.audience.encodings()
    }

    /// Takes a place in the order of transactions.
    pub(crate) async fn place(&self) -> Place<Seat> {
        self.seat.place().await
    }
    /// One transaction of a client, from its place to its answer, which goes to `reader`. Gives the answer back if that
    /// has left.
    pub(crate) async fn perform(
        self: &Arc<Self>,
        place: Place<Seat>,
        request: Request,
        visitor: Arc<Visitor>,
        host: &dyn Host,
        reader: u64,
        respond: Box<dyn Respond>,
    ) -> Result<(), Answer> {
        match self.attempt(place, request, visitor, host).await {
            Ok((transaction, commit, result)) => {
                transaction.settle(commit, |version| Some((reader, respond.success(&result, version)?)))
            }
            // By now the transaction is dropped, and the store as it was before.
            Err(failure) => self.audience.answer((reader, respond.failure(failure))),
        }
    }
    async fn attempt(
        self: &Arc<Self>,
        place: Place<Seat>,
        request: Request,
        visitor: Arc<Visitor>,
        host: &dyn Host,
    ) -> Result<(Transaction, Commit, Vec<u8>), Failure> {
        let mut transaction = self.begin(place.turn().await, Some(visitor))?;
        let result = transaction.run(request, host).await?;
        let commit = transaction.prepare()?;
        Ok((transaction, commit, result))
    }
    /// Waits for the turn of a transaction that other code of the server makes.
    pub(crate) async fn transaction(self: &Arc<Self>) -> Result<Transaction, Failure> {
        let seat = self.seat.turn().await;
        self.begin(seat, None)
    }
    /// A visitor mounts it: the component is told, unless the visitor is there already. `Err`: it is not there.
    pub(crate) async fn join(
        self: &Arc<Self>,
        visitor: &Arc<Visitor>,
        host: &dyn Host,
    ) -> Result<(), Failure> {
        let Some(visitors) = &self.visitors else { return Ok(()) };
        let seat = self.seat.turn().await;
        // While the seat is held: whoever has it next must find the visitor there.
        let count = || *lock(visitors).entry(visitor.id().into()).or_insert(0) += 1;
        if lock(visitors).contains_key(visitor.id()) {
            count();
            return Ok(());
        }
        self.visit(seat, Coming::Joins, visitor, host, count).await
    }
    /// A visitor who has joined unmounts it: the component is told if that was the last time.
    pub(crate) async fn leave(self: &Arc<Self>, visitor: &Arc<Visitor>, host: &dyn Host) {
        let Some(visitors) = &self.visitors else { return };
        let seat = self.seat.turn().await;
        {
            let mut visitors = lock(visitors);
            let count = visitors.get_mut(visitor.id()).expect("who leaves has joined");
            *count -= 1;
            if *count > 0 {
                return;
            }
            visitors.remove(visitor.id());
        }
        match self.visit(seat, Coming::Leaves, visitor, host, || ()).await {
            Ok(()) | Err(Failure::Gone) => {}
            Err(failure) => tracing::error!(?failure, "`left` failed and was undone"),
        }
    }
    async fn visit(
        self: &Arc<Self>,
        seat: Turn<Seat>,
        coming: Coming,
        visitor: &Arc<Visitor>,
        host: &dyn Host,
        succeeded: impl FnOnce(),
    ) -> Result<(), Failure> {
        let mut transaction = self.begin(seat, Some(visitor.clone()))?;
        let visit = guarded(|| transaction.instance().visit(coming))?;
        guard::run(self.limits.action_deadline, host, visit).await?;
        let commit = transaction.prepare()?;
        succeeded();
        // Nobody asked, so there is no answer to give back.
        let _ = transaction.settle(commit, |_| None);
        Ok(())
    }
    fn begin(
        self: &Arc<Self>,
        mut seat: Turn<Seat>,
        visitor: Option<Arc<Visitor>>,
    ) -> Result<Transaction, Failure> {
        let instance = seat.as_mut().ok_or(Failure::Gone)?;
        // A user's `Clone` may panic before anything has changed.
        guarded(|| instance.begin(visitor))?;
        Ok(Transaction { seat, store: self.clone(), is_settled: false })
    }

    /// A new reader; it is first sent `COMPONENT_MOUNTED`.
    pub(crate) async fn subscribe(
        &self,
        outbox: Arc<Outbox>,
        address: ComponentId,
        wants: Wants,
    ) -> Result<Subscription, Failure> {
        match wants {
            Wants::Deltas => {
                self.freshen();
                self.audience.subscribe(outbox, address, None)
            }
            Wants::Snapshots => {
                let seat = self.seat.turn().await;
                let instance = seat.as_ref().ok_or(Failure::Gone)?;
                let present = guarded(|| instance.snapshot())??;
                self.audience.subscribe(outbox, address, Some(present))
            }
        }
    }
    /// Makes a snapshot of the present for someone who joins, if that is worth it and the store is at rest. While an
    /// action waits, the log serves an older one and its tail.
    pub(crate) fn freshen(&self) {
        if !self.audience.wants_refresh() {
            return;
        }
        let Some(seat) = self.seat.try_turn() else { return };
        if let Some(Ok(Ok(present))) = seat.as_ref().map(|instance| guarded(|| instance.snapshot())) {
            self.audience.refresh(present);
        }
    }
}

/// A turn at the store. Dropped before it is settled, it rolls back.
pub(crate) struct Transaction {
    seat: Turn<Seat>,
    store: Arc<Store>,
    is_settled: bool,
}

impl Transaction {
    pub(crate) fn instance(&mut self) -> &mut dyn Instance {
        self.seat.as_mut().expect("a transaction has an instance").as_mut()
    }
    async fn run(&mut self, request: Request, host: &dyn Host) -> Result<Vec<u8>, Failure> {
        let limits = self.store.limits.clone();
        match request {
            Request::Set { property, value } => {
                guarded(|| self.instance().set_property(&property, Payload(Some(&value))))??;
                Ok(b"null".to_vec())
            }
            Request::Call { action, payload } => {
                let payload = Payload(payload.as_deref());
                let call = guarded(|| self.instance().call(&action, payload))?;
                match guard::run(limits.action_deadline, host, call).await {
                    Ok(result) => at_most(limits.result_bytes, result.len(), "the result").map(|()| result),
                    Err(failure) => {
                        at_most(limits.result_bytes, failure.bytes(), "the error").and(Err(failure))
                    }
                }
            }
        }
    }
    /// Writes down what changed. It only reads the component, so that a failure here still rolls back.
    pub(crate) fn prepare(&mut self) -> Result<Commit, Failure> {
        let limits = self.store.limits.clone();
        let ops = guarded(|| self.instance().diff())??;
        let events = self.instance().take_events()?;
        let event_bytes: usize = events.iter().map(|event| event.payload.len()).sum();
        at_most(limits.commit_bytes, ops.len() + event_bytes, "the commit")?;
        let mut commit = Commit { ops, events, state: None };
        let wants_state = |bytes| self.store.audience.wants_state(bytes, limits.state_bytes);
        if let Some(known) = commit.is_commit().then(|| wants_state(commit.ops.len())).flatten() {
            let after = guarded(|| self.instance().snapshot())??;
            // One that shrinks is welcome, however large it still is.
            at_most(limits.state_bytes.max(known), after.len(), "the state")?;
            commit.state = Some(after);
        }
        Ok(commit)
    }
    /// The end of a transaction that succeeded; `answer` and the result as for [`Audience::append`].
    pub(crate) fn settle(
        mut self,
        commit: Commit,
        answer: impl FnOnce(u64) -> Option<Addressed>,
    ) -> Result<(), Answer> {
        let accepted = guarded(|| self.instance().accept());
        self.is_settled = true;
        let answered = self.store.audience.append(commit, answer);
        if let Err(failure) = accepted {
            // The change stands, but the shadow knows only a part of it: the next rollback would go back too far.
            self.fail(&failure);
        }
        answered
    }
    /// The component is in no known state: the store is closed, and mounts anew.
    fn fail(&mut self, failure: &Failure) {
        tracing::error!(?failure, "a component cannot be brought into a known state; its store is closed");
        let broken = self.seat.take();
        self.store.audience.fail();
        // Its `Drop` may panic, too.
        let _ = guarded(move || drop(broken));
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.is_settled {
            return;
        }
        if let Err(failure) = guarded(|| self.instance().rollback()).flatten() {
            self.fail(&failure);
        }
    }
}

fn lock(visitors: &Mutex<HashMap<Box<str>, usize>>) -> MutexGuard<'_, HashMap<Box<str>, usize>> {
    visitors.lock().expect("no code panics while it holds the visitors")
}

fn at_most(most: usize, bytes: usize, what: &'static str) -> Result<(), Failure> {
    if bytes <= most { Ok(()) } else { Err(Failure::TooLarge(what)) }
}
