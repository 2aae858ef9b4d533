//! A child process in a process group of its own, so that it and all it started end together.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::project;

/// The group of the child that runs now; commands here run one child at a time.
static RUNNING: Mutex<Option<Pid>> = Mutex::new(None);

/// The first signal that asked us to stop; 0 before.
static STOPPED_BY: AtomicI32 = AtomicI32::new(0);

/// Passes Ctrl-C, SIGTERM and SIGHUP on to the child that runs; the second one kills it.
pub(crate) fn stop_children_on_signals() {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).expect("these signals can be caught");
    thread::spawn(move || {
        for signal in signals.forever() {
            let first = STOPPED_BY.swap(signal, Ordering::SeqCst) == 0;
            let Some(group) = *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) else {
                std::process::exit(128 + signal);
            };
            let passed_on = match signal {
                _ if !first => Signal::KILL,
                SIGINT => Signal::INT,
                SIGHUP => Signal::HUP,
                _ => Signal::TERM,
            };
            // The group may have ended in between; then there is nothing to stop.
            let _ = kill_process_group(group, passed_on);
        }
    });
}

/// The exit code after a signal asked us to stop; None if none did.
pub(crate) fn stopped_by_signal() -> Option<ExitCode> {
    match STOPPED_BY.load(Ordering::SeqCst) {
        0 => None,
        signal => Some(ExitCode::from(128 + signal as u8)),
    }
}

/// A command line: what is run, and how a person would type it.
#[derive(Clone)]
pub(crate) struct Line {
    env: Vec<(String, String)>,
    words: Vec<String>,
}

/// How a child ended.
pub(crate) enum End {
    Exited(ExitStatus),
    TimedOut(Duration),
}

impl Line {
    /// `Line::new("npm ci")`: the words of a command line without spaces in any of them.
    pub(crate) fn new(words: &str) -> Line {
        Line { env: Vec::new(), words: words.split_whitespace().map(str::to_owned).collect() }
    }

    /// A program at a path, to be followed by `args`.
    pub(crate) fn program(path: &Path) -> Line {
        Line { env: Vec::new(), words: vec![project::shown(path)] }
    }

    /// More words, none with a space in it.
    pub(crate) fn args(mut self, words: &str) -> Line {
        self.words.extend(words.split_whitespace().map(str::to_owned));
        self
    }

    /// One more word, which may contain spaces.
    pub(crate) fn arg(mut self, word: impl Into<String>) -> Line {
        self.words.push(word.into());
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> Line {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Runs it in the repository's root without input and hands each line of its output, both streams in the
    /// order they were written, to `on_line`. Returns once it and everything it started in its group ended.
    pub(crate) fn run(&self, limit: Option<Duration>, mut on_line: impl FnMut(&str)) -> Result<End> {
        let (output, writer) = io::pipe().context("no pipe for the output of a command")?;
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).process_group(0);
        let spawned = command.spawn();
        // It holds the pipe's writing ends, and the output ends only when they are all closed.
        drop(command);
        let program = &self.words[0];
        let mut child = spawned.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => anyhow::anyhow!("`{program}` is not installed, or not on PATH"),
            _ => anyhow::Error::new(error).context(format!("`{program}` did not start")),
        })?;

        let group = Pid::from_child(&child);
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = Some(group);
        let (ended, has_ended) = mpsc::channel();
        let watchdog = thread::spawn(move || {
            let limit = limit?;
            let late = has_ended.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout);
            if late { kill_process_group(group, Signal::KILL).ok().map(|()| limit) } else { None }
        });
        let waiter = thread::spawn(move || {
            let status = child.wait();
            // What the child left running would hold the pipe open, and a port or a profile besides.
            let _ = kill_process_group(group, Signal::KILL);
            // The watchdog may be gone, having had no limit to watch.
            let _ = ended.send(());
            status
        });
        each_line(output, &mut on_line).context("the output of a command cannot be read")?;
        let status = waiter.join().expect("waiting for a child does not panic");
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = None;
        match watchdog.join().expect("the watchdog does not panic") {
            Some(limit) => Ok(End::TimedOut(limit)),
            None => Ok(End::Exited(status.context("the end of a command cannot be learnt")?)),
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).current_dir(project::root());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        // Cargo set these for xtask; a cargo started from here must not see them.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&*name);
            }
        }
        command
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        let words: Vec<String> = self.words.iter().map(|word| quoted(word)).collect();
        f.write_str(&words.join(" "))
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Exited(status) => match (status.code(), status.signal()) {
                (Some(code), _) => write!(f, "it exited with {code}"),
                (None, Some(signal)) => write!(f, "signal {signal} ended it"),
                (None, None) => write!(f, "it ended ({status})"),
            },
            End::TimedOut(limit) => write!(f, "it was stopped after {} minutes", limit.as_secs() / 60),
        }
    }
}

/// A shell's single quotes, where a word needs them.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn each_line(output: impl Read, on_line: &mut impl FnMut(&str)) -> io::Result<()> {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        on_line(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_line_prints_as_one_would_type_it() {
        let line = Line::new("npm test -w e2e").arg("it's one").env("SHOWCASE", "/a b/showcase");
        assert_eq!(line.to_string(), r"SHOWCASE='/a b/showcase' npm test -w e2e 'it'\''s one'");
    }

    #[test]
    fn both_streams_arrive_and_the_exit_code_too() {
        let mut lines = Vec::new();
        let end = Line::new("sh -c")
            .arg("echo out; echo err >&2; exit 3")
            .run(None, |line| lines.push(line.to_owned()))
            .unwrap();
        assert_eq!(lines, ["out", "err"]);
        assert_eq!(end.to_string(), "it exited with 3");
    }

    #[test]
    fn what_a_child_leaves_running_ends_with_it() {
        let started = Instant::now();
        let end = Line::new("sh -c").arg("sleep 600 & exit 0").run(None, |_| {}).unwrap();
        assert_eq!(end.to_string(), "it exited with 0");
        assert!(started.elapsed() < Duration::from_secs(300), "its output ended with the `sleep` only");
    }

    #[test]
    fn a_child_that_hangs_is_stopped() {
        let end = Line::new("sleep 600").run(Some(Duration::from_millis(20)), |_| {}).unwrap();
        assert!(matches!(end, End::TimedOut(_)));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = Line::new("no-such-program").run(None, |_| {}).err().unwrap();
        assert_eq!(error.to_string(), "`no-such-program` is not installed, or not on PATH");
    }
}
