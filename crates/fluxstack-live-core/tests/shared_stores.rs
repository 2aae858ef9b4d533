//! Stores that several clients share: made once, encoded once, kept for a while.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::MountContext,
    engine::{BuildError, Builder, Engine},
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
use support::{Client, TestHost, engine};
use tokio::sync::Semaphore;

#[derive(LiveComponent)]
#[live(shared)]
struct Board {
    #[live]
    count: i64,
    #[live]
    text: String,
    order: Vec<String>,
    #[live(resource)]
    gate: Arc<Semaphore>,
}

#[live_type]
struct Room {
    room: String,
}

/// Counts mounts, and holds back those of rooms named `slow`.
#[derive(Clone)]
struct Mounts {
    made: Arc<AtomicUsize>,
    gate: Arc<Semaphore>,
}

#[live_actions]
impl Board {
    fn key(props: &Room, cx: &MountContext) -> String {
        format!("{}/{}", cx.visitor().id(), props.room)
    }
    async fn authorize(props: &Room, visitor: &Visitor) -> Result<(), Denied> {
        if props.room == "closed" && visitor.id() == "ana" { Err(Denied) } else { Ok(()) }
    }
    async fn mount(props: Room, cx: &MountContext) -> Result<Self, MountError> {
        let mounts = cx.state::<Mounts>();
        mounts.made.fetch_add(1, Ordering::Relaxed);
        if props.room == "slow" {
            mounts.gate.acquire().await?.forget();
        }
        if props.room == "fails" {
            return Err(MountError::invalid("room", "no"));
        }
        Ok(Board { count: 0, text: String::new(), order: Vec::new(), gate: mounts.gate.clone() })
    }
    async fn increment(&mut self) {
        self.count += 1;
    }
    async fn write(&mut self, text: String) {
        self.order.push(text.clone());
        self.text = text;
    }
    async fn slowly(&mut self, text: String) {
        self.gate.acquire().await.unwrap().forget();
        self.order.push(text);
    }
}

fn boards(limits: Limits) -> (Arc<Engine>, Mounts) {
    let mounts = Mounts { made: Arc::default(), gate: Arc::new(Semaphore::new(0)) };
    let engine = engine(limits, |builder: &mut Builder| {
        builder.component::<Board>();
        builder.state(mounts.clone());
    });
    (engine, mounts)
}
fn room(name: &str) -> Value {
    json!({"room": name})
}

#[tokio::test]
async fn a_commit_is_encoded_once_for_two_readers_and_for_fifty() {
    let mut encodings = Vec::new();
    for readers in [2, 50] {
        let (engine, _) = boards(Limits::default());
        let mut clients: Vec<Client> = (0..readers).map(|_| Client::full(&engine)).collect();
        for client in &mut clients {
            client.mount("b", "Board", room("r"));
            client.types();
        }
        let board = engine.store::<Board>("ana/r");
        let before = board.encodings().unwrap();
        clients[0].call("b", "increment", Value::Null);
        for client in &mut clients {
            client.pump();
            assert_eq!(client.state("b")["count"], 1);
        }
        encodings.push(board.encodings().unwrap() - before);
    }
    assert_eq!(encodings, [1, 1]);
}

#[tokio::test]
async fn readers_at_different_versions_end_at_the_same_state() {
    let (engine, _) = boards(Limits::default());
    let mut clients: Vec<Client> = (0..4).map(|_| Client::full(&engine)).collect();
    let mut basic = Client::basic(&engine);
    for (i, client) in clients.iter_mut().enumerate() {
        client.mount("b", "Board", room("r"));
        client.pump();
        for _ in 0..i {
            engine.store::<Board>("ana/r").update(|board, _| board.count += 1).await.unwrap();
        }
    }
    basic.mount("b", "Board", room("r"));
    basic.pump();
    assert_eq!(basic.frames.len(), 1, "a basic client is sent no deltas: {:?}", basic.frames);
    for client in clients.iter_mut().chain([&mut basic]) {
        client.pump();
        assert_eq!((client.state("b")["count"].clone(), client.version("b")), (json!(6), 6));
    }
}

#[tokio::test]
async fn a_slow_reader_is_sent_what_is_left_of_the_commits_it_missed() {
    let (engine, _) = boards(Limits::default());
    let mut slow = Client::full(&engine);
    slow.mount("b", "Board", room("r"));
    slow.pump();
    for _ in 0..100 {
        engine.store::<Board>("ana/r").update(|board, _| board.count += 1).await.unwrap();
    }
    slow.frames.clear();
    slow.pump();
    let delta =
        r#"{"type":"STATE_DELTA","componentId":"b","from":0,"version":100,"ops":[["=",["count"],100]]}"#;
    assert_eq!(slow.frames, [delta]);
}

#[tokio::test]
async fn a_reader_that_slept_through_the_whole_log_gets_a_snapshot() {
    let (engine, _) = boards(Limits::default());
    let (mut awake, mut asleep) = (Client::full(&engine), Client::full(&engine));
    for client in [&mut awake, &mut asleep] {
        client.mount("b", "Board", room("r"));
        client.pump();
    }
    asleep.frames.clear();
    for n in 0..200 {
        awake.call("b", "write", json!(format!("{n} {}", "x".repeat(1000))));
        awake.send(json!({"type": "ACK", "messages": n, "received": n}));
        awake.pump();
    }
    asleep.pump();
    assert_eq!(asleep.held, awake.held);
    let bytes: usize = asleep.frames.iter().map(String::len).sum();
    // A snapshot of 1 000 bytes, and at most what was written since: half of the log's 16 KiB.
    assert!(bytes < 1_200 + 8 * 1_200, "{bytes} of the 200 000 bytes that were written");
    assert!(asleep.frames[0].contains("STATE_UPDATE"), "{:?}", asleep.frames);
}

#[tokio::test]
async fn who_joins_is_shown_the_present_at_once_while_states_are_small() {
    let (engine, _) = boards(Limits::default());
    let (mut first, mut second) = (Client::full(&engine), Client::full(&engine));
    first.mount("b", "Board", room("r"));
    first.call("b", "increment", Value::Null);
    first.pump();
    second.mount("b", "Board", room("r"));
    let mounted = second.now();
    assert_eq!((&mounted["state"]["count"], &mounted["version"]), (&json!(1), &json!(1)));
    assert!(second.is_quiet());
}

#[tokio::test]
async fn who_joins_a_large_store_gets_the_snapshot_there_is_and_its_tail_as_one_message() {
    let (engine, _) = boards(Limits::default());
    let mut clients: Vec<Client> = (0..2).map(|_| Client::full(&engine)).collect();
    clients[0].mount("b", "Board", room("r"));
    clients[0].call("b", "write", json!("x".repeat(50_000)));
    clients[0].pump();
    // The first to join after so much was written pays for a snapshot; the next ones share it, though there is a commit.
    clients[1].mount("b", "Board", room("r"));
    assert_eq!(clients[1].types(), ["COMPONENT_MOUNTED"]);
    for count in 1..4 {
        clients[0].call("b", "increment", Value::Null);
        let mut late = Client::full(&engine);
        late.mount("b", "Board", room("r"));
        late.frames.clear();
        assert_eq!(late.types(), ["COMPONENT_MOUNTED", "STATE_DELTA"]);
        assert_eq!((late.frames.len(), &late.state("b")["count"]), (1, &json!(count)));
    }
}

#[tokio::test]
async fn many_who_mount_at_once_share_one_instance() {
    let (engine, mounts) = boards(Limits::default());
    let mut clients: Vec<Client> = (0..5).map(|_| Client::full(&engine)).collect();
    for client in &mut clients {
        client.mount("b", "Board", room("slow"));
        assert!(client.is_quiet());
    }
    mounts.gate.add_permits(1);
    for client in &mut clients {
        assert_eq!(client.next().await["type"], "COMPONENT_MOUNTED");
    }
    assert_eq!(mounts.made.load(Ordering::Relaxed), 1);
    assert_eq!(engine.shared_stores(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_store_lives_on_for_a_while_after_the_last_one_left() {
    let (engine, mounts) = boards(Limits { shared_grace: Duration::from_secs(60), ..Limits::default() });
    let visit = async |wait: u64| {
        let mut client = Client::full(&engine);
        client.mount("b", "Board", room("r"));
        client.call("b", "increment", Value::Null);
        client.pump();
        let count = client.state("b")["count"].clone();
        drop(client);
        tokio::time::sleep(Duration::from_secs(wait)).await;
        count
    };
    assert_eq!(visit(59).await, 1);
    assert_eq!(visit(59).await, 2, "the time starts anew with each visit");
    assert_eq!(visit(61).await, 3);
    assert_eq!(engine.shared_stores(), 0);
    assert_eq!(visit(0).await, 1);
    assert_eq!(mounts.made.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn stores_that_are_left_are_swept_by_one_task() {
    let (engine, _) = boards(Limits { shared_stores: 3, ..Limits::default() });
    let mut client = Client::full(&engine);
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    for n in 0..1_000 {
        client.mount("b", "Board", room(&(n % 7).to_string()));
        client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "b"}));
        client.pump();
    }
    assert!(tasks() - before <= 1, "{} tasks wait", tasks() - before);
    tokio::time::sleep(Duration::from_secs(61)).await;
    tokio::task::yield_now().await;
    assert_eq!((engine.shared_stores(), tasks()), (0, before));
}

#[tokio::test(start_paused = true)]
async fn a_grace_without_end_is_one() {
    let (engine, _) = boards(Limits { shared_grace: Duration::MAX, ..Limits::default() });
    for _ in 0..2 {
        let mut client = Client::full(&engine);
        client.mount("b", "Board", room("r"));
        assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
        drop(client);
        tokio::time::sleep(Duration::from_secs(1_000_000)).await;
    }
    assert_eq!(engine.shared_stores(), 1);
}

#[tokio::test]
async fn a_full_directory_lets_go_of_the_store_that_was_idle_for_longest() {
    let (engine, mounts) = boards(Limits { shared_stores: 2, ..Limits::default() });
    let mut client = Client::full(&engine);
    for id in ["a", "b"] {
        client.mount(id, "Board", room(id));
        assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
        client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": id}));
    }
    client.mount("c", "Board", room("c"));
    client.mount("b", "Board", room("b"));
    assert_eq!(client.types(), ["COMPONENT_MOUNTED", "COMPONENT_MOUNTED"]);
    assert_eq!((engine.shared_stores(), mounts.made.load(Ordering::Relaxed)), (2, 3), "`b` was still there");
    client.mount("a", "Board", room("a"));
    assert_eq!(client.now()["code"], "too_many", "those that are held stay");
}

#[tokio::test]
async fn requests_of_one_session_to_one_store_keep_their_order_whatever_id_they_name() {
    let (engine, mounts) = boards(Limits::default());
    let mut client = Client::full(&engine);
    for id in ["x", "y"] {
        client.mount(id, "Board", room("r"));
    }
    let requests = [("x", "slowly", "1"), ("x", "write", "2"), ("y", "write", "3"), ("x", "write", "4")]
        .map(|(id, action, text)| client.call(id, action, json!(text)));
    mounts.gate.add_permits(1);
    let mut answered = 0;
    while answered < requests.len() {
        answered += usize::from(client.next().await["type"] == "REPLY");
    }
    let order = engine.store::<Board>("ana/r").update(|board, _| board.order.clone()).await.unwrap();
    assert_eq!(order, ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn a_basic_reader_that_leaves_costs_no_more_snapshots() {
    let (engine, _) = boards(Limits::default());
    let (mut full, mut basic) = (Client::full(&engine), Client::basic(&engine));
    full.mount("b", "Board", room("r"));
    full.call("b", "write", json!("x".repeat(30_000)));
    basic.mount("b", "Board", room("r"));
    drop(basic);
    full.pump();
    full.call("b", "increment", Value::Null);
    full.pump();
    // Were there a snapshot of the present, it would come alone.
    let mut late = Client::full(&engine);
    late.mount("b", "Board", room("r"));
    assert_eq!(late.types(), ["COMPONENT_MOUNTED", "STATE_DELTA"]);
}

#[tokio::test]
async fn what_may_not_be_seen_looks_as_if_it_were_not_there() {
    let (engine, mounts) = boards(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("b", "Board", room("closed"));
    let denied = client.now();
    client.mount("b", "Bored", room("closed"));
    let missing = client.now();
    assert_eq!(denied["code"], missing["code"]);
    let text = |answer: &Value| answer["payload"]["error"].as_str().unwrap().replace("Bored", "Board");
    assert_eq!(text(&denied), text(&missing));
    assert_eq!(mounts.made.load(Ordering::Relaxed), 0, "denied before anything is made");
}

#[tokio::test]
async fn stores_are_counted_and_a_failed_mount_leaves_none() {
    let (engine, _) = boards(Limits { shared_stores: 2, ..Limits::default() });
    let mut client = Client::full(&engine);
    client.mount("x", "Board", room("fails"));
    assert_eq!(client.now()["code"], "invalid");
    assert_eq!(engine.shared_stores(), 0);
    for id in ["a", "b", "c"] {
        client.mount(id, "Board", room(id));
    }
    assert_eq!(client.types(), ["COMPONENT_MOUNTED", "COMPONENT_MOUNTED", "ERROR"]);
    client.mount("d", "Board", room("a"));
    assert_eq!(client.types(), ["COMPONENT_MOUNTED"], "a store that is there costs nothing");
}

#[derive(LiveComponent)]
#[live(name = "Board")]
struct Impostor {}

#[live_type]
struct Nothing {}

#[live_actions]
impl Impostor {
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        Ok(Impostor {})
    }
}

#[test]
fn two_components_of_one_name_do_not_build() {
    let mut builder = Builder::default();
    builder.component::<Board>();
    builder.component::<Board>();
    builder.component::<Impostor>();
    let built = builder.build(Arc::new(TestHost::default()));
    assert!(matches!(built, Err(BuildError::NameInUse("Board"))));
}
