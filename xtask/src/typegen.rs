//! `cargo xtask typegen`: each program prints its components' types, and they go into its page's sources.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::process::Line;
use crate::step::{Output, Steps};
use crate::{examples, project};

/// How generated types begin.
const FIRST: &str = "/* eslint-disable */\n";

#[derive(Args)]
pub(crate) struct Options {
    /// Write nothing, and fail if something would be written
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let mut steps = Steps::new(Output::OnFailure);
    if options.check {
        check(&mut steps)?;
        println!("typegen: all types are as Rust has them");
        return Ok(ExitCode::SUCCESS);
    }
    for (package, path) in targets()? {
        let text = types(&mut steps, &package)?;
        let is_new = is_outdated(&path, &text)?;
        if is_new {
            fs::write(project::root().join(&path), &text)
                .with_context(|| format!("`{path}` cannot be written"))?;
        }
        println!("{path} {}", if is_new { "written" } else { "unchanged" });
    }
    Ok(ExitCode::SUCCESS)
}

/// Fails if a file is not what its program prints.
pub(crate) fn check(steps: &mut Steps) -> Result<()> {
    for (package, path) in targets()? {
        let text = types(steps, &package)?;
        if is_outdated(&path, &text)? {
            let there = fs::read_to_string(project::root().join(&path)).unwrap_or_default();
            bail!(
                "`{path}` is not what the Rust of `{package}` says; `cargo xtask typegen` writes it{}",
                first_difference(&there, &text)
            );
        }
    }
    Ok(())
}

/// The packages whose program prints its types when it is started with the argument `typescript`, each with the file
/// they are kept in.
fn targets() -> Result<Vec<(String, String)>> {
    let mut targets = vec![("showcase".to_owned(), "showcase/page/src/live.gen.ts".to_owned())];
    for name in examples::names()? {
        targets.push((examples::package(&name), format!("examples/{name}/page/live.gen.ts")));
    }
    targets.push(("frames-server".to_owned(), "e2e/frames/page/live.gen.ts".to_owned()));
    Ok(targets)
}

fn types(steps: &mut Steps, package: &str) -> Result<String> {
    let line = Line::new("cargo run --quiet --package").arg(package).arg("typescript");
    let has_types = |output: &str| match output.contains(FIRST) {
        true => Ok(()),
        false => bail!("it printed no types"),
    };
    let mut output = steps.run_checked(&format!("types of {package}"), &line, has_types)?;
    // The compiler's warnings are in the output as well, before it.
    Ok(output.split_off(output.find(FIRST).unwrap_or(0)))
}

fn is_outdated(path: &str, text: &str) -> Result<bool> {
    let path = project::root().join(path);
    if !path.exists() {
        return Ok(true);
    }
    let there = fs::read_to_string(&path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    // A checkout may have given its lines other ends.
    Ok(there.replace('\r', "") != text)
}

/// The first line that differs, as it is and as it should be.
fn first_difference(there: &str, text: &str) -> String {
    let (mut old, mut new) = (there.lines(), text.lines());
    for number in 1.. {
        match (old.next(), new.next()) {
            (None, None) => break,
            (old, new) if old == new => {}
            (old, new) => {
                let line = |mark: &str, line: Option<&str>| {
                    line.map_or(String::new(), |it| format!("\n  {mark} {it}"))
                };
                return format!("\n  line {number}:{}{}", line("-", old), line("+", new));
            }
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_shown_as_it_is_and_as_it_should_be() {
        assert_eq!(first_difference("a\nb\nc", "a\nx\nc"), "\n  line 2:\n  - b\n  + x");
        assert_eq!(first_difference("a", "a\nb"), "\n  line 2:\n  + b");
        assert_eq!(first_difference("a\n", "a\n"), "");
    }
}
