//! What was at each changed key at the last commit. The ops are read off it and the present map, so no value is copied for
//! them. A map and its shadow share a home, as a list's do (`list/record.rs`).
use super::Map;
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
}

impl<K: MapKey, V: LiveValue> Map<K, V> {
    fn record_at(&self, home: &Arc<Home<K, V>>) -> Option<&Record<K, V>> {
        self.record.as_deref().filter(|record| Arc::ptr_eq(&record.home, home))
    }
    /// Leaves the contents to the shadow, if that is still there.
    pub(super) fn leave(&mut self) {
        let Some(record) = self.record.take() else { return };
        let Record { home, before } = *record;
        if Arc::strong_count(&home) > 1 {
            let items = mem::take(&mut self.items);
            // It is empty: only the one map with this home fills it, and then has it no more.
            let _ = home.0.set(Contents { items, before });
        }
    }
    /// Comes home, if the contents are there.
    fn come_home(&mut self, home: &mut Arc<Home<K, V>>) -> bool {
        let Some(contents) = Arc::get_mut(home).and_then(|home| home.0.take()) else { return false };
        let Contents { items, before } = contents;
        (self.items, self.record) = (items, Some(Box::new(Record { home: home.clone(), before })));
        true
    }
}

impl<K: MapKey, V: LiveValue> LiveValue for Map<K, V> {
    type Shadow = Arc<Home<K, V>>;
    fn shadow(&mut self) -> Self::Shadow {
        self.detach();
        let home = Arc::new(Home(OnceLock::new()));
        self.record = Some(Box::new(Record { home: home.clone(), before: BTreeMap::new() }));
        home
    }
    fn diff(&self, home: &Self::Shadow, at: &Path, ops: &mut Ops) {
        let Some(record) = self.record_at(home) else { return ops.set(at, self) };
        for (key, before) in &record.before {
            let wire = key.wire();
            match (before, self.items.get(key)) {
                (Before::Touched(shadow), Some(now)) => now.diff(shadow, &Path::Key(at, &wire), ops),
                (Before::Nothing | Before::Taken(..), Some(now)) => ops.set(&Path::Key(at, &wire), now),
                (Before::Touched(_) | Before::Taken(..), None) => ops.remove_key(at, &wire),
                (Before::Nothing, None) => {}
            }
        }
    }
    fn accept(&mut self, home: &mut Self::Shadow) {
        if self.record_at(home).is_none() {
            *home = self.shadow();
            return;
        }
        let record = self.record.as_mut().expect("it is at home");
        for (key, before) in mem::take(&mut record.before) {
            // The shadow goes first: then nothing of the value is left behind for it.
            let is_touched = matches!(before, Before::Touched(_));
            drop(before);
            if is_touched && let Some(value) = self.items.get_mut(&key) {
                value.detach();
            }
        }
    }
    fn evict(&mut self, home: &mut Self::Shadow) -> bool {
        let mut has_moved = false;
        if self.record_at(home).is_none() {
            // Whatever stands here may be another's original, which goes to its own home with this.
            has_moved = self.record.is_some() || !self.items.is_empty();
            drop(mem::take(self));
            if !self.come_home(home) {
                return has_moved;
            }
            has_moved = true;
        }
        let record = self.record.as_mut().expect("it is at home");
        // What came in may hold another's original: it goes, and what was taken out is back in its place.
        for (key, before) in mem::take(&mut record.before) {
            match before {
                Before::Nothing => has_moved |= self.items.remove(&key).is_some(),
                Before::Touched(shadow) => drop(record.before.insert(key, Before::Touched(shadow))),
                Before::Taken(original, shadow) => {
                    has_moved = true;
                    self.items.insert(key.clone(), original);
                    if let Some(shadow) = shadow {
                        record.before.insert(key, Before::Touched(shadow));
                    }
                }
            }
        }
        for (key, before) in &mut record.before {
            if let (Before::Touched(shadow), Some(value)) = (before, self.items.get_mut(key)) {
                has_moved |= value.evict(shadow);
            }
        }
        has_moved
    }
    fn restore(&mut self, home: &mut Self::Shadow) -> Result<(), Lost> {
        if self.record_at(home).is_none() {
            return Err(Lost);
        }
        let record = self.record.as_mut().expect("it is at home");
        for (key, before) in mem::take(&mut record.before) {
            if let (Before::Touched(mut shadow), Some(value)) = (before, self.items.get_mut(&key)) {
                value.restore(&mut shadow)?;
                drop(shadow);
                value.detach();
            }
        }
        Ok(())
    }
    fn detach(&mut self) {
        match &self.record {
            Some(record) if Arc::strong_count(&record.home) > 1 => {
                let copies = self.items.clone();
                self.leave();
                self.items = copies;
            }
            Some(_) | None => self.record = None,
        }
    }
}
