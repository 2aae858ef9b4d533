//! Rust names as they travel: `send_message` is `sendMessage`.
use proc_macro2::Ident;
use syn::{Error, ext::IdentExt};

/// A Rust name in camelCase.
pub(crate) fn camel_case(name: &str) -> String {
    let parts = name.trim_start_matches("r#").split('_').filter(|part| !part.is_empty());
    parts.enumerate().map(|(i, part)| if i == 0 { part.to_owned() } else { capitalized(part) }).collect()
}

/// A variant's name: camelCase, of a name that is in PascalCase already.
pub(crate) fn variant_name(name: &str) -> String {
    let mut chars = name.trim_start_matches("r#").chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars).collect()
}

/// An event's name: `MessageReceived` is `MESSAGE_RECEIVED`, `HTTPFailed` is `HTTP_FAILED`.
pub(crate) fn screaming_snake_case(name: &str) -> String {
    let chars: Vec<char> = name.trim_start_matches("r#").chars().collect();
    let mut out = String::new();
    for (at, &char) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let begins_word = char.is_uppercase()
            && before.is_some_and(|before| {
                let ends_acronym =
                    before.is_uppercase() && chars.get(at + 1).is_some_and(|it| it.is_lowercase());
                before.is_lowercase() || before.is_numeric() || ends_acronym
            });
        if begins_word {
            out.push('_');
        }
        out.extend(char.to_uppercase());
    }
    out
}

/// Says at a field that a client would refuse its name in a path.
pub(crate) fn refuse_name(ident: &Ident, wire: &str, errors: &mut Vec<Error>) {
    // What every JavaScript object has, and with which one reaches out of it.
    if ["constructor", "prototype", "__proto__"].contains(&wire) {
        let text = format!("this field would travel as `{wire}`, which browsers do not take; rename it");
        errors.push(Error::new(ident.span(), text));
    }
    if wire.is_empty() {
        errors.push(Error::new(ident.span(), "this field would have no name when it travels; rename it"));
    }
}

fn capitalized(part: &str) -> String {
    let mut chars = part.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// Says at the second of two names that they travel alike. The same name twice is the compiler's to judge: only it knows
/// which of the two `#[cfg]` leaves.
pub(crate) fn collisions<'a>(names: impl Iterator<Item = (&'a Ident, &'a str)>) -> Vec<Error> {
    let mut seen = std::collections::HashMap::new();
    let clash = |(ident, wire): (&'a Ident, &'a str)| {
        let first = seen.insert(wire, ident).filter(|first| *first != ident)?;
        let (name, first) = (ident.unraw(), first.unraw());
        Some(Error::new(ident.span(), format!("`{name}` and `{first}` both travel as `{wire}`; rename one")))
    };
    names.filter_map(clash).collect()
}

#[cfg(test)]
mod tests {
    use super::{camel_case, screaming_snake_case, variant_name};

    #[test]
    fn names_travel_in_camel_case() {
        let names =
            ["count", "send_message", "r#type", "_hidden", "a__b", "x_1", "already", "wert_ändern", "URL"];
        let wire = ["count", "sendMessage", "type", "hidden", "aB", "x1", "already", "wertÄndern", "URL"];
        assert_eq!(names.map(camel_case), wire);
    }

    #[test]
    fn a_variant_travels_with_a_small_first_letter() {
        assert_eq!(
            ["TooLong", "Empty", "r#Self_", "Über"].map(variant_name),
            ["tooLong", "empty", "self_", "über"]
        );
    }

    #[test]
    fn an_event_travels_in_capitals() {
        let names =
            ["MessageReceived", "Cleared", "HTTPFailed", "Level2Reached", "UserV2", "snake_case", "Äpfel"];
        let wire = [
            "MESSAGE_RECEIVED",
            "CLEARED",
            "HTTP_FAILED",
            "LEVEL2_REACHED",
            "USER_V2",
            "SNAKE_CASE",
            "ÄPFEL",
        ];
        assert_eq!(names.map(screaming_snake_case), wire);
    }
}
