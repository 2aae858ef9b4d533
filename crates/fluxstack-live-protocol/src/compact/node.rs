//! A value between its two encodings: a tree that borrows its texts from what it was read from.
use serde::{
    Deserialize, Serialize,
    de::{Deserializer, Error, MapAccess, SeqAccess, Visitor},
    ser::Serializer,
};
use std::{borrow::Cow, fmt};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    Unsigned(u64),
    /// Below zero.
    Negative(i64),
    /// Always finite. Read from JSON, it is no integer within ±2^53, but for `-0.0`.
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    /// In its order; no key is there twice.
    Map(Map<'a>),
}

/// The fields of an object, in their order.
pub(crate) type Map<'a> = Vec<(Cow<'a, str>, Node<'a>)>;

impl<'a> Node<'a> {
    /// Fails on what is not JSON, and on values that nest more than 127 deep.
    pub(crate) fn from_json(json: &'a [u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(json)
    }
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a node is JSON")
    }
    pub(crate) fn text(text: &'a str) -> Self {
        Node::Text(Cow::Borrowed(text))
    }
    /// How deep arrays and objects nest, and how many values there are.
    pub(crate) fn extent(&self) -> (usize, usize) {
        fn around<'n>(parts: impl Iterator<Item = &'n Node<'n>>) -> (usize, usize) {
            parts
                .map(Node::extent)
                .fold((1, 1), |(depth, values), (inner, more)| (depth.max(inner + 1), values + more))
        }
        match self {
            Node::List(items) => around(items.iter()),
            Node::Map(fields) => around(fields.iter().map(|(_, value)| value)),
            Node::Null | Node::Bool(_) | Node::Text(_) => (0, 1),
            Node::Unsigned(_) | Node::Negative(_) | Node::Float(_) => (0, 1),
        }
    }
    pub(crate) fn signed(n: i64) -> Self {
        u64::try_from(n).map_or(Node::Negative(n), Node::Unsigned)
    }
    /// A number that JSON has with a fraction or an exponent.
    fn float(n: f64) -> Self {
        const MAX: f64 = crate::strict::MAX_INTEGER as f64;
        let is_integer = n.fract() == 0.0 && n.abs() <= MAX && !(n == 0.0 && n.is_sign_negative());
        if is_integer { Node::signed(n as i64) } else { Node::Float(n) }
    }
}

/// Takes a field out of an object.
pub(crate) fn take<'a>(map: &mut Map<'a>, name: &str) -> Option<Node<'a>> {
    let at = map.iter().position(|(field, _)| field == name)?;
    Some(map.remove(at).1)
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => serializer.serialize_unit(),
            Node::Bool(it) => serializer.serialize_bool(*it),
            Node::Unsigned(it) => serializer.serialize_u64(*it),
            Node::Negative(it) => serializer.serialize_i64(*it),
            Node::Float(it) => serializer.serialize_f64(*it),
            Node::Text(it) => serializer.serialize_str(it),
            Node::List(items) => serializer.collect_seq(items),
            Node::Map(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Node<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Read::value)
    }
}

/// A value as serde hands it out.
enum Read<'a> {
    Value(Node<'a>),
    /// An owned text, as no text of JSON comes: the digits of a number, with serde_json's feature `arbitrary_precision`,
    /// which any crate may turn on.
    Digits(Node<'a>),
}

impl<'a> Read<'a> {
    fn value(self) -> Node<'a> {
        match self {
            Read::Value(value) | Read::Digits(value) => value,
        }
    }
}

impl<'de> Deserialize<'de> for Read<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Read<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Read::Value(Node::Null))
    }
    fn visit_bool<E: Error>(self, it: bool) -> Result<Self::Value, E> {
        Ok(Read::Value(Node::Bool(it)))
    }
    fn visit_u64<E: Error>(self, it: u64) -> Result<Self::Value, E> {
        Ok(Read::Value(Node::Unsigned(it)))
    }
    fn visit_i64<E: Error>(self, it: i64) -> Result<Self::Value, E> {
        Ok(Read::Value(Node::signed(it)))
    }
    fn visit_f64<E: Error>(self, it: f64) -> Result<Self::Value, E> {
        Ok(Read::Value(Node::float(it)))
    }
    fn visit_borrowed_str<E: Error>(self, it: &'de str) -> Result<Self::Value, E> {
        Ok(Read::Value(Node::text(it)))
    }
    fn visit_str<E: Error>(self, it: &str) -> Result<Self::Value, E> {
        Ok(Read::Value(Node::Text(Cow::Owned(it.to_owned()))))
    }
    fn visit_string<E: Error>(self, digits: String) -> Result<Self::Value, E> {
        let whole = digits.parse().map(Node::Unsigned).or_else(|_| digits.parse().map(Node::signed));
        let number = whole.or_else(|_| digits.parse().map(Node::float));
        number.map(Read::Digits).map_err(|_| E::custom("a number no double can hold"))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Read::Value(Node::List(items)))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Map::new();
        while let Some(Node::Text(name)) = map.next_key()? {
            match map.next_value()? {
                Read::Value(value) => fields.push((name, value)),
                number @ Read::Digits(_) => return Ok(Read::Value(number.value())),
            }
        }
        Ok(Read::Value(Node::Map(fields)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_an_integer_where_it_is_one() {
        let read = |json: &'static str| Node::from_json(json.as_bytes()).unwrap();
        assert_eq!(read("1"), Node::Unsigned(1));
        assert_eq!(read("1.0"), Node::Unsigned(1));
        assert_eq!(read("-2e2"), Node::Negative(-200));
        assert_eq!(read("9007199254740992.0"), Node::Unsigned(1 << 53));
        assert_eq!(read("9007199254740994.0"), Node::Float(9_007_199_254_740_994.0));
        assert_eq!(read("18446744073709551615"), Node::Unsigned(u64::MAX));
        assert_eq!(read("-9223372036854775808"), Node::Negative(i64::MIN));
        assert_eq!(read("0.5"), Node::Float(0.5));
        let Node::Float(zero) = read("-0.0") else { panic!("an integer has no minus zero") };
        assert!(zero == 0.0 && zero.is_sign_negative());
    }

    #[test]
    fn digits_by_another_way_of_serde_json_are_a_number() {
        let digits = |text: &str| Reader.visit_string::<serde_json::Error>(text.to_owned()).map(Read::value);
        assert_eq!(digits("7").unwrap(), Node::Unsigned(7));
        assert_eq!(digits("-7").unwrap(), Node::Negative(-7));
        assert_eq!(digits("0.25").unwrap(), Node::Float(0.25));
        assert!(digits("x").is_err());
    }

    #[test]
    fn what_nests_too_deep_is_an_error() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Node::from_json(nested(127).as_bytes()).is_ok());
        assert!(Node::from_json(nested(128).as_bytes()).is_err());
    }
}
