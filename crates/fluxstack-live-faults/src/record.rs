//! What has passed a proxy, and the faults that really happened: a cut that was planned for a byte that never came is none.
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many connections met each fault. One connection counts once for each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Accepted and closed at once.
    pub refused: u64,
    /// Cut by their plan, in order.
    pub closed: u64,
    /// Cut by their plan, by a reset.
    pub reset: u64,
    /// Bytes, or the news that a socket has ended, vanished.
    pub half_open: u64,
    /// Bytes that came together went on in pieces.
    pub split: u64,
    /// Bytes were held back for a time.
    pub delayed: u64,
    /// Bytes were held back for their number.
    pub throttled: u64,
}

/// So many bytes of one connection have gone on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// From the client to the server.
    pub up: u64,
    /// From the server to the client.
    pub down: u64,
}

/// One thing that happened to a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Refused,
    Closed,
    Reset,
    HalfOpen,
    Split,
    Delayed,
    Throttled,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// Everything that happened, by connection.
#[derive(Default)]
pub(crate) struct Record(Mutex<Vec<Entry>>);

#[derive(Clone, Copy, Default)]
struct Entry {
    passed: Passed,
    met: Faults,
}

impl Record {
    /// The next connection's number.
    pub(crate) fn open(&self) -> usize {
        let mut entries = self.lock();
        entries.push(Entry::default());
        entries.len() - 1
    }
    pub(crate) fn pass(&self, connection: usize, direction: Direction, bytes: usize) {
        let passed = &mut self.lock()[connection].passed;
        match direction {
            Direction::Up => passed.up += bytes as u64,
            Direction::Down => passed.down += bytes as u64,
        }
    }
    pub(crate) fn meet(&self, connection: usize, fault: Fault) {
        let met = &mut self.lock()[connection].met;
        match fault {
            Fault::Refused => met.refused = 1,
            Fault::Closed => met.closed = 1,
            Fault::Reset => met.reset = 1,
            Fault::HalfOpen => met.half_open = 1,
            Fault::Split => met.split = 1,
            Fault::Delayed => met.delayed = 1,
            Fault::Throttled => met.throttled = 1,
        }
    }
    pub(crate) fn connections(&self) -> u64 {
        self.lock().len() as u64
    }
    pub(crate) fn passed(&self, connection: u64) -> Option<Passed> {
        self.lock().get(usize::try_from(connection).ok()?).map(|entry| entry.passed)
    }
    pub(crate) fn faults(&self) -> Faults {
        self.lock().iter().fold(Faults::default(), |sum, Entry { met, .. }| Faults {
            refused: sum.refused + met.refused,
            closed: sum.closed + met.closed,
            reset: sum.reset + met.reset,
            half_open: sum.half_open + met.half_open,
            split: sum.split + met.split,
            delayed: sum.delayed + met.delayed,
            throttled: sum.throttled + met.throttled,
        })
    }
    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection's place in the record.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) record: std::sync::Arc<Record>,
    pub(crate) connection: usize,
}

impl Line {
    pub(crate) fn pass(&self, direction: Direction, bytes: usize) {
        self.record.pass(self.connection, direction, bytes);
    }
    pub(crate) fn meet(&self, fault: Fault) {
        self.record.meet(self.connection, fault);
    }
}
