//! Every message as an array: its tag, and which of its fields stands where. Both directions read these tables.
use super::{
    node::{Map, Node, take},
    shape::{Shape, Way},
};
use std::borrow::Cow;

/// A message: its tag, its `type` in JSON, and its fields, those of a payload behind a dot.
pub(crate) struct Form(u64, &'static str, &'static [(&'static str, Holds)]);

/// How a field is held.
enum Holds {
    /// What is not there is nil.
    Part,
    /// A value that is not there is null.
    Value,
    /// An object, as an array of these fields.
    Record(&'static [&'static str]),
    /// A list of them.
    Records(&'static [&'static str]),
    /// Stored answers, as messages.
    Answers,
    /// The version of the message's own component, or else all of them.
    At,
}
use Holds::{Answers, At, Part, Record, Records, Value};

/// What a client sends.
pub(crate) const CLIENT: &[Form] = &[
    Form(
        1,
        "HELLO",
        &[
            ("protocol", Part),
            ("session", Part),
            ("secret", Part),
            ("received", Part),
            ("components", Records(&["componentId", "epoch", "version"])),
            ("token", Part),
            ("schema", Part),
            ("anew", Part),
        ],
    ),
    Form(
        2,
        "COMPONENT_MOUNT",
        &[("componentId", Part), ("payload.component", Part), ("payload.props", Value)],
    ),
    Form(3, "COMPONENT_UNMOUNT", &[("componentId", Part)]),
    Form(
        4,
        "COMPONENT_ACTION",
        &[
            ("componentId", Part),
            ("action", Part),
            ("payload", Part),
            ("requestId", Part),
            ("received", Part),
        ],
    ),
    Form(
        5,
        "PROPERTY_UPDATE",
        &[
            ("componentId", Part),
            ("payload.property", Part),
            ("payload.value", Value),
            ("requestId", Part),
            ("received", Part),
        ],
    ),
    Form(6, "ACK", &[("messages", Part), ("received", Part)]),
    Form(7, "RESYNC", &[("componentId", Part)]),
    Form(8, "PING", &[("at", Part)]),
];

/// What the server sends.
pub(crate) const SERVER: &[Form] = &[
    Form(
        1,
        "WELCOME",
        &[
            ("session", Part),
            ("secret", Part),
            ("resumed", Part),
            ("executed", Part),
            ("replies", Answers),
            ("heartbeatMs", Part),
            ("limits", Record(&["inFlight", "messageBytes"])),
            ("schema", Part),
            ("server", Part),
        ],
    ),
    Form(
        2,
        "COMPONENT_MOUNTED",
        &[
            ("componentId", Part),
            ("epoch", Part),
            ("version", Part),
            ("state", Part),
            ("ops", Part),
            ("events", Records(&["event", "payload", "version"])),
        ],
    ),
    Form(
        3,
        "STATE_UPDATE",
        &[("componentId", Part), ("epoch", Part), ("version", Part), ("payload.state", Value)],
    ),
    Form(4, "STATE_DELTA", &[("componentId", Part), ("from", Part), ("version", Part), ("ops", Part)]),
    Form(5, "REPLY", &[("requestId", Part), ("componentId", Part), ("payload.result", Value), ("at", At)]),
    Form(
        6,
        "ERROR",
        &[
            ("code", Part),
            ("payload", Part),
            ("componentId", Part),
            ("requestId", Part),
            ("retryAfterMs", Part),
        ],
    ),
    Form(7, "EVENT", &[("componentId", Part), ("event", Part), ("payload", Value), ("version", Part)]),
    Form(8, "COMPONENT_UNMOUNTED", &[("componentId", Part), ("reason", Part)]),
    Form(9, "GO_AWAY", &[("afterMs", Part), ("reason", Part)]),
    Form(10, "PONG", &[("at", Part)]),
];

/// An object as an array; anything that no form is for stays as it is.
pub(crate) fn array<'a>(forms: &'static [Form], message: Node<'a>) -> Node<'a> {
    let Node::Map(mut message) = message else { return message };
    let kind = message.iter().find(|(name, _)| name == "type").map(|(_, kind)| kind);
    let Some(Form(tag, _, columns)) = forms.iter().find(|form| kind == Some(&Node::text(form.1))) else {
        return Node::Map(message);
    };
    let own = own(&message);
    let mut values = vec![Node::Unsigned(*tag)];
    for (path, holds) in *columns {
        let value = match path.split_once('.') {
            None => take(&mut message, path),
            Some((outer, name)) => inner(&mut message, outer).and_then(|payload| take(payload, name)),
        };
        values.push(value.map_or(Node::Null, |value| packed(holds, value, own.as_deref())));
    }
    Node::List(without_nils(values))
}

/// An array as an object. What it has too much is in there under an empty name, a tag that no form has is a text, and what is
/// no message at all is null.
pub(crate) fn object<'a>(forms: &'static [Form], message: Node<'a>) -> Node<'a> {
    let Node::List(values) = message else { return Node::Null };
    let mut values = values.into_iter();
    let Some(Node::Unsigned(tag)) = values.next() else { return Node::Null };
    let Some(Form(_, kind, columns)) = forms.iter().find(|form| form.0 == tag) else {
        return Node::Map(vec![(Cow::Borrowed("type"), Node::Text(tag.to_string().into()))]);
    };
    let mut message = vec![(Cow::Borrowed("type"), Node::text(kind))];
    for (path, holds) in *columns {
        let own = own(&message);
        let value = match (values.next().unwrap_or(Node::Null), holds) {
            (Node::Null, Part | Record(_) | Records(_) | Answers | At) => continue,
            (value, holds) => unpacked(holds, value, own),
        };
        let Some((outer, name)) = path.split_once('.') else {
            message.push((Cow::Borrowed(path), value));
            continue;
        };
        if inner(&mut message, outer).is_none() {
            message.push((Cow::Borrowed(outer), Node::Map(Map::new())));
        }
        inner(&mut message, outer).expect("it is there by now").push((Cow::Borrowed(name), value));
    }
    message.extend(values.next().map(|surplus| (Cow::Borrowed(""), surplus)));
    Node::Map(message)
}

/// Names as places in an object, or places as names, wherever a component's shape knows them.
pub(crate) fn by_shape<'a>(shape: &'a Shape, message: &mut Node<'a>, way: Way) {
    let Node::Map(message) = message else { return };
    let Some((_, Node::Text(kind))) = message.iter().find(|(name, _)| name == "type") else { return };
    match kind.as_ref() {
        "COMPONENT_MOUNTED" => {
            change(message, "state", |state| shape.state(state, way));
            change(message, "ops", |ops| shape.ops(ops, way));
            if let Some(Node::List(events)) = field(message, "events") {
                events.iter_mut().for_each(|event| by_event(shape, event, way));
            }
        }
        "STATE_UPDATE" => inner(message, "payload")
            .map_or((), |payload| change(payload, "state", |it| shape.state(it, way))),
        "STATE_DELTA" => change(message, "ops", |ops| shape.ops(ops, way)),
        "EVENT" => told(shape, message, way),
        "COMPONENT_ACTION" => change(message, "action", |action| shape.action(action, way)),
        "PROPERTY_UPDATE" => inner(message, "payload")
            .map_or((), |payload| change(payload, "property", |it| shape.property(it, way))),
        _ => {}
    }
}

fn by_event<'a>(shape: &'a Shape, event: &mut Node<'a>, way: Way) {
    if let Node::Map(event) = event {
        told(shape, event, way);
    }
}

/// The name and the payload of an event.
fn told<'a>(shape: &'a Shape, message: &mut Map<'a>, way: Way) {
    let (Some(event), Some(payload)) = (field(message, "event").cloned(), field(message, "payload").cloned())
    else {
        return;
    };
    let (event, payload) = shape.event(event, payload, way);
    change(message, "event", |_| event);
    change(message, "payload", |_| payload);
}

fn packed<'a>(holds: &Holds, value: Node<'a>, own: Option<&str>) -> Node<'a> {
    match (holds, value) {
        (Part | Value, value) => value,
        (Record(names), record) => packed_record(names, record),
        (Records(names), Node::List(records)) => {
            Node::List(records.into_iter().map(|record| packed_record(names, record)).collect())
        }
        (Answers, Node::List(answers)) => {
            Node::List(answers.into_iter().map(|answer| array(SERVER, answer)).collect())
        }
        (At, Node::Map(at)) => match at.as_slice() {
            [(component, version)] if own == Some(component) => version.clone(),
            _ => Node::Map(at),
        },
        (Records(_) | Answers | At, value) => value,
    }
}

fn unpacked<'a>(holds: &Holds, value: Node<'a>, own: Option<Cow<'a, str>>) -> Node<'a> {
    match (holds, value, own) {
        (Record(names), record, _) => unpacked_record(names, record),
        (Records(names), Node::List(records), _) => {
            Node::List(records.into_iter().map(|record| unpacked_record(names, record)).collect())
        }
        (Answers, Node::List(answers), _) => {
            Node::List(answers.into_iter().map(|answer| object(SERVER, answer)).collect())
        }
        (At, version @ Node::Unsigned(_), Some(own)) => Node::Map(vec![(own, version)]),
        (Part | Value | Records(_) | Answers | At, value, _) => value,
    }
}

fn packed_record<'a>(names: &[&str], record: Node<'a>) -> Node<'a> {
    let Node::Map(mut record) = record else { return record };
    let values = names.iter().map(|name| take(&mut record, name).unwrap_or(Node::Null));
    Node::List(without_nils(values.collect()))
}

fn unpacked_record<'a>(names: &'static [&'static str], record: Node<'a>) -> Node<'a> {
    let Node::List(values) = record else { return Node::Null };
    let mut values = values.into_iter();
    // Nil is what is not there, but for a payload, which is null.
    let named = names.iter().zip(values.by_ref());
    let named = named.filter(|(name, value)| **name == "payload" || *value != Node::Null);
    let mut fields: Map = named.map(|(name, value)| (Cow::Borrowed(*name), value)).collect();
    // What is too much has no name, and makes the record another one than any.
    fields.extend(values.next().map(|value| (Cow::Borrowed(""), value)));
    Node::Map(fields)
}

fn without_nils(mut values: Vec<Node>) -> Vec<Node> {
    while values.last() == Some(&Node::Null) {
        values.pop();
    }
    values
}

/// The component that an object names.
pub(crate) fn component<'m>(message: &'m Node) -> Option<&'m str> {
    let Node::Map(message) = message else { return None };
    match message.iter().find(|(name, _)| name == "componentId") {
        Some((_, Node::Text(component))) => Some(component),
        _ => None,
    }
}

fn own<'a>(message: &Map<'a>) -> Option<Cow<'a, str>> {
    match message.iter().find(|(name, _)| name == "componentId") {
        Some((_, Node::Text(own))) => Some(own.clone()),
        _ => None,
    }
}

fn field<'m, 'a>(map: &'m mut Map<'a>, name: &str) -> Option<&'m mut Node<'a>> {
    map.iter_mut().find(|(field, _)| field == name).map(|(_, value)| value)
}

/// The object in a field.
fn inner<'m, 'a>(map: &'m mut Map<'a>, name: &str) -> Option<&'m mut Map<'a>> {
    match field(map, name) {
        Some(Node::Map(inner)) => Some(inner),
        _ => None,
    }
}

fn change<'a>(map: &mut Map<'a>, name: &str, how: impl FnOnce(Node<'a>) -> Node<'a>) {
    if let Some(value) = field(map, name) {
        *value = how(std::mem::replace(value, Node::Null));
    }
}
