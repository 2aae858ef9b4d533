//! Readers of one store in different encodings, and names as places.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    actions::{Denied, MountError},
    context::Context,
    encoding::Encoding,
    engine::{Builder, Engine},
    limits::Limits,
    list::List,
    outbox::{Next, Outbox},
    peer::Peer,
    visitor::Visitor,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use fluxstack_live_protocol::{compact, error::CloseCode};
use serde_json::{Value, json};
use std::sync::Arc;
use support::engine;

#[live_type]
#[derive(Default)]
struct Note {
    text: String,
    more: Vec<Note>,
}

#[derive(LiveComponent)]
#[live(shared, events(Note))]
struct Board {
    #[live(bind)]
    title: String,
    #[live]
    notes: List<Note>,
}

#[live_type]
struct Props {}

#[live_actions]
impl Board {
    fn key(_props: &Props) -> String {
        String::new()
    }
    async fn authorize(_props: &Props, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Board { title: String::new(), notes: List::default() })
    }
    async fn clear(&mut self) {
        self.notes.clear();
    }
    async fn add(&mut self, note: Note, cx: &mut Context<Self>) {
        cx.broadcast(note.clone());
        self.notes.push(note);
    }
    async fn rename(&mut self, title: String, cx: &mut Context<Self>) {
        self.title = title;
        cx.force("title");
    }
    async fn dig(&mut self, depth: usize) {
        self.notes.push(
            (0..depth).fold(Note::default(), |inner, _| Note { text: String::new(), more: vec![inner] }),
        );
    }
}

/// A component with another first action.
#[derive(LiveComponent)]
struct Lamp {
    #[live]
    is_on: bool,
}
#[live_actions]
impl Lamp {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Lamp { is_on: false })
    }
    async fn toggle(&mut self) {
        self.is_on = !self.is_on;
    }
}

fn boards() -> Arc<Engine> {
    engine(Limits::default(), |builder: &mut Builder| {
        builder.component::<Board>();
        builder.component::<Lamp>();
    })
}

/// A client of any encoding, in bytes.
struct Client {
    session: Peer,
    outbox: Arc<Outbox>,
}

impl Client {
    fn open(engine: &Arc<Engine>, encoding: Encoding) -> Self {
        let outbox = Arc::new(Outbox::new(encoding));
        Client { session: Peer::new(engine.clone(), Visitor::anonymous("ana"), outbox.clone()), outbox }
    }
    /// A full client; by schema if it is to be.
    fn full(engine: &Arc<Engine>, encoding: Encoding) -> Self {
        let schema = if encoding == Encoding::CompactBySchema { engine.schema() } else { "another" };
        let start = if encoding == Encoding::CompactBySchema { Encoding::Compact } else { encoding };
        let mut client = Client::open(engine, start);
        let hello = json!({"type": "HELLO", "protocol": 1, "schema": schema}).to_string();
        match encoding {
            Encoding::Json => client.session.receive(&hello),
            Encoding::Compact | Encoding::CompactBySchema => {
                client.session.receive_compact(&compact::from_client(&hello, None).unwrap());
            }
        }
        assert_eq!(client.outbox.encoding(), encoding);
        client.hear();
        client
    }
    fn say(&mut self, message: &Value) {
        let bytes = rmp_serde::to_vec(message).unwrap();
        self.session.receive_compact(&bytes);
    }
    /// What has arrived, as it is on the wire.
    fn hear(&mut self) -> Vec<Vec<u8>> {
        match self.outbox.next() {
            Next::Write(messages) => messages,
            other => panic!("something to write, not {other:?}"),
        }
    }
    fn hear_one(&mut self) -> Value {
        let [message] = self.hear().try_into().expect("one message");
        rmp_serde::from_slice(&message).unwrap()
    }
}

const ALL: [Encoding; 3] = [Encoding::Json, Encoding::Compact, Encoding::CompactBySchema];

#[tokio::test]
async fn a_commit_is_encoded_once_for_each_encoding_of_fifty_readers() {
    let engine = boards();
    let mut clients: Vec<(Encoding, Client)> =
        (0..50).map(|n| ALL[n % 3]).map(|encoding| (encoding, Client::full(&engine, encoding))).collect();
    for (encoding, client) in &mut clients {
        let mount =
            r#"{"type":"COMPONENT_MOUNT","componentId":"c1","payload":{"component":"Board","props":{}}}"#;
        match encoding {
            Encoding::Json => client.session.receive(mount),
            Encoding::Compact | Encoding::CompactBySchema => client.say(&json!([2, "c1", "Board", {}])),
        }
        client.hear();
    }
    let board = engine.store::<Board>("");
    for commit in 0..3 {
        let before = board.encodings().unwrap();
        board.update(|board, _| board.title = commit.to_string()).await.unwrap();
        let mut heard: Vec<Vec<u8>> = clients.iter_mut().flat_map(|(_, client)| client.hear()).collect();
        assert_eq!(heard.len(), 50);
        heard.sort();
        heard.dedup();
        assert_eq!(heard.len(), 3, "all readers of an encoding are told the same");
        assert_eq!(board.encodings().unwrap() - before, 3);
    }
}

#[tokio::test]
async fn a_store_without_readers_of_it_writes_nothing_compact() {
    let engine = boards();
    let mut client = Client::full(&engine, Encoding::Json);
    client.session.receive(
        r#"{"type":"COMPONENT_MOUNT","componentId":"c1","payload":{"component":"Board","props":{}}}"#,
    );
    client.hear();
    let board = engine.store::<Board>("");
    let before = board.encodings().unwrap();
    board.update(|board, _| board.title = "t".to_owned()).await.unwrap();
    client.hear();
    assert_eq!(board.encodings().unwrap() - before, 1);
}

#[tokio::test]
async fn by_schema_everything_both_know_is_a_place() {
    let engine = boards();
    let mut client = Client::full(&engine, Encoding::CompactBySchema);
    client.say(&json!([2, "c1", "Board", {}]));
    let mounted = client.hear_one();
    assert_eq!((&mounted[0], &mounted[4]), (&json!(2), &json!(["", []])));
    client.say(&json!([4, "c1", 1, {"text": "a", "more": [{"text": "b", "more": []}]}, 1, 0]));
    let note = json!(["a", [["b", []]]]);
    let told = json!([[4, "c1", 0, 1, [[1, [1], note]]], [7, "c1", 0, note, 1], [5, 1, "c1", null, 1]]);
    assert_eq!(client.hear_one(), told);
    client.say(&json!([5, "c1", 0, "t", 2]));
    assert_eq!(client.hear_one(), json!([[4, "c1", 1, 2, [[0, [0], "t"]]], [5, 2, "c1", null, 2]]));
    // Names are taken, too.
    client.say(&json!([4, "c1", "clear", null, 3]));
    assert_eq!(client.hear_one()[1], json!([5, 3, "c1", null, 3]));
}

#[tokio::test]
async fn an_event_of_no_schema_travels_by_name() {
    let engine = boards();
    let (mut caller, mut other) =
        (Client::full(&engine, Encoding::CompactBySchema), Client::full(&engine, Encoding::CompactBySchema));
    for client in [&mut caller, &mut other] {
        client.say(&json!([2, "c1", "Board", {}]));
        client.hear();
    }
    caller.say(&json!([4, "c1", "rename", "t", 1, 0]));
    let delta = json!([4, "c1", 0, 1, [[0, [0], "t"]]]);
    let forced = json!([7, "c1", "$force", ["title"], 1]);
    assert_eq!(caller.hear_one(), json!([delta, forced, [5, 1, "c1", null, 1]]));
    assert_eq!(other.hear_one(), delta);
}

#[tokio::test]
async fn a_place_is_looked_up_when_its_message_has_its_turn() {
    let engine = boards();
    let mut client = Client::full(&engine, Encoding::CompactBySchema);
    // The same place twice, of two components one after the other at the same address.
    client.say(&json!([
        [2, "c1", "Lamp", {}],
        [4, "c1", 0, null, 1],
        [3, "c1"],
        [2, "c1", "Board", {}],
        [4, "c1", 0, null, 2]
    ]));
    let mut heard = Vec::new();
    for _ in 0..100 {
        tokio::task::yield_now().await;
        if let Next::Write(messages) = client.outbox.next() {
            heard.extend(messages.iter().flat_map(|it| match rmp_serde::from_slice(it).unwrap() {
                Value::Array(batch) if batch[0].is_array() => batch,
                message => vec![message],
            }));
        }
    }
    let replies: Vec<&Value> = heard.iter().filter(|it| it[0] == 5).collect();
    let errors: Vec<&Value> = heard.iter().filter(|it| it[0] == 6).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(replies.len(), 2, "{heard:?}");
}

#[tokio::test]
async fn a_place_that_nothing_has_is_an_unknown_name() {
    let engine = boards();
    let mut client = Client::full(&engine, Encoding::CompactBySchema);
    client.say(&json!([2, "c1", "Board", {}]));
    client.hear();
    client.say(&json!([4, "c1", 4, null, 1]));
    let error = client.hear_one();
    assert_eq!(
        (&error[0], &error[1], &error[4]),
        (&json!(6), &json!("unknown_action"), &json!(1)),
        "{error}"
    );
    client.say(&json!([5, "c1", u64::MAX, null, 2]));
    assert_eq!(client.hear_one()[1], "not_bindable");
    client.say(&json!([4, "c2", 0, null, 3]));
    assert_eq!(client.hear_one()[1], "gone");
}

#[tokio::test]
async fn places_are_those_of_what_is_mounted_and_not_of_what_was_asked_for() {
    let engine = boards();
    let mut client = Client::full(&engine, Encoding::CompactBySchema);
    client.say(&json!([[2, "c1", "Nobody", {}], [4, "c1", 0, null, 1], [7, "c1"]]));
    let codes = |heard: Value| -> Vec<Value> {
        heard.as_array().unwrap().iter().map(|message| message[1].clone()).collect()
    };
    assert_eq!(codes(client.hear_one()), ["unknown_component", "gone", "gone"]);
    client.say(&json!([2, "c1", "Board", {}]));
    client.hear();
    // It is a board's list of notes, also after a lamp was refused its address.
    client.say(&json!([2, "c1", "Lamp", {}]));
    assert_eq!(client.hear_one()[1], "conflict");
    client.say(&json!([4, "c1", 1, {"text": "a", "more": []}, 2, 0]));
    assert_eq!(client.hear_one()[0], json!([4, "c1", 0, 1, [[1, [1], ["a", []]]]]));
    client.say(&json!([7, "c1"]));
    let resent = client.hear_one();
    assert_eq!((&resent[0], &resent[1]), (&json!(3), &json!("c1")), "{resent}");
    assert!(resent.as_array().unwrap().contains(&json!(["", [["a", []]]])), "{resent}");
}

#[tokio::test]
async fn without_the_same_schema_a_place_is_a_bad_message() {
    let engine = boards();
    for is_full in [true, false] {
        let mut client = if is_full {
            Client::full(&engine, Encoding::Compact)
        } else {
            Client::open(&engine, Encoding::Compact)
        };
        client.say(&json!([2, "c1", "Board", {}]));
        let mounted = client.hear_one();
        assert_eq!((&mounted[0], &mounted[4]), (&json!(2), &json!({"title": "", "notes": []})));
        client.say(&json!([4, "c1", 0, null, 1]));
        let error = client.hear_one();
        assert_eq!((&error[1], &error[3], &error[4]), (&json!("bad_message"), &json!("c1"), &json!(1)));
    }
}

#[tokio::test]
async fn a_basic_client_is_told_by_name_each_message_alone() {
    let engine = boards();
    let mut client = Client::open(&engine, Encoding::Compact);
    client.say(&json!([2, "c1", "Board", {}]));
    client.hear();
    client.say(&json!([4, "c1", "add", {"text": "a", "more": []}, "x"]));
    let heard: Vec<Value> = client.hear().iter().map(|it| rmp_serde::from_slice(it).unwrap()).collect();
    let note = json!({"text": "a", "more": []});
    assert_eq!(heard[0][4], json!({"title": "", "notes": [note]}));
    assert_eq!(heard[1], json!([7, "c1", "NOTE", note, 1]));
    assert_eq!(heard[2], json!([5, "x", "c1", null, 1]));
}

#[tokio::test]
async fn an_answer_that_is_kept_is_sent_again_in_the_encoding_of_its_connection() {
    let engine = boards();
    let mut client = Client::full(&engine, Encoding::Compact);
    client.say(&json!([2, "c1", "Board", {}]));
    client.hear();
    client.say(&json!([4, "c1", "clear", null, 1]));
    let answer = client.hear_one();
    client.say(&json!([4, "c1", "clear", null, 1]));
    assert_eq!(client.hear_one(), answer);
    assert_eq!(answer[0], 5);
}

#[tokio::test]
async fn what_nests_too_deep_for_it_ends_the_connection_and_no_other() {
    let engine = boards();
    let (mut compact, mut json) =
        (Client::full(&engine, Encoding::Compact), Client::full(&engine, Encoding::Json));
    compact.say(&json!([2, "c1", "Board", {}]));
    compact.hear();
    json.session.receive(
        r#"{"type":"COMPONENT_MOUNT","componentId":"c1","payload":{"component":"Board","props":{}}}"#,
    );
    json.hear();
    compact.say(&json!([4, "c1", "dig", 100, 1]));
    assert_eq!(compact.outbox.next(), Next::Close(CloseCode::InternalError));
    json.hear();
    json.session.receive(r#"{"type":"COMPONENT_ACTION","componentId":"c1","action":"clear","requestId":1}"#);
    assert!(String::from_utf8(json.hear().remove(0)).unwrap().contains("REPLY"));
}
