//! A world for the engine under test, and a client that speaks the protocol without a socket.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
pub mod beside;
pub mod convergence;
pub mod counter;
pub mod watched;

use fluxstack_live_core::{
    actions::LiveActions,
    engine::{Builder, Engine},
    host::{BoxFuture, Host},
    limits::Limits,
    outbox::{Next, Outbox},
    peer::Peer,
    visitor::Visitor,
};
use fluxstack_live_protocol::{error::CloseCode, ops, server::ServerMessage};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// tokio's tasks and clock, which tests may pause; numbers instead of randomness.
pub struct TestHost {
    names: AtomicU64,
    started: tokio::time::Instant,
}

impl Default for TestHost {
    fn default() -> Self {
        TestHost { names: AtomicU64::new(0), started: tokio::time::Instant::now() }
    }
}

impl Host for TestHost {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        tokio::spawn(task);
    }
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
    fn now(&self) -> Duration {
        self.started.elapsed()
    }
    fn random(&self) -> u128 {
        u128::from(self.names.fetch_add(1, Ordering::Relaxed))
    }
}

pub fn engine(limits: Limits, register: impl FnOnce(&mut Builder)) -> Arc<Engine> {
    let mut builder = Builder::default();
    builder.limits(limits);
    register(&mut builder);
    builder.build(Arc::new(TestHost::default())).unwrap()
}

pub fn engine_of<C: LiveActions>() -> Arc<Engine> {
    engine(Limits::default(), Builder::component::<C>)
}

/// A client: what it sends goes into a session, what comes out is kept, and a full client holds what it was shown.
pub struct Client {
    session: Peer,
    outbox: Arc<Outbox>,
    /// What has arrived and was not looked at.
    inbox: VecDeque<Value>,
    /// WebSocket messages that have arrived.
    pub frames: Vec<String>,
    /// State and version by component, as a client of the protocol would hold them.
    pub held: BTreeMap<String, (Value, u64)>,
    pub epochs: BTreeMap<String, String>,
    /// The last `WELCOME`.
    pub welcome: Value,
    pub next_request: u64,
}

impl Client {
    pub fn basic(engine: &Arc<Engine>) -> Client {
        Client::of(engine, "ana")
    }
    /// A client that has not said anything, of this visitor.
    pub fn of(engine: &Arc<Engine>, visitor: &str) -> Client {
        Client::whom(engine, Visitor::anonymous(visitor))
    }
    pub fn whom(engine: &Arc<Engine>, visitor: Visitor) -> Client {
        let outbox = Arc::new(Outbox::default());
        let session = Peer::new(engine.clone(), visitor, outbox.clone());
        let (inbox, frames, held) = (VecDeque::new(), Vec::new(), BTreeMap::new());
        let (epochs, welcome) = (BTreeMap::new(), Value::Null);
        Client { session, outbox, inbox, frames, held, epochs, welcome, next_request: 0 }
    }
    pub fn full(engine: &Arc<Engine>) -> Client {
        let mut client = Client::basic(engine);
        client.send(json!({"type": "HELLO", "protocol": 1}));
        assert_eq!(client.now()["type"], "WELCOME");
        client
    }
    /// Its connection is gone, and it did not say goodbye.
    pub fn lose(mut self) {
        self.session.lose();
    }
    /// Its page was left.
    pub fn part(mut self) {
        self.session.part();
    }
    /// `HELLO` of a client that goes on with what it has, and has received the answers up to `received`.
    pub fn hello(&self, received: u64) -> Value {
        let components: Vec<Value> = (self.held.iter())
            .map(
                |(id, (_, version))| json!({"componentId": id, "epoch": self.epochs[id], "version": version}),
            )
            .collect();
        json!({
            "type": "HELLO", "protocol": 1, "session": self.welcome["session"], "secret": self.welcome["secret"],
            "received": received, "components": components,
        })
    }
    /// The same client over another connection, which the server takes for somebody else's; it has said nothing yet. The
    /// connection before it is as it was.
    pub fn another(&self, engine: &Arc<Engine>) -> Client {
        let mut client = Client::of(engine, "somebody");
        (client.held, client.epochs) = (self.held.clone(), self.epochs.clone());
        (client.welcome, client.next_request) = (self.welcome.clone(), self.next_request);
        client
    }
    /// Loses its connection and goes on through another.
    pub fn resume(self, engine: &Arc<Engine>, received: u64) -> Client {
        let mut client = self.another(engine);
        self.lose();
        client.send(client.hello(received));
        client
    }
    pub fn send(&mut self, message: Value) {
        self.send_text(&message.to_string());
    }
    pub fn send_text(&mut self, text: &str) {
        self.session.receive(text);
    }
    pub fn mount(&mut self, id: &str, component: &str, props: Value) {
        let payload = json!({"component": component, "props": props});
        self.send(json!({"type": "COMPONENT_MOUNT", "componentId": id, "payload": payload}));
    }
    /// Sends a call with the next number; returns the number.
    pub fn call(&mut self, id: &str, action: &str, payload: Value) -> u64 {
        self.next_request += 1;
        let n = self.next_request;
        self.send(json!({"type": "COMPONENT_ACTION", "componentId": id, "action": action, "payload": payload, "requestId": n}));
        n
    }
    pub fn set(&mut self, id: &str, property: &str, value: Value) -> u64 {
        self.next_request += 1;
        let n = self.next_request;
        let payload = json!({"property": property, "value": value});
        self.send(json!({"type": "PROPERTY_UPDATE", "componentId": id, "payload": payload, "requestId": n}));
        n
    }
    /// Takes what the outbox has; Some if the connection is to be closed.
    pub fn pump(&mut self) -> Option<CloseCode> {
        loop {
            match self.outbox.next() {
                Next::Wait => return None,
                Next::Close(code) => return Some(code),
                Next::Write(frames) => {
                    for frame in frames {
                        let text = String::from_utf8(frame).unwrap();
                        let value: Value = serde_json::from_str(&text).unwrap();
                        self.frames.push(text);
                        match value {
                            Value::Array(batch) => batch.into_iter().for_each(|message| self.arrive(message)),
                            message => self.arrive(message),
                        }
                    }
                }
            }
        }
    }
    fn arrive(&mut self, message: Value) {
        match serde_json::from_value(message.clone()).expect("the server sends what the protocol knows") {
            ServerMessage::ComponentMounted(it) => {
                let id = it.component_id.to_string();
                let state = it.state.unwrap_or_else(|| {
                    assert_eq!(self.epochs[&id], it.epoch, "only a history that is held goes on");
                    let mut state = self.held[&id].0.clone();
                    ops::apply(&mut state, &it.ops.expect("it has a state or ops")).unwrap();
                    state
                });
                self.epochs.insert(id.clone(), it.epoch);
                self.held.insert(id, (state, it.version));
            }
            ServerMessage::StateUpdate(it) => {
                self.held.insert(it.component_id.to_string(), (it.payload.state, it.version));
            }
            ServerMessage::StateDelta(it) => {
                let (state, version) = self.held.get_mut(it.component_id.as_str()).expect("it was mounted");
                assert_eq!(*version, it.from, "a delta fits the version held");
                ops::apply(state, &it.ops).unwrap();
                *version = it.version;
            }
            ServerMessage::Reply(it) => {
                for (id, version) in &it.at {
                    if let Some((_, held)) = self.held.get(id.as_str()) {
                        assert!(held >= version, "a reply does not overtake its state");
                    }
                }
            }
            ServerMessage::ComponentUnmounted(it) => drop(self.held.remove(it.component_id.as_str())),
            ServerMessage::Welcome(_) => self.welcome = message.clone(),
            ServerMessage::Error(_) | ServerMessage::Event(_) => {}
            ServerMessage::GoAway(_) | ServerMessage::Pong(_) => {}
        }
        self.inbox.push_back(message);
    }
    /// The next message, which is there already.
    pub fn now(&mut self) -> Value {
        self.pump();
        self.inbox.pop_front().expect("a message is there")
    }
    /// Everything that is there, by type.
    pub fn types(&mut self) -> Vec<String> {
        self.pump();
        self.inbox.drain(..).map(|message| message["type"].as_str().unwrap().to_owned()).collect()
    }
    /// The answer to a request, now or when it comes; what comes before it is dropped.
    pub async fn answer(&mut self, request: u64) -> Value {
        loop {
            self.pump();
            while let Some(message) = self.inbox.pop_front() {
                if message["requestId"] == request {
                    return message;
                }
            }
            self.outbox.changed().await;
        }
    }
    /// The next message, now or when it comes.
    pub async fn next(&mut self) -> Value {
        loop {
            self.pump();
            if let Some(message) = self.inbox.pop_front() {
                return message;
            }
            self.outbox.changed().await;
        }
    }
    pub fn is_quiet(&mut self) -> bool {
        self.pump();
        self.inbox.is_empty()
    }
    pub fn state(&self, id: &str) -> &Value {
        &self.held[id].0
    }
    pub fn version(&self, id: &str) -> u64 {
        self.held[id].1
    }
}

/// Panics that a test makes on purpose are not printed.
pub fn quiet_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.payload().downcast_ref::<&str>() != Some(&"on purpose") {
                hook(info);
            }
        }));
    });
}

/// Runs what may panic on purpose.
pub fn panics(change: impl FnOnce()) {
    quiet_panics();
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(change));
}
