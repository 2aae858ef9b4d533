//! One place of a map, looked up once: what is there, or room for it.
use super::record::Record;
use crate::{
    tracked::Tracked,
    value::{LiveValue, MapKey},
};

/// A place in a [`Map`](super::Map), from its `entry`. Each method costs and sends what the map's own does; a place that is
/// only looked at sends nothing.
pub enum Entry<'a, K: MapKey, V: LiveValue> {
    /// There is a value.
    Occupied(OccupiedEntry<'a, K, V>),
    /// There is none.
    Vacant(VacantEntry<'a, K, V>),
}

/// A place with a value.
pub struct OccupiedEntry<'a, K: MapKey, V: LiveValue> {
    map: &'a mut Tracked<Record<K, V>>,
    key: K,
}

/// A place without one.
pub struct VacantEntry<'a, K: MapKey, V: LiveValue> {
    map: &'a mut Tracked<Record<K, V>>,
    key: K,
}

impl<'a, K: MapKey, V: LiveValue> Entry<'a, K, V> {
    pub(super) fn new(map: &'a mut Tracked<Record<K, V>>, key: K) -> Self {
        match map.items().contains_key(&key) {
            true => Entry::Occupied(OccupiedEntry { map, key }),
            false => Entry::Vacant(VacantEntry { map, key }),
        }
    }
    /// The key.
    pub fn key(&self) -> &K {
        match self {
            Entry::Occupied(entry) => entry.key(),
            Entry::Vacant(entry) => entry.key(),
        }
    }
    /// Lets `change` touch the value that is there, if there is one.
    ///
    /// ```
    /// # use fluxstack_live_core::map::Map;
    /// let mut votes: Map<String, i64> = Map::new();
    /// for name in ["ana", "bo", "ana"] {
    ///     votes.entry(name.into()).and_modify(|n| *n += 1).or_insert(1);
    /// }
    /// assert_eq!(votes["ana"], 2);
    /// ```
    pub fn and_modify(mut self, change: impl FnOnce(&mut V)) -> Self {
        if let Entry::Occupied(entry) = &mut self {
            change(entry.get_mut());
        }
        self
    }
    /// The value, to be changed; `default` comes in if there is none.
    pub fn or_insert(self, default: V) -> &'a mut V {
        self.or_insert_with(|| default)
    }
    /// The same, and `default` is only made if there is none.
    pub fn or_insert_with(self, default: impl FnOnce() -> V) -> &'a mut V {
        self.or_insert_with_key(|_| default())
    }
    /// The same, made of the key.
    pub fn or_insert_with_key(self, default: impl FnOnce(&K) -> V) -> &'a mut V {
        match self {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let value = default(entry.key());
                entry.insert(value)
            }
        }
    }
    /// The same with the type's default.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
    /// Puts a value there.
    pub fn insert_entry(self, value: V) -> OccupiedEntry<'a, K, V> {
        let (Entry::Occupied(OccupiedEntry { map, key }) | Entry::Vacant(VacantEntry { map, key })) = self;
        map.insert(key.clone(), value);
        OccupiedEntry { map, key }
    }
}

impl<'a, K: MapKey, V: LiveValue> OccupiedEntry<'a, K, V> {
    pub(super) fn new(map: &'a mut Tracked<Record<K, V>>, key: K) -> Self {
        OccupiedEntry { map, key }
    }
    /// The key.
    pub fn key(&self) -> &K {
        &self.key
    }
    /// The value.
    pub fn get(&self) -> &V {
        self.map.items().get(&self.key).expect("the place is occupied")
    }
    /// The value, to be changed.
    pub fn get_mut(&mut self) -> &mut V {
        self.map.get_mut(&self.key).expect("the place is occupied")
    }
    /// The same, for as long as the map is borrowed.
    pub fn into_mut(self) -> &'a mut V {
        self.map.get_mut(&self.key).expect("the place is occupied")
    }
    /// Puts another value there and returns what was.
    pub fn insert(&mut self, value: V) -> V {
        self.map.insert(self.key.clone(), value).expect("the place is occupied")
    }
    /// Takes the value out.
    pub fn remove(self) -> V {
        self.remove_entry().1
    }
    /// Takes key and value out.
    pub fn remove_entry(self) -> (K, V) {
        self.map.remove_entry(&self.key).expect("the place is occupied")
    }
}

impl<'a, K: MapKey, V: LiveValue> VacantEntry<'a, K, V> {
    /// The key.
    pub fn key(&self) -> &K {
        &self.key
    }
    /// The key, and nothing comes in.
    pub fn into_key(self) -> K {
        self.key
    }
    /// Puts a value there.
    pub fn insert(self, value: V) -> &'a mut V {
        self.map.insert(self.key.clone(), value);
        self.map.get_mut(&self.key).expect("just put there")
    }
}
