//! What `///` says, for those who read it in another language.
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The lines of the documentation; empty without one. What is no literal is not known here.
pub(crate) fn text(attributes: &[Attribute]) -> String {
    let lines =
        attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
            let Meta::NameValue(doc) = &attribute.meta else { return None };
            let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &doc.value else { return None };
            let text = text.value();
            Some(text.strip_prefix(' ').map_or(text.clone(), str::to_owned))
        });
    let lines: Vec<String> = lines.collect();
    lines.join("\n").trim().to_owned()
}
