//! What the clients of a session say: real messages, nearly real ones, and none.
use fluxstack_live::encoding::Encoding;
use proptest::prelude::*;
use serde_json::{Value, json};

/// All are in one room. None is a basic client, which is one of JSON.
pub(crate) const CLIENTS: [Option<Encoding>; 4] =
    [Some(Encoding::Json), Some(Encoding::Compact), Some(Encoding::CompactBySchema), None];

/// What one of the clients does.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Says this, with the next number if it is a request.
    Say(Value),
    /// Repeats its last request.
    Repeat,
    /// Says something that is no message.
    Babble(&'static str),
    /// Several messages as one.
    Batch(Vec<Value>),
    /// Lets what waits go on.
    Pause,
    /// Writes what is there, so that what comes next is not told together with it.
    Read,
}

pub(crate) fn mount(id: &str, component: &str, props: Value) -> Value {
    json!({"type": "COMPONENT_MOUNT", "componentId": id, "payload": {"component": component, "props": props}})
}

fn message() -> impl Strategy<Value = Value> {
    let id = || prop::sample::select(vec!["v1", "v1", "v1", "v2", "d1", "x"]);
    let end = prop::sample::select(vec!["well", "well", "err", "panic", "tooLarge", "unknown"]);
    let room = prop::sample::select(vec!["a", "a", "b"]);
    let vault =
        (id(), room, end).prop_map(|(id, room, end)| mount(id, "Vault", json!({"room": room, "end": end})));
    let other = (id(), prop::sample::select(vec!["Drawer", "Vault", "Nobody"]))
        .prop_map(|(id, component)| mount(id, component, json!({})));
    let payload = || prop::sample::select(vec![json!(null), json!(true), json!(false), json!({"a": ["x"]})]);
    let action = prop::sample::select(vec![
        "change",
        "changeSlowly",
        "refuse",
        "panic",
        "fault",
        "fail",
        "refuseUnwritably",
        "returnUnwritable",
        "readUnreadable",
        "commitTooMuch",
        "flushTooMuch",
        "returnTooMuch",
        "work",
        "workInVain",
        "private",
        "__proto__",
    ]);
    let call = (id(), action, payload()).prop_map(|(id, action, payload)| {
        json!({"type": "COMPONENT_ACTION", "componentId": id, "action": action, "payload": payload})
    });
    let property =
        prop::sample::select(vec!["title", "title", "label", "notes", "private", "deck", "token", "cover"]);
    let value =
        prop::sample::select(vec![json!("t"), json!("panic"), json!("invalid"), json!(7), json!(["x"])]);
    let set = (id(), property, value).prop_map(|(id, property, value)| {
        let payload = json!({"property": property, "value": value});
        json!({"type": "PROPERTY_UPDATE", "componentId": id, "payload": payload})
    });
    let plain = (id(), prop::sample::select(vec!["RESYNC", "RESYNC", "COMPONENT_UNMOUNT", "EXPLODE"]))
        .prop_map(|(id, kind)| json!({"type": kind, "componentId": id}));
    prop_oneof![
        2 => vault,
        1 => other,
        14 => call,
        3 => set,
        3 => plain,
        1 => any::<i64>().prop_map(|at| json!({"type": "PING", "at": at})),
        1 => Just(json!({"type": "HELLO", "protocol": 1})),
        1 => payload(),
    ]
}

fn step() -> impl Strategy<Value = (usize, Step)> {
    let step = prop_oneof![
        14 => message().prop_map(Step::Say),
        1 => Just(Step::Repeat),
        1 => prop::sample::select(vec!["", "{", "[]", "{\"type\":1}", "nul"]).prop_map(Step::Babble),
        1 => prop::collection::vec(message(), 2..4).prop_map(Step::Batch),
        3 => Just(Step::Pause),
        2 => Just(Step::Read),
    ];
    (0..CLIENTS.len(), step)
}

pub(crate) fn script() -> impl Strategy<Value = Vec<(usize, Step)>> {
    prop::collection::vec(step(), 1..40)
}
