//! What the macros' output names. No part of the public API: it may change with any version.
pub use crate::{
    __leaf_value as leaf_value,
    actions::{CallFuture, Denied, LiveActions, MountError, Reply},
    component::{Emits, LiveComponent, Remembered, SetOutcome},
    context::{Context, MountContext},
    failure::Failure,
    host::BoxFuture,
    ops::{Ops, Path},
    payload::Payload,
    value::{LiveValue, Lost, MapKey, WireType, leaf},
};
pub use objects::ObjectOnly;
pub use serde;

mod objects; // a struct is read from an object only
