//! What happened in a world, line by line, and its fingerprint: two runs of one seed have the same.
use std::{
    collections::VecDeque,
    hash::{DefaultHasher, Hasher},
    time::Duration,
};

/// So many lines are kept to be shown beside what is wrong.
const KEPT: usize = 60;
/// A longer line is cut where it is kept; the fingerprint is of all of it.
const WIDTH: usize = 400;

pub(crate) struct Trace {
    // Of fixed keys, unlike that of a `HashMap`.
    hasher: DefaultHasher,
    lines: VecDeque<String>,
    /// All lines are kept, not only the last.
    is_whole: bool,
}

impl Trace {
    pub(crate) fn new(is_whole: bool) -> Self {
        Trace { hasher: DefaultHasher::new(), lines: VecDeque::new(), is_whole }
    }
    pub(crate) fn line(&mut self, now: Duration, who: &str, text: &str) {
        let micros = now.as_micros();
        self.hasher.write_u128(micros);
        self.hasher.write(who.as_bytes());
        self.hasher.write(text.as_bytes());
        if !self.is_whole && self.lines.len() >= KEPT {
            self.lines.pop_front();
        }
        let cut = (0..=WIDTH.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let rest = if cut < text.len() { format!(" … {} bytes", text.len()) } else { String::new() };
        self.lines.push_back(format!(
            "{:>5}.{:03} {who:<9} {}{rest}",
            micros / 1000,
            micros % 1000,
            &text[..cut]
        ));
    }
    pub(crate) fn fingerprint(&self) -> u64 {
        self.hasher.finish()
    }
    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.iter().cloned().collect()
    }
}
