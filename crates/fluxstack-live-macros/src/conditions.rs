//! What `#[cfg]` says of a part of an item. An attribute macro sees that part before the compiler decides, so the code for
//! it bears the same condition.
use proc_macro2::TokenTree;
use syn::{
    Attribute, Error, Meta, Token,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
};

/// The `#[cfg]`s among the attributes. One within a `cfg_attr` is refused: nothing generated could bear it.
pub(crate) fn conditions(attributes: &[Attribute], errors: &mut Vec<Error>) -> Vec<Attribute> {
    let hidden = attributes.iter().flat_map(conditional).filter(|meta| meta.path().is_ident("cfg"));
    errors.extend(hidden.map(|meta| {
        let text = "`#[live_actions]` and `#[live_type]` do not see a `cfg` in a `cfg_attr`; write both conditions into one `#[cfg(..)]`";
        Error::new(meta.span(), text)
    }));
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect()
}

/// Says of something that it may not be left out of some builds.
pub(crate) fn refuse_conditions(attributes: &[Attribute], what: &str, errors: &mut Vec<Error>) {
    let found = conditions(attributes, errors);
    errors.extend(found.iter().map(|attribute| {
        Error::new(attribute.span(), format!("{what} is there in every build; remove the `#[cfg]`"))
    }));
}

/// What a `#[cfg_attr(condition, ..)]` may put in its place; nothing for any other attribute.
pub(crate) fn conditional(attribute: &Attribute) -> Vec<Meta> {
    within(&attribute.meta)
}

fn within(meta: &Meta) -> Vec<Meta> {
    let Meta::List(list) = meta else { return Vec::new() };
    if !list.path.is_ident("cfg_attr") {
        return Vec::new();
    }
    // What does not parse is the compiler's to refuse.
    let metas = after_condition.parse2(list.tokens.clone()).unwrap_or_default();
    metas.into_iter().flat_map(|meta| within(&meta).into_iter().chain([meta])).collect()
}

fn after_condition(input: ParseStream) -> syn::Result<Punctuated<Meta, Token![,]>> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    input.parse::<Option<Token![,]>>()?;
    Punctuated::parse_terminated(input)
}
