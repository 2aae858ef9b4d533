//! Random edits of tracked collections, nested in each other and in plain structs, assigned over, taken, swapped and moved
//! about, some of them undone: what a client builds from the ops is the state, and a failure leaves everything as it was.
//! The expected state is that of a twin whose collections record nothing.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    list::List,
    map::Map,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::mem;
use support::convergence::{Edited, End, converges, end};

#[live_type]
#[derive(Default)]
struct Item {
    name: String,
    marks: Marks,
    tags: List<String>,
    parts: Map<String, Part>,
    maybe: Option<List<i64>>,
}

#[live_type]
#[derive(Default)]
struct Marks {
    done: bool,
    stars: List<u8>,
}

#[live_type]
#[derive(Default)]
struct Part {
    count: i64,
    notes: List<String>,
}

#[derive(LiveComponent, Clone, Debug, PartialEq, Default)]
#[live(shared)]
struct Board {
    #[live]
    items: List<Item>,
    #[live]
    spare: List<Item>,
    #[live]
    by_name: Map<String, Item>,
    #[live]
    counts: Map<i64, i64>,
    #[live]
    shelf: Option<List<Item>>,
    #[live]
    matrix: List<List<i64>>,
    stash: List<Item>,
    kept: Vec<Item>,
}

#[live_type]
struct Room {
    room: String,
}

/// One edit; the numbers choose among what is there.
#[live_type]
enum Edit {
    Push(String),
    Insert(usize, String),
    Remove(usize),
    Pop,
    Move(usize, usize),
    Truncate(usize),
    Clear,
    Retain(u8),
    Extend(Vec<String>),
    Name(usize, String),
    NameAll(String),
    NameFirst(String),
    Done(usize),
    Star(usize, u8),
    Tag(usize, String),
    Untag(usize, usize),
    Part(usize, String, i64),
    PartCount(usize, String),
    PartNote(usize, String, String),
    Unpart(usize, String),
    Maybe(usize, i64),
    Keep(String, String),
    KeepCopy(usize, String),
    Rename(String, String),
    Drop(String),
    Forget,
    Count(i64, i64),
    Uncount(i64),
    Row(usize, i64),
    Rows(usize),
    Assign(Vec<String>),
    Swap,
    Take,
    SwapItems(usize, usize),
    Stash,
    Shelve,
    Unshelve,
    MoveOver(usize),
    TagsOf(usize, String),
    TakeTags(usize),
    StealTags(usize, String),
    KeepOriginal(usize),
    PushOriginal(usize),
    InsertOriginal(usize, String),
    TouchAndReplace(String, String),
    TouchAndDrop(String),
    Replace(usize, String),
    Iterate,
    Everything,
}

#[live_actions]
impl Board {
    fn key(props: &Room) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Room) -> Result<Self, MountError> {
        Ok(Board::default())
    }
    async fn edit(&mut self, (edits, end): (Vec<Edit>, End)) -> Result<(), String> {
        edits.into_iter().for_each(|edit| self.apply(edit));
        end.outcome()
    }
}

fn item(name: String) -> Item {
    let tags = [name.clone(), "new".into()].into();
    let parts = [("a".to_owned(), Part { count: 1, notes: List::new() })].into_iter().collect();
    Item { name, tags, parts, ..Item::default() }
}

/// An index of a list of this length, if there is one.
fn pick(at: usize, len: usize) -> Option<usize> {
    (len > 0).then(|| at % len)
}

impl Edited for Board {
    type Edit = Edit;
    fn apply(&mut self, edit: Edit) {
        let len = self.items.len();
        let at = |at: usize| pick(at, len);
        match edit {
            Edit::Push(name) => self.items.push(item(name)),
            Edit::Insert(i, name) => self.items.insert(i % (len + 1), item(name)),
            Edit::Remove(i) => drop(at(i).map(|i| self.items.remove(i))),
            Edit::Pop => drop(self.items.pop()),
            Edit::Move(from, to) => drop(at(from).zip(at(to)).map(|(from, to)| self.items.move_to(from, to))),
            Edit::Truncate(n) => self.items.truncate(n),
            Edit::Clear => self.items.clear(),
            Edit::Retain(n) => self.items.retain(|item| item.name.len() % 2 == usize::from(n % 2)),
            Edit::Extend(names) => self.items.extend(names.into_iter().map(item)),
            Edit::Name(i, name) => drop(at(i).map(|i| self.items[i].name = name)),
            Edit::NameAll(name) => self.items.iter_mut().for_each(|item| item.name.clone_from(&name)),
            Edit::NameFirst(name) => {
                if let Some(item) = self.items.find_mut(|item| !item.name.is_empty()) {
                    item.name = name;
                }
            }
            Edit::Done(i) => drop(at(i).map(|i| self.items[i].marks.done ^= true)),
            Edit::Star(i, n) => drop(at(i).map(|i| self.items[i].marks.stars.push(n))),
            Edit::Tag(i, tag) => drop(at(i).map(|i| self.items[i].tags.push(tag))),
            Edit::Untag(i, tag) => {
                let tags = at(i).map(|i| &mut self.items[i].tags);
                drop(tags.and_then(|tags| Some(tags.remove(pick(tag, tags.len())?))));
            }
            Edit::Part(i, key, count) => {
                let part = Part { count, notes: List::new() };
                drop(at(i).map(|i| self.items[i].parts.insert(key, part)));
            }
            Edit::PartCount(i, key) => {
                let part = at(i).and_then(|i| self.items[i].parts.get_mut(&key));
                part.into_iter().for_each(|part| part.count += 1);
            }
            Edit::PartNote(i, key, note) => {
                let part = at(i).and_then(|i| self.items[i].parts.get_mut(&key));
                part.into_iter().for_each(|part| part.notes.push(note.clone()));
            }
            Edit::Unpart(i, key) => drop(at(i).map(|i| self.items[i].parts.remove(&key))),
            Edit::Maybe(i, n) => drop(at(i).map(|i| self.items[i].maybe.get_or_insert_default().push(n))),
            Edit::Keep(key, name) => drop(self.by_name.insert(key, item(name))),
            Edit::KeepCopy(i, key) => drop(at(i).map(|i| self.by_name.insert(key, self.items[i].clone()))),
            Edit::Rename(key, name) => drop(self.by_name.get_mut(&key).map(|item| item.tags.push(name))),
            Edit::Drop(key) => drop(self.by_name.remove(&key)),
            Edit::Forget => self.by_name.retain(|key, _| key.len() > 1),
            Edit::Count(key, n) => drop(self.counts.insert(key, n)),
            Edit::Uncount(key) => drop(self.counts.remove(&key)),
            Edit::Row(i, n) => match pick(i, self.matrix.len()) {
                Some(i) if n % 3 == 0 => drop(self.matrix[i].pop()),
                Some(i) => self.matrix[i].push(n),
                None => self.matrix.push(List::new()),
            },
            Edit::Rows(i) => match pick(i, self.matrix.len()) {
                Some(i) if i % 2 == 0 => drop(self.matrix.remove(i)),
                Some(i) => self.matrix.insert(i, [7, 8].into()),
                None => self.matrix.push([1].into()),
            },
            Edit::Assign(names) => self.items = names.into_iter().map(item).collect(),
            Edit::Swap => mem::swap(&mut self.items, &mut self.spare),
            Edit::Take => self.spare = mem::take(&mut self.items),
            Edit::SwapItems(a, b) => {
                if let Some((a, b)) = at(a).zip(pick(b, self.spare.len())) {
                    mem::swap(&mut self.items[a], &mut self.spare[b]);
                }
            }
            Edit::Stash => mem::swap(&mut self.stash, &mut self.items),
            Edit::Shelve => self.shelf = Some(mem::take(&mut self.items)),
            Edit::Unshelve => drop(self.shelf.take().map(|shelf| self.items = shelf)),
            Edit::MoveOver(i) => drop(at(i).map(|i| self.spare.push(self.items.remove(i)))),
            Edit::TagsOf(i, key) => {
                if let Some((i, kept)) = at(i).zip(self.by_name.get_mut(&key)) {
                    mem::swap(&mut self.items[i].tags, &mut kept.tags);
                }
            }
            Edit::TakeTags(i) => drop(at(i).map(|i| self.items[i].tags = self.items[0].tags.clone())),
            Edit::StealTags(i, key) => {
                // Into a value that came in just now.
                self.by_name.insert(key.clone(), Item::default());
                if let Some((i, kept)) = at(i).zip(self.by_name.get_mut(&key)) {
                    kept.tags = mem::take(&mut self.items[i].tags);
                }
            }
            Edit::KeepOriginal(i) => drop(at(i).map(|i| self.kept.push(mem::take(&mut self.items[i])))),
            Edit::PushOriginal(i) => drop(at(i).map(|i| self.spare.push(mem::take(&mut self.items[i])))),
            Edit::InsertOriginal(i, key) => {
                drop(at(i).map(|i| self.by_name.insert(key, mem::take(&mut self.items[i]))));
            }
            Edit::TouchAndReplace(key, name) => {
                self.by_name.get_mut(&key).into_iter().for_each(|kept| kept.tags.push("gone".into()));
                self.by_name.insert(key, item(name));
            }
            Edit::TouchAndDrop(key) => {
                self.by_name.get_mut(&key).into_iter().for_each(|kept| kept.marks.stars.push(1));
                self.by_name.remove(&key);
            }
            Edit::Replace(i, name) => drop(at(i).map(|i| self.items[i] = item(name))),
            Edit::Iterate => {
                let names: Vec<String> =
                    mem::take(&mut self.spare).into_iter().map(|item| item.name).collect();
                self.spare = names.into_iter().map(item).collect();
            }
            Edit::Everything => *self = Board::default(),
        }
    }
    fn public(&self) -> Value {
        json!({
            "items": self.items, "spare": self.spare, "byName": self.by_name, "counts": self.counts, "shelf": self.shelf,
            "matrix": self.matrix,
        })
    }
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "x", "a", "a,b", "q\"]", "ü", "k]\\", "𝄞"]).prop_map(str::to_owned)
}

fn edit() -> BoxedStrategy<Edit> {
    let n = || 0_usize..6;
    let small = || -2_i64..3;
    prop_oneof![
        prop_oneof![
            word().prop_map(Edit::Push),
            (word(), word()).prop_map(|(a, b)| Edit::Extend(vec![a, b])),
            (n(), word()).prop_map(|(i, name)| Edit::Insert(i, name)),
            n().prop_map(Edit::Remove),
            Just(Edit::Pop),
            (n(), n()).prop_map(|(from, to)| Edit::Move(from, to)),
            n().prop_map(Edit::Truncate),
            Just(Edit::Clear),
            any::<u8>().prop_map(Edit::Retain),
            prop::collection::vec(word(), 0..3).prop_map(Edit::Extend),
        ],
        prop_oneof![
            (n(), word()).prop_map(|(i, name)| Edit::Name(i, name)),
            word().prop_map(Edit::NameAll),
            word().prop_map(Edit::NameFirst),
            n().prop_map(Edit::Done),
            (n(), any::<u8>()).prop_map(|(i, n)| Edit::Star(i, n)),
            (n(), word()).prop_map(|(i, tag)| Edit::Tag(i, tag)),
            (n(), n()).prop_map(|(i, tag)| Edit::Untag(i, tag)),
            (n(), small()).prop_map(|(i, n)| Edit::Maybe(i, n)),
        ],
        prop_oneof![
            (n(), word(), small()).prop_map(|(i, key, n)| Edit::Part(i, key, n)),
            (n(), word()).prop_map(|(i, key)| Edit::PartCount(i, key)),
            (n(), word(), word()).prop_map(|(i, key, note)| Edit::PartNote(i, key, note)),
            (n(), word()).prop_map(|(i, key)| Edit::Unpart(i, key)),
        ],
        prop_oneof![
            (word(), word()).prop_map(|(key, name)| Edit::Keep(key, name)),
            (n(), word()).prop_map(|(i, key)| Edit::KeepCopy(i, key)),
            (word(), word()).prop_map(|(key, name)| Edit::Rename(key, name)),
            word().prop_map(Edit::Drop),
            Just(Edit::Forget),
            (small(), small()).prop_map(|(key, n)| Edit::Count(key, n)),
            small().prop_map(Edit::Uncount),
            (n(), small()).prop_map(|(i, n)| Edit::Row(i, n)),
            n().prop_map(Edit::Rows),
        ],
        prop_oneof![
            prop::collection::vec(word(), 0..4).prop_map(Edit::Assign),
            Just(Edit::Swap),
            Just(Edit::Take),
            (n(), n()).prop_map(|(a, b)| Edit::SwapItems(a, b)),
            Just(Edit::Stash),
            Just(Edit::Shelve),
            Just(Edit::Unshelve),
            n().prop_map(Edit::MoveOver),
            (n(), word()).prop_map(|(i, key)| Edit::TagsOf(i, key)),
            n().prop_map(Edit::TakeTags),
            (n(), word()).prop_map(|(i, key)| Edit::StealTags(i, key)),
            n().prop_map(Edit::KeepOriginal),
            n().prop_map(Edit::PushOriginal),
            (n(), word()).prop_map(|(i, key)| Edit::InsertOriginal(i, key)),
            (word(), word()).prop_map(|(key, name)| Edit::TouchAndReplace(key, name)),
            word().prop_map(Edit::TouchAndDrop),
            (n(), word()).prop_map(|(i, name)| Edit::Replace(i, name)),
            Just(Edit::Iterate),
            Just(Edit::Everything),
        ],
    ]
    .boxed()
}

fn edits() -> impl Strategy<Value = (Vec<Edit>, End)> {
    (prop::collection::vec(edit(), 0..12), end())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_clients_hold_is_the_state_and_a_failure_changes_nothing(series in prop::collection::vec(edits(), 1..10), seldom in 2_usize..5) {
        converges(Board::default(), series, seldom)?;
    }
}
