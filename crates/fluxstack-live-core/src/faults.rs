//! What of a schema has no true TypeScript, or no way back from JSON. Each is refused by name: a wrong type that nobody
//! hears of is worse than none.
use crate::schema::{Component, Field, Parts, Schema, Shape, Tagging, Type, Types, Variant};
use std::collections::HashMap;

/// All that keeps the types from being true.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Faults(Vec<String>);

/// Names that TypeScript keeps for itself, or that the generated file uses.
const TAKEN: [&str; 88] = [
    "Digits",
    "LiveSchema",
    "Partial",
    "Record",
    "registerSchema",
    "abstract",
    "accessor",
    "any",
    "as",
    "asserts",
    "async",
    "await",
    "bigint",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "constructor",
    "continue",
    "debugger",
    "declare",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "global",
    "globalThis",
    "if",
    "implements",
    "import",
    "in",
    "infer",
    "instanceof",
    "interface",
    "intrinsic",
    "is",
    "keyof",
    "let",
    "module",
    "namespace",
    "never",
    "new",
    "null",
    "number",
    "object",
    "of",
    "out",
    "override",
    "package",
    "private",
    "protected",
    "public",
    "readonly",
    "require",
    "return",
    "satisfies",
    "set",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "unique",
    "unknown",
    "using",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// `Err` with everything there is to say.
pub(crate) fn check(schema: &Schema) -> Result<(), Faults> {
    let mut faults = Vec::new();
    names(&schema.types, &mut faults);
    for (place, definition) in schema.types.iter() {
        let at = |part: &str| format!("{part} of `{}`", definition.path);
        match &definition.shape {
            Shape::Struct(parts) => members(&schema.types, parts, &at, &mut faults),
            Shape::Enum(tagging, variants) => {
                for variant in variants {
                    let at = |part: &str| at(&format!("{part} of the variant `{}`", variant.name));
                    members(&schema.types, &variant.parts, &at, &mut faults);
                    faults.extend(
                        beside_tag(&schema.types, *tagging, variant).map(|fault| at("the value") + &fault),
                    );
                }
            }
        }
        if is_nothing_but_itself(&schema.types, place) {
            faults.push(format!("`{}` is made of nothing but itself", definition.path));
        }
    }
    schema.components.iter().for_each(|component| of_component(&schema.types, component, &mut faults));
    faults.extend(buffered_keys(schema));
    if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
}

fn names(types: &Types, faults: &mut Vec<String>) {
    let mut paths: HashMap<&str, &str> = HashMap::new();
    for (_, definition) in types.iter() {
        let (name, path) = (definition.name, definition.path);
        if let Some(first) = paths.insert(name, path) {
            faults.push(format!("two types are named `{name}`: `{first}` and `{path}`; rename one"));
        }
        if TAKEN.contains(&name) {
            faults.push(format!("TypeScript uses the name `{name}` itself; rename `{path}`"));
        }
    }
}

fn members(types: &Types, parts: &Parts, at: &dyn Fn(&str) -> String, faults: &mut Vec<String>) {
    match parts {
        Parts::Named(fields) => fields.iter().for_each(|Field { name, ty, .. }| {
            faults.extend(in_type(types, ty).map(|fault| at(&format!("the field `{name}`")) + &fault));
        }),
        Parts::Unnamed(parts) => parts.iter().for_each(|ty| {
            faults.extend(in_type(types, ty).map(|fault| at("the value") + &fault));
        }),
        Parts::Unit => {}
    }
}

fn of_component(types: &Types, component: &Component, faults: &mut Vec<String>) {
    let Component { name, state, interface } = component;
    let mut look = |what: String, ty: &Type| {
        faults.extend(in_type(types, ty).map(|fault| format!("{what} of the component `{name}`{fault}")));
    };
    state.fields.iter().for_each(|field| look(format!("the field `{}`", field.name), &field.ty));
    state.events.iter().for_each(|(event, ty)| look(format!("the event `{event}`"), ty));
    look("the props".to_owned(), &interface.props);
    for action in &interface.actions {
        action.payload.iter().for_each(|ty| look(format!("the payload of the action `{}`", action.name), ty));
        look(format!("the result of the action `{}`", action.name), &action.outcome.ok);
        action
            .outcome
            .err
            .iter()
            .for_each(|ty| look(format!("the error of the action `{}`", action.name), ty));
    }
    if !is_object(types, &interface.props) {
        faults.push(format!(
            "the props of the component `{name}` are no object; make them a struct with named fields"
        ));
    }
}

/// What is wrong with a type itself, as the end of a sentence about where it is.
fn in_type(types: &Types, ty: &Type) -> Option<String> {
    match ty {
        Type::Nullable(of) if types.may_be_null(of) => {
            Some(" is an `Option` of what may be null by itself: both would travel as null, and come back as `None`".into())
        }
        Type::Record(keys, _) if !is_key(types, keys) => {
            Some(" is a map with keys that are no text, number, bool or enum of plain names".into())
        }
        _ => ty.parts().into_iter().find_map(|part| in_type(types, part)),
    }
}

fn is_key(types: &Types, keys: &Type) -> bool {
    match types.unwrapped(keys) {
        Type::String | Type::Digits | Type::Number | Type::Bool => true,
        keys => types.shape(keys).is_some_and(|shape| shape.names().is_some()),
    }
}

/// Surely an object, whatever its value.
fn is_object(types: &Types, ty: &Type) -> bool {
    match (types.unwrapped(ty), types.shape(ty)) {
        (Type::Record(..), _) => true,
        (_, Some(Shape::Struct(parts))) => matches!(parts, Parts::Named(_)),
        (_, Some(Shape::Enum(Tagging::External, variants))) => {
            variants.iter().all(|variant| !matches!(variant.parts, Parts::Unit))
        }
        (_, Some(Shape::Enum(Tagging::Internal(_) | Tagging::Adjacent(..), _))) => true,
        (_, None) => false,
    }
}

/// A value beside the tag has to be an object, and to leave the tag its place.
fn beside_tag(types: &Types, tagging: Tagging, variant: &Variant) -> Option<String> {
    let (Tagging::Internal(tag), Parts::Unnamed(parts)) = (tagging, &variant.parts) else { return None };
    let fits = parts.iter().all(|part| match types.shape(part) {
        Some(Shape::Struct(Parts::Named(fields))) => fields.iter().all(|field| field.name != tag),
        Some(Shape::Struct(Parts::Unnamed(_) | Parts::Unit) | Shape::Enum(..)) | None => false,
    });
    let text = format!(
        " travels beside the tag `{tag}`, so it has to be a struct with named fields and none of that name; or add `content = \"..\"` to the enum's `tag`"
    );
    (!fits).then_some(text)
}

/// A struct around itself, with nothing but an `Option` or a `Box` in between: no value, and no type in TypeScript.
fn is_nothing_but_itself(types: &Types, place: usize) -> bool {
    let mut ty = &Type::Named(place);
    for _ in 0..=types.iter().count() {
        if let Type::Named(place) = ty
            && let Shape::Struct(Parts::Unnamed(parts)) = &types.get(*place).shape
            && let [inner] = parts.as_slice()
        {
            ty = inner;
        }
        if let Type::Nullable(of) = ty {
            ty = of;
        }
        if !matches!(ty, Type::Named(_)) {
            return false;
        }
    }
    // It was looked into as often as there are types, and is still one around another.
    matches!(ty, Type::Named(place) if matches!(&types.get(*place).shape, Shape::Struct(Parts::Unnamed(parts)) if parts.len() == 1))
}

/// serde reads what is inside a tagged enum before it knows the variant, and then takes a key for text and nothing else.
fn buffered_keys(schema: &Schema) -> Vec<String> {
    let types = &schema.types;
    let inputs = types.within(schema.components.iter().flat_map(Component::inputs));
    let mut faults = Vec::new();
    for place in inputs {
        let definition = types.get(place);
        let Shape::Enum(Tagging::Internal(_) | Tagging::Adjacent(..), _) = &definition.shape else {
            continue;
        };
        let inside = types.within(definition.shape.types());
        let all = definition
            .shape
            .types()
            .into_iter()
            .chain(inside.iter().flat_map(|it| types.get(*it).shape.types()));
        if all.into_iter().any(|ty| has_other_keys(types, ty)) {
            let path = definition.path;
            faults.push(format!(
                "`{path}` is a tagged enum with a map inside whose keys are numbers or bools; serde cannot read it back: use text for keys, or no tag"
            ));
        }
    }
    faults
}

fn has_other_keys(types: &Types, ty: &Type) -> bool {
    let is_one =
        matches!(ty, Type::Record(keys, _) if matches!(types.unwrapped(keys), Type::Number | Type::Bool));
    is_one || ty.parts().into_iter().any(|part| has_other_keys(types, part))
}
