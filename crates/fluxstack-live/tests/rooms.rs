//! Ten thousand rooms over a real socket, each mounted once and left: nothing of them stays. A process of its own, so that
//! its memory is that of the rooms.
use fluxstack_live::{Limits, prelude::*};
use futures_util::{SinkExt, StreamExt};
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, sleep},
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

const ROOMS: usize = 10_000;
/// Long enough that most of the rooms are there together.
const GRACE: Duration = Duration::from_secs(4);

#[derive(LiveComponent)]
#[live(shared, events(Said))]
struct Room {
    #[live]
    messages: List<String>,
    #[live]
    people: Map<String, bool>,
}

#[live_type]
struct RoomProps {
    room: String,
}

#[live_type]
struct Said {
    text: String,
}

#[live_actions]
impl Room {
    fn key(props: &RoomProps) -> String {
        props.room.clone()
    }
    fn authorize(_props: &RoomProps, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: RoomProps) -> Result<Self, MountError> {
        Ok(Room { messages: List::new(), people: Map::new() })
    }
    async fn joined(&mut self, cx: &mut Context<Self>) {
        self.people.insert(cx.visitor().expect("somebody joins").id().to_owned(), true);
    }
    async fn left(&mut self, cx: &mut Context<Self>) {
        self.people.remove(cx.visitor().expect("somebody leaves").id());
    }
    async fn say(&mut self, text: String, cx: &mut Context<Self>) {
        self.messages.push(text.clone());
        cx.broadcast(Said { text });
    }
}

struct Client {
    socket: WebSocketStream<TcpStream>,
    requests: usize,
}

impl Client {
    async fn send(&mut self, message: Value) {
        self.socket.send(Message::text(message.to_string())).await.unwrap();
    }
    /// Reads on to the WebSocket message that has one of this type.
    async fn hear(&mut self, kind: &str) {
        loop {
            let message = self.socket.next().await.unwrap().unwrap();
            let text = message.to_text().unwrap();
            assert!(!text.contains(r#""type":"ERROR""#), "{text}");
            if text.contains(&format!(r#""type":"{kind}""#)) {
                return;
            }
        }
    }
    async fn visit(&mut self, room: usize) {
        let payload = json!({"component": "Room", "props": {"room": format!("room {room}")}});
        self.send(json!({"type": "COMPONENT_MOUNT", "componentId": "r", "payload": payload})).await;
        self.hear("COMPONENT_MOUNTED").await;
        let (n, text) = (self.requests + 1, "x".repeat(2_000));
        self.send(json!({"type": "COMPONENT_ACTION", "componentId": "r", "action": "say", "payload": text, "requestId": n, "received": n - 1})).await;
        self.requests = n;
        self.hear("REPLY").await;
        self.send(json!({"type": "COMPONENT_UNMOUNT", "componentId": "r"})).await;
    }
}

/// Counts what is allocated. What the process holds of the system is another matter: an allocator keeps what was freed
/// for the next room.
#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

#[tokio::test]
async fn ten_thousand_rooms_mounted_once_and_left_leave_nothing() {
    let limits = Limits { shared_grace: GRACE, ..Limits::default() };
    let live = Live::builder().component::<Room>().limits(limits).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = live.clone();
    tokio::spawn(async move { fluxstack_live::serve(listener, served.router("/live")).await.unwrap() });
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (socket, _) = client_async(format!("ws://{address}/live"), stream).await.unwrap();
    let mut client = Client { socket, requests: 0 };
    client.send(json!({"type": "HELLO", "protocol": 1})).await;
    client.hear("WELCOME").await;

    // Once for what is made once and stays.
    client.visit(ROOMS * 9).await;
    let start = ALLOCATED.current_usage_as_mb();
    let (mut most, mut after) = (0, Vec::new());
    for round in 0..2 {
        for room in 0..ROOMS {
            client.visit(round * ROOMS + room).await;
            most = most.max(live.shared_stores());
        }
        let emptied = Instant::now() + GRACE + Duration::from_secs(10);
        while live.shared_stores() > 0 {
            assert!(Instant::now() < emptied, "{} rooms are still there", live.shared_stores());
            sleep(Duration::from_millis(20)).await;
        }
        after.push(ALLOCATED.current_usage_as_mb());
    }
    let peak = ALLOCATED.peak_usage_as_mb();
    println!(
        "at most {most} rooms at once; MiB allocated: {start:.2} before, {peak:.1} at the peak, {after:.2?} after each round"
    );
    assert!(most > ROOMS / 2, "at most {most} rooms were there at once, which shows little");
    assert!(peak - start > 20.0, "the rooms took memory");
    // The tables of what there was keep their size: 10 000 entries are 1 to 2 MiB.
    assert!(after.iter().all(|after| after - start < 2.5), "memory of the rooms does not come back");
    assert!(after[1] - after[0] < 0.1, "memory grows with the rooms there ever were");
}
