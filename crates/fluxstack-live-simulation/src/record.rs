//! What the server's components did, written down outside of every store: it survives crashes.
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Record(Arc<Mutex<Notes>>);

#[derive(Default)]
pub(crate) struct Notes {
    /// How often each order ran.
    runs: BTreeMap<String, u32>,
    /// The lives of stores: each mount begins one.
    lives: BTreeMap<String, Life>,
    /// How often a server was started.
    pub(crate) server: u32,
    /// What may not be, in the order found.
    pub(crate) wrong: Vec<String>,
}

/// One store, from its mount on.
pub(crate) struct Life {
    /// In which life of the server.
    pub(crate) server: u32,
    /// The entries that are known to be committed.
    pub(crate) entries: Vec<String>,
}

impl Record {
    pub(crate) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// A store begins; its name.
    pub(crate) fn begin(&self, kind: &str) -> String {
        let mut notes = self.notes();
        let (name, server) = (format!("{kind}{}", notes.lives.len()), notes.server);
        notes.lives.insert(name.clone(), Life { server, entries: Vec::new() });
        name
    }
    /// An order runs in a store that holds these entries.
    pub(crate) fn run(&self, life: &str, order: &str, entries: impl Iterator<Item = String>) {
        let mut notes = self.notes();
        let runs = notes.runs.entry(order.to_owned()).or_default();
        *runs += 1;
        if *runs > 1 {
            notes.wrong.push(format!("I4: `{order}` ran twice"));
        }
        notes.committed(life, &entries.collect::<Vec<_>>());
    }
}

impl Notes {
    pub(crate) fn ran(&self, order: &str) -> bool {
        self.runs.contains_key(order)
    }
    pub(crate) fn life(&self, life: &str) -> Option<&Life> {
        self.lives.get(life)
    }
    /// These entries were seen committed: what was seen before them is their beginning, or they are its.
    pub(crate) fn committed(&mut self, life: &str, entries: &[String]) {
        let Some(known) = self.lives.get_mut(life) else {
            return self.wrong.push(format!("I2: nobody knows the life `{life}`"));
        };
        let both = known.entries.len().min(entries.len());
        if known.entries[..both] != entries[..both] {
            let text = format!("I2: `{life}` held {:?} and holds {entries:?}", known.entries);
            return self.wrong.push(text);
        }
        known.entries.extend_from_slice(&entries[both..]);
    }
}
