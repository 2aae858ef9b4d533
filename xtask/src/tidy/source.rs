//! What holds for every code file: its length, and its notes to do.

use super::finding::Finding;
use super::sources::Sources;

/// At 500 lines a file is about two things.
const LONGEST: usize = 500;

/// An example is read in one sitting: its whole server in one file, its whole page in another.
const LONGEST_OF_AN_EXAMPLE: usize = 80;

/// Joined, so that this file passes its own check.
const NOTES: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

pub(crate) fn check(sources: &Sources) -> Vec<Finding> {
    sources.code().flat_map(|(file, text)| length(file, text).into_iter().chain(notes(file, text))).collect()
}

fn length(file: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    if is_example(file) && lines > LONGEST_OF_AN_EXAMPLE {
        let message =
            format!("has {lines} lines, and {LONGEST_OF_AN_EXAMPLE} is the most for an example; show less");
        return Some(Finding::in_file(file, message));
    }
    if lines <= LONGEST || file.ends_with(".gen.ts") {
        return None;
    }
    let message =
        format!("has {lines} lines, and {LONGEST} is the most; it is about two things: make it two files");
    Some(Finding::in_file(file, message))
}

/// `examples/01-counter/src/main.rs` and `examples/01-counter/page/main.tsx`, or `main.ts` of one without React.
fn is_example(file: &str) -> bool {
    let parts: Vec<&str> = file.split('/').collect();
    matches!(parts[..], ["examples", _, "src", "main.rs"] | ["examples", _, "page", "main.tsx" | "main.ts"])
}

fn notes(file: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let words = || line.split(|c: char| !c.is_alphanumeric() && c != '_');
        let Some(note) = words().find(|word| NOTES.contains(word)) else { continue };
        if !has_issue_number(line) {
            let message = format!("says {note} without an issue number; write `{note}(#12)`, or do it now");
            findings.push(Finding::at(file, number, message));
        }
    }
    findings
}

fn has_issue_number(line: &str) -> bool {
    line.split('#').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(file: &str, text: &str) -> Vec<String> {
        check(&Sources::of(&[(file, text)])).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_file_may_have_500_lines_and_no_more() {
        assert!(said("a.rs", &"\n".repeat(500)).is_empty());
        assert_eq!(
            said("a.rs", &"\n".repeat(501)),
            ["a.rs: has 501 lines, and 500 is the most; it is about two things: make it two files"]
        );
    }

    #[test]
    fn an_examples_server_and_its_page_may_have_80_lines_and_no_more() {
        for file in [
            "examples/01-counter/src/main.rs",
            "examples/01-counter/page/main.tsx",
            "examples/06-vanilla/page/main.ts",
        ] {
            assert!(said(file, &"\n".repeat(80)).is_empty());
            assert_eq!(
                said(file, &"\n".repeat(81)),
                [format!("{file}: has 81 lines, and 80 is the most for an example; show less")]
            );
        }
        for file in ["examples/01-counter/src/tests.rs", "examples/style.css", "showcase/src/main.rs"] {
            assert!(said(file, &"\n".repeat(81)).is_empty(), "{file}");
        }
    }

    #[test]
    fn every_kind_of_code_has_a_length_and_prose_and_generated_types_have_none() {
        let long = "\n".repeat(501);
        for ending in ["rs", "ts", "tsx", "js", "mjs", "py", "css"] {
            assert_eq!(said(&format!("a.{ending}"), &long).len(), 1, "{ending}");
        }
        for file in ["a.md", "a.html", "a.gen.ts", "LICENSE"] {
            assert!(said(file, &long).is_empty(), "{file}");
        }
    }

    #[test]
    fn a_note_needs_an_issue_number() {
        let note = NOTES[0];
        assert_eq!(
            said("a.ts", &format!("ok\n// {note}: later\n")),
            [format!("a.ts:2: says {note} without an issue number; write `{note}(#12)`, or do it now")]
        );
        assert_eq!(said("a.py", &format!("# {}\n", NOTES[1])).len(), 1);
        assert!(said("a.ts", &format!("// {note}(#12): later\n")).is_empty());
        assert!(said("a.ts", &format!("const {note}_LIST = 1; // a {note}mvc sample\n")).is_empty());
    }
}
