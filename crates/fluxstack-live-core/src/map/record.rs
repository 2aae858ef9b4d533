//! What was at each changed key at the last commit. The ops are read off it and the present map, so no value is copied for
//! them. A map and its shadow share a home, as a list's do (`list/record.rs`).
use crate::{
    ops::{Ops, Path},
    value::{LiveValue, Lost, MapKey},
};
use std::{
    collections::BTreeMap,
    mem,
    sync::{Arc, OnceLock},
};

/// What a recording map knows beside its items.
pub(super) struct Record<K: MapKey, V: LiveValue> {
    home: Arc<Home<K, V>>,
    before: BTreeMap<K, Before<V>>,
}

/// Where a map leaves its contents.
pub struct Home<K: MapKey, V: LiveValue>(OnceLock<Contents<K, V>>);

struct Contents<K: MapKey, V: LiveValue> {
    items: BTreeMap<K, V>,
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

    /// A new one, and the home that it shares with a shadow.
    pub(super) fn begin() -> (Self, Arc<Home<K, V>>) {
        let home = Arc::new(Home(OnceLock::new()));
        (Record { home: home.clone(), before: BTreeMap::new() }, home)
    }
    pub(super) fn is_at(&self, home: &Arc<Home<K, V>>) -> bool {
        Arc::ptr_eq(&self.home, home)
    }
    /// Whether a shadow may still need the contents.
    pub(super) fn is_needed(&self) -> bool {
        Arc::strong_count(&self.home) > 1
    }
    /// Leaves the contents at home, if they may still be needed.
    pub(super) fn leave(self, items: BTreeMap<K, V>) {
        if self.is_needed() {
            let Record { home, before } = self;
            // It is empty: only the one map with this home fills it, and then has it no more.
            let _ = home.0.set(Contents { items, before });
        }
    }
    /// The contents and their record, if they are at home.
    pub(super) fn come_home(home: &mut Arc<Home<K, V>>) -> Option<(BTreeMap<K, V>, Self)> {
        let Contents { items, before } = Arc::get_mut(home)?.0.take()?;
        Some((items, Record { home: home.clone(), before }))
    }
    pub(super) fn diff(&self, items: &BTreeMap<K, V>, at: &Path, ops: &mut Ops) {
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
    pub(super) fn accept(&mut self, items: &mut BTreeMap<K, V>) {
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
    pub(super) fn evict(&mut self, items: &mut BTreeMap<K, V>) -> bool {
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
    pub(super) fn restore(&mut self, items: &mut BTreeMap<K, V>) -> Result<(), Lost> {
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
