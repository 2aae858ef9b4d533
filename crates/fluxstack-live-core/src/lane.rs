//! One component of a session. Everything for it happens in turns, in the order it came in: mounting, the requests,
//! unmounting; a mount that waits for a database holds back only what comes after it for the same component.
use crate::{
    directory::Hold,
    engine::Engine,
    failure::{Failure, Subject},
    feed::{Subscription, Wants},
    guard::{guarded, guarded_future},
    host,
    outbox::Outbox,
    store::{Request, Respond, Store},
    turns::Turns,
    visitor::Visitor,
};
use fluxstack_live_protocol::{compose, id::ComponentId};
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard};

/// One component of a session, by the id the client gave it.
pub(crate) struct Lane {
    id: ComponentId,
    turns: Turns<Option<Mounted>>,
    /// What is mounted here, or is about to be; None once it was unmounted or could not be mounted.
    occupant: Mutex<Option<Occupant>>,
}

/// What a lane was asked to mount.
#[derive(Clone, PartialEq)]
pub(crate) struct Occupant {
    pub(crate) component: Box<str>,
    pub(crate) props: Value,
}

struct Mounted {
    store: Arc<Store>,
    subscription: Subscription,
    /// After the subscription: a store is left before it is let go.
    _hold: Option<Hold>,
}

impl Lane {
    /// Requests are counted by the session; this is far above what they, a mount and an unmount come to.
    const CROWD: usize = 64;

    pub(crate) fn new(id: ComponentId) -> Arc<Self> {
        Arc::new(Lane { id, turns: Turns::new(None), occupant: Mutex::default() })
    }
    fn occupant(&self) -> MutexGuard<'_, Option<Occupant>> {
        self.occupant.lock().expect("no code panics while it holds an occupant")
    }
    /// The name of what is mounted here.
    pub(crate) fn component(&self) -> Option<Box<str>> {
        self.occupant().as_ref().map(|occupant| occupant.component.clone())
    }
    /// What was here before, if anything; then it stays.
    pub(crate) fn occupy(&self, occupant: Occupant) -> Option<Occupant> {
        let mut present = self.occupant();
        if present.is_none() {
            *present = Some(occupant);
            return None;
        }
        present.clone()
    }
    /// What comes from now on finds nothing mounted; what came before still does. False if it was so before.
    pub(crate) fn vacate(&self) -> bool {
        self.occupant().take().is_some()
    }
    /// Whether more waits here than an honest client has a reason for.
    pub(crate) fn is_crowded(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > Self::CROWD
    }

    /// Mounts the occupant, whose props are given once more as they came.
    pub(crate) async fn mount(
        self: Arc<Self>,
        engine: Arc<Engine>,
        visitor: Arc<Visitor>,
        outbox: Arc<Outbox>,
        wants: Wants,
        component: Box<str>,
        props: Box<str>,
    ) {
        let mut turn = self.turns.turn().await;
        let mounting = async {
            let (store, hold) = engine.mount(&component, props, visitor).await?;
            let subscription = store.subscribe(outbox.clone(), self.id.clone(), wants).await?;
            Ok(Mounted { store, subscription, _hold: hold })
        };
        match guarded_future(mounting).await {
            Ok(mounted) => *turn = Some(mounted),
            Err(failure) => {
                self.vacate();
                let subject = Subject { component: Some(&component), ..Subject::default() };
                let mut error = failure.tell(subject, || host::name(&**engine.host()));
                error.component_id = Some(self.id.clone());
                outbox.message(compose::error(error));
            }
        }
    }
    /// One request, answered whatever happens.
    pub(crate) async fn perform(
        self: Arc<Self>,
        engine: Arc<Engine>,
        visitor: Arc<Visitor>,
        outbox: Arc<Outbox>,
        request: Request,
        respond: Box<dyn Respond>,
    ) {
        let turn = self.turns.turn().await;
        let Some(Mounted { store, subscription, .. }) = &*turn else {
            outbox.message(respond.failure(Failure::Gone));
            return;
        };
        store.perform(request, visitor, &**engine.host(), subscription.reader, respond).await;
    }
    /// Tells the client once more what is mounted.
    pub(crate) async fn mount_again(self: Arc<Self>) {
        if let Some(Mounted { store, subscription, .. }) = &*self.turns.turn().await {
            store.freshen();
            subscription.mount_again();
        }
    }
    /// Sends the client a snapshot.
    pub(crate) async fn resync(self: Arc<Self>) {
        if let Some(Mounted { store, subscription, .. }) = &*self.turns.turn().await {
            store.freshen();
            subscription.resync();
        }
    }
    /// Unmounts, after what came before.
    pub(crate) async fn unmount(self: Arc<Self>) {
        let mounted = self.turns.turn().await.take();
        // It may be a component's last moment, and its `Drop` is a user's code.
        if let Err(failure) = guarded(move || drop(mounted)) {
            tracing::error!(?failure, "a component panicked while it was dropped");
        }
    }
}
