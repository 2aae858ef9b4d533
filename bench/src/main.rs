//! What an edit costs: the program that `cargo xtask bench engine` runs. Whatever it says is on its standard output; a
//! line that begins with `…` only says how far it is.
extern crate fluxstack_live_core as fluxstack_live;

mod check; // what must hold
mod chart; // the same as a picture
mod table; // the tables a person reads
mod run; // nothing but edits, to be counted
mod clock; // how long edits take
mod snapshots; // what the log's snapshots add
mod exact; // what is the same every time
mod allocations; // how much some code allocates
mod baseline; // what others do in its place
mod page; // a server but the socket, and one client
mod edit; // what is measured
mod board; // the component that is measured

use check::Checks;
use clap::{Parser, ValueEnum};
use clock::{Bench, Timed};
use edit::Kind;
use exact::Exact;
use run::Way;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};
use table::Row;

/// Measures edits of lists of different sizes.
#[derive(Parser)]
enum Menu {
    /// Everything, and whether it holds
    Engine {
        /// The file for a picture of it
        #[arg(long)]
        chart: Option<PathBuf>,
    },
    /// Only what is the same in every run: bytes and allocations, and whether it holds
    Check,
    /// Nothing but edits, for a program that counts instructions
    Run {
        /// What is edited
        kind: Kind,
        /// What is done
        way: Way,
        /// The length of the list
        items: usize,
        /// How many edits
        #[arg(value_parser = clap::value_parser!(u16).range(..=run::MOST as i64))]
        times: u16,
    },
}

/// The lengths of the lists.
const SIZES: [usize; 3] = [10, 1_000, 100_000];

/// The same, and the largest state that the limits allow unless they are changed.
const SNAPSHOTS: [usize; 4] = [10, 1_000, 10_000, 100_000];

/// How often everything has its turn.
const ROUNDS: usize = 24;

fn main() -> ExitCode {
    let checks = match Menu::parse() {
        Menu::Engine { chart } => engine(chart.as_deref()),
        Menu::Check => {
            let mut checks = Checks::default();
            checks.exact(&exact());
            checks
        }
        Menu::Run { kind, way, items, times } => {
            run::run(kind, way, items, times as usize);
            return ExitCode::SUCCESS;
        }
    };
    print!("{}", checks.text());
    if checks.has_failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn engine(chart: Option<&Path>) -> Checks {
    println!("… bytes and allocations");
    let exact = exact();
    println!("… snapshots");
    let snapshots = SNAPSHOTS.map(|n| (n, snapshots::measure(n)));
    let mut benches = SIZES.map(Bench::of);
    let mut rows: Vec<Row> = exact.iter().map(|(kind, n, exact)| row(*kind, *n, *exact)).collect();
    for round in 1..=ROUNDS {
        println!("… times, round {round} of {ROUNDS}");
        for row in &mut rows {
            let bench =
                benches.iter_mut().find(|bench| bench.n() == row.n).expect("every size has its bench");
            bench.visit(row.kind, &mut row.timed);
        }
    }
    println!("{}\n{}", table::edits(&rows), table::LEGEND);
    println!("The times have no snapshot of the log in them. At its bounds a commit takes one:");
    println!("{}", table::snapshots(&snapshots));
    if let Some(file) = chart {
        fs::write(file, chart::svg(&rows)).expect("the picture can be written where it was asked for");
    }
    let mut checks = Checks::default();
    checks.exact(&exact);
    checks.times(&rows, &snapshots);
    checks
}

fn exact() -> Vec<(Kind, usize, Exact)> {
    let each = |kind: &Kind| SIZES.map(|n| (*kind, n, exact::measure(*kind, n)));
    Kind::value_variants().iter().flat_map(each).collect()
}

fn row(kind: Kind, n: usize, exact: Exact) -> Row {
    let sent = |way: fn(&mut baseline::Plain, edit::Edit) -> Option<Vec<u8>>| {
        way(&mut baseline::Plain::of(n), kind.edit(n, 1)).map_or(0, |message| message.len())
    };
    let (resent, compared) = (sent(baseline::Plain::resend), sent(baseline::Plain::compare));
    Row { kind, n, timed: Timed::default(), exact, resent, compared }
}
