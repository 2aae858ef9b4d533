//! Debian's packages, for what no lock file brings: installed where that is allowed.

use std::env;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::process::Line;
use crate::step::Steps;

/// How this user may install a package.
enum Installer {
    Root,
    Sudo,
}

/// Installs packages as a step of this name. `refusal` says what a user who may not do that is to do.
pub(crate) fn install(steps: &mut Steps, name: &str, packages: &str, refusal: &str) -> Result<()> {
    let apt = match installer() {
        Some(Installer::Root) => Line::new("apt-get"),
        Some(Installer::Sudo) => Line::new("sudo -n apt-get"),
        None => bail!("{refusal}"),
    };
    let apt = apt.env("DEBIAN_FRONTEND", "noninteractive");
    steps.run("package list", &apt.clone().args("update"))?;
    steps.run(name, &apt.args("install --yes --no-install-recommends").args(packages)).map(drop)
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

/// The first of these names that is a program on PATH.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    search(names, &env::var_os("PATH").unwrap_or_default())
}

fn search(names: &[&str], path: &OsStr) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| is_program(file)))
}

pub(crate) fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_first_name_that_is_a_program_is_taken() {
        let root = env::temp_dir().join(format!("xtask-debian-{}", std::process::id()));
        let (one, two) = (root.join("one"), root.join("two"));
        let path = env::join_paths([&one, &two]).unwrap();
        let search = || search(&["chromium", "google-chrome"], &path);
        let put = |file: PathBuf, mode| {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            file
        };
        assert_eq!(search(), None);
        put(one.join("chromium"), 0o644);
        assert_eq!(search(), None, "a file nobody may run is not a program");
        let chrome = put(one.join("google-chrome"), 0o755);
        assert_eq!(search(), Some(chrome));
        let chromium = put(two.join("chromium"), 0o755);
        assert_eq!(search(), Some(chromium));
        fs::remove_dir_all(&root).unwrap();
    }
}
