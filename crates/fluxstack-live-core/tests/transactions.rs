//! An action is one commit or none: whatever goes wrong in it, every field is as it was, the store lives on, and only
//! the caller hears of it.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::{Context, MountContext},
    engine::UpdateError,
    failure::Invalid,
    limits::Limits,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use support::{Client, engine, engine_of};

#[live_type]
struct Inner {
    name: String,
    n: i32,
}

#[derive(LiveComponent, Clone, Debug, PartialEq)]
#[live(name = "Desk", shared)]
struct Desk {
    #[live]
    count: i64,
    #[live(bind)]
    title: String,
    #[live]
    inner: Inner,
    #[live]
    ratio: f64,
    secret: Vec<u8>,
    #[live(resource)]
    calls: Counted,
}

/// A handle: shared by its clones, not put back.
#[derive(Clone, Debug, Default)]
struct Counted(Arc<AtomicUsize>);
impl PartialEq for Counted {
    fn eq(&self, _: &Counted) -> bool {
        true
    }
}

/// Panics when it is dropped.
struct Bomb;
impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("on purpose");
    }
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
    fn mount(_props: Room, _cx: &MountContext) -> Result<Self, MountError> {
        let inner = Inner { name: "inner".into(), n: 1 };
        Ok(Desk {
            count: 1,
            title: "t".into(),
            inner,
            ratio: 0.5,
            secret: vec![1],
            calls: Counted::default(),
        })
    }
    async fn refuse(&mut self) -> Result<(), Inner> {
        self.change_everything();
        Err(Inner { name: "why".into(), n: 7 })
    }
    async fn invalid(&mut self) -> Result<(), Invalid> {
        self.change_everything();
        Err(Invalid::field("email", "not an address").and("name", "is missing"))
    }
    async fn panics(&mut self) {
        self.change_everything();
        panic!("on purpose");
    }
    async fn panics_later(&mut self) {
        self.change_everything();
        tokio::task::yield_now().await;
        panic!("on purpose");
    }
    async fn never_ends(&mut self) {
        self.change_everything();
        std::future::pending().await
    }
    async fn returns_nan(&mut self) -> f64 {
        self.change_everything();
        f64::NAN
    }
    async fn becomes_nan(&mut self) {
        self.change_everything();
        self.ratio = f64::NAN;
    }
    async fn goes_too_far(&mut self) {
        self.change_everything();
        self.count = (1 << 53) + 1;
    }
    async fn says_too_much(&mut self) -> String {
        self.change_everything();
        "x".repeat(64 * 1024)
    }
    async fn fails_with_too_much(&mut self) -> Result<(), String> {
        self.change_everything();
        Err("x".repeat(64 * 1024))
    }
    async fn throws_a_bomb(&mut self) {
        self.change_everything();
        std::panic::panic_any(Bomb);
    }
    async fn hides_a_bomb(&mut self) {
        let _bomb = Bomb;
        self.change_everything();
        std::future::pending().await
    }
    async fn becomes_minus_zero(&mut self) -> Result<(), String> {
        self.change_everything();
        self.ratio = -0.0;
        Err("refused".into())
    }
    async fn grows_too_much(&mut self) {
        self.change_everything();
        self.title = "x".repeat(256 * 1024);
    }
    async fn increment(&mut self, amount: Option<i64>, cx: &mut Context<Self>) -> i64 {
        assert_eq!(cx.visitor().map(Visitor::id), Some("ana"));
        self.count += amount.unwrap_or(1);
        self.count
    }
    async fn looks(&mut self) -> i64 {
        self.count
    }
}

impl Desk {
    fn change_everything(&mut self) {
        self.count += 10;
        self.title.push('!');
        self.inner.name.push('!');
        self.inner.n += 1;
        self.ratio += 1.0;
        self.secret.push(2);
        self.calls.0.fetch_add(1, Ordering::Relaxed);
    }
}

const FAILURES: [(&str, &str); 14] = [
    ("refuse", "action"),
    ("invalid", "invalid"),
    ("panics", "internal"),
    ("panicsLater", "internal"),
    ("neverEnds", "timeout"),
    ("returnsNan", "internal"),
    ("becomesNan", "internal"),
    ("goesTooFar", "internal"),
    ("saysTooMuch", "too_large"),
    ("growsTooMuch", "too_large"),
    ("failsWithTooMuch", "too_large"),
    ("throwsABomb", "internal"),
    ("hidesABomb", "internal"),
    ("becomesMinusZero", "action"),
];

#[tokio::test(start_paused = true)]
async fn whatever_fails_leaves_every_field_as_it_was_and_only_its_caller_hears_of_it() {
    let engine = engine_of::<Desk>();
    let (mut ana, mut ben) = (Client::full(&engine), Client::full(&engine));
    for client in [&mut ana, &mut ben] {
        client.mount("d", "Desk", json!({"room": "r"}));
        assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
    }
    let desk = engine.store::<Desk>("r");
    let whole = || desk.update(|desk, _| desk.clone());
    let before = whole().await.unwrap();
    for (at, (action, code)) in FAILURES.into_iter().enumerate() {
        let request = ana.call("d", action, Value::Null);
        let answer = ana.answer(request).await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("ERROR"), &json!(code)), "{action}");
        let after = whole().await.unwrap();
        assert_eq!(after, before, "{action}");
        assert_eq!(after.ratio.to_bits(), before.ratio.to_bits(), "{action}");
        assert_eq!(before.calls.0.load(Ordering::Relaxed), at + 1, "{action} did run");
        assert!(ben.is_quiet(), "{action} is nobody else's business");
        assert_eq!(ana.version("d"), 0, "{action} makes no commit");
    }
    // The store and both connections live.
    let request = ana.call("d", "increment", json!(2));
    assert_eq!(ana.answer(request).await["payload"]["result"], 3);
    assert_eq!(ben.types(), ["STATE_DELTA"]);
    assert_eq!((ana.state("d"), ana.state("d")["count"].clone()), (ben.state("d"), json!(3)));
}

#[tokio::test(start_paused = true)]
async fn an_error_says_what_its_caller_can_use_and_no_cause() {
    let engine = engine_of::<Desk>();
    let mut ana = Client::full(&engine);
    ana.mount("d", "Desk", json!({"room": "r"}));
    let request = ana.call("d", "refuse", Value::Null);
    let answer = ana.answer(request).await;
    assert_eq!(answer["payload"]["data"], json!({"name": "why", "n": 7}));
    assert_eq!(answer["payload"]["action"], "refuse");
    let request = ana.call("d", "invalid", Value::Null);
    let answer = ana.answer(request).await;
    assert_eq!(answer["payload"]["fields"], json!({"email": "not an address", "name": "is missing"}));
    let request = ana.call("d", "panics", Value::Null);
    let answer = ana.answer(request).await;
    assert!(answer["payload"]["id"].is_string());
    assert!(!answer.to_string().contains("on purpose"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn an_action_ends_at_its_deadline_and_not_before() {
    let limits = Limits { action_deadline: Duration::from_secs(30), ..Limits::default() };
    let engine = engine(limits, fluxstack_live::engine::Builder::component::<Desk>);
    let mut ana = Client::full(&engine);
    ana.mount("d", "Desk", json!({"room": "r"}));
    let started = tokio::time::Instant::now();
    let request = ana.call("d", "neverEnds", Value::Null);
    assert_eq!(ana.answer(request).await["code"], "timeout");
    assert_eq!(started.elapsed().as_secs(), 30);
}

#[tokio::test]
async fn an_action_that_changes_nothing_makes_no_commit() {
    let engine = engine_of::<Desk>();
    let mut ana = Client::full(&engine);
    ana.mount("d", "Desk", json!({"room": "r"}));
    ana.types();
    let request = ana.call("d", "looks", Value::Null);
    let reply = ana.now();
    assert_eq!(
        reply,
        json!({"type": "REPLY", "requestId": request, "componentId": "d", "payload": {"result": 1}, "at": {"d": 0}})
    );
    ana.call("d", "increment", json!(0));
    assert_eq!(ana.now()["at"], json!({"d": 0}));
}

#[tokio::test]
async fn a_commit_and_its_reply_are_one_message_state_first() {
    let engine = engine_of::<Desk>();
    let mut ana = Client::full(&engine);
    ana.mount("d", "Desk", json!({"room": "r"}));
    ana.types();
    ana.frames.clear();
    ana.call("d", "increment", json!(4));
    ana.pump();
    let expected = concat!(
        r#"[{"type":"STATE_DELTA","componentId":"d","from":0,"version":1,"ops":[["=",["count"],5]]},"#,
        r#"{"type":"REPLY","requestId":1,"componentId":"d","payload":{"result":5},"at":{"d":1}}]"#
    );
    assert_eq!(ana.frames, [expected]);
}

#[tokio::test]
async fn only_what_changed_travels() {
    let engine = engine_of::<Desk>();
    let mut ana = Client::full(&engine);
    ana.mount("d", "Desk", json!({"room": "r"}));
    ana.types();
    let ops = |ana: &mut Client| ana.now()["ops"].clone();
    engine.store::<Desk>("r").update(|desk, _| desk.inner.n = 9).await.unwrap();
    assert_eq!(ops(&mut ana), json!([["=", ["inner", "n"], 9]]));
    engine.store::<Desk>("r").update(|desk, _| desk.secret.clear()).await.unwrap();
    assert!(ana.is_quiet(), "a change of a server-only field is no commit");
    ana.set("d", "title", json!("new"));
    assert_eq!(ops(&mut ana), json!([["=", ["title"], "new"]]));
}

#[tokio::test]
async fn other_code_changes_a_store_by_the_same_rules() {
    let engine = engine_of::<Desk>();
    let desk = engine.store::<Desk>("r");
    assert_eq!(desk.update(|desk, _| desk.count).await, Err(UpdateError::NotMounted));
    let mut ana = Client::full(&engine);
    ana.mount("d", "Desk", json!({"room": "r"}));
    ana.types();
    assert_eq!(desk.update(|desk, cx| (desk.count, cx.visitor().is_none())).await, Ok((1, true)));
    let before = desk.update(|desk, _| desk.clone()).await.unwrap();
    let refused = desk
        .try_update(|desk, _| {
            desk.change_everything();
            Err::<(), _>("no")
        })
        .await;
    assert_eq!(refused, Err(UpdateError::Refused("no")));
    let panicked = desk
        .update(|desk, _| {
            desk.change_everything();
            if desk.count > 0 {
                panic!("on purpose")
            }
        })
        .await;
    assert!(matches!(panicked, Err(UpdateError::Failed(_))));
    assert_eq!(desk.update(|desk, _| desk.clone()).await.unwrap(), before);
    assert!(ana.is_quiet());
    desk.update(|desk, _| desk.count = 7).await.unwrap();
    assert_eq!(ana.types(), ["STATE_DELTA"]);
    assert_eq!(ana.state("d")["count"], 7);
}
