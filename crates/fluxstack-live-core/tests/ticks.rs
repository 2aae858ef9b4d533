//! What changes a store every so often: when a tick comes, what becomes of one that fails, and how it ends.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{actions::MountError, context::Context, engine::Builder, limits::Limits};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::json;
use std::{ops::ControlFlow, time::Duration};
use support::{
    Client,
    beside::{Held, Log, Wires, World, until_quiet},
};
use tokio::time::{Instant, sleep, sleep_until};

#[derive(LiveComponent, Default)]
struct Clock {
    #[live]
    count: i64,
    #[live]
    text: String,
}

#[live_type]
struct Nothing {}

#[live_actions]
impl Clock {
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        Ok(Clock::default())
    }
    async fn tick(&mut self, how: String, cx: &mut Context<Self>) {
        let wires = cx.state::<Wires>().clone();
        let held = Held(wires);
        let mut ticks = 0;
        let period = Duration::from_secs(if how == "never pauses" { 0 } else { 10 });
        cx.every(period, move |this, _| {
            let _ = &held;
            ticks += 1;
            this.count += 1;
            match (how.as_str(), ticks) {
                ("stumbles", 2) => panic!("on purpose"),
                ("grows", 2) => this.text = "x".repeat(256 * 1024),
                ("stops", 3) => return ControlFlow::Break(()),
                _ => {}
            }
            ControlFlow::Continue(())
        });
    }
    async fn wait(&mut self, seconds: u64) {
        sleep(Duration::from_secs(seconds)).await;
    }
}

fn clock(limits: Limits) -> (World, Client) {
    let world = World::new(limits, Builder::component::<Clock>);
    let mut client = Client::full(&world.engine);
    client.mount("d", "Clock", json!({}));
    assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
    (world, client)
}

#[tokio::test(start_paused = true)]
async fn a_tick_comes_a_period_after_the_end_of_the_one_before_and_none_is_made_up_for() {
    let (_world, mut ana) = clock(Limits::default());
    let started = Instant::now();
    let request = ana.call("d", "tick", json!("on and on"));
    ana.answer(request).await;
    let at = async |ana: &mut Client, seconds: u64| {
        sleep_until(started + Duration::from_secs(seconds)).await;
        until_quiet().await;
        ana.pump();
        ana.state("d")["count"].as_i64().unwrap()
    };
    assert_eq!(at(&mut ana, 9).await, 0);
    assert_eq!(at(&mut ana, 11).await, 1);
    assert_eq!(at(&mut ana, 21).await, 2);
    // An action holds the tick of 30 s up until 46 s; the next one comes 10 s after that.
    let request = ana.call("d", "wait", json!(25));
    assert_eq!(at(&mut ana, 45).await, 2);
    ana.answer(request).await;
    assert_eq!(at(&mut ana, 47).await, 3);
    assert_eq!(at(&mut ana, 55).await, 3);
    assert_eq!(at(&mut ana, 57).await, 4);
}

#[tokio::test(start_paused = true)]
async fn a_tick_that_fails_is_undone_and_the_next_one_comes() {
    for how in ["stumbles", "grows"] {
        let log = Log::default();
        let _log = tracing::subscriber::set_default(log.clone());
        let (_world, mut ana) = clock(Limits::default());
        let request = ana.call("d", "tick", json!(how));
        ana.answer(request).await;
        sleep(Duration::from_secs(35)).await;
        ana.pump();
        assert_eq!(ana.state("d"), &json!({"count": 2, "text": ""}), "{how}: of three");
        let lines = log.take();
        assert_eq!(lines.len(), 1, "{how}: {lines:?}");
        assert!(lines[0].contains("Clock"), "{how}: {lines:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_tick_may_be_the_last_and_is_committed() {
    let (mut world, mut ana) = clock(Limits { jobs_per_store: 1, ..Limits::default() });
    for round in 1..=2 {
        let request = ana.call("d", "tick", json!("stops"));
        assert_eq!(ana.answer(request).await["type"], "REPLY", "there is a place for it");
        sleep(Duration::from_secs(100)).await;
        ana.pump();
        assert_eq!(ana.state("d")["count"], 3 * round);
        assert_eq!(world.heard().await, ["dropped"]);
    }
}

#[tokio::test]
async fn a_period_of_zero_is_refused() {
    let (_world, mut ana) = clock(Limits::default());
    let request = ana.call("d", "tick", json!("never pauses"));
    assert_eq!(ana.answer(request).await["code"], "internal");
}
