//! One component of a session. Everything for it happens in turns, in the order it came in: mounting, taking places at
//! the store, unmounting; a mount that waits for a database holds back only what comes after it for the same component.
use crate::{
    audience::{Subscription, Wants},
    engine::Engine,
    failure::{Failure, Subject},
    guard::{self, guarded},
    host,
    outbox::Outbox,
    quota::Share,
    registry::Found,
    stay::Stay,
    store::{Request, Respond, Store},
    turns::Turns,
    visitor::Visitor,
};
use fluxstack_live_protocol::{compose, id::ComponentId};
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::{sync::RwLock, task::unconstrained};

/// One component of a session, by the id the client gave it.
pub(crate) struct Lane {
    id: ComponentId,
    owner: Owner,
    turns: Turns<Option<Mounted>>,
    /// Read by each request under way; written by an unmount, which waits for them.
    under_way: Arc<RwLock<()>>,
    occupancy: Mutex<Occupancy>,
}

/// Whose lane it is.
pub(crate) struct Owner {
    pub(crate) engine: Arc<Engine>,
    pub(crate) visitor: Arc<Visitor>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) wants: Wants,
}

/// What a lane was asked to mount.
#[derive(PartialEq)]
pub(crate) struct Occupant {
    pub(crate) component: Box<str>,
    pub(crate) props: Value,
}

/// What is mounted here or is about to be, as the session sees it: ahead of what waits for its turn.
#[derive(Default)]
struct Occupancy {
    /// None once it was unmounted or could not be mounted.
    occupant: Option<Occupant>,
    /// Counts occupants, so that the end of one is not taken for the end of the next.
    life: u64,
    /// Mounts of the occupant that have no outcome yet.
    mounting: usize,
    /// Some once it is mounted. If it has failed, the client was told, and the lane is vacant.
    store: Option<Arc<Store>>,
}

struct Mounted {
    life: u64,
    subscription: Subscription,
    /// After the subscription: who leaves does not read of it.
    stay: Stay,
    _share: Share,
}

impl Occupancy {
    fn is_vacant(&self) -> bool {
        self.occupant.is_none() || self.store.as_ref().is_some_and(|store| store.has_failed())
    }
    /// Whether somebody still asks for what this life is to mount.
    fn is_on(&self, life: u64) -> bool {
        self.life == life && !self.is_vacant()
    }
    /// A mount of `life` has an outcome. False if that life is over: nobody asks any more.
    fn settle(&mut self, life: u64, outcome: Option<Arc<Store>>) -> bool {
        if self.life != life || self.occupant.is_none() {
            return false;
        }
        self.mounting -= 1;
        match outcome {
            Some(store) => self.store = Some(store),
            None if self.mounting == 0 => self.occupant = None,
            None => {}
        }
        true
    }
}

impl Lane {
    /// Requests are counted by the session; this is far above what they, a mount and an unmount come to.
    const CROWD: usize = 64;

    pub(crate) fn new(id: ComponentId, owner: Owner) -> Arc<Self> {
        let (turns, under_way, occupancy) = (Turns::new(None), Arc::default(), Mutex::default());
        Arc::new(Lane { id, owner, turns, under_way, occupancy })
    }
    fn occupancy(&self) -> MutexGuard<'_, Occupancy> {
        self.occupancy.lock().expect("no code panics while it holds an occupancy")
    }
    /// The name of what is mounted here.
    pub(crate) fn component(&self) -> Option<Box<str>> {
        let occupancy = self.occupancy();
        let occupant = occupancy.occupant.as_ref().filter(|_| !occupancy.is_vacant());
        occupant.map(|occupant| occupant.component.clone())
    }
    /// Names the life to mount: a new one if nothing is here, the present one if it is equal; None if it is not.
    pub(crate) fn occupy(&self, occupant: Occupant) -> Option<u64> {
        let mut it = self.occupancy();
        if it.is_vacant() {
            *it = Occupancy { occupant: Some(occupant), life: it.life + 1, mounting: 0, store: None };
        } else if it.occupant.as_ref() != Some(&occupant) {
            return None;
        }
        it.mounting += 1;
        Some(it.life)
    }
    /// What comes from now on finds nothing mounted; what came before still does, if it is mounted by now. False if it was
    /// so before.
    pub(crate) fn vacate(&self) -> bool {
        let mut it = self.occupancy();
        it.store = None;
        it.occupant.take().is_some()
    }
    /// Whether more waits here than an honest client has a reason for.
    pub(crate) fn is_crowded(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > Self::CROWD
    }

    /// Mounts a life's component, or tells the client once more what is mounted.
    pub(crate) async fn mount(self: Arc<Self>, life: u64, component: Box<str>, props: Box<str>) {
        let Owner { engine, visitor, outbox, .. } = &self.owner;
        let mut turn = self.turns.turn().await;
        let is_mounted = |mounted: &&Mounted| mounted.life == life && !mounted.stay.store().has_failed();
        if let Some(Mounted { stay, subscription, .. }) = turn.as_ref().filter(is_mounted) {
            stay.store().freshen();
            subscription.mount_again();
            self.occupancy().settle(life, Some(stay.store().clone()));
            return;
        }
        discard(turn.take());
        // An unmount that came meanwhile has called it off: its outcome would be taken for the next one's.
        if !self.occupancy().is_on(life) {
            return;
        }
        let mounting = Box::pin(async {
            let share = engine.share(visitor)?;
            Ok((engine.mount(&component, props, visitor.clone()).await?, share))
        });
        let outcome = guard::run(engine.limits().action_deadline, &**engine.host(), mounting).await;
        let outcome = match outcome {
            Ok((found, share)) if self.occupancy().is_on(life) => self.stay(life, found, share).await,
            Ok(called_off) => {
                discard(called_off);
                return;
            }
            Err(failure) => Err(failure),
        };
        match outcome {
            Ok(mounted) if self.occupancy().settle(life, Some(mounted.stay.store().clone())) => {
                *turn = Some(mounted)
            }
            Ok(called_off) => discard(called_off),
            Err(failure) => {
                if self.occupancy().settle(life, None) {
                    let subject = Subject { component: Some(&component), ..Subject::default() };
                    outbox.message(self.refusal(failure, subject));
                }
            }
        }
    }
    async fn stay(&self, life: u64, found: Found, share: Share) -> Result<Mounted, Failure> {
        let Owner { engine, visitor, outbox, wants } = &self.owner;
        let stay = Stay::begin(found, visitor.clone(), engine.host().clone()).await?;
        let subscription = stay.store().subscribe(outbox.clone(), self.id.clone(), *wants).await?;
        Ok(Mounted { life, subscription, stay, _share: share })
    }
    /// One request, answered whatever happens.
    pub(crate) async fn perform(self: Arc<Self>, request: Request, respond: Box<dyn Respond>) {
        let Owner { visitor, outbox, .. } = &self.owner;
        let turn = self.turns.turn().await;
        let Some(Mounted { stay, subscription, .. }) = &*turn else {
            outbox.answer(respond.failure(Failure::Gone));
            return;
        };
        let _under_way = self.under_way.clone().try_read_owned().expect("it is written only in a turn");
        let (store, reader) = (stay.store().clone(), subscription.reader);
        // With a place at the store the order is kept: the turn is free for what comes next.
        let place = store.place().await;
        drop(turn);
        let answered = store.perform(place, request, visitor.clone(), reader, respond).await;
        if let Err(answer) = answered {
            outbox.answer(answer);
        }
    }
    /// Sends the client a snapshot.
    pub(crate) async fn resync(self: Arc<Self>) {
        let turn = self.turns.turn().await;
        match turn.as_ref().filter(|mounted| !mounted.stay.store().has_failed()) {
            Some(Mounted { stay, subscription, .. }) => {
                stay.store().freshen();
                subscription.resync();
            }
            None => self.owner.outbox.message(self.refusal(Failure::Gone, Subject::default())),
        }
    }
    /// Unmounts, after what came before.
    pub(crate) async fn unmount(self: Arc<Self>) {
        let mut turn = self.turns.turn().await;
        let _nothing_under_way = unconstrained(self.under_way.write()).await;
        discard(turn.take());
    }
    /// Unmounts, after what came before, as the session has lost its connection. Some: the visitor's stay goes on, as
    /// the component wants to know who is there.
    pub(crate) async fn abandon(self: Arc<Self>) -> Option<Stay> {
        let mut turn = self.turns.turn().await;
        let _nothing_under_way = unconstrained(self.under_way.write()).await;
        let Mounted { subscription, stay, .. } = turn.take()?;
        drop(subscription);
        if stay.store().follows_visitors() {
            return Some(stay);
        }
        discard(stay);
        None
    }
    fn refusal(&self, failure: Failure, subject: Subject) -> Vec<u8> {
        let mut error = failure.tell(subject, || host::name(&**self.owner.engine.host()));
        error.component_id = Some(self.id.clone());
        compose::error(error)
    }
}

/// It may be a component's last moment, and its `Drop` is a user's code.
fn discard<T>(component: T) {
    if let Err(failure) = guarded(move || drop(component)) {
        tracing::error!(?failure, "a component panicked while it was dropped");
    }
}
