//! One client and its messages: both kinds of client, numbers, mounts, order, and what is refused.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::limits::Limits;
use fluxstack_live_protocol::error::CloseCode;
use serde_json::{Value, json};
use std::sync::Arc;
use support::{
    Client,
    counter::{gated, mounted, props},
};

#[tokio::test]
async fn a_basic_client_gets_whole_states_each_message_alone() {
    let (mut client, _) = mounted(Client::basic);
    client.frames.clear();
    client.send(json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment"}));
    assert_eq!(client.types(), ["STATE_UPDATE"], "no `requestId`, no reply");
    client.send(
        json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": "x"}),
    );
    assert_eq!(client.types(), ["STATE_UPDATE", "REPLY"]);
    assert!(client.frames.iter().all(|frame| frame.starts_with('{')), "{:?}", client.frames);
    assert_eq!(*client.state("c1"), json!({"count": 2, "title": "t"}));
    client.send(json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "explode"}));
    let error = client.now();
    assert_eq!((&error["code"], error.get("requestId")), (&json!("unknown_action"), None));
    assert_eq!(error["payload"]["error"], "the component `Counter` has no action `explode`");
}

#[tokio::test]
async fn a_full_client_says_hello_once_and_first() {
    let (mut client, _) = mounted(Client::full);
    client.send(json!({"type": "HELLO", "protocol": 1}));
    assert_eq!(client.now()["code"], "bad_message");
    let (mut basic, _) = mounted(Client::basic);
    basic.send(json!({"type": "HELLO", "protocol": 1}));
    assert_eq!(basic.now()["code"], "bad_message");
}

#[tokio::test]
async fn another_version_of_the_protocol_is_refused() {
    let (engine, _) = gated(Limits::default());
    let mut client = Client::basic(&engine);
    client.send(json!({"type": "HELLO", "protocol": 2}));
    assert_eq!(client.pump(), Some(CloseCode::VersionMismatch));
    assert_eq!(client.now()["code"], "version_mismatch");
}

#[tokio::test]
async fn the_same_number_counts_once_and_is_answered_alike() {
    let (mut client, _) = mounted(Client::full);
    let call =
        json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": 1});
    client.send(call.clone());
    client.now();
    let first = client.now();
    client.send(call.clone());
    assert_eq!(client.now(), first);
    assert_eq!(client.state("c1")["count"], 1);
    client.send(json!({"type": "ACK", "messages": 3, "received": 1}));
    client.send(call);
    assert!(client.is_quiet(), "the client has said that it has the answer");
}

#[tokio::test]
async fn a_gap_ends_the_connection_and_so_does_a_number_too_far_ahead() {
    for (number, code) in [(2, CloseCode::ProtocolError), (300, CloseCode::PolicyViolation)] {
        let (mut client, _) = mounted(Client::full);
        client.send(json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": number}));
        assert_eq!(client.pump(), Some(code));
    }
}

#[tokio::test]
async fn a_bad_message_uses_up_the_number_it_carries_and_nothing_without_one() {
    let (mut client, _) = mounted(Client::full);
    client.send(json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": 5, "requestId": 1}));
    let error = client.now();
    assert_eq!((&error["code"], &error["requestId"]), (&json!("bad_message"), &json!(1)));
    for no_number in [Value::Null, json!("x"), json!(0), json!(-1), json!(1.5), json!(1_u64 << 53)] {
        client.send(json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": no_number}));
        assert_eq!(client.now()["code"], "bad_message", "{no_number}");
    }
    client.send(
        json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": 2}),
    );
    assert_eq!(client.types(), ["STATE_DELTA", "REPLY"]);
}

#[tokio::test]
async fn refusals_name_their_cause() {
    let (mut client, _) = mounted(Client::full);
    let code = |request: u64, client: &mut Client| {
        let error = client.now();
        assert_eq!(error["requestId"], request);
        (error["code"].as_str().unwrap().to_owned(), error["payload"]["error"].as_str().unwrap().to_owned())
    };
    let request = client.call("c1", "increment", json!("two"));
    assert_eq!(code(request, &mut client).0, "invalid");
    let request = client.call("c1", "mount", Value::Null);
    assert_eq!(code(request, &mut client).0, "unknown_action");
    let request = client.call("c1", "constructor", Value::Null);
    assert_eq!(code(request, &mut client).0, "unknown_action");
    let request = client.call("c1", "<script>", Value::Null);
    let said = code(request, &mut client);
    assert_eq!(said, ("unknown_action".into(), "the component `Counter` has no action of this name".into()));
    let request = client.set("c1", "count", json!(3));
    assert_eq!(code(request, &mut client).0, "not_bindable");
    let request = client.set("c1", "nope", json!(3));
    assert_eq!(code(request, &mut client).0, "not_bindable");
    let request = client.set("c1", "gate", json!(3));
    assert_eq!(code(request, &mut client).0, "not_bindable");
    let request = client.set("c1", "title", json!(3));
    assert_eq!(code(request, &mut client).0, "invalid");
    let request = client.call("c2", "increment", Value::Null);
    assert_eq!(code(request, &mut client).0, "gone");
    assert_eq!(*client.state("c1"), json!({"count": 0, "title": "t"}));
}

#[tokio::test]
async fn mounts_are_refused_by_name_props_and_the_component_itself() {
    let (engine, _) = gated(Limits { components_per_session: 3, ..Limits::default() });
    let mut client = Client::full(&engine);
    let mut refused = |component: &str, props: Value| {
        client.mount("c1", component, props);
        let error = client.now();
        assert_eq!((&error["type"], &error["componentId"]), (&json!("ERROR"), &json!("c1")));
        error["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused("Nope", json!({})), "unknown_component");
    assert_eq!(refused("", json!({})), "unknown_component");
    assert_eq!(refused("Counter", json!({})), "invalid");
    assert_eq!(refused("Counter", json!([0, "t"])), "invalid");
    assert_eq!(refused("Counter", json!({"count": 0, "title": "t", "more": 1})), "invalid");
    assert_eq!(refused("Counter", props(&"x".repeat(5000))), "invalid");
    assert_eq!(refused("Counter", props("denied")), "unknown_component");
    assert_eq!(refused("Counter", props("invalid")), "invalid");
    assert_eq!(refused("Counter", props("broken")), "internal");
    assert_eq!(refused("Counter", props("panics")), "internal");
    // A refused mount holds no place.
    for id in ["a", "b", "c"] {
        client.mount(id, "Counter", props("t"));
        assert_eq!(client.now()["type"], "COMPONENT_MOUNTED");
    }
    client.mount("d", "Counter", props("t"));
    assert_eq!(client.now()["code"], "too_many");
    client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "a"}));
    client.mount("d", "Counter", props("t"));
    assert_eq!(client.now()["type"], "COMPONENT_MOUNTED");
}

#[tokio::test]
async fn an_id_in_use_is_mounted_once_more_if_equal_and_a_conflict_if_not() {
    let (mut client, _) = mounted(Client::full);
    client.call("c1", "increment", Value::Null);
    client.types();
    client.mount("c1", "Counter", json!({"title": "t", "count": 0}));
    assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
    assert_eq!(client.state("c1")["count"], 1, "the old one stays");
    client.mount("c1", "Counter", props("other"));
    assert_eq!(client.now()["code"], "conflict");
    client.call("c1", "increment", Value::Null);
    assert_eq!(client.types(), ["STATE_DELTA", "REPLY"]);
}

#[tokio::test]
async fn resync_brings_a_snapshot_and_gone_if_there_is_none() {
    let (mut client, _) = mounted(Client::full);
    client.call("c1", "increment", Value::Null);
    client.types();
    client.send(json!({"type": "RESYNC", "componentId": "c1"}));
    assert_eq!(client.types(), ["STATE_UPDATE"]);
    assert_eq!((client.state("c1")["count"].clone(), client.version("c1")), (json!(1), 1));
    client.send(json!({"type": "RESYNC", "componentId": "c2"}));
    assert_eq!(client.now()["code"], "gone");
}

#[tokio::test]
async fn requests_to_one_component_keep_their_order_and_others_go_ahead() {
    let (mut client, gates) = mounted(Client::full);
    client.mount("c2", "Counter", props("t"));
    client.types();
    let first = client.call("c1", "doubleLater", Value::Null);
    let second = client.call("c1", "increment", json!(5));
    let third = client.call("c1", "doubleLater", Value::Null);
    let beside = client.call("c2", "increment", json!(1));
    assert_eq!(client.answer(beside).await["payload"]["result"], 1);
    gates.actions.open(2);
    assert_eq!(client.answer(first).await["payload"]["result"], 0);
    assert_eq!(client.answer(second).await["payload"]["result"], 5);
    assert_eq!(client.answer(third).await["payload"]["result"], 10);
}

#[tokio::test]
async fn requests_wait_for_a_mount_that_waits() {
    let (engine, gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("wait"));
    let request = client.call("c1", "increment", Value::Null);
    let other = client.call("c9", "increment", Value::Null);
    assert_eq!(client.answer(other).await["code"], "gone", "the connection goes on meanwhile");
    gates.mounts.open(1);
    assert_eq!(client.next().await["type"], "COMPONENT_MOUNTED");
    assert_eq!(client.answer(request).await["payload"]["result"], 1);
}

#[tokio::test]
async fn an_unmount_waits_for_what_came_before_and_a_mount_for_the_unmount() {
    let (mut client, gates) = mounted(Client::full);
    let running = client.call("c1", "doubleLater", Value::Null);
    client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "c1"}));
    let late = client.call("c1", "increment", Value::Null);
    assert_eq!(client.now()["code"], "gone");
    client.mount("c1", "Counter", json!({"count": 7, "title": "new"}));
    assert!(client.is_quiet());
    gates.actions.open(1);
    assert_eq!(client.answer(running).await["type"], "REPLY");
    assert_eq!(client.next().await["state"]["count"], 7);
    let request = client.call("c1", "increment", Value::Null);
    assert_eq!(client.answer(request).await["payload"]["result"], 8);
    assert_eq!(late, 2);
}

#[tokio::test]
async fn a_batch_is_handled_in_order_and_fails_message_by_message() {
    let (mut client, _) = mounted(Client::full);
    let call = |n: u64, action: &str| json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": action, "requestId": n});
    client.send(json!([call(1, "increment"), {"type": "NOPE"}, call(2, "nope"), call(3, "increment")]));
    let answers: Vec<Value> = std::iter::from_fn(|| (!client.is_quiet()).then(|| client.now())).collect();
    let failed = |code: &str| answers.iter().any(|answer| answer["code"] == code);
    assert!(failed("bad_message") && failed("unknown_action"));
    assert_eq!(client.state("c1")["count"], 2);
}

/// tokio lets a task do so much before it has to yield; a lock that says "not now" without queueing would let later
/// requests overtake.
#[tokio::test]
async fn a_long_batch_is_done_at_once_and_in_order() {
    let (engine, _) = gated(Limits { in_flight: 1_000, ..Limits::default() });
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("t"));
    client.types();
    let call = |n: u64| json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": n});
    client.send((1..=200).map(call).collect());
    let mut results = Vec::new();
    while !client.is_quiet() {
        let message = client.now();
        // Of so many commits the state is the shorter thing to say.
        if !["STATE_DELTA", "STATE_UPDATE"].contains(&message["type"].as_str().unwrap()) {
            results.push(message["payload"]["result"].clone());
        }
    }
    assert_eq!(results, (1..=200).map(|n| json!(n)).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_mount_that_fails_late_does_not_touch_the_next_one_on_its_id() {
    let (engine, gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("fail later"));
    client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "c1"}));
    client.mount("c1", "Counter", props("t"));
    gates.mounts.open(1);
    // The unmounted one's failure is nobody's business: the client would take it for the answer to its second mount.
    assert_eq!(client.next().await["type"], "COMPONENT_MOUNTED");
    let request = client.call("c1", "increment", Value::Null);
    assert_eq!(client.answer(request).await["payload"]["result"], 1);
    client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "c1"}));
    let request = client.call("c1", "increment", Value::Null);
    assert_eq!(client.answer(request).await["code"], "gone");
}

#[tokio::test]
async fn an_unmount_calls_off_a_mount_that_waits() {
    let (engine, gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", json!({"count": 1, "title": "wait"}));
    let between = client.call("c1", "increment", Value::Null);
    client.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "c1"}));
    client.mount("c1", "Counter", json!({"count": 2, "title": "t"}));
    gates.mounts.open(1);
    assert_eq!(client.answer(between).await["code"], "gone");
    let mounted = client.next().await;
    assert_eq!((&mounted["type"], &mounted["state"]["count"]), (&json!("COMPONENT_MOUNTED"), &json!(2)));
    assert!(client.is_quiet());
}

#[tokio::test]
async fn each_mount_and_resync_behind_a_failing_mount_is_answered() {
    let (engine, gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("fail later"));
    client.mount("c1", "Counter", props("fail later"));
    client.send(json!({"type": "RESYNC", "componentId": "c1"}));
    gates.mounts.open(2);
    let codes =
        [client.next().await, client.next().await, client.next().await].map(|answer| answer["code"].clone());
    assert_eq!(codes, ["internal", "internal", "gone"]);
    client.mount("c1", "Counter", props("t"));
    assert_eq!(client.next().await["type"], "COMPONENT_MOUNTED");
}

#[tokio::test(start_paused = true)]
async fn a_mount_that_never_ends_ends_at_its_deadline() {
    let (engine, _gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("wait"));
    let error = client.next().await;
    assert_eq!((&error["code"], &error["componentId"]), (&json!("timeout"), &json!("c1")));
}

#[tokio::test]
async fn an_answer_is_not_lost_to_an_unmount() {
    let (mut client, _) = mounted(Client::full);
    let call =
        json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": 1});
    client.send(json!([call, {"type": "COMPONENT_UNMOUNT", "componentId": "c1"}]));
    client.held.clear();
    assert_eq!(client.types(), ["REPLY"]);
}

#[tokio::test]
async fn a_session_that_ends_while_it_waits_leaves_nothing_behind() {
    let (engine, gates) = gated(Limits::default());
    let mut client = Client::full(&engine);
    client.mount("c1", "Counter", props("wait"));
    client.mount("c2", "Counter", props("t"));
    client.call("c2", "doubleLater", Value::Null);
    let watched = Arc::downgrade(&gates.actions.0);
    drop((client, engine));
    gates.mounts.open(1);
    gates.actions.open(1);
    drop(gates);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(watched.strong_count(), 0, "components and engine are gone");
}
