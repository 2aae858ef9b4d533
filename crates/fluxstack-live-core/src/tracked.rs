//! What collections that record have in common: their contents, the record while somebody holds a shadow, and the home
//! that both share.
//!
//! A shadow is only an identity. A collection that is dropped or taken apart while its shadow may still need it leaves its
//! contents at home; going back, whoever stands in its place makes room, and it comes home. So a whole collection can be
//! assigned over, taken or swapped, and an action that fails still finds everything.
use crate::{
    ops::{Ops, Path},
    value::Lost,
};
use std::{
    mem,
    sync::{Arc, OnceLock},
};

/// What was done to a collection since the last commit: what to tell a reader, and the steps back.
pub trait Record: Default + Send + Sync {
    /// What the collection holds.
    type Items: Default + Clone + Send + Sync;
    /// Whether it holds nothing.
    fn is_empty(items: &Self::Items) -> bool;
    /// Writes what was done.
    fn diff(&self, items: &Self::Items, at: &Path, ops: &mut Ops);
    /// It was committed: forgets it.
    fn accept(&mut self, items: &mut Self::Items);
    /// Evicts from its parts what does not belong there. True if something moved.
    fn evict(&mut self, items: &mut Self::Items) -> bool;
    /// Undoes it.
    fn restore(&mut self, items: &mut Self::Items) -> Result<(), Lost>;
}

/// A collection that records.
pub(crate) struct Tracked<R: Record> {
    items: R::Items,
    /// Some while somebody holds a shadow of it.
    recording: Option<Box<Recording<R>>>,
}

struct Recording<R: Record> {
    home: Arc<Home<R>>,
    record: R,
}

/// Where a collection leaves its contents, for its shadow.
pub struct Home<R: Record>(OnceLock<(R::Items, R)>);

impl<R: Record> Tracked<R> {
    pub(crate) fn new(items: R::Items) -> Self {
        Tracked { items, recording: None }
    }
    pub(crate) fn items(&self) -> &R::Items {
        &self.items
    }
    /// The contents, and the record that is to know what happens to them.
    pub(crate) fn parts(&mut self) -> (&mut R::Items, Option<&mut R>) {
        // One that was moved to where no shadow knows it would record for ever.
        if self.recording.as_ref().is_some_and(|recording| !recording.is_needed()) {
            self.recording = None;
        }
        (&mut self.items, self.recording.as_mut().map(|recording| &mut recording.record))
    }
    /// The contents; copies, while somebody may still need the originals.
    pub(crate) fn into_items(mut self) -> R::Items {
        self.detach();
        mem::take(&mut self.items)
    }
    pub(crate) fn shadow(&mut self) -> Arc<Home<R>> {
        self.detach();
        let home = Arc::new(Home(OnceLock::new()));
        self.recording = Some(Box::new(Recording { home: home.clone(), record: R::default() }));
        home
    }
    /// Writes what was done since the shadow was taken. False if this is another collection than the shadow's.
    pub(crate) fn diff(&self, home: &Arc<Home<R>>, at: &Path, ops: &mut Ops) -> bool {
        let recording = self.recording.as_ref().filter(|recording| Arc::ptr_eq(&recording.home, home));
        recording.inspect(|recording| recording.record.diff(&self.items, at, ops)).is_some()
    }
    pub(crate) fn accept(&mut self, home: &mut Arc<Home<R>>) {
        match self.at(home) {
            Some((items, record)) => record.accept(items),
            None => *home = self.shadow(),
        }
    }
    pub(crate) fn evict(&mut self, home: &mut Arc<Home<R>>) -> bool {
        let mut has_moved = false;
        if self.at(home).is_none() {
            // Whatever stands here may be another's original, which goes to its own home with this.
            has_moved = self.recording.is_some() || !R::is_empty(&self.items);
            self.leave();
            self.items = R::Items::default();
            if let Some((items, record)) = Arc::get_mut(home).and_then(|home| home.0.take()) {
                self.items = items;
                self.recording = Some(Box::new(Recording { home: home.clone(), record }));
                has_moved = true;
            }
        }
        has_moved | self.at(home).is_some_and(|(items, record)| record.evict(items))
    }
    pub(crate) fn restore(&mut self, home: &Arc<Home<R>>) -> Result<(), Lost> {
        let (items, record) = self.at(home).ok_or(Lost)?;
        record.restore(items)
    }
    /// Stops recording. If somebody may still need the originals, they go home, and copies stay here.
    pub(crate) fn detach(&mut self) {
        if self.recording.as_ref().is_some_and(|recording| recording.is_needed()) {
            let copies = self.items.clone();
            self.leave();
            self.items = copies;
        }
        self.recording = None;
    }
    /// The contents and the record, if this is the shadow's collection.
    fn at(&mut self, home: &Arc<Home<R>>) -> Option<(&mut R::Items, &mut R)> {
        let recording = self.recording.as_mut().filter(|recording| Arc::ptr_eq(&recording.home, home))?;
        Some((&mut self.items, &mut recording.record))
    }
    /// Stops recording. If somebody may still need the contents, they go home.
    fn leave(&mut self) {
        let Some(recording) = self.recording.take() else { return };
        if recording.is_needed() {
            // It is empty: only the one collection with this home fills it, and then has it no more.
            let _ = recording.home.0.set((mem::take(&mut self.items), recording.record));
        }
    }
}

impl<R: Record> Recording<R> {
    /// Whether a shadow may still need the contents.
    fn is_needed(&self) -> bool {
        Arc::strong_count(&self.home) > 1
    }
}

impl<R: Record> Drop for Tracked<R> {
    fn drop(&mut self) {
        self.leave();
    }
}
