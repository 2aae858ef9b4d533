//! A list of modules in reading order, and the imports between them. An import goes down the list.

use std::collections::BTreeMap;

use super::finding::Finding;

pub(crate) struct ReadingOrder {
    /// The file with the list, as a message names it: `lib.rs`.
    pub listed_in: String,
    /// From the top.
    pub modules: Vec<String>,
    pub imports: Vec<Import>,
}

/// `from` imports `to`; both are in the list.
pub(crate) struct Import {
    pub file: String,
    pub line: usize,
    pub from: String,
    pub to: String,
}

impl ReadingOrder {
    /// One finding for each import that goes up. Every cycle has such an import, which then says so.
    pub(crate) fn check(&self) -> Vec<Finding> {
        let place = |name: &str| self.modules.iter().position(|module| module == name);
        let goes_up = |import: &&Import| place(&import.to) < place(&import.from);
        self.imports.iter().filter(goes_up).map(|import| self.finding(import)).collect()
    }

    fn finding(&self, import: &Import) -> Finding {
        let Import { file, line, from, to } = import;
        let message = match self.way(to, from) {
            Some(back) => {
                let cycle = [&[from.as_str()], back.as_slice()].concat().join(" → ");
                format!(
                    "imports `{to}`, which closes a cycle: {cycle}; move what both need into a module below them"
                )
            }
            None => format!(
                "imports `{to}`, which is listed above it in {}; move the import down the reading order or the module up",
                self.listed_in
            ),
        };
        Finding::at(file, *line, message)
    }

    /// The shortest way along imports, both ends included.
    fn way<'a>(&'a self, start: &'a str, end: &str) -> Option<Vec<&'a str>> {
        let mut came_from = BTreeMap::from([(start, start)]);
        let mut reached = vec![start];
        let mut next = 0;
        while let Some(&at) = reached.get(next) {
            next += 1;
            if at == end {
                let mut way = vec![at];
                while way[way.len() - 1] != start {
                    way.push(came_from[way[way.len() - 1]]);
                }
                way.reverse();
                return Some(way);
            }
            for import in self.imports.iter().filter(|import| import.from == at) {
                if !came_from.contains_key(import.to.as_str()) {
                    came_from.insert(&import.to, at);
                    reached.push(&import.to);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(imports: &[(&str, &str)]) -> Vec<String> {
        let modules = ["edge", "session", "store", "log"].map(str::to_owned).to_vec();
        let imports = imports.iter().map(|(from, to)| Import {
            file: format!("{from}.rs"),
            line: 3,
            from: from.to_string(),
            to: to.to_string(),
        });
        let order = ReadingOrder { listed_in: "lib.rs".into(), modules, imports: imports.collect() };
        order.check().iter().map(Finding::to_string).collect()
    }

    #[test]
    fn imports_down_the_list_pass() {
        assert!(
            said(&[("edge", "session"), ("edge", "log"), ("session", "store"), ("store", "log")]).is_empty()
        );
    }

    #[test]
    fn an_import_up_the_list_is_found() {
        assert_eq!(
            said(&[("log", "store")]),
            [
                "log.rs:3: imports `store`, which is listed above it in lib.rs; move the import down the reading order or the module up"
            ]
        );
    }

    #[test]
    fn a_cycle_is_found_with_its_way() {
        assert_eq!(
            said(&[("session", "store"), ("store", "log"), ("log", "session")]),
            [
                "log.rs:3: imports `session`, which closes a cycle: log → session → store → log; move what both need into a module below them"
            ]
        );
    }
}
