//! A flush that cannot be made ends the action there, with just the failure that the end of an action would have, and what
//! was committed before stays.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::{Context, MountContext},
    engine::Engine,
    limits::Limits,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};
use support::{Client, engine};

#[derive(LiveComponent, Clone, Debug, PartialEq, Default)]
#[live(shared)]
struct Slip {
    #[live]
    count: i64,
    #[live]
    text: String,
    #[live]
    more: String,
    #[live]
    ratio: f64,
    secret: Vec<u8>,
    brittle: Brittle,
    fuse: Fuse,
}

/// Its `Clone` panics when it is told to.
#[derive(Debug, Default, PartialEq)]
struct Brittle(bool);
impl Clone for Brittle {
    fn clone(&self) -> Self {
        assert!(!self.0, "on purpose");
        Brittle(self.0)
    }
}

/// Its `Drop` panics when it is told to.
#[derive(Clone, Debug, Default, PartialEq)]
struct Fuse(bool);
impl Drop for Fuse {
    fn drop(&mut self) {
        assert!(!self.0 || std::thread::panicking(), "on purpose");
    }
}

/// How often an action came past its last flush.
static PASSED: AtomicUsize = AtomicUsize::new(0);

#[live_type]
struct Room {
    room: String,
}

#[live_actions]
impl Slip {
    fn key(props: &Room) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Room, cx: &MountContext) -> Result<Self, MountError> {
        Ok(Slip { fuse: Fuse(cx.visitor().id() == "fuse"), ..Slip::default() })
    }
    async fn flush_what_cannot_be(&mut self, what: String, cx: &mut Context<Self>) {
        self.change_everything();
        cx.flush(self).await;
        self.change_everything();
        self.spoil(&what);
        cx.flush(self).await;
        PASSED.fetch_add(1, Ordering::SeqCst);
        self.text.clear();
    }
    async fn flush_and_catch(&mut self, cx: &mut Context<Self>) {
        self.count += 1;
        self.spoil("commit");
        {
            let mut flush = pin!(cx.flush(self));
            let caught = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| flush.as_mut().poll(cx))) {
                Ok(poll) => poll.map(|()| false),
                Err(_) => Poll::Ready(true),
            });
            assert!(caught.await, "the action was told");
        }
        self.text.clear();
        self.count += 10;
    }
    async fn flush_another(&mut self, cx: &mut Context<Self>) {
        self.count += 1;
        let mut copy = self.clone();
        copy.count = 100;
        cx.flush(&mut copy).await;
    }
    async fn flush_what_cannot_be_remembered(&mut self, cx: &mut Context<Self>) {
        self.change_everything();
        self.brittle.0 = true;
        cx.flush(self).await;
        self.change_everything();
    }
    async fn count(&mut self) -> i64 {
        self.count += 1;
        self.count
    }
}

impl Slip {
    fn change_everything(&mut self) {
        self.count += 1;
        self.text.push('x');
        self.secret.push(7);
    }
    fn spoil(&mut self, what: &str) {
        match what {
            "nan" => self.ratio = f64::NAN,
            "commit" => self.text = "x".repeat(256 * 1024),
            "state" => (self.text, self.more) = ("x".repeat(30_000), "x".repeat(30_000)),
            other => panic!("nothing is spoiled by `{other}`"),
        }
    }
}

fn slip() -> Arc<Engine> {
    engine(Limits { state_bytes: 50_000, ..Limits::default() }, |builder| builder.component::<Slip>())
}

fn mounted(client: &mut Client) {
    client.mount("d", "Slip", json!({"room": "r"}));
    assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
}

async fn whole(engine: &Arc<Engine>) -> Slip {
    engine.store::<Slip>("r").update(|slip, _| slip.clone()).await.unwrap()
}

/// What so many changes of everything come to.
fn changed(times: usize) -> Slip {
    let mut slip = Slip::default();
    (0..times).for_each(|_| slip.change_everything());
    slip
}

fn public(slip: &Slip) -> Value {
    json!({"count": slip.count, "text": slip.text, "more": slip.more, "ratio": slip.ratio})
}

#[tokio::test]
async fn a_flush_that_cannot_be_committed_ends_the_action_there_with_just_that_failure() {
    static HOOKS: AtomicUsize = AtomicUsize::new(0);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let is_text = info.payload().is::<&str>() || info.payload().is::<String>();
        HOOKS.fetch_add(usize::from(!is_text), Ordering::SeqCst);
        hook(info);
    }));
    for (what, code) in [("nan", "internal"), ("commit", "too_large"), ("state", "too_large")] {
        let engine = slip();
        let mut ana = Client::full(&engine);
        mounted(&mut ana);
        let passed = PASSED.load(Ordering::SeqCst);
        let request = ana.call("d", "flushWhatCannotBe", json!(what));
        let answer = ana.answer(request).await;
        assert_eq!(answer["code"], code, "{what}");
        assert_eq!(PASSED.load(Ordering::SeqCst), passed, "{what}: nothing after it runs");
        assert_eq!(whole(&engine).await, changed(1), "{what}");
        assert_eq!((ana.state("d"), ana.version("d")), (&public(&changed(1)), 1), "{what}");
    }
    assert_eq!(HOOKS.load(Ordering::SeqCst), 0, "the panic hook is not told");
}

#[tokio::test]
async fn an_author_who_catches_the_end_commits_nothing_more() {
    let engine = slip();
    let mut ana = Client::full(&engine);
    mounted(&mut ana);
    let request = ana.call("d", "flushAndCatch", Value::Null);
    assert_eq!(ana.answer(request).await["code"], "too_large");
    assert_eq!(whole(&engine).await, changed(0));
    let request = ana.call("d", "count", Value::Null);
    assert_eq!(ana.answer(request).await["payload"]["result"], 1, "the next one may");
}

#[tokio::test]
async fn an_action_flushes_its_own_component_and_no_other() {
    let engine = slip();
    let mut ana = Client::full(&engine);
    mounted(&mut ana);
    let request = ana.call("d", "flushAnother", Value::Null);
    assert_eq!(ana.answer(request).await["code"], "internal");
    assert_eq!((whole(&engine).await, ana.version("d")), (changed(0), 0));
}

#[tokio::test]
async fn a_component_that_cannot_be_remembered_anew_ends_its_action_at_the_flush() {
    let engine = slip();
    let mut ana = Client::full(&engine);
    mounted(&mut ana);
    let request = ana.call("d", "flushWhatCannotBeRemembered", Value::Null);
    assert_eq!(ana.answer(request).await["code"], "internal");
    assert_eq!((ana.state("d"), ana.version("d")), (&public(&changed(1)), 1));
    let request = ana.call("d", "count", Value::Null);
    assert_eq!(ana.answer(request).await["code"], "internal", "it still cannot be remembered");
    assert!(ana.held.contains_key("d"), "and yet it is in a known state");
}

#[tokio::test]
async fn a_flush_whose_end_panics_stands_and_its_store_is_closed() {
    let engine = slip();
    let (mut ana, mut ben) = (Client::of(&engine, "fuse"), Client::full(&engine));
    [&mut ana, &mut ben].into_iter().for_each(mounted);
    let request = ana.call("d", "flushWhatCannotBe", json!("nan"));
    assert_eq!(ana.answer(request).await["code"], "internal");
    assert_eq!(ben.types(), ["STATE_DELTA", "COMPONENT_UNMOUNTED"]);
    let request = ben.call("d", "count", Value::Null);
    assert_eq!(ben.answer(request).await["code"], "gone");
}
