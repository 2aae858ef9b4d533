//! The showcase: its page, and the server binary with the page inside.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::Line;
use crate::project;
use crate::step::Steps;

/// Builds the page. The npm package comes first (`node::build_package`).
pub(crate) fn build_page(steps: &mut Steps) -> Result<()> {
    steps.run("page", &Line::new("npm run build -w showcase-page")).map(drop)
}

/// Builds the server with the page in it, in the profile that xtask itself was built in, and returns its path.
pub(crate) fn build_server(steps: &mut Steps) -> Result<PathBuf> {
    steps.run("showcase", &Line::new("cargo build --package showcase"))?;
    Ok(project::binaries().join("showcase"))
}
