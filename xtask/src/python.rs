//! The virtual environment of the Python tests.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::Line;
use crate::project;
use crate::step::Steps;

const REQUIREMENTS: &str = "e2e/python/requirements.txt";

/// Fails unless `python3` is there with what makes a virtual environment.
pub(crate) fn check() -> Result<()> {
    match Command::new("python3").args(["-c", "import venv, ensurepip"]).output() {
        Err(_) => bail!("Python is missing; install it (Debian: the package `python3-venv`)"),
        Ok(output) if !output.status.success() => {
            bail!("this Python makes no virtual environments; install the package `python3-venv`")
        }
        Ok(_) => Ok(()),
    }
}

/// The `python` of an environment that has what e2e/python/requirements.txt says; made unless it is there.
pub(crate) fn environment(steps: &mut Steps) -> Result<PathBuf> {
    let wanted = fs::read_to_string(project::root().join(REQUIREMENTS))
        .with_context(|| format!("`{REQUIREMENTS}` cannot be read"))?;
    let folder = project::target().join("python");
    let python = folder.join("bin/python");
    // Written last, so it is there only after a whole install.
    let stamp = folder.join("installed-requirements.txt");
    // A missing stamp is an empty one; a link to a Python that was upgraded away does not exist.
    let installed = fs::read_to_string(&stamp).unwrap_or_default();
    if installed == wanted && python.exists() {
        return Ok(python);
    }
    let make = Line::new("python3 -m venv --clear").arg(project::shown(&folder));
    steps.run("Python environment", &make)?;
    let install = Line::program(&python).args("-m pip install --quiet --requirement").arg(REQUIREMENTS);
    steps.run("Python packages", &install)?;
    fs::write(&stamp, wanted).with_context(|| format!("`{}` cannot be written", stamp.display()))?;
    Ok(python)
}
