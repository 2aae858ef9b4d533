//! The printed types, whole: a component with everything in it, and all that is refused.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    engine::Builder,
    failure::Invalid,
    limits::Limits,
    list::List,
    map::Map,
    timestamp::Timestamp,
    typescript::print,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use support::{engine, engine_of};

/// Who wrote it.
#[live_type]
#[derive(Default, Eq, PartialOrd, Ord)]
struct UserId(String);

/// How one feels.
#[live_type]
#[derive(Default, Eq, PartialOrd, Ord, Hash)]
enum Mood {
    #[default]
    Calm,
    /// Not now.
    VeryBusy,
}

/// A message.
///
/// Its text may hold `*/`.
#[live_type]
struct Message {
    /// Given by the server.
    id: UserId,
    text: String,
    r#type: Option<Mood>,
    #[serde(default)]
    edits: Vec<Option<u32>>,
    answers: Vec<Self>,
}

/// Only sent by a page.
#[live_type]
struct NewMessage {
    text: String,
    /// None for the room.
    to: Option<UserId>,
    #[serde(default)]
    loud: bool,
}

#[live_type]
enum External {
    Unit,
    Newtype(i64),
    Pair(i64, String),
    Fields {
        two_words: bool,
        maybe: Option<bool>,
        #[live(as = "string")]
        large: u64,
    },
    Large(#[live(as = "string")] u64),
    Nothing {},
}

#[live_type]
#[serde(tag = "kind")]
enum Internal {
    Empty,
    /// More than allowed.
    TooLong {
        /// In characters.
        most_allowed: u32,
    },
    Sent(Message),
}

#[live_type]
#[serde(tag = "t", content = "the content")]
enum Adjacent {
    Unit,
    Newtype(Vec<Mood>),
    Pair(i64, Option<i64>),
    Fields { x: f32 },
}

/// A map of itself.
#[live_type]
struct Tree(BTreeMap<String, Tree>);
#[live_type]
#[serde(tag = "type")]
enum Beside {
    Nothing(Empty),
    Text(MessageReceived),
}

#[live_type]
struct Unit;
#[live_type]
struct Point(i32, i32);
type Row = (bool, Option<f64>, Point);
#[live_type]
struct Empty {}
#[live_type]
enum Never {}
#[live_type]
struct MessageReceived {
    message: Message,
}
#[live_type]
struct Cleared;

#[derive(Clone, Default, PartialEq, serde::Serialize)]
struct Foreign(u8);

/// Everything there is.
#[derive(LiveComponent)]
#[live(name = "ChatComponent", shared, events(MessageReceived, Cleared))]
struct Chat {
    /// Newest last.
    #[live]
    messages: List<Message>,
    #[live]
    users: Map<UserId, BTreeMap<String, i64>>,
    #[live]
    moods: Map<Mood, BTreeSet<char>>,
    #[live]
    by_number: HashMap<u8, Row>,
    #[live]
    by_flag: BTreeMap<bool, ()>,
    #[live(bind)]
    topic: Option<String>,
    #[live(bind)]
    nick_name: String,
    #[live(leaf)]
    foreign: Foreign,
    #[live(leaf, ts = "`${number}` | 'none'")]
    written: Foreign,
    #[live(leaf)]
    leaf: Option<Box<Message>>,
    #[live]
    nothing: Unit,
    #[live]
    tree: Tree,
    #[live]
    trees: BTreeMap<Mood, Tree>,
    #[live(bind)]
    beside: Option<Beside>,
    #[live(bind, as = "string")]
    balance: Option<i128>,
    #[live]
    opened: Timestamp,
    #[live(hidden)]
    drafts: List<NewMessage>,
    #[live]
    größe: i64,
    hidden: u64,
}

#[live_type]
struct Props {
    room: String,
    #[serde(default)]
    quiet: bool,
}

#[live_actions]
impl Chat {
    fn key(props: &Props) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Props, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Props) -> Result<Self, MountError> {
        unimplemented!()
    }
    /// Whether nobody has said anything.
    #[live(computed)]
    fn is_quiet(&self) -> Option<bool> {
        None
    }
    /// Tells everyone.
    async fn send_message(&mut self, _new: NewMessage) -> Result<UserId, Internal> {
        Err(Internal::Empty)
    }
    async fn nothing(&mut self) {}
    async fn unit_payload(&mut self, _unit: ()) -> Option<Mood> {
        None
    }
    async fn maybe(&mut self, _amount: Option<i64>) -> External {
        External::Unit
    }
    async fn submit(&mut self, _adjacent: Adjacent) -> Result<(), Invalid> {
        Ok(())
    }
    async fn fails(&mut self, _empty: Empty) -> Result<Never, ()> {
        Err(())
    }
    #[cfg(any())]
    async fn never(&mut self, _value: NoSuchType) {}
}

/// Its props already are a state, and more.
#[live_type]
struct FormProps {
    #[serde()]
    name: String,
    mood: Mood,
    size: (i64, i64),
    errors: BTreeMap<String, String>,
}

#[derive(LiveComponent)]
#[live(name = "FormComponent")]
struct Form {
    #[live(bind)]
    name: String,
    #[live]
    mood: Option<Mood>,
    #[live]
    size: Vec<i64>,
}

#[live_actions]
impl Form {
    fn mount(_props: FormProps) -> Result<Self, MountError> {
        unimplemented!()
    }
}

/// Its props may lack what a state has.
#[live_type]
struct DraftProps {
    #[serde(default)]
    name: String,
}

#[derive(LiveComponent)]
#[live(name = "DraftComponent")]
struct Draft {
    #[live(bind)]
    name: String,
}

#[live_actions]
impl Draft {
    fn mount(_props: DraftProps) -> Result<Self, MountError> {
        unimplemented!()
    }
}

/// Its props look like a state to TypeScript, which knows less of both than Rust does.
#[live_type]
struct StampProps {
    at: String,
    step: First,
}
#[live_type]
enum First {
    A,
    B(i64),
}
#[live_type]
enum Any {
    A,
    B(i64),
    C,
}

#[derive(LiveComponent)]
#[live(name = "StampComponent")]
struct Stamp {
    #[live(leaf, ts = "string")]
    at: Foreign,
    #[live]
    step: Any,
}

#[live_actions]
impl Stamp {
    fn mount(_props: StampProps) -> Result<Self, MountError> {
        unimplemented!()
    }
}

#[test]
fn everything_is_printed_as_it_travels() {
    let engine = engine(Limits::default(), |builder| {
        builder.component::<Chat>();
        builder.component::<Form>();
        builder.component::<Draft>();
        builder.component::<Stamp>();
    });
    let printed = print(&engine.description()).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/typescript.gen.ts");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &printed).unwrap();
    }
    assert_eq!(printed, std::fs::read_to_string(path).unwrap(), "with UPDATE=1 it is written anew");
}

/// A component of one name, with these props and this field.
macro_rules! component {
    ($name:ident, $props:ty, $field:ty, $payload:ty) => {
        #[derive(LiveComponent)]
        pub(crate) struct $name {
            #[live(leaf)]
            field: $field,
        }
        #[live_actions]
        impl $name {
            fn mount(_props: $props) -> Result<Self, MountError> {
                unimplemented!()
            }
            async fn act(&mut self, _payload: $payload) {}
        }
    };
}

mod first {
    use super::*;
    #[live_type]
    pub(crate) struct Item {}
}
mod second {
    use super::*;
    #[live_type]
    pub(crate) struct Item {}
    #[live_type]
    #[derive(Eq, PartialOrd, Ord)]
    pub(crate) struct Record(i64, i64);
    #[live_type]
    #[serde(tag = "kind")]
    pub(crate) enum Beside {
        Number(i64),
        Tagged(Kind),
        Fine(Item),
    }
    #[live_type]
    pub(crate) struct Kind {
        kind: String,
    }
    #[live_type]
    pub(crate) struct Wrapped(Option<i64>);
    #[live_type]
    #[allow(non_camel_case_types)]
    pub(crate) struct keyof {
        in_turn: r#while,
    }
    #[live_type]
    #[allow(non_camel_case_types)]
    pub(crate) struct r#while {}
    #[live_type]
    pub(crate) struct Itself(Option<Box<Self>>);
    #[live_type]
    #[serde(tag = "kind")]
    pub(crate) enum Counted {
        One { by_id: BTreeMap<i64, String> },
    }
}
component!(One, first::Item, second::Item, String);
component!(Two, i64, BTreeMap<second::Record, i64>, Option<second::Wrapped>);
component!(Three, first::Item, second::Beside, second::Counted);
component!(Four, first::Item, Vec<Option<()>>, second::Itself);
component!(Five, first::Item, second::keyof, i64);

#[test]
fn what_has_no_true_type_is_refused_by_name() {
    let faults = |register: fn(&mut Builder)| {
        print(&engine(Limits::default(), register).description()).unwrap_err().to_string()
    };
    assert_eq!(
        faults(Builder::component::<One>),
        "two types are named `Item`: `typescript::second::Item` and `typescript::first::Item`; rename one"
    );
    let two = faults(Builder::component::<Two>);
    let expected = [
        "TypeScript uses the name `Record` itself; rename `typescript::second::Record`",
        "the field `field` of the component `Two` is a map with keys that are no text, number, bool or enum of plain names",
        "the payload of the action `act` of the component `Two` is an `Option` of what may be null by itself: both would travel as null, and come back as `None`",
        "the props of the component `Two` are no object; make them a struct with named fields",
    ];
    assert_eq!(two.lines().collect::<Vec<_>>(), expected);
    let three = faults(Builder::component::<Three>);
    let beside =
        "travels beside the tag `kind`, so it has to be a struct with named fields and none of that name";
    assert!(
        three
            .contains(&format!("the value of the variant `number` of `typescript::second::Beside` {beside}")),
        "{three}"
    );
    assert!(
        three.contains(&format!("the variant `tagged` of `typescript::second::Beside` {beside}")),
        "{three}"
    );
    assert!(!three.contains("`fine`"), "{three}");
    assert!(three.contains("`typescript::second::Counted` is a tagged enum with a map inside"), "{three}");
    let four = faults(Builder::component::<Four>);
    assert!(
        four.contains("the field `field` of the component `Four` is an `Option` of what may be null"),
        "{four}"
    );
    assert!(four.contains("`typescript::second::Itself` is made of nothing but itself"), "{four}");
    let five = faults(Builder::component::<Five>);
    for name in ["keyof", "while"] {
        assert!(five.contains(&format!("TypeScript uses the name `{name}` itself")), "{five}");
    }
}

#[test]
fn another_type_is_another_schema() {
    mod before {
        use super::*;
        component!(Same, first::Item, i64, i64);
    }
    mod after {
        use super::*;
        component!(Same, first::Item, i64, Option<i64>);
    }
    mod documented {
        use super::*;
        /// With documentation.
        #[derive(LiveComponent)]
        pub(super) struct Same {
            /// And here.
            #[live]
            field: i64,
        }
        #[live_actions]
        impl Same {
            fn mount(_props: first::Item) -> Result<Self, MountError> {
                unimplemented!()
            }
            /// And here.
            async fn act(&mut self, _payload: i64) {}
        }
    }
    let before = engine_of::<before::Same>().schema().to_owned();
    assert_ne!(engine_of::<after::Same>().schema(), before);
    assert_eq!(engine_of::<documented::Same>().schema(), before, "documentation is no part of it");
}
