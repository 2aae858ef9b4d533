//! A list that records what is done to it, so that a change costs what it touches, in time and on the wire.
//!
//! ```
//! use fluxstack_live_core::list::List;
//!
//! let mut todos: List<String> = ["tea", "bread"].map(String::from).into();
//! todos.push("jam".into());
//! todos.get_mut(0).expect("there is a first").push_str(", green");
//! assert_eq!(todos.remove(1), "bread");
//! assert_eq!(todos, ["tea, green", "jam"]);
//! ```
use crate::{
    schema::{Type, Types},
    sequence::Record,
    tracked::{self, Tracked},
    value::{LiveValue, WireType},
};
use serde::{Deserialize, Deserializer};
use std::{
    borrow::Borrow,
    cmp::Ordering,
    iter,
    ops::{Deref, Index, IndexMut, RangeBounds},
    slice::{self, SliceIndex},
    vec,
};

/// A `Vec` for visible fields that grow: it records what is done to it, and only that travels.
///
/// It reads like a slice, by `Deref`. A change goes through its own methods; `n` is the length.
///
/// | method | cost | travels |
/// |---|---|---|
/// | [`push`](Self::push), [`extend`](Extend::extend), [`append`](Self::append), [`resize`](Self::resize) | O(items) | the items, in one op |
/// | [`insert`](Self::insert) | O(n - at) | the index, the item |
/// | [`splice`](Self::splice) | O(n - start) | the range, the items |
/// | [`pop`](Self::pop), [`swap_remove`](Self::swap_remove) | O(1) | up to three indexes |
/// | [`remove`](Self::remove), [`drain`](Self::drain), [`split_off`](Self::split_off), [`truncate`](Self::truncate), [`clear`](Self::clear) | O(n - start) | the range |
/// | [`retain`](Self::retain), [`dedup`](Self::dedup) | O(n) | the range of each run that goes |
/// | [`get_mut`](Self::get_mut), [`first_mut`](Self::first_mut), [`last_mut`](Self::last_mut), `list[at]` | O(log touched), a shadow | what changed in the item |
/// | [`find_mut`](Self::find_mut) | O(n), a shadow | what changed in the item |
/// | [`iter_mut`](Self::iter_mut), [`retain_mut`](Self::retain_mut) | O(n), n shadows | what changed in the items |
/// | [`move_to`](Self::move_to) | O(distance) | two indexes |
/// | [`swap`](Self::swap) | O(1) | four indexes |
/// | [`sort`](Self::sort), [`sort_by`](Self::sort_by), [`sort_by_key`](Self::sort_by_key), [`reverse`](Self::reverse) | O(n log n) | two indexes for each item out of place, or the list |
///
/// To "touch" an item is to take a *shadow* of it before it is handed out: a copy of its leaves, and of its own tracked
/// collections only an identity. At the end of the action the item is compared with it, and only what differs travels. Items
/// that an action has touched and that move by it cost O(log n) each on top.
///
/// While an action may still be undone, the originals stay with the list: what is taken out is returned as a copy.
/// Whatever of yours a method asks, a closure, a comparison, an iterator, is asked before the first change unless the method
/// says otherwise: if it panics, the list is as it was. A panic in a `Clone` or a `Drop` may leave a part of the change, which
/// is undone with the action, or told if the action succeeds.
///
/// In a struct marked `#[live_type]` and in another collection it records as well; in an enum, an `Option` or a tuple it is
/// compared and sent as a whole.
pub struct List<T: LiveValue>(Tracked<Record<Vec<T>>>);

impl<T: LiveValue> List<T> {
    /// An empty list.
    pub fn new() -> Self {
        List(Tracked::new(Vec::new()))
    }
    /// An empty list with room for `capacity` items, as [`Vec::with_capacity`].
    pub fn with_capacity(capacity: usize) -> Self {
        List(Tracked::new(Vec::with_capacity(capacity)))
    }

    /// Adds an item at the end: O(1), sends the item. Pushes that follow each other are one op.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from([1, 2]);
    /// list.push(3);
    /// assert_eq!(list, [1, 2, 3]);
    /// ```
    pub fn push(&mut self, item: T) {
        self.0.insert(self.len(), item);
    }
    /// Adds an item before index `at`: O(n - at), sends the index and the item. To insert many, see
    /// [`splice`](Self::splice).
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from(['a', 'c']);
    /// list.insert(1, 'b');
    /// assert_eq!(list, ['a', 'b', 'c']);
    /// ```
    ///
    /// # Panics
    /// If `at` is beyond the length.
    pub fn insert(&mut self, at: usize, item: T) {
        let len = self.len();
        assert!(at <= len, "the index {at} is beyond the length {len}");
        self.0.insert(at, item);
    }
    /// Moves all items of `other` to the end, and leaves it empty: O(items), sends them in one op.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let (mut list, mut more) = (List::from([1]), List::from([2, 3]));
    /// list.append(&mut more);
    /// assert_eq!(list, [1, 2, 3]);
    /// assert!(more.is_empty());
    /// ```
    pub fn append(&mut self, other: &mut List<T>) {
        self.extend(other.drain(..));
    }
    /// Adds copies of the items of a slice at the end: O(items), sends them in one op.
    pub fn extend_from_slice(&mut self, items: &[T]) {
        self.extend(items.iter().cloned());
    }
    /// Makes it `len` items long: [truncates](Self::truncate) it, or adds copies of `item`, which travel in one op.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from([1]);
    /// list.resize(3, 0);
    /// assert_eq!(list, [1, 0, 0]);
    /// ```
    pub fn resize(&mut self, len: usize, item: T) {
        match len.checked_sub(self.len()) {
            Some(missing) => self.extend(iter::repeat_n(item, missing)),
            None => self.truncate(len),
        }
    }

    /// Takes out the item at `at`: O(n - at), sends the index.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from(['a', 'b', 'c']);
    /// assert_eq!(list.remove(1), 'b');
    /// assert_eq!(list, ['a', 'c']);
    /// ```
    ///
    /// # Panics
    /// If there is none.
    pub fn remove(&mut self, at: usize) -> T {
        let len = self.len();
        assert!(at < len, "the index {at} is not below the length {len}");
        self.0.remove(at)
    }
    /// Takes out the item at `at` and puts the last one into its place: O(1), sends two or three indexes.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from(['a', 'b', 'c', 'd']);
    /// assert_eq!(list.swap_remove(1), 'b');
    /// assert_eq!(list, ['a', 'd', 'c']);
    /// ```
    ///
    /// # Panics
    /// If there is none.
    pub fn swap_remove(&mut self, at: usize) -> T {
        let len = self.len();
        assert!(at < len, "the index {at} is not below the length {len}");
        self.0.swap_remove(at)
    }
    /// Takes out the last item, if there is one: O(1), sends the index.
    pub fn pop(&mut self) -> Option<T> {
        let last = self.len().checked_sub(1)?;
        Some(self.0.remove(last))
    }
    /// Takes out the items of a range: O(n - start), sends the range. They are out when it returns, whatever becomes of
    /// the iterator.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from([1, 2, 3, 4]);
    /// assert!(list.drain(1..3).eq([2, 3]));
    /// assert_eq!(list, [1, 4]);
    /// ```
    ///
    /// # Panics
    /// If the range ends before it starts, or beyond the length.
    pub fn drain(&mut self, range: impl RangeBounds<usize>) -> vec::IntoIter<T> {
        self.0.take(self.0.range(range)).into_iter()
    }
    /// Puts `items` into the place of a range, and takes out what was there: O(n - start + items), sends the range, if there
    /// is something in it, and the items in one op. An empty range inserts. It is done when it returns, whatever becomes
    /// of the iterator.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from([1, 2, 5]);
    /// assert!(list.splice(1..2, [3, 4]).eq([2]));
    /// assert_eq!(list, [1, 3, 4, 5]);
    /// list.splice(1..1, [2]);
    /// assert_eq!(list, [1, 2, 3, 4, 5]);
    /// ```
    ///
    /// # Panics
    /// If the range ends before it starts, or beyond the length.
    pub fn splice(
        &mut self,
        range: impl RangeBounds<usize>,
        items: impl IntoIterator<Item = T>,
    ) -> vec::IntoIter<T> {
        let range = self.0.range(range);
        let (at, items) = (range.start, items.into_iter().collect());
        let gone = self.0.take(range);
        self.0.insert_all(at, items);
        gone.into_iter()
    }
    /// Takes out the items from `at` on, as a list of their own: O(n - at), sends the range.
    ///
    /// # Panics
    /// If `at` is beyond the length.
    pub fn split_off(&mut self, at: usize) -> List<T> {
        self.drain(at..).collect()
    }
    /// Keeps the first `len` items: O(n - len), sends the range of the others. Longer than it is: nothing happens.
    pub fn truncate(&mut self, len: usize) {
        self.0.discard(len.min(self.len())..self.len());
    }
    /// Takes out everything: O(n), sends two numbers.
    pub fn clear(&mut self) {
        self.truncate(0);
    }
    /// Keeps the items for which `keep` says so: O(n), sends the range of each run of the others. `keep` is asked about
    /// all before the first is taken out.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from([1, 2, 3, 4]);
    /// list.retain(|n| n % 2 == 0);
    /// assert_eq!(list, [2, 4]);
    /// ```
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.0.retain(self.iter().map(keep).collect());
    }
    /// The same, and `keep` may change the items: touches each, O(n). If it panics, the items it has changed stay changed,
    /// and none is taken out.
    pub fn retain_mut(&mut self, keep: impl FnMut(&mut T) -> bool) {
        self.0.retain_mut(keep);
    }
    /// Takes out each item that is equal to the one before it: O(n), sends the range of each run that goes.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from([1, 1, 2, 1]);
    /// list.dedup();
    /// assert_eq!(list, [1, 2, 1]);
    /// ```
    pub fn dedup(&mut self)
    where
        T: PartialEq,
    {
        self.0.retain(firsts(self, |a, b| a == b));
    }
    /// Takes out each item whose key is that of the one before it: O(n), sends the range of each run that goes.
    pub fn dedup_by_key<K: PartialEq>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.0.retain(firsts(self, |a, b| key(a) == key(b)));
    }

    /// The item at `at`, to be changed: touches it, O(log touched), sends what changed in it.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from([1, 2]);
    /// if let Some(item) = list.get_mut(1) {
    ///     *item += 40;
    /// }
    /// list[0] = 0;
    /// assert_eq!(list, [0, 42]);
    /// ```
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.0.get_mut(at)
    }
    /// The first item, to be changed: as [`get_mut`](Self::get_mut).
    pub fn first_mut(&mut self) -> Option<&mut T> {
        self.0.get_mut(0)
    }
    /// The last item, to be changed: as [`get_mut`](Self::get_mut).
    pub fn last_mut(&mut self) -> Option<&mut T> {
        self.0.get_mut(self.len().checked_sub(1)?)
    }
    /// The first item that `is` says yes to, to be changed: O(n) to find it, then as [`get_mut`](Self::get_mut).
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut words: List<String> = ["tea", "jam"].map(String::from).into();
    /// if let Some(word) = words.find_mut(|word| word.starts_with('j')) {
    ///     word.push('!');
    /// }
    /// assert_eq!(words, ["tea", "jam!"]);
    /// ```
    pub fn find_mut(&mut self, is: impl FnMut(&T) -> bool) -> Option<&mut T> {
        let at = self.iter().position(is)?;
        self.0.get_mut(at)
    }
    /// All items, to be changed: touches each, O(n), sends what changed in them.
    pub fn iter_mut(&mut self) -> slice::IterMut<'_, T> {
        self.0.all_mut().iter_mut()
    }

    /// Takes the item at `from` out and puts it where it is at `to` afterwards: O(distance), sends two indexes. The `move`
    /// of the protocol, which is no name in Rust.
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut list = List::from(['a', 'b', 'c']);
    /// list.move_to(0, 2);
    /// assert_eq!(list, ['b', 'c', 'a']);
    /// ```
    ///
    /// # Panics
    /// If one of the two is not below the length.
    pub fn move_to(&mut self, from: usize, to: usize) {
        self.check_both(from, to);
        self.0.move_to(from, to);
    }
    /// Exchanges two items: O(1), sends two moves; neighbours one.
    ///
    /// # Panics
    /// If one of the two is not below the length.
    pub fn swap(&mut self, a: usize, b: usize) {
        self.check_both(a, b);
        self.0.swap(a, b);
    }
    /// Turns the order around: O(n), sends the list.
    pub fn reverse(&mut self) {
        self.0.permute((0..self.len()).rev().collect());
    }
    /// Sorts the items, as [`sort_by`](Self::sort_by).
    pub fn sort(&mut self)
    where
        T: Ord,
    {
        self.sort_by(T::cmp);
    }
    /// Sorts the items by a key, as [`sort_by`](Self::sort_by).
    ///
    /// ```
    /// # use fluxstack_live_core::list::List;
    /// let mut words: List<String> = ["pear", "fig", "plum"].map(String::from).into();
    /// words.sort_by_key(|word| word.len());
    /// assert_eq!(words, ["fig", "pear", "plum"]);
    /// ```
    pub fn sort_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.sort_by(|a, b| key(a).cmp(&key(b)));
    }
    /// Sorts the items; those that compare equal keep their order. O(n log n), and an index for each item.
    ///
    /// Items that are out of place travel as moves, as few as there can be. If that is more than half of the items, or more
    /// than a thousand, the whole list travels instead.
    pub fn sort_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|a, b| compare(&self[*a], &self[*b]));
        self.0.permute(order);
    }

    fn check_both(&self, a: usize, b: usize) {
        let (at, len) = (a.max(b), self.len());
        assert!(at < len, "the index {at} is not below the length {len}");
    }
}

/// Of each item, whether it is another than the last that is.
fn firsts<T>(items: &[T], mut same: impl FnMut(&T, &T) -> bool) -> Vec<bool> {
    let mut last = None;
    let is_another = |item| {
        let is_another = last.is_none_or(|last| !same(item, last));
        last = if is_another { Some(item) } else { last };
        is_another
    };
    items.iter().map(is_another).collect()
}

tracked::collection!([T: LiveValue] List<T>, Record<Vec<T>>, Vec<T>);
tracked::equal_to! {
    [T: LiveValue + PartialEq<U>, U] List<T>: Vec<U>,
    [T: LiveValue + PartialEq<U>, U] List<T>: [U],
    [T: LiveValue + PartialEq<U>, U, const N: usize] List<T>: [U; N],
}

impl<T: LiveValue> WireType for List<T> {
    const REFUSED: Option<&'static str> = T::REFUSED;
    fn describe(types: &mut Types) -> Type {
        Type::Array(Box::new(T::describe(types)))
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
impl<T: LiveValue> AsRef<[T]> for List<T> {
    fn as_ref(&self) -> &[T] {
        self
    }
}
impl<T: LiveValue> Borrow<[T]> for List<T> {
    fn borrow(&self) -> &[T] {
        self
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
        let len = self.len();
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
impl<T: LiveValue> From<&[T]> for List<T> {
    fn from(items: &[T]) -> Self {
        items.to_vec().into()
    }
}
/// Copies, while an action may still be undone.
impl<T: LiveValue> From<List<T>> for Vec<T> {
    fn from(list: List<T>) -> Self {
        list.0.into_items()
    }
}
impl<T: LiveValue> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}
/// At the end: O(items), sends them in one op. The iterator is asked for all of them before the first comes in.
impl<T: LiveValue> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.0.insert_all(self.len(), items.into_iter().collect());
    }
}
impl<'a, T: LiveValue + Copy> Extend<&'a T> for List<T> {
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, items: I) {
        self.extend(items.into_iter().copied());
    }
}
impl<'a, T: LiveValue> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.items().iter()
    }
}
impl<'a, T: LiveValue> IntoIterator for &'a mut List<T> {
    type Item = &'a mut T;
    type IntoIter = slice::IterMut<'a, T>;
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
