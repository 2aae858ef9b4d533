//! One page's talk with the server: the greeting, what goes out, and what comes in, step by step.
use super::{
    component::Component,
    link::{Back, Due, Link},
    packet::text,
    requests::Requests,
    store::Taken,
    wish::{Outcome, Request, Sent, Wish},
};
use crate::{dice::Dice, mutant::Mutant};
use fluxstack_live_protocol::{
    PROTOCOL,
    client::{Ack, ClientMessage, Hello, Mount, MountPayload, Ping, Resync},
    error::ErrorCode,
    id::{ComponentId, RequestId},
    server::{Answer, Error, Event, MissedEvent, Mounted, Reply, ServerMessage, UnmountReason, Welcome},
};
use serde_json::{Value, value::to_raw_value};
use std::{collections::BTreeMap, time::Duration};

/// What a page hears of its session.
#[derive(Debug)]
pub(crate) enum News {
    Settled {
        request: Request,
        outcome: Outcome,
    },
    Told {
        component: String,
        event: MissedEvent,
    },
    /// The server has greeted; when it was greeted itself.
    Welcomed(Resumed, Duration),
    /// `COMPONENT_MOUNTED` came, with the state or with the ops since the version held.
    Mounted {
        component: String,
        by_tail: bool,
    },
    /// What an honest server never makes a client see.
    Astonished(String),
}

/// How a session went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resumed {
    /// There was none before.
    First,
    Yes,
    /// There was one, and the server does not know it.
    No,
}

/// A reply that waits for the state it tells of.
struct Waiting {
    request: Request,
    outcome: Outcome,
    at: Vec<(ComponentId, Option<String>, u64)>,
}

pub(crate) struct Session {
    pub(crate) link: Link,
    components: BTreeMap<ComponentId, Component>,
    requests: Requests,
    answered: Vec<Waiting>,
    /// None until `WELCOME`, and again from the loss of its socket on.
    welcome: Option<Welcome>,
    /// The last session's name and secret.
    before: Option<(String, String)>,
    /// The page was loaded again: it knows the session, and nothing of what was done in it.
    is_anew: bool,
    mutant: Option<Mutant>,
    next_id: u64,
    /// When the socket was greeted.
    greeted: Duration,
    /// Of WebSocket messages on this socket.
    heard: u64,
    acknowledged: u64,
    /// Whether it says how far it is.
    acknowledges: bool,
    outgoing: Vec<String>,
    news: Vec<News>,
}

impl Session {
    pub(crate) fn new(mut dice: Dice, mutant: Option<Mutant>, before: Option<(String, String)>) -> Self {
        Session {
            acknowledges: dice.one_in(2),
            link: Link::new(dice),
            components: BTreeMap::new(),
            requests: Requests::default(),
            answered: Vec::new(),
            welcome: None,
            is_anew: before.is_some(),
            before,
            mutant,
            next_id: 1,
            greeted: Duration::ZERO,
            heard: 0,
            acknowledged: 0,
            outgoing: Vec::new(),
            news: Vec::new(),
        }
    }
    pub(crate) fn credentials(&self) -> Option<(String, String)> {
        self.before.clone()
    }
    pub(crate) fn components(&self) -> impl Iterator<Item = &Component> {
        self.components.values()
    }
    pub(crate) fn component(&self, id: &str) -> &Component {
        self.components
            .values()
            .find(|component| component.id.as_str() == id)
            .expect("a component of the page")
    }
    /// What the newest set of a component without an outcome sets its field to.
    pub(crate) fn pending(&self, component: &str) -> Option<(&'static str, &Value)> {
        let answered = self.answered.iter().map(|waiting| &waiting.request);
        let open = self.requests.open().chain(answered).filter(|request| request.component == component);
        let sets = open.filter_map(|request| match &request.wish {
            Wish::Set { property, value } => Some((request.id, *property, value)),
            Wish::Call { .. } => None,
        });
        sets.max_by_key(|(id, ..)| *id).map(|(_, property, value)| (property, value))
    }
    /// What a component shows.
    pub(crate) fn view(&self, component: &str) -> Value {
        let component = self.component(component);
        if self.mutant == Some(Mutant::HidePending) {
            component.store.state.clone()
        } else {
            component.view()
        }
    }
    /// Everything is answered and shown, and nothing is being asked for.
    pub(crate) fn is_quiet(&self) -> bool {
        let is_live = self.components.values().all(|component| component.store.is_live());
        self.welcome.is_some() && is_live && self.requests.is_idle() && self.answered.is_empty()
    }
    pub(crate) fn news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    pub(crate) fn add(&mut self, component: Component) {
        let id = component.id.clone();
        self.components.insert(id.clone(), component);
        if self.welcome.is_some() {
            self.mount(&id);
        }
    }
    /// Calls or sets; the id that its outcome comes with.
    pub(crate) fn request(&mut self, component: &str, wish: Wish) -> u64 {
        if let Some(id) = self.merged(component, &wish) {
            return id;
        }
        let id = self.next_id;
        self.next_id += 1;
        let request = Request { id, component: component.to_owned(), wish, sent: None };
        if let Some(component) = self.named(component) {
            component.add(&request);
        }
        self.requests.add(request);
        id
    }
    /// A set of a field that is the newest request and has not left yet only gets another value.
    fn merged(&mut self, component: &str, wish: &Wish) -> Option<u64> {
        let Wish::Set { property, .. } = wish else { return None };
        let newest = self.requests.newest_waiting()?;
        let Wish::Set { property: other, .. } = &newest.wish else { return None };
        if newest.component != component || other != property {
            return None;
        }
        newest.wish = wish.clone();
        let newest = newest.clone();
        self.named(component)?.change(&newest);
        Some(newest.id)
    }
    /// Asks for a snapshot without need: a client may.
    pub(crate) fn resync(&mut self, component: &str) {
        if self.welcome.is_some() && self.component(component).store.is_live() {
            let component_id = self.component(component).id.clone();
            self.say(&ClientMessage::Resync(Resync { component_id }));
        }
    }

    /// The socket is open: what is sent first.
    pub(crate) fn hello(&mut self, now: Duration) -> String {
        self.greeted = now;
        let (session, secret) = self.before.clone().unzip();
        let resumes = session.is_some() && !self.is_anew;
        let mut components: Vec<_> = self.components.values().filter_map(Component::held).collect();
        if self.mutant == Some(Mutant::ClaimNewer) {
            components.iter_mut().for_each(|held| held.version = held.version.map(|version| version + 1));
        }
        self.heard = 0;
        self.acknowledged = 0;
        text(&ClientMessage::Hello(Hello {
            protocol: PROTOCOL,
            session: session.map(Into::into),
            secret: secret.map(Into::into),
            received: resumes.then(|| self.requests.received()),
            components: resumes.then_some(components),
            token: None,
            schema: None,
            anew: self.is_anew.then_some(true),
        }))
    }
    /// The socket is gone. Everything else is kept.
    pub(crate) fn lost(&mut self, now: Duration) {
        self.lose();
        self.link.lost(now);
    }
    /// The server has closed the socket.
    pub(crate) fn closed(&mut self, now: Duration, code: u16) {
        self.lose();
        if self.link.closed(now, code) == Back::Stays {
            self.news.push(News::Astonished(format!("the server has closed with {code}")));
        }
    }
    /// Another socket takes the place of this one.
    pub(crate) fn replace(&mut self, now: Duration) {
        self.lose();
        self.link.open(now);
    }
    fn lose(&mut self) {
        self.welcome = None;
        self.outgoing.clear();
        for component in self.components.values_mut() {
            component.lose();
        }
    }
    pub(crate) fn tick(&mut self, now: Duration) {
        let waits = self.requests.has_sent() && self.mutant != Some(Mutant::LeaveAtOnce);
        match self.link.tick(now, waits) {
            Due::Nothing => {}
            Due::Ask => self.say(&ClientMessage::Ping(Ping { at: 0.into() })),
            Due::Lost => self.lose(),
            Due::Replace => self.replace(now),
        }
    }

    /// What leaves now, as one WebSocket message.
    pub(crate) fn flush(&mut self, now: Duration) -> Option<String> {
        let in_flight = usize::try_from(self.welcome.as_ref()?.limits.in_flight).expect("a small limit");
        let mut messages = std::mem::take(&mut self.outgoing);
        if !self.link.is_hushed() {
            let components = &self.components;
            let may_go = |request: &Request| {
                components.values().any(|it| it.id.as_str() == request.component && it.store.is_mounted())
            };
            for (number, request) in
                self.requests.take(in_flight, Sent { at: now, greeted: self.greeted }, may_go)
            {
                messages.push(self.numbered(number, &request));
            }
        }
        self.acknowledge(&mut messages);
        match messages.len() {
            0 => None,
            1 => messages.pop(),
            _ => Some(format!("[{}]", messages.join(","))),
        }
    }
    fn acknowledge(&mut self, messages: &mut Vec<String>) {
        if self.acknowledges && (self.heard >= self.acknowledged + 4 || self.acknowledged == 0) {
            self.acknowledged = self.heard;
            let received = Some(self.requests.received());
            messages.push(text(&ClientMessage::Ack(Ack { messages: self.heard, received })));
        }
    }

    /// Takes in one WebSocket message, as one step.
    pub(crate) fn receive(&mut self, now: Duration, text: &str) {
        self.link.heard(now);
        self.heard += 1;
        let messages = if text.starts_with('[') {
            serde_json::from_str::<Vec<ServerMessage>>(text)
        } else {
            serde_json::from_str(text).map(|message| vec![message])
        };
        match messages {
            Ok(messages) => messages.into_iter().for_each(|message| self.handle(now, message)),
            Err(error) => self.astonish(format!("what cannot be read: {error}")),
        }
        self.settle_answered();
        let told = self.components.values_mut().flat_map(|component| {
            let id = component.id.to_string();
            component.told().into_iter().map(move |event| News::Told { component: id.clone(), event })
        });
        self.news.extend(told.collect::<Vec<_>>());
    }
    fn handle(&mut self, now: Duration, message: ServerMessage) {
        match message {
            ServerMessage::Welcome(welcome) => self.begin(now, welcome),
            ServerMessage::ComponentMounted(mounted) => self.mounted(mounted),
            ServerMessage::StateUpdate(update) => {
                let id = update.component_id.clone();
                let taken = self.components.get_mut(&id).map(|it| it.store.update(update));
                self.taken(&id, taken);
            }
            ServerMessage::StateDelta(delta) => {
                let taken = self.components.get_mut(&delta.component_id).map(|it| it.store.delta(&delta));
                self.taken(&delta.component_id, taken);
            }
            ServerMessage::ComponentUnmounted(unmounted) => match unmounted.reason {
                UnmountReason::Gone => self.mount(&unmounted.component_id),
                reason => self.astonish(format!("a component is unmounted: {reason:?}")),
            },
            ServerMessage::Reply(reply) => self.reply(reply),
            ServerMessage::Error(error) => self.error(error),
            ServerMessage::Event(event) => self.tell(event),
            ServerMessage::GoAway(away) => self.link.go_away(now, Duration::from_millis(away.after_ms)),
            ServerMessage::Pong(_) => {}
        }
    }
    fn taken(&mut self, id: &ComponentId, taken: Option<Taken>) {
        if taken == Some(Taken::Gap) {
            self.say(&ClientMessage::Resync(Resync { component_id: id.clone() }));
            self.astonish(format!("a gap in `{id}`"));
        }
    }
    fn mounted(&mut self, mounted: Mounted) {
        let hears = match self.mutant {
            Some(Mutant::DropMissedEvents) => 0,
            Some(Mutant::RepeatEvents) => 2,
            _ => 1,
        };
        let Some(component) = self.components.get_mut(&mounted.component_id) else { return };
        let (id, by_tail) = (mounted.component_id.clone(), mounted.ops.is_some());
        let taken = component.mounted(mounted, hears);
        self.taken(&id, Some(taken));
        self.news.push(News::Mounted { component: id.to_string(), by_tail });
    }

    fn begin(&mut self, now: Duration, welcome: Welcome) {
        if self.welcome.is_some() {
            return self.astonish("a second `WELCOME`".to_owned());
        }
        let was = self.before.replace((welcome.session.clone(), welcome.secret.clone()));
        let resumed = match (was, self.is_anew, welcome.resumed) {
            (None, _, false) | (Some(_), true, false) => Resumed::First,
            (Some(_), false, true) => Resumed::Yes,
            (Some(_), false, false) => Resumed::No,
            (_, _, true) => {
                self.astonish("a session goes on that was not asked for".to_owned());
                Resumed::Yes
            }
        };
        self.is_anew = false;
        self.link.synced(now, Duration::from_millis(welcome.heartbeat_ms));
        self.welcome = Some(welcome.clone());
        self.news.push(News::Welcomed(resumed, self.greeted));
        if welcome.resumed {
            self.resume(welcome)
        } else {
            self.forget()
        }
        let missing: Vec<_> =
            self.components.values().filter(|it| !it.is_asked).map(|it| it.id.clone()).collect();
        missing.iter().for_each(|id| self.mount(id));
    }
    fn resume(&mut self, welcome: Welcome) {
        if self.mutant == Some(Mutant::ResendAll) {
            self.resend();
        }
        if self.mutant != Some(Mutant::DropReplies) {
            for answer in welcome.replies {
                match answer {
                    Answer::Reply(reply) => self.reply(reply),
                    Answer::Error(error) => self.error(error),
                }
            }
            for request in self.requests.lost(welcome.executed) {
                self.settle(request, Outcome::Unknown);
            }
        }
        match self.mutant {
            Some(Mutant::Renumber) => self.requests.unsend(),
            Some(Mutant::DropReplies) => self.resend_above(welcome.executed),
            Some(Mutant::ResendAll | Mutant::ResendNothing) => {}
            _ => self.resend(),
        }
    }
    fn resend(&mut self) {
        self.resend_above(0);
    }
    fn resend_above(&mut self, executed: u64) {
        for (number, request) in self.requests.unanswered().into_iter().filter(|(it, _)| *it > executed) {
            let again = self.numbered(number, &request);
            self.outgoing.push(again);
        }
    }
    /// The session's history is lost: what was sent may have run, or not.
    fn forget(&mut self) {
        for request in self.requests.forget() {
            self.settle(request, Outcome::Unknown);
        }
        for component in self.components.values_mut() {
            component.is_asked = false;
            component.awaits_mount = false;
        }
    }

    fn reply(&mut self, reply: Reply) {
        let Some(request) = reply.request_id.number().and_then(|number| self.requests.answer(number)) else {
            return;
        };
        let at = reply.at.into_iter().map(|(id, version)| {
            let epoch = self.components.get(&id).and_then(|it| it.store.epoch.clone());
            (id, epoch, version)
        });
        let at = if self.mutant == Some(Mutant::SettleEarly) { Vec::new() } else { at.collect() };
        let outcome = Outcome::Done(reply.payload.result);
        self.answered.push(Waiting { request, outcome, at });
        if self.mutant == Some(Mutant::SettleEarly) {
            self.settle_answered();
        }
    }
    fn settle_answered(&mut self) {
        let (ready, rest) = std::mem::take(&mut self.answered).into_iter().partition(|waiting: &Waiting| {
            waiting.at.iter().all(|(id, epoch, version)| {
                let Some(component) = self.components.get(id) else { return true };
                component.store.epoch != *epoch || component.store.version >= *version
            })
        });
        self.answered = rest;
        for waiting in ready {
            self.settle(waiting.request, waiting.outcome);
        }
    }
    fn error(&mut self, error: Error) {
        let number = error.request_id.as_ref().and_then(RequestId::number);
        if let Some(request) = number.and_then(|number| self.requests.answer(number)) {
            return self.settle(request, Outcome::of(error));
        }
        if error.request_id.is_some() {
            return;
        }
        let id = error.component_id.clone();
        let Some(component) = id.and_then(|id| self.components.get(&id)) else {
            return self.astonish(format!("an error: {error:?}"));
        };
        if error.code == ErrorCode::Gone || component.store.is_resyncing() {
            let id = component.id.clone();
            self.mount(&id);
        } else {
            self.astonish(format!("an error: {error:?}"));
        }
    }
    fn tell(&mut self, event: Event) {
        let Event { component_id, event, payload, version } = event;
        if let Some(component) = self.components.get_mut(&component_id) {
            component.tell(MissedEvent { event, payload, version });
        }
    }
    fn settle(&mut self, request: Request, outcome: Outcome) {
        let keeps = self.mutant == Some(Mutant::KeepPending);
        if let Some(component) = self.named(&request.component).filter(|_| !keeps) {
            component.remove(request.id);
        }
        self.news.push(News::Settled { request, outcome });
    }

    fn mount(&mut self, id: &ComponentId) {
        let Some(component) = self.components.get_mut(id) else { return };
        component.mount();
        let props = to_raw_value(&component.props).expect("props are JSON");
        let payload = MountPayload { component: component.name.into(), props: &props };
        let message = text(&ClientMessage::ComponentMount(Mount { component_id: id.clone(), payload }));
        self.outgoing.push(message);
    }
    fn numbered(&self, number: u64, request: &Request) -> String {
        request.text(number, self.requests.received())
    }
    fn say(&mut self, message: &ClientMessage) {
        if self.welcome.is_some() {
            self.outgoing.push(text(message));
        }
    }
    fn named(&mut self, id: &str) -> Option<&mut Component> {
        self.components.values_mut().find(|component| component.id.as_str() == id)
    }
    fn astonish(&mut self, what: String) {
        self.news.push(News::Astonished(what));
    }
}
