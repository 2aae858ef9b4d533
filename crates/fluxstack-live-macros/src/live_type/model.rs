//! The type, checked: what it is made of, and which derives it still lacks.
use crate::{
    attributes::{at, check_serde, refuse_generics},
    wire_name::{camel_case, collisions},
};
use proc_macro2::Ident;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Meta, Path, Type, punctuated::Punctuated};

pub(crate) struct WireType {
    pub(crate) shape: Shape,
    /// Derives that are not on the item yet.
    pub(crate) derives: Vec<&'static str>,
}

pub(crate) enum Shape {
    /// Changes are found and sent field by field.
    Struct(Vec<Field>),
    /// Compared and sent as a whole.
    Leaf,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) wire: String,
}

impl WireType {
    /// None if there are parameters: code for another type than the user's would only add errors.
    pub(crate) fn read(input: &DeriveInput) -> (Option<WireType>, Vec<Error>) {
        let mut errors = Vec::new();
        refuse_generics(&input.generics, "a live type", &mut errors);
        if !errors.is_empty() {
            return (None, errors);
        }
        check_serde(input, &mut errors);
        let shape = match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(named) => Shape::Struct(named.named.iter().map(Field::read).collect()),
                Fields::Unnamed(_) | Fields::Unit => Shape::Leaf,
            },
            Data::Enum(_) => Shape::Leaf,
            Data::Union(_) => {
                errors.push(at(input.ident.span(), "a union cannot travel"));
                Shape::Leaf
            }
        };
        if let Shape::Struct(fields) = &shape {
            errors.extend(collisions(fields.iter().map(|field| (&field.ident, field.wire.as_str()))));
        }
        let wanted = ["Clone", "Debug", "PartialEq"];
        let derives = wanted.into_iter().filter(|derive| !has_derive(&input.attrs, derive)).collect();
        (Some(WireType { shape, derives }), errors)
    }
}

impl Field {
    fn read(field: &syn::Field) -> Field {
        let ident = field.ident.clone().expect("the fields are named");
        Field { wire: camel_case(&ident.to_string()), ident, ty: field.ty.clone() }
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
