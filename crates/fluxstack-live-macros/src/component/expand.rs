//! The model as code: `impl LiveComponent`. Calls into a field's type stand at that type, so that an error does, too.
use super::model::{Component, Field, Kind};
use crate::{
    hygiene::span_of,
    refusals::{refusal, wire_refusal},
};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Path, ext::IdentExt, spanned::Spanned};

pub(crate) fn component(component: &Component) -> TokenStream {
    let Component { ident, name, shared, events, fields, .. } = component;
    let event_names = events.iter().map(|(_, wire)| wire);
    let emits = events.iter().map(|(path, wire)| emits(ident, path, wire));
    let decoys = (events.len()..2).map(|number| decoy(ident, number));
    let visible: Vec<&Field> = fields.iter().filter(|field| field.kind.is_visible()).collect();
    let wire_names = visible.iter().map(|field| &field.wire);
    let shadow_fields = fields.iter().filter_map(shadow_field);
    let shadows = fields.iter().filter_map(shadow);
    let begins = fields.iter().filter_map(begin);
    let diffs = visible.iter().map(|field| diff(field));
    // Private fields last: dropping what one was runs its user's code, and when that panics all others are done.
    let (private, mut private_last): (Vec<&Field>, Vec<&Field>) =
        fields.iter().partition(|field| field.kind == Kind::Private);
    private_last.extend(private);
    let accepts = private_last.iter().filter_map(|field| accept(field));
    let evicts = private_last.iter().filter_map(|field| evict(field));
    let restores = fields.iter().filter_map(restore);
    let writes = visible.iter().map(|field| write(field));
    let refusals = visible.iter().filter_map(|field| refused(field));
    let described = describe(component, &visible);
    let bindable =
        visible.iter().filter(|field| field.kind.is_bindable()).map(|Field { ident, wire, .. }| {
            let name = ident.unraw().to_string();
            quote!((#name, #wire))
        });
    let sets = visible.iter().filter(|field| field.kind.is_bindable()).map(|field| set(field));
    quote! {
        const _: () = {
            #[doc(hidden)]
            #[allow(missing_docs, non_snake_case, unreachable_pub)]
            pub struct __Shadow { #(#shadow_fields,)* }
            #[automatically_derived]
            #[allow(unused_variables, unused_mut)]
            impl ::fluxstack_live::__private::LiveComponent for #ident {
                const NAME: &'static str = #name;
                const SHARED: bool = #shared;
                const EVENTS: &'static [&'static str] = &[#(#event_names),*];
                const FIELDS: &'static [&'static str] = &[#(#wire_names),*];
                const BINDABLE: &'static [(&'static str, &'static str)] = &[#(#bindable),*];
                type Shadow = __Shadow;
                fn shadow(&mut self) -> __Shadow {
                    __Shadow { #(#shadows,)* }
                }
                fn begin(&self, shadow: &mut __Shadow) {
                    #(#begins)*
                }
                fn diff(&self, shadow: &__Shadow, ops: &mut ::fluxstack_live::__private::Ops) {
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
                fn serialize_fields<S: ::fluxstack_live::__private::serde::ser::SerializeStruct>(
                    &self, out: &mut S,
                ) -> ::core::result::Result<(), S::Error> {
                    #(#writes)*
                    ::core::result::Result::Ok(())
                }
                fn set_property(
                    &mut self, name: &str, value: ::fluxstack_live::__private::Payload,
                ) -> ::core::result::Result<(), ::fluxstack_live::__private::Failure> {
                    match name {
                        #(#sets)*
                        _ => ::core::result::Result::Err(::fluxstack_live::__private::Failure::NotBindable),
                    }
                }
                #described
            }
            #(#emits)*
            #(#decoys)*
            #(#refusals)*
        };
    }
}

fn describe(component: &Component, visible: &[&Field]) -> TokenStream {
    let docs = &component.docs;
    let fields = visible.iter().map(|Field { ty, wire, docs, kind, ts, .. }| {
        let ty = match (kind, ts) {
            (Kind::Leaf { .. }, Some(ts)) => quote!(::fluxstack_live::__private::Type::Written(#ts)),
            (Kind::Leaf { .. }, None) => quote! {{
                use ::fluxstack_live::__private::Described as _;
                ::fluxstack_live::__private::Leaf::<#ty>::new().describe(types)
            }},
            (Kind::Digits { .. }, _) => {
                quote_spanned!(span_of(ty)=> <#ty as ::fluxstack_live::__private::Digits>::describe())
            }
            (Kind::Value { .. } | Kind::Hidden | Kind::Private | Kind::Resource, _) => {
                quote_spanned! {span_of(ty)=>
                    <#ty as ::fluxstack_live::__private::WireType>::describe(types)
                }
            }
        };
        quote!(::fluxstack_live::__private::Field::new(#wire, #docs, #ty))
    });
    let bind = visible.iter().filter(|field| field.kind.is_bindable()).map(|field| &field.wire);
    let events = component.events.iter().map(|(path, wire)| {
        quote_spanned!(span_of(path)=> (#wire, <#path as ::fluxstack_live::__private::WireType>::describe(types)))
    });
    quote! {
        fn describe_state(types: &mut ::fluxstack_live::__private::Types) -> ::fluxstack_live::__private::State {
            ::fluxstack_live::__private::State {
                docs: #docs,
                fields: ::std::vec::Vec::from([#(#fields),*]),
                computed: ::std::vec::Vec::new(),
                bind: ::std::vec::Vec::from([#(#bind),*]),
                events: ::std::vec::Vec::from([#(#events),*]),
            }
        }
    }
}

fn write(Field { ident, ty, wire, kind, .. }: &Field) -> TokenStream {
    match kind {
        Kind::Digits { .. } => quote_spanned! {span_of(ty)=>
            out.serialize_field(#wire, &::fluxstack_live::__private::InDigits(self.#ident))?;
        },
        Kind::Value { .. } | Kind::Leaf { .. } | Kind::Hidden | Kind::Private | Kind::Resource => {
            quote_spanned!(span_of(ty)=> out.serialize_field(#wire, &self.#ident)?;)
        }
    }
}

/// Of a leaf as much as is known of its type; what its author has said in TypeScript goes before, but for a secret.
fn refused(Field { ty, kind, ts, .. }: &Field) -> Option<TokenStream> {
    let probe = |traits: TokenStream, of: TokenStream| {
        refusal(
            ty,
            &quote! {{
                #[allow(unused_imports)]
                use ::fluxstack_live::__private::#traits as _;
                ::fluxstack_live::__private::#of::<#ty>::REFUSED
            }},
        )
    };
    match kind {
        Kind::Value { .. } => Some(wire_refusal(ty)),
        Kind::Leaf { .. } => {
            let unknown = ts.is_none().then(|| probe(quote!(Described), quote!(Leaf)));
            let secret = probe(quote!(MayBeShown), quote!(Shown));
            Some(quote!(#secret #unknown))
        }
        Kind::Digits { .. } | Kind::Hidden | Kind::Private | Kind::Resource => None,
    }
}

fn emits(ident: &Ident, path: &Path, wire: &str) -> TokenStream {
    quote_spanned! {path.span()=>
        #[automatically_derived]
        impl ::fluxstack_live::__private::Emits<#path> for #ident {
            const EVENT: &'static str = #wire;
        }
    }
}

/// Of a trait that is implemented once, the compiler takes the only type for the one that is meant, and finds fault with
/// the value. Two of them, and it says what is missing.
fn decoy(ident: &Ident, number: usize) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::fluxstack_live::__private::Emits<::fluxstack_live::__private::NoEvent<#number>> for #ident {
            const EVENT: &'static str = "";
        }
    }
}

fn shadow_field(Field { ident, ty, kind, .. }: &Field) -> Option<TokenStream> {
    match kind {
        Kind::Value { .. } | Kind::Hidden => Some(
            quote_spanned!(span_of(ty)=> #ident: <#ty as ::fluxstack_live::__private::LiveValue>::Shadow),
        ),
        Kind::Leaf { .. } | Kind::Digits { .. } => Some(quote!(#ident: #ty)),
        Kind::Private => Some(quote!(#ident: ::core::option::Option<#ty>)),
        Kind::Resource => None,
    }
}

fn shadow(Field { ident, ty, kind, .. }: &Field) -> Option<TokenStream> {
    match kind {
        Kind::Value { .. } | Kind::Hidden => Some(
            quote_spanned!(span_of(ty)=> #ident: ::fluxstack_live::__private::LiveValue::shadow(&mut self.#ident)),
        ),
        Kind::Leaf { .. } | Kind::Digits { .. } => {
            Some(quote!(#ident: ::core::clone::Clone::clone(&self.#ident)))
        }
        Kind::Private => Some(quote!(#ident: ::core::option::Option::None)),
        Kind::Resource => None,
    }
}

fn begin(Field { ident, ty, kind, .. }: &Field) -> Option<TokenStream> {
    match kind {
        Kind::Private => Some(quote_spanned! {span_of(ty)=>
            shadow.#ident = ::core::option::Option::Some(::fluxstack_live::__private::Remembered::remember(&self.#ident));
        }),
        Kind::Value { .. } | Kind::Leaf { .. } | Kind::Digits { .. } => None,
        Kind::Hidden | Kind::Resource => None,
    }
}

fn diff(Field { ident, ty, wire, kind, .. }: &Field) -> TokenStream {
    let at =
        quote!(&::fluxstack_live::__private::Path::Field(&::fluxstack_live::__private::Path::Root, #wire));
    match kind {
        Kind::Leaf { .. } => {
            quote!(::fluxstack_live::__private::leaf::diff(&self.#ident, &shadow.#ident, #at, ops);)
        }
        Kind::Digits { .. } => quote_spanned! {span_of(ty)=>
            ::fluxstack_live::__private::digits::diff(self.#ident, shadow.#ident, #at, ops);
        },
        Kind::Value { .. } | Kind::Hidden | Kind::Private | Kind::Resource => quote_spanned! {span_of(ty)=>
            ::fluxstack_live::__private::LiveValue::diff(&self.#ident, &shadow.#ident, #at, ops);
        },
    }
}

fn accept(Field { ident, ty, kind, .. }: &Field) -> Option<TokenStream> {
    match kind {
        Kind::Value { .. } | Kind::Hidden => Some(quote_spanned! {span_of(ty)=>
            ::fluxstack_live::__private::LiveValue::accept(&mut self.#ident, &mut shadow.#ident);
        }),
        Kind::Leaf { .. } | Kind::Digits { .. } => {
            Some(quote!(::fluxstack_live::__private::leaf::accept(&self.#ident, &mut shadow.#ident);))
        }
        Kind::Private => Some(quote!(shadow.#ident = ::core::option::Option::None;)),
        Kind::Resource => None,
    }
}

fn evict(Field { ident, ty, kind, .. }: &Field) -> Option<TokenStream> {
    match kind {
        Kind::Value { .. } | Kind::Hidden => Some(quote_spanned! {span_of(ty)=>
            has_moved |= ::fluxstack_live::__private::LiveValue::evict(&mut self.#ident, &mut shadow.#ident);
        }),
        Kind::Leaf { .. } | Kind::Digits { .. } => {
            Some(quote!(::fluxstack_live::__private::leaf::put_back(&mut self.#ident, &shadow.#ident);))
        }
        Kind::Private => Some(quote! {
            if let ::core::option::Option::Some(before) = shadow.#ident.take() {
                self.#ident = before;
            }
        }),
        Kind::Resource => None,
    }
}

/// Only what an eviction has not put back yet.
fn restore(Field { ident, ty, kind, .. }: &Field) -> Option<TokenStream> {
    match kind {
        Kind::Value { .. } | Kind::Hidden => Some(quote_spanned! {span_of(ty)=>
            ::fluxstack_live::__private::LiveValue::restore(&mut self.#ident, &mut shadow.#ident)?;
        }),
        Kind::Leaf { .. } | Kind::Digits { .. } | Kind::Private | Kind::Resource => None,
    }
}

fn set(Field { ident, ty, wire, kind, on_set, .. }: &Field) -> TokenStream {
    let decode = match kind {
        Kind::Leaf { .. } => quote_spanned!(span_of(ty)=> value.decode_leaf::<#ty>()?),
        Kind::Digits { .. } => quote_spanned! {span_of(ty)=>
            value.decode_leaf::<::fluxstack_live::__private::InDigits<#ty>>()?.0
        },
        Kind::Value { .. } | Kind::Hidden | Kind::Private | Kind::Resource => {
            quote_spanned!(span_of(ty)=> value.decode::<#ty>()?)
        }
    };
    let this = quote!(self);
    let outcome = match on_set {
        Some(method) => quote_spanned! {method.span()=>
            ::fluxstack_live::__private::SetOutcome::outcome(#method(#this))
        },
        None => quote!(::core::result::Result::Ok(())),
    };
    quote! {
        #wire => {
            self.#ident = #decode;
            #outcome
        }
    }
}
