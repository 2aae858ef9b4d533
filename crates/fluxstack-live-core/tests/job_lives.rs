//! Jobs live as long as their store: some from its beginning, and none beyond its end.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::MountContext,
    engine::Builder,
    job_store::JobStore,
    limits::Limits,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::time::Duration;
use support::{
    Client,
    beside::{Held, Wires, World, until_quiet},
};
use tokio::time::sleep;

#[derive(LiveComponent, Default)]
#[live(shared)]
struct Desk {
    #[live]
    count: i64,
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
                    wires.say("started");
                });
                return Err(MountError::denied());
            }
            "begins" => cx.spawn(async move |store: JobStore<Self>| {
                let _held = Held(wires);
                store.update(|this, _| this.count = 100).await.unwrap();
                std::future::pending().await
            }),
            "another's" => cx.spawn(|_: JobStore<Private>| async {}),
            "many" => (0..3).for_each(|_| cx.spawn(|_: JobStore<Self>| std::future::pending())),
            _ => {}
        }
        Ok(Desk::default())
    }
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
        let held = Held(cx.state::<Wires>().clone());
        cx.every(Duration::from_secs(1), move |this: &mut Self, _| {
            let _ = &held;
            this.seconds += 1;
        });
        Ok(Private::default())
    }
    async fn touch(&mut self) {}
}

fn world(limits: Limits) -> World {
    World::new(limits, |builder: &mut Builder| {
        builder.component::<Desk>();
        builder.component::<Private>();
        builder.component::<Brick>();
    })
}

fn mounted(world: &World, component: &str, room: &str) -> Client {
    let mut client = Client::full(&world.engine);
    client.mount("d", component, json!({"room": room}));
    assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
    client
}

#[tokio::test]
async fn a_component_may_have_a_job_from_its_beginning() {
    let mut world = world(Limits { jobs_per_store: 2, ..Limits::default() });
    let mut ana = mounted(&world, "Desk", "begins");
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
        let mut world = world(grace.clone());
        let ana = mounted(&world, if way == "private" { "Private" } else { "Desk" }, "begins");
        assert_eq!(world.heard().await, [""; 0], "{way}");
        let _ana = end(ana);
        sleep(Duration::from_millis(1)).await;
        assert_eq!(world.heard().await, ["dropped"], "{way}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_does_not_keep_its_store_alive() {
    let mut world = world(Limits { shared_grace: Duration::ZERO, ..Limits::default() });
    let ana = mounted(&world, "Desk", "begins");
    until_quiet().await;
    assert_eq!(world.engine.shared_stores(), 1);
    drop(ana);
    sleep(Duration::from_millis(1)).await;
    assert_eq!((world.engine.shared_stores(), world.heard().await), (0, vec!["dropped"]));
    let mut ana = mounted(&world, "Desk", "r");
    ana.pump();
    assert_eq!(ana.state("d")["count"], 0, "it is made anew");
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
        let held = Held(cx.state::<Wires>().clone());
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
async fn a_job_ends_with_a_store_that_fails() {
    let mut world = world(Limits::default());
    let mut ana = mounted(&world, "Brick", "r");
    assert_eq!(world.heard().await, [""; 0]);
    ana.call("d", "breaks", Value::Null);
    assert_eq!(world.heard().await, ["dropped"]);
    ana.pump();
    assert!(ana.held.is_empty(), "it has failed");
}

#[tokio::test(start_paused = true)]
async fn a_private_component_ticks_from_its_beginning_until_it_is_unmounted() {
    let mut world = world(Limits::default());
    let mut ana = mounted(&world, "Private", "r");
    sleep(Duration::from_millis(3500)).await;
    ana.pump();
    assert_eq!((ana.state("d")["seconds"].clone(), ana.version("d")), (json!(3), 3));
    ana.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "d"}));
    assert_eq!(world.heard().await, ["dropped"]);
}
