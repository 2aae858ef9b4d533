//! The shared stores of this process, by component and key: made once however many mount at the same time, kept for a
//! while after the last one has left.
use crate::{failure::Failure, host::Host, limits::Limits, store::Store};
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard},
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
    /// Counts how often nobody held it, so that a later idle time is not cut short by an earlier one's end.
    idle_times: u64,
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
        if entries.len() >= self.limits.shared_stores && !entries.contains_key(&key) {
            return Err(Failure::TooMany("shared stores"));
        }
        let entry = entries.entry(key.clone());
        let entry = entry.or_insert_with(|| Entry { store: Arc::default(), holds: 0, idle_times: 0 });
        entry.holds += 1;
        Ok(Hold { directory: self.clone(), key, cell: entry.store.clone() })
    }
    fn drop_if_idle(&self, key: &Key, idle_time: u64) {
        let mut entries = self.lock();
        let is_idle = entries.get(key).is_some_and(|entry| entry.holds == 0 && entry.idle_times == idle_time);
        let entry = if is_idle { entries.remove(key) } else { None };
        // A user's `Drop` runs without the lock.
        drop(entries);
        drop(entry);
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
        entry.idle_times += 1;
        let (idle_time, key) = (entry.idle_times, self.key.clone());
        if !entry.store.initialized() {
            entries.remove(&key);
            return;
        }
        drop(entries);
        let (host, directory) = (directory.host.clone(), Arc::downgrade(directory));
        self.directory.host.spawn(Box::pin(async move {
            let Some(grace) = directory.upgrade().map(|directory| directory.limits.shared_grace) else {
                return;
            };
            host.sleep(grace).await;
            if let Some(directory) = directory.upgrade() {
                directory.drop_if_idle(&key, idle_time);
            }
        }));
    }
}
