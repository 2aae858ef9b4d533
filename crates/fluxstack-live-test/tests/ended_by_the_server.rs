//! A component that the server ends: it cannot be brought back to a sound state.
use fluxstack_live::prelude::*;
use fluxstack_live_test::{ErrorCode, Page, UnmountReason};
use serde_json::json;

/// A visible value that cannot be put back.
#[derive(Debug, PartialEq, serde::Serialize)]
struct Shard(bool);
impl Clone for Shard {
    fn clone(&self) -> Self {
        Shard(self.0)
    }
    fn clone_from(&mut self, _: &Self) {
        panic!("on purpose");
    }
}

#[derive(LiveComponent)]
#[live(shared)]
struct Vase {
    #[live(leaf)]
    shard: Shard,
}

#[live_type]
struct Nothing {}

#[live_actions]
impl Vase {
    fn key(_props: &Nothing) -> String {
        String::new()
    }
    fn authorize(_props: &Nothing, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        Ok(Vase { shard: Shard(false) })
    }
    async fn drop_it(&mut self) -> Result<(), String> {
        self.shard.0 = true;
        Err("oops".to_owned())
    }
}

/// The page of one who was looking on, after its component has ended.
async fn ended() -> Page {
    let live = Live::builder().component::<Vase>().build().unwrap();
    let open = async || Page::open::<Vase>(&live, json!({})).await.unwrap();
    let (ana, bob) = (open().await, open().await);
    assert_eq!(bob.unmounted(), None);
    let error = ana.call("dropIt", ()).await.unwrap_err();
    assert_eq!((error.code, ana.unmounted()), (ErrorCode::Action, Some(UnmountReason::Failed)));
    drop(ana);
    let anew = open().await;
    assert_eq!(anew.state()["shard"], false);
    anew.close().await;
    bob
}

#[tokio::test]
async fn a_page_tells_why_its_component_has_ended() {
    assert_eq!(ended().await.unmounted(), Some(UnmountReason::Failed));
}

#[tokio::test]
#[should_panic(expected = "`Vase` is not there any more: the server ended it, Failed")]
async fn its_state_fails_the_test() {
    ended().await.state();
}

#[tokio::test]
#[should_panic(expected = "`Vase` is not there any more: the server ended it, Failed")]
async fn a_call_fails_the_test() {
    let _ = ended().await.call("dropIt", ()).await;
}

#[tokio::test]
#[should_panic(expected = "`Vase` is not there any more: the server ended it, Failed")]
async fn waiting_for_it_fails_the_test() {
    ended().await.until(|_| false).await;
}

#[tokio::test]
#[should_panic(expected = "`Vase` is not there any more: the server ended it, Failed")]
async fn closing_it_fails_the_test() {
    ended().await.close().await;
}
