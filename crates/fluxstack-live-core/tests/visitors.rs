//! Who is there: a component is told when a visitor comes and when the last of its mounts has ended, in its turn, also
//! when a connection is lost and nobody comes back.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::Context,
    engine::{Builder, Engine},
    limits::Limits,
    map::Map,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use support::{Client, engine, engine_of};
use tokio::time::sleep;

#[derive(LiveComponent)]
#[live(shared)]
struct Room {
    #[live]
    people: Map<String, u32>,
    #[live]
    log: Vec<String>,
}

#[live_type]
struct RoomProps {
    room: String,
}

#[live_actions]
impl Room {
    fn key(props: &RoomProps) -> String {
        props.room.clone()
    }
    fn authorize(_props: &RoomProps, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: RoomProps) -> Result<Self, MountError> {
        Ok(Room { people: Map::new(), log: Vec::new() })
    }
    async fn joined(&mut self, cx: &mut Context<Self>) {
        let id = cx.visitor().expect("somebody joins").id().to_owned();
        self.log.push(format!("+{id}"));
        assert_ne!(id, "ghost", "on purpose");
        if id == "slow" {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.people.insert(id, 1);
    }
    async fn left(&mut self, cx: &mut Context<Self>) {
        let id = cx.visitor().expect("somebody leaves").id().to_owned();
        self.log.push(format!("-{id}"));
        assert_ne!(id, "zombie", "on purpose");
        self.people.remove(&id);
    }
    async fn rest(&mut self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

fn enter(client: &mut Client, id: &str) {
    client.mount(id, "Room", json!({"room": "r"}));
    client.pump();
}

/// A full client of this visitor, in the room.
fn visit(engine: &Arc<Engine>, visitor: &str) -> Client {
    let mut client = Client::of(engine, visitor);
    client.send(json!({"type": "HELLO", "protocol": 1}));
    enter(&mut client, "c");
    client
}

fn people(client: &mut Client) -> Vec<String> {
    client.pump();
    client.state("c")["people"].as_object().unwrap().keys().cloned().collect()
}
fn log(client: &mut Client) -> Vec<String> {
    client.pump();
    serde_json::from_value(client.state("c")["log"].clone()).unwrap()
}
fn welcome(client: &Client) -> Value {
    let first: Value = serde_json::from_str(&client.frames[0]).unwrap();
    if first.is_array() { first[0].clone() } else { first }
}

/// The client loses its connection, and goes on over another, with the secret it has.
fn come_back(engine: &Arc<Engine>, client: Client) -> Client {
    let before = welcome(&client);
    client.lose();
    resume(engine, &before)
}
fn resume(engine: &Arc<Engine>, before: &Value) -> Client {
    // The server takes the connection for another visitor's.
    let mut client = Client::of(engine, "somebody");
    client.send(json!({
        "type": "HELLO", "protocol": 1, "session": before["session"], "secret": before["secret"],
        "components": [{"componentId": "c"}],
    }));
    client.pump();
    client
}

#[tokio::test]
async fn who_mounts_is_in_the_first_state_and_news_for_the_others() {
    let engine = engine_of::<Room>();
    let mut ana = visit(&engine, "ana");
    assert_eq!((people(&mut ana), ana.held["c"].1), (vec!["ana".to_owned()], 1));
    let mut ben = visit(&engine, "ben");
    assert_eq!(people(&mut ben), ["ana", "ben"]);
    assert_eq!(people(&mut ana), ["ana", "ben"]);
}

#[tokio::test]
async fn a_visitor_is_there_from_the_first_mount_to_the_end_of_the_last() {
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    let (mut one, two) = (visit(&engine, "ana"), visit(&engine, "ana"));
    enter(&mut one, "again");
    assert_eq!(log(&mut watcher), ["+watcher", "+ana"]);
    one.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "c"}));
    one.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "again"}));
    assert_eq!(people(&mut watcher), ["ana", "watcher"]);
    drop(two);
    assert_eq!(people(&mut watcher), ["watcher"]);
    assert_eq!(log(&mut watcher), ["+watcher", "+ana", "-ana"]);
    enter(&mut one, "c");
    assert_eq!(log(&mut watcher), ["+watcher", "+ana", "-ana", "+ana"]);
}

#[tokio::test]
async fn a_goodbye_is_the_end_at_once_for_a_basic_client_too() {
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    let mut basic = Client::of(&engine, "basic");
    enter(&mut basic, "c");
    assert_eq!(people(&mut basic), ["basic", "watcher"]);
    drop(basic);
    assert_eq!(people(&mut watcher), ["watcher"]);
}

#[tokio::test(start_paused = true)]
async fn who_loses_the_connection_is_there_for_a_while_and_has_then_left() {
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    visit(&engine, "ana").lose();
    let mut basic = Client::of(&engine, "basic");
    enter(&mut basic, "c");
    // It cannot come back, so it is not waited for.
    basic.lose();
    sleep(Duration::from_secs(119)).await;
    assert_eq!(people(&mut watcher), ["ana", "watcher"]);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(people(&mut watcher), ["watcher"]);
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_with_the_secret_is_the_same_visitor_and_never_left() {
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    let ana = visit(&engine, "ana");
    let before = welcome(&ana);
    let again = come_back(&engine, ana);
    assert_ne!(welcome(&again)["secret"], before["secret"]);
    sleep(Duration::from_secs(200)).await;
    assert_eq!(log(&mut watcher), ["+watcher", "+ana"]);
    assert_eq!(people(&mut watcher), ["ana", "watcher"]);
    drop(again);
    assert_eq!(people(&mut watcher), ["watcher"]);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_nobody_elses() {
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    let ana = visit(&engine, "ana");
    let before = welcome(&ana);
    let secret = before["secret"].as_str().unwrap();
    let wrong = [secret.replacen('0', "1", 1), secret[1..].to_owned(), String::new()];
    for (i, secret) in wrong.iter().enumerate() {
        let mut thief = Client::of(&engine, &format!("thief{i}"));
        thief.send(json!({"type": "HELLO", "protocol": 1, "session": before["session"], "secret": secret}));
        enter(&mut thief, "c");
        assert!(people(&mut watcher).contains(&format!("thief{i}")));
    }
    // Nor is it anybody's once it is over.
    drop(ana);
    let mut late = Client::of(&engine, "late");
    late.send(json!({"type": "HELLO", "protocol": 1, "session": before["session"], "secret": secret}));
    enter(&mut late, "c");
    assert_eq!(people(&mut watcher), ["late", "watcher"]);
    let before = welcome(&late);
    late.lose();
    sleep(Duration::from_secs(121)).await;
    let mut later = Client::of(&engine, "later");
    later.send(
        json!({"type": "HELLO", "protocol": 1, "session": before["session"], "secret": before["secret"]}),
    );
    enter(&mut later, "c");
    assert_eq!(people(&mut watcher), ["later", "watcher"]);
}

#[tokio::test(start_paused = true)]
async fn lost_sessions_are_bounded_and_the_longest_lost_goes_first() {
    let limits = Limits { lost_sessions: 2, ..Limits::default() };
    let engine = engine(limits, Builder::component::<Room>);
    let mut watcher = visit(&engine, "watcher");
    for visitor in ["a", "b", "c", "d"] {
        visit(&engine, visitor).lose();
        sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(people(&mut watcher), ["c", "d", "watcher"]);
}

#[tokio::test(start_paused = true)]
async fn sessions_that_nobody_sees_push_out_none_that_somebody_sees() {
    let limits = Limits { lost_sessions: 2, ..Limits::default() };
    let engine = engine(limits, Builder::component::<Room>);
    let mut watcher = visit(&engine, "watcher");
    visit(&engine, "ana").lose();
    for _ in 0..5 {
        let mut bare = Client::of(&engine, "nobody");
        bare.send(json!({"type": "HELLO", "protocol": 1}));
        bare.lose();
        sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(people(&mut watcher), ["ana", "watcher"]);
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_after_a_comeback_is_the_end_at_once() {
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    let mut client = visit(&engine, "ana");
    for _ in 0..3 {
        client = come_back(&engine, client);
    }
    assert_eq!(log(&mut watcher), ["+watcher", "+ana"]);
    drop(client);
    assert_eq!(log(&mut watcher), ["+watcher", "+ana", "-ana"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_session_is_there_for_others_and_takes_nothing() {
    let limits = Limits { components_per_visitor: 2, ..Limits::default() };
    let engine = engine(limits, Builder::component::<Room>);
    let mut watcher = visit(&engine, "watcher");
    let mut client = visit(&engine, "ana");
    for _ in 0..5 {
        client = come_back(&engine, client);
        assert!(client.held.contains_key("c"), "it has its share of the quota again");
    }
    let weak = Arc::downgrade(&engine);
    assert_eq!(people(&mut watcher), ["ana", "watcher"]);
    drop((watcher, client, engine));
    assert_eq!(weak.strong_count(), 0, "who is lost does not keep the engine");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_visitor_joins_once_however_many_windows_open_at_the_same_moment() {
    let engine = engine_of::<Room>();
    for round in 0..6_000 {
        let room = format!("room {round}");
        let barrier = Arc::new(std::sync::Barrier::new(3));
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let (engine, room, barrier) = (engine.clone(), room.clone(), barrier.clone());
                let runtime = tokio::runtime::Handle::current();
                std::thread::spawn(move || {
                    let _runtime = runtime.enter();
                    let mut client = Client::of(&engine, "ana");
                    client.send(json!({"type": "HELLO", "protocol": 1}));
                    barrier.wait();
                    client.mount("c", "Room", json!({ "room": room }));
                    while !client.held.contains_key("c") {
                        client.pump();
                        std::thread::yield_now();
                    }
                    client
                })
            })
            .collect();
        let mut clients: Vec<Client> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(log(&mut clients[0]), ["+ana"], "in round {round}");
    }
}

#[tokio::test]
async fn who_cannot_join_has_not_mounted() {
    support::quiet_panics();
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    let mut ghost = Client::of(&engine, "ghost");
    ghost.send(json!({"type": "HELLO", "protocol": 1}));
    enter(&mut ghost, "c");
    assert!(ghost.frames.last().unwrap().contains(r#""code":"internal""#));
    assert_eq!(log(&mut watcher), ["+watcher"], "it was undone");
    drop(ghost);
    assert_eq!(log(&mut watcher), ["+watcher"], "who was not there does not leave");
}

#[tokio::test]
async fn a_left_that_fails_is_undone_and_the_visitor_is_gone_all_the_same() {
    support::quiet_panics();
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    drop(visit(&engine, "zombie"));
    assert_eq!(log(&mut watcher), ["+watcher", "+zombie"]);
    visit(&engine, "zombie");
    assert_eq!(log(&mut watcher), ["+watcher", "+zombie", "+zombie"]);
}

#[tokio::test(start_paused = true)]
async fn a_mount_that_is_called_off_while_it_joins_leaves_again() {
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    let mut slow = visit(&engine, "slow");
    slow.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "c"}));
    sleep(Duration::from_millis(200)).await;
    assert_eq!(log(&mut watcher), ["+watcher", "+slow", "-slow"]);
    let slow = visit(&engine, "slow");
    drop(slow);
    sleep(Duration::from_millis(200)).await;
    assert_eq!(people(&mut watcher), ["watcher"]);
}

#[tokio::test(start_paused = true)]
async fn they_join_and_leave_in_their_turn() {
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    watcher.call("c", "rest", json!(1_000));
    let ana = visit(&engine, "ana");
    drop(ana);
    let mut ana = visit(&engine, "ana");
    assert_eq!(log(&mut watcher), ["+watcher"]);
    sleep(Duration::from_secs(2)).await;
    // By the time the first mount has joined and is to leave, the second has joined: there was no moment without her.
    assert_eq!(log(&mut watcher), ["+watcher", "+ana"]);
    assert_eq!(people(&mut ana), ["ana", "watcher"]);
    drop(ana);
    assert_eq!(log(&mut watcher), ["+watcher", "+ana", "-ana"]);
}

#[tokio::test]
async fn a_visitor_has_a_quota_in_all_sessions_together() {
    let limits = Limits { components_per_visitor: 3, ..Limits::default() };
    let engine = engine(limits, Builder::component::<Room>);
    let (mut one, mut two) = (visit(&engine, "ana"), visit(&engine, "ana"));
    enter(&mut one, "d");
    enter(&mut two, "d");
    assert!(two.frames.last().unwrap().contains(r#""code":"too_many""#));
    visit(&engine, "ben");
    one.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "d"}));
    enter(&mut two, "d");
    assert!(two.frames.last().unwrap().contains("COMPONENT_MOUNTED"));
}

#[tokio::test(start_paused = true)]
async fn who_leaves_the_page_is_gone_at_once_also_from_where_she_is_just_coming_in() {
    let engine = engine_of::<Room>();
    let mut watcher = visit(&engine, "watcher");
    for visitor in ["ana", "slow"] {
        visit(&engine, visitor).part();
        sleep(Duration::from_secs(5)).await;
        assert_eq!(people(&mut watcher), ["watcher"], "{visitor}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_room_that_everybody_has_left_is_forgotten() {
    let engine = engine_of::<Room>();
    drop(visit(&engine, "ana"));
    visit(&engine, "ben").lose();
    assert_eq!(engine.shared_stores(), 1);
    sleep(Duration::from_secs(125)).await;
    assert_eq!(engine.shared_stores(), 1, "ben has left just now");
    sleep(Duration::from_secs(62)).await;
    assert_eq!(engine.shared_stores(), 0);
}
