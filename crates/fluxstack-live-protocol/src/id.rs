//! Ids that travel: an address of a component, a number of a request.
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest id or name that is accepted from the wire, in characters.
pub const MAX_NAME: usize = 64;

/// Where a component is, within its session: chosen by the client, 1 to 64 characters of `[A-Za-z0-9_-]`.
///
/// It is an address, never a capability: it means nothing outside the session that chose it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(type = "string"))]
pub struct ComponentId(Box<str>);

impl ComponentId {
    /// None if the text is empty, longer than 64 characters, or holds any other character.
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=MAX_NAME).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        fits.then(|| ComponentId(text.into()))
    }
    /// The id as text; it needs no escaping in JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ComponentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ComponentId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        ComponentId::new(&text).ok_or_else(|| serde::de::Error::custom("not a component id"))
    }
}

/// Names a request within its session, so that its answer finds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum RequestId {
    /// Full clients count 1, 2, 3 … up to 2^53 − 1. Basic clients may use any integer.
    Number(#[cfg_attr(test, ts(type = "number"))] i64),
    /// Basic clients only: at most 64 characters, echoed.
    Text(String),
}

impl RequestId {
    /// The number of a full client's request: an integer from 1 to 2^53 − 1.
    pub fn number(&self) -> Option<u64> {
        match self {
            RequestId::Number(n) => u64::try_from(*n).ok().filter(|n| (1..1 << 53).contains(n)),
            RequestId::Text(_) => None,
        }
    }
    /// A text of at most 64 characters, or an integer.
    pub fn fits_basic(&self) -> bool {
        match self {
            RequestId::Number(_) => true,
            RequestId::Text(text) => text.chars().count() <= MAX_NAME,
        }
    }
}

/// May be shown back in an error's text: 1 to 64 characters of `[A-Za-z0-9_]`.
pub fn is_plain_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
