//! `cargo xtask tidy`: the rules that no compiler and no linter checks.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::project;

mod rust_order; // Rust imports against the reading order
mod rust_module; // modules and paths of a crate
mod rust_tokens; // a source without comments and strings
mod typescript_order; // the same for the npm package
mod typescript_imports; // what a source imports
mod reading_order; // imports up a list, and cycles
mod manifest; // every crate takes the workspace's lints
mod source; // a file's length, its notes to do
mod sources; // the files to check
mod finding; // what is wrong, and where

use finding::Finding;
use sources::Sources;

pub(crate) fn run() -> Result<ExitCode> {
    check()?;
    println!("tidy: nothing to say");
    Ok(ExitCode::SUCCESS)
}

/// The error lists everything found.
pub(crate) fn check() -> Result<()> {
    let findings = findings(&Sources::of_repository(&project::root())?);
    if findings.is_empty() {
        return Ok(());
    }
    let lines: String = findings.iter().map(|finding| format!("\n  {finding}")).collect();
    bail!("tidy found {}:{lines}", findings.len())
}

fn findings(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(rust_order::check(sources));
    findings.extend(typescript_order::check(sources));
    findings.extend(manifest::check(sources));
    findings.extend(source::check(sources));
    findings.sort();
    // Two names of one `use` are one finding.
    findings.dedup();
    findings
}
