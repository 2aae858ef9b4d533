//! `Context::force`: the caller's page alone is told, with the commit, which fields to show whatever is typed there.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::Context,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use support::{Client, engine_of, quiet_panics};

#[derive(LiveComponent, Default)]
#[live(shared, events(Said))]
struct Chat {
    #[live(bind)]
    draft: String,
    #[live(bind)]
    reply_to: Option<u32>,
    #[live(bind)]
    r#type: String,
    #[live]
    sent: i64,
}

#[live_type]
struct Props {}
#[live_type]
struct Said {
    text: String,
}

#[live_actions]
impl Chat {
    fn key(_props: &Props) -> String {
        String::new()
    }
    fn authorize(_props: &Props, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Chat::default())
    }
    async fn send(&mut self, cx: &mut Context<Self>) -> Result<(), String> {
        cx.force("draft");
        let text = std::mem::take(&mut self.draft);
        self.sent += 1;
        cx.broadcast(Said { text: text.clone() });
        if text.is_empty() { Err("nothing to send".into()) } else { Ok(()) }
    }
    async fn force(&mut self, fields: Vec<String>, cx: &mut Context<Self>) {
        self.sent += 1;
        fields.iter().for_each(|field| cx.force(field));
    }
    async fn force_in_two_commits(&mut self, cx: &mut Context<Self>) {
        cx.force("type");
        cx.flush(self).await;
        cx.force("draft");
    }
}

fn visit(engine: &std::sync::Arc<fluxstack_live::engine::Engine>) -> Client {
    let mut client = Client::full(engine);
    client.mount("c", "Chat", json!({}));
    client.types();
    client
}
/// What has arrived: the type of each message; of an event also its name, payload and version.
fn arrived(client: &mut Client) -> Vec<Value> {
    let mut all = Vec::new();
    while !client.is_quiet() {
        let message = client.now();
        all.push(match message["type"].as_str().unwrap() {
            "EVENT" => json!([message["event"], message["payload"], message["version"]]),
            other => json!(other),
        });
    }
    all
}

#[tokio::test]
async fn the_caller_alone_is_told_what_to_show_with_the_commit_and_before_the_reply() {
    let engine = engine_of::<Chat>();
    let (mut caller, mut other) = (visit(&engine), visit(&engine));
    caller.set("c", "draft", json!("hi"));
    caller.types();
    other.types();
    caller.call("c", "send", json!(null));
    let said = json!(["SAID", {"text": "hi"}, 2]);
    let forced = json!(["$force", ["draft"], 2]);
    assert_eq!(arrived(&mut caller), [json!("STATE_DELTA"), said.clone(), forced, json!("REPLY")]);
    assert_eq!(arrived(&mut other), [json!("STATE_DELTA"), said]);
}

#[tokio::test]
async fn fields_are_named_as_in_rust_or_as_in_the_browser_and_told_once_in_their_order() {
    let engine = engine_of::<Chat>();
    let mut client = visit(&engine);
    client.call("c", "force", json!(["reply_to", "draft", "type", "replyTo", "draft"]));
    let forced = json!(["$force", ["replyTo", "draft", "type"], 1]);
    assert_eq!(arrived(&mut client), [json!("STATE_DELTA"), forced, json!("REPLY")]);
}

#[tokio::test]
async fn each_commit_of_an_action_tells_what_was_forced_for_it() {
    let engine = engine_of::<Chat>();
    let mut client = visit(&engine);
    let request = client.call("c", "forceInTwoCommits", json!(null));
    let before = client.frames.len();
    client.answer(request).await;
    let told: Vec<&String> =
        client.frames[before..].iter().filter(|frame| frame.contains("$force")).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains(r#""payload":["type"],"version":1"#), "{}", told[0]);
    assert!(told[1].contains(r#""payload":["draft"],"version":2"#), "{}", told[1]);
}

#[tokio::test]
async fn a_field_that_no_client_may_set_cannot_be_forced_and_undoes_the_action() {
    quiet_panics();
    let engine = engine_of::<Chat>();
    let (mut client, mut other) = (visit(&engine), visit(&engine));
    for field in ["sent", "Draft", "nothing"] {
        let request = client.call("c", "force", json!(["draft", field]));
        assert_eq!(client.answer(request).await["code"], "internal");
        assert_eq!(client.state("c")["sent"], 0);
    }
    assert!(client.frames.iter().chain(&other.frames).all(|frame| !frame.contains("$force")));
    assert!(other.is_quiet());
    // What was forced before the panic does not come with the next commit.
    client.call("c", "force", json!([]));
    assert_eq!(arrived(&mut client), ["STATE_DELTA", "REPLY"]);
}

#[tokio::test]
async fn an_action_that_fails_forces_nothing() {
    let engine = engine_of::<Chat>();
    let mut client = visit(&engine);
    client.call("c", "send", json!(null));
    assert_eq!(arrived(&mut client), ["ERROR"]);
    client.call("c", "force", json!([]));
    assert_eq!(arrived(&mut client), ["STATE_DELTA", "REPLY"]);
}

#[tokio::test]
async fn a_resume_tells_the_caller_once_and_no_other() {
    let engine = engine_of::<Chat>();
    let (mut caller, other) = (visit(&engine), visit(&engine));
    caller.call("c", "force", json!(["draft"]));
    // Both were away before they heard of it.
    let (mut caller, mut other) = (caller.resume(&engine, 0), other.resume(&engine, 0));
    let mounted = |client: &mut Client| loop {
        let message = client.now();
        if message["type"] == "COMPONENT_MOUNTED" {
            return message;
        }
    };
    let forced = json!([{"event": "$force", "payload": ["draft"], "version": 1}]);
    let of_caller = mounted(&mut caller);
    assert_eq!((&of_caller["version"], &of_caller["events"]), (&json!(1), &forced));
    let of_other = mounted(&mut other);
    assert_eq!((&of_other["version"], &of_other["events"]), (&json!(1), &Value::Null));
    // The one who has heard of it is not told again.
    caller.types();
    let mut caller = caller.resume(&engine, 1);
    assert_eq!(mounted(&mut caller)["events"], Value::Null);
}

#[tokio::test]
async fn a_change_by_the_servers_own_code_has_no_caller_and_forces_nothing() {
    let engine = engine_of::<Chat>();
    let mut client = visit(&engine);
    client.call("c", "force", json!([]));
    client.types();
    let chat = engine.store::<Chat>("");
    chat.update(|chat, cx| {
        chat.draft.clear();
        cx.force("draft");
    })
    .await
    .unwrap();
    assert!(client.is_quiet(), "nothing changed, and nobody is told");
}
