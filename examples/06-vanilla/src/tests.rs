//! The list, driven as a page would.
use crate::Shopping;
use fluxstack_live::Live;
use fluxstack_live_test::Page;
use serde_json::json;

#[tokio::test]
async fn what_the_fields_say_goes_on_the_list_and_the_same_again_adds_up() {
    let live = Live::builder().component::<Shopping>().build().unwrap();
    let page = Page::open::<Shopping>(&live, json!({})).await.unwrap();
    assert_eq!(page.call("add", ()).await.unwrap_err().fields["what"], "say what you need");
    page.set("what", " tea ").await.unwrap();
    assert_eq!(page.set("amount", 100).await.unwrap_err().fields["amount"], "from 1 to 99");
    page.set("amount", 2).await.unwrap();
    page.call("add", ()).await.unwrap();
    page.set("what", "tea").await.unwrap();
    page.call("add", ()).await.unwrap();
    assert_eq!(*page.state(), json!({"what": "", "amount": 1, "list": [{"what": "tea", "amount": 3}]}));
    page.call("remove", "tea").await.unwrap();
    assert_eq!(page.state()["list"], json!([]));
    page.close().await;
}
