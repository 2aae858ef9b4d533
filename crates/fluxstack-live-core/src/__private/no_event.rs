//! An event that is never told, for as many as a component lacks to the two at which the compiler says what is missing.
use crate::{
    schema::{Type, Types},
    value::WireType,
};
use serde::{Serialize, Serializer};

/// There is none.
pub enum NoEvent<const NUMBER: usize> {}

impl<const NUMBER: usize> Serialize for NoEvent<NUMBER> {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        match *self {}
    }
}
impl<const NUMBER: usize> WireType for NoEvent<NUMBER> {
    fn describe(_: &mut Types) -> Type {
        Type::Unknown
    }
}
