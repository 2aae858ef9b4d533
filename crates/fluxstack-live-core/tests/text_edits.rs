//! Random use of every method of a text: it does what `String` does, a client that counts in UTF-16 holds the same, and
//! undoing gives what was there.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::text::Text;
use proptest::{prelude::*, sample::select};
use std::{fmt::Write as _, mem};
use support::{panics, watched::Watched};

#[derive(Clone, Copy, Debug)]
enum Method {
    Push,
    PushStr,
    AddAssign,
    Write,
    ExtendChars,
    ExtendStrs,
    Insert,
    InsertStr,
    ReplaceRange,
    Remove,
    Pop,
    Truncate,
    Clear,
    Retain,
    Set,
    Assign,
    Take,
    PanickingRetain,
}

use Method::*;
const METHODS: [Method; 18] = [
    Push,
    PushStr,
    AddAssign,
    Write,
    ExtendChars,
    ExtendStrs,
    Insert,
    InsertStr,
    ReplaceRange,
    Remove,
    Pop,
    Truncate,
    Clear,
    Retain,
    Set,
    Assign,
    Take,
    PanickingRetain,
];

/// A call; the numbers choose among the borders of characters.
#[derive(Clone, Debug)]
struct Call {
    method: Method,
    a: usize,
    b: usize,
    word: String,
}

/// One, two, three and four bytes; one and two UTF-16 units; two surrogate pairs with the same first half; what JSON escapes.
fn word() -> impl Strategy<Value = String> {
    prop::collection::vec(select(&['a', 'b', 'ü', '€', '𝄞', '𝄢', '"', '\\']), 0..6)
        .prop_map(String::from_iter)
}

fn call() -> impl Strategy<Value = Call> {
    (select(&METHODS), 0..60_usize, 0..60_usize, word()).prop_map(|(method, a, b, word)| Call {
        method,
        a,
        b,
        word,
    })
}

/// A border between characters.
fn border(text: &str, at: usize) -> usize {
    let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    borders[at % borders.len()]
}

fn apply(text: &mut Text, string: &mut String, Call { method, a, b, word }: Call) {
    let (at, to) = (border(string, a), border(string, b));
    let (start, end) = (at.min(to), at.max(to));
    let character = word.chars().next().unwrap_or('x');
    match method {
        Push => {
            text.push(character);
            string.push(character);
        }
        PushStr => {
            text.push_str(&word);
            string.push_str(&word);
        }
        AddAssign => {
            *text += &word;
            *string += &word;
        }
        Write => {
            write!(text, "{word}:{a}").unwrap();
            write!(string, "{word}:{a}").unwrap();
        }
        ExtendChars => {
            text.extend(word.chars());
            string.push_str(&word);
        }
        ExtendStrs => {
            text.extend([word.as_str(), "-"]);
            text.extend([word.clone()]);
            string.extend([word.as_str(), "-"]);
            string.extend([word.clone()]);
        }
        Insert => {
            text.insert(at, character);
            string.insert(at, character);
        }
        InsertStr => {
            text.insert_str(at, &word);
            string.insert_str(at, &word);
        }
        ReplaceRange => {
            text.replace_range(start..end, &word);
            string.replace_range(start..end, &word);
        }
        Remove if at < string.len() => assert_eq!(text.remove(at), string.remove(at)),
        Remove => {}
        Pop => assert_eq!(text.pop(), string.pop()),
        Truncate => {
            text.truncate(at);
            string.truncate(at);
        }
        Clear => {
            text.clear();
            string.clear();
        }
        Retain => {
            text.retain(|c| c != character);
            string.retain(|c| c != character);
        }
        Set => {
            let new = format!("{}{word}{}", &string[..start], &string[end..]);
            text.set(&new);
            *string = new;
        }
        Assign => {
            *text = word.as_str().into();
            *string = word;
        }
        Take => assert_eq!(mem::take(text), mem::take(string)),
        PanickingRetain => panics(|| text.retain(|_| panic!("on purpose"))),
    }
    assert_eq!(text, string);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_text_does_what_a_string_does_and_tells_and_undoes_it(
        begin in word(), repeated in 1..30_usize,
        series in prop::collection::vec((prop::collection::vec(call(), 0..6), any::<bool>()), 1..8)
    ) {
        // Long enough that splices are shorter than the whole, or not.
        let mut expected = begin.repeat(repeated);
        let mut watched = Watched::new(Text::from(expected.as_str()));
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
