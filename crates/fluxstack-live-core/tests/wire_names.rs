//! A field has one name on the wire: in a snapshot, in the path of an op and in what a client sends.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use support::{Client, engine_of};

#[live_type]
#[derive(Default)]
#[allow(non_snake_case, reason = "the name of a field is its user's choice")]
struct Inner {
    URL: String,
    x_1: i64,
    a__b: i64,
    r#type: String,
    wert_ändern: i64,
    _under_score_: i64,
    #[serde(default)]
    two_words: i64,
    deeper: Option<Deeper>,
}

#[live_type]
#[allow(non_snake_case, reason = "the name of a field is its user's choice")]
struct Deeper {
    HTTPPort: u16,
}

#[derive(LiveComponent, Default)]
#[live(shared)]
#[allow(non_snake_case, reason = "the name of a field is its user's choice")]
struct Named {
    #[live]
    URL: String,
    #[live]
    x_1: i64,
    #[live]
    a__b: i64,
    #[live]
    r#type: String,
    #[live(bind)]
    wert_ändern: i64,
    #[live]
    inner: Inner,
}

#[live_type]
struct Props {}

#[live_actions]
impl Named {
    fn key(_props: &Props) -> String {
        String::new()
    }
    fn authorize(_props: &Props, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Named::default())
    }
    async fn alles_ändern(&mut self, inner: Inner) {
        self.URL = "/".into();
        self.x_1 = 1;
        self.a__b = 2;
        self.r#type = "kind".into();
        self.inner = inner;
    }
}

#[tokio::test]
async fn a_snapshot_and_an_op_name_a_field_alike() {
    let engine = engine_of::<Named>();
    let (mut before, mut after) = (Client::full(&engine), Client::full(&engine));
    before.mount("c", "Named", json!({}));
    before.pump();
    let inner = json!({
        "URL": "/in", "x1": 3, "aB": 4, "type": "inner", "wertÄndern": 5, "underScore": 6, "twoWords": 7,
        "deeper": {"HTTPPort": 80},
    });
    let request = before.call("c", "allesÄndern", inner.clone());
    assert_eq!(before.answer(request).await["type"], "REPLY");
    let request = before.set("c", "wertÄndern", json!(8));
    assert_eq!(before.answer(request).await["type"], "REPLY");
    assert!(before.frames.iter().any(|frame| frame.contains("STATE_DELTA")), "the change came as ops");
    after.mount("c", "Named", json!({}));
    after.pump();
    let expected: Value =
        json!({"URL": "/", "x1": 1, "aB": 2, "type": "kind", "wertÄndern": 8, "inner": inner});
    assert_eq!(after.state("c"), &expected);
    assert_eq!(before.state("c"), &expected);
}
