//! A strict full client. It follows the protocol's Resume to the letter, and whatever a server may not do ends it with a
//! sentence that says so. Losing connections is normal to it.
use crate::{
    component::Component,
    socket::{Encoding, Heard, Socket},
};
use fluxstack_live_protocol::server::{Answer, Error, Reply, ServerMessage, Unmounted, Welcome};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
};

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Result(Value),
    /// The action's own error.
    Refused(Value),
    /// Another code.
    Failed(String),
}

/// A strict full client.
pub(crate) struct Client {
    address: SocketAddr,
    encoding: Encoding,
    socket: Option<Socket>,
    /// Its name and the newest secret.
    session: Option<(String, String)>,
    pub(crate) components: Vec<Component>,
    /// The last number.
    requests: u64,
    /// By number: what was sent, and which of the outcomes is its own.
    unanswered: BTreeMap<u64, (usize, Value)>,
    /// Answers that wait for their state.
    answered: Vec<(usize, Outcome, BTreeMap<String, u64>)>,
    /// In the order of the calls; None while it is not settled.
    pub(crate) outcomes: Vec<Option<Outcome>>,
    /// Components that the resume has not answered yet.
    resuming: VecDeque<&'static str>,
    /// WebSocket messages applied on this connection.
    messages: u64,
    /// `WELCOME`s that took the session up again.
    pub(crate) resumes: u32,
}

impl Client {
    pub(crate) fn new(address: SocketAddr, encoding: Encoding) -> Self {
        Client {
            address,
            encoding,
            socket: None,
            session: None,
            components: Vec::new(),
            requests: 0,
            unanswered: BTreeMap::new(),
            answered: Vec::new(),
            outcomes: Vec::new(),
            resuming: VecDeque::new(),
            messages: 0,
            resumes: 0,
        }
    }
    pub(crate) async fn mount(&mut self, id: &'static str, name: &'static str, props: Value) {
        let component = Component::new(id, name, props);
        let mount = component.mount();
        self.components.push(component);
        self.say(mount).await;
    }
    /// One request; its place among the outcomes.
    pub(crate) async fn request(&mut self, message: Value) -> usize {
        self.requests([message]).await
    }
    /// Several in one batch; the place of the first.
    pub(crate) async fn requests<const N: usize>(&mut self, messages: [Value; N]) -> usize {
        let first = self.outcomes.len();
        let batch = messages.map(|message| self.number(message));
        match <[Value; 1]>::try_from(batch.to_vec()) {
            Ok([message]) => self.say(message).await,
            Err(batch) => self.say(batch.into()).await,
        }
        first
    }
    pub(crate) async fn acknowledge(&mut self) {
        let ack = json!({ "type": "ACK", "messages": self.messages, "received": self.received() });
        self.say(ack).await;
    }
    pub(crate) async fn say(&mut self, message: Value) {
        // Without a connection it is not lost: the next one asks for everything that matters.
        if let Some(socket) = &mut self.socket {
            socket.say(&message).await;
        }
    }
    pub(crate) fn component(&self, id: &str) -> Result<&Component, String> {
        let found = self.components.iter().find(|component| component.id == id);
        found.ok_or_else(|| format!("there is no `{id}`"))
    }
    /// What it waits for.
    pub(crate) fn describe(&self) -> String {
        let waits: Vec<_> = self.components.iter().filter(|it| !it.is_live()).map(|it| it.id).collect();
        let (outcomes, unanswered) = (&self.outcomes, self.unanswered.keys());
        let (answered, messages) = (&self.answered, self.messages);
        format!(
            "outcomes {outcomes:?}, unanswered {unanswered:?}, answered and not shown {answered:?}, \
             components that wait {waits:?}, messages on this connection {messages}"
        )
    }
    pub(crate) fn has_settled(&self) -> bool {
        self.outcomes.iter().all(Option::is_some)
    }
    /// Connects, listens and comes back, until it is so.
    pub(crate) async fn until(&mut self, mut is_so: impl FnMut(&Client) -> bool) -> Result<(), String> {
        while !is_so(self) {
            match &mut self.socket {
                None => self.connect().await,
                Some(socket) => match socket.hear().await? {
                    Heard::Messages(messages) => self.take(messages).await?,
                    Heard::Lost => self.socket = None,
                },
            }
        }
        Ok(())
    }
    /// Asks for a snapshot until one comes, which has to be what is held.
    pub(crate) async fn compare(&mut self, id: &str) -> Result<(), String> {
        let (state, snapshots) = (self.component(id)?.held.clone(), self.component(id)?.snapshots);
        let has_come = |client: &Client| client.component(id).is_ok_and(|it| it.snapshots > snapshots);
        while !has_come(self) {
            let resumes = self.resumes;
            self.say(json!({ "type": "RESYNC", "componentId": id })).await;
            self.until(|client| has_come(client) || client.resumes > resumes).await?;
        }
        let held = &self.component(id)?.held;
        if *held == state {
            Ok(())
        } else {
            Err(format!("`{id}` was {state:?}, and the server has {held:?}"))
        }
    }
    pub(crate) async fn leave(mut self) {
        if let Some(socket) = self.socket.take() {
            socket.leave().await;
        }
    }

    async fn connect(&mut self) {
        let Some(mut socket) = Socket::connect(self.address, self.encoding).await else { return };
        let mut hello = json!({ "type": "HELLO", "protocol": 1 });
        if let Some((session, secret)) = &self.session {
            hello["session"] = session.as_str().into();
            hello["secret"] = secret.as_str().into();
            hello["received"] = self.received().into();
            hello["components"] = self.components.iter().map(Component::in_hello).collect();
        }
        // Nothing more is said before `WELCOME`: `say` has no socket until then.
        socket.say(&hello).await;
        self.messages = 0;
        self.socket = Some(socket);
    }
    fn number(&mut self, mut message: Value) -> Value {
        // Before it counts: its own answer has not arrived.
        message["received"] = self.received().into();
        self.requests += 1;
        message["requestId"] = self.requests.into();
        self.unanswered.insert(self.requests, (self.outcomes.len(), message.clone()));
        self.outcomes.push(None);
        message
    }
    /// The highest n such that every answer up to n has arrived.
    fn received(&self) -> u64 {
        self.unanswered.keys().next().map_or(self.requests, |oldest| oldest - 1)
    }

    /// One WebSocket message is one step: first all of it, then what it settles.
    async fn take(&mut self, messages: Vec<Value>) -> Result<(), String> {
        self.messages += 1;
        for message in messages {
            let read = serde_json::from_value(message.clone());
            let message = read.map_err(|error| format!("{message} cannot be read: {error}"))?;
            self.handle(message).await?;
        }
        let components = &self.components;
        let waits = |(id, version): (&String, &u64)| {
            components.iter().any(|component| component.id == id && !component.has_reached(*version))
        };
        let (waiting, settled) = std::mem::take(&mut self.answered)
            .into_iter()
            .partition::<Vec<_>, _>(|(_, _, at)| at.iter().any(waits));
        for (place, outcome, _) in settled {
            self.outcomes[place] = Some(outcome);
        }
        self.answered = waiting;
        if !self.answered.is_empty() && self.components.iter().all(Component::is_live) {
            return Err(format!("answers overtook their states: {:?}", self.answered));
        }
        Ok(())
    }
    async fn handle(&mut self, message: ServerMessage) -> Result<(), String> {
        match message {
            ServerMessage::Welcome(welcome) => self.begin(welcome).await,
            _ if self.messages == 1 && self.session.is_none() => Err("something came before WELCOME".into()),
            ServerMessage::ComponentMounted(it) => {
                let id = it.component_id.as_str().to_owned();
                self.answer_resume(&id)?;
                self.about(&id)?.mounted(it)
            }
            ServerMessage::StateUpdate(it) => self.about(it.component_id.as_str())?.updated(it),
            ServerMessage::StateDelta(it) => self.about(it.component_id.as_str())?.changed(it),
            ServerMessage::Event(it) => self.about(it.component_id.as_str())?.told(it),
            ServerMessage::ComponentUnmounted(it) => self.unmounted(it).await,
            ServerMessage::Reply(it) => self.answer(Answer::Reply(it)),
            ServerMessage::Error(it) => self.answer(Answer::Error(it)),
            ServerMessage::GoAway(_) | ServerMessage::Pong(_) => Err("nobody has asked for that".into()),
        }
    }
    async fn begin(&mut self, welcome: Welcome) -> Result<(), String> {
        let before = self.session.replace((welcome.session.clone(), welcome.secret));
        if self.messages != 1 {
            return Err("WELCOME came late".into());
        }
        self.components.iter_mut().for_each(|component| component.waits = true);
        if !welcome.resumed {
            // Without a session there was none to resume: the first `WELCOME` was lost.
            return if before.is_none() { self.begin_first().await } else { Err("it is not resumed".into()) };
        }
        if before.map(|(session, _)| session) != Some(welcome.session) {
            return Err("it resumed another session".into());
        }
        self.resumes += 1;
        self.resuming = self.components.iter().map(|component| component.id).collect();
        for answer in welcome.replies {
            self.answer(answer)?;
        }
        if let Some((number, _)) = self.unanswered.range(..=welcome.executed).next() {
            return Err(format!("request {number} was executed, and its answer is nowhere"));
        }
        let again: Vec<Value> = self.unanswered.values().map(|(_, message)| message.clone()).collect();
        for message in again {
            self.say(message).await;
        }
        // Retires the old secret if there is nothing else to say.
        self.acknowledge().await;
        Ok(())
    }
    async fn begin_first(&mut self) -> Result<(), String> {
        let mounts: Vec<Value> = self.components.iter().map(Component::mount).collect();
        for mount in mounts {
            self.say(mount).await;
        }
        Ok(())
    }
    /// In a resume the components are answered in the order of `HELLO`; one that may still be about to be mounted holds up
    /// nobody.
    fn answer_resume(&mut self, id: &str) -> Result<(), String> {
        let Some(at) = self.resuming.iter().position(|listed| *listed == id) else { return Ok(()) };
        let is_held = |id: &&&str| {
            self.components.iter().any(|component| component.id == **id && component.held.is_some())
        };
        if let Some(earlier) = self.resuming.iter().take(at).find(is_held) {
            return Err(format!("`{id}` was answered before `{earlier}`"));
        }
        self.resuming.remove(at);
        Ok(())
    }
    async fn unmounted(&mut self, message: Unmounted) -> Result<(), String> {
        let id = message.component_id.as_str().to_owned();
        self.answer_resume(&id)?;
        let component = self.about(&id)?;
        // Only one that the server never heard of may be gone: its connection was cut before.
        if component.held.is_some() {
            return Err(format!("`{id}` was mounted, and is {:?}", message.reason));
        }
        component.waits = true;
        let mount = component.mount();
        self.say(mount).await;
        Ok(())
    }
    fn about(&mut self, id: &str) -> Result<&mut Component, String> {
        let found = self.components.iter_mut().find(|component| component.id == id);
        found.ok_or_else(|| format!("something came about `{id}`, which nobody has mounted"))
    }
    fn answer(&mut self, answer: Answer) -> Result<(), String> {
        let (number, outcome, at) = match answer {
            Answer::Reply(Reply { request_id, payload, at, component_id: _ }) => {
                let at = at.into_iter().map(|(id, version)| (id.as_str().to_owned(), version)).collect();
                (request_id.number(), Outcome::Result(payload.result), at)
            }
            Answer::Error(Error { request_id, code, payload, .. }) => {
                let outcome = match payload.data {
                    Some(data) => Outcome::Refused(data),
                    None => Outcome::Failed(format!("{code:?}: {}", payload.error)),
                };
                (request_id.and_then(|id| id.number()), outcome, BTreeMap::new())
            }
        };
        // A request that was sent twice, or done while the client came back, may be answered twice.
        if number.is_some_and(|number| number <= self.requests && !self.unanswered.contains_key(&number)) {
            return Ok(());
        }
        let sent = number.and_then(|number| self.unanswered.remove(&number));
        let (place, _) = sent.ok_or_else(|| format!("{outcome:?} answers nothing that waits: {number:?}"))?;
        self.answered.push((place, outcome, at));
        Ok(())
    }
}
