use fluxstack_live::prelude::*;

#[live_type]
struct Renamed {
    #[serde(rename = "other")]
    name: String,
    #[serde(flatten)]
    more: Inner,
}

#[live_type]
struct Inner {}

#[live_type]
#[serde(untagged)]
enum Untagged {
    One(i64),
}

#[live_type]
struct Generic<T> {
    value: T,
}

fn main() {}
