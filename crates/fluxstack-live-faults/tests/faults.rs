//! Each fault over real sockets: what arrives, how the sockets end, and what is counted.
use fluxstack_live_faults::{Close, FaultProxy, Faults, Passed, Plan, Schedule, Scope, Way};
use std::{
    future::Future,
    io::ErrorKind,
    net::SocketAddr,
    num::NonZeroU32,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::yield_now,
    time::timeout,
};

const WORDS: &[u8] = b"twenty bytes of words";

/// A proxy, and the server's end of each connection through it.
struct Network {
    proxy: FaultProxy,
    server: TcpListener,
}

impl Network {
    async fn new(plan: Plan) -> Self {
        Network::scheduled(Schedule::each(move |_| plan.clone())).await
    }
    async fn scheduled(schedule: Schedule) -> Self {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = FaultProxy::start(server.local_addr().unwrap(), schedule).await.unwrap();
        Network { proxy, server }
    }
    /// The client's end and the server's end.
    async fn connect(&self) -> (TcpStream, TcpStream) {
        let client = TcpStream::connect(self.proxy.address()).await.unwrap();
        let (server, _) = soon(self.server.accept()).await.unwrap();
        (client, server)
    }
}

/// It must not hang; how fast it is, does not matter.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), future).await.expect("it comes")
}

async fn until(mut is_so: impl FnMut() -> bool) {
    soon(async {
        while !is_so() {
            yield_now().await;
        }
    })
    .await;
}

/// What arrives, and how it ends: None in order, or else the error.
async fn everything(socket: &mut TcpStream) -> (Vec<u8>, Option<ErrorKind>) {
    let mut arrived = Vec::new();
    let end = soon(socket.read_to_end(&mut arrived)).await;
    (arrived, end.err().map(|error| error.kind()))
}

async fn expect(socket: &mut TcpStream, words: &[u8]) {
    let mut arrived = vec![0; words.len()];
    soon(socket.read_exact(&mut arrived)).await.unwrap();
    assert_eq!(arrived, words);
}

fn end_of(close: Close) -> Option<ErrorKind> {
    match close {
        Close::Fin => None,
        Close::Rst => Some(ErrorKind::ConnectionReset),
    }
}

fn cut(close: Close) -> Faults {
    match close {
        Close::Fin => Faults { closed: 1, ..Faults::default() },
        Close::Rst => Faults { reset: 1, ..Faults::default() },
    }
}

#[tokio::test]
async fn a_cut_on_the_way_up_comes_after_exactly_so_many_bytes() {
    for close in [Close::Fin, Close::Rst] {
        for after in 0..=WORDS.len() {
            let network = Network::new(Plan::up(Way::cut(after as u64, close))).await;
            let (mut client, mut server) = network.connect().await;
            // With 0 the socket may be gone before.
            let _ = client.write_all(WORDS).await;
            assert_eq!(everything(&mut server).await, (WORDS[..after].to_vec(), end_of(close)));
            assert_eq!(everything(&mut client).await, (Vec::new(), end_of(close)));
            assert_eq!(network.proxy.passed(0), Some(Passed { up: after as u64, down: 0 }));
            assert_eq!(network.proxy.faults(), cut(close));
        }
    }
}

#[tokio::test]
async fn a_cut_on_the_way_down_comes_after_exactly_so_many_bytes() {
    for close in [Close::Fin, Close::Rst] {
        for after in 0..=WORDS.len() {
            let network = Network::new(Plan::down(Way::cut(after as u64, close))).await;
            let (mut client, mut server) = network.connect().await;
            let _ = server.write_all(WORDS).await;
            assert_eq!(everything(&mut client).await, (WORDS[..after].to_vec(), end_of(close)));
            assert_eq!(everything(&mut server).await, (Vec::new(), end_of(close)));
            assert_eq!(network.proxy.passed(0), Some(Passed { up: 0, down: after as u64 }));
            assert_eq!(network.proxy.faults(), cut(close));
        }
    }
}

#[tokio::test]
async fn a_cut_for_a_byte_that_never_comes_is_not_counted() {
    let network = Network::new(Plan::up(Way::cut(100, Close::Rst))).await;
    let (mut client, mut server) = network.connect().await;
    client.write_all(WORDS).await.unwrap();
    client.shutdown().await.unwrap();
    assert_eq!(everything(&mut server).await, (WORDS.to_vec(), None));
    assert_eq!(network.proxy.faults(), Faults::default());
}

#[tokio::test]
async fn half_open_one_way_loses_the_rest_and_the_end_and_lets_the_other_direction_go_on() {
    let lasts = Some(Duration::from_millis(100));
    let network = Network::new(Plan::up(Way::half_open(6, Scope::OneWay, lasts))).await;
    let (mut client, mut server) = network.connect().await;
    client.write_all(WORDS).await.unwrap();
    client.shutdown().await.unwrap();
    expect(&mut server, &WORDS[..6]).await;
    server.write_all(b"are you there?").await.unwrap();
    expect(&mut client, b"are you there?").await;
    // The client has closed in order, and the server never hears of it: what it hears is the end of the time.
    assert_eq!(everything(&mut server).await, (Vec::new(), Some(ErrorKind::ConnectionReset)));
    assert_eq!(network.proxy.faults(), Faults { half_open: 1, ..Faults::default() });
}

#[tokio::test]
async fn half_open_both_ways_loses_everything_until_it_is_healed() {
    let network = Network::new(Plan::down(Way::half_open(6, Scope::BothWays, None))).await;
    let (mut client, mut server) = network.connect().await;
    client.write_all(b"before").await.unwrap();
    expect(&mut server, b"before").await;
    server.write_all(WORDS).await.unwrap();
    expect(&mut client, &WORDS[..6]).await;
    client.write_all(b"after").await.unwrap();
    until(|| network.proxy.faults().half_open == 1).await;
    network.proxy.heal();
    assert_eq!(everything(&mut server).await, (Vec::new(), Some(ErrorKind::ConnectionReset)));
    assert_eq!(everything(&mut client).await, (Vec::new(), Some(ErrorKind::ConnectionReset)));
    assert_eq!(network.proxy.passed(0), Some(Passed { up: 6, down: 6 }));
}

#[tokio::test]
async fn a_half_open_way_that_nothing_is_sent_on_is_not_counted() {
    let network = Network::new(Plan::up(Way::half_open(WORDS.len() as u64, Scope::OneWay, None))).await;
    let (mut client, mut server) = network.connect().await;
    client.write_all(WORDS).await.unwrap();
    expect(&mut server, WORDS).await;
    network.proxy.heal();
    assert_eq!(everything(&mut server).await.1, Some(ErrorKind::ConnectionReset));
    assert_eq!(network.proxy.faults(), Faults::default());
}

#[tokio::test]
async fn a_cut_of_the_other_direction_ends_a_half_open_connection() {
    let up = Way::half_open(0, Scope::OneWay, None);
    let network = Network::new(Plan::Join { up, down: Way::cut(3, Close::Fin) }).await;
    let (mut client, mut server) = network.connect().await;
    client.write_all(WORDS).await.unwrap();
    until(|| network.proxy.faults().half_open == 1).await;
    server.write_all(WORDS).await.unwrap();
    assert_eq!(everything(&mut client).await, (WORDS[..3].to_vec(), None));
    assert_eq!(network.proxy.faults(), Faults { half_open: 1, closed: 1, ..Faults::default() });
}

#[tokio::test]
async fn what_is_split_and_delayed_takes_its_time_for_every_piece_and_arrives_whole() {
    let delay = Duration::from_millis(2);
    let way = Way { delay, ..Way::split(1, 7) };
    let network = Network::new(Plan::up(way)).await;
    let (mut client, mut server) = network.connect().await;
    let started = Instant::now();
    client.write_all(WORDS).await.unwrap();
    client.shutdown().await.unwrap();
    assert_eq!(everything(&mut server).await, (WORDS.to_vec(), None));
    assert!(started.elapsed() >= delay * WORDS.len() as u32, "each byte was a piece of its own");
    assert_eq!(network.proxy.faults(), Faults { split: 1, delayed: 1, ..Faults::default() });
}

#[tokio::test]
async fn a_throttled_direction_has_its_rate_and_the_other_has_not() {
    let network = Network::new(Plan::down(Way::throttled(NonZeroU32::new(10_000).unwrap()))).await;
    let (mut client, mut server) = network.connect().await;
    client.write_all(WORDS).await.unwrap();
    expect(&mut server, WORDS).await;
    assert_eq!(network.proxy.faults(), Faults::default());
    let started = Instant::now();
    server.write_all(&[b'x'; 1_500]).await.unwrap();
    expect(&mut client, &[b'x'; 1_500]).await;
    assert!(started.elapsed() >= Duration::from_millis(150));
    assert_eq!(network.proxy.faults(), Faults { throttled: 1, ..Faults::default() });
}

#[tokio::test]
async fn healing_lets_go_of_what_is_held_back() {
    let slow = Way { delay: Duration::from_secs(3_600), ..Way::split(1, 7) };
    let network = Network::new(Plan::up(slow)).await;
    let (mut client, mut server) = network.connect().await;
    client.write_all(WORDS).await.unwrap();
    until(|| network.proxy.faults().delayed == 1).await;
    network.proxy.heal();
    expect(&mut server, WORDS).await;
}

#[tokio::test]
async fn a_healed_proxy_follows_no_plan() {
    let network = Network::new(Plan::up(Way::cut(3, Close::Rst))).await;
    let (mut before, mut heard_before) = network.connect().await;
    network.proxy.heal();
    let (mut after, mut heard_after) = network.connect().await;
    for (client, server) in [(&mut before, &mut heard_before), (&mut after, &mut heard_after)] {
        client.write_all(WORDS).await.unwrap();
        expect(server, WORDS).await;
    }
    assert_eq!(network.proxy.faults(), Faults::default());
}

#[tokio::test]
async fn refused_connections_are_closed_without_the_server_and_counted() {
    let schedule = Schedule::each(|connection| if connection < 2 { Plan::Refuse } else { Plan::clean() });
    let network = Network::scheduled(schedule).await;
    for _ in 0..2 {
        let mut client = TcpStream::connect(network.proxy.address()).await.unwrap();
        assert_eq!(everything(&mut client).await.0, b"");
    }
    let (mut client, mut server) = network.connect().await;
    client.write_all(WORDS).await.unwrap();
    expect(&mut server, WORDS).await;
    assert_eq!(network.proxy.faults(), Faults { refused: 2, ..Faults::default() });
    assert_eq!((network.proxy.connections(), network.proxy.passed(3)), (3, None));
}

#[tokio::test]
async fn cutting_all_resets_what_is_there_and_nothing_that_comes_later() {
    let network = Network::new(Plan::clean()).await;
    let (mut client, mut server) = network.connect().await;
    client.write_all(WORDS).await.unwrap();
    expect(&mut server, WORDS).await;
    network.proxy.cut_all();
    assert_eq!(everything(&mut client).await, (Vec::new(), Some(ErrorKind::ConnectionReset)));
    assert_eq!(everything(&mut server).await, (Vec::new(), Some(ErrorKind::ConnectionReset)));
    let (mut client, mut server) = network.connect().await;
    server.write_all(WORDS).await.unwrap();
    expect(&mut client, WORDS).await;
    assert_eq!(network.proxy.faults(), Faults::default());
}

#[tokio::test]
async fn a_side_that_has_said_everything_still_hears_the_answer() {
    let network = Network::new(Plan::clean()).await;
    let (mut client, mut server) = network.connect().await;
    let words: Vec<u8> = (0..1_000_000_u32).map(|n| (n / 7) as u8).collect();
    let answer = tokio::spawn(async move {
        let mut heard = Vec::new();
        server.read_to_end(&mut heard).await.unwrap();
        server.write_all(&heard).await.unwrap();
    });
    client.write_all(&words).await.unwrap();
    client.shutdown().await.unwrap();
    assert!(everything(&mut client).await == (words, None), "it is another answer");
    answer.await.unwrap();
    assert_eq!(network.proxy.passed(0), Some(Passed { up: 1_000_000, down: 1_000_000 }));
}

#[tokio::test]
async fn a_proxy_that_is_dropped_ends_its_sockets_and_listens_no_more() {
    let network = Network::new(Plan::clean()).await;
    let (mut client, mut server) = network.connect().await;
    client.write_all(WORDS).await.unwrap();
    expect(&mut server, WORDS).await;
    let address: SocketAddr = network.proxy.address();
    drop(network.proxy);
    assert_eq!(everything(&mut client).await.0, b"");
    assert_eq!(everything(&mut server).await.0, b"");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn without_a_server_a_connection_is_closed() {
    let network = Network::new(Plan::clean()).await;
    drop(network.server);
    let mut client = TcpStream::connect(network.proxy.address()).await.unwrap();
    assert_eq!(everything(&mut client).await.0, b"");
    assert_eq!(network.proxy.faults(), Faults::default());
}
