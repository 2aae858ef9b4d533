//! A Rust source as words and signs, without comments, strings and numbers' insides. Not a parser: it knows
//! only where those begin and end, so that what is left can be trusted to be code.

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    /// From 1.
    pub line: usize,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// A name, a keyword or a number.
    Word(String),
    /// `::`
    Path,
    /// Any other character. A string or character literal leaves one `"`.
    Sign(char),
}

pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader { chars: text.chars().collect(), at: 0, line: 1, tokens: Vec::new() };
    while reader.peek(0).is_some() {
        reader.token();
    }
    reader.tokens
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
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

    fn token(&mut self) {
        let Some(c) = self.peek(0) else { return };
        match (c, self.peek(1)) {
            ('/', Some('/')) => self.skip_while(|c| c != '\n'),
            ('/', Some('*')) => self.block_comment(),
            ('"', _) => self.string(),
            ('\'', _) => self.character_or_lifetime(),
            (':', Some(':')) => {
                self.push(Kind::Path);
                self.at += 2;
            }
            _ if is_word(c) => self.word(),
            _ if c.is_whitespace() => drop(self.next()),
            _ => {
                self.push(Kind::Sign(c));
                self.at += 1;
            }
        }
    }

    fn push(&mut self, kind: Kind) {
        self.tokens.push(Token { line: self.line, kind });
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&wanted) {
            self.next();
        }
    }

    /// They nest.
    fn block_comment(&mut self) {
        let mut depth = 0;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                (None, _) => return,
                _ => {
                    self.next();
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.push(Kind::Sign('"'));
        self.next();
        while let Some(c) = self.next() {
            match c {
                '\\' => drop(self.next()),
                '"' => return,
                _ => {}
            }
        }
    }

    /// After the `r`: `#"…"#`.
    fn raw_string(&mut self) {
        self.push(Kind::Sign('"'));
        let start = self.at;
        self.skip_while(|c| c == '#');
        let hashes = self.at - start;
        self.next();
        while let Some(c) = self.next() {
            if c == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                self.at += hashes;
                return;
            }
        }
    }

    fn character_or_lifetime(&mut self) {
        self.next();
        if self.peek(0) == Some('\\') {
            self.at += 2;
            self.skip_while(|c| c != '\'');
            self.next();
        } else if self.peek(1) == Some('\'') {
            self.next();
            self.next();
        } else {
            self.skip_while(is_word);
            return;
        }
        self.push(Kind::Sign('"'));
    }

    fn word(&mut self) {
        let start = self.at;
        self.skip_while(is_word);
        let word: String = self.chars[start..self.at].iter().collect();
        let raw = matches!(word.as_str(), "r" | "br" | "cr");
        match (self.peek(0), self.peek(1)) {
            // The prefix of the string that follows.
            (Some('"'), _) if raw => self.raw_string(),
            (Some('"'), _) if matches!(word.as_str(), "b" | "c") => self.string(),
            (Some('#'), Some('"' | '#')) if raw => self.raw_string(),
            // `r#type` is the name `type`.
            (Some('#'), Some(c)) if word == "r" && is_word(c) => {
                self.at += 1;
                self.word();
            }
            _ => self.push(Kind::Word(word)),
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let show = |token: Token| match token.kind {
            Kind::Word(word) => word,
            Kind::Path => "::".into(),
            Kind::Sign(sign) => sign.into(),
        };
        tokens(text).into_iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_leave_nothing() {
        assert_eq!(shown("a // crate::x\n/* crate::y /* nested */ still */ b /// doc"), "a b");
    }

    #[test]
    fn strings_leave_one_sign() {
        assert_eq!(shown(r#"f("crate::x \" crate::y", b"z", c"z")"#), "f ( \" , \" , \" )");
        assert_eq!(shown("r\"a\\\" + r##\"crate::x \"# y\"## + br#\"z\"#"), "\" + \" + \"");
    }

    #[test]
    fn characters_are_not_lifetimes() {
        assert_eq!(shown(r"'{' '\'' '\u{41}' &'a x 'outer: loop"), "\" \" \" & x : loop");
    }

    #[test]
    fn raw_names_lose_their_prefix() {
        assert_eq!(shown("crate::r#type::X"), "crate :: type :: X");
    }

    #[test]
    fn lines_are_counted_through_everything() {
        let text = "/* \n */ \"\n\" r\"\n\" // x\n here";
        let last = tokens(text).pop().unwrap();
        assert_eq!(last, Token { line: 5, kind: Kind::Word("here".into()) });
    }
}
