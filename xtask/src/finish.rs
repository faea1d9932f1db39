//! After Trunk: names with hashes and checksums for the files that it does not make or that no tag
//! points at, and what everything weighs.

use crate::content::{files_below, hex};
use crate::failure::{Failure, Result};
use crate::{place, program};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// The files that `boot.js` fetches by these names.
const LOADED_BY_NAME: [&str; 2] = ["editor.js", "unpack.wasm"];

/// What `web/index.html` holds until here.
const PLACEHOLDER: &str = r#"<meta name="assets" content="{}">"#;

const PAGE: &str = "index.html";

/// Bytes of a first visit, compressed.
const BUDGET: usize = 700_000;

/// Makes the program of the page in `folder` small, names its files by their content and writes
/// the names and checksums into the page.
///
/// # Errors
/// Where a file is missing or the page has no place for the list.
pub(crate) fn finish(folder: &Path) -> Result<()> {
    let mut page = Page::read(folder)?;
    program::shrink(&mut page)?;
    let mut entries = Vec::new();
    for name in LOADED_BY_NAME {
        let path = folder.join(name);
        let bytes = fs::read(&path).map_err(place::broken("read", &path))?;
        let hash = Sha384::digest(&bytes);
        let hashed = hashed_name(name, &hex(&hash));
        fs::rename(&path, folder.join(&hashed)).map_err(place::broken("rename", &path))?;
        entries.push((name, hashed, integrity(&hash)));
    }
    if !page.text.contains(PLACEHOLDER) {
        return Err(Failure::new(
            "could not write the checksums into the page",
            format!("web/index.html has no `{PLACEHOLDER}`"),
            "git checkout -- web/index.html",
        ));
    }
    page.text = page.text.replace(PLACEHOLDER, &meta(&entries));
    let path = folder.join(PAGE);
    fs::write(&path, page.text).map_err(place::broken("write", &path))
}

/// The page and the folder it lies in with its files.
pub(crate) struct Page {
    folder: PathBuf,
    text: String,
}

impl Page {
    fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(PAGE);
        let text = fs::read_to_string(&path).map_err(place::broken("read", &path))?;
        Ok(Self { folder: folder.to_path_buf(), text })
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a file of these bytes, named `name` with a hash, in place of one that a tag of the
    /// page names with its checksum.
    ///
    /// # Errors
    /// Where no tag names the old file, or the files cannot be changed.
    pub(crate) fn replace(&mut self, old: &str, name: &str, bytes: &[u8]) -> Result<()> {
        let hash = Sha384::digest(bytes);
        let new = hashed_name(name, &hex(&hash));
        self.text = retarget(&self.text, old, &new, &integrity(&hash)).ok_or_else(|| {
            Failure::new(
                format!("could not put {new} in place of {old}"),
                "no tag of the page names the old file with a checksum",
                "git checkout -- web/index.html",
            )
        })?;
        let (old, new) = (self.folder.join(old), self.folder.join(new));
        fs::remove_file(&old).map_err(place::broken("remove", &old))?;
        fs::write(&new, bytes).map_err(place::broken("write", &new))
    }
}

/// The page with another file and checksum in the tag that names a file.
fn retarget(page: &str, old: &str, new: &str, integrity: &str) -> Option<String> {
    let (before, after) = page.split_once(old)?;
    let start = before.rfind('<')?;
    let end = before.len() + old.len() + after.find('>')?;
    let tag = page.get(start..end)?;
    let (head, rest) = tag.split_once("integrity=\"")?;
    let (_, tail) = rest.split_once('"')?;
    let tag = format!("{head}integrity=\"{integrity}\"{tail}").replace(old, new);
    // A browser that looks at the type would expect a program that needs no unpacking.
    let tag = tag.replace(" type=\"application/wasm\"", "");
    Some(format!("{}{tag}{}", page.get(..start)?, page.get(end..)?))
}

fn integrity(hash: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(hash))
}

/// `editor.js` with a hash: `editor-0123456789abcdef.js`.
fn hashed_name(name: &str, hash: &str) -> String {
    let short = hash.get(..16).unwrap_or(hash);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{short}.{extension}"),
        None => format!("{name}-{short}"),
    }
}

/// The list for `boot.js`. Nothing in it needs escaping: names and base64 only.
fn meta(entries: &[(&str, String, String)]) -> String {
    let entries: Vec<String> = entries
        .iter()
        .map(|(name, file, integrity)| {
            format!(r#""{name}":{{"file":"{file}","integrity":"{integrity}"}}"#)
        })
        .collect();
    format!("<meta name=\"assets\" content='{{{}}}'>", entries.join(","))
}

/// What each file of the page weighs.
pub(crate) struct Sizes {
    /// Name, bytes, bytes compressed.
    files: Vec<(String, usize, usize)>,
}

/// Weighs the files of a folder.
///
/// # Errors
/// Where one cannot be read.
pub(crate) fn sizes(folder: &Path) -> Result<Sizes> {
    let mut files = Vec::new();
    for path in files_below(folder)? {
        let bytes = fs::read(&path).map_err(place::broken("read", &path))?;
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
        files.push((name, bytes.len(), gzipped(&bytes)));
    }
    files.sort_by_key(|&(_, _, compressed)| std::cmp::Reverse(compressed));
    Ok(Sizes { files })
}

/// Size as gzip, to within a percent of what a server makes of it.
fn gzipped(bytes: &[u8]) -> usize {
    const HEADER_AND_TRAILER: usize = 18;
    miniz_oxide::deflate::compress_to_vec(bytes, 9).len() + HEADER_AND_TRAILER
}

impl Sizes {
    fn total(&self) -> usize {
        self.files.iter().map(|&(_, _, compressed)| compressed).sum()
    }

    /// That all of it together keeps the budget.
    ///
    /// # Errors
    /// Where it does not.
    pub(crate) fn check(&self) -> Result<()> {
        match self.total() <= BUDGET {
            true => Ok(()),
            false => Err(Failure::new(
                "could not keep the page within its budget",
                format!("{} bytes compressed, of {BUDGET}", self.total()),
                "cargo xtask build  # after making the largest file above smaller",
            )),
        }
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kb = |bytes: usize| format!("{:.1} kB", bytes as f64 / 1000.0);
        writeln!(f, "{:>10}  {:>10}  file", "gzip", "plain")?;
        for (name, plain, compressed) in &self.files {
            writeln!(f, "{:>10}  {:>10}  {name}", kb(*compressed), kb(*plain))?;
        }
        write!(f, "{:>10}  in all, of {}", kb(self.total()), kb(BUDGET))
    }
}

#[cfg(test)]
mod tests {
    use super::{Sizes, hashed_name, meta, retarget};

    #[test]
    fn a_file_is_replaced_in_its_tag_alone() {
        let page = r#"<a href="x"><link href="./old.js" integrity="sha384-old" as="fetch"><b integrity="y">"#;
        let expected = r#"<a href="x"><link href="./new.js" integrity="sha384-new" as="fetch"><b integrity="y">"#;
        assert_eq!(retarget(page, "old.js", "new.js", "sha384-new").as_deref(), Some(expected));
        assert_eq!(retarget(page, "x", "new.js", "sha384-new"), None);
        assert_eq!(retarget(page, "gone.js", "new.js", "sha384-new"), None);
    }

    #[test]
    fn the_hash_stands_before_the_extension() {
        let hash = "0123456789abcdef0123";
        assert_eq!(hashed_name("editor.js", hash), "editor-0123456789abcdef.js");
    }

    #[test]
    fn the_list_is_json_in_an_attribute() {
        let entries = [("a.js", "a-1.js".to_owned(), "sha384-x/y+z=".to_owned())];
        let expected = r#"'{"a.js":{"file":"a-1.js","integrity":"sha384-x/y+z="}}'"#;
        assert!(meta(&entries).contains(expected));
    }

    #[test]
    fn the_budget_is_for_all_files_together() {
        let sizes = |bytes| Sizes { files: vec![("a".into(), 0, bytes), ("b".into(), 0, 1)] };
        assert!(sizes(699_999).check().is_ok());
        assert!(sizes(700_000).check().is_err());
    }
}
