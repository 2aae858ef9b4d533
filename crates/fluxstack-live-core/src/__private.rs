//! What the macros' output names. No part of the public API: it may change with any version.
pub use crate::{
    __leaf_value as leaf_value,
    actions::{CallFuture, Denied, LiveActions, MountError, Reply},
    component::{Computed, Computes, Emits, LiveComponent, Remembered, SetOutcome},
    context::{Context, MountContext},
    digits::{self, Digits, InDigits},
    failure::Failure,
    host::BoxFuture,
    ops::{Ops, Path},
    payload::Payload,
    schema::{Action, Field, Interface, Parts, Shape, State, Tagging, Type, Types, Variant},
    value::{LiveValue, Lost, MapKey, WireType, leaf},
};
pub use leaves::{Described, Leaf, MayBeShown, Shown};
pub use names::is_among;
pub use no_event::NoEvent;
pub use objects::ObjectOnly;
pub use serde;

mod leaves; // what is known of a leaf's type
mod names; // whether a name is taken
mod no_event; // what a component never tells
mod objects; // a struct is read from an object only
