//! The block, checked: which of its functions are the lifecycle, which are actions, and that there is nothing else.
//! Signatures are parsed, bodies are not: half-typed code in a body costs nothing but itself.
use super::{
    computed::{Computed, is_marked},
    signature::{bare, is_context, refers_to, refuse_conditional_parameters},
};
use crate::{
    attributes::at,
    conditions::{conditions, refuse_conditions},
    docs,
    wire_name::{camel_case, collisions},
};
use proc_macro2::{Group, Ident};
use syn::{
    Attribute, Error, FnArg, PatType, ReceiverKind, Result, ReturnType, Signature, Token, Type, Visibility,
    braced,
    ext::IdentExt,
    parse::{Parse, ParseStream},
    spanned::Spanned,
};

/// `impl Component { .. }`
pub(crate) struct Block {
    ty: Type,
    functions: Vec<Function>,
}

struct Function {
    attributes: Vec<Attribute>,
    sig: Signature,
}

impl Parse for Block {
    fn parse(input: ParseStream) -> Result<Self> {
        input.call(Attribute::parse_outer)?;
        let keyword = input.parse::<Token![impl]>()?;
        if input.peek(Token![<]) {
            return Err(Error::new(keyword.span, "a live component has no type or lifetime parameters"));
        }
        let ty: Type = input.parse()?;
        if input.peek(Token![for]) {
            return Err(Error::new(
                ty.span(),
                "`#[live_actions]` stands on the component's own `impl`, not on a trait's",
            ));
        }
        let inner;
        braced!(inner in input);
        let mut functions = Vec::new();
        while !inner.is_empty() {
            let attributes = inner.call(Attribute::parse_outer)?;
            inner.parse::<Visibility>()?;
            if !(inner.peek(Token![fn])
                || inner.peek(Token![async])
                || inner.peek(Token![const]) && inner.peek2(Token![fn]))
            {
                return Err(inner.error("only functions here; put everything else into a plain `impl` block"));
            }
            functions.push(Function { attributes, sig: inner.parse()? });
            inner.parse::<Group>()?;
        }
        Ok(Block { ty, functions })
    }
}

pub(crate) struct Actions<'a> {
    pub(crate) ty: &'a Type,
    pub(crate) props: &'a Type,
    pub(crate) mount: Lifecycle<'a>,
    pub(crate) key: Option<Lifecycle<'a>>,
    pub(crate) authorize: Option<Lifecycle<'a>>,
    pub(crate) joined: Option<Followed<'a>>,
    pub(crate) left: Option<Followed<'a>>,
    pub(crate) actions: Vec<Action<'a>>,
    pub(crate) computed: Vec<Computed<'a>>,
}

/// `joined` or `left`.
pub(crate) struct Followed<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) takes_context: bool,
}

/// A function of the lifecycle: what it takes after the props, in its order.
pub(crate) struct Lifecycle<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) is_async: bool,
    pub(crate) takes: Vec<Asked>,
}

/// What a function of the lifecycle may ask for beside the props.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Context,
    Visitor,
}

pub(crate) struct Action<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) wire: String,
    pub(crate) docs: String,
    pub(crate) takes: Vec<Taken<'a>>,
    /// None: nothing.
    pub(crate) returns: Option<&'a Type>,
    /// In which builds the action is there: all of them, if empty.
    pub(crate) conditions: Vec<Attribute>,
}

/// A parameter of an action.
#[derive(Clone, Copy)]
pub(crate) enum Taken<'a> {
    Context,
    Payload(&'a Type),
}

impl<'a> Actions<'a> {
    /// None without a `mount`.
    pub(crate) fn read(block: &'a Block) -> (Option<Actions<'a>>, Vec<Error>) {
        let mut errors = Vec::new();
        let (mut mount, mut key, mut authorize) = (None, None, None);
        let (mut joined, mut left, mut actions) = (None, None, Vec::new());
        let mut computed = Vec::new();
        for function in &block.functions {
            let Function { attributes, sig } = function;
            if is_marked(attributes) {
                computed.extend(Computed::read(attributes, sig, &mut errors));
                continue;
            }
            let receiver =
                sig.inputs.iter().find_map(|arg| if let FnArg::Receiver(it) = arg { Some(it) } else { None });
            let name = sig.ident.unraw().to_string();
            let is_method = sig.asyncness.is_some()
                && receiver.is_some_and(|it| matches!(it.kind, ReceiverKind::Reference(_, _, Some(_))));
            match (name.as_str(), receiver) {
                ("mount", None) => mount = Some(function),
                ("key", None) => key = Some(function),
                ("authorize", None) => authorize = Some(function),
                ("joined" | "left", _) if !is_method => errors.push(at(sig.ident.span(), &format!("`{name}` is told of visitors by `async fn {name}(&mut self, cx: &mut Context<Self>)`; put anything else into a plain `impl` block"))),
                ("joined", _) => joined = Followed::read(function, &mut errors),
                ("left", _) => left = Followed::read(function, &mut errors),
                (_, None) => errors.push(at(sig.ident.span(), &format!("`{name}` is neither an action (`async fn` with `&mut self`) nor one of `mount`, `key`, `authorize`, `joined` and `left`; put helpers into a plain `impl` block"))),
                (_, Some(_)) if !is_method => {
                    errors.push(at(sig.ident.span(), &format!("every method here can be called by a browser, so it is `async fn {}(&mut self, ..)`; mark one that shows a value `#[live(computed)]`, and put helpers into a plain `impl` block", sig.ident)));
                }
                (_, Some(_)) => actions.extend(Action::read(attributes, sig, &mut errors)),
            }
        }
        errors.extend(collisions(actions.iter().map(|action| (action.ident, action.wire.as_str()))));
        errors.extend(collisions(computed.iter().map(|value| (value.ident, value.wire.as_str()))));
        if let (Some(key), None) = (key, authorize) {
            errors.push(at(key.sig.ident.span(), "a shared component says who may mount it: add `fn authorize(props: &Props, visitor: &Visitor) -> Result<(), Denied>`; `Ok(())` lets everyone in"));
        }
        if let Some(key) = key.filter(|key| key.sig.asyncness.is_some()) {
            errors.push(at(
                key.sig.ident.span(),
                "`key` is not async: it only reads the props and the visitor",
            ));
        }
        let Some(mount) = mount else {
            let text = "a component is made by `fn mount(props: Props, cx: &MountContext) -> Result<Self, MountError>`; add it here";
            errors.push(Error::new(block.ty.span(), text));
            return (None, errors);
        };
        let Some(FnArg::Typed(PatType { ty: props, .. })) = mount.sig.inputs.first() else {
            let text = "`mount` takes the props first: `fn mount(props: Props, ..)`";
            errors.push(at(mount.sig.ident.span(), text));
            return (None, errors);
        };
        let props = bare(props);
        if let Type::Reference(reference) = props {
            errors.push(Error::new(reference.span(), "`mount` owns its props: remove the `&`"));
            return (None, errors);
        }
        let mount = Lifecycle::read(mount, &[Asked::Context], &mut errors);
        let key = key.map(|key| Lifecycle::read(key, &[Asked::Context], &mut errors));
        let authorize =
            authorize.map(|it| Lifecycle::read(it, &[Asked::Context, Asked::Visitor], &mut errors));
        (
            Some(Actions { ty: &block.ty, props, mount, key, authorize, joined, left, actions, computed }),
            errors,
        )
    }
}

impl<'a> Lifecycle<'a> {
    fn read(function: &'a Function, may_ask: &[Asked], errors: &mut Vec<Error>) -> Self {
        let Function { attributes, sig } = function;
        refuse_conditions(attributes, &format!("`{}`", sig.ident.unraw()), errors);
        refuse_conditional_parameters(sig, errors);
        let mut takes = Vec::new();
        for arg in sig.inputs.iter().skip(1) {
            let FnArg::Typed(arg) = arg else { continue };
            match [(Asked::Context, "MountContext"), (Asked::Visitor, "Visitor")]
                .into_iter()
                .find(|(_, name)| refers_to(&arg.ty).is_some_and(|(_, to)| to.ident == name))
            {
                Some((asked, _)) if may_ask.contains(&asked) => takes.push(asked),
                _ => {
                    let text = format!(
                        "`{}` takes the props, and after them {}",
                        sig.ident.unraw(),
                        if may_ask.len() == 1 {
                            "at most `cx: &MountContext`"
                        } else {
                            "`&Visitor`, `&MountContext` or both"
                        }
                    );
                    errors.push(Error::new(arg.ty.span(), text));
                }
            }
        }
        Lifecycle { ident: &sig.ident, is_async: sig.asyncness.is_some(), takes }
    }
}

impl<'a> Followed<'a> {
    /// None if something is wrong with it.
    fn read(function: &'a Function, errors: &mut Vec<Error>) -> Option<Self> {
        let Function { attributes, sig } = function;
        let errors_before = errors.len();
        let name = sig.ident.unraw();
        refuse_conditions(attributes, &format!("`{name}`"), errors);
        refuse_conditional_parameters(sig, errors);
        let mut takes_context = false;
        for arg in &sig.inputs {
            let FnArg::Typed(arg) = arg else { continue };
            if is_context(bare(&arg.ty)) && !takes_context {
                takes_context = true;
            } else {
                let text = format!("`{name}` takes at most `cx: &mut Context<Self>`");
                errors.push(Error::new(arg.ty.span(), text));
            }
        }
        if let ReturnType::Type(_, ty) = &sig.output {
            errors.push(Error::new(ty.span(), format!("nobody waits for `{name}`: it returns nothing")));
        }
        if !sig.generics.params.is_empty() {
            let text = format!("`{name}` has no type or lifetime parameters");
            errors.push(Error::new(sig.generics.params.span(), text));
        }
        (errors.len() == errors_before).then_some(Followed { ident: &sig.ident, takes_context })
    }
}

impl<'a> Action<'a> {
    /// The type of the payload, if it takes one.
    pub(crate) fn payload(&self) -> Option<&'a Type> {
        self.takes.iter().find_map(|taken| if let Taken::Payload(ty) = taken { Some(*ty) } else { None })
    }
    /// None if something is wrong with it: then one error says so, and no code adds to it.
    fn read(attributes: &[Attribute], sig: &'a Signature, errors: &mut Vec<Error>) -> Option<Self> {
        let errors_before = errors.len();
        let conditions = conditions(attributes, errors);
        refuse_conditional_parameters(sig, errors);
        if !sig.generics.params.is_empty() {
            errors
                .push(Error::new(sig.generics.params.span(), "an action has no type or lifetime parameters"));
        }
        let mut takes: Vec<Taken> = Vec::new();
        for arg in &sig.inputs {
            let FnArg::Typed(arg) = arg else { continue };
            let ty = bare(&arg.ty);
            if is_context(ty) {
                takes.push(Taken::Context);
                continue;
            }
            if let Type::Reference(reference) = ty {
                let is_almost_context = reference.mutability.is_some()
                    || refers_to(ty).is_some_and(|(_, to)| to.ident == "Context");
                let text = if is_almost_context {
                    "the context is `cx: &mut Context<Self>`; a payload is owned"
                } else {
                    "an action owns its payload: `String` instead of `&str`, `Vec<T>` instead of `&[T]`"
                };
                errors.push(Error::new(reference.span(), text));
                continue;
            }
            if takes.iter().any(|taken| matches!(taken, Taken::Payload(_))) {
                errors.push(Error::new(
                    arg.span(),
                    "an action takes one payload; put several values into a struct marked `#[live_type]`",
                ));
                continue;
            }
            takes.push(Taken::Payload(&arg.ty));
        }
        let wire = camel_case(&sig.ident.to_string());
        if wire.is_empty() {
            errors.push(at(sig.ident.span(), "this action would have no name when it travels; rename it"));
        }
        let is_sound = errors.len() == errors_before;
        let docs = docs::text(attributes);
        let returns = match &sig.output {
            ReturnType::Type(_, ty) => Some(&**ty),
            ReturnType::Default => None,
        };
        is_sound.then_some(Action { ident: &sig.ident, wire, docs, takes, returns, conditions })
    }
}
