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
mod record; // what was there at the last commit, by key

use crate::{
    schema::{Type, Types},
    value::{self, LiveValue, MapKey, WireType},
};
use record::Record;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    borrow::Borrow,
    collections::{BTreeMap, btree_map},
    fmt,
    ops::{Deref, Index},
};

/// A `BTreeMap` for visible fields: it records which keys are changed, and only those travel.
///
/// It reads like a `BTreeMap`. A change goes through its own methods, each of which says what it sends; all are O(log n).
/// While an action may still be undone, the originals stay with the map: what is taken out is returned as a copy.
///
/// The keys `__proto__`, `constructor` and `prototype` cannot be sent: an action that leaves one of them fails.
///
/// In a struct marked `#[live_type]` and in another collection it records as well; in an enum, an `Option` or a tuple it is
/// compared and sent as a whole.
pub struct Map<K: MapKey, V: LiveValue> {
    items: BTreeMap<K, V>,
    /// Some while somebody holds a shadow of it.
    record: Option<Box<Record<K, V>>>,
}

impl<K: MapKey, V: LiveValue> Map<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Map { items: BTreeMap::new(), record: None }
    }
    /// Puts a value at a key and returns what was there: sends the value.
    pub fn insert(&mut self, key: K, mut value: V) -> Option<V> {
        let Some(record) = &mut self.record else { return self.items.insert(key, value) };
        value.detach();
        let copy = self.items.get(&key).cloned();
        let old = self.items.insert(key.clone(), value);
        record.replaced(key, old);
        copy
    }
    /// Takes out the value at a key, if there is one: sends the key.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let Some(record) = &mut self.record else { return self.items.remove(key) };
        let copy = self.items.get(key)?.clone();
        let (key, old) = self.items.remove_entry(key)?;
        record.replaced(key, Some(old));
        Some(copy)
    }
    /// The value at a key, to be changed: a shadow of the value, sends what changed in it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let Some(record) = &mut self.record else { return self.items.get_mut(key) };
        let (own_key, _) = self.items.get_key_value(key)?;
        let own_key = own_key.clone();
        let value = self.items.get_mut(key)?;
        record.touch(own_key, value);
        Some(value)
    }
    /// Takes out everything: sends each key.
    pub fn clear(&mut self) {
        self.retain(|_, _| false);
    }
    /// Keeps the entries for which `keep` says so: O(n), sends the keys of the others. `keep` is asked about all before
    /// the first is taken out, so a panic in it changes nothing.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        let gone: Vec<K> =
            self.items.iter().filter(|(key, value)| !keep(key, value)).map(|(key, _)| key.clone()).collect();
        for key in gone {
            let old = self.items.remove(&key);
            if let Some(record) = &mut self.record {
                record.replaced(key, old);
            }
        }
    }
}

impl<K: MapKey, V: LiveValue> WireType for Map<K, V> {
    fn describe(types: &mut Types) -> Type {
        value::record::<K, V>(types)
    }
}

impl<K: MapKey, V: LiveValue> Drop for Map<K, V> {
    fn drop(&mut self) {
        self.leave();
    }
}
impl<K: MapKey, V: LiveValue> Default for Map<K, V> {
    fn default() -> Self {
        Map::new()
    }
}
/// The copy records nothing until it is part of a component.
impl<K: MapKey, V: LiveValue> Clone for Map<K, V> {
    fn clone(&self) -> Self {
        self.items.clone().into()
    }
}
impl<K: MapKey + fmt::Debug, V: LiveValue + fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.items.fmt(f)
    }
}
impl<K: MapKey, V: LiveValue + PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}
impl<K: MapKey, V: LiveValue + Eq> Eq for Map<K, V> {}
impl<K: MapKey, V: LiveValue> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.items.serialize(serializer)
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
        &self.items
    }
}
impl<K: MapKey + Borrow<Q>, V: LiveValue, Q: Ord + ?Sized> Index<&Q> for Map<K, V> {
    type Output = V;
    fn index(&self, key: &Q) -> &V {
        &self.items[key]
    }
}
impl<K: MapKey, V: LiveValue> From<BTreeMap<K, V>> for Map<K, V> {
    fn from(items: BTreeMap<K, V>) -> Self {
        Map { items, record: None }
    }
}
impl<K: MapKey, V: LiveValue> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> Self {
        BTreeMap::from_iter(items).into()
    }
}
impl<K: MapKey, V: LiveValue> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, items: I) {
        items.into_iter().for_each(|(key, value)| drop(self.insert(key, value)));
    }
}
impl<'a, K: MapKey, V: LiveValue> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = btree_map::Iter<'a, K, V>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
/// Copies, while an action may still be undone.
impl<K: MapKey, V: LiveValue> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = btree_map::IntoIter<K, V>;
    fn into_iter(mut self) -> Self::IntoIter {
        self.detach();
        std::mem::take(&mut self.items).into_iter()
    }
}
