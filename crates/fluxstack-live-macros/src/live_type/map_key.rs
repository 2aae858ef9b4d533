//! The keys of maps: a struct around one, an enum of plain names, if they have an order.
use super::model::{Parts, Shape, Variant, WireType};
use crate::hygiene::span_of;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// None if it can be no key.
pub(super) fn map_key(ident: &Ident, model: &WireType) -> Option<TokenStream> {
    if !model.has_order {
        return None;
    }
    match &model.shape {
        Shape::Struct(Parts::Unnamed(fields)) => match fields.as_slice() {
            [field] if field.conditions.is_empty() => Some(around(ident, &field.ty)),
            _ => None,
        },
        Shape::Enum { tag: None, variants, .. } if !variants.is_empty() => of_names(ident, variants),
        Shape::Struct(Parts::Named(_) | Parts::Unit) | Shape::Enum { .. } => None,
    }
}

fn around(ident: &Ident, ty: &TokenStream) -> TokenStream {
    // With a lifetime in it, a bound that does not hold is no error: then it is no key.
    quote_spanned! {span_of(ty)=>
        #[automatically_derived]
        impl ::fluxstack_live::__private::MapKey for #ident
        where
            for<'any> #ty: ::fluxstack_live::__private::MapKey,
        {
            fn wire(&self) -> ::std::borrow::Cow<'_, str> {
                ::fluxstack_live::__private::MapKey::wire(&self.0)
            }
        }
    }
}

fn of_names(ident: &Ident, variants: &[Variant]) -> Option<TokenStream> {
    if !variants.iter().all(|variant| matches!(variant.parts, Parts::Unit)) {
        return None;
    }
    let arms = variants
        .iter()
        .map(|Variant { ident, wire, conditions, .. }| quote!(#(#conditions)* Self::#ident => #wire,));
    Some(quote! {
        #[automatically_derived]
        impl ::fluxstack_live::__private::MapKey for #ident {
            fn wire(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(match self { #(#arms)* })
            }
        }
    })
}
