//! A private component: the calls that have counted, and a text that the client may set.
use crate::tally::Tally;
use fluxstack_live::prelude::*;
use std::sync::Arc;

/// The calls of one session.
#[derive(LiveComponent, Default)]
#[live(events(Counted))]
pub struct Counter {
    #[live]
    count: u32,
    /// In the order they were made.
    #[live]
    calls: List<String>,
    #[live(bind, on_set = Self::note_was_set)]
    note: String,
    /// How often `note` was set.
    #[live]
    sets: u32,
}

/// Nothing to say.
#[live_type]
pub struct CounterProps {}

/// A call has counted.
#[live_type]
pub struct Counted {
    call: String,
}

/// Why a call does not count.
#[live_type]
#[serde(tag = "kind")]
pub enum Refused {
    /// It asked for that.
    OnPurpose {
        /// The call.
        call: String,
    },
}

/// Everything a client sees of it, as the server has it.
#[live_type]
pub struct Truth {
    count: u32,
    calls: Vec<String>,
    note: String,
    sets: u32,
}

impl Counter {
    fn note_was_set(&mut self) {
        self.sets += 1;
    }
}

#[live_actions]
impl Counter {
    fn mount(_props: CounterProps) -> Result<Self, MountError> {
        Ok(Counter::default())
    }
    async fn increment(&mut self, call: String, cx: &mut Context<Self>) -> u32 {
        cx.state::<Arc<Tally>>().runs(&call);
        self.count += 1;
        self.calls.push(call.clone());
        cx.broadcast(Counted { call });
        self.count
    }
    async fn refuse(&mut self, call: String, cx: &mut Context<Self>) -> Result<(), Refused> {
        cx.state::<Arc<Tally>>().runs(&call);
        // To be taken back.
        self.count += 1_000;
        self.calls.push(call.clone());
        Err(Refused::OnPurpose { call })
    }
    async fn truth(&mut self) -> Truth {
        let calls = self.calls.iter().cloned().collect();
        Truth { count: self.count, calls, note: self.note.clone(), sets: self.sets }
    }
}
