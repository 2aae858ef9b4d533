//! The registered components, the shared stores, and the application's state: what all sessions of a process share.
use crate::{
    actions::LiveActions,
    attendance::Attendance,
    context::{Context, MountContext, States},
    directory::Directory,
    failure::Failure,
    host::Host,
    limits::Limits,
    quota::{Quota, Share},
    registry::{Found, Grounds, Registry},
    schema::Schema,
    shape,
    store::Store,
    typescript,
    update::update,
    visitor::Visitor,
};
use fluxstack_live_protocol::compact::Shape;
use std::{collections::BTreeMap, marker::PhantomData, sync::Arc};

pub use crate::update::UpdateError;

/// What all sessions of a process share.
pub struct Engine {
    registry: Registry,
    attendance: Arc<Attendance>,
    quota: Quota,
    grounds: Grounds,
    states: Arc<States>,
    schema: String,
    shapes: BTreeMap<&'static str, Arc<Shape>>,
}

/// Collects what an [`Engine`] is made of.
#[derive(Default)]
pub struct Builder {
    registry: Registry,
    states: States,
    limits: Limits,
    /// Names that two components claim.
    conflicts: Vec<&'static str>,
}

/// Why an engine could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Two component types have the same name.
    #[error("two components are named `{0}`; give one of them another name: `#[live(name = \"..\")]`")]
    NameInUse(&'static str),
}

impl Builder {
    /// Registers a component.
    pub fn component<C: LiveActions>(&mut self) {
        if !self.registry.register::<C>() {
            self.conflicts.push(C::NAME);
        }
    }
    /// Adds application state, reached by its type.
    pub fn state<T: Send + Sync + 'static>(&mut self, state: T) {
        self.states.insert(state);
    }
    /// Replaces the default limits.
    pub fn limits(&mut self, limits: Limits) {
        self.limits = limits;
    }
    /// The engine.
    pub fn build(self, host: Arc<dyn Host>) -> Result<Arc<Engine>, BuildError> {
        if let Some(name) = self.conflicts.first() {
            return Err(BuildError::NameInUse(name));
        }
        let limits = Arc::new(self.limits);
        let directory = Directory::new(host.clone(), limits.clone());
        let attendance = Attendance::new(host.clone(), limits.clone());
        let description = self.registry.schema();
        let (schema, shapes) = (typescript::hash(&description), shape::shapes(&description));
        let grounds = Grounds { directory, host, limits };
        let (registry, states) = (self.registry, Arc::new(self.states));
        Ok(Arc::new(Engine {
            registry,
            attendance,
            quota: Quota::default(),
            grounds,
            states,
            schema,
            shapes,
        }))
    }
}

impl Engine {
    /// The limits it was built with.
    pub fn limits(&self) -> &Limits {
        &self.grounds.limits
    }
    /// The world around it.
    pub fn host(&self) -> &Arc<dyn Host> {
        &self.grounds.host
    }
    /// What the components take, show and tell.
    pub fn description(&self) -> Schema {
        self.registry.schema()
    }
    /// A hash of that: another one as soon as a client would be told other types.
    pub fn schema(&self) -> &str {
        &self.schema
    }
    /// What of a component travels by places to a client that has the same schema.
    pub fn shape(&self, component: &str) -> Option<&Arc<Shape>> {
        self.shapes.get(component)
    }
    pub(crate) fn attendance(&self) -> &Arc<Attendance> {
        &self.attendance
    }
    /// A visitor's right to mount one more component.
    pub(crate) fn share(&self, visitor: &Visitor) -> Result<Share, Failure> {
        let share = self.quota.take(visitor.id(), self.limits().components_per_visitor);
        share.ok_or(Failure::TooMany("components of this visitor"))
    }
    /// How many shared stores there are, those included that nobody has mounted and that still wait for someone.
    pub fn shared_stores(&self) -> usize {
        self.grounds.directory.len()
    }
    /// The shared store of a component and key.
    pub fn store<C: LiveActions>(&self, key: impl Into<String>) -> StoreHandle<C> {
        assert!(
            self.registry.has::<C>(),
            "the component `{}` is not registered; add `.component::<{}>()` to Live::builder()",
            C::NAME,
            std::any::type_name::<C>(),
        );
        StoreHandle { directory: self.grounds.directory.clone(), key: key.into(), of: PhantomData }
    }
    pub(crate) async fn mount(
        &self,
        name: &str,
        props: Box<str>,
        visitor: Arc<Visitor>,
    ) -> Result<Found, Failure> {
        let shape = self.shape(name).ok_or(Failure::UnknownComponent)?.clone();
        let cx = MountContext { visitor, states: self.states.clone(), beginnings: None };
        self.registry.mount(self.grounds.clone(), shape, cx, name, props).await
    }
}

/// Reaches a shared store from outside any session: from an HTTP handler, a webhook, a timer.
pub struct StoreHandle<C> {
    directory: Arc<Directory>,
    key: String,
    of: PhantomData<fn(&mut C)>,
}

impl<C: LiveActions> StoreHandle<C> {
    /// One transaction, committed when `change` returns and shown to everyone who has mounted the store.
    ///
    /// It waits for its turn at the store. An action that waits for an update of its own store waits for itself, until
    /// its deadline ends that.
    pub async fn update<R>(
        &self,
        change: impl FnOnce(&mut C, &mut Context<C>) -> R + Send,
    ) -> Result<R, UpdateError> {
        self.try_update(|component, cx| Ok(change(component, cx))).await
    }
    /// One transaction, committed when `change` returns `Ok`, and rolled back when it returns `Err`.
    pub async fn try_update<R, E>(
        &self,
        change: impl FnOnce(&mut C, &mut Context<C>) -> Result<R, E> + Send,
    ) -> Result<R, UpdateError<E>> {
        let store = self.find().ok_or(UpdateError::NotMounted)?;
        update(Arc::downgrade(&store), change).await
    }
    /// How often commits of this store were put together for its readers, all of them; None if it is not mounted.
    /// The same for two readers and for fifty.
    pub fn encodings(&self) -> Option<u64> {
        Some(self.find()?.encodings())
    }
    fn find(&self) -> Option<Arc<Store>> {
        self.directory.get(C::NAME, &self.key)
    }
}
