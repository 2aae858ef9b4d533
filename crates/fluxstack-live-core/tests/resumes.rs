//! A session outlives its connection: what was done, what was answered and what was mounted goes on through the next one.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::Context,
    engine::{Builder, Engine},
    feed::Feed,
    limits::Limits,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use fluxstack_live_protocol::error::CloseCode;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use support::{
    Client,
    counter::{Counter, Gates, gated, props},
    engine,
};
use tokio::time::sleep;

/// A wall that everybody writes on.
#[derive(LiveComponent)]
#[live(shared, events(Written))]
struct Wall {
    #[live]
    lines: Feed<String, 20>,
}
#[live_type]
struct WallProps {}
#[live_type]
struct Written {
    line: String,
}
#[live_actions]
impl Wall {
    fn key(_props: &WallProps) -> String {
        String::new()
    }
    fn authorize(_props: &WallProps, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: WallProps) -> Result<Self, MountError> {
        Ok(Wall { lines: Feed::new() })
    }
    async fn write(&mut self, line: String, cx: &mut Context<Self>) {
        self.lines.push(line.clone());
        cx.broadcast(Written { line });
    }
    async fn fill(&mut self, bytes: usize) {
        self.lines.push("x".repeat(bytes));
    }
    async fn shout(&mut self, bytes: usize, cx: &mut Context<Self>) {
        cx.broadcast(Written { line: "x".repeat(bytes) });
    }
}

fn world() -> (Arc<Engine>, Gates) {
    world_of(Limits::default())
}
fn world_of(limits: Limits) -> (Arc<Engine>, Gates) {
    let gates = Gates::default();
    let engine = engine(limits, |builder: &mut Builder| {
        builder.component::<Counter>();
        builder.component::<Wall>();
        builder.state(gates.clone());
    });
    (engine, gates)
}
/// Somebody who has said `HELLO` and mounted these.
fn visit(engine: &Arc<Engine>, visitor: &str, components: &[&str]) -> Client {
    let mut client = Client::of(engine, visitor);
    client.send(json!({"type": "HELLO", "protocol": 1}));
    for component in components {
        let props = if *component == "Wall" { json!({}) } else { props("t") };
        client.mount(&component.to_lowercase(), component, props);
    }
    client.types();
    client
}
/// What has arrived, messages without the parts that say who and where.
fn arrived(client: &mut Client) -> Vec<Value> {
    let mut all = Vec::new();
    while !client.is_quiet() {
        all.push(client.now());
    }
    all
}
fn types(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_resume_where_nothing_changed_costs_no_state_bytes() {
    let (engine, _gates) = world();
    let mut client = visit(&engine, "ana", &["Wall", "Counter"]);
    let n = client.call("wall", "fill", json!(30_000));
    assert_eq!(client.answer(n).await["type"], "REPLY");
    let mut client = client.resume(&engine, 1);
    let messages = arrived(&mut client);
    assert_eq!(types(&messages), ["WELCOME", "COMPONENT_MOUNTED", "COMPONENT_MOUNTED"]);
    assert_eq!(messages[0]["resumed"], true);
    assert_eq!((&messages[0]["executed"], &messages[0]["replies"]), (&json!(1), &json!([])));
    for (mounted, id, version) in [(&messages[1], "counter", 0), (&messages[2], "wall", 1)] {
        assert_eq!((&mounted["componentId"], &mounted["version"]), (&json!(id), &json!(version)));
        assert_eq!(
            (&mounted["ops"], &mounted["state"], &mounted["events"]),
            (&json!([]), &Value::Null, &Value::Null)
        );
    }
    assert!(client.frames[0].starts_with(r#"{"type":"WELCOME""#), "`WELCOME` travels alone");
    let bytes: usize = client.frames[1..].iter().map(String::len).sum();
    assert!(bytes < 250, "{bytes} bytes for two components, of which one has a state of 30 KB");
}

#[tokio::test]
async fn what_happened_meanwhile_is_told_as_changes_and_events_each_once() {
    let (engine, _gates) = world();
    let mut writer = visit(&engine, "writer", &["Wall"]);
    writer.call("wall", "fill", json!(500));
    let client = visit(&engine, "ana", &["Wall"]);
    let another = client.another(&engine);
    client.lose();
    for line in ["one", "two"] {
        writer.call("wall", "write", json!(line));
    }
    writer.types();
    let mut client = another;
    client.send(client.hello(0));
    let mounted = arrived(&mut client).remove(1);
    assert_eq!(mounted["ops"], json!([["+", ["lines"], "one", "two"]]));
    let event =
        |line: &str, version| json!({"event": "WRITTEN", "payload": {"line": line}, "version": version});
    assert_eq!(mounted["events"], json!([event("one", 2), event("two", 3)]));
    assert_eq!(client.state("wall"), writer.state("wall"));
    // What was told is not told again, what comes is.
    writer.call("wall", "write", json!("three"));
    assert_eq!(types(&arrived(&mut client)), ["STATE_DELTA", "EVENT"]);
    let mut client = client.resume(&engine, 0);
    assert_eq!(arrived(&mut client)[1]["events"], Value::Null);
}

#[tokio::test]
async fn a_history_that_does_not_reach_back_is_a_snapshot_that_skips_its_events() {
    let (engine, _gates) = world();
    let mut writer = visit(&engine, "writer", &["Wall"]);
    for (action, payload) in [("fill", json!(20_000)), ("shout", json!(200_000))] {
        let client = visit(&engine, "ana", &["Wall"]);
        let another = client.another(&engine);
        client.lose();
        for _ in 0..30 {
            let n = writer.call("wall", action, payload.clone());
            assert_eq!(writer.answer(n).await["type"], "REPLY");
            writer.send(json!({"type": "ACK", "messages": 1, "received": n}));
        }
        let mut client = another;
        client.send(client.hello(0));
        let mounted = arrived(&mut client).remove(1);
        assert!(mounted["state"].is_object() && mounted["events"].is_null(), "{action}");
        assert!(client.is_quiet());
        assert_eq!(client.state("wall"), writer.state("wall"));
        writer.call("wall", "write", json!("x"));
        assert_eq!(types(&arrived(&mut client)), ["STATE_DELTA", "EVENT"], "and it goes on from there");
    }
}

#[tokio::test]
async fn another_history_or_none_or_a_future_is_a_snapshot() {
    let (engine, _gates) = world();
    let client = visit(&engine, "ana", &["Wall"]);
    let mut hello = client.hello(0);
    let epoch = client.epochs["wall"].clone();
    let mut before = client;
    for held in [
        json!({"componentId": "wall", "epoch": "another", "version": 0}),
        json!({"componentId": "wall", "epoch": epoch, "version": 99}),
        json!({"componentId": "wall", "epoch": epoch}),
        json!({"componentId": "wall"}),
    ] {
        let mut client = before.another(&engine);
        before.lose();
        hello["secret"] = client.welcome["secret"].clone();
        hello["components"] = json!([held]);
        client.send(hello.clone());
        let messages = arrived(&mut client);
        assert_eq!(messages[1]["state"], json!({"lines": []}), "{held}");
        before = client;
    }
}

#[tokio::test]
async fn components_are_answered_in_their_order_and_those_that_are_not_listed_are_unmounted() {
    let (engine, _gates) = world();
    let mut client = visit(&engine, "ana", &["Wall", "Counter"]);
    client.mount("more", "Counter", props("m"));
    client.types();
    let mut again = client.another(&engine);
    client.lose();
    let mut hello = again.hello(0);
    hello["components"] = json!([{"componentId": "more"}, {"componentId": "nothing"}, {"componentId": "wall"}, {"componentId": "wall"}]);
    again.send(hello);
    let messages = arrived(&mut again);
    assert_eq!(
        types(&messages),
        ["WELCOME", "COMPONENT_MOUNTED", "COMPONENT_UNMOUNTED", "COMPONENT_MOUNTED"]
    );
    assert_eq!(messages[1]["componentId"], "more");
    assert_eq!((&messages[2]["componentId"], &messages[2]["reason"]), (&json!("nothing"), &json!("gone")));
    let n = again.call("counter", "increment", Value::Null);
    assert_eq!(again.answer(n).await["code"], "gone");
    let n = again.call("more", "increment", Value::Null);
    assert_eq!(again.answer(n).await["payload"]["result"], 1);
}

#[tokio::test]
async fn an_answer_that_was_lost_comes_with_welcome_and_nothing_runs_twice() {
    let (engine, _gates) = world();
    let mut client = visit(&engine, "ana", &["Counter"]);
    let mut again = client.another(&engine);
    for _ in 0..3 {
        client.call("counter", "increment", Value::Null);
    }
    // Executed, and nothing of it is read.
    client.lose();
    again.send(again.hello(0));
    let messages = arrived(&mut again);
    let replies = messages[0]["replies"].as_array().unwrap();
    assert_eq!(messages[0]["executed"], 3);
    assert_eq!(
        replies.iter().map(|it| it["payload"]["result"].as_i64().unwrap()).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(replies[2]["at"], json!({"counter": 3}));
    assert_eq!(again.state("counter")["count"], 3);
    // A client that sends them again all the same is answered, and they do not run.
    for request in 1..=4 {
        again.send(json!({"type": "COMPONENT_ACTION", "componentId": "counter", "action": "increment", "requestId": request}));
    }
    let results: Vec<_> = arrived(&mut again).into_iter().filter(|it| it["type"] == "REPLY").collect();
    let results: Vec<_> = results.iter().map(|it| it["payload"]["result"].as_i64().unwrap()).collect();
    assert_eq!(results, [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_request_that_still_runs_is_attached_to() {
    let (engine, gates) = world();
    let mut client = visit(&engine, "ana", &["Counter"]);
    client.call("counter", "increment", json!(3));
    client.types();
    client.call("counter", "doubleLater", Value::Null);
    let mut client = client.resume(&engine, 1);
    let messages = arrived(&mut client);
    assert_eq!((&messages[0]["executed"], &messages[0]["replies"]), (&json!(1), &json!([])));
    client.send(json!({"type": "COMPONENT_ACTION", "componentId": "counter", "action": "doubleLater", "requestId": 2}));
    client.send(
        json!({"type": "COMPONENT_ACTION", "componentId": "counter", "action": "increment", "requestId": 3}),
    );
    assert!(client.is_quiet());
    gates.actions.open(1);
    assert_eq!(client.answer(3).await["payload"]["result"], 7);
    assert_eq!(client.state("counter")["count"], 7);
    let batches: Vec<&String> =
        client.frames.iter().filter(|frame| frame.contains(r#""requestId":2"#)).collect();
    assert!(
        batches.len() == 1 && batches[0].contains("STATE_DELTA"),
        "its reply comes with its state: {batches:?}"
    );
}

#[tokio::test]
async fn a_request_that_ends_while_nobody_is_there_is_answered_by_welcome() {
    let (engine, gates) = world();
    let mut client = visit(&engine, "ana", &["Counter"]);
    client.call("counter", "increment", json!(3));
    client.types();
    client.call("counter", "doubleLater", Value::Null);
    client.call("counter", "increment", Value::Null);
    let mut again = client.another(&engine);
    client.lose();
    gates.actions.open(1);
    engine.rest().await;
    again.send(again.hello(1));
    let messages = arrived(&mut again);
    assert_eq!((&messages[0]["executed"], messages[0]["replies"].as_array().unwrap().len()), (&json!(3), 2));
    assert_eq!(again.state("counter")["count"], 7);
}

#[tokio::test]
async fn a_mount_that_waits_is_answered_on_the_next_connection() {
    let (engine, gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("wait"));
    let mut again = client.another(&engine);
    client.lose();
    let mut hello = again.hello(0);
    hello["components"] = json!([{"componentId": "c1"}]);
    again.send(hello);
    assert_eq!(again.types(), ["WELCOME"]);
    gates.mounts.open(1);
    assert_eq!(again.next().await["type"], "COMPONENT_MOUNTED");
    tokio::task::yield_now().await;
    assert!(again.is_quiet(), "it is told once");
    let n = again.call("c1", "increment", Value::Null);
    assert_eq!(again.answer(n).await["payload"]["result"], 1);
}

#[tokio::test]
async fn a_newer_connection_takes_over_and_nothing_of_the_older_counts_any_more() {
    let (engine, _gates) = world();
    let mut older = visit(&engine, "ana", &["Counter"]);
    let mut newer = older.another(&engine);
    newer.send(newer.hello(0));
    assert_eq!(newer.types(), ["WELCOME", "COMPONENT_MOUNTED"]);
    // What was still buffered from the older one.
    older.call("counter", "increment", Value::Null);
    older.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "counter"}));
    older.send(json!({"type": "PING", "at": 1}));
    assert_eq!(older.pump(), Some(CloseCode::Replaced));
    assert!(older.is_quiet());
    // Its end is not the session's.
    drop(older);
    let n = newer.call("counter", "increment", Value::Null);
    assert_eq!(newer.answer(n).await["payload"]["result"], 1);
    assert_eq!(n, 1, "the number was not used up");
}

#[tokio::test]
async fn a_late_hello_of_an_older_connection_changes_nothing() {
    let (engine, _gates) = world();
    let mut client = visit(&engine, "ana", &["Counter"]);
    let mut late = client.another(&engine);
    let mut newer = client.another(&engine);
    newer.send(newer.hello(0));
    newer.types();
    late.send(late.hello(0));
    assert_eq!(late.pump(), Some(CloseCode::Replaced));
    assert!(late.is_quiet(), "no `WELCOME`");
    drop(late);
    assert_eq!(client.pump(), Some(CloseCode::Replaced));
    let n = newer.call("counter", "increment", Value::Null);
    assert_eq!(newer.answer(n).await["payload"]["result"], 1);
}

#[tokio::test]
async fn a_welcome_that_is_lost_does_not_lose_the_session_and_a_used_secret_is_worth_nothing() {
    let (engine, _gates) = world();
    let client = visit(&engine, "ana", &["Counter"]);
    let first = client.another(&engine);
    client.lose();
    for _ in 0..3 {
        // `WELCOME` does not arrive.
        let mut lost = first.another(&engine);
        lost.send(lost.hello(0));
        lost.lose();
    }
    // It arrives, and the connection is cut before the client has said anything.
    let mut second = first.another(&engine);
    second.send(second.hello(0));
    assert_eq!(arrived(&mut second)[0]["resumed"], true);
    let mut third = second.resume(&engine, 0);
    assert_eq!(arrived(&mut third)[0]["resumed"], true);
    third.send(json!({"type": "ACK", "messages": 1}));
    let mut thief = first.another(&engine);
    thief.send(thief.hello(0));
    let messages = arrived(&mut thief);
    assert_eq!((types(&messages), &messages[0]["resumed"]), (vec!["WELCOME"], &json!(false)));
    assert_ne!(messages[0]["session"], first.welcome["session"]);
    let n = third.call("counter", "increment", Value::Null);
    assert_eq!(third.answer(n).await["payload"]["result"], 1, "nor did it cost anybody the session");
}

#[tokio::test]
async fn a_page_that_was_loaded_again_is_the_same_visitor_in_a_new_session() {
    let (engine, _gates) = world();
    let mut tab = visit(&engine, "ana", &["Counter"]);
    for _ in 0..2 {
        let mut page = tab.another(&engine);
        let mut hello = page.hello(0);
        hello["anew"] = json!(true);
        page.send(hello);
        let messages = arrived(&mut page);
        assert_eq!((types(&messages), &messages[0]["resumed"]), (vec!["WELCOME"], &json!(false)));
        assert_ne!(messages[0]["session"], tab.welcome["session"]);
    }
    let n = tab.call("counter", "increment", Value::Null);
    assert_eq!(tab.answer(n).await["payload"]["result"], 1, "the tab it was cloned from goes on");
    let mut tab = tab.resume(&engine, 1);
    assert_eq!(arrived(&mut tab)[0]["resumed"], true, "and its secret was not used up");
}

#[tokio::test]
async fn a_session_is_resumed_by_its_visitor_alone() {
    let (engine, _gates) = world();
    let people = [Visitor::named("ana"), Visitor::named("bob"), Visitor::anonymous("ana")];
    for owner in &people {
        for other in &people {
            let mut client = Client::whom(&engine, owner.clone());
            client.send(json!({"type": "HELLO", "protocol": 1}));
            client.types();
            let mut again = Client::whom(&engine, other.clone());
            again.welcome = client.welcome.clone();
            client.lose();
            again.send(again.hello(0));
            let resumed = arrived(&mut again)[0]["resumed"] == true;
            assert_eq!(resumed, owner == other, "{owner:?} {other:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_waits_for_its_client_for_two_minutes() {
    let (engine, _gates) = world();
    for (seconds, resumed) in [(119, true), (122, false)] {
        let mut client = visit(&engine, "ana", &["Counter"]);
        client.call("counter", "increment", Value::Null);
        client.types();
        let mut again = client.another(&engine);
        client.lose();
        sleep(Duration::from_secs(seconds)).await;
        again.send(again.hello(1));
        let messages = arrived(&mut again);
        assert_eq!(messages[0]["resumed"], resumed, "after {seconds} s");
        assert_eq!(messages.len(), if resumed { 2 } else { 1 });
    }
}

/// Loses sessions of these visitors with a private counter each, and tells which of them can be resumed.
fn who_is_kept(limits: Limits, visitors: &[&str]) -> Vec<bool> {
    let (engine, _gates) = world_of(limits);
    let lost: Vec<Client> = (visitors.iter())
        .map(|visitor| {
            let mut client = visit(&engine, visitor, &["Counter"]);
            client.set("counter", "title", json!("x".repeat(1_000)));
            client.call("counter", "say", json!(10_000));
            let again = client.another(&engine);
            client.lose();
            again
        })
        .collect();
    let mut resumed = |mut client: Client| {
        client.send(client.hello(0));
        arrived(&mut client)[0]["resumed"] == true
    };
    lost.into_iter().map(&mut resumed).collect()
}

#[tokio::test]
async fn lost_sessions_are_bounded_in_number_in_bytes_and_for_each_visitor() {
    let limits = Limits { lost_sessions: 2, ..Limits::default() };
    assert_eq!(who_is_kept(limits, &["a", "b", "c"]), [false, true, true]);
    // An answer of 10 000 bytes and a title of 1 000, twice: as a change and in the state.
    let limits = Limits { lost_bytes: 25_000, ..Limits::default() };
    assert_eq!(who_is_kept(limits, &["a", "b", "c"]), [false, true, true]);
    let limits = Limits { lost_per_visitor: 2, ..Limits::default() };
    assert_eq!(who_is_kept(limits, &["a", "a", "b", "a"]), [false, true, true, true]);
}

#[tokio::test]
async fn who_left_the_page_goes_on_with_what_is_private() {
    let (engine, _gates) = world();
    let mut client = visit(&engine, "ana", &["Counter", "Wall"]);
    client.call("counter", "increment", Value::Null);
    client.types();
    let mut again = client.another(&engine);
    client.part();
    again.send(again.hello(1));
    let messages = arrived(&mut again);
    assert_eq!(messages[0]["resumed"], true);
    assert_eq!(messages[1]["ops"], json!([]), "the counter is as it was");
}
