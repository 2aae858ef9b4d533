//! Random use of every method of a map: it does what `BTreeMap` does, a client that applies what was sent holds the same, and
//! undoing gives what was there.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    feed::Feed,
    map::{Entry, Map},
};
use fluxstack_live_macros::live_type;
use proptest::{prelude::*, sample::select};
use std::{collections::BTreeMap, mem};
use support::{panics, watched::Watched};

#[live_type]
#[derive(Default)]
struct Item {
    n: i64,
    log: Feed<i64, 3>,
}

#[derive(Clone, Copy, Debug)]
enum Method {
    Insert,
    Extend,
    Append,
    Remove,
    RemoveEntry,
    PopFirst,
    PopLast,
    Clear,
    Retain,
    GetMut,
    IterMut,
    ValuesMut,
    OrInsert,
    OrInsertWith,
    OrInsertWithKey,
    OrDefault,
    AndModify,
    InsertEntry,
    EntryInsert,
    EntryGetMut,
    EntryRemove,
    EntryLook,
    FirstEntry,
    LastEntry,
    Assign,
    Take,
    SwapLogs,
    PanickingRetain,
    PanickingEntry,
}

use Method::*;
const METHODS: [Method; 29] = [
    Insert,
    Extend,
    Append,
    Remove,
    RemoveEntry,
    PopFirst,
    PopLast,
    Clear,
    Retain,
    GetMut,
    IterMut,
    ValuesMut,
    OrInsert,
    OrInsertWith,
    OrInsertWithKey,
    OrDefault,
    AndModify,
    InsertEntry,
    EntryInsert,
    EntryGetMut,
    EntryRemove,
    EntryLook,
    FirstEntry,
    LastEntry,
    Assign,
    Take,
    SwapLogs,
    PanickingRetain,
    PanickingEntry,
];

/// A call; the keys choose among what is there.
#[derive(Clone, Debug)]
struct Call {
    method: Method,
    key: i64,
    other: i64,
    keys: Vec<i64>,
}

fn call() -> impl Strategy<Value = Call> {
    let keys = prop::collection::vec(0..7_i64, 0..4);
    (select(&METHODS), 0..7_i64, 0..7_i64, keys).prop_map(|(method, key, other, keys)| Call {
        method,
        key,
        other,
        keys,
    })
}

fn item(n: i64) -> Item {
    Item { n, log: Feed::from([n, n]) }
}

/// What is done to a value that was handed out.
fn change(item: &mut Item, n: i64) {
    item.n += n % 3;
    item.log.push(n);
}

fn apply(map: &mut Map<i64, Item>, tree: &mut BTreeMap<i64, Item>, Call { method, key, other, keys }: Call) {
    let entries = || keys.iter().map(|key| (*key, item(other)));
    match method {
        Insert => assert_eq!(map.insert(key, item(other)), tree.insert(key, item(other))),
        Extend => {
            map.extend(entries());
            tree.extend(entries());
        }
        Append => {
            let mut more = entries().collect();
            map.append(&mut more);
            assert!(more.is_empty());
            tree.extend(entries());
        }
        Remove => assert_eq!(map.remove(&key), tree.remove(&key)),
        RemoveEntry => assert_eq!(map.remove_entry(&key), tree.remove_entry(&key)),
        PopFirst => assert_eq!(map.pop_first(), tree.pop_first()),
        PopLast => assert_eq!(map.pop_last(), tree.pop_last()),
        Clear => {
            map.clear();
            tree.clear();
        }
        Retain => {
            map.retain(|key, item| (key + item.n) % 3 != other % 3);
            tree.retain(|key, item| (*key + item.n) % 3 != other % 3);
        }
        GetMut => {
            map.get_mut(&key).into_iter().for_each(|item| change(item, other));
            tree.get_mut(&key).into_iter().for_each(|item| change(item, other));
        }
        IterMut => {
            map.iter_mut().for_each(|(key, item)| change(item, *key));
            tree.iter_mut().for_each(|(key, item)| change(item, *key));
        }
        ValuesMut => {
            map.values_mut().for_each(|item| change(item, other));
            tree.values_mut().for_each(|item| change(item, other));
        }
        OrInsert => {
            change(map.entry(key).or_insert(item(other)), other);
            change(tree.entry(key).or_insert(item(other)), other);
        }
        OrInsertWith => {
            change(map.entry(key).or_insert_with(|| item(other)), 1);
            change(tree.entry(key).or_insert_with(|| item(other)), 1);
        }
        OrInsertWithKey => {
            assert_eq!(
                map.entry(key).or_insert_with_key(|key| item(*key)),
                tree.entry(key).or_insert_with(|| item(key))
            );
        }
        OrDefault => assert_eq!(map.entry(key).or_default(), tree.entry(key).or_default()),
        AndModify => {
            map.entry(key).and_modify(|item| change(item, other)).or_insert(item(1));
            tree.entry(key).and_modify(|item| change(item, other)).or_insert(item(1));
        }
        InsertEntry => {
            change(map.entry(key).insert_entry(item(other)).get_mut(), 2);
            change(tree.entry(key).insert_entry(item(other)).get_mut(), 2);
        }
        EntryInsert => match map.entry(key) {
            Entry::Occupied(mut entry) => {
                assert_eq!(Some(entry.insert(item(other))), tree.insert(key, item(other)))
            }
            Entry::Vacant(entry) => {
                change(entry.insert(item(other)), other);
                change(tree.entry(key).or_insert(item(other)), other);
            }
        },
        EntryGetMut => match map.entry(key) {
            Entry::Occupied(entry) => {
                change(entry.into_mut(), other);
                change(tree.get_mut(&key).unwrap(), other);
            }
            Entry::Vacant(entry) => assert_eq!(entry.into_key(), key),
        },
        EntryRemove => match map.entry(key) {
            Entry::Occupied(entry) => assert_eq!(Some(entry.remove()), tree.remove(&key)),
            Entry::Vacant(_) => assert!(!tree.contains_key(&key)),
        },
        EntryLook => {
            let entry = map.entry(key);
            assert_eq!(entry.key(), &key);
            let there = if let Entry::Occupied(entry) = &entry { Some(entry.get()) } else { None };
            assert_eq!(there, tree.get(&key));
        }
        FirstEntry => {
            map.first_entry().into_iter().for_each(|mut entry| change(entry.get_mut(), other));
            tree.first_entry().into_iter().for_each(|mut entry| change(entry.get_mut(), other));
        }
        LastEntry => {
            assert_eq!(map.last_entry().map(|entry| entry.remove_entry()), tree.pop_last());
        }
        Assign => {
            *map = entries().collect();
            *tree = entries().collect();
        }
        Take => assert_eq!(mem::take(map), mem::take(tree)),
        SwapLogs => {
            // Into a value that came in just now, or is there.
            let log = map.get_mut(&key).map(|item| mem::take(&mut item.log)).unwrap_or_default();
            map.entry(other).or_default().log = log;
            let log = tree.get_mut(&key).map(|item| mem::take(&mut item.log)).unwrap_or_default();
            tree.entry(other).or_default().log = log;
        }
        PanickingRetain => panics(|| map.retain(|_, _| panic!("on purpose"))),
        PanickingEntry => {
            let was_there = tree.contains_key(&key);
            panics(|| _ = map.entry(key).or_insert_with(|| panic!("on purpose")));
            assert_eq!(map.contains_key(&key), was_there);
        }
    }
    assert_eq!(map, tree);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_map_does_what_a_btree_map_does_and_tells_and_undoes_it(
        series in prop::collection::vec((prop::collection::vec(call(), 0..10), any::<bool>()), 1..8)
    ) {
        let mut watched = Watched::new((0..4).map(|key| (key, item(key))).collect::<Map<i64, Item>>());
        let mut expected: BTreeMap<i64, Item> = (0..4).map(|key| (key, item(key))).collect();
        for (calls, is_undone) in series {
            let before = expected.clone();
            calls.into_iter().for_each(|call| apply(&mut watched.value, &mut expected, call));
            if is_undone {
                watched.roll_back();
                expected = before;
            } else {
                watched.commit();
            }
            prop_assert_eq!(&watched.value, &expected);
        }
    }
}
