//! The type, checked: what it is made of, and which derives it still lacks.
use crate::{
    attributes::{at, refuse_generics, take_digits},
    conditions::conditions,
    docs,
    hygiene::span_of,
    self_type,
    serde_words::{check_serde, has_serde_word, serde_text},
    wire_name::{camel_case, collisions, refuse_name, variant_name},
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, Meta, Path, Type, parse_quote, parse_quote_spanned,
    punctuated::Punctuated, spanned::Spanned,
};

pub(crate) struct WireType {
    pub(crate) shape: Shape,
    pub(crate) docs: String,
    /// Derives that are not on the item yet.
    pub(crate) derives: Vec<&'static str>,
    /// `Ord` is derived, so that it may be a map's key.
    pub(crate) has_order: bool,
}

pub(crate) enum Shape {
    Struct(Parts),
    Enum { tag: Option<String>, content: Option<String>, variants: Vec<Variant> },
}

/// What a struct or a variant is made of.
pub(crate) enum Parts {
    Named(Vec<Field>),
    Unnamed(Vec<Unnamed>),
    Unit,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: TokenStream,
    pub(crate) wire: String,
    pub(crate) docs: String,
    /// It has a `#[serde(default)]`: a client may leave it out.
    pub(crate) has_default: bool,
    pub(crate) digits: Option<Digits>,
    /// In which builds the field is there: all of them, if empty.
    pub(crate) conditions: Vec<Attribute>,
}

/// An integer that travels in decimal digits.
#[derive(Clone, Copy)]
pub(crate) struct Digits {
    /// Whether the type is an `Option` by its name.
    pub(crate) is_option: bool,
}

pub(crate) struct Unnamed {
    pub(crate) ty: TokenStream,
    pub(crate) in_digits: bool,
    pub(crate) conditions: Vec<Attribute>,
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) wire: String,
    pub(crate) docs: String,
    pub(crate) parts: Parts,
    pub(crate) conditions: Vec<Attribute>,
}

impl WireType {
    /// None if there are parameters: code for another type than the user's would only add errors. What is refused of the
    /// input is taken out of it, for the same reason, and serde is told the names that the paths of ops have, so that
    /// there is one rule for both.
    pub(crate) fn read(input: &mut DeriveInput) -> (Option<WireType>, Vec<Error>) {
        let mut errors = Vec::new();
        refuse_generics(&input.generics, "a live type", &mut errors);
        if !errors.is_empty() {
            return (None, errors);
        }
        check_serde(input, &mut errors);
        refuse_serde_derives(&mut input.attrs, &mut errors);
        let shape = match &mut input.data {
            Data::Struct(data) => Shape::Struct(Parts::read(&mut data.fields, &input.ident, &mut errors)),
            Data::Enum(data) => {
                let read = |variant| Variant::read(variant, &input.ident, &mut errors);
                let variants: Vec<Variant> = data.variants.iter_mut().map(read).collect();
                errors.extend(collisions(variants.iter().map(|it| (&it.ident, it.wire.as_str()))));
                let (tag, content) = (serde_text(&input.attrs, "tag"), serde_text(&input.attrs, "content"));
                Shape::Enum { tag, content, variants }
            }
            Data::Union(_) => {
                errors.push(at(input.ident.span(), "a union cannot travel"));
                return (None, errors);
            }
        };
        let wanted = ["Clone", "Debug", "PartialEq"];
        let derives = wanted.into_iter().filter(|derive| !has_derive(&input.attrs, derive)).collect();
        let has_order = has_derive(&input.attrs, "Ord");
        (Some(WireType { shape, docs: docs::text(&input.attrs), derives, has_order }), errors)
    }
}

impl Parts {
    fn read(fields: &mut Fields, of: &Ident, errors: &mut Vec<Error>) -> Parts {
        match fields {
            Fields::Named(named) => {
                let read = |field| Field::read(field, of, errors);
                let fields: Vec<Field> = named.named.iter_mut().map(read).collect();
                errors.extend(collisions(fields.iter().map(|field| (&field.ident, field.wire.as_str()))));
                Parts::Named(fields)
            }
            Fields::Unnamed(unnamed) => {
                let read = |field: &mut syn::Field| Unnamed {
                    ty: self_type::named(&field.ty, of),
                    in_digits: Digits::read(field, errors).is_some(),
                    conditions: visible_conditions(&mut field.attrs, errors),
                };
                Parts::Unnamed(unnamed.unnamed.iter_mut().map(read).collect())
            }
            Fields::Unit => Parts::Unit,
        }
    }
}

impl Field {
    fn read(field: &mut syn::Field, of: &Ident, errors: &mut Vec<Error>) -> Field {
        let ident = field.ident.clone().expect("the fields are named");
        let wire = camel_case(&ident.to_string());
        refuse_name(&ident, &wire, errors);
        let conditions = visible_conditions(&mut field.attrs, errors);
        let has_default = has_serde_word(&field.attrs, "default");
        let digits = Digits::read(field, errors);
        field.attrs.push(parse_quote!(#[serde(rename = #wire)]));
        let docs = docs::text(&field.attrs);
        Field { ident, ty: self_type::named(&field.ty, of), wire, docs, has_default, digits, conditions }
    }
}

impl Digits {
    /// None if the field is not marked. Otherwise serde is told of it.
    fn read(field: &mut syn::Field, errors: &mut Vec<Error>) -> Option<Digits> {
        if !take_digits(&mut field.attrs, errors) {
            return None;
        }
        let is_option = matches!(&field.ty, Type::Path(path) if path.path.segments.last().is_some_and(|it| it.ident == "Option"));
        let at = span_of(&field.ty);
        field.attrs.push(parse_quote_spanned!(at=> #[serde(with = "::fluxstack_live::__private::digits")]));
        // Of a field with a function of its own, serde misses an `Option` that is not there.
        if is_option && field.ident.is_some() && !has_serde_word(&field.attrs, "default") {
            field.attrs.push(parse_quote!(#[serde(default)]));
        }
        Some(Digits { is_option })
    }
}

impl Variant {
    fn read(variant: &mut syn::Variant, of: &Ident, errors: &mut Vec<Error>) -> Variant {
        let wire = variant_name(&variant.ident.to_string());
        let conditions = visible_conditions(&mut variant.attrs, errors);
        variant.attrs.push(parse_quote!(#[serde(rename = #wire)]));
        let parts = Parts::read(&mut variant.fields, of, errors);
        Variant { ident: variant.ident.clone(), wire, docs: docs::text(&variant.attrs), parts, conditions }
    }
}

/// The conditions; a hidden one is refused, and taken out.
fn visible_conditions(attributes: &mut Vec<Attribute>, errors: &mut Vec<Error>) -> Vec<Attribute> {
    let errors_before = errors.len();
    let conditions = conditions(attributes, errors);
    if errors.len() > errors_before {
        attributes.retain(|attribute| !attribute.path().is_ident("cfg_attr"));
    }
    conditions
}

/// Refuses the derives that are added anyway, and takes them out.
fn refuse_serde_derives(attributes: &mut [Attribute], errors: &mut Vec<Error>) {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let Meta::List(list) = &mut attribute.meta else { continue };
        let Ok(paths) = list.parse_args_with(Punctuated::<Path, syn::Token![,]>::parse_terminated) else {
            continue;
        };
        let (refused, others): (Vec<Path>, Vec<Path>) = paths.into_iter().partition(|path| {
            path.segments.last().is_some_and(|last| last.ident == "Serialize" || last.ident == "Deserialize")
        });
        if refused.is_empty() {
            continue;
        }
        errors
            .extend(refused.iter().map(|path| Error::new(path.span(), "remove it; `#[live_type]` adds it")));
        list.tokens = quote!(#(#others),*);
    }
}

fn has_derive(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(
        |attribute| match &attribute.meta {
            Meta::List(list) => list
                .parse_args_with(Punctuated::<Path, syn::Token![,]>::parse_terminated)
                .is_ok_and(|paths| {
                    paths.iter().any(|path| path.segments.last().is_some_and(|last| last.ident == name))
                }),
            Meta::Path(_) | Meta::NameValue(_) => false,
        },
    )
}
