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
    ops::{Ops, Path},
    schema::{Type, Types},
    tracked::{Home, Tracked},
    value::{self, LiveValue, Lost, MapKey, WireType},
};
use record::Record;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    borrow::Borrow,
    collections::{BTreeMap, btree_map},
    fmt,
    ops::{Deref, Index},
    sync::Arc,
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
pub struct Map<K: MapKey, V: LiveValue>(Tracked<Record<K, V>>);

impl<K: MapKey, V: LiveValue> Map<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Map(Tracked::new(BTreeMap::new()))
    }
    /// Puts a value at a key and returns what was there: sends the value.
    pub fn insert(&mut self, key: K, mut value: V) -> Option<V> {
        let (items, record) = self.0.parts();
        let Some(record) = record else { return items.insert(key, value) };
        value.detach();
        let there = items.get_key_value(&key);
        let (own_key, copy) = match there {
            // `BTreeMap` keeps the key that is there.
            Some((own_key, value)) => (own_key.clone(), Some(value.clone())),
            None => (key.clone(), None),
        };
        let old = items.insert(key, value);
        record.replaced(own_key, old);
        copy
    }
    /// Takes out the value at a key, if there is one: sends the key.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (items, record) = self.0.parts();
        let Some(record) = record else { return items.remove(key) };
        let copy = items.get(key)?.clone();
        let (key, old) = items.remove_entry(key)?;
        record.replaced(key, Some(old));
        Some(copy)
    }
    /// The value at a key, to be changed: a shadow of the value, sends what changed in it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (items, record) = self.0.parts();
        let Some(record) = record else { return items.get_mut(key) };
        let own_key = items.get_key_value(key)?.0.clone();
        let value = items.get_mut(key)?;
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
        let (items, mut record) = self.0.parts();
        let gone: Vec<K> =
            items.iter().filter(|(key, value)| !keep(key, value)).map(|(key, _)| key.clone()).collect();
        for key in gone {
            let old = items.remove(&key);
            if let Some(record) = &mut record {
                record.replaced(key, old);
            }
        }
    }
}

impl<K: MapKey, V: LiveValue> WireType for Map<K, V> {
    const REFUSED: Option<&'static str> = value::first(&[K::REFUSED, V::REFUSED]);
    fn describe(types: &mut Types) -> Type {
        value::record::<K, V>(types)
    }
}

impl<K: MapKey, V: LiveValue> LiveValue for Map<K, V> {
    type Shadow = Arc<Home<Record<K, V>>>;
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

impl<K: MapKey, V: LiveValue> Default for Map<K, V> {
    fn default() -> Self {
        Map::new()
    }
}
/// The copy records nothing until it is part of a component.
impl<K: MapKey, V: LiveValue> Clone for Map<K, V> {
    fn clone(&self) -> Self {
        self.0.items().clone().into()
    }
}
impl<K: MapKey + fmt::Debug, V: LiveValue + fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.items().fmt(f)
    }
}
impl<K: MapKey, V: LiveValue + PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0.items() == other.0.items()
    }
}
impl<K: MapKey, V: LiveValue + Eq> Eq for Map<K, V> {}
impl<K: MapKey, V: LiveValue> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.items().serialize(serializer)
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
        self.0.items().iter()
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
