//! `cargo xtask`: the menu. Each command is the file of its name.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod demo; // builds everything and runs the showcase
mod example; // builds one example and runs it
mod test; // the tiers of tests
mod bench; // what an edit costs, and whether it costs more
mod typegen; // the generated types
mod tidy; // the rules no compiler checks
mod showcase; // the page and the server binary
mod examples; // their pages and server binaries
mod server; // a server in the foreground
mod node; // Node.js and npm packages
mod chromium; // the browser the tests drive
mod valgrind; // what counts instructions
mod debian; // packages that no lock file brings
mod python; // the virtual environment of its tests
mod step; // one command: shown, timed, its output
mod process; // a child in its own group
mod project; // where things are

#[cfg(not(unix))]
compile_error!("cargo xtask needs Linux or macOS; on Windows run it in WSL");

/// The commands of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Menu {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and run the showcase in a browser
    Demo(demo::Options),
    /// Build an example and run it in a browser
    Example(example::Options),
    /// Run all checks and tests: Rust, TypeScript, Python and a real browser
    Test(test::Options),
    /// Measure what an edit costs: time, allocations, bytes and instructions
    Bench(bench::Options),
    /// Write the TypeScript types of the showcase's components
    Typegen(typegen::Options),
    /// Check the reading order of imports, file lengths and lints
    Tidy,
}

fn main() -> ExitCode {
    process::stop_children_on_signals();
    let done = match Menu::parse().command {
        Command::Demo(options) => demo::run(&options),
        Command::Example(options) => example::run(&options),
        Command::Test(options) => test::run(options),
        Command::Bench(options) => bench::run(&options),
        Command::Typegen(options) => typegen::run(&options),
        Command::Tidy => tidy::run(),
    };
    done.unwrap_or_else(|error| {
        // A signal explains every failure that follows it.
        process::stopped_by_signal().unwrap_or_else(|| {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        })
    })
}
