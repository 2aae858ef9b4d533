//! What of each component travels by places where a client has the same schema: made of the description that the client's
//! lists are printed from.
use crate::schema::{Component, Field, Parts, Schema, Shape as Definition, Type, Types};
use fluxstack_live_protocol::compact::{Fields, Part, Shape};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// The shapes of all components, by their names. They share their structs.
pub(crate) fn shapes(schema: &Schema) -> BTreeMap<&'static str, Arc<Shape>> {
    let mut found =
        Structs { types: &schema.types, places: HashMap::new(), fields: Vec::new(), open: Vec::new() };
    let shapes: Vec<_> =
        schema.components.iter().map(|component| (component.name, found.shape(component))).collect();
    let structs: Arc<[Fields]> = found.fields.into();
    let with_structs = |shape| Arc::new(Shape { structs: structs.clone(), ..shape });
    shapes.into_iter().map(|(name, shape)| (name, with_structs(shape))).collect()
}

/// The structs that were met, in the order of their first mention.
struct Structs<'s> {
    types: &'s Types,
    /// By the place of their definition.
    places: HashMap<usize, usize>,
    fields: Vec<Fields>,
    /// The types without fields of their own that are being looked into: in one of them it is not looked into again.
    open: Vec<usize>,
}

impl Structs<'_> {
    /// Without the structs, which are not all known yet.
    fn shape(&mut self, component: &Component) -> Shape {
        let fields = self.of_fields(&component.state.fields);
        let events = component.state.events.iter();
        let events = events.map(|(name, payload)| ((*name).into(), self.part(payload))).collect();
        let actions = component.interface.actions.iter().map(|action| action.name.into()).collect();
        Shape { structs: Arc::default(), fields, actions, events }
    }
    fn of_fields(&mut self, fields: &[Field]) -> Fields {
        fields.iter().map(|field| (field.name.into(), self.part(&field.ty))).collect()
    }
    fn part(&mut self, ty: &Type) -> Part {
        match ty {
            Type::Null | Type::Bool | Type::Number | Type::Digits | Type::String => Part::AsIs,
            Type::Unknown | Type::Written(_) => Part::AsIs,
            Type::Array(item) => around(self.part(item), Part::List),
            Type::Record(_, value) => around(self.part(value), Part::Map),
            Type::Nullable(of) => self.part(of),
            Type::Tuple(parts) => self.tuple(parts),
            Type::Named(place) => self.named(*place),
        }
    }
    fn named(&mut self, place: usize) -> Part {
        let types = self.types;
        match &types.get(place).shape {
            Definition::Struct(Parts::Named(fields)) => Part::Struct(self.place(place, fields)),
            Definition::Struct(Parts::Unnamed(parts)) if !self.open.contains(&place) => {
                self.open.push(place);
                let part = match parts.as_slice() {
                    [value] => self.part(value),
                    parts => self.tuple(parts),
                };
                self.open.pop();
                part
            }
            Definition::Struct(Parts::Unnamed(_) | Parts::Unit) | Definition::Enum(..) => Part::AsIs,
        }
    }
    fn tuple(&mut self, parts: &[Type]) -> Part {
        let parts: Vec<Part> = parts.iter().map(|part| self.part(part)).collect();
        if parts.iter().all(|part| *part == Part::AsIs) { Part::AsIs } else { Part::Tuple(parts) }
    }
    fn place(&mut self, definition: usize, fields: &[Field]) -> usize {
        if let Some(place) = self.places.get(&definition) {
            return *place;
        }
        let place = self.fields.len();
        self.places.insert(definition, place);
        self.fields.push(Fields::new());
        // What is open goes no further than a struct: that has a place to be named by.
        let open = std::mem::take(&mut self.open);
        self.fields[place] = self.of_fields(fields);
        self.open = open;
        place
    }
}

/// Around nothing that travels by places, it is nothing either.
fn around(part: Part, collection: fn(Box<Part>) -> Part) -> Part {
    if part == Part::AsIs { Part::AsIs } else { collection(part.into()) }
}
