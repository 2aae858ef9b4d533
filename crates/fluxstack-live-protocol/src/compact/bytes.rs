//! MessagePack, as much of it as there is in JSON: null, booleans, integers, doubles, texts, lists, and maps with texts as
//! their keys. Anything else is refused where it begins.
use super::node::{Map, Node};
use crate::scan::{self, Keys};
use std::borrow::Cow;

/// How much one reading may find.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// How deep lists and maps may nest.
    pub(crate) depth: usize,
    /// How many values there may be beside nils, which may stand for what is not there.
    pub(crate) values: usize,
}

/// Exactly one value; None if the bytes are none, or break a bound. Nothing is set aside for what is only announced.
pub(crate) fn read(bytes: &[u8], bounds: Bounds) -> Option<Node<'_>> {
    let Bounds { depth, values } = bounds;
    let mut reader = Reader { rest: bytes, depth, values };
    let value = reader.value()?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a [u8],
    /// How many levels and values there still may be.
    depth: usize,
    values: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self) -> Option<Node<'a>> {
        let [head] = self.array()?;
        if head == 0xc0 {
            return Some(Node::Null);
        }
        self.values = self.values.checked_sub(1)?;
        match head {
            0x00..=0x7f => Some(Node::Unsigned(head.into())),
            0x80..=0x8f => self.map(u32::from(head & 0x0f)),
            0x90..=0x9f => self.list(u32::from(head & 0x0f)),
            0xa0..=0xbf => self.text(u32::from(head & 0x1f)).map(Node::Text),
            0xc2 | 0xc3 => Some(Node::Bool(head == 0xc3)),
            0xcb => Some(f64::from_be_bytes(self.array()?)).filter(|it| it.is_finite()).map(Node::Float),
            0xcc => self.array().map(|it| Node::Unsigned(u8::from_be_bytes(it).into())),
            0xcd => self.array().map(|it| Node::Unsigned(u16::from_be_bytes(it).into())),
            0xce => self.array().map(|it| Node::Unsigned(u32::from_be_bytes(it).into())),
            0xcf => self.array().map(|it| Node::Unsigned(u64::from_be_bytes(it))),
            0xd0 => self.array().map(|it| Node::signed(i8::from_be_bytes(it).into())),
            0xd1 => self.array().map(|it| Node::signed(i16::from_be_bytes(it).into())),
            0xd2 => self.array().map(|it| Node::signed(i32::from_be_bytes(it).into())),
            0xd3 => self.array().map(|it| Node::signed(i64::from_be_bytes(it))),
            0xd9 => self.length(1).and_then(|n| self.text(n)).map(Node::Text),
            0xda => self.length(2).and_then(|n| self.text(n)).map(Node::Text),
            0xdb => self.length(4).and_then(|n| self.text(n)).map(Node::Text),
            0xdc => self.length(2).and_then(|n| self.list(n)),
            0xdd => self.length(4).and_then(|n| self.list(n)),
            0xde => self.length(2).and_then(|n| self.map(n)),
            0xdf => self.length(4).and_then(|n| self.map(n)),
            0xe0..=0xff => Some(Node::Negative(i8::from_be_bytes([head]).into())),
            // Never used, binary data, extensions, and a float that is no double.
            0xc0 | 0xc1 | 0xc4..=0xca | 0xd4..=0xd8 => None,
        }
    }
    fn list(&mut self, length: u32) -> Option<Node<'a>> {
        self.depth = self.depth.checked_sub(1)?;
        let mut items = Vec::new();
        for _ in 0..length {
            items.push(self.value()?);
        }
        self.depth += 1;
        Some(Node::List(items))
    }
    fn map(&mut self, length: u32) -> Option<Node<'a>> {
        self.depth = self.depth.checked_sub(1)?;
        let (mut fields, mut seen) = (Map::new(), Keys::default());
        for _ in 0..length {
            let name = self.key()?;
            if scan::is_reserved(&name) || !seen.insert(name.clone()) {
                return None;
            }
            fields.push((name, self.value()?));
        }
        self.depth += 1;
        Some(Node::Map(fields))
    }
    fn key(&mut self) -> Option<Cow<'a, str>> {
        match self.array()? {
            [head @ 0xa0..=0xbf] => self.text(u32::from(head & 0x1f)),
            [0xd9] => self.length(1).and_then(|n| self.text(n)),
            [0xda] => self.length(2).and_then(|n| self.text(n)),
            [0xdb] => self.length(4).and_then(|n| self.text(n)),
            _ => None,
        }
    }
    fn text(&mut self, length: u32) -> Option<Cow<'a, str>> {
        let bytes = self.bytes(usize::try_from(length).ok()?)?;
        std::str::from_utf8(bytes).ok().map(Cow::Borrowed)
    }
    fn length(&mut self, bytes: usize) -> Option<u32> {
        Some(self.bytes(bytes)?.iter().fold(0, |length, byte| length << 8 | u32::from(*byte)))
    }
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(bytes)
    }
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }
}

/// Writes a value in its shortest form.
pub(crate) fn write(value: &Node, out: &mut Vec<u8>) {
    match value {
        Node::Null => out.push(0xc0),
        Node::Bool(it) => out.push(0xc2 | u8::from(*it)),
        Node::Unsigned(it) => unsigned(*it, out),
        Node::Negative(it) => negative(*it, out),
        Node::Float(it) => {
            out.push(0xcb);
            out.extend(it.to_be_bytes());
        }
        Node::Text(it) => text(it, out),
        Node::List(items) => {
            list_of(items.len(), out);
            items.iter().for_each(|item| write(item, out));
        }
        Node::Map(fields) => {
            head(fields.len(), 0x80, 16, [None, Some(0xde), Some(0xdf)], out);
            for (name, value) in fields {
                text(name, out);
                write(value, out);
            }
        }
    }
}

/// The beginning of a list; so many values are to follow.
pub(crate) fn list_of(length: usize, out: &mut Vec<u8>) {
    head(length, 0x90, 16, [None, Some(0xdc), Some(0xdd)], out);
}

pub(crate) fn text(text: &str, out: &mut Vec<u8>) {
    head(text.len(), 0xa0, 32, [Some(0xd9), Some(0xda), Some(0xdb)], out);
    out.extend_from_slice(text.as_bytes());
}

pub(crate) fn nil(out: &mut Vec<u8>) {
    out.push(0xc0);
}

/// The integer that [`unsigned`] has written at the beginning, and what follows.
pub(crate) fn split_unsigned(bytes: &[u8]) -> (&[u8], &[u8]) {
    bytes.split_at(match bytes[0] {
        0xcc => 2,
        0xcd => 3,
        0xce => 5,
        0xcf => 9,
        _ => 1,
    })
}

pub(crate) fn unsigned(n: u64, out: &mut Vec<u8>) {
    if n < 0x80 {
        out.push(n as u8);
    } else if let Ok(n) = u8::try_from(n) {
        out.extend([0xcc, n]);
    } else if let Ok(n) = u16::try_from(n) {
        out.push(0xcd);
        out.extend(n.to_be_bytes());
    } else if let Ok(n) = u32::try_from(n) {
        out.push(0xce);
        out.extend(n.to_be_bytes());
    } else {
        out.push(0xcf);
        out.extend(n.to_be_bytes());
    }
}

fn negative(n: i64, out: &mut Vec<u8>) {
    if n >= -32 {
        out.push(n as u8);
    } else if let Ok(n) = i8::try_from(n) {
        out.push(0xd0);
        out.extend(n.to_be_bytes());
    } else if let Ok(n) = i16::try_from(n) {
        out.push(0xd1);
        out.extend(n.to_be_bytes());
    } else if let Ok(n) = i32::try_from(n) {
        out.push(0xd2);
        out.extend(n.to_be_bytes());
    } else {
        out.push(0xd3);
        out.extend(n.to_be_bytes());
    }
}

/// A length in the first byte where it is below `few`, else behind a marker in one, two or four bytes.
fn head(length: usize, first: u8, few: usize, markers: [Option<u8>; 3], out: &mut Vec<u8>) {
    let [one, two, four] = markers;
    if length < few {
        out.push(first | length as u8);
    } else if let (Some(marker), Ok(length)) = (one, u8::try_from(length)) {
        out.extend([marker, length]);
    } else if let (Some(marker), Ok(length)) = (two, u16::try_from(length)) {
        out.push(marker);
        out.extend(length.to_be_bytes());
    } else {
        let length = u32::try_from(length).expect("nothing of 4 GiB is sent");
        out.extend(four);
        out.extend(length.to_be_bytes());
    }
}
