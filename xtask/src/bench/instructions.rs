//! Instructions and allocations of one edit, counted and held against those before. Unlike times they are the same in
//! every run, whatever else the machine does.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::baseline::{Baseline, Count, Counts, toolchain};
use crate::process::{End, Line};

/// What is counted, each in both ways and at both sizes: what must not depend on the size, and one that may.
const KINDS: [&str; 5] = ["push", "field", "leaf", "rollback", "insert-middle"];
const WAYS: [&str; 2] = ["commit", "request"];
const SIZES: [usize; 2] = [10, 10_000];

/// Two runs that differ only in these many edits: what else they do cancels out.
const EDITS: (u64, u64) = (256, 1_024);

/// So many per cent more is a failure, so many less an improvement. Run again, a program counts the same to the
/// instruction; another environment or path makes up to 0.1 %, code that an edit does not pass through up to 0.3 %, because
/// other things are inlined.
const PERCENT: u64 = 3;

/// The same for allocations of one edit: half of the least that can be too much.
const ALLOCATIONS: f64 = 0.5;

/// glibc's allocator keeps what is freed at hand. Otherwise it tidies up now and then, by how its memory happens to lie, and
/// counts differ by 2 %.
const ALLOCATOR: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.tcache_count=65535");

const UPDATE: &str = "cargo xtask bench engine --instructions --update";

/// Counts everything, and says before each what it is at.
pub(crate) fn count(valgrind: &Path, program: &Path, mut at: impl FnMut(&str)) -> Result<Counts> {
    let mut counts = Counts::new();
    for way in WAYS {
        for kind in KINDS {
            for items in SIZES {
                let name = format!("{way} {kind} {items}");
                at(&format!("instructions: {name}"));
                let run = |edits: u64| {
                    let line = Line::program(valgrind)
                        .args("--tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null");
                    let line = line.env(ALLOCATOR.0, ALLOCATOR.1).arg(program.to_string_lossy()).args("run");
                    totals(&line.args(&format!("{kind} {way} {items} {edits}")))
                };
                let (few, many) = (run(EDITS.0)?, run(EDITS.1)?);
                counts.insert(name, each(few, many));
            }
        }
    }
    Ok(counts)
}

/// What a whole run comes to.
#[derive(Clone, Copy)]
struct Totals {
    instructions: u64,
    allocations: u64,
}

fn totals(line: &Line) -> Result<Totals> {
    let mut output = String::new();
    let end = line.run(None, |text| {
        output.push_str(text);
        output.push('\n');
    })?;
    match end {
        End::Exited(status) if status.success() => {}
        end => bail!("{end}; to run it alone: {line}\n{output}"),
    }
    let number = |before: &str| {
        let text = output.lines().find_map(|line| line.split_once(before)).map(|(_, number)| number);
        let number = text.and_then(|text| text.replace(',', "").trim().parse().ok());
        number.with_context(|| format!("no `{before}` in the output of {line}:\n{output}"))
    };
    Ok(Totals { instructions: number("refs:")?, allocations: number("allocations:")? })
}

/// What one edit costs by two runs.
fn each(few: Totals, many: Totals) -> Count {
    let edits = EDITS.1 - EDITS.0;
    let instructions = (many.instructions - few.instructions) / edits;
    // Rounded as it is written.
    let tenths = (many.allocations - few.allocations) * 10 / edits;
    Count { instructions, allocations: tenths as f64 / 10.0 }
}

/// What comes of a comparison.
pub(crate) struct Verdict {
    lines: Vec<String>,
    failures: Vec<String>,
}

pub(crate) fn compare(counts: &Counts, baseline: &Baseline) -> Verdict {
    let mut verdict = Verdict { lines: Vec::new(), failures: Vec::new() };
    for (name, count) in counts {
        let Some(before) = baseline.counts.get(name) else {
            verdict.fail(format!("{name} was never counted before; `{UPDATE}` writes it down"));
            continue;
        };
        let share = count.instructions as f64 / before.instructions as f64 - 1.0;
        let more = count.allocations - before.allocations;
        let text = format!(
            "{name}: {} instructions ({:+.1} %), {:.1} allocations ({more:+.1})",
            count.instructions,
            share * 100.0,
            count.allocations,
        );
        let (now, bound) = (count.instructions * 100, |percent| before.instructions * percent);
        if now > bound(100 + PERCENT) || more > ALLOCATIONS {
            verdict.fail(text);
        } else if now < bound(100 - PERCENT) || more < -ALLOCATIONS {
            verdict.lines.push(format!("PASS  {text}; improved: `{UPDATE}` keeps it so"));
        } else {
            verdict.lines.push(format!("PASS  {text}"));
        }
    }
    if !verdict.failures.is_empty() {
        verdict.lines.push(advice(&baseline.toolchain));
    }
    verdict
}

fn advice(before: &str) -> String {
    let now = toolchain().unwrap_or_default();
    let mut text = format!(
        "An edit may cost {PERCENT} % more instructions than in bench/instructions.toml, and not one allocation. If it is worth what it costs now, `{UPDATE}` writes that down; say why in the commit."
    );
    if now != before {
        text += &format!("\nThe counts there are of another compiler: {before}; this is {now}.");
    }
    text
}

impl Verdict {
    fn fail(&mut self, text: String) {
        self.lines.push(format!("FAIL  {text}"));
        self.failures.push(text);
    }
    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }
    pub(crate) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
    pub(crate) fn into_result(self) -> Result<()> {
        if self.failures.is_empty() {
            return Ok(());
        }
        bail!("an edit costs more than it did:\n{}", self.text().trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(instructions: u64, allocations: f64) -> Counts {
        Counts::from([("commit push 10".to_owned(), Count { instructions, allocations })])
    }
    fn verdict(instructions: u64, allocations: f64) -> Verdict {
        let baseline = Baseline { toolchain: "another".to_owned(), counts: counts(10_000, 18.0) };
        compare(&counts(instructions, allocations), &baseline)
    }

    #[test]
    fn a_few_instructions_more_pass_and_three_percent_more_do_not() {
        assert!(verdict(10_300, 18.0).into_result().is_ok());
        let failed = verdict(10_301, 18.0);
        assert_eq!(
            failed.failures(),
            ["commit push 10: 10301 instructions (+3.0 %), 18.0 allocations (+0.0)"]
        );
        assert!(failed.text().contains("of another compiler: another; this is rustc "));
    }

    #[test]
    fn one_allocation_more_fails() {
        assert!(verdict(10_000, 18.4).failures().is_empty());
        assert_eq!(verdict(10_000, 19.0).failures().len(), 1);
    }

    #[test]
    fn what_improved_passes_and_says_how_to_keep_it() {
        let improved = verdict(9_000, 18.0);
        assert!(improved.text().contains("(-10.0 %)") && improved.text().contains(UPDATE));
        assert!(improved.into_result().is_ok());
        assert!(verdict(10_000, 17.0).text().contains(UPDATE));
    }

    #[test]
    fn a_case_that_was_never_counted_fails() {
        let baseline = Baseline { toolchain: String::new(), counts: Counts::new() };
        let failed = compare(&counts(1, 1.0), &baseline);
        assert!(failed.failures()[0].starts_with("commit push 10 was never counted before"));
    }

    #[test]
    fn what_two_runs_have_in_common_cancels_out() {
        let few = Totals { instructions: 1_000_000 + 256 * 500, allocations: 9_999 + 256 * 18 };
        let many = Totals { instructions: 1_000_000 + 1_024 * 500, allocations: 9_999 + 1_024 * 18 };
        assert_eq!(each(few, many), Count { instructions: 500, allocations: 18.0 });
    }
}
