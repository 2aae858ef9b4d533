//! The registered components and all that they share in a process: what a session mounts from.
use crate::{
    context::{MountContext, States},
    directory::Directory,
    failure::Failure,
    flight::Traffic,
    host::Host,
    limits::Limits,
    quota::{Quota, Share},
    registry::{Found, Grounds, Registry},
    schema::Schema,
    shape, typescript,
    visitor::Visitor,
};
use fluxstack_live_protocol::compact::Shape;
use std::{collections::BTreeMap, sync::Arc};

/// What the sessions of a process mount from.
pub(crate) struct Components {
    registry: Registry,
    quota: Quota,
    grounds: Grounds,
    states: Arc<States>,
    schema: String,
    shapes: BTreeMap<&'static str, Arc<Shape>>,
    traffic: Traffic,
}

impl Components {
    pub(crate) fn new(registry: Registry, states: States, limits: Limits, host: Arc<dyn Host>) -> Arc<Self> {
        let limits = Arc::new(limits);
        let directory = Directory::new(host.clone(), limits.clone());
        let description = registry.schema();
        let (schema, shapes) = (typescript::hash(&description), shape::shapes(&description));
        let grounds = Grounds { directory, host, limits };
        let (quota, states, traffic) = (Quota::default(), Arc::new(states), Traffic::default());
        Arc::new(Components { registry, quota, grounds, states, schema, shapes, traffic })
    }
    pub(crate) fn limits(&self) -> &Arc<Limits> {
        &self.grounds.limits
    }
    pub(crate) fn host(&self) -> &Arc<dyn Host> {
        &self.grounds.host
    }
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }
    pub(crate) fn directory(&self) -> &Arc<Directory> {
        &self.grounds.directory
    }
    /// Every request under way.
    pub(crate) fn traffic(&self) -> &Traffic {
        &self.traffic
    }
    /// What the components take, show and tell.
    pub(crate) fn description(&self) -> Schema {
        self.registry.schema()
    }
    /// A hash of that.
    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }
    /// What of a component travels by places.
    pub(crate) fn shape(&self, component: &str) -> Option<&Arc<Shape>> {
        self.shapes.get(component)
    }
    /// A visitor's right to mount one more component.
    pub(crate) fn share(&self, visitor: &Visitor) -> Result<Share, Failure> {
        let share = self.quota.take(visitor.id(), self.limits().components_per_visitor);
        share.ok_or(Failure::TooMany("components of this visitor"))
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
