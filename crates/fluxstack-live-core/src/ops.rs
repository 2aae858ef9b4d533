//! What changed in one commit, written straight to JSON as it is found.
use fluxstack_live_protocol::strict;
use serde::Serialize;
use std::io::Write;

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

/// The ops of one commit: the inside of the `ops` array.
#[derive(Debug, Default)]
pub struct Ops {
    bytes: Vec<u8>,
    /// Some once a value could not be written; then the whole is worth nothing.
    error: Option<serde_json::Error>,
}

impl Ops {
    /// `["=", path, value]`
    pub fn set<T: Serialize + ?Sized>(&mut self, at: &Path, value: &T) {
        self.op("=", at, |ops| ops.argument(value));
    }
    /// `["+", path, v1, v2 …]`
    pub fn push<'v, T: Serialize + 'v>(&mut self, at: &Path, values: impl Iterator<Item = &'v T>) {
        self.op("+", at, |ops| values.for_each(|value| ops.argument(value)));
    }
    /// `["i", path, index, value]`
    pub fn insert<T: Serialize + ?Sized>(&mut self, at: &Path, index: usize, value: &T) {
        self.op("i", at, |ops| {
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
        self.op("i", at, |ops| {
            ops.number(index);
            values.for_each(|value| ops.argument(value));
        });
    }
    /// `["-", path, index, count]`
    pub fn remove(&mut self, at: &Path, index: usize, count: usize) {
        self.op("-", at, |ops| {
            ops.number(index);
            ops.number(count);
        });
    }
    /// `["-", path, key]`
    pub fn remove_key(&mut self, at: &Path, key: &str) {
        self.op("-", at, |ops| ops.argument(key));
    }
    /// `[">", path, from, to]`
    pub fn move_item(&mut self, at: &Path, from: usize, to: usize) {
        self.op(">", at, |ops| {
            ops.number(from);
            ops.number(to);
        });
    }
    /// `["~", path, tail]`
    pub fn append(&mut self, at: &Path, tail: &str) {
        self.op("~", at, |ops| ops.argument(tail));
    }
    /// `["~", path, index, deleted, inserted]`, in UTF-16 units
    pub fn splice(&mut self, at: &Path, index16: usize, deleted16: usize, inserted: &str) {
        self.op("~", at, |ops| {
            ops.number(index16);
            ops.number(deleted16);
            ops.argument(inserted);
        });
    }
    /// The written ops, or why a browser could not hold them.
    pub fn finish(self) -> serde_json::Result<Vec<u8>> {
        self.error.map_or(Ok(self.bytes), Err)
    }

    fn op(&mut self, code: &str, at: &Path, arguments: impl FnOnce(&mut Self)) {
        if !self.bytes.is_empty() {
            self.bytes.push(b',');
        }
        self.put(format_args!("[\"{code}\",["));
        self.path(at);
        self.bytes.push(b']');
        arguments(self);
        self.bytes.push(b']');
    }
    fn argument<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.bytes.push(b',');
        let written = strict::write_json(value, &mut self.bytes);
        self.check(written);
    }
    fn number(&mut self, number: usize) {
        self.put(format_args!(",{number}"));
    }
    fn path(&mut self, path: &Path) {
        let (Path::Field(parent, _) | Path::Key(parent, _) | Path::Index(parent, _)) = path else { return };
        self.path(parent);
        if !matches!(parent, Path::Root) {
            self.bytes.push(b',');
        }
        match path {
            Path::Root => {}
            // A wire name is a Rust identifier in camelCase: nothing in it needs escaping.
            Path::Field(_, name) => self.put(format_args!("\"{name}\"")),
            Path::Key(_, key) => {
                let written = strict::write_key(key, &mut self.bytes);
                self.check(written);
            }
            Path::Index(_, index) => self.put(format_args!("{index}")),
        }
    }
    fn put(&mut self, text: std::fmt::Arguments) {
        self.bytes.write_fmt(text).expect("memory can be written to");
    }
    fn check(&mut self, written: serde_json::Result<()>) {
        if let Err(error) = written {
            self.error.get_or_insert(error);
        }
    }
}
