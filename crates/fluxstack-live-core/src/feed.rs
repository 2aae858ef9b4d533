//! The last of something: a list of at most so many items, which forgets the oldest, and records what is done to it.
//!
//! ```
//! use fluxstack_live_core::feed::Feed;
//!
//! let mut said: Feed<String, 2> = Feed::new();
//! said.extend(["hello", "is anyone here?", "goodbye"].map(String::from));
//! assert_eq!(said, ["is anyone here?", "goodbye"]);
//! ```
use crate::{
    schema::{Type, Types},
    sequence::Record,
    tracked::{self, Tracked},
    value::{LiveValue, WireType},
};
use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};
use std::{
    collections::{VecDeque, vec_deque},
    fmt,
    marker::PhantomData,
    ops::{Index, IndexMut},
};

/// Keeps the last `N` items: messages, log lines, measurements. It records what is done to it, and only that travels.
///
/// Its items stand in the order they came, the oldest at index 0. When it is full, each that comes in lets the oldest fall
/// out. A page sees an array. `n` is the length.
///
/// | method | cost | travels |
/// |---|---|---|
/// | [`push`](Self::push), [`extend`](Extend::extend) | O(items), also when it is full | the items in one op, and in one how many fell out |
/// | [`pop_first`](Self::pop_first), [`pop_last`](Self::pop_last) | O(1) | the index |
/// | [`remove`](Self::remove) | O(n) | the index |
/// | [`retain`](Self::retain) | O(n) | the range of each run that goes |
/// | [`clear`](Self::clear) | O(n) | two numbers |
/// | [`get_mut`](Self::get_mut), [`first_mut`](Self::first_mut), [`last_mut`](Self::last_mut), `feed[at]` | O(log touched), a shadow | what changed in the item |
/// | [`find_mut`](Self::find_mut) | O(n), a shadow | what changed in the item |
/// | [`iter_mut`](Self::iter_mut) | O(n), n shadows | what changed in the items |
///
/// What a shadow is, and that originals stay while an action may still be undone, is said at
/// [`List`](crate::list::List). If an action pushes so much that nothing is left of what was there, the feed is sent as a
/// whole.
///
/// In a struct marked `#[live_type]` and in another collection it records as well; in an enum, an `Option` or a tuple it is
/// compared and sent as a whole.
///
/// A feed that keeps nothing does not compile:
/// ```compile_fail
/// # use fluxstack_live_core::feed::Feed;
/// let none: Feed<i64, 0> = Feed::new();
/// ```
pub struct Feed<T: LiveValue, const N: usize>(Tracked<Record<VecDeque<T>>>);

impl<T: LiveValue, const N: usize> Feed<T, N> {
    /// An empty feed.
    pub fn new() -> Self {
        Feed::of(VecDeque::new())
    }
    /// The only place where one is made.
    fn of(items: VecDeque<T>) -> Self {
        const { assert!(N > 0, "a feed keeps at least one item") };
        Feed(Tracked::new(items))
    }

    /// How many items there are, at most `N`.
    pub fn len(&self) -> usize {
        self.0.items().len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.items().is_empty()
    }
    /// Whether the next item lets the oldest fall out.
    pub fn is_full(&self) -> bool {
        self.len() == N
    }
    /// The item at `at`; the oldest is at 0.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.0.items().get(at)
    }
    /// The oldest item.
    pub fn first(&self) -> Option<&T> {
        self.0.items().front()
    }
    /// The newest item.
    pub fn last(&self) -> Option<&T> {
        self.0.items().back()
    }
    /// The items, the oldest first; `.rev()` begins with the newest.
    ///
    /// ```
    /// # use fluxstack_live_core::feed::Feed;
    /// let feed: Feed<i64, 3> = Feed::from([1, 2, 3, 4]);
    /// assert!(feed.iter().rev().eq(&[4, 3, 2]));
    /// ```
    pub fn iter(&self) -> vec_deque::Iter<'_, T> {
        self.0.items().iter()
    }
    /// Whether an item is equal to this: O(n).
    pub fn contains(&self, item: &T) -> bool
    where
        T: PartialEq,
    {
        self.0.items().contains(item)
    }

    /// Adds an item at the end, and lets the oldest fall out if it is full: O(1), sends the item, and that one fell out.
    /// Pushes that follow each other are one op, and what falls out by them is another.
    ///
    /// ```
    /// # use fluxstack_live_core::feed::Feed;
    /// let mut feed: Feed<i64, 2> = Feed::new();
    /// feed.push(1);
    /// feed.push(2);
    /// assert!(feed.is_full());
    /// feed.push(3);
    /// assert_eq!(feed, [2, 3]);
    /// ```
    pub fn push(&mut self, item: T) {
        if self.is_full() {
            self.0.discard(0..1);
        }
        self.0.insert(self.len(), item);
    }
    /// Takes out the oldest item, if there is one: O(1), sends the index.
    ///
    /// ```
    /// # use fluxstack_live_core::feed::Feed;
    /// let mut feed: Feed<i64, 8> = Feed::from([1, 2, 3]);
    /// assert_eq!((feed.pop_first(), feed.pop_last()), (Some(1), Some(3)));
    /// assert_eq!(feed, [2]);
    /// ```
    pub fn pop_first(&mut self) -> Option<T> {
        self.remove(0)
    }
    /// Takes out the newest item, if there is one: O(1), sends the index.
    pub fn pop_last(&mut self) -> Option<T> {
        self.remove(self.len().checked_sub(1)?)
    }
    /// Takes out the item at `at`, if there is one: O(n), sends the index.
    pub fn remove(&mut self, at: usize) -> Option<T> {
        (at < self.len()).then(|| self.0.remove(at))
    }
    /// Keeps the items for which `keep` says so: O(n), sends the range of each run of the others. `keep` is asked about
    /// all before the first is taken out, so a panic in it changes nothing.
    ///
    /// ```
    /// # use fluxstack_live_core::feed::Feed;
    /// let mut feed: Feed<i64, 8> = Feed::from([1, 2, 3]);
    /// feed.retain(|n| *n != 2);
    /// assert_eq!(feed, [1, 3]);
    /// ```
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.0.retain(self.iter().map(keep).collect());
    }
    /// Takes out everything: O(n), sends two numbers.
    pub fn clear(&mut self) {
        self.0.discard(0..self.len());
    }

    /// The item at `at`, to be changed: touches it, O(log touched), sends what changed in it.
    ///
    /// ```
    /// # use fluxstack_live_core::feed::Feed;
    /// let mut feed: Feed<i64, 2> = Feed::from([1, 2]);
    /// feed[0] = 10;
    /// if let Some(newest) = feed.last_mut() {
    ///     *newest += 1;
    /// }
    /// assert_eq!(feed, [10, 3]);
    /// ```
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.0.get_mut(at)
    }
    /// The oldest item, to be changed: as [`get_mut`](Self::get_mut).
    pub fn first_mut(&mut self) -> Option<&mut T> {
        self.0.get_mut(0)
    }
    /// The newest item, to be changed: as [`get_mut`](Self::get_mut).
    pub fn last_mut(&mut self) -> Option<&mut T> {
        self.0.get_mut(self.len().checked_sub(1)?)
    }
    /// The oldest item that `is` says yes to, to be changed: O(n) to find it, then as [`get_mut`](Self::get_mut).
    pub fn find_mut(&mut self, is: impl FnMut(&T) -> bool) -> Option<&mut T> {
        let at = self.iter().position(is)?;
        self.0.get_mut(at)
    }
    /// All items, to be changed: touches each, O(n), sends what changed in them.
    pub fn iter_mut(&mut self) -> vec_deque::IterMut<'_, T> {
        self.0.all_mut().iter_mut()
    }
}

/// The last `N` of what comes.
struct Last<T, const N: usize>(VecDeque<T>);

impl<T, const N: usize> Last<T, N> {
    fn push(&mut self, item: T) {
        if self.0.len() == N {
            self.0.pop_front();
        }
        self.0.push_back(item);
    }
    fn of(items: impl IntoIterator<Item = T>) -> VecDeque<T> {
        let mut last = Self(VecDeque::new());
        items.into_iter().for_each(|item| last.push(item));
        last.0
    }
}

tracked::collection!([T: LiveValue, const N: usize] Feed<T, N>, Record<VecDeque<T>>, VecDeque<T>);
tracked::equal_to! {
    [T: LiveValue + PartialEq<U>, U, const N: usize] Feed<T, N>: Vec<U>,
    [T: LiveValue + PartialEq, const N: usize] Feed<T, N>: VecDeque<T>,
    [T: LiveValue + PartialEq<U>, U, const N: usize, const M: usize] Feed<T, N>: [U; M],
}

impl<T: LiveValue, const N: usize> WireType for Feed<T, N> {
    const REFUSED: Option<&'static str> = T::REFUSED;
    fn describe(types: &mut Types) -> Type {
        Type::Array(Box::new(T::describe(types)))
    }
}
/// Of more than `N` items it keeps the last.
impl<'de, T: LiveValue + Deserialize<'de>, const N: usize> Deserialize<'de> for Feed<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T, const N: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for Items<T, N> {
            type Value = VecDeque<T>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<VecDeque<T>, A::Error> {
                let mut last = Last::<T, N>(VecDeque::new());
                while let Some(item) = items.next_element()? {
                    last.push(item);
                }
                Ok(last.0)
            }
        }
        deserializer.deserialize_seq(Items::<T, N>(PhantomData)).map(Feed::of)
    }
}
impl<T: LiveValue, const N: usize> Index<usize> for Feed<T, N> {
    type Output = T;
    fn index(&self, at: usize) -> &T {
        &self.0.items()[at]
    }
}
/// As [`Feed::get_mut`].
impl<T: LiveValue, const N: usize> IndexMut<usize> for Feed<T, N> {
    fn index_mut(&mut self, at: usize) -> &mut T {
        let len = self.len();
        self.get_mut(at).unwrap_or_else(|| panic!("the index {at} is not below the length {len}"))
    }
}
/// Of more than `N` items it keeps the last.
impl<T: LiveValue, const N: usize> From<Vec<T>> for Feed<T, N> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}
/// Of more than `N` items it keeps the last.
impl<T: LiveValue, const N: usize, const M: usize> From<[T; M]> for Feed<T, N> {
    fn from(items: [T; M]) -> Self {
        items.into_iter().collect()
    }
}
/// Copies, while an action may still be undone.
impl<T: LiveValue, const N: usize> From<Feed<T, N>> for Vec<T> {
    fn from(feed: Feed<T, N>) -> Self {
        feed.0.into_items().into()
    }
}
/// Of more than `N` items it keeps the last.
impl<T: LiveValue, const N: usize> FromIterator<T> for Feed<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Feed::of(Last::<T, N>::of(items))
    }
}
/// At the end: O(items), sends those that stay in one op, and in one how many fell out. The iterator is asked for all of
/// them before the first comes in.
impl<T: LiveValue, const N: usize> Extend<T> for Feed<T, N> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        let last = Last::<T, N>::of(items);
        let surplus = (self.len() + last.len()).saturating_sub(N);
        self.0.discard(0..surplus);
        self.0.insert_all(self.len(), last.into());
    }
}
impl<'a, T: LiveValue, const N: usize> IntoIterator for &'a Feed<T, N> {
    type Item = &'a T;
    type IntoIter = vec_deque::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
impl<'a, T: LiveValue, const N: usize> IntoIterator for &'a mut Feed<T, N> {
    type Item = &'a mut T;
    type IntoIter = vec_deque::IterMut<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
/// Copies, while an action may still be undone.
impl<T: LiveValue, const N: usize> IntoIterator for Feed<T, N> {
    type Item = T;
    type IntoIter = vec_deque::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_items().into_iter()
    }
}
