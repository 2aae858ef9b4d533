//! Which calls' code has run, and how often. It is beside the components: no rollback and no new mount takes back that the
//! code of a call has run.
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// How often the code of each call has run.
#[derive(Default)]
pub struct Tally(Mutex<BTreeMap<String, u32>>);

impl Tally {
    /// The code of a call runs.
    pub fn runs(&self, call: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(call.to_owned()).or_default() += 1;
    }
    /// The calls whose names begin with `prefix`, and how often their code has run.
    pub fn of(&self, prefix: &str) -> BTreeMap<String, u32> {
        let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let range = calls.range(prefix.to_owned()..);
        let range = range.take_while(|(call, _)| call.starts_with(prefix));
        range.map(|(call, runs)| (call.clone(), *runs)).collect()
    }
}
