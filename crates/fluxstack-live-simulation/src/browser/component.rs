//! One component of a page: the server's state, what is pending on top of it, and what was told of it.
use super::{
    store::{Store, Taken},
    wish::{Request, Wish},
};
use fluxstack_live_protocol::{
    client::HeldComponent,
    id::ComponentId,
    server::{MissedEvent, Mounted},
};
use serde_json::Value;
use std::collections::VecDeque;

pub(crate) struct Component {
    pub(crate) id: ComponentId,
    pub(crate) name: &'static str,
    pub(crate) props: Value,
    pub(crate) store: Store,
    /// Its mount was asked for in the current session.
    pub(crate) is_asked: bool,
    /// Its mount was asked for, and the answer has not come.
    pub(crate) awaits_mount: bool,
    /// Sets without a reply, in the order made.
    pending: Vec<Request>,
    /// Events whose state is not held yet.
    waiting: VecDeque<(Option<String>, MissedEvent)>,
}

impl Component {
    pub(crate) fn new(id: &str, name: &'static str, props: Value) -> Self {
        Component {
            id: ComponentId::new(id).expect("an id of the simulation's own"),
            name,
            props,
            store: Store::new(),
            is_asked: false,
            awaits_mount: false,
            pending: Vec::new(),
            waiting: VecDeque::new(),
        }
    }
    /// The base with everything pending replayed.
    pub(crate) fn view(&self) -> Value {
        self.pending.iter().fold(self.store.state.clone(), |mut state, request| {
            if let (Wish::Set { property, value }, Some(fields)) = (&request.wish, state.as_object_mut()) {
                fields.insert((*property).to_owned(), value.clone());
            }
            state
        })
    }
    pub(crate) fn add(&mut self, request: &Request) {
        if request.is_set() {
            self.pending.push(request.clone());
        }
    }
    /// A set that is not sent yet has another value now.
    pub(crate) fn change(&mut self, request: &Request) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.id == request.id) {
            pending.wish = request.wish.clone();
        }
    }
    pub(crate) fn remove(&mut self, id: u64) {
        self.pending.retain(|request| request.id != id);
    }
    /// What `HELLO` says of it; None if its mount was not asked for in this session.
    pub(crate) fn held(&self) -> Option<HeldComponent> {
        if !self.is_asked {
            return None;
        }
        // What was asked for and has not come is of a version nobody knows.
        let holds = !self.awaits_mount;
        Some(HeldComponent {
            component_id: self.id.clone(),
            epoch: self.store.epoch.clone().filter(|_| holds),
            version: self.store.epoch.as_ref().filter(|_| holds).map(|_| self.store.version),
        })
    }
    pub(crate) fn mount(&mut self) {
        self.is_asked = true;
        self.awaits_mount = true;
        self.lose();
    }
    /// Hears each missed event once; a wrong client more often, or never.
    pub(crate) fn mounted(&mut self, message: Mounted, hears: usize) -> Taken {
        let (epoch, events) = (message.epoch.clone(), message.events.clone());
        self.awaits_mount = false;
        let taken = self.store.mounted(message);
        for _ in 0..hears {
            let events = events.iter().flatten().map(|event| (Some(epoch.clone()), event.clone()));
            self.waiting.extend(events);
        }
        taken
    }
    pub(crate) fn tell(&mut self, event: MissedEvent) {
        if self.store.is_mounted() {
            self.waiting.push_back((self.store.epoch.clone(), event));
        }
    }
    /// The events whose state is held now.
    pub(crate) fn told(&mut self) -> Vec<MissedEvent> {
        let (epoch, version) = (&self.store.epoch, self.store.version);
        let still = self.waiting.iter().position(|(of, event)| of == epoch && event.version > version);
        let due = still.unwrap_or(self.waiting.len());
        self.waiting.drain(..due).map(|(_, event)| event).collect()
    }
    pub(crate) fn lose(&mut self) {
        self.store.lose();
        self.waiting.clear();
    }
}
