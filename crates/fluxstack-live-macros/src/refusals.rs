//! Says at a type that it does not travel, where serde can write it and only its `REFUSED` knows.
use crate::hygiene::span_of;
use proc_macro2::TokenStream;
use quote::quote_spanned;

/// At a type that is to travel. `refused` is where its reason is.
pub(crate) fn refusal(ty: &TokenStream, refused: &TokenStream) -> TokenStream {
    quote_spanned! {span_of(ty)=>
        const _: () = if let ::core::option::Option::Some(why) = #refused {
            ::core::panic!("{}", why)
        };
    }
}

/// Of a type that may cross the wire.
pub(crate) fn wire_refusal(ty: &TokenStream) -> TokenStream {
    refusal(ty, &quote_spanned!(span_of(ty)=> <#ty as ::fluxstack_live::__private::WireType>::REFUSED))
}
