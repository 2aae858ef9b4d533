//! One component, as a browser shows it.
use crate::{
    call_error::CallError,
    client::Client,
    mirror::{Life, Mirror},
};
use fluxstack_live::{Live, LiveActions, Visitor};
use fluxstack_live_core::encoding::Encoding;
use fluxstack_live_protocol::{
    client::{Action, ClientMessage, Mount, MountPayload, PropertyPayload, PropertyUpdate, Resync, Unmount},
    id::ComponentId,
    server::UnmountReason,
    strict,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use std::{fmt, panic::Location, sync::Arc, time::Duration};
use tokio::{task::yield_now, time::timeout};

/// One component, as a browser shows it. Dropped, it leaves: its component is unmounted, and with the last page of a session
/// the connection ends.
///
/// Its methods take `&self`, so that several calls may be under way: `tokio::join!(page.call("a", ()), page.call("b", ()))`.
///
/// # Panics
/// Every method, once the server has ended the component, but for [`Page::unmounted`]; and whenever the server breaks its
/// protocol, which is a bug of FluxStack Live to be reported.
pub struct Page {
    client: Arc<Client>,
    id: ComponentId,
    patience: Duration,
}

impl Page {
    /// So much real time a test may lose before it says that it waits in vain.
    const PATIENCE: Duration = Duration::from_secs(5);

    /// How often other tasks get their turn before a store is asked whether it is at rest: a task that wakes a task that
    /// wakes a task needs three.
    const YIELDS: usize = 16;

    /// Mounts a component for a visitor of its own, about whom nothing is known.
    ///
    /// `Err` if the mount is refused.
    pub async fn open<C: LiveActions>(live: &Live, props: impl Serialize) -> Result<Self, CallError> {
        Page::open_as::<C>(live, stranger(live), props).await
    }
    /// Mounts a component for this visitor.
    ///
    /// `Err` if the mount is refused.
    pub async fn open_as<C: LiveActions>(
        live: &Live,
        visitor: Visitor,
        props: impl Serialize,
    ) -> Result<Self, CallError> {
        Page::mount::<C>(Client::open(live, visitor, Encoding::Json), props).await
    }
    pub(crate) async fn mount<C: LiveActions>(
        client: Arc<Client>,
        props: impl Serialize,
    ) -> Result<Self, CallError> {
        let props = raw(&props, C::NAME);
        let payload = MountPayload { component: C::NAME.into(), props: &props };
        let id = client
            .mount(C::NAME, |component_id| ClientMessage::ComponentMount(Mount { component_id, payload }))?;
        let page = Page { client, id, patience: Self::PATIENCE };
        let outcome = |mirror: &mut Mirror| match &mirror.life {
            Life::Mounting => None,
            Life::Refused(error) => Some(Err(error.clone())),
            Life::Mounted(_) | Life::Ended(_) => Some(Ok(())),
        };
        page.client.wait(|state| outcome(state.mirror(&page.id))).await.map(|()| page)
    }

    /// Calls an action by its name on the wire, with its one parameter, or `()` if it has none; resolves with its result
    /// once the page shows its effect.
    ///
    /// It waits as long as the action runs; the deadline of [`Limits`](fluxstack_live::Limits) ends that.
    ///
    /// # Panics
    /// If no browser could send the payload.
    pub async fn call(&self, action: &str, payload: impl Serialize) -> Result<Value, CallError> {
        self.assert_mounted();
        let payload = raw(&payload, action);
        let (component_id, action) = (self.id.clone(), action.into());
        let message = |request_id, received| {
            let (request_id, received) = (Some(request_id), Some(received));
            let payload = Some(&*payload);
            ClientMessage::ComponentAction(Action { component_id, action, payload, request_id, received })
        };
        self.client.request(message).await
    }
    /// [`Page::call`], with the result decoded.
    ///
    /// # Panics
    /// If the result is no `T`.
    pub async fn call_as<T: DeserializeOwned>(
        &self,
        action: &str,
        payload: impl Serialize,
    ) -> Result<T, CallError> {
        Ok(decoded(&self.call(action, payload).await?, format_args!("the result of `{action}`")))
    }
    /// Sets a field that clients may set; resolves once the page shows it.
    ///
    /// # Panics
    /// If no browser could send the value.
    pub async fn set(&self, field: &str, value: impl Serialize) -> Result<(), CallError> {
        self.assert_mounted();
        let value = raw(&value, field);
        self.property_update(field, &value).await
    }
    async fn property_update(&self, property: &str, value: &RawValue) -> Result<(), CallError> {
        let (component_id, property) = (self.id.clone(), property.into());
        let message = |request_id, received| {
            let (request_id, received) = (Some(request_id), Some(received));
            let payload = PropertyPayload { property, value };
            ClientMessage::PropertyUpdate(PropertyUpdate { component_id, payload, request_id, received })
        };
        self.client.request(message).await.map(drop)
    }

    /// What the page shows: the state after everything that has arrived so far. It stays as it is when more arrives.
    #[track_caller]
    pub fn state(&self) -> Arc<Value> {
        self.assert_mounted();
        self.look(|mirror| mirror.held().map(|held| held.state.clone())).expect("it is mounted")
    }
    /// [`Page::state`], decoded.
    ///
    /// # Panics
    /// If the state is no `T`.
    #[track_caller]
    pub fn state_as<T: DeserializeOwned>(&self) -> T {
        decoded(&self.state(), "the state")
    }
    /// Takes the events that the page was told since it was last asked: names and payloads, in their order.
    #[track_caller]
    pub fn events(&self) -> Vec<(String, Value)> {
        self.assert_mounted();
        self.look(|mirror| std::mem::take(&mut mirror.events))
    }
    /// Why the server has ended the component; None while it is mounted.
    pub fn unmounted(&self) -> Option<UnmountReason> {
        self.look(|mirror| match mirror.life {
            Life::Ended(reason) => Some(reason),
            Life::Mounting | Life::Refused(_) | Life::Mounted(_) => None,
        })
    }

    /// How long [`Page::until`] and [`Page::settle`] wait before they give up, by tokio's clock: 5 s unless this is called.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
    /// Waits until the page shows a state of which `is_so` is true, and gives it back.
    ///
    /// # Panics
    /// If it does not come within the page's patience.
    #[track_caller]
    pub fn until(&self, mut is_so: impl FnMut(&Value) -> bool) -> impl Future<Output = Arc<Value>> {
        let here = Location::caller();
        async move {
            let Ok(state) = timeout(self.patience, self.shows(&mut is_so)).await else {
                self.give_up("waited in vain", here);
            };
            state
        }
    }
    async fn shows(&self, is_so: &mut impl FnMut(&Value) -> bool) -> Arc<Value> {
        let mut seen = None;
        loop {
            let unseen = |mirror: &mut Mirror| match mirror.held() {
                Some(held) if seen == Some(held.version) => None,
                held => Some(held.map(|held| (held.version, held.state.clone()))),
            };
            let Some((version, state)) = self.client.wait(|state| unseen(state.mirror(&self.id))).await
            else {
                return self.state();
            };
            // Not in `wait`: the test's code may ask the page for more.
            if is_so(&state) {
                return state;
            }
            seen = Some(version);
        }
    }
    /// Waits until everything that anyone has asked of the component before is done, and the page shows it: calls of other
    /// visitors, changes by the server's own code, actions that wait for something.
    ///
    /// It asks the component's store for a turn of its own, after all that wait there, until nothing new comes. What no
    /// task has begun yet, and what waits for an hour to pass, it cannot know of: [`Page::until`] waits for that.
    ///
    /// # Panics
    /// If the component does not come to rest within the page's patience.
    #[track_caller]
    pub fn settle(&self) -> impl Future<Output = ()> {
        let here = Location::caller();
        async move {
            self.assert_mounted();
            if timeout(self.patience, self.come_to_rest()).await.is_err() {
                self.give_up("an action still runs, or changes keep coming", here);
            }
            self.assert_mounted();
        }
    }
    async fn come_to_rest(&self) {
        let progress = |mirror: &mut Mirror| (mirror.held().map(|held| held.version), mirror.events.len());
        loop {
            let before = self.look(progress);
            for _ in 0..Self::YIELDS {
                yield_now().await;
            }
            // No field has this name: the store refuses it, when its turn has come.
            let _ = self.property_update("", RawValue::NULL).await;
            if self.look(progress) == before {
                return;
            }
        }
    }
    /// Asks the server for the whole state and holds it against what the page shows.
    ///
    /// # Panics
    /// If they differ: a value's `PartialEq` takes for equal what is written differently, so that its change was not told; or
    /// FluxStack Live has lost a change.
    pub async fn check(&self) {
        let mut is_compared = false;
        while !is_compared {
            self.assert_mounted();
            let before = self.look(|mirror| mirror.snapshots);
            self.client.say(&ClientMessage::Resync(Resync { component_id: self.id.clone() }));
            is_compared = self
                .client
                .wait(|state| {
                    let mirror = state.mirror(&self.id);
                    (mirror.snapshots > before || mirror.held().is_none()).then_some(mirror.is_compared)
                })
                .await;
        }
    }
    /// Leaves the page: its state is [checked](Page::check) once more, and the component is unmounted. What still runs ends
    /// in its own time.
    pub async fn close(self) {
        self.check().await;
    }

    /// Looks at what has arrived.
    fn look<T>(&self, at: impl FnOnce(&mut Mirror) -> T) -> T {
        at(self.client.pump().mirror(&self.id))
    }
    #[track_caller]
    fn assert_mounted(&self) {
        if let Some(reason) = self.unmounted() {
            let name = self.look(|mirror| mirror.name);
            panic!(
                "`{name}` is not there any more: the server ended it, {reason:?}; `page.unmounted()` asks for that"
            );
        }
    }
    fn give_up(&self, why: &str, here: &Location) -> ! {
        panic!("{why} for {:?} at {here}: {self:?}", self.patience)
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.look(|mirror| match &mirror.life {
            Life::Mounted(held) => write!(f, "`{}` at version {}: {}", mirror.name, held.version, held.state),
            Life::Ended(reason) => write!(f, "`{}`, which the server ended: {reason:?}", mirror.name),
            Life::Mounting | Life::Refused(_) => write!(f, "`{}`, which is not mounted", mirror.name),
        })
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if let Some(Mirror { life: Life::Mounted(_) | Life::Mounting, .. }) = self.client.forget(&self.id) {
            self.client.say(&ClientMessage::ComponentUnmount(Unmount { component_id: self.id.clone() }));
        }
    }
}

/// A visitor about whom nothing is known, as the edge makes one for each connection.
pub(crate) fn stranger(live: &Live) -> Visitor {
    Visitor::anonymous(format!("{:032x}", live.engine().host().random()))
}

/// As a browser would send it.
fn raw(value: &impl Serialize, of: &str) -> Box<RawValue> {
    let mut json = Vec::new();
    if let Err(error) = strict::write_json(value, &mut json) {
        panic!("what goes to `{of}` cannot be sent by a browser: {error}");
    }
    let text = String::from_utf8(json).expect("JSON is text");
    RawValue::from_string(text).expect("it was written as JSON")
}

#[track_caller]
fn decoded<T: DeserializeOwned>(value: &Value, what: impl fmt::Display) -> T {
    T::deserialize(value).unwrap_or_else(|error| {
        panic!("{what} is no `{}`: {error}; it is {value}", std::any::type_name::<T>())
    })
}
