//! A list that records what is done to it, so that a change costs what it touches, in time and on the wire.
//!
//! ```
//! use fluxstack_live_core::list::List;
//!
//! let mut todos: List<String> = ["tea", "bread"].map(String::from).into();
//! todos.push("jam".into());
//! todos.get_mut(0).expect("there is a first").push_str(", green");
//! assert_eq!(todos.remove(1), "bread");
//! assert_eq!(todos[..], ["tea, green", "jam"]);
//! ```
mod record; // what was done since the last commit, and how to undo it

use crate::{
    ops::{Ops, Path},
    schema::{Type, Types},
    value::{LiveValue, Lost, WireType},
};
use record::{Home, Record};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    fmt,
    ops::{Deref, Index, IndexMut},
    slice::SliceIndex,
    sync::Arc,
    vec,
};

/// A `Vec` for visible fields that grow: it records what is done to it, and only that travels.
///
/// It reads like a slice. A change goes through its own methods, each of which says what it sends; `n` is the length.
/// While an action may still be undone, the originals stay with the list: what is taken out is returned as a copy.
///
/// In a struct marked `#[live_type]` and in another collection it records as well; in an enum, an `Option` or a tuple it is
/// compared and sent as a whole.
pub struct List<T: LiveValue> {
    items: Vec<T>,
    /// Some while somebody holds a shadow of it.
    record: Option<Box<Record<T>>>,
}

impl<T: LiveValue> List<T> {
    /// An empty list.
    pub fn new() -> Self {
        List { items: Vec::new(), record: None }
    }
    /// Adds an item at the end: O(1), sends the item.
    pub fn push(&mut self, item: T) {
        self.insert(self.items.len(), item);
    }
    /// Adds an item before index `at`: O(n - at), sends the item.
    ///
    /// # Panics
    /// If `at` is beyond the length.
    pub fn insert(&mut self, at: usize, mut item: T) {
        assert!(at <= self.items.len(), "the index {at} is beyond the length {}", self.items.len());
        if let Some(record) = &mut self.record {
            item.detach();
            record.inserted(at, self.items.len(), item.clone());
        }
        self.items.insert(at, item);
    }
    /// Takes out the item at `at`: O(n - at), sends the index.
    ///
    /// # Panics
    /// If there is none.
    pub fn remove(&mut self, at: usize) -> T {
        let Some(record) = &mut self.record else { return self.items.remove(at) };
        let copy = self.items[at].clone();
        record.removed(at, vec![self.items.remove(at)]);
        copy
    }
    /// Takes out the last item, if there is one: O(1), sends the index.
    pub fn pop(&mut self) -> Option<T> {
        let last = self.items.len().checked_sub(1)?;
        Some(self.remove(last))
    }
    /// Takes the item at `from` out and puts it where it is at `to` afterwards: O(distance), sends two indexes. The `move`
    /// of the protocol, which is no name in Rust.
    ///
    /// # Panics
    /// If one of the two is not below the length.
    pub fn move_to(&mut self, from: usize, to: usize) {
        if from.min(to) == from {
            self.items[from..=to].rotate_left(1);
        } else {
            self.items[to..=from].rotate_right(1);
        }
        if let Some(record) = &mut self.record {
            record.moved(from, to);
        }
    }
    /// Keeps the first `len` items: O(n - len), sends two numbers. Longer than it is: nothing happens.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.items.len() {
            return;
        }
        let tail = self.items.split_off(len);
        if let Some(record) = &mut self.record {
            record.removed(len, tail);
        }
    }
    /// Takes out everything: sends two numbers.
    pub fn clear(&mut self) {
        self.truncate(0);
    }
    /// Keeps the items for which `keep` says so: O(n), sends the indexes of each run of the others. `keep` is asked about
    /// all before the first is taken out, so a panic in it changes nothing.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        let kept: Vec<bool> = self.items.iter().map(keep).collect();
        let mut end = kept.len();
        while let Some(last) = kept[..end].iter().rposition(|kept| !kept) {
            let first = kept[..last].iter().rposition(|kept| *kept).map_or(0, |kept| kept + 1);
            let gone = self.items.drain(first..=last).collect();
            if let Some(record) = &mut self.record {
                record.removed(first, gone);
            }
            end = first;
        }
    }
    /// The item at `at`, to be changed: O(log touched) and a shadow of the item, sends what changed in it.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        let item = self.items.get_mut(at)?;
        if let Some(record) = &mut self.record {
            record.touch(at, item);
        }
        Some(item)
    }
    /// The first item that `is` says yes to, to be changed: O(n) to find it, then as [`get_mut`](Self::get_mut).
    pub fn find_mut(&mut self, is: impl FnMut(&T) -> bool) -> Option<&mut T> {
        let at = self.items.iter().position(is)?;
        self.get_mut(at)
    }
    /// All items, to be changed: a shadow of each, O(n); sends what changed in them.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        if let Some(record) = &mut self.record {
            self.items.iter_mut().enumerate().for_each(|(at, item)| record.touch(at, item));
        }
        self.items.iter_mut()
    }
}

impl<T: LiveValue> WireType for List<T> {
    fn describe(types: &mut Types) -> Type {
        Type::Array(Box::new(T::describe(types)))
    }
}

impl<T: LiveValue> LiveValue for List<T> {
    type Shadow = Arc<Home<T>>;
    fn shadow(&mut self) -> Arc<Home<T>> {
        self.detach();
        let (record, home) = Record::begin();
        self.record = Some(Box::new(record));
        home
    }
    fn diff(&self, home: &Arc<Home<T>>, at: &Path, ops: &mut Ops) {
        match self.record.as_deref().filter(|record| record.is_at(home)) {
            Some(record) => record.diff(&self.items, at, ops),
            None => ops.set(at, self),
        }
    }
    fn accept(&mut self, home: &mut Arc<Home<T>>) {
        match self.record.as_deref_mut().filter(|record| record.is_at(home)) {
            Some(record) => record.accept(&mut self.items),
            None => *home = self.shadow(),
        }
    }
    fn evict(&mut self, home: &mut Arc<Home<T>>) -> bool {
        let mut has_moved = false;
        if !self.record.as_deref().is_some_and(|record| record.is_at(home)) {
            // Whatever stands here may be another's original, which goes to its own home with this.
            has_moved = self.record.is_some() || !self.items.is_empty();
            drop(std::mem::take(self));
            if let Some((items, record)) = Record::come_home(home) {
                (self.items, self.record) = (items, Some(Box::new(record)));
                has_moved = true;
            }
        }
        let here = self.record.as_deref_mut();
        has_moved | here.is_some_and(|record| record.evict(&mut self.items))
    }
    fn restore(&mut self, home: &mut Arc<Home<T>>) -> Result<(), Lost> {
        let here = self.record.as_deref_mut().filter(|record| record.is_at(home));
        here.ok_or(Lost)?.restore(&mut self.items)
    }
    fn detach(&mut self) {
        let Some(record) = self.record.take() else { return };
        if record.is_needed() {
            let copies = self.items.clone();
            record.leave(std::mem::replace(&mut self.items, copies));
        }
    }
}

/// The contents go home, if they may still be needed.
impl<T: LiveValue> Drop for List<T> {
    fn drop(&mut self) {
        if let Some(record) = self.record.take() {
            record.leave(std::mem::take(&mut self.items));
        }
    }
}
impl<T: LiveValue> Default for List<T> {
    fn default() -> Self {
        List::new()
    }
}
/// The copy records nothing until it is part of a component.
impl<T: LiveValue> Clone for List<T> {
    fn clone(&self) -> Self {
        self.items.clone().into()
    }
}
impl<T: LiveValue + fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.items.fmt(f)
    }
}
impl<T: LiveValue + PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}
impl<T: LiveValue + Eq> Eq for List<T> {}
impl<T: LiveValue> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.items.serialize(serializer)
    }
}
impl<'de, T: LiveValue + Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(List::from)
    }
}
impl<T: LiveValue> Deref for List<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.items
    }
}
impl<T: LiveValue, I: SliceIndex<[T]>> Index<I> for List<T> {
    type Output = I::Output;
    fn index(&self, index: I) -> &I::Output {
        &self.items[index]
    }
}
/// As [`List::get_mut`].
impl<T: LiveValue> IndexMut<usize> for List<T> {
    fn index_mut(&mut self, at: usize) -> &mut T {
        let len = self.items.len();
        self.get_mut(at).unwrap_or_else(|| panic!("the index {at} is not below the length {len}"))
    }
}
impl<T: LiveValue> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        List { items, record: None }
    }
}
impl<T: LiveValue, const N: usize> From<[T; N]> for List<T> {
    fn from(items: [T; N]) -> Self {
        Vec::from(items).into()
    }
}
impl<T: LiveValue> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}
impl<T: LiveValue> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}
impl<'a, T: LiveValue> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
impl<'a, T: LiveValue> IntoIterator for &'a mut List<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
/// Copies, while an action may still be undone.
impl<T: LiveValue> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;
    fn into_iter(mut self) -> Self::IntoIter {
        self.detach();
        std::mem::take(&mut self.items).into_iter()
    }
}
