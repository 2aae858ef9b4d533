//! The steps of a command: each is shown while it runs, timed, and explained when it fails.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::process::{self, End, Line};

/// A step that takes longer hangs. Two slow cores build everything from nothing in a third of it.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// What becomes of the output of a step.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Output {
    /// Printed as it comes.
    Stream,
    /// Kept, and printed if the step fails.
    OnFailure,
}

/// The steps done so far, and how the next ones are shown.
pub(crate) struct Steps {
    output: Output,
    spinner: Option<ProgressBar>,
    done: Vec<(String, Duration)>,
    /// The step that failed; nothing runs after it.
    failed: Option<(String, Duration)>,
}

impl Steps {
    /// A spinner on a terminal; elsewhere a line when a step starts and one when it ended.
    pub(crate) fn new(output: Output) -> Steps {
        let spinner = (output == Output::OnFailure && io::stderr().is_terminal()).then(spinner);
        Steps { output, spinner, done: Vec::new(), failed: None }
    }

    /// Runs a command line as a step and returns its output. The error says how to run it alone.
    pub(crate) fn run(&mut self, name: &str, line: &Line) -> Result<String> {
        self.run_checked(name, line, |_| Ok(()))
    }

    /// As `run`, for a command whose exit code alone does not prove that it did its work: `check` reads the
    /// output of one that exited with 0.
    pub(crate) fn run_checked(
        &mut self,
        name: &str,
        line: &Line,
        check: impl FnOnce(&str) -> Result<()>,
    ) -> Result<String> {
        let started = self.start(name, &line.to_string());
        let mut output = String::new();
        let streams = self.output == Output::Stream;
        let spinner = self.spinner.clone();
        let end = line.run(Some(LIMIT), |text| {
            output.push_str(text);
            output.push('\n');
            if streams {
                println!("{text}");
            }
            if let Some(spinner) = &spinner
                && !text.trim().is_empty()
            {
                spinner.set_message(text.trim().to_owned());
            }
        });
        let reason = match end {
            Ok(End::Exited(status)) if status.success() => check(&output).err().map(|e| e.to_string()),
            Ok(end) => Some(end.to_string()),
            Err(error) => Some(format!("{error:#}")),
        };
        self.end(name, started, reason.is_none());
        let Some(reason) = reason else { return Ok(output) };
        if !streams && process::stopped_by_signal().is_none() {
            print!("{output}");
        }
        bail!("the step `{name}` failed: {reason}; to run it alone: {line}")
    }

    /// Shows a result that is worth seeing, unless it was streamed.
    pub(crate) fn tell(&self, result: &str) {
        if self.output != Output::Stream {
            println!("{}", result.trim_end());
        }
    }

    /// A step that is our own work: `what` it does, in words or as the command that does only this.
    pub(crate) fn work<T>(&mut self, name: &str, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let started = self.start(name, what);
        let result = work();
        self.end(name, started, result.is_ok());
        result.map_err(|error| anyhow!("the step `{name}` ({what}) failed: {error:#}"))
    }

    /// The steps with their durations.
    pub(crate) fn summary(&self) -> String {
        let width = self.done.iter().chain(&self.failed).map(|(name, _)| name.len()).max().unwrap_or(0);
        let row = |mark: &str, (name, took): &(String, Duration)| {
            format!("  {mark:<6}  {name:<width$}  {:>10}\n", in_words(*took))
        };
        let passed: String = self.done.iter().map(|step| row("ok", step)).collect();
        let failed: String = self.failed.iter().map(|step| row("FAILED", step)).collect();
        let total: Duration = self.done.iter().chain(&self.failed).map(|(_, took)| *took).sum();
        format!("{passed}{failed}{}", row("", &("together".to_owned(), total)))
    }

    /// `N passed, M failed`. What ended a run with an error counts also where it happened between two steps.
    pub(crate) fn count(&self, run: &Result<()>) -> String {
        format!("{} passed, {} failed", self.done.len(), usize::from(run.is_err()))
    }

    fn start(&mut self, name: &str, line: &str) -> Instant {
        match (&self.spinner, self.output) {
            (Some(spinner), _) => {
                // Also the time it shows.
                spinner.reset();
                spinner.set_prefix(name.to_owned());
                spinner.set_message(line.to_owned());
                spinner.enable_steady_tick(Duration::from_millis(100));
            }
            (None, Output::Stream) => println!("\n==> {name}: {line}"),
            (None, Output::OnFailure) => println!("{name} …"),
        }
        Instant::now()
    }

    fn end(&mut self, name: &str, started: Instant, passed: bool) {
        let took = started.elapsed();
        let word = if passed { "ok" } else { "FAILED" };
        let row = format!("{word:<6}  {name}  {}", in_words(took));
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
        println!("{row}");
        let step = (name.to_owned(), took);
        if passed { self.done.push(step) } else { self.failed = Some(step) }
    }
}

pub(crate) fn spinner() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {prefix}  {elapsed}  {wide_msg:.dim}");
    ProgressBar::new_spinner().with_style(style.expect("the template is valid"))
}

/// `0.4 s`, `12.3 s`, `2 min 05 s`.
fn in_words(took: Duration) -> String {
    let tenths = (took.as_millis() + 50) / 100;
    if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        let seconds = (tenths + 5) / 10;
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passing_step_returns_its_output_and_is_counted() {
        let mut steps = Steps::new(Output::OnFailure);
        assert_eq!(steps.run("greet", &Line::new("echo hello")).unwrap(), "hello\n");
        assert_eq!(steps.count(&Ok(())), "1 passed, 0 failed");
        assert!(steps.summary().starts_with("  ok      greet     "));
    }

    #[test]
    fn a_failing_step_says_how_to_run_it_alone() {
        let mut steps = Steps::new(Output::OnFailure);
        let error = steps.run("fail", &Line::new("sh -c").arg("exit 7")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the step `fail` failed: it exited with 7; to run it alone: sh -c 'exit 7'"
        );
        assert_eq!(steps.count(&Err(error)), "0 passed, 1 failed");
        assert!(steps.summary().starts_with("  FAILED  fail   "));
    }

    #[test]
    fn a_step_whose_output_proves_nothing_fails() {
        let mut steps = Steps::new(Output::OnFailure);
        let line = Line::new("echo nothing ran");
        let error = steps.run_checked("tests", &line, |_| bail!("no test ran")).unwrap_err();
        assert!(error.to_string().contains("failed: no test ran"));
        assert_eq!(steps.count(&Err(error)), "0 passed, 1 failed");
    }

    #[test]
    fn durations_read_as_one_would_say_them() {
        assert_eq!(in_words(Duration::from_millis(449)), "0.4 s");
        assert_eq!(in_words(Duration::from_millis(59_960)), "1 min 00 s");
        assert_eq!(in_words(Duration::from_millis(125_400)), "2 min 05 s");
    }
}
