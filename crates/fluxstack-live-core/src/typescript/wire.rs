//! What a page needs to know of the types at run time, to read and write names as places: as lists.
use super::text::{key, quoted};
use fluxstack_live_protocol::compact::{Fields, Name, Part, Shape};
use std::{collections::BTreeMap, sync::Arc};

/// The constant, from the hash and the lists.
pub(super) fn constant(hash: &str, lists: &str) -> String {
    format!(
        "/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */\nexport const wire = {{\n  schema: {},\n{lists}}} as const\n",
        quoted(hash),
    )
}

/// One line a struct and a component.
pub(super) fn lists(shapes: &BTreeMap<&'static str, Arc<Shape>>) -> String {
    let structs = shapes.values().next().map(|shape| shape.structs.clone()).unwrap_or_default();
    let structs: String = structs.iter().map(|it| format!("    {},\n", fields(it))).collect();
    let components: String =
        shapes.iter().map(|(name, shape)| format!("    {}: {},\n", key(name), component(shape))).collect();
    let structs = if structs.is_empty() { "[]".to_owned() } else { format!("[\n{structs}  ]") };
    let components = if components.is_empty() { "{}".to_owned() } else { format!("{{\n{components}  }}") };
    format!("  structs: {structs},\n  components: {components},\n")
}

fn component(shape: &Shape) -> String {
    let Shape { structs: _, fields: state, actions, events } = shape;
    format!("{{ fields: {}, actions: {}, events: {} }}", fields(state), names(actions), fields(events))
}

fn fields(fields: &Fields) -> String {
    let fields = fields.iter().map(|(name, of)| format!("[{}, {}]", quoted(name), part(of)));
    format!("[{}]", fields.collect::<Vec<_>>().join(", "))
}

fn names(names: &[Name]) -> String {
    format!("[{}]", names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", "))
}

fn part(of: &Part) -> String {
    match of {
        Part::AsIs => "0".to_owned(),
        Part::Struct(place) => (place + 1).to_string(),
        Part::List(item) => format!("{{ list: {} }}", part(item)),
        Part::Map(value) => format!("{{ map: {} }}", part(value)),
        Part::Tuple(parts) => {
            format!("{{ tuple: [{}] }}", parts.iter().map(part).collect::<Vec<_>>().join(", "))
        }
    }
}
