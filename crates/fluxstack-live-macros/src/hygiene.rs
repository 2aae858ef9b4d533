//! Where code about a type stands, when the type comes through a `macro_rules!`.
use proc_macro2::{Delimiter, Span, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;

/// At the type, so that an error is shown there. The locals of code at a `$t:ty` fragment would be looked for where the
/// fragment was written, in vain: there, the names are the macro's own.
pub(crate) fn span_of(ty: &impl ToTokens) -> Span {
    let first = ty.to_token_stream().into_iter().next();
    match first {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {
            ty.span().resolved_at(Span::call_site())
        }
        _ => ty.span(),
    }
}
