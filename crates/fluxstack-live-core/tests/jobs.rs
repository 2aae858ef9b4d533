//! Jobs run beside a store: they start with the commit that spawned them, and change it by transactions of their own.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::{Context, MountContext},
    engine::{Builder, UpdateError},
    job_store::JobStore,
    limits::Limits,
    list::List,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::{mem, time::Duration};
use support::{
    Client,
    beside::{Bomb, Held, Log, Wires, World, until_quiet},
};
use tokio::time::sleep;

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
    fn key(props: &Room) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Room) -> Result<Self, MountError> {
        Ok(Desk::default())
    }
    async fn work(&mut self, cx: &mut Context<Self>) -> i64 {
        self.text = "working".to_owned();
        let wires = cx.state::<Wires>().clone();
        cx.spawn(|store| async move {
            let _held = Held(wires.clone());
            wires.say("started");
            loop {
                wires.pass().await;
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
        cx.state::<Wires>().pass().await;
    }
    async fn spawn_many(&mut self, count: usize, cx: &mut Context<Self>) {
        self.count += 1;
        for _ in 0..count {
            let wires = cx.state::<Wires>().clone();
            cx.spawn(|_| async move { wires.pass().await });
        }
        self.count += 1;
    }
    async fn panics(&mut self, when: String, cx: &mut Context<Self>) {
        let wires = cx.state::<Wires>().clone();
        cx.spawn(|store| async move {
            let _held = Held(wires.clone());
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
    async fn spawn_a_bomb(&mut self, cx: &mut Context<Self>) -> Result<(), String> {
        let bomb = Bomb;
        cx.spawn(|_| async move { drop(bomb) });
        Err("refused".to_owned())
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
    async fn increment(&mut self) -> i64 {
        self.count += 1;
        self.count
    }
}

fn spawn(cx: &mut Context<Desk>, says: &'static str) {
    let wires = cx.state::<Wires>().clone();
    cx.spawn(move |_| async move {
        wires.say(says);
    });
}

fn desk(limits: Limits) -> World {
    World::new(limits, Builder::component::<Desk>)
}

fn mounted(world: &World, room: &str) -> Client {
    let mut client = Client::full(&world.engine);
    client.mount("d", "Desk", json!({"room": room}));
    assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
    client
}

#[tokio::test]
async fn a_job_runs_beside_its_store_and_shows_each_update_at_once() {
    let mut world = desk(Limits::default());
    let (mut ana, mut ben) = (mounted(&world, "r"), mounted(&world, "r"));
    let request = ana.call("d", "work", Value::Null);
    assert_eq!(ana.answer(request).await["payload"]["result"], 0);
    assert_eq!(world.heard().await, ["started"]);
    for count in 1..=3 {
        world.open(1);
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
        let mut world = desk(Limits::default());
        let mut ana = mounted(&world, "r");
        let request = ana.call("d", "spawnAndEnd", json!(end));
        let answer = ana.answer(request).await;
        assert_eq!(answer["code"].as_str().unwrap_or_default(), code, "{end}");
        assert_eq!(world.heard().await, said, "{end}");
    }
}

#[tokio::test]
async fn a_flush_starts_what_was_spawned_before_it() {
    let mut world = desk(Limits::default());
    let mut ana = mounted(&world, "r");
    let request = ana.call("d", "flushAndWait", Value::Null);
    assert_eq!(world.heard().await, ["started"], "while the action goes on");
    world.open(1);
    assert_eq!(ana.answer(request).await["type"], "REPLY");
    assert_eq!(world.heard().await, [""; 0], "and once");
}

#[tokio::test]
async fn jobs_are_bounded_and_one_too_many_undoes_what_spawned_it() {
    let world = desk(Limits { jobs_per_store: 2, ..Limits::default() });
    let mut ana = mounted(&world, "r");
    let mut codes = Vec::new();
    let mut spawn = async |count: usize| {
        let request = ana.call("d", "spawnMany", json!(count));
        let answer = ana.answer(request).await;
        (answer["code"].as_str().unwrap_or("done").to_owned(), ana.state("d")["count"].as_i64().unwrap())
    };
    codes.push(spawn(3).await);
    codes.push(spawn(2).await);
    codes.push(spawn(1).await);
    world.open(1);
    until_quiet().await;
    codes.push(spawn(2).await);
    codes.push(spawn(1).await);
    let codes: Vec<_> = codes.iter().map(|(code, count)| (code.as_str(), *count)).collect();
    assert_eq!(codes, [("too_many", 0), ("done", 2), ("too_many", 2), ("too_many", 2), ("done", 4)]);
    // Other stores have their own.
    assert_eq!(mounted(&world, "another").state("d")["count"], 0);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_panics_is_reported_and_what_it_has_committed_stays() {
    let log = Log::default();
    let _log = tracing::subscriber::set_default(log.clone());
    for when in ["at once", "later", "dropped"] {
        let mut world = desk(Limits { shared_grace: Duration::ZERO, ..Limits::default() });
        let mut ana = mounted(&world, "r");
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
    let mut world = desk(Limits::default());
    let mut ana = mounted(&world, "r");
    let request = ana.call("d", "panics", json!("in an update"));
    ana.answer(request).await;
    assert_eq!(world.heard().await, ["dropped"]);
    ana.pump();
    assert_eq!(ana.state("d"), &json!({"count": 1, "text": "goes on", "items": []}));
}

#[tokio::test]
async fn what_was_moved_into_a_job_that_never_starts_comes_back() {
    let world = desk(Limits::default());
    let mut ana = mounted(&world, "r");
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
    let world = desk(Limits::default());
    let mut ana = mounted(&world, "r");
    let request = ana.call("d", "spawnABomb", Value::Null);
    assert_eq!(ana.answer(request).await["code"], "action");
    assert!(ana.held.contains_key("d"), "the store goes on");
}

#[tokio::test]
async fn an_update_of_a_job_may_spawn_another_by_the_same_rules() {
    let mut world = desk(Limits::default());
    let mut ana = mounted(&world, "r");
    let request = ana.call("d", "spawnInAJob", Value::Null);
    ana.answer(request).await;
    assert_eq!(world.heard().await, ["started"]);
}

#[test]
fn a_context_may_be_shared_across_an_await() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Context<Desk>>();
    is_shared::<MountContext>();
    is_shared::<JobStore<Desk>>();
}
