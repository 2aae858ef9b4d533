//! Random edits of collections three deep, in each other and in plain structs and an `Option`, moved from one place to
//! another, taken, swapped and assigned over, some of them undone.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    feed::Feed,
    list::List,
    map::Map,
    text::Text,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::mem;
use support::convergence::{Edited, End, converges, end};

#[live_type]
#[derive(Default)]
struct Room {
    name: Text,
    threads: Map<String, Thread>,
    pinned: Option<Feed<Post, 2>>,
}

#[live_type]
#[derive(Default)]
struct Thread {
    posts: Feed<Post, 3>,
    by: Map<String, Text>,
}

#[live_type]
#[derive(Default)]
struct Post {
    text: Text,
    marks: List<u8>,
}

#[derive(LiveComponent, Clone, Debug, PartialEq, Default)]
#[live(shared)]
struct Forum {
    #[live]
    rooms: List<Room>,
    #[live]
    recent: Feed<Post, 4>,
    #[live]
    spare: Feed<Post, 4>,
    #[live]
    topic: Text,
    #[live]
    words: Map<String, Text>,
    kept: Text,
    drafts: Vec<Post>,
}

#[live_type]
struct Key {
    room: String,
}

/// One edit; the numbers choose among what is there.
#[live_type]
enum Edit {
    Open(String),
    Close(usize),
    Sort,
    Reverse,
    SwapRooms(usize, usize),
    Rename(usize, String),
    Say(usize, String, String),
    SayMore(usize, String, String),
    Mark(usize, String, u8),
    Leave(usize, String),
    ForgetThreads(usize),
    MoveThread(usize, usize, String),
    Sign(usize, String, String),
    Pin(usize, String),
    Recent(Vec<String>),
    AddToRecent(usize, String),
    DropOldest,
    KeepMarked,
    SwapRecent,
    TakeRecent,
    MoveRecent(usize),
    Stash(usize),
    Topic(String),
    SwapTopic(usize),
    TakeTopic,
    KeepTopic,
    Word(String, String),
    NameToWord(usize, String),
    TextToName(usize, usize),
    Everything,
}

#[live_actions]
impl Forum {
    fn key(props: &Key) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Key, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Key) -> Result<Self, MountError> {
        Ok(Forum::default())
    }
    async fn edit(&mut self, (edits, end): (Vec<Edit>, End)) -> Result<(), String> {
        edits.into_iter().for_each(|edit| self.apply(edit));
        end.outcome()
    }
}

fn post(text: &str) -> Post {
    Post { text: text.into(), marks: [1].into() }
}

impl Forum {
    fn room(&mut self, at: usize) -> Option<&mut Room> {
        let len = self.rooms.len();
        self.rooms.get_mut(at % len.max(1))
    }
    fn thread(&mut self, at: usize, key: String) -> Option<&mut Thread> {
        Some(self.room(at)?.threads.entry(key).or_default())
    }
}

impl Edited for Forum {
    type Edit = Edit;
    fn apply(&mut self, edit: Edit) {
        match edit {
            Edit::Open(name) => self.rooms.push(Room { name: name.as_str().into(), ..Room::default() }),
            Edit::Close(at) if !self.rooms.is_empty() => drop(self.rooms.swap_remove(at % self.rooms.len())),
            Edit::Close(_) => {}
            Edit::Sort => self.rooms.sort_by(|a, b| a.name.cmp(&b.name)),
            Edit::Reverse => self.rooms.reverse(),
            Edit::SwapRooms(a, b) => {
                if let len @ 1.. = self.rooms.len() {
                    self.rooms.swap(a % len, b % len);
                }
            }
            Edit::Rename(at, name) => drop(self.room(at).map(|room| room.name.set(&name))),
            Edit::Say(at, key, text) => drop(self.thread(at, key).map(|it| it.posts.push(post(&text)))),
            Edit::SayMore(at, key, text) => {
                let post = self.thread(at, key).and_then(|thread| thread.posts.last_mut());
                post.into_iter().for_each(|post| post.text += &text);
            }
            Edit::Mark(at, key, mark) => {
                let posts = self.thread(at, key).map(|thread| thread.posts.iter_mut());
                posts.into_iter().flatten().for_each(|post| post.marks.insert(0, mark));
            }
            Edit::Leave(at, key) => drop(self.room(at).and_then(|room| room.threads.remove(&key))),
            Edit::ForgetThreads(at) => drop(self.room(at).map(|room| room.threads.clear())),
            Edit::MoveThread(from, to, key) => {
                let thread = self.thread(from, key.clone()).map(mem::take);
                if let (Some(room), Some(thread)) = (self.room(to), thread) {
                    room.threads.insert(key, thread);
                }
            }
            Edit::Sign(at, key, name) => {
                let thread = self.thread(at, key);
                thread.into_iter().for_each(|thread| thread.by.entry(name.clone()).or_default().push('x'));
            }
            Edit::Pin(at, text) => {
                let room = self.room(at);
                room.into_iter().for_each(|room| room.pinned.get_or_insert_default().push(post(&text)));
            }
            Edit::Recent(texts) => self.recent.extend(texts.iter().map(|text| post(text))),
            Edit::AddToRecent(at, text) => {
                self.recent.get_mut(at).into_iter().for_each(|post| post.text.insert_str(0, &text));
            }
            Edit::DropOldest => drop(self.recent.pop_first()),
            Edit::KeepMarked => self.recent.retain(|post| post.marks.len() % 2 == 1),
            Edit::SwapRecent => mem::swap(&mut self.recent, &mut self.spare),
            Edit::TakeRecent => self.spare = mem::take(&mut self.recent),
            Edit::MoveRecent(at) => {
                let post = self.recent.get_mut(at).map(mem::take);
                post.into_iter().for_each(|post| self.spare.push(post));
            }
            Edit::Stash(at) => drop(self.recent.get_mut(at).map(|post| self.drafts.push(mem::take(post)))),
            Edit::Topic(text) => self.topic = text.into(),
            Edit::SwapTopic(at) => {
                let topic = mem::take(&mut self.topic);
                match self.room(at) {
                    Some(room) => self.topic = mem::replace(&mut room.name, topic),
                    None => self.topic = topic,
                }
            }
            Edit::TakeTopic => drop(mem::take(&mut self.topic)),
            Edit::KeepTopic => mem::swap(&mut self.kept, &mut self.topic),
            Edit::Word(key, text) => {
                *self.words.entry(key).or_insert_with(|| "a long beginning".into()) += &text
            }
            Edit::NameToWord(at, key) => {
                let name = self.room(at).map(|room| mem::take(&mut room.name));
                name.into_iter().for_each(|name| drop(self.words.insert(key.clone(), name)));
            }
            Edit::TextToName(at, from) => {
                let text = self.recent.get_mut(from).map(|post| mem::take(&mut post.text));
                if let (Some(room), Some(text)) = (self.room(at), text) {
                    room.name = text;
                }
            }
            Edit::Everything => *self = Forum::default(),
        }
    }
    fn public(&self) -> Value {
        json!({
            "rooms": self.rooms, "recent": self.recent, "spare": self.spare, "topic": self.topic, "words": self.words,
        })
    }
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "x", "a", "ü", "k]\\", "𝄞", "a longer one"]).prop_map(str::to_owned)
}

fn edit() -> BoxedStrategy<Edit> {
    let n = || 0_usize..4;
    let key = || prop::sample::select(vec!["a", "b"]).prop_map(str::to_owned);
    prop_oneof![
        3 => prop_oneof![
            word().prop_map(Edit::Open),
            n().prop_map(Edit::Close),
            Just(Edit::Sort),
            Just(Edit::Reverse),
            (n(), n()).prop_map(|(a, b)| Edit::SwapRooms(a, b)),
            (n(), word()).prop_map(|(at, name)| Edit::Rename(at, name)),
        ],
        4 => prop_oneof![
            (n(), key(), word()).prop_map(|(at, key, text)| Edit::Say(at, key, text)),
            (n(), key(), word()).prop_map(|(at, key, text)| Edit::SayMore(at, key, text)),
            (n(), key(), any::<u8>()).prop_map(|(at, key, mark)| Edit::Mark(at, key, mark)),
            (n(), key()).prop_map(|(at, key)| Edit::Leave(at, key)),
            n().prop_map(Edit::ForgetThreads),
            (n(), n(), key()).prop_map(|(from, to, key)| Edit::MoveThread(from, to, key)),
            (n(), key(), word()).prop_map(|(at, key, name)| Edit::Sign(at, key, name)),
            (n(), word()).prop_map(|(at, text)| Edit::Pin(at, text)),
        ],
        3 => prop_oneof![
            prop::collection::vec(word(), 0..6).prop_map(Edit::Recent),
            (n(), word()).prop_map(|(at, text)| Edit::AddToRecent(at, text)),
            Just(Edit::DropOldest),
            Just(Edit::KeepMarked),
            Just(Edit::SwapRecent),
            Just(Edit::TakeRecent),
            n().prop_map(Edit::MoveRecent),
            n().prop_map(Edit::Stash),
        ],
        3 => prop_oneof![
            word().prop_map(Edit::Topic),
            n().prop_map(Edit::SwapTopic),
            Just(Edit::TakeTopic),
            Just(Edit::KeepTopic),
            (word(), word()).prop_map(|(key, text)| Edit::Word(key, text)),
            (n(), word()).prop_map(|(at, key)| Edit::NameToWord(at, key)),
            (n(), n()).prop_map(|(at, from)| Edit::TextToName(at, from)),
            Just(Edit::Everything),
        ],
    ]
    .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_clients_hold_is_the_state_and_a_failure_changes_nothing(
        series in prop::collection::vec((prop::collection::vec(edit(), 0..12), end()), 1..10), seldom in 2_usize..5
    ) {
        converges(Forum::default(), series, seldom)?;
    }
}
