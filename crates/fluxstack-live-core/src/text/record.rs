//! What was done to a text since the last commit: the ops that tell a reader, and the steps back.
use crate::{
    ops::{Ops, Path},
    tracked,
    value::Lost,
};
use std::ops::Range;

/// What a recording text knows beside its contents.
pub struct Record {
    /// None: the whole text is sent, because that is shorter than the steps.
    told: Option<Vec<Told>>,
    /// About as many bytes as the steps take to tell.
    told_bytes: usize,
    undo: Vec<Undo>,
}

/// What a reader is told.
enum Told {
    Append(String),
    /// Offset and length in UTF-16 units, and what came in.
    Splice(usize, usize, String),
}

/// A step, by what it takes to undo it, in bytes.
struct Undo {
    at: usize,
    inserted: usize,
    deleted: String,
}

/// An op without its text: its code, its brackets, a path of usual length.
const OP_BYTES: usize = 24;
/// The two numbers of a splice.
const NUMBER_BYTES: usize = 6;

impl Record {
    /// Puts `inserted` into the place of a range of bytes.
    pub(super) fn splice(&mut self, text: &mut String, range: Range<usize>, inserted: &str) {
        let is_append = range.start == text.len();
        let len = text.len() - range.len() + inserted.len();
        let joins = is_append && matches!(self.told.as_deref(), Some([.., Told::Append(_)]));
        self.told_bytes += match (joins, is_append) {
            (true, _) => inserted.len(),
            (false, true) => OP_BYTES + inserted.len(),
            (false, false) => OP_BYTES + NUMBER_BYTES + inserted.len(),
        };
        if self.told_bytes > OP_BYTES + len {
            self.told = None;
        }
        if let Some(told) = &mut self.told {
            match told.last_mut() {
                Some(Told::Append(tail)) if is_append => tail.push_str(inserted),
                _ if is_append => told.push(Told::Append(inserted.to_owned())),
                _ => {
                    let (at, deleted) = (units(&text[..range.start]), units(&text[range.clone()]));
                    told.push(Told::Splice(at, deleted, inserted.to_owned()));
                }
            }
        }
        match self.undo.last_mut() {
            Some(undo) if is_append && undo.at + undo.inserted == range.start => {
                undo.inserted += inserted.len()
            }
            _ => {
                let deleted = text[range.clone()].to_owned();
                self.undo.push(Undo { at: range.start, inserted: inserted.len(), deleted });
            }
        }
        text.replace_range(range, inserted);
    }
}

/// The length of a text in UTF-16 units.
fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

impl Default for Record {
    fn default() -> Self {
        Record { told: Some(Vec::new()), told_bytes: 0, undo: Vec::new() }
    }
}

impl tracked::Record for Record {
    type Items = String;
    fn is_empty(text: &String) -> bool {
        text.is_empty()
    }
    fn diff(&self, text: &String, at: &Path, ops: &mut Ops) {
        let Some(told) = &self.told else { return ops.set(at, text) };
        for step in told {
            match step {
                Told::Append(tail) => ops.append(at, tail),
                Told::Splice(index, deleted, inserted) => ops.splice(at, *index, *deleted, inserted),
            }
        }
    }
    fn accept(&mut self, _: &mut String) {
        *self = Record::default();
    }
    /// There is nothing in a text that could be another's.
    fn evict(&mut self, _: &mut String) -> bool {
        false
    }
    /// All steps back, the last one first.
    fn restore(&mut self, text: &mut String) -> Result<(), Lost> {
        for Undo { at, inserted, deleted } in std::mem::take(self).undo.into_iter().rev() {
            text.replace_range(at..at + inserted, &deleted);
        }
        Ok(())
    }
}
