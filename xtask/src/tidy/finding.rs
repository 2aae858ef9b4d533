//! One thing that is wrong, and where.

use std::fmt;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// From the repository's root.
    pub file: String,
    /// From 1; None if the whole file is meant.
    pub line: Option<usize>,
    pub message: String,
}

impl Finding {
    pub(crate) fn at(file: &str, line: usize, message: String) -> Finding {
        Finding { file: file.to_owned(), line: Some(line), message }
    }

    pub(crate) fn in_file(file: &str, message: String) -> Finding {
        Finding { file: file.to_owned(), line: None, message }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}
