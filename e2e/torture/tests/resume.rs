//! What the sweeps have found about a resume, one fact each.
#[path = "every_byte/socket.rs"]
mod socket; // one connection: messages as JSON, whatever they travel as

use fluxstack_live::prelude::*;
use serde_json::{Value, json};
use socket::{Encoding, Heard, Socket};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Notify, time::timeout};

/// Its mount waits for a gate.
#[derive(LiveComponent)]
struct Slow {
    #[live]
    there: bool,
}

#[live_type]
struct Nothing {}

#[derive(Default)]
struct Gate {
    reached: Notify,
    opened: Notify,
}

#[live_actions]
impl Slow {
    async fn mount(_props: Nothing, cx: &MountContext) -> Result<Self, MountError> {
        let gate = cx.state::<Arc<Gate>>();
        gate.reached.notify_one();
        gate.opened.notified().await;
        Ok(Slow { there: true })
    }
}

/// Tells an event with every commit, and one of its commits is longer than its state.
#[derive(LiveComponent)]
#[live(events(Rang))]
struct Bell {
    #[live]
    last: String,
}

#[live_type]
struct Rang {
    times: u32,
}

#[live_actions]
impl Bell {
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        Ok(Bell { last: String::new() })
    }
    async fn ring(&mut self, times: u32, cx: &mut Context<Self>) {
        self.last = times.to_string();
        cx.broadcast(Rang { times });
    }
}

async fn serve(live: &Live) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = live.router("/live");
    tokio::spawn(async move { fluxstack_live::serve(listener, router).await.unwrap() });
    address
}

async fn connect(server: SocketAddr, hello: Value) -> (Socket, Value) {
    let mut socket = Socket::connect(server, Encoding::Json).await.unwrap();
    socket.say(&hello).await;
    let mut welcome = hear(&mut socket, says("WELCOME")).await;
    (socket, welcome.swap_remove(0))
}

/// Everything up to the WebSocket message with which it is enough.
async fn hear(socket: &mut Socket, is_enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let mut heard = Vec::new();
    while !is_enough(&heard) {
        match timeout(Duration::from_secs(10), socket.hear()).await.expect("an answer comes").unwrap() {
            Heard::Messages(messages) => heard.extend(messages),
            Heard::Lost => panic!("the connection is lost after {heard:?}"),
        }
    }
    heard
}

fn says(kind: &str) -> impl Fn(&[Value]) -> bool {
    move |heard| heard.iter().any(|message| message["type"] == kind)
}

fn again(welcome: &Value, components: Value) -> Value {
    let (session, secret) = (&welcome["session"], &welcome["secret"]);
    json!({ "type": "HELLO", "protocol": 1, "session": session, "secret": secret, "received": 0, "components": components })
}

fn mount(id: &str, component: &str) -> Value {
    let payload = json!({ "component": component, "props": {} });
    json!({ "type": "COMPONENT_MOUNT", "componentId": id, "payload": payload })
}

#[tokio::test]
async fn a_mount_that_is_under_way_is_answered_by_the_resume_when_it_has_ended_and_holds_up_nobody() {
    let gate = Arc::new(Gate::default());
    let live = Live::builder().component::<Slow>().state(gate.clone()).build().unwrap();
    let server = serve(&live).await;
    let (mut before, welcome) = connect(server, json!({ "type": "HELLO", "protocol": 1 })).await;
    before.say(&mount("slow", "Slow")).await;
    gate.reached.notified().await;
    // The connection was lost while the first mount waits, and before the second one arrived.
    drop(before);
    let components = json!([{ "componentId": "slow" }, { "componentId": "never" }]);
    let (mut after, welcome) = connect(server, again(&welcome, components)).await;
    assert_eq!(welcome["resumed"], true);
    let heard = hear(&mut after, says("COMPONENT_UNMOUNTED")).await;
    assert_eq!(heard[0]["componentId"], "never", "{heard:?}");
    gate.opened.notify_one();
    let heard = hear(&mut after, says("COMPONENT_MOUNTED")).await;
    assert_eq!(heard[0]["componentId"], "slow", "{heard:?}");
    after.leave().await;
}

#[tokio::test]
async fn a_resume_tells_what_was_missed_also_where_a_snapshot_is_shorter() {
    let live = Live::builder().component::<Bell>().build().unwrap();
    let server = serve(&live).await;
    let (mut before, welcome) = connect(server, json!({ "type": "HELLO", "protocol": 1 })).await;
    before.say(&mount("bell", "Bell")).await;
    let mounted = hear(&mut before, says("COMPONENT_MOUNTED")).await;
    let ring = |n: u32| json!({ "type": "COMPONENT_ACTION", "componentId": "bell", "action": "ring", "payload": n, "requestId": n });
    for n in 1..=3 {
        before.say(&ring(n)).await;
        hear(&mut before, says("REPLY")).await;
    }
    drop(before);
    // As if nothing of that had arrived: the server still has every commit since.
    let held = json!([{ "componentId": "bell", "epoch": mounted[0]["epoch"], "version": 0 }]);
    let (mut after, welcome) = connect(server, again(&welcome, held)).await;
    assert_eq!(welcome["resumed"], true);
    let answer = hear(&mut after, says("COMPONENT_MOUNTED")).await.swap_remove(0);
    let told: Vec<_> =
        answer["events"].as_array().into_iter().flatten().map(|it| &it["payload"]["times"]).collect();
    assert_eq!(told, [1, 2, 3], "{answer}");
    assert_eq!(answer["version"], 3);
    after.leave().await;
}
