//! The Chromium that the browser tests drive: found, or installed from Debian where that is allowed.

use std::env;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::process::Line;
use crate::step::Steps;

/// Its names, in the order they are tried.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// How this user may install a package.
enum Installer {
    Root,
    Sudo,
}

/// The path of a Chromium. Installs Debian's if there is none and the user may; fails otherwise.
pub(crate) fn find_or_install(steps: &mut Steps) -> Result<PathBuf> {
    if let Some(given) = env::var_os("CHROMIUM") {
        return given_by_user(given.into());
    }
    if let Some(found) = on_path() {
        return Ok(found);
    }
    install(steps)?;
    match on_path() {
        Some(found) => Ok(found),
        None => bail!("the package `chromium` brought no `chromium`; set CHROMIUM to the path of one"),
    }
}

fn given_by_user(path: PathBuf) -> Result<PathBuf> {
    if is_program(&path) {
        return Ok(path);
    }
    bail!("CHROMIUM is `{}`, which is not a program; set it to the path of a Chromium", path.display())
}

fn on_path() -> Option<PathBuf> {
    search(&env::var_os("PATH").unwrap_or_default())
}

fn search(path: &OsStr) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(path).collect();
    NAMES.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| is_program(file)))
}

fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

fn install(steps: &mut Steps) -> Result<()> {
    let apt = match installer() {
        Some(Installer::Root) => Line::new("apt-get"),
        Some(Installer::Sudo) => Line::new("sudo -n apt-get"),
        None => bail!(
            "the browser tests need Chromium; install it (Debian, Ubuntu: the package `chromium`) or set CHROMIUM to the path of one"
        ),
    };
    let apt = apt.env("DEBIAN_FRONTEND", "noninteractive");
    steps.run("package list", &apt.clone().args("update"))?;
    let packages = "install --yes --no-install-recommends chromium fonts-liberation";
    steps.run("Chromium", &apt.args(packages)).map(drop)
}

/// None without apt-get, or without the right to use it.
fn installer() -> Option<Installer> {
    if !succeeds("apt-get", &["--version"]) {
        None
    } else if rustix::process::geteuid().is_root() {
        Some(Installer::Root)
    } else {
        succeeds("sudo", &["-n", "true"]).then_some(Installer::Sudo)
    }
}

fn succeeds(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_first_name_that_is_a_program_is_taken() {
        let root = env::temp_dir().join(format!("xtask-chromium-{}", std::process::id()));
        let (one, two) = (root.join("one"), root.join("two"));
        let path = env::join_paths([&one, &two]).unwrap();
        let put = |file: PathBuf, mode| {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            file
        };
        assert_eq!(search(&path), None);
        put(one.join("chromium"), 0o644);
        assert_eq!(search(&path), None, "a file nobody may run is not a program");
        let chrome = put(one.join("google-chrome"), 0o755);
        assert_eq!(search(&path), Some(chrome));
        let chromium = put(two.join("chromium"), 0o755);
        assert_eq!(search(&path), Some(chromium));
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_path_in_the_environment_must_be_a_program() {
        let error = given_by_user("/nowhere/chromium".into()).unwrap_err();
        assert!(error.to_string().starts_with("CHROMIUM is `/nowhere/chromium`, which is not a program"));
    }
}
