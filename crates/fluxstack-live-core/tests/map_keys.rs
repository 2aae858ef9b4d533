//! A key says how it travels, and that is what serde writes.
extern crate fluxstack_live_core as fluxstack_live;

use fluxstack_live::value::MapKey;
use fluxstack_live_macros::live_type;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
struct UserId(String);

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
struct Level(i64);

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
struct Around(UserId);

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
enum Mood {
    Calm,
    VeryBusy,
    r#Self_,
    #[cfg(any())]
    Never,
    ÄgerX,
}

fn travels_as_written<K: MapKey>(key: K) {
    let wire = key.wire().into_owned();
    let written = serde_json::to_value(BTreeMap::from([(key, 1)])).unwrap();
    assert_eq!(written, json!({ wire: 1 }));
}

proptest! {
    #[test]
    fn a_key_travels_as_serde_writes_it(text in any::<String>(), n in any::<i64>(), m in any::<u64>()) {
        travels_as_written(text.clone());
        travels_as_written(UserId(text.clone()));
        travels_as_written(Around(UserId(text)));
        travels_as_written(n);
        travels_as_written(m);
        travels_as_written(Level(n));
    }
}

#[test]
fn a_name_travels_as_serde_writes_it() {
    for mood in [Mood::Calm, Mood::VeryBusy, Mood::Self_, Mood::ÄgerX] {
        travels_as_written(mood);
    }
    assert_eq!(Mood::VeryBusy.wire(), "veryBusy");
}
