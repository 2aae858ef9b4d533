//! A moment as it travels.
use crate::{
    schema::{Parts, Shape, Type, Types},
    value::WireType,
};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};

const DOCS: &str = "Milliseconds since the first of January 1970, UTC: `new Date(it)`, `Date.now()`.";

/// A moment as it travels: milliseconds since the first of January 1970, UTC, as a number; negative before.
///
/// In the page's types it is a `Timestamp`, which is a `number`. It knows no clock: what the time is, is the caller's to
/// say.
///
/// ```
/// use fluxstack_live_core::timestamp::Timestamp;
/// use std::time::SystemTime;
///
/// let at = Timestamp::from(SystemTime::now());
/// assert!(at > Timestamp::from_millis(1_700_000_000_000));
/// assert!(at.system_time().is_some_and(|at| at <= SystemTime::now()));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// So many milliseconds after 1970 began. A number beyond ±2^53 cannot be sent.
    pub const fn from_millis(millis: i64) -> Self {
        Timestamp(millis)
    }
    /// The milliseconds since 1970 began.
    pub const fn millis(self) -> i64 {
        self.0
    }
    /// The moment, if the system's clock can show it.
    pub fn system_time(self) -> Option<SystemTime> {
        let distance = Duration::from_millis(self.0.unsigned_abs());
        if self.0 < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }
}

/// Rounded down to the millisecond; at the end of what an `i64` holds, beyond it.
impl From<SystemTime> for Timestamp {
    fn from(at: SystemTime) -> Self {
        Timestamp(match at.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => {
                let nanos = before.duration().as_nanos();
                i64::try_from(nanos.div_ceil(1_000_000)).map_or(i64::MIN, |millis| -millis)
            }
        })
    }
}

impl WireType for Timestamp {
    fn describe(types: &mut Types) -> Type {
        types.define::<Self>("Timestamp", DOCS, |_| Shape::Struct(Parts::Unnamed(vec![Type::Number])))
    }
}
crate::__leaf_value!([] Timestamp);
