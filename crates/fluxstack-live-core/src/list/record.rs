//! What was done to a list since the last commit: the ops that tell a reader, and the steps back.
//!
//! A list and the shadow that a component holds of it share a **home**. A list that is dropped or taken apart while its
//! shadow may still need it leaves its contents there; going back, whoever stands in its place makes room, and it comes
//! home. So a whole list can be assigned, taken or swapped, and an action that fails still finds everything.
use crate::{
    ops::{Ops, Path},
    value::{LiveValue, Lost},
};
use std::{
    collections::BTreeMap,
    mem,
    sync::{Arc, OnceLock},
};

/// What a recording list knows beside its items.
pub(super) struct Record<T: LiveValue> {
    home: Arc<Home<T>>,
    done: Vec<Done<T>>,
    undo: Vec<Undo<T>>,
    /// Items that were handed out to be changed, by their present index: where in `undo` their shadow is.
    touched: BTreeMap<usize, usize>,
}

/// Where a list leaves its contents.
pub struct Home<T: LiveValue>(OnceLock<Contents<T>>);

struct Contents<T: LiveValue> {
    items: Vec<T>,
    undo: Vec<Undo<T>>,
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
        self.reindex(|i| Some(if i >= at { i + 1 } else { i }));
    }
    pub(super) fn removed(&mut self, at: usize, items: Vec<T>) {
        let (count, end) = (items.len(), at + items.len());
        self.done.push(Done::Remove(at, count));
        let touched = self.touched.range(at..end).map(|(i, slot)| (i - at, *slot)).collect();
        self.undo.push(Undo::Removed(Removed { at, items, touched }));
        self.reindex(|i| match i {
            i if i < at => Some(i),
            i if i < end => None,
            i => Some(i - count),
        });
    }
    pub(super) fn moved(&mut self, from: usize, to: usize) {
        self.done.push(Done::Move(from, to));
        self.undo.push(Undo::Moved(from, to));
        self.reindex(|i| {
            Some(match i {
                i if i == from => to,
                i if from < i && i <= to => i - 1,
                i if to <= i && i < from => i + 1,
                i => i,
            })
        });
    }
    pub(super) fn touch(&mut self, at: usize, item: &mut T) {
        if !self.touched.contains_key(&at) {
            let shadow = item.shadow();
            self.touched.insert(at, self.undo.len());
            self.undo.push(Undo::Touched(at, shadow));
        }
    }
    fn reindex(&mut self, now: impl Fn(usize) -> Option<usize>) {
        if !self.touched.is_empty() {
            let before = mem::take(&mut self.touched);
            self.touched = before.into_iter().filter_map(|(i, slot)| Some((now(i)?, slot))).collect();
        }
    }
    fn shadow_of(&self, slot: usize) -> &T::Shadow {
        match &self.undo[slot] {
            Undo::Touched(_, shadow) => shadow,
            Undo::Inserted(_) | Undo::Removed(_) | Undo::Moved(..) => {
                unreachable!("the slot of a touched item")
            }
        }
    }
    /// Evicts the touched items, those included that were taken out afterwards.
    pub(super) fn evict(&mut self, items: &mut [T]) -> bool {
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

    /// A new one, and the home that it shares with a shadow.
    pub(super) fn begin() -> (Self, Arc<Home<T>>) {
        let home = Arc::new(Home(OnceLock::new()));
        let (done, undo, touched) = (Vec::new(), Vec::new(), BTreeMap::new());
        (Record { home: home.clone(), done, undo, touched }, home)
    }
    pub(super) fn is_at(&self, home: &Arc<Home<T>>) -> bool {
        Arc::ptr_eq(&self.home, home)
    }
    /// Whether a shadow may still need the contents.
    pub(super) fn is_needed(&self) -> bool {
        Arc::strong_count(&self.home) > 1
    }
    /// Leaves the contents at home, if they may still be needed.
    pub(super) fn leave(self, items: Vec<T>) {
        if self.is_needed() {
            let Record { home, undo, touched, .. } = self;
            // It is empty: only the one list with this home fills it, and then has it no more.
            let _ = home.0.set(Contents { items, undo, touched });
        }
    }
    /// The contents and their record, if they are at home.
    pub(super) fn come_home(home: &mut Arc<Home<T>>) -> Option<(Vec<T>, Self)> {
        let Contents { items, undo, touched } = Arc::get_mut(home)?.0.take()?;
        Some((items, Record { home: home.clone(), done: Vec::new(), undo, touched }))
    }
    pub(super) fn diff(&self, items: &[T], at: &Path, ops: &mut Ops) {
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
    pub(super) fn accept(&mut self, items: &mut [T]) {
        self.done.clear();
        // The shadows of the items go first: then nothing of the items is left behind for them.
        self.undo.clear();
        for (at, _) in mem::take(&mut self.touched) {
            items[at].detach();
        }
    }
    /// All steps back, the last one first.
    pub(super) fn restore(&mut self, items: &mut Vec<T>) -> Result<(), Lost> {
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
}
