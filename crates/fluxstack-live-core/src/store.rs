//! One instance's state as a history: its seat, its transactions, its log, and the readers of that log. A transaction
//! ends in `settle`, in one commit or none; every other end, a dropped future included, rolls back.
use crate::{
    failure::Failure,
    host::{self, Host},
    instance::Instance,
    limits::Limits,
    log::Log,
    outbox::{Frames, Outbox, Source},
    payload::Payload,
    visitor::Visitor,
};
use fluxstack_live_protocol::{compose, id::ComponentId, server::UnmountReason};
use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard},
    task::Poll,
    time::Duration,
};
use tokio::sync::{Mutex as Turns, OwnedMutexGuard};

/// An instance's state, its history and its readers.
pub(crate) struct Store {
    /// Whoever holds it runs the one transaction of the moment; others wait in their order. None once a rollback was
    /// impossible: the store has failed for good.
    seat: Arc<Turns<Option<Box<dyn Instance>>>>,
    feed: Mutex<Feed>,
    limits: Arc<Limits>,
}

/// What readers see of a store.
struct Feed {
    log: Log,
    /// By a number that is never used again: an outbox may hold the mark of a reader that has left.
    readers: BTreeMap<u64, Reader>,
    next_reader: u64,
    /// How many readers take only snapshots; while there is one, each commit brings a snapshot.
    whole_state_readers: usize,
    has_failed: bool,
}

struct Reader {
    outbox: Arc<Outbox>,
    address: ComponentId,
    wants: Wants,
    cursor: Cursor,
    /// Answers that shall not overtake the state they speak of.
    answers: Vec<Vec<u8>>,
    /// Whether the outbox has a mark of this reader.
    is_marked: bool,
}

/// What a reader takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    /// What changed.
    Deltas,
    /// The whole state after every change.
    Snapshots,
}

/// How far a reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cursor {
    /// It waits for `COMPONENT_MOUNTED`.
    Mounting,
    /// It asked for a snapshot.
    Lost,
    /// It was sent everything up to this version.
    At(u64),
}

/// A request for one transaction.
#[derive(Debug)]
pub(crate) enum Request {
    Call { action: Box<str>, payload: Option<Box<str>> },
    Set { property: Box<str>, value: Box<str> },
}

/// Makes the answer of a request; None if its caller wants none. Called once, with the version that shows its effect.
pub(crate) trait Respond: Send {
    fn success(self: Box<Self>, result: &[u8], version: u64) -> Option<Vec<u8>>;
    fn failure(self: Box<Self>, failure: Failure) -> Vec<u8>;
}

impl Store {
    pub(crate) fn new(
        instance: Box<dyn Instance>,
        host: &dyn Host,
        limits: Arc<Limits>,
    ) -> Result<Arc<Store>, Failure> {
        let state = instance.snapshot()?;
        within(state.len(), limits.state_bytes, "the state")?;
        let log = Log::new(host::name(host), state);
        let feed =
            Feed { log, readers: BTreeMap::new(), next_reader: 0, whole_state_readers: 0, has_failed: false };
        Ok(Arc::new(Store { seat: Arc::new(Turns::new(Some(instance))), feed: Mutex::new(feed), limits }))
    }
    pub(crate) fn has_failed(&self) -> bool {
        self.feed().has_failed
    }
    /// How often commits were put together for readers.
    pub(crate) fn encodings(&self) -> u64 {
        self.feed().log.encodings()
    }

    /// One transaction of a client, from its turn to its answer, which goes to `reader`.
    pub(crate) async fn perform(
        self: &Arc<Self>,
        request: Request,
        visitor: Arc<Visitor>,
        host: &dyn Host,
        reader: u64,
        respond: Box<dyn Respond>,
    ) {
        let settled = match self.transaction(Some(visitor)).await {
            Err(failure) => Err(failure),
            Ok(mut transaction) => match transaction.run(request, host).await {
                Err(failure) => Err(failure),
                Ok(result) => match transaction.prepare() {
                    Err(failure) => Err(failure),
                    Ok(commit) => Ok((transaction, commit, result)),
                },
            },
        };
        match settled {
            Ok((transaction, commit, result)) => {
                transaction.settle(commit, |version| Some((reader, respond.success(&result, version)?)));
            }
            // By now the transaction is dropped, and the store as it was before.
            Err(failure) => {
                let answer = respond.failure(failure);
                self.feed().answer(self, reader, answer);
            }
        }
    }
    /// Waits for the turn of a transaction.
    pub(crate) async fn transaction(
        self: &Arc<Self>,
        visitor: Option<Arc<Visitor>>,
    ) -> Result<Transaction, Failure> {
        let mut seat = self.seat.clone().lock_owned().await;
        let Some(instance) = seat.as_mut() else { return Err(Failure::Gone) };
        // A user's `Clone` may panic before anything has changed.
        guarded(|| instance.begin(visitor))?;
        Ok(Transaction { seat, store: self.clone(), is_settled: false })
    }

    /// A new reader; it is first sent `COMPONENT_MOUNTED`.
    pub(crate) async fn subscribe(
        self: &Arc<Self>,
        outbox: Arc<Outbox>,
        address: ComponentId,
        wants: Wants,
    ) -> Result<Subscription, Failure> {
        // A reader of snapshots needs one of the present, and one with each commit from now on: no commit comes between.
        let turn = if wants == Wants::Snapshots { Some(self.seat.clone().lock_owned().await) } else { None };
        let fresh = match &turn {
            Some(seat) => {
                let instance = seat.as_ref().ok_or(Failure::Gone)?;
                Some(guarded(|| instance.snapshot())??)
            }
            None => None,
        };
        let mut feed = self.feed();
        if feed.has_failed {
            return Err(Failure::Gone);
        }
        if let Some(state) = fresh {
            feed.log.refresh(state);
            feed.whole_state_readers += 1;
        }
        let (cursor, answers) = (Cursor::Mounting, Vec::new());
        let reader = feed.next_reader;
        feed.next_reader += 1;
        feed.readers.insert(reader, Reader { outbox, address, wants, cursor, answers, is_marked: false });
        feed.mark(self, reader);
        Ok(Subscription { store: self.clone(), reader })
    }
    fn feed(&self) -> MutexGuard<'_, Feed> {
        self.feed.lock().expect("no code panics while it holds a feed")
    }
    /// A rollback was impossible: readers are told, and the store mounts anew.
    fn fail(&self) {
        let mut feed = self.feed();
        feed.has_failed = true;
        for reader in feed.readers.values() {
            reader.outbox.message(compose::unmounted(reader.address.clone(), UnmountReason::Failed));
        }
    }
}

impl Feed {
    /// Tells the reader's outbox, once, that there is news.
    fn mark(&mut self, store: &Arc<Store>, reader: u64) {
        let Some(it) = self.readers.get_mut(&reader) else { return };
        if !std::mem::replace(&mut it.is_marked, true) {
            it.outbox.news(store.clone(), reader);
        }
    }
    fn mark_all(&mut self, store: &Arc<Store>) {
        for (key, reader) in &mut self.readers {
            if !std::mem::replace(&mut reader.is_marked, true) {
                reader.outbox.news(store.clone(), *key);
            }
        }
    }
    fn answer(&mut self, store: &Arc<Store>, reader: u64, answer: Vec<u8>) {
        let Some(it) = self.readers.get_mut(&reader) else { return };
        it.answers.push(answer);
        self.mark(store, reader);
    }
}

impl Source for Store {
    fn read(&self, key: u64, frames: &mut Frames) {
        let mut feed = self.feed();
        let Feed { log, readers, has_failed, .. } = &mut *feed;
        let Some(reader) = readers.get_mut(&key) else { return };
        reader.is_marked = false;
        if !*has_failed {
            reader.catch_up(log, frames);
        }
        // State first: when a promise settles, the page already shows the result.
        for answer in reader.answers.drain(..) {
            frames.message(|out| out.extend_from_slice(&answer));
        }
    }
}

impl Reader {
    fn catch_up(&mut self, log: &mut Log, frames: &mut Frames) {
        let address = &self.address;
        if let Cursor::At(version) = self.cursor
            && self.wants == Wants::Deltas
            && let Some(slice) = (version < log.version()).then(|| log.tail(version)).flatten()
        {
            frames.message(|out| compose::state_delta(address, &slice, out));
            self.cursor = Cursor::At(log.version());
        }
        if self.cursor == Cursor::At(log.version()) {
            return;
        }
        let snapshot = log.snapshot().clone();
        let shared =
            compose::Snapshot { epoch: log.epoch(), version: snapshot.version, state: &snapshot.state };
        match self.cursor {
            Cursor::Mounting => frames.message(|out| compose::mounted(address, shared, out)),
            Cursor::Lost | Cursor::At(_) => frames.message(|out| compose::state_update(address, shared, out)),
        }
        if snapshot.version < log.version() {
            let slice = log.tail(snapshot.version).expect("the snapshot continues into the log");
            frames.message(|out| compose::state_delta(address, &slice, out));
        }
        self.cursor = Cursor::At(log.version());
    }
}

/// A reader's place in a store; dropped, it reads no more.
pub(crate) struct Subscription {
    pub(crate) store: Arc<Store>,
    pub(crate) reader: u64,
}

impl Subscription {
    /// The reader is sent `COMPONENT_MOUNTED` once more.
    pub(crate) fn mount_again(&self) {
        self.read_from(Cursor::Mounting);
    }
    /// The reader is sent a snapshot.
    pub(crate) fn resync(&self) {
        self.read_from(Cursor::Lost);
    }
    fn read_from(&self, cursor: Cursor) {
        let mut feed = self.store.feed();
        feed.readers.get_mut(&self.reader).expect("a subscription has a reader").cursor = cursor;
        feed.mark(&self.store, self.reader);
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut feed = self.store.feed();
        let reader = feed.readers.remove(&self.reader).expect("a subscription has a reader");
        if reader.wants == Wants::Snapshots {
            feed.whole_state_readers -= 1;
        }
        // What it was still to be told goes the direct way: an answer is never lost to an unmount.
        drop(feed);
        reader.answers.into_iter().for_each(|answer| reader.outbox.message(answer));
    }
}

/// A turn at the store. Dropped before it is settled, it rolls back.
pub(crate) struct Transaction {
    seat: OwnedMutexGuard<Option<Box<dyn Instance>>>,
    store: Arc<Store>,
    is_settled: bool,
}

/// What a transaction is about to append.
pub(crate) struct Commit {
    ops: Vec<u8>,
    state: Option<Vec<u8>>,
}

impl Transaction {
    pub(crate) fn instance(&mut self) -> &mut dyn Instance {
        self.seat.as_mut().expect("a transaction has an instance").as_mut()
    }
    async fn run(&mut self, request: Request, host: &dyn Host) -> Result<Vec<u8>, Failure> {
        let (deadline, result_bytes) = (self.store.limits.action_deadline, self.store.limits.result_bytes);
        match request {
            Request::Set { property, value } => {
                guarded(|| self.instance().set_property(&property, Payload(Some(&value))))??;
                Ok(b"null".to_vec())
            }
            Request::Call { action, payload } => {
                let payload = Payload(payload.as_deref());
                let mut call = guarded(|| self.instance().call(&action, payload))?;
                let result = finish(&mut call, deadline, host).await;
                guarded(move || drop(call))?;
                let result = result?;
                within(result.len(), result_bytes, "the result")?;
                Ok(result)
            }
        }
    }
    /// Writes down what changed. It only reads the component, so that a failure here still rolls back.
    pub(crate) fn prepare(&mut self) -> Result<Commit, Failure> {
        let ops = guarded(|| self.instance().diff())??;
        within(ops.len(), self.store.limits.commit_bytes, "the commit")?;
        let wants_snapshot = {
            let feed = self.store.feed();
            !ops.is_empty() && (feed.whole_state_readers > 0 || feed.log.wants_snapshot(ops.len()))
        };
        let mut state = None;
        if wants_snapshot {
            let bytes = guarded(|| self.instance().snapshot())??;
            within(bytes.len(), self.store.limits.state_bytes, "the state")?;
            state = Some(bytes);
        }
        Ok(Commit { ops, state })
    }
    /// The end of a transaction that succeeded. `answer` gets the version that shows it and says what a reader is told;
    /// commit and answer become visible together.
    pub(crate) fn settle(mut self, commit: Commit, answer: impl FnOnce(u64) -> Option<(u64, Vec<u8>)>) {
        let accepted = guarded(|| self.instance().accept());
        if let Err(failure) = accepted {
            tracing::error!(?failure, "a component's `Clone` panicked while its change was committed");
        }
        self.is_settled = true;
        let store = self.store.clone();
        let mut feed = store.feed();
        let has_changed = !commit.ops.is_empty();
        if has_changed {
            feed.log.append(commit.ops, commit.state);
        }
        if let Some((reader, answer)) = answer(feed.log.version()) {
            feed.answer(&store, reader, answer);
        }
        if has_changed {
            feed.mark_all(&store);
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.is_settled {
            return;
        }
        if let Err(failure) = guarded(|| self.instance().rollback()) {
            tracing::error!(?failure, "a rollback was impossible; the store is closed");
            *self.seat = None;
            self.store.fail();
        }
    }
}

fn within(bytes: usize, most: usize, what: &'static str) -> Result<(), Failure> {
    if bytes <= most { Ok(()) } else { Err(Failure::TooLarge(what)) }
}

/// Runs a user's code; a panic becomes a failure.
pub(crate) fn guarded<T>(code: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(code)).map_err(|panic| Failure::Internal(panic_text(&*panic)))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a panic: {}", text.unwrap_or("without a text"))
}

/// Runs an action to its end, its panic, or its deadline. The clock is asked only once the action has to wait.
async fn finish<T>(
    call: &mut Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + '_>>,
    deadline: Duration,
    host: &dyn Host,
) -> Result<T, Failure> {
    let mut call = pin!(caught(call.as_mut()));
    let mut timer = None;
    poll_fn(|cx| {
        if let Poll::Ready(result) = call.as_mut().poll(cx) {
            return Poll::Ready(result);
        }
        let timer = timer.get_or_insert_with(|| host.sleep(deadline));
        timer.as_mut().poll(cx).map(|()| Err(Failure::Timeout))
    })
    .await
}

/// Runs a user's future; a panic becomes a failure.
pub(crate) async fn caught<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut work = pin!(work);
    poll_fn(|cx| guarded(|| work.as_mut().poll(cx)).unwrap_or_else(|failure| Poll::Ready(Err(failure)))).await
}
