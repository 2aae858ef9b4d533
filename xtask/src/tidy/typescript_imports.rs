//! What a TypeScript source imports. Not a parser: it knows where comments, strings, templates and regular
//! expressions begin and end, and what stands before a module's name.

/// A module's name and the line it is on, from 1: `from "./x.js"`, `import "./x.js"`, `import("./x.js")`.
pub(crate) fn imports(text: &str) -> Vec<(usize, String)> {
    let mut reader = Reader { chars: text.chars().collect(), at: 0, line: 1 };
    let mut before = Before::default();
    let mut found = Vec::new();
    while let Some(c) = reader.peek(0) {
        match (c, reader.peek(1)) {
            ('/', Some('/')) => reader.skip_while(|c| c != '\n'),
            ('/', Some('*')) => reader.block_comment(),
            ('/', _) if before.expects_a_value() => {
                reader.regular_expression();
                before.sign('/');
            }
            ('"' | '\'', _) => {
                let line = reader.line;
                let name = reader.string(c);
                if before.expects_a_module() {
                    found.push((line, name));
                }
                before.sign(c);
            }
            ('`', _) => {
                reader.template();
                before.sign(c);
            }
            _ if is_word(c) => before.word(reader.word()),
            _ => {
                reader.next();
                if !c.is_whitespace() {
                    before.sign(c);
                }
            }
        }
    }
    found
}

/// The last word and the signs since; enough to tell an import from a string, and a regular expression from
/// a division.
#[derive(Default)]
struct Before {
    word: String,
    signs: String,
}

impl Before {
    fn word(&mut self, word: String) {
        self.word = word;
        self.signs.clear();
    }

    fn sign(&mut self, sign: char) {
        self.signs.push(sign);
    }

    fn expects_a_module(&self) -> bool {
        match self.signs.as_str() {
            "" => self.word == "import" || self.word == "from",
            "(" => self.word == "import",
            _ => false,
        }
    }

    fn expects_a_value(&self) -> bool {
        match self.signs.chars().last() {
            None => matches!(self.word.as_str(), "" | "return" | "case" | "typeof" | "await"),
            Some(sign) => "(,=:[!&|?{};+-*%<>~".contains(sign),
        }
    }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&wanted) {
            self.next();
        }
    }

    fn word(&mut self) -> String {
        let start = self.at;
        self.skip_while(is_word);
        self.chars[start..self.at].iter().collect()
    }

    fn block_comment(&mut self) {
        self.at += 2;
        while let Some(c) = self.next() {
            if c == '*' && self.peek(0) == Some('/') {
                self.at += 1;
                return;
            }
        }
    }

    /// A string ends with its line at the latest: the apostrophe in a JSX text begins one that never ends.
    fn string(&mut self, quote: char) -> String {
        self.next();
        let start = self.at;
        while let Some(c) = self.peek(0) {
            if c == quote || c == '\n' {
                break;
            }
            self.next();
            if c == '\\' {
                self.next();
            }
        }
        let text = self.chars[start..self.at].iter().collect();
        if self.peek(0) == Some(quote) {
            self.next();
        }
        text
    }

    /// `{` and `}` are counted inside `${ … }`, where another template may begin.
    fn template(&mut self) {
        self.next();
        let mut depth = 0;
        while let Some(c) = self.peek(0) {
            match c {
                '`' if depth > 0 => {
                    self.template();
                    continue;
                }
                '\\' => drop(self.next()),
                '$' if depth == 0 && self.peek(1) == Some('{') => {
                    depth = 1;
                    self.next();
                }
                '{' if depth > 0 => depth += 1,
                '}' if depth > 0 => depth -= 1,
                _ => {}
            }
            self.next();
            if c == '`' {
                return;
            }
        }
    }

    /// To the `/` outside a `[class]`, or the end of the line.
    fn regular_expression(&mut self) {
        self.next();
        let mut in_class = false;
        while let Some(c) = self.peek(0) {
            if c == '\n' {
                return;
            }
            self.next();
            match c {
                '\\' => drop(self.next()),
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => return,
                _ => {}
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> String {
        imports(text).into_iter().map(|(line, name)| format!("{line}{name}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_form_of_import_is_found() {
        let text = "import { a, type B } from './a.js';\nimport type C from \"./c\";\nimport './d.js'\n\
                    export * from './e.js'; export { f } from './f.js';\nimport * as g from './g.js';\n\
                    const h = await import('./h.js'); type I = import('./i.js').I;\nimport {\n  j,\n} from './j.js';";
        assert_eq!(names(text), "1./a.js 2./c 3./d.js 4./e.js 4./f.js 5./g.js 6./h.js 6./i.js 9./j.js");
    }

    #[test]
    fn other_strings_and_comments_are_not() {
        for text in [
            "// import './a.js'\n/* from './b.js' */",
            "const from = './a.js'; f('./b.js'); x = { from: './c.js' };",
            "const t = `import './a.js' ${b ? `from './c.js'` : { d }} from './e.js'`;",
            "const s = \"import './a.js'\";",
            "Array.from('./a.js')",
        ] {
            assert_eq!(names(text), "", "{text}");
        }
    }

    #[test]
    fn nothing_hides_the_imports_after_it() {
        for before in [
            "const r = /['\"`/*]/g, s = a / b / c;",
            "<p>don't</p>;",
            "const t = `${'}'.length}`;",
            "const e = 'it\\'s';",
            "return /`/.test(x);",
        ] {
            assert_eq!(names(&format!("{before}\nimport './a.js';")), "2./a.js", "{before}");
        }
    }
}
