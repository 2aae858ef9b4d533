//! Whose props already are a whole state, and so can be shown before the server has answered. Decided here alone: it is
//! printed both for the page's types and for the client. Where TypeScript would say yes and this says no, a state is only
//! known later than it could be; this never says yes where TypeScript would say no.
use super::printer::Printer;
use crate::schema::{Component, Field, Parts, Shape, Type, Types};

pub(super) fn holds(component: &Component, printer: &Printer) -> bool {
    let Type::Named(place) = printer.types.unwrapped(&component.interface.props) else { return false };
    let Shape::Struct(Parts::Named(props)) = &printer.types.get(*place).shape else { return false };
    // Whatever a prop of the same name says: only the server knows what it comes to.
    let is_known = component.state.computed.is_empty();
    is_known
        && component.state.fields.iter().all(|field| {
            let prop = props.iter().find(|prop| prop.name == field.name);
            prop.is_some_and(|prop| {
                !printer.is_optional(prop, *place) && is_a(printer, &prop.ty, &field.ty, &mut Vec::new())
            })
        })
}

/// May a value of the one type stand where the other is asked for? `assumed` are the pairs that are being asked already.
fn is_a<'a>(
    printer: &Printer<'a>,
    from: &'a Type,
    to: &'a Type,
    assumed: &mut Vec<(&'a Type, &'a Type)>,
) -> bool {
    let types = printer.types;
    let (from, to) = (types.unwrapped(from), types.unwrapped(to));
    if from == to || assumed.contains(&(from, to)) {
        return true;
    }
    assumed.push((from, to));
    match (from, to) {
        (_, Type::Unknown) => true,
        (Type::Nullable(of), _) => is_a(printer, &Type::Null, to, assumed) && is_a(printer, of, to, assumed),
        (_, Type::Nullable(of)) => is_null(types, from) || is_a(printer, from, of, assumed),
        (Type::Array(from), Type::Array(to)) => is_a(printer, from, to, assumed),
        (Type::Tuple(from), Type::Array(to)) => from.iter().all(|from| is_a(printer, from, to, assumed)),
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.len() == to.len() && from.iter().zip(to).all(|(from, to)| is_a(printer, from, to, assumed))
        }
        (Type::Record(from_keys, from), Type::Record(to_keys, to)) => {
            names(types, from_keys) == names(types, to_keys) && is_a(printer, from, to, assumed)
        }
        (Type::Named(from), Type::Named(to)) => shape_is_a(printer, *from, *to, assumed),
        (Type::Digits, Type::String) => true,
        (Type::Named(from), Type::String) => types.get(*from).shape.names().is_some(),
        _ => is_null(types, from) && is_null(types, to),
    }
}

fn shape_is_a<'a>(
    printer: &Printer<'a>,
    from: usize,
    to: usize,
    assumed: &mut Vec<(&'a Type, &'a Type)>,
) -> bool {
    let types = printer.types;
    match (&types.get(from).shape, &types.get(to).shape) {
        (Shape::Struct(Parts::Named(from_fields)), Shape::Struct(Parts::Named(to_fields))) => {
            let fits = |wanted: &'a Field| match from_fields.iter().find(|field| field.name == wanted.name) {
                Some(field) => {
                    (!printer.is_optional(field, from) || printer.is_optional(wanted, to))
                        && is_a(printer, &field.ty, &wanted.ty, assumed)
                }
                None => printer.is_optional(wanted, to),
            };
            to_fields.iter().all(fits)
        }
        (from, to) => match (from.names(), to.names()) {
            (Some(from), Some(to)) => from.iter().all(|name| to.contains(name)),
            _ => from == to,
        },
    }
}

fn is_null(types: &Types, ty: &Type) -> bool {
    matches!(ty, Type::Null) || matches!(types.shape(ty), Some(Shape::Struct(Parts::Unit)))
}

/// The names that a map's keys are confined to.
fn names(types: &Types, keys: &Type) -> Option<Vec<&'static str>> {
    match types.unwrapped(keys) {
        Type::Bool => Some(vec!["true", "false"]),
        keys => types.shape(keys)?.names(),
    }
}
