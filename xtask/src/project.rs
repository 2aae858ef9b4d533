//! Where the repository and its build output are.

use std::env;
use std::path::{Path, PathBuf};

/// The repository's root: the folder above xtask's own. Cargo says at run time where that is, so a binary
/// in a target folder shared by several checkouts works on the one it was called from.
pub(crate) fn root() -> PathBuf {
    let xtask = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&xtask).parent().expect("xtask is a folder of the repository").to_path_buf()
}

/// The folder cargo puts this profile's binaries in, which is where it put xtask.
pub(crate) fn binaries() -> PathBuf {
    let xtask = env::current_exe().expect("the system knows the path of a running program");
    xtask.parent().expect("a program is in a folder").to_path_buf()
}

/// Cargo's target folder, for what is made here and need not be kept.
pub(crate) fn target() -> PathBuf {
    binaries().parent().expect("binaries are in a folder of target").to_path_buf()
}

/// A path as a person in the repository's root would write it.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
