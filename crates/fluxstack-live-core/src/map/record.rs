//! What was at each changed key of a map at the last commit. The ops are read off it and the present map, so no value is
//! copied for them.
use crate::{
    ops::{Ops, Path},
    tracked,
    value::{LiveValue, Lost, MapKey},
};
use std::{
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
    /// `old` was at `key` and is not any more. `key` is spelled as it was in the map.
    pub(super) fn replaced(&mut self, key: K, old: Option<V>) {
        match self.before.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(old.map_or(Before::Nothing, |old| Before::Taken(old, None)));
            }
            Entry::Occupied(mut entry) => {
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
