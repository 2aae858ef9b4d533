//! The model as code: the item with its derives, and the traits by which it travels.
use super::model::{Field, Shape, WireType};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{DeriveInput, spanned::Spanned};

pub(crate) fn wire_type(input: &DeriveInput, model: &WireType) -> TokenStream {
    let derives = model.derives.iter().map(|derive| format_ident!("{derive}"));
    let ident = &input.ident;
    let (serde_words, traits) = match &model.shape {
        // `remote` makes the derived code a function, so that a struct can be read from an object only.
        Shape::Struct(fields) => {
            (quote!(rename_all = "camelCase", deny_unknown_fields, remote = "Self"), by_field(input, fields))
        }
        Shape::Leaf if matches!(input.data, syn::Data::Enum(_)) => (
            quote!(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields),
            quote!(::fluxstack_live::__private::leaf_value!([] #ident);),
        ),
        Shape::Leaf => (quote!(), quote!(::fluxstack_live::__private::leaf_value!([] #ident);)),
    };
    quote! {
        #[derive(
            #(#derives,)*
            ::fluxstack_live::__private::serde::Serialize, ::fluxstack_live::__private::serde::Deserialize
        )]
        #[serde(crate = "::fluxstack_live::__private::serde", #serde_words)]
        #input
        #traits
    }
}

fn by_field(input: &DeriveInput, fields: &[Field]) -> TokenStream {
    let ident = &input.ident;
    let names: Vec<_> = fields.iter().map(|field| &field.ident).collect();
    let shadow_types = fields.iter().map(|Field { ident, ty, .. }| {
        quote_spanned!(ty.span()=> #ident: <#ty as ::fluxstack_live::__private::LiveValue>::Shadow)
    });
    let each = |method: &str, mutability: TokenStream| -> Vec<TokenStream> {
        let method = format_ident!("{method}");
        let call = |Field { ident, ty, .. }: &Field| {
            quote_spanned! {ty.span()=>
                ::fluxstack_live::__private::LiveValue::#method(&mut self.#ident, &#mutability shadow.#ident);
            }
        };
        fields.iter().map(call).collect()
    };
    let (accepts, restores) = (each("accept", quote!(mut)), each("restore", quote!(mut)));
    let diffs = fields.iter().map(|Field { ident, ty, wire }| {
        quote_spanned! {ty.span()=>
            ::fluxstack_live::__private::LiveValue::diff(
                &self.#ident, &shadow.#ident, &::fluxstack_live::__private::Path::Field(at, #wire), ops,
            );
        }
    });
    quote! {
        const _: () = {
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
            #[doc(hidden)]
            #[allow(missing_docs, unreachable_pub)]
            pub struct __Shadow { #(#shadow_types,)* }
            impl ::fluxstack_live::__private::WireType for #ident {}
            #[automatically_derived]
            #[allow(unused_variables)]
            impl ::fluxstack_live::__private::LiveValue for #ident {
                type Shadow = __Shadow;
                fn shadow(&mut self) -> __Shadow {
                    __Shadow { #(#names: ::fluxstack_live::__private::LiveValue::shadow(&mut self.#names),)* }
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
                fn restore(&mut self, shadow: &mut __Shadow) {
                    #(#restores)*
                }
            }
        };
    }
}
