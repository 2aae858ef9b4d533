//! A value from a client, whose type is not known yet.
use crate::{failure::Failure, value::WireType};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// A value from a client, undecoded; None if there was none, which is the same as null.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a>(pub Option<&'a str>);

impl Payload<'_> {
    /// The value as a type, or [`Failure::Invalid`].
    pub fn decode<T: WireType + DeserializeOwned>(self) -> Result<T, Failure> {
        self.decode_leaf()
    }
    /// As [`decode`](Self::decode), of a type that nothing else is known of.
    pub fn decode_leaf<T: DeserializeOwned>(self) -> Result<T, Failure> {
        serde_json::from_str(self.0.unwrap_or("null")).map_err(|error| {
            tracing::debug!(%error, "a value from a client does not fit its type");
            Failure::Invalid(BTreeMap::new())
        })
    }
}
