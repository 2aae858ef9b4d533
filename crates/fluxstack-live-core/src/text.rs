//! A text that records what is done to it: a token that comes in costs the token, not the answer that it is part of.
//!
//! ```
//! use fluxstack_live_core::text::Text;
//!
//! let mut answer = Text::new();
//! answer += "The answer";
//! answer.push_str(" is 42.");
//! answer.replace_range(4..10, "solution");
//! assert_eq!(answer, "The solution is 42.");
//! ```
mod record; // what was done since the last commit, and how to undo it

use crate::{
    schema::{Type, Types},
    tracked::{self, Tracked},
    value::WireType,
};
use record::Record;
use serde::{Deserialize, Deserializer};
use std::{
    borrow::Borrow,
    convert::Infallible,
    fmt,
    ops::{AddAssign, Deref, Range, RangeBounds},
    str::FromStr,
};

/// A `String` for visible fields that grow: it records what is done to it, and only that travels.
///
/// It reads like a `str`, by `Deref`, and is changed by the methods of `String`; their offsets are bytes, as there. `n` is
/// the length.
///
/// | method | cost | travels |
/// |---|---|---|
/// | [`push`](Self::push), [`push_str`](Self::push_str), `+=`, `write!`, [`extend`](Extend::extend) | O(what is added) | what is added, in one op |
/// | [`insert`](Self::insert), [`insert_str`](Self::insert_str), [`replace_range`](Self::replace_range) | O(n) | two numbers, what comes in |
/// | [`pop`](Self::pop), [`remove`](Self::remove), [`truncate`](Self::truncate) | O(n) | two numbers |
/// | [`retain`](Self::retain), [`set`](Self::set) | O(n) | two numbers, the part that differs |
/// | [`clear`](Self::clear) | O(n) | an empty text |
///
/// A change in the middle is O(n) because JavaScript counts in UTF-16 units: those before it are counted. When the changes of
/// an action come to more than the text itself, the text is sent as a whole.
///
/// In a struct marked `#[live_type]` and in another collection it records as well; in an enum, an `Option` or a tuple it is
/// compared and sent as a whole.
pub struct Text(Tracked<Record>);

impl Text {
    /// An empty text.
    pub fn new() -> Self {
        Text::from(String::new())
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.items()
    }

    /// Adds a character at the end: O(1), sends it. What is added one after the other is one op.
    pub fn push(&mut self, character: char) {
        self.push_str(character.encode_utf8(&mut [0; 4]));
    }
    /// Adds a text at the end: O(what is added), sends it. What is added one after the other is one op.
    ///
    /// ```
    /// # use fluxstack_live_core::text::Text;
    /// let mut text = Text::from("live");
    /// text.push_str(" text");
    /// text.push('!');
    /// assert_eq!(text, "live text!");
    /// ```
    pub fn push_str(&mut self, tail: &str) {
        let len = self.len();
        self.splice(len..len, tail);
    }
    /// Inserts a character at an offset: O(n), sends the offset and the character.
    ///
    /// # Panics
    /// If the offset is not at the border of a character, or is beyond the length.
    pub fn insert(&mut self, at: usize, character: char) {
        self.insert_str(at, character.encode_utf8(&mut [0; 4]));
    }
    /// Inserts a text at an offset: O(n), sends the offset and the text.
    ///
    /// ```
    /// # use fluxstack_live_core::text::Text;
    /// let mut text = Text::from("a text");
    /// text.insert_str(2, "live ");
    /// assert_eq!(text, "a live text");
    /// ```
    ///
    /// # Panics
    /// If the offset is not at the border of a character, or is beyond the length.
    pub fn insert_str(&mut self, at: usize, inserted: &str) {
        self.replace_range(at..at, inserted);
    }
    /// Puts a text into the place of a range: O(n), sends the range and the text.
    ///
    /// ```
    /// # use fluxstack_live_core::text::Text;
    /// let mut text = Text::from("a dead text");
    /// text.replace_range(2..6, "live");
    /// assert_eq!(text, "a live text");
    /// ```
    ///
    /// # Panics
    /// If an end of the range is not at the border of a character, or is beyond the length, or if it ends before it starts.
    pub fn replace_range(&mut self, range: impl RangeBounds<usize>, inserted: &str) {
        let bounds = (range.start_bound().cloned(), range.end_bound().cloned());
        // `str` looks at the range, and says what is wrong with it.
        let replaced = &self.as_str()[bounds];
        let start = replaced.as_ptr().addr() - self.as_ptr().addr();
        self.splice(start..start + replaced.len(), inserted);
    }

    /// Takes out the character at an offset: O(n), sends the offset.
    ///
    /// ```
    /// # use fluxstack_live_core::text::Text;
    /// let mut text = Text::from("größer");
    /// assert_eq!(text.remove(2), 'ö');
    /// assert_eq!(text, "grßer");
    /// ```
    ///
    /// # Panics
    /// If there is none, or the offset is not at the border of a character.
    pub fn remove(&mut self, at: usize) -> char {
        let Some(character) = self[at..].chars().next() else { panic!("there is no character at {at}") };
        self.splice(at..at + character.len_utf8(), "");
        character
    }
    /// Takes out the last character, if there is one: O(n), sends its offset.
    pub fn pop(&mut self) -> Option<char> {
        let character = self.chars().next_back()?;
        self.truncate(self.len() - character.len_utf8());
        Some(character)
    }
    /// Keeps the first `len` bytes: O(n), sends two numbers. Longer than it is: nothing happens.
    ///
    /// # Panics
    /// If `len` is not at the border of a character.
    pub fn truncate(&mut self, len: usize) {
        if len < self.len() {
            self.replace_range(len.., "");
        }
    }
    /// Takes out everything: sends an empty text.
    pub fn clear(&mut self) {
        self.truncate(0);
    }
    /// Keeps the characters for which `keep` says so: O(n), sends the part from the first to the last that goes. `keep` is
    /// asked about all before the first is taken out, so a panic in it changes nothing.
    pub fn retain(&mut self, mut keep: impl FnMut(char) -> bool) {
        let kept: String = self.chars().filter(|character| keep(*character)).collect();
        self.set(&kept);
    }
    /// Makes it equal to `new`: O(n), sends the part between what is the same at both ends. For a text that comes as a
    /// whole, from a form or another program.
    ///
    /// ```
    /// # use fluxstack_live_core::text::Text;
    /// let mut text = Text::from("the quick brown fox jumps over the lazy dog");
    /// text.set("the quick red fox jumps over the lazy dog"); // sends `red`, and where it goes
    /// assert_eq!(text, "the quick red fox jumps over the lazy dog");
    /// ```
    pub fn set(&mut self, new: &str) {
        let old = self.as_str();
        let pairs = old.chars().zip(new.chars());
        let start: usize = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        let pairs = old[start..].chars().rev().zip(new[start..].chars().rev());
        let end: usize = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        self.splice(start..old.len() - end, &new[start..new.len() - end]);
    }

    /// The one change of all: `range` is a range of the text, between characters.
    fn splice(&mut self, range: Range<usize>, inserted: &str) {
        let (text, record) = self.0.parts();
        match record {
            _ if range.is_empty() && inserted.is_empty() => {}
            Some(record) => record.splice(text, range, inserted),
            None => text.replace_range(range, inserted),
        }
    }
}

tracked::collection!([] Text, Record, String);
tracked::equal_to! { [] Text: str, [] Text: String }

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}
impl PartialEq<Text> for &str {
    fn eq(&self, other: &Text) -> bool {
        *self == other.as_str()
    }
}
impl WireType for Text {
    fn describe(_: &mut Types) -> Type {
        Type::String
    }
}
impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Text::from)
    }
}
impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}
impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}
impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.as_str().fmt(f)
    }
}
/// At the end, as [`Text::push_str`].
impl fmt::Write for Text {
    fn write_str(&mut self, tail: &str) -> fmt::Result {
        self.push_str(tail);
        Ok(())
    }
}
/// At the end, as [`Text::push_str`].
impl AddAssign<&str> for Text {
    fn add_assign(&mut self, tail: &str) {
        self.push_str(tail);
    }
}
impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(Tracked::new(text))
    }
}
impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}
impl From<char> for Text {
    fn from(character: char) -> Self {
        String::from(character).into()
    }
}
/// A copy, while an action may still be undone.
impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0.into_items()
    }
}
impl FromStr for Text {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

/// What a text is made of, piece by piece, as a `String` is.
macro_rules! pieces {
    ($([$($lifetime:lifetime)?] $piece:ty),*) => { $(
        impl<$($lifetime)?> FromIterator<$piece> for Text {
            fn from_iter<I: IntoIterator<Item = $piece>>(pieces: I) -> Self {
                String::from_iter(pieces).into()
            }
        }
        /// At the end, as [`Text::push_str`].
        impl<$($lifetime)?> Extend<$piece> for Text {
            fn extend<I: IntoIterator<Item = $piece>>(&mut self, pieces: I) {
                self.push_str(&String::from_iter(pieces));
            }
        }
    )* };
}
pieces!([] char, ['a] &'a char, ['a] &'a str, [] String);
