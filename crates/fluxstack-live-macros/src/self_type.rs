//! A field's type as it reads outside of the user's struct, where `Self` would be another type.
use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

/// The type with the struct's own name in place of `Self`.
pub(crate) fn named(ty: &Type, name: &impl ToTokens) -> TokenStream {
    tokens(ty.to_token_stream(), &name.to_token_stream())
}

fn tokens(stream: TokenStream, name: &TokenStream) -> TokenStream {
    let token = |tree| -> TokenStream {
        match tree {
            TokenTree::Ident(ident) if ident == "Self" => {
                let spanned = |mut tree: TokenTree| {
                    tree.set_span(ident.span());
                    tree
                };
                name.clone().into_iter().map(spanned).collect()
            }
            TokenTree::Group(group) => {
                let mut named = Group::new(group.delimiter(), tokens(group.stream(), name));
                named.set_span(group.span());
                TokenTree::Group(named).into()
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => tree.into(),
        }
    };
    stream.into_iter().map(token).collect()
}
