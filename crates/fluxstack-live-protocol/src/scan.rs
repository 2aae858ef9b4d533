//! What is refused before anything is decoded: depth, number of values, repeated keys. One pass, nothing kept.
//! (serde_json's own depth limit is 127 and cannot be lowered, and it keeps the last of two equal keys.)
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::{borrow::Cow, collections::HashSet, fmt};

/// The deepest nesting of arrays and objects in one message.
pub const MAX_DEPTH: usize = 32;
/// The most values (objects, arrays and scalars) in one message.
pub const MAX_VALUES: usize = 4096;

/// Fails on text that is not exactly one JSON value within the limits.
pub fn check(text: &str) -> serde_json::Result<()> {
    let mut values = 0;
    let mut reader = serde_json::Deserializer::from_str(text);
    Scan { depth: 0, values: &mut values }.deserialize(&mut reader)?;
    reader.end()
}

struct Scan<'s> {
    depth: usize,
    values: &'s mut usize,
}

impl Scan<'_> {
    fn count<E: Error>(&mut self) -> Result<(), E> {
        *self.values += 1;
        if *self.values > MAX_VALUES { Err(E::custom("too many values")) } else { Ok(()) }
    }
    fn inner<E: Error>(&mut self) -> Result<Scan<'_>, E> {
        self.count()?;
        if self.depth == MAX_DEPTH {
            return Err(E::custom("nested too deeply"));
        }
        Ok(Scan { depth: self.depth + 1, values: self.values })
    }
}

impl<'de> DeserializeSeed<'de> for Scan<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Scan<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E: Error>(mut self, _: bool) -> Result<(), E> {
        self.count()
    }
    fn visit_i64<E: Error>(mut self, _: i64) -> Result<(), E> {
        self.count()
    }
    fn visit_u64<E: Error>(mut self, _: u64) -> Result<(), E> {
        self.count()
    }
    fn visit_f64<E: Error>(mut self, _: f64) -> Result<(), E> {
        self.count()
    }
    fn visit_str<E: Error>(mut self, _: &str) -> Result<(), E> {
        self.count()
    }
    fn visit_unit<E: Error>(mut self) -> Result<(), E> {
        self.count()
    }
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        let mut inner = self.inner()?;
        while seq.next_element_seed(Scan { depth: inner.depth, values: inner.values })?.is_some() {
            inner = Scan { depth: inner.depth, values: inner.values };
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut next = map.next_key()?;
        // With serde_json's feature `arbitrary_precision`, which any crate may turn on, a number comes as this map.
        if let Some(Key(key)) = &next
            && key == "$serde_json::private::Number"
        {
            self.count()?;
            return map.next_value().map(|Token| ());
        }
        let inner = self.inner()?;
        let mut seen = Keys::default();
        while let Some(Key(key)) = next {
            if is_reserved(&key) || !seen.insert(key) {
                return Err(A::Error::custom("a repeated or reserved key"));
            }
            map.next_value_seed(Scan { depth: inner.depth, values: inner.values })?;
            next = map.next_key()?;
        }
        Ok(())
    }
}

struct Key<'de>(Cow<'de, str>);
impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E: Error>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// The text of a number that serde_json made a map of. It hands out an owned string; an object in the message that only
/// looks like it has a borrowed one, and is refused.
struct Token;
impl<'de> serde::Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Owned;
        impl Visitor<'_> for Owned {
            type Value = Token;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_str<E: Error>(self, _: &str) -> Result<Token, E> {
                Err(E::custom("an object with a reserved key"))
            }
            fn visit_string<E: Error>(self, number: String) -> Result<Token, E> {
                let is_finite = number.parse::<f64>().is_ok_and(f64::is_finite);
                if is_finite { Ok(Token) } else { Err(E::custom("a number no double can hold")) }
            }
        }
        deserializer.deserialize_any(Owned)
    }
}

/// Whether serde_json reads an object with this key as something else than an object.
pub(crate) fn is_reserved(key: &str) -> bool {
    key.starts_with("$serde_json::")
}

/// Keys of one object: looked through while few, hashed when many.
#[derive(Default)]
pub(crate) struct Keys<'de> {
    few: Vec<Cow<'de, str>>,
    many: HashSet<Cow<'de, str>>,
}

impl<'de> Keys<'de> {
    const FEW: usize = 16;
    /// False if it is there already.
    pub(crate) fn insert(&mut self, key: Cow<'de, str>) -> bool {
        if self.many.is_empty() && self.few.len() < Self::FEW {
            let is_new = !self.few.contains(&key);
            self.few.push(key);
            return is_new;
        }
        self.many.extend(self.few.drain(..));
        self.many.insert(key)
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn the_limits_are_exact() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(check(&nested(32)).is_ok());
        assert!(check(&nested(33)).is_err());
        assert!(check(&nested(32).replace("[]", "[1.5, 12345678901234567890123]")).is_ok());
        assert!(check(&"[".repeat(1_000_000)).is_err());
        let list = |n: usize| format!("[{}]", vec!["0"; n].join(","));
        assert!(check(&list(4095)).is_ok());
        assert!(check(&list(4096)).is_err());
    }

    #[test]
    fn repeated_keys_are_refused_wherever_they_are() {
        assert!(check(r#"{"a":1,"b":{"a":1}}"#).is_ok());
        assert!(check(r#"{"a":1,"a":1}"#).is_err());
        assert!(check(r#"{"x":[{"a":1,"\u0061":1}]}"#).is_err());
        let many = |last: &str| {
            let keys: Vec<String> = (0..40).map(|i| format!("\"k{i}\":0")).collect();
            format!("{{{},\"{last}\":0}}", keys.join(","))
        };
        assert!(check(&many("k40")).is_ok());
        assert!(check(&many("k3")).is_err());
    }

    #[test]
    fn an_object_that_looks_like_a_number_to_serde_json_is_refused() {
        for text in [
            r#"{"$serde_json::private::Number":"1"}"#,
            r#"{"$serde_json::private::Number":"\u0031"}"#,
            r#"{"\u0024serde_json::private::Number":"1"}"#,
            r#"{"$serde_json::private::RawValue":"1"}"#,
            r#"{"a":1,"$serde_json::private::Number":"1"}"#,
        ] {
            assert!(check(text).is_err(), "{text}");
        }
        assert!(check("[1.5, -0.25e2, 12345678901234567890123]").is_ok());
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["", "nul", "{}x", "1e400", "\u{feff}{}", r#""\ud800""#, "{\"a\":1,}", "[1 2]", "\0"] {
            assert!(check(text).is_err(), "{text:?}");
        }
    }
}
