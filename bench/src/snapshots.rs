//! What the log's snapshots add: a commit with which the log outgrows its bounds writes the whole state down, and the
//! commits before it pay for that.
use crate::{allocations, edit::Kind, page::Page};
use std::time::{Duration, Instant};

/// The snapshots of a store to which items are pushed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Snapshots {
    /// Commits from one to the next.
    pub(crate) every: usize,
    /// The commit that takes one.
    pub(crate) takes: Duration,
}

impl Snapshots {
    /// What they come to for each commit, in nanoseconds.
    pub(crate) fn share(&self) -> f64 {
        self.takes.as_nanos() as f64 / self.every as f64
    }
}

/// So many pushes, then the list is as long as it was.
const PUSHES: usize = 32;

/// Commits until there were three.
pub(crate) fn measure(n: usize) -> Snapshots {
    let page = Page::of(n);
    let (mut usual, mut at, mut takes) = (None, Vec::new(), Duration::MAX);
    for i in 0.. {
        let mut took = Duration::ZERO;
        let allocated = allocations::of(|| {
            let started = Instant::now();
            match i % (PUSHES + 1) {
                PUSHES => page.update(|board| {
                    board.items.truncate(n);
                    Ok(())
                }),
                _ => page.commit(Kind::Push.edit(n, i)),
            }
            page.take();
            took = started.elapsed();
        });
        let usual = *usual.get_or_insert(allocated.bytes);
        // A snapshot has the bytes of all items, and nothing else does.
        if allocated.bytes > usual + n as u64 * 80 {
            at.push(i);
            takes = takes.min(took);
        }
        if let [.., second, third] = at[..]
            && at.len() == 3
        {
            return Snapshots { every: third - second, takes };
        }
    }
    unreachable!("a log is bounded")
}
