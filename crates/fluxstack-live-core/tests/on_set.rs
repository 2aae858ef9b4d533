//! What is called when a client has set a field belongs to the same transaction.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{actions::MountError, failure::Invalid};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::json;
use support::{Client, engine_of};

#[derive(LiveComponent)]
struct Form {
    #[live(bind, on_set = Self::check_name)]
    name: String,
    #[live(bind, on_set = Self::measure)]
    text: String,
    #[live]
    length: usize,
    #[live]
    errors: u32,
    checks: u32,
}

impl Form {
    fn check_name(&mut self) -> Result<(), Invalid> {
        self.checks += 1;
        self.errors += 1;
        if self.name.is_empty() { Err(Invalid::field("name", "is missing")) } else { Ok(()) }
    }
    fn measure(&mut self) {
        assert_ne!(self.text, "panic");
        self.length = self.text.len();
    }
}

#[live_type]
struct Props {}

#[live_actions]
impl Form {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Form { name: "ana".into(), text: String::new(), length: 0, errors: 0, checks: 0 })
    }
    async fn checks(&mut self) -> u32 {
        self.checks
    }
}

fn mounted() -> Client {
    let mut ana = Client::full(&engine_of::<Form>());
    ana.mount("f", "Form", json!({}));
    assert_eq!(ana.types(), ["COMPONENT_MOUNTED"]);
    ana
}

#[tokio::test]
async fn an_err_undoes_the_set_and_what_was_done_after_it() {
    let mut ana = mounted();
    let before = ana.state("f").clone();
    let request = ana.set("f", "name", json!(""));
    let answer = ana.answer(request).await;
    assert_eq!((&answer["type"], &answer["code"]), (&json!("ERROR"), &json!("invalid")));
    assert_eq!(answer["payload"]["fields"], json!({"name": "is missing"}));
    assert_eq!(answer["payload"]["property"], "name");
    assert_eq!((ana.state("f"), ana.version("f")), (&before, 0));
    let request = ana.call("f", "checks", json!(null));
    assert_eq!(ana.answer(request).await["payload"]["result"], 0, "server-only fields are put back as well");
}

#[tokio::test]
async fn what_it_changes_is_in_the_commit_of_the_set() {
    let mut ana = mounted();
    ana.set("f", "text", json!("four"));
    assert_eq!(ana.now()["ops"], json!([["=", ["text"], "four"], ["=", ["length"], 4]]));
    ana.set("f", "name", json!("ben"));
    ana.pump();
    assert_eq!(ana.state("f"), &json!({"name": "ben", "text": "four", "length": 4, "errors": 1}));
    assert_eq!(ana.version("f"), 2);
}

#[tokio::test]
async fn a_panic_in_it_undoes_the_set() {
    let mut ana = mounted();
    let request = ana.set("f", "text", json!("panic"));
    assert_eq!(ana.answer(request).await["code"], "internal");
    assert_eq!((&ana.state("f")["text"], ana.version("f")), (&json!(""), 0));
}
