//! The examples: the page and the server binary of each.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process::Line;
use crate::project;
use crate::step::Steps;

/// Every folder in examples/ with a crate in it, the easiest first.
pub(crate) fn names() -> Result<Vec<String>> {
    let folder = project::root().join("examples");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).context("the folder `examples` cannot be read")? {
        let path = entry?.path();
        if path.join("Cargo.toml").is_file() {
            names.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// The package of an example.
pub(crate) fn package(name: &str) -> String {
    format!("example-{name}")
}

/// Builds a page. The npm package comes first (`node::build_package`).
pub(crate) fn build_page(steps: &mut Steps, name: &str) -> Result<()> {
    let line = Line::new("npm run build -w examples --").arg(format!("{name}/page"));
    steps.run(&format!("page of {name}"), &line).map(drop)
}

/// Builds a server, in the profile that xtask itself was built in, and returns its path. It serves the page
/// from where `build_page` put it.
pub(crate) fn build_server(steps: &mut Steps, name: &str) -> Result<PathBuf> {
    let package = package(name);
    steps.run(name, &Line::new("cargo build --package").arg(&package))?;
    Ok(project::binaries().join(package))
}

/// Builds all of them, and returns the folder with the servers.
pub(crate) fn build_all(steps: &mut Steps) -> Result<PathBuf> {
    let mut servers = Line::new("cargo build");
    for name in names()? {
        build_page(steps, &name)?;
        servers = servers.arg("--package").arg(package(&name));
    }
    steps.run("examples", &servers)?;
    Ok(project::binaries())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_numbered_from_easy_to_hard() {
        let names = names().unwrap();
        assert!(!names.is_empty());
        for (number, name) in (1..).zip(&names) {
            assert!(name.starts_with(&format!("{number:02}-")), "{name}");
        }
    }
}
