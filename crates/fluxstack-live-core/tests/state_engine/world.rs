//! A component with one of everything, nested: collections in collections in collections, in plain structs, and what no
//! client sees. A field's name says what it holds; the coverage is read off it.
use crate::dice::{Dice, Edit, Roll};
use fluxstack_live_core::{
    actions::{Denied, MountError},
    feed::Feed,
    list::List,
    map::Map,
    text::Text,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::mem;

#[derive(LiveComponent, Clone, Debug, Default, PartialEq)]
#[live(shared, name = "Vectors")]
pub(crate) struct World {
    #[live]
    count: i64,
    #[live]
    name: String,
    #[live]
    shape: Shape,
    #[live]
    pair: (i64, String),
    #[live]
    words: Vec<String>,
    #[live]
    text: Text,
    #[live]
    inner: Inner,
    #[live]
    list: List<Item>,
    #[live]
    map: Map<String, Item>,
    #[live]
    feed: Feed<Item, 4>,
    #[live]
    shelf: Option<List<i64>>,
    stash: List<Item>,
    kept: Vec<Item>,
}

#[live_type]
#[derive(Default)]
pub(crate) struct Item {
    title: String,
    done: bool,
    share: f64,
    shape: Shape,
    text: Text,
    inner: Inner,
    list: List<Inner>,
    map: Map<i64, Inner>,
    feed: Feed<Inner, 3>,
}

#[live_type]
#[derive(Default)]
pub(crate) struct Inner {
    count: i64,
    maybe: Option<i64>,
    words: Vec<String>,
    text: Text,
    numbers: List<i64>,
    texts: Map<String, Text>,
    flags: Feed<bool, 2>,
}

#[live_type]
#[derive(Default)]
pub(crate) enum Shape {
    #[default]
    Empty,
    Named {
        name: String,
        list: List<i64>,
    },
    Text(Text),
}

#[live_type]
pub(crate) struct Room {
    room: String,
}

#[live_actions]
impl World {
    fn key(props: &Room) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Room) -> Result<Self, MountError> {
        Ok(World::default())
    }
}

impl Roll for Shape {
    fn roll(dice: &mut Dice) -> Self {
        match dice.roll(3) {
            0 => Shape::Empty,
            1 => Shape::Named { name: Roll::roll(dice), list: Roll::roll(dice) },
            _ => Shape::Text(Roll::roll(dice)),
        }
    }
}
impl Edit for Shape {
    fn edit(&mut self, dice: &mut Dice) {
        match self {
            Shape::Named { list, .. } if dice.roll(2) == 1 => list.edit(dice),
            Shape::Text(text) if dice.roll(2) == 1 => text.edit(dice),
            Shape::Empty | Shape::Named { .. } | Shape::Text(_) => {
                dice.did("leaf = ..");
                *self = Roll::roll(dice);
            }
        }
    }
}

macro_rules! structs {
    ($($ty:ident { $($field:ident),* } and more often { $($often:ident),* })*) => { $(
        impl Roll for $ty {
            fn roll(dice: &mut Dice) -> Self {
                $ty { $($field: Roll::roll(dice)),* }
            }
        }
        impl Edit for $ty {
            fn edit(&mut self, dice: &mut Dice) {
                let fields: &[fn(&mut $ty, &mut Dice)] = &[$(|it, dice| it.$field.edit(dice),)* $(|it, dice| it.$often.edit(dice)),*];
                match dice.roll(fields.len() + 1) {
                    0 if dice.roll(3) == 0 => {
                        dice.did("struct = ..");
                        *self = Roll::roll(dice);
                    }
                    at => fields[at.saturating_sub(1)](self, dice),
                }
            }
        }
    )* };
}
structs! {
    Item { title, done, share, shape, text, inner, list, map, feed } and more often { text, list, list, map, feed }
    Inner { count, maybe, words, text, numbers, texts, flags } and more often { text, numbers, numbers, texts, texts, texts, flags }
}

impl World {
    pub(crate) fn edit(&mut self, dice: &mut Dice) {
        match dice.roll(38) {
            0 => self.count.edit(dice),
            1 => self.name.edit(dice),
            2 => self.shape.edit(dice),
            3 => self.pair.edit(dice),
            4 => self.words.edit(dice),
            5..7 => self.text.edit(dice),
            7..9 => self.inner.edit(dice),
            9..14 => self.list.edit(dice),
            14..19 => self.map.edit(dice),
            19..24 => self.feed.edit(dice),
            24 => {
                dice.did("a server-only field");
                self.stash.edit(dice);
                self.kept.truncate(2);
            }
            25..27 => self.about(dice),
            27..30 => (0..9).for_each(|_| self.deep(dice)),
            // Every field, those that no client sees included.
            30 if dice.roll(2) == 0 => {
                dice.did("everything = ..");
                *self = World { count: self.count, ..World::default() };
            }
            30 => {
                dice.did("a list in an option");
                self.shelf.get_or_insert_default().edit(dice);
            }
            _ => match (dice.roll(3), self.list.len(), self.map.len()) {
                (0, 1.., _) => self.list[0].edit(dice),
                (1, _, 1..) => self.map.values_mut().next().expect("there is one").edit(dice),
                _ => self.feed.edit(dice),
            },
        }
    }
    /// What is met seldom otherwise: a change deep inside that nothing above makes void.
    fn deep(&mut self, dice: &mut Dice) {
        if self.map.is_empty() {
            self.map.insert(Roll::roll(dice), Roll::roll(dice));
        }
        let inner = match (dice.roll(3), self.map.values_mut().next(), self.feed.last_mut()) {
            (0, Some(item), _) | (1, _, Some(item)) => &mut item.inner,
            _ => &mut self.inner,
        };
        match dice.roll(8) {
            0 | 6 | 7 => grow(&mut inner.text, dice),
            1 | 2 => grow(inner.texts.entry("k]\\".into()).or_default(), dice),
            3 => match inner.numbers.len() {
                0..3 => inner.numbers.extend([1, 2, 3]),
                len => inner.numbers[dice.roll(len)] += 1,
            },
            4 => match inner.numbers.len() {
                0..3 => inner.numbers.extend([1, 2, 3]),
                len => inner.numbers.move_to(0, dice.roll(len)),
            },
            _ => match inner.flags.first_mut() {
                Some(flag) => *flag ^= true,
                None => inner.flags.push(true),
            },
        }
        grow(&mut self.text, dice);
        if let Some(item) = self.list.first_mut() {
            grow(&mut item.text, dice);
        }
    }
    /// Whole collections and their originals go about.
    fn about(&mut self, dice: &mut Dice) {
        match dice.roll(9) {
            0 => {
                dice.did("two fields swapped");
                mem::swap(&mut self.list, &mut self.stash);
            }
            1 => {
                dice.did("a list taken");
                self.stash = mem::take(&mut self.list);
            }
            2 => {
                dice.did("an original pushed elsewhere");
                if let Some(item) = self.list.last_mut() {
                    let item = mem::take(item);
                    self.feed.push(item);
                }
            }
            3 => {
                dice.did("an original inserted elsewhere");
                if let Some(item) = self.feed.first_mut() {
                    let item = mem::take(item);
                    self.map.insert(Roll::roll(dice), item);
                }
            }
            4 => {
                dice.did("an original kept unseen");
                if let Some(item) = self.list.first_mut() {
                    self.kept.push(mem::take(item));
                }
            }
            5 => {
                dice.did("lists of two items swapped");
                if let (Some(a), Some(b)) = (self.list.first_mut(), self.feed.last_mut()) {
                    mem::swap(&mut a.list, &mut b.list);
                    mem::swap(&mut a.inner, &mut b.inner);
                }
            }
            6 => {
                dice.did("a map taken from an item");
                if let Some(item) = self.list.first_mut() {
                    let map = mem::take(&mut item.map);
                    self.map.entry(Roll::roll(dice)).or_default().map = map;
                }
            }
            7 => {
                dice.did("a text moved");
                self.inner.text = mem::take(&mut self.text);
            }
            _ => {
                dice.did("two feeds swapped");
                if let Some(item) = self.list.last_mut() {
                    mem::swap(&mut item.inner.flags, &mut self.inner.flags);
                }
            }
        }
    }
    /// What a browser is to see of it.
    pub(crate) fn public(&self) -> Value {
        json!({
            "count": self.count, "name": self.name, "shape": self.shape, "pair": self.pair, "words": self.words,
            "text": self.text, "inner": self.inner, "list": self.list, "map": self.map, "feed": self.feed,
            "shelf": self.shelf,
        })
    }
}

/// Makes a text so long that a change in it is shorter than the whole, and then changes it.
fn grow(text: &mut Text, dice: &mut Dice) {
    match text.len() {
        0..24 => text.push_str("a text of some length, é"),
        _ if dice.roll(4) == 0 => text.push_str("…"),
        _ => text.insert_str(text.chars().next().map_or(0, char::len_utf8), "+"),
    }
}
