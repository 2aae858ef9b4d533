//! Only values a browser can hold leave the server: a thin wrapper around any codec's serializer. It fails on NaN and
//! infinities (serde_json would write null), on integers beyond ±2^53, and on map keys that clients must refuse.
use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// The largest integer that a JavaScript number holds exactly, with its predecessor: 2^53.
pub const MAX_INTEGER: u64 = 1 << 53;

/// Writes a value as JSON, or says why a browser could not hold it.
pub fn write_json<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> serde_json::Result<()> {
    value.serialize(Strict::<_>(&mut serde_json::Serializer::new(out)))
}

/// Keys of no map: clients refuse them in paths, because careless ones would change every object there is.
pub const REFUSED_KEYS: [&str; 3] = ["__proto__", "constructor", "prototype"];

/// Writes a map's key as JSON, or says why no client would take it.
pub fn write_key(name: &str, out: &mut Vec<u8>) -> serde_json::Result<()> {
    key(name)?;
    serde_json::to_writer(out, name)
}

/// A serializer, or a part of one, that lets only such values through; a map's key if `KEY`.
struct Strict<S, const KEY: bool = false>(S);

/// A value whose parts are written strictly.
struct Value<'a, T: ?Sized, const KEY: bool = false>(&'a T);
impl<T: Serialize + ?Sized, const KEY: bool> Serialize for Value<'_, T, KEY> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Strict::<S, KEY>(serializer))
    }
}

fn key<E: Error>(name: &str) -> Result<(), E> {
    let is_refused = REFUSED_KEYS.contains(&name);
    if is_refused { Err(E::custom(format_args!("the map key `{name}` cannot be sent"))) } else { Ok(()) }
}
fn integer<E: Error>(fits: bool) -> Result<(), E> {
    if fits { Ok(()) } else { Err(E::custom("an integer beyond 2^53 cannot be held by a browser")) }
}
fn finite<E: Error>(is_finite: bool) -> Result<(), E> {
    if is_finite { Ok(()) } else { Err(E::custom("NaN and infinities cannot be sent")) }
}

macro_rules! forward {
    ($($name:ident: $type:ty,)*) => { $(fn $name(self, v: $type) -> Result<S::Ok, S::Error> { self.0.$name(v) })* };
}

impl<S: Serializer, const KEY: bool> Serializer for Strict<S, KEY> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Strict<S::SerializeSeq>;
    type SerializeTuple = Strict<S::SerializeTuple>;
    type SerializeTupleStruct = Strict<S::SerializeTupleStruct>;
    type SerializeTupleVariant = Strict<S::SerializeTupleVariant>;
    type SerializeMap = Strict<S::SerializeMap>;
    type SerializeStruct = Strict<S::SerializeStruct>;
    type SerializeStructVariant = Strict<S::SerializeStructVariant>;

    forward! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_u8: u8,
        serialize_u16: u16, serialize_u32: u32, serialize_char: char, serialize_bytes: &[u8], serialize_unit_struct: &'static str,
    }
    fn serialize_str(self, v: &str) -> Result<S::Ok, S::Error> {
        if KEY {
            key(v)?;
        }
        self.0.serialize_str(v)
    }
    fn serialize_i64(self, v: i64) -> Result<S::Ok, S::Error> {
        integer(v.unsigned_abs() <= MAX_INTEGER)?;
        self.0.serialize_i64(v)
    }
    fn serialize_i128(self, v: i128) -> Result<S::Ok, S::Error> {
        integer(v.unsigned_abs() <= u128::from(MAX_INTEGER))?;
        self.0.serialize_i128(v)
    }
    fn serialize_u64(self, v: u64) -> Result<S::Ok, S::Error> {
        integer(v <= MAX_INTEGER)?;
        self.0.serialize_u64(v)
    }
    fn serialize_u128(self, v: u128) -> Result<S::Ok, S::Error> {
        integer(v <= u128::from(MAX_INTEGER))?;
        self.0.serialize_u128(v)
    }
    fn serialize_f32(self, v: f32) -> Result<S::Ok, S::Error> {
        finite(v.is_finite())?;
        self.0.serialize_f32(v)
    }
    fn serialize_f64(self, v: f64) -> Result<S::Ok, S::Error> {
        finite(v.is_finite())?;
        self.0.serialize_f64(v)
    }
    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.0.serialize_none()
    }
    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.0.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.0.serialize_some(&Value::<T, KEY>(value))
    }
    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        self.0.serialize_unit_variant(name, index, variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.0.serialize_newtype_struct(name, &Value::<T, KEY>(value))
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.0.serialize_newtype_variant(name, index, variant, &Value::<T>(value))
    }
    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        self.0.serialize_seq(len).map(Strict::<_>)
    }
    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        self.0.serialize_tuple(len).map(Strict::<_>)
    }
    fn serialize_tuple_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        self.0.serialize_tuple_struct(name, len).map(Strict::<_>)
    }
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.0.serialize_tuple_variant(name, index, variant, len).map(Strict::<_>)
    }
    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        self.0.serialize_map(len).map(Strict::<_>)
    }
    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        self.0.serialize_struct(name, len).map(Strict::<_>)
    }
    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.0.serialize_struct_variant(name, index, variant, len).map(Strict::<_>)
    }
    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

macro_rules! list {
    ($($trait:ident $method:ident,)*) => { $(
        impl<S: $trait> $trait for Strict<S> {
            type Ok = S::Ok;
            type Error = S::Error;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                self.0.$method(&Value::<T>(value))
            }
            fn end(self) -> Result<S::Ok, S::Error> {
                self.0.end()
            }
        }
    )* };
}
list! {
    SerializeSeq serialize_element, SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field,
}

macro_rules! record {
    ($($trait:ident,)*) => { $(
        impl<S: $trait> $trait for Strict<S> {
            type Ok = S::Ok;
            type Error = S::Error;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), S::Error> {
                self.0.serialize_field(key, &Value::<T>(value))
            }
            fn end(self) -> Result<S::Ok, S::Error> {
                self.0.end()
            }
        }
    )* };
}
record! { SerializeStruct, SerializeStructVariant, }

impl<S: SerializeMap> SerializeMap for Strict<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.0.serialize_key(&Value::<T, true>(key))
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.0.serialize_value(&Value::<T>(value))
    }
    fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}

#[cfg(test)]
mod tests {
    use super::write_json;
    use serde::Serialize;
    use std::collections::BTreeMap;

    fn json<T: Serialize>(value: T) -> Result<String, String> {
        let mut out = Vec::new();
        write_json(&value, &mut out).map_err(|e| e.to_string())?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn numbers_a_browser_cannot_hold_are_errors_wherever_they_are() {
        #[derive(Serialize)]
        enum Shape {
            Struct { v: Vec<Option<f64>> },
            Newtype(f32),
            Tuple(u8, i64),
        }
        assert!(json(f64::NAN).is_err());
        assert!(json(Shape::Struct { v: vec![None, Some(f64::INFINITY)] }).is_err());
        assert!(json(Shape::Newtype(f32::NAN)).is_err());
        assert!(json(Shape::Tuple(1, -(1 << 53) - 1)).is_err());
        assert!(json(BTreeMap::from([("k", (1_u64 << 53) + 1)])).is_err());
        assert_eq!(json(Shape::Tuple(1, -(1 << 53))).unwrap(), r#"{"Tuple":[1,-9007199254740992]}"#);
        assert_eq!(
            json(Shape::Struct { v: vec![None, Some(0.5)] }).unwrap(),
            r#"{"Struct":{"v":[null,0.5]}}"#
        );
    }

    #[test]
    fn a_map_has_no_key_proto() {
        #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
        struct Wrapped(String);
        assert!(json(BTreeMap::from([("__proto__", 1)])).is_err());
        assert!(json(BTreeMap::from([(Wrapped("__proto__".into()), 1)])).is_err());
        assert_eq!(json(BTreeMap::from([("proto", "__proto__")])).unwrap(), r#"{"proto":"__proto__"}"#);
        assert_eq!(json(BTreeMap::from([(7_i64, ())])).unwrap(), r#"{"7":null}"#);
    }
}
