//! What was done to a list since the last commit: the ops that tell a reader, and the steps back.
use crate::{
    ops::{Ops, Path},
    tracked,
    value::{LiveValue, Lost},
};
use std::{collections::BTreeMap, mem, ops::Range};

/// What a recording list knows beside its items.
pub struct Record<T: LiveValue> {
    done: Vec<Done<T>>,
    undo: Vec<Undo<T>>,
    /// Items that were handed out to be changed, by their present index: where in `undo` their shadow is.
    touched: BTreeMap<usize, usize>,
}

/// What a reader is told. The values are copies of the moment: what happens to the item later is told later.
enum Done<T> {
    Push(T),
    Insert(usize, T),
    Remove(usize, usize),
    Move(usize, usize),
}

/// A step, by what it takes to undo it.
enum Undo<T: LiveValue> {
    Inserted(usize),
    Removed(Removed<T>),
    Moved(usize, usize),
    Touched(usize, T::Shadow),
}

/// Items that were taken out.
struct Removed<T> {
    at: usize,
    items: Vec<T>,
    /// Those that had been touched before, by their index in `items`: where their shadow is.
    touched: Vec<(usize, usize)>,
}

impl<T: LiveValue> Record<T> {
    pub(super) fn inserted(&mut self, at: usize, len: usize, item: T) {
        self.done.push(if at == len { Done::Push(item) } else { Done::Insert(at, item) });
        self.undo.push(Undo::Inserted(at));
        self.reindex(at..len, |i| i + 1);
    }
    pub(super) fn removed(&mut self, at: usize, items: Vec<T>) {
        let count = items.len();
        let mut gone = self.touched.split_off(&at);
        let behind = gone.split_off(&(at + count));
        self.touched.extend(behind.into_iter().map(|(i, slot)| (i - count, slot)));
        let touched = gone.into_iter().map(|(i, slot)| (i - at, slot)).collect();
        self.gone(Removed { at, items, touched });
    }
    /// Takes out the items that are not `kept`, run by run, in one pass.
    pub(super) fn retain(&mut self, items: &mut Vec<T>, kept: &[bool]) {
        let mut touched = mem::take(&mut self.touched).into_iter().peekable();
        let mut run: Option<Removed<T>> = None;
        for (i, item) in mem::take(items).into_iter().enumerate() {
            let slot = touched.next_if(|(at, _)| *at == i).map(|(_, slot)| slot);
            if kept[i] {
                run.take().into_iter().for_each(|run| self.gone(run));
                self.touched.extend(slot.map(|slot| (items.len(), slot)));
                items.push(item);
            } else {
                let at = items.len();
                let run = run.get_or_insert_with(|| Removed { at, items: Vec::new(), touched: Vec::new() });
                run.touched.extend(slot.map(|slot| (run.items.len(), slot)));
                run.items.push(item);
            }
        }
        run.into_iter().for_each(|run| self.gone(run));
    }
    fn gone(&mut self, removed: Removed<T>) {
        self.done.push(Done::Remove(removed.at, removed.items.len()));
        self.undo.push(Undo::Removed(removed));
    }
    pub(super) fn moved(&mut self, from: usize, to: usize) {
        self.done.push(Done::Move(from, to));
        self.undo.push(Undo::Moved(from, to));
        self.reindex(from.min(to)..from.max(to) + 1, |i| match i {
            i if i == from => to,
            i if from < to => i - 1,
            i => i + 1,
        });
    }
    pub(super) fn touch(&mut self, at: usize, item: &mut T) {
        if !self.touched.contains_key(&at) {
            let shadow = item.shadow();
            self.touched.insert(at, self.undo.len());
            self.undo.push(Undo::Touched(at, shadow));
        }
    }
    /// The touched items of a range are at other indexes now.
    fn reindex(&mut self, range: Range<usize>, now: impl Fn(usize) -> usize) {
        let moved: Vec<(usize, usize)> = self.touched.range(range).map(|(i, slot)| (*i, *slot)).collect();
        for (i, _) in &moved {
            self.touched.remove(i);
        }
        self.touched.extend(moved.into_iter().map(|(i, slot)| (now(i), slot)));
    }
    fn shadow_of(&self, slot: usize) -> &T::Shadow {
        match &self.undo[slot] {
            Undo::Touched(_, shadow) => shadow,
            Undo::Inserted(_) | Undo::Removed(_) | Undo::Moved(..) => {
                unreachable!("the slot of a touched item")
            }
        }
    }
}

impl<T: LiveValue> Default for Record<T> {
    fn default() -> Self {
        Record { done: Vec::new(), undo: Vec::new(), touched: BTreeMap::new() }
    }
}

impl<T: LiveValue> tracked::Record for Record<T> {
    type Items = Vec<T>;
    fn is_empty(items: &Vec<T>) -> bool {
        items.is_empty()
    }
    fn diff(&self, items: &Vec<T>, at: &Path, ops: &mut Ops) {
        let mut done = self.done.as_slice();
        while let Some((first, rest)) = done.split_first() {
            done = rest;
            match first {
                Done::Push(item) => {
                    let count = rest.iter().take_while(|done| matches!(done, Done::Push(_))).count();
                    let more = rest[..count].iter().filter_map(|done| match done {
                        Done::Push(item) => Some(item),
                        Done::Insert(..) | Done::Remove(..) | Done::Move(..) => None,
                    });
                    ops.push(at, std::iter::once(item).chain(more));
                    done = &rest[count..];
                }
                Done::Insert(index, item) => ops.insert(at, *index, item),
                Done::Remove(index, count) => ops.remove(at, *index, *count),
                Done::Move(from, to) => ops.move_item(at, *from, *to),
            }
        }
        // After the list's own ops, so that the present indexes are right.
        for (index, slot) in &self.touched {
            items[*index].diff(self.shadow_of(*slot), &Path::Index(at, *index), ops);
        }
    }
    fn accept(&mut self, items: &mut Vec<T>) {
        self.done.clear();
        // The shadows of the items go first: then nothing of the items is left behind for them.
        self.undo.clear();
        for (at, _) in mem::take(&mut self.touched) {
            items[at].detach();
        }
    }
    /// All steps back, the last one first.
    fn restore(&mut self, items: &mut Vec<T>) -> Result<(), Lost> {
        self.done.clear();
        self.touched.clear();
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Inserted(at) => drop(items.remove(at)),
                Undo::Removed(removed) if items.is_empty() => *items = removed.items,
                Undo::Removed(Removed { at, items: removed, .. }) => drop(items.splice(at..at, removed)),
                Undo::Moved(from, to) => {
                    let item = items.remove(to);
                    items.insert(from, item);
                }
                Undo::Touched(at, mut shadow) => {
                    items[at].restore(&mut shadow)?;
                    drop(shadow);
                    items[at].detach();
                }
            }
        }
        Ok(())
    }
    /// Evicts the touched items, those included that were taken out afterwards.
    fn evict(&mut self, items: &mut Vec<T>) -> bool {
        self.done.clear();
        let mut has_moved = false;
        let mut evict = |undo: &mut [Undo<T>], item: &mut T, slot: usize| {
            if let Undo::Touched(_, shadow) = &mut undo[slot] {
                has_moved |= item.evict(shadow);
            }
        };
        for (at, slot) in &self.touched {
            evict(&mut self.undo, &mut items[*at], *slot);
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
