//! The registered components by name: a closed set. Mounting one is where its type is known for the last time.
use crate::{
    actions::{Denied, LiveActions, MountError},
    changing,
    component::Computed,
    context::MountContext,
    directory::{Directory, Hold},
    failure::Failure,
    host::{BoxFuture, Host},
    instance::Seated,
    job_store,
    limits::Limits,
    payload::Payload,
    schema::{Component, Schema, Types},
    store::Store,
};
use fluxstack_live_protocol::compact::Shape;
use std::{
    any::TypeId,
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// What a mount needs of the process.
#[derive(Clone)]
pub(crate) struct Grounds {
    pub(crate) directory: Arc<Directory>,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) limits: Arc<Limits>,
}

/// A store to mount; shared ones are held for as long.
pub(crate) type Found = (Arc<Store>, Option<Hold>);

/// Mounts a component of one type.
type Mount = fn(Grounds, Arc<Shape>, MountContext, Box<str>) -> BoxFuture<'static, Result<Found, Failure>>;

#[derive(Clone, Copy)]
struct Entry {
    ty: TypeId,
    mount: Mount,
    describe: fn(&mut Types) -> Component,
}

#[derive(Default)]
pub(crate) struct Registry {
    by_name: BTreeMap<&'static str, Entry>,
}

impl Registry {
    /// False if another component has the name.
    pub(crate) fn register<C: LiveActions>(&mut self) -> bool {
        let (ty, mount) = (TypeId::of::<C>(), |grounds, shape, cx, props| {
            Box::pin(mount::<C>(grounds, shape, cx, props)) as _
        });
        let entry = Entry { ty, mount, describe: describe::<C> };
        self.by_name.insert(C::NAME, entry).is_none_or(|before| before.ty == ty)
    }
    pub(crate) fn has<C: LiveActions>(&self) -> bool {
        self.by_name.get(C::NAME).is_some_and(|entry| entry.ty == TypeId::of::<C>())
    }
    pub(crate) async fn mount(
        &self,
        grounds: Grounds,
        shape: Arc<Shape>,
        cx: MountContext,
        name: &str,
        props: Box<str>,
    ) -> Result<Found, Failure> {
        let entry = self.by_name.get(name).ok_or(Failure::UnknownComponent)?;
        (entry.mount)(grounds, shape, cx, props).await
    }
    /// What the components take, show and tell.
    pub(crate) fn schema(&self) -> Schema {
        let mut types = Types::default();
        let components = self.by_name.values().map(|entry| (entry.describe)(&mut types)).collect();
        Schema { components, types }
    }
}

fn describe<C: LiveActions>(types: &mut Types) -> Component {
    let mut state = C::describe_state(types);
    let computed = C::Computed::describe(types);
    state.computed = computed.iter().map(|field| field.name).collect();
    state.fields.extend(computed);
    Component { name: C::NAME, state, interface: C::describe_interface(types) }
}

async fn mount<C: LiveActions>(
    grounds: Grounds,
    shape: Arc<Shape>,
    cx: MountContext,
    props: Box<str>,
) -> Result<Found, Failure> {
    let props: C::Props = Payload(Some(&props)).decode()?;
    C::authorize(&props, &cx).await.map_err(|Denied| Failure::UnknownComponent)?;
    let key = C::SHARED.then(|| C::key(&props, &cx));
    let make = async || {
        let beginnings = Arc::new(Mutex::new(Some(Vec::new())));
        let cx = MountContext { beginnings: Some(Arc::clone(&beginnings)), ..cx.clone() };
        let component = C::mount(props, &cx).await.map_err(|MountError(failure)| failure)?;
        let computed = component.compute();
        let state = changing::snapshot(&component, &computed)?;
        let seat = |store| Box::new(Seated::new(component, computed, cx.states.clone(), store)) as _;
        let store = Store::new(state, shape.clone(), seat, grounds.host.clone(), grounds.limits.clone())?;
        let beginnings = beginnings.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        job_store::start::<C>(&store, beginnings)?;
        Ok(store)
    };
    match key {
        None => Ok((make().await?, None)),
        Some(key) => {
            let (store, hold) = grounds.directory.hold((C::NAME, key.into()), make).await?;
            Ok((store, Some(hold)))
        }
    }
}
