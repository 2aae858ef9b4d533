//! Names, texts and comments.

/// A property's name, in quotes if it is not plain ASCII: what else may be in a name is another matter in each language.
pub(super) fn key(name: &str) -> String {
    let mut chars = name.chars();
    let is_plain =
        chars.next().is_some_and(|first| first == '_' || first == '$' || first.is_ascii_alphabetic())
            && chars.all(|char| char == '_' || char == '$' || char.is_ascii_alphanumeric());
    if is_plain { name.to_owned() } else { quoted(name) }
}

/// A text as a literal.
pub(super) fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|char| match char {
            '\'' | '\\' => format!("\\{char}"),
            char if char.is_control() || matches!(char, '\u{2028}' | '\u{2029}') => {
                format!("\\u{{{:x}}}", u32::from(char))
            }
            char => char.to_string(),
        })
        .collect();
    format!("'{escaped}'")
}

/// The documentation, before what it documents; nothing if there is none.
pub(super) fn comment(docs: &str, indent: &str) -> String {
    let docs = docs.replace("*/", "*\\/");
    let lines: Vec<&str> = docs.lines().map(str::trim_end).collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let starred = |line: &&str| format!("{indent} * {line}").trim_end().to_owned() + "\n";
            format!("{indent}/**\n{}{indent} */\n", lines.iter().map(starred).collect::<String>())
        }
    }
}

/// The documentation in the middle of a line.
pub(super) fn comment_within(docs: &str) -> String {
    let words: Vec<&str> = docs.split_whitespace().collect();
    if words.is_empty() { String::new() } else { comment(&words.join(" "), "").trim_end().to_owned() + " " }
}
