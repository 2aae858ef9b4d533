//! Why a mount, a call or a set failed, as the server told it to the page.
use fluxstack_live_protocol::{error::ErrorCode, server};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{collections::BTreeMap, fmt, time::Duration};

/// Why a mount, a call or a set failed: what the server told the page, and nothing it kept for its log.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct CallError {
    /// Which kind of failure.
    pub code: ErrorCode,
    /// A sentence for a developer.
    pub error: String,
    /// What is wrong, by field: with [`ErrorCode::Invalid`], where it is known.
    pub fields: BTreeMap<String, String>,
    /// The action's own error: with [`ErrorCode::Action`].
    pub data: Option<Value>,
    /// When to come back: with [`ErrorCode::RateLimited`].
    pub retry_after: Option<Duration>,
    /// Finds the cause in the log: with [`ErrorCode::Internal`].
    pub id: Option<Box<str>>,
}

impl CallError {
    /// The action's own error, decoded.
    ///
    /// # Panics
    /// If the action did not fail with an error of its own, or with one that is no `E`.
    #[track_caller]
    pub fn data_as<E: DeserializeOwned>(&self) -> E {
        let Some(data) = &self.data else { panic!("there is no error of the action's own: {self}") };
        let decoded = serde_json::from_value(data.clone());
        decoded.unwrap_or_else(|error| {
            panic!("the action's error is no `{}`: {error}; it is {data}", std::any::type_name::<E>())
        })
    }
    /// What the page finds out before it sends anything.
    pub(crate) fn unsent(code: ErrorCode, error: String) -> Self {
        CallError { code, error, fields: BTreeMap::new(), data: None, retry_after: None, id: None }
    }
}

impl From<server::Error> for CallError {
    fn from(error: server::Error) -> Self {
        let server::Error { code, payload, component_id: _, request_id: _, retry_after_ms } = error;
        let server::ErrorPayload { error, action: _, property: _, fields, data, id } = payload;
        let (fields, retry_after) = (fields.unwrap_or_default(), retry_after_ms.map(Duration::from_millis));
        CallError { code, error, fields, data, retry_after, id: id.map(Into::into) }
    }
}

/// Everything there is, in one line: `unwrap` shows it when a test fails.
impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CallError { code, error, fields, data, retry_after, id } = self;
        write!(f, "{}: {error}", code.as_str())?;
        if *code == ErrorCode::UnknownComponent {
            f.write_str(
                " (is it in `Live::builder().component::<..>()`? one that is denied is answered alike)",
            )?;
        }
        if !fields.is_empty() {
            write!(f, "; fields {fields:?}")?;
        }
        if let Some(data) = data {
            write!(f, "; data {data}")?;
        }
        if let Some(id) = id {
            write!(f, "; the log has its cause under the id `{id}`")?;
        }
        if let Some(after) = retry_after {
            write!(f, "; again after {after:?}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for CallError {}
