//! A type as TypeScript writes it.
use super::text::{comment, comment_within, key, quoted};
use crate::schema::{Component, Definition, Field, Parts, Schema, Shape, Tagging, Type, Types, Variant};
use std::collections::BTreeSet;

/// An object without fields. `{}` would be any value but null.
const NO_FIELDS: &str = "Record<string, never>";

pub(super) struct Printer<'a> {
    pub(super) types: &'a Types,
    /// The types that the server sends: all their fields are there.
    outputs: BTreeSet<usize>,
    /// The structs around a type in which they are again.
    recursive: BTreeSet<usize>,
    /// Whether an integer travels as text.
    pub(super) has_digits: bool,
    with_docs: bool,
}

impl<'a> Printer<'a> {
    pub(super) fn new(schema: &'a Schema, with_docs: bool) -> Self {
        let types = &schema.types;
        let outputs = types.within(schema.components.iter().flat_map(Component::outputs));
        let is_recursive = |(place, definition): (usize, &Definition)| {
            let is_alias = matches!(definition.shape, Shape::Struct(Parts::Unnamed(_)));
            (is_alias && types.within(definition.shape.types()).contains(&place)).then_some(place)
        };
        let recursive = types.iter().filter_map(is_recursive).collect();
        let of_components = schema.components.iter().flat_map(|it| it.outputs().chain(it.inputs()));
        let of_types = types.iter().flat_map(|(_, definition)| definition.shape.types());
        let has_digits = of_components.chain(of_types).any(holds_digits);
        Printer { types, outputs, recursive, has_digits, with_docs }
    }

    /// The documentation, before what it documents.
    pub(super) fn docs(&self, docs: &str, indent: &str) -> String {
        if self.with_docs { comment(docs, indent) } else { String::new() }
    }

    /// Is it printed as a field that may be left out? What the server sends is whole, and a type that goes both ways is
    /// asked for whole.
    pub(super) fn is_optional(&self, field: &Field, place: usize) -> bool {
        field.may_be_missing() && !self.outputs.contains(&place)
    }

    pub(super) fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Null => "null".to_owned(),
            Type::Bool => "boolean".to_owned(),
            Type::Number => "number".to_owned(),
            Type::String => "string".to_owned(),
            Type::Digits => "Digits".to_owned(),
            Type::Unknown => "unknown".to_owned(),
            Type::Written(text) => (*text).to_owned(),
            Type::Array(of) => format!("{}[]", self.operand(of)),
            Type::Tuple(parts) => self.tuple(parts),
            Type::Record(keys, values) => self.record(keys, values),
            Type::Nullable(of) => format!("{} | null", self.operand(of)),
            Type::Named(place) => self.types.get(*place).name.to_owned(),
        }
    }

    /// As a part of a larger type.
    fn operand(&self, ty: &Type) -> String {
        let text = self.ty(ty);
        match ty {
            Type::Nullable(_) | Type::Written(_) => format!("({text})"),
            Type::Null | Type::Bool | Type::Number | Type::String | Type::Digits | Type::Unknown => text,
            Type::Named(_) | Type::Array(_) | Type::Tuple(_) | Type::Record(..) => text,
        }
    }

    fn tuple(&self, parts: &[Type]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.ty(part)).collect();
        format!("[{}]", parts.join(", "))
    }

    /// Keys that are known by name need not all be there.
    fn record(&self, keys: &Type, values: &Type) -> String {
        // TypeScript takes no alias as an argument in itself: then the record is written in full.
        let is_full = !self.types.within([values]).is_disjoint(&self.recursive);
        let values = self.ty(values);
        let (keys, are_names) =
            match (self.types.unwrapped(keys), self.types.shape(keys).and_then(Shape::names)) {
                (Type::Bool, _) => ("'true' | 'false'".to_owned(), true),
                (_, Some(_)) => (self.ty(keys), true),
                (Type::Number | Type::Digits, None) => ("string".to_owned(), false),
                (_, None) => (self.ty(keys), false),
            };
        match (is_full, are_names) {
            (true, true) => format!("{{ [key in {keys}]?: {values} }}"),
            (true, false) => format!("{{ [key in {keys}]: {values} }}"),
            (false, true) => format!("Partial<Record<{keys}, {values}>>"),
            (false, false) => format!("Record<{keys}, {values}>"),
        }
    }

    pub(super) fn definition(&self, place: usize, definition: &Definition) -> String {
        let Definition { name, docs, shape, .. } = definition;
        let docs = self.docs(docs, "");
        let may_be_missing = !self.outputs.contains(&place);
        let declared = match shape {
            Shape::Struct(Parts::Named(fields)) if fields.is_empty() => {
                format!("type {name} = {NO_FIELDS}\n")
            }
            Shape::Struct(Parts::Named(fields)) => {
                format!("interface {name} {{\n{}}}\n", self.fields(fields, may_be_missing, "  "))
            }
            Shape::Struct(Parts::Unit) => format!("type {name} = null\n"),
            Shape::Struct(Parts::Unnamed(parts)) => format!("type {name} = {}\n", self.unnamed(parts)),
            Shape::Enum(_, variants) if variants.is_empty() => format!("type {name} = never\n"),
            Shape::Enum(tagging, variants) => {
                let variants = variants.iter().map(|it| self.variant(*tagging, it, may_be_missing));
                format!("type {name} =\n{}", variants.collect::<String>())
            }
        };
        format!("{docs}export {declared}")
    }

    /// One line a field.
    pub(super) fn fields(&self, fields: &[Field], may_be_missing: bool, indent: &str) -> String {
        let line = |field: &Field| {
            let docs = self.docs(field.docs, indent);
            format!("{docs}{indent}{}\n", self.field(field, may_be_missing))
        };
        fields.iter().map(line).collect()
    }

    fn field(&self, field: &Field, may_be_missing: bool) -> String {
        let mark = if may_be_missing && field.may_be_missing() { "?" } else { "" };
        format!("{}{mark}: {}", key(field.name), self.ty(&field.ty))
    }

    fn unnamed(&self, parts: &[Type]) -> String {
        match parts {
            [value] => self.ty(value),
            parts => self.tuple(parts),
        }
    }

    fn variant(&self, tagging: Tagging, variant: &Variant, may_be_missing: bool) -> String {
        let Variant { name, docs, parts } = variant;
        let docs = self.docs(docs, "  ");
        // Everything behind the name, if there is anything.
        let content = match parts {
            Parts::Unit => None,
            Parts::Unnamed(parts) => Some(self.unnamed(parts)),
            Parts::Named(fields) => Some(self.object("", fields, may_be_missing)),
        };
        let text = match (tagging, parts, content) {
            (Tagging::External, _, None) => quoted(name),
            (Tagging::External, _, Some(content)) => format!("{{ {}: {content} }}", key(name)),
            (Tagging::Internal(tag), Parts::Named(fields), _) => {
                self.object(&format!("{}: {}", key(tag), quoted(name)), fields, may_be_missing)
            }
            (Tagging::Internal(tag), Parts::Unnamed(parts), Some(content))
                if !parts.iter().all(|part| self.is_empty(part)) =>
            {
                format!("({{ {}: {} }} & {content})", key(tag), quoted(name))
            }
            (Tagging::Internal(tag), ..) | (Tagging::Adjacent(tag, _), _, None) => {
                format!("{{ {}: {} }}", key(tag), quoted(name))
            }
            (Tagging::Adjacent(tag, of), _, Some(content)) => {
                format!("{{ {}: {}; {}: {content} }}", key(tag), quoted(name), key(of))
            }
        };
        format!("{docs}  | {text}\n")
    }

    /// An object without fields: beside a tag, its type would forbid the tag.
    fn is_empty(&self, ty: &Type) -> bool {
        matches!(self.types.shape(ty), Some(Shape::Struct(Parts::Named(fields))) if fields.is_empty())
    }

    /// In one line; `first` goes before the fields.
    fn object(&self, first: &str, fields: &[Field], may_be_missing: bool) -> String {
        let documented = |field: &Field| {
            let docs = if self.with_docs { comment_within(field.docs) } else { String::new() };
            format!("{docs}{}", self.field(field, may_be_missing))
        };
        let first = (!first.is_empty()).then(|| first.to_owned());
        let parts: Vec<String> = first.into_iter().chain(fields.iter().map(documented)).collect();
        if parts.is_empty() { NO_FIELDS.to_owned() } else { format!("{{ {} }}", parts.join("; ")) }
    }
}

fn holds_digits(ty: &Type) -> bool {
    matches!(ty, Type::Digits) || ty.parts().into_iter().any(holds_digits)
}
