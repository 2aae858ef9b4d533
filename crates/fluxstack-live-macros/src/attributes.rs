//! What stands in `#[live(..)]`, and what may not.
use crate::wire_name::screaming_snake_case;
use proc_macro2::Span;
use std::collections::HashSet;
use syn::{
    Attribute, Error, LitStr, Meta, Path, Token, meta::ParseNestedMeta, parenthesized, spanned::Spanned,
};

/// `#[live(..)]` on a struct.
#[derive(Default)]
pub(crate) struct OnComponent {
    pub(crate) name: Option<LitStr>,
    pub(crate) shared: bool,
    /// The types of the events it tells, with their wire names.
    pub(crate) events: Vec<(Path, String)>,
}

impl OnComponent {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Vec<Error>) -> Self {
        let mut this = OnComponent::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("live")) {
            let read = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") {
                    this.name = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("shared") {
                    this.shared = true;
                } else if meta.path.is_ident("events") {
                    let paths;
                    parenthesized!(paths in meta.input);
                    let paths = paths.parse_terminated(Path::parse_mod_style, Token![,])?;
                    this.events.extend(paths.into_iter().map(|path| {
                        let last = path.segments.last().expect("a path has a part");
                        let wire = screaming_snake_case(&last.ident.to_string());
                        (path, wire)
                    }));
                } else {
                    return Err(meta.error("expected `name = \"..\"`, `shared` or `events(..)`"));
                }
                Ok(())
            });
            errors.extend(read.err());
        }
        let mut seen = HashSet::new();
        this.events.retain(|(path, wire)| {
            let is_new = seen.insert(wire.clone());
            if !is_new {
                let text =
                    format!("another event of this component travels as `{wire}`; remove or rename one");
                errors.push(Error::new(path.span(), text));
            }
            is_new
        });
        if let Some(name) = this.name.as_ref().filter(|name| !is_plain(&name.value())) {
            errors.push(Error::new(
                name.span(),
                "a component's name is 1 to 64 letters, digits and underscores",
            ));
        }
        this
    }
}

/// `#[live]` or `#[live(..)]` on a field.
#[derive(Default)]
pub(crate) struct OnField {
    pub(crate) is_marked: bool,
    pub(crate) bind: bool,
    pub(crate) leaf: bool,
    pub(crate) resource: bool,
    pub(crate) hidden: bool,
    /// An integer that travels in decimal digits.
    pub(crate) digits: bool,
    /// Called when a client has set the field.
    pub(crate) on_set: Option<Path>,
    /// A leaf's type in TypeScript.
    pub(crate) ts: Option<LitStr>,
}

impl OnField {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Vec<Error>) -> Self {
        let mut this = OnField::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("live")) {
            if std::mem::replace(&mut this.is_marked, true) {
                errors.push(Error::new(
                    attribute.span(),
                    "a field has one `#[live]`; put its words together: `#[live(bind, leaf)]`",
                ));
            }
            if matches!(attribute.meta, Meta::Path(_)) {
                continue;
            }
            let read = attribute.parse_nested_meta(|meta| {
                match meta.path.get_ident().map(ToString::to_string).as_deref() {
                    Some("bind") => this.bind = true,
                    Some("leaf") => this.leaf = true,
                    Some("resource") => this.resource = true,
                    Some("hidden") => this.hidden = true,
                    Some("as") => this.digits = is_string(&meta)?,
                    Some("on_set") => this.on_set = Some(meta.value()?.parse()?),
                    Some("ts") => this.ts = Some(meta.value()?.parse()?),
                    _ => {
                        let expected =
                            "expected `bind`, `on_set = ..`, `as = \"string\"`, `leaf`, `ts = \"..\"`, `hidden` or `resource`";
                        return Err(meta.error(expected));
                    }
                }
                Ok(())
            });
            errors.extend(read.err());
            if this.resource && (this.bind || this.leaf) {
                errors.push(Error::new(
                    attribute.span(),
                    "a resource never leaves the server, so it is neither `bind` nor `leaf`",
                ));
            }
            if this.hidden && (this.bind || this.leaf || this.resource) {
                errors.push(Error::new(
                    attribute.span(),
                    "a hidden field is tracked and never leaves the server, so it is neither `bind`, `leaf` nor `resource`",
                ));
            }
            if this.digits && (this.leaf || this.hidden || this.resource) {
                errors.push(Error::new(
                    attribute.span(),
                    "`as` says how a visible integer travels, so it is neither `leaf`, `hidden` nor `resource`",
                ));
            }
            if let Some(ts) = &this.ts {
                if !this.leaf {
                    let text = "only a leaf's type is said in TypeScript, any other is known: add `leaf`, or remove `ts`";
                    errors.push(Error::new(ts.span(), text));
                }
                let written = ts.value();
                if !is_one_type(&written) {
                    errors.push(Error::new(
                        ts.span(),
                        "one type in TypeScript, in one line and without comments, such as `ts = \"string\"`",
                    ));
                }
            }
            if let Some(on_set) = this.on_set.as_ref().filter(|_| !this.bind) {
                errors.push(Error::new(
                    on_set.span(),
                    "`on_set` is called when a client has set the field, which it may not: add `bind`",
                ));
            }
        }
        this
    }
}

/// The value of `as`.
fn is_string(meta: &ParseNestedMeta) -> syn::Result<bool> {
    let text: LitStr = meta.value()?.parse()?;
    if text.value() == "string" {
        return Ok(true);
    }
    Err(Error::new(text.span(), "an integer travels as a number, or `as = \"string\"`"))
}

/// Whether a part of a type that travels is marked `#[live(as = "string")]`. Takes the mark out.
pub(crate) fn take_digits(attributes: &mut Vec<Attribute>, errors: &mut Vec<Error>) -> bool {
    let mut digits = false;
    attributes.retain(|attribute| {
        if !attribute.path().is_ident("live") {
            return true;
        }
        let expected = "in a type that travels, `#[live(as = \"string\")]` sends a large integer as text; nothing else is said of a field";
        if matches!(attribute.meta, Meta::Path(_)) {
            errors.push(Error::new(attribute.span(), expected));
            return false;
        }
        let read = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("as") {
                return Err(meta.error(expected));
            }
            digits = is_string(&meta)?;
            Ok(())
        });
        errors.extend(read.err());
        false
    });
    digits
}

/// Whether a name is one that every client can write.
pub(crate) fn is_plain(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether the text of a type stays one: in one line, without a comment, and with every bracket and quote closed. What it
/// says is TypeScript's to judge.
fn is_one_type(text: &str) -> bool {
    if text.trim().is_empty() || text.contains(['\n', '\r', '\u{2028}', '\u{2029}', ';']) {
        return false;
    }
    let (mut open, mut quote, mut before) = (Vec::new(), None, ' ');
    for char in text.chars() {
        match (quote, char) {
            (Some(_), _) if before == '\\' => {
                before = ' ';
                continue;
            }
            (Some(of), _) if char == of => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(char),
            (None, '(') => open.push(')'),
            (None, '[') => open.push(']'),
            (None, '{') => open.push('}'),
            (None, '<') => open.push('>'),
            // An arrow.
            (None, '>') if before == '=' => {}
            (None, ')' | ']' | '}' | '>') if open.pop() != Some(char) => return false,
            (None, '/' | '*') if before == '/' => return false,
            (None, _) => {}
        }
        before = char;
    }
    open.is_empty() && quote.is_none()
}

/// All errors as one, if there are any.
pub(crate) fn combined(errors: Vec<Error>) -> Option<Error> {
    errors.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    })
}

/// Says that type parameters are not supported, where there are some.
pub(crate) fn refuse_generics(generics: &syn::Generics, what: &str, errors: &mut Vec<Error>) {
    if !generics.params.is_empty() {
        errors.push(Error::new(generics.params.span(), format!("{what} has no type or lifetime parameters")));
    }
}

/// Where an error about nothing in particular goes.
pub(crate) fn at(span: Span, text: &str) -> Error {
    Error::new(span, text)
}
