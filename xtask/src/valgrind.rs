//! Valgrind, which counts instructions: found, or installed from Debian where that is allowed.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::debian;
use crate::step::Steps;

const NAME: [&str; 1] = ["valgrind"];

/// The path of a Valgrind. Installs Debian's if there is none and the user may; fails otherwise.
pub(crate) fn find_or_install(steps: &mut Steps) -> Result<PathBuf> {
    if let Some(found) = debian::on_path(&NAME) {
        return Ok(found);
    }
    let refusal = "counting instructions needs Valgrind; install it (Debian, Ubuntu: the package `valgrind`)";
    debian::install(steps, "Valgrind", "valgrind libc6-dbg", refusal)?;
    match debian::on_path(&NAME) {
        Some(found) => Ok(found),
        None => bail!("the package `valgrind` brought no `valgrind`"),
    }
}
