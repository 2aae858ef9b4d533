//! What stands in `#[live(..)]` and `#[serde(..)]`, and what may not.
use crate::{conditions::conditional, wire_name::screaming_snake_case};
use proc_macro2::Span;
use std::collections::HashSet;
use syn::{
    Attribute, DeriveInput, Error, LitStr, Meta, Path, Token, parenthesized, punctuated::Punctuated,
    spanned::Spanned,
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
                    Some("on_set") => this.on_set = Some(meta.value()?.parse()?),
                    Some("ts") => this.ts = Some(meta.value()?.parse()?),
                    _ => {
                        let expected = "expected `bind`, `on_set = ..`, `leaf`, `ts = \"..\"` or `resource`";
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

/// Takes out serde attributes that would make a value travel in another shape than the rest of the system takes it to
/// have.
pub(crate) fn check_serde(input: &mut DeriveInput, errors: &mut Vec<Error>) {
    // serde would add a struct's tag to what is sent, where nothing else knows of it.
    let of_type: &[&str] = if matches!(input.data, syn::Data::Enum(_)) { &["tag", "content"] } else { &[] };
    refuse_others(&mut input.attrs, of_type, errors);
    let check_fields = |fields: &mut syn::Fields, errors: &mut Vec<Error>| {
        fields.iter_mut().for_each(|field| refuse_others(&mut field.attrs, &["default"], errors));
    };
    match &mut input.data {
        syn::Data::Struct(data) => check_fields(&mut data.fields, errors),
        syn::Data::Enum(data) => data.variants.iter_mut().for_each(|variant| {
            refuse_others(&mut variant.attrs, &[], errors);
            check_fields(&mut variant.fields, errors);
        }),
        syn::Data::Union(_) => {}
    }
}

fn refuse_others(attributes: &mut Vec<Attribute>, allowed: &[&str], errors: &mut Vec<Error>) {
    attributes.retain(|attribute| {
        let errors_before = errors.len();
        if attribute.path().is_ident("serde") {
            errors.extend(refused_words(attribute, allowed));
        }
        let conditional = conditional(attribute);
        errors.extend(conditional.iter().filter(|meta| meta.path().is_ident("serde")).map(|meta| {
            let text = "under a condition, this would change how the value travels behind `#[live_type]`'s back; write it without `cfg_attr`";
            Error::new(meta.span(), text)
        }));
        errors.len() == errors_before
    });
}

fn refused_words(attribute: &Attribute, allowed: &[&str]) -> Vec<Error> {
    // What is no list of words is serde's to refuse.
    let words =
        attribute.parse_args_with(Punctuated::<Meta, syn::Token![,]>::parse_terminated).unwrap_or_default();
    let list = if allowed.is_empty() { "none".to_owned() } else { format!("`{}`", allowed.join("`, `")) };
    let text =
        format!("this would change how the value travels behind `#[live_type]`'s back; allowed here: {list}");
    let is_refused = |word: &&Meta| !allowed.iter().any(|allowed| word.path().is_ident(allowed));
    words.iter().filter(is_refused).map(|word| Error::new(word.span(), &text)).collect()
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

/// Whether a `#[serde(..)]` has this word.
pub(crate) fn has_serde_word(attributes: &[Attribute], word: &str) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("serde")).any(|attribute| {
        attribute
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .is_ok_and(|words| words.iter().any(|it| it.path().is_ident(word)))
    })
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
