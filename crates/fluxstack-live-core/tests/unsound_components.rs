//! Components that cannot be brought into a known state: the engine fails closed, and goes on.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    limits::Limits,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use support::{Client, engine, engine_of};

/// Its `Clone` panics when it is told to: then it can be neither remembered nor put back.
#[derive(Debug, Default)]
struct Brittle(bool);
impl Clone for Brittle {
    fn clone(&self) -> Self {
        assert!(!self.0, "on purpose");
        Brittle(self.0)
    }
}

#[live_type]
#[derive(Default)]
struct Glass {
    broken: bool,
}

/// A visible value that cannot be put back.
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

#[derive(LiveComponent, Default)]
#[live(shared)]
struct Vase {
    #[live(leaf)]
    shard: Shard,
    brittle: Brittle,
}

#[live_actions]
impl Vase {
    fn key(_props: &Glass) -> String {
        String::new()
    }
    fn authorize(_props: &Glass, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(props: Glass) -> Result<Self, MountError> {
        Ok(Vase { brittle: Brittle(props.broken), ..Vase::default() })
    }
    async fn touch(&mut self) {}
    async fn drop_it(&mut self) -> Result<(), String> {
        self.shard.0 = true;
        Err("oops".into())
    }
}

#[tokio::test]
async fn a_component_that_cannot_be_remembered_is_not_touched() {
    let engine = engine_of::<Vase>();
    let mut ana = Client::full(&engine);
    ana.mount("v", "Vase", json!({"broken": true}));
    for _ in 0..2 {
        let request = ana.call("v", "touch", Value::Null);
        assert_eq!(ana.answer(request).await["code"], "internal");
    }
}

#[tokio::test]
async fn a_rollback_that_is_impossible_closes_the_store_and_it_mounts_anew() {
    let engine = engine_of::<Vase>();
    let (mut ana, mut ben) = (Client::full(&engine), Client::full(&engine));
    for client in [&mut ana, &mut ben] {
        client.mount("v", "Vase", json!({"broken": false}));
        assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
    }
    let request = ana.call("v", "dropIt", Value::Null);
    assert_eq!(ana.now(), json!({"type": "COMPONENT_UNMOUNTED", "componentId": "v", "reason": "failed"}));
    assert_eq!(ana.answer(request).await["code"], "action");
    assert_eq!(ben.types(), ["COMPONENT_UNMOUNTED"]);
    let request = ben.call("v", "touch", Value::Null);
    assert_eq!(ben.answer(request).await["code"], "gone");
    ben.send(json!({"type": "RESYNC", "componentId": "v"}));
    assert_eq!(ben.now()["code"], "gone");
    // The client was told, so the id is free: it need not unmount what is not there.
    ben.mount("v", "Vase", json!({"broken": false}));
    assert_eq!(ben.types(), ["COMPONENT_MOUNTED"]);
    let request = ben.call("v", "touch", Value::Null);
    assert_eq!(ben.answer(request).await["type"], "REPLY");
}

/// Dropped while its store is told to explode, it panics.
#[derive(Clone, Default)]
struct Fuse(bool);
impl Drop for Fuse {
    fn drop(&mut self) {
        assert!(!self.0 || std::thread::panicking(), "on purpose");
    }
}

#[derive(LiveComponent, Default)]
#[live(shared)]
struct Bomb {
    #[live]
    count: i64,
    fuse: Fuse,
}

#[live_actions]
impl Bomb {
    fn key(_props: &Glass) -> String {
        String::new()
    }
    fn authorize(_props: &Glass, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(props: Glass) -> Result<Self, MountError> {
        Ok(Bomb { count: 0, fuse: Fuse(props.broken) })
    }
    async fn count(&mut self, to: i64) {
        self.count = to;
    }
}

#[tokio::test]
async fn a_commit_whose_end_panics_stands_and_its_store_is_closed() {
    let engine = engine_of::<Bomb>();
    let mut ana = Client::full(&engine);
    ana.mount("b", "Bomb", json!({"broken": true}));
    ana.types();
    let request = ana.call("b", "count", json!(5));
    // The copy of the fuse is dropped when the commit is accepted.
    assert_eq!(ana.answer(request).await["type"], "REPLY");
    assert_eq!(ana.types(), ["COMPONENT_UNMOUNTED"]);
    assert!(!ana.held.contains_key("b"), "the client was told that the store is gone");
    ana.mount("b", "Bomb", json!({"broken": false}));
    assert_eq!(ana.types(), ["COMPONENT_MOUNTED"]);
    assert_eq!(ana.state("b")["count"], 0);
}

#[tokio::test]
async fn a_store_that_is_evicted_and_panics_does_not_cost_the_place_it_had() {
    let engine = engine(Limits { shared_stores: 1, ..Limits::default() }, |builder| {
        builder.component::<Bomb>();
        builder.component::<Vase>();
    });
    let mut ana = Client::full(&engine);
    ana.mount("b", "Bomb", json!({"broken": true}));
    ana.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "b"}));
    ana.mount("v", "Vase", json!({"broken": false}));
    assert_eq!(ana.types(), ["COMPONENT_MOUNTED"]);
    assert_eq!(engine.shared_stores(), 1);
}

#[derive(LiveComponent, Default)]
struct Trap {
    #[live]
    count: i64,
}

#[live_actions]
impl Trap {
    async fn mount(_props: Glass) -> Result<Self, MountError> {
        let _held = Fuse(true);
        std::future::pending().await
    }
    async fn touch(&mut self) {}
}

#[tokio::test(start_paused = true)]
async fn a_mount_whose_end_panics_is_answered_all_the_same() {
    let engine = engine_of::<Trap>();
    let mut ana = Client::full(&engine);
    ana.mount("t", "Trap", json!({"broken": false}));
    let request = ana.call("t", "touch", Value::Null);
    let error = ana.next().await;
    assert_eq!((&error["componentId"], &error["code"]), (&json!("t"), &json!("internal")));
    assert_eq!(ana.answer(request).await["code"], "gone");
    ana.mount("t", "Other", json!({}));
    assert_eq!(ana.next().await["code"], "unknown_component", "the id is free");
}

#[tokio::test]
async fn a_mount_is_never_answered_with_another_components_store() {
    let engine = engine(Limits::default(), |builder| {
        builder.component::<Vase>();
        builder.component::<Vessel>();
    });
    let (mut ana, mut ben) = (Client::full(&engine), Client::full(&engine));
    for client in [&mut ana, &mut ben] {
        client.mount("v", "Vase", json!({"broken": false}));
        client.types();
    }
    let request = ben.call("v", "dropIt", Value::Null);
    ben.answer(request).await;
    ana.mount("v", "Vessel", json!({"broken": false}));
    assert_eq!(ana.types(), ["COMPONENT_UNMOUNTED", "COMPONENT_MOUNTED"]);
    let request = ana.call("v", "increment", Value::Null);
    assert_eq!(ana.answer(request).await["type"], "REPLY");
}

#[tokio::test]
async fn a_component_that_panics_when_it_is_dropped_costs_nobody_anything() {
    let engine = engine(Limits { shared_grace: std::time::Duration::ZERO, ..Limits::default() }, |builder| {
        builder.component::<Bomb>();
        builder.component::<Vase>();
    });
    let mut ana = Client::full(&engine);
    ana.mount("b", "Bomb", json!({"broken": true}));
    ana.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "b"}));
    tokio::task::yield_now().await;
    ana.mount("v", "Vase", json!({"broken": false}));
    assert_eq!(ana.now()["type"], "COMPONENT_MOUNTED");
    while engine.shared_stores() > 1 {
        tokio::task::yield_now().await;
    }
}

#[derive(LiveComponent, Default)]
#[live(shared)]
struct Vessel {
    #[live]
    one: String,
    #[live]
    two: String,
    #[live]
    three: String,
    #[live]
    count: i64,
}

#[live_actions]
impl Vessel {
    fn key(_props: &Glass) -> String {
        String::new()
    }
    fn authorize(_props: &Glass, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Glass) -> Result<Self, MountError> {
        Ok(Vessel::default())
    }
    async fn fill(&mut self, bytes: usize) {
        let part = [&mut self.one, &mut self.two, &mut self.three].into_iter().nth(self.count as usize % 3);
        *part.expect("there are three") = "x".repeat(bytes);
        self.count += 1;
    }
    async fn increment(&mut self) {
        self.count += 1;
    }
}

#[tokio::test]
async fn a_state_does_not_grow_past_its_limit_and_goes_on_below_it() {
    let limits = Limits { state_bytes: 34_000, ..Limits::default() };
    let engine = engine(limits, fluxstack_live::engine::Builder::component::<Vessel>);
    let mut ana = Client::full(&engine);
    ana.mount("v", "Vessel", json!({"broken": false}));
    ana.types();
    let mut codes = Vec::new();
    // The third fits into the log, so only the limit itself can ask for the state to be measured.
    for bytes in [12_000, 12_000, 11_000, 9_000, 14_000, 12_000] {
        let request = ana.call("v", "fill", json!(bytes));
        let answer = ana.answer(request).await;
        codes.push(answer["code"].as_str().unwrap_or("done").to_owned());
        assert!(ana.state("v").to_string().len() <= 34_000);
    }
    assert_eq!(codes, ["done", "done", "too_large", "done", "too_large", "done"]);
    for (action, payload) in [("increment", Value::Null), ("fill", json!(10)), ("increment", Value::Null)] {
        let request = ana.call("v", action, payload);
        assert_eq!(ana.answer(request).await["type"], "REPLY", "{action}");
    }
}
