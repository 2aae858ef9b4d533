//! Plain collections that have grown large: said in development, once for each field.
use crate::ops::Path;
use std::{collections::BTreeSet, sync::Mutex};

/// Each action of a component compares its leaves: 10 000 short entries take it 0.1 ms, 100 the hundredth of that.
const MANY: usize = 100;

/// Called when a leaf of `len` entries is compared; `tracked` is what records instead. It costs a comparison of two numbers
/// as long as there is nothing to say, and nothing in a release build.
pub(super) fn look(len: usize, at: &Path, tracked: &str) {
    if cfg!(debug_assertions) && len > MANY && matches!(at, Path::Field(..)) {
        say(len, &field(at), tracked);
    }
}

fn say(len: usize, field: &str, tracked: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut said = SAID.lock().expect("no code panics while it holds the fields");
    if said.insert(field.to_owned()) {
        drop(said);
        tracing::warn!(
            "the field `{field}` has {len} entries, and each action compares them all and sends them all if one changed; \
             a `{tracked}` sends only what is done to it"
        );
    }
}

/// As on the wire, but for keys and indexes: `rooms.*.tags`.
fn field(path: &Path) -> String {
    let (parent, step) = match path {
        Path::Root => return String::new(),
        Path::Field(parent, name) => (*parent, *name),
        Path::Key(parent, _) | Path::Index(parent, _) => (*parent, "*"),
    };
    match parent {
        Path::Root => step.to_owned(),
        Path::Field(..) | Path::Key(..) | Path::Index(..) => format!("{}.{step}", field(parent)),
    }
}
