//! How often each kind of thing really happened.
use std::collections::BTreeMap;

/// The faults there are; each must happen in a long run.
pub const FAULTS: [&str; 12] = [
    "partition",
    "one-way partition",
    "hold",
    "slow network",
    "dropped by the server",
    "crash",
    "drain",
    "cut by the client",
    "cut inside a message",
    "slow reader",
    "replaced socket",
    "page loaded again",
];

/// The ways back there are, as clients see them.
pub const RESUMES: [&str; 3] = ["tail", "snapshot", "unknown"];

/// By name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<&'static str, u64>);

impl Counts {
    pub(crate) fn one(&mut self, name: &'static str) {
        *self.0.entry(name).or_default() += 1;
    }
    /// Adds those of another run.
    pub fn add(&mut self, other: &Counts) {
        for (name, count) in &other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }
    /// How often; 0 if never.
    pub fn of(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or_default()
    }
    /// All that happened at least once.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().map(|(name, count)| (*name, *count))
    }
}
