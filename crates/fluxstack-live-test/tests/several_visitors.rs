//! A shared component and those who look at it.
mod support;

use fluxstack_live::{Live, Visitor};
use fluxstack_live_test::{Encoding, ErrorCode, Page, Tab};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use support::{Basket, Board, board, world};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

#[tokio::test]
async fn what_one_does_the_other_sees_at_once() {
    let live = world().live;
    let (ana, bob) = (board(&live, "ana").await, board(&live, "bob").await);
    ana.call("write", "hello").await.unwrap();
    assert_eq!(*bob.state(), json!({ "lines": ["hello"], "by": "ana" }));
    bob.call("write", "hi").await.unwrap();
    assert_eq!(ana.state()["lines"], json!(["hello", "hi"]));
    ana.close().await;
    bob.close().await;
}

#[tokio::test]
async fn an_error_is_told_to_its_caller_only() {
    let live = world().live;
    let (ana, bob) = (board(&live, "ana").await, board(&live, "bob").await);
    let before = bob.state();
    assert_eq!(ana.call("write", "").await.unwrap_err().data_as::<String>(), "say something");
    bob.settle().await;
    assert_eq!((ana.state(), bob.state()), (before.clone(), before));
}

#[tokio::test]
async fn a_mount_may_be_refused_to_one_and_not_to_another() {
    let live = world().live;
    let open = async |visitor| {
        Page::open_as::<Board>(&live, Visitor::anonymous(visitor), json!({ "room": "private" })).await
    };
    open("ana").await.unwrap();
    assert_eq!(open("bob").await.unwrap_err().code, ErrorCode::UnknownComponent);
}

#[tokio::test]
async fn each_page_is_another_visitor_unless_it_says_who() {
    let live = world().live;
    let (one, other) = (room(&live).await, room(&live).await);
    one.call("write", "x").await.unwrap();
    let by = one.state()["by"].clone();
    other.call("write", "y").await.unwrap();
    assert_ne!(one.state()["by"], by);
}

#[tokio::test]
async fn an_action_that_waits_is_seen_once_it_is_done() {
    let world = world();
    let (ana, bob) = (board(&world.live, "ana").await, board(&world.live, "bob").await);
    let opened = async {
        assert_eq!(bob.state()["lines"], json!([]), "ana's action has the board's only turn");
        world.gate.0.add_permits(1);
    };
    let late = ana.call("writeLater", "late");
    let (late, second, ()) = tokio::join!(late, bob.call("write", "second"), opened);
    late.and(second).unwrap();
    assert_eq!(bob.state()["lines"], json!(["late", "second"]));
}

#[tokio::test(start_paused = true)]
async fn settle_waits_for_what_others_have_asked() {
    let world = world();
    let (ana, bob) = (board(&world.live, "ana").await, board(&world.live, "bob").await);
    tokio::spawn(async move { ana.call("writeLater", "late").await.unwrap() });
    tokio::spawn(async move {
        sleep(Duration::from_secs(3)).await;
        world.gate.0.add_permits(1);
    });
    bob.settle().await;
    assert_eq!(bob.state()["lines"], json!(["late"]));
}

#[tokio::test]
async fn settle_waits_for_the_servers_own_code() {
    let live = world().live;
    let page = board(&live, "ana").await;
    tokio::spawn(async move {
        tokio::spawn(async move {
            live.store::<Board>("lobby").update(|board, _| board.add("from outside")).await.unwrap();
        });
    });
    page.settle().await;
    assert_eq!(page.state()["lines"], json!(["from outside"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn until_waits_for_what_another_thread_does() {
    let live = world().live;
    let (ana, bob) = (board(&live, "ana").await, board(&live, "bob").await);
    let writes = tokio::spawn(async move {
        for n in 0..200 {
            ana.call("write", n.to_string()).await.unwrap();
        }
        ana
    });
    let state = bob.until(|state| state["lines"].as_array().unwrap().len() == 200).await;
    assert_eq!(state["lines"][199], "199");
    bob.close().await;
    writes.await.unwrap().close().await;
}

#[tokio::test]
async fn calls_beyond_what_may_be_under_way_wait_in_the_page() {
    let world = world();
    let ana = Arc::new(board(&world.live, "ana").await);
    let mut calls = JoinSet::new();
    for n in 0..40 {
        let ana = ana.clone();
        calls.spawn(async move { ana.call("writeLater", n.to_string()).await.unwrap() });
    }
    tokio::task::yield_now().await;
    world.gate.0.add_permits(40);
    calls.join_all().await;
    let lines: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    assert_eq!(ana.state()["lines"], json!(lines));
}

#[tokio::test(start_paused = true)]
async fn two_pages_of_one_tab_wait_side_by_side() {
    let world = world();
    let tab = Tab::open(&world.live);
    let board = tab.mount::<Board>(json!({ "room": "lobby" })).await.unwrap();
    let basket = Arc::new(tab.mount::<Basket>(json!({ "apples": 1 })).await.unwrap());
    let looking = basket.clone();
    let grown = tokio::spawn(async move { looking.until(|state| state["apples"] == 2).await });
    tokio::task::yield_now().await;
    let late = tokio::spawn(async move { board.call("writeLater", "late").await });
    tokio::task::yield_now().await;
    world.gate.0.add_permits(1);
    // Whoever takes what has arrived, it reaches the page that waits for it.
    timeout(Duration::from_secs(1), late).await.unwrap().unwrap().unwrap();
    basket.call("add", 1).await.unwrap();
    assert_eq!(grown.await.unwrap()["apples"], 2);
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "waited in vain for 60s at crates/fluxstack-live-test/tests/several_visitors.rs")]
async fn waiting_in_vain_fails_the_test_and_says_where() {
    let page = board(&world().live, "ana").await.with_patience(Duration::from_secs(60));
    page.until(|state| state["lines"] == json!(["never"])).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`Board` at version 0: {\"by\":\"\",\"lines\":[]}")]
async fn a_component_that_does_not_come_to_rest_fails_the_test() {
    let live = world().live;
    let (ana, bob) = (board(&live, "ana").await, board(&live, "bob").await);
    tokio::spawn(async move { ana.call("writeLater", "held back").await });
    tokio::task::yield_now().await;
    bob.settle().await;
}

async fn room(live: &Live) -> Page {
    Page::open::<Board>(live, json!({ "room": "lobby" })).await.unwrap()
}

#[tokio::test]
async fn pages_of_every_encoding_show_the_same() {
    let live = world().live;
    let mut pages = Vec::new();
    for encoding in [Encoding::Json, Encoding::Compact, Encoding::CompactBySchema] {
        let tab = Tab::open_in(&live, Visitor::anonymous("ana"), encoding);
        pages.push(tab.mount::<Board>(json!({ "room": "lobby" })).await.unwrap());
    }
    for (n, page) in pages.iter().enumerate() {
        page.call("write", format!("line {n}")).await.unwrap();
        assert_eq!(page.call("write", "").await.unwrap_err().data_as::<String>(), "say something");
    }
    let shown = json!({ "lines": ["line 0", "line 1", "line 2"], "by": "ana" });
    for page in pages {
        assert_eq!(*page.state(), shown);
        page.close().await;
    }
}
