//! Two connections of one session at the same moment, on two threads: whatever the order, each request is done once and
//! answered to the newer one.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::limits::Limits;
use fluxstack_live_protocol::error::CloseCode;
use serde_json::{Value, json};
use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};
use support::{
    Client,
    counter::{gated, props},
};

const ROUNDS: usize = 3_000;
const REQUESTS: u64 = 4;

fn two_workers() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
}
/// Another moment in each round.
fn dawdle(round: usize, most: usize) {
    (0..round % 60 * most).for_each(|_| std::hint::spin_loop());
}
fn increment(request: u64) -> Value {
    json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "increment", "requestId": request})
}

#[test]
fn a_goodbye_at_the_moment_of_a_take_over_ends_either_the_session_or_nothing() {
    let runtime = two_workers();
    let _in_it = runtime.enter();
    let (engine, _gates) = gated(Limits::default());
    let mut resumed = [0_usize; 2];
    for round in 0..ROUNDS {
        let mut older = Client::full(&engine);
        older.mount("c1", "Counter", props("t"));
        older.types();
        let mut newer = older.another(&engine);
        let start = Barrier::new(2);
        let handle = runtime.handle();
        thread::scope(|scope| {
            scope.spawn(|| {
                let _in_it = handle.enter();
                start.wait();
                // A goodbye, or a loss.
                if round % 2 == 0 { drop(older) } else { older.lose() }
            });
            start.wait();
            dawdle(round, 10);
            newer.send(newer.hello(0));
        });
        newer.pump();
        let is_resumed = newer.welcome["resumed"] == true;
        resumed[usize::from(is_resumed)] += 1;
        assert!(is_resumed || round % 2 == 0, "round {round}: a loss ends nothing");
        newer.mount("c2", "Counter", props("t"));
        assert!(newer.pump().is_none() && newer.held.contains_key("c2"), "round {round}: it goes on");
        if round % 3 == 0 {
            newer.lose();
        }
    }
    println!("began anew, and went on: {resumed:?}");
    assert!(resumed.iter().all(|rounds| *rounds > 0), "the moments differ: {resumed:?}");
}

#[test]
fn a_request_that_runs_while_its_client_comes_back_is_answered_once_more_and_done_once() {
    let runtime = two_workers();
    let _in_it = runtime.enter();
    let mut told_by_welcome = [0_usize; REQUESTS as usize + 1];
    for round in 0..ROUNDS {
        let (engine, _gates) = gated(Limits::default());
        let mut older = Client::full(&engine);
        older.mount("c1", "Counter", props("t"));
        older.types();
        let mut newer = older.another(&engine);
        let start = Barrier::new(2);
        let handle = runtime.handle();
        thread::scope(|scope| {
            scope.spawn(|| {
                let _in_it = handle.enter();
                start.wait();
                for request in 1..=REQUESTS {
                    older.send(increment(request));
                    older.pump();
                }
            });
            start.wait();
            dawdle(round, 40);
            newer.send(newer.hello(0));
            let mut results = Vec::new();
            newer.pump();
            let welcome = newer.welcome.clone();
            let executed = welcome["executed"].as_u64().unwrap();
            for reply in welcome["replies"].as_array().unwrap() {
                results.push((reply["requestId"].as_u64().unwrap(), reply["payload"]["result"].clone()));
            }
            told_by_welcome[results.len()] += 1;
            (executed + 1..=REQUESTS).for_each(|request| newer.send(increment(request)));
            let begin = Instant::now();
            while (1..=REQUESTS).any(|request| !results.iter().any(|(answered, _)| *answered == request)) {
                assert!(begin.elapsed() < Duration::from_secs(10), "round {round}: answered are {results:?}");
                while !newer.is_quiet() {
                    let message = newer.now();
                    if message["type"] == "REPLY" {
                        results.push((
                            message["requestId"].as_u64().unwrap(),
                            message["payload"]["result"].clone(),
                        ));
                    }
                }
                thread::yield_now();
            }
            // In their order, and each as often as it is sent with the same result.
            assert!(results.iter().all(|(request, result)| result == request), "round {round}: {results:?}");
            assert_eq!(newer.state("c1")["count"], REQUESTS);
        });
        assert_eq!(older.pump(), Some(CloseCode::Replaced));
    }
    println!("answers that `WELCOME` had, by how many: {told_by_welcome:?}");
    assert!(
        told_by_welcome.iter().filter(|rounds| **rounds > 0).count() > 2,
        "the moments differ: {told_by_welcome:?}"
    );
}
