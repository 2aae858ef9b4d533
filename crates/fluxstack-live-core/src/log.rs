//! The recent commits of one store and a snapshot, so that a reader at any version is served from memory.
//!
//! Invariant: the snapshot is of a version the log still continues from, so snapshot and tail together are the present.
use crate::{
    encoding::{Encoding, Shared, TooDeep},
    event::Event,
    merge::merge,
    ops::Changes,
};
use fluxstack_live_protocol::{
    compact::{self, Shape},
    compose,
};
use std::{collections::VecDeque, ops::Range, sync::Arc};

/// Where a store's history stands, and its recent part.
pub(crate) struct Log {
    /// Names this history; another one means that the versions of this are void.
    epoch: Box<str>,
    /// Commits since the epoch began.
    version: u64,
    /// The last version that changed the state: a commit may only tell events.
    changed: u64,
    commits: VecDeque<Commit>,
    /// What the commits that were dropped came to.
    start: Sum,
    /// What the commits ever appended come to.
    written: Sum,
    /// The events of the recent commits, in their order.
    events: VecDeque<Told>,
    event_bytes: u64,
    /// The version of the last event that was dropped.
    forgotten: u64,
    snapshot: Snapshot,
    /// Slices up to the present by where they begin: readers at the same version share one.
    slices: Vec<(u64, Shared)>,
    /// How often a slice was put together or transcribed; the same for two readers and for fifty of an encoding.
    encodings: u64,
    /// What of the component travels by places.
    shape: Arc<Shape>,
}

struct Commit {
    ops: Changes,
    /// The log's `written` after it.
    end: Sum,
}

/// An event that was told.
struct Told {
    version: u64,
    /// As [`Event::to`].
    to: Option<u64>,
    /// The shared part of its `EVENT`s.
    event: Shared,
}

/// What a number of commits come to, in bytes.
#[derive(Clone, Copy, Default)]
struct Sum {
    /// Of ops, as they travel one after the other.
    ops: u64,
    /// Of memory.
    memory: u64,
}

/// What happened while a reader was away, in the shared parts of messages.
pub(crate) struct Missed {
    pub(crate) slice: Arc<[u8]>,
    pub(crate) events: Vec<Arc<[u8]>>,
}

/// The public state at a version.
pub(crate) struct Snapshot {
    version: u64,
    state: Shared,
}

impl Log {
    /// Longer than a snapshot is pointless, below this is not worth trimming, and above this is too much, in bytes.
    const BUDGET: Range<u64> = 16 * 1024..1024 * 1024;

    /// What a commit takes in memory beside its ops: one that only tells events counts, too.
    const OVERHEAD: u64 = size_of::<Commit>() as u64;

    /// How many slices are kept until the next commit: readers are rarely at more versions than that.
    const SLICES: usize = 8;

    pub(crate) fn new(epoch: String, state: Vec<u8>, shape: Arc<Shape>) -> Self {
        let snapshot = Snapshot { version: 0, state: Shared::new(state) };
        let epoch = epoch.into_boxed_str();
        Log {
            epoch,
            version: 0,
            changed: 0,
            commits: VecDeque::new(),
            start: Sum::default(),
            written: Sum::default(),
            events: VecDeque::new(),
            event_bytes: 0,
            forgotten: 0,
            snapshot,
            slices: Vec::new(),
            encodings: 0,
            shape,
        }
    }
    pub(crate) fn epoch(&self) -> &str {
        &self.epoch
    }
    pub(crate) fn version(&self) -> u64 {
        self.version
    }
    /// The version of the snapshot.
    pub(crate) fn snapshot_version(&self) -> u64 {
        self.snapshot.version
    }
    /// The part of the snapshot that all its readers share.
    pub(crate) fn snapshot(&mut self, encoding: Encoding) -> Result<Arc<[u8]>, TooDeep> {
        let (epoch, version) = (&*self.epoch, self.snapshot.version);
        let transcribe = |state: &[u8], shape: Option<&Shape>| {
            compact::snapshot(compose::Snapshot { epoch, version, state }, shape)
        };
        self.snapshot.state.read(encoding, &self.shape, &transcribe, &mut 0)
    }
    pub(crate) fn encodings(&self) -> u64 {
        self.encodings
    }
    /// Whether a commit of so many bytes should bring a snapshot along, so that the log can be trimmed.
    pub(crate) fn wants_snapshot(&self, bytes: usize) -> bool {
        self.memory() + bytes as u64 + Self::OVERHEAD > self.budget()
    }
    /// Appends a commit, with the state after it if that was asked for; trims what no reader needs.
    pub(crate) fn append(&mut self, mut ops: Changes, events: Vec<Event>, state: Option<Vec<u8>>) -> u64 {
        self.version += 1;
        if !ops.is_empty() {
            self.changed = self.version;
        }
        for Event { name, payload, to } in events {
            let told = compose::told(name, &payload, self.version);
            self.event_bytes += told.len() as u64;
            self.events.push_back(Told { version: self.version, to, event: Shared::new(told) });
        }
        self.slices.clear();
        self.written.ops += ops.len() as u64;
        self.written.memory += ops.shrink() as u64 + Self::OVERHEAD;
        self.commits.push_back(Commit { ops, end: self.written });
        if let Some(state) = state {
            self.snapshot = Snapshot { version: self.version, state: Shared::new(state) };
            while self.memory() > self.budget() / 2 {
                self.start = self.commits.pop_front().expect("there is something to trim").end;
            }
        }
        self.version
    }
    /// Whether the state has changed after a version.
    pub(crate) fn has_changed_since(&self, version: u64) -> bool {
        self.changed > version
    }
    /// What is still kept of the events that the commits after a version tell a reader.
    pub(crate) fn events_after(
        &mut self,
        version: u64,
        reader: u64,
        encoding: Encoding,
    ) -> impl Iterator<Item = Result<Arc<[u8]>, TooDeep>> {
        let first = self.events.partition_point(|told| told.version <= version);
        let shape = &self.shape;
        self.events
            .range_mut(first..)
            .filter(move |told| told.to.is_none_or(|to| to == reader))
            .map(move |told| told.event.read(encoding, shape, &compact::told, &mut 0))
    }
    /// Whether more is kept of events than is worth it.
    pub(crate) fn has_events_to_spare(&self) -> bool {
        self.event_bytes > self.budget()
    }
    /// Drops the oldest events: those that every reader was told while there is too much of them, and others only when
    /// there is far too much. Those of the last commit stay in any case: nobody had a chance to hear them.
    pub(crate) fn trim_events(&mut self, told: u64) {
        while let Some(Told { version, event, .. }) =
            self.events.front().filter(|it| it.version < self.version)
        {
            let most = if *version <= told { self.budget() } else { Self::BUDGET.end };
            if self.event_bytes <= most {
                return;
            }
            self.event_bytes -= event.len() as u64;
            self.forgotten = *version;
            self.events.pop_front();
        }
    }
    /// Whether someone who joins now should be given a snapshot of the present rather than this one and its tail. Always
    /// while it is cheap to make; a large one only when enough has been written since to pay for it, so that many who
    /// join a busy room share one.
    pub(crate) fn wants_refresh(&self) -> bool {
        let bytes = self.snapshot.state.len() as u64;
        let tail = self.ops_after(self.snapshot.version);
        self.snapshot.version < self.version && (bytes <= Self::BUDGET.start || tail > bytes / 4)
    }
    /// The most bytes the state may have by now, and the bytes it had at the last snapshot: a commit adds to the state
    /// no more than it writes.
    pub(crate) fn state_bytes(&self) -> (usize, usize) {
        let known = self.snapshot.state.len();
        let since = self.ops_after(self.snapshot.version);
        (known + usize::try_from(since).expect("the log is in memory"), known)
    }
    /// Replaces the snapshot by one of the present.
    pub(crate) fn refresh(&mut self, state: Vec<u8>) {
        self.snapshot = Snapshot { version: self.version, state: Shared::new(state) };
    }
    /// Everything after `from` as the shared part of a `STATE_DELTA`: None if the log does not reach back so far, or a
    /// snapshot and its tail are shorter.
    pub(crate) fn tail(&mut self, from: u64, encoding: Encoding) -> Option<Result<Arc<[u8]>, TooDeep>> {
        let with_snapshot = self.snapshot.state.len() as u64 + self.ops_after(self.snapshot.version);
        let skips_something = self.snapshot.version > from && from >= self.floor();
        if skips_something && self.ops_after(from) > with_snapshot {
            return None;
        }
        self.slice(from, encoding)
    }
    /// Everything after `from` for a reader that was away: the changes, however long, as a snapshot would skip the events
    /// that come with them. None: the log does not reach back so far.
    pub(crate) fn missed(
        &mut self,
        from: u64,
        reader: u64,
        encoding: Encoding,
    ) -> Option<Result<Missed, TooDeep>> {
        if from < self.forgotten {
            return None;
        }
        let slice = match self.slice(from, encoding)? {
            Ok(slice) => slice,
            Err(too_deep) => return Some(Err(too_deep)),
        };
        let events: Result<_, _> = self.events_after(from, reader, encoding).collect();
        Some(events.map(|events| Missed { slice, events }))
    }
    /// What all of it takes in memory beside the slices, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.snapshot.state.len() as u64 + self.memory() + self.event_bytes
    }
    fn slice(&mut self, from: u64, encoding: Encoding) -> Option<Result<Arc<[u8]>, TooDeep>> {
        let at = self.slice_from(from)?;
        Some(self.slices[at].1.read(encoding, &self.shape, &compact::slice, &mut self.encodings))
    }
    /// Where the slice is that begins at a version.
    fn slice_from(&mut self, from: u64) -> Option<usize> {
        if from < self.floor() || from > self.version {
            return None;
        }
        if let Some(at) = self.slices.iter().position(|(begin, _)| *begin == from) {
            return Some(at);
        }
        let first = usize::try_from(from - self.floor()).expect("the log is in memory");
        let ops = merge(self.commits.range(first..).map(|commit| &commit.ops));
        let slice = Shared::new(compose::slice(from, self.version, &ops));
        self.encodings += 1;
        if self.slices.len() == Self::SLICES {
            self.slices.remove(0);
        }
        self.slices.push((from, slice));
        Some(self.slices.len() - 1)
    }
    /// The version before the oldest commit that is kept.
    fn floor(&self) -> u64 {
        self.version - self.commits.len() as u64
    }
    /// Bytes of ops after a version that is at the floor or above.
    fn ops_after(&self, version: u64) -> u64 {
        let before = match (version - self.floor()).checked_sub(1) {
            Some(at) => self.commits[usize::try_from(at).expect("the log is in memory")].end,
            None => self.start,
        };
        self.written.ops - before.ops
    }
    /// What the commits that are kept take.
    fn memory(&self) -> u64 {
        self.written.memory - self.start.memory
    }
    fn budget(&self) -> u64 {
        (self.snapshot.state.len() as u64).clamp(Self::BUDGET.start, Self::BUDGET.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{Ops, Path};

    fn set(field: &'static str, bytes: usize) -> Changes {
        let mut ops = Ops::default();
        ops.set(&Path::Field(&Path::Root, field), &"x".repeat(bytes));
        ops.finish().unwrap()
    }
    fn log(state: &[u8]) -> Log {
        Log::new("e".into(), state.to_vec(), Arc::default())
    }
    fn tail(log: &mut Log, from: u64) -> Option<String> {
        log.tail(from, Encoding::Json).map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap())
    }

    #[test]
    fn readers_at_one_version_share_one_slice() {
        let mut log = log(b"{\"n\":0,\"padding\":\"........................\"}");
        log.append(set("a", 1), Vec::new(), None);
        log.append(set("b", 1), Vec::new(), None);
        let slices: Vec<_> = (0..50).map(|_| tail(&mut log, 0).unwrap()).collect();
        let both = r#""from":0,"version":2,"ops":[["=",["a"],"x"],["=",["b"],"x"]]}"#;
        assert!(slices.iter().all(|slice| slice == both));
        assert_eq!(log.encodings(), 1);
        for _ in 0..50 {
            assert_eq!(tail(&mut log, 1).unwrap(), r#""from":1,"version":2,"ops":[["=",["b"],"x"]]}"#);
            assert!(tail(&mut log, 0).is_some());
        }
        assert_eq!(log.encodings(), 2, "once for each version that readers are at");
    }

    #[test]
    fn the_log_is_bounded_and_its_snapshot_stays_connected() {
        let mut log = log(&[b' '; 20_000]);
        let ops = set("a", 940);
        let mut snapshots = 0;
        for _ in 0..500 {
            let state = log.wants_snapshot(ops.len()).then(|| vec![b' '; 20_000]);
            snapshots += usize::from(state.is_some());
            log.append(ops.clone(), Vec::new(), state);
            assert!(log.snapshot_version() >= log.floor(), "the snapshot continues into the log");
            assert!(log.commits.len() <= 20, "{} commits of 1 000 bytes", log.commits.len());
        }
        // Half of the budget is 10 commits; the one that goes over it brings the snapshot.
        assert!((44..=46).contains(&snapshots), "{snapshots} snapshots: one for every 11 commits");
        assert!(tail(&mut log, 100).is_none());
        let recent = log.version() - 3;
        assert!(tail(&mut log, recent).is_some());
    }

    #[test]
    fn a_reader_far_behind_gets_the_snapshot_if_that_is_shorter() {
        let mut log = log(b"0");
        log.append(set("a", 50), Vec::new(), None);
        log.append(set("a", 50), Vec::new(), Some(b"2".to_vec()));
        log.append(set("a", 50), Vec::new(), None);
        assert!(tail(&mut log, 0).is_none());
        assert!(tail(&mut log, 2).is_some());
        assert!(tail(&mut log, 4).is_none(), "a version of the future is not served");
    }

    #[test]
    fn the_events_of_the_last_commit_are_kept_however_large_they_are() {
        let mut log = log(b"{}");
        let large = || vec![Event { name: "SAID", payload: vec![b'1'; 2 * 1024 * 1024], to: None }];
        log.append(Changes::default(), large(), None);
        log.trim_events(0);
        assert_eq!(log.events_after(0, 0, Encoding::Json).count(), 1);
        log.append(Changes::default(), large(), None);
        log.trim_events(0);
        assert_eq!(log.events_after(0, 0, Encoding::Json).count(), 1, "the one before is too much");
    }
}
