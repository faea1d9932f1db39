//! Files by folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Failure;
use crate::output;

/// The files below a folder, in the order of their names, for which `is_wanted` holds; a file is
/// itself, wanted or not. Links to folders are not followed, since they may lead in a circle.
pub(crate) fn below(
    path: &Path,
    is_wanted: &dyn Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    walk(path, is_wanted, &mut found)?;
    Ok(found)
}

/// Names of files that hold rules, in a folder.
const RULES: [&str; 3] = [".toml", ".eql", ".ndjson"];

/// Names of files that lie beside rules and hold none (product §3.5).
const BESIDE: [&str; 2] = [".cases.toml", ".events.ndjson"];

/// The rule files below a folder; a file is itself.
pub(crate) fn rules_below(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    below(path, &|path| ends_with(path, &RULES) && !ends_with(path, &BESIDE))
}

/// Works on every rule file of files and folders. One that cannot be read does not keep the others
/// from it; the last failure goes up, those before are told here.
pub(crate) fn each_rule_file(
    paths: &[PathBuf],
    work: &mut dyn FnMut(&Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut failed = Ok(());
    for path in paths {
        let files = rules_below(path);
        let results = match files {
            Ok(files) => files.iter().map(|file| work(file)).collect(),
            Err(failure) => vec![Err(failure)],
        };
        for result in results {
            match result {
                Err(failure @ Failure::Output(_)) => return Err(failure),
                Err(failure) => {
                    if let Err(before) = std::mem::replace(&mut failed, Err(failure)) {
                        output::failure(&before);
                    }
                }
                Ok(()) => {}
            }
        }
    }
    failed
}

fn walk(
    folder: &Path,
    is_wanted: &dyn Fn(&Path) -> bool,
    found: &mut Vec<PathBuf>,
) -> Result<(), Failure> {
    let failed =
        |error| Failure::Message(format!("cannot read the folder `{}`: {error}", folder.display()));
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        entries.push(entry.map_err(failed)?);
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&path, is_wanted, found)?,
            Ok(_) if is_wanted(&path) => found.push(path),
            _ => {}
        }
    }
    Ok(())
}

/// Does the file's name end so?
pub(crate) fn ends_with(path: &Path, endings: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    endings.iter().any(|ending| name.ends_with(ending))
}
