use fluxstack_live::{__private::MapKey, prelude::*};

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
struct OnlyOrdered(bool);

#[live_type]
struct NoOrder(String);

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
enum NotPlain {
    Plain,
    Other(i64),
}

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
#[serde(tag = "kind")]
enum Tagged {
    Plain,
}

fn key<K: MapKey>() {}

fn main() {
    key::<OnlyOrdered>();
    key::<NoOrder>();
    key::<NotPlain>();
    key::<Tagged>();
}
