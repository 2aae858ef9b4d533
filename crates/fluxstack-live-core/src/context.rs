//! What an action may do besides changing its state. It lives as long as its instance and owns the shadow, so that
//! committing in the middle of an action needs no lifetime.
use crate::{
    component::{Computes, Emits},
    event::Events,
    value::WireType,
    visitor::Visitor,
};
use std::{
    any::{Any, TypeId, type_name},
    collections::HashMap,
    sync::Arc,
};

/// The application's own state, by type: pools, handles, configuration.
#[derive(Default)]
pub struct States {
    by_type: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
}

impl States {
    /// Adds a value; true if one of its type was there, which it replaces.
    pub fn insert<T: Send + Sync + 'static>(&mut self, state: T) -> bool {
        self.by_type.insert(TypeId::of::<T>(), Box::new(state)).is_some()
    }
    fn get<T: Send + Sync + 'static>(&self) -> &T {
        let state = self.by_type.get(&TypeId::of::<T>()).and_then(|state| state.downcast_ref());
        let ty = type_name::<T>();
        state.unwrap_or_else(|| {
            panic!("there is no state of type `{ty}`; add `.state(..)` to Live::builder()")
        })
    }
}

/// What `mount`, `key` and `authorize` may ask.
#[derive(Clone)]
pub struct MountContext {
    pub(crate) visitor: Arc<Visitor>,
    pub(crate) states: Arc<States>,
}

impl MountContext {
    /// Who mounts the component.
    pub fn visitor(&self) -> &Visitor {
        &self.visitor
    }
    /// The application's own state of this type.
    ///
    /// # Panics
    /// If none was given to `Live::builder().state(..)`. The mount fails with code `internal`.
    pub fn state<T: Send + Sync + 'static>(&self) -> &T {
        self.states.get()
    }
}

/// What an action may do besides changing its state.
pub struct Context<C: Computes> {
    pub(crate) shadow: C::Shadow,
    /// As its readers know them.
    pub(crate) computed: C::Computed,
    /// Some from the end of a transaction until it is committed or undone: what its readers will know.
    pub(crate) computed_next: Option<C::Computed>,
    /// Told by the transaction of the moment.
    pub(crate) events: Events,
    /// None when other code of the server changes the store.
    pub(crate) visitor: Option<Arc<Visitor>>,
    pub(crate) states: Arc<States>,
}

impl<C: Computes> Context<C> {
    /// Tells everyone who has mounted the store, once, when the action has succeeded: after the change it comes with, in
    /// the order of the commits. It has no place in the state; who mounts later, or was away for too long, never hears
    /// of it.
    ///
    /// The component declares its events: `#[live(events(MessageReceived))]` tells `MESSAGE_RECEIVED`. What an action
    /// tells counts towards the size of its commit.
    pub fn broadcast<E: WireType>(&mut self, event: E)
    where
        C: Emits<E>,
    {
        self.events.tell(C::EVENT, &event);
    }
    /// Who called the action; None if other code of the server changes the store.
    pub fn visitor(&self) -> Option<&Visitor> {
        self.visitor.as_deref()
    }
    /// The application's own state of this type.
    ///
    /// # Panics
    /// If none was given to `Live::builder().state(..)`. The action is rolled back and fails with code `internal`.
    pub fn state<T: Send + Sync + 'static>(&self) -> &T {
        self.states.get()
    }
}
