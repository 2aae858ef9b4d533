//! A plain collection that has grown large is named, once, while one develops.
#![cfg(debug_assertions)]
extern crate fluxstack_live_core as fluxstack_live;

use fluxstack_live::{
    list::List,
    ops::{Ops, Path},
    value::LiveValue,
};
use fluxstack_live_macros::live_type;
use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// What was said.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<String>>>);

impl Subscriber for Said {
    fn enabled(&self, _: &Metadata) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes) -> Id {
        Id::from_u64(1)
    }
    fn event(&self, event: &Event) {
        struct Message(String);
        impl Visit for Message {
            fn record_debug(&mut self, _: &Field, value: &dyn Debug) {
                self.0 = format!("{value:?}");
            }
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        self.0.lock().unwrap().push(message.0);
    }
    fn record(&self, _: &Id, _: &Record) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[live_type]
#[derive(Default)]
struct Shelf {
    few: Vec<u8>,
    many: Vec<u8>,
    by_name: BTreeMap<u16, u8>,
    maybe: Option<Vec<u8>>,
    tracked: List<u8>,
    boxes: List<Crate>,
}

#[live_type]
#[derive(Default)]
struct Crate {
    inside: Vec<u8>,
}

#[test]
fn a_plain_collection_of_more_than_100_entries_is_named_once() {
    let said = Said::default();
    tracing::subscriber::with_default(said.clone(), || {
        let mut shelf = Shelf {
            few: vec![0; 100],
            many: vec![0; 101],
            by_name: (0..101).map(|key| (key, 0)).collect(),
            maybe: Some(vec![0; 101]),
            tracked: (0..101).collect(),
            boxes: [Crate { inside: vec![0; 101] }, Crate { inside: vec![0; 101] }].into(),
        };
        for _ in 0..2 {
            let shadow = shelf.shadow();
            shelf.boxes.iter_mut().for_each(|it| it.inside[0] += 1);
            shelf.diff(&shadow, &Path::Field(&Path::Root, "shelf"), &mut Ops::default());
        }
    });
    let said = said.0.lock().unwrap();
    let begins: Vec<&str> = said.iter().map(|said| said.split(" and each").next().unwrap()).collect();
    assert_eq!(
        begins,
        [
            "the field `shelf.many` has 101 entries,",
            "the field `shelf.byName` has 101 entries,",
            "the field `shelf.boxes.*.inside` has 101 entries,",
        ]
    );
    assert!(said[0].ends_with("a `List` sends only what is done to it"), "{}", said[0]);
    assert!(said[1].ends_with("a `Map` sends only what is done to it"), "{}", said[1]);
}
