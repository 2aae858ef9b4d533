//! The counter, driven as a page would.
use crate::Counter;
use fluxstack_live::Live;
use fluxstack_live_test::Page;
use serde_json::json;

#[tokio::test]
async fn it_counts_and_never_below_zero() {
    let live = Live::builder().component::<Counter>().build().unwrap();
    let page = Page::open::<Counter>(&live, json!({ "count": 2, "title": "Cups" })).await.unwrap();
    page.call("increment", 3).await.unwrap();
    assert_eq!(*page.state(), json!({ "count": 5, "title": "Cups" }));
    page.call("decrement", 9).await.unwrap();
    assert_eq!(page.state()["count"], 0);
    page.close().await;
}
