//! The shared stores of this process, by component and key: made once however many mount at the same time, kept for a
//! while after the last one has left.
use crate::{failure::Failure, host::Host, limits::Limits, store::Store};
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, Weak},
    time::Duration,
};
use tokio::sync::OnceCell;

/// A component's name and an instance's key.
pub(crate) type Key = (&'static str, Box<str>);

pub(crate) struct Directory {
    entries: Mutex<HashMap<Key, Entry>>,
    host: Arc<dyn Host>,
    limits: Arc<Limits>,
}

struct Entry {
    store: Arc<OnceCell<Arc<Store>>>,
    holds: usize,
    /// Since when nobody holds it, by the host's clock; None while somebody does.
    idle_since: Option<Duration>,
    /// A task waits for the end of its idle time.
    is_watched: bool,
}

/// Someone has mounted a shared store; dropped, it is one less.
pub(crate) struct Hold {
    directory: Arc<Directory>,
    key: Key,
    cell: Arc<OnceCell<Arc<Store>>>,
}

impl Directory {
    pub(crate) fn new(host: Arc<dyn Host>, limits: Arc<Limits>) -> Arc<Self> {
        Arc::new(Directory { entries: Mutex::default(), host, limits })
    }
    /// How many stores there are, the idle ones included.
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }
    /// The store of this key, if there is one.
    pub(crate) fn get(&self, name: &'static str, key: &str) -> Option<Arc<Store>> {
        let entries = self.lock();
        let store = entries.get(&(name, key.into()))?.store.get()?;
        (!store.has_failed()).then(|| store.clone())
    }
    /// The store of this key; made by `make` if there is none. Of several at the same time one makes it, the others wait.
    pub(crate) async fn hold<F: Future<Output = Result<Arc<Store>, Failure>>>(
        self: &Arc<Self>,
        key: Key,
        make: impl FnOnce() -> F,
    ) -> Result<(Arc<Store>, Hold), Failure> {
        let hold = self.enter(key)?;
        let store = hold.cell.get_or_try_init(make).await?.clone();
        Ok((store, hold))
    }
    fn enter(self: &Arc<Self>, key: Key) -> Result<Hold, Failure> {
        let mut entries = self.lock();
        if entries.get(&key).is_some_and(|entry| entry.store.get().is_some_and(|store| store.has_failed())) {
            entries.remove(&key);
        }
        let mut evicted = None;
        if entries.len() >= self.limits.shared_stores && !entries.contains_key(&key) {
            let idle = entries.iter().filter_map(|(key, entry)| Some((entry.idle_since?, key)));
            let longest = idle.min_by_key(|(since, _)| *since).map(|(_, key)| key.clone());
            evicted = entries.remove(&longest.ok_or(Failure::TooMany("shared stores"))?);
        }
        let new = || Entry { store: Arc::default(), holds: 0, idle_since: None, is_watched: false };
        let entry = entries.entry(key.clone()).or_insert_with(new);
        entry.holds += 1;
        entry.idle_since = None;
        let cell = entry.store.clone();
        // A user's `Drop` runs without the lock.
        drop(entries);
        drop(evicted);
        Ok(Hold { directory: self.clone(), key, cell })
    }
    /// Drops a store whose idle time is over. Some: how long that still takes.
    fn drop_if_idle(&self, key: &Key) -> Option<Duration> {
        let mut entries = self.lock();
        let entry = entries.get_mut(key)?;
        let Some(since) = entry.idle_since else {
            entry.is_watched = false;
            return None;
        };
        let left = (since + self.limits.shared_grace).saturating_sub(self.host.now());
        if !left.is_zero() {
            return Some(left);
        }
        let entry = entries.remove(key);
        // A user's `Drop` runs without the lock.
        drop(entries);
        drop(entry);
        None
    }
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Entry>> {
        self.entries.lock().expect("no code panics while it holds the directory")
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let directory = &self.directory;
        let mut entries = directory.lock();
        // Another entry has taken its place if this one's store has failed.
        let Some(entry) = entries.get_mut(&self.key).filter(|entry| Arc::ptr_eq(&entry.store, &self.cell))
        else {
            return;
        };
        entry.holds -= 1;
        if entry.holds > 0 {
            return;
        }
        if !entry.store.initialized() {
            entries.remove(&self.key);
            return;
        }
        entry.idle_since = Some(directory.host.now());
        // One task a store, however often it is left.
        if std::mem::replace(&mut entry.is_watched, true) {
            return;
        }
        drop(entries);
        directory.host.spawn(Box::pin(watch(
            directory.host.clone(),
            Arc::downgrade(directory),
            self.key.clone(),
        )));
    }
}

/// Drops a store when nobody has held it for a while.
async fn watch(host: Arc<dyn Host>, directory: Weak<Directory>, key: Key) {
    while let Some(left) = directory.upgrade().and_then(|directory| directory.drop_if_idle(&key)) {
        host.sleep(left).await;
    }
}
