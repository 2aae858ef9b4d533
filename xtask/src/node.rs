//! Node.js and the npm packages of the repository.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::process::Line;
use crate::project;
use crate::step::Steps;

/// The oldest Node.js that Vite and TypeScript's tools run on; package.json says the same.
const OLDEST: (u32, u32) = (20, 19);

/// Fails unless `node` and `npm` are there and new enough.
pub(crate) fn check() -> Result<()> {
    accept(version_of("node").as_deref())?;
    if version_of("npm").is_none() {
        bail!("npm is missing; it comes with Node.js from https://nodejs.org, or as the package `npm`");
    }
    Ok(())
}

/// Installs what package-lock.json says, unless that is what is installed.
pub(crate) fn install(steps: &mut Steps) -> Result<()> {
    let root = project::root();
    if is_installed(&root) {
        return Ok(());
    }
    steps.run("npm packages", &Line::new("npm ci --no-audit --no-fund")).map(drop)
}

/// Builds the npm package, which the page and its types need.
pub(crate) fn build_package(steps: &mut Steps) -> Result<()> {
    steps.run("npm package", &Line::new("npm run build -w fluxstack-live")).map(drop)
}

/// What a page pays for the npm package as it was built, which fails if it is over the budget.
pub(crate) fn size(steps: &mut Steps) -> Result<()> {
    let sizes = steps.run("size", &Line::new("npm run size -w fluxstack-live"))?;
    steps.tell(sizes.find("minified").map_or("", |at| &sizes[at..]));
    Ok(())
}

/// Checks the npm package as it was built: what is packed, what its types and source maps say, what loads it.
pub(crate) fn check_package(steps: &mut Steps) -> Result<()> {
    steps.run("package", &Line::new("npm run check-package -w fluxstack-live")).map(drop)
}

fn version_of(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `version` as Node prints it, `v20.19.0`; None if there is no Node.
fn accept(version: Option<&str>) -> Result<()> {
    let (major, minor) = OLDEST;
    let install = format!("install {major}.{minor} or newer from https://nodejs.org");
    let Some(version) = version else { bail!("Node.js is missing; {install}") };
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|n| n.parse::<u32>().ok());
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < OLDEST {
        bail!("Node.js {version} is too old; {install}");
    }
    Ok(())
}

/// npm writes node_modules/.package-lock.json last, so it is there only after a whole install.
fn is_installed(root: &Path) -> bool {
    let changed = |path: &str| -> Option<SystemTime> { fs::metadata(root.join(path)).ok()?.modified().ok() };
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_old_node_is_refused_in_one_sentence() {
        let refusal = |version| accept(version).unwrap_err().to_string();
        assert_eq!(refusal(None), "Node.js is missing; install 20.19 or newer from https://nodejs.org");
        assert_eq!(
            refusal(Some("v18.20.4")),
            "Node.js v18.20.4 is too old; install 20.19 or newer from https://nodejs.org"
        );
        assert!(accept(Some("v20.18.9")).is_err());
        assert!(accept(Some("something else")).is_err());
    }

    #[test]
    fn newer_nodes_are_accepted() {
        for version in ["v20.19.0", "v20.20.2", "v22.1.0", "v100.0.0-nightly"] {
            accept(Some(version)).unwrap();
        }
    }

    #[test]
    fn packages_are_installed_again_when_the_lock_file_is_newer() {
        let root = std::env::temp_dir().join(format!("xtask-node-{}", std::process::id()));
        fs::create_dir_all(root.join("node_modules")).unwrap();
        let write = |path: &str, seconds: u64| {
            let file = fs::File::create(root.join(path)).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds)).unwrap();
        };
        write("package-lock.json", 1000);
        assert!(!is_installed(&root), "nothing is installed yet");
        write("node_modules/.package-lock.json", 2000);
        assert!(is_installed(&root));
        write("package-lock.json", 3000);
        assert!(!is_installed(&root), "the lock file changed");
        fs::remove_dir_all(&root).unwrap();
    }
}
