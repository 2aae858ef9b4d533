//! Random use of every method of a feed: it does what a `VecDeque` does that forgets the oldest, a client that applies what
//! was sent holds the same, and undoing gives what was there.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{feed::Feed, text::Text};
use fluxstack_live_macros::live_type;
use proptest::{prelude::*, sample::select};
use std::{collections::VecDeque, mem};
use support::{panics, watched::Watched};

#[live_type]
#[derive(Default)]
struct Item {
    n: u8,
    text: Text,
}

const KEPT: usize = 5;
type Items = Feed<Item, KEPT>;

#[derive(Clone, Copy, Debug)]
enum Method {
    Push,
    Extend,
    PopFirst,
    PopLast,
    Remove,
    Retain,
    Clear,
    GetMut,
    FirstMut,
    LastMut,
    FindMut,
    IterMut,
    IndexMut,
    Assign,
    Take,
    SwapItems,
    PanickingRetain,
    PanickingExtend,
}

use Method::*;
const METHODS: [Method; 20] = [
    Push,
    Push,
    Push,
    Extend,
    PopFirst,
    PopLast,
    Remove,
    Retain,
    Clear,
    GetMut,
    FirstMut,
    LastMut,
    FindMut,
    IterMut,
    IndexMut,
    Assign,
    Take,
    SwapItems,
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
    let items = prop::collection::vec(0..5_u8, 0..8);
    (select(&METHODS), 0..7_usize, 0..7_usize, items).prop_map(|(method, a, b, items)| Call {
        method,
        a,
        b,
        items,
    })
}

fn item(n: u8) -> Item {
    Item { n, text: "𝄞".repeat(n.into()).into() }
}

/// What is done to an item that was handed out.
fn change(item: &mut Item, n: usize) {
    item.n = (item.n + n as u8) % 6;
    item.text.push_str("ü!");
    item.text.retain(|c| c != '!' || n > 2);
}

fn push(deque: &mut VecDeque<Item>, item: Item) {
    deque.push_back(item);
    deque.drain(..deque.len().saturating_sub(KEPT));
}

fn apply(feed: &mut Items, deque: &mut VecDeque<Item>, Call { method, a, b, items }: Call) {
    let (n, at, to) = (a as u8, a % deque.len().max(1), b % deque.len().max(1));
    let items = || items.iter().map(|n| item(*n));
    match method {
        Push => {
            feed.push(item(n));
            push(deque, item(n));
        }
        Extend => {
            feed.extend(items());
            items().for_each(|item| push(deque, item));
        }
        PopFirst => assert_eq!(feed.pop_first(), deque.pop_front()),
        PopLast => assert_eq!(feed.pop_last(), deque.pop_back()),
        Remove => assert_eq!(feed.remove(a), deque.remove(a)),
        Retain => {
            feed.retain(|item| item.n % 3 != n % 3);
            deque.retain(|item| item.n % 3 != n % 3);
        }
        Clear => {
            feed.clear();
            deque.clear();
        }
        GetMut => {
            feed.get_mut(a).into_iter().for_each(|item| change(item, b));
            deque.get_mut(a).into_iter().for_each(|item| change(item, b));
        }
        FirstMut => {
            feed.first_mut().into_iter().for_each(|item| change(item, b));
            deque.front_mut().into_iter().for_each(|item| change(item, b));
        }
        LastMut => {
            feed.last_mut().into_iter().for_each(|item| change(item, b));
            deque.back_mut().into_iter().for_each(|item| change(item, b));
        }
        FindMut => {
            feed.find_mut(|item| item.n == n).into_iter().for_each(|item| change(item, b));
            deque.iter_mut().find(|item| item.n == n).into_iter().for_each(|item| change(item, b));
        }
        IterMut => {
            feed.iter_mut().for_each(|item| change(item, b));
            deque.iter_mut().for_each(|item| change(item, b));
        }
        Assign => {
            *feed = items().collect();
            deque.clear();
            items().for_each(|item| push(deque, item));
        }
        Take => assert_eq!(mem::take(feed), mem::take(deque)),
        PanickingRetain => panics(|| feed.retain(|_| panic!("on purpose"))),
        PanickingExtend => {
            panics(|| feed.extend((0..3).map(|n| if n < 2 { item(n) } else { panic!("on purpose") })))
        }
        IndexMut | SwapItems if deque.is_empty() => {}
        IndexMut => {
            feed[at] = item(n);
            deque[at] = item(n);
        }
        SwapItems => {
            let text = mem::take(&mut feed[at].text);
            feed[at].text = mem::replace(&mut feed[to].text, text);
            let text = mem::take(&mut deque[at].text);
            deque[at].text = mem::replace(&mut deque[to].text, text);
        }
    }
    assert_eq!(feed, deque);
    assert_eq!(
        (feed.len(), feed.is_empty(), feed.is_full()),
        (deque.len(), deque.is_empty(), deque.len() == KEPT)
    );
    assert_eq!((feed.first(), feed.last(), feed.get(a)), (deque.front(), deque.back(), deque.get(a)));
    assert!(feed.iter().rev().eq(deque.iter().rev()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_feed_keeps_the_last_and_tells_and_undoes_what_is_done_to_it(
        series in prop::collection::vec((prop::collection::vec(call(), 0..10), any::<bool>()), 1..8)
    ) {
        let mut watched = Watched::new((0..4).map(item).collect::<Items>());
        let mut expected: VecDeque<Item> = (0..4).map(item).collect();
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
    #[test]
    fn of_more_than_it_keeps_a_feed_takes_the_last(items in prop::collection::vec(any::<u8>(), 0..12)) {
        let last = &items[items.len().saturating_sub(KEPT)..];
        let feed: Feed<u8, KEPT> = items.iter().copied().collect();
        prop_assert_eq!(&Vec::from(feed), last);
        let text = serde_json::to_string(&items).unwrap();
        let feed: Feed<u8, KEPT> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&serde_json::to_value(&feed).unwrap(), &serde_json::json!(last));
        prop_assert_eq!(&Vec::from(feed), last);
    }
}
