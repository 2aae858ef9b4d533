//! A value with somebody who watches it: what a client builds from its ops, and what it was at the last commit.
use fluxstack_live_core::{
    ops::{Ops, Path},
    value::LiveValue,
};
use fluxstack_live_protocol::ops::{Op, apply};
use serde_json::{Value, json};
use std::fmt::Debug;

pub struct Watched<T: LiveValue> {
    pub value: T,
    shadow: T::Shadow,
    before: T,
    seen: Value,
}

impl<T: LiveValue + PartialEq + Debug> Watched<T> {
    pub fn new(mut value: T) -> Self {
        let (before, seen) = (value.clone(), json!({ "it": value }));
        Watched { shadow: value.shadow(), value, before, seen }
    }
    /// Ends a transaction well; returns what was sent.
    pub fn commit(&mut self) -> Value {
        let mut ops = Ops::default();
        self.value.diff(&self.shadow, &Path::Field(&Path::Root, "it"), &mut ops);
        let text = format!("[{}]", String::from_utf8(ops.finish().unwrap().as_bytes().to_vec()).unwrap());
        let sent: Vec<Op> = serde_json::from_str(&text).unwrap();
        apply(&mut self.seen, &sent).unwrap_or_else(|_| panic!("{text} does not fit {}", self.seen));
        assert_eq!(self.seen["it"], serde_json::to_value(&self.value).unwrap(), "after {text}");
        self.value.accept(&mut self.shadow);
        self.before = self.value.clone();
        serde_json::from_str(&text).unwrap()
    }
    /// Ends a transaction that failed.
    pub fn roll_back(&mut self) {
        self.value.evict(&mut self.shadow);
        while self.value.evict(&mut self.shadow) {}
        self.value.restore(&mut self.shadow).unwrap();
        assert_eq!(self.value, self.before);
        assert_eq!(self.commit(), json!([]), "nothing is left to tell");
    }
    /// One transaction. Returns what was sent.
    pub fn sends(&mut self, change: impl FnOnce(&mut T)) -> Value {
        change(&mut self.value);
        self.commit()
    }
}
