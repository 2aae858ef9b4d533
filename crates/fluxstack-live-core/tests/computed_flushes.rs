//! Random steps of an action with flushes, jobs and computed values that fail among them: everyone, and everyone who comes
//! later, sees what was computed at the last commit, also of fields that nobody sees and of what no transaction knows.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::Context,
    list::List,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use support::{Client, engine_of, quiet_panics};

#[derive(LiveComponent, Default)]
#[live(shared)]
struct Table {
    #[live]
    rows: List<i64>,
    #[live(hidden)]
    deck: List<i64>,
    secret: i64,
    fault: Option<Fault>,
    /// What is done to it stays done.
    #[live(resource)]
    pulse: Arc<AtomicI64>,
}

/// What computing does from now on.
#[live_type]
#[derive(Copy)]
enum Fault {
    Panics,
    IsNoNumber,
}

#[live_type]
#[derive(Copy)]
enum Step {
    Flush,
    Row,
    Card,
    Secret,
    Pulse,
    Spawn,
    Fault(Fault),
    Fail,
}

#[live_type]
struct Nothing {}

#[live_actions]
impl Table {
    fn key(_props: &Nothing) -> String {
        String::new()
    }
    fn authorize(_props: &Nothing, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        Ok(Table::default())
    }
    #[live(computed)]
    fn sums(&self) -> Vec<i64> {
        let sum = |list: &List<i64>| list.iter().sum();
        vec![sum(&self.rows), sum(&self.deck), self.secret]
    }
    #[live(computed)]
    fn pulse(&self) -> i64 {
        self.pulse.load(Ordering::SeqCst)
    }
    #[live(computed)]
    fn ratio(&self) -> f64 {
        match self.fault {
            None => 0.5,
            Some(Fault::Panics) => std::panic::panic_any("on purpose"),
            Some(Fault::IsNoNumber) => f64::NAN,
        }
    }
    async fn run(&mut self, steps: Vec<Step>, cx: &mut Context<Self>) -> Result<(), ()> {
        for step in steps {
            match step {
                Step::Flush => cx.flush(self).await,
                Step::Row => self.rows.push(1),
                Step::Card => self.deck.push(1),
                Step::Secret => self.secret += 1,
                Step::Pulse => drop(self.pulse.fetch_add(1, Ordering::SeqCst)),
                Step::Spawn => cx.spawn(|store| async move {
                    store.update(|this, _| this.rows.push(10)).await.unwrap();
                }),
                Step::Fault(fault) => self.fault = Some(fault),
                Step::Fail => return Err(()),
            }
        }
        Ok(())
    }
}

/// The same without an engine.
#[derive(Clone, Default)]
struct Twin {
    rows: Vec<i64>,
    cards: i64,
    secret: i64,
    shown_pulse: i64,
    /// Spawned; once it is committed, started.
    jobs: usize,
    is_faulty: bool,
}

impl Twin {
    /// What is left of it; the pulse is put back by nothing.
    fn run(&mut self, steps: &[Step], pulse: &mut i64) {
        let mut now = self.clone();
        for step in steps.iter().chain([&Step::Flush]) {
            match step {
                Step::Flush if now.is_faulty => return,
                Step::Flush => {
                    now.shown_pulse = *pulse;
                    self.clone_from(&now);
                }
                Step::Row => now.rows.push(1),
                Step::Card => now.cards += 1,
                Step::Secret => now.secret += 1,
                Step::Pulse => *pulse += 1,
                Step::Spawn => now.jobs += 1,
                Step::Fault(_) => now.is_faulty = true,
                Step::Fail => return,
            }
        }
    }
    fn public(&self) -> Value {
        let sums = [self.rows.iter().sum(), self.cards, self.secret];
        json!({"rows": self.rows, "sums": sums, "pulse": self.shown_pulse, "ratio": 0.5})
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => Just(Step::Flush),
        2 => Just(Step::Row),
        2 => Just(Step::Card),
        2 => Just(Step::Secret),
        2 => Just(Step::Pulse),
        1 => Just(Step::Spawn),
        1 => prop::sample::select(vec![Fault::Panics, Fault::IsNoNumber]).prop_map(Step::Fault),
        1 => Just(Step::Fail),
    ];
    prop::collection::vec(step, 0..10)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn everyone_sees_what_was_computed_at_the_last_commit(actions in prop::collection::vec(steps(), 1..6)) {
        quiet_panics();
        let engine = engine_of::<Table>();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let _context = runtime.enter();
        let (mut twin, mut pulse) = (Twin::default(), 0);
        let mut clients = Vec::new();
        for steps in actions {
            for mut newcomer in [Client::full(&engine), Client::basic(&engine)] {
                newcomer.mount("t", "Table", json!({}));
                runtime.block_on(newcomer.next());
                prop_assert_eq!(newcomer.state("t"), &twin.public(), "a newcomer");
                clients.push(newcomer);
            }
            let request = clients[0].call("t", "run", serde_json::to_value(&steps).unwrap());
            runtime.block_on(clients[0].answer(request));
            twin.run(&steps, &mut pulse);
            runtime.block_on(async {
                for _ in 0..50 {
                    tokio::task::yield_now().await;
                }
            });
            // By now, what was started has changed the table, each in a commit of its own.
            for _ in 0..std::mem::take(&mut twin.jobs) {
                twin.rows.push(10);
                twin.shown_pulse = pulse;
            }
            for client in &mut clients {
                client.pump();
                prop_assert_eq!(client.state("t"), &twin.public());
            }
        }
    }
}
