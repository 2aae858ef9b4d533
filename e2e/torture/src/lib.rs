//! Components whose every change is accounted for, behind a network with faults. Clients change them with calls that have
//! names of their own; afterwards it can be said which of the calls have counted, and how often.

pub mod control; // a port for the test: networks with faults, and the truth
pub mod ledger; // a shared component: who has added what
pub mod counter; // a private component: calls that counted, and a text
pub mod tally; // which calls' code has run, and how often

use counter::Counter;
use fluxstack_live::{Limits, Live};
use ledger::Ledger;
use std::sync::Arc;
use tally::Tally;

/// The components and what counts their calls.
///
/// # Panics
/// If they cannot be registered, which they can.
pub fn live(limits: Limits) -> (Live, Arc<Tally>) {
    let tally = Arc::new(Tally::default());
    let builder = Live::builder().component::<Counter>().component::<Ledger>();
    let live = builder.state(tally.clone()).limits(limits).build();
    (live.expect("each has a name of its own"), tally)
}
