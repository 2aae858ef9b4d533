//! The engine of a process: its components and its sessions, and the way to a shared store from outside any session.
use crate::{
    actions::LiveActions,
    components::Components,
    context::{Context, States},
    directory::Directory,
    host::Host,
    limits::Limits,
    registry::Registry,
    schema::Schema,
    sessions::Sessions,
    store::Store,
    update::update,
};
use fluxstack_live_protocol::compact::Shape;
use std::{
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

pub use crate::update::UpdateError;

/// What all connections of a process share.
pub struct Engine {
    components: Arc<Components>,
    sessions: Arc<Sessions>,
    /// How many connections there were.
    connections: AtomicU64,
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
        let components = Components::new(self.registry, self.states, self.limits, host.clone());
        let sessions = Sessions::new(host, components.limits().clone());
        Ok(Arc::new(Engine { components, sessions, connections: AtomicU64::new(0) }))
    }
}

impl Engine {
    /// The limits it was built with.
    pub fn limits(&self) -> &Limits {
        self.components.limits()
    }
    /// The world around it.
    pub fn host(&self) -> &Arc<dyn Host> {
        self.components.host()
    }
    /// What the components take, show and tell.
    pub fn description(&self) -> Schema {
        self.components.description()
    }
    /// A hash of that: another one as soon as a client would be told other types.
    pub fn schema(&self) -> &str {
        self.components.schema()
    }
    /// What of a component travels by places to a client that has the same schema.
    pub fn shape(&self, component: &str) -> Option<&Arc<Shape>> {
        self.components.shape(component)
    }
    pub(crate) fn components(&self) -> &Arc<Components> {
        &self.components
    }
    pub(crate) fn sessions(&self) -> &Arc<Sessions> {
        &self.sessions
    }
    /// Each connection's own number, higher than those before.
    pub(crate) fn next_connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed)
    }
    /// Ends when no request is under way, also of sessions that have lost their connection.
    pub async fn rest(&self) {
        self.components.traffic().rest().await;
    }
    /// How many shared stores there are, those included that nobody has mounted and that still wait for someone.
    pub fn shared_stores(&self) -> usize {
        self.components.directory().len()
    }
    /// The shared store of a component and key.
    pub fn store<C: LiveActions>(&self, key: impl Into<String>) -> StoreHandle<C> {
        assert!(
            self.components.registry().has::<C>(),
            "the component `{}` is not registered; add `.component::<{}>()` to Live::builder()",
            C::NAME,
            std::any::type_name::<C>(),
        );
        StoreHandle { directory: self.components.directory().clone(), key: key.into(), of: PhantomData }
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
