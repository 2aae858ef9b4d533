//! What others do in the place of recording: send the list again, or compare it with a copy. Both without an engine
//! around them, so what they cost here is the least they can cost.
use crate::{
    board::{self, Item},
    edit::Edit,
};
use fluxstack_live_protocol::{compose, id::ComponentId};
use serde_json::{Value, json};

/// A board of plain values.
#[derive(Clone)]
pub(crate) struct Plain {
    items: Vec<Item>,
    count: i64,
    title: String,
}

impl Plain {
    pub(crate) fn of(items: usize) -> Plain {
        Plain { items: board::items(items), count: 0, title: String::new() }
    }
    /// Does the edit, and returns the message that has everything of the field that changed. Nobody compares: that it
    /// knows which field that is costs nothing.
    pub(crate) fn resend(&mut self, edit: Edit) -> Option<Vec<u8>> {
        match edit {
            Edit::Count => {
                self.count += 1;
                Some(delta(&op(&json!(["=", ["count"], self.count]))))
            }
            Edit::Fail(item) => {
                let before = self.clone();
                self.change_and_fail(item);
                *self = before;
                None
            }
            edit => {
                self.apply(edit);
                let mut ops = br#"["=",["items"],"#.to_vec();
                serde_json::to_writer(&mut ops, &self.items).expect("an item is JSON");
                ops.push(b']');
                Some(delta(&ops))
            }
        }
    }
    /// Copies everything, does the edit, compares, and returns the message with the difference.
    pub(crate) fn compare(&mut self, edit: Edit) -> Option<Vec<u8>> {
        let before = self.clone();
        if let Edit::Fail(item) = edit {
            self.change_and_fail(item);
            *self = before;
            return None;
        }
        self.apply(edit);
        let mut ops = Vec::new();
        if self.count != before.count {
            ops.push(json!(["=", ["count"], self.count]));
        }
        if self.title != before.title {
            ops.push(json!(["=", ["title"], self.title]));
        }
        self.compare_items(&before.items, &mut ops);
        let ops: Vec<Vec<u8>> = ops.iter().map(op).collect();
        Some(delta(&ops.join(&b',')))
    }
    /// Item by item, from both ends; what is different in between is one removal and one insertion.
    fn compare_items(&self, before: &[Item], ops: &mut Vec<Value>) {
        let now = self.items.as_slice();
        let same = |(a, b): &(&Item, &Item)| a == b;
        let head = now.iter().zip(before).take_while(same).count();
        let (now, before) = (&now[head..], &before[head..]);
        let tail = now.iter().rev().zip(before.iter().rev()).take_while(same).count();
        let (now, before) = (&now[..now.len() - tail], &before[..before.len() - tail]);
        if let ([now], [before]) = (now, before) {
            ops.extend(fields(head, now, before));
            return;
        }
        if !before.is_empty() {
            ops.push(json!(["-", ["items"], head, before.len()]));
        }
        if !now.is_empty() {
            let mut insert = vec![json!("i"), json!(["items"]), json!(head)];
            insert.extend(now.iter().map(|item| json!(item)));
            ops.push(Value::Array(insert));
        }
    }
    fn apply(&mut self, edit: Edit) {
        match edit {
            Edit::Push(item) => self.items.push(item),
            Edit::Insert(at, item) => self.items.insert(at, item),
            Edit::Remove(at) => drop(self.items.remove(at)),
            Edit::Move(from, to) => {
                let item = self.items.remove(from);
                self.items.insert(to, item);
            }
            Edit::Toggle(at) => self.items[at].done = !self.items[at].done,
            Edit::Count => self.count += 1,
            Edit::Fail(item) => self.change_and_fail(item),
        }
    }
    fn change_and_fail(&mut self, item: Item) {
        self.items.push(item);
        let middle = self.items.len() / 2;
        self.items[middle].done = true;
        self.count += 1;
        self.title = "never seen".to_owned();
    }
    /// As many items as at first.
    pub(crate) fn put_back(&mut self, n: usize) {
        self.items.truncate(n);
        let missing = n - self.items.len();
        self.items.extend((0..missing).map(|i| Item::new(i as u64)));
    }
}

/// One op for each field that differs.
fn fields(at: usize, now: &Item, before: &Item) -> Vec<Value> {
    let (Value::Object(now), Value::Object(before)) = (json!(now), json!(before)) else {
        unreachable!("an item is an object")
    };
    let changed = now.into_iter().filter(|(name, value)| before.get(name) != Some(value));
    changed.map(|(name, value)| json!(["=", ["items", at, name], value])).collect()
}

fn op(op: &Value) -> Vec<u8> {
    serde_json::to_vec(op).expect("an op is JSON")
}

/// The whole message, put together as the engine does it.
fn delta(ops: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    let to = ComponentId::new("c1").expect("it is an id");
    compose::state_delta(&to, &compose::slice(10, 11, ops), &mut message);
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Kind;
    use clap::ValueEnum;
    use fluxstack_live_protocol::{ops, server::ServerMessage};

    impl Plain {
        fn state(&self) -> Value {
            json!({"items": self.items, "count": self.count, "title": self.title})
        }
    }

    #[test]
    fn what_both_send_leads_from_before_to_after() {
        for kind in Kind::value_variants() {
            for way in [Plain::resend, Plain::compare] {
                let mut plain = Plain::of(20);
                let mut held = plain.state();
                if let Some(message) = way(&mut plain, kind.edit(20, 3)) {
                    let Ok(ServerMessage::StateDelta(delta)) = serde_json::from_slice(&message) else {
                        panic!("{kind:?} sends no delta")
                    };
                    ops::apply(&mut held, &delta.ops).unwrap();
                    assert_ne!(held, Plain::of(20).state(), "{kind:?}");
                }
                assert_eq!(held, plain.state(), "{kind:?}");
            }
        }
    }
}
