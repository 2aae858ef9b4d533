//! In a crate, a module imports only what is listed below it in lib.rs or main.rs; with the modules inside a
//! module it is the same.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::reading_order::{Import, ReadingOrder};
use super::rust_module::{Module, Path, Use, modules};
use super::sources::Sources;

pub(crate) fn check(sources: &Sources) -> Vec<Finding> {
    let folders = sources.manifests().map(|(file, _)| file.trim_end_matches("Cargo.toml"));
    let roots = folders.flat_map(|folder| ["lib.rs", "main.rs"].map(|root| format!("{folder}src/{root}")));
    roots.filter(|root| sources.text(root).is_some()).flat_map(|root| check_crate(sources, &root)).collect()
}

fn check_crate(sources: &Sources, root: &str) -> Vec<Finding> {
    let modules = modules(sources, root);
    let mut findings = Vec::new();
    let mut orders: BTreeMap<&Path, ReadingOrder> =
        modules.iter().map(|(path, module)| (path, reading_order(module))).collect();
    for (path, module) in &modules {
        for child in module.children.iter().filter(|child| child.is_missing) {
            let name = &child.name;
            let message = format!("`mod {name};` has no file {name}.rs or {name}/mod.rs beside it");
            findings.push(Finding::at(&module.file, child.line, message));
        }
        for used in &module.uses {
            match direction(&modules, path, used) {
                Direction::Down => {}
                Direction::Up { ancestor, what } => {
                    let above = file_name(&modules[ancestor].file);
                    let message = format!(
                        "imports {what} from {above}, which is above it; import from the module that defines it, below this one"
                    );
                    findings.push(Finding::at(&module.file, used.line, message));
                }
                Direction::Across { list, from, to } => {
                    let order = orders.get_mut(list).expect("every module has a list of its children");
                    order.imports.push(Import { file: module.file.clone(), line: used.line, from, to });
                }
            }
        }
    }
    findings.extend(orders.values().flat_map(ReadingOrder::check));
    findings
}

fn reading_order(module: &Module) -> ReadingOrder {
    ReadingOrder {
        listed_in: file_name(&module.file).to_owned(),
        modules: module.children.iter().map(|child| child.name.clone()).collect(),
        imports: Vec::new(),
    }
}

fn file_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// Where an import leads, seen from the module that has it.
enum Direction<'a> {
    /// To the module itself, or into a module inside it.
    Down,
    /// To something that a module around it defines.
    Up { ancestor: &'a Path, what: String },
    /// From one child of `list` into another.
    Across { list: &'a Path, from: String, to: String },
}

fn direction<'a>(modules: &'a BTreeMap<Path, Module>, importer: &'a Path, used: &Use) -> Direction<'a> {
    let importer = owner(modules, importer);
    let (target, item) = resolve(modules, used.path.clone());
    if target.starts_with(importer) {
        return Direction::Down;
    }
    if importer.starts_with(target) {
        return match item {
            Some(name) if name == "*" => Direction::Up { ancestor: target, what: "everything".into() },
            Some(name) => Direction::Up { ancestor: target, what: format!("`{name}`") },
            None => Direction::Up { ancestor: target, what: "all".into() },
        };
    }
    let common = importer.iter().zip(target).take_while(|(a, b)| a == b).count();
    let (list, _) = modules.get_key_value(&importer[..common]).expect("a module's ancestors are modules");
    Direction::Across { list, from: importer[common].clone(), to: target[common].clone() }
}

/// The module whose file this is: `mod inner { … }` is a part of the file around it, and has no place of its
/// own in the reading order.
fn owner<'a>(modules: &'a BTreeMap<Path, Module>, path: &'a Path) -> &'a Path {
    let around = (0..path.len()).filter_map(|length| modules.get_key_value(&path[..length]));
    around
        .filter(|(_, module)| module.file == modules[path].file)
        .map(|(path, _)| path)
        .next()
        .unwrap_or(path)
}

/// The module that a path leads to, and the name in it, if the path goes on. Follows re-exports.
fn resolve(modules: &BTreeMap<Path, Module>, mut path: Path) -> (&Path, Option<String>) {
    // Two re-exports of each other do not compile; the bound is for sources that do not.
    for _ in 0..16 {
        let (target, module) = longest(modules, &path);
        let item = path.get(target.len());
        let Some(re_export) = item.and_then(|name| module.imported.get(name)) else {
            return (target, item.cloned());
        };
        path = [re_export.as_slice(), &path[target.len() + 1..]].concat();
    }
    (longest(modules, &path).0, None)
}

/// The module with the longest path that begins `path`; the root begins every one.
fn longest<'a>(modules: &'a BTreeMap<Path, Module>, path: &[String]) -> (&'a Path, &'a Module) {
    let lengths = (0..=path.len()).rev();
    lengths.filter_map(|length| modules.get_key_value(&path[..length])).next().expect("the root is a module")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a crate with these files in src.
    fn said<const N: usize>(files: [(&str, &str); N]) -> Vec<String> {
        let files = files.map(|(file, text)| (format!("crates/x/src/{file}"), text));
        let mut all = vec![("crates/x/Cargo.toml", "")];
        all.extend(files.iter().map(|(file, text)| (file.as_str(), *text)));
        check(&Sources::of(&all)).iter().map(Finding::to_string).collect()
    }

    /// What is said of `store`, between `session` above it and `log` below, if it contains `text`.
    fn said_of_store(text: &str) -> Vec<String> {
        let root = "mod session;\nmod store;\npub(crate) mod log;\npub use log::Entry;\nuse session::Session;\npub struct Own;";
        said([("lib.rs", root), ("session.rs", ""), ("store.rs", text), ("log.rs", "")])
    }

    const UP: &str = "crates/x/src/store.rs:1: imports `session`, which is listed above it in lib.rs; move the import down the reading order or the module up";

    #[test]
    fn imports_down_the_list_pass() {
        for text in [
            "use crate::log::Entry;",
            "use super::log;",
            "use crate::{log::{self, Entry as E}};",
            "fn f() { crate::log::write() }",
            "use crate::Entry;",
            "use std::fmt; use session_of_another_crate::X; use ::session::Y;",
        ] {
            assert_eq!(said_of_store(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn imports_up_the_list_are_found() {
        for text in [
            "use crate::session::Session;",
            "use crate::session;",
            "use crate::{log, session::{A, B}};",
            "use super::session::*;",
            "pub(crate) use crate::session::Session as S;",
            "use crate::Session;",
            "fn f() -> crate::session::Session { todo!() }",
            "fn f<'a>(x: &'a str) { g('\"', crate::session::X) }",
            "fn f() { crate::session::write!() }",
        ] {
            assert_eq!(said_of_store(text).first().map(String::as_str), Some(UP), "{text}");
        }
    }

    #[test]
    fn every_name_of_a_group_is_found_on_its_line() {
        let found = said_of_store("use crate::{\n    log,\n    session,\n};");
        assert_eq!(found, [UP.replace(":1:", ":3:")]);
    }

    #[test]
    fn comments_strings_and_visibility_are_no_imports() {
        for text in [
            "// use crate::session::X;\n/* crate::session */ /// [`crate::session`]",
            "const S: &str = \"crate::session::X\"; const R: &str = r#\"\"crate::session\"#;",
            "pub(in crate::session) fn f() {}",
            "macro_rules! m { () => { $crate::session::X } }",
        ] {
            assert_eq!(said_of_store(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn code_for_tests_may_import_anything() {
        for text in [
            "#[cfg(test)]\nmod tests { use crate::session::X; fn f() { crate::session::y() } }",
            "#[cfg(test)]\nmod tests;",
            "#[cfg(test)]\nuse crate::{session::X, log};",
            "#[cfg(test)] const X: [u8; 2] = crate::session::X;",
            "#[cfg(all(test, unix))] #[allow(dead_code)] fn f(x: [u8; 2]) { crate::session::y() }",
        ] {
            assert_eq!(said_of_store(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn code_after_the_tests_and_code_for_non_tests_is_checked() {
        for text in [
            "#[cfg(test)] use crate::{session::X}; use crate::session::Y;",
            "#[cfg(test)] mod tests { fn f() {} } use crate::session::Y;",
            "#[cfg(not(test))] use crate::session::Y;",
            "#[cfg(feature = \"test\")] use crate::session::Y;",
        ] {
            assert_eq!(said_of_store(text), [UP], "{text}");
        }
    }

    #[test]
    fn what_the_root_defines_itself_is_above_everything() {
        let expected = [
            "crates/x/src/store.rs:1: imports `Own` from lib.rs, which is above it; import from the module that defines it, below this one",
        ];
        assert_eq!(said_of_store("use crate::Own;"), expected);
        assert_eq!(said_of_store("use super::*;"), [expected[0].replace("`Own`", "everything")]);
    }

    #[test]
    fn a_macro_belongs_to_the_module_that_defines_it() {
        let log = "#[macro_export] macro_rules! note { () => {} }";
        let found = |user: &'static str, text| {
            said([
                ("lib.rs", "mod edge; mod log; mod store;"),
                ("log.rs", log),
                ("edge.rs", ""),
                ("store.rs", ""),
                (user, text),
            ])
        };
        assert_eq!(found("edge.rs", "fn f() { crate::note!() }"), [""; 0]);
        assert_eq!(found("edge.rs", "pub use crate::note;"), [""; 0]);
        assert!(
            found("store.rs", "fn f() { crate::note!() }")[0]
                .contains("imports `log`, which is listed above")
        );
    }

    #[test]
    fn a_cycle_says_its_way() {
        let found = said([
            ("main.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use crate::c::C;"),
            ("c.rs", "\nuse crate::a::A;"),
        ]);
        assert_eq!(
            found,
            [
                "crates/x/src/c.rs:2: imports `a`, which closes a cycle: c → a → b → c; move what both need into a module below them"
            ]
        );
    }

    #[test]
    fn modules_inside_a_module_have_an_order_too() {
        let found = said([
            ("lib.rs", "mod session; mod log;"),
            ("session.rs", "mod queue; mod slot; use slot::Slot; pub struct Session;"),
            ("session/queue.rs", "use super::slot::Slot; use super::Slot as S; use crate::log::Entry;"),
            ("session/slot.rs", "use super::queue::Queue;\nuse super::Session;"),
            ("log.rs", "use crate::session::queue::Queue;"),
        ]);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].starts_with(
            "crates/x/src/session/slot.rs:2: imports `Session` from session.rs, which is above it"
        ));
        assert!(found[1].starts_with(
            "crates/x/src/log.rs:1: imports `session`, which closes a cycle: log → session → log"
        ));
        assert!(found[2].starts_with(
            "crates/x/src/session/slot.rs:1: imports `queue`, which closes a cycle: slot → queue → slot"
        ));
    }

    #[test]
    fn a_mod_rs_is_a_module_too() {
        let found = said([
            ("lib.rs", "mod a;\nmod b;"),
            ("a.rs", ""),
            ("b/mod.rs", "mod c;"),
            ("b/c.rs", "use crate::a::f;"),
        ]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(
            found[0].starts_with("crates/x/src/b/c.rs:1: imports `a`, which is listed above it in lib.rs")
        );
    }

    #[test]
    fn a_module_inside_a_file_is_a_part_of_that_file() {
        let found = said([
            ("lib.rs", "mod a;\npub mod prelude { pub use crate::a::A; }"),
            (
                "a.rs",
                "mod inner { use super::Own; use crate::prelude::A; fn f() { super::super::prelude::g() } }\nmod c;",
            ),
            ("a/c.rs", "use super::inner::B;"),
        ]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(
            found[0].starts_with("crates/x/src/a/c.rs:1: imports `inner`, which is listed above it in a.rs")
        );
    }

    #[test]
    fn a_module_without_a_file_is_found() {
        let found = said([("lib.rs", "\n#[path = \"else/where.rs\"]\nmod a;")]);
        assert_eq!(found, ["crates/x/src/lib.rs:3: `mod a;` has no file a.rs or a/mod.rs beside it"]);
    }
}
