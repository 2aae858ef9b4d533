//! A value the browser may see: how a change in it is found, written, and undone.
mod large; // plain collections that have grown large

use crate::{
    ops::{Ops, Path},
    schema::{Type, Types},
};
use serde::Serialize;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::{BuildHasher, Hash},
};

/// May cross the wire: std types can, your own are marked `#[live_type]`. Never implemented for `Result`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross the wire",
    note = "mark your own type with `#[live_type]`; a type of another crate goes into a field marked `#[live(leaf)]`, \
            or into a type of your own"
)]
pub trait WireType: Serialize {
    /// Why it does not travel, although serde can write it.
    const REFUSED: Option<&'static str> = None;
    /// What it looks like when it travels.
    fn describe(types: &mut Types) -> Type;
}

/// May be a visible field of a component.
///
/// While an action runs, a shadow remembers what was there before: for a leaf a copy, for a struct the shadows of its
/// fields, for a collection its identity, as it records what is done to it. The difference between the two is the commit;
/// going back to the shadow is the rollback.
///
/// | type | is | an action costs | travels |
/// |---|---|---|---|
/// | numbers, `bool`, `char`, `String`, `Option`, tuples, enums | a leaf | a comparison; a copy if it changed | the value |
/// | `Vec`, `BTreeMap`, `HashMap`, and the sets | a leaf | O(n): a comparison; a copy if it changed | all of it |
/// | [`List`](crate::list::List), [`Feed`](crate::feed::Feed), [`Map`](crate::map::Map), [`Text`](crate::text::Text) | tracked | what was done to it | what was done to it |
/// | a `#[live_type]` struct with named fields | its fields | the sum of its fields | the fields that changed |
///
/// Ten thousand short entries in a `Vec` take every action of their component about 0.1 ms, also those that do not touch it.
/// In a debug build a field that holds a plain collection of more than 100 entries is named in a warning, once.
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
    /// Failed, first step, repeated everywhere until nothing moves: a leaf is put back, and a collection that is not the
    /// one `shadow` knows goes away, so that the right one, wherever it is by now, can come home. True if something moved.
    fn evict(&mut self, shadow: &mut Self::Shadow) -> bool;
    /// Failed, last step: the value shall be again what `shadow` describes.
    fn restore(&mut self, shadow: &mut Self::Shadow) -> Result<(), Lost>;
    /// Stops recording: the value goes somewhere that no shadow knows. A collection leaves its contents to the shadow that
    /// may still need them, and goes on with copies.
    fn detach(&mut self) {}
}

/// A collection was moved out of the component, so that the change cannot be undone: the store fails closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

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
    pub fn put_back<T: Clone>(now: &mut T, before: &T) {
        now.clone_from(before);
    }
}

/// Implements [`LiveValue`] for a type that is compared and sent as a whole; a plain collection names the tracked one.
#[doc(hidden)]
#[macro_export]
macro_rules! __leaf_value {
    ([$($generics:tt)*] $ty:ty $(, $tracked:literal)?) => {
        impl<$($generics)*> $crate::value::LiveValue for $ty {
            type Shadow = Self;
            fn shadow(&mut self) -> Self {
                ::core::clone::Clone::clone(self)
            }
            fn diff(&self, shadow: &Self, at: &$crate::ops::Path, ops: &mut $crate::ops::Ops) {
                $($crate::value::large::look(self.len(), at, $tracked);)?
                $crate::value::leaf::diff(self, shadow, at, ops);
            }
            fn accept(&mut self, shadow: &mut Self) {
                $crate::value::leaf::accept(self, shadow);
            }
            fn evict(&mut self, shadow: &mut Self) -> bool {
                $crate::value::leaf::put_back(self, shadow);
                false
            }
            fn restore(&mut self, _: &mut Self) -> ::core::result::Result<(), $crate::value::Lost> {
                // It is back since the eviction.
                ::core::result::Result::Ok(())
            }
        }
    };
}

/// What a leaf is made of.
pub trait Leaf: WireType + Clone + PartialEq + Send + Sync + 'static {}
impl<T: WireType + Clone + PartialEq + Send + Sync + 'static> Leaf for T {}

macro_rules! std_types {
    ($($generics:tt $ty:ty $(, $of:ty)* => |$types:ident| $description:expr $(, $tracked:literal)?;)*) => { $(
        std_types!(@describe $generics $ty, [$($of),*], $types, $description);
        $crate::__leaf_value!($generics $ty $(, $tracked)?);
    )* };
    (@describe [$($generics:tt)*] $ty:ty, [$($of:ty),*], $types:ident, $description:expr) => {
        impl<$($generics)*> WireType for $ty {
            const REFUSED: Option<&'static str> = first(&[$(<$of as WireType>::REFUSED),*]);
            fn describe($types: &mut Types) -> Type {
                $description
            }
        }
    };
}
std_types! {
    [] () => |_types| Type::Null;
    [] bool => |_types| Type::Bool;
    [] char => |_types| Type::String;
    [] String => |_types| Type::String;
    [] i8 => |_types| Type::Number;
    [] i16 => |_types| Type::Number;
    [] i32 => |_types| Type::Number;
    [] i64 => |_types| Type::Number;
    [] isize => |_types| Type::Number;
    [] u8 => |_types| Type::Number;
    [] u16 => |_types| Type::Number;
    [] u32 => |_types| Type::Number;
    [] u64 => |_types| Type::Number;
    [] usize => |_types| Type::Number;
    [] f32 => |_types| Type::Number;
    [] f64 => |_types| Type::Number;
    [T: Leaf] Option<T>, T => |types| Type::Nullable(Box::new(T::describe(types)));
    [T: Leaf] Box<T>, T => |types| T::describe(types);
    [T: Leaf] Vec<T>, T => |types| Type::Array(Box::new(T::describe(types))), "List";
    [T: Leaf + Ord] BTreeSet<T>, T => |types| Type::Array(Box::new(T::describe(types))), "Map";
    [T: Leaf + Eq + Hash, S: BuildHasher + Clone + Send + Sync + 'static] HashSet<T, S>, T =>
        |types| Type::Array(Box::new(T::describe(types))), "Map";
    [K: Leaf + Ord, V: Leaf] BTreeMap<K, V>, K, V => |types| record::<K, V>(types), "Map";
    [K: Leaf + Eq + Hash, V: Leaf, S: BuildHasher + Clone + Send + Sync + 'static] HashMap<K, V, S>, K, V =>
        |types| record::<K, V>(types), "Map";
    [A: Leaf] (A,), A => |types| Type::Tuple(vec![A::describe(types)]);
    [A: Leaf, B: Leaf] (A, B), A, B => |types| Type::Tuple(vec![A::describe(types), B::describe(types)]);
    [A: Leaf, B: Leaf, C: Leaf] (A, B, C), A, B, C =>
        |types| Type::Tuple(vec![A::describe(types), B::describe(types), C::describe(types)]);
}

/// Why the first of these does not travel that does not.
pub(crate) const fn first(refused: &[Option<&'static str>]) -> Option<&'static str> {
    let mut at = 0;
    while at < refused.len() {
        if refused[at].is_some() {
            return refused[at];
        }
        at += 1;
    }
    None
}

/// The description of a map.
pub(crate) fn record<K: WireType, V: WireType>(types: &mut Types) -> Type {
    Type::Record(Box::new(K::describe(types)), Box::new(V::describe(types)))
}

/// May be the key of a [`Map`](crate::map::Map): travels as an object's key. Strings, integers, and types marked
/// `#[live_type]` that hold nothing else or are enums of plain names.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a map's key",
    note = "a key is a `String`, an integer, a `#[live_type]` struct around one of these, or a `#[live_type]` enum of plain names"
)]
pub trait MapKey: WireType + Ord + Clone + Send + Sync + 'static {
    /// The key as it travels: exactly as serde writes it as a key.
    fn wire(&self) -> Cow<'_, str>;
}
impl MapKey for String {
    fn wire(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}
macro_rules! integer_keys {
    ($($ty:ty),*) => { $(
        impl MapKey for $ty {
            fn wire(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }
        }
    )* };
}
integer_keys!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);
