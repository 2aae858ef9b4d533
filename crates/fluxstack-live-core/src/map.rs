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
    value::{self, LiveValue, Lost, MapKey, WireType},
};
use record::{Home, Record};
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

impl<K: MapKey, V: LiveValue> LiveValue for Map<K, V> {
    type Shadow = Arc<Home<K, V>>;
    fn shadow(&mut self) -> Arc<Home<K, V>> {
        self.detach();
        let (record, home) = Record::begin();
        self.record = Some(Box::new(record));
        home
    }
    fn diff(&self, home: &Arc<Home<K, V>>, at: &Path, ops: &mut Ops) {
        match self.record.as_deref().filter(|record| record.is_at(home)) {
            Some(record) => record.diff(&self.items, at, ops),
            None => ops.set(at, self),
        }
    }
    fn accept(&mut self, home: &mut Arc<Home<K, V>>) {
        match self.record.as_deref_mut().filter(|record| record.is_at(home)) {
            Some(record) => record.accept(&mut self.items),
            None => *home = self.shadow(),
        }
    }
    fn evict(&mut self, home: &mut Arc<Home<K, V>>) -> bool {
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
    fn restore(&mut self, home: &mut Arc<Home<K, V>>) -> Result<(), Lost> {
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
impl<K: MapKey, V: LiveValue> Drop for Map<K, V> {
    fn drop(&mut self) {
        if let Some(record) = self.record.take() {
            record.leave(std::mem::take(&mut self.items));
        }
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
