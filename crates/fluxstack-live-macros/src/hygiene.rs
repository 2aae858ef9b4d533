//! Where code about a type stands, when the type comes through a `macro_rules!`.
use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;

/// At the type, so that an error is shown there; but its names are looked for where all other code has them. The locals of
/// code at a `$t:ty` or `$t:ident` would be looked for where the fragment was written, in vain.
pub(crate) fn span_of(ty: &impl ToTokens) -> Span {
    ty.span().resolved_at(Span::call_site())
}
