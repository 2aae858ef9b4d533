//! What of an edit's cost is the same every time: bytes and allocations, each the median of some edits of a fresh board.
use crate::{
    allocations::{self, Allocations},
    edit::Kind,
    page::Page,
};
use fluxstack_live_core::encoding::Encoding;
use fluxstack_live_protocol::server::ServerMessage;

/// What one edit allocates and sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exact {
    /// Of a transaction, its delta taken by one reader.
    pub(crate) commit: Allocations,
    /// Of a request, its delta and its reply taken by the page.
    pub(crate) request: Allocations,
    pub(crate) message: Bytes,
}

/// The message with which a reader learns of one edit, in bytes; 0 if there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bytes {
    /// The whole `STATE_DELTA`.
    pub(crate) json: usize,
    /// Its `ops` alone.
    pub(crate) ops: usize,
    /// The whole message in the compact encoding, by schema.
    pub(crate) compact: usize,
}

/// Versions have two digits while it is measured.
const BEFORE: usize = 10;
const EDITS: usize = 31;

/// Measures one kind of edit of a list of `n` items.
pub(crate) fn measure(kind: Kind, n: usize) -> Exact {
    let mut page = Page::of(n);
    (0..BEFORE).for_each(|_| page.commit(Kind::Leaf.edit(n, 0)));
    page.take();
    let compact = Page::speaking(Encoding::Compact, n);
    (0..BEFORE).for_each(|_| compact.commit(Kind::Leaf.edit(n, 0)));
    compact.take();
    let mut commits = Vec::new();
    let mut messages = Vec::new();
    for i in 0..EDITS {
        let edit = kind.edit(n, i);
        let mut message = None;
        commits.push(allocations::of(|| {
            page.commit(edit);
            message = page.take();
        }));
        page.put_back(kind, n, 1);
        compact.commit(kind.edit(n, i));
        let binary = compact.take();
        compact.put_back(kind, n, 1);
        messages.push(message.zip(binary).map(|(json, binary)| bytes(&json, &binary)).unwrap_or_default());
    }
    let mut requests = Vec::new();
    for i in 0..EDITS {
        let text = page.request(&kind.edit(n, i));
        let mut answer = None;
        requests.push(allocations::of(|| {
            page.receive(&text);
            answer = page.take();
        }));
        assert!(answer.is_some(), "every request is answered");
        page.put_back(kind, n, 1);
    }
    Exact { commit: median(commits), request: median(requests), message: median(messages) }
}

fn bytes(message: &[u8], compact: &[u8]) -> Bytes {
    let delta = match serde_json::from_slice(message) {
        Ok(ServerMessage::StateDelta(delta)) => delta,
        other => panic!("an edit sends a delta, and not {other:?}"),
    };
    let ops = serde_json::to_vec(&delta.ops).expect("ops are JSON").len();
    Bytes { json: message.len(), ops, compact: compact.len() }
}

fn median<T: Ord + Copy>(mut all: Vec<T>) -> T {
    all.sort_unstable();
    all[all.len() / 2]
}
