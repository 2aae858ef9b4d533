//! Every crate takes the workspace's lints, and those forbid unsafe code.

use super::finding::Finding;
use super::sources::Sources;

pub(crate) fn check(sources: &Sources) -> Vec<Finding> {
    sources
        .manifests()
        .filter_map(|(file, text)| refusal(text).map(|said| Finding::in_file(file, said)))
        .collect()
}

fn refusal(text: &str) -> Option<String> {
    let settings = || settings(text);
    let is_workspace = settings().any(|(section, _, _)| section.starts_with("workspace"));
    let forbids_unsafe = |(section, key, value): (&str, &str, &str)| {
        section == "workspace.lints.rust" && key == "unsafe_code" && value.contains("\"forbid\"")
    };
    if is_workspace && !settings().any(forbids_unsafe) {
        return Some(
            "does not forbid unsafe code; add `unsafe_code = \"forbid\"` to [workspace.lints.rust]".into(),
        );
    }
    let is_package = settings().any(|(section, _, _)| section == "package");
    let takes_lints = |setting| setting == ("lints", "workspace", "true");
    if is_package && !settings().any(takes_lints) {
        return Some("does not take the workspace's lints; add `[lints]` with `workspace = true`".into());
    }
    None
}

/// The `key = value` lines with their section. It reads what is in our manifests, not all of TOML.
fn settings(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let mut section = "";
    text.lines().filter_map(move |line| {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim();
        }
        let (key, value) = line.split_once('=')?;
        Some((section, key.trim(), value.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "[workspace]\nmembers = []\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n";
    const CRATE: &str = "[package]\nname = \"a\"\n[lints]\nworkspace = true # all of them\n";

    fn said(root: &str, package: &str) -> Vec<String> {
        let sources = Sources::of(&[("Cargo.toml", root), ("crates/a/Cargo.toml", package)]);
        check(&sources).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_crate_that_takes_the_workspaces_lints_passes() {
        assert!(said(ROOT, CRATE).is_empty());
    }

    #[test]
    fn a_crate_without_them_is_named() {
        let expected = [
            "crates/a/Cargo.toml: does not take the workspace's lints; add `[lints]` with `workspace = true`",
        ];
        assert_eq!(said(ROOT, "[package]\nname = \"a\"\n"), expected);
        assert_eq!(said(ROOT, "[package]\nname = \"a\"\n[lints]\nworkspace = false\n"), expected);
        assert_eq!(said(ROOT, "[package]\nname = \"a\"\n[dependencies.b]\nworkspace = true\n"), expected);
    }

    #[test]
    fn a_workspace_that_only_warns_of_unsafe_code_is_named() {
        let warns = ROOT.replace("forbid", "warn");
        let expected = [
            "Cargo.toml: does not forbid unsafe code; add `unsafe_code = \"forbid\"` to [workspace.lints.rust]",
        ];
        assert_eq!(said(&warns, CRATE), expected);
        assert_eq!(said("[workspace]\nmembers = []\n", CRATE), expected);
        assert_eq!(said(&ROOT.replace(".rust", ".clippy"), CRATE), expected);
    }
}
