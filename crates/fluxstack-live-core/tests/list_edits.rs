//! Random use of every method of a list: it does what `Vec` does, a client that applies what was sent holds the same, and
//! undoing gives what was there.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::list::List;
use fluxstack_live_macros::live_type;
use proptest::{prelude::*, sample::select};
use std::mem;
use support::{panics, watched::Watched};

#[live_type]
#[derive(Default, Eq, PartialOrd, Ord)]
struct Item {
    n: u8,
    tags: List<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Method {
    Push,
    Insert,
    Append,
    Extend,
    ExtendFromSlice,
    Resize,
    Remove,
    SwapRemove,
    Pop,
    Drain,
    Splice,
    SplitOff,
    Truncate,
    Clear,
    Retain,
    RetainMut,
    Dedup,
    DedupByKey,
    GetMut,
    FirstMut,
    LastMut,
    FindMut,
    IterMut,
    IndexMut,
    MoveTo,
    Swap,
    Reverse,
    Sort,
    SortBy,
    SortByKey,
    Assign,
    Take,
    SwapTags,
    PanickingSort,
    PanickingRetain,
    PanickingExtend,
}

use Method::*;
const METHODS: [Method; 36] = [
    Push,
    Insert,
    Append,
    Extend,
    ExtendFromSlice,
    Resize,
    Remove,
    SwapRemove,
    Pop,
    Drain,
    Splice,
    SplitOff,
    Truncate,
    Clear,
    Retain,
    RetainMut,
    Dedup,
    DedupByKey,
    GetMut,
    FirstMut,
    LastMut,
    FindMut,
    IterMut,
    IndexMut,
    MoveTo,
    Swap,
    Reverse,
    Sort,
    SortBy,
    SortByKey,
    Assign,
    Take,
    SwapTags,
    PanickingSort,
    PanickingRetain,
    PanickingExtend,
];

/// A call; the numbers choose among what is there.
#[derive(Clone, Debug)]
struct Call {
    method: Method,
    a: usize,
    b: usize,
    items: Vec<u8>,
}

fn call() -> impl Strategy<Value = Call> {
    let items = prop::collection::vec(0..5_u8, 0..4);
    (select(&METHODS), 0..9_usize, 0..9_usize, items).prop_map(|(method, a, b, items)| Call {
        method,
        a,
        b,
        items,
    })
}

fn item(n: u8) -> Item {
    Item { n, tags: [n].into() }
}

/// What is done to an item that was handed out.
fn change(item: &mut Item, n: usize) {
    item.n = item.n.wrapping_add(n as u8) % 6;
    match n % 3 {
        0 => item.tags.push(n as u8),
        1 => drop(item.tags.pop()),
        _ => item.tags.reverse(),
    }
}

fn apply(list: &mut List<Item>, vec: &mut Vec<Item>, Call { method, a, b, items }: Call) {
    let len = vec.len();
    let items = || items.iter().map(|n| item(*n));
    let (n, is_there) = (a as u8, len > 0);
    let (at, to, place) = (a % len.max(1), b % len.max(1), a % (len + 1));
    let (start, end) = (place.min(b % (len + 1)), place.max(b % (len + 1)));
    match method {
        Push => {
            list.push(item(n));
            vec.push(item(n));
        }
        Insert => {
            list.insert(place, item(n));
            vec.insert(place, item(n));
        }
        Append => {
            let mut more = items().collect();
            list.append(&mut more);
            assert!(more.is_empty());
            vec.extend(items());
        }
        Extend => {
            list.extend(items());
            vec.extend(items());
        }
        ExtendFromSlice => {
            let more: Vec<Item> = items().collect();
            list.extend_from_slice(&more);
            vec.extend_from_slice(&more);
        }
        Resize => {
            list.resize(a, item(7));
            vec.resize(a, item(7));
        }
        Remove if is_there => assert_eq!(list.remove(at), vec.remove(at)),
        SwapRemove if is_there => assert_eq!(list.swap_remove(at), vec.swap_remove(at)),
        Pop => assert_eq!(list.pop(), vec.pop()),
        Drain => assert!(list.drain(start..end).eq(vec.drain(start..end))),
        Splice => assert!(list.splice(start..end, items()).eq(vec.splice(start..end, items()))),
        SplitOff => assert_eq!(list.split_off(place), vec.split_off(place)),
        Truncate => {
            list.truncate(a);
            vec.truncate(a);
        }
        Clear => {
            list.clear();
            vec.clear();
        }
        Retain => {
            let keeps = |item: &Item| item.n % 3 != n % 3;
            list.retain(keeps);
            vec.retain(keeps);
        }
        RetainMut => {
            let keeps = |item: &mut Item| {
                change(item, a);
                item.n % 3 != n % 3
            };
            list.retain_mut(keeps);
            vec.retain_mut(keeps);
        }
        Dedup => {
            list.dedup();
            vec.dedup();
        }
        DedupByKey => {
            list.dedup_by_key(|item| item.n % 2);
            vec.dedup_by_key(|item| item.n % 2);
        }
        GetMut => {
            list.get_mut(a).into_iter().for_each(|item| change(item, b));
            vec.get_mut(a).into_iter().for_each(|item| change(item, b));
        }
        FirstMut => {
            list.first_mut().into_iter().for_each(|item| change(item, b));
            vec.first_mut().into_iter().for_each(|item| change(item, b));
        }
        LastMut => {
            list.last_mut().into_iter().for_each(|item| change(item, b));
            vec.last_mut().into_iter().for_each(|item| change(item, b));
        }
        FindMut => {
            list.find_mut(|item| item.n == n).into_iter().for_each(|item| change(item, b));
            vec.iter_mut().find(|item| item.n == n).into_iter().for_each(|item| change(item, b));
        }
        IterMut => {
            list.iter_mut().for_each(|item| change(item, b));
            vec.iter_mut().for_each(|item| change(item, b));
        }
        IndexMut if is_there => {
            list[at] = item(n);
            vec[at] = item(n);
        }
        MoveTo if is_there => {
            list.move_to(at, to);
            let item = vec.remove(at);
            vec.insert(to, item);
        }
        Swap if is_there => {
            list.swap(at, to);
            vec.swap(at, to);
        }
        Reverse => {
            list.reverse();
            vec.reverse();
        }
        Sort => {
            list.sort();
            vec.sort();
        }
        SortBy => {
            let by = |x: &Item, y: &Item| y.n.cmp(&x.n);
            list.sort_by(by);
            vec.sort_by(by);
        }
        SortByKey => {
            // A few items out of place.
            list.sort_by_key(|item| item.n == n);
            vec.sort_by_key(|item| item.n == n);
        }
        Assign => {
            *list = items().collect();
            *vec = items().collect();
        }
        Take => assert_eq!(mem::take(list), mem::take(vec)),
        SwapTags if is_there => {
            let tags = mem::take(&mut list[at].tags);
            let tags = mem::replace(&mut list[to].tags, tags);
            list[at].tags = tags;
            let tags = mem::take(&mut vec[at].tags);
            let tags = mem::replace(&mut vec[to].tags, tags);
            vec[at].tags = tags;
        }
        PanickingSort if len > 1 => panics(|| list.sort_by(|_, _| panic!("on purpose"))),
        PanickingRetain if is_there => panics(|| list.retain(|item| item.n != 0 || panic!("on purpose"))),
        PanickingExtend => {
            panics(|| list.extend((0..3).map(|n| if n < 2 { item(n) } else { panic!("on purpose") })))
        }
        Remove | SwapRemove | IndexMut | MoveTo | Swap | SwapTags | PanickingSort | PanickingRetain => {}
    }
    assert_eq!(list, vec);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_list_does_what_a_vec_does_and_tells_and_undoes_it(
        series in prop::collection::vec((prop::collection::vec(call(), 0..10), any::<bool>()), 1..8)
    ) {
        let mut watched = Watched::new((0..5).map(item).collect::<List<Item>>());
        let mut expected: Vec<Item> = (0..5).map(item).collect();
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
