//! What the methods of tracked collections send, op by op, and that they do what those of `Vec` do.
extern crate fluxstack_live_core as fluxstack_live;

use fluxstack_live::{
    feed::Feed,
    list::List,
    map::Map,
    ops::{Ops, Path},
    text::Text,
    value::LiveValue,
};
use fluxstack_live_macros::live_type;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

#[live_type]
#[derive(Default)]
struct Todo {
    text: String,
    done: bool,
    tags: List<String>,
}

fn todo(text: &str) -> Todo {
    Todo { text: text.into(), ..Todo::default() }
}

/// The ops of one commit.
fn sent<T: LiveValue>(value: &mut T, change: impl FnOnce(&mut T)) -> Value {
    let mut shadow = value.shadow();
    change(value);
    let mut ops = Ops::default();
    value.diff(&shadow, &Path::Field(&Path::Root, "it"), &mut ops);
    value.accept(&mut shadow);
    let text = String::from_utf8(ops.finish().unwrap().as_bytes().to_vec()).unwrap();
    serde_json::from_str(&format!("[{text}]")).unwrap()
}

fn todos(n: usize) -> List<Todo> {
    (0..n).map(|i| todo(&i.to_string())).collect()
}

#[test]
fn a_list_sends_what_was_done_to_it() {
    let ops = |change: fn(&mut List<Todo>)| sent(&mut todos(5), change);
    assert_eq!(
        ops(|it| it.push(todo("a"))),
        json!([["+", ["it"], {"text": "a", "done": false, "tags": []}]])
    );
    assert_eq!(ops(|it| it.extend([todo("a"), todo("b")])).as_array().unwrap().len(), 1, "pushes join");
    assert_eq!(ops(|it| it.insert(1, todo("a")))[0][2], json!(1));
    assert_eq!(ops(|it| drop(it.remove(0))), json!([["-", ["it"], 0, 1]]));
    assert_eq!(ops(|it| drop(it.pop())), json!([["-", ["it"], 4, 1]]));
    assert_eq!(ops(|it| it.truncate(2)), json!([["-", ["it"], 2, 3]]));
    assert_eq!(ops(List::clear), json!([["-", ["it"], 0, 5]]));
    assert_eq!(ops(|it| it.move_to(1, 3)), json!([[">", ["it"], 1, 3]]));
    assert_eq!(
        ops(|it| it.retain(|todo| todo.text == "2")),
        json!([["-", ["it"], 0, 2], ["-", ["it"], 1, 2]])
    );
    assert_eq!(ops(|it| it[3].done = true), json!([["=", ["it", 3, "done"], true]]));
    assert_eq!(ops(|it| it[3].tags.push("x".into())), json!([["+", ["it", 3, "tags"], "x"]]));
    assert_eq!(ops(|it| *it = [todo("z")].into())[0][0], json!("="), "another list is sent as a whole");
}

#[test]
fn what_comes_into_a_list_at_once_is_one_op() {
    let ops = |change: fn(&mut List<u8>)| sent(&mut List::from([1, 2, 3]), change);
    assert_eq!(ops(|it| it.extend([7, 8])), json!([["+", ["it"], 7, 8]]));
    assert_eq!(ops(|it| it.extend(&[7, 8])), json!([["+", ["it"], 7, 8]]));
    assert_eq!(ops(|it| it.extend_from_slice(&[7, 8])), json!([["+", ["it"], 7, 8]]));
    assert_eq!(ops(|it| it.append(&mut [7, 8].into())), json!([["+", ["it"], 7, 8]]));
    assert_eq!(ops(|it| it.resize(5, 0)), json!([["+", ["it"], 0, 0]]));
    assert_eq!(ops(|it| drop(it.splice(1..1, [7, 8]))), json!([["i", ["it"], 1, 7, 8]]));
    assert_eq!(
        ops(|it| (7..9).for_each(|n| it.insert(usize::from(n - 6), n))),
        json!([["i", ["it"], 1, 7, 8]])
    );
    assert_eq!(ops(|it| it.extend_from_slice(&[])), json!([]));
}

#[test]
fn what_goes_from_a_list_at_once_is_one_op() {
    let ops = |change: fn(&mut List<u8>)| sent(&mut (0..6).collect(), change);
    assert_eq!(ops(|it| drop(it.drain(1..4))), json!([["-", ["it"], 1, 3]]));
    assert_eq!(ops(|it| drop(it.drain(2..2))), json!([]));
    assert_eq!(ops(|it| drop(it.split_off(4))), json!([["-", ["it"], 4, 2]]));
    assert_eq!(ops(|it| drop(it.splice(1..3, [7, 8]))), json!([["-", ["it"], 1, 2], ["i", ["it"], 1, 7, 8]]));
    assert_eq!(ops(|it| it.resize(2, 0)), json!([["-", ["it"], 2, 4]]));
    assert_eq!(ops(|it| (0..3).for_each(|_| _ = it.pop())), json!([["-", ["it"], 3, 3]]));
    assert_eq!(ops(|it| (0..3).for_each(|_| _ = it.remove(2))), json!([["-", ["it"], 2, 3]]));
    assert_eq!(ops(|it| it.dedup_by_key(|n| *n / 3)), json!([["-", ["it"], 1, 2], ["-", ["it"], 2, 2]]));
    assert_eq!(ops(List::dedup), json!([]));
}

#[test]
fn what_changes_its_place_in_a_list_moves() {
    let ops = |change: fn(&mut List<u8>)| sent(&mut (0..6).collect(), change);
    assert_eq!(ops(|it| it.swap(1, 4)), json!([[">", ["it"], 4, 1], [">", ["it"], 2, 4]]));
    assert_eq!(ops(|it| it.swap(3, 2)), json!([[">", ["it"], 3, 2]]));
    assert_eq!(ops(|it| it.swap(3, 3)), json!([]));
    assert_eq!(ops(|it| _ = it.swap_remove(1)), json!([["-", ["it"], 1, 1], [">", ["it"], 4, 1]]));
    assert_eq!(ops(|it| _ = it.swap_remove(5)), json!([["-", ["it"], 5, 1]]));
    let first_last = |it: &mut List<u8>| it.sort_by_key(|n| *n == 0);
    assert_eq!(ops(first_last), json!([[">", ["it"], 0, 5]]), "an item that is out of place moves alone");
    assert_eq!(ops(List::sort), json!([]));
}

#[test]
fn a_list_of_which_more_than_half_changes_its_place_is_sent_whole() {
    let half = |it: &mut List<u8>| it.sort_by_key(|n| n % 2);
    assert_eq!(sent(&mut (0..6).collect(), half), json!([[">", ["it"], 2, 1], [">", ["it"], 4, 2]]));
    let whole = |it: &mut List<u8>| it.reverse();
    assert_eq!(sent(&mut (0..4).collect(), whole), json!([["=", ["it"], [3, 2, 1, 0]]]));
    // With everything that is done to it before and after, also in its items.
    let ops = sent(&mut todos(4), |it| {
        it[0].tags.push("x".into());
        it.reverse();
        it[0].done = true;
        it.pop();
        it.push(todo("z"));
    });
    assert_eq!(ops.as_array().unwrap().len(), 1);
    assert_eq!(ops[0][2][0], json!({"text": "3", "done": true, "tags": []}));
    assert_eq!(ops[0][2].as_array().unwrap().len(), 4);
    let thousands = |it: &mut List<u16>| it.sort_by_key(|n| n % 4 == 0);
    assert_eq!(sent(&mut (0..4_000).collect(), thousands).as_array().unwrap().len(), 1_000);
    assert_eq!(sent(&mut (0..4_004).collect(), thousands)[0][0], "=", "1 001 moves are too many");
}

#[test]
fn a_full_feed_sends_what_comes_and_how_many_fell_out() {
    let ops = |change: fn(&mut Feed<u8, 4>)| sent(&mut Feed::from([1, 2, 3, 4]), change);
    let push = |it: &mut Feed<u8, 4>| it.push(7);
    assert_eq!(ops(push), json!([["-", ["it"], 0, 1], ["+", ["it"], 7]]));
    assert_eq!(sent(&mut Feed::from([1]), push), json!([["+", ["it"], 7]]), "there is room");
    let both = json!([["-", ["it"], 0, 2], ["+", ["it"], 7, 8]]);
    assert_eq!(ops(|it| it.extend([7, 8])), both);
    assert_eq!(ops(|it| [7, 8].into_iter().for_each(|n| it.push(n))), both, "however they come");
    let mut half_full = Feed::<u8, 4>::from([1, 2, 3]);
    assert_eq!(
        sent(&mut half_full, |it| [7, 8, 9].into_iter().for_each(|n| it.push(n))),
        json!([["-", ["it"], 0, 2], ["+", ["it"], 7, 8, 9]])
    );
    assert_eq!(ops(|it| it.extend(0..100)), json!([["-", ["it"], 0, 4], ["+", ["it"], 96, 97, 98, 99]]));
    assert_eq!(ops(|it| (0..100).for_each(|n| it.push(n))), json!([["=", ["it"], [96, 97, 98, 99]]]));
    assert_eq!(ops(|it| _ = it.pop_first()), json!([["-", ["it"], 0, 1]]));
    assert_eq!(ops(|it| _ = it.pop_last()), json!([["-", ["it"], 3, 1]]));
    assert_eq!(ops(|it| _ = it.remove(2)), json!([["-", ["it"], 2, 1]]));
    assert_eq!(ops(|it| it.retain(|n| n % 2 == 0)), json!([["-", ["it"], 0, 1], ["-", ["it"], 1, 1]]));
    assert_eq!(ops(|it| it[1] = 7), json!([["=", ["it", 1], 7]]));
    assert_eq!(ops(Feed::clear), json!([["-", ["it"], 0, 4]]));
    let touched = |it: &mut Feed<u8, 4>| {
        it[3] = 9;
        it.push(7);
    };
    assert_eq!(ops(touched), json!([["-", ["it"], 0, 1], ["+", ["it"], 7], ["=", ["it", 2], 9]]));
}

#[test]
fn a_text_sends_what_is_done_to_it_in_utf_16() {
    let ops = |change: fn(&mut Text)| sent(&mut Text::from("ein längerer Text mit 𝄞 und mehr"), change);
    assert_eq!(ops(|it| it.push_str("!")), json!([["~", ["it"], "!"]]));
    let tokens = |it: &mut Text| {
        *it += " a";
        it.push('𝄢');
        it.extend(["b", "c"]);
    };
    assert_eq!(ops(tokens), json!([["~", ["it"], " a𝄢bc"]]), "what is added is one op");
    let after_clef = "ein längerer Text mit 𝄞".len();
    assert_eq!(after_clef, 27);
    assert_eq!(ops(|it| it.insert_str(27, "?")), json!([["~", ["it"], 24, 0, "?"]]));
    assert_eq!(ops(|it| _ = it.remove(23)), json!([["~", ["it"], 22, 2, ""]]));
    assert_eq!(ops(|it| it.replace_range(..3, "k")), json!([["~", ["it"], 0, 3, "k"]]));
    assert_eq!(ops(|it| _ = it.pop()), json!([["~", ["it"], 32, 1, ""]]));
    assert_eq!(ops(|it| it.set("ein längerer Text mit 𝄢 und mehr")), json!([["~", ["it"], 22, 2, "𝄢"]]));
    assert_eq!(ops(|it| it.retain(|c| c != '𝄞')), json!([["~", ["it"], 22, 2, ""]]));
    assert_eq!(ops(|it| it.set("ein längerer Text mit 𝄞 und mehr")), json!([]));
    assert_eq!(ops(|it| it.insert_str(0, "")), json!([]));
    assert_eq!(ops(Text::clear), json!([["=", ["it"], ""]]));
}

#[test]
fn a_text_that_is_shorter_than_its_changes_is_sent_whole() {
    assert_eq!(sent(&mut Text::from("ab"), |it| it.insert(1, 'x')), json!([["=", ["it"], "axb"]]));
    assert_eq!(sent(&mut Text::from("ab"), |it| it.push('x')), json!([["~", ["it"], "x"]]));
    let mut long = Text::from("x".repeat(1_000));
    assert_eq!(sent(&mut long, |it| (0..30).for_each(|_| it.insert(0, 'y'))).as_array().unwrap().len(), 30);
    assert_eq!(sent(&mut long, |it| (0..40).for_each(|_| it.insert(0, 'y')))[0][0], "=");
}

#[test]
fn in_an_option_a_collection_is_compared_and_sent_whole() {
    let mut text = Some(Text::from("a"));
    assert_eq!(sent(&mut text, |it| it.as_mut().unwrap().push('b')), json!([["=", ["it"], "ab"]]));
    let mut feed = Some(Feed::<u8, 2>::from([1, 2]));
    assert_eq!(sent(&mut feed, |it| it.as_mut().unwrap().push(3)), json!([["=", ["it"], [2, 3]]]));
    let mut map = (1, Map::from([(1, 2)]));
    assert_eq!(sent(&mut map, |it| _ = it.1.insert(3, 4)), json!([["=", ["it"], [1, {"1": 2, "3": 4}]]]));
}

#[test]
fn what_is_looked_at_to_be_changed_and_is_not_changed_sends_nothing() {
    assert_eq!(sent(&mut todos(3), |it| it.iter_mut().for_each(|todo| todo.done = false)), json!([]));
    assert_eq!(sent(&mut todos(3), |it| assert!(it.get_mut(1).is_some())), json!([]));
    let mut map: Map<String, i64> = [("a".to_owned(), 1)].into_iter().collect();
    assert_eq!(sent(&mut map, |it| *it.get_mut("a").unwrap() += 0), json!([]));
}

#[test]
fn an_item_is_named_by_where_it_is_in_the_end() {
    let ops = sent(&mut todos(4), |it| {
        it[2].done = true;
        it.remove(0);
        it.move_to(1, 2);
    });
    assert_eq!(ops, json!([["-", ["it"], 0, 1], [">", ["it"], 1, 2], ["=", ["it", 2, "done"], true]]));
}

#[test]
fn a_map_sends_the_keys_that_changed() {
    let map = || -> Map<String, Todo> {
        [("a", todo("1")), ("b]\"", todo("2"))].map(|(k, v)| (k.into(), v)).into_iter().collect()
    };
    let ops = |change: fn(&mut Map<String, Todo>)| sent(&mut map(), change);
    let c = json!({"text": "3", "done": false, "tags": []});
    assert_eq!(ops(|it| drop(it.insert("c".into(), todo("3")))), json!([["=", ["it", "c"], c]]));
    assert_eq!(ops(|it| drop(it.remove("b]\""))), json!([["-", ["it"], "b]\""]]));
    assert_eq!(ops(|it| it.get_mut("a").unwrap().done = true), json!([["=", ["it", "a", "done"], true]]));
    let came_and_went = |it: &mut Map<String, Todo>| {
        it.insert("c".into(), todo("3"));
        it.remove("c");
    };
    assert_eq!(ops(came_and_went), json!([]));
    assert_eq!(ops(Map::clear), json!([["=", ["it"], {}]]));
    let all_new = |it: &mut Map<String, Todo>| {
        it.clear();
        it.insert("c".into(), todo("3"));
    };
    assert_eq!(ops(all_new), json!([["=", ["it"], {"c": c}]]), "of what was there nothing is left");
    assert_eq!(ops(|it| it.retain(|key, _| key == "a")), json!([["-", ["it"], "b]\""]]));
    let touched = |it: &mut Map<String, Todo>| {
        it.remove("b]\"");
        it.insert("c".into(), todo("3"));
        it.get_mut("a").unwrap().done = true;
    };
    let each = json!([["=", ["it", "a", "done"], true], ["-", ["it"], "b]\""], ["=", ["it", "c"], c]]);
    assert_eq!(ops(touched), each, "one is left");
    let came_and_went = |it: &mut Map<String, i64>| {
        it.extend([("a".to_owned(), 1), ("b".to_owned(), 2)]);
        it.clear();
    };
    assert_eq!(sent(&mut Map::new(), came_and_went), json!([]));
    let mut numbers: Map<i64, i64> = Map::new();
    assert_eq!(sent(&mut numbers, |it| assert_eq!(it.insert(-7, 1), None)), json!([["=", ["it", "-7"], 1]]));
}

#[test]
fn the_place_of_a_key_sends_what_is_done_there() {
    let ops = |change: fn(&mut Map<i64, i64>)| sent(&mut Map::from([(1, 10), (2, 20)]), change);
    assert_eq!(ops(|it| *it.entry(1).or_default() += 1), json!([["=", ["it", "1"], 11]]));
    assert_eq!(ops(|it| *it.entry(3).or_default() += 1), json!([["=", ["it", "3"], 1]]));
    assert_eq!(ops(|it| assert_eq!(it.entry(1).key(), &1)), json!([]));
    assert_eq!(ops(|it| _ = it.entry(1).or_insert(5)), json!([]));
    assert_eq!(ops(|it| _ = it.first_entry().map(|entry| entry.remove())), json!([["-", ["it"], "1"]]));
    assert_eq!(ops(|it| _ = it.pop_last()), json!([["-", ["it"], "2"]]));
    assert_eq!(ops(|it| it.values_mut().for_each(|n| *n = 10)), json!([["=", ["it", "2"], 10]]));
}

#[test]
fn a_move_to_where_an_item_is_sends_nothing() {
    assert_eq!(sent(&mut todos(3), |it| it.move_to(2, 2)), json!([]));
}

/// A name whose spelling does not matter.
#[live_type]
#[derive(Eq)]
struct Nick(String);

impl Ord for Nick {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.to_lowercase().cmp(&other.0.to_lowercase())
    }
}
impl PartialOrd for Nick {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl fluxstack_live::value::MapKey for Nick {
    fn wire(&self) -> std::borrow::Cow<'_, str> {
        (&*self.0).into()
    }
}

#[test]
fn keys_that_are_equal_and_spelled_in_two_ways_are_one_entry_everywhere() {
    let map = || -> Map<Nick, i64> { [(Nick("ana".into()), 1)].into_iter().collect() };
    let nick = |name: &str| Nick(name.into());
    // As in a `BTreeMap`, the first spelling stays.
    assert_eq!(
        sent(&mut map(), |it| assert_eq!(it.insert(nick("ANA"), 2), Some(1))),
        json!([["=", ["it", "ana"], 2]])
    );
    let respelled = |it: &mut Map<Nick, i64>| {
        it.remove(&nick("ana"));
        it.insert(nick("ANA"), 2);
    };
    assert_eq!(sent(&mut map(), respelled), json!([["-", ["it"], "ana"], ["=", ["it", "ANA"], 2]]));
    let mut map = map();
    let mut shadow = map.shadow();
    respelled(&mut map);
    while map.evict(&mut shadow) {}
    map.restore(&mut shadow).unwrap();
    assert_eq!(map.keys().next().unwrap().0, "ana");
}

#[test]
fn many_touched_items_do_not_make_every_step_dear() {
    let n = 20_000_usize;
    let mut list: List<usize> = (0..n).collect();
    let mut shadow = list.shadow();
    list.iter_mut().for_each(|item| *item += 1);
    let start = std::time::Instant::now();
    (0..n).for_each(|item| list.push(item));
    (0..n).for_each(|_| assert!(list.pop().is_some()));
    list.retain(|item| item % 2 == 0);
    // Quadratic, this took more than ten seconds.
    assert!(start.elapsed().as_secs() < 4, "{:?}", start.elapsed());
    while list.evict(&mut shadow) {}
    list.restore(&mut shadow).unwrap();
    assert_eq!(list[..], (0..n).collect::<Vec<_>>());
}

#[test]
fn many_touched_items_do_not_make_a_push_onto_a_full_feed_dear() {
    const N: usize = 20_000;
    let mut feed: Feed<usize, N> = (0..N).collect();
    let mut shadow = feed.shadow();
    feed.iter_mut().for_each(|item| *item += 1);
    let start = std::time::Instant::now();
    (0..N - 1).for_each(|item| feed.push(item));
    // Quadratic, this took more than ten seconds.
    assert!(start.elapsed().as_secs() < 4, "{:?}", start.elapsed());
    while feed.evict(&mut shadow) {}
    feed.restore(&mut shadow).unwrap();
    assert!(feed.iter().copied().eq(0..N));
}

#[test]
fn collections_are_compared_and_converted_like_what_they_stand_for() {
    let list = List::from(["b".to_owned(), "a".into()]);
    assert_eq!(list, ["b", "a"]);
    assert_eq!(["b", "a"], list);
    assert_eq!(list, vec!["b", "a"]);
    assert_eq!(List::from([1, 2]).cmp(&List::from([1, 3])), std::cmp::Ordering::Less);
    assert_eq!(Vec::from(list), ["b", "a"]);
    assert_eq!(Vec::from(Feed::<u8, 2>::from([1, 2, 3])), [2, 3]);
    let tree = BTreeMap::from([(1, 'a')]);
    assert_eq!(tree, Map::from([(1, 'a')]));
    assert_eq!(BTreeMap::from(Map::from([(1, 'a')])), tree);
    let text: Text = "läuft".parse().unwrap();
    assert_eq!(text, "läuft");
    assert_eq!("läuft", text);
    assert_eq!(text, "läuft".to_owned());
    assert_eq!((text.to_string(), format!("{text:>6?}")), ("läuft".into(), "\"läuft\"".into()));
    // By what they borrow as, so that a set finds them.
    assert!(HashSet::from([text.clone()]).contains("läuft"));
    assert!(HashSet::from([List::from([1])]).contains(&[1][..]));
    assert_eq!(String::from(text), "läuft");
}

#[test]
fn a_key_that_clients_refuse_is_an_error() {
    for key in ["__proto__", "constructor", "prototype"] {
        let mut map: Map<String, i64> = Map::new();
        let shadow = map.shadow();
        map.insert(key.into(), 1);
        let mut ops = Ops::default();
        map.diff(&shadow, &Path::Root, &mut ops);
        assert_eq!(ops.finish().unwrap_err().to_string(), format!("the map key `{key}` cannot be sent"));
    }
}

#[derive(Clone, Debug)]
enum Step {
    Insert(usize, u8),
    Remove(usize),
    Move(usize, usize),
    Truncate(usize),
    Retain(u8),
    Set(usize, u8),
}

fn step() -> impl Strategy<Value = Step> {
    let n = || 0_usize..8;
    prop_oneof![
        (n(), any::<u8>()).prop_map(|(at, item)| Step::Insert(at, item)),
        n().prop_map(Step::Remove),
        (n(), n()).prop_map(|(from, to)| Step::Move(from, to)),
        n().prop_map(Step::Truncate),
        (1_u8..4).prop_map(Step::Retain),
        (n(), any::<u8>()).prop_map(|(at, item)| Step::Set(at, item)),
    ]
}

proptest! {
    #[test]
    fn a_list_does_what_a_vec_does(steps in prop::collection::vec(step(), 0..40), records in any::<bool>()) {
        let (mut list, mut vec) = (List::new(), Vec::new());
        let _shadow = records.then(|| list.shadow());
        for step in steps {
            let len = vec.len();
            match step {
                Step::Insert(at, item) => {
                    list.insert(at % (len + 1), item);
                    vec.insert(at % (len + 1), item);
                }
                Step::Truncate(n) => {
                    list.truncate(n);
                    vec.truncate(n);
                }
                Step::Retain(n) => {
                    list.retain(|item| item % n != 0);
                    vec.retain(|item| item % n != 0);
                }
                Step::Remove(_) | Step::Move(..) | Step::Set(..) if len == 0 => prop_assert_eq!(list.pop(), None),
                Step::Remove(at) => prop_assert_eq!(list.remove(at % len), vec.remove(at % len)),
                Step::Move(from, to) => {
                    list.move_to(from % len, to % len);
                    let item = vec.remove(from % len);
                    vec.insert(to % len, item);
                }
                Step::Set(at, item) => {
                    list[at % len] = item;
                    vec[at % len] = item;
                }
            }
            prop_assert_eq!(&list[..], &vec[..]);
        }
        prop_assert_eq!(list.into_iter().collect::<Vec<_>>(), vec);
    }
}
