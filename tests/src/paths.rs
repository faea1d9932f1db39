//! Where things are.

use std::path::{Path, PathBuf};

/// The top folder of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A file or folder of the external test material that may lie beside the repository; `None`, with
/// a line that says so, where it is absent.
#[must_use]
pub fn external(name: &str) -> Option<PathBuf> {
    let path = repository().join("../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: `{name}` is not at hand");
    None
}

/// The files of a folder with this ending, sorted.
///
/// # Panics
/// Where the folder cannot be read: a test that finds nothing to test must fail.
#[must_use]
#[allow(clippy::panic, reason = "used by tests only")]
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    files.sort();
    files
}

/// The text of a file.
///
/// # Panics
/// Where it cannot be read.
#[must_use]
#[allow(clippy::panic, reason = "used by tests only")]
pub fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
