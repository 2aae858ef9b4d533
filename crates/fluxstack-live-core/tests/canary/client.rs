//! A client of one encoding, without a socket, that keeps what it is sent.
use crate::script::{Step, mount};
use fluxstack_live::{
    encoding::Encoding,
    engine::Engine,
    outbox::{Next, Outbox},
    peer::Peer,
    visitor::Visitor,
};
use fluxstack_live_protocol::compact;
use serde_json::{Value, json};
use std::sync::Arc;

/// A client that keeps every byte it is sent, one after the other: what is split between two messages is found, too.
pub(crate) struct Client {
    engine: Arc<Engine>,
    session: Peer,
    outbox: Arc<Outbox>,
    encoding: Option<Encoding>,
    requests: u64,
    last: Value,
    pub(crate) sent: Vec<u8>,
}

impl Client {
    pub(crate) fn new(engine: &Arc<Engine>, encoding: Option<Encoding>) -> Client {
        let outbox = Arc::new(Outbox::new(match encoding {
            None | Some(Encoding::Json) => Encoding::Json,
            Some(Encoding::Compact | Encoding::CompactBySchema) => Encoding::Compact,
        }));
        let session = Peer::new(engine.clone(), Visitor::anonymous("ana"), outbox.clone());
        let (engine, last) = (engine.clone(), Value::Null);
        let mut client = Client { engine, session, outbox, encoding, requests: 0, last, sent: Vec::new() };
        let mut hello = json!({"type": "HELLO", "protocol": 1});
        if encoding == Some(Encoding::CompactBySchema) {
            hello["schema"] = client.engine.schema().into();
        }
        if encoding.is_some() {
            client.send(&hello);
        }
        client.send(&mount("v1", "Vault", json!({"room": "a", "end": "well"})));
        client.send(&mount("d1", "Drawer", json!({})));
        client
    }
    pub(crate) fn act(&mut self, step: &Step) {
        match step {
            Step::Say(message) => {
                let message = self.numbered(message);
                self.send(&message);
            }
            Step::Repeat => {
                let last = self.last.clone();
                self.send(&last);
            }
            Step::Babble(text) => self.send_raw(text),
            Step::Batch(messages) => {
                let batch: Vec<Value> = messages.iter().map(|message| self.numbered(message)).collect();
                self.send(&batch.into());
            }
            Step::Read => self.read(),
            Step::Pause => {}
        }
    }
    fn numbered(&mut self, message: &Value) -> Value {
        let mut message = message.clone();
        if matches!(message["type"].as_str(), Some("COMPONENT_ACTION" | "PROPERTY_UPDATE")) {
            self.requests += 1;
            message["requestId"] = self.requests.into();
            self.last = message.clone();
        }
        message
    }
    fn send(&mut self, message: &Value) {
        let shape = match message["componentId"].as_str() {
            Some("d1") => self.engine.shape("Drawer"),
            _ => self.engine.shape("Vault"),
        };
        let shape = shape.filter(|_| self.encoding == Some(Encoding::CompactBySchema)).map(|shape| &**shape);
        match self.encoding {
            None | Some(Encoding::Json) => self.session.receive(&message.to_string()),
            Some(Encoding::Compact | Encoding::CompactBySchema) => {
                let bytes = compact::from_client(&message.to_string(), shape).expect("it is JSON");
                self.session.receive_compact(&bytes);
            }
        }
    }
    fn send_raw(&mut self, text: &str) {
        match self.encoding {
            None | Some(Encoding::Json) => self.session.receive(text),
            Some(Encoding::Compact | Encoding::CompactBySchema) => {
                self.session.receive_compact(text.as_bytes());
            }
        }
    }
    pub(crate) fn read(&mut self) {
        while let Next::Write(frames) = self.outbox.next() {
            self.sent.extend(frames.into_iter().flatten());
        }
    }
}
