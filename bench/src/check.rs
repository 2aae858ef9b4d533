//! What must hold, as lines that begin with PASS or FAIL.
use crate::{
    edit::Kind,
    exact::Exact,
    table::{Row, grouped, time},
};

/// What was checked.
#[derive(Default)]
pub(crate) struct Checks {
    lines: Vec<String>,
    has_failed: bool,
}

/// The kinds of edit that must not depend on the size of the list.
const CONSTANT: [Kind; 2] = [Kind::Push, Kind::Field];

/// The largest list may take so many times what the smallest takes: caches are colder there.
const RATIO: f64 = 3.0;

/// The most one commit may take, in nanoseconds.
const COMMIT: f64 = 10_000.0;

/// The most bytes an edit may send as `ops`.
const OPS: usize = 150;

/// What stands around them in a message, and how long a version and an index may be.
const ENVELOPE: usize = 110;

impl Checks {
    /// Bytes and allocations, which are the same in every run.
    pub(crate) fn exact(&mut self, all: &[(Kind, usize, Exact)]) {
        for (kind, n, exact) in all.iter().filter(|(kind, _, _)| CONSTANT.contains(kind)) {
            let (json, ops) = (exact.message.json, exact.message.ops);
            let name = format!("{} at {} items", kind.name(), grouped(*n));
            self.check(ops <= OPS, &format!("{name} sends {ops} bytes of ops; at most {OPS}"));
            let around = json - ops;
            self.check(
                around <= ENVELOPE,
                &format!("{name} has {around} bytes around them in JSON; at most {ENVELOPE}"),
            );
            if let Some(compact) = exact.message.compact {
                self.check(compact <= OPS, &format!("{name} is {compact} compact bytes; at most {OPS}"));
            }
        }
        for kind in Kind::ALL {
            let same: Vec<(&usize, &Exact)> =
                all.iter().filter(|(of, _, _)| *of == kind).map(|(_, n, exact)| (n, exact)).collect();
            let ([first, ..], [.., last]) = (&same[..], &same[..]) else { continue };
            self.check(
                first.1.commit.count == last.1.commit.count && first.1.request.count == last.1.request.count,
                &format!(
                    "{} allocates {} times in a commit and {} in a request at {} items, and {} and {} at {}",
                    kind.name(),
                    first.1.commit.count,
                    first.1.request.count,
                    grouped(*first.0),
                    last.1.commit.count,
                    last.1.request.count,
                    grouped(*last.0),
                ),
            );
        }
    }
    /// Times of this run.
    pub(crate) fn times(&mut self, rows: &[Row]) {
        for kind in CONSTANT {
            let same: Vec<&Row> = rows.iter().filter(|row| row.kind == kind).collect();
            let ([first, ..], [.., last]) = (&same[..], &same[..]) else { continue };
            for (way, least, most) in [
                ("commit", first.timed.commit.min(), last.timed.commit.min()),
                ("request", first.timed.request.min(), last.timed.request.min()),
            ] {
                let ratio = most / least;
                self.check(
                    ratio <= RATIO,
                    &format!(
                        "{}: a {way} at {} items takes {ratio:.2} times what it takes at {}; at most {RATIO}",
                        kind.name(),
                        grouped(last.n),
                        grouped(first.n),
                    ),
                );
            }
            for row in same {
                let took = row.timed.commit.median();
                self.check(
                    took <= COMMIT,
                    &format!(
                        "{}: a commit at {} items takes {}; at most {}",
                        kind.name(),
                        grouped(row.n),
                        time(took),
                        time(COMMIT),
                    ),
                );
            }
        }
    }
    fn check(&mut self, holds: bool, what: &str) {
        self.has_failed |= !holds;
        self.lines.push(format!("{}  {what}", if holds { "PASS" } else { "FAIL" }));
    }
    pub(crate) fn has_failed(&self) -> bool {
        self.has_failed
    }
    pub(crate) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}
