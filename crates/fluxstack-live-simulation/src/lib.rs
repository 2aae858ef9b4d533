//! The server and its clients in one simulated world: the real server code on a simulated network, clients with the
//! browser's state machine, and faults drawn from a seed. What may never be is looked for all the time; a seed in
//! which it is seen can be run again, message for message.
//!
//! ```
//! use fluxstack_live_simulation::{Options, run};
//!
//! let outcome = run(7, Options::default());
//! assert_eq!(outcome.wrong, [""; 0]);
//! ```

mod world; // a server, pages, a network, and what goes wrong
mod server; // the real server on the simulated network
mod listener; // its listener, whose connections can be cut
mod host; // its clock, tasks and chance
mod components; // what it serves
mod page; // one browser tab on its machine
mod socket; // its WebSocket
mod witness; // what may not be
mod browser; // the browser's half of the protocol
mod record; // what the server's components did
mod plan; // what a seed stands for
mod mutant; // wrong clients
mod counts; // how often what happened
mod trace; // what happened, line by line
mod dice; // numbers from a seed

pub use counts::{Counts, FAULTS, RESUMES};
pub use mutant::Mutant;

use plan::Plan;
use record::Record;
use std::{
    cell::RefCell,
    panic::{self, AssertUnwindSafe},
    rc::Rc,
    sync::Once,
};
use witness::Witness;
use world::World;

/// How a seed is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Keeps every line of the trace, not only the last.
    pub keeps_trace: bool,
    /// Clients that break a rule.
    pub mutant: Option<Mutant>,
}

/// What came of a seed.
#[derive(Debug)]
pub struct Outcome {
    /// What may not be; empty if all is well.
    pub wrong: Vec<String>,
    /// The lines of the trace, oldest first.
    pub trace: Vec<String>,
    /// Of all messages and their times.
    pub fingerprint: u64,
    /// What happened how often.
    pub counts: Counts,
}

thread_local! {
    /// Some while this thread simulates: what panicked.
    static PANICS: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Runs one seed to its end.
pub fn run(seed: u64, options: Options) -> Outcome {
    hear_panics();
    PANICS.set(Some(Vec::new()));
    let plan = Plan::draw(seed);
    let record = Record::default();
    let witness = Witness::new(record.clone(), plan.may_expire(), plan.may_be_busy(), options.keeps_trace);
    let witness = Rc::new(RefCell::new(witness));
    let simulated = panic::catch_unwind(AssertUnwindSafe(|| {
        World::new(plan, &record, witness.clone(), options.mutant).run();
    }));
    let panics = PANICS.take().unwrap_or_default();
    drop(simulated);
    let witness = witness.borrow();
    let wrong =
        witness.all_wrong().into_iter().chain(panics.into_iter().map(|panic| format!("panic: {panic}")));
    Outcome {
        wrong: wrong.collect(),
        trace: witness.trace.lines(),
        fingerprint: witness.trace.fingerprint(),
        counts: witness.counts.clone(),
    }
}

/// A panic in a task of the server would end there and be seen by nobody.
fn hear_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let is_heard = PANICS.with_borrow_mut(|panics| match panics {
                Some(panics) => {
                    panics.push(info.to_string());
                    true
                }
                None => false,
            });
            if !is_heard {
                before(info);
            }
        }));
    });
}
