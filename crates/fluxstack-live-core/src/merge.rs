//! The commits that a reader has missed as one slice: what a later op makes void is dropped, and what belongs together is
//! joined. It reads only where each op is, never a value, so it costs what the ops are, not what they say.
//!
//! The slice leads to the same state as the commits one after the other; that is tested with random ones.
use crate::ops::{Changes, Code, Op};
use std::{borrow::Cow, collections::BTreeMap, ops::Bound};

/// Something about each of some paths.
type Paths<'a, T> = BTreeMap<&'a [u8], T>;

/// The inside of the `ops` array that leads from before the first commit to after the last.
pub(crate) fn merge<'a>(commits: impl Iterator<Item = &'a Changes>) -> Cow<'a, [u8]> {
    let commits: Vec<&Changes> = commits.filter(|changes| !changes.is_empty()).collect();
    match commits.as_slice() {
        [] => Cow::Borrowed(b""),
        // There is nothing to merge in one commit: it says each thing once.
        [only] => Cow::Borrowed(only.as_bytes()),
        several => {
            let needed = needed(several.iter().flat_map(|changes| changes.iter()));
            Cow::Owned(joined(needed))
        }
    }
}

/// Without the ops at or below a path that is set later, in their order.
fn needed<'a>(ops: impl DoubleEndedIterator<Item = Op<'a>>) -> Vec<Op<'a>> {
    let mut needed = Vec::new();
    // Going back: the paths that are set later, as they are called at this moment.
    let mut set_later = Paths::new();
    for op in ops.rev() {
        if prefixes(&op.target()).any(|path| set_later.contains_key(path)) {
            continue;
        }
        match op.code {
            Code::Set => drop(set_later.insert(op.path, ())),
            // Before it, the items had other indexes.
            Code::Insert | Code::Remove | Code::Move => forget_below(&mut set_later, op.path),
            Code::Push | Code::RemoveKey | Code::Append | Code::Splice => {}
        }
        needed.push(op);
    }
    needed.reverse();
    needed
}

/// An op, and the arguments of later ones that have joined it.
struct Joined<'a> {
    op: Op<'a>,
    more: Vec<&'a [u8]>,
}

/// The ops as they travel. A push joins an earlier one to its list: nothing that was done to the list in between reaches
/// beyond the items it had. A removal or an append joins its like if nothing else was done there in between.
fn joined(ops: Vec<Op>) -> Vec<u8> {
    let mut all: Vec<Joined> = Vec::with_capacity(ops.len());
    // The places in `all` of the ops that may still be joined, by path.
    let (mut pushes, mut runs) = (Paths::<usize>::new(), Paths::<usize>::new());
    for op in ops {
        let target = op.target();
        let earlier = match op.code {
            Code::Push => pushes.get(op.path),
            Code::Remove | Code::Append => runs.get(op.path),
            Code::Set | Code::Insert | Code::RemoveKey | Code::Move | Code::Splice => None,
        };
        let earlier = earlier.copied().filter(|place| op.may_join(&all[*place].op));
        let place = earlier.unwrap_or(all.len());
        // Behind it, what is in the items has other paths. What is set behind a push has made that void.
        if matches!(op.code, Code::Insert | Code::Remove | Code::Move) {
            forget_below(&mut pushes, &target);
        }
        forget_below(&mut runs, &target);
        for path in prefixes(&target) {
            // A push that has joined an earlier one is done before what came after that.
            if runs.get(path).is_some_and(|run| op.code != Code::Push || *run < place) {
                runs.remove(path);
            }
        }
        match op.code {
            Code::Push => drop(pushes.insert(op.path, place)),
            Code::Remove | Code::Append => drop(runs.insert(op.path, place)),
            Code::Set | Code::Insert | Code::RemoveKey | Code::Move | Code::Splice => {}
        }
        match earlier {
            Some(place) => all[place].more.push(op.arguments),
            None => all.push(Joined { op, more: Vec::new() }),
        }
    }
    let mut out = Vec::new();
    for Joined { op, more } in all {
        op.write(&more, &mut out);
    }
    out
}

/// The root, what is in it, and so on down to the path itself: as many as the path is deep, whatever is in its keys.
fn prefixes(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut is_text, mut is_escaped) = (false, false);
    let ends = path.iter().enumerate().filter_map(move |(at, byte)| {
        is_text ^= *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        (*byte == b',' && !is_text).then_some(at)
    });
    std::iter::once(0).chain(ends).chain(std::iter::once(path.len())).map(|end| &path[..end])
}

/// Forgets the paths that lead on from another one.
fn forget_below<T>(paths: &mut Paths<T>, path: &[u8]) {
    let beginning = if path.is_empty() { Vec::new() } else { [path, b","].concat() };
    let below =
        paths.range::<[u8], _>((Bound::Excluded(&*beginning), Bound::Unbounded)).map(|(path, _)| *path);
    let below: Vec<&[u8]> = below.take_while(|path| path.starts_with(&beginning)).collect();
    for path in below {
        paths.remove(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{Ops, Path};
    use fluxstack_live_protocol::ops::{self as protocol, apply};
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    /// One op, wherever it fits: the numbers choose among what is there.
    #[derive(Clone, Debug)]
    struct Edit {
        way: Vec<usize>,
        kind: usize,
        at: usize,
        count: usize,
        value: Value,
    }

    /// Few, so that they meet often; two that need care as JSON.
    const KEYS: [&str; 4] = ["a", "b,\"", "\\", "é"];

    fn edits() -> impl Strategy<Value = Vec<Vec<Edit>>> {
        let leaf = prop_oneof![any::<u8>().prop_map(Value::from), "[a,\"\\\\é𝄞]{0,3}".prop_map(Value::from)];
        let value = leaf.prop_recursive(3, 12, 4, |of| {
            let map = prop::collection::vec((prop::sample::select(&KEYS[..]), of.clone()), 0..4);
            let map = map.prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)));
            prop_oneof![
                prop::collection::vec(of, 0..5).prop_map(Value::from),
                map.prop_map(|pairs| Value::Object(pairs.collect::<Map<_, _>>())),
            ]
        });
        let way = prop::collection::vec(0..8_usize, 0..4);
        let edit = (way, 0..8_usize, 0..8_usize, 0..3_usize, value);
        let edit = edit.prop_map(|(way, kind, at, count, value)| Edit { way, kind, at, count, value });
        prop::collection::vec(prop::collection::vec(edit, 0..6), 2..12)
    }

    /// Goes down as far as there is something, and writes an op there.
    fn write(state: &Value, way: &[usize], at: &Path, edit: &Edit, ops: &mut Ops) {
        let (here, way) = way.split_first().map_or((0, None), |(here, way)| (*here, Some(way)));
        match (state, way) {
            (Value::Array(list), Some(way)) if !list.is_empty() => {
                let index = here % list.len();
                write(&list[index], way, &Path::Index(at, index), edit, ops);
            }
            (Value::Object(map), Some(way)) if !map.is_empty() => {
                let (key, value) = map.iter().nth(here % map.len()).unwrap();
                write(value, way, &Path::Key(at, key), edit, ops);
            }
            (Value::Array(list), _) => {
                let index = edit.at % (list.len() + 1);
                let count = edit.count.min(list.len() - index);
                match edit.kind {
                    0 | 1 => ops.push(at, std::iter::repeat_n(&edit.value, 1 + edit.count)),
                    2 => ops.insert(at, index, &edit.value),
                    3 | 4 => ops.remove(at, index * (edit.kind - 3), count.min(list.len())),
                    5 if !list.is_empty() => ops.move_item(at, edit.at % list.len(), edit.count % list.len()),
                    6 if !list.is_empty() => ops.set(&Path::Index(at, edit.at % list.len()), &edit.value),
                    _ => ops.set(at, &edit.value),
                }
            }
            (Value::Object(map), _) => match (edit.kind, map.keys().nth(edit.at % map.len().max(1))) {
                (0..3, Some(key)) => ops.remove_key(at, key),
                (0..7, _) => ops.set(&Path::Key(at, KEYS[edit.at % KEYS.len()]), &edit.value),
                _ => ops.set(at, &edit.value),
            },
            (Value::String(text), _) => match edit.kind {
                0..4 => ops.append(at, "a\"𝄞"),
                4..6 => ops.splice(at, 0, text.chars().next().map_or(0, char::len_utf16), "é"),
                _ => ops.set(at, &edit.value),
            },
            (Value::Null | Value::Bool(_) | Value::Number(_), _) => ops.set(at, &edit.value),
        }
    }

    fn read(ops: &[u8]) -> Vec<protocol::Op> {
        serde_json::from_str(&format!("[{}]", std::str::from_utf8(ops).unwrap())).unwrap()
    }
    fn base() -> Value {
        json!({"list": [[1, 2, 3], [4], {"a": [5], "b,\"": "x"}], "map": {"a": {"a": "é"}, "é": []}, "text": "a", "n": 1})
    }
    fn one(write: impl FnOnce(&mut Ops)) -> Changes {
        let mut ops = Ops::default();
        write(&mut ops);
        ops.finish().unwrap()
    }
    fn merged(commits: &[Changes]) -> String {
        String::from_utf8(merge(commits.iter()).into_owned()).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(if std::env::var("PROPTEST_CASES").is_ok() { ProptestConfig::default().cases } else { 2000 }))]
        #[test]
        fn a_merged_slice_leads_to_the_same_state_as_its_steps(edits in edits()) {
            let (mut state, mut commits) = (base(), Vec::new());
            for edits in edits {
                let mut ops = Ops::default();
                for edit in edits {
                    // Each op is written for the state that the one before it has left.
                    let step = one(|ops| write(&state, &edit.way, &Path::Root, &edit, ops));
                    prop_assert!(apply(&mut state, &read(step.as_bytes())).is_ok());
                    ops.extend(&step);
                }
                commits.push(ops.finish().unwrap());
            }
            let mut at_once = base();
            let ops = read(&merge(commits.iter()));
            prop_assert_eq!(apply(&mut at_once, &ops), Ok(()), "{:?}", ops);
            prop_assert_eq!(at_once, state);
            let plain: usize = commits.iter().map(|changes| read(changes.as_bytes()).len()).sum();
            prop_assert!(ops.len() <= plain);
        }
    }

    #[test]
    fn of_ten_thousand_increments_the_last_is_left() {
        let count = |n: usize| one(|ops| ops.set(&Path::Field(&Path::Root, "count"), &n));
        let commits: Vec<Changes> = (1..=10_000).map(count).collect();
        assert_eq!(merged(&commits), r#"["=",["count"],10000]"#);
    }

    #[test]
    fn removals_and_sets_of_many_items_are_merged_in_no_time() {
        let list = Path::Field(&Path::Root, "list");
        let edit = |n: usize| {
            one(|ops| {
                ops.append(&Path::Key(&Path::Index(&list, n), "a"), "b");
                ops.remove(&Path::Key(&Path::Index(&list, n), "c"), 0, 1);
            })
        };
        let commits: Vec<Changes> = (0..20_000).map(edit).collect();
        // Quadratic would be minutes.
        assert_eq!(
            merged(&commits).len(),
            commits.iter().map(|changes| changes.len() + 1).sum::<usize>() - 1
        );
    }

    #[test]
    fn a_key_is_one_step_of_a_path_whatever_is_in_it() {
        let paths = |path: &'static str| prefixes(path.as_bytes()).map(<[u8]>::len).collect::<Vec<_>>();
        assert_eq!(paths(r#""a,\"b",1,"\\","c""#), [0, 7, 9, 14, 18]);
        assert_eq!(
            prefixes([b"\"map\",\"", ",".repeat(60_000).as_bytes(), b"\""].concat().as_slice()).count(),
            3
        );
    }

    #[test]
    fn pushes_join_over_what_else_is_done_to_the_list() {
        let feed = Path::Field(&Path::Root, "feed");
        let push = |n: usize| {
            one(|ops| {
                ops.push(&feed, [n].iter());
                ops.remove(&feed, 0, 1);
                ops.set(&Path::Field(&Path::Root, "count"), &n);
            })
        };
        let commits: Vec<Changes> = (1..=3).map(push).collect();
        assert_eq!(merged(&commits), r#"["+",["feed"],1,2,3],["-",["feed"],0,3],["=",["count"],3]"#);
    }

    #[test]
    fn a_text_that_grows_is_one_append() {
        let text = Path::Field(&Path::Root, "text");
        let commits: Vec<Changes> =
            ["a ", "\"long\" ", "answer"].map(|word| one(|ops| ops.append(&text, word))).into();
        assert_eq!(merged(&commits), r#"["~",["text"],"a \"long\" answer"]"#);
    }

    #[test]
    fn a_set_outlives_an_index_that_has_shifted() {
        let list = Path::Field(&Path::Root, "list");
        let first = Path::Index(&list, 0);
        let set = |n: usize| one(|ops| ops.set(&first, &n));
        let commits = [set(1), set(2), one(|ops| ops.insert(&list, 0, &0)), set(3)];
        assert_eq!(merged(&commits), r#"["=",["list",0],2],["i",["list"],0,0],["=",["list",0],3]"#);
    }

    #[test]
    fn a_key_that_is_set_again_loses_its_removal() {
        let users = Path::Field(&Path::Root, "users");
        let set = |n: usize| one(|ops| ops.set(&Path::Key(&users, "u,1"), &n));
        let remove = || one(|ops| ops.remove_key(&users, "u,1"));
        assert_eq!(merged(&[set(1), remove(), set(2)]), r#"["=",["users","u,1"],2]"#);
        assert_eq!(merged(&[set(1), remove()]), r#"["=",["users","u,1"],1],["-",["users"],"u,1"]"#);
    }
}
