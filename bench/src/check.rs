//! What must hold, as lines that begin with PASS or FAIL.
use crate::{
    edit::Kind,
    exact::Exact,
    snapshots::Snapshots,
    table::{Row, grouped, time},
};
use clap::ValueEnum;

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

/// The most bytes an edit may send: its `ops` as JSON, and the whole message in the compact encoding.
const BYTES: usize = 150;

/// A longer index may need a larger buffer, where ops are written and where the message is.
const ALLOCATIONS: u64 = 2;

impl Checks {
    /// Bytes and allocations, which are the same in every run.
    pub(crate) fn exact(&mut self, all: &[(Kind, usize, Exact)]) {
        for kind in CONSTANT {
            let of = |size: fn(&Exact) -> Option<usize>| {
                all.iter().filter(|(it, _, _)| *it == kind).filter_map(|(_, _, exact)| size(exact)).max()
            };
            let whole = of(|exact| Some(exact.message.json)).unwrap_or(0);
            if let Some(ops) = of(|exact| Some(exact.message.ops)) {
                self.check(
                    ops <= BYTES,
                    &format!(
                        "{}: {ops} bytes of ops, in a message of {whole}; at most {BYTES} of ops",
                        kind.name()
                    ),
                );
            }
            if let Some(compact) = of(|exact| Some(exact.message.compact)) {
                self.check(
                    compact <= BYTES,
                    &format!("{}: {compact} bytes as a compact message; at most {BYTES}", kind.name()),
                );
            }
        }
        for &kind in Kind::value_variants() {
            let same = || all.iter().filter(|(of, _, _)| *of == kind);
            for (way, count) in [
                ("commit", (|exact| exact.commit.count) as fn(&Exact) -> u64),
                ("request", |exact| exact.request.count),
            ] {
                let counts: Vec<u64> = same().map(|(_, _, exact)| count(exact)).collect();
                let (Some(least), Some(most)) = (counts.iter().min(), counts.iter().max()) else { continue };
                let each: Vec<String> = counts.iter().map(u64::to_string).collect();
                let sizes: Vec<String> = same().map(|(_, n, _)| grouped(*n)).collect();
                let (each, sizes) = (each.join(", "), sizes.join(", "));
                self.check(
                    most - least <= ALLOCATIONS,
                    &format!(
                        "{}: {each} allocations of a {way} at {sizes} items; {ALLOCATIONS} apart at most",
                        kind.name()
                    ),
                );
            }
        }
    }
    /// Times of this run.
    pub(crate) fn times(&mut self, rows: &[Row], snapshots: &[(usize, Snapshots)]) {
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
                let snapshots = snapshots.iter().find(|(n, _)| *n == row.n);
                let (took, share) = (row.timed.commit.median(), snapshots.map_or(0.0, |(_, it)| it.share()));
                self.check(
                    took + share <= COMMIT,
                    &format!(
                        "{}: a commit at {} items takes {}, and {} for its share of a snapshot; at most {}",
                        kind.name(),
                        grouped(row.n),
                        time(took),
                        time(share),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{allocations::Allocations, clock::Timed, exact::Bytes};
    use std::time::Duration;

    fn exact(ops: usize, allocations: u64) -> Exact {
        let allocations = Allocations { count: allocations, bytes: 1_000 };
        let message = Bytes { json: ops + 71, ops, compact: 40 };
        Exact { commit: allocations, request: allocations, message }
    }
    fn failures(checks: &Checks) -> Vec<&str> {
        assert_eq!(checks.has_failed(), checks.lines.iter().any(|line| line.starts_with("FAIL")));
        checks.lines.iter().filter_map(|line| line.strip_prefix("FAIL  ")).collect()
    }
    fn timed(nanoseconds: [u64; 2], snapshot: Duration) -> Checks {
        let row = |n: usize, took: u64| {
            let mut timed = Timed::default();
            for times in [&mut timed.commit, &mut timed.request] {
                times.add(Duration::from_nanos(took), 1);
            }
            Row { kind: Kind::Push, n, timed, exact: exact(100, 18), resent: 0, compared: 0 }
        };
        let rows = [row(10, nanoseconds[0]), row(100_000, nanoseconds[1])];
        let mut checks = Checks::default();
        checks.times(&rows, &[(100_000, Snapshots { every: 1_000, takes: snapshot })]);
        checks
    }

    #[test]
    fn what_sends_more_than_150_bytes_of_ops_fails() {
        let mut checks = Checks::default();
        checks.exact(&[(Kind::Push, 10, exact(150, 18))]);
        assert!(failures(&checks).is_empty());
        checks.exact(&[(Kind::Push, 10, exact(150, 18)), (Kind::Push, 1_000, exact(151, 18))]);
        assert_eq!(failures(&checks), ["push: 151 bytes of ops, in a message of 222; at most 150 of ops"]);
    }

    #[test]
    fn what_allocates_more_in_a_longer_list_fails() {
        let mut checks = Checks::default();
        checks.exact(&[(Kind::Move, 10, exact(30, 18)), (Kind::Move, 1_000, exact(30, 20))]);
        assert!(failures(&checks).is_empty());
        checks.exact(&[(Kind::Move, 10, exact(30, 18)), (Kind::Move, 1_000, exact(30, 21))]);
        assert_eq!(
            failures(&checks),
            [
                "move: 18, 21 allocations of a commit at 10, 1 000 items; 2 apart at most",
                "move: 18, 21 allocations of a request at 10, 1 000 items; 2 apart at most",
            ]
        );
    }

    #[test]
    fn what_is_slower_in_a_longer_list_fails() {
        assert!(failures(&timed([1_000, 3_000], Duration::ZERO)).is_empty());
        let checks = timed([1_000, 3_100], Duration::ZERO);
        assert_eq!(
            failures(&checks)[0],
            "push: a commit at 100 000 items takes 3.10 times what it takes at 10; at most 3"
        );
    }

    #[test]
    fn what_takes_more_than_ten_microseconds_with_its_share_of_a_snapshot_fails() {
        assert!(failures(&timed([9_000, 9_000], Duration::from_micros(999))).is_empty());
        let checks = timed([9_000, 9_000], Duration::from_micros(1_100));
        assert_eq!(
            failures(&checks),
            [
                "push: a commit at 100 000 items takes 9.00 µs, and 1.10 µs for its share of a snapshot; at most 10.0 µs"
            ]
        );
    }
}
