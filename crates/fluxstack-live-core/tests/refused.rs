//! What has no place in a browser's numbers is refused wherever it is inside, by each type that may hold it.
extern crate fluxstack_live_core as fluxstack_live;

use fluxstack_live::{
    actions::{ActionError, Reply},
    failure::Failed,
    feed::Feed,
    list::List,
    map::Map,
    value::WireType,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    time::Duration,
};

fn is_refused<T: WireType>() -> bool {
    T::REFUSED.is_some()
}

#[test]
fn a_type_is_refused_with_any_part_of_it() {
    assert!(is_refused::<i128>() && is_refused::<u128>() && is_refused::<Duration>());
    for (of, is_refused) in [
        ("Option", is_refused::<Option<i128>>()),
        ("Box", is_refused::<Box<i128>>()),
        ("Vec", is_refused::<Vec<i128>>()),
        ("BTreeSet", is_refused::<BTreeSet<i128>>()),
        ("HashSet", is_refused::<HashSet<i128>>()),
        ("BTreeMap", is_refused::<BTreeMap<String, i128>>()),
        ("HashMap", is_refused::<HashMap<String, i128>>()),
        ("the first of a tuple", is_refused::<(i128, i64)>()),
        ("the last of a tuple", is_refused::<(i64, i64, i128)>()),
        ("List", is_refused::<List<i128>>()),
        ("Feed", is_refused::<Feed<i128, 3>>()),
        ("Map", is_refused::<Map<String, i128>>()),
        ("far inside", is_refused::<Option<List<(i64, Feed<i128, 3>)>>>()),
    ] {
        assert!(is_refused, "{of}");
    }
    assert!(!is_refused::<(Option<List<i64>>, Feed<i64, 3>, Map<String, Vec<i64>>)>());
}

#[test]
fn so_is_what_an_action_returns_and_fails_with() {
    assert!(<Result<i128, String> as Reply>::REFUSED.is_some());
    assert!(<Result<i64, i128> as Reply>::REFUSED.is_some());
    assert!(<Result<i64, Failed<i128>> as Reply>::REFUSED.is_some());
    assert!(<Failed<i128> as ActionError>::REFUSED.is_some());
    assert!(<Result<i64, Failed<String>> as Reply>::REFUSED.is_none());
}
