//! Where things are.

use crate::failure::{Failure, Result};
use std::path::{Path, PathBuf};

/// The root of the repository. Cargo says where xtask lies when it runs it; a copy of the
/// program that runs alone uses the place it was built in.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// The finished page.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Tools installed for this repository only.
pub(crate) fn tools() -> PathBuf {
    root().join("target/tools")
}

/// What the building of the page leaves on its way; made if it is not there.
///
/// # Errors
/// Where the folder cannot be made.
pub(crate) fn site() -> Result<PathBuf> {
    let folder = root().join("target/site");
    std::fs::create_dir_all(&folder).map_err(|error| {
        Failure::new(
            format!("could not make {}", folder.display()),
            error,
            format!("mkdir -p {}", folder.display()),
        )
    })?;
    Ok(folder)
}

/// Options of the compiler by which the places of panics name no folder of this machine: the page
/// is the same wherever it is built, and smaller.
///
/// # Errors
/// Where the folder of the registry cannot be listed.
pub(crate) fn nameless_sources() -> Result<Vec<String>> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registry = home.unwrap_or_default().join("registry/src");
    let mut options = vec![format!("--remap-path-prefix={}=.", root().display())];
    if registry.is_dir() {
        for entry in std::fs::read_dir(&registry).map_err(broken("list", &registry))? {
            let folder = entry.map_err(broken("list", &registry))?.path();
            options.push(format!("--remap-path-prefix={}=.", folder.display()));
        }
    }
    options.sort();
    Ok(options)
}

/// Reads a file; the failure says to get it back from git.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        Failure::new(
            format!("could not read {}", path.display()),
            error,
            format!("git checkout -- {}", path.display()),
        )
    })
}

/// Turns an error of the file system into a failure of the build.
pub(crate) fn broken(doing: &str, path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    let doing = format!("could not {doing} {}", path.display());
    move |error| Failure::new(doing, error, "rm -rf dist target/site && cargo xtask build")
}
