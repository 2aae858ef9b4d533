//! A schema as TypeScript reads it: the file that a page imports. One line a field, a variant and an action, everything
//! in a fixed order, so that a change in Rust is a small change here.
mod props_are_state; // whose props already are a whole state
mod printer; // a type as TypeScript writes it
mod wire; // what a page needs at run time
mod text; // names, texts and comments

pub use crate::faults::Faults;
use crate::{
    faults,
    schema::{Component, Schema, Type},
    shape,
};
use printer::Printer;
use text::{key, quoted};

const HEADER: &str = "/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
";

/// What a field marked `#[live(as = "string")]` holds.
const DIGITS_DOCS: &str =
    "An integer in decimal digits: `BigInt(it)` is its value, `String(5n) as Digits` makes one.";
const DIGITS: &str = "export type Digits = string & { readonly __digits: unique symbol }\n";

/// The whole file, or all that keeps it from being true.
pub fn print(schema: &Schema) -> Result<String, Faults> {
    faults::check(schema)?;
    let printer = Printer::new(schema, true);
    let known = schema.components.iter().filter(|it| props_are_state::holds(it, &printer));
    let known: Vec<String> = known.map(|component| quoted(component.name)).collect();
    Ok(format!(
        "{HEADER}{}declare module 'fluxstack-live' {{ interface Register {{ schema: LiveSchema }} }}\nregisterSchema({{ propsAreState: [{}] }})\n{}",
        declarations(schema, &printer),
        known.join(", "),
        wire::constant(&hash(schema), &wire::lists(&shape::shapes(schema))),
    ))
}

/// 32 bits of FNV-1a over what a client is told, but for the documentation, as eight hex digits. The lists are a part of it:
/// a leaf whose TypeScript is written by hand may look like a struct.
pub fn hash(schema: &Schema) -> String {
    let text = declarations(schema, &Printer::new(schema, false)) + &wire::lists(&shape::shapes(schema));
    let hash =
        text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}

fn declarations(schema: &Schema, printer: &Printer) -> String {
    let mut definitions: Vec<_> = schema.types.iter().collect();
    definitions.sort_by_key(|(_, definition)| (definition.name, definition.path));
    let types: String =
        definitions.into_iter().map(|(place, definition)| printer.definition(place, definition)).collect();
    let components: String = schema.components.iter().map(|it| component(it, printer)).collect();
    let digits = if printer.has_digits { printer.docs(DIGITS_DOCS, "") + DIGITS } else { String::new() };
    format!("{digits}{types}export interface LiveSchema {{\n{components}}}\n")
}

fn component(component: &Component, printer: &Printer) -> String {
    let Component { name, state, interface } = component;
    let docs = printer.docs(state.docs, "  ");
    let bind: Vec<String> = state.bind.iter().map(|name| quoted(name)).collect();
    let bind = if bind.is_empty() { "never".to_owned() } else { bind.join(" | ") };
    let actions = interface.actions.iter().map(|action| {
        let docs = printer.docs(action.docs, "      ");
        let args = payload(action.payload.as_ref(), printer);
        let err = action.outcome.err.as_ref().map_or("never".to_owned(), |err| printer.ty(err));
        let ok = match &action.outcome.ok {
            Type::Null => "void".to_owned(),
            ok => printer.ty(ok),
        };
        format!("{docs}      {}: {{ args: {args}; ok: {ok}; err: {err} }}\n", key(action.name))
    });
    let events = state.events.iter().map(|(name, ty)| format!("      {}: {}\n", key(name), printer.ty(ty)));
    format!(
        "{docs}  {}: {{\n    props: {}\n    state: {}\n    propsAreState: {}\n    bind: {bind}\n    actions: {}\n    events: {}\n  }}\n",
        key(name),
        printer.ty(&interface.props),
        block(printer.fields(&state.fields, false, "      "), "Record<string, never>"),
        props_are_state::holds(component, printer),
        block(actions.collect(), "Record<never, never>"),
        block(events.collect(), "Record<never, never>"),
    )
}

/// What is passed to a call: nothing is `null` when it travels, and left out when it is called.
fn payload(payload: Option<&Type>, printer: &Printer) -> String {
    match payload {
        None | Some(Type::Null) => "undefined".to_owned(),
        Some(Type::Nullable(of)) => format!("{} | undefined", printer.ty(of)),
        Some(ty) => printer.ty(ty),
    }
}

fn block(lines: String, empty: &str) -> String {
    if lines.is_empty() { empty.to_owned() } else { format!("{{\n{lines}    }}") }
}
