//! Runs seeds, many at a time, and says which of them saw what may not be.
use clap::Parser;
use fluxstack_live_simulation::{Counts, FAULTS, Mutant, Options, Outcome, RESUMES, run};
use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

/// So often must each fault have happened in a long run.
const LEAST: u64 = 100;
/// A run of so many seeds is long.
const LONG: u64 = 1_000;
/// So many failing seeds are shown with all there is to say.
const SHOWN: usize = 5;

/// Runs the server and its clients in simulated worlds, whose faults are drawn from seeds
#[derive(Parser)]
#[command(name = "simulate")]
struct Arguments {
    /// How many seeds
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many at a time; as many as there are processors if absent
    #[arg(long)]
    jobs: Option<usize>,
    /// Only this one
    #[arg(long, conflicts_with_all = ["seeds", "from", "jobs"])]
    seed: Option<u64>,
    /// Prints all that happened; only with --seed
    #[arg(long, requires = "seed")]
    trace: bool,
    /// Clients that break a rule: to see that it is seen
    #[arg(long, value_parser = mutant)]
    mutant: Option<Mutant>,
}

fn mutant(name: &str) -> Result<Mutant, String> {
    let names = Mutant::ALL.map(|(name, _)| name).join(", ");
    let found = Mutant::ALL.into_iter().find(|(known, _)| *known == name);
    found.map(|(_, mutant)| mutant).ok_or(format!("there are: {names}"))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let is_well = match arguments.seed {
        Some(seed) => one(seed, &arguments),
        None => many(&arguments),
    };
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn one(seed: u64, arguments: &Arguments) -> bool {
    let outcome = run(seed, Options { keeps_trace: arguments.trace, mutant: arguments.mutant });
    if arguments.trace {
        outcome.trace.iter().for_each(|line| println!("{line}"));
    }
    if outcome.wrong.is_empty() {
        println!("seed {seed}: all is well, fingerprint {:016x}", outcome.fingerprint);
    } else {
        show(seed, &outcome, !arguments.trace);
    }
    outcome.wrong.is_empty()
}

/// What all threads find.
#[derive(Default)]
struct Found {
    counts: Counts,
    failed: Vec<(u64, Outcome)>,
    done: u64,
    /// Of all seeds, whatever their order.
    fingerprint: u64,
}

fn many(arguments: &Arguments) -> bool {
    let started = Instant::now();
    let jobs = arguments.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let (next, found) = (AtomicU64::new(0), Mutex::new(Found::default()));
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| work(arguments, &next, &found));
        }
    });
    let mut found = found.into_inner().expect("no thread panics while it holds what was found");
    found.failed.sort_by_key(|(seed, _)| *seed);
    for (seed, outcome) in found.failed.iter().take(SHOWN) {
        show(*seed, outcome, true);
    }
    report(arguments, &found, started.elapsed().as_secs_f64())
}

fn work(arguments: &Arguments, next: &AtomicU64, found: &Mutex<Found>) {
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        if index >= arguments.seeds {
            return;
        }
        let seed = arguments.from + index;
        let outcome = run(seed, Options { keeps_trace: false, mutant: arguments.mutant });
        let mut found = found.lock().expect("no thread panics while it holds what was found");
        found.counts.add(&outcome.counts);
        found.fingerprint ^= outcome.fingerprint;
        if let Some(first) = outcome.wrong.first() {
            // At once: a long run may be ended before it can report.
            eprintln!("seed {seed}: {first}");
            found.failed.push((seed, outcome));
        }
        found.done += 1;
        let (done, failed) = (found.done, found.failed.len());
        drop(found);
        if done.is_multiple_of(100) && io::stderr().is_terminal() {
            eprint!("\r{done} of {} seeds, {failed} failed ", arguments.seeds);
            let _ = io::stderr().flush();
        }
    }
}

fn show(seed: u64, outcome: &Outcome, with_trace: bool) {
    println!("\nseed {seed}:");
    if with_trace {
        outcome.trace.iter().for_each(|line| println!("    {line}"));
    }
    outcome.wrong.iter().for_each(|what| println!("  {what}"));
}

fn report(arguments: &Arguments, found: &Found, seconds: f64) -> bool {
    let seeds = arguments.seeds;
    let list = |names: &[&str]| {
        let counted = names.iter().map(|name| format!("{name} {}", found.counts.of(name)));
        counted.collect::<Vec<_>>().join(", ")
    };
    println!("faults: {}", list(&FAULTS));
    println!("resumes by: {}", list(&RESUMES));
    println!("{}", list(&["unknown outcomes", "busy"]));
    #[allow(clippy::cast_precision_loss)]
    let speed = seeds as f64 / seconds;
    println!("fingerprint of all: {:016x}", found.fingerprint);
    println!("{seeds} seeds in {seconds:.1} s, {speed:.0} a second; {} failed", found.failed.len());
    for (seed, outcome) in found.failed.iter().take(50) {
        let first = outcome.wrong.first().map_or("", String::as_str);
        println!("  cargo run --release -p fluxstack-live-simulation -- --seed {seed} --trace   # {first}");
    }
    let is_covered = covers(found, seeds);
    found.failed.is_empty() && is_covered
}

/// A run that met too little proves too little.
fn covers(found: &Found, seeds: u64) -> bool {
    let few: Vec<_> = FAULTS.iter().filter(|fault| found.counts.of(fault) < LEAST).collect();
    let none: Vec<_> = RESUMES.iter().filter(|resume| found.counts.of(resume) == 0).collect();
    if few.is_empty() && none.is_empty() {
        println!("each fault at least {LEAST} times, each way back at least once");
        return true;
    }
    println!("fewer than {LEAST} times: {few:?}; never: {none:?}");
    seeds < LONG
}
