//! One visitor with components of their own: calls, sets, state, and what is refused.
mod support;

use fluxstack_live_test::{ErrorCode, Page, Tab};
use serde_json::{Value, json};
use support::{Basket, Shown, TakeError, basket, world};

#[tokio::test]
async fn a_call_resolves_once_the_page_shows_its_effect() {
    let page = basket(1).await;
    assert_eq!(page.call("add", 2).await.unwrap(), 3);
    assert_eq!(page.state()["apples"], 3);
    assert_eq!(page.call_as::<u32>("add", 1).await.unwrap(), 4);
    assert_eq!(*page.state(), json!({ "apples": 4, "note": "" }), "what is not `#[live]` is not shown");
    assert_eq!(page.state_as::<Shown>(), Shown { apples: 4, note: String::new() });
    assert_eq!(page.call("label", json!({ "email": "a@b" })).await.unwrap(), Value::Null);
    page.close().await;
}

#[tokio::test]
async fn a_state_that_was_taken_stays_as_it_was() {
    let page = basket(1).await;
    let before = page.state();
    page.call("add", 1).await.unwrap();
    assert_eq!((&before["apples"], &page.state()["apples"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn an_error_restores_every_field_and_is_typed() {
    let page = basket(1).await;
    let before = page.state();
    let error = page.call("take", 5).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Action);
    assert_eq!(error.data_as::<TakeError>(), TakeError::TooFew { left: 1 });
    assert_eq!(error.to_string(), r#"action: the action `take` failed; data {"tooFew":{"left":1}}"#);
    assert_eq!(page.state(), before);
    assert_eq!(page.call("touched", ()).await.unwrap(), 0, "server-only fields, too");
    page.close().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_by_field() {
    let page = basket(0).await;
    let error = page.call("label", json!({ "email": "nowhere" })).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert_eq!(error.fields["email"], "not an address");
    assert!(error.to_string().ends_with(r#"fields {"email": "not an address"}"#), "{error}");
}

#[tokio::test]
async fn a_payload_that_does_not_fit_is_invalid() {
    let page = basket(0).await;
    for payload in [json!("two"), json!(-1), json!(null)] {
        assert_eq!(page.call("add", &payload).await.unwrap_err().code, ErrorCode::Invalid, "{payload}");
    }
}

#[tokio::test]
async fn a_bindable_field_is_set_and_no_other() {
    let page = basket(1).await;
    page.set("note", "ripe").await.unwrap();
    assert_eq!(page.state()["note"], "ripe");
    assert_eq!(page.set("note", 5).await.unwrap_err().code, ErrorCode::Invalid);
    for field in ["apples", "touched", "nope"] {
        assert_eq!(page.set(field, 5).await.unwrap_err().code, ErrorCode::NotBindable, "{field}");
    }
    assert_eq!(*page.state(), json!({ "apples": 1, "note": "ripe" }));
}

#[tokio::test]
async fn an_action_that_is_none_is_unknown() {
    let page = basket(1).await;
    for action in ["steal", "mount", ""] {
        assert_eq!(page.call(action, ()).await.unwrap_err().code, ErrorCode::UnknownAction, "{action}");
    }
}

#[tokio::test]
async fn an_action_that_panics_says_where_its_cause_is() {
    let page = basket(1).await;
    let error = page.call("explode", ()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Internal);
    assert!(error.to_string().contains(error.id.as_deref().unwrap()), "{error}");
    page.call("add", 1).await.unwrap();
}

#[tokio::test]
async fn a_mount_is_refused_with_its_reason() {
    let live = world().live;
    let refused = async |props: Value| Page::open::<Basket>(&live, props).await.unwrap_err();
    let unlucky = refused(json!({ "apples": 13 })).await;
    assert_eq!(
        (unlucky.code, unlucky.fields["apples"].as_str()),
        (ErrorCode::Invalid, "is an unlucky number")
    );
    assert_eq!(refused(json!({ "apples": 404 })).await.code, ErrorCode::UnknownComponent);
    assert_eq!(refused(json!({ "apples": 500 })).await.code, ErrorCode::Internal);
    assert_eq!(refused(json!({ "pears": 1 })).await.code, ErrorCode::Invalid);
    assert_eq!(refused(json!(1)).await.code, ErrorCode::Invalid);
}

#[tokio::test]
async fn what_the_server_would_not_read_is_an_error_of_the_call() {
    let page = basket(1).await;
    assert_eq!(page.call("add", "x".repeat(70_000)).await.unwrap_err().code, ErrorCode::TooLarge);
    assert_eq!(page.call("add", vec![0; 5000]).await.unwrap_err().code, ErrorCode::BadMessage);
    page.call("add", 1).await.unwrap();
}

#[tokio::test]
async fn one_tab_has_several_components() {
    let tab = Tab::open(&world().live);
    let left = tab.mount::<Basket>(json!({ "apples": 1 })).await.unwrap();
    let right = tab.mount::<Basket>(json!({ "apples": 1 })).await.unwrap();
    left.call("add", 1).await.unwrap();
    assert_eq!((&left.state()["apples"], &right.state()["apples"]), (&json!(2), &json!(1)));
    left.close().await;
    drop(tab);
    right.call("add", 5).await.unwrap();
    assert_eq!(right.state()["apples"], 6);
    right.close().await;
}

#[tokio::test]
async fn many_calls_may_be_under_way_at_once() {
    let page = basket(0).await;
    for _ in 0..150 {
        let (one, two) = tokio::join!(page.call_as::<u32>("add", 1), page.call_as::<u32>("add", 1));
        assert_eq!(one.unwrap() + 1, two.unwrap());
    }
    assert_eq!(page.state()["apples"], 300, "more than the server remembers answers of");
    page.close().await;
}

#[tokio::test]
#[should_panic(expected = "the result of `add` is no `alloc::string::String`")]
async fn a_result_of_another_type_fails_the_test() {
    let _ = basket(0).await.call_as::<String>("add", 1).await;
}

#[tokio::test]
#[should_panic(expected = "what goes to `add` cannot be sent by a browser")]
async fn a_payload_that_no_browser_can_send_fails_the_test() {
    let _ = basket(0).await.call("add", f64::NAN).await;
}
