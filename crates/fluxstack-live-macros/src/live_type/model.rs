//! The type, checked: what it is made of, and which derives it still lacks.
use crate::{
    attributes::{at, check_serde, refuse_generics},
    conditions::conditions,
    self_type,
    wire_name::{camel_case, collisions},
};
use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Data, DeriveInput, Error, Fields, Meta, Path, punctuated::Punctuated};

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
    pub(crate) ty: TokenStream,
    pub(crate) wire: String,
    /// In which builds the field is there: all of them, if empty.
    pub(crate) conditions: Vec<Attribute>,
}

impl WireType {
    /// None if there are parameters: code for another type than the user's would only add errors. What is refused of the
    /// input is taken out of it, for the same reason.
    pub(crate) fn read(input: &mut DeriveInput) -> (Option<WireType>, Vec<Error>) {
        let mut errors = Vec::new();
        refuse_generics(&input.generics, "a live type", &mut errors);
        if !errors.is_empty() {
            return (None, errors);
        }
        check_serde(input, &mut errors);
        let shape = match &mut input.data {
            Data::Struct(data) => match &mut data.fields {
                Fields::Named(named) => {
                    let read = |field| Field::read(field, &input.ident, &mut errors);
                    Shape::Struct(named.named.iter_mut().map(read).collect())
                }
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
    fn read(field: &mut syn::Field, of: &Ident, errors: &mut Vec<Error>) -> Field {
        let ident = field.ident.clone().expect("the fields are named");
        let wire = camel_case(&ident.to_string());
        let errors_before = errors.len();
        let conditions = conditions(&field.attrs, errors);
        if errors.len() > errors_before {
            field.attrs.retain(|attribute| !attribute.path().is_ident("cfg_attr"));
        }
        Field { ident, ty: self_type::named(&field.ty, of), wire, conditions }
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
