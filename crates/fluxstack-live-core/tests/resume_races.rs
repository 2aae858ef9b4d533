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

#[tokio::test]
async fn a_running_request_of_a_component_that_was_given_up_meanwhile_is_answered() {
    let (engine, gates) = world();
    let mut client = visit(&engine, "ana");
    client.call("counter", "doubleLater", Value::Null);
    let mut again = client.another(&engine);
    client.lose();
    again.held.clear();
    again.send(again.hello(0));
    again.send(json!({"type": "COMPONENT_ACTION", "componentId": "counter", "action": "doubleLater", "requestId": 1}));
    gates.actions.open(1);
    assert!(soon(again.answer(1)).await.is_some(), "the request is never answered");
}

#[tokio::test]
async fn a_running_request_of_a_component_that_is_being_unmounted_is_answered() {
    let (engine, gates) = world();
    let mut client = visit(&engine, "ana");
    client.call("counter", "doubleLater", Value::Null);
    client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "counter"}));
    client.held.clear();
    let mut again = client.resume(&engine, 0);
    again.send(json!({"type": "COMPONENT_ACTION", "componentId": "counter", "action": "doubleLater", "requestId": 1}));
    gates.actions.open(1);
    assert!(soon(again.answer(1)).await.is_some(), "the request is never answered");
}

#[tokio::test]
async fn a_running_request_behind_which_the_component_is_mounted_anew_is_answered() {
    let (engine, gates) = world();
    let mut client = visit(&engine, "ana");
    client.call("counter", "doubleLater", Value::Null);
    client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "counter"}));
    client.mount("counter", "Counter", props("new"));
    let mut again = client.another(&engine);
    client.lose();
    let mut hello = again.hello(0);
    hello["components"] = json!([{"componentId": "counter"}]);
    again.send(hello);
    again.send(json!({"type": "COMPONENT_ACTION", "componentId": "counter", "action": "doubleLater", "requestId": 1}));
    gates.actions.open(1);
    assert!(soon(again.answer(1)).await.is_some(), "the request is never answered");
}

#[tokio::test]
async fn an_answer_does_not_wait_for_a_mount_that_has_nothing_to_do_with_it() {
    let (engine, gates) = world();
    let mut client = visit(&engine, "ana");
    client.call("counter", "doubleLater", Value::Null);
    client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "counter"}));
    client.mount("counter", "Counter", props("wait"));
    let mut again = client.another(&engine);
    client.lose();
    let mut hello = again.hello(0);
    hello["components"] = json!([{"componentId": "counter"}]);
    again.send(hello);
    again.send(json!({"type": "COMPONENT_ACTION", "componentId": "counter", "action": "doubleLater", "requestId": 1}));
    gates.actions.open(1);
    assert!(soon(again.answer(1)).await.is_some(), "it waits for a mount that has nothing to do with it");
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
        let mut again = client.another(&engine);
        client.lose();
        let mut hello = again.hello(0);
        hello["components"] = json!(vec![json!({"componentId": "c1"}); 2000]);
        assert!(hello.to_string().len() < 65536);
        again.send(hello);
        again.types();
        client = again;
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
    let mut again = client.another(&engine);
    client.lose();
    let mut hello = again.hello(0);
    hello["components"] = json!([{"componentId": "c1"}]);
    again.send(hello);
    again.types();
    gates.mounts.open(1);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(again.types(), ["ERROR"]);
}

#[tokio::test]
async fn answers_that_come_after_the_loss_are_counted_before() {
    let (engine, gates) = gated(Limits { lost_bytes: 100_000, ..Limits::default() });
    let mut kept = Vec::new();
    for visitor in 0..20 {
        let mut client = visit(&engine, &visitor.to_string());
        client.call("counter", "doubleLater", Value::Null);
        for _ in 0..3 {
            client.call("counter", "say", json!(60_000));
        }
        let again = client.another(&engine);
        client.lose();
        kept.push(again);
    }
    gates.actions.open(20);
    engine.rest().await;
    let mut bytes = 0;
    let mut n = 0;
    for mut again in kept {
        again.send(again.hello(0));
        let welcome = again.now();
        if welcome["resumed"] == true {
            n += 1;
            bytes += welcome.to_string().len();
        }
    }
    assert!(bytes <= 200_000, "{n} sessions are kept with {bytes} bytes of answers, of at most 100 000");
}
