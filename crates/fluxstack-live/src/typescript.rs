//! The generated file: written if it differs from what is there.
use std::{fs, io, path::Path};

/// True if it was written. A file that is the same already is left alone, so that no watcher of it wakes up.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<bool> {
    if is_current(path, text)? {
        return Ok(false);
    }
    // Whoever watches the file shall see it whole.
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(name);
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.map(|()| true).map_err(|error| {
        // What is left of it is of no use; that it cannot be removed is no news.
        let _ = fs::remove_file(&beside);
        at(path, &error)
    })
}

/// Is it what is there? A checkout may have given its lines other ends.
pub(crate) fn is_current(path: &Path, text: &str) -> io::Result<bool> {
    match fs::read(path) {
        Ok(mut there) => {
            there.retain(|byte| *byte != b'\r');
            Ok(there == text.replace('\r', "").as_bytes())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(at(path, &error)),
    }
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("the generated types in `{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_once() {
        let path = std::env::temp_dir().join(format!("fluxstack-live-{}.gen.ts", std::process::id()));
        assert!(!is_current(&path, "one").unwrap());
        assert!(write(&path, "one").unwrap());
        assert!(is_current(&path, "one").unwrap());
        assert!(!write(&path, "one").unwrap(), "nothing changed");
        fs::write(&path, "one\r\n").unwrap();
        assert!(is_current(&path, "one\n").unwrap(), "only the ends of its lines are others");
        assert!(write(&path, "two").unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn an_error_names_the_file() {
        let error = write(Path::new("/no/such/folder/live.gen.ts"), "").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().contains("/no/such/folder/live.gen.ts"), "{error}");
    }
}
