use fluxstack_live::{__private::serde, prelude::*};

#[live_type]
#[serde(tag = "type")]
struct Tagged {
    count: i64,
}

#[live_type]
#[serde(default)]
struct AllDefault {
    count: i64,
}

#[live_type]
#[serde(from = "i64", into = "i64")]
struct Converted(i64);

#[live_type]
#[serde(transparent)]
struct Transparent {
    count: i64,
}

#[live_type]
#[serde(rename_all(serialize = "snake_case", deserialize = "camelCase"))]
struct Asymmetric {
    #[serde(rename(serialize = "one", deserialize = "other"))]
    two_words: i64,
    #[serde(alias = "old")]
    aliased: i64,
    #[serde(skip)]
    skipped: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sometimes: Option<i64>,
    #[serde(with = "somewhere")]
    with: i64,
    #[serde(serialize_with = "somewhere")]
    one_way: i64,
    #[serde(default = "zero", getter = "zero")]
    defaulted: i64,
}

fn zero() -> i64 {
    0
}

#[live_type]
#[serde(rename_all_fields = "UPPERCASE", variant_identifier)]
enum Words {
    #[serde(other)]
    Other,
    #[serde(untagged)]
    Untagged(i64),
    #[serde(rename_all = "UPPERCASE")]
    Fields {
        #[serde(skip_deserializing)]
        skipped: i64,
    },
}

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(crate = "serde")]
struct Foreign;

#[live_type]
enum WithForeign {
    Foreign(Foreign),
}

#[live_type]
#[derive(Default, serde::Serialize, Clone)]
struct Derived {
    count: i64,
}

#[live_type]
#[derive(serde::Serialize, serde::Deserialize)]
enum BothDerived {
    One,
}

fn main() {}
