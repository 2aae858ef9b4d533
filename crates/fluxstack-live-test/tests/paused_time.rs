//! Under paused time what takes long takes no time.
mod support;

use fluxstack_live::{Limits, Live};
use fluxstack_live_test::{ErrorCode, Page, Tab};
use serde_json::json;
use std::time::Duration;
use support::{Basket, Board, basket, board, world};
use tokio::time::{Instant, sleep, timeout};

#[tokio::test(start_paused = true)]
async fn an_action_that_sleeps_is_awaited() {
    let page = basket(1).await;
    let begun = Instant::now();
    assert_eq!(page.call("ripen", ()).await.unwrap(), 2);
    assert_eq!(begun.elapsed(), Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn an_action_beyond_its_deadline_is_undone() {
    let limits = Limits { action_deadline: Duration::from_secs(10), ..Limits::default() };
    let live = Live::builder().component::<Basket>().limits(limits).build().unwrap();
    let page = Page::open::<Basket>(&live, json!({ "apples": 1 })).await.unwrap();
    assert_eq!(page.call("ripen", ()).await.unwrap_err().code, ErrorCode::Timeout);
    assert_eq!(page.state()["apples"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_shared_store_that_nobody_has_mounted_ends_with_its_grace() {
    let live = world().live;
    let page = board(&live, "ana").await;
    page.call("write", "x").await.unwrap();
    page.close().await;
    sleep(Limits::default().shared_grace - Duration::from_secs(1)).await;
    assert_eq!(live.shared_stores(), 1);
    let page = board(&live, "ana").await;
    assert_eq!(page.state()["lines"], json!(["x"]));
    drop(page);
    sleep(Limits::default().shared_grace + Duration::from_secs(1)).await;
    assert_eq!(live.shared_stores(), 0);
    let page = Page::open::<Board>(&live, json!({ "room": "lobby" })).await.unwrap();
    assert_eq!(page.state()["lines"], json!([]));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_dropped_unmounts_though_its_tab_stays() {
    let live = world().live;
    let tab = Tab::open(&live);
    let other = tab.mount::<Basket>(json!({ "apples": 1 })).await.unwrap();
    drop(tab.mount::<Board>(json!({ "room": "lobby" })).await.unwrap());
    sleep(Limits::default().shared_grace + Duration::from_secs(1)).await;
    assert_eq!(live.shared_stores(), 0);
    other.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_call_was_given_up_goes_on() {
    let page = basket(1).await;
    let call = timeout(Duration::from_secs(1), page.call("ripen", ()));
    assert!(call.await.is_err(), "it takes 20 s");
    assert_eq!(page.call("add", 1).await.unwrap(), 3);
    page.close().await;
}
