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

/// What a struct around a [`Tracked`] does as its contents would, and what it does as a
/// [`LiveValue`](crate::value::LiveValue): another collection than the shadow's is sent as a whole.
macro_rules! collection {
    ([$($generics:tt)*] $ty:ty, $record:ty, $items:ty) => {
        impl<$($generics)*> $crate::value::LiveValue for $ty {
            type Shadow = ::std::sync::Arc<$crate::tracked::Home<$record>>;
            fn shadow(&mut self) -> Self::Shadow {
                self.0.shadow()
            }
            fn diff(&self, shadow: &Self::Shadow, at: &$crate::ops::Path, ops: &mut $crate::ops::Ops) {
                if !self.0.diff(shadow, at, ops) {
                    ops.set(at, self);
                }
            }
            fn accept(&mut self, shadow: &mut Self::Shadow) {
                self.0.accept(shadow);
            }
            fn evict(&mut self, shadow: &mut Self::Shadow) -> bool {
                self.0.evict(shadow)
            }
            fn restore(&mut self, shadow: &mut Self::Shadow) -> Result<(), $crate::value::Lost> {
                self.0.restore(shadow)
            }
            fn detach(&mut self) {
                self.0.detach();
            }
        }
        impl<$($generics)*> Default for $ty {
            fn default() -> Self {
                Self::new()
            }
        }
        /// The copy records nothing until it is part of a component.
        impl<$($generics)*> Clone for $ty {
            fn clone(&self) -> Self {
                Self($crate::tracked::Tracked::new(self.0.items().clone()))
            }
        }
        impl<$($generics)*> ::std::fmt::Debug for $ty where $items: ::std::fmt::Debug {
            fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
                self.0.items().fmt(f)
            }
        }
        impl<$($generics)*> PartialEq for $ty where $items: PartialEq {
            fn eq(&self, other: &Self) -> bool {
                self.0.items() == other.0.items()
            }
        }
        impl<$($generics)*> Eq for $ty where $items: Eq {}
        #[allow(clippy::non_canonical_partial_ord_impl, reason = "not every item is `Ord`")]
        impl<$($generics)*> PartialOrd for $ty where $items: PartialOrd {
            fn partial_cmp(&self, other: &Self) -> Option<::std::cmp::Ordering> {
                self.0.items().partial_cmp(other.0.items())
            }
        }
        impl<$($generics)*> Ord for $ty where $items: Ord {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.0.items().cmp(other.0.items())
            }
        }
        impl<$($generics)*> ::std::hash::Hash for $ty where $items: ::std::hash::Hash {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.0.items().hash(state);
            }
        }
        impl<$($generics)*> ::serde::Serialize for $ty {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.items().serialize(serializer)
            }
        }
    };
}
pub(crate) use collection;

/// `==` with what is not recorded, in both directions.
macro_rules! equal_to {
    ($([$($generics:tt)*] $ty:ty: $other:ty),* $(,)?) => { $(
        impl<$($generics)*> PartialEq<$other> for $ty {
            fn eq(&self, other: &$other) -> bool {
                self.0.items() == other
            }
        }
        impl<$($generics)*> PartialEq<$ty> for $other {
            fn eq(&self, other: &$ty) -> bool {
                other == self
            }
        }
    )* };
}
pub(crate) use equal_to;
