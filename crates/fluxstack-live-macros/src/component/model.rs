//! The struct, checked: which fields travel, and how each is remembered.
use crate::{
    attributes::{OnComponent, OnField, at, is_plain, refuse_generics},
    docs, self_type,
    serde_words::refuse_unheard,
    wire_name::{camel_case, collisions, refuse_name},
};
use proc_macro2::{Ident, TokenStream};
use syn::{Data, DataStruct, DeriveInput, Error, Fields, Path, ext::IdentExt};

pub(crate) struct Component {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) shared: bool,
    pub(crate) docs: String,
    /// The types of the events it tells, with their wire names.
    pub(crate) events: Vec<(Path, String)>,
    pub(crate) fields: Vec<Field>,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: TokenStream,
    /// As it travels, if it does.
    pub(crate) wire: String,
    pub(crate) kind: Kind,
    pub(crate) docs: String,
    /// Called when a client has set it.
    pub(crate) on_set: Option<Path>,
    /// A leaf's type in TypeScript.
    pub(crate) ts: Option<String>,
}

/// What happens to a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Sent; the type knows how to find a change.
    Value { bind: bool },
    /// Sent; compared as a whole.
    Leaf { bind: bool },
    /// An integer, sent in decimal digits.
    Digits { bind: bool },
    /// Never sent; the type knows how to put itself back.
    Hidden,
    /// Never sent; copied before each action.
    Private,
    /// Never sent, never put back.
    Resource,
}

impl Kind {
    pub(crate) fn is_visible(self) -> bool {
        matches!(self, Kind::Value { .. } | Kind::Leaf { .. } | Kind::Digits { .. })
    }
    pub(crate) fn is_bindable(self) -> bool {
        let (Kind::Value { bind } | Kind::Leaf { bind } | Kind::Digits { bind }) = self else { return false };
        bind
    }
}

impl Component {
    /// None if it is no struct with named fields.
    pub(crate) fn read(input: &DeriveInput) -> (Option<Component>, Vec<Error>) {
        let mut errors = Vec::new();
        let Data::Struct(DataStruct { fields: Fields::Named(named), .. }) = &input.data else {
            return (None, vec![at(input.ident.span(), "a live component is a struct with named fields")]);
        };
        refuse_generics(&input.generics, "a live component", &mut errors);
        refuse_unheard(&input.attrs, &mut errors);
        let on_component = OnComponent::read(&input.attrs, &mut errors);
        let read = |field| Field::read(field, &input.ident, &mut errors);
        let fields: Vec<Field> = named.named.iter().map(read).collect();
        let visible = fields.iter().filter(|field| field.kind.is_visible());
        errors.extend(collisions(visible.map(|field| (&field.ident, field.wire.as_str()))));
        let ident = input.ident.clone();
        let own_name = ident.unraw().to_string();
        if on_component.name.is_none() && !is_plain(&own_name) {
            errors.push(at(ident.span(), "a component's name is 1 to 64 letters, digits and underscores; give it one by `#[live(name = \"..\")]`"));
        }
        let name = on_component.name.map_or(own_name, |name| name.value());
        let has_parameters = !input.generics.params.is_empty();
        let OnComponent { shared, events, .. } = on_component;
        let docs = docs::text(&input.attrs);
        let component = Component { ident, name, shared, docs, events, fields };
        ((!has_parameters).then_some(component), errors)
    }
}

impl Field {
    fn read(field: &syn::Field, of: &Ident, errors: &mut Vec<Error>) -> Field {
        let on_field = OnField::read(&field.attrs, errors);
        let bind = on_field.bind;
        let kind = match on_field {
            OnField { is_marked: false, .. } => Kind::Private,
            OnField { resource: true, .. } => Kind::Resource,
            OnField { hidden: true, .. } => Kind::Hidden,
            OnField { digits: true, .. } => Kind::Digits { bind },
            OnField { leaf: true, .. } => Kind::Leaf { bind },
            _ => Kind::Value { bind },
        };
        let ident = field.ident.clone().expect("the fields are named");
        let wire = camel_case(&ident.to_string());
        if kind.is_visible() {
            refuse_name(&ident, &wire, errors);
            refuse_unheard(&field.attrs, errors);
        }
        let docs = docs::text(&field.attrs);
        let (on_set, ts) = (on_field.on_set, on_field.ts.map(|ts| ts.value()));
        Field { ident, ty: self_type::named(&field.ty, of), wire, kind, docs, on_set, ts }
    }
}
