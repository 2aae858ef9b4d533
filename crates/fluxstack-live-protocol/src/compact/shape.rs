//! What both sides know of a component where their schemas are equal, so that names may travel as places.
use super::node::{Map, Node};
use std::{borrow::Cow, sync::Arc};

/// A name, as it travels by name.
pub type Name = Cow<'static, str>;

/// The fields of a struct, in their order.
pub type Fields = Vec<(Name, Part)>;

/// What of a value travels by places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Nothing: it is as in JSON.
    AsIs,
    /// It is a struct: one of [`Shape::structs`].
    Struct(usize),
    /// It is a list, and so much of each of its items.
    List(Box<Part>),
    /// It is a map, and so much of each of its values.
    Map(Box<Part>),
    /// It is a list, and so much of each of its parts.
    Tuple(Vec<Part>),
}

/// What both sides know of a component: the place of a name is where it stands in one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The structs that are somewhere in the state or in an event; all components share them.
    pub structs: Arc<[Fields]>,
    /// The fields of its state.
    pub fields: Fields,
    /// Its actions.
    pub actions: Vec<Name>,
    /// Its events and their payloads.
    pub events: Fields,
}

/// Which way a value is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    ToPlaces,
    ToNames,
}

/// The codes of ops, by their places.
const CODES: [&str; 6] = ["=", "+", "i", "-", ">", "~"];

/// Where a step of a path has led.
#[derive(Clone, Copy)]
enum At<'s> {
    Record(&'s Fields),
    Part(&'s Part),
}

impl Shape {
    /// The whole state.
    pub(crate) fn state<'a>(&'a self, state: Node<'a>, way: Way) -> Node<'a> {
        self.record(&self.fields, state, way)
    }
    /// The list of ops.
    pub(crate) fn ops<'a>(&'a self, ops: Node<'a>, way: Way) -> Node<'a> {
        let Node::List(ops) = ops else { return ops };
        Node::List(ops.into_iter().map(|op| self.op(op, way)).collect())
    }
    /// An event's name and payload.
    pub(crate) fn event<'a>(&'a self, event: Node<'a>, payload: Node<'a>, way: Way) -> (Node<'a>, Node<'a>) {
        match find(&self.events, &event) {
            Some((place, (name, part))) => (named(place, name, way), self.value(part, payload, way)),
            None => (event, payload),
        }
    }
    /// An action's name.
    pub(crate) fn action<'a>(&'a self, action: Node<'a>, way: Way) -> Node<'a> {
        one_of(self.actions.iter(), action, way)
    }
    /// A property's name.
    pub(crate) fn property<'a>(&'a self, property: Node<'a>, way: Way) -> Node<'a> {
        one_of(self.fields.iter().map(|(name, _)| name), property, way)
    }

    fn op<'a>(&'a self, op: Node<'a>, way: Way) -> Node<'a> {
        let Node::List(mut parts) = op else { return op };
        let place = match parts.first() {
            Some(Node::Text(code)) => CODES.iter().position(|it| it == code),
            Some(Node::Unsigned(place)) => usize::try_from(*place).ok().filter(|place| *place < CODES.len()),
            _ => None,
        };
        let (Some(place), Some(Node::List(steps))) = (place, parts.get_mut(1)) else {
            return Node::List(parts);
        };
        let at = steps.iter_mut().fold(At::Record(&self.fields), |at, step| self.step(at, step, way));
        parts[0] = named(place, CODES[place], way);
        let values = match CODES[place] {
            "=" | "+" => 2,
            "i" => 3,
            _ => parts.len(),
        };
        // What is pushed and inserted are items of what the path leads to.
        let is_item = CODES[place] != "=";
        for value in parts.iter_mut().skip(values) {
            let whole = std::mem::replace(value, Node::Null);
            *value = match at {
                At::Part(Part::List(item)) if is_item => self.value(item, whole, way),
                At::Part(part) if !is_item => self.value(part, whole, way),
                At::Record(fields) if !is_item => self.record(fields, whole, way),
                At::Part(_) | At::Record(_) => whole,
            };
        }
        Node::List(parts)
    }
    fn step<'a>(&'a self, at: At<'a>, step: &mut Node<'a>, way: Way) -> At<'a> {
        let fields = match at {
            At::Record(fields) => Some(fields),
            At::Part(Part::Struct(place)) => self.structs.get(*place),
            At::Part(Part::AsIs | Part::List(_) | Part::Map(_) | Part::Tuple(_)) => None,
        };
        let next = match (fields, at, &*step) {
            (Some(fields), _, _) => find(fields, step).map(|(place, (name, part))| {
                *step = named(place, name, way);
                part
            }),
            (None, At::Part(Part::List(item)), Node::Unsigned(_)) => Some(&**item),
            (None, At::Part(Part::Map(value)), Node::Text(_)) => Some(&**value),
            (None, At::Part(Part::Tuple(parts)), Node::Unsigned(place)) => {
                usize::try_from(*place).ok().and_then(|place| parts.get(place))
            }
            (None, _, _) => None,
        };
        At::Part(next.unwrap_or(&Part::AsIs))
    }
    fn value<'a>(&'a self, part: &'a Part, value: Node<'a>, way: Way) -> Node<'a> {
        match (part, value) {
            (Part::Struct(place), value) => match self.structs.get(*place) {
                Some(fields) => self.record(fields, value, way),
                None => value,
            },
            (Part::List(item), Node::List(items)) => {
                Node::List(items.into_iter().map(|it| self.value(item, it, way)).collect())
            }
            (Part::Map(value), Node::Map(fields)) => {
                Node::Map(fields.into_iter().map(|(key, it)| (key, self.value(value, it, way))).collect())
            }
            (Part::Tuple(parts), Node::List(items)) if parts.len() == items.len() => {
                Node::List(items.into_iter().zip(parts).map(|(it, part)| self.value(part, it, way)).collect())
            }
            (Part::AsIs | Part::List(_) | Part::Map(_) | Part::Tuple(_), value) => value,
        }
    }
    /// A struct with exactly these fields in this order, and everything in it; one that has others stays by name.
    fn record<'a>(&'a self, fields: &'a Fields, value: Node<'a>, way: Way) -> Node<'a> {
        match (way, value) {
            (Way::ToPlaces, Node::Map(map)) if is_of(&map, fields) => {
                let values = map.into_iter().zip(fields);
                Node::List(values.map(|((_, value), (_, part))| self.value(part, value, way)).collect())
            }
            (Way::ToNames, Node::List(values)) if values.len() == fields.len() => {
                let values = values.into_iter().zip(fields);
                let named = |(value, (name, part)): (_, &'a (Name, Part))| {
                    (Cow::Borrowed(&**name), self.value(part, value, way))
                };
                Node::Map(values.map(named).collect())
            }
            (Way::ToPlaces | Way::ToNames, value) => value,
        }
    }
}

fn is_of(map: &Map, fields: &Fields) -> bool {
    map.len() == fields.len() && map.iter().zip(fields).all(|((one, _), (other, _))| one == other)
}

/// Finds what is named by name or by place.
fn find<'a>(fields: &'a Fields, named: &Node) -> Option<(usize, &'a (Name, Part))> {
    let place = match named {
        Node::Text(name) => fields.iter().position(|(field, _)| field == name),
        Node::Unsigned(place) => usize::try_from(*place).ok(),
        _ => None,
    }?;
    fields.get(place).map(|field| (place, field))
}

fn named<'a>(place: usize, name: &'a str, way: Way) -> Node<'a> {
    match way {
        Way::ToPlaces => Node::Unsigned(place as u64),
        Way::ToNames => Node::text(name),
    }
}

/// A place that nothing has becomes a name that nothing has.
fn one_of<'a>(mut names: impl Iterator<Item = &'a Name>, named_so: Node<'a>, way: Way) -> Node<'a> {
    match (named_so, way) {
        (Node::Text(name), Way::ToPlaces) => match names.position(|it| *it == name) {
            Some(place) => Node::Unsigned(place as u64),
            None => Node::Text(name),
        },
        (Node::Unsigned(place), Way::ToNames) => {
            let name = usize::try_from(place).ok().and_then(|place| names.nth(place));
            // No name of anything, so that an error does not repeat it.
            Node::Text(name.map_or_else(|| format!("#{place}").into(), |name| Cow::Borrowed(&**name)))
        }
        (other, Way::ToPlaces | Way::ToNames) => other,
    }
}
