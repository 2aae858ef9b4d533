//! `#[live(computed)]`: a function of the state, shown as a field.
use super::signature::{bare, refuse_conditional_parameters};
use crate::{
    attributes::at,
    conditions::conditions,
    docs,
    wire_name::{camel_case, refuse_name},
};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::{
    Attribute, Error, FnArg, Meta, ReceiverKind, ReturnType, Signature, Type, ext::IdentExt, spanned::Spanned,
};

pub(crate) struct Computed<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) wire: String,
    pub(crate) docs: String,
    pub(crate) ty: &'a Type,
    /// In which builds it is there: all of them, if empty.
    pub(crate) conditions: Vec<Attribute>,
}

/// Whether a function is marked, rightly or wrongly.
pub(super) fn is_marked(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("live"))
}

/// Anything but `#[live(computed)]` is an error.
fn check_mark(attributes: &[Attribute], errors: &mut Vec<Error>) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("live")) {
        let expected = "on a method, `#[live(computed)]` shows what it returns; nothing else is said of one";
        if matches!(attribute.meta, Meta::Path(_)) {
            errors.push(Error::new(attribute.span(), expected));
            continue;
        }
        let read = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("computed") { Ok(()) } else { Err(meta.error(expected)) }
        });
        errors.extend(read.err());
    }
}

impl<'a> Computed<'a> {
    /// None if something is wrong with it.
    pub(super) fn read(
        attributes: &[Attribute],
        sig: &'a Signature,
        errors: &mut Vec<Error>,
    ) -> Option<Self> {
        let errors_before = errors.len();
        check_mark(attributes, errors);
        if errors.len() > errors_before {
            // What it was meant to be is not known.
            return None;
        }
        let name = sig.ident.unraw();
        let conditions = conditions(attributes, errors);
        refuse_conditional_parameters(sig, errors);
        let by_reference = sig.inputs.first().is_some_and(
            |arg| matches!(arg, FnArg::Receiver(it) if matches!(it.kind, ReceiverKind::Reference(_, _, None))),
        );
        if sig.asyncness.is_some() || !by_reference || sig.inputs.len() > 1 || !sig.generics.params.is_empty()
        {
            let text = format!(
                "a computed value is a function of the state and of nothing else: `fn {name}(&self) -> ..`, not async"
            );
            errors.push(at(sig.ident.span(), &text));
        }
        let ty = match &sig.output {
            ReturnType::Type(_, ty) => Some(&**ty),
            ReturnType::Default => {
                let text = format!("a computed value is what the browser sees: `fn {name}(&self) -> usize`");
                errors.push(at(sig.ident.span(), &text));
                None
            }
        };
        if let Some(Type::Reference(reference)) = ty.map(bare) {
            let text = "a computed value is kept, to be compared with the next: `String` instead of `&str`";
            errors.push(Error::new(reference.span(), text));
        }
        if let Some(Type::ImplTrait(opaque)) = ty.map(bare) {
            errors.push(Error::new(opaque.span(), "the type of a computed value is written out"));
        }
        let wire = camel_case(&sig.ident.to_string());
        refuse_name(&sig.ident, &wire, errors);
        let is_sound = errors.len() == errors_before;
        let docs = docs::text(attributes);
        ty.filter(|_| is_sound).map(|ty| Computed { ident: &sig.ident, wire, docs, ty, conditions })
    }
}

/// The block without the attributes `#[live(..)]`, which only the macro knows.
pub(super) fn without_marks(item: TokenStream) -> TokenStream {
    let item: Vec<TokenTree> = item.into_iter().collect();
    let body = item.len().checked_sub(1);
    let outside = |(place, tree)| match tree {
        // A `macro_rules!` fragment is in a group of its own.
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            regrouped(&group, without_marks(group.stream()))
        }
        TokenTree::Group(group) if Some(place) == body => regrouped(&group, unmarked(group.stream())),
        tree => tree,
    };
    item.into_iter().enumerate().map(outside).collect()
}

fn unmarked(functions: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for tree in functions {
        let is_mark = matches!(&tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket
            && matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(word)) if word == "live"));
        match kept.last() {
            Some(TokenTree::Punct(hash)) if is_mark && hash.as_char() == '#' => drop(kept.pop()),
            _ => kept.push(tree),
        }
    }
    kept.into_iter().collect()
}

fn regrouped(group: &Group, stream: TokenStream) -> TokenTree {
    let mut regrouped = Group::new(group.delimiter(), stream);
    regrouped.set_span(group.span());
    TokenTree::Group(regrouped)
}
