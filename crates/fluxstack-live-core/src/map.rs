//! A map that records what is done to it, so that a change costs what it touches, in time and on the wire.
//!
//! ```
//! use fluxstack_live_core::map::Map;
//!
//! let mut stock: Map<String, i64> = Map::new();
//! stock.insert("tea".into(), 3);
//! *stock.get_mut("tea").expect("there is some") -= 1;
//! assert_eq!(stock["tea"], 2);
//! assert_eq!(stock.remove("tea"), Some(2));
//! assert!(stock.is_empty());
//! ```
mod entry; // one place of a map
mod record; // what was there at the last commit, by key

use crate::{
    schema::{Type, Types},
    tracked::{self, Tracked},
    value::{self, LiveValue, MapKey, WireType},
};
pub use entry::{Entry, OccupiedEntry, VacantEntry};
use record::Record;
use serde::{Deserialize, Deserializer};
use std::{
    borrow::Borrow,
    collections::{BTreeMap, btree_map},
    ops::{Deref, Index},
};

/// A `BTreeMap` for visible fields: it records which keys are changed, and only those travel.
///
/// It reads like a `BTreeMap`, by `Deref`. A change goes through its own methods; `n` is the length.
///
/// | method | cost | travels |
/// |---|---|---|
/// | [`insert`](Self::insert), [`extend`](Extend::extend), [`append`](Self::append) | O(log n) an entry | key and value |
/// | [`remove`](Self::remove), [`remove_entry`](Self::remove_entry), [`pop_first`](Self::pop_first), [`pop_last`](Self::pop_last) | O(log n) | the key |
/// | [`retain`](Self::retain) | O(n) | the keys that go |
/// | [`clear`](Self::clear) | O(n log n) | an empty map |
/// | [`get_mut`](Self::get_mut) | O(log n), a shadow | what changed in the value |
/// | [`entry`](Self::entry) | O(log n), a shadow if a value is handed out | the value that comes in, or what changed in it |
/// | [`iter_mut`](Self::iter_mut), [`values_mut`](Self::values_mut) | O(n log n), n shadows | what changed in the values |
///
/// What a shadow is, and that originals stay while an action may still be undone, is said at
/// [`List`](crate::list::List). An action after which every value of the map is a new one sends the map as a whole, unless
/// that is a single key: so does one that clears it.
///
/// The keys `__proto__`, `constructor` and `prototype` cannot be sent: an action that leaves one of them fails.
///
/// In a struct marked `#[live_type]` and in another collection it records as well; in an enum, an `Option` or a tuple it is
/// compared and sent as a whole.
pub struct Map<K: MapKey, V: LiveValue>(Tracked<Record<K, V>>);

impl<K: MapKey, V: LiveValue> Map<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Map(Tracked::new(BTreeMap::new()))
    }

    /// Puts a value at a key and returns what was there: O(log n), sends key and value.
    ///
    /// ```
    /// # use fluxstack_live_core::map::Map;
    /// let mut ages = Map::from([("ana".to_owned(), 30)]);
    /// assert_eq!(ages.insert("ana".into(), 31), Some(30));
    /// assert_eq!(ages.insert("bo".into(), 7), None);
    /// ```
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.0.insert(key, value)
    }
    /// The place of a key, to look at what is there, change it, put something there or take it out, with one search in the
    /// code that uses it: O(log n) each time it is used.
    ///
    /// ```
    /// # use fluxstack_live_core::map::Map;
    /// let mut words: Map<String, i64> = Map::new();
    /// for word in "to be or not to be".split(' ') {
    ///     *words.entry(word.into()).or_default() += 1;
    /// }
    /// assert_eq!(words["be"], 2);
    /// ```
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        Entry::new(&mut self.0, key)
    }
    /// The place of the first key, if there is one.
    pub fn first_entry(&mut self) -> Option<OccupiedEntry<'_, K, V>> {
        let key = self.keys().next()?.clone();
        Some(OccupiedEntry::new(&mut self.0, key))
    }
    /// The place of the last key, if there is one.
    pub fn last_entry(&mut self) -> Option<OccupiedEntry<'_, K, V>> {
        let key = self.keys().next_back()?.clone();
        Some(OccupiedEntry::new(&mut self.0, key))
    }
    /// Moves all entries of `other` here, and leaves it empty: O(log n) an entry, sends keys and values. What was at the
    /// same key here is replaced.
    ///
    /// ```
    /// # use fluxstack_live_core::map::Map;
    /// let mut map = Map::from([(1, 'a'), (2, 'b')]);
    /// let mut other = Map::from([(2, 'B'), (3, 'C')]);
    /// map.append(&mut other);
    /// assert_eq!(map, Map::from([(1, 'a'), (2, 'B'), (3, 'C')]));
    /// assert!(other.is_empty());
    /// ```
    pub fn append(&mut self, other: &mut Map<K, V>) {
        self.extend(other.0.take_all());
    }

    /// Takes out the value at a key, if there is one: O(log n), sends the key.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.0.remove_entry(key).map(|(_, value)| value)
    }
    /// The same with the key as it was in the map.
    pub fn remove_entry<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<(K, V)>
    where
        K: Borrow<Q>,
    {
        self.0.remove_entry(key)
    }
    /// Takes out the first entry, if there is one: O(log n), sends its key.
    ///
    /// ```
    /// # use fluxstack_live_core::map::Map;
    /// let mut map = Map::from([(1, 'a'), (2, 'b')]);
    /// assert_eq!(map.pop_first(), Some((1, 'a')));
    /// ```
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        self.first_entry().map(OccupiedEntry::remove_entry)
    }
    /// Takes out the last entry, if there is one: O(log n), sends its key.
    pub fn pop_last(&mut self) -> Option<(K, V)> {
        self.last_entry().map(OccupiedEntry::remove_entry)
    }
    /// Takes out everything: O(n log n), sends an empty map, or the key if there was one only.
    pub fn clear(&mut self) {
        self.retain(|_, _| false);
    }
    /// Keeps the entries for which `keep` says so: O(n), sends the keys of the others. `keep` is asked about all before
    /// the first is taken out, so a panic in it changes nothing.
    ///
    /// ```
    /// # use fluxstack_live_core::map::Map;
    /// let mut map = Map::from([(1, 'a'), (2, 'b')]);
    /// map.retain(|key, _| *key > 1);
    /// assert_eq!(map, Map::from([(2, 'b')]));
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        let goes = self.iter().filter(|(key, value)| !keep(key, value));
        let gone: Vec<K> = goes.map(|(key, _)| key.clone()).collect();
        gone.iter().for_each(|key| drop(self.0.discard(key)));
    }

    /// The value at a key, to be changed: touches it, O(log n), sends what changed in it.
    ///
    /// ```
    /// # use fluxstack_live_core::map::Map;
    /// let mut ages = Map::from([("ana".to_owned(), 30)]);
    /// if let Some(age) = ages.get_mut("ana") {
    ///     *age += 1;
    /// }
    /// assert_eq!(ages["ana"], 31);
    /// ```
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.0.get_mut(key)
    }
    /// All entries, their values to be changed: touches each, O(n log n), sends what changed in them.
    pub fn iter_mut(&mut self) -> btree_map::IterMut<'_, K, V> {
        self.0.all_mut().iter_mut()
    }
    /// All values, to be changed: as [`iter_mut`](Self::iter_mut).
    ///
    /// ```
    /// # use fluxstack_live_core::map::Map;
    /// let mut map = Map::from([(1, 10), (2, 20)]);
    /// map.values_mut().for_each(|value| *value += 1);
    /// assert_eq!(map, Map::from([(1, 11), (2, 21)]));
    /// ```
    pub fn values_mut(&mut self) -> btree_map::ValuesMut<'_, K, V> {
        self.0.all_mut().values_mut()
    }
}

tracked::collection!([K: MapKey, V: LiveValue] Map<K, V>, Record<K, V>, BTreeMap<K, V>);
tracked::equal_to! { [K: MapKey, V: LiveValue + PartialEq] Map<K, V>: BTreeMap<K, V> }

impl<K: MapKey, V: LiveValue> WireType for Map<K, V> {
    const REFUSED: Option<&'static str> = value::first(&[K::REFUSED, V::REFUSED]);
    fn describe(types: &mut Types) -> Type {
        value::record::<K, V>(types)
    }
}

impl<'de, K: MapKey + Deserialize<'de>, V: LiveValue + Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Map::from)
    }
}
impl<K: MapKey, V: LiveValue> Deref for Map<K, V> {
    type Target = BTreeMap<K, V>;
    fn deref(&self) -> &BTreeMap<K, V> {
        self.0.items()
    }
}
impl<K: MapKey + Borrow<Q>, V: LiveValue, Q: Ord + ?Sized> Index<&Q> for Map<K, V> {
    type Output = V;
    fn index(&self, key: &Q) -> &V {
        &self.0.items()[key]
    }
}
impl<K: MapKey, V: LiveValue> From<BTreeMap<K, V>> for Map<K, V> {
    fn from(items: BTreeMap<K, V>) -> Self {
        Map(Tracked::new(items))
    }
}
impl<K: MapKey, V: LiveValue, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        BTreeMap::from(entries).into()
    }
}
/// Copies, while an action may still be undone.
impl<K: MapKey, V: LiveValue> From<Map<K, V>> for BTreeMap<K, V> {
    fn from(map: Map<K, V>) -> Self {
        map.0.into_items()
    }
}
impl<K: MapKey, V: LiveValue> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> Self {
        BTreeMap::from_iter(items).into()
    }
}
/// O(log n) an entry, sends keys and values.
impl<K: MapKey, V: LiveValue> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, items: I) {
        items.into_iter().for_each(|(key, value)| drop(self.insert(key, value)));
    }
}
impl<'a, K: MapKey, V: LiveValue> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = btree_map::Iter<'a, K, V>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.items().iter()
    }
}
/// Touches each, as [`Map::iter_mut`].
impl<'a, K: MapKey, V: LiveValue> IntoIterator for &'a mut Map<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = btree_map::IterMut<'a, K, V>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
/// Copies, while an action may still be undone.
impl<K: MapKey, V: LiveValue> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = btree_map::IntoIter<K, V>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_items().into_iter()
    }
}
