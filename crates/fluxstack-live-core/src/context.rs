//! What an action may do besides changing its state. It lives as long as its instance and owns the shadow, so that
//! committing in the middle of an action needs no lifetime.
use crate::{
    component::{Computes, Emits},
    event::{Event, Events},
    failure::Failure,
    host::BoxFuture,
    jobs::Job,
    store::Store,
    value::WireType,
    visitor::Visitor,
};
use std::{
    any::{Any, TypeId, type_name},
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError, Weak},
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
    /// Some for `mount`: what it has spawned.
    pub(crate) beginnings: Option<Arc<Mutex<Option<Vec<Beginning>>>>>,
}

/// A job of a component whose store is not made yet.
pub(crate) struct Beginning {
    pub(crate) of: TypeId,
    pub(crate) component: &'static str,
    pub(crate) begin: Box<dyn FnOnce(Weak<Store>) -> BoxFuture<'static, ()> + Send>,
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
    /// Told since the last commit.
    events: Events,
    /// Spawned since the last commit. In a mutex that nobody waits for: `&Context` may be held across an `.await`.
    jobs: Mutex<Vec<Job>>,
    /// None when other code of the server changes the store.
    visitor: Option<Arc<Visitor>>,
    /// The reader that asked for the transaction of the moment, if one did.
    asked: Option<u64>,
    states: Arc<States>,
    pub(crate) store: Weak<Store>,
    /// Where the component is while a transaction is at it.
    address: usize,
    /// Some once the transaction of the moment cannot be committed any more, and why.
    pub(crate) ended: Option<Failure>,
    /// The shadow knows only a part of a commit that was made, and of that there is no way back: it has ended.
    pub(crate) is_lost: bool,
}

impl<C: Computes> Context<C> {
    pub(crate) fn new(
        shadow: C::Shadow,
        computed: C::Computed,
        states: Arc<States>,
        store: Weak<Store>,
    ) -> Self {
        Context {
            shadow,
            computed,
            computed_next: None,
            events: Events::default(),
            jobs: Mutex::default(),
            visitor: None,
            asked: None,
            states,
            store,
            address: 0,
            ended: None,
            is_lost: false,
        }
    }
    /// A transaction of this visitor begins, for which this reader has asked.
    pub(crate) fn begin(&mut self, component: &C, visitor: Option<Arc<Visitor>>, asked: Option<u64>) {
        self.visitor = visitor;
        self.asked = asked;
        self.address = std::ptr::from_ref(component).addr();
        self.ended = None;
    }
    /// Whether it is the context of this very component.
    pub(crate) fn is_of(&self, component: &C) -> bool {
        std::ptr::from_ref(component).addr() == self.address
    }
    /// What is computed of the state, as its readers know it or are about to.
    pub(crate) fn shown(&self) -> &C::Computed {
        self.computed_next.as_ref().unwrap_or(&self.computed)
    }
    /// Takes what was told since the last commit.
    pub(crate) fn take_events(&mut self) -> Result<Vec<Event>, Failure> {
        let events = mem::take(&mut self.events);
        events.finish(self.asked).map_err(|e| Failure::Internal(format!("an event: {e}")))
    }
    /// Takes what was spawned since the last commit.
    pub(crate) fn take_jobs(&mut self) -> Vec<Job> {
        mem::take(self.jobs())
    }
    pub(crate) fn jobs(&mut self) -> &mut Vec<Job> {
        self.jobs.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
    /// Forgets what was told, spawned and computed since the last commit.
    pub(crate) fn forget(&mut self) {
        self.computed_next = None;
        self.events = Events::default();
        Job::discard(self.take_jobs());
    }

    /// Tells everyone who has mounted the store, once, when the action has succeeded or [flushes](Context::flush): after
    /// the change it comes with, in
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
    /// Lets the caller's page show the value that this bindable field now has, whatever is being typed there. A page keeps
    /// what its user types into a focused field; an action that overrules that, such as one that empties the draft it has
    /// just sent, changes the field and says so:
    ///
    /// ```
    /// # extern crate fluxstack_live_core as fluxstack_live;
    /// # use fluxstack_live::{actions::MountError, context::Context};
    /// # use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
    /// # #[live_type] struct Nothing {}
    /// #[derive(LiveComponent, Default)]
    /// struct Chat {
    ///     #[live(bind)]
    ///     draft: String,
    ///     #[live]
    ///     said: Vec<String>,
    /// }
    ///
    /// #[live_actions]
    /// impl Chat {
    /// #   fn mount(_props: Nothing) -> Result<Self, MountError> { Ok(Chat::default()) }
    ///     async fn send(&mut self, cx: &mut Context<Self>) {
    ///         self.said.push(std::mem::take(&mut self.draft));
    ///         cx.force("draft");
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// `field` is its name in Rust or in the browser. Only the component that made the call hears of it, once, with the
    /// commit; the others see the change and keep what is typed there. A change that other code of the server makes has no
    /// caller, and then this does nothing.
    ///
    /// # Panics
    /// If it is no field that a client may set. The action is rolled back and fails with code `internal`.
    pub fn force(&mut self, field: &str) {
        let named = C::BINDABLE.iter().find(|(name, wire)| *name == field || *wire == field);
        let Some((_, wire)) = named else {
            panic!("`{}` has no field `{field}` that a client may set; mark it `#[live(bind)]`", C::NAME)
        };
        self.events.force(wire);
    }
    /// Who called the action; None if other code of the server changes the store, such as a job.
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
