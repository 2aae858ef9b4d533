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

#[live_type]
#[serde(
    rename = "other",
    rename_all = "snake_case",
    deny_unknown_fields,
    bound = "",
    remote = "i64",
    try_from = "i64",
    crate = "serde",
    expecting = "a struct",
    field_identifier,
    content = "c"
)]
struct OfContainers {
    #[serde(flatten)]
    flattened: Transparent,
    #[serde(skip_serializing, deserialize_with = "somewhere", borrow, bound = "")]
    others: i64,
    #[cfg_attr(all(), serde(rename = "conditional"))]
    conditional: i64,
}

#[live_type]
#[serde(untagged, into = "i64", from = "i64", default)]
enum OfEnums {
    #[serde(
        rename = "other",
        alias = "old",
        skip,
        skip_serializing,
        skip_deserializing,
        serialize_with = "somewhere",
        deserialize_with = "somewhere",
        with = "somewhere",
        bound = "",
        borrow
    )]
    OfVariants(#[serde(default, flatten)] i64),
    Fields {
        #[serde(rename = "other", flatten, default)]
        field: i64,
    },
}

#[live_type]
struct OfTuples(#[serde(default)] i64, #[serde(skip)] i64);

#[derive(serde::Serialize, LiveComponent)]
#[serde(crate = "serde", rename_all = "snake_case")]
struct Component {
    #[live]
    #[serde(rename = "other")]
    shown: i64,
    #[live(bind, leaf)]
    #[cfg_attr(all(), serde(skip))]
    conditional: i64,
    #[serde(skip)]
    server_only: i64,
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
