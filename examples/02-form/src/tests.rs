//! The form, driven as a page would.
use crate::Form;
use fluxstack_live::Live;
use fluxstack_live_test::{ErrorCode, Page};
use serde_json::json;

#[tokio::test]
async fn a_field_is_checked_when_it_is_set_and_all_are_when_it_is_submitted() {
    let live = Live::builder().component::<Form>().build().unwrap();
    let page = Page::open::<Form>(&live, json!({ "name": "", "email": "", "errors": {} })).await.unwrap();
    page.set("name", "A").await.unwrap();
    assert_eq!(page.state()["errors"]["name"], "a name has 2 to 80 letters");
    page.set("name", "Ana").await.unwrap();
    assert!(page.state()["errors"]["name"].is_null());

    let error = page.call("submit", ()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert_eq!(error.fields.keys().collect::<Vec<_>>(), ["email"]);

    page.set("email", "ana@example.org").await.unwrap();
    assert_eq!(page.call("submit", ()).await.unwrap(), "Welcome, Ana!");
    page.close().await;
}
