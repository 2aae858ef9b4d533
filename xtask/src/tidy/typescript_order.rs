//! In the npm package, src/index.ts lists the modules in its first comment, and a module imports only what is
//! listed below it. index.ts itself is above them all.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::reading_order::{Import, ReadingOrder};
use super::sources::Sources;
use super::typescript_imports::imports;

const INDEX: &str = "index.ts";

pub(crate) fn check(sources: &Sources) -> Vec<Finding> {
    let packages: BTreeSet<&str> =
        sources.under("packages/").filter_map(|path| path.split('/').next()).collect();
    let folders = packages.iter().map(|name| format!("packages/{name}/src/"));
    folders.flat_map(|folder| check_package(sources, &folder)).collect()
}

fn check_package(sources: &Sources, folder: &str) -> Vec<Finding> {
    let index = format!("{folder}{INDEX}");
    let files: BTreeSet<&str> = sources.under(folder).filter(|file| is_module(file)).collect();
    if files.is_empty() {
        return Vec::new();
    }
    let listed = listed(sources.text(&index).unwrap_or_default());
    let mut findings = Vec::new();
    for file in &files {
        if *file != INDEX && !listed.iter().any(|(_, name)| name == file) {
            let message = format!("is not in the list of modules; add ` * - {file}: what it is` to {index}");
            findings.push(Finding::in_file(&format!("{folder}{file}"), message));
        }
    }
    for (line, name) in &listed {
        if !files.contains(name.as_str()) {
            findings.push(Finding::at(&index, *line, format!("lists `{name}`, and there is no such file")));
        }
    }
    let mut modules = vec![INDEX.to_owned()];
    modules.extend(listed.into_iter().map(|(_, name)| name).filter(|name| name != INDEX));
    let mut order = ReadingOrder { listed_in: INDEX.to_owned(), modules, imports: Vec::new() };
    for from in &files {
        let path = format!("{folder}{from}");
        for (line, name) in imports(sources.text(&path).unwrap_or_default()) {
            let Some(to) = target(&files, from, &name) else { continue };
            // What is not listed has been found already, and has no place to compare.
            if [*from, to].iter().all(|file| order.modules.iter().any(|module| module == file)) {
                let (from, to) = (from.to_string(), to.to_owned());
                order.imports.push(Import { file: path.clone(), line, from, to });
            }
        }
    }
    findings.extend(order.check());
    findings
}

/// A TypeScript file that is not a test.
fn is_module(file: &str) -> bool {
    let is_test = file.contains(".test.") || file.contains(".test-d.");
    (file.ends_with(".ts") || file.ends_with(".tsx")) && !is_test
}

/// The lines ` * - name.ts: what it is` of the first comment, with their numbers.
fn listed(index: &str) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for (number, line) in (1..).zip(index.lines()) {
        if let Some((name, _)) = line.trim().strip_prefix("* - ").and_then(|entry| entry.split_once(": ")) {
            names.push((number, name.to_owned()));
        }
        if line.contains("*/") {
            break;
        }
    }
    names
}

/// The file that `from` imports by `name`; None if it is not one of the package's modules.
fn target<'a>(files: &BTreeSet<&'a str>, from: &str, name: &str) -> Option<&'a str> {
    if !name.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    let stem = path.strip_suffix(".js").or(path.strip_suffix(".jsx")).unwrap_or(&path);
    let candidates = [
        path.clone(),
        format!("{stem}.ts"),
        format!("{stem}.tsx"),
        format!("{stem}/index.ts"),
        INDEX.to_owned(),
    ];
    // `./` and `.` are the folder's index.ts.
    let tried = if path.is_empty() { &candidates[4..] } else { &candidates[..4] };
    tried.iter().find_map(|file| files.get(file.as_str()).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "/**\n * Live components.\n *\n * - react.ts: the entry of /react\n * - react/hook.tsx: a hook\n * - session.ts: a session\n * - codec.ts: frames\n */\n";

    /// What is said of the package if these files replace or join the ones that pass.
    fn said<const N: usize>(changed: [(&str, &str); N]) -> Vec<String> {
        let mut files = vec![
            (INDEX, HEADER),
            ("react.ts", "export * from './react/hook.js';"),
            (
                "react/hook.tsx",
                "import type { Session } from '../session.js'; import { useMemo } from 'react';",
            ),
            ("session.ts", "import { encode } from './codec.js';"),
            ("codec.ts", ""),
        ];
        for (file, text) in changed {
            files.retain(|(name, _)| *name != file);
            files.push((file, text));
        }
        let files: Vec<(String, &str)> =
            files.iter().map(|(file, text)| (format!("packages/p/src/{file}"), *text)).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(file, text)| (file.as_str(), *text)).collect();
        check(&Sources::of(&files)).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn imports_down_the_list_pass() {
        assert_eq!(said([]), [""; 0]);
        let index = format!("{HEADER}export {{ Session }} from './session';");
        assert_eq!(said([(INDEX, &index)]), [""; 0]);
    }

    #[test]
    fn an_import_up_the_list_is_found_also_of_types_only() {
        let above = "is listed above it in index.ts; move the import down the reading order or the module up";
        assert_eq!(
            said([("session.ts", ""), ("codec.ts", "\nimport type { Session } from './session.js';")]),
            [format!("packages/p/src/codec.ts:2: imports `session.ts`, which {above}")]
        );
        assert_eq!(
            said([("react.ts", ""), ("react/hook.tsx", "import '../react.js';")]),
            [format!("packages/p/src/react/hook.tsx:1: imports `react.ts`, which {above}")]
        );
        assert_eq!(
            said([("codec.ts", "export * from '.';")]),
            [format!("packages/p/src/codec.ts:1: imports `index.ts`, which {above}")]
        );
    }

    #[test]
    fn a_cycle_says_its_way() {
        assert_eq!(
            said([("codec.ts", "import './session.js';")]),
            [
                "packages/p/src/codec.ts:1: imports `session.ts`, which closes a cycle: codec.ts → session.ts → codec.ts; move what both need into a module below them"
            ]
        );
    }

    #[test]
    fn a_file_that_is_not_listed_is_found() {
        assert_eq!(
            said([("clock.ts", "")]),
            [
                "packages/p/src/clock.ts: is not in the list of modules; add ` * - clock.ts: what it is` to packages/p/src/index.ts"
            ]
        );
        assert_eq!(said([(INDEX, "// no list")]).len(), 4);
    }

    #[test]
    fn a_listed_file_that_is_not_there_is_found() {
        let index = HEADER.replace(" * - codec.ts", " * - clock.ts: the time\n * - codec.ts");
        assert_eq!(
            said([(INDEX, &index)]),
            ["packages/p/src/index.ts:7: lists `clock.ts`, and there is no such file"]
        );
    }

    #[test]
    fn tests_may_import_anything_and_are_not_listed() {
        assert_eq!(said([("codec.test.ts", "import './session.js';"), ("wire.test-d.ts", "")]), [""; 0]);
    }
}
