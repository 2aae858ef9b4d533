//! What a client that means harm, or is broken, can make the engine do: little, and nothing to others.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::limits::Limits;
use fluxstack_live_protocol::error::CloseCode;
use serde_json::{Value, json};
use support::{
    Client,
    counter::{gated, mounted, props},
};

#[tokio::test]
async fn more_requests_in_flight_than_agreed_are_refused_and_counted() {
    let (engine, gates) = gated(Limits { in_flight: 3, ..Limits::default() });
    for kind in [Client::full, Client::basic] {
        let mut client = kind(&engine);
        client.mount("c1", "Counter", props("t"));
        client.types();
        let running: Vec<u64> = (0..3).map(|_| client.call("c1", "doubleLater", Value::Null)).collect();
        let refused = client.call("c1", "increment", Value::Null);
        let error = client.now();
        assert_eq!((&error["code"], &error["requestId"]), (&json!("busy"), &json!(refused)));
        gates.actions.open(3);
        assert_eq!(client.answer(running[2]).await["type"], "REPLY");
        let request = client.call("c1", "increment", Value::Null);
        assert_eq!(client.answer(request).await["type"], "REPLY");
    }
}

#[tokio::test]
async fn nothing_is_done_after_the_connection_was_judged() {
    let (mut client, _) = mounted(Client::full);
    let call = |n: u64| json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": n});
    client.send(json!([call(2), call(1), {"type": "NOPE"}]));
    assert_eq!(client.pump(), Some(CloseCode::ProtocolError));
    assert_eq!(client.state("c1")["count"], 0);
    assert!(client.is_quiet());
    let (engine, _) = gated(Limits::default());
    let mut client = Client::basic(&engine);
    let payload = json!({"component": "Counter", "props": props("t")});
    client.send(json!([{"type": "HELLO", "protocol": 9}, {"type": "COMPONENT_MOUNT", "componentId": "c1", "payload": payload}]));
    assert_eq!(client.types(), ["ERROR"], "only the refusal of the version");
}

#[tokio::test]
async fn one_message_brings_no_more_answers_than_are_agreed_to_be_under_way() {
    for kind in [Client::full, Client::basic] {
        let (mut client, _) = mounted(kind);
        let say = |n: u64| json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "say", "payload": 60_000, "requestId": n});
        client.frames.clear();
        client.send((1..=300).map(say).collect());
        client.pump();
        let bytes: usize = client.frames.iter().map(String::len).sum();
        let replies = client.types().iter().filter(|kind| *kind == "REPLY").count();
        assert!(replies <= 32 && bytes < 32 * 61_000 + 300 * 300, "{replies} replies, {bytes} bytes");
        // The same number over and over brings its answer no more often than that.
        client.frames.clear();
        client.send((1..=300).map(|_| say(1)).collect());
        client.pump();
        let bytes: usize = client.frames.iter().map(String::len).sum();
        assert!(bytes < 32 * 61_000 + 300 * 300, "{bytes} bytes for a number that was answered");
    }
}

#[tokio::test]
async fn what_cannot_be_kept_for_a_client_is_not_done() {
    let (mut client, _) = mounted(Client::full);
    for _ in 0..4 {
        let request = client.call("c1", "say", json!(60_000));
        assert_eq!(client.answer(request).await["type"], "REPLY");
    }
    for _ in 0..2 {
        let request = client.call("c1", "say", json!(60_000));
        assert_eq!(client.answer(request).await["code"], "busy", "256 KiB are kept");
    }
    for (request, kind) in [(4, "REPLY"), (5, "ERROR")] {
        client.send(
            json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "say", "requestId": request}),
        );
        assert_eq!(client.types(), [kind], "what it was told once, it is told again");
    }
    // An action's own error takes room as a result does.
    let request = client.call("c1", "complain", json!(60_000));
    assert_eq!(client.answer(request).await["code"], "busy");
    client.send(json!({"type": "ACK", "messages": 1, "received": 6}));
    let request = client.call("c1", "complain", json!(60_000));
    assert_eq!(client.answer(request).await["code"], "action");
}

#[tokio::test]
async fn props_are_measured_before_they_wait() {
    let (engine, _gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("wait"));
    client.mount("c1", "Counter", props(&"x".repeat(5_000)));
    assert_eq!(client.now()["code"], "invalid");
}

#[tokio::test]
async fn what_is_crowded_is_refused_for_now() {
    let (engine, gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("wait"));
    for _ in 0..100 {
        client.send(json!({"type": "RESYNC", "componentId": "c1"}));
    }
    let refused = client.types();
    assert!(refused.len() > 30, "{} of 100 wait", 100 - refused.len());
    gates.mounts.open(1);
    assert_eq!(client.next().await["type"], "COMPONENT_MOUNTED");
}

/// Messages that are nearly right, in any order: each is answered or means nothing, the session lives, and a client that
/// behaves is served next to it.
#[test]
fn whatever_is_sent_does_not_shake_the_session() {
    use proptest::prelude::*;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _context = runtime.enter();
    let engine = gated(Limits::default()).0;
    let value = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(|n| json!(n)),
        any::<f64>().prop_map(|x| json!(x)),
        "[\\PC]{0,9}".prop_map(|text| json!(text)),
        Just(json!([1, {"a": [null]}])),
        Just(json!({"component": "Counter", "props": props("t")})),
        Just(json!({"property": "title", "value": "x"})),
        Just(json!({"property": "__proto__", "value": {}})),
    ];
    let sample = prop::sample::select(vec![
        json!({"type": "HELLO", "protocol": 1}),
        json!({"type": "COMPONENT_MOUNT", "componentId": "c1", "payload": {"component": "Counter", "props": props("t")}}),
        json!({"type": "COMPONENT_UNMOUNT", "componentId": "c1"}),
        json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "payload": 1, "requestId": 1}),
        json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment"}),
        json!({"type": "PROPERTY_UPDATE", "componentId": "c1", "payload": {"property": "title", "value": "x"}, "requestId": 2}),
        json!({"type": "ACK", "messages": 1, "received": 1}),
        json!({"type": "RESYNC", "componentId": "c1"}),
        json!({"type": "PING", "at": 1}),
    ]);
    let field = prop::sample::select(vec![
        "type",
        "componentId",
        "payload",
        "action",
        "requestId",
        "received",
        "at",
        "x",
    ]);
    let message = (sample, prop::option::weighted(0.4, (field, value))).prop_map(|(mut message, change)| {
        if let Some((field, value)) = change {
            message[field] = value;
        }
        message
    });
    let mounted = std::cell::Cell::new(0);
    proptest!(|(messages in prop::collection::vec(message.clone(), 1..12))| {
        let mut client = Client::basic(&engine);
        for message in messages {
            client.send(message);
        }
        client.pump();
        mounted.set(mounted.get() + client.held.len());
        let mut honest = Client::full(&engine);
        honest.mount("c1", "Counter", props("t"));
        honest.call("c1", "increment", Value::Null);
        honest.pump();
        prop_assert_eq!(&honest.state("c1")["count"], 1);
    });
    assert!(mounted.get() > 50, "{} of the sessions got as far as a mounted component", mounted.get());
}
