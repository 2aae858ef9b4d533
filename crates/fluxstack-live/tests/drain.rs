//! A server that is told to stop: nobody loses a request, and it ends in time.
use fluxstack_live::prelude::*;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, oneshot},
    task::JoinHandle,
    time::{Instant, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

/// Holds back an action until it is opened.
#[derive(Clone)]
struct Gate(Arc<Semaphore>);

#[derive(LiveComponent)]
struct Worker {
    #[live]
    done: i64,
    #[live(resource)]
    gate: Gate,
}
#[live_type]
struct Nothing {}
#[live_actions]
impl Worker {
    fn mount(_props: Nothing, cx: &MountContext) -> Result<Self, MountError> {
        Ok(Worker { done: 0, gate: cx.state::<Gate>().clone() })
    }
    async fn work(&mut self) -> i64 {
        self.gate.0.acquire().await.unwrap().forget();
        self.done += 1;
        self.done
    }
}

struct Server {
    address: SocketAddr,
    gate: Gate,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<io::Result<()>>,
}

async fn server() -> Server {
    let gate = Gate(Arc::new(Semaphore::new(0)));
    let live = Live::builder().component::<Worker>().state(gate.clone()).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router = live.router("/live");
    let serving = tokio::spawn(fluxstack_live::serve_until(listener, router, async { drop(stopped.await) }));
    Server { address, gate, stop, serving }
}

struct Client(WebSocketStream<TcpStream>);

impl Client {
    async fn connect(server: SocketAddr) -> Client {
        let stream = TcpStream::connect(server).await.unwrap();
        Client(client_async(format!("ws://{server}/live"), stream).await.unwrap().0)
    }
    /// A full client that has mounted a worker.
    async fn at_work(server: SocketAddr) -> Client {
        let mut client = Client::connect(server).await;
        client.say(json!({"type": "HELLO", "protocol": 1})).await;
        assert_eq!(client.hear().await["type"], "WELCOME");
        client.mount().await;
        client
    }
    async fn mount(&mut self) {
        self.say(json!({"type": "COMPONENT_MOUNT", "componentId": "c1", "payload": {"component": "Worker", "props": {}}}))
            .await;
        assert_eq!(self.hear().await["type"], "COMPONENT_MOUNTED");
    }
    async fn work(&mut self, request: u64) {
        self.say(
            json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "work", "requestId": request}),
        )
        .await;
    }
    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }
    async fn hear(&mut self) -> Value {
        match timeout(Duration::from_secs(20), self.0.next())
            .await
            .expect("something comes")
            .unwrap()
            .unwrap()
        {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            Message::Close(frame) => json!({"closed": u16::from(frame.unwrap().code)}),
            other => panic!("a message, not {other:?}"),
        }
    }
}

#[tokio::test]
async fn clients_are_asked_to_go_what_runs_is_answered_and_what_is_left_is_closed() {
    let Server { address, gate, stop, serving } = server().await;
    let mut client = Client::at_work(address).await;
    let mut basic = Client::connect(address).await;
    basic.mount().await;
    client.work(1).await;
    // The server has it, as it answers what comes later.
    client.say(json!({"type": "PING", "at": 1})).await;
    assert_eq!(client.hear().await["type"], "PONG");
    let begin = Instant::now();
    stop.send(()).unwrap();
    let asked = client.hear().await;
    assert_eq!((&asked["type"], &asked["afterMs"]), (&json!("GO_AWAY"), &json!(2)), "two connections, 2 ms");
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    // One that was told nothing, as it would not understand it, has its time, and nothing runs for it.
    assert_eq!(basic.hear().await, json!({"closed": 1012}));
    assert!(!serving.is_finished(), "the action still runs");
    gate.0.add_permits(1);
    let answer = client.hear().await;
    assert_eq!((&answer[0]["type"], &answer[1]["payload"]["result"]), (&json!("STATE_DELTA"), &json!(1)));
    assert_eq!(client.hear().await, json!({"closed": 1012}));
    serving.await.unwrap().unwrap();
    assert!(begin.elapsed() < Duration::from_secs(8), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_server_whose_clients_have_gone_ends_at_once() {
    let Server { address, stop, serving, .. } = server().await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(Client::at_work(address).await);
    }
    let begin = Instant::now();
    stop.send(()).unwrap();
    for client in &mut clients {
        assert_eq!(client.hear().await["type"], "GO_AWAY");
        let code = CloseCode::from(4000);
        client.0.close(Some(CloseFrame { code, reason: "".into() })).await.unwrap();
    }
    timeout(Duration::from_secs(20), serving).await.expect("it ends").unwrap().unwrap();
    assert!(begin.elapsed() < Duration::from_millis(1_900), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn what_a_lost_client_has_asked_for_comes_to_its_end() {
    let Server { address, gate, stop, serving } = server().await;
    let mut client = Client::at_work(address).await;
    client.work(1).await;
    client.say(json!({"type": "PING", "at": 1})).await;
    assert_eq!(client.hear().await["type"], "PONG");
    drop(client);
    stop.send(()).unwrap();
    tokio::task::yield_now().await;
    assert!(!serving.is_finished());
    gate.0.add_permits(1);
    timeout(Duration::from_secs(5), serving).await.expect("it ends").unwrap().unwrap();
    assert_eq!(gate.0.available_permits(), 0, "the action went on");
}

#[tokio::test]
async fn a_newer_connection_takes_the_session_over_and_the_older_is_closed_4409() {
    let server = server().await;
    let address = server.address;
    let mut older = Client::connect(address).await;
    older.say(json!({"type": "HELLO", "protocol": 1})).await;
    let welcome = older.hear().await;
    older.mount().await;
    let mut newer = Client::connect(address).await;
    newer
        .say(json!({
            "type": "HELLO", "protocol": 1, "session": welcome["session"], "secret": welcome["secret"], "received": 0,
            "components": [{"componentId": "c1"}],
        }))
        .await;
    assert_eq!(newer.hear().await["resumed"], true);
    assert_eq!(newer.hear().await["type"], "COMPONENT_MOUNTED");
    assert_eq!(older.hear().await, json!({"closed": 4409}));
}
