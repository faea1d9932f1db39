//! Packages from npm, by the lock file, and the editor's bundle made with them.

use crate::command::{command, run};
use crate::content::{Inputs, Stamp};
use crate::failure::Result;
use crate::{place, tools};
use std::path::PathBuf;

/// What the installed packages follow from.
const LOCKED: [&str; 3] = ["package-lock.json", "package.json", ".npmrc"];

/// Installs the packages of the lock file, unless they are installed.
///
/// # Errors
/// Where Node.js is missing or the packages cannot be had.
pub(crate) fn install() -> Result<()> {
    tools::node()?;
    let mut inputs = Inputs::default();
    for file in LOCKED {
        inputs = inputs.path(file)?;
    }
    let stamp = Stamp::new("npm", inputs)?;
    if stamp.is_current() && place::root().join("node_modules/.bin").is_dir() {
        return Ok(());
    }
    run(
        &mut command("npm", &["ci", "--no-progress", "--loglevel=error"]),
        "could not install the packages of package-lock.json",
        "npm ci",
    )?;
    stamp.record()
}

/// Where packages put their programs.
pub(crate) fn programs() -> PathBuf {
    place::root().join("node_modules/.bin")
}

/// Bundles the editor into `target/site/editor.js`, unless it is bundled.
///
/// # Errors
/// Where the bundler fails.
pub(crate) fn bundle_editor() -> Result<()> {
    let stamp =
        Stamp::new("editor", Inputs::default().path("web/js/editor")?.path("package-lock.json")?)?;
    if stamp.is_current() && place::site()?.join("editor.js").is_file() {
        return Ok(());
    }
    let args = [
        "web/js/editor/index.js",
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--charset=utf8",
        "--legal-comments=none",
        "--loader:.css=text",
        "--alias:@codemirror/language=./web/js/editor/no_language.js",
        "--alias:@lezer/common=./web/js/editor/no_language.js",
        "--log-level=warning",
        "--outfile=target/site/editor.js",
    ];
    run(
        &mut command(programs().join("esbuild"), &args),
        "could not bundle the editor",
        "rm -rf node_modules target/site && cargo xtask build",
    )?;
    stamp.record()
}
