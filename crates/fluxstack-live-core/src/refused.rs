//! Types that could cross the wire as far as serde goes, and do not, each with its reason. The compiler finds the
//! implementation, asks for a condition that nothing fulfils, and says why.
use std::time::{Duration, SystemTime};

/// Never implemented.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is more than a browser's number can hold",
    label = "travels only as a decimal string",
    note = "mark the field `#[live(as = \"string\")]`, of a component or of a type marked `#[live_type]`"
)]
pub trait FitsNumber {}

/// Never implemented.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no form that a browser knows",
    label = "would travel as seconds and nanoseconds",
    note = "times travel as milliseconds since 1970: make the field a `Timestamp`, which comes from a `SystemTime` by \
            `into()`; or a `String`, as RFC 3339 has it"
)]
pub trait IsTimestamp {}

/// Never implemented.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no form that a browser knows",
    label = "would travel as seconds and nanoseconds",
    note = "say the unit in the field's name and send a number: `wait_ms: u64`"
)]
pub trait IsNumber {}

/// Never implemented.
#[diagnostic::on_unimplemented(
    message = "a `Secret` never leaves the server",
    label = "is or holds a `Secret`",
    note = "leave `#[live]` away, so that the field is server-only; or show what the browser may know of it by a method \
            marked `#[live(computed)]`"
)]
pub trait Revealed {}

/// A type that travels on a condition only.
macro_rules! refused {
    ($([$($generics:tt)*] $ty:ty where $condition:ident;)*) => { $(
        // With a lifetime in it, a condition that does not hold is no error here.
        impl<$($generics)*> $crate::value::WireType for $ty
        where
            for<'any> $ty: $condition,
        {
            fn describe(_: &mut $crate::schema::Types) -> $crate::schema::Type {
                $crate::schema::Type::Unknown
            }
        }
        impl<$($generics)*> $crate::value::LiveValue for $ty
        where
            for<'any> $ty: $condition,
        {
            type Shadow = ();
            fn shadow(&mut self) {}
            fn diff(&self, (): &(), _: &$crate::ops::Path, _: &mut $crate::ops::Ops) {}
            fn accept(&mut self, (): &mut ()) {}
            fn evict(&mut self, (): &mut ()) -> bool {
                false
            }
            fn restore(&mut self, (): &mut ()) -> Result<(), $crate::value::Lost> {
                Ok(())
            }
        }
    )* };
}
pub(crate) use refused;

refused! {
    [] i128 where FitsNumber;
    [] u128 where FitsNumber;
    [] SystemTime where IsTimestamp;
    [] Duration where IsNumber;
}
