//! A full client of the protocol, over an outbox instead of a socket. It has no task of its own: whoever wants to know
//! something takes what has arrived first.
use crate::{
    call_error::CallError,
    mirror::{Mirror, broken},
};
use fluxstack_live::{Live, Visitor};
use fluxstack_live_core::{
    encoding::Encoding,
    engine::Engine,
    outbox::{Next, Outbox},
    peer::Peer,
};
use fluxstack_live_protocol::{
    PROTOCOL,
    client::{Ack, ClientMessage, Hello},
    compact::{self, Shape},
    error::ErrorCode,
    id::{ComponentId, RequestId},
    scan,
    server::{Answer, Limits, Reply, ServerMessage, Welcome},
};
use serde_json::Value;
use std::{
    collections::{BTreeSet, HashMap},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// A full client of the protocol.
pub(crate) struct Client {
    state: Mutex<State>,
    outbox: Arc<Outbox>,
    /// Somebody has taken what was in the outbox, perhaps what another waits for.
    arrived: Notify,
}

/// What the client knows.
pub(crate) struct State {
    session: Peer,
    engine: Arc<Engine>,
    encoding: Encoding,
    mirrors: HashMap<ComponentId, Mirror>,
    /// The name of every component ever mounted: messages about one that was given up may still come.
    names: HashMap<ComponentId, &'static str>,
    /// Components ever mounted: the next one's address.
    mounts: u64,
    /// Requests ever made: the last one's number.
    requests: u64,
    /// Answers that nobody has taken yet.
    answers: HashMap<u64, Result<Value, CallError>>,
    /// Every answer up to this number has arrived, and these above it.
    received: u64,
    received_above: BTreeSet<u64>,
    /// WebSocket messages applied, and how many of them the server was told of.
    messages: u64,
    acknowledged: u64,
    /// None until `WELCOME`.
    limits: Option<Limits>,
}

impl Client {
    /// So many messages are applied before the server is told, as the protocol asks.
    const ACK_EVERY: u64 = 16;

    /// A client whose connection was accepted, and that has said `HELLO`.
    pub(crate) fn open(live: &Live, visitor: Visitor, encoding: Encoding) -> Arc<Self> {
        let outbox = Arc::new(Outbox::new(encoding));
        let state = State {
            session: Peer::new(live.engine().clone(), visitor, outbox.clone()),
            engine: live.engine().clone(),
            encoding,
            mirrors: HashMap::new(),
            names: HashMap::new(),
            mounts: 0,
            requests: 0,
            answers: HashMap::new(),
            received: 0,
            received_above: BTreeSet::new(),
            messages: 0,
            acknowledged: 0,
            limits: None,
        };
        let client = Arc::new(Client { state: Mutex::new(state), outbox, arrived: Notify::new() });
        let (session, secret, received) = (None, None, None);
        let schema = (encoding == Encoding::CompactBySchema).then(|| live.engine().schema().into());
        let (components, token, anew) = (None, None, None);
        let hello = Hello { protocol: PROTOCOL, session, secret, received, components, token, schema, anew };
        client.lock().say(&ClientMessage::Hello(hello));
        if client.pump().limits.is_none() {
            broken("HELLO", "it was not answered");
        }
        client
    }
    /// Takes everything that has arrived.
    pub(crate) fn pump(&self) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        let before = state.messages;
        loop {
            match self.outbox.next() {
                Next::Wait => break,
                Next::Close(code) => panic!("the server closed the connection: {code:?}"),
                Next::Write(messages) => messages.into_iter().for_each(|message| state.hear(message)),
            }
        }
        if state.messages - state.acknowledged >= Self::ACK_EVERY {
            state.acknowledge();
        }
        if state.messages > before {
            self.arrived.notify_waiters();
        }
        state
    }
    /// Waits until `look` finds something in what has arrived.
    pub(crate) async fn wait<T>(&self, mut look: impl FnMut(&mut State) -> Option<T>) -> T {
        loop {
            let mut arrived = pin!(self.arrived.notified());
            arrived.as_mut().enable();
            if let Some(found) = look(&mut self.pump()) {
                return found;
            }
            tokio::select! {
                () = self.outbox.changed() => {}
                () = arrived => {}
            }
        }
    }
    /// Says something that is not a request.
    pub(crate) fn say(&self, message: &ClientMessage) {
        self.lock().say(message);
    }
    /// Asks for a mount, at an address of its own.
    pub(crate) fn mount<'a>(
        &self,
        name: &'static str,
        message: impl FnOnce(ComponentId) -> ClientMessage<'a>,
    ) -> Result<ComponentId, CallError> {
        let mut state = self.lock();
        state.mounts += 1;
        let id = ComponentId::new(&format!("c{}", state.mounts)).expect("a letter and a number");
        let text = state.fitting(&message(id.clone()))?;
        state.mirrors.insert(id.clone(), Mirror::new(name));
        state.names.insert(id.clone(), name);
        state.send(&text);
        Ok(id)
    }
    /// The connection is gone, without a goodbye.
    pub(crate) fn lose(&self) {
        self.lock().session.lose();
    }
    /// Gives a component up.
    pub(crate) fn forget(&self, id: &ComponentId) -> Option<Mirror> {
        self.lock().mirrors.remove(id)
    }
    /// Makes a request, which `message` puts together from its number and what the client has received; waits for its
    /// answer. It is sent once there are not too many under way.
    pub(crate) async fn request<'a>(
        &self,
        message: impl FnOnce(RequestId, u64) -> ClientMessage<'a>,
    ) -> Result<Value, CallError> {
        let mut message = Some(message);
        let send = |state: &mut State| {
            let message = if state.may_request() { message.take() } else { None };
            message.map(|message| state.request(message))
        };
        let number = self.wait(send).await?;
        self.wait(|state| state.answers.remove(&number)).await
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while it was held is a broken promise of the engine, and has been told already.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A component that was not given up.
    pub(crate) fn mirror(&mut self, id: &ComponentId) -> &mut Mirror {
        self.mirrors.get_mut(id).expect("a page has a mirror")
    }
    fn say(&mut self, message: &ClientMessage) {
        self.send(&text(message));
    }
    /// Sends a message in the connection's encoding.
    fn send(&mut self, text: &str) {
        if !self.encoding.is_binary() {
            return self.session.receive(text);
        }
        let message: Value = serde_json::from_str(text).expect("it was written as JSON");
        let shape = message["componentId"].as_str().and_then(|id| self.shape(id));
        let bytes = compact::from_client(text, shape).expect("it was written as JSON");
        self.session.receive_compact(&bytes);
    }
    /// What the places in a message about this component are counted in; None if they are none.
    fn shape(&self, id: &str) -> Option<&Shape> {
        let name = self.names.get(&ComponentId::new(id)?);
        let name = name.filter(|_| self.encoding == Encoding::CompactBySchema)?;
        self.engine.shape(name).map(|shape| &**shape)
    }
    /// The message as text, if the server would read it.
    fn fitting(&self, message: &ClientMessage) -> Result<String, CallError> {
        let text = text(message);
        let most = self.limits().message_bytes;
        if text.len() as u64 > most {
            let error = format!("a message may have at most {most} bytes");
            return Err(CallError::unsent(ErrorCode::TooLarge, error));
        }
        let unreadable = |_| {
            let error = "the message breaks a limit of the protocol on depth, values or keys".to_owned();
            CallError::unsent(ErrorCode::BadMessage, error)
        };
        scan::check(&text).map_err(unreadable)?;
        Ok(text)
    }
    fn may_request(&self) -> bool {
        let answered = self.received + self.received_above.len() as u64;
        self.requests - answered < self.limits().in_flight
    }
    /// Sends a request; its number, or why it cannot be sent.
    fn request<'a>(
        &mut self,
        message: impl FnOnce(RequestId, u64) -> ClientMessage<'a>,
    ) -> Result<u64, CallError> {
        let number = self.requests + 1;
        let id = RequestId::Number(number.try_into().expect("no test makes 2^63 requests"));
        let text = self.fitting(&message(id, self.received))?;
        self.requests = number;
        self.send(&text);
        Ok(number)
    }
    fn limits(&self) -> &Limits {
        self.limits.as_ref().expect("`WELCOME` has come")
    }
    fn acknowledge(&mut self) {
        self.acknowledged = self.messages;
        let ack = Ack { messages: self.messages, received: Some(self.received) };
        self.say(&ClientMessage::Ack(ack));
    }
    /// One WebSocket message.
    fn hear(&mut self, message: Vec<u8>) {
        fn unread(error: impl std::fmt::Display) -> ! {
            broken("WebSocket", format_args!("a message cannot be read: {error}"))
        }
        let text = if self.encoding.is_binary() {
            compact::to_client(&message, |id| self.shape(id))
                .unwrap_or_else(|| unread("it is no MessagePack"))
        } else {
            String::from_utf8(message).unwrap_or_else(|error| unread(error))
        };
        let messages: serde_json::Result<Vec<ServerMessage>> = if text.starts_with('[') {
            serde_json::from_str(&text)
        } else {
            serde_json::from_str(&text).map(|message| vec![message])
        };
        messages.unwrap_or_else(|error| unread(error)).into_iter().for_each(|message| self.arrive(message));
        self.mirrors.values_mut().for_each(Mirror::end_of_message);
        self.messages += 1;
    }
    fn arrive(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::Welcome(it) => self.welcome(it),
            ServerMessage::ComponentMounted(it) => {
                self.about(&it.component_id.clone(), |mirror| mirror.mounted(it))
            }
            ServerMessage::StateUpdate(it) => {
                self.about(&it.component_id.clone(), |mirror| mirror.updated(it))
            }
            ServerMessage::StateDelta(it) => {
                self.about(&it.component_id.clone(), |mirror| mirror.changed(it))
            }
            ServerMessage::Event(it) => self.about(&it.component_id.clone(), |mirror| mirror.told(it)),
            ServerMessage::ComponentUnmounted(it) => {
                self.about(&it.component_id, |mirror| mirror.ended(it.reason))
            }
            ServerMessage::Reply(it) => self.answer(Answer::Reply(it)),
            ServerMessage::Error(it) if it.request_id.is_some() => self.answer(Answer::Error(it)),
            ServerMessage::Error(it) => match it.component_id.clone() {
                Some(id) => self.about(&id, |mirror| mirror.refused(it.into())),
                None => broken("ERROR", format_args!("one came that names nothing: {}", CallError::from(it))),
            },
            ServerMessage::GoAway(_) | ServerMessage::Pong(_) => {}
        }
    }
    fn welcome(&mut self, welcome: Welcome) {
        self.limits = Some(welcome.limits);
    }
    /// What arrives about a component that was given up is not looked at.
    fn about(&mut self, id: &ComponentId, told: impl FnOnce(&mut Mirror)) {
        if let Some(mirror) = self.mirrors.get_mut(id) {
            told(mirror);
        }
    }
    fn answer(&mut self, answer: Answer) {
        let (request_id, outcome) = match answer {
            Answer::Reply(Reply { request_id, payload, at, component_id: _ }) => {
                for (id, version) in &at {
                    self.about(id, |mirror| mirror.replied(*version));
                }
                (Some(request_id), Ok(payload.result))
            }
            Answer::Error(error) => (error.request_id.clone(), Err(error.into())),
        };
        let number = request_id.and_then(|id| id.number()).filter(|number| *number <= self.requests);
        let Some(number) = number else { broken("REPLY", "one came that nobody asked for") };
        self.answers.insert(number, outcome);
        self.received_above.insert(number);
        while self.received_above.remove(&(self.received + 1)) {
            self.received += 1;
        }
    }
}

fn text(message: &ClientMessage) -> String {
    serde_json::to_string(message).expect("a client's message is JSON")
}
