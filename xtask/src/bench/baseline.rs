//! The counts that are kept in bench/instructions.toml: what an edit cost when somebody last agreed to it.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::project;

const FILE: &str = "bench/instructions.toml";

const HEAD: &str = "\
# What one edit costs: `way kind items`. `cargo xtask bench engine --instructions --update` writes this file, and
# `cargo xtask test` fails if an edit costs noticeably more than is written here.
";

/// What one edit costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Count {
    pub(crate) instructions: u64,
    /// With a tenth: some allocate only now and then.
    pub(crate) allocations: f64,
}

/// Counts by `way kind items`.
pub(crate) type Counts = BTreeMap<String, Count>;

/// Counts, and the compiler that built what was counted.
#[derive(Debug, PartialEq)]
pub(crate) struct Baseline {
    pub(crate) toolchain: String,
    pub(crate) counts: Counts,
}

impl Baseline {
    pub(crate) fn of_this_toolchain(counts: Counts) -> Result<Baseline> {
        Ok(Baseline { toolchain: toolchain()?, counts })
    }
    pub(crate) fn read() -> Result<Baseline> {
        let text = fs::read_to_string(project::root().join(FILE))
            .with_context(|| format!("`{FILE}` cannot be read"))?;
        Baseline::parse(&text).with_context(|| format!("`{FILE}` is not as it was written"))
    }
    pub(crate) fn write(&self) -> Result<()> {
        fs::write(project::root().join(FILE), self.text())
            .with_context(|| format!("`{FILE}` cannot be written"))?;
        println!("{FILE} written");
        Ok(())
    }
    fn parse(text: &str) -> Result<Baseline> {
        let table: toml::Table = text.parse()?;
        let toolchain =
            table.get("toolchain").and_then(toml::Value::as_str).context("it has no toolchain")?;
        let mut counts = Counts::new();
        for (name, value) in &table {
            let Some(value) = value.as_table() else { continue };
            let instructions = value.get("instructions").and_then(toml::Value::as_integer);
            let allocations = value.get("allocations").and_then(toml::Value::as_float);
            let (Some(instructions), Some(allocations)) = (instructions, allocations) else {
                bail!("`{name}` has not the two numbers")
            };
            let instructions = instructions.try_into()?;
            counts.insert(name.clone(), Count { instructions, allocations });
        }
        Ok(Baseline { toolchain: toolchain.to_owned(), counts })
    }
    fn text(&self) -> String {
        let line = |(name, count): (&String, &Count)| {
            let Count { instructions, allocations } = count;
            format!("\"{name}\" = {{ instructions = {instructions}, allocations = {allocations:.1} }}\n")
        };
        let lines: String = self.counts.iter().map(line).collect();
        format!("{HEAD}toolchain = \"{}\"\n\n{lines}", self.toolchain)
    }
}

/// `rustc 1.95.0 (59807616e 2026-04-14) on x86_64-unknown-linux-gnu`
pub(crate) fn toolchain() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("`rustc` did not start")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.lines().next().context("`rustc -vV` says nothing")?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(format!("{version} on {}", host.context("`rustc -vV` names no host")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        let count = Count { instructions: 14_867, allocations: 22.5 };
        let other = Count { instructions: 9, allocations: 1.0 };
        let counts = [("commit push 10".to_owned(), count), ("request leaf 10000".to_owned(), other)];
        let baseline = Baseline { toolchain: "rustc 1 on here".to_owned(), counts: counts.into() };
        assert_eq!(Baseline::parse(&baseline.text()).unwrap(), baseline);
    }

    #[test]
    fn a_case_without_its_numbers_is_named() {
        let text = "toolchain = \"\"\n\"commit push 10\" = { instructions = 7 }";
        assert_eq!(
            Baseline::parse(text).unwrap_err().to_string(),
            "`commit push 10` has not the two numbers"
        );
    }
}
