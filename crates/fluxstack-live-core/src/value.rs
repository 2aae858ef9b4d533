//! A value the browser may see: how a change in it is found, written, and undone.
use crate::ops::{Ops, Path};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::{BuildHasher, Hash},
};

/// May cross the wire: std types can, your own are marked `#[live_type]`. Never implemented for `Result`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross the wire",
    note = "mark your own type with `#[live_type]`; a type of another crate goes into a field marked `#[live(leaf)]`, \
            or into a type of your own"
)]
pub trait WireType: Serialize {}

/// May be a visible field of a component.
///
/// While an action runs, a shadow remembers what was there before: for a leaf a copy, for a struct the shadows of its
/// fields. The difference between the two is the commit; going back to the shadow is the rollback.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a live field",
    note = "mark your own type with `#[live_type]`; mark the field `#[live(leaf)]` if its type is of another crate and \
            is `Clone + PartialEq + Serialize`; leave the attribute away if the browser must not see it"
)]
pub trait LiveValue: WireType + Clone + Send + Sync + 'static {
    /// What must be remembered of a value to find and undo a change.
    type Shadow: Send + Sync;
    /// Remembers the value as it is.
    fn shadow(&mut self) -> Self::Shadow;
    /// Writes the ops that lead from `shadow` to now. It only reads: it may fail, or run again.
    fn diff(&self, shadow: &Self::Shadow, at: &Path, ops: &mut Ops);
    /// Committed: `shadow` shall describe the present.
    fn accept(&mut self, shadow: &mut Self::Shadow);
    /// Failed: the value shall be again what `shadow` describes.
    fn restore(&mut self, shadow: &mut Self::Shadow);
}

/// A value that is compared and sent as a whole.
pub mod leaf {
    use super::{Ops, Path, Serialize};

    /// One op if the value is another than before.
    pub fn diff<T: PartialEq + Serialize>(now: &T, before: &T, at: &Path, ops: &mut Ops) {
        if now != before {
            ops.set(at, now);
        }
    }
    /// Takes over a changed value; an unchanged one costs a comparison.
    pub fn accept<T: PartialEq + Clone>(now: &T, before: &mut T) {
        if now != before {
            before.clone_from(now);
        }
    }
    /// Puts a value back, whether it seems changed or not: what `PartialEq` takes for equal may still differ.
    pub fn restore<T: Clone>(now: &mut T, before: &T) {
        now.clone_from(before);
    }
}

/// Implements [`WireType`] and [`LiveValue`] for types that are compared and sent as a whole.
#[doc(hidden)]
#[macro_export]
macro_rules! __leaf_value {
    ($([$($generics:tt)*] $ty:ty),* $(,)?) => { $(
        impl<$($generics)*> $crate::value::WireType for $ty {}
        impl<$($generics)*> $crate::value::LiveValue for $ty {
            type Shadow = Self;
            fn shadow(&mut self) -> Self {
                ::core::clone::Clone::clone(self)
            }
            fn diff(&self, shadow: &Self, at: &$crate::ops::Path, ops: &mut $crate::ops::Ops) {
                $crate::value::leaf::diff(self, shadow, at, ops);
            }
            fn accept(&mut self, shadow: &mut Self) {
                $crate::value::leaf::accept(self, shadow);
            }
            fn restore(&mut self, shadow: &mut Self) {
                $crate::value::leaf::restore(self, shadow);
            }
        }
    )* };
}

/// What a leaf is made of.
pub trait Leaf: WireType + Clone + PartialEq + Send + Sync + 'static {}
impl<T: WireType + Clone + PartialEq + Send + Sync + 'static> Leaf for T {}

__leaf_value! {
    [] (), [] bool, [] char, [] String,
    [] i8, [] i16, [] i32, [] i64, [] isize, [] u8, [] u16, [] u32, [] u64, [] usize, [] f32, [] f64,
    [T: Leaf] Option<T>, [T: Leaf] Box<T>, [T: Leaf] Vec<T>,
    [K: Leaf + Ord, V: Leaf] BTreeMap<K, V>, [T: Leaf + Ord] BTreeSet<T>,
    [K: Leaf + Eq + Hash, V: Leaf, S: BuildHasher + Clone + Send + Sync + 'static] HashMap<K, V, S>,
    [T: Leaf + Eq + Hash, S: BuildHasher + Clone + Send + Sync + 'static] HashSet<T, S>,
    [A: Leaf] (A,), [A: Leaf, B: Leaf] (A, B), [A: Leaf, B: Leaf, C: Leaf] (A, B, C),
}
