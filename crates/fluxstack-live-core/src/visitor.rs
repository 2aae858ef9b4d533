//! Who is behind a session. Established at the handshake, never by a payload.

/// Who is behind a session, as far as the server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    id: String,
}

impl Visitor {
    /// Somebody unknown; `id` tells them from others for as long as their session lasts.
    pub fn anonymous(id: impl Into<String>) -> Self {
        Visitor { id: id.into() }
    }
    /// Tells this visitor from others.
    pub fn id(&self) -> &str {
        &self.id
    }
}
