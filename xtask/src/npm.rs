//! Packages from npm, by the lock file, and what is bundled with them.

use crate::command::{command, run};
use crate::content::{Inputs, Stamp};
use crate::failure::Result;
use crate::{place, tools};
use std::path::{Path, PathBuf};

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

/// What the bundler makes: its source, the file in `target/site/`, and options of its own.
static BUNDLES: [(&str, &str, &[&str]); 4] = [
    (
        "web/js/editor/index.js",
        "editor.js",
        &[
            "--format=esm",
            "--loader:.css=text",
            "--alias:@codemirror/language=./web/js/editor/no_language.js",
            "--alias:@lezer/common=./web/js/editor/no_language.js",
        ],
    ),
    ("web/js/boot.js", "boot.js", &["--format=esm"]),
    ("web/js/early.js", "early.js", &["--format=iife"]),
    ("static/css/page.css", "page.css", &[]),
];

/// Bundles scripts and styles into `target/site/`, unless they are bundled.
///
/// # Errors
/// Where the bundler fails.
pub(crate) fn bundle() -> Result<()> {
    let mut inputs = Inputs::default();
    for path in ["web/js", "static/css", "package-lock.json", "xtask/src/npm.rs"] {
        inputs = inputs.path(path)?;
    }
    let stamp = Stamp::new("bundles", inputs)?;
    let site = place::site()?;
    if stamp.is_current() && BUNDLES.iter().all(|(_, file, _)| site.join(file).is_file()) {
        return Ok(());
    }
    for (source, file, options) in BUNDLES {
        let options: Vec<&str> = options.iter().copied().chain(["--bundle"]).collect();
        esbuild(&options, &place::root().join(source), &site.join(file))?;
    }
    stamp.record()
}

/// Makes a small file of a script or a style sheet.
///
/// # Errors
/// Where the bundler fails.
pub(crate) fn esbuild(options: &[&str], source: &Path, file: &Path) -> Result<()> {
    let always = ["--minify", "--charset=utf8", "--legal-comments=none", "--log-level=warning"];
    let mut esbuild = command(programs().join("esbuild"), &always);
    esbuild.arg("--target=es2022").args(options).arg(source);
    esbuild.arg(format!("--outfile={}", file.display()));
    run(
        &mut esbuild,
        "could not bundle the page's scripts and styles",
        "rm -rf node_modules target/site && cargo xtask build",
    )
}
