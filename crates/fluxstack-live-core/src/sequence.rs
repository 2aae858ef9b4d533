//! What a list and a feed have in common: a row of items that records what is done to it. The user's own code, a copy, a
//! comparison, a `Drop`, runs before the first change of a step or after its last, so that a panic in it undoes exactly.
mod record; // what was done since the last commit, and how to undo it
mod moves; // few moves instead of a whole list
mod row; // a `Vec` or a `VecDeque`

use crate::{tracked::Tracked, value::LiveValue};
pub(crate) use record::Record;
pub(crate) use row::Row;
use std::ops::{Bound, Range, RangeBounds};

/// More items than this are not moved one by one: a reader's list takes O(n) for each.
const MOST_MOVES: usize = 1_000;

impl<R: Row> Tracked<Record<R>> {
    /// Puts an item before index `at`, which is not beyond the length.
    pub(crate) fn insert(&mut self, at: usize, mut item: R::Item) {
        let (row, record) = self.parts();
        let len = row.len();
        let Some(record) = record else { return row.put(at, [item]) };
        item.detach();
        let copy = record.tells_steps().then(|| item.clone());
        row.put(at, [item]);
        record.inserted(at, len, 1, copy);
    }
    /// The same for many.
    pub(crate) fn insert_all(&mut self, at: usize, mut items: Vec<R::Item>) {
        let (row, record) = self.parts();
        let (len, count) = (row.len(), items.len());
        let Some(record) = record.filter(|_| count > 0) else { return row.put(at, items) };
        items.iter_mut().for_each(LiveValue::detach);
        let copies = if record.tells_steps() { items.clone() } else { Vec::new() };
        row.put(at, items);
        record.inserted(at, len, count, copies);
    }
    /// Takes out the item at `at`, which is there.
    pub(crate) fn remove(&mut self, at: usize) -> R::Item {
        let mut taken = self.take(at..at + 1);
        taken.pop().expect("one was taken out")
    }
    /// Takes out the items of a range: copies, while it records.
    pub(crate) fn take(&mut self, range: Range<usize>) -> Vec<R::Item> {
        let (row, record) = self.parts();
        if record.is_none() {
            return row.take(range);
        }
        let copies = range.clone().map(|at| row.item(at).clone()).collect();
        self.discard(range);
        copies
    }
    /// The same, and nobody wants them.
    pub(crate) fn discard(&mut self, range: Range<usize>) {
        let (row, record) = self.parts();
        let (at, len) = (range.start, row.len());
        let gone = row.take(range);
        if let Some(record) = record.filter(|_| !gone.is_empty()) {
            record.removed(at, len, gone);
        }
    }
    /// Takes out the item at `at`, which is there, and puts the last one into its place.
    pub(crate) fn swap_remove(&mut self, at: usize) -> R::Item {
        let (row, record) = self.parts();
        let len = row.len();
        let copy = record.is_some().then(|| row.item(at).clone());
        row.swap(at, len - 1);
        let item = row.take(len - 1..len).pop().expect("one was taken out");
        let Some((record, copy)) = record.zip(copy) else { return item };
        record.removed_by_swap(at, len, item);
        copy
    }
    /// Keeps the items that `kept` says of.
    pub(crate) fn retain(&mut self, kept: Vec<bool>) {
        let (row, record) = self.parts();
        match record {
            _ if kept.iter().all(|is_kept| *is_kept) => {}
            Some(record) => record.retain(row, &kept),
            None => {
                let all = row.take(0..kept.len()).into_iter();
                let stays =
                    all.zip(kept).filter_map(|(item, is_kept)| is_kept.then_some(item)).collect::<Vec<_>>();
                row.put(0, stays);
            }
        }
    }
    /// Moves an item; both indexes are there.
    pub(crate) fn move_to(&mut self, from: usize, to: usize) {
        let (row, record) = self.parts();
        if from != to {
            row.move_to(from, to);
            record.into_iter().for_each(|record| record.moved(from, to));
        }
    }
    /// Exchanges two items; both indexes are there.
    pub(crate) fn swap(&mut self, a: usize, b: usize) {
        let (row, record) = self.parts();
        if a != b {
            row.swap(a, b);
            record.into_iter().for_each(|record| record.swapped(a, b));
        }
    }
    /// Puts at each place what is at the index that `order` has there.
    pub(crate) fn permute(&mut self, order: Vec<usize>) {
        if order.is_sorted() {
            return;
        }
        let (row, record) = self.parts();
        record::permute(row, order.clone());
        if let Some(record) = record {
            let most = MOST_MOVES.min(order.len() / 2);
            let moves = record.tells_steps().then(|| moves::moves(&order, most)).flatten();
            record.permuted(order, moves);
        }
    }
    /// The item at `at`, to be changed, if it is there.
    pub(crate) fn get_mut(&mut self, at: usize) -> Option<&mut R::Item> {
        let (row, record) = self.parts();
        if at >= row.len() {
            return None;
        }
        let item = row.item_mut(at);
        if let Some(record) = record {
            record.touch(at, item);
        }
        Some(item)
    }
    /// All items, to be changed.
    pub(crate) fn all_mut(&mut self) -> &mut R {
        let (row, record) = self.parts();
        if let Some(record) = record {
            (0..row.len()).for_each(|at| record.touch(at, row.item_mut(at)));
        }
        row
    }
    /// Asks `keep` about each item, which it may change, and keeps those it says yes to.
    pub(crate) fn retain_mut(&mut self, mut keep: impl FnMut(&mut R::Item) -> bool) {
        let row = self.all_mut();
        let kept = (0..row.len()).map(|at| keep(row.item_mut(at))).collect();
        self.retain(kept);
    }
    /// A range of a length, as a slice would take it.
    pub(crate) fn range(&self, range: impl RangeBounds<usize>) -> Range<usize> {
        let len = self.items().len();
        let start = match range.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.checked_add(1).expect("the start of a range is a number"),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => last.checked_add(1).expect("the end of a range is a number"),
            Bound::Excluded(end) => *end,
            Bound::Unbounded => len,
        };
        assert!(start <= end, "the range {start}..{end} ends before it starts");
        assert!(end <= len, "the range {start}..{end} is beyond the length {len}");
        start..end
    }
}
