//! The model as code: `impl LiveActions`, with one closed match from wire names to actions.
use super::{
    computed::{Computed, without_marks},
    model::{Action, Actions, Asked, Followed, Lifecycle, Taken},
};
use crate::{
    hygiene::span_of,
    refusals::{refusal, wire_refusal},
    self_type,
};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Type, spanned::Spanned};

/// The user's block as it came. An action is async and takes `&mut self`, and `mount` returns a `Result`, whether they
/// need to or not.
pub(crate) fn block(item: TokenStream) -> TokenStream {
    let item = without_marks(item);
    quote! {
        #[allow(clippy::unnecessary_wraps, clippy::unused_async, clippy::unused_self)]
        #item
    }
}

pub(crate) fn actions(model: &Actions) -> TokenStream {
    let Actions { ty, props, actions, .. } = model;
    let wire_names = actions.iter().map(|Action { wire, conditions, .. }| quote!(#(#conditions)* #wire));
    let arms = actions.iter().map(arm);
    let (mount, key, authorize) = (mount(model), key(model), authorize(model));
    let shared = shared(model);
    let followed = followed(model);
    let described = describe(model);
    let (computes, refusals) = (computes(model), refusals(model));
    let type_props = quote_spanned!(span_of(props)=> type Props = #props;);
    quote! {
        const _: () = {
            #shared
            #refusals
            #computes
            #[automatically_derived]
            #[allow(unused_variables, clippy::let_unit_value)]
            impl ::fluxstack_live::__private::LiveActions for #ty {
                #type_props
                const ACTIONS: &'static [&'static str] = &[#(#wire_names),*];
                #key
                #authorize
                #mount
                #followed
                fn call<'a>(
                    &'a mut self, action: &'a str, payload: ::fluxstack_live::__private::Payload<'a>,
                    cx: &'a mut ::fluxstack_live::__private::Context<Self>,
                ) -> ::fluxstack_live::__private::CallFuture<'a> {
                    match action {
                        #(#arms)*
                        _ => ::std::boxed::Box::pin(::core::future::ready(::core::result::Result::Err(
                            ::fluxstack_live::__private::Failure::UnknownAction,
                        ))),
                    }
                }
                #described
            }
        };
    }
}

/// `key` is there exactly if the component is shared.
fn shared(model: &Actions) -> TokenStream {
    let ty = model.ty;
    let followed = [&model.joined, &model.left].into_iter().flatten().map(|Followed { ident, .. }| {
        let text = format!(
            "`{ident}` is for shared components: add `#[live(shared)]` to the struct; a private one has one visitor, who joins with `mount`"
        );
        quote_spanned! {ident.span()=>
            const _: () = ::core::assert!(<#ty as ::fluxstack_live::__private::LiveComponent>::SHARED, #text);
        }
    });
    let key = match &model.key {
        Some(key) => quote_spanned! {key.ident.span()=>
            const _: () = ::core::assert!(
                <#ty as ::fluxstack_live::__private::LiveComponent>::SHARED,
                "`key` is for shared components: add `#[live(shared)]` to the struct, or remove `key`",
            );
        },
        None => quote_spanned! {span_of(ty)=>
            const _: () = ::core::assert!(
                !<#ty as ::fluxstack_live::__private::LiveComponent>::SHARED,
                "a shared component says which instance is meant: add `fn key(props: &Props) -> String`",
            );
        },
    };
    quote!(#key #(#followed)*)
}

/// What of the props, payloads and results does not travel.
fn refusals(model: &Actions) -> TokenStream {
    let of_component = model.ty.to_token_stream();
    let of_actions = model.actions.iter().map(|action| {
        let conditions = &action.conditions;
        let payload = action.payload().map(|ty| wire_refusal(&self_type::named(ty, &of_component)));
        let result = action.returns.map(|ty| {
            let ty = self_type::named(ty, &of_component);
            let refused = quote_spanned!(span_of(&ty)=> <#ty as ::fluxstack_live::__private::Reply>::REFUSED);
            refusal(&ty, &refused)
        });
        let refusals = [payload, result].into_iter().flatten();
        refusals.map(|refusal| quote!(#(#conditions)* #refusal)).collect::<TokenStream>()
    });
    let props = wire_refusal(&self_type::named(model.props, &of_component));
    quote!(#props #(#of_actions)*)
}

/// The values of the computed methods, in a struct of their own: what they are is as private as their types.
fn computes(model: &Actions) -> TokenStream {
    let Actions { ty, computed, .. } = model;
    if computed.is_empty() {
        return quote! {
            #[automatically_derived]
            impl ::fluxstack_live::__private::Computes for #ty {
                type Computed = ();
                fn compute(&self) {}
            }
        };
    }
    let clashes = computed.iter().map(|Computed { ident, wire, conditions, .. }| {
        let text = format!("`{ident}` would be shown as `{wire}`, which is a field already; rename one");
        quote_spanned! {ident.span()=>
            #(#conditions)*
            const _: () = ::core::assert!(
                !::fluxstack_live::__private::is_among(#wire, <#ty as ::fluxstack_live::__private::LiveComponent>::FIELDS),
                #text,
            );
        }
    });
    let each = |around: &dyn Fn(&Computed) -> TokenStream| -> Vec<TokenStream> {
        let of_one = |computed: &Computed| {
            let (conditions, code) = (&computed.conditions, around(computed));
            quote!(#(#conditions)* #code)
        };
        computed.iter().map(of_one).collect()
    };
    let of_component = ty.to_token_stream();
    let fields = each(&|Computed { ident, ty, .. }| {
        let ty = self_type::named(ty, &of_component);
        quote!(#ident: #ty)
    });
    let this = quote!(self);
    let values = each(&|Computed { ident, .. }| quote_spanned!(ident.span()=> #ident: <#ty>::#ident(#this)));
    let wire_names = each(&|Computed { wire, .. }| quote!(#wire));
    let diffs = each(&|Computed { ident, ty, wire, .. }| {
        quote_spanned! {span_of(ty)=>
            ::fluxstack_live::__private::leaf::diff(
                &self.#ident, &before.#ident,
                &::fluxstack_live::__private::Path::Field(&::fluxstack_live::__private::Path::Root, #wire), ops,
            );
        }
    });
    let writes = each(
        &|Computed { ident, ty, wire, .. }| quote_spanned!(span_of(ty)=> out.serialize_field(#wire, &self.#ident)?;),
    );
    let refusals = each(&|Computed { ty, .. }| wire_refusal(&self_type::named(ty, &of_component)));
    let described = each(&|Computed { ty, wire, docs, .. }| {
        let at = span_of(ty);
        let ty = self_type::named(ty, &of_component);
        let ty = quote_spanned!(at=> <#ty as ::fluxstack_live::__private::WireType>::describe(types));
        quote!(::fluxstack_live::__private::Field::new(#wire, #docs, #ty))
    });
    quote! {
        #(#clashes)*
        #(#refusals)*
        #[doc(hidden)]
        #[allow(missing_docs, non_snake_case, unreachable_pub)]
        pub struct __Computed { #(#fields,)* }
        #[automatically_derived]
        #[allow(unused_variables)]
        impl ::fluxstack_live::__private::Computed for __Computed {
            const FIELDS: &'static [&'static str] = &[#(#wire_names),*];
            fn diff(&self, before: &Self, ops: &mut ::fluxstack_live::__private::Ops) {
                #(#diffs)*
            }
            fn serialize_fields<S: ::fluxstack_live::__private::serde::ser::SerializeStruct>(
                &self, out: &mut S,
            ) -> ::core::result::Result<(), S::Error> {
                #(#writes)*
                ::core::result::Result::Ok(())
            }
            fn describe(
                types: &mut ::fluxstack_live::__private::Types,
            ) -> ::std::vec::Vec<::fluxstack_live::__private::Field> {
                ::std::vec::Vec::from([#(#described),*])
            }
        }
        #[automatically_derived]
        impl ::fluxstack_live::__private::Computes for #ty {
            type Computed = __Computed;
            fn compute(&self) -> __Computed {
                __Computed { #(#values,)* }
            }
        }
    }
}

/// Who joined and who left.
fn followed(model: &Actions) -> TokenStream {
    let ty = model.ty;
    let methods = [("joined", &model.joined), ("left", &model.left)];
    let methods = methods.into_iter().filter_map(|(name, followed)| {
        let Followed { ident, takes_context } = followed.as_ref()?;
        let (name, cx) = (format_ident!("{name}"), takes_context.then(|| quote_spanned!(ident.span()=> cx)));
        let call = quote_spanned!(ident.span()=> <#ty>::#ident(self, #cx).await);
        Some(quote_spanned! {ident.span()=>
            fn #name<'a>(
                &'a mut self, cx: &'a mut ::fluxstack_live::__private::Context<Self>,
            ) -> ::fluxstack_live::__private::BoxFuture<'a, ()> {
                ::std::boxed::Box::pin(async move { #call })
            }
        })
    });
    let methods: Vec<TokenStream> = methods.collect();
    let follows = (!methods.is_empty()).then(|| {
        quote!(
            const FOLLOWS_VISITORS: bool = true;
        )
    });
    quote!(#follows #(#methods)*)
}

fn mount(model: &Actions) -> TokenStream {
    let Actions { ty, props, mount, .. } = model;
    let (own_props, own_cx) = (quote!(props), quote!(cx));
    let call = lifecycle_call(model, mount, own_props.clone());
    quote_spanned! {span_of(ty)=>
        fn mount<'a>(
            #own_props: #props, #own_cx: &'a ::fluxstack_live::__private::MountContext,
        ) -> ::fluxstack_live::__private::BoxFuture<
            'a, ::core::result::Result<Self, ::fluxstack_live::__private::MountError>,
        > {
            ::std::boxed::Box::pin(async move { #call })
        }
    }
}

fn key(model: &Actions) -> Option<TokenStream> {
    let call = lifecycle_call(model, model.key.as_ref()?, quote!(props));
    Some(quote! {
        fn key(props: &Self::Props, cx: &::fluxstack_live::__private::MountContext) -> ::std::string::String {
            #call
        }
    })
}

fn authorize(model: &Actions) -> Option<TokenStream> {
    let call = lifecycle_call(model, model.authorize.as_ref()?, quote!(props));
    Some(quote! {
        fn authorize<'a>(
            props: &'a Self::Props, cx: &'a ::fluxstack_live::__private::MountContext,
        ) -> ::fluxstack_live::__private::BoxFuture<
            'a, ::core::result::Result<(), ::fluxstack_live::__private::Denied>,
        > {
            ::std::boxed::Box::pin(async move { #call })
        }
    })
}

fn lifecycle_call(model: &Actions, function: &Lifecycle, props: TokenStream) -> TokenStream {
    let (ty, ident) = (model.ty, function.ident);
    let arguments = function.takes.iter().map(|asked| match asked {
        Asked::Context => quote!(cx),
        Asked::Visitor => quote!(cx.visitor()),
    });
    let wait = function.is_async.then(|| quote!(.await));
    quote_spanned!(ident.span()=> <#ty>::#ident(#props #(, #arguments)*) #wait)
}

fn describe(model: &Actions) -> TokenStream {
    let described = |ty: &Type, at: Span| quote_spanned!(at=> <#ty as ::fluxstack_live::__private::WireType>::describe(types));
    let props = described(model.props, span_of(model.props));
    let actions = model.actions.iter().map(|action| {
        let Action { wire, docs, returns, conditions, .. } = action;
        let payload = match action.payload().map(|ty| described(ty, span_of(ty))) {
            Some(payload) => quote!(::core::option::Option::Some(#payload)),
            None => quote!(::core::option::Option::None),
        };
        let outcome = match returns {
            Some(ty) => quote_spanned!(span_of(ty)=> <#ty as ::fluxstack_live::__private::Reply>::describe(types)),
            None => quote!(<() as ::fluxstack_live::__private::Reply>::describe(types)),
        };
        quote! {
            #(#conditions)*
            ::fluxstack_live::__private::Action { name: #wire, docs: #docs, payload: #payload, outcome: #outcome }
        }
    });
    quote! {
        fn describe_interface(
            types: &mut ::fluxstack_live::__private::Types,
        ) -> ::fluxstack_live::__private::Interface {
            ::fluxstack_live::__private::Interface {
                props: #props, actions: ::std::vec::Vec::from([#(#actions),*]),
            }
        }
    }
}

fn arm(action: &Action) -> TokenStream {
    let Action { ident, wire, takes, conditions, .. } = action;
    let payload = action.payload();
    let decode = match payload {
        Some(ty) => quote_spanned!(span_of(ty)=> let argument = payload.decode::<#ty>()?;),
        None => quote!(payload.decode::<()>()?;),
    };
    let arguments = takes.iter().map(|taken| match taken {
        Taken::Context => quote!(cx),
        Taken::Payload(_) => quote!(argument),
    });
    let call = quote!(self.#ident(#(#arguments),*));
    let future = quote_spanned! {ident.span()=>
        ::std::boxed::Box::pin(async move {
            #decode
            let result = #call.await;
            ::fluxstack_live::__private::Reply::reply(result)
        })
    };
    quote!(#(#conditions)* #wire => #future,)
}
