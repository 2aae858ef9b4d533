//! The attribute of the `impl`: what may be done to a component.
mod expand; // model → code
mod model; // the block, checked
mod computed; // what is shown of the state beside its fields
mod signature; // what a function takes

use crate::attributes::combined;
use proc_macro2::TokenStream;

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let (code, errors) = match syn::parse2::<model::Block>(item.clone()) {
        Ok(block) => {
            let (model, errors) = model::Actions::read(&block);
            (model.map(|model| expand::actions(&model)), errors)
        }
        Err(error) => (None, vec![error]),
    };
    let errors = combined(errors).map(syn::Error::into_compile_error);
    // Always the user's own block, whatever is wrong with it.
    [Some(expand::block(item)), code, errors].into_iter().flatten().collect()
}
