//! The model as code: the item with its derives, and the traits by which it travels.
use super::{
    describe::describe,
    map_key::map_key,
    model::{Field, Parts, Shape, WireType},
};
use crate::hygiene::span_of;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::DeriveInput;

pub(crate) fn wire_type(input: &DeriveInput, model: &WireType) -> TokenStream {
    let derives = model.derives.iter().map(|derive| format_ident!("{derive}"));
    let ident = &input.ident;
    let leaf = || quote!(::fluxstack_live::__private::leaf_value!([] #ident););
    let (serde_words, traits) = match &model.shape {
        Shape::Struct(Parts::Named(fields)) => (quote!(deny_unknown_fields), by_field(ident, fields)),
        Shape::Struct(Parts::Unnamed(_) | Parts::Unit) => (quote!(), leaf()),
        Shape::Enum { .. } => (quote!(deny_unknown_fields), leaf()),
    };
    let is_object = matches!(model.shape, Shape::Struct(Parts::Named(_)) | Shape::Enum { tag: Some(_), .. });
    // `remote` makes the derived code a function, so that it can be called with an object only.
    let (remote, from_object) = match is_object {
        true => (quote!(, remote = "Self"), object_only(ident)),
        false => (quote!(), quote!()),
    };
    let (described, map_key) = (describe(ident, model), map_key(ident, model));
    quote! {
        #[derive(
            #(#derives,)*
            ::fluxstack_live::__private::serde::Serialize, ::fluxstack_live::__private::serde::Deserialize
        )]
        #[serde(crate = "::fluxstack_live::__private::serde", #serde_words #remote)]
        #input
        #from_object
        #traits
        #described
        #map_key
    }
}

/// serde with the derived functions, which would read a list as well.
fn object_only(ident: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::fluxstack_live::__private::serde::Serialize for #ident {
            fn serialize<S: ::fluxstack_live::__private::serde::Serializer>(
                &self, serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }
        #[automatically_derived]
        impl<'de> ::fluxstack_live::__private::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::fluxstack_live::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                Self::deserialize(::fluxstack_live::__private::ObjectOnly(deserializer))
            }
        }
    }
}

fn by_field(ident: &Ident, fields: &[Field]) -> TokenStream {
    let shadow_types = fields.iter().map(|Field { ident, ty, conditions, .. }| {
        quote_spanned!(span_of(ty)=> #(#conditions)* #ident: <#ty as ::fluxstack_live::__private::LiveValue>::Shadow)
    });
    let shadows = fields.iter().map(|Field { ident, conditions, .. }| {
        quote!(#(#conditions)* #ident: ::fluxstack_live::__private::LiveValue::shadow(&mut self.#ident))
    });
    // One statement a field: `around` makes it from the call of the field's own method.
    let each = |method: &str, around: fn(TokenStream) -> TokenStream| -> Vec<TokenStream> {
        let method = format_ident!("{method}");
        let call = |Field { ident, ty, conditions, .. }: &Field| {
            let call = around(quote_spanned! {span_of(ty)=>
                ::fluxstack_live::__private::LiveValue::#method(&mut self.#ident, &mut shadow.#ident)
            });
            quote!(#(#conditions)* { #call })
        };
        fields.iter().map(call).collect()
    };
    let accepts = each("accept", |call| call);
    let evicts = each("evict", |call| quote!(has_moved |= #call;));
    let restores = each("restore", |call| quote!(#call?;));
    let detaches = fields.iter().map(|Field { ident, ty, conditions, .. }| {
        quote_spanned! {span_of(ty)=>
            #(#conditions)*
            ::fluxstack_live::__private::LiveValue::detach(&mut self.#ident);
        }
    });
    let diffs = fields.iter().map(|Field { ident, ty, wire, conditions, .. }| {
        quote_spanned! {span_of(ty)=>
            #(#conditions)*
            ::fluxstack_live::__private::LiveValue::diff(
                &self.#ident, &shadow.#ident, &::fluxstack_live::__private::Path::Field(at, #wire), ops,
            );
        }
    });
    quote! {
        const _: () = {
            #[doc(hidden)]
            #[allow(missing_docs, non_snake_case, unreachable_pub)]
            pub struct __Shadow { #(#shadow_types,)* }
            #[automatically_derived]
            #[allow(unused_variables)]
            impl ::fluxstack_live::__private::LiveValue for #ident {
                type Shadow = __Shadow;
                fn shadow(&mut self) -> __Shadow {
                    __Shadow { #(#shadows,)* }
                }
                fn diff(
                    &self, shadow: &__Shadow, at: &::fluxstack_live::__private::Path,
                    ops: &mut ::fluxstack_live::__private::Ops,
                ) {
                    #(#diffs)*
                }
                fn accept(&mut self, shadow: &mut __Shadow) {
                    #(#accepts)*
                }
                fn evict(&mut self, shadow: &mut __Shadow) -> bool {
                    let mut has_moved = false;
                    #(#evicts)*
                    has_moved
                }
                fn restore(
                    &mut self, shadow: &mut __Shadow,
                ) -> ::core::result::Result<(), ::fluxstack_live::__private::Lost> {
                    #(#restores)*
                    ::core::result::Result::Ok(())
                }
                fn detach(&mut self) {
                    #(#detaches)*
                }
            }
        };
    }
}
