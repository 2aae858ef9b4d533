//! What may be done to a component, and what comes of it. Not for implementing by hand: what the macros write may change
//! with any version.
use crate::{
    component::Computes,
    context::{Context, MountContext},
    failure::{Failed, Failure, Fault, Invalid, with_sources},
    host::BoxFuture,
    payload::Payload,
    schema::{Interface, Outcome, Type, Types},
    value::{WireType, first},
};
use fluxstack_live_protocol::strict;
use serde::de::DeserializeOwned;
use std::future::ready;

/// What may be done to a component, from `#[live_actions]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no actions",
    note = "add `#[live_actions] impl {Self} {{ fn mount(props: Props, cx: &MountContext) -> Result<Self, MountError> {{ .. }} }}`"
)]
pub trait LiveActions: Computes {
    /// What it is mounted with.
    type Props: WireType + DeserializeOwned + Send + Sync + 'static;
    /// The wire names of the actions.
    const ACTIONS: &'static [&'static str];
    /// Which instance of a shared component.
    fn key(_props: &Self::Props, _cx: &MountContext) -> String {
        String::new()
    }
    /// Whether this visitor may mount it.
    fn authorize<'a>(_props: &'a Self::Props, _cx: &'a MountContext) -> BoxFuture<'a, Result<(), Denied>> {
        Box::pin(ready(Ok(())))
    }
    /// Makes an instance.
    fn mount<'a>(props: Self::Props, cx: &'a MountContext) -> BoxFuture<'a, Result<Self, MountError>>;
    /// Whether it wants to be told who joins and leaves.
    const FOLLOWS_VISITORS: bool = false;
    /// A visitor who was not there mounted it.
    fn joined<'a>(&'a mut self, _cx: &'a mut Context<Self>) -> BoxFuture<'a, ()> {
        Box::pin(ready(()))
    }
    /// A visitor has unmounted the last of its mounts, or went away.
    fn left<'a>(&'a mut self, _cx: &'a mut Context<Self>) -> BoxFuture<'a, ()> {
        Box::pin(ready(()))
    }
    /// Calls an action by its wire name: a closed match.
    fn call<'a>(
        &'a mut self,
        action: &'a str,
        payload: Payload<'a>,
        cx: &'a mut Context<Self>,
    ) -> CallFuture<'a>;
    /// What it takes.
    fn describe_interface(types: &mut Types) -> Interface;
}

/// Resolves to an action's result as JSON.
pub type CallFuture<'a> = BoxFuture<'a, Result<Vec<u8>, Failure>>;

/// What an action may return: a value, or a `Result` of a value and an error.
#[diagnostic::on_unimplemented(
    message = "an action cannot return `{Self}`",
    note = "return nothing, a std type, a type marked `#[live_type]`, or a `Result` of one of these and an error: \
            `Invalid`, `Fault`, `Failed` of an error, or a type marked `#[live_type]`; `or_fault` makes a `Fault` of any \
            other error"
)]
pub trait Reply {
    /// Why a part of it does not travel.
    const REFUSED: Option<&'static str>;
    /// The result as JSON, or why there is none.
    fn reply(self) -> Result<Vec<u8>, Failure>;
    /// What comes of the action.
    fn describe(types: &mut Types) -> Outcome;
}
impl<T: WireType> Reply for T {
    const REFUSED: Option<&'static str> = T::REFUSED;
    fn reply(self) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::new();
        strict::write_json(&self, &mut out).map_err(|e| Failure::Internal(format!("the result: {e}")))?;
        Ok(out)
    }
    fn describe(types: &mut Types) -> Outcome {
        Outcome { ok: T::describe(types), err: None }
    }
}
impl<T: WireType, E: ActionError> Reply for Result<T, E> {
    const REFUSED: Option<&'static str> = first(&[T::REFUSED, E::REFUSED]);
    fn reply(self) -> Result<Vec<u8>, Failure> {
        self.map_err(ActionError::failure)?.reply()
    }
    fn describe(types: &mut Types) -> Outcome {
        Outcome { ok: T::describe(types), err: E::describe(types) }
    }
}

/// What an action may fail with: [`Invalid`], any type that may cross the wire, [`Fault`], or [`Failed`] of one of them.
#[diagnostic::on_unimplemented(
    message = "an action cannot fail with `{Self}`",
    note = "fail with `Invalid`, `Fault`, a std type, or a type marked `#[live_type]`: the caller's code sees it as `error.data`"
)]
pub trait ActionError {
    /// Why it does not travel.
    const REFUSED: Option<&'static str> = None;
    /// What the caller is told.
    fn failure(self) -> Failure;
    /// What of it the caller's code sees as `error.data`.
    fn describe(types: &mut Types) -> Option<Type>;
}
impl<E: WireType> ActionError for E {
    const REFUSED: Option<&'static str> = E::REFUSED;
    fn failure(self) -> Failure {
        match self.reply().map(|json| serde_json::from_slice(&json)) {
            Ok(Ok(data)) => Failure::Action(data),
            Ok(Err(error)) => Failure::Internal(format!("the error: {error}")),
            Err(failure) => failure,
        }
    }
    fn describe(types: &mut Types) -> Option<Type> {
        Some(E::describe(types))
    }
}
impl ActionError for Invalid {
    fn failure(self) -> Failure {
        Failure::Invalid(self.fields)
    }
    fn describe(_types: &mut Types) -> Option<Type> {
        // It has a code of its own.
        None
    }
}
impl ActionError for Fault {
    fn failure(self) -> Failure {
        Failure::Internal(self.0)
    }
    fn describe(_types: &mut Types) -> Option<Type> {
        // Its cause is for the log.
        None
    }
}
impl<E: ActionError> ActionError for Failed<E> {
    const REFUSED: Option<&'static str> = E::REFUSED;
    fn failure(self) -> Failure {
        match self {
            Failed::Refused(error) => error.failure(),
            Failed::Fault(fault) => fault.failure(),
        }
    }
    fn describe(types: &mut Types) -> Option<Type> {
        E::describe(types)
    }
}

/// This visitor may not mount this. Answered exactly as if there were no such component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied;

/// Why an instance could not be made. Any error of your own becomes one by `?`: its text goes to the log, the client
/// learns only that the server failed.
#[derive(Debug)]
pub struct MountError(pub(crate) Failure);

impl MountError {
    /// The props are wrong in this field, and why.
    pub fn invalid(field: impl Into<String>, text: impl Into<String>) -> Self {
        MountError(Failure::Invalid(Invalid::field(field, text).fields))
    }
    /// This visitor may not mount this; answered exactly as if there were no such component.
    pub fn denied() -> Self {
        MountError(Failure::UnknownComponent)
    }
}
impl<E: std::error::Error> From<E> for MountError {
    fn from(error: E) -> Self {
        MountError(Failure::Internal(with_sources(&error)))
    }
}
