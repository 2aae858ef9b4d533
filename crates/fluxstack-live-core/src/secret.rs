//! A value that never leaves the server, whatever happens to the field it is in.
use crate::{
    ops::{Ops, Path},
    schema::{Type, Types},
    value::{LiveValue, Lost, WireType},
};
use revealed::Revealed;
use serde::{Serialize, Serializer};
use std::fmt;

/// A value that never leaves the server: a password's hash, a token, a key.
///
/// A field without an attribute is not sent either. This says it of the value, so that nobody shows it by mistake: it is
/// printed as `Secret(..)`, has no `Display`, is written by no serializer, and a visible field of this type, or of one it
/// is a part of, does not compile. It is copied and put back like any server-only field.
///
/// It comes from no client either: a payload has to be a type that could be sent back. Take a password as a `String`, and
/// wrap it first thing.
///
/// ```
/// use fluxstack_live_core::secret::Secret;
///
/// let mut token = Secret::new(String::from("t0k"));
/// token.expose_mut().push_str("en");
/// assert_eq!(token.expose(), "t0ken");
/// assert_eq!(format!("{token:?}"), "Secret(..)");
/// ```
///
/// The memory is not cleared when it is dropped, and there is no comparison: one in constant time is for the crate that
/// knows what the value is.
#[derive(Clone, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Secret(value)
    }
    /// The value, where it is needed.
    pub const fn expose(&self) -> &T {
        &self.0
    }
    /// The value, to be changed.
    pub const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
    /// The value, which is no secret any more.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// For what is not asked whether it can travel, which is a leaf.
pub(crate) const REFUSED: &str = "a `Secret` never leaves the server: leave `#[live]` away";

mod revealed {
    /// Never implemented: it is the condition of all that a secret is not, and says so.
    #[diagnostic::on_unimplemented(
        message = "a `Secret` never leaves the server",
        label = "is or holds a `Secret`",
        note = "leave `#[live]` away, so that the field is server-only; or show what the browser may know of it by a \
                method marked `#[live(computed)]`"
    )]
    pub trait Revealed {}
}

impl<T> Serialize for Secret<T>
where
    Secret<T>: Revealed,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}
impl<T> WireType for Secret<T>
where
    Secret<T>: Revealed,
{
    fn describe(_: &mut Types) -> Type {
        Type::Unknown
    }
}
impl<T: Clone + Send + Sync + 'static> LiveValue for Secret<T>
where
    Secret<T>: Revealed,
{
    type Shadow = ();
    fn shadow(&mut self) {}
    fn diff(&self, (): &(), _: &Path, _: &mut Ops) {}
    fn accept(&mut self, (): &mut ()) {}
    fn evict(&mut self, (): &mut ()) -> bool {
        false
    }
    fn restore(&mut self, (): &mut ()) -> Result<(), Lost> {
        Ok(())
    }
}
