//! What was at each changed key of a map at the last commit. The ops are read off it and the present map, so no value is
//! copied for them.
use crate::{
    ops::{Ops, Path},
    tracked,
    value::{LiveValue, Lost, MapKey},
};
use std::{collections::BTreeMap, mem};

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
    /// `old` was at `key` and is not any more.
    pub(super) fn replaced(&mut self, key: K, old: Option<V>) {
        // What came in since the last commit and goes again leaves no trace.
        let before = match (self.before.remove(&key), old) {
            (None, None) => Before::Nothing,
            (None, Some(old)) => Before::Taken(old, None),
            (Some(Before::Touched(shadow)), old) => {
                Before::Taken(old.expect("what was touched is there"), Some(shadow))
            }
            (Some(before @ (Before::Nothing | Before::Taken(..))), _) => before,
        };
        self.before.insert(key, before);
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
            let wire = key.wire();
            match (before, items.get(key)) {
                (Before::Touched(shadow), Some(now)) => now.diff(shadow, &Path::Key(at, &wire), ops),
                (Before::Nothing | Before::Taken(..), Some(now)) => ops.set(&Path::Key(at, &wire), now),
                (Before::Touched(_) | Before::Taken(..), None) => ops.remove_key(at, &wire),
                (Before::Nothing, None) => {}
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
