//! A computed value is a part of the public state: sent when a commit has changed it, remembered as it was sent.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    list::List,
    typescript::print,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use support::{Client, engine_of, quiet_panics};

/// A label of the state.
#[live_type]
struct Label {
    text: String,
}

#[derive(LiveComponent, Default)]
#[live(shared)]
struct Tasks {
    #[live]
    texts: List<String>,
    done: usize,
    /// What `remaining` shall do.
    fault: Fault,
    #[live(resource)]
    calls: Arc<AtomicUsize>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Fault {
    #[default]
    None,
    Panic,
    NotANumber,
}

#[live_type]
struct Props {
    texts: Vec<String>,
}

#[live_actions]
impl Tasks {
    fn key(_props: &Props) -> String {
        String::new()
    }
    fn authorize(_props: &Props, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(props: Props) -> Result<Self, MountError> {
        Ok(Tasks { texts: props.texts.into_iter().collect(), ..Tasks::default() })
    }
    /// How many are still to be done.
    #[live(computed)]
    fn still_to_do(&self) -> f64 {
        self.calls.fetch_add(1, Ordering::SeqCst);
        match self.fault {
            Fault::None => {}
            Fault::Panic => std::panic::panic_any("on purpose"),
            Fault::NotANumber => return f64::NAN,
        }
        f64::from(u32::try_from(self.texts.len() - self.done).unwrap())
    }
    #[live(computed)]
    #[cfg(any())]
    fn never(&self) -> NoSuchType {}
    #[live(computed)]
    fn label(&self) -> Option<Label> {
        let text = self.texts.first()?.clone();
        Some(Label { text })
    }
    async fn add(&mut self, text: String) {
        self.texts.push(text);
    }
    async fn finish(&mut self, count: usize) {
        self.done += count;
    }
    async fn touch(&mut self) {}
    async fn add_in_vain(&mut self, text: String) -> Result<(), ()> {
        self.texts.push(text);
        self.done += 1;
        Err(())
    }
    async fn break_it(&mut self, not_a_number: bool) {
        self.done = 0;
        self.texts.push("lost".into());
        self.fault = if not_a_number { Fault::NotANumber } else { Fault::Panic };
    }
    async fn calls(&mut self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

fn mounted(texts: Value) -> Client {
    let mut ana = Client::full(&engine_of::<Tasks>());
    ana.mount("t", "Tasks", json!({"texts": texts}));
    assert_eq!(ana.types(), ["COMPONENT_MOUNTED"]);
    ana
}

async fn ops_of(ana: &mut Client, action: &str, payload: Value) -> Value {
    ana.call("t", action, payload);
    let delta = ana.next().await;
    assert_eq!(delta["type"], "STATE_DELTA");
    assert_eq!(ana.next().await["type"], "REPLY");
    delta["ops"].clone()
}

#[tokio::test]
async fn it_is_in_the_first_snapshot_behind_the_fields() {
    let mut ana = mounted(json!(["a", "b"]));
    assert_eq!(ana.state("t"), &json!({"texts": ["a", "b"], "stillToDo": 2.0, "label": {"text": "a"}}));
    let mounted = ana.frames.last().unwrap();
    assert!(mounted.contains(r#"{"texts":["a","b"],"stillToDo":2.0,"label":{"text":"a"}}"#), "{mounted}");
    assert!(ana.is_quiet());
}

#[tokio::test]
async fn it_is_sent_only_when_it_has_changed() {
    let mut ana = mounted(json!([]));
    let ops = ops_of(&mut ana, "add", json!("a")).await;
    let label = json!(["=", ["label"], {"text": "a"}]);
    assert_eq!(ops, json!([["+", ["texts"], "a"], ["=", ["stillToDo"], 1.0], label]));
    let ops = ops_of(&mut ana, "add", json!("b")).await;
    assert_eq!(ops, json!([["+", ["texts"], "b"], ["=", ["stillToDo"], 2.0]]), "the label is the same");
    ana.call("t", "touch", json!(null));
    assert_eq!(ana.next().await["type"], "REPLY", "without a change there is no commit");
}

#[tokio::test]
async fn a_change_of_what_never_leaves_the_server_is_a_commit_if_it_changes_a_computed_value() {
    let mut ana = mounted(json!(["a", "b"]));
    assert_eq!(ops_of(&mut ana, "finish", json!(1)).await, json!([["=", ["stillToDo"], 1.0]]));
    assert_eq!(ana.version("t"), 1);
    ana.call("t", "finish", json!(0));
    assert_eq!(ana.next().await["type"], "REPLY");
    assert_eq!(ana.version("t"), 1);
}

#[tokio::test]
async fn after_any_failure_it_is_remembered_as_it_was_sent() {
    quiet_panics();
    let mut ana = mounted(json!(["a", "b"]));
    let before = ana.state("t").clone();
    for (action, payload, code) in [
        ("addInVain", json!("c"), "action"),
        ("breakIt", json!(false), "internal"),
        ("breakIt", json!(true), "internal"),
    ] {
        let request = ana.call("t", action, payload.clone());
        assert_eq!(ana.answer(request).await["code"], code, "{action}");
        assert_eq!((ana.state("t"), ana.version("t")), (&before, 0), "{action}");
        ana.call("t", "touch", json!(null));
        assert_eq!(ana.next().await["type"], "REPLY", "{action} left nothing to be sent");
    }
    let ops = ops_of(&mut ana, "add", json!("c")).await;
    assert_eq!(ops, json!([["+", ["texts"], "c"], ["=", ["stillToDo"], 3.0]]));
}

#[tokio::test]
async fn who_comes_later_sees_what_the_others_see() {
    let engine = engine_of::<Tasks>();
    let (mut ana, mut ben) = (Client::full(&engine), Client::basic(&engine));
    ana.mount("t", "Tasks", json!({"texts": ["a"]}));
    for n in 0..40 {
        let request = ana.call("t", "add", json!("x".repeat(n * 40)));
        assert_eq!(ana.answer(request).await["type"], "REPLY");
    }
    ben.mount("t", "Tasks", json!({"texts": []}));
    while !ben.held.contains_key("t") {
        ben.next().await;
    }
    assert_eq!(ana.state("t")["stillToDo"], 41.0);
    assert_eq!(ana.state("t"), ben.state("t"));
    let request = ana.call("t", "finish", json!(1));
    assert_eq!(ana.answer(request).await["type"], "REPLY");
    ben.next().await;
    assert_eq!(ana.state("t"), ben.state("t"));
}

#[tokio::test]
async fn it_is_computed_once_for_each_transaction_that_succeeds() {
    let mut ana = mounted(json!(["a"]));
    let mut calls = async || {
        let request = ana.call("t", "calls", json!(null));
        ana.answer(request).await["payload"]["result"].as_u64().unwrap()
    };
    assert_eq!(calls().await, 1, "for the mount");
    assert_eq!(calls().await, 2, "for the call before");
    let request = ana.call("t", "addInVain", json!("b"));
    ana.answer(request).await;
    let request = ana.call("t", "calls", json!(null));
    assert_eq!(ana.answer(request).await["payload"]["result"], 3, "none for what failed");
}

#[tokio::test]
async fn no_client_calls_it_or_sets_it() {
    let mut ana = mounted(json!(["a"]));
    for (request, code) in [
        (ana.call("t", "stillToDo", json!(null)), "unknown_action"),
        (ana.set("t", "stillToDo", json!(0)), "not_bindable"),
    ] {
        assert_eq!(ana.answer(request).await["code"], code);
    }
    assert_eq!(ana.state("t")["stillToDo"], 1.0);
}

/// Its props have a field of the computed value's name and type.
#[live_type]
struct SameProps {
    count: i64,
    double: i64,
}

#[derive(LiveComponent)]
struct Same {
    #[live]
    count: i64,
}

#[live_actions]
impl Same {
    fn mount(props: SameProps) -> Result<Self, MountError> {
        Ok(Same { count: props.count })
    }
    /// Twice as much.
    #[live(computed)]
    fn double(&self) -> i64 {
        self.count * 2
    }
}

#[test]
fn the_page_knows_its_type_and_that_no_props_have_it() {
    let printed = print(&engine_of::<Same>().description()).unwrap();
    let state = "    state: {\n      count: number\n      /** Twice as much. */\n      double: number\n    }\n    propsAreState: false\n    bind: never\n    actions: Record<never, never>\n";
    assert!(printed.contains(state), "{printed}");
    assert!(printed.contains("registerSchema({ propsAreState: [] })"), "{printed}");
}

#[tokio::test]
async fn a_mount_that_cannot_compute_fails() {
    quiet_panics();
    #[derive(LiveComponent)]
    struct Broken {}
    #[live_actions]
    impl Broken {
        fn mount(_props: Props) -> Result<Self, MountError> {
            Ok(Broken {})
        }
        #[live(computed)]
        fn value(&self) -> i64 {
            std::panic::panic_any("on purpose")
        }
    }
    let mut ana = Client::full(&engine_of::<Broken>());
    ana.mount("b", "Broken", json!({"texts": []}));
    assert_eq!(ana.next().await["code"], "internal");
}
