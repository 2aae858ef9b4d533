//! A text that only the server has, in every kind of place that is the server's own, is in no byte that any client is sent.
//! The same sessions find it in every encoding as soon as it is put where clients may see it.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::{Context, MountContext},
    encoding::Encoding,
    engine::{Builder, Engine},
    failure::{Failed, Fault, Invalid, OrFault},
    limits::Limits,
    list::List,
    map::Map,
    outbox::{Next, Outbox},
    secret::Secret,
    session::Session,
    text::Text,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use fluxstack_live_protocol::compact;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use std::{cell::Cell, collections::BTreeMap, fmt, sync::Arc};
use tokio::task::yield_now;

/// Letters and digits: JSON escapes none of them and MessagePack writes a text as it is, so that it is the same bytes in
/// every encoding. Short enough to be sent whole, and no client ever says it.
const CANARY: &str = "c4n4ryB1rd";

fn canary() -> String {
    CANARY.to_owned()
}

/// Where clients may see it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shown {
    Nowhere,
    InAField,
    InAnEvent,
    InAResult,
    InAnActionsError,
    InAComputedValue,
}

/// The application's own state.
struct Keys {
    canary: String,
    shown: Shown,
}

/// An error that says it, and so does its cause.
#[derive(Debug)]
struct Telltale(Option<Box<Telltale>>);
impl Telltale {
    fn raise() -> Result<(), Telltale> {
        Err(Telltale(Some(Box::new(Telltale(None)))))
    }
}
impl fmt::Display for Telltale {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(CANARY)
    }
}
impl std::error::Error for Telltale {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.as_deref().map(|cause| cause as _)
    }
}

/// Can neither be written nor read, and says it as the reason.
#[derive(Clone, PartialEq)]
struct Unwritable;
impl serde::Serialize for Unwritable {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom(CANARY))
    }
}
impl<'de> serde::Deserialize<'de> for Unwritable {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom(CANARY))
    }
}
impl fluxstack_live::value::WireType for Unwritable {
    fn describe(_: &mut fluxstack_live::schema::Types) -> fluxstack_live::schema::Type {
        fluxstack_live::schema::Type::Null
    }
}

#[live_type]
struct Told {
    text: String,
}

#[live_type]
struct Room {
    room: String,
    /// How the mount ends.
    end: End,
}

#[live_type]
enum End {
    Well,
    Err,
    Panic,
    TooLarge,
}

/// A component with the canary wherever a component has what is the server's own.
#[derive(LiveComponent)]
#[live(shared, events(Told))]
struct Vault {
    #[live(bind, on_set = Self::check)]
    title: String,
    #[live]
    notes: List<String>,
    #[live]
    page: Text,
    #[live]
    by_name: Map<String, String>,
    #[live]
    count: i64,
    private: String,
    rows: Vec<String>,
    by_key: BTreeMap<String, String>,
    token: Secret<String>,
    #[live(hidden)]
    deck: List<String>,
    #[live(hidden)]
    hands: Map<String, String>,
    #[live(hidden)]
    draft: Text,
    #[live(resource)]
    handle: Arc<str>,
    #[live(resource)]
    shown: Shown,
}

impl Vault {
    fn new(shown: Shown) -> Self {
        Vault {
            title: String::new(),
            notes: List::default(),
            page: Text::new(),
            by_name: Map::default(),
            count: 0,
            private: canary(),
            rows: vec![canary()],
            by_key: [(canary(), canary())].into(),
            token: Secret::new(canary()),
            deck: [canary()].into_iter().collect(),
            hands: [(canary(), canary())].into_iter().collect(),
            draft: CANARY.into(),
            handle: CANARY.into(),
            shown,
        }
    }
    /// Changes everything that is the server's own.
    fn shuffle(&mut self) {
        self.count += 1;
        self.private.push_str(CANARY);
        self.rows.push(canary());
        self.by_key.insert(format!("{CANARY}{}", self.count), canary());
        self.token.expose_mut().push_str(CANARY);
        self.deck.insert(0, canary());
        self.deck.truncate(3);
        self.hands.insert(format!("{CANARY}{}", self.count % 3), canary());
        self.draft.insert_str(0, CANARY);
        self.draft.truncate(3 * CANARY.len());
        self.private.truncate(CANARY.len());
        self.rows.truncate(3);
        self.by_key.retain(|key, _| key == CANARY);
    }
    /// Puts it into everything that can be seen, and tells it.
    fn reveal(&mut self, cx: &mut Context<Self>) {
        self.title = canary();
        self.notes.push(self.deck[0].clone());
        self.page.push_str(CANARY);
        self.by_name.insert(canary(), canary());
        cx.broadcast(Told { text: canary() });
        std::mem::swap(&mut self.notes, &mut self.deck);
    }
    /// Takes it away again from where it can be seen; an event cannot be taken back.
    fn reveal_and_overwrite(&mut self) {
        self.title = canary();
        self.notes.push(canary());
        self.by_name.insert(canary(), canary());
        let page = self.page.as_str().to_owned();
        self.page.push_str(CANARY);
        std::mem::swap(&mut self.notes, &mut self.deck);
        std::mem::swap(&mut self.notes, &mut self.deck);
        self.title = format!("{:?}", self.token);
        self.notes.pop();
        self.by_name.remove(CANARY);
        self.page.set(&page);
    }
    fn check(&mut self) -> Result<(), Invalid> {
        self.shuffle();
        match self.title.as_str() {
            "panic" => {
                self.notes.push(canary());
                panic!("{CANARY}")
            }
            "invalid" => {
                self.notes.push(canary());
                Err(Invalid::field("title", "is taken"))
            }
            _ => Ok(()),
        }
    }
}

#[live_actions]
impl Vault {
    /// The key is the server's own, too.
    fn key(props: &Room) -> String {
        format!("{CANARY} {}", props.room)
    }
    async fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    async fn mount(props: Room, cx: &MountContext) -> Result<Self, MountError> {
        let keys = cx.state::<Keys>();
        let mut vault = Vault::new(keys.shown);
        match props.end {
            End::Well => return Ok(vault),
            End::Err => Telltale::raise()?,
            End::Panic => panic!("{}", keys.canary),
            End::TooLarge => vault.title = CANARY.repeat(1_000),
        }
        Ok(vault)
    }
    async fn joined(&mut self, _cx: &mut Context<Self>) {
        self.shuffle();
    }
    async fn left(&mut self, cx: &mut Context<Self>) {
        self.reveal(cx);
        panic!("{CANARY}")
    }
    #[live(computed)]
    fn is_armed(&self) -> bool {
        self.private.contains(CANARY) && self.handle.contains(CANARY)
    }
    /// It only is there if the state it is computed of is.
    #[live(computed)]
    fn cover(&self) -> String {
        if self.shown == Shown::InAComputedValue { canary() } else { self.title.clone() }
    }
    async fn change(&mut self, cx: &mut Context<Self>) -> String {
        self.shuffle();
        self.reveal_and_overwrite();
        match self.shown {
            Shown::InAField => self.title = self.private.clone(),
            Shown::InAnEvent => cx.broadcast(Told { text: canary() }),
            Shown::InAResult => return cx.state::<Keys>().canary.clone(),
            Shown::Nowhere | Shown::InAnActionsError | Shown::InAComputedValue => {
                cx.broadcast(Told { text: "changed".into() });
            }
        }
        "changed".into()
    }
    /// It is to be seen while others have their turn, and not when it ends.
    async fn change_slowly(&mut self, cx: &mut Context<Self>) {
        self.shuffle();
        self.title = canary();
        self.notes.push(canary());
        yield_now().await;
        self.notes.pop();
        self.title = String::new();
        cx.flush(self).await;
        self.reveal_and_overwrite();
        yield_now().await;
    }
    async fn refuse(&mut self, cx: &mut Context<Self>) -> Result<(), String> {
        self.shuffle();
        self.reveal(cx);
        yield_now().await;
        Err(if self.shown == Shown::InAnActionsError { canary() } else { "refused".into() })
    }
    async fn panic(&mut self, is_late: bool, cx: &mut Context<Self>) {
        self.reveal_and_overwrite();
        cx.flush(self).await;
        self.reveal(cx);
        if is_late {
            yield_now().await;
        }
        panic!("{CANARY} {}", self.token.expose())
    }
    async fn fault(&mut self, is_error: bool, cx: &mut Context<Self>) -> Result<(), Fault> {
        self.reveal(cx);
        if is_error {
            Telltale::raise()?;
        }
        Err(Fault::new(&cx.state::<Keys>().canary))
    }
    async fn fail(&mut self, cx: &mut Context<Self>) -> Result<(), Failed<String>> {
        self.reveal(cx);
        Telltale::raise().or_fault()?;
        Err("refused".to_owned())?
    }
    async fn refuse_unwritably(&mut self, cx: &mut Context<Self>) -> Result<(), Unwritable> {
        self.reveal(cx);
        Err(Unwritable)
    }
    async fn return_unwritable(&mut self, cx: &mut Context<Self>) -> Unwritable {
        self.reveal(cx);
        Unwritable
    }
    async fn read_unreadable(&mut self, _it: Unwritable) {}
    async fn commit_too_much(&mut self, cx: &mut Context<Self>) {
        self.reveal(cx);
        self.title = CANARY.repeat(1_000);
    }
    async fn flush_too_much(&mut self, cx: &mut Context<Self>) {
        self.page.push_str(&CANARY.repeat(1_000));
        cx.flush(self).await;
    }
    async fn return_too_much(&mut self, cx: &mut Context<Self>) -> String {
        self.reveal(cx);
        CANARY.repeat(1_000)
    }
    /// A job that fails in each way it can.
    async fn work(&mut self, cx: &mut Context<Self>) {
        self.shuffle();
        let key = cx.state::<Keys>().canary.clone();
        cx.spawn(|store| async move {
            let refused = store.try_update(|this, cx| {
                this.reveal(cx);
                Err::<(), _>(canary())
            });
            let _ = refused.await;
            let panicked = store.update(|this, cx| {
                this.reveal(cx);
                panic!("{CANARY}")
            });
            let _: Result<(), _> = panicked.await;
            let _ = store.update(|this, _| this.reveal_and_overwrite()).await;
            yield_now().await;
            panic!("{key}")
        });
    }
    async fn work_in_vain(&mut self, cx: &mut Context<Self>) -> Result<(), Fault> {
        cx.spawn(|store| async move {
            let _ = store.update(|this, _| this.title = canary()).await;
        });
        Err(Fault::new(CANARY))
    }
}

/// A component that nobody shares.
#[derive(LiveComponent)]
struct Drawer {
    #[live(bind)]
    label: String,
    #[live(hidden)]
    things: List<String>,
    token: Secret<Vec<String>>,
}

#[live_type]
struct Nothing {}

#[live_actions]
impl Drawer {
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        let things = [canary()].into_iter().collect();
        Ok(Drawer { label: String::new(), things, token: Secret::new(vec![canary()]) })
    }
    async fn change(&mut self) -> usize {
        self.label = self.things.pop().unwrap_or_default();
        self.things.push(std::mem::take(&mut self.label));
        self.label = format!("{:?}", self.token);
        self.token.expose_mut().push(canary());
        self.things.len()
    }
    async fn refuse(&mut self) -> Result<(), String> {
        self.label = self.things.remove(0);
        Err("refused".into())
    }
}

/// What one of the clients does.
#[derive(Clone, Debug)]
enum Step {
    /// Says this, with the next number if it is a request.
    Say(Value),
    /// Repeats its last request.
    Repeat,
    /// Says something that is no message.
    Babble(&'static str),
    /// Several messages as one.
    Batch(Vec<Value>),
    /// Lets what waits go on.
    Pause,
    /// Writes what is there, so that what comes next is not told together with it.
    Read,
}

fn mount(id: &str, component: &str, props: Value) -> Value {
    json!({"type": "COMPONENT_MOUNT", "componentId": id, "payload": {"component": component, "props": props}})
}

fn message() -> impl Strategy<Value = Value> {
    let id = || prop::sample::select(vec!["v1", "v1", "v1", "v2", "d1", "x"]);
    let end = prop::sample::select(vec!["well", "well", "err", "panic", "tooLarge", "unknown"]);
    let room = prop::sample::select(vec!["a", "a", "b"]);
    let vault =
        (id(), room, end).prop_map(|(id, room, end)| mount(id, "Vault", json!({"room": room, "end": end})));
    let other = (id(), prop::sample::select(vec!["Drawer", "Vault", "Nobody"]))
        .prop_map(|(id, component)| mount(id, component, json!({})));
    let payload = || prop::sample::select(vec![json!(null), json!(true), json!(false), json!({"a": ["x"]})]);
    let action = prop::sample::select(vec![
        "change",
        "changeSlowly",
        "refuse",
        "panic",
        "fault",
        "fail",
        "refuseUnwritably",
        "returnUnwritable",
        "readUnreadable",
        "commitTooMuch",
        "flushTooMuch",
        "returnTooMuch",
        "work",
        "workInVain",
        "private",
        "__proto__",
    ]);
    let call = (id(), action, payload()).prop_map(|(id, action, payload)| {
        json!({"type": "COMPONENT_ACTION", "componentId": id, "action": action, "payload": payload})
    });
    let property =
        prop::sample::select(vec!["title", "title", "label", "notes", "private", "deck", "token", "cover"]);
    let value =
        prop::sample::select(vec![json!("t"), json!("panic"), json!("invalid"), json!(7), json!(["x"])]);
    let set = (id(), property, value).prop_map(|(id, property, value)| {
        let payload = json!({"property": property, "value": value});
        json!({"type": "PROPERTY_UPDATE", "componentId": id, "payload": payload})
    });
    let plain = (id(), prop::sample::select(vec!["RESYNC", "RESYNC", "COMPONENT_UNMOUNT", "EXPLODE"]))
        .prop_map(|(id, kind)| json!({"type": kind, "componentId": id}));
    prop_oneof![
        2 => vault,
        1 => other,
        14 => call,
        3 => set,
        3 => plain,
        1 => any::<i64>().prop_map(|at| json!({"type": "PING", "at": at})),
        1 => Just(json!({"type": "HELLO", "protocol": 1})),
        1 => payload(),
    ]
}

fn step() -> impl Strategy<Value = (usize, Step)> {
    let step = prop_oneof![
        14 => message().prop_map(Step::Say),
        1 => Just(Step::Repeat),
        1 => prop::sample::select(vec!["", "{", "[]", "{\"type\":1}", "nul"]).prop_map(Step::Babble),
        1 => prop::collection::vec(message(), 2..4).prop_map(Step::Batch),
        3 => Just(Step::Pause),
        2 => Just(Step::Read),
    ];
    (0..CLIENTS.len(), step)
}

fn script() -> impl Strategy<Value = Vec<(usize, Step)>> {
    prop::collection::vec(step(), 1..40)
}

/// All are in one room. None is a basic client, which is one of JSON.
const CLIENTS: [Option<Encoding>; 4] =
    [Some(Encoding::Json), Some(Encoding::Compact), Some(Encoding::CompactBySchema), None];

/// A client that keeps every byte it is sent, one after the other: what is split between two messages is found, too.
struct Client {
    engine: Arc<Engine>,
    session: Session,
    outbox: Arc<Outbox>,
    encoding: Option<Encoding>,
    requests: u64,
    last: Value,
    sent: Vec<u8>,
}

impl Client {
    fn new(engine: &Arc<Engine>, encoding: Option<Encoding>) -> Client {
        let outbox = Arc::new(Outbox::new(match encoding {
            None | Some(Encoding::Json) => Encoding::Json,
            Some(Encoding::Compact | Encoding::CompactBySchema) => Encoding::Compact,
        }));
        let session = Session::new(engine.clone(), Visitor::anonymous("ana"), outbox.clone());
        let (engine, last) = (engine.clone(), Value::Null);
        let mut client = Client { engine, session, outbox, encoding, requests: 0, last, sent: Vec::new() };
        let mut hello = json!({"type": "HELLO", "protocol": 1});
        if encoding == Some(Encoding::CompactBySchema) {
            hello["schema"] = client.engine.schema().into();
        }
        if encoding.is_some() {
            client.send(&hello);
        }
        client.send(&mount("v1", "Vault", json!({"room": "a", "end": "well"})));
        client.send(&mount("d1", "Drawer", json!({})));
        client
    }
    fn act(&mut self, step: &Step) {
        match step {
            Step::Say(message) => {
                let message = self.numbered(message);
                self.send(&message);
            }
            Step::Repeat => {
                let last = self.last.clone();
                self.send(&last);
            }
            Step::Babble(text) => self.send_raw(text),
            Step::Batch(messages) => {
                let batch: Vec<Value> = messages.iter().map(|message| self.numbered(message)).collect();
                self.send(&batch.into());
            }
            Step::Read => self.read(),
            Step::Pause => {}
        }
    }
    fn numbered(&mut self, message: &Value) -> Value {
        let mut message = message.clone();
        if matches!(message["type"].as_str(), Some("COMPONENT_ACTION" | "PROPERTY_UPDATE")) {
            self.requests += 1;
            message["requestId"] = self.requests.into();
            self.last = message.clone();
        }
        message
    }
    fn send(&mut self, message: &Value) {
        let shape = match message["componentId"].as_str() {
            Some("d1") => self.engine.shape("Drawer"),
            _ => self.engine.shape("Vault"),
        };
        let shape = shape.filter(|_| self.encoding == Some(Encoding::CompactBySchema)).map(|shape| &**shape);
        match self.encoding {
            None | Some(Encoding::Json) => self.session.receive(&message.to_string()),
            Some(Encoding::Compact | Encoding::CompactBySchema) => {
                let bytes = compact::from_client(&message.to_string(), shape).expect("it is JSON");
                self.session.receive_compact(&bytes);
            }
        }
    }
    fn send_raw(&mut self, text: &str) {
        match self.encoding {
            None | Some(Encoding::Json) => self.session.receive(text),
            Some(Encoding::Compact | Encoding::CompactBySchema) => {
                self.session.receive_compact(text.as_bytes());
            }
        }
    }
    fn read(&mut self) {
        while let Next::Write(frames) = self.outbox.next() {
            self.sent.extend(frames.into_iter().flatten());
        }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Panics that say the canary are not printed.
fn quiet_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !info.payload_as_str().is_some_and(|text| text.contains(CANARY)) {
                hook(info);
            }
        }));
    });
}

/// Plays a script in a world of its own. Returns all that each client was sent.
fn play(shown: Shown, script: &[(usize, Step)]) -> [Vec<u8>; 4] {
    quiet_panics();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _context = runtime.enter();
    let limits = Limits { commit_bytes: 4_000, result_bytes: 4_000, state_bytes: 8_000, ..Limits::default() };
    let engine = support::engine(limits, |builder: &mut Builder| {
        builder.component::<Vault>();
        builder.component::<Drawer>();
        builder.state(Keys { canary: canary(), shown });
    });
    let mut clients = CLIENTS.map(|encoding| Client::new(&engine, encoding));
    for (client, step) in script {
        clients[*client].act(step);
        if let Step::Pause = step {
            runtime.block_on(support::beside::until_quiet());
        }
    }
    runtime.block_on(support::beside::until_quiet());
    clients.map(|mut client| {
        client.read();
        client.sent
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn it_is_in_no_byte_that_anybody_is_sent(script in script()) {
        for (sent, encoding) in play(Shown::Nowhere, &script).iter().zip(CLIENTS) {
            prop_assert!(!holds(sent, CANARY), "to {:?}: {}", encoding, sent.escape_ascii());
        }
    }
}

/// Plays scripts until each client was sent each of the texts in at least one of them.
fn each_is_sent(shown: Shown, texts: &[&str]) {
    let mut runner =
        TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() });
    let missing: Cell<Vec<(usize, &str)>> = (0..CLIENTS.len())
        .flat_map(|client| texts.iter().map(move |text| (client, *text)))
        .collect::<Vec<_>>()
        .into();
    runner
        .run(&script(), |script| {
            let mut rest = missing.take();
            if !rest.is_empty() {
                let sent = play(shown, &script);
                rest.retain(|(client, text)| !holds(&sent[*client], text));
            }
            missing.set(rest);
            Ok(())
        })
        .unwrap();
    let missing = missing.take();
    assert!(missing.is_empty(), "{shown:?}: not sent, by client: {missing:?}");
}

#[test]
fn it_is_found_in_a_visible_field() {
    each_is_sent(Shown::InAField, &[CANARY]);
}

#[test]
fn it_is_found_in_an_event() {
    each_is_sent(Shown::InAnEvent, &[CANARY]);
}

#[test]
fn it_is_found_in_a_result() {
    each_is_sent(Shown::InAResult, &[CANARY]);
}

#[test]
fn it_is_found_in_an_actions_own_error() {
    each_is_sent(Shown::InAnActionsError, &[CANARY]);
}

#[test]
fn it_is_found_in_a_computed_value() {
    each_is_sent(Shown::InAComputedValue, &[CANARY]);
}

/// Otherwise it would be found nowhere because nothing was done.
#[test]
fn the_sessions_get_everywhere() {
    let texts = [
        "internal",
        "invalid",
        "too_large",
        "gone",
        "conflict",
        "not_bindable",
        "unknown_action",
        "unknown_component",
        "bad_message",
        "Secret(..)",
        "refused",
        "changed",
    ];
    each_is_sent(Shown::Nowhere, &texts);
}
