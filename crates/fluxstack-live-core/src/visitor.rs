//! Who is behind a session. Established at the handshake, never by a payload.

/// Who is behind a session, as far as the server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    id: String,
    is_anonymous: bool,
}

impl Visitor {
    /// Somebody unknown; `id` tells them from others for as long as their session lasts.
    pub fn anonymous(id: impl Into<String>) -> Self {
        Visitor { id: id.into(), is_anonymous: true }
    }
    /// Somebody whom the application knows by this id, in all sessions.
    pub fn named(id: impl Into<String>) -> Self {
        Visitor { id: id.into(), is_anonymous: false }
    }
    /// Tells this visitor from others.
    pub fn id(&self) -> &str {
        &self.id
    }
    /// Whether nothing is known but that it is somebody.
    pub fn is_anonymous(&self) -> bool {
        self.is_anonymous
    }
    /// Whether somebody who has just connected as `other`, and knows the secret of this visitor's session, may be this
    /// visitor: an unknown one is whoever knows the secret, a known one is nobody else.
    pub(crate) fn may_be(&self, other: &Visitor) -> bool {
        self == other || (self.is_anonymous && other.is_anonymous)
    }
}
