//! Whole conversations over real sockets, in both encodings: the same messages, and one room for all.
use fluxstack_live::{Limits, prelude::*};
use fluxstack_live_protocol::compact::{self, Shape};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

/// Something somebody said.
#[live_type]
#[derive(Default)]
struct Said {
    by: String,
    words: Vec<String>,
}

#[derive(LiveComponent)]
#[live(shared, events(Said))]
struct Room {
    #[live]
    count: i64,
    #[live(bind)]
    topic: Option<String>,
    #[live]
    said: List<Said>,
}

#[live_type]
struct Props {}

#[live_actions]
impl Room {
    fn key(_props: &Props) -> String {
        String::new()
    }
    async fn authorize(_props: &Props, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Room { count: 0, topic: None, said: List::default() })
    }
    async fn increment(&mut self, amount: Option<i64>) -> i64 {
        self.count += amount.unwrap_or(1);
        self.count
    }
    async fn say(&mut self, said: Said, cx: &mut Context<Self>) {
        cx.broadcast(said.clone());
        self.said.push(said);
    }
    async fn rename(&mut self, topic: String, cx: &mut Context<Self>) {
        self.topic = Some(topic);
        cx.force("topic");
    }
    async fn fail(&mut self) -> Result<(), Said> {
        Err(Said { by: "nobody".to_owned(), words: Vec::new() })
    }
}

const JSON: &str = "fluxstack-live.v1.json";
const MSGPACK: &str = "fluxstack-live.v1.msgpack";

async fn server() -> (SocketAddr, Live) {
    let live = Live::builder().component::<Room>().limits(Limits::default()).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = live.router("/live");
    tokio::spawn(async move { fluxstack_live::serve(listener, router).await.unwrap() });
    (address, live)
}

/// A client that says and hears JSON, whatever is on the wire.
struct Client {
    socket: WebSocketStream<TcpStream>,
    is_binary: bool,
    /// Some for a client that knows the schema, once it has been welcomed.
    shape: Option<Arc<Shape>>,
    /// Bytes that have come.
    heard: usize,
}

impl Client {
    async fn connect(server: SocketAddr, subprotocol: &'static str) -> Client {
        let mut request = format!("ws://{server}/live").into_client_request().unwrap();
        request.headers_mut().append("sec-websocket-protocol", HeaderValue::from_static(subprotocol));
        let stream = TcpStream::connect(server).await.unwrap();
        let (socket, response) = client_async(request, stream).await.unwrap();
        assert_eq!(response.headers()["sec-websocket-protocol"], subprotocol);
        Client { socket, is_binary: subprotocol == MSGPACK, shape: None, heard: 0 }
    }
    async fn say(&mut self, message: Value) {
        let message = if self.is_binary {
            Message::binary(compact::from_client(&message.to_string(), self.shape.as_deref()).unwrap())
        } else {
            Message::text(message.to_string())
        };
        self.socket.send(message).await.unwrap();
    }
    async fn hear(&mut self) -> Value {
        loop {
            let message = timeout(Duration::from_secs(5), self.socket.next()).await.expect("an answer comes");
            let message = message.unwrap().unwrap();
            self.heard += message.len();
            match message {
                Message::Text(text) if !self.is_binary => return serde_json::from_str(&text).unwrap(),
                Message::Binary(bytes) if self.is_binary => {
                    let text = compact::to_client(&bytes, |_| self.shape.as_deref()).unwrap();
                    return serde_json::from_str(&text).unwrap();
                }
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("a message, not {other:?}"),
            }
        }
    }
    async fn close_code(&mut self) -> u16 {
        loop {
            match timeout(Duration::from_secs(5), self.socket.next()).await.expect("the end comes") {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("a close frame, not {other:?}"),
            }
        }
    }
}

/// How a client speaks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Speaks {
    Json,
    Compact,
    BySchema,
}
const ALL: [Speaks; 3] = [Speaks::Json, Speaks::Compact, Speaks::BySchema];

/// A full client, welcomed.
async fn welcomed(server: SocketAddr, live: &Live, speaks: Speaks) -> Client {
    let mut client = Client::connect(server, if speaks == Speaks::Json { JSON } else { MSGPACK }).await;
    let schema = if speaks == Speaks::BySchema { live.engine().schema() } else { "another" };
    client.say(json!({"type": "HELLO", "protocol": 1, "schema": schema})).await;
    let welcome = client.hear().await;
    assert_eq!((&welcome["type"], &welcome["schema"]), (&json!("WELCOME"), &json!(live.engine().schema())));
    client.shape = (speaks == Speaks::BySchema).then(|| live.engine().shape("Room").unwrap().clone());
    client
}

fn mount() -> Value {
    json!({"type": "COMPONENT_MOUNT", "componentId": "c1", "payload": {"component": "Room", "props": {}}})
}
fn call(n: u64, action: &str, payload: Value) -> Value {
    json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": action, "payload": payload, "requestId": n})
}
fn set(n: u64, property: &str, value: Value) -> Value {
    json!({"type": "PROPERTY_UPDATE", "componentId": "c1", "payload": {"property": property, "value": value}, "requestId": n})
}

/// A conversation of everything, as JSON, without the epoch, which is random.
async fn conversation(client: &mut Client) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for message in [
        mount(),
        call(1, "increment", json!(null)),
        call(2, "increment", json!(1000)),
        call(3, "say", json!({"by": "ana", "words": ["hé", "\"𝄞\"", ""]})),
        call(4, "say", json!([1])),
        call(5, "explode", json!({"count": 1})),
        call(6, "fail", json!(null)),
        set(7, "topic", json!("t")),
        set(8, "topic", json!(null)),
        set(9, "count", json!(7)),
        json!({"type": "RESYNC", "componentId": "c1"}),
        json!({"type": "PING", "at": -0.25}),
        json!({"type": "RESYNC"}),
        json!([call(10, "explode", json!(null)), call(11, "explode", json!(1))]),
        json!({"type": "COMPONENT_UNMOUNT", "componentId": "c1"}),
        call(12, "increment", json!(null)),
    ] {
        let mut unanswered = match &message {
            Value::Array(batch) => batch.len(),
            message => usize::from(message["type"] != "COMPONENT_UNMOUNT"),
        };
        let is_last_by_place = message["type"] == "COMPONENT_UNMOUNT";
        client.say(message).await;
        if is_last_by_place {
            // Where nothing is mounted, a place has no name.
            client.shape = None;
        }
        while unanswered > 0 {
            let messages = match client.hear().await {
                Value::Array(batch) => batch,
                message => vec![message],
            };
            // The state that comes with an answer is none itself.
            unanswered -= messages
                .iter()
                .filter(|it| !["STATE_DELTA", "EVENT"].map(Into::into).contains(&it["type"]))
                .count();
            all.extend(messages);
        }
    }
    all.iter_mut().for_each(|message| drop(message.as_object_mut().unwrap().remove("epoch")));
    all
}

#[tokio::test]
async fn the_same_is_said_in_both_encodings() {
    let mut said = Vec::new();
    for speaks in ALL {
        let (server, live) = server().await;
        let mut client = welcomed(server, &live, speaks).await;
        let before = client.heard;
        said.push((conversation(&mut client).await, client.heard - before));
    }
    let [(json, most), (by_name, less), (by_schema, least)] = said.try_into().unwrap();
    assert_eq!(json, by_name);
    assert_eq!(json, by_schema);
    assert!(json.len() >= 20, "there is something to compare: {json:?}");
    assert!(least < less && less < most, "{least} < {less} < {most} bytes");
}

#[tokio::test]
async fn readers_of_every_encoding_share_a_room() {
    let (server, live) = server().await;
    let mut clients = Vec::new();
    for speaks in [ALL, ALL].concat() {
        let mut client = welcomed(server, &live, speaks).await;
        client.say(mount()).await;
        assert_eq!(client.hear().await["state"], json!({"count": 0, "topic": null, "said": []}));
        clients.push(client);
    }
    let before = live.store::<Room>("").encodings().unwrap();
    let said = Said { by: "ana".to_owned(), words: vec!["hi".to_owned()] };
    live.store::<Room>("")
        .update(|room, cx| {
            cx.broadcast(said.clone());
            room.said.push(said);
        })
        .await
        .unwrap();
    let expected = json!([
        {"type": "STATE_DELTA", "componentId": "c1", "from": 0, "version": 1, "ops": [["+", ["said"], {"by": "ana", "words": ["hi"]}]]},
        {"type": "EVENT", "componentId": "c1", "event": "SAID", "payload": {"by": "ana", "words": ["hi"]}, "version": 1},
    ]);
    for client in &mut clients {
        assert_eq!(client.hear().await, expected);
    }
    assert_eq!(live.store::<Room>("").encodings().unwrap() - before, 3, "one for each encoding");
}

#[tokio::test]
async fn what_is_forced_is_told_to_its_caller_in_every_encoding() {
    let (server, live) = server().await;
    let mut watching = welcomed(server, &live, Speaks::Json).await;
    watching.say(mount()).await;
    watching.hear().await;
    for (version, speaks) in (1..).zip(ALL) {
        let mut caller = welcomed(server, &live, speaks).await;
        caller.say(mount()).await;
        caller.hear().await;
        caller.say(call(1, "rename", json!(version.to_string()))).await;
        let delta = json!({"type": "STATE_DELTA", "componentId": "c1", "from": version - 1, "version": version, "ops": [["=", ["topic"], version.to_string()]]});
        let forced = json!({"type": "EVENT", "componentId": "c1", "event": "$force", "payload": ["topic"], "version": version});
        let reply = json!({"type": "REPLY", "requestId": 1, "componentId": "c1", "payload": {"result": null}, "at": {"c1": version}});
        assert_eq!(caller.hear().await, json!([delta, forced, reply]), "{speaks:?}");
        assert_eq!(watching.hear().await, delta);
    }
}

#[tokio::test]
async fn a_basic_client_hears_each_message_alone_and_by_name() {
    let (server, _live) = server().await;
    let mut client = Client::connect(server, MSGPACK).await;
    client.say(mount()).await;
    assert_eq!(client.hear().await["type"], "COMPONENT_MOUNTED");
    client
        .say(
            json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": "x"}),
        )
        .await;
    let update = client.hear().await;
    assert_eq!((&update["type"], &update["payload"]["state"]["count"]), (&json!("STATE_UPDATE"), &json!(1)));
    let reply = client.hear().await;
    assert_eq!((&reply["requestId"], &reply["payload"]["result"]), (&json!("x"), &json!(1)));
}

#[tokio::test]
async fn a_kind_of_frame_that_the_subprotocol_does_not_carry_closes_1003() {
    let (server, _live) = server().await;
    let mut client = Client::connect(server, MSGPACK).await;
    client.socket.send(Message::text(r#"{"type":"PING","at":1}"#)).await.unwrap();
    assert_eq!(client.close_code().await, 1003);
    let mut client = Client::connect(server, JSON).await;
    client.socket.send(Message::binary(vec![0x92, 8, 1])).await.unwrap();
    assert_eq!(client.close_code().await, 1003);
}

#[tokio::test]
async fn bytes_that_are_no_message_cost_an_error_each_and_the_connection_lives() {
    let (server, _live) = server().await;
    let mut client = Client::connect(server, MSGPACK).await;
    for bytes in [
        &b""[..],
        b"\xc1",
        b"\x90",
        b"\x92\x08",
        b"\xdd\xff\xff\xff\xff",
        b"\x92\x08\x07\x00",
        b"\x05",
        b"\x92\x63\x01",
    ] {
        client.socket.send(Message::binary(bytes.to_vec())).await.unwrap();
        let error = client.hear().await;
        assert_eq!((&error["type"], &error["code"]), (&json!("ERROR"), &json!("bad_message")), "{bytes:?}");
    }
    client.say(json!({"type": "PING", "at": 1})).await;
    assert_eq!(client.hear().await, json!({"type": "PONG", "at": 1}));
}
