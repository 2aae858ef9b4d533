//! The block, checked: which of its functions are the lifecycle, which are actions, and that there is nothing else.
//! Signatures are parsed, bodies are not: half-typed code in a body costs nothing but itself.
use crate::{
    attributes::at,
    wire_name::{camel_case, collisions},
};
use proc_macro2::{Group, Ident};
use syn::{
    Attribute, Error, FnArg, PatType, ReceiverKind, Result, Signature, Token, Type, Visibility, braced,
    parse::{Parse, ParseStream},
    spanned::Spanned,
};

/// `impl Component { .. }`
pub(crate) struct Block {
    ty: Type,
    functions: Vec<Signature>,
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
            inner.call(Attribute::parse_outer)?;
            inner.parse::<Visibility>()?;
            if !(inner.peek(Token![fn])
                || inner.peek(Token![async])
                || inner.peek(Token![const]) && inner.peek2(Token![fn]))
            {
                return Err(inner.error("only functions here; put everything else into a plain `impl` block"));
            }
            functions.push(inner.parse()?);
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
    pub(crate) actions: Vec<Action<'a>>,
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
    pub(crate) takes: Vec<Taken<'a>>,
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
        let (mut mount, mut key, mut authorize, mut actions) = (None, None, None, Vec::new());
        for sig in &block.functions {
            let receiver =
                sig.inputs.iter().find_map(|arg| if let FnArg::Receiver(it) = arg { Some(it) } else { None });
            let name = sig.ident.to_string();
            match (name.as_str(), receiver) {
                ("mount", None) => mount = Some(sig),
                ("key", None) => key = Some(sig),
                ("authorize", None) => authorize = Some(sig),
                ("joined" | "left", _) => errors.push(at(sig.ident.span(), &format!("`{name}` is reserved for the lifecycle of shared components, and is not called yet; rename it"))),
                (_, None) => errors.push(at(sig.ident.span(), &format!("`{name}` is neither an action (`async fn` with `&mut self`) nor one of `mount`, `key` and `authorize`; put helpers into a plain `impl` block"))),
                (_, Some(receiver)) if sig.asyncness.is_none() || !matches!(receiver.kind, ReceiverKind::Reference(_, _, Some(_))) => {
                    errors.push(at(sig.ident.span(), &format!("every method here can be called by a browser, so it is `async fn {name}(&mut self, ..)`; put helpers into a plain `impl` block")));
                }
                (_, Some(_)) => actions.extend(Action::read(sig, &mut errors)),
            }
        }
        errors.extend(collisions(actions.iter().map(|action| (action.ident, action.wire.as_str()))));
        if let (Some(key), None) = (key, authorize) {
            errors.push(at(key.ident.span(), "a shared component says who may mount it: add `fn authorize(props: &Props, visitor: &Visitor) -> Result<(), Denied>`; `Ok(())` lets everyone in"));
        }
        if let Some(key) = key.filter(|key| key.asyncness.is_some()) {
            errors.push(at(key.ident.span(), "`key` is not async: it only reads the props and the visitor"));
        }
        let Some(mount) = mount else {
            let text = "a component is made by `fn mount(props: Props, cx: &MountContext) -> Result<Self, MountError>`; add it here";
            errors.push(Error::new(block.ty.span(), text));
            return (None, errors);
        };
        let Some(FnArg::Typed(PatType { ty: props, .. })) = mount.inputs.first() else {
            errors
                .push(at(mount.ident.span(), "`mount` takes the props first: `fn mount(props: Props, ..)`"));
            return (None, errors);
        };
        if let Type::Reference(reference) = &**props {
            errors.push(Error::new(reference.span(), "`mount` owns its props: remove the `&`"));
            return (None, errors);
        }
        let mount = Lifecycle::read(mount, &[Asked::Context], &mut errors);
        let key = key.map(|key| Lifecycle::read(key, &[Asked::Context], &mut errors));
        let authorize =
            authorize.map(|it| Lifecycle::read(it, &[Asked::Context, Asked::Visitor], &mut errors));
        (Some(Actions { ty: &block.ty, props, mount, key, authorize, actions }), errors)
    }
}

impl<'a> Lifecycle<'a> {
    fn read(sig: &'a Signature, may_ask: &[Asked], errors: &mut Vec<Error>) -> Self {
        let mut takes = Vec::new();
        for arg in sig.inputs.iter().skip(1) {
            let FnArg::Typed(arg) = arg else { continue };
            match [(Asked::Context, "MountContext"), (Asked::Visitor, "Visitor")]
                .into_iter()
                .find(|(_, name)| is(&arg.ty, name))
            {
                Some((asked, _)) if may_ask.contains(&asked) => takes.push(asked),
                _ => {
                    let text = format!(
                        "`{}` takes the props, and after them {}",
                        sig.ident,
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

impl<'a> Action<'a> {
    /// None if something is wrong with it: then one error says so, and no code adds to it.
    fn read(sig: &'a Signature, errors: &mut Vec<Error>) -> Option<Self> {
        let errors_before = errors.len();
        if !sig.generics.params.is_empty() {
            errors
                .push(Error::new(sig.generics.params.span(), "an action has no type or lifetime parameters"));
        }
        let mut takes: Vec<Taken> = Vec::new();
        for arg in &sig.inputs {
            let FnArg::Typed(arg) = arg else { continue };
            if is(&arg.ty, "Context") {
                takes.push(Taken::Context);
                continue;
            }
            if let Type::Reference(reference) = &*arg.ty {
                errors.push(Error::new(
                    reference.span(),
                    "an action owns its payload: `String` instead of `&str`, `Vec<T>` instead of `&[T]`",
                ));
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
        let is_sound = errors.len() == errors_before;
        is_sound.then(|| Action { ident: &sig.ident, wire: camel_case(&sig.ident.to_string()), takes })
    }
}

/// Whether a type, or what it refers to, has this name.
fn is(ty: &Type, name: &str) -> bool {
    let ty = if let Type::Reference(reference) = ty { &*reference.elem } else { ty };
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}
