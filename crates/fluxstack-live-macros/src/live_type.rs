//! The attribute of types that travel.
mod expand; // model → code
mod describe; // what it looks like when it travels
mod map_key; // the keys of maps
mod model; // the type, checked

use crate::attributes::combined;
use proc_macro2::TokenStream;

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut input: syn::DeriveInput = match syn::parse2(item.clone()) {
        Ok(input) => input,
        Err(error) => return [item, error.into_compile_error()].into_iter().collect(),
    };
    let (model, errors) = model::WireType::read(&mut input);
    let code = model.map_or(item, |model| expand::wire_type(&input, &model));
    [Some(code), combined(errors).map(syn::Error::into_compile_error)].into_iter().flatten().collect()
}
