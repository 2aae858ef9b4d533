//! What was done to a sequence since the last commit: the ops that tell a reader, and the steps back.
use super::row::Row;
use crate::{
    ops::{Ops, Path},
    tracked,
    value::{LiveValue, Lost},
};
use std::{collections::BTreeMap, mem, ops::Range};

/// What a recording sequence knows beside its items.
///
/// Invariant: a method here is called when the items have changed, and completes the steps back before anything of the
/// items' own runs, their `Drop` included. So a panic finds every step that was made.
pub struct Record<R: Row> {
    /// None: the whole sequence is sent, because that is shorter than the steps.
    told: Option<Vec<Told<R::Item>>>,
    undo: Vec<Undo<R::Item>>,
    /// Items that were handed out to be changed, by their present index plus `fallen`: where in `undo` their shadow is.
    touched: BTreeMap<usize, usize>,
    /// How many items were taken out at the front: so the touched ones behind them keep their place in the map.
    fallen: usize,
}

/// What a reader is told. The values are copies of the moment: what happens to the item later is told later.
enum Told<T> {
    Push(Vec<T>),
    Insert(usize, Vec<T>),
    Remove(usize, usize),
    Move(usize, usize),
}

/// A step, by what it takes to undo it.
enum Undo<T: LiveValue> {
    Inserted(usize, usize),
    Removed(Removed<T>),
    Moved(usize, usize),
    Swapped(usize, usize),
    /// At each place the index of the item that came there.
    Permuted(Vec<usize>),
    Touched(usize, T::Shadow),
}

/// Items that were taken out.
struct Removed<T> {
    at: usize,
    items: Vec<T>,
    /// Those that had been touched before, by their index in `items`: where their shadow is.
    touched: Vec<(usize, usize)>,
}

impl<R: Row> Record<R> {
    /// Whether it tells each step, with copies of what comes in.
    pub(super) fn tells_steps(&self) -> bool {
        self.told.is_some()
    }
    /// `count` items came in before index `at` of `len`; their copies, if it [tells steps](Self::tells_steps).
    pub(super) fn inserted(
        &mut self,
        at: usize,
        len: usize,
        count: usize,
        copies: impl IntoIterator<Item = R::Item>,
    ) {
        match self.undo.last_mut() {
            Some(Undo::Inserted(first, before)) if *first + *before == at => *before += count,
            _ => self.undo.push(Undo::Inserted(at, count)),
        }
        self.reindex(at..len, |i| i + count);
        let Some(told) = &mut self.told else { return };
        match told.last_mut() {
            Some(Told::Push(pushed)) if at == len => pushed.extend(copies),
            Some(Told::Insert(first, inserted)) if at == *first + inserted.len() => inserted.extend(copies),
            _ if at == len => told.push(Told::Push(copies.into_iter().collect())),
            _ => told.push(Told::Insert(at, copies.into_iter().collect())),
        }
    }
    /// `items` are not at `at` any more; there were `len`.
    pub(super) fn removed(&mut self, at: usize, len: usize, items: Vec<R::Item>) {
        let end = at + items.len();
        self.remember_removed(at, len, items);
        self.tell_removed(at..end, len);
    }
    /// The last of `len` items has taken the place of the one at `at`, which was taken out.
    pub(super) fn removed_by_swap(&mut self, at: usize, len: usize, item: R::Item) {
        let last = len - 1;
        self.remember_swapped(at, last);
        self.remember_removed(last, len, vec![item]);
        self.tell_removed(at..at + 1, len);
        if at < last {
            self.tell(Told::Move(last - 1, at));
        }
    }
    /// Takes out the items that are not `kept`, run by run, in one pass.
    pub(super) fn retain(&mut self, row: &mut R, kept: &[bool]) {
        let fallen = mem::take(&mut self.fallen);
        let mut touched = mem::take(&mut self.touched).into_iter().peekable();
        let mut stays = Vec::new();
        let mut runs: Vec<Removed<R::Item>> = Vec::new();
        let all = row.take(0..kept.len());
        for (i, (item, is_kept)) in all.into_iter().zip(kept).enumerate() {
            let slot = touched.next_if(|(at, _)| *at - fallen == i).map(|(_, slot)| slot);
            if *is_kept {
                self.touched.extend(slot.map(|slot| (stays.len(), slot)));
                stays.push(item);
                continue;
            }
            let run = match runs.last_mut() {
                Some(run) if run.at == stays.len() => run,
                _ => {
                    runs.push(Removed { at: stays.len(), items: Vec::new(), touched: Vec::new() });
                    runs.last_mut().expect("just pushed")
                }
            };
            run.touched.extend(slot.map(|slot| (run.items.len(), slot)));
            run.items.push(item);
        }
        row.put(0, stays);
        let gone: Vec<Range<usize>> = runs.iter().map(|run| run.at..run.at + run.items.len()).collect();
        self.undo.extend(runs.into_iter().map(Undo::Removed));
        let mut len = kept.len();
        for range in gone {
            len -= range.len();
            self.tell_removed(range.clone(), len + range.len());
        }
    }
    pub(super) fn moved(&mut self, from: usize, to: usize) {
        self.undo.push(Undo::Moved(from, to));
        self.reindex(from.min(to)..from.max(to) + 1, |i| match i {
            i if i == from => to,
            i if from < to => i - 1,
            i => i + 1,
        });
        self.tell(Told::Move(from, to));
    }
    pub(super) fn swapped(&mut self, a: usize, b: usize) {
        self.remember_swapped(a, b);
        let (a, b) = (a.min(b), a.max(b));
        self.tell(Told::Move(b, a));
        if a + 1 < b {
            self.tell(Told::Move(a + 1, b));
        }
    }
    /// Each item came from the index that `order` has in its place. `moves` do the same one by one; None: they are too
    /// many to tell.
    pub(super) fn permuted(&mut self, order: Vec<usize>, moves: Option<Vec<(usize, usize)>>) {
        if !self.touched.is_empty() {
            let now = inverse(&order);
            self.reindex(0..order.len(), |i| now[i]);
        }
        self.undo.push(Undo::Permuted(order));
        match moves {
            Some(moves) => moves.into_iter().for_each(|(from, to)| self.tell(Told::Move(from, to))),
            None => self.tell_the_whole(),
        }
    }
    /// Before the item at `at` is handed out to be changed.
    pub(super) fn touch(&mut self, at: usize, item: &mut R::Item) {
        let key = at + self.fallen;
        if !self.touched.contains_key(&key) {
            let shadow = item.shadow();
            self.touched.insert(key, self.undo.len());
            self.undo.push(Undo::Touched(at, shadow));
        }
    }

    fn remember_removed(&mut self, at: usize, len: usize, items: Vec<R::Item>) {
        let end = at + items.len();
        let mut touched = Vec::new();
        while let Some((key, slot)) = self.first_touched(at..end) {
            self.touched.remove(&key);
            touched.push((key - self.fallen - at, slot));
        }
        if at == 0 {
            self.fallen += items.len();
        } else {
            let count = items.len();
            self.reindex(end..len, |i| i - count);
        }
        self.undo.push(Undo::Removed(Removed { at, items, touched }));
    }
    fn remember_swapped(&mut self, a: usize, b: usize) {
        self.undo.push(Undo::Swapped(a, b));
        let (a, b) = (a + self.fallen, b + self.fallen);
        let (at_a, at_b) = (self.touched.remove(&a), self.touched.remove(&b));
        self.touched.extend(at_a.map(|slot| (b, slot)));
        self.touched.extend(at_b.map(|slot| (a, slot)));
    }
    fn tell(&mut self, step: Told<R::Item>) {
        if let Some(told) = &mut self.told {
            told.push(step);
        }
    }
    /// A range of `len` items is gone.
    fn tell_removed(&mut self, range: Range<usize>, len: usize) {
        let (at, count) = (range.start, range.len());
        let Some(told) = &mut self.told else { return };
        match told.as_mut_slice() {
            [.., Told::Remove(first, before)] if at == *first => *before += count,
            [.., Told::Remove(first, before)] if range.end == *first => {
                *first = at;
                *before += count;
            }
            // At the front, beside what was pushed: the items that fell out go first, so that both stay one op.
            [.., Told::Push(pushed)] if at == 0 => {
                if pushed.len() + count > len {
                    return self.tell_the_whole();
                }
                let push = told.len() - 1;
                match &mut told[..push] {
                    [.., Told::Remove(0, before)] => *before += count,
                    _ => told.insert(push, Told::Remove(0, count)),
                }
            }
            _ => told.push(Told::Remove(at, count)),
        }
    }
    fn tell_the_whole(&mut self) {
        self.told = None;
    }
    fn first_touched(&self, range: Range<usize>) -> Option<(usize, usize)> {
        let range = range.start + self.fallen..range.end + self.fallen;
        self.touched.range(range).next().map(|(key, slot)| (*key, *slot))
    }
    /// The touched items of a range are at other indexes now.
    fn reindex(&mut self, range: Range<usize>, now: impl Fn(usize) -> usize) {
        let fallen = self.fallen;
        let range = range.start + fallen..range.end + fallen;
        let moved: Vec<(usize, usize)> = self.touched.range(range).map(|(key, slot)| (*key, *slot)).collect();
        for (key, _) in &moved {
            self.touched.remove(key);
        }
        self.touched.extend(moved.into_iter().map(|(key, slot)| (now(key - fallen) + fallen, slot)));
    }
    fn shadow_of(&self, slot: usize) -> &<R::Item as LiveValue>::Shadow {
        match &self.undo[slot] {
            Undo::Touched(_, shadow) => shadow,
            Undo::Inserted(..)
            | Undo::Removed(_)
            | Undo::Moved(..)
            | Undo::Swapped(..)
            | Undo::Permuted(_) => {
                unreachable!("the slot of a touched item")
            }
        }
    }
}

impl<R: Row> Default for Record<R> {
    fn default() -> Self {
        Record { told: Some(Vec::new()), undo: Vec::new(), touched: BTreeMap::new(), fallen: 0 }
    }
}

impl<R: Row> tracked::Record for Record<R> {
    type Items = R;
    fn is_empty(row: &R) -> bool {
        row.len() == 0
    }
    fn diff(&self, row: &R, at: &Path, ops: &mut Ops) {
        let Some(told) = &self.told else { return ops.set(at, row) };
        for step in told {
            match step {
                Told::Push(items) => ops.push(at, items.iter()),
                Told::Insert(index, items) => ops.insert_all(at, *index, items.iter()),
                Told::Remove(index, count) => ops.remove(at, *index, *count),
                Told::Move(from, to) => ops.move_item(at, *from, *to),
            }
        }
        // After the sequence's own ops, so that the present indexes are right.
        for (key, slot) in &self.touched {
            let index = key - self.fallen;
            row.item(index).diff(self.shadow_of(*slot), &Path::Index(at, index), ops);
        }
    }
    fn accept(&mut self, row: &mut R) {
        self.told = Some(Vec::new());
        // The shadows of the items go first: then nothing of the items is left behind for them.
        self.undo.clear();
        let fallen = mem::take(&mut self.fallen);
        for (key, _) in mem::take(&mut self.touched) {
            row.item_mut(key - fallen).detach();
        }
    }
    /// All steps back, the last one first.
    fn restore(&mut self, row: &mut R) -> Result<(), Lost> {
        self.told = Some(Vec::new());
        self.touched.clear();
        self.fallen = 0;
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Inserted(at, count) => drop(row.take(at..at + count)),
                Undo::Removed(Removed { at, items, .. }) => row.put(at, items),
                Undo::Moved(from, to) => row.move_to(to, from),
                Undo::Swapped(a, b) => row.swap(a, b),
                Undo::Permuted(order) => permute(row, inverse(&order)),
                Undo::Touched(at, mut shadow) => {
                    let item = row.item_mut(at);
                    item.restore(&mut shadow)?;
                    drop(shadow);
                    item.detach();
                }
            }
        }
        Ok(())
    }
    /// Evicts the touched items, those included that were taken out afterwards.
    fn evict(&mut self, row: &mut R) -> bool {
        self.told = Some(Vec::new());
        let mut has_moved = false;
        let mut evict = |undo: &mut [Undo<R::Item>], item: &mut R::Item, slot: usize| {
            if let Undo::Touched(_, shadow) = &mut undo[slot] {
                has_moved |= item.evict(shadow);
            }
        };
        for (key, slot) in &self.touched {
            evict(&mut self.undo, row.item_mut(key - self.fallen), *slot);
        }
        for step in 0..self.undo.len() {
            let Undo::Removed(removed) = &mut self.undo[step] else { continue };
            // Taken out for a moment: their shadows are in the same `undo`.
            let (mut items, touched) = (mem::take(&mut removed.items), mem::take(&mut removed.touched));
            for (at, slot) in &touched {
                evict(&mut self.undo, &mut items[*at], *slot);
            }
            if let Undo::Removed(removed) = &mut self.undo[step] {
                (removed.items, removed.touched) = (items, touched);
            }
        }
        has_moved
    }
}

/// Puts at each place what is at the index that `order` has there: O(n), by swaps along its cycles.
pub(super) fn permute(row: &mut impl Row, mut order: Vec<usize>) {
    for start in 0..order.len() {
        let mut place = start;
        while order[place] != start {
            let from = order[place];
            row.swap(place, from);
            order[place] = place;
            place = from;
        }
        order[place] = place;
    }
}

/// The order that undoes `order`.
fn inverse(order: &[usize]) -> Vec<usize> {
    let mut inverse = vec![0; order.len()];
    for (place, from) in order.iter().enumerate() {
        inverse[*from] = place;
    }
    inverse
}
