//! A field's type as it reads outside of the user's struct, where `Self` would be another type.
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

/// The type with the struct's own name in place of `Self`.
pub(crate) fn named(ty: &Type, name: &Ident) -> TokenStream {
    tokens(ty.to_token_stream(), name)
}

fn tokens(stream: TokenStream, name: &Ident) -> TokenStream {
    let token = |tree| match tree {
        TokenTree::Ident(ident) if ident == "Self" => {
            let mut name = name.clone();
            name.set_span(ident.span());
            TokenTree::Ident(name)
        }
        TokenTree::Group(group) => {
            let mut named = Group::new(group.delimiter(), tokens(group.stream(), name));
            named.set_span(group.span());
            TokenTree::Group(named)
        }
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => tree,
    };
    stream.into_iter().map(token).collect()
}
