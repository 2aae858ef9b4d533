//! Random edits with flushes among them, and a random end: what remains is the state as at the last flush, in the store
//! and at every client, in collections and in fields that never leave the server. The expected state is that of a twin
//! whose collections record nothing.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::Context,
    list::List,
    map::Map,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::mem;
use support::{Client, engine_of};

#[live_type]
#[derive(Default)]
struct Item {
    name: String,
    tags: List<String>,
    parts: Map<String, List<i64>>,
}

#[derive(LiveComponent, Clone, Debug, PartialEq, Default)]
#[live(shared)]
struct Board {
    #[live]
    title: String,
    #[live]
    items: List<Item>,
    #[live]
    spare: List<Item>,
    #[live]
    by_name: Map<String, Item>,
    #[live]
    shelf: Option<List<Item>>,
    secret: String,
    stash: List<Item>,
}

#[live_type]
struct Room {
    room: String,
}

/// One edit, or a flush; the numbers choose among what is there.
#[live_type]
enum Step {
    Flush,
    Title(String),
    Secret(String),
    Push(String),
    Insert(usize, String),
    Remove(usize),
    Move(usize, usize),
    Name(usize, String),
    Tag(usize, String),
    Part(usize, String, i64),
    Keep(String, usize),
    Rename(String, String),
    Drop(String),
    Assign(String),
    Swap,
    Take,
    Stash,
    Shelve,
    Unshelve,
    SwapTags(usize, String),
    PushOriginal(usize),
    Everything,
}

#[live_type]
enum End {
    Well,
    Failing,
    Panicking,
    /// Of the last commit: it has a value that is too large.
    TooLarge,
    /// In a last flush.
    FlushTooLarge,
}

#[live_type]
struct Steps {
    steps: Vec<Step>,
    end: End,
}

#[live_actions]
impl Board {
    fn key(props: &Room) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Room) -> Result<Self, MountError> {
        Ok(Board::default())
    }
    async fn edit(&mut self, steps: Steps, cx: &mut Context<Self>) -> Result<(), String> {
        for step in steps.steps {
            match step {
                Step::Flush => cx.flush(self).await,
                edit => self.apply(edit),
            }
        }
        match steps.end {
            End::Well => {}
            End::Failing => return Err("refused".into()),
            End::Panicking => panic!("on purpose"),
            End::TooLarge => self.title = "x".repeat(256 * 1024),
            End::FlushTooLarge => {
                self.title = "x".repeat(256 * 1024);
                cx.flush(self).await;
                self.title.clear();
            }
        }
        Ok(())
    }
}

fn item(name: String) -> Item {
    Item { tags: [name.clone()].into(), name, parts: Map::new() }
}

impl Board {
    fn apply(&mut self, step: Step) {
        let len = self.items.len();
        let at = |at: usize| (len > 0).then(|| at % len);
        match step {
            Step::Flush => {}
            Step::Title(text) => self.title = text,
            Step::Secret(text) => self.secret += &text,
            Step::Push(name) => self.items.push(item(name)),
            Step::Insert(i, name) => self.items.insert(i % (len + 1), item(name)),
            Step::Remove(i) => drop(at(i).map(|i| self.items.remove(i))),
            Step::Move(from, to) => drop(at(from).zip(at(to)).map(|(from, to)| self.items.move_to(from, to))),
            Step::Name(i, name) => drop(at(i).map(|i| self.items[i].name = name)),
            Step::Tag(i, tag) => drop(at(i).map(|i| self.items[i].tags.push(tag))),
            Step::Part(i, key, n) => {
                let Some(item) = at(i).map(|i| &mut self.items[i]) else { return };
                match item.parts.get_mut(&key) {
                    Some(part) => part.push(n),
                    None => drop(item.parts.insert(key, [n].into())),
                }
            }
            Step::Keep(key, i) => drop(at(i).map(|i| self.by_name.insert(key, self.items[i].clone()))),
            Step::Rename(key, name) => drop(self.by_name.get_mut(&key).map(|item| item.name = name)),
            Step::Drop(key) => drop(self.by_name.remove(&key)),
            Step::Assign(name) => self.items = [item(name)].into(),
            Step::Swap => mem::swap(&mut self.items, &mut self.spare),
            Step::Take => self.spare = mem::take(&mut self.items),
            Step::Stash => mem::swap(&mut self.stash, &mut self.items),
            Step::Shelve => self.shelf = Some(mem::take(&mut self.items)),
            Step::Unshelve => drop(self.shelf.take().map(|shelf| self.items = shelf)),
            Step::SwapTags(i, key) => {
                if let Some((i, kept)) = at(i).zip(self.by_name.get_mut(&key)) {
                    mem::swap(&mut self.items[i].tags, &mut kept.tags);
                }
            }
            Step::PushOriginal(i) => drop(at(i).map(|i| self.spare.push(mem::take(&mut self.items[i])))),
            Step::Everything => *self = Board::default(),
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "x", "a", "q\"]", "ü"]).prop_map(str::to_owned)
}

fn step() -> impl Strategy<Value = Step> {
    let n = || 0_usize..5;
    prop_oneof![
        6 => Just(Step::Flush),
        1 => word().prop_map(Step::Title),
        2 => word().prop_map(Step::Secret),
        3 => word().prop_map(Step::Push),
        1 => (n(), word()).prop_map(|(i, name)| Step::Insert(i, name)),
        1 => n().prop_map(Step::Remove),
        1 => (n(), n()).prop_map(|(from, to)| Step::Move(from, to)),
        1 => (n(), word()).prop_map(|(i, name)| Step::Name(i, name)),
        1 => (n(), word()).prop_map(|(i, tag)| Step::Tag(i, tag)),
        1 => (n(), word(), 0_i64..3).prop_map(|(i, key, n)| Step::Part(i, key, n)),
        2 => (word(), n()).prop_map(|(key, i)| Step::Keep(key, i)),
        1 => (word(), word()).prop_map(|(key, name)| Step::Rename(key, name)),
        1 => word().prop_map(Step::Drop),
        1 => word().prop_map(Step::Assign),
        1 => Just(Step::Swap),
        1 => Just(Step::Take),
        1 => Just(Step::Stash),
        1 => Just(Step::Shelve),
        1 => Just(Step::Unshelve),
        1 => (n(), word()).prop_map(|(i, key)| Step::SwapTags(i, key)),
        1 => n().prop_map(Step::PushOriginal),
        1 => Just(Step::Everything),
    ]
}

fn steps() -> impl Strategy<Value = Steps> {
    let end = prop_oneof![
        2 => Just(End::Well),
        2 => Just(End::Failing),
        1 => Just(End::Panicking),
        1 => Just(End::TooLarge),
        1 => Just(End::FlushTooLarge),
    ];
    (prop::collection::vec(step(), 0..16), end).prop_map(|(steps, end)| Steps { steps, end })
}

/// What a browser is to see of it.
fn public(it: &Board) -> Value {
    json!({"title": it.title, "items": it.items, "spare": it.spare, "byName": it.by_name, "shelf": it.shelf})
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_remains_is_the_state_at_the_last_flush(series in prop::collection::vec(steps(), 1..8), seldom in 2_usize..5) {
        support::quiet_panics();
        let engine = engine_of::<Board>();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let _context = runtime.enter();
        let whole = || runtime.block_on(engine.store::<Board>("r").update(|it, _| it.clone())).unwrap();
        let mut expected = Board::default();
        let (mut always, mut sometimes, mut basic) = (Client::full(&engine), Client::full(&engine), Client::basic(&engine));
        for client in [&mut always, &mut sometimes, &mut basic] {
            client.mount("c", "Board", json!({"room": "r"}));
            client.pump();
        }
        for (i, steps) in series.into_iter().enumerate() {
            let request = always.call("c", "edit", serde_json::to_value(&steps).unwrap());
            let answer = runtime.block_on(always.answer(request));
            let mut twin = expected.clone();
            for step in steps.steps {
                if let Step::Flush = step {
                    expected = twin.clone();
                }
                twin.apply(step);
            }
            match steps.end {
                End::Well => {
                    expected = twin;
                    prop_assert_eq!(&answer["type"], "REPLY");
                    prop_assert_eq!(&answer["at"], &json!({"c": always.version("c")}));
                }
                End::Failing => prop_assert_eq!(&answer["payload"]["data"], "refused"),
                End::Panicking => prop_assert_eq!(&answer["code"], "internal"),
                End::TooLarge | End::FlushTooLarge => prop_assert_eq!(&answer["code"], "too_large"),
            }
            prop_assert_eq!(&whole(), &expected);
            prop_assert_eq!(always.state("c"), &public(&expected));
            basic.pump();
            prop_assert_eq!(basic.state("c"), &public(&expected));
            if i % seldom == 0 {
                sometimes.pump();
                prop_assert_eq!(sometimes.held.get("c"), always.held.get("c"));
            }
        }
        sometimes.pump();
        prop_assert_eq!(&sometimes.held, &always.held);
    }
}
