//! The files that the rules read, in memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The endings of code files.
const CODE: [&str; 7] = ["rs", "ts", "tsx", "js", "mjs", "py", "css"];

/// Every code file and Cargo.toml of a tree: its path from the root, with `/`, and its text.
pub(crate) struct Sources(BTreeMap<String, String>);

impl Sources {
    /// What Git tracks, and new files that it does not ignore.
    pub(crate) fn of_repository(root: &Path) -> Result<Sources> {
        let git = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("tidy asks Git for the files to check, and `git` did not start")?;
        if !git.status.success() {
            bail!("tidy asks Git for the files to check: {}", String::from_utf8_lossy(&git.stderr).trim());
        }
        let mut sources = BTreeMap::new();
        for path in String::from_utf8_lossy(&git.stdout).split_terminator('\0') {
            let file = root.join(path);
            // Git still lists a file that was deleted and not yet committed.
            if (is_code(path) || is_manifest(path)) && file.is_file() {
                let bytes = fs::read(&file).with_context(|| format!("`{path}` cannot be read"))?;
                sources.insert(path.to_owned(), String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        Ok(Sources(sources))
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    pub(crate) fn code(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all().filter(|(path, _)| is_code(path))
    }

    /// Every Cargo.toml.
    pub(crate) fn manifests(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all().filter(|(path, _)| is_manifest(path))
    }

    /// The paths inside a folder, from there: `under("a/")` of `a/b.rs` is `b.rs`.
    pub(crate) fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.keys().filter_map(move |path| path.strip_prefix(folder))
    }

    fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

fn is_code(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| CODE.contains(&ending))
}

fn is_manifest(path: &str) -> bool {
    path == "Cargo.toml" || path.ends_with("/Cargo.toml")
}

#[cfg(test)]
impl Sources {
    /// A small tree for a test.
    pub(crate) fn of(files: &[(&str, &str)]) -> Sources {
        Sources(files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_lists_this_file_and_no_ignored_one() {
        let sources = Sources::of_repository(&crate::project::root()).unwrap();
        assert!(sources.text("xtask/src/tidy/sources.rs").is_some());
        assert!(sources.manifests().any(|(path, _)| path == "xtask/Cargo.toml"));
        assert_eq!(sources.under("node_modules/").next(), None);
    }
}
