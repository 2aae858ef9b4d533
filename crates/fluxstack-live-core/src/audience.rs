//! A store as its readers see it: the log, and for each reader how far it is. It knows readers as outboxes, never as
//! sessions.
use crate::{
    encoding::TooDeep,
    event::Event,
    failure::Failure,
    log::{Log, Missed},
    ops::Changes,
    outbox::{Answer, Frames, Outbox, Source},
};
use fluxstack_live_protocol::{compose, id::ComponentId, server::UnmountReason};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

/// A log and its readers.
pub(crate) struct Audience {
    state: Mutex<State>,
}

struct State {
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
    /// It was told the events up to this version, or had not mounted it yet.
    told: u64,
    /// Answers that shall not overtake the state they speak of.
    answers: Vec<Answer>,
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
    /// It was away, and had everything up to this version.
    Away(u64),
    /// It asked for a snapshot.
    Lost,
    /// It was sent everything up to this version.
    At(u64),
}

/// What one transaction appends.
pub(crate) struct Commit {
    /// If they are empty, there is no commit unless it tells events.
    pub(crate) ops: Changes,
    pub(crate) events: Vec<Event>,
    /// The state after it, if the audience wants one.
    pub(crate) state: Option<Vec<u8>>,
}

/// An answer, and the reader it goes to.
pub(crate) type Addressed = (u64, Answer);

impl Audience {
    pub(crate) fn new(log: Log) -> Arc<Audience> {
        let (readers, next_reader) = (BTreeMap::new(), 0);
        let state = State { log, readers, next_reader, whole_state_readers: 0, has_failed: false };
        Arc::new(Audience { state: Mutex::new(state) })
    }
    pub(crate) fn has_failed(&self) -> bool {
        self.lock().has_failed
    }
    /// How often commits were put together for readers.
    pub(crate) fn encodings(&self) -> u64 {
        self.lock().log.encodings()
    }
    /// What the log takes in memory, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.lock().log.bytes()
    }
    /// Whether a commit of so many bytes is to bring the state after it along: for readers of snapshots, to trim the log,
    /// or because the state might pass `most` bytes. Some: the bytes it had when it was last written down. It is asked
    /// about commits only.
    pub(crate) fn wants_state(&self, bytes: usize, most: usize) -> Option<usize> {
        let state = self.lock();
        let (possible, known) = state.log.state_bytes();
        let changes = bytes > 0;
        let is_for_readers = changes && state.whole_state_readers > 0;
        let might_be_large = changes && possible + bytes > most;
        (is_for_readers || might_be_large || state.log.wants_snapshot(bytes)).then_some(known)
    }
    /// Whether someone who joins now should be given a snapshot of the present.
    pub(crate) fn wants_refresh(&self) -> bool {
        self.lock().log.wants_refresh()
    }
    /// Replaces the snapshot by one of the present; the caller holds the store's seat.
    pub(crate) fn refresh(&self, present: Vec<u8>) {
        self.lock().log.refresh(present);
    }
    /// Appends a commit and tells all readers. `answer` gets the version that shows it; commit and answer become visible
    /// together. Gives the answer back if its reader has left or is away.
    pub(crate) fn append(
        self: &Arc<Self>,
        commit: Commit,
        answer: impl FnOnce(u64) -> Option<Addressed>,
    ) -> Result<(), Answer> {
        let mut state = self.lock();
        let is_commit = commit.is_commit();
        if is_commit {
            state.append(commit);
        }
        let answered = match answer(state.log.version()) {
            Some(answer) => state.answer(self, answer),
            None => Ok(()),
        };
        if is_commit {
            state.readers.iter_mut().for_each(|(key, reader)| reader.mark(self, *key));
        }
        answered
    }
    /// Sends an answer that no commit belongs to. Gives it back if its reader has left or is away.
    pub(crate) fn answer(self: &Arc<Self>, answer: Addressed) -> Result<(), Answer> {
        self.lock().answer(self, answer)
    }
    /// The store has failed for good: readers are told.
    pub(crate) fn fail(&self) {
        let mut state = self.lock();
        state.has_failed = true;
        for reader in state.readers.values() {
            reader.outbox.message(compose::unmounted(reader.address.clone(), UnmountReason::Failed));
        }
    }
    /// A new reader; it is first sent `COMPONENT_MOUNTED`. One that wants snapshots brings one of the present, and holds
    /// the store's seat until it is in, so that no commit comes between.
    pub(crate) fn subscribe(
        self: &Arc<Self>,
        outbox: Arc<Outbox>,
        address: ComponentId,
        present: Option<Vec<u8>>,
    ) -> Result<Subscription, Failure> {
        let mut state = self.lock();
        if state.has_failed {
            return Err(Failure::Gone);
        }
        let wants = if present.is_some() { Wants::Snapshots } else { Wants::Deltas };
        if let Some(present) = present {
            state.log.refresh(present);
            state.whole_state_readers += 1;
        }
        let key = state.next_reader;
        state.next_reader += 1;
        let (cursor, told, answers) = (Cursor::Mounting, state.log.version(), Vec::new());
        let mut reader = Reader { outbox, address, wants, cursor, told, answers, is_marked: false };
        reader.mark(self, key);
        state.readers.insert(key, reader);
        Ok(Subscription { audience: self.clone(), reader: key })
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no code panics while it holds an audience")
    }
}

impl Commit {
    pub(crate) fn is_commit(&self) -> bool {
        !(self.ops.is_empty() && self.events.is_empty())
    }
}

impl State {
    fn append(&mut self, Commit { ops, events, state }: Commit) {
        self.log.append(ops, events, state);
        if self.log.has_events_to_spare() {
            let present = self.readers.values().filter(|reader| reader.outbox.is_open());
            let told = present.map(|reader| reader.told).min();
            self.log.trim_events(told.unwrap_or(self.log.version()));
        }
    }
    fn answer(&mut self, audience: &Arc<Audience>, (key, answer): Addressed) -> Result<(), Answer> {
        let reader = self.readers.get_mut(&key).filter(|reader| reader.outbox.is_open());
        let Some(reader) = reader else { return Err(answer) };
        reader.answers.push(answer);
        reader.mark(audience, key);
        Ok(())
    }
}

impl Source for Audience {
    fn read(&self, key: u64, frames: &mut Frames) {
        let mut state = self.lock();
        // Also of a store that has failed: what was committed before came before that.
        let State { log, readers, .. } = &mut *state;
        let Some(reader) = readers.get_mut(&key).filter(|reader| frames.are_from(&reader.outbox)) else {
            return;
        };
        reader.is_marked = false;
        // State first, then what was told about it, then the answers: when a promise settles, the page shows the result.
        let is_told = reader.catch_up(key, log, frames).and_then(|()| reader.hear(key, log, frames));
        if let Err(TooDeep) = is_told {
            reader.answers.clear();
            return frames.give_up();
        }
        reader.answers.drain(..).for_each(|answer| frames.answer(answer));
    }
    fn give_up(&self, key: u64) {
        let mut state = self.lock();
        // It may have another outbox by now, and answers for that.
        if let Some(reader) = state.readers.get_mut(&key).filter(|reader| !reader.outbox.is_open()) {
            reader.answers.clear();
        }
    }
}

impl Reader {
    /// Tells the outbox, once, that there is news.
    fn mark(&mut self, audience: &Arc<Audience>, key: u64) {
        if !std::mem::replace(&mut self.is_marked, true) && !self.outbox.news(audience.clone(), key) {
            // It is away; its answers are stored.
            self.answers.clear();
        }
    }

    fn catch_up(&mut self, key: u64, log: &mut Log, frames: &mut Frames) -> Result<(), TooDeep> {
        let (address, head, encoding) = (&self.address, log.version(), frames.encoding());
        let has_news = match (self.cursor, self.wants) {
            (Cursor::Mounting | Cursor::Away(_) | Cursor::Lost, _) => true,
            (Cursor::At(version), Wants::Deltas) => version < head,
            (Cursor::At(version), Wants::Snapshots) => log.has_changed_since(version),
        };
        if !has_news {
            return Ok(());
        }
        let tail = match (self.cursor, self.wants) {
            (Cursor::At(version), Wants::Deltas) => log.tail(version, encoding).transpose()?,
            (Cursor::At(_) | Cursor::Mounting | Cursor::Away(_) | Cursor::Lost, _) => None,
        };
        let missed = match self.cursor {
            Cursor::Away(version) => log.missed(version, key, encoding).transpose()?,
            Cursor::At(_) | Cursor::Mounting | Cursor::Lost => None,
        };
        if let Some(slice) = tail {
            frames.message(|out| encoding.state_delta(address, &slice, out));
        } else if let Some(Missed { slice, events }) = missed {
            frames.message(|out| encoding.resumed(address, log.epoch(), &slice, &events, out));
            self.told = head;
        } else {
            let (version, state) = (log.snapshot_version(), log.snapshot(encoding)?);
            let shared = compose::Snapshot { epoch: log.epoch(), version, state: &state };
            match self.cursor {
                Cursor::Mounting => frames.message(|out| encoding.mounted(address, shared, out)),
                // A snapshot skips what was told meanwhile.
                Cursor::Away(_) => {
                    frames.message(|out| encoding.mounted(address, shared, out));
                    self.told = head;
                }
                Cursor::Lost | Cursor::At(_) => {
                    frames.message(|out| encoding.state_update(address, shared, out))
                }
            }
            // What a reader of snapshots lacks can only be events.
            if version < head && self.wants == Wants::Deltas {
                let slice = log.tail(version, encoding).expect("the snapshot continues into the log")?;
                frames.message(|out| encoding.state_delta(address, &slice, out));
            }
        }
        self.cursor = Cursor::At(head);
        Ok(())
    }

    /// The events it has not been told.
    fn hear(&mut self, key: u64, log: &mut Log, frames: &mut Frames) -> Result<(), TooDeep> {
        let encoding = frames.encoding();
        for told in log.events_after(self.told, key, encoding) {
            let told = told?;
            frames.message(|out| encoding.event(&self.address, &told, out));
        }
        self.told = log.version();
        Ok(())
    }
}

/// A reader's place in an audience; dropped, it reads no more.
pub(crate) struct Subscription {
    audience: Arc<Audience>,
    pub(crate) reader: u64,
}

impl Subscription {
    /// The reader is sent `COMPONENT_MOUNTED` once more.
    pub(crate) fn mount_again(&self) {
        self.read_from(Cursor::Mounting);
    }
    /// The reader goes on through another connection, and is sent `COMPONENT_MOUNTED`: what happened since the version of
    /// the epoch that it holds, if the log still has that. False: the store has failed.
    pub(crate) fn resume(&self, outbox: &Arc<Outbox>, held: Option<(&str, u64)>) -> bool {
        let mut state = self.audience.lock();
        let State { log, readers, has_failed, .. } = &mut *state;
        let reader = readers.get_mut(&self.reader).expect("a subscription has a reader");
        // One that was mounted only now reads through this connection already.
        if *has_failed || Arc::ptr_eq(&reader.outbox, outbox) {
            return !*has_failed;
        }
        reader.outbox = outbox.clone();
        // They are stored, and were sent with `WELCOME` or will be asked for.
        reader.answers.clear();
        reader.told = log.version();
        reader.cursor = match held {
            Some((epoch, version)) if epoch == log.epoch() => Cursor::Away(version),
            Some(_) | None => Cursor::Mounting,
        };
        reader.is_marked = false;
        reader.mark(&self.audience, self.reader);
        true
    }
    /// The reader is sent a snapshot.
    pub(crate) fn resync(&self) {
        self.read_from(Cursor::Lost);
    }
    fn read_from(&self, cursor: Cursor) {
        let mut state = self.audience.lock();
        // Then the reader was told that it is unmounted.
        if state.has_failed {
            return;
        }
        let reader = state.readers.get_mut(&self.reader).expect("a subscription has a reader");
        // What waits for its mount is sent a snapshot anyhow, as the answer to that.
        reader.cursor = match reader.cursor {
            Cursor::Mounting | Cursor::Away(_) => Cursor::Mounting,
            Cursor::Lost | Cursor::At(_) => cursor,
        };
        reader.mark(&self.audience, self.reader);
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut state = self.audience.lock();
        let reader = state.readers.remove(&self.reader).expect("a subscription has a reader");
        if reader.wants == Wants::Snapshots {
            state.whole_state_readers -= 1;
        }
        drop(state);
        // What it was still to be told goes the direct way: an answer is never lost to an unmount.
        reader.answers.into_iter().for_each(|answer| reader.outbox.answer(answer));
    }
}
