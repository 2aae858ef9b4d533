//! The tables a person reads.
use crate::{clock::Timed, edit::Kind, exact::Exact, snapshots::Snapshots};
use std::fmt::Write;

/// One kind of edit at one size.
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) n: usize,
    pub(crate) timed: Timed,
    pub(crate) exact: Exact,
    /// The messages of those who send the list again, and who compare it.
    pub(crate) resent: usize,
    pub(crate) compared: usize,
}

/// What the columns are.
pub(crate) const LEGEND: &str = "\
items     length of the list; an item has an id, a text of 40 characters, a flag and a time
request   a client's message from its text to the bytes of the answer: everything but the socket (median, and the least)
commit    the transaction inside it and its delta taken by one reader, without a request and a reply (median, and the least)
allocs    what a commit asks of the allocator: how often, and for how many bytes
json      the whole STATE_DELTA that tells a reader, in bytes; compact: the same message as MessagePack
resend    the same edit of a Vec, and the message that sends it whole: time and bytes
compare   the same edit of a Vec, copied before and compared item by item after, and the message with the difference
";

const HEAD: [&str; 13] = [
    "", "items", "request", "least", "commit", "least", "allocs", "bytes", "json", "compact", "resend",
    "bytes", "compare",
];

pub(crate) fn edits(rows: &[Row]) -> String {
    let mut lines = vec![[HEAD.as_slice(), &["bytes"]].concat().iter().map(|it| it.to_string()).collect()];
    let mut last = None;
    for row in rows {
        let is_new = last.replace(row.kind) != Some(row.kind);
        let Row { timed, exact, .. } = row;
        let name = if is_new { row.kind.name() } else { "" };
        lines.push(vec![
            name.to_owned(),
            grouped(row.n),
            time(timed.request.median()),
            time(timed.request.min()),
            time(timed.commit.median()),
            time(timed.commit.min()),
            grouped(exact.commit.count as usize),
            grouped(exact.commit.bytes as usize),
            bytes(exact.message.json),
            bytes(exact.message.compact),
            time(timed.resend.median()),
            bytes(row.resent),
            time(timed.compare.median()),
            bytes(row.compared),
        ]);
    }
    aligned(&lines)
}

pub(crate) fn snapshots(all: &[(usize, Snapshots)]) -> String {
    let mut text = String::new();
    for (n, it) in all {
        let takes = time(it.takes.as_nanos() as f64);
        let (every, share) = (grouped(it.every), time(it.share()));
        writeln!(
            text,
            "{:>9} items: one push in {every} takes {takes}, which is {share} a push",
            grouped(*n)
        )
        .expect("memory can be written to");
    }
    text
}

/// The first column to the left, the others to the right.
fn aligned(lines: &[Vec<String>]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Three digits that count, with a unit.
pub(crate) fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        t if t < 999.5 => format!("{t:.0} ns"),
        t if t < 9_995.0 => format!("{:.2} µs", t / 1e3),
        t if t < 99_950.0 => format!("{:.1} µs", t / 1e3),
        t if t < 999_500.0 => format!("{:.0} µs", t / 1e3),
        t if t < 9_995_000.0 => format!("{:.2} ms", t / 1e6),
        t => format!("{:.1} ms", t / 1e6),
    }
}

fn bytes(count: usize) -> String {
    if count == 0 { "–".to_owned() } else { grouped(count) }
}

/// `100 000`
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let first = (digits.len() + 2) % 3 + 1;
    let (head, tail) = digits.split_at(first.min(digits.len()));
    let rest = tail.as_bytes().chunks(3).map(|chunk| format!(" {}", String::from_utf8_lossy(chunk)));
    head.to_owned() + &rest.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_three_digits_that_count() {
        let times = [7.4, 999.0, 999.6, 1_234.0, 12_345.0, 123_456.0, 999_600.0, 12_345_678.0];
        let shown = ["7 ns", "999 ns", "1.00 µs", "1.23 µs", "12.3 µs", "123 µs", "1.00 ms", "12.3 ms"];
        assert_eq!(times.map(time), shown);
    }

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!(
            [0, 10, 999, 1_000, 100_000, 1_234_567].map(grouped),
            ["0", "10", "999", "1 000", "100 000", "1 234 567"]
        );
    }
}
