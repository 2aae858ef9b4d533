//! What changed in one commit, written straight to JSON as it is found, with the place of each op.
use fluxstack_live_protocol::strict;
use serde::Serialize;
use std::{borrow::Cow, io::Write};

/// Where a value is; lives on the stack, and is written only when an op is.
#[derive(Clone, Copy, Debug)]
pub enum Path<'a> {
    /// The state itself.
    Root,
    /// A field of a struct, by its wire name.
    Field(&'a Path<'a>, &'static str),
    /// A value of a map, by its key as it travels.
    Key(&'a Path<'a>, &'a str),
    /// An item of a list.
    Index(&'a Path<'a>, usize),
}

/// Writes the ops of one commit.
#[derive(Debug, Default)]
pub struct Ops {
    changes: Changes,
    /// Some once a value could not be written; then the whole is worth nothing.
    error: Option<serde_json::Error>,
}

/// The ops of one commit as they travel, and where each of them is, so that commits are merged without being read again.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The inside of an `ops` array.
    bytes: Vec<u8>,
    spans: Vec<Span>,
}

/// Where an op is within its commit's bytes.
#[derive(Clone, Copy, Debug)]
struct Span {
    code: Code,
    /// The inside of the path's array.
    path: [u32; 2],
    /// Behind the op; the next one begins after a comma.
    end: u32,
}

/// What an op does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Set,
    Push,
    Insert,
    Remove,
    RemoveKey,
    Move,
    Append,
    Splice,
}

/// One op of a commit, in its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Op<'a> {
    pub(crate) code: Code,
    /// The inside of the path's array; empty for the root.
    pub(crate) path: &'a [u8],
    /// What follows the path, without its leading comma.
    pub(crate) arguments: &'a [u8],
}

impl<'a> Op<'a> {
    /// The inside of the path of what it changes.
    pub(crate) fn target(&self) -> Cow<'a, [u8]> {
        match self.code {
            Code::RemoveKey if self.path.is_empty() => Cow::Borrowed(self.arguments),
            Code::RemoveKey => Cow::Owned([self.path, self.arguments].join(&b',')),
            Code::Set | Code::Push | Code::Insert | Code::Remove => Cow::Borrowed(self.path),
            Code::Move | Code::Append | Code::Splice => Cow::Borrowed(self.path),
        }
    }
    /// Whether [`Op::write`] may take its arguments as more of an earlier op with the same path.
    pub(crate) fn may_join(&self, earlier: &Op) -> bool {
        let has_equal_index = || self.numbers()[0] == earlier.numbers()[0];
        self.code == earlier.code && (self.code != Code::Remove || has_equal_index())
    }
    /// Adds it to the inside of an `ops` array, with the arguments of later ones that join it.
    pub(crate) fn write(&self, more: &[&[u8]], out: &mut Vec<u8>) {
        if !out.is_empty() {
            out.push(b',');
        }
        write(out, format_args!("[\"{}\",[", self.code.sign()));
        out.extend_from_slice(self.path);
        out.extend_from_slice(b"],");
        match self.code {
            Code::Remove => {
                let counts =
                    std::iter::once(*self).chain(more.iter().map(|more| Op { arguments: more, ..*self }));
                let count: usize = counts.map(|op| op.numbers()[1]).sum();
                write(out, format_args!("{},{count}", self.numbers()[0]));
            }
            // Texts, without the quotes between them.
            Code::Append => {
                out.push(b'"');
                for text in std::iter::once(&self.arguments).chain(more) {
                    out.extend_from_slice(&text[1..text.len() - 1]);
                }
                out.push(b'"');
            }
            Code::Set | Code::Push | Code::Insert | Code::RemoveKey | Code::Move | Code::Splice => {
                out.extend_from_slice(self.arguments);
                more.iter().for_each(|more| {
                    out.push(b',');
                    out.extend_from_slice(more);
                });
            }
        }
        out.push(b']');
    }
    /// The arguments of a removal: where, and how many.
    fn numbers(&self) -> [usize; 2] {
        let text = std::str::from_utf8(self.arguments).expect("numbers are text");
        let (index, count) = text.split_once(',').expect("a removal has two arguments");
        [index, count].map(|number| number.parse().expect("a removal's arguments are numbers"))
    }
}

impl Changes {
    /// Bytes as they travel.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
    /// The inside of an `ops` array.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
    /// For keeping: they take no more memory than they need, and this is how much.
    pub(crate) fn shrink(&mut self) -> usize {
        self.bytes.shrink_to_fit();
        self.spans.shrink_to_fit();
        self.bytes.len() + self.spans.len() * size_of::<Span>()
    }
    /// The ops one by one.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = Op<'_>> {
        self.spans.iter().map(|Span { code, path: [from, to], end }| {
            let [from, to, end] = [*from, *to, *end].map(|at| usize::try_from(at).expect("it is in memory"));
            // Behind the path are its bracket and a comma, behind the arguments is the op's bracket.
            Op { code: *code, path: &self.bytes[from..to], arguments: &self.bytes[to + 2..end - 1] }
        })
    }
}

impl Code {
    /// As it travels.
    pub(crate) fn sign(self) -> char {
        match self {
            Code::Set => '=',
            Code::Push => '+',
            Code::Insert => 'i',
            Code::Remove | Code::RemoveKey => '-',
            Code::Move => '>',
            Code::Append | Code::Splice => '~',
        }
    }
}

impl Ops {
    /// `["=", path, value]`
    pub fn set<T: Serialize + ?Sized>(&mut self, at: &Path, value: &T) {
        self.op(Code::Set, at, |ops| ops.argument(value));
    }
    /// `["+", path, v1, v2 …]`
    pub fn push<'v, T: Serialize + 'v>(&mut self, at: &Path, values: impl Iterator<Item = &'v T>) {
        self.op(Code::Push, at, |ops| values.for_each(|value| ops.argument(value)));
    }
    /// `["i", path, index, value]`
    pub fn insert<T: Serialize + ?Sized>(&mut self, at: &Path, index: usize, value: &T) {
        self.op(Code::Insert, at, |ops| {
            ops.number(index);
            ops.argument(value);
        });
    }
    /// `["i", path, index, v1, v2 …]`
    pub fn insert_all<'v, T: Serialize + 'v>(
        &mut self,
        at: &Path,
        index: usize,
        values: impl Iterator<Item = &'v T>,
    ) {
        self.op(Code::Insert, at, |ops| {
            ops.number(index);
            values.for_each(|value| ops.argument(value));
        });
    }
    /// `["-", path, index, count]`
    pub fn remove(&mut self, at: &Path, index: usize, count: usize) {
        self.op(Code::Remove, at, |ops| {
            ops.number(index);
            ops.number(count);
        });
    }
    /// `["-", path, key]`
    pub fn remove_key(&mut self, at: &Path, key: &str) {
        self.op(Code::RemoveKey, at, |ops| ops.argument(key));
    }
    /// `[">", path, from, to]`
    pub fn move_item(&mut self, at: &Path, from: usize, to: usize) {
        self.op(Code::Move, at, |ops| {
            ops.number(from);
            ops.number(to);
        });
    }
    /// `["~", path, tail]`
    pub fn append(&mut self, at: &Path, tail: &str) {
        self.op(Code::Append, at, |ops| ops.argument(tail));
    }
    /// `["~", path, at, deleted, inserted]`, in UTF-16 units
    pub fn splice(&mut self, path: &Path, at: usize, deleted: usize, inserted: &str) {
        self.op(Code::Splice, path, |ops| {
            ops.number(at);
            ops.number(deleted);
            ops.argument(inserted);
        });
    }
    /// Adds the ops of another commit.
    #[cfg(test)]
    pub(crate) fn extend(&mut self, more: &Changes) {
        if !self.changes.is_empty() && !more.is_empty() {
            self.changes.bytes.push(b',');
        }
        let shift = self.position();
        let moved =
            |span: &Span| Span { path: span.path.map(|at| at + shift), end: span.end + shift, ..*span };
        self.changes.spans.extend(more.spans.iter().map(moved));
        self.changes.bytes.extend_from_slice(&more.bytes);
    }
    /// The written ops, or why a browser could not hold them.
    pub fn finish(self) -> serde_json::Result<Changes> {
        self.error.map_or(Ok(self.changes), Err)
    }

    fn op(&mut self, code: Code, at: &Path, arguments: impl FnOnce(&mut Self)) {
        if !self.changes.is_empty() {
            self.changes.bytes.push(b',');
        }
        self.put(format_args!("[\"{}\",[", code.sign()));
        let from = self.position();
        self.path(at);
        let to = self.position();
        self.changes.bytes.push(b']');
        arguments(self);
        self.changes.bytes.push(b']');
        let end = self.position();
        self.changes.spans.push(Span { code, path: [from, to], end });
    }
    /// Beyond 4 GiB the position is wrong, and the commit is far too large to be made.
    fn position(&self) -> u32 {
        u32::try_from(self.changes.bytes.len()).unwrap_or(u32::MAX)
    }
    fn argument<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.changes.bytes.push(b',');
        let written = strict::write_json(value, &mut self.changes.bytes);
        self.check(written);
    }
    fn number(&mut self, number: usize) {
        self.put(format_args!(",{number}"));
    }
    fn path(&mut self, path: &Path) {
        let (Path::Field(parent, _) | Path::Key(parent, _) | Path::Index(parent, _)) = path else { return };
        self.path(parent);
        if !matches!(parent, Path::Root) {
            self.changes.bytes.push(b',');
        }
        match path {
            Path::Root => {}
            // A wire name is a Rust identifier in camelCase: nothing in it needs escaping.
            Path::Field(_, name) => self.put(format_args!("\"{name}\"")),
            Path::Key(_, key) => {
                let written = strict::write_key(key, &mut self.changes.bytes);
                self.check(written);
            }
            Path::Index(_, index) => self.put(format_args!("{index}")),
        }
    }
    fn put(&mut self, text: std::fmt::Arguments) {
        write(&mut self.changes.bytes, text);
    }
    fn check(&mut self, written: serde_json::Result<()>) {
        if let Err(error) = written {
            self.error.get_or_insert(error);
        }
    }
}

fn write(out: &mut Vec<u8>, text: std::fmt::Arguments) {
    out.write_fmt(text).expect("memory can be written to");
}
