//! Random edits of plain Rust values, some of which fail: what a client builds from the ops is the state, a failure
//! leaves every field as it was, and a reader that looks seldom ends where one that looks always is.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::Context,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use support::{Client, engine_of};

#[live_type]
#[derive(Default)]
struct Inner {
    name: String,
    deep_value: Deepest,
    tags: Vec<String>,
}

#[live_type]
#[derive(Default)]
struct Deepest {
    on: bool,
    ratio: f64,
}

#[live_type]
#[derive(Default)]
enum Mood {
    #[default]
    Calm,
    Busy {
        since_when: u32,
    },
    Named(String),
}

#[derive(LiveComponent, Clone, Debug, PartialEq, Default)]
#[live(shared)]
struct Everything {
    #[live]
    whole: i64,
    #[live]
    small: u8,
    #[live]
    ratio: f64,
    #[live(bind)]
    title: String,
    #[live]
    maybe: Option<String>,
    #[live]
    inner_struct: Inner,
    #[live]
    mood: Mood,
    #[live]
    list: Vec<Deepest>,
    #[live]
    by_name: BTreeMap<String, i32>,
    #[live]
    pair: (i32, String),
    #[live(leaf)]
    leaf: Option<bool>,
    secret: String,
    hidden: HashMap<u8, Vec<u8>>,
}

#[live_type]
struct Room {
    room: String,
}

/// One edit of one field.
#[live_type]
enum Edit {
    Whole(i64),
    Small(u8),
    Ratio(f64),
    Title(String),
    Maybe(Option<String>),
    InnerName(String),
    DeepOn(bool),
    DeepRatio(f64),
    Tag(String),
    Untag,
    Mood(u8),
    List(u8),
    Name(String, i32),
    Unname(String),
    Pair(i32),
    Leaf,
    Secret(String),
    Hide(u8),
    Default,
    InnerDefault,
}

/// How a series of edits ends.
#[live_type]
enum End {
    Well,
    Failing,
    Panicking,
}

#[live_type]
struct Edits {
    edits: Vec<Edit>,
    end: End,
}

#[live_actions]
impl Everything {
    fn key(props: &Room) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Room) -> Result<Self, MountError> {
        Ok(Everything { secret: "canary".into(), ..Everything::default() })
    }
    async fn edit(&mut self, edits: Edits, _cx: &mut Context<Self>) -> Result<u64, String> {
        edits.edits.into_iter().for_each(|edit| self.apply(edit));
        match edits.end {
            End::Well => Ok(1),
            End::Failing => Err("refused".into()),
            End::Panicking => panic!("on purpose"),
        }
    }
}

impl Everything {
    fn apply(&mut self, edit: Edit) {
        match edit {
            Edit::Whole(n) => self.whole = n,
            Edit::Small(n) => self.small = n,
            Edit::Ratio(x) => self.ratio = x,
            Edit::Title(text) => self.title = text,
            Edit::Maybe(text) => self.maybe = text,
            Edit::InnerName(text) => self.inner_struct.name = text,
            Edit::DeepOn(on) => self.inner_struct.deep_value.on = on,
            Edit::DeepRatio(x) => self.inner_struct.deep_value.ratio = x,
            Edit::Tag(text) => self.inner_struct.tags.push(text),
            Edit::Untag => drop(self.inner_struct.tags.pop()),
            Edit::Mood(n) => {
                self.mood = match n % 3 {
                    0 => Mood::Calm,
                    1 => Mood::Busy { since_when: n.into() },
                    _ => Mood::Named(format!("\"{n}\"")),
                }
            }
            Edit::List(n) if n % 4 == 0 => self.list.clear(),
            Edit::List(n) => self.list.push(Deepest { on: n % 2 == 0, ratio: n.into() }),
            Edit::Name(key, n) => drop(self.by_name.insert(key, n)),
            Edit::Unname(key) => drop(self.by_name.remove(&key)),
            Edit::Pair(n) => self.pair = (n, format!("{n}\n")),
            Edit::Leaf => self.leaf = Some(!self.leaf.unwrap_or(false)),
            Edit::Secret(text) => self.secret = format!("canary {text}"),
            Edit::Hide(n) => self.hidden.entry(n % 4).or_default().push(n),
            Edit::Default => *self = Everything::default(),
            Edit::InnerDefault => self.inner_struct = Inner::default(),
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "x", "a,b", "q\"]", "ü", "k]\\", "𝄞"]).prop_map(str::to_owned)
}

fn edit() -> impl Strategy<Value = Edit> {
    let tenth = (-40_i32..40).prop_map(|n| f64::from(n) / 10.0);
    prop_oneof![
        (-3_i64..3).prop_map(Edit::Whole),
        (0_u8..3).prop_map(Edit::Small),
        tenth.clone().prop_map(Edit::Ratio),
        word().prop_map(Edit::Title),
        prop::option::of(word()).prop_map(Edit::Maybe),
        word().prop_map(Edit::InnerName),
        any::<bool>().prop_map(Edit::DeepOn),
        tenth.prop_map(Edit::DeepRatio),
        word().prop_map(Edit::Tag),
        Just(Edit::Untag),
        (0_u8..9).prop_map(Edit::Mood),
        (0_u8..9).prop_map(Edit::List),
        (word(), 0_i32..3).prop_map(|(key, n)| Edit::Name(key, n)),
        word().prop_map(Edit::Unname),
        (0_i32..3).prop_map(Edit::Pair),
        Just(Edit::Leaf),
        word().prop_map(Edit::Secret),
        any::<u8>().prop_map(Edit::Hide),
        Just(Edit::Default),
        Just(Edit::InnerDefault),
    ]
}

fn edits() -> impl Strategy<Value = Edits> {
    let end = prop_oneof![4 => Just(End::Well), 1 => Just(End::Failing), 1 => Just(End::Panicking)];
    (prop::collection::vec(edit(), 0..8), end).prop_map(|(edits, end)| Edits { edits, end })
}

/// What a browser is to see of it, written apart from the engine.
fn public(it: &Everything) -> Value {
    let deep = |d: &Deepest| json!({"on": d.on, "ratio": d.ratio});
    let mood = match &it.mood {
        Mood::Calm => json!("calm"),
        Mood::Busy { since_when } => json!({"busy": {"sinceWhen": since_when}}),
        Mood::Named(name) => json!({"named": name}),
    };
    let inner = &it.inner_struct;
    json!({
        "whole": it.whole, "small": it.small, "ratio": it.ratio, "title": it.title, "maybe": it.maybe,
        "innerStruct": {"name": inner.name, "deepValue": deep(&inner.deep_value), "tags": inner.tags},
        "mood": mood, "list": it.list.iter().map(deep).collect::<Vec<_>>(), "byName": it.by_name,
        "pair": it.pair, "leaf": it.leaf,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_clients_hold_is_the_state_and_a_failure_changes_nothing(series in prop::collection::vec(edits(), 1..12), seldom in 2_usize..5) {
        support::quiet_panics();
        let engine = engine_of::<Everything>();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let _context = runtime.enter();
        let whole = || runtime.block_on(engine.store::<Everything>("r").update(|it, _| it.clone())).unwrap();
        let mut expected = Everything { secret: "canary".into(), ..Everything::default() };
        let (mut always, mut sometimes, mut basic) = (Client::full(&engine), Client::full(&engine), Client::basic(&engine));
        for client in [&mut always, &mut sometimes, &mut basic] {
            client.mount("c", "Everything", json!({"room": "r"}));
            client.pump();
        }
        for (i, edits) in series.into_iter().enumerate() {
            let request = always.call("c", "edit", serde_json::to_value(&edits).unwrap());
            let answer = runtime.block_on(always.answer(request));
            match edits.end {
                End::Well => {
                    prop_assert_eq!(&answer["type"], "REPLY");
                    edits.edits.into_iter().for_each(|edit| expected.apply(edit));
                }
                End::Failing => prop_assert_eq!(&answer["payload"]["data"], "refused"),
                End::Panicking => prop_assert_eq!(&answer["code"], "internal"),
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
        // The server's own fields are nowhere in what was sent.
        let sent = [&always.frames[..], &sometimes.frames, &basic.frames].concat();
        prop_assert!(!sent.iter().any(|frame| frame.contains("canary") || frame.contains("hidden")));
    }
}
