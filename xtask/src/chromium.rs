//! The Chromium that the browser tests drive: found, or installed from Debian where that is allowed.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::debian;
use crate::step::Steps;

/// Its names, in the order they are tried.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The path of a Chromium. Installs Debian's if there is none and the user may; fails otherwise.
pub(crate) fn find_or_install(steps: &mut Steps) -> Result<PathBuf> {
    if let Some(given) = env::var_os("CHROMIUM") {
        return given_by_user(given.into());
    }
    if let Some(found) = debian::on_path(&NAMES) {
        return Ok(found);
    }
    let refusal = "the browser tests need Chromium; install it (Debian, Ubuntu: the package `chromium`) or set CHROMIUM to the path of one";
    debian::install(steps, "Chromium", "chromium fonts-liberation", refusal)?;
    match debian::on_path(&NAMES) {
        Some(found) => Ok(found),
        None => bail!("the package `chromium` brought no `chromium`; set CHROMIUM to the path of one"),
    }
}

fn given_by_user(path: PathBuf) -> Result<PathBuf> {
    if debian::is_program(&path) {
        return Ok(path);
    }
    bail!("CHROMIUM is `{}`, which is not a program; set it to the path of a Chromium", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_the_environment_must_be_a_program() {
        let error = given_by_user("/nowhere/chromium".into()).unwrap_err();
        assert!(error.to_string().starts_with("CHROMIUM is `/nowhere/chromium`, which is not a program"));
    }
}
