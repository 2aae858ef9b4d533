//! What was done to a list since the last commit: the ops that tell a reader, and the steps back.
//!
//! A list and the shadow that a component holds of it share a **home**. A list that is dropped or taken apart while its
//! shadow may still need it leaves its contents there; going back, whoever stands in its place makes room, and it comes
//! home. So a whole list can be assigned, taken or swapped, and an action that fails still finds everything.
use super::List;
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
pub(super) enum Done<T> {
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
    fn evict(&mut self, items: &mut [T]) -> bool {
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

impl<T: LiveValue> List<T> {
    fn record_at(&self, home: &Arc<Home<T>>) -> Option<&Record<T>> {
        self.record.as_deref().filter(|record| Arc::ptr_eq(&record.home, home))
    }
    /// Leaves the contents to the shadow, if that is still there.
    pub(super) fn leave(&mut self) {
        let Some(record) = self.record.take() else { return };
        let Record { home, undo, touched, .. } = *record;
        if Arc::strong_count(&home) > 1 {
            let items = mem::take(&mut self.items);
            // It is empty: only the one list with this home fills it, and then has it no more.
            let _ = home.0.set(Contents { items, undo, touched });
        }
    }
    /// Comes home, if the contents are there.
    fn come_home(&mut self, home: &mut Arc<Home<T>>) -> bool {
        let Some(contents) = Arc::get_mut(home).and_then(|home| home.0.take()) else { return false };
        let Contents { items, undo, touched } = contents;
        let home = home.clone();
        (self.items, self.record) = (items, Some(Box::new(Record { home, done: Vec::new(), undo, touched })));
        true
    }
}

impl<T: LiveValue> LiveValue for List<T> {
    type Shadow = Arc<Home<T>>;
    fn shadow(&mut self) -> Arc<Home<T>> {
        self.detach();
        let home = Arc::new(Home(OnceLock::new()));
        let (done, undo, touched) = (Vec::new(), Vec::new(), BTreeMap::new());
        self.record = Some(Box::new(Record { home: home.clone(), done, undo, touched }));
        home
    }
    fn diff(&self, home: &Arc<Home<T>>, at: &Path, ops: &mut Ops) {
        let Some(record) = self.record_at(home) else { return ops.set(at, self) };
        let mut done = record.done.as_slice();
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
        for (index, slot) in &record.touched {
            self.items[*index].diff(record.shadow_of(*slot), &Path::Index(at, *index), ops);
        }
    }
    fn accept(&mut self, home: &mut Arc<Home<T>>) {
        if self.record_at(home).is_none() {
            *home = self.shadow();
            return;
        }
        let record = self.record.as_mut().expect("it is at home");
        record.done.clear();
        // The shadows of the items go first: then nothing of the items is left behind for them.
        record.undo.clear();
        for (at, _) in mem::take(&mut record.touched) {
            self.items[at].detach();
        }
    }
    fn evict(&mut self, home: &mut Arc<Home<T>>) -> bool {
        let mut has_moved = false;
        if self.record_at(home).is_none() {
            // Whatever stands here may be another's original, which goes to its own home with this.
            has_moved = self.record.is_some() || !self.items.is_empty();
            drop(mem::take(self));
            if !self.come_home(home) {
                return has_moved;
            }
            has_moved = true;
        }
        let record = self.record.as_mut().expect("it is at home");
        record.done.clear();
        has_moved | record.evict(&mut self.items)
    }
    fn restore(&mut self, home: &mut Arc<Home<T>>) -> Result<(), Lost> {
        if self.record_at(home).is_none() {
            return Err(Lost);
        }
        let record = self.record.as_mut().expect("it is at home");
        record.done.clear();
        record.touched.clear();
        while let Some(undo) = record.undo.pop() {
            match undo {
                Undo::Inserted(at) => drop(self.items.remove(at)),
                Undo::Removed(Removed { items, .. }) if self.items.is_empty() => self.items = items,
                Undo::Removed(Removed { at, items, .. }) => drop(self.items.splice(at..at, items)),
                Undo::Moved(from, to) => {
                    let item = self.items.remove(to);
                    self.items.insert(from, item);
                }
                Undo::Touched(at, mut shadow) => {
                    self.items[at].restore(&mut shadow)?;
                    drop(shadow);
                    self.items[at].detach();
                }
            }
        }
        Ok(())
    }
    fn detach(&mut self) {
        match &self.record {
            Some(record) if Arc::strong_count(&record.home) > 1 => {
                let copies = self.items.clone();
                self.leave();
                self.items = copies;
            }
            Some(_) | None => self.record = None,
        }
    }
}
