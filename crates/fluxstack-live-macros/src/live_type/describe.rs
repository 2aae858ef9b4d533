//! What a type looks like when it travels, from the same model that serde is told by.
use super::model::{Field, Parts, Shape, Unnamed, Variant, WireType};
use crate::hygiene::span_of;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

pub(super) fn describe(ident: &Ident, model: &WireType) -> TokenStream {
    let (name, docs) = (ident.unraw().to_string(), &model.docs);
    let shape = match &model.shape {
        Shape::Struct(of) => {
            let parts = parts(of);
            quote!(Struct(#parts))
        }
        Shape::Enum { tag, content, variants } => {
            let tagging = match (tag, content) {
                (None, _) => quote!(External),
                (Some(tag), None) => quote!(Internal(#tag)),
                (Some(tag), Some(content)) => quote!(Adjacent(#tag, #content)),
            };
            let variants = variants.iter().map(variant);
            quote! {
                Enum(
                    ::fluxstack_live::__private::Tagging::#tagging,
                    ::std::vec::Vec::<::fluxstack_live::__private::Variant>::from([#(#variants),*]),
                )
            }
        }
    };
    quote! {
        #[automatically_derived]
        #[allow(unused_variables)]
        impl ::fluxstack_live::__private::WireType for #ident {
            fn describe(types: &mut ::fluxstack_live::__private::Types) -> ::fluxstack_live::__private::Type {
                types.define::<Self>(#name, #docs, |types| ::fluxstack_live::__private::Shape::#shape)
            }
        }
    }
}

fn variant(Variant { wire, docs, parts: of, conditions, .. }: &Variant) -> TokenStream {
    let parts = parts(of);
    quote! {
        #(#conditions)*
        ::fluxstack_live::__private::Variant { name: #wire, docs: #docs, parts: #parts }
    }
}

fn parts(parts: &Parts) -> TokenStream {
    match parts {
        Parts::Named(fields) => {
            let fields = fields.iter().map(|Field { ty, wire, docs, has_default, digits, conditions, .. }| {
                let ty = described(ty, digits.is_some());
                quote! {
                    #(#conditions)*
                    ::fluxstack_live::__private::Field { name: #wire, docs: #docs, ty: #ty, has_default: #has_default }
                }
            });
            quote!(::fluxstack_live::__private::Parts::Named(::std::vec::Vec::from([#(#fields),*])))
        }
        // How many there are is known only when the conditions are.
        Parts::Unnamed(types) => {
            let types = types.iter().map(|Unnamed { ty, in_digits, conditions }| {
                let ty = described(ty, *in_digits);
                quote!(#(#conditions)* #ty)
            });
            quote!(::fluxstack_live::__private::Parts::Unnamed(::std::vec::Vec::from([#(#types),*])))
        }
        Parts::Unit => quote!(::fluxstack_live::__private::Parts::Unit),
    }
}

fn described(ty: &TokenStream, in_digits: bool) -> TokenStream {
    if in_digits {
        quote_spanned!(span_of(ty)=> <#ty as ::fluxstack_live::__private::Digits>::describe())
    } else {
        quote_spanned!(span_of(ty)=> <#ty as ::fluxstack_live::__private::WireType>::describe(types))
    }
}
