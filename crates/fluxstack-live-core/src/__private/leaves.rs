//! What is known of a leaf's type: as much as it says of itself, if it may cross the wire anyway; nothing otherwise.
use crate::{
    schema::{Type, Types},
    value::WireType,
};
use std::{
    marker::PhantomData,
    time::{Duration, SystemTime},
};

/// `Leaf::<T>::new().describe(types)`: the method of the type itself, where there is one, goes before the trait's.
pub struct Leaf<T>(PhantomData<T>);

impl<T> Leaf<T> {
    /// Stands for the type.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Leaf(PhantomData)
    }
}
impl<T: WireType> Leaf<T> {
    /// What it says of itself.
    pub fn describe(&self, types: &mut Types) -> Type {
        T::describe(types)
    }
}

/// Every leaf can be asked.
pub trait Described {
    /// Nothing is known.
    fn describe(&self, _types: &mut Types) -> Type {
        Type::Unknown
    }
}
impl<T> Described for Leaf<T> {}

/// Whether a leaf of this type has a form that a page can know.
pub trait AnyForm {
    /// As far as its author knows.
    const HAS_FORM: bool = true;
}
impl<T> AnyForm for Leaf<T> {}

macro_rules! no_form {
    ($($ty:ty),*) => { $(
        impl Leaf<$ty> {
            /// It would travel as seconds and nanoseconds.
            pub const HAS_FORM: bool = false;
        }
    )* };
}
no_form!(SystemTime, Duration, Option<SystemTime>, Option<Duration>);
