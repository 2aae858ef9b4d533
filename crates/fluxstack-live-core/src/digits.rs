//! Integers that travel as decimal digits, because a browser's numbers are exact only up to 2^53: fields marked
//! `#[live(as = "string")]`.
use crate::{
    ops::{Ops, Path},
    schema::Type,
};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected, Visitor},
};
use std::fmt;

/// May travel as decimal digits. What is read is what would be written: `+5`, `007`, `-0`, a number and anything out of
/// range are refused.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not travel as a decimal string",
    label = "`as = \"string\"` is for large integers",
    note = "it is an `i64`, `u64`, `i128`, `u128`, `isize` or `usize`, or an `Option` of one; smaller ones are exact as \
            numbers"
)]
pub trait Digits: Copy + PartialEq + Send + Sync + 'static {
    /// Whether it is an `Option`, which a client may leave out.
    const IS_OPTION: bool;
    /// What it looks like.
    fn describe() -> Type;
    /// Writes the digits.
    fn write<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error>;
    /// Reads digits.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

macro_rules! digits {
    ($($ty:ty),*) => { $(
        impl Digits for $ty {
            const IS_OPTION: bool = false;
            fn describe() -> Type {
                Type::Digits
            }
            fn write<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self)
            }
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $ty;
                    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                        write!(f, "an integer from {} to {} as a string of decimal digits", <$ty>::MIN, <$ty>::MAX)
                    }
                    fn visit_str<E: Error>(self, text: &str) -> Result<$ty, E> {
                        let value = text.parse().ok().filter(|value: &$ty| value.to_string() == text);
                        value.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    )* };
}
digits!(i64, u64, i128, u128, isize, usize);

impl<T: Digits> Digits for Option<T> {
    const IS_OPTION: bool = true;
    fn describe() -> Type {
        Type::Nullable(Box::new(T::describe()))
    }
    fn write<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        self.map(InDigits).serialize(serializer)
    }
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Option::<InDigits<T>>::deserialize(deserializer)?;
        Ok(read.map(|InDigits(value)| value))
    }
}

/// The value as it travels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InDigits<T>(pub T);

impl<T: Digits> Serialize for InDigits<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}
impl<'de, T: Digits> Deserialize<'de> for InDigits<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(InDigits)
    }
}

/// One op if the value is another than before.
pub fn diff<T: Digits>(now: T, before: T, at: &Path, ops: &mut Ops) {
    if now != before {
        ops.set(at, &InDigits(now));
    }
}

/// For `#[serde(with = "..")]`.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub fn serialize<T: Digits, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.write(serializer)
}
/// For `#[serde(with = "..")]`.
pub fn deserialize<'de, T: Digits, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}
