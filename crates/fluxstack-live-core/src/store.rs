//! One instance's state as a history: the seat that one transaction at a time holds, and the audience that its commits go to.
//! A transaction ends in `settle`, in one commit or none; every other end, a dropped future included, rolls back.
use crate::{
    audience::{Addressed, Commit, Subscription, Wants},
    failure::Failure,
    guard::{self, guarded},
    host::Host,
    ledger::{Ledger, Settled, at_most},
    limits::Limits,
    line::Line,
    outbox::Answer,
    payload::Payload,
    seat::{Coming, Instance, Seat},
    turns::{Place, Turn, Turns},
    visitor::Visitor,
};
use fluxstack_live_protocol::{compact::Shape, id::ComponentId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, Weak},
};

/// An instance and its history.
pub(crate) struct Store {
    /// Whoever holds it runs the one transaction of the moment; others wait in their order.
    seat: Turns<Seat>,
    ledger: Ledger,
    host: Arc<dyn Host>,
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
pub(crate) trait Respond: Send + Sync {
    /// Whether there is room to keep a result of so many bytes until the caller has it.
    fn promise(&self, result: usize) -> bool;
    /// The reply, with the version that shows the request's effect; None if its caller wants none.
    fn success(self: Box<Self>, result: &[u8], version: u64) -> Option<Answer>;
    fn failure(self: Box<Self>, failure: Failure) -> Answer;
}

impl Store {
    /// A store that begins with this public state; `seat` makes the instance, which may know its store.
    pub(crate) fn new(
        state: Vec<u8>,
        shape: Arc<Shape>,
        seat: impl FnOnce(Weak<Store>) -> Box<dyn Instance>,
        host: Arc<dyn Host>,
        limits: Arc<Limits>,
    ) -> Result<Arc<Store>, Failure> {
        let ledger = Ledger::new(state, shape, &host, limits)?;
        Ok(Arc::new_cyclic(|store| {
            let instance = seat(store.clone());
            let visitors = instance.follows_visitors().then(Mutex::default);
            Store { seat: Turns::new(Some(instance)), ledger, host, visitors }
        }))
    }
    pub(crate) fn host(&self) -> &Arc<dyn Host> {
        &self.host
    }
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }
    pub(crate) fn has_failed(&self) -> bool {
        self.ledger.audience.has_failed()
    }
    /// Whether the component wants to know who is there.
    pub(crate) fn follows_visitors(&self) -> bool {
        self.visitors.is_some()
    }
    /// What its public side takes in memory, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.ledger.audience.bytes()
    }
    /// How often commits were put together for readers.
    pub(crate) fn encodings(&self) -> u64 {
        self.ledger.audience.encodings()
    }

    /// Takes a place in the order of transactions.
    pub(crate) fn place(&self) -> Place<Seat> {
        self.seat.place()
    }
    /// One transaction of a client, from its place to its answer, which goes to `reader`. Gives the answer back if that
    /// has left or is away.
    pub(crate) async fn perform(
        self: &Arc<Self>,
        place: Place<Seat>,
        request: Request,
        visitor: Arc<Visitor>,
        reader: u64,
        respond: Box<dyn Respond>,
    ) -> Result<(), Answer> {
        match self.attempt(place, request, (visitor, reader), &*respond).await {
            Ok((transaction, commit, result)) => {
                transaction.settle(commit, |version| Some((reader, respond.success(&result, version)?)))
            }
            // By now the transaction is dropped, and the store as it was before.
            Err(failure) => self.ledger.audience.answer((reader, respond.failure(failure))),
        }
    }
    /// Gives an answer to a reader that may be back. Gives it back if it is not.
    pub(crate) fn answer(&self, reader: u64, answer: Answer) -> Result<(), Answer> {
        self.ledger.audience.answer((reader, answer))
    }
    async fn attempt(
        self: &Arc<Self>,
        place: Place<Seat>,
        request: Request,
        (visitor, reader): (Arc<Visitor>, u64),
        respond: &dyn Respond,
    ) -> Result<(Transaction, Commit, Vec<u8>), Failure> {
        let mut transaction = self.begin(place.turn().await, Some(visitor), Some(reader))?;
        let result = transaction.run(request).await?;
        // An answer that could not be kept might be lost with the connection: then it shall not have counted.
        if !respond.promise(result.len()) {
            return Err(Failure::Busy);
        }
        let commit = transaction.prepare()?;
        Ok((transaction, commit, result))
    }
    /// Waits for the turn of a transaction that the server's own code makes. Who waits does not keep the store alive.
    pub(crate) async fn transaction(store: Weak<Store>) -> Result<Transaction, Failure> {
        let place = store.upgrade().ok_or(Failure::Gone)?.place();
        let seat = place.turn().await;
        store.upgrade().ok_or(Failure::Gone)?.begin(seat, None, None)
    }
    /// A visitor mounts it: the component is told, unless the visitor is there already. `Err`: it is not there.
    pub(crate) async fn join(self: &Arc<Self>, visitor: &Arc<Visitor>) -> Result<(), Failure> {
        let Some(visitors) = &self.visitors else { return Ok(()) };
        let seat = self.seat.turn().await;
        // While the seat is held: whoever has it next must find the visitor there.
        let count = || *lock(visitors).entry(visitor.id().into()).or_insert(0) += 1;
        if lock(visitors).contains_key(visitor.id()) {
            count();
            return Ok(());
        }
        self.visit(seat, Coming::Joins, visitor, count).await
    }
    /// A visitor who has joined unmounts it: the component is told if that was the last time.
    pub(crate) async fn leave(self: &Arc<Self>, visitor: &Arc<Visitor>) {
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
        match self.visit(seat, Coming::Leaves, visitor, || ()).await {
            Ok(()) | Err(Failure::Gone) => {}
            Err(failure) => tracing::error!(?failure, "`left` failed and was undone"),
        }
    }
    async fn visit(
        self: &Arc<Self>,
        seat: Turn<Seat>,
        coming: Coming,
        visitor: &Arc<Visitor>,
        succeeded: impl FnOnce(),
    ) -> Result<(), Failure> {
        let mut transaction = self.begin(seat, Some(visitor.clone()), None)?;
        let visit = guarded(|| transaction.instance().visit(coming))?;
        guard::run(self.ledger.limits.action_deadline, &*self.host, visit).await?;
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
        asked: Option<u64>,
    ) -> Result<Transaction, Failure> {
        let instance = seat.as_mut().ok_or(Failure::Gone)?;
        // A user's `Clone` may panic before anything has changed.
        guarded(|| instance.begin(visitor, asked))?;
        Ok(Transaction { seat, store: self.clone(), is_settled: false })
    }

    /// A new reader; it is first sent `COMPONENT_MOUNTED`.
    pub(crate) async fn subscribe(
        &self,
        line: &Line,
        address: ComponentId,
        wants: Wants,
    ) -> Result<Subscription, Failure> {
        match wants {
            Wants::Deltas => {
                self.freshen();
                self.ledger.audience.subscribe(line.outbox(), address, None)
            }
            Wants::Snapshots => {
                let seat = self.seat.turn().await;
                let instance = seat.as_ref().ok_or(Failure::Gone)?;
                let present = guarded(|| instance.snapshot())??;
                self.ledger.audience.subscribe(line.outbox(), address, Some(present))
            }
        }
    }
    /// Makes a snapshot of the present for someone who joins, if that is worth it and the store is at rest. While an
    /// action waits, the log serves an older one and its tail.
    pub(crate) fn freshen(&self) {
        if !self.ledger.audience.wants_refresh() {
            return;
        }
        let Some(seat) = self.seat.try_turn() else { return };
        if let Some(Ok(Ok(present))) = seat.as_ref().map(|instance| guarded(|| instance.snapshot())) {
            self.ledger.audience.refresh(present);
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
    async fn run(&mut self, request: Request) -> Result<Vec<u8>, Failure> {
        let store = self.store.clone();
        let limits = &store.ledger.limits;
        match request {
            Request::Set { property, value } => {
                guarded(|| self.instance().set_property(&property, Payload(Some(&value))))??;
                Ok(b"null".to_vec())
            }
            Request::Call { action, payload } => {
                let payload = Payload(payload.as_deref());
                let call = guarded(|| self.instance().call(&action, payload))?;
                match guard::run(limits.action_deadline, &*store.host, call).await {
                    Ok(result) => at_most(limits.result_bytes, result.len(), "the result").map(|()| result),
                    Err(failure) => {
                        at_most(limits.result_bytes, failure.bytes(), "the error").and(Err(failure))
                    }
                }
            }
        }
    }
    /// As [`Ledger::prepare`].
    pub(crate) fn prepare(&mut self) -> Result<Commit, Failure> {
        let store = self.store.clone();
        store.ledger.prepare(self.instance())
    }
    /// The end of a transaction that succeeded; `answer` and the result as for
    /// [`Audience::append`](crate::audience::Audience::append).
    pub(crate) fn settle(
        mut self,
        commit: Commit,
        answer: impl FnOnce(u64) -> Option<Addressed>,
    ) -> Result<(), Answer> {
        let store = self.store.clone();
        self.is_settled = true;
        let Settled { answered, accepted } = store.ledger.settle(self.instance(), commit, answer);
        if let Err(failure) = accepted {
            self.fail(&failure);
        }
        answered
    }
    /// The component is in no known state: the store is closed, and mounts anew.
    fn fail(&mut self, failure: &Failure) {
        tracing::error!(?failure, "a component cannot be brought into a known state; its store is closed");
        let broken = self.seat.take();
        self.store.ledger.close();
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
