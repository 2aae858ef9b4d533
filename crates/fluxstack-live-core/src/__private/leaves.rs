//! What is known of a leaf's type: as much as it says of itself, if it may cross the wire anyway; nothing otherwise.
use crate::{
    schema::{Type, Types},
    secret::{self, Secret},
    value::WireType,
};
use std::marker::PhantomData;

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
    /// Why it does not travel.
    pub const REFUSED: Option<&'static str> = T::REFUSED;
    /// What it says of itself.
    pub fn describe(&self, types: &mut Types) -> Type {
        T::describe(types)
    }
}

/// Every leaf can be asked.
pub trait Described {
    /// Nothing is known.
    const REFUSED: Option<&'static str> = None;
    /// Nothing is known.
    fn describe(&self, _types: &mut Types) -> Type {
        Type::Unknown
    }
}
impl<T> Described for Leaf<T> {}

/// `Shown::<T>::REFUSED`: whether a leaf's author may show it.
pub struct Shown<T>(PhantomData<T>);

impl<T> Shown<Secret<T>> {
    /// No secret.
    pub const REFUSED: Option<&'static str> = Some(secret::REFUSED);
}

/// Every other type.
pub trait MayBeShown {
    /// It is for the author to know.
    const REFUSED: Option<&'static str> = None;
}
impl<T> MayBeShown for Shown<T> {}
