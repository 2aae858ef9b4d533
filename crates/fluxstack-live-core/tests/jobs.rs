//! Jobs run beside a store: they start with the commit that spawned them, change it by transactions of their own, and end
//! with it.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::{Context, MountContext},
    engine::{Builder, Engine, UpdateError},
    job_store::JobStore,
    limits::Limits,
    list::List,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::{
    mem,
    ops::ControlFlow,
    sync::{Arc, Mutex},
    time::Duration,
};
use support::{Client, engine};
use tokio::{
    sync::{Semaphore, mpsc},
    time::{Instant, sleep},
};

/// What jobs tell their test, and what holds them back.
#[derive(Clone)]
struct Wires {
    says: mpsc::UnboundedSender<&'static str>,
    gate: Arc<Semaphore>,
}

/// Says so when it is dropped.
struct Held(Wires, &'static str);
impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.says.send(self.1);
    }
}

/// Panics when it is dropped, unless something panics anyway.
struct Bomb;
impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "on purpose");
    }
}

#[derive(LiveComponent, Clone, Debug, PartialEq, Default)]
#[live(shared)]
struct Desk {
    #[live]
    count: i64,
    #[live]
    text: String,
    #[live]
    items: List<String>,
}

#[live_type]
struct Room {
    room: String,
}

#[live_actions]
impl Desk {
    fn key(props: &Room, cx: &MountContext) -> String {
        if props.room == "key spawns" {
            cx.spawn(|_: JobStore<Self>| async {});
        }
        props.room.clone()
    }
    fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(props: Room, cx: &MountContext) -> Result<Self, MountError> {
        let wires = cx.state::<Wires>().clone();
        match props.room.as_str() {
            "fails" => {
                cx.spawn(async move |_: JobStore<Self>| {
                    let _ = wires.says.send("started");
                });
                return Err(MountError::denied());
            }
            "begins" => cx.spawn(async move |store: JobStore<Self>| {
                let _held = Held(wires, "dropped");
                store.update(|this, _| this.count = 100).await.unwrap();
                std::future::pending().await
            }),
            "another's" => cx.spawn(|_: JobStore<Private>| async {}),
            "many" => (0..3).for_each(|_| cx.spawn(|_: JobStore<Self>| std::future::pending())),
            _ => {}
        }
        Ok(Desk::default())
    }
    async fn work(&mut self, cx: &mut Context<Self>) -> i64 {
        self.text = "working".to_owned();
        let wires = cx.state::<Wires>().clone();
        cx.spawn(|store| async move {
            let _held = Held(wires.clone(), "dropped");
            let _ = wires.says.send("started");
            loop {
                wires.gate.acquire().await.unwrap().forget();
                let visitor = store.update(|this, cx| {
                    this.count += 1;
                    cx.visitor().is_some()
                });
                assert_eq!(visitor.await, Ok(false));
            }
        });
        self.count
    }
    async fn spawn_and_end(&mut self, end: String, cx: &mut Context<Self>) -> Result<(), String> {
        spawn(cx, "started");
        if end.ends_with("after a flush") {
            cx.flush(self).await;
            spawn(cx, "the second started");
        }
        self.count += 1;
        match end.split(' ').next() {
            Some("err") => Err("refused".to_owned()),
            Some("panic") => panic!("on purpose"),
            Some("deadline") => std::future::pending().await,
            Some("large") => {
                self.text = "x".repeat(256 * 1024);
                Ok(())
            }
            _ => Ok(()),
        }
    }
    async fn flush_and_wait(&mut self, cx: &mut Context<Self>) {
        spawn(cx, "started");
        cx.flush(self).await;
        cx.state::<Wires>().gate.acquire().await.unwrap().forget();
    }
    async fn spawn_many(&mut self, count: usize, cx: &mut Context<Self>) {
        self.count += 1;
        for _ in 0..count {
            let wires = cx.state::<Wires>().clone();
            cx.spawn(|_| async move { wires.gate.acquire().await.unwrap().forget() });
        }
        self.count += 1;
    }
    async fn panics(&mut self, when: String, cx: &mut Context<Self>) {
        let wires = cx.state::<Wires>().clone();
        cx.spawn(|store| async move {
            let _held = Held(wires.clone(), "dropped");
            store.update(|this, _| this.count += 1).await.unwrap();
            match when.as_str() {
                "at once" => panic!("on purpose"),
                "later" => {
                    sleep(Duration::from_secs(1)).await;
                    panic!("on purpose")
                }
                "dropped" => {
                    let _bomb = Bomb;
                    std::future::pending().await
                }
                "in an update" => {
                    let outcome = store
                        .update(|this, _| {
                            this.count += 1;
                            if this.count > 0 {
                                panic!("on purpose")
                            }
                        })
                        .await;
                    assert!(matches!(outcome, Err(UpdateError::Failed(_))));
                    let refused = store.try_update(|this, _| {
                        this.count += 1;
                        Err::<(), _>("no")
                    });
                    assert_eq!(refused.await, Err(UpdateError::Refused("no")));
                    store.update(|this, _| this.text = "goes on".to_owned()).await.unwrap();
                }
                other => panic!("there is no `{other}`"),
            }
        });
    }
    async fn smuggle(&mut self, end: String, cx: &mut Context<Self>) -> Result<(), String> {
        self.items.push("kept".to_owned());
        cx.flush(self).await;
        let items = mem::take(&mut self.items);
        cx.spawn(|store| async move {
            let _bomb = Bomb;
            let mut items = items;
            items.push("came back".to_owned());
            store.update(|this, _| this.items = items).await.unwrap();
            mem::forget(_bomb);
        });
        if end == "err" { Err("refused".to_owned()) } else { Ok(()) }
    }
    async fn spawn_in_a_job(&mut self, cx: &mut Context<Self>) {
        cx.spawn(|store| async move {
            let more = store.update(|_, cx| spawn(cx, "started"));
            more.await.unwrap();
            let refused = store.try_update(|_, cx| {
                spawn(cx, "never");
                Err::<(), _>(())
            });
            refused.await.unwrap_err();
        });
    }
    async fn tick(&mut self, how: String, cx: &mut Context<Self>) {
        let wires = cx.state::<Wires>().clone();
        let held = Held(wires, "dropped");
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
    async fn increment(&mut self) -> i64 {
        self.count += 1;
        self.count
    }
}

fn spawn(cx: &mut Context<Desk>, says: &'static str) {
    let wires = cx.state::<Wires>().clone();
    cx.spawn(move |_| async move {
        let _ = wires.says.send(says);
    });
}

/// A component of one visitor's own, with a job from its beginning.
#[derive(LiveComponent, Default)]
struct Private {
    #[live]
    seconds: u64,
}

#[live_actions]
impl Private {
    fn mount(_props: Room, cx: &MountContext) -> Result<Self, MountError> {
        let held = Held(cx.state::<Wires>().clone(), "dropped");
        cx.every(Duration::from_secs(1), move |this: &mut Self, _| {
            let _ = &held;
            this.seconds += 1;
        });
        Ok(Private::default())
    }
    async fn breaks(&mut self, cx: &mut Context<Self>) -> Result<(), String> {
        let bomb = Bomb;
        cx.spawn(|_| async move { drop(bomb) });
        Err("refused".to_owned())
    }
}

struct World {
    engine: Arc<Engine>,
    says: mpsc::UnboundedReceiver<&'static str>,
    gate: Arc<Semaphore>,
}

impl World {
    fn new(limits: Limits) -> World {
        support::quiet_panics();
        let (says, heard) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let wires = Wires { says, gate: gate.clone() };
        let engine = engine(limits, |builder: &mut Builder| {
            builder.component::<Desk>();
            builder.component::<Private>();
            builder.component::<Brick>();
            builder.state(wires);
        });
        World { engine, says: heard, gate }
    }
    fn desk(&self, room: &str) -> Client {
        let mut client = Client::full(&self.engine);
        client.mount("d", "Desk", json!({"room": room}));
        assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
        client
    }
    /// What was said up to now, once everything has had its turn.
    async fn heard(&mut self) -> Vec<&'static str> {
        until_quiet().await;
        std::iter::from_fn(|| self.says.try_recv().ok()).collect()
    }
}

async fn until_quiet() {
    for _ in 0..30 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_job_runs_beside_its_store_and_shows_each_update_at_once() {
    let mut world = World::new(Limits::default());
    let (mut ana, mut ben) = (world.desk("r"), world.desk("r"));
    let request = ana.call("d", "work", Value::Null);
    assert_eq!(ana.answer(request).await["payload"]["result"], 0);
    assert_eq!(world.heard().await, ["started"]);
    for count in 1..=3 {
        world.gate.add_permits(1);
        until_quiet().await;
        for client in [&mut ana, &mut ben] {
            client.pump();
            assert_eq!(
                client.state("d"),
                &json!({"count": 10 * (count - 1) + count, "text": "working", "items": []})
            );
        }
        // The store is free meanwhile.
        for _ in 0..10 {
            let request = ben.call("d", "increment", Value::Null);
            assert_eq!(ben.answer(request).await["type"], "REPLY");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_starts_if_the_transaction_that_spawned_it_was_committed_and_not_otherwise() {
    let ends: [(&str, &str, &[&str]); 7] = [
        ("well", "", &["started"]),
        ("err", "action", &[]),
        ("panic", "internal", &[]),
        ("deadline", "timeout", &[]),
        ("large", "too_large", &[]),
        ("err after a flush", "action", &["started"]),
        ("well after a flush", "", &["started", "the second started"]),
    ];
    for (end, code, said) in ends {
        let mut world = World::new(Limits::default());
        let mut ana = world.desk("r");
        let request = ana.call("d", "spawnAndEnd", json!(end));
        let answer = ana.answer(request).await;
        assert_eq!(answer["code"].as_str().unwrap_or_default(), code, "{end}");
        assert_eq!(world.heard().await, said, "{end}");
    }
}

#[tokio::test]
async fn a_flush_starts_what_was_spawned_before_it() {
    let mut world = World::new(Limits::default());
    let mut ana = world.desk("r");
    let request = ana.call("d", "flushAndWait", Value::Null);
    assert_eq!(world.heard().await, ["started"], "while the action goes on");
    world.gate.add_permits(1);
    assert_eq!(ana.answer(request).await["type"], "REPLY");
    assert_eq!(world.heard().await, [""; 0], "and once");
}

#[tokio::test]
async fn a_job_is_dropped_when_its_component_goes_wherever_it_waits() {
    let grace = Limits { shared_grace: Duration::ZERO, lost_grace: Duration::ZERO, ..Limits::default() };
    type Goes = fn(Client) -> Option<Client>;
    let ways: [(&str, Goes); 4] = [
        ("unmounted", |mut client| {
            client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "d"}));
            Some(client)
        }),
        ("goodbye", |client| {
            drop(client);
            None
        }),
        ("lost", |client| {
            client.lose();
            None
        }),
        ("private", |mut client| {
            client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "d"}));
            Some(client)
        }),
    ];
    for (way, end) in ways {
        let mut world = World::new(grace.clone());
        let mut ana = Client::full(&world.engine);
        let component = if way == "private" { "Private" } else { "Desk" };
        ana.mount("d", component, json!({"room": "begins"}));
        assert_eq!(world.heard().await, [""; 0], "{way}");
        let _ana = end(ana);
        sleep(Duration::from_millis(1)).await;
        assert_eq!(world.heard().await, ["dropped"], "{way}");
    }
}

#[tokio::test]
async fn a_job_does_not_keep_its_store_alive() {
    let mut world = World::new(Limits { shared_grace: Duration::ZERO, ..Limits::default() });
    let ana = world.desk("begins");
    until_quiet().await;
    assert_eq!(world.engine.shared_stores(), 1);
    drop(ana);
    sleep(Duration::from_millis(1)).await;
    assert_eq!((world.engine.shared_stores(), world.heard().await), (0, vec!["dropped"]));
    let mut ana = world.desk("r");
    ana.pump();
    assert_eq!(ana.state("d")["count"], 0, "it is made anew");
}

#[tokio::test]
async fn a_job_ends_with_a_store_that_fails() {
    let mut world = World::new(Limits::default());
    let mut ana = Client::full(&world.engine);
    ana.mount("d", "Brick", json!({"room": "r"}));
    assert_eq!((world.heard().await, ana.types()), (Vec::new(), vec!["COMPONENT_MOUNTED".to_owned()]));
    ana.call("d", "breaks", Value::Null);
    assert_eq!(world.heard().await, ["dropped"]);
    ana.pump();
    assert!(ana.held.is_empty(), "it has failed");
}

/// A component that cannot be put back, with a job.
#[derive(LiveComponent, Default)]
struct Brick {
    #[live(leaf)]
    shard: Shard,
}

#[derive(Debug, Default, PartialEq, serde::Serialize)]
struct Shard(bool);
impl Clone for Shard {
    fn clone(&self) -> Self {
        Shard(self.0)
    }
    fn clone_from(&mut self, _: &Self) {
        panic!("on purpose");
    }
}

#[live_actions]
impl Brick {
    fn mount(_props: Room, cx: &MountContext) -> Result<Self, MountError> {
        let held = Held(cx.state::<Wires>().clone(), "dropped");
        cx.spawn(|_: JobStore<Self>| async move {
            let _held = held;
            std::future::pending().await
        });
        Ok(Brick::default())
    }
    async fn breaks(&mut self) -> Result<(), String> {
        self.shard.0 = true;
        Err("refused".to_owned())
    }
}

#[tokio::test]
async fn jobs_are_bounded_and_one_too_many_undoes_what_spawned_it() {
    let world = World::new(Limits { jobs_per_store: 2, ..Limits::default() });
    let mut ana = world.desk("r");
    let mut codes = Vec::new();
    let mut spawn = async |count: usize| {
        let request = ana.call("d", "spawnMany", json!(count));
        let answer = ana.answer(request).await;
        (answer["code"].as_str().unwrap_or("done").to_owned(), ana.state("d")["count"].as_i64().unwrap())
    };
    codes.push(spawn(3).await);
    codes.push(spawn(2).await);
    codes.push(spawn(1).await);
    world.gate.add_permits(1);
    until_quiet().await;
    codes.push(spawn(2).await);
    codes.push(spawn(1).await);
    let codes: Vec<_> = codes.iter().map(|(code, count)| (code.as_str(), *count)).collect();
    assert_eq!(codes, [("too_many", 0), ("done", 2), ("too_many", 2), ("too_many", 2), ("done", 4)]);
    // Other stores have their own.
    assert_eq!(world.desk("another").state("d")["count"], 0);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_panics_is_reported_and_what_it_has_committed_stays() {
    let log = Log::default();
    let _log = tracing::subscriber::set_default(log.clone());
    for when in ["at once", "later", "dropped"] {
        let mut world = World::new(Limits { shared_grace: Duration::ZERO, ..Limits::default() });
        let mut ana = world.desk("r");
        let request = ana.call("d", "panics", json!(when));
        assert_eq!(ana.answer(request).await["type"], "REPLY");
        sleep(Duration::from_secs(2)).await;
        ana.pump();
        assert_eq!(ana.state("d")["count"], 1, "{when}");
        let request = ana.call("d", "increment", Value::Null);
        assert_eq!(ana.answer(request).await["payload"]["result"], 2, "{when}: the store goes on");
        drop(ana);
        sleep(Duration::from_secs(2)).await;
        assert_eq!(world.heard().await, ["dropped"], "{when}");
        let lines = log.take();
        assert_eq!(lines.len(), 1, "{when}: {lines:?}");
        assert!(lines[0].contains("ERROR") && lines[0].contains("Desk"), "{when}: {lines:?}");
        assert!(lines[0].contains("on purpose"), "{when}: {lines:?}");
    }
}

#[tokio::test]
async fn an_update_that_fails_is_undone_and_its_job_goes_on() {
    let mut world = World::new(Limits::default());
    let mut ana = world.desk("r");
    let request = ana.call("d", "panics", json!("in an update"));
    ana.answer(request).await;
    assert_eq!(world.heard().await, ["dropped"]);
    ana.pump();
    assert_eq!(ana.state("d"), &json!({"count": 1, "text": "goes on", "items": []}));
}

#[tokio::test]
async fn what_was_moved_into_a_job_that_never_starts_comes_back() {
    let world = World::new(Limits::default());
    let mut ana = world.desk("r");
    let request = ana.call("d", "smuggle", json!("err"));
    assert_eq!(ana.answer(request).await["code"], "action");
    let desk = world.engine.store::<Desk>("r");
    let items = || desk.update(|desk, _| desk.items.to_vec());
    assert_eq!(items().await.unwrap(), ["kept"]);
    let request = ana.call("d", "smuggle", json!("well"));
    assert_eq!(ana.answer(request).await["type"], "REPLY");
    until_quiet().await;
    assert_eq!(items().await.unwrap(), ["kept", "kept", "came back"]);
    ana.pump();
    assert_eq!(ana.state("d")["items"], json!(["kept", "kept", "came back"]));
}

#[tokio::test]
async fn what_a_job_that_never_starts_holds_may_panic() {
    let world = World::new(Limits::default());
    let mut ana = Client::full(&world.engine);
    ana.mount("d", "Private", json!({"room": "r"}));
    let request = ana.call("d", "breaks", Value::Null);
    assert_eq!(ana.answer(request).await["code"], "action");
    assert!(ana.held.contains_key("d"), "the store goes on");
}

#[tokio::test]
async fn an_update_of_a_job_may_spawn_another_by_the_same_rules() {
    let mut world = World::new(Limits::default());
    let mut ana = world.desk("r");
    let request = ana.call("d", "spawnInAJob", Value::Null);
    ana.answer(request).await;
    assert_eq!(world.heard().await, ["started"]);
}

#[tokio::test]
async fn a_component_may_have_a_job_from_its_beginning() {
    let mut world = World::new(Limits { jobs_per_store: 2, ..Limits::default() });
    let mut ana = world.desk("begins");
    until_quiet().await;
    ana.types();
    assert_eq!(ana.state("d")["count"], 100);
    for (room, code) in [
        ("fails", "unknown_component"),
        ("key spawns", "internal"),
        ("another's", "internal"),
        ("many", "too_many"),
    ] {
        ana.mount("x", "Desk", json!({"room": room}));
        let answer = ana.next().await;
        assert_eq!((&answer["componentId"], &answer["code"]), (&json!("x"), &json!(code)), "{room}");
        assert_eq!(world.heard().await, [""; 0], "{room}");
    }
    assert_eq!(world.engine.shared_stores(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_tick_comes_a_period_after_the_end_of_the_one_before_and_none_is_made_up_for() {
    let world = World::new(Limits::default());
    let mut ana = world.desk("r");
    let started = Instant::now();
    let request = ana.call("d", "tick", json!("on and on"));
    ana.answer(request).await;
    let at = async |ana: &mut Client, seconds: u64| {
        tokio::time::sleep_until(started + Duration::from_secs(seconds)).await;
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
        let world = World::new(Limits::default());
        let mut ana = world.desk("r");
        let request = ana.call("d", "tick", json!(how));
        ana.answer(request).await;
        sleep(Duration::from_secs(35)).await;
        ana.pump();
        assert_eq!(ana.state("d"), &json!({"count": 2, "text": "", "items": []}), "{how}: of three");
        let lines = log.take();
        assert_eq!(lines.len(), 1, "{how}: {lines:?}");
        assert!(lines[0].contains("Desk"), "{how}: {lines:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_tick_may_be_the_last_and_is_committed() {
    let mut world = World::new(Limits { jobs_per_store: 1, ..Limits::default() });
    let mut ana = world.desk("r");
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
    let world = World::new(Limits::default());
    let mut ana = world.desk("r");
    let request = ana.call("d", "tick", json!("never pauses"));
    assert_eq!(ana.answer(request).await["code"], "internal");
}

#[tokio::test(start_paused = true)]
async fn a_private_component_ticks_from_its_beginning_until_it_is_unmounted() {
    let mut world = World::new(Limits::default());
    let mut ana = Client::full(&world.engine);
    ana.mount("d", "Private", json!({"room": "r"}));
    sleep(Duration::from_millis(3500)).await;
    ana.pump();
    assert_eq!((ana.state("d")["seconds"].clone(), ana.version("d")), (json!(3), 3));
    ana.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "d"}));
    assert_eq!(world.heard().await, ["dropped"]);
}

#[test]
fn a_context_may_be_shared_across_an_await() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Context<Desk>>();
    is_shared::<MountContext>();
    is_shared::<JobStore<Desk>>();
}

/// What goes to the log, one line each.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);
impl Log {
    fn take(&self) -> Vec<String> {
        mem::take(&mut self.0.lock().unwrap())
    }
}
impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &tracing::Metadata) -> bool {
        *metadata.level() <= tracing::Level::ERROR
    }
    fn new_span(&self, _: &tracing::span::Attributes) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event) {
        struct Line(String);
        impl tracing::field::Visit for Line {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0 += &format!(" {field}={value:?}");
            }
        }
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}
