//! Content hashes: whether a step's inputs are those of the last time.

use crate::failure::{Failure, Result};
use crate::place;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Collects what a step depends on.
#[derive(Default)]
pub(crate) struct Inputs {
    hasher: Sha256,
}

impl Inputs {
    /// Adds a piece of text, such as a version.
    #[must_use]
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.hasher.update(text.len().to_le_bytes());
        self.hasher.update(text);
        self
    }

    /// Adds a file, or every file below a folder, by name and content. What is not there counts
    /// as not there.
    ///
    /// # Errors
    /// Where something that is there cannot be read.
    pub(crate) fn path(mut self, path: &str) -> Result<Self> {
        let root = place::root();
        for file in files_below(&root.join(path))? {
            let bytes = place::read(&file)?;
            let name = file.strip_prefix(&root).unwrap_or(&file);
            self = self.text(&name.to_string_lossy());
            self.hasher.update(bytes.len().to_le_bytes());
            self.hasher.update(&bytes);
        }
        Ok(self)
    }

    /// The hash of all that.
    pub(crate) fn hash(self) -> String {
        hex(&self.hasher.finalize())
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files of a folder and of those in it, in the order of their names; the file itself for a
/// file; nothing where there is nothing.
///
/// # Errors
/// Where a folder cannot be read.
pub(crate) fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(place::broken("list", path))?;
        for entry in entries {
            let entry = entry.map_err(place::broken("list", path))?.path();
            found.extend(files_below(&entry)?);
        }
    }
    found.sort();
    Ok(found)
}

/// A note that a step was done for certain inputs.
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// The stamp of the step `name` for these inputs.
    ///
    /// # Errors
    /// Where the folder of stamps cannot be made.
    pub(crate) fn new(name: &str, inputs: Inputs) -> Result<Self> {
        Ok(Self { file: place::site()?.join(format!("{name}.stamp")), hash: inputs.hash() })
    }

    /// Whether the step was done for these inputs.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|hash| hash == self.hash)
    }

    /// Notes that it was.
    ///
    /// # Errors
    /// Where the note cannot be written.
    pub(crate) fn record(&self) -> Result<()> {
        fs::write(&self.file, &self.hash).map_err(place::broken("write", &self.file))
    }
}

/// Holds others off while the page or its packages change; two builds at once would take each
/// other's files away.
///
/// # Errors
/// Where the lock file cannot be made or locked.
pub(crate) fn lock() -> Result<fs::File> {
    let path = place::site()?.join("lock");
    let failed = |error| {
        Failure::new(
            format!("could not lock {}", path.display()),
            error,
            format!("rm {}", path.display()),
        )
    };
    let file = fs::File::create(&path).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::Inputs;

    #[test]
    fn the_hash_tells_pieces_apart() {
        let one = Inputs::default().text("ab").text("c").hash();
        let other = Inputs::default().text("a").text("bc").hash();
        assert_ne!(one, other);
    }

    #[test]
    fn a_missing_path_changes_nothing() {
        let without = Inputs::default().hash();
        let with = Inputs::default().path("no/such/folder").map(Inputs::hash);
        assert_eq!(with, Ok(without));
    }
}
