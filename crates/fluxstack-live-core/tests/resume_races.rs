//! A session that goes on while something of it still runs, and what may come in between.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{engine::Engine, limits::Limits};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use support::{
    Client,
    counter::{Gates, gated, props},
};
use tokio::time::timeout;

fn world() -> (Arc<Engine>, Gates) {
    gated(Limits::default())
}
fn visit(engine: &Arc<Engine>, visitor: &str) -> Client {
    let mut client = Client::of(engine, visitor);
    client.send(json!({"type": "HELLO", "protocol": 1}));
    client.mount("counter", "Counter", props("t"));
    client.types();
    client
}
async fn soon<T>(what: impl Future<Output = T>) -> Option<T> {
    timeout(Duration::from_secs(3), what).await.ok()
}

/// Loses its connection and goes on through another, where it asks for these components.
fn resume(engine: &Arc<Engine>, client: Client, ids: &[&str]) -> Client {
    let mut again = client.another(engine);
    client.lose();
    let mut hello = again.hello(0);
    hello["components"] = ids.iter().map(|id| json!({"componentId": id})).collect();
    again.send(hello);
    again
}
/// The request that was running when the connection was lost, sent again, is done once and answered.
async fn is_answered(mut client: Client, gates: &Gates) {
    client.send(json!({"type": "COMPONENT_ACTION", "componentId": "counter", "action": "doubleLater", "requestId": 1}));
    gates.actions.open(1);
    let answer = soon(client.answer(1)).await.expect("it is answered");
    assert_eq!((&answer["type"], &answer["payload"]["result"]), (&json!("REPLY"), &json!(0)));
}

#[tokio::test]
async fn a_running_request_of_a_component_that_was_given_up_meanwhile_is_answered() {
    let (engine, gates) = world();
    let mut client = visit(&engine, "ana");
    client.call("counter", "doubleLater", Value::Null);
    is_answered(resume(&engine, client, &[]), &gates).await;
}

#[tokio::test]
async fn a_running_request_of_a_component_that_is_being_unmounted_is_answered() {
    let (engine, gates) = world();
    let mut client = visit(&engine, "ana");
    client.call("counter", "doubleLater", Value::Null);
    client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "counter"}));
    is_answered(resume(&engine, client, &[]), &gates).await;
}

#[tokio::test]
async fn a_running_request_does_not_wait_for_a_mount_behind_it_however_long_that_takes() {
    for title in ["new", "wait"] {
        let (engine, gates) = world();
        let mut client = visit(&engine, "ana");
        client.call("counter", "doubleLater", Value::Null);
        client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "counter"}));
        client.mount("counter", "Counter", props(title));
        is_answered(resume(&engine, client, &["counter"]), &gates).await;
    }
}

#[tokio::test]
async fn a_page_that_is_loaded_again_and_again_does_not_use_up_its_visitors_quota() {
    let (engine, _gates) = world();
    let mut page = Client::full(&engine);
    for load in 1..=12 {
        for n in 0..30 {
            page.mount(&format!("c{n}"), "Counter", props("t"));
        }
        let refused = page.types().iter().filter(|it| *it == "ERROR").count();
        assert_eq!(refused, 0, "load {load}");
        let mut next = page.another(&engine);
        page.part();
        let mut hello = next.hello(0);
        hello["anew"] = json!(true);
        next.send(hello);
        next.types();
        page = next;
        page.held.clear();
    }
}

#[tokio::test]
async fn a_component_that_is_listed_a_thousand_times_is_work_once() {
    let (engine, gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("wait"));
    let before = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    for _ in 0..20 {
        client = resume(&engine, client, &["c1"; 2_000]);
        client.types();
    }
    let after = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    gates.mounts.open(1);
    assert!(after - before < 100, "{}", after - before);
}

#[tokio::test]
async fn a_mount_that_fails_after_a_resume_is_answered_once() {
    let (engine, gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("fail later"));
    let mut again = resume(&engine, client, &["c1"]);
    again.types();
    gates.mounts.open(1);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(again.types(), ["ERROR"]);
}

#[tokio::test]
async fn answers_that_come_after_the_loss_are_counted_before() {
    // Each may be given 256 KiB of answers: there is room for two, whatever they will have.
    let (engine, gates) = gated(Limits { lost_bytes: 600_000, ..Limits::default() });
    let mut lost = Vec::new();
    for visitor in 0..20 {
        let mut client = visit(&engine, &visitor.to_string());
        client.call("counter", "doubleLater", Value::Null);
        for _ in 0..3 {
            client.call("counter", "say", json!(60_000));
        }
        lost.push(client.another(&engine));
        client.lose();
    }
    gates.actions.open(20);
    engine.rest().await;
    let welcomes = lost.into_iter().map(|mut client| {
        client.send(client.hello(0));
        client.now()
    });
    let kept: Vec<String> =
        welcomes.filter(|welcome| welcome["resumed"] == true).map(|welcome| welcome.to_string()).collect();
    let bytes: usize = kept.iter().map(String::len).sum();
    assert!(kept.len() == 2 && (360_000..600_000).contains(&bytes), "{} sessions, {bytes} bytes", kept.len());
}
