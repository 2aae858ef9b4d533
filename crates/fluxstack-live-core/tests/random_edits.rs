//! Random edits of plain Rust values, some of which fail: what a client builds from the ops is the state, a failure
//! leaves every field as it was, and a reader that looks seldom ends where one that looks always is.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use support::convergence::{Edited, End, converges, end};

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
    async fn edit(&mut self, (edits, end): (Vec<Edit>, End)) -> Result<(), String> {
        edits.into_iter().for_each(|edit| self.apply(edit));
        end.outcome()
    }
}

impl Edited for Everything {
    type Edit = Edit;
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
    fn public(&self) -> Value {
        let deep = |d: &Deepest| json!({"on": d.on, "ratio": d.ratio});
        let mood = match &self.mood {
            Mood::Calm => json!("calm"),
            Mood::Busy { since_when } => json!({"busy": {"sinceWhen": since_when}}),
            Mood::Named(name) => json!({"named": name}),
        };
        let inner = &self.inner_struct;
        json!({
            "whole": self.whole, "small": self.small, "ratio": self.ratio, "title": self.title, "maybe": self.maybe,
            "innerStruct": {"name": inner.name, "deepValue": deep(&inner.deep_value), "tags": inner.tags},
            "mood": mood, "list": self.list.iter().map(deep).collect::<Vec<_>>(), "byName": self.by_name,
            "pair": self.pair, "leaf": self.leaf,
        })
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

fn edits() -> impl Strategy<Value = (Vec<Edit>, End)> {
    (prop::collection::vec(edit(), 0..8), end())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_clients_hold_is_the_state_and_a_failure_changes_nothing(series in prop::collection::vec(edits(), 1..12), seldom in 2_usize..5) {
        let expected = Everything { secret: "canary".into(), ..Everything::default() };
        let sent = converges(expected, series, seldom)?;
        // The server's own fields are nowhere in what was sent.
        prop_assert!(!sent.iter().any(|frame| frame.contains("canary") || frame.contains("hidden")));
    }
}
