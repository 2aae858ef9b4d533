//! A client of one encoding, without a socket: it reads what the outbox has, and holds the state it was shown.
use fluxstack_live_core::{
    encoding::Encoding,
    engine::Engine,
    outbox::{Next, Outbox},
    peer::Peer,
    visitor::Visitor,
};
use fluxstack_live_protocol::{compact, ops};
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) struct Reader {
    engine: Arc<Engine>,
    outbox: Arc<Outbox>,
    _session: Peer,
    encoding: Encoding,
    state: Value,
    version: u64,
    /// What has come, as it travelled and as JSON.
    pub(crate) frames: Vec<Vec<u8>>,
    pub(crate) messages: Vec<Value>,
    /// The state after each of them.
    pub(crate) states: Vec<Value>,
}

impl Reader {
    /// It has mounted the component and was shown the state.
    pub(crate) fn new(engine: &Arc<Engine>, encoding: Encoding) -> Reader {
        let mut hello = json!({"type": "HELLO", "protocol": 1});
        let sent = match encoding {
            Encoding::Json => Encoding::Json,
            Encoding::Compact => Encoding::Compact,
            Encoding::CompactBySchema => {
                hello["schema"] = engine.schema().into();
                Encoding::Compact
            }
        };
        let outbox = Arc::new(Outbox::new(sent));
        let mut session = Peer::new(engine.clone(), Visitor::anonymous("ana"), outbox.clone());
        let payload = json!({"component": "Vectors", "props": {"room": "r"}});
        for message in [hello, json!({"type": "COMPONENT_MOUNT", "componentId": "c1", "payload": payload})] {
            if sent == Encoding::Json {
                session.receive(&message.to_string());
            } else {
                session
                    .receive_compact(&compact::from_client(&message.to_string(), None).expect("a message"));
            }
        }
        let (engine, state) = (engine.clone(), Value::Null);
        let (version, frames, messages, states) = (0, Vec::new(), Vec::new(), Vec::new());
        let mut reader =
            Reader { engine, outbox, _session: session, encoding, state, version, frames, messages, states };
        reader.read();
        reader.forget();
        reader
    }
    /// What has come is of no interest any more.
    pub(crate) fn forget(&mut self) {
        self.frames.clear();
        self.messages.clear();
        self.states.clear();
    }
    /// The state it was shown.
    pub(crate) fn state(&self) -> &Value {
        &self.state
    }
    /// Takes what is there.
    pub(crate) fn read(&mut self) {
        while let Next::Write(frames) = self.outbox.next() {
            for frame in frames {
                let text = match self.encoding {
                    Encoding::Json => String::from_utf8(frame.clone()).expect("JSON is text"),
                    Encoding::Compact => compact::to_client(&frame, |_| None).expect("a message"),
                    Encoding::CompactBySchema => {
                        let shape = self.engine.shape("Vectors");
                        compact::to_client(&frame, |_| shape.map(|shape| &**shape)).expect("a message")
                    }
                };
                self.frames.push(frame);
                match serde_json::from_str(&text).expect("JSON") {
                    Value::Array(batch) => batch.into_iter().for_each(|message| self.arrive(message)),
                    message => self.arrive(message),
                }
            }
        }
    }
    fn arrive(&mut self, message: Value) {
        let message = as_a_browser_has_it(message);
        match message["type"].as_str().expect("a message has a type") {
            "WELCOME" => return,
            "COMPONENT_MOUNTED" => self.state = message["state"].clone(),
            "STATE_UPDATE" => self.state = message["payload"]["state"].clone(),
            "STATE_DELTA" => {
                assert_eq!(message["from"], self.version, "a delta fits the version held");
                let ops: Vec<ops::Op> = serde_json::from_value(message["ops"].clone()).expect("ops");
                ops::apply(&mut self.state, &ops).expect("the ops fit the state");
            }
            other => panic!("a message of type `{other}` to somebody who only reads"),
        }
        self.version = message["version"].as_u64().expect("a version");
        self.messages.push(message);
        self.states.push(self.state.clone());
    }
}

/// In a browser 1.0 and 1 are the same number, and they may travel as either.
pub(crate) fn as_a_browser_has_it(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float)
                if number.is_f64() && float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 =>
            {
                #[expect(clippy::cast_possible_truncation, reason = "it is an integer that fits")]
                let integer = float as i64;
                integer.into()
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(as_a_browser_has_it).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, as_a_browser_has_it(value))).collect()
        }
        Value::Null | Value::Bool(_) | Value::String(_) => value,
    }
}
