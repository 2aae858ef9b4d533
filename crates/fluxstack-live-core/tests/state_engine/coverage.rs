//! What was met, by op, place and encoding, and by method: printed, and too little of anything is a failure.
use serde_json::Value;
use std::{collections::BTreeMap, fmt::Write};

/// What a series of cases has met.
#[derive(Default)]
pub(crate) struct Coverage {
    /// Cases in which an op was met at a place, by encoding.
    ops: BTreeMap<(&'static str, &'static str), BTreeMap<&'static str, u64>>,
    /// Cases in which a method was called, in a transaction that was committed and in one that was undone.
    methods: BTreeMap<&'static str, [u64; 2]>,
    /// Edits of each case.
    edits: Vec<usize>,
    /// Cases by the deepest nesting of collections that an op was met in.
    depths: BTreeMap<usize, u64>,
}

/// Every op at every place where it can be.
const OPS: [(&str, &str); 25] = [
    ("=", "field of the component"),
    ("=", "field in a list's item"),
    ("=", "field in a map's value"),
    ("=", "field in a feed's item"),
    ("=", "field in a plain struct"),
    ("=", "item of a list"),
    ("=", "value of a map"),
    ("=", "item of a feed"),
    ("=", "whole list"),
    ("=", "whole map"),
    ("=", "whole feed"),
    ("=", "whole text"),
    ("+", "list"),
    ("+", "feed"),
    ("i", "list"),
    ("-", "list"),
    ("-", "map"),
    ("-", "feed"),
    (">", "list"),
    ("~ append", "text of the component"),
    ("~ append", "text in a collection"),
    ("~ append", "text that is a map's value"),
    ("~ splice", "text of the component"),
    ("~ splice", "text in a collection"),
    ("~ splice", "text that is a map's value"),
];

pub(crate) const ENCODINGS: [&str; 3] = ["json", "compact", "by schema"];

/// What is at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Component,
    /// With fields, in whatever.
    Struct,
    List,
    Map,
    Feed,
    Text,
    Leaf,
}

impl Kind {
    /// A field's name says what it holds, and what that holds.
    fn of(field: &str) -> (Kind, Kind) {
        match field {
            "list" => (Kind::List, Kind::Struct),
            "map" => (Kind::Map, Kind::Struct),
            "feed" => (Kind::Feed, Kind::Struct),
            "numbers" => (Kind::List, Kind::Leaf),
            "texts" => (Kind::Map, Kind::Text),
            "flags" => (Kind::Feed, Kind::Leaf),
            "text" => (Kind::Text, Kind::Leaf),
            "inner" => (Kind::Struct, Kind::Leaf),
            _ => (Kind::Leaf, Kind::Leaf),
        }
    }
}

impl Coverage {
    /// One case: the ops that travelled, the methods of its transactions and whether they were committed.
    pub(crate) fn case(&mut self, ops: &[Value], done: &[(&'static str, bool)], edits: usize) {
        let mut met: Vec<(&str, &str, usize)> = ops.iter().map(place).collect();
        self.depths
            .entry(met.iter().map(|(.., depth)| *depth).max().unwrap_or(0))
            .and_modify(|n| *n += 1)
            .or_insert(1);
        met.iter_mut().for_each(|(.., depth)| *depth = 0);
        met.sort_unstable();
        met.dedup();
        for (op, place, _) in met {
            for encoding in ENCODINGS {
                *self.ops.entry((op, place)).or_default().entry(encoding).or_default() += 1;
            }
        }
        let mut done = done.to_vec();
        done.sort_unstable();
        done.dedup();
        for (method, is_committed) in done {
            self.methods.entry(method).or_default()[usize::from(!is_committed)] += 1;
        }
        self.edits.push(edits);
    }
    /// What was met, as a table, and what was met too seldom.
    pub(crate) fn report(mut self, least: u64) -> (String, Vec<String>) {
        let (mut out, mut lacking) = (String::new(), Vec::new());
        self.edits.sort_unstable();
        let median = self.edits[self.edits.len() / 2];
        writeln!(out, "{} cases, a median of {median} edits each", self.edits.len()).unwrap();
        writeln!(out, "deepest collection with an op, cases: {:?}", self.depths).unwrap();
        writeln!(
            out,
            "{:<11}{:<28}{:>9}{:>9}{:>11}   cases by encoding",
            "op", "at", "json", "compact", "by schema"
        )
        .unwrap();
        for (op, at) in OPS {
            let met = self.ops.remove(&(op, at)).unwrap_or_default();
            let counts = ENCODINGS.map(|encoding| met.get(encoding).copied().unwrap_or(0));
            writeln!(out, "{op:<11}{at:<28}{:>9}{:>9}{:>11}", counts[0], counts[1], counts[2]).unwrap();
            if counts.iter().any(|count| *count < least) {
                lacking.push(format!("`{op}` at {at}: {counts:?} cases"));
            }
        }
        lacking.extend(self.ops.keys().map(|(op, at)| format!("`{op}` at {at} was not expected")));
        writeln!(out, "{:<39}{:>9}{:>9}   cases", "method", "committed", "undone").unwrap();
        for (method, [committed, undone]) in &self.methods {
            writeln!(out, "{method:<39}{committed:>9}{undone:>9}").unwrap();
            // One edit in eighty is of a certain method.
            if *committed < least / 8 || *undone < least / 8 {
                lacking.push(format!("`{method}`: {committed} cases committed, {undone} undone"));
            }
        }
        if median < 8 {
            lacking.push(format!("a median of {median} edits"));
        }
        if self.depths.range(3..).map(|(_, count)| count).sum::<u64>() < least {
            lacking.push("collections in collections in collections".to_owned());
        }
        (out, lacking)
    }
}

/// An op's code, where it is, and how many collections are there one in another.
fn place(op: &Value) -> (&'static str, &'static str, usize) {
    use Kind::{Component, Feed, Leaf, List, Map, Struct, Text};
    let (mut kinds, mut holds) = (vec![Component], Leaf);
    for segment in op[1].as_array().expect("a path") {
        let (kind, holds_now) = match kinds[kinds.len() - 1] {
            Component | Struct => Kind::of(segment.as_str().expect("a field's name")),
            List | Map | Feed => (holds, Leaf),
            Text | Leaf => unreachable!("nothing is in a leaf"),
        };
        kinds.push(kind);
        holds = holds_now;
    }
    let depth = kinds.iter().filter(|kind| matches!(kind, List | Map | Feed)).count();
    let arguments = op.as_array().expect("an op").len() - 2;
    let (code, at) = match (op[0].as_str().expect("a code"), kinds.as_slice()) {
        ("=", [.., List]) => ("=", "whole list"),
        ("=", [.., Map]) => ("=", "whole map"),
        ("=", [.., Feed]) => ("=", "whole feed"),
        ("=", [.., List, _]) => ("=", "item of a list"),
        ("=", [.., Map, _]) => ("=", "value of a map"),
        ("=", [.., Feed, _]) => ("=", "item of a feed"),
        ("=", [.., Text]) => ("=", "whole text"),
        ("=", [.., List, Struct, _]) => ("=", "field in a list's item"),
        ("=", [.., Map, Struct, _]) => ("=", "field in a map's value"),
        ("=", [.., Feed, Struct, _]) => ("=", "field in a feed's item"),
        ("=", [.., Struct, _]) => ("=", "field in a plain struct"),
        ("=", [Component, _]) => ("=", "field of the component"),
        ("+", [.., List]) => ("+", "list"),
        ("+", [.., Feed]) => ("+", "feed"),
        ("i", [.., List]) => ("i", "list"),
        ("-", [.., List]) => ("-", "list"),
        ("-", [.., Map]) => ("-", "map"),
        ("-", [.., Feed]) => ("-", "feed"),
        (">", [.., List]) => (">", "list"),
        ("~", kinds @ [.., Text]) => (
            if arguments == 1 { "~ append" } else { "~ splice" },
            match kinds {
                [.., Map, Text] => "text that is a map's value",
                _ if depth > 0 => "text in a collection",
                _ => "text of the component",
            },
        ),
        (code, kinds) => panic!("the op `{code}` at {kinds:?}"),
    };
    (code, at, depth)
}
