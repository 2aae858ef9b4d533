//! What somebody types: neither empty nor too long.
use fluxstack_live::prelude::*;

/// The longest text, in characters.
const MAX: usize = 2_000;

/// Why a text is refused.
#[live_type]
#[serde(tag = "kind")]
pub(crate) enum TextError {
    Empty,
    TooLong {
        /// In characters.
        max: usize,
    },
}

/// The text without the space around it.
pub(crate) fn checked(text: String) -> Result<String, TextError> {
    match text.trim() {
        "" => Err(TextError::Empty),
        text if text.chars().count() > MAX => Err(TextError::TooLong { max: MAX }),
        text => Ok(text.to_owned()),
    }
}
