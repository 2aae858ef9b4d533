//! What was at each changed key of a map at the last commit. The ops are read off it and the present map, so no value is
//! copied for them.
use crate::{
    ops::{Ops, Path},
    tracked::{self, Tracked},
    value::{LiveValue, Lost, MapKey},
};
use std::{
    borrow::Borrow,
    collections::{BTreeMap, btree_map::Entry},
    mem,
};

/// What a recording map knows beside its items.
pub struct Record<K: MapKey, V: LiveValue> {
    before: BTreeMap<K, Before<V>>,
}

/// What was at a key.
enum Before<V: LiveValue> {
    Nothing,
    /// The value that is there still, as it was when it was handed out to be changed.
    Touched(V::Shadow),
    /// A value that another one has replaced, or nothing; with its shadow if it had been handed out before that.
    Taken(V, Option<V::Shadow>),
}

impl<K: MapKey, V: LiveValue> Record<K, V> {
    /// Lets `change` take out or replace what is at `key`, which is spelled as it is in the map; it returns what was there.
    /// A comparison of keys that panics does so before the change or in it, which then has not happened.
    pub(super) fn replace(&mut self, key: K, change: impl FnOnce() -> Option<V>) {
        match self.before.entry(key) {
            Entry::Vacant(entry) => {
                let old = change();
                entry.insert(old.map_or(Before::Nothing, |old| Before::Taken(old, None)));
            }
            Entry::Occupied(mut entry) => {
                let old = change();
                // What came in since the last commit and goes again leaves no trace.
                if let (Before::Touched(_), Some(old)) = (entry.get(), old) {
                    let Before::Touched(shadow) = entry.insert(Before::Nothing) else {
                        unreachable!("just seen")
                    };
                    entry.insert(Before::Taken(old, Some(shadow)));
                }
            }
        }
    }
    pub(super) fn touch(&mut self, key: K, value: &mut V) {
        self.before.entry(key).or_insert_with(|| Before::Touched(value.shadow()));
    }
    /// Whether every value that is there came in since the last commit, and more than one key is to be told: then the whole
    /// map says the same, and is shorter.
    fn is_all_new(&self, items: &BTreeMap<K, V>) -> bool {
        let came_in = |key: &K| matches!(self.before.get(key), Some(Before::Nothing | Before::Taken(..)));
        if self.before.len() < 2 || items.len() > self.before.len() || !items.keys().all(came_in) {
            return false;
        }
        // What came and went is not told.
        let is_told =
            |(key, before): &(&K, &Before<V>)| !matches!(before, Before::Nothing) || items.contains_key(*key);
        self.before.iter().filter(is_told).nth(1).is_some()
    }
}

impl<K: MapKey, V: LiveValue> Tracked<Record<K, V>> {
    /// Puts a value at a key; a copy of what was there, while it records.
    pub(super) fn insert(&mut self, key: K, mut value: V) -> Option<V> {
        let (items, record) = self.parts();
        let Some(record) = record else { return items.insert(key, value) };
        value.detach();
        // `BTreeMap` keeps the key that is there.
        let Some((own_key, there)) = items.get_key_value(&key) else {
            record.replace(key.clone(), || items.insert(key, value));
            return None;
        };
        let (own_key, copy) = (own_key.clone(), there.clone());
        record.replace(own_key, || Some(mem::replace(items.get_mut(&key).expect("just seen"), value)));
        Some(copy)
    }
    /// Takes out what is at a key; a copy of the value, while it records.
    pub(super) fn remove_entry<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<(K, V)>
    where
        K: Borrow<Q>,
    {
        let (items, record) = self.parts();
        if record.is_none() {
            return items.remove_entry(key);
        }
        let copy = items.get(key)?.clone();
        Some((self.discard(key)?, copy))
    }
    /// The same, and nobody wants the value.
    pub(super) fn discard<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<K>
    where
        K: Borrow<Q>,
    {
        let (items, record) = self.parts();
        let Some(record) = record else { return items.remove_entry(key).map(|(key, _)| key) };
        let own_key = items.get_key_value(key)?.0.clone();
        let mut gone = None;
        record.replace(own_key, || {
            let (key, old) = items.remove_entry(key)?;
            gone = Some(key);
            Some(old)
        });
        gone
    }
    /// Takes out everything; copies of the values, while it records.
    pub(super) fn take_all(&mut self) -> BTreeMap<K, V> {
        let (items, record) = self.parts();
        if record.is_none() {
            return mem::take(items);
        }
        let copies = items.clone();
        copies.keys().for_each(|key| drop(self.discard(key)));
        copies
    }
    /// The value at a key, to be changed.
    pub(super) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (items, record) = self.parts();
        let Some(record) = record else { return items.get_mut(key) };
        let own_key = items.get_key_value(key)?.0.clone();
        let value = items.get_mut(key)?;
        record.touch(own_key, value);
        Some(value)
    }
    /// All values, to be changed.
    pub(super) fn all_mut(&mut self) -> &mut BTreeMap<K, V> {
        let (items, record) = self.parts();
        if let Some(record) = record {
            items.iter_mut().for_each(|(key, value)| record.touch(key.clone(), value));
        }
        items
    }
}

impl<K: MapKey, V: LiveValue> Default for Record<K, V> {
    fn default() -> Self {
        Record { before: BTreeMap::new() }
    }
}

impl<K: MapKey, V: LiveValue> tracked::Record for Record<K, V> {
    type Items = BTreeMap<K, V>;
    fn is_empty(items: &BTreeMap<K, V>) -> bool {
        items.is_empty()
    }
    fn diff(&self, items: &BTreeMap<K, V>, at: &Path, ops: &mut Ops) {
        if self.is_all_new(items) {
            return ops.set(at, items);
        }
        for (key, before) in &self.before {
            // Equal keys may be spelled in two ways: the one that was there, and the one that is.
            let (was, now) = (key.wire(), items.get_key_value(key));
            if let (Before::Touched(shadow), Some((_, now))) = (before, now) {
                now.diff(shadow, &Path::Key(at, &was), ops);
                continue;
            }
            let is = now.map(|(key, _)| key.wire());
            if !matches!(before, Before::Nothing) && is.as_ref() != Some(&was) {
                ops.remove_key(at, &was);
            }
            if let (Some(is), Some((_, now))) = (is, now) {
                ops.set(&Path::Key(at, &is), now);
            }
        }
    }
    fn accept(&mut self, items: &mut BTreeMap<K, V>) {
        for (key, before) in mem::take(&mut self.before) {
            // The shadow goes first: then nothing of the value is left behind for it.
            let is_touched = matches!(before, Before::Touched(_));
            drop(before);
            if is_touched && let Some(value) = items.get_mut(&key) {
                value.detach();
            }
        }
    }
    /// What came in may hold another's original: it goes, and what was taken out is back in its place.
    fn evict(&mut self, items: &mut BTreeMap<K, V>) -> bool {
        let mut has_moved = false;
        for (key, before) in mem::take(&mut self.before) {
            match before {
                Before::Nothing => has_moved |= items.remove(&key).is_some(),
                Before::Touched(shadow) => drop(self.before.insert(key, Before::Touched(shadow))),
                Before::Taken(original, shadow) => {
                    has_moved = true;
                    // Taken out first: `insert` would keep the key that is there now.
                    items.remove(&key);
                    items.insert(key.clone(), original);
                    if let Some(shadow) = shadow {
                        self.before.insert(key, Before::Touched(shadow));
                    }
                }
            }
        }
        for (key, before) in &mut self.before {
            if let (Before::Touched(shadow), Some(value)) = (before, items.get_mut(key)) {
                has_moved |= value.evict(shadow);
            }
        }
        has_moved
    }
    /// What an eviction has not put back yet.
    fn restore(&mut self, items: &mut BTreeMap<K, V>) -> Result<(), Lost> {
        for (key, before) in mem::take(&mut self.before) {
            if let (Before::Touched(mut shadow), Some(value)) = (before, items.get_mut(&key)) {
                value.restore(&mut shadow)?;
                drop(shadow);
                value.detach();
            }
        }
        Ok(())
    }
}
