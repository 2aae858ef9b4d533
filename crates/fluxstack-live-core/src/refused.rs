//! Types that serde can write and no page could read. What makes code of a field, a payload or a result asks for
//! [`WireType::REFUSED`], and says so at the type.
use crate::{
    schema::{Type, Types},
    value::WireType,
};
use std::time::{Duration, SystemTime};

macro_rules! refused {
    ($($ty:ty => $why:expr;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl WireType for $ty {
            const REFUSED: Option<&'static str> = Some($why);
            fn describe(_: &mut Types) -> Type {
                Type::Unknown
            }
        }
        crate::__leaf_value!([] $ty);
    )* };
}

const LARGE: &str = "an `i128` or `u128` is more than a browser's number can hold: mark the field `#[live(as = \"string\")]`, in \
     a component or in a type marked `#[live_type]`";

refused! {
    i128 => LARGE;
    u128 => LARGE;
    SystemTime => "serde would send a `SystemTime` as seconds and nanoseconds: make it a `Timestamp`, which comes from it by \
        `into()`, or text as RFC 3339 has it";
    Duration => "serde would send a `Duration` as seconds and nanoseconds: make it a number, with the unit in its name: \
        `wait_ms: u64`";
}
