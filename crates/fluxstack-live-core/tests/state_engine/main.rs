//! Random typed edits of a component with one of everything, committed or undone, read by clients of every encoding, at
//! once and late. Of each case it is checked that
//! - what a client builds from the ops is the state, which is that of a twin whose collections record nothing;
//! - a transaction that fails leaves everything as it was, what no client sees included;
//! - a late reader comes to the same state by the merged commits;
//! - each message says the same in every encoding.
//!
//! It prints what it has met, and fails if that is too little. `PROPTEST_CASES` is the number of cases. With
//! `FLUXSTACK_VECTORS` it also writes them into that folder, for clients in other languages to replay.
extern crate fluxstack_live_core as fluxstack_live;

mod collections; // every method that changes one
mod coverage; // what was met
mod dice; // where the chances come from
#[path = "../support/mod.rs"]
mod support;
mod reader; // a client of one encoding
mod vectors; // cases as files
mod world; // the component

use coverage::Coverage;
use dice::Dice;
use fluxstack_live::{encoding::Encoding, engine::UpdateError};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestError, TestRunner},
};
use reader::{Reader, as_a_browser_has_it};
use serde_json::Value;
use std::{cell::RefCell, process::ExitCode};
use vectors::Vectors;
use world::World;

/// How many edits make what is edited then.
const SETTING: usize = 24;

/// One transaction: its chances, how many edits, and how it ends.
#[derive(Clone, Debug)]
struct Transaction {
    seed: u64,
    edits: usize,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Well,
    Refused,
    Panicked,
}

fn transaction() -> impl Strategy<Value = Transaction> {
    let end = prop_oneof![5 => Just(End::Well), 2 => Just(End::Refused), 1 => Just(End::Panicked)];
    (any::<u64>(), 1..12_usize, end).prop_map(|(seed, edits, end)| Transaction { seed, edits, end })
}

fn main() -> ExitCode {
    support::quiet_panics();
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let _context = runtime.enter();
    let (coverage, vectors) = (RefCell::new(Coverage::default()), RefCell::new(Vectors::from_environment()));
    let series = prop::collection::vec(transaction(), 2..8);
    let outcome = TestRunner::new(config).run(&series, |series| {
        runtime.block_on(case(&series, &mut coverage.borrow_mut(), &mut vectors.borrow_mut()))
    });
    if let Err(error) = outcome {
        let (TestError::Fail(..) | TestError::Abort(_)) = &error;
        println!("{error}");
        return ExitCode::FAILURE;
    }
    // A tenth, and no less than 200 from 2 000 cases on.
    let (table, lacking) = coverage.into_inner().report(u64::from(cases).div_ceil(10).min(200));
    println!("{table}");
    vectors.into_inner().finish();
    lacking.iter().for_each(|what| println!("met too seldom: {what}"));
    if lacking.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn case(
    series: &[Transaction],
    coverage: &mut Coverage,
    vectors: &mut Vectors,
) -> Result<(), TestCaseError> {
    let engine = support::engine_of::<World>();
    let store = engine.store::<World>("r");
    let encodings = [Encoding::Json, Encoding::Compact, Encoding::CompactBySchema];
    let mut prompt = encodings.map(|encoding| Reader::new(&engine, encoding));
    let mut twin = World::default();
    // The first one makes something to edit.
    let (first, rest) = series.split_first().expect("there are at least two");
    let mut dice = Dice::new(first.seed);
    store.update(|world, _| (0..SETTING).for_each(|_| world.edit(&mut dice))).await.expect("it commits");
    let mut dice = Dice::new(first.seed);
    (0..SETTING).for_each(|_| twin.edit(&mut dice));
    let mut late = encodings.map(|encoding| Reader::new(&engine, encoding));
    for reader in &mut prompt {
        reader.read();
        prop_assert_eq!(reader.state(), &public(&twin));
        reader.forget();
    }
    let base = public(&twin);
    let (mut done, mut edits) = (Vec::new(), 0);
    for Transaction { seed, edits: count, end } in rest {
        let mut next = twin.clone();
        let mut dice = Dice::new(*seed);
        (0..*count).for_each(|_| next.edit(&mut dice));
        done.extend(dice.done.into_iter().map(|method| (method, *end == End::Well)));
        edits += count;
        let outcome = store
            .try_update(|world, _| {
                let mut dice = Dice::new(*seed);
                (0..*count).for_each(|_| world.edit(&mut dice));
                match end {
                    End::Well => Ok(()),
                    End::Refused => Err(()),
                    End::Panicked => panic!("on purpose"),
                }
            })
            .await;
        match (end, outcome) {
            (End::Well, Ok(())) => twin = next,
            (End::Refused, Err(UpdateError::Refused(()))) | (End::Panicked, Err(UpdateError::Failed(_))) => {}
            (_, outcome) => return Err(TestCaseError::fail(format!("{end:?}, and {outcome:?}"))),
        }
        let whole = store.update(|world, _| world.clone()).await.expect("the store lives");
        prop_assert_eq!(&whole, &twin);
        prompt.iter_mut().for_each(Reader::read);
        for reader in &prompt {
            prop_assert_eq!(reader.state(), &public(&twin));
            prop_assert_eq!(&reader.messages, &prompt[0].messages, "the encodings say the same");
        }
    }
    for reader in &mut late {
        reader.read();
        prop_assert_eq!(reader.state(), &public(&twin));
    }
    for reader in &late[1..] {
        prop_assert_eq!(&reader.messages, &late[0].messages, "the encodings say the same");
    }
    let deltas = prompt[0].messages.iter().filter(|message| message["type"] == "STATE_DELTA");
    let ops: Vec<Value> = deltas.flat_map(|delta| delta["ops"].as_array().expect("ops").clone()).collect();
    coverage.case(&ops, &done, edits);
    vectors.case(&engine, &base, &prompt, &late, &public(&twin));
    Ok(())
}

/// What a browser is to see of it.
fn public(world: &World) -> Value {
    as_a_browser_has_it(world.public())
}
