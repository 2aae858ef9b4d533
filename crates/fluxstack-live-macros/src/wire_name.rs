//! Rust names as they travel: `send_message` is `sendMessage`.
use proc_macro2::Ident;
use syn::{Error, ext::IdentExt};

/// A Rust name in camelCase.
pub(crate) fn camel_case(name: &str) -> String {
    let parts = name.trim_start_matches("r#").split('_').filter(|part| !part.is_empty());
    parts.enumerate().map(|(i, part)| if i == 0 { part.to_owned() } else { capitalized(part) }).collect()
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
    use super::camel_case;

    #[test]
    fn names_travel_in_camel_case() {
        let names =
            ["count", "send_message", "r#type", "_hidden", "a__b", "x_1", "already", "wert_ändern", "URL"];
        let wire = ["count", "sendMessage", "type", "hidden", "aB", "x1", "already", "wertÄndern", "URL"];
        assert_eq!(names.map(camel_case), wire);
    }
}
