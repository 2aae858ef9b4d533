//! A shape from the lists of the generated file.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
use fluxstack_live_protocol::compact::{Fields, Part, Shape};
use serde_json::Value;

pub fn shape(wire: &Value, component: &str) -> Shape {
    let structs: Vec<Fields> = wire["structs"].as_array().unwrap().iter().map(fields).collect();
    let component = &wire["components"][component];
    let actions = component["actions"].as_array().unwrap().iter().map(|name| text(name).into()).collect();
    Shape {
        structs: structs.into(),
        fields: fields(&component["fields"]),
        actions,
        events: fields(&component["events"]),
    }
}

fn fields(list: &Value) -> Fields {
    list.as_array().unwrap().iter().map(|field| (text(&field[0]).into(), part(&field[1]))).collect()
}

fn part(value: &Value) -> Part {
    let Some(object) = value.as_object() else {
        return value
            .as_u64()
            .unwrap()
            .checked_sub(1)
            .map_or(Part::AsIs, |place| Part::Struct(place as usize));
    };
    match object.iter().next().unwrap() {
        (kind, of) if kind == "list" => Part::List(part(of).into()),
        (kind, of) if kind == "map" => Part::Map(part(of).into()),
        (_, parts) => Part::Tuple(parts.as_array().unwrap().iter().map(part).collect()),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
