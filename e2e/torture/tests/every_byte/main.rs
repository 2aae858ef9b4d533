//! A conversation of a full client and a real server, cut after every single byte of it, in both directions: nothing is lost,
//! nothing counts twice, and what the client holds in the end is what the server has. Then the same with the resume.
mod script; // what is said, and what must have come of it
mod client; // a strict full client
mod component; // one component as the client holds it
mod socket; // one connection: messages as JSON, whatever they travel as

use fluxstack_live::{Limits, Live};
use fluxstack_live_faults::{Close, FaultProxy, Faults, Passed, Plan, Schedule, Way};
use futures_util::{StreamExt, stream};
use script::Stage;
use socket::Encoding;
use std::{net::SocketAddr, sync::Arc, time::Instant};
use tokio::net::TcpListener;
use torture_server::live;

/// What is cut, and which way its bytes go.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// The first connection, on its way to the server.
    Up,
    /// The first connection, on its way to the client.
    Down,
    /// The second connection, which resumes; the first was cut in the middle.
    ResumeUp,
    /// The same, on its way to the client.
    ResumeDown,
}

impl Cut {
    /// The connection that is cut after every byte.
    fn connection(self) -> u64 {
        match self {
            Cut::Up | Cut::Down => 0,
            Cut::ResumeUp | Cut::ResumeDown => 1,
        }
    }
    fn bytes(self, passed: Passed) -> u64 {
        match self {
            Cut::Up | Cut::ResumeUp => passed.up,
            Cut::Down | Cut::ResumeDown => passed.down,
        }
    }
    fn plan(self, way: Way) -> Plan {
        match self {
            Cut::Up | Cut::ResumeUp => Plan::up(way),
            Cut::Down | Cut::ResumeDown => Plan::down(way),
        }
    }
}

/// A server, and how its conversations go on when nothing cuts them.
struct World {
    stage: Stage,
    encoding: Encoding,
    server: SocketAddr,
    /// Bytes to the client after which the first connection ends, where the second one is cut.
    middle: u64,
}

impl World {
    async fn new(encoding: Encoding) -> Self {
        // A ledger for each byte, and sessions that were lost before they were known.
        let limits = Limits { shared_stores: 100_000, lost_sessions: 100_000, ..Limits::default() };
        let (live, tally) = live(limits);
        let server = serve(&live).await;
        World { stage: Stage { live, tally }, encoding, server, middle: 0 }
    }
    fn schedule(&self, cut: Cut, way: Way) -> Schedule {
        let middle = Plan::down(Way::cut(self.middle, Close::Fin));
        Schedule::each(move |connection| match connection {
            0 if cut.connection() == 1 => middle.clone(),
            _ if connection == cut.connection() => cut.plan(way.clone()),
            _ => Plan::clean(),
        })
    }
    /// The conversation over a network: what has passed each connection, and the faults it met.
    async fn talk(&self, name: &str, schedule: Schedule) -> Result<(Vec<Passed>, Faults), String> {
        let proxy = FaultProxy::start(self.server, schedule).await.map_err(|error| error.to_string())?;
        let passed = self.stage.play(name, &proxy, self.encoding).await?;
        Ok((passed, proxy.faults()))
    }
}

async fn serve(live: &Live) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = live.router("/live");
    tokio::spawn(async move { fluxstack_live::serve(listener, router).await.unwrap() });
    address
}

/// Cuts after every byte, by FIN and by RST in turns; with each byte both ways are met in the two encodings together.
async fn sweep(cut: Cut, encoding: Encoding, first: Close) {
    let started = Instant::now();
    let mut world = World::new(encoding).await;
    let (clean, _) = world.talk("clean", Schedule::clean()).await.unwrap();
    world.middle = clean[0].down * 3 / 5;
    let undisturbed = world.talk("undisturbed", world.schedule(cut, Way::default())).await;
    let (passed, faults) = undisturbed.unwrap();
    let (bytes, others) = (cut.bytes(passed[cut.connection() as usize]), faults.closed);
    let world = Arc::new(world);
    let runs = stream::iter(0..=bytes).map(|after| {
        let close = if after % 2 == 0 { first } else { other(first) };
        let world = world.clone();
        tokio::spawn(async move {
            let schedule = world.schedule(cut, Way::cut(after, close));
            let talk = world.talk(&format!("{after}."), schedule).await;
            let (_, faults) = talk.map_err(|broken| format!("after byte {after}, by {close:?}: {broken}"))?;
            Ok::<_, String>(u64::from(faults.closed + faults.reset > others))
        })
    });
    let runs: Vec<_> =
        runs.buffer_unordered(8).map(|run| run.expect("it returns its failure")).collect().await;
    let broken: Vec<_> = runs.iter().filter_map(|run| run.as_ref().err()).collect();
    let struck: u64 = runs.iter().flatten().sum();
    println!("{cut:?}, {encoding:?}: {bytes} bytes, {struck} cuts, {:.1?}", started.elapsed());
    let worst: String = broken.iter().take(8).map(|broken| format!("\n  {broken}")).collect();
    assert!(broken.is_empty(), "{} of {} conversations broke:{worst}", broken.len(), bytes + 1);
    // Two commits that once were two messages may be one the next time, so that a conversation is some bytes shorter.
    assert!(struck + 64 > bytes, "only {struck} of {} cuts happened", bytes + 1);
}

fn other(close: Close) -> Close {
    match close {
        Close::Fin => Close::Rst,
        Close::Rst => Close::Fin,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_cut_after_every_byte_on_the_way_up_loses_and_doubles_nothing() {
    sweep(Cut::Up, Encoding::Json, Close::Fin).await;
    sweep(Cut::Up, Encoding::MessagePack, Close::Rst).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_cut_after_every_byte_on_the_way_down_loses_and_doubles_nothing() {
    sweep(Cut::Down, Encoding::Json, Close::Fin).await;
    sweep(Cut::Down, Encoding::MessagePack, Close::Rst).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resume_cut_after_every_byte_is_resumed_itself() {
    for cut in [Cut::ResumeUp, Cut::ResumeDown] {
        sweep(cut, Encoding::Json, Close::Fin).await;
        sweep(cut, Encoding::MessagePack, Close::Rst).await;
    }
}
