//! The model as code: the item with its derives, and the traits by which it travels.
use super::{
    describe::describe,
    map_key::map_key,
    model::{Digits, Field, Parts, Shape, Unnamed, Variant, WireType},
};
use crate::{hygiene::span_of, refusals::wire_refusal};
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
    let (described, map_key, checks) = (describe(ident, model), map_key(ident, model), checks(model));
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
        #checks
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
    let shadow_types = fields.iter().map(|Field { ident, ty, digits, conditions, .. }| match digits {
        Some(_) => quote!(#(#conditions)* #ident: #ty),
        None => {
            quote_spanned!(span_of(ty)=> #(#conditions)* #ident: <#ty as ::fluxstack_live::__private::LiveValue>::Shadow)
        }
    });
    let shadows = fields.iter().map(|Field { ident, digits, conditions, .. }| match digits {
        Some(_) => quote!(#(#conditions)* #ident: ::core::clone::Clone::clone(&self.#ident)),
        None => {
            quote!(#(#conditions)* #ident: ::fluxstack_live::__private::LiveValue::shadow(&mut self.#ident))
        }
    });
    // One statement a field: the call of its own method, or what is done to an integer in its place.
    let each = |call: fn(&Field) -> TokenStream, of_integer: fn(&Ident) -> TokenStream| -> Vec<TokenStream> {
        let statement = |field: &Field| {
            let conditions = &field.conditions;
            let statement = if field.digits.is_some() { of_integer(&field.ident) } else { call(field) };
            quote!(#(#conditions)* { #statement })
        };
        fields.iter().map(statement).collect()
    };
    let accepts = each(
        |field| method("accept", field),
        |ident| quote!(::fluxstack_live::__private::leaf::accept(&self.#ident, &mut shadow.#ident);),
    );
    let evicts = each(
        |field| {
            let call = method("evict", field);
            quote!(has_moved |= #call;)
        },
        |ident| quote!(::fluxstack_live::__private::leaf::put_back(&mut self.#ident, &shadow.#ident);),
    );
    let restores = each(
        |field| {
            let call = method("restore", field);
            quote!(#call?;)
        },
        |_| quote!(),
    );
    let detaches = each(
        |Field { ident, ty, .. }| quote_spanned!(span_of(ty)=> ::fluxstack_live::__private::LiveValue::detach(&mut self.#ident);),
        |_| quote!(),
    );
    let diffs = fields.iter().map(|Field { ident, ty, wire, digits, conditions, .. }| {
        let path = quote!(&::fluxstack_live::__private::Path::Field(at, #wire));
        match digits {
            Some(_) => quote_spanned! {span_of(ty)=>
                #(#conditions)*
                ::fluxstack_live::__private::digits::diff(self.#ident, shadow.#ident, #path, ops);
            },
            None => quote_spanned! {span_of(ty)=>
                #(#conditions)*
                ::fluxstack_live::__private::LiveValue::diff(&self.#ident, &shadow.#ident, #path, ops);
            },
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

/// The call of one of the methods that take the field's shadow.
fn method(name: &str, Field { ident, ty, .. }: &Field) -> TokenStream {
    let name = format_ident!("{name}");
    quote_spanned! {span_of(ty)=>
        ::fluxstack_live::__private::LiveValue::#name(&mut self.#ident, &mut shadow.#ident)
    }
}

/// What only the compiler knows of a part: that its type does not travel; whether it is an `Option`, of which serde was
/// told by its name.
fn checks(model: &WireType) -> TokenStream {
    match &model.shape {
        Shape::Struct(parts) => checks_of(parts),
        Shape::Enum { variants, .. } => {
            let of_variant = |Variant { conditions, parts, .. }: &Variant| {
                let checks = checks_of(parts);
                quote!(#(#conditions)* const _: () = { #checks };)
            };
            variants.iter().map(of_variant).collect()
        }
    }
}

fn checks_of(parts: &Parts) -> TokenStream {
    match parts {
        Parts::Named(fields) => fields.iter().map(check).collect(),
        Parts::Unnamed(types) => {
            let plain = types.iter().filter(|part| !part.in_digits);
            let check = |Unnamed { ty, conditions, .. }: &Unnamed| {
                let refusal = wire_refusal(ty);
                quote!(#(#conditions)* #refusal)
            };
            plain.map(check).collect()
        }
        Parts::Unit => TokenStream::new(),
    }
}

fn check(Field { ty, digits, conditions, .. }: &Field) -> TokenStream {
    let check = match digits {
        None => wire_refusal(ty),
        Some(Digits { is_option }) => quote_spanned! {span_of(ty)=>
            const _: () = ::core::assert!(
                <#ty as ::fluxstack_live::__private::Digits>::IS_OPTION == #is_option,
                "with `as = \"string\"`, an `Option` is written out, and nothing else is called so",
            );
        },
    };
    quote!(#(#conditions)* #check)
}
