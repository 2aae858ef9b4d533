//! `cargo xtask test`: the tiers of tests. The cheap steps come first, and the first failure ends the run.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use crate::process::Line;
use crate::step::{Output, Steps};
use crate::{bench, chromium, examples, node, process, project, python, showcase, tidy, typegen, valgrind};

#[derive(Args)]
pub(crate) struct Options {
    /// Only what takes less than three minutes: no bench, no browser, no Python client
    #[arg(long, conflicts_with = "long")]
    quick: bool,
    /// Everything, ten thousand cases of every property, a thousand bad networks and two hundred thousand simulated worlds
    #[arg(long)]
    long: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Tier {
    Quick,
    Default,
    Long,
}

impl Tier {
    /// Simulated worlds.
    fn seeds(self) -> u64 {
        match self {
            Tier::Quick => 50,
            Tier::Default => 1_000,
            Tier::Long => 200_000,
        }
    }

    /// Cases of each property; None for proptest's own number.
    fn cases(self) -> Option<u32> {
        match self {
            Tier::Quick => None,
            Tier::Default => Some(2_000),
            Tier::Long => Some(10_000),
        }
    }
}

pub(crate) fn run(options: Options) -> Result<ExitCode> {
    let tier = match options {
        Options { quick: true, .. } => Tier::Quick,
        Options { long: true, .. } => Tier::Long,
        Options { .. } => Tier::Default,
    };
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let streams = ci || !io::stdout().is_terminal();
    let mut steps = Steps::new(if streams { Output::Stream } else { Output::OnFailure });

    let result = all(&mut steps, tier);
    if let Some(code) = process::stopped_by_signal() {
        return Ok(code);
    }
    println!("\n{}", steps.summary());
    match &result {
        Err(error) => println!("{error:#}"),
        Ok(()) => println!("{}", what_ran(tier)),
    }
    println!("{}", steps.count(&result));
    Ok(if result.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Also what did not run, so that nobody takes a quick run for a whole one.
fn what_ran(tier: Tier) -> &'static str {
    match tier {
        Tier::Quick => {
            "not run: the check of the npm package, the replay of vectors, what an edit costs, the showcase and the examples with their pages, the Python client, the browser tests, the torture, the mutants of the simulation; `cargo xtask test` runs them"
        }
        Tier::Default => {
            "everything ran; `cargo xtask test --long` tries more cases of every property, more bad networks and more simulated worlds"
        }
        Tier::Long => {
            "everything ran, with 10000 cases of every property, 1000 bad networks and 200000 simulated worlds; that is all --long adds so far"
        }
    }
}

fn all(steps: &mut Steps, tier: Tier) -> Result<()> {
    let tools = tools(steps, tier)?;
    style(steps)?;
    typescript(steps, tier)?;
    rust(steps, tier)?;
    match tools {
        Some(Tools { browser, valgrind }) => {
            bench::check(steps, valgrind)?;
            whole(steps, &browser)?;
            torture(steps, tier)
        }
        None => Ok(()),
    }
}

/// Programs that only the whole run needs.
struct Tools {
    browser: String,
    valgrind: PathBuf,
}

/// What must be on the machine, asked first: a run must not end after minutes for want of a program. Returns
/// None in the tier that needs none of them.
fn tools(steps: &mut Steps, tier: Tier) -> Result<Option<Tools>> {
    steps.work("tools", "are the programs there that the tests need", || {
        node::check()?;
        if tier == Tier::Quick { Ok(()) } else { python::check() }
    })?;
    if tier == Tier::Quick {
        return Ok(None);
    }
    let browser = chromium::find_or_install(steps)?.to_string_lossy().into_owned();
    let valgrind = valgrind::find_or_install(steps)?;
    Ok(Some(Tools { browser, valgrind }))
}

fn style(steps: &mut Steps) -> Result<()> {
    steps.run("fmt", &Line::new("cargo fmt --all --check"))?;
    steps.work("tidy", "cargo xtask tidy", tidy::check)
}

fn typescript(steps: &mut Steps, tier: Tier) -> Result<()> {
    node::install(steps)?;
    node::build_package(steps)?;
    steps.run("eslint", &Line::new("npx --no -- eslint . --max-warnings 0"))?;
    typegen::check(steps)?;
    steps.run("tsc", &Line::new("npm run typecheck --workspaces --if-present"))?;
    steps.run("vitest", &Line::new("npm test -w fluxstack-live"))?;
    node::size(steps)?;
    if tier == Tier::Quick { Ok(()) } else { node::check_package(steps) }
}

fn rust(steps: &mut Steps, tier: Tier) -> Result<()> {
    steps.run("clippy", &Line::new("cargo clippy --workspace --all-targets -- -D warnings"))?;
    steps.run("doc", &Line::new("cargo doc --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings"))?;
    let mut tests = Line::new("cargo test --workspace");
    match tier.cases() {
        Some(cases) => tests = tests.env("PROPTEST_CASES", cases.to_string()),
        // What takes as long as all the others together.
        None => tests = tests.args("--exclude torture-server --exclude fluxstack-live-simulation"),
    }
    steps.run("cargo test", &tests)?;
    simulation(steps, tier)?;
    state_engine(steps, tier)
}

/// The real server in simulated worlds, with faults drawn from seeds.
fn simulation(steps: &mut Steps, tier: Tier) -> Result<()> {
    let seeds = tier.seeds();
    // Fifty are run before another build would be.
    let profile = if tier == Tier::Quick { "dev" } else { "release" };
    let simulate = Line::new("cargo run --package fluxstack-live-simulation --bin simulate --profile");
    let simulate = simulate.arg(profile).arg("--");
    let output = steps.run_checked("simulation", &simulate.args(&format!("--seeds {seeds}")), |output| {
        match count_before(output, " seeds in ") {
            Some(run) if u64::from(run) == seeds => Ok(()),
            run => bail!("{} of {seeds} seeds were run", run.unwrap_or(0)),
        }
    })?;
    let at = output.find("faults: ").unwrap_or(0);
    steps.tell(&output[at..]);
    Ok(())
}

/// Random edits of a component with one of everything; what they changed is then replayed in TypeScript.
fn state_engine(steps: &mut Steps, tier: Tier) -> Result<()> {
    let engine = Line::new("cargo test --package fluxstack-live-core --test state_engine");
    // A case makes about three vectors.
    let Some(cases) = tier.cases().map(|cases| cases.max(8_000)) else {
        let output = steps.run("state engine", &engine.env("PROPTEST_CASES", "500"))?;
        steps.tell(coverage(&output));
        return Ok(());
    };
    let folder = project::target().join("vectors").to_string_lossy().into_owned();
    let engine = engine.env("PROPTEST_CASES", cases.to_string()).env("FLUXSTACK_VECTORS", &*folder);
    let mut written = 0;
    let output = steps.run_checked("state engine", &engine, |output| {
        written = count_before(output, " vectors in ").unwrap_or(0);
        if written < VECTORS { bail!("{written} vectors, and not {VECTORS}") } else { Ok(()) }
    })?;
    steps.tell(coverage(&output));
    let replay = Line::new("npm run vectors -w fluxstack-live").env("FLUXSTACK_VECTORS", folder);
    steps.run_checked("vectors", &replay, |output| {
        match count_before(output, " vectors × 3 encodings: equal") {
            Some(replayed) if replayed == written => Ok(()),
            replayed => bail!("{} of {written} vectors were replayed", replayed.unwrap_or(0)),
        }
    })?;
    Ok(())
}

/// What it has met, without what cargo says before that.
fn coverage(output: &str) -> &str {
    let at =
        output.find(" cases, a median").map_or(0, |at| output[..at].rfind('\n').map_or(0, |line| line + 1));
    &output[at..]
}

/// So many changes that Rust made are replayed in TypeScript.
const VECTORS: u32 = 20_000;

/// The showcase and the examples with their pages, driven by a client in another language and by a browser.
fn whole(steps: &mut Steps, browser: &str) -> Result<()> {
    showcase::build_page(steps)?;
    let server = showcase::build_server(steps)?;
    let server = server.to_string_lossy();
    let examples = examples::build_all(steps)?;
    steps.run("page of frames", &Line::new("npm run build -w examples -- ../e2e/frames/page"))?;
    steps.run("frames server", &Line::new("cargo build --package frames-server"))?;
    let frames = project::binaries().join("frames-server");
    let python = python::environment(steps)?;
    let client = Line::program(&python).args("-m unittest discover --start-directory e2e/python --verbose");
    steps.run_checked("Python client", &client.env("SHOWCASE", &*server), unittest_ran)?;
    let pages = Line::new("npm test -w e2e").env("SHOWCASE", &*server).env("CHROMIUM", browser);
    let pages =
        pages.env("EXAMPLES", examples.to_string_lossy()).env("FRAMES_SERVER", frames.to_string_lossy());
    steps.run_checked("browser", &pages, node_test_ran).map(drop)
}

/// The browser's client and the server over a bad network for each seed.
fn torture(steps: &mut Steps, tier: Tier) -> Result<()> {
    let seeds = if tier == Tier::Long { 1_000 } else { 100 };
    steps.run("torture server", &Line::new("cargo build --package torture-server"))?;
    let server = project::binaries().join("torture-server");
    let line = Line::new("node e2e/torture/torture.mjs --seeds").arg(seeds.to_string());
    let line = line.env("TORTURE_SERVER", server.to_string_lossy());
    let output = steps.run_checked("torture", &line, |output| {
        let passed = format!("{seeds} seeds, 0 failed, ");
        if output.contains(&passed) { Ok(()) } else { bail!("not all {seeds} seeds passed") }
    })?;
    steps.tell(output.lines().next_back().unwrap_or_default());
    Ok(())
}

/// unittest exits with 0 for tests it skipped, and before Python 3.12 for no tests at all.
fn unittest_ran(output: &str) -> Result<()> {
    match count_after(output, &["Ran "]) {
        None | Some(0) => bail!("no Python test ran"),
        Some(_) if output.contains("skipped=") => bail!("a Python test was skipped"),
        Some(_) => Ok(()),
    }
}

/// Node's runner exits with 0 for tests it skipped and for no tests at all.
fn node_test_ran(output: &str) -> Result<()> {
    match count_after(output, &["# tests ", "ℹ tests "]) {
        None | Some(0) => bail!("no browser test ran"),
        Some(_) if count_after(output, &["# skipped ", "ℹ skipped "]) != Some(0) => {
            bail!("a browser test was skipped")
        }
        Some(_) => Ok(()),
    }
}

/// The number before `rest`, wherever that is.
fn count_before(output: &str, rest: &str) -> Option<u32> {
    let (before, _) = output.split_once(rest)?;
    let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    before[before.len() - digits..].parse().ok()
}

/// The number after one of `beginnings`, in the last line that begins with one.
fn count_after(output: &str, beginnings: &[&str]) -> Option<u32> {
    let rest = output.lines().rev().find_map(|line| beginnings.iter().find_map(|b| line.strip_prefix(b)))?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_run_without_tests_or_with_a_skipped_one_fails() {
        let refusal = |output| unittest_ran(output).unwrap_err().to_string();
        assert_eq!(refusal("\nRan 0 tests in 0.000s\n\nOK\n"), "no Python test ran");
        assert_eq!(refusal(""), "no Python test ran");
        assert_eq!(refusal("Ran 5 tests in 0.1s\n\nOK (skipped=1)\n"), "a Python test was skipped");
        unittest_ran("Ran 1 test in 0.1s\n\nOK\n").unwrap();
    }

    #[test]
    fn a_browser_run_without_tests_or_with_a_skipped_one_fails() {
        let refusal = |output| node_test_ran(output).unwrap_err().to_string();
        assert_eq!(refusal("# tests 0\n# pass 0\n# skipped 0\n"), "no browser test ran");
        assert_eq!(refusal(""), "no browser test ran");
        assert_eq!(refusal("ℹ tests 3\nℹ skipped 1\n"), "a browser test was skipped");
        node_test_ran("# tests 3\n# suites 0\n# pass 3\n# fail 0\n# cancelled 0\n# skipped 0\n").unwrap();
    }

    #[test]
    fn a_count_is_read_wherever_it_stands() {
        assert_eq!(count_before("x\n 20130 vectors in /tmp; 12 cases", " vectors in "), Some(20_130));
        assert_eq!(
            count_before("\u{1b}[39m7 vectors × 3 encodings: equal", " vectors × 3 encodings: equal"),
            Some(7)
        );
        assert_eq!(count_before("no vectors in it", " vectors in "), None);
        assert_eq!(count_before("", " vectors in "), None);
    }

    #[test]
    fn a_quick_run_says_what_it_left_out() {
        assert!(what_ran(Tier::Quick).starts_with("not run: "));
    }
}
