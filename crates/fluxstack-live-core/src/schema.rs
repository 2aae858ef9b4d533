//! What travels, described: the shape that serde gives each type, and what a component takes, shows and tells. It is
//! data, and knows no language that it will be printed in.
use std::{
    any::{TypeId, type_name},
    collections::{BTreeSet, HashMap},
};

/// A type as it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// Any number.
    Number,
    /// Any text.
    String,
    /// An integer of any size, as text: `#[live(as = "string")]`.
    Digits,
    /// Nothing is known of it.
    Unknown,
    /// As the author has written it in TypeScript: `#[live(leaf, ts = "..")]`.
    Written(&'static str),
    /// Any number of one type.
    Array(Box<Type>),
    /// One of each.
    Tuple(Vec<Type>),
    /// An object whose keys are not known before: the keys, the values.
    Record(Box<Type>, Box<Type>),
    /// `null` or the other.
    Nullable(Box<Type>),
    /// One of the [`Types`], by its place.
    Named(usize),
}

/// The named types that a description needs.
#[derive(Debug, Default)]
pub struct Types {
    places: HashMap<TypeId, usize>,
    definitions: Vec<Definition>,
}

/// A type that its author has named.
#[derive(Debug)]
pub struct Definition {
    /// The name it has in Rust.
    pub name: &'static str,
    /// The name with the modules around it.
    pub path: &'static str,
    /// What its documentation says.
    pub docs: &'static str,
    /// What it is made of.
    pub shape: Shape,
}

/// What a named type is made of.
#[derive(Debug, PartialEq, Eq)]
pub enum Shape {
    /// A struct.
    Struct(Parts),
    /// An enum.
    Enum(Tagging, Vec<Variant>),
}

/// What a struct or a variant is made of.
#[derive(Debug, PartialEq, Eq)]
pub enum Parts {
    /// An object of these fields.
    Named(Vec<Field>),
    /// One is the value itself, any other number a list.
    Unnamed(Vec<Type>),
    /// `null` for a struct.
    Unit,
}

/// A field with a name.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its wire name.
    pub name: &'static str,
    /// What its documentation says.
    pub docs: &'static str,
    /// What it holds.
    pub ty: Type,
    /// A client may leave it out, because there is a `#[serde(default)]`.
    pub has_default: bool,
}

/// Where an enum says which variant it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tagging {
    /// The variant's name, or an object with it as the only key.
    External,
    /// In a field of this name, beside the variant's own.
    Internal(&'static str),
    /// In a field of the first name, with the variant's content in one of the second.
    Adjacent(&'static str, &'static str),
}

/// A variant of an enum.
#[derive(Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its wire name.
    pub name: &'static str,
    /// What its documentation says.
    pub docs: &'static str,
    /// What it holds.
    pub parts: Parts,
}

/// What a component shows and tells, from the derive.
#[derive(Debug)]
pub struct State {
    /// What its documentation says.
    pub docs: &'static str,
    /// What the browser sees.
    pub fields: Vec<Field>,
    /// Those of them that are computed of the rest, and of what never leaves the server.
    pub computed: Vec<&'static str>,
    /// Those of them that a client may set.
    pub bind: Vec<&'static str>,
    /// The events it tells: wire name and payload.
    pub events: Vec<(&'static str, Type)>,
}

/// What a component takes, from `#[live_actions]`.
#[derive(Debug)]
pub struct Interface {
    /// What it is mounted with.
    pub props: Type,
    /// What may be called.
    pub actions: Vec<Action>,
}

/// An action.
#[derive(Debug)]
pub struct Action {
    /// Its wire name.
    pub name: &'static str,
    /// What its documentation says.
    pub docs: &'static str,
    /// None: it takes nothing.
    pub payload: Option<Type>,
    /// What comes of it.
    pub outcome: Outcome,
}

/// What comes of an action.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its result.
    pub ok: Type,
    /// The `data` of its own error, if it has one.
    pub err: Option<Type>,
}

/// A component.
#[derive(Debug)]
pub struct Component {
    /// The name it is mounted by.
    pub name: &'static str,
    /// What it shows and tells.
    pub state: State,
    /// What it takes.
    pub interface: Interface,
}

/// All components, in the order of their names, and the types they need.
#[derive(Debug)]
pub struct Schema {
    /// The components.
    pub components: Vec<Component>,
    /// Every named type that one of them needs.
    pub types: Types,
}

impl Types {
    /// The description of `T`, made the first time it is met; until it is there, it may already be referred to.
    pub fn define<T: 'static>(
        &mut self,
        name: &'static str,
        docs: &'static str,
        shape: impl FnOnce(&mut Types) -> Shape,
    ) -> Type {
        if let Some(place) = self.places.get(&TypeId::of::<T>()) {
            return Type::Named(*place);
        }
        let place = self.definitions.len();
        self.places.insert(TypeId::of::<T>(), place);
        let undefined = Shape::Struct(Parts::Unit);
        self.definitions.push(Definition { name, path: type_name::<T>(), docs, shape: undefined });
        let shape = shape(self);
        self.definitions[place].shape = shape;
        Type::Named(place)
    }
    /// The definition at a place.
    pub fn get(&self, place: usize) -> &Definition {
        &self.definitions[place]
    }
    /// All definitions, with their places.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Definition)> {
        self.definitions.iter().enumerate()
    }
    /// The type that a struct around one value stands for, however deep; any other type is itself.
    pub fn unwrapped<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut ty = ty;
        // A struct around nothing but itself ends at any of its turns.
        for _ in 0..=self.definitions.len() {
            let Type::Named(place) = ty else { break };
            let Shape::Struct(Parts::Unnamed(parts)) = &self.get(*place).shape else { break };
            let [inner] = parts.as_slice() else { break };
            ty = inner;
        }
        ty
    }
    /// The shape, if it is a named type, or a struct around one.
    pub fn shape<'a>(&'a self, ty: &'a Type) -> Option<&'a Shape> {
        let Type::Named(place) = self.unwrapped(ty) else { return None };
        Some(&self.get(*place).shape)
    }
    /// May it be `null`?
    pub fn may_be_null(&self, ty: &Type) -> bool {
        match self.unwrapped(ty) {
            Type::Null | Type::Nullable(_) => true,
            Type::Named(_) => matches!(self.shape(ty), Some(Shape::Struct(Parts::Unit))),
            Type::Bool | Type::Number | Type::String | Type::Digits => false,
            Type::Unknown | Type::Written(_) => false,
            Type::Array(_) | Type::Tuple(_) | Type::Record(..) => false,
        }
    }
    /// The places of all named types that these are made of.
    pub fn within<'a>(&'a self, of: impl IntoIterator<Item = &'a Type>) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&Type> = of.into_iter().collect();
        while let Some(ty) = open.pop() {
            match ty {
                Type::Named(place) if found.insert(*place) => open.extend(self.get(*place).shape.types()),
                _ => open.extend(ty.parts()),
            }
        }
        found
    }
}

impl Type {
    /// What it is made of, one level down. What a named type is made of is in its definition.
    pub fn parts(&self) -> Vec<&Type> {
        match self {
            Type::Null | Type::Bool | Type::Number | Type::String | Type::Digits => Vec::new(),
            Type::Unknown | Type::Written(_) | Type::Named(_) => Vec::new(),
            Type::Array(of) | Type::Nullable(of) => vec![of],
            Type::Tuple(parts) => parts.iter().collect(),
            Type::Record(keys, values) => vec![keys, values],
        }
    }
}

impl Shape {
    /// The types of its fields.
    pub fn types(&self) -> Vec<&Type> {
        match self {
            Shape::Struct(parts) => parts.types(),
            Shape::Enum(_, variants) => variants.iter().flat_map(|variant| variant.parts.types()).collect(),
        }
    }
    /// The names of an enum that is nothing but names.
    pub fn names(&self) -> Option<Vec<&'static str>> {
        let Shape::Enum(Tagging::External, variants) = self else { return None };
        variants.iter().map(|it| matches!(it.parts, Parts::Unit).then_some(it.name)).collect()
    }
}

impl Parts {
    /// The types of its fields.
    pub fn types(&self) -> Vec<&Type> {
        match self {
            Parts::Named(fields) => fields.iter().map(|field| &field.ty).collect(),
            Parts::Unnamed(types) => types.iter().collect(),
            Parts::Unit => Vec::new(),
        }
    }
}

impl Field {
    /// A field that a client has to give.
    pub fn new(name: &'static str, docs: &'static str, ty: Type) -> Field {
        Field { name, docs, ty, has_default: false }
    }
    /// May a client leave it out? serde takes an `Option` that is not there for `None`.
    pub fn may_be_missing(&self) -> bool {
        self.has_default || matches!(self.ty, Type::Nullable(_))
    }
}

impl Component {
    /// What it sends: state, events, results and errors.
    pub fn outputs(&self) -> impl Iterator<Item = &Type> {
        let fields = self.state.fields.iter().map(|field| &field.ty);
        let events = self.state.events.iter().map(|(_, payload)| payload);
        let outcomes = self.interface.actions.iter().map(|action| &action.outcome);
        fields
            .chain(events)
            .chain(outcomes.flat_map(|outcome| std::iter::once(&outcome.ok).chain(&outcome.err)))
    }
    /// What it is sent: props, payloads, and the fields that a client may set.
    pub fn inputs(&self) -> impl Iterator<Item = &Type> {
        let payloads = self.interface.actions.iter().filter_map(|action| action.payload.as_ref());
        let bound = self.state.fields.iter().filter(|field| self.state.bind.contains(&field.name));
        std::iter::once(&self.interface.props).chain(payloads).chain(bound.map(|field| &field.ty))
    }
}
