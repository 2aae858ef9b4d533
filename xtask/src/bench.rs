//! `cargo xtask bench engine`: what an edit costs in time, allocations and bytes, and whether it costs more than it did.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;

use crate::process::{End, Line};
use crate::step::{self, Output, Steps};
use crate::{project, valgrind};

mod instructions; // counted, and held against those before
mod baseline; // the counts that are kept

use baseline::Baseline;

/// How the bench's program and `instructions` say how far they are.
const PROGRESS: &str = "… ";

#[derive(Args)]
pub(crate) struct Options {
    /// What is measured
    subject: Subject,
    /// Count instructions and compare them with bench/instructions.toml
    #[arg(long, conflicts_with = "check")]
    instructions: bool,
    /// Write the counts to bench/instructions.toml
    #[arg(long, requires = "instructions")]
    update: bool,
    /// Also write docs/performance.svg
    #[arg(long, conflicts_with_all = ["check", "instructions"])]
    chart: bool,
    /// Nothing that takes time to measure: bytes, allocations and instructions, as `cargo xtask test` does
    #[arg(long)]
    check: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    /// A component's edits, from a message to the bytes for the socket
    Engine,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let Subject::Engine = options.subject;
    let mut steps = Steps::new(Output::OnFailure);
    if options.check {
        let valgrind = valgrind::find_or_install(&mut steps)?;
        check(&mut steps, valgrind)?;
        return Ok(ExitCode::SUCCESS);
    }
    if !options.instructions {
        let program = build(&mut steps)?;
        let line = Line::program(&program).arg("engine");
        return show(&if options.chart { line.args("--chart docs/performance.svg") } else { line });
    }
    let valgrind = valgrind::find_or_install(&mut steps)?;
    let program = build(&mut steps)?;
    let progress = Progress::new();
    let counts = instructions::count(&valgrind, &program, |text| progress.say(text))?;
    progress.end();
    if options.update {
        Baseline::of_this_toolchain(counts)?.write()?;
        return Ok(ExitCode::SUCCESS);
    }
    let verdict = instructions::compare(&counts, &Baseline::read()?);
    print!("{}", verdict.text());
    Ok(if verdict.failures().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is the same in every run, as steps: bytes, allocations and instructions.
pub(crate) fn check(steps: &mut Steps, valgrind: PathBuf) -> Result<()> {
    let program = build(steps)?;
    steps.run("bytes and allocations", &Line::program(&program).arg("check"))?;
    steps.work("instructions", "cargo xtask bench engine --instructions", || {
        let counts = instructions::count(&valgrind, &program, |_| {})?;
        instructions::compare(&counts, &Baseline::read()?).into_result()
    })
}

/// Builds the bench as it would be shipped, and returns its path.
fn build(steps: &mut Steps) -> Result<PathBuf> {
    steps.run("bench", &Line::new("cargo build --profile bench --package fluxstack-live-bench"))?;
    // Where cargo puts this profile, too.
    Ok(project::target().join("release/fluxstack-live-bench"))
}

/// Runs a program and prints what it says, with its progress beside it.
fn show(line: &Line) -> Result<ExitCode> {
    let progress = Progress::new();
    let end = line.run(None, |text| match text.strip_prefix(PROGRESS) {
        Some(how_far) => progress.say(how_far),
        None => {
            progress.end();
            println!("{text}");
        }
    })?;
    progress.end();
    Ok(match end {
        End::Exited(status) if status.success() => ExitCode::SUCCESS,
        End::Exited(_) | End::TimedOut(_) => ExitCode::FAILURE,
    })
}

/// How far something is: one line on a terminal that changes, elsewhere a line each.
struct Progress(Option<ProgressBar>);

impl Progress {
    fn new() -> Progress {
        Progress(io::stderr().is_terminal().then(step::spinner))
    }
    fn say(&self, text: &str) {
        match &self.0 {
            Some(spinner) => {
                spinner.set_message(text.to_owned());
                spinner.tick();
            }
            None => println!("{PROGRESS}{text}"),
        }
    }
    fn end(&self) {
        if let Some(spinner) = &self.0 {
            spinner.finish_and_clear();
        }
    }
}
