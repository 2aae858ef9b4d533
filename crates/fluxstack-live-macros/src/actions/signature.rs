//! What the parameters of a function are.
use crate::conditions::refuse_conditions;
use syn::{FnArg, PatType, PathArguments, PathSegment, Receiver, Signature, Type, TypeReference};

pub(super) fn refuse_conditional_parameters(sig: &Signature, errors: &mut Vec<syn::Error>) {
    for arg in &sig.inputs {
        let (FnArg::Typed(PatType { attrs, .. }) | FnArg::Receiver(Receiver { attrs, .. })) = arg;
        refuse_conditions(attrs, "a parameter", errors);
    }
}

/// The type without what a `macro_rules!` fragment or parentheses put around it.
pub(super) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        ty => ty,
    }
}

/// If it is a reference to a named type: the reference, and the last part of the name.
pub(super) fn refers_to(ty: &Type) -> Option<(&TypeReference, &PathSegment)> {
    let Type::Reference(reference) = bare(ty) else { return None };
    let Type::Path(path) = bare(&reference.elem) else { return None };
    Some((reference, path.path.segments.last()?))
}

/// `&mut Context<Self>`. By value, a type of that name is the user's own.
pub(super) fn is_context(ty: &Type) -> bool {
    refers_to(ty).is_some_and(|(reference, to)| {
        let has_arguments = matches!(to.arguments, PathArguments::AngleBracketed(_));
        reference.mutability.is_some() && to.ident == "Context" && has_arguments
    })
}
