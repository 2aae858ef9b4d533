//! The modules of a Rust crate, with the paths that each names. Code for tests only is left out.

use std::collections::BTreeMap;

use super::rust_tokens::{Kind, Token, tokens};
use super::sources::Sources;

/// A module's names from the crate's root: `["session", "queue"]`; the root's own is empty.
pub(crate) type Path = Vec<String>;

#[derive(Default)]
pub(crate) struct Module {
    pub file: String,
    pub children: Vec<Child>,
    pub uses: Vec<Use>,
    /// What `use` brought into scope here, and the absolute path of each.
    pub imported: BTreeMap<String, Path>,
    /// The names of its `macro_rules!`.
    pub macros: Vec<String>,
}

pub(crate) struct Child {
    pub name: String,
    pub line: usize,
    /// The file of a `mod x;` is neither x.rs nor x/mod.rs.
    pub is_missing: bool,
}

/// A path that begins with `crate`, `self` or `super`, made absolute. A glob ends in `*`.
pub(crate) struct Use {
    pub line: usize,
    pub path: Path,
}

/// The modules of the crate whose root is `file`, by path.
pub(crate) fn modules(sources: &Sources, file: &str) -> BTreeMap<Path, Module> {
    let mut modules = BTreeMap::new();
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    read_file(sources, file, folder, Vec::new(), &mut modules);
    // Exported macros are named from the root, wherever they are defined.
    let macros: Vec<(String, Path)> = modules
        .iter()
        .flat_map(|(path, module)| module.macros.iter().map(|name| (name.clone(), path.clone())))
        .map(|(name, path)| (name.clone(), [path, vec![name]].concat()))
        .collect();
    if let Some(root) = modules.get_mut([].as_slice()) {
        root.imported.extend(macros.into_iter().filter(|(_, path)| path.len() > 1));
    }
    modules
}

/// `folder` is where the files of the module's children are.
fn read_file(sources: &Sources, file: &str, folder: &str, path: Path, modules: &mut BTreeMap<Path, Module>) {
    let tokens = tokens(sources.text(file).unwrap_or_default());
    let mut reader = Reader { sources, file, tokens: &tokens, at: 0, modules };
    reader.module(path, folder);
}

struct Reader<'a> {
    sources: &'a Sources,
    file: &'a str,
    tokens: &'a [Token],
    at: usize,
    modules: &'a mut BTreeMap<Path, Module>,
}

/// A leaf of a `use` tree, or a path in an expression.
struct Leaf {
    line: usize,
    names: Vec<String>,
    /// The name after `as`.
    renamed: Option<String>,
}

impl Reader<'_> {
    /// Reads a module up to the end of the file, or the `}` that closes it.
    fn module(&mut self, path: Path, folder: &str) {
        let mut module = Module { file: self.file.to_owned(), ..Module::default() };
        let mut relative = Vec::new();
        let mut depth = 0;
        while let Some(token) = self.tokens.get(self.at) {
            let line = token.line;
            match &token.kind {
                Kind::Sign('{') => depth += 1,
                Kind::Sign('}') if depth == 0 => break,
                Kind::Sign('}') => depth -= 1,
                Kind::Sign('#') if self.is_sign(1, '[') => {
                    if self.attribute_is_for_tests() {
                        self.skip_item();
                    }
                    continue;
                }
                Kind::Word(word) if word == "mod" => {
                    if let Some(child) = self.child(&path, folder, line) {
                        module.children.push(child);
                        continue;
                    }
                }
                Kind::Word(word) if word == "macro_rules" => {
                    module.macros.extend(self.tokens.get(self.at + 2).and_then(as_word).map(str::to_owned));
                }
                Kind::Word(word) if word == "use" => {
                    self.at += 1;
                    for leaf in self.leaves() {
                        let name = leaf.renamed.clone().or(leaf.names.last().cloned()).unwrap_or_default();
                        match absolute(&path, &leaf.names) {
                            Some(target) => {
                                module.imported.insert(name, target.clone());
                                module.uses.push(Use { line: leaf.line, path: target });
                            }
                            None => relative.push((name, leaf.names)),
                        }
                    }
                    continue;
                }
                Kind::Word(_) if self.begins_path() => {
                    for leaf in self.leaves() {
                        let target = absolute(&path, &leaf.names).expect("it begins as an absolute path");
                        module.uses.push(Use { line: leaf.line, path: target });
                    }
                    continue;
                }
                Kind::Word(_) | Kind::Path | Kind::Sign(_) => {}
            }
            self.at += 1;
        }
        // `pub use store::Store`, where `mod store;` may come after it.
        for (name, names) in relative {
            if module.children.iter().any(|child| Some(&child.name) == names.first()) {
                module.imported.insert(name, [path.clone(), names].concat());
            }
        }
        self.modules.insert(path, module);
    }

    /// At `mod`: reads `mod x;` and its file, or `mod x { … }`. None if it is neither.
    fn child(&mut self, parent: &[String], folder: &str, line: usize) -> Option<Child> {
        let Some(Kind::Word(name)) = self.kind(1) else { return None };
        let name = name.clone();
        let path = [parent, std::slice::from_ref(&name)].concat();
        let inside = format!("{folder}/{name}");
        if self.is_sign(2, '{') {
            self.at += 3;
            self.module(path, &inside);
            self.at += 1;
            return Some(Child { name, line, is_missing: false });
        }
        if !self.is_sign(2, ';') {
            return None;
        }
        self.at += 3;
        let files = [format!("{inside}.rs"), format!("{inside}/mod.rs")];
        let file = files.iter().find(|file| self.sources.text(file).is_some());
        if let Some(file) = file {
            read_file(self.sources, file, &inside, path, self.modules);
        }
        Some(Child { name, line, is_missing: file.is_none() })
    }

    /// At a path through the crate? `$crate` is the crate of whoever calls the macro, and `pub(in crate::x)`
    /// says who may import, not what is imported.
    fn begins_path(&self) -> bool {
        let Some(Kind::Word(word)) = self.kind(0) else { return false };
        let before = |steps: usize| self.at.checked_sub(steps).map(|at| &self.tokens[at].kind);
        let is_visibility =
            before(1) == Some(&Kind::Word("in".into())) && before(2) == Some(&Kind::Sign('('));
        matches!(word.as_str(), "crate" | "self" | "super")
            && self.kind(1) == Some(&Kind::Path)
            && !matches!(before(1), Some(Kind::Sign('$') | Kind::Path))
            && !is_visibility
    }

    fn leaves(&mut self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.tree(&[], &mut leaves);
        leaves
    }

    /// `a::b`, `a::*`, `a::{b, c as d, e::{self}}`.
    fn tree(&mut self, prefix: &[String], leaves: &mut Vec<Leaf>) {
        let mut names = prefix.to_vec();
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        loop {
            match self.kind(0) {
                Some(Kind::Word(word)) => {
                    names.push(word.clone());
                    self.at += 1;
                    if self.kind(0) == Some(&Kind::Path) {
                        self.at += 1;
                        continue;
                    }
                }
                Some(Kind::Sign('*')) => {
                    names.push("*".into());
                    self.at += 1;
                }
                Some(Kind::Sign('{')) => {
                    self.at += 1;
                    while self.kind(0).is_some() && !self.is_sign(0, '}') {
                        let before = self.at;
                        self.tree(&names, leaves);
                        if self.is_sign(0, ',') || self.at == before {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                // `use ::other_crate`, or `crate::f::<T>()`.
                Some(Kind::Path) if names.is_empty() => {
                    self.at += 1;
                    names.push(String::new());
                    continue;
                }
                Some(Kind::Path | Kind::Sign(_)) | None => {}
            }
            break;
        }
        if names.len() > 1 && names.last().is_some_and(|name| name == "self") {
            names.pop();
        }
        let mut renamed = None;
        if let (Some(Kind::Word(word)), Some(Kind::Word(name))) = (self.kind(0), self.kind(1))
            && word == "as"
        {
            renamed = Some(name.clone());
            self.at += 2;
        }
        leaves.push(Leaf { line, names, renamed });
    }

    /// At `#`: goes past the attribute. `#[cfg(test)]` and `#[cfg(all(test, …))]` are for tests only.
    fn attribute_is_for_tests(&mut self) -> bool {
        self.at += 1;
        let start = self.at;
        self.skip_group();
        let words: Vec<&str> = self.tokens[start..self.at].iter().filter_map(as_word).collect();
        matches!(words.as_slice(), ["cfg", "test"] | ["cfg", "all", "test", ..])
    }

    /// Goes past an item: its `;`, or its `{ … }`.
    fn skip_item(&mut self) {
        while let Some(kind) = self.kind(0) {
            match kind {
                Kind::Sign(';') => {
                    self.at += 1;
                    return;
                }
                Kind::Sign('{') => return self.skip_group(),
                Kind::Sign('(' | '[') => self.skip_group(),
                // The attribute was on the last thing in a block.
                Kind::Sign('}') => return,
                Kind::Word(_) | Kind::Path | Kind::Sign(_) => self.at += 1,
            }
        }
    }

    /// At an opening bracket: goes past the one that closes it.
    fn skip_group(&mut self) {
        let mut depth = 0;
        while let Some(kind) = self.kind(0) {
            match kind {
                Kind::Sign('(' | '[' | '{') => depth += 1,
                Kind::Sign(')' | ']' | '}') => depth -= 1,
                Kind::Word(_) | Kind::Path | Kind::Sign(_) => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    fn kind(&self, ahead: usize) -> Option<&Kind> {
        self.tokens.get(self.at + ahead).map(|token| &token.kind)
    }

    fn is_sign(&self, ahead: usize, sign: char) -> bool {
        self.kind(ahead) == Some(&Kind::Sign(sign))
    }
}

fn as_word(token: &Token) -> Option<&str> {
    match &token.kind {
        Kind::Word(word) => Some(word),
        Kind::Path | Kind::Sign(_) => None,
    }
}

/// A path from the crate's root; None if `names` begins in another crate or in the module itself.
fn absolute(module: &[String], names: &[String]) -> Option<Path> {
    let (first, mut rest) = names.split_first()?;
    let mut path = match first.as_str() {
        "crate" => Vec::new(),
        "self" => module.to_vec(),
        "super" => module[..module.len().saturating_sub(1)].to_vec(),
        _ => return None,
    };
    while let Some(("super", after)) = rest.split_first().map(|(name, after)| (name.as_str(), after)) {
        path.pop();
        rest = after;
    }
    path.extend_from_slice(rest);
    Some(path)
}
