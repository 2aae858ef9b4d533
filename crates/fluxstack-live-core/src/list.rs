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
    tracked::{Home, Tracked},
    value::{LiveValue, Lost, WireType},
};
use record::Record;
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
/// It reads like a slice. A change goes through its own methods, each of which says what it sends; `n` is the length. Items
/// that the action has changed already and that move by it cost O(log n) each on top.
/// While an action may still be undone, the originals stay with the list: what is taken out is returned as a copy.
///
/// In a struct marked `#[live_type]` and in another collection it records as well; in an enum, an `Option` or a tuple it is
/// compared and sent as a whole.
pub struct List<T: LiveValue>(Tracked<Record<T>>);

impl<T: LiveValue> List<T> {
    /// An empty list.
    pub fn new() -> Self {
        List(Tracked::new(Vec::new()))
    }
    /// Adds an item at the end: O(1), sends the item.
    pub fn push(&mut self, item: T) {
        let len = self.len();
        self.insert(len, item);
    }
    /// Adds an item before index `at`: O(n - at), sends the item.
    ///
    /// # Panics
    /// If `at` is beyond the length.
    pub fn insert(&mut self, at: usize, mut item: T) {
        let (items, record) = self.0.parts();
        assert!(at <= items.len(), "the index {at} is beyond the length {}", items.len());
        if let Some(record) = record {
            item.detach();
            record.inserted(at, items.len(), item.clone());
        }
        items.insert(at, item);
    }
    /// Takes out the item at `at`: O(n - at), sends the index.
    ///
    /// # Panics
    /// If there is none.
    pub fn remove(&mut self, at: usize) -> T {
        let (items, record) = self.0.parts();
        let Some(record) = record else { return items.remove(at) };
        let copy = items[at].clone();
        record.removed(at, vec![items.remove(at)]);
        copy
    }
    /// Takes out the last item, if there is one: O(1), sends the index.
    pub fn pop(&mut self) -> Option<T> {
        let last = self.len().checked_sub(1)?;
        Some(self.remove(last))
    }
    /// Takes the item at `from` out and puts it where it is at `to` afterwards: O(distance), sends two indexes. The `move`
    /// of the protocol, which is no name in Rust.
    ///
    /// # Panics
    /// If one of the two is not below the length.
    pub fn move_to(&mut self, from: usize, to: usize) {
        let (items, record) = self.0.parts();
        if from <= to {
            items[from..=to].rotate_left(1);
        } else {
            items[to..=from].rotate_right(1);
        }
        if let Some(record) = record.filter(|_| from != to) {
            record.moved(from, to);
        }
    }
    /// Keeps the first `len` items: O(n - len), sends two numbers. Longer than it is: nothing happens.
    pub fn truncate(&mut self, len: usize) {
        let (items, record) = self.0.parts();
        if len >= items.len() {
            return;
        }
        let tail = items.split_off(len);
        if let Some(record) = record {
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
        let (items, record) = self.0.parts();
        let kept: Vec<bool> = items.iter().map(keep).collect();
        if kept.iter().all(|kept| *kept) {
            return;
        }
        match record {
            Some(record) => record.retain(items, &kept),
            None => {
                let mut kept = kept.into_iter();
                items.retain(|_| kept.next().expect("each item was asked about"));
            }
        }
    }
    /// The item at `at`, to be changed: O(log touched) and a shadow of the item, sends what changed in it.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        let (items, record) = self.0.parts();
        let item = items.get_mut(at)?;
        if let Some(record) = record {
            record.touch(at, item);
        }
        Some(item)
    }
    /// The first item that `is` says yes to, to be changed: O(n) to find it, then as [`get_mut`](Self::get_mut).
    pub fn find_mut(&mut self, is: impl FnMut(&T) -> bool) -> Option<&mut T> {
        let at = self.iter().position(is)?;
        self.get_mut(at)
    }
    /// All items, to be changed: a shadow of each, O(n); sends what changed in them.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        let (items, record) = self.0.parts();
        if let Some(record) = record {
            items.iter_mut().enumerate().for_each(|(at, item)| record.touch(at, item));
        }
        items.iter_mut()
    }
}

impl<T: LiveValue> WireType for List<T> {
    const REFUSED: Option<&'static str> = T::REFUSED;
    fn describe(types: &mut Types) -> Type {
        Type::Array(Box::new(T::describe(types)))
    }
}

impl<T: LiveValue> LiveValue for List<T> {
    type Shadow = Arc<Home<Record<T>>>;
    fn shadow(&mut self) -> Self::Shadow {
        self.0.shadow()
    }
    fn diff(&self, shadow: &Self::Shadow, at: &Path, ops: &mut Ops) {
        if !self.0.diff(shadow, at, ops) {
            ops.set(at, self);
        }
    }
    fn accept(&mut self, shadow: &mut Self::Shadow) {
        self.0.accept(shadow);
    }
    fn evict(&mut self, shadow: &mut Self::Shadow) -> bool {
        self.0.evict(shadow)
    }
    fn restore(&mut self, shadow: &mut Self::Shadow) -> Result<(), Lost> {
        self.0.restore(shadow)
    }
    fn detach(&mut self) {
        self.0.detach();
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
        self.0.items().clone().into()
    }
}
impl<T: LiveValue + fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.items().fmt(f)
    }
}
impl<T: LiveValue + PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.items() == other.0.items()
    }
}
impl<T: LiveValue + Eq> Eq for List<T> {}
impl<T: LiveValue> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.items().serialize(serializer)
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
        self.0.items()
    }
}
impl<T: LiveValue, I: SliceIndex<[T]>> Index<I> for List<T> {
    type Output = I::Output;
    fn index(&self, index: I) -> &I::Output {
        &self.0.items()[index]
    }
}
/// As [`List::get_mut`].
impl<T: LiveValue> IndexMut<usize> for List<T> {
    fn index_mut(&mut self, at: usize) -> &mut T {
        let len = self.0.items().len();
        self.get_mut(at).unwrap_or_else(|| panic!("the index {at} is not below the length {len}"))
    }
}
impl<T: LiveValue> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        List(Tracked::new(items))
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
        self.0.items().iter()
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
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_items().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_no_shadow_knows_any_more_records_nothing() {
        let mut list: List<i64> = [1].into();
        let shadow = list.shadow();
        list.push(2);
        assert!(list.0.parts().1.is_some());
        drop(shadow);
        list.push(3);
        assert!(list.0.parts().1.is_none());
    }
}
