//! What a page shows is held against the whole state.
use fluxstack_live::prelude::*;
use fluxstack_live_test::Page;
use serde_json::json;

/// Two names are equal if they are so without regard to case: a mistake, as it hides a change from the browser.
#[derive(Clone, Debug, serde::Serialize)]
struct Name(String);
impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

#[derive(LiveComponent)]
struct Badge {
    #[live(leaf)]
    name: Name,
    #[live]
    renamed: u32,
}

#[live_type]
struct Nothing {}

#[live_actions]
impl Badge {
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        Ok(Badge { name: Name("ana".to_owned()), renamed: 0 })
    }
    async fn rename(&mut self, name: String) {
        self.name = Name(name);
        self.renamed += 1;
    }
}

async fn badge() -> Page {
    let live = Live::builder().component::<Badge>().build().unwrap();
    Page::open::<Badge>(&live, json!({})).await.unwrap()
}

#[tokio::test]
async fn a_page_that_shows_the_whole_state_goes_on_after_a_check() {
    let page = badge().await;
    for (n, name) in ["bob", "eve", "ian"].into_iter().enumerate() {
        page.call("rename", name).await.unwrap();
        page.check().await;
        assert_eq!(*page.state(), json!({ "name": name, "renamed": n + 1 }));
    }
    page.close().await;
}

#[tokio::test]
#[should_panic(
    expected = r#"`Badge` at version 1: deltas led to {"name":"ana","renamed":1}, and the snapshot is {"name":"Ana","renamed":1}"#
)]
async fn closing_a_page_finds_a_change_that_was_not_told() {
    let page = badge().await;
    page.call("rename", "Ana").await.unwrap();
    page.close().await;
}
