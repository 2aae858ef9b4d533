//! A shared component: who has added what, and how much that is together.
use crate::{counter::Refused, tally::Tally};
use fluxstack_live::prelude::*;
use std::sync::Arc;

/// What everyone with the same key has added.
#[derive(LiveComponent, Default)]
#[live(shared, events(Added))]
pub struct Ledger {
    #[live]
    entries: List<Entry>,
    #[live]
    total: i64,
}

/// Which ledger.
#[live_type]
pub struct LedgerProps {
    key: String,
}

/// What a call has added.
#[live_type]
pub struct Entry {
    /// The call's name.
    pub id: String,
    /// How much.
    pub by: i64,
}

/// A call has added something.
#[live_type]
pub struct Added {
    id: String,
}

impl Ledger {
    /// Adds an entry from outside, as an action does it.
    pub fn add_entry(&mut self, entry: Entry, cx: &mut Context<Self>) {
        cx.broadcast(Added { id: entry.id.clone() });
        self.total += entry.by;
        self.entries.push(entry);
    }
    /// The names in it, in their order.
    pub fn ids(&self) -> Vec<String> {
        self.entries.iter().map(|entry| entry.id.clone()).collect()
    }
    /// All of it together.
    pub fn total(&self) -> i64 {
        self.total
    }
}

#[live_actions]
impl Ledger {
    fn key(props: &LedgerProps) -> String {
        props.key.clone()
    }
    fn authorize(_props: &LedgerProps, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: LedgerProps) -> Result<Self, MountError> {
        Ok(Ledger::default())
    }
    async fn add(&mut self, entry: Entry, cx: &mut Context<Self>) -> i64 {
        cx.state::<Arc<Tally>>().runs(&entry.id);
        self.add_entry(entry, cx);
        self.total
    }
    async fn refuse(&mut self, call: String, cx: &mut Context<Self>) -> Result<(), Refused> {
        cx.state::<Arc<Tally>>().runs(&call);
        // To be taken back.
        self.total += 1_000_000;
        self.entries.push(Entry { id: call.clone(), by: 1_000_000 });
        Err(Refused::OnPurpose { call })
    }
}
