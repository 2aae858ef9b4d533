//! One component of a session. Everything for it happens in turns, in the order it came in: mounting, taking places at
//! the store, unmounting; a mount that waits for a database holds back only what comes after it for the same component.
use crate::{
    audience::{Subscription, Wants},
    components::Components,
    failure::{Failure, Subject},
    guard::{self, guarded},
    host::{self, BoxFuture},
    line::Line,
    outbox::{Answer, Outbox},
    quota::Share,
    stay::Stay,
    store::{Request, Respond, Store},
    turns::Turns,
    visitor::Visitor,
};
use fluxstack_live_protocol::{client::HeldComponent, compose, id::ComponentId, server::UnmountReason};
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use tokio::{sync::RwLock, task::unconstrained};

/// What is left to do once the session is free for others: it has its place in the order already.
pub(crate) type Work = BoxFuture<'static, ()>;

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
    pub(crate) components: Arc<Components>,
    pub(crate) visitor: Arc<Visitor>,
    pub(crate) line: Arc<Line>,
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
    /// The store is nobody else's.
    is_private: bool,
    /// Where it was last said that nothing could be mounted.
    refused: Weak<Outbox>,
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
    fn settle(&mut self, life: u64, outcome: Option<&Stay>) -> bool {
        if self.life != life || self.occupant.is_none() {
            return false;
        }
        self.mounting -= 1;
        match outcome {
            Some(stay) => {
                self.store = Some(stay.store().clone());
                self.is_private = stay.is_private();
            }
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
            let life = it.life + 1;
            *it = Occupancy { occupant: Some(occupant), life, ..Occupancy::default() };
        } else if it.occupant.as_ref() != Some(&occupant) {
            return None;
        }
        it.mounting += 1;
        Some(it.life)
    }
    /// Whether what is mounted here wants to know who is there, or may want to once it is mounted.
    pub(crate) fn may_follow_visitors(&self) -> bool {
        self.occupancy().store.as_ref().is_none_or(|store| store.follows_visitors())
    }
    /// Whether something is mounted here, and not only about to be.
    pub(crate) fn is_mounted(&self) -> bool {
        self.occupancy().store.is_some()
    }
    /// What it takes in memory that no other session has to do with, in bytes, as far as that is known.
    pub(crate) fn bytes(&self) -> u64 {
        let it = self.occupancy();
        it.store.as_ref().filter(|_| it.is_private).map_or(0, |store| store.bytes())
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
    pub(crate) fn mount(self: Arc<Self>, life: u64, component: Box<str>, props: Box<str>) -> Work {
        let place = self.turns.place();
        Box::pin(async move {
            let mut turn = place.turn().await;
            let is_mounted = |mounted: &&Mounted| mounted.life == life && !mounted.stay.store().has_failed();
            if let Some(Mounted { stay, subscription, .. }) = turn.as_ref().filter(is_mounted) {
                stay.store().freshen();
                subscription.mount_again();
                self.occupancy().settle(life, Some(stay));
                return;
            }
            discard(turn.take());
            // An unmount that came meanwhile has called it off: its outcome would be taken for the next one's.
            if !self.occupancy().is_on(life) {
                return;
            }
            match self.find(life, &component, props).await {
                Ok(Some(mounted)) if self.occupancy().settle(life, Some(&mounted.stay)) => {
                    *turn = Some(mounted)
                }
                Ok(called_off) => discard(called_off),
                Err(failure) => {
                    let outbox = self.owner.line.outbox();
                    let mut occupancy = self.occupancy();
                    if occupancy.settle(life, None) {
                        occupancy.refused = Arc::downgrade(&outbox);
                        drop(occupancy);
                        let subject = Subject { component: Some(&component), ..Subject::default() };
                        outbox.message(self.refusal(failure, subject));
                    }
                }
            }
        })
    }
    /// None: it was called off.
    async fn find(&self, life: u64, component: &str, props: Box<str>) -> Result<Option<Mounted>, Failure> {
        let Owner { components, visitor, line, wants } = &self.owner;
        let mounting = Box::pin(async {
            let share = components.share(visitor)?;
            Ok((components.mount(component, props, visitor.clone()).await?, share))
        });
        let found = guard::run(components.limits().action_deadline, &**components.host(), mounting).await?;
        if !self.occupancy().is_on(life) {
            discard(found);
            return Ok(None);
        }
        let (found, share) = found;
        let stay = Stay::begin(found, visitor.clone(), components.host().clone()).await?;
        let subscription = stay.store().subscribe(line, self.id.clone(), *wants).await?;
        Ok(Some(Mounted { life, subscription, stay, _share: share }))
    }
    /// One request, answered whatever happens.
    pub(crate) fn perform(self: Arc<Self>, request: Request, respond: Box<dyn Respond>) -> Work {
        let place = self.turns.place();
        Box::pin(async move {
            let Owner { visitor, line, .. } = &self.owner;
            let turn = place.turn().await;
            let Some(Mounted { stay, subscription, life, .. }) = &*turn else {
                line.answer(respond.failure(Failure::Gone));
                return;
            };
            let under_way = self.under_way.clone().try_read_owned().expect("it is written only in a turn");
            let (store, reader, life) = (stay.store().clone(), subscription.reader, *life);
            // With a place at the store the order is kept: the turn is free for what comes next.
            let place = store.place();
            drop(turn);
            let answered = store.perform(place, request, visitor.clone(), reader, respond).await;
            drop(under_way);
            match answered {
                Ok(()) => {}
                // Its reader was away. The client may be back by now and wait for it, behind the turn that resumes the
                // reader. If nobody is back, it is stored, and goes with `WELCOME`.
                Err(answer) if self.occupancy().is_on(life) => {
                    self.answer(&*self.turns.turn().await, answer);
                }
                Err(answer) => line.answer(answer),
            }
        })
    }
    /// Gives an answer once more, in its turn, and no sooner than the state it speaks of.
    pub(crate) fn answer_again(self: Arc<Self>, answer: Answer) -> Work {
        let place = self.turns.place();
        Box::pin(async move { self.answer(&*place.turn().await, answer) })
    }
    fn answer(&self, mounted: &Option<Mounted>, answer: Answer) {
        let answered = match mounted {
            Some(Mounted { stay, subscription, .. }) => stay.store().answer(subscription.reader, answer),
            None => Err(answer),
        };
        if let Err(answer) = answered {
            self.owner.line.answer(answer);
        }
    }
    /// Sends the client a snapshot.
    pub(crate) fn resync(self: Arc<Self>) -> Work {
        let place = self.turns.place();
        Box::pin(async move {
            let turn = place.turn().await;
            match turn.as_ref().filter(|mounted| !mounted.stay.store().has_failed()) {
                Some(Mounted { stay, subscription, .. }) => {
                    stay.store().freshen();
                    subscription.resync();
                }
                None => self.owner.line.message(self.refusal(Failure::Gone, Subject::default())),
            }
        })
    }
    /// The session has another connection, whose client holds this: it is told what it has missed.
    pub(crate) fn resume(self: Arc<Self>, outbox: Arc<Outbox>, held: HeldComponent) -> Work {
        let place = self.turns.place();
        Box::pin(async move {
            let turn = place.turn().await;
            let held = held.epoch.as_deref().zip(held.version);
            let is_resumed = turn.as_ref().is_some_and(|it| it.subscription.resume(&outbox, held));
            // One that was refused through this connection was told that already.
            let is_told = || self.occupancy().refused.as_ptr() == Arc::as_ptr(&outbox);
            if !is_resumed && !is_told() {
                outbox.message(compose::unmounted(self.id.clone(), UnmountReason::Gone));
            }
        })
    }
    /// Unmounts, after what came before.
    pub(crate) fn unmount(self: Arc<Self>) -> Work {
        let place = self.turns.place();
        Box::pin(async move {
            let mut turn = place.turn().await;
            let _nothing_under_way = unconstrained(self.under_way.write()).await;
            discard(turn.take());
        })
    }
    fn refusal(&self, failure: Failure, subject: Subject) -> Vec<u8> {
        let mut error = failure.tell(subject, || host::name(&**self.owner.components.host()));
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
