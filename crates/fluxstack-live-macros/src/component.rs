//! The derive: a component's state.
mod expand; // model → code
mod model; // the struct, checked

use crate::attributes::combined;
use proc_macro2::TokenStream;

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let (model, errors) = model::Component::read(&input);
    let errors = combined(errors).map(syn::Error::into_compile_error);
    // A component with errors still gets its code, so that what uses it is not marked wrong as well.
    [errors, model.map(|model| expand::component(&model))].into_iter().flatten().collect()
}
