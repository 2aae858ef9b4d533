//! A flush commits in the middle of an action: what it commits is shown at once and stays, whatever becomes of the action.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::{Context, MountContext},
    engine::{Builder, Engine},
    host::{BoxFuture, Host},
    limits::Limits,
    list::List,
    map::Map,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::{
    mem,
    sync::{Arc, Mutex},
    time::Duration,
};
use support::{Client, TestHost, engine, engine_of};
use tokio::{sync::Semaphore, task::AbortHandle};

#[live_type]
#[derive(Default)]
struct Item {
    name: String,
    tags: List<String>,
}

#[live_type]
struct Step {
    number: u32,
}

#[derive(LiveComponent, Clone, Debug, PartialEq, Default)]
#[live(shared, events(Step))]
struct Desk {
    #[live]
    count: i64,
    #[live]
    text: String,
    #[live]
    ratio: f64,
    #[live]
    items: List<Item>,
    #[live]
    spare: List<Item>,
    #[live]
    by_name: Map<String, Item>,
    secret: Vec<u8>,
    hidden: List<Item>,
    #[live(resource)]
    gate: Gate,
}

/// Holds an action back.
#[derive(Clone, Debug)]
struct Gate(Arc<Semaphore>);
impl Default for Gate {
    fn default() -> Self {
        Gate(Arc::new(Semaphore::new(0)))
    }
}
impl PartialEq for Gate {
    fn eq(&self, _: &Gate) -> bool {
        true
    }
}
impl Gate {
    async fn pass(&self) {
        self.0.acquire().await.unwrap().forget();
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
    fn mount(_props: Room, cx: &MountContext) -> Result<Self, MountError> {
        Ok(Desk { ratio: 0.5, gate: cx.state::<Gate>().clone(), ..Desk::default() })
    }
    async fn step_by_step(&mut self, cx: &mut Context<Self>) -> i64 {
        self.change_everything();
        cx.broadcast(Step { number: 1 });
        cx.flush(self).await;
        self.gate.pass().await;
        self.change_everything();
        cx.broadcast(Step { number: 2 });
        cx.flush(self).await;
        self.gate.pass().await;
        self.count += 1;
        cx.broadcast(Step { number: 3 });
        self.count
    }
    async fn flush_and_end(&mut self, end: String, cx: &mut Context<Self>) -> Result<(), String> {
        self.change_everything();
        cx.flush(self).await;
        self.change_everything();
        cx.flush(self).await;
        self.change_everything();
        cx.broadcast(Step { number: 9 });
        match end.as_str() {
            "err" => return Err("refused".to_owned()),
            "panic" => panic!("on purpose"),
            "deadline" => std::future::pending().await,
            "nan" => self.ratio = f64::NAN,
            "commit" => self.text = "x".repeat(256 * 1024),
            "swap" => {
                mem::swap(&mut self.items, &mut self.hidden);
                self.spare = mem::take(&mut self.hidden);
                return Err("refused".to_owned());
            }
            "assign" => {
                *self = Desk { gate: self.gate.clone(), ..Desk::default() };
                return Err("refused".to_owned());
            }
            other => panic!("there is no end `{other}`"),
        }
        Ok(())
    }
    async fn flush_nothing(&mut self, cx: &mut Context<Self>) {
        cx.flush(self).await;
        self.secret.push(1);
        cx.flush(self).await;
        cx.flush(self).await;
    }
    async fn flush_a_secret(&mut self, cx: &mut Context<Self>) -> Result<(), String> {
        self.secret.push(1);
        cx.flush(self).await;
        self.secret.push(2);
        Err("refused".to_owned())
    }
    async fn hurry(&mut self, cx: &mut Context<Self>) {
        for _ in 0..3 {
            self.count += 1;
            cx.flush(self).await;
        }
    }
    async fn only_tell(&mut self, cx: &mut Context<Self>) {
        cx.broadcast(Step { number: 1 });
        cx.flush(self).await;
    }
    async fn count(&mut self) -> i64 {
        self.count += 1;
        self.count
    }
}

impl Desk {
    fn change_everything(&mut self) {
        self.count += 1;
        self.text.push('x');
        self.items.push(Item { name: format!("item {}", self.count), ..Item::default() });
        self.items.iter_mut().for_each(|item| item.tags.push("tag".to_owned()));
        mem::swap(&mut self.items, &mut self.spare);
        self.by_name.insert(format!("key {}", self.count), Item::default());
        self.by_name.get_mut("key 1").into_iter().for_each(|item| item.name.push('!'));
        self.secret.push(7);
        self.hidden.push(Item::default());
    }
}

fn desk() -> (Arc<Engine>, Gate) {
    let gate = Gate::default();
    let engine = engine(Limits::default(), |builder: &mut Builder| {
        builder.component::<Desk>();
        builder.state(gate.clone());
    });
    (engine, gate)
}

fn mounted(client: &mut Client) {
    client.mount("d", "Desk", json!({"room": "r"}));
    assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
}

async fn whole(engine: &Arc<Engine>) -> Desk {
    engine.store::<Desk>("r").update(|desk, _| desk.clone()).await.unwrap()
}

/// What so many changes of everything come to.
fn changed(times: usize) -> Desk {
    let mut desk = Desk { ratio: 0.5, ..Desk::default() };
    (0..times).for_each(|_| desk.change_everything());
    desk
}

fn public(desk: &Desk) -> Value {
    json!({
        "count": desk.count, "text": desk.text, "ratio": desk.ratio, "items": desk.items,
        "spare": desk.spare, "byName": desk.by_name,
    })
}

async fn until_quiet() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_flush_shows_at_once_what_has_changed_and_was_told_so_far() {
    let (engine, gate) = desk();
    let (mut ana, mut ben) = (Client::full(&engine), Client::full(&engine));
    [&mut ana, &mut ben].into_iter().for_each(mounted);
    let request = ana.call("d", "stepByStep", Value::Null);
    for step in 1..=2 {
        until_quiet().await;
        for client in [&mut ana, &mut ben] {
            assert_eq!(client.types(), ["STATE_DELTA", "EVENT"], "step {step}");
            assert_eq!((client.state("d"), client.version("d")), (&public(&changed(step)), step as u64));
        }
        gate.0.add_permits(1);
    }
    until_quiet().await;
    assert_eq!(ben.types(), ["STATE_DELTA", "EVENT"]);
    let reply = ana.answer(request).await;
    assert_eq!((&reply["payload"]["result"], &reply["at"]), (&json!(3), &json!({"d": 3})));
    assert_eq!(whole(&engine).await, Desk { count: 3, ..changed(2) });
}

#[tokio::test]
async fn others_have_their_turn_at_each_flush_even_if_the_action_never_waits() {
    let (engine, _) = desk();
    let mut ana = Client::full(&engine);
    mounted(&mut ana);
    // A task like any connection: tokio looks seldom at the future that it blocks on.
    let sees = async move {
        ana.call("d", "hurry", Value::Null);
        for version in 1..=3 {
            assert_eq!(ana.next().await["version"], version);
        }
        assert_eq!(ana.next().await["at"], json!({"d": 3}));
    };
    tokio::spawn(sees).await.unwrap();
}

#[tokio::test]
async fn a_client_that_takes_whole_states_is_shown_each_flush() {
    let (engine, gate) = desk();
    let mut ana = Client::basic(&engine);
    mounted(&mut ana);
    ana.call("d", "stepByStep", Value::Null);
    for step in 1..=2 {
        until_quiet().await;
        assert_eq!(ana.types(), ["STATE_UPDATE", "EVENT"]);
        assert_eq!(ana.state("d"), &public(&changed(step)));
        gate.0.add_permits(1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_fails_after_a_flush_leaves_the_store_as_at_that_flush() {
    support::quiet_panics();
    let ends = [
        ("err", "action"),
        ("panic", "internal"),
        ("deadline", "timeout"),
        ("nan", "internal"),
        ("commit", "too_large"),
        ("swap", "action"),
        ("assign", "action"),
    ];
    for (end, code) in ends {
        let (engine, _) = desk();
        let (mut ana, mut ben) = (Client::full(&engine), Client::full(&engine));
        [&mut ana, &mut ben].into_iter().for_each(mounted);
        let request = ana.call("d", "flushAndEnd", json!(end));
        assert_eq!(ana.answer(request).await["code"], code, "{end}");
        assert_eq!(whole(&engine).await, changed(2), "{end}");
        assert_eq!((ana.state("d"), ana.version("d")), (&public(&changed(2)), 2), "{end}");
        assert_eq!(ben.types(), ["STATE_DELTA"], "{end}: neither the end nor its event is heard of");
        assert_eq!(ben.state("d"), &public(&changed(2)), "{end}");
        // The store goes on from there.
        let request = ana.call("d", "count", Value::Null);
        assert_eq!(ana.answer(request).await["at"], json!({"d": 3}), "{end}");
        assert_eq!(whole(&engine).await, Desk { count: 3, ..changed(2) }, "{end}");
    }
}

/// Tasks that a test can drop.
struct Droppable(TestHost, Mutex<Vec<AbortHandle>>);
impl Host for Droppable {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        self.1.lock().unwrap().push(tokio::spawn(task).abort_handle());
    }
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration)
    }
    fn now(&self) -> Duration {
        self.0.now()
    }
    fn random(&self) -> u128 {
        self.0.random()
    }
}

#[tokio::test]
async fn an_action_whose_future_is_dropped_after_a_flush_leaves_the_store_as_at_that_flush() {
    let host = Arc::new(Droppable(TestHost::default(), Mutex::default()));
    let mut builder = Builder::default();
    builder.component::<Desk>();
    builder.state(Gate::default());
    let engine = builder.build(host.clone()).unwrap();
    let (mut ana, mut ben) = (Client::full(&engine), Client::full(&engine));
    [&mut ana, &mut ben].into_iter().for_each(mounted);
    ana.call("d", "flushAndEnd", json!("deadline"));
    until_quiet().await;
    host.1.lock().unwrap().drain(..).for_each(|task| task.abort());
    assert_eq!(whole(&engine).await, changed(2));
    ben.pump();
    assert_eq!(ben.state("d"), &public(&changed(2)));
}

#[tokio::test]
async fn an_action_whose_client_is_lost_after_a_flush_goes_on_to_its_end() {
    let (engine, gate) = desk();
    let (mut ana, mut ben) = (Client::full(&engine), Client::full(&engine));
    [&mut ana, &mut ben].into_iter().for_each(mounted);
    ana.call("d", "stepByStep", Value::Null);
    until_quiet().await;
    ana.lose();
    gate.0.add_permits(2);
    until_quiet().await;
    ben.pump();
    assert_eq!(ben.state("d"), &public(&Desk { count: 3, ..changed(2) }));
}

#[tokio::test]
async fn a_flush_of_nothing_is_no_commit_and_what_never_leaves_the_server_is_kept_all_the_same() {
    let (engine, _) = desk();
    let mut ana = Client::full(&engine);
    mounted(&mut ana);
    let request = ana.call("d", "flushNothing", Value::Null);
    assert_eq!(ana.answer(request).await["at"], json!({"d": 0}));
    let request = ana.call("d", "flushASecret", Value::Null);
    assert_eq!(ana.answer(request).await["code"], "action");
    assert_eq!(whole(&engine).await.secret, [1, 1]);
    assert_eq!(ana.version("d"), 0);
    let request = ana.call("d", "onlyTell", Value::Null);
    assert_eq!(ana.answer(request).await["at"], json!({"d": 1}), "to tell something is one");
}

/// Whoever comes is shown before it is known whether they may stay.
#[derive(LiveComponent, Default)]
#[live(shared)]
struct Porch {
    #[live]
    knocked: u32,
    #[live]
    inside: u32,
}

#[live_actions]
impl Porch {
    fn key(_props: &Room) -> String {
        String::new()
    }
    fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Room) -> Result<Self, MountError> {
        Ok(Porch::default())
    }
    async fn joined(&mut self, cx: &mut Context<Self>) {
        self.knocked += 1;
        cx.flush(self).await;
        self.inside += 1;
        assert_ne!(cx.visitor().unwrap().id(), "ben", "on purpose");
    }
    async fn left(&mut self, cx: &mut Context<Self>) {
        self.inside -= 1;
        cx.flush(self).await;
        self.knocked -= 1;
    }
}

#[tokio::test]
async fn who_comes_and_goes_can_be_told_in_two_steps() {
    support::quiet_panics();
    let engine = engine_of::<Porch>();
    let mut ana = Client::of(&engine, "ana");
    ana.mount("p", "Porch", json!({"room": "r"}));
    assert_eq!(ana.next().await["type"], "COMPONENT_MOUNTED");
    assert_eq!(ana.state("p"), &json!({"knocked": 1, "inside": 1}));
    let mut ben = Client::of(&engine, "ben");
    ben.mount("p", "Porch", json!({"room": "r"}));
    assert_eq!(ben.next().await["code"], "internal");
    until_quiet().await;
    ana.pump();
    assert_eq!(ana.state("p"), &json!({"knocked": 2, "inside": 1}), "as at the flush");
    let mut cleo = Client::of(&engine, "cleo");
    cleo.mount("p", "Porch", json!({"room": "r"}));
    assert_eq!(cleo.next().await["type"], "COMPONENT_MOUNTED");
    drop(cleo);
    until_quiet().await;
    ana.pump();
    assert_eq!(ana.state("p"), &json!({"knocked": 2, "inside": 1}));
}
