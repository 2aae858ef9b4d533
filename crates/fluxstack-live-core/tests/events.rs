//! Events: told once to everyone who has mounted the store, after the state they belong to, and to nobody later.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::Context,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use support::{Client, engine_of};

#[derive(LiveComponent)]
#[live(shared, events(Rung, Struck))]
struct Bell {
    #[live]
    strokes: i64,
}

#[live_type]
struct Tower {
    tower: String,
}
#[live_type]
struct Rung {
    by: String,
}
#[live_type]
struct Struck(f64);

#[live_actions]
impl Bell {
    fn key(props: &Tower) -> String {
        props.tower.clone()
    }
    fn authorize(_props: &Tower, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Tower) -> Result<Self, MountError> {
        Ok(Bell { strokes: 0 })
    }
    /// Changes the state and tells of it.
    async fn strike(&mut self, hour: f64, cx: &mut Context<Self>) {
        self.strokes += 1;
        cx.broadcast(Struck(hour));
    }
    /// Only tells.
    async fn ring(&mut self, by: String, cx: &mut Context<Self>) -> Result<(), String> {
        cx.broadcast(Rung { by: by.clone() });
        if by == "nobody" { Err("nobody is there".into()) } else { Ok(()) }
    }
    async fn ring_often(&mut self, times: u32, cx: &mut Context<Self>) {
        (0..times).for_each(|n| cx.broadcast(Rung { by: format!("{n:0>1000}") }));
    }
}

fn kinds(frame: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(frame).unwrap();
    let messages = value.as_array().cloned().unwrap_or_else(|| vec![value]);
    messages.iter().map(|message| message["type"].as_str().unwrap().to_owned()).collect()
}

fn events(client: &Client) -> Vec<Value> {
    let frames = client.frames.iter().flat_map(|frame| {
        let value: Value = serde_json::from_str(frame).unwrap();
        value.as_array().cloned().unwrap_or_else(|| vec![value])
    });
    frames.filter(|message| message["type"] == "EVENT").collect()
}

fn names(client: &Client) -> Vec<String> {
    events(client).iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
}

fn mounted(
    engine: &std::sync::Arc<fluxstack_live::engine::Engine>,
    kind: fn(&std::sync::Arc<fluxstack_live::engine::Engine>) -> Client,
) -> Client {
    let mut client = kind(engine);
    client.mount("b", "Bell", json!({"tower": "west"}));
    client.pump();
    client
}

#[tokio::test]
async fn an_event_follows_its_delta_and_comes_before_the_reply_in_one_message() {
    let engine = engine_of::<Bell>();
    let (mut caller, mut other) = (mounted(&engine, Client::full), mounted(&engine, Client::full));
    let request = caller.call("b", "strike", json!(12.0));
    caller.answer(request).await;
    assert_eq!(kinds(caller.frames.last().unwrap()), ["STATE_DELTA", "EVENT", "REPLY"]);
    other.pump();
    assert_eq!(kinds(other.frames.last().unwrap()), ["STATE_DELTA", "EVENT"]);
    let event =
        json!({"type": "EVENT", "componentId": "b", "event": "STRUCK", "payload": 12.0, "version": 1});
    assert_eq!((events(&other), events(&caller)), (vec![event.clone()], vec![event]));
}

#[tokio::test]
async fn what_only_tells_is_a_commit_without_ops_and_no_state_for_a_basic_client() {
    let engine = engine_of::<Bell>();
    let (mut full, mut basic) = (mounted(&engine, Client::full), mounted(&engine, Client::basic));
    let request = full.call("b", "ring", json!("ana"));
    let reply = full.answer(request).await;
    assert_eq!(reply["at"]["b"], json!(1));
    assert_eq!(kinds(full.frames.last().unwrap()), ["STATE_DELTA", "EVENT", "REPLY"]);
    assert!(full.frames.last().unwrap().contains(r#""from":0,"version":1,"ops":[]"#));
    let before = basic.frames.len();
    basic.pump();
    assert_eq!(basic.frames[before..].iter().flat_map(|frame| kinds(frame)).collect::<Vec<_>>(), ["EVENT"]);
    // The next change brings the state again, and then its event.
    let request = full.call("b", "strike", json!(1.0));
    full.answer(request).await;
    let before = basic.frames.len();
    basic.pump();
    assert_eq!(
        basic.frames[before..].iter().flat_map(|frame| kinds(frame)).collect::<Vec<_>>(),
        ["STATE_UPDATE", "EVENT"]
    );
    assert_eq!(basic.state("b"), &json!({"strokes": 1}));
}

#[tokio::test]
async fn a_slow_reader_hears_of_everything_once_and_in_order() {
    let engine = engine_of::<Bell>();
    let (mut caller, mut slow) = (mounted(&engine, Client::full), mounted(&engine, Client::full));
    for (action, payload) in [("strike", json!(1.0)), ("ring", json!("ana")), ("strike", json!(2.0))] {
        let request = caller.call("b", action, payload);
        caller.answer(request).await;
    }
    slow.pump();
    assert_eq!(kinds(slow.frames.last().unwrap()), ["STATE_DELTA", "EVENT", "EVENT", "EVENT"]);
    assert_eq!(names(&slow), ["STRUCK", "RUNG", "STRUCK"]);
    slow.send(json!({"type": "RESYNC", "componentId": "b"}));
    slow.pump();
    assert_eq!(names(&slow).len(), 3, "a snapshot repeats no event");
    assert_eq!(slow.state("b"), caller.state("b"));
}

#[tokio::test]
async fn who_mounts_later_never_hears_of_it() {
    let engine = engine_of::<Bell>();
    let mut caller = mounted(&engine, Client::full);
    let request = caller.call("b", "ring", json!("ana"));
    caller.answer(request).await;
    let (late, basic) = (mounted(&engine, Client::full), mounted(&engine, Client::basic));
    assert_eq!((names(&late).len(), names(&basic).len()), (0, 0));
    assert_eq!(late.state("b"), &json!({"strokes": 0}));
}

#[tokio::test]
async fn an_action_that_fails_tells_nothing() {
    let engine = engine_of::<Bell>();
    let (mut caller, mut other) = (mounted(&engine, Client::full), mounted(&engine, Client::full));
    let request = caller.call("b", "ring", json!("nobody"));
    assert_eq!(caller.answer(request).await["code"], "action");
    let request = caller.call("b", "ring", json!("ana"));
    caller.answer(request).await;
    other.pump();
    assert_eq!(events(&other).iter().map(|event| &event["payload"]["by"]).collect::<Vec<_>>(), ["ana"]);
}

#[tokio::test]
async fn an_event_no_browser_could_hold_undoes_its_action() {
    let engine = engine_of::<Bell>();
    let mut client = mounted(&engine, Client::full);
    engine.store::<Bell>("west").update(|_, cx| cx.broadcast(Struck(f64::NAN))).await.unwrap_err();
    client.pump();
    assert_eq!((client.state("b"), names(&client).len()), (&json!({"strokes": 0}), 0));
}

#[tokio::test]
async fn events_count_towards_the_size_of_a_commit() {
    let engine = engine_of::<Bell>();
    let mut client = mounted(&engine, Client::full);
    let request = client.call("b", "ringOften", json!(300));
    assert_eq!(client.answer(request).await["code"], "too_large");
    let request = client.call("b", "ringOften", json!(200));
    assert_eq!(client.answer(request).await["type"], "REPLY");
    assert_eq!(names(&client).len(), 200, "all of a large commit are told");
}

#[tokio::test]
async fn events_are_kept_for_who_has_not_heard_them_and_only_for_these() {
    let engine = engine_of::<Bell>();
    let (mut caller, mut slow) = (mounted(&engine, Client::full), mounted(&engine, Client::full));
    for _ in 0..10 {
        let request = caller.call("b", "ringOften", json!(50));
        caller.answer(request).await;
    }
    slow.pump();
    assert_eq!(names(&slow).len(), 500, "500 events of 1 KB were kept for the one who was slow");
    for _ in 0..40 {
        let request = caller.call("b", "ringOften", json!(50));
        caller.answer(request).await;
    }
    slow.pump();
    let heard = names(&slow).len() - 500;
    assert!((900..1_060).contains(&heard), "no more than 1 MiB is kept for anyone: {heard} events of 1 KB");
}

#[tokio::test]
async fn other_code_of_the_server_tells_events_as_well() {
    let engine = engine_of::<Bell>();
    let mut client = mounted(&engine, Client::full);
    engine.store::<Bell>("west").update(|_, cx| cx.broadcast(Rung { by: "a timer".into() })).await.unwrap();
    client.pump();
    assert_eq!(names(&client), ["RUNG"]);
}

#[tokio::test]
async fn a_basic_client_that_has_not_read_its_mount_yet_is_told_its_state_once() {
    let engine = engine_of::<Bell>();
    let (mut caller, mut basic) = (mounted(&engine, Client::full), Client::basic(&engine));
    basic.mount("b", "Bell", json!({"tower": "west"}));
    let request = caller.call("b", "ring", json!("ana"));
    caller.answer(request).await;
    basic.pump();
    let told: Vec<String> = basic.frames.iter().flat_map(|frame| kinds(frame)).collect();
    assert_eq!(told, ["COMPONENT_MOUNTED", "EVENT"]);
}
