//! `#[live(hidden)]`: a collection that no browser hears of is put back by its own record, as a visible one is.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{actions::MountError, list::List, map::Map, typescript::print};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::{cell::Cell, mem};
use support::{Client, engine_of, quiet_panics};

thread_local! {
    static COPIES: Cell<usize> = const { Cell::new(0) };
}

#[live_type]
struct Nothing {}

#[live_type]
struct Item {
    name: String,
    scores: List<i64>,
    counted: Counted,
}

/// Counts how often it is copied.
#[derive(Debug, PartialEq)]
struct Counted;
impl Clone for Counted {
    fn clone(&self) -> Self {
        COPIES.set(COPIES.get() + 1);
        Counted
    }
}
impl serde::Serialize for Counted {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}
impl<'de> serde::Deserialize<'de> for Counted {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Ok(Counted)
    }
}
impl fluxstack_live::value::WireType for Counted {
    fn describe(_: &mut fluxstack_live::schema::Types) -> fluxstack_live::schema::Type {
        fluxstack_live::schema::Type::Null
    }
}
fluxstack_live::__leaf_value!([] Counted);

#[derive(LiveComponent, Default)]
struct Game {
    #[live]
    shown: List<Item>,
    #[live]
    round: u32,
    #[live(hidden)]
    deck: List<Item>,
    #[live(hidden)]
    by_name: Map<String, Item>,
    #[live(hidden)]
    secret_number: i64,
}

fn item(name: &str) -> Item {
    Item { name: name.to_owned(), scores: List::from_iter([1, 2]), counted: Counted }
}

impl Game {
    fn change_all(&mut self) {
        self.secret_number += 1;
        self.deck.push(item("new"));
        self.deck.get_mut(0).unwrap().scores.push(3);
        self.by_name.get_mut("b").unwrap().name = "changed".to_owned();
        self.by_name.remove("c");
        self.by_name.insert("d".to_owned(), item("d"));
    }
    fn move_all(&mut self) {
        let dealt = self.deck.remove(0);
        self.shown.push(dealt);
        mem::swap(&mut self.shown, &mut self.deck);
        self.deck = List::new();
        mem::take(&mut self.by_name);
        self.secret_number = 0;
    }
    fn everything(&self) -> Value {
        json!([self.shown, self.deck, self.by_name, self.secret_number])
    }
}

#[live_actions]
impl Game {
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        Ok(Game {
            shown: [item("shown")].into_iter().collect(),
            deck: [item("a"), item("b")].into_iter().collect(),
            by_name: ["b", "c"].map(|name| (name.to_owned(), item(name))).into_iter().collect(),
            ..Game::default()
        })
    }
    async fn change(&mut self) {
        self.change_all();
    }
    async fn deal(&mut self) -> Option<String> {
        let dealt = self.deck.pop()?;
        let name = dealt.name.clone();
        self.shown.push(dealt);
        Some(name)
    }
    async fn fail(&mut self, panic: bool) -> Result<(), ()> {
        self.change_all();
        self.move_all();
        if panic { std::panic::panic_any("on purpose") } else { Err(()) }
    }
    async fn look(&mut self) -> String {
        self.everything().to_string()
    }
    async fn next_round(&mut self) {
        self.round += 1;
    }
}

fn mounted() -> Client {
    let mut ana = Client::full(&engine_of::<Game>());
    ana.mount("g", "Game", json!({}));
    assert_eq!(ana.types(), ["COMPONENT_MOUNTED"]);
    ana
}

async fn look(ana: &mut Client) -> String {
    let request = ana.call("g", "look", json!(null));
    ana.answer(request).await["payload"]["result"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn it_is_not_sent_and_a_change_of_it_alone_is_no_commit() {
    let mut ana = mounted();
    let fields: Vec<&String> = ana.state("g").as_object().unwrap().keys().collect();
    assert_eq!(fields, ["round", "shown"]);
    let before = look(&mut ana).await;
    ana.call("g", "change", json!(null));
    assert_eq!(ana.next().await["type"], "REPLY", "nothing else was told");
    assert_ne!(look(&mut ana).await, before);
    assert_eq!(ana.version("g"), 0);
    let printed = print(&engine_of::<Game>().description()).unwrap();
    assert!(!printed.contains("deck") && !printed.contains("secretNumber"), "{printed}");
}

#[tokio::test]
async fn it_is_put_back_whatever_was_done_to_it_and_what_was_committed_stays() {
    quiet_panics();
    let mut ana = mounted();
    for panic in [false, true] {
        for _ in 0..2 {
            let before = look(&mut ana).await;
            let request = ana.call("g", "fail", json!(panic));
            assert_eq!(ana.answer(request).await["type"], "ERROR");
            assert_eq!(look(&mut ana).await, before, "a failure goes back to the last success");
        }
        let request = ana.call("g", "deal", json!(null));
        assert_eq!(ana.answer(request).await["type"], "REPLY");
    }
    assert_eq!(ana.state("g")["shown"][1]["name"], "b");
    assert_eq!(ana.state("g")["shown"][2]["name"], "a");
}

#[tokio::test]
async fn what_leaves_it_for_a_visible_list_is_sent() {
    let mut ana = mounted();
    ana.call("g", "deal", json!(null));
    let ops = ana.next().await["ops"].clone();
    assert_eq!(ops, json!([["+", ["shown"], {"name": "b", "scores": [1, 2], "counted": null}]]));
}

#[tokio::test]
async fn it_is_not_copied_for_an_action() {
    let mut ana = mounted();
    let before = COPIES.get();
    for _ in 0..10 {
        let request = ana.call("g", "nextRound", json!(null));
        assert_eq!(ana.answer(request).await["type"], "REPLY");
    }
    assert_eq!(COPIES.get(), before);
}
