//! A description is true: what serde writes is what it says, what it says may be missing may be, and nothing else may.
extern crate fluxstack_live_core as fluxstack_live;

use fluxstack_live::{
    schema::{Field, Parts, Shape, Tagging, Type, Types, Variant},
    value::WireType,
};
use fluxstack_live_macros::live_type;
use proptest::{collection::*, prelude::*};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Debug,
};

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
struct Id(String);

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
enum Mood {
    Calm,
    VeryBusy,
    #[cfg(any())]
    Never,
}

#[live_type]
#[allow(non_snake_case)]
struct Named {
    two_words: Id,
    URL: Option<String>,
    #[serde(default)]
    counted: Vec<u8>,
    r#type: Mood,
    deep: Option<Box<Named>>,
    #[live(as = "string")]
    big: i128,
    #[live(as = "string")]
    maybe_big: Option<u64>,
    #[live(as = "string")]
    #[serde(default)]
    big_or_zero: isize,
    #[serde(default)]
    #[live(as = "string")]
    big_or_none: Option<u128>,
    #[cfg(any())]
    #[live(as = "string")]
    never: NoSuchType,
}

/// A number of many digits, that may be a key.
#[live_type]
#[derive(Eq, PartialOrd, Ord)]
struct Account(#[live(as = "string")] u64);

#[live_type]
struct Pair(i32, #[cfg(any())] NoSuchType, Option<bool>);
#[live_type]
struct OneOfTwo(#[cfg(any())] NoSuchType, Mood);
#[live_type]
struct NoneAtAll();
#[live_type]
struct Unit;
#[live_type]
struct Empty {}

#[live_type]
#[allow(non_snake_case)]
enum External {
    Unit,
    Newtype(Mood),
    Nullable(Option<i64>),
    Pair(i64, Pair),
    Fields {
        two_words: bool,
        URL: Option<bool>,
    },
    Digits(#[live(as = "string")] i64),
    Many(#[live(as = "string")] Option<usize>, #[live(as = "string")] i128),
    EmptyFields {},
    EmptyPair(),
    #[cfg(any())]
    Never(NoSuchType),
}

#[live_type]
#[serde(tag = "kind")]
#[allow(non_snake_case)]
enum Internal {
    Unit,
    Struct(Named),
    Fields {
        two_words: u32,
        URL: Option<f64>,
        #[live(as = "string")]
        big: u128,
    },
    EmptyFields {},
}

#[live_type]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Newtype(Vec<Internal>),
    Nullable(Option<Id>),
    Pair(i64, String),
    Fields { x: f32 },
    EmptyPair(),
}

#[live_type]
struct All {
    named: Named,
    pair: Pair,
    one: OneOfTwo,
    none: NoneAtAll,
    unit: Unit,
    empty: Empty,
    external: Vec<External>,
    internal: Internal,
    adjacent: (Adjacent, char),
    by_id: BTreeMap<Id, i64>,
    by_mood: BTreeMap<Mood, Option<f64>>,
    by_number: HashMap<i16, BTreeSet<bool>>,
    by_flag: BTreeMap<bool, ()>,
    by_account: BTreeMap<Account, Account>,
}

fn id() -> impl Strategy<Value = Id> + Clone {
    any::<String>().prop_map(Id)
}
fn mood() -> impl Strategy<Value = Mood> + Clone {
    prop_oneof![Just(Mood::Calm), Just(Mood::VeryBusy)]
}
fn named() -> impl Strategy<Value = Named> {
    let big = any::<(i128, Option<u64>, isize, Option<u128>)>();
    let flat = (id(), any::<Option<String>>(), any::<Vec<u8>>(), mood(), big).prop_map(
        |(two_words, url, counted, r#type, (big, maybe_big, big_or_zero, big_or_none))| Named {
            two_words,
            URL: url,
            counted,
            r#type,
            deep: None,
            big,
            maybe_big,
            big_or_zero,
            big_or_none,
        },
    );
    (flat.clone(), proptest::option::of(flat))
        .prop_map(|(named, deep)| Named { deep: deep.map(Box::new), ..named })
}
/// One that serde_json reads back to the last bit.
fn float() -> impl Strategy<Value = f64> {
    any::<i32>().prop_map(|n| f64::from(n) / 4.0)
}
fn pair() -> impl Strategy<Value = Pair> {
    any::<(i32, Option<bool>)>().prop_map(|(a, b)| Pair(a, b))
}
fn external() -> impl Strategy<Value = External> {
    prop_oneof![
        Just(External::Unit),
        mood().prop_map(External::Newtype),
        any::<Option<i64>>().prop_map(External::Nullable),
        (any::<i64>(), pair()).prop_map(|(a, b)| External::Pair(a, b)),
        any::<(bool, Option<bool>)>().prop_map(|(two_words, url)| External::Fields { two_words, URL: url }),
        any::<i64>().prop_map(External::Digits),
        any::<(Option<usize>, i128)>().prop_map(|(a, b)| External::Many(a, b)),
        Just(External::EmptyFields {}),
        Just(External::EmptyPair()),
    ]
}
fn internal() -> impl Strategy<Value = Internal> {
    prop_oneof![
        Just(Internal::Unit),
        named().prop_map(Internal::Struct),
        (any::<u32>(), proptest::option::of(float()), any::<u128>())
            .prop_map(|(two_words, url, big)| Internal::Fields { two_words, URL: url, big }),
        Just(Internal::EmptyFields {}),
    ]
}
fn adjacent() -> impl Strategy<Value = Adjacent> {
    prop_oneof![
        Just(Adjacent::Unit),
        vec(internal(), 0..3).prop_map(Adjacent::Newtype),
        proptest::option::of(id()).prop_map(Adjacent::Nullable),
        any::<(i64, String)>().prop_map(|(a, b)| Adjacent::Pair(a, b)),
        (-1000..1000).prop_map(|x| Adjacent::Fields { x: x as f32 }),
        Just(Adjacent::EmptyPair()),
    ]
}
fn all() -> impl Strategy<Value = All> {
    let structs = (named(), pair(), mood());
    let enums = (vec(external(), 0..4), internal(), (adjacent(), any::<char>()));
    let maps = (
        btree_map(id(), any::<i64>(), 0..3),
        btree_map(mood(), proptest::option::of(float()), 0..3),
        hash_map(any::<i16>(), btree_set(any::<bool>(), 0..3), 0..3),
        btree_map(any::<bool>(), Just(()), 0..3),
        btree_map(any::<u64>().prop_map(Account), any::<u64>().prop_map(Account), 0..3),
    );
    (structs, enums, maps).prop_map(|((named, pair, mood), (external, internal, adjacent), maps)| All {
        named,
        pair,
        one: OneOfTwo(mood),
        none: NoneAtAll(),
        unit: Unit,
        empty: Empty {},
        external,
        internal,
        adjacent,
        by_id: maps.0,
        by_mood: maps.1,
        by_number: maps.2,
        by_flag: maps.3,
        by_account: maps.4,
    })
}

/// Is the value one that the description promises of a server?
fn admits(types: &Types, ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::Null, _) => value.is_null(),
        (Type::Bool, _) => value.is_boolean(),
        (Type::Number, _) => value.is_number(),
        (Type::String, _) => value.is_string(),
        (Type::Digits, _) => value.as_str().is_some_and(is_integer),
        (Type::Unknown | Type::Written(_), _) => true,
        (Type::Array(of), Value::Array(items)) => items.iter().all(|item| admits(types, of, item)),
        (Type::Tuple(parts), Value::Array(items)) => {
            parts.len() == items.len()
                && parts.iter().zip(items).all(|(part, item)| admits(types, part, item))
        }
        (Type::Record(keys, values), Value::Object(entries)) => {
            let names = types.shape(keys).and_then(Shape::names);
            entries.iter().all(|(key, value)| {
                names.as_ref().is_none_or(|names| names.contains(&key.as_str()))
                    && admits(types, values, value)
            })
        }
        (Type::Array(_) | Type::Tuple(_) | Type::Record(..), _) => false,
        (Type::Nullable(of), _) => value.is_null() || admits(types, of, value),
        (Type::Named(place), _) => match &types.get(*place).shape {
            Shape::Struct(parts) => admits_parts(types, parts, value),
            Shape::Enum(tagging, variants) => {
                variants.iter().any(|it| admits_variant(types, *tagging, it, value))
            }
        },
    }
}

/// As one writes an integer, and no other way.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" && text == "0" || digits.starts_with(|first| ('1'..='9').contains(&first)))
}

fn admits_parts(types: &Types, parts: &Parts, value: &Value) -> bool {
    match (parts, value) {
        (Parts::Unit, _) => value.is_null(),
        (Parts::Unnamed(parts), _) if parts.len() == 1 => admits(types, &parts[0], value),
        (Parts::Unnamed(parts), _) => admits(types, &Type::Tuple(parts.clone()), value),
        (Parts::Named(fields), Value::Object(entries)) => {
            let is_there =
                |field: &Field| entries.get(field.name).is_some_and(|it| admits(types, &field.ty, it));
            fields.len() == entries.len() && fields.iter().all(is_there)
        }
        (Parts::Named(_), _) => false,
    }
}

fn admits_variant(types: &Types, tagging: Tagging, variant: &Variant, value: &Value) -> bool {
    let Variant { name, parts, .. } = variant;
    let has_content = !matches!(parts, Parts::Unit);
    match tagging {
        Tagging::External if !has_content => value == name,
        Tagging::External => {
            let entries = value.as_object().filter(|entries| entries.len() == 1);
            entries.and_then(|it| it.get(*name)).is_some_and(|it| admits_parts(types, parts, it))
        }
        Tagging::Internal(tag) => {
            let mut entries = value.as_object().cloned().unwrap_or_default();
            let is_it = entries.remove(tag).is_some_and(|it| it == *name);
            is_it
                && if has_content { admits_parts(types, parts, &entries.into()) } else { entries.is_empty() }
        }
        Tagging::Adjacent(tag, content) => {
            let mut entries = value.as_object().cloned().unwrap_or_default();
            let is_it = entries.remove(tag).is_some_and(|it| it == *name);
            let held = entries.remove(content);
            let fits = held.map_or(!has_content, |held| has_content && admits_parts(types, parts, &held));
            is_it && fits && entries.is_empty()
        }
    }
}

fn is_as_described<T: WireType + DeserializeOwned + PartialEq + Debug>(
    value: &T,
) -> Result<(), TestCaseError> {
    let mut types = Types::default();
    let ty = T::describe(&mut types);
    let written = serde_json::to_value(value).unwrap();
    prop_assert!(admits(&types, &ty, &written), "{written} is not as described");
    prop_assert_eq!(&read::<T>(&written).unwrap(), value);
    let Type::Named(place) = ty else { return Ok(()) };
    if let Shape::Struct(Parts::Named(fields)) = &types.get(place).shape {
        for field in fields {
            let without = without(&written, field.name);
            let may_be_missing = read::<T>(&without).is_ok();
            prop_assert_eq!(may_be_missing, field.may_be_missing(), "without `{}`", field.name);
        }
    }
    Ok(())
}

/// As the engine reads it, which is from text.
fn read<T: DeserializeOwned>(value: &Value) -> serde_json::Result<T> {
    serde_json::from_str(&value.to_string())
}

fn without(value: &Value, name: &str) -> Value {
    let mut entries: Map<String, Value> = value.as_object().unwrap().clone();
    entries.remove(name).unwrap();
    entries.into()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_written_is_as_described_and_comes_back(all in all()) {
        is_as_described(&all)?;
        is_as_described(&all.named)?;
        is_as_described(&all.pair)?;
        is_as_described(&all.external)?;
        is_as_described(&all.internal)?;
        is_as_described(&all.adjacent)?;
    }
}

#[test]
fn what_is_not_as_described_is_told_apart() {
    let mut types = Types::default();
    let (named, internal) = (Named::describe(&mut types), Internal::describe(&mut types));
    let whole = json!({
        "twoWords": "a", "URL": null, "counted": [], "type": "calm", "deep": null,
        "big": "-5", "maybeBig": null, "bigOrZero": "0", "bigOrNone": "7",
    });
    assert!(admits(&types, &named, &whole));
    assert!(!admits(&types, &named, &without(&whole, "URL")), "the server sends all");
    for (field, wrong) in [("URL", json!(1)), ("big", json!(-5)), ("bigOrZero", json!("-0"))] {
        let mut other = whole.clone();
        other[field] = wrong;
        assert!(!admits(&types, &named, &other), "{other}");
    }
    assert!(admits(&types, &internal, &json!({"kind": "unit"})));
    assert!(!admits(&types, &internal, &json!({"kind": "unit", "more": 1})));
    assert!(!admits(&types, &internal, &json!({"kind": "other"})));
}

#[test]
fn a_tagged_enum_is_read_from_an_object_only() {
    let internal = |value: Value| serde_json::from_value::<Internal>(value).is_ok();
    assert!(internal(json!({ "kind": "fields", "twoWords": 1, "URL": null, "big": "1" })));
    assert!(!internal(json!(["fields", 1, null, "1"])));
    assert!(!internal(json!(["unit"])));
    let adjacent = |value: Value| serde_json::from_value::<Adjacent>(value).is_ok();
    assert!(adjacent(json!({ "t": "pair", "c": [1, "a"] })));
    assert!(!adjacent(json!(["pair", [1, "a"]])));
    assert!(!adjacent(json!({ "t": "newtype", "c": [["unit"]] })));
}
