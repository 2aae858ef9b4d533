//! What stands in `#[serde(..)]`, and what may not: `#[live_type]` says itself how a type travels, and everything else goes
//! by what it says.
use crate::conditions::conditional;
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, LitStr, Meta, Token, punctuated::Punctuated,
    spanned::Spanned,
};

/// What of a type an attribute is on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    Struct,
    Enum,
    Variant,
    Field,
    /// A part of a tuple.
    Unnamed,
}

/// Refuses what would make a value travel in another shape than the rest of the system takes it to have, and takes it out.
pub(crate) fn check_serde(input: &mut DeriveInput, errors: &mut Vec<Error>) {
    let on = if matches!(input.data, Data::Enum(_)) { On::Enum } else { On::Struct };
    refuse(&mut input.attrs, on, errors);
    match &mut input.data {
        Data::Struct(data) => check_fields(&mut data.fields, errors),
        Data::Enum(data) => data.variants.iter_mut().for_each(|variant| {
            refuse(&mut variant.attrs, On::Variant, errors);
            check_fields(&mut variant.fields, errors);
        }),
        Data::Union(_) => {}
    }
}

fn check_fields(fields: &mut Fields, errors: &mut Vec<Error>) {
    let on = if matches!(fields, Fields::Named(_)) { On::Field } else { On::Unnamed };
    fields.iter_mut().for_each(|field| refuse(&mut field.attrs, on, errors));
}

fn refuse(attributes: &mut Vec<Attribute>, on: On, errors: &mut Vec<Error>) {
    attributes.retain(|attribute| {
        let errors_before = errors.len();
        for word in words(attribute) {
            let name = word.path().get_ident().map(ToString::to_string).unwrap_or_default();
            if let Some(advice) = advice(&name, on) {
                errors.push(Error::new(word.span(), format!("`#[live_type]` says itself how a value travels: {advice}")));
            }
        }
        errors.extend(conditional(attribute).iter().filter(|meta| meta.path().is_ident("serde")).map(|meta| {
            let text = "under a condition, this would change how the value travels behind `#[live_type]`'s back; write it without `cfg_attr`";
            Error::new(meta.span(), text)
        }));
        errors.len() == errors_before
    });
}

/// What to do instead; None if the word may stay.
fn advice(word: &str, on: On) -> Option<&'static str> {
    Some(match (word, on) {
        ("tag" | "content", On::Enum) | ("default", On::Field) => return None,
        ("tag" | "content", _) => "a tag tells the variants of an enum apart; make it a field",
        ("default", On::Unnamed) => "what has no name cannot be left out; name the fields, or remove it",
        ("default", _) => "put it on each field that a client may leave out",
        ("rename" | "rename_all" | "rename_all_fields", _) => {
            "in camelCase, by the name in Rust; remove it, and rename in Rust"
        }
        ("alias", _) => "by one name; remove it",
        ("flatten", _) => "write the fields out, or leave them in an object of their own",
        ("untagged", _) => "a variant says which it is; remove it, or add `tag = \"..\"` to the enum",
        ("transparent", _) => "as its one value already, if it is a `struct Name(Type);`",
        ("from" | "try_from" | "into" | "remote" | "getter", _) => {
            "mark a type of the shape that travels, and convert it in your own code"
        }
        ("with" | "serialize_with" | "deserialize_with", _) => {
            "give the field a type that travels, such as `Timestamp`, or mark a large integer `#[live(as = \"string\")]`"
        }
        ("skip" | "skip_serializing" | "skip_deserializing", _) => {
            "all of it; what the browser must not see goes into another type, or into a field of the component without `#[live]`"
        }
        ("skip_serializing_if", _) => "all of it; an `Option` travels as null",
        ("deny_unknown_fields", _) => "unknown fields are refused already; remove it",
        ("other", _) => "an unknown variant is refused; remove it",
        ("borrow", _) => "what travels owns its parts; remove it",
        _ => "remove this",
    })
}

/// Says of attributes on a component, or on one of its visible fields, that they are not heard.
pub(crate) fn refuse_unheard(attributes: &[Attribute], errors: &mut Vec<Error>) {
    let conditional = attributes.iter().flat_map(conditional);
    let all = attributes.iter().map(|attribute| attribute.meta.clone()).chain(conditional);
    errors.extend(all.filter(|meta| meta.path().is_ident("serde")).map(|meta| {
        let text = "serde is not asked how a component travels; remove it, and keep what you store in a struct of its own";
        Error::new(meta.span(), text)
    }));
}

/// The words of a `#[serde(..)]`; of any other attribute none. What is no list of words is serde's to refuse.
fn words(attribute: &Attribute) -> Vec<Meta> {
    if !attribute.path().is_ident("serde") {
        return Vec::new();
    }
    let words = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    words.unwrap_or_default().into_iter().collect()
}

/// Whether a `#[serde(..)]` has this word.
pub(crate) fn has_serde_word(attributes: &[Attribute], word: &str) -> bool {
    attributes.iter().flat_map(words).any(|it| it.path().is_ident(word))
}

/// What `#[serde(name = "..")]` says.
pub(crate) fn serde_text(attributes: &[Attribute], name: &str) -> Option<String> {
    let mut text = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // What does not parse is serde's to refuse.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value().and_then(|value| value.parse::<LitStr>())?;
            if meta.path.is_ident(name) {
                text = Some(value.value());
            }
            Ok(())
        });
    }
    text
}
