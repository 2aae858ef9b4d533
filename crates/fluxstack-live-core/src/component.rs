//! A component's state, as the derive describes it. Not for implementing by hand: what the macros write may change with
//! any version.
use crate::{
    failure::{Failure, Invalid},
    ops::Ops,
    payload::Payload,
    schema::{Field, State, Types},
    value::{Lost, WireType},
};
use serde::ser::SerializeStruct;

/// A component's state, from the derive: its fields, how they are remembered, compared and put back.
pub trait LiveComponent: Sized + Send + 'static {
    /// The name it is mounted by.
    const NAME: &'static str;
    /// Everyone who mounts the same key shares one instance.
    const SHARED: bool;
    /// The wire names of the events it tells.
    const EVENTS: &'static [&'static str];
    /// The wire names of the visible fields.
    const FIELDS: &'static [&'static str];
    /// The fields that a client may set: their names in Rust and on the wire.
    const BINDABLE: &'static [(&'static str, &'static str)];
    /// What is remembered of it while an action runs.
    type Shadow: Send;
    /// Remembers the visible fields.
    fn shadow(&mut self) -> Self::Shadow;
    /// Before each transaction: remembers the fields that never leave the server.
    fn begin(&self, shadow: &mut Self::Shadow);
    /// Writes what changed in the visible fields.
    fn diff(&self, shadow: &Self::Shadow, ops: &mut Ops);
    /// Committed: the shadow shall describe the present.
    fn accept(&mut self, shadow: &mut Self::Shadow);
    /// Failed, first step: as [`LiveValue::evict`](crate::value::LiveValue::evict).
    fn evict(&mut self, shadow: &mut Self::Shadow) -> bool;
    /// Failed, last step: every field shall be as the shadow remembers it.
    fn restore(&mut self, shadow: &mut Self::Shadow) -> Result<(), Lost>;
    /// Writes the visible fields.
    fn serialize_fields<S: SerializeStruct>(&self, out: &mut S) -> Result<(), S::Error>;
    /// Sets one field that a client may set.
    fn set_property(&mut self, name: &str, value: Payload) -> Result<(), Failure>;
    /// What it shows and tells.
    fn describe_state(types: &mut Types) -> State;
}

/// What is computed of a component's state, from `#[live_actions]`: the methods marked `#[live(computed)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no actions",
    note = "add `#[live_actions] impl {Self} {{ fn mount(props: Props, cx: &MountContext) -> Result<Self, MountError> {{ .. }} }}`"
)]
pub trait Computes: LiveComponent {
    /// A value of each; `()` if there are none.
    type Computed: Computed;
    /// Calls each.
    fn compute(&self) -> Self::Computed;
}

/// Values that were computed of one state.
pub trait Computed: Send + 'static {
    /// Their wire names.
    const FIELDS: &'static [&'static str];
    /// Writes those that are others than before.
    fn diff(&self, before: &Self, ops: &mut Ops);
    /// Writes all.
    fn serialize_fields<S: SerializeStruct>(&self, out: &mut S) -> Result<(), S::Error>;
    /// What they are.
    fn describe(types: &mut Types) -> Vec<Field>;
}
impl Computed for () {
    const FIELDS: &'static [&'static str] = &[];
    fn diff(&self, (): &(), _ops: &mut Ops) {}
    fn serialize_fields<S: SerializeStruct>(&self, _out: &mut S) -> Result<(), S::Error> {
        Ok(())
    }
    fn describe(_types: &mut Types) -> Vec<Field> {
        Vec::new()
    }
}

/// A component that tells events of this type, from `#[live(events(..))]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not tell events of type `{E}`",
    note = "declare it on the struct: `#[live(events({E}))]`"
)]
pub trait Emits<E: WireType>: LiveComponent {
    /// The event's wire name.
    const EVENT: &'static str;
}

/// What a method that is called after a client has set a field may return: nothing, or [`Invalid`] to undo it.
#[diagnostic::on_unimplemented(
    message = "a method called `on_set` cannot return `{Self}`",
    label = "returns neither nothing nor `Result<(), Invalid>`",
    note = "it is `fn (&mut self)` or `fn (&mut self) -> Result<(), Invalid>`, and not async"
)]
pub trait SetOutcome {
    /// Whether the field may stay as the client has set it.
    fn outcome(self) -> Result<(), Failure>;
}
impl SetOutcome for () {
    fn outcome(self) -> Result<(), Failure> {
        Ok(())
    }
}
impl SetOutcome for Result<(), Invalid> {
    fn outcome(self) -> Result<(), Failure> {
        self.map_err(|Invalid { fields }| Failure::Invalid(fields))
    }
}

/// A field that never leaves the server is copied before each action, and put back if that fails.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be put back when an action fails",
    label = "a server-only field is `Clone`, or a resource",
    note = "derive `Clone` for it, or mark the field `#[live(resource)]` if it is a handle or a pool: then an action \
            that fails leaves it as it is"
)]
pub trait Remembered: Sized {
    /// The copy.
    fn remember(&self) -> Self;
}
#[diagnostic::do_not_recommend]
impl<T: Clone> Remembered for T {
    fn remember(&self) -> T {
        self.clone()
    }
}
