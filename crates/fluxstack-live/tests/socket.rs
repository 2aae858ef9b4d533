//! The edge over real sockets: who may connect, what closes a connection and with which code.
use fluxstack_live::{Limits, prelude::*};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        error::Error,
        http::{HeaderName, HeaderValue, StatusCode},
    },
};

#[derive(LiveComponent)]
struct Counter {
    #[live]
    count: i64,
    #[live]
    ballast: String,
}

#[live_type]
struct Props {
    count: i64,
}

#[live_actions]
impl Counter {
    fn mount(props: Props) -> Result<Self, MountError> {
        Ok(Counter { count: props.count, ballast: String::new() })
    }
    async fn increment(&mut self) {
        self.count += 1;
    }
    async fn load(&mut self, bytes: usize) {
        self.ballast = (self.count % 10).to_string().repeat(bytes);
        self.count += 1;
    }
}

async fn server(limits: Limits) -> SocketAddr {
    let live = Live::builder()
        .component::<Counter>()
        .limits(limits)
        .allow_origin("https://app.example")
        .build()
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { fluxstack_live::serve(listener, live.router("/live")).await.unwrap() });
    address
}

type Socket = WebSocketStream<TcpStream>;

async fn connect(server: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Result<Socket, Box<Error>> {
    let mut request = format!("ws://{server}{path}").into_client_request().unwrap();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
    }
    let stream = TcpStream::connect(server).await.unwrap();
    client_async(request, stream).await.map(|(socket, _)| socket).map_err(Box::new)
}
async fn connected(limits: Limits) -> Socket {
    connect(server(limits).await, "/live", &[]).await.unwrap()
}
fn refused(outcome: Result<Socket, Box<Error>>) -> (StatusCode, String) {
    let Err(error) = outcome else { panic!("it is refused") };
    let Error::Http(response) = *error else { panic!("with a status, not with {error}") };
    let body = response.body().clone().unwrap_or_default();
    (response.status(), String::from_utf8(body).unwrap())
}
async fn say(socket: &mut Socket, message: Value) {
    socket.send(Message::text(message.to_string())).await.unwrap();
}
async fn hear(socket: &mut Socket) -> Value {
    loop {
        match timeout(Duration::from_secs(5), socket.next()).await.expect("an answer comes").unwrap().unwrap()
        {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("a message, not {other:?}"),
        }
    }
}
/// The code the server closes with.
async fn close_code(socket: &mut Socket) -> u16 {
    loop {
        match timeout(Duration::from_secs(5), socket.next()).await.expect("the end comes") {
            Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
            Some(Ok(_)) => {}
            other => panic!("a close frame, not {other:?}"),
        }
    }
}
fn mount() -> Value {
    json!({"type": "COMPONENT_MOUNT", "componentId": "c1", "payload": {"component": "Counter", "props": {"count": 0}}})
}

#[tokio::test]
async fn a_counter_counts_over_a_socket() {
    let mut socket = connected(Limits::default()).await;
    say(&mut socket, json!({"type": "HELLO", "protocol": 1})).await;
    let welcome = hear(&mut socket).await;
    assert_eq!(
        (&welcome["type"], &welcome["resumed"], &welcome["heartbeatMs"]),
        (&json!("WELCOME"), &json!(false), &json!(20_000))
    );
    assert_eq!(welcome["limits"], json!({"inFlight": 32, "messageBytes": 65_536}));
    let secret = welcome["secret"].as_str().unwrap();
    assert!(secret.len() == 32 && secret != welcome["session"], "128 bits of its own");
    say(&mut socket, mount()).await;
    assert_eq!(hear(&mut socket).await["state"]["count"], 0);
    say(
        &mut socket,
        json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": 1}),
    )
    .await;
    let answer = hear(&mut socket).await;
    assert_eq!((&answer[0]["type"], &answer[1]["type"]), (&json!("STATE_DELTA"), &json!("REPLY")));
    assert_eq!(answer[0]["ops"], json!([["=", ["count"], 1]]));
}

#[tokio::test]
async fn foreign_pages_tokens_in_urls_and_unknown_subprotocols_are_refused_with_a_hint() {
    let server = server(Limits::default()).await;
    let own = format!("http://{server}");
    for origin in [own.as_str(), "https://app.example"] {
        assert!(connect(server, "/live", &[("origin", origin)]).await.is_ok(), "{origin}");
    }
    for origin in ["http://evil.example", "null"] {
        let (status, body) = refused(connect(server, "/live", &[("origin", origin)]).await);
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(body.contains("allow_origin"), "{body}");
    }
    let twice = [("origin", own.as_str()), ("origin", own.as_str())];
    assert_eq!(refused(connect(server, "/live", &twice).await).0, StatusCode::FORBIDDEN);
    let (status, body) = refused(connect(server, "/live?token=abc", &[]).await);
    assert_eq!(
        (status, body.contains("HELLO"), body.contains("abc")),
        (StatusCode::BAD_REQUEST, true, false)
    );
    let (status, body) = refused(connect(server, "/live", &[("sec-websocket-protocol", "soap")]).await);
    assert_eq!((status, body.contains("fluxstack-live.v1.json")), (StatusCode::BAD_REQUEST, true));
    let spoken = [("sec-websocket-protocol", "soap, fluxstack-live.v1.json")];
    assert!(connect(server, "/live", &spoken).await.is_ok());
}

#[tokio::test]
async fn what_is_no_upgrade_is_answered_as_http() {
    let server = server(Limits::default()).await;
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream
        .write_all(format!("GET /live HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[tokio::test]
async fn a_message_over_the_limit_closes_1009_and_one_at_the_limit_does_not() {
    let mut socket = connected(Limits { message_bytes: 1_000, ..Limits::default() }).await;
    socket.send(Message::text(" ".repeat(1_000))).await.unwrap();
    assert_eq!(hear(&mut socket).await["code"], "bad_message");
    socket.send(Message::text(" ".repeat(1_001))).await.unwrap();
    assert_eq!(close_code(&mut socket).await, 1009);
    let mut socket = connected(Limits::default()).await;
    // Far more than fits into the buffers between: the close frame has to come back all the same.
    let _ = socket.send(Message::text(" ".repeat(8 * 1024 * 1024))).await;
    assert_eq!(close_code(&mut socket).await, 1009);
}

#[tokio::test]
async fn binary_closes_1003_and_text_that_is_not_utf_8_1007() {
    let mut socket = connected(Limits::default()).await;
    socket.send(Message::binary(b"\x81\x00".to_vec())).await.unwrap();
    assert_eq!(close_code(&mut socket).await, 1003);
    let mut socket = connected(Limits::default()).await;
    // A masked text frame of one byte that is no UTF-8, by hand: the client library would not send it.
    socket.get_mut().write_all(&[0x81, 0x81, 0, 0, 0, 0, 0xff]).await.unwrap();
    assert_eq!(close_code(&mut socket).await, 1007);
}

#[tokio::test]
async fn an_unmasked_frame_closes_1002() {
    let mut socket = connected(Limits::default()).await;
    socket.get_mut().write_all(&[0x81, 0x01, b'x']).await.unwrap();
    assert_eq!(close_code(&mut socket).await, 1002);
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed_4408() {
    let mut socket =
        connected(Limits { first_message: Duration::from_millis(50), ..Limits::default() }).await;
    assert_eq!(close_code(&mut socket).await, 4408);
}

#[tokio::test]
async fn a_silent_client_is_pinged_and_kept_as_long_as_it_answers() {
    let (ping_after, pong_within) = (Duration::from_millis(30), Duration::from_millis(60));
    let mut socket = connected(Limits { ping_after, pong_within, ..Limits::default() }).await;
    say(&mut socket, mount()).await;
    let mut pings = 0;
    while pings < 4 {
        // The client library answers a ping when it is read on.
        if socket.next().await.unwrap().unwrap().is_ping() {
            pings += 1;
        }
    }
    // From now on nobody reads, so nobody answers.
    let mut stream = socket.into_inner();
    let mut rest = Vec::new();
    timeout(Duration::from_secs(5), stream.read_to_end(&mut rest))
        .await
        .expect("the server gives up")
        .unwrap();
    let code = 1001_u16.to_be_bytes();
    assert!(rest.windows(2).any(|bytes| bytes == code), "it says so first: {rest:?}");
}

#[tokio::test]
async fn a_reader_that_is_stuck_is_dropped_and_does_not_hold_up_others() {
    let limits = Limits { write_within: Duration::from_millis(200), ..Limits::default() };
    let server = server(limits).await;
    let mut stuck = connect(server, "/live", &[]).await.unwrap();
    say(&mut stuck, mount()).await;
    let started = Instant::now();
    // A basic client that never reads: each call brings a state of 250 KB, until no buffer takes more.
    let call = json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "load", "payload": 250_000});
    while stuck.send(Message::text(call.to_string())).await.is_ok() {
        assert!(started.elapsed() < Duration::from_secs(20), "the server lets go of it");
    }
    let mut other = connect(server, "/live", &[]).await.unwrap();
    say(&mut other, mount()).await;
    assert_eq!(hear(&mut other).await["type"], "COMPONENT_MOUNTED");
}

#[tokio::test]
async fn a_client_that_closes_gets_its_close_back() {
    let mut socket = connected(Limits::default()).await;
    say(&mut socket, mount()).await;
    hear(&mut socket).await;
    socket.close(None).await.unwrap();
    let rest = timeout(Duration::from_secs(5), async { while let Some(Ok(_)) = socket.next().await {} });
    rest.await.expect("the closing handshake ends");
}
