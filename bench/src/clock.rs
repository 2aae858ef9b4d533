//! How long edits take. Everything is measured in turns, round by round, so that what else the machine does hits all alike.
use crate::{
    baseline::Plain,
    edit::{self, Edit, Kind},
    page::Page,
};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// Batches of one kind of edit: nanoseconds of one edit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn median(&self) -> f64 {
        let mut all = self.0.clone();
        all.sort_unstable_by(f64::total_cmp);
        all[all.len() / 2]
    }
    pub(crate) fn min(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }
    pub(crate) fn add(&mut self, took: Duration, edits: usize) {
        self.0.push(took.as_nanos() as f64 / edits as f64);
    }
}

/// All ways to do one kind of edit.
#[derive(Default)]
pub(crate) struct Timed {
    pub(crate) request: Times,
    pub(crate) commit: Times,
    pub(crate) resend: Times,
    pub(crate) compare: Times,
}

/// A board of one size, and what it is compared with.
pub(crate) struct Bench {
    n: usize,
    page: Page,
    plain: Plain,
    /// How many edits there were: the number of the next.
    edits: usize,
}

/// One way of one kind is measured so long in each round, and at least two batches of it.
const VISIT: Duration = Duration::from_millis(1);

impl Bench {
    pub(crate) fn of(n: usize) -> Bench {
        Bench { n, page: Page::of(n), plain: Plain::of(n), edits: 0 }
    }
    pub(crate) fn n(&self) -> usize {
        self.n
    }
    /// One round of one kind.
    pub(crate) fn visit(&mut self, kind: Kind, timed: &mut Timed) {
        self.several(&mut timed.commit, |bench| bench.commits(kind));
        self.several(&mut timed.request, |bench| bench.requests(kind));
        self.several(&mut timed.resend, |bench| bench.plain(kind, Plain::resend));
        self.several(&mut timed.compare, |bench| bench.plain(kind, Plain::compare));
    }
    /// The first batch warms up.
    fn several(&mut self, times: &mut Times, batch: impl Fn(&mut Bench) -> (Duration, usize)) {
        batch(self);
        let mut spent = Duration::ZERO;
        for number in 0.. {
            if number >= 2 && spent > VISIT {
                break;
            }
            let (took, edits) = batch(self);
            spent += took;
            times.add(took, edits);
        }
    }
    /// A transaction each, and its delta taken by one reader.
    fn commits(&mut self, kind: Kind) -> (Duration, usize) {
        let edits = self.batch(kind);
        let count = edits.len();
        let started = Instant::now();
        for edit in edits {
            self.page.commit(edit);
            black_box(self.page.take());
        }
        let took = started.elapsed();
        self.page.put_back(kind, self.n, count);
        (took, count)
    }
    /// A message each, and what is sent in answer.
    fn requests(&mut self, kind: Kind) -> (Duration, usize) {
        let texts: Vec<String> = self.batch(kind).iter().map(|edit| self.page.request(edit)).collect();
        let started = Instant::now();
        for text in &texts {
            self.page.receive(text);
            black_box(self.page.take());
        }
        let took = started.elapsed();
        self.page.put_back(kind, self.n, texts.len());
        (took, texts.len())
    }
    fn plain(&mut self, kind: Kind, way: fn(&mut Plain, Edit) -> Option<Vec<u8>>) -> (Duration, usize) {
        let edit = kind.edit(self.n, self.edits);
        self.edits += 1;
        let started = Instant::now();
        black_box(way(&mut self.plain, edit));
        let took = started.elapsed();
        self.plain.put_back(self.n);
        (took, 1)
    }
    fn batch(&mut self, kind: Kind) -> Vec<Edit> {
        let count = edit::batch(self.n);
        self.edits += count;
        (self.edits - count..self.edits).map(|i| kind.edit(self.n, i)).collect()
    }
}
