//! The shared stores of this process, by component and key: made once however many mount at the same time, kept for a
//! while after the last one has left.
use crate::{failure::Failure, guard::guarded, host::Host, limits::Limits, store::Store};
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::sync::OnceCell;

/// A component's name and an instance's key.
pub(crate) type Key = (&'static str, Box<str>);

pub(crate) struct Directory {
    entries: Mutex<Entries>,
    host: Arc<dyn Host>,
    limits: Arc<Limits>,
}

#[derive(Default)]
struct Entries {
    by_key: HashMap<Key, Entry>,
    /// A task waits for the end of an idle time.
    is_swept: bool,
}

struct Entry {
    store: Arc<OnceCell<Arc<Store>>>,
    holds: usize,
    /// Since when nobody holds it, by the host's clock; None while somebody does.
    idle_since: Option<Duration>,
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
        self.lock().by_key.len()
    }
    /// The store of this key, if there is one.
    pub(crate) fn get(&self, name: &'static str, key: &str) -> Option<Arc<Store>> {
        let entries = self.lock();
        let store = entries.by_key.get(&(name, key.into()))?.store.get()?;
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
        let by_key = &mut entries.by_key;
        let mut gone = Vec::new();
        if by_key.get(&key).is_some_and(Entry::has_failed) {
            gone.extend(by_key.remove(&key));
        }
        if by_key.len() >= self.limits.shared_stores && !by_key.contains_key(&key) {
            let idle = by_key.iter().filter_map(|(key, entry)| Some((entry.idle_since?, key)));
            let longest = idle.min_by_key(|(since, _)| *since).map(|(_, key)| key.clone());
            gone.extend(by_key.remove(&longest.ok_or(Failure::TooMany("shared stores"))?));
        }
        let new = || Entry { store: Arc::default(), holds: 0, idle_since: None };
        let entry = by_key.entry(key.clone()).or_insert_with(new);
        entry.holds += 1;
        entry.idle_since = None;
        let hold = Hold { directory: self.clone(), key, cell: entry.store.clone() };
        drop(entries);
        discard(gone);
        Ok(hold)
    }
    /// Drops the stores whose idle time is over. Some: how long the next one still has.
    fn sweep(&self) -> Option<Duration> {
        let (now, grace) = (self.host.now(), self.limits.shared_grace);
        let left = |since: Duration| grace.saturating_sub(now.saturating_sub(since));
        let mut entries = self.lock();
        let is_over = |entry: &Entry| entry.idle_since.is_some_and(|since| left(since).is_zero());
        let gone = entries.by_key.extract_if(|_, entry| is_over(entry)).map(|(_, entry)| entry).collect();
        let next = entries.by_key.values().filter_map(|entry| entry.idle_since).map(left).min();
        entries.is_swept = next.is_some();
        drop(entries);
        discard(gone);
        // Not for each of ten thousand on its own.
        next.map(|next| next.max(grace.min(Duration::from_secs(1))))
    }
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().expect("no code panics while it holds the directory")
    }
}

impl Entry {
    fn has_failed(&self) -> bool {
        self.store.get().is_some_and(|store| store.has_failed())
    }
}

/// Drops stores: a user's `Drop` runs without the lock, and may panic.
fn discard(gone: Vec<Entry>) {
    for entry in gone {
        if let Err(failure) = guarded(move || drop(entry)) {
            tracing::error!(?failure, "a component panicked while it was dropped");
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let directory = &self.directory;
        let mut entries = directory.lock();
        // Another entry has taken its place if this one's store has failed.
        let by_key = &mut entries.by_key;
        let Some(entry) = by_key.get_mut(&self.key).filter(|entry| Arc::ptr_eq(&entry.store, &self.cell))
        else {
            return;
        };
        entry.holds -= 1;
        if entry.holds > 0 {
            return;
        }
        if !entry.store.initialized() {
            by_key.remove(&self.key);
            return;
        }
        entry.idle_since = Some(directory.host.now());
        // One task for all stores, however often they are left.
        if std::mem::replace(&mut entries.is_swept, true) {
            return;
        }
        drop(entries);
        let (host, directory) = (directory.host.clone(), Arc::downgrade(directory));
        let grace = self.directory.limits.shared_grace;
        self.directory.host.spawn(Box::pin(async move {
            host.sleep(grace).await;
            while let Some(next) = directory.upgrade().and_then(|directory| directory.sweep()) {
                host.sleep(next).await;
            }
        }));
    }
}
