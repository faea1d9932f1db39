//! Builds the page: packages, bundles, Trunk, a smaller program, names and checksums.

use crate::command::{command, output, path_with, run};
use crate::content::{Inputs, Stamp, lock};
use crate::failure::{Failure, Result};
use crate::finish::{self, Sizes};
use crate::{npm, place, tools, unpacker};
use std::fs;

/// What the page is made from. A change in any of these builds it again.
const SOURCES: [&str; 13] = [
    ".cargo/config.toml",
    ".npmrc",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "engine",
    "pack",
    "package-lock.json",
    "rules",
    "rust-toolchain.toml",
    "static",
    "web",
    "xtask/src",
];

/// Builds the page into `dist/`, unless what is there is current.
///
/// # Errors
/// Where a tool is missing and cannot be had, or the build fails.
pub(crate) fn build() -> Result<Sizes> {
    let _alone = lock()?;
    let mut inputs = Inputs::default();
    for source in SOURCES {
        inputs = inputs.path(source)?;
    }
    let compiler = output(&mut command("rustc", &["--version"])).unwrap_or_default();
    let stamp = Stamp::new("page", inputs.text(&compiler))?;
    // What is in dist/ must be what the build left there, too.
    let left = |inputs: Inputs| Stamp::new("dist", inputs.path("dist")?);
    if stamp.is_current() && left(Inputs::default())?.is_current() {
        println!("dist/ is up to date.");
    } else {
        tools::wasm_target()?;
        let mut folders = vec![npm::programs()];
        for tool in tools::ALL {
            folders.push(tools::folder_of(tool)?);
        }
        npm::install()?;
        npm::bundle()?;
        unpacker::build()?;
        bundle(&folders)?;
        let stage = place::site()?.join("trunk");
        finish::finish(&stage)?;
        publish(&stage)?;
        left(Inputs::default())?.record()?;
        stamp.record()?;
    }
    finish::sizes(&place::dist())
}

/// Builds the page, prints what it weighs, and holds that against the budget.
///
/// # Errors
/// As [`build`], and where the page is over its budget.
pub(crate) fn build_within_budget() -> Result<()> {
    let sizes = build()?;
    println!("{sizes}");
    sizes.check()
}

/// Runs Trunk into `target/site/trunk`.
fn bundle(folders: &[std::path::PathBuf]) -> Result<()> {
    // JavaScript that earlier builds left there would be shipped again.
    let leftover = place::root().join("target/wasm-bindgen");
    if leftover.is_dir() {
        fs::remove_dir_all(&leftover).map_err(place::broken("empty", &leftover))?;
    }
    let mut trunk = command("trunk", &["build", "--skip-version-check"]);
    trunk.env("PATH", path_with(folders)?);
    trunk.env("CARGO_ENCODED_RUSTFLAGS", place::nameless_sources()?.join("\x1f"));
    // Trunk takes the value for an option of its own and stumbles over `1`.
    trunk.env_remove("NO_COLOR").env("RUST_BACKTRACE", "0");
    run(&mut trunk, "could not build the page", "cargo xtask build")
}

/// Puts the finished folder where it is served from.
fn publish(stage: &std::path::Path) -> Result<()> {
    let dist = place::dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(place::broken("empty", &dist))?;
    }
    fs::rename(stage, &dist).map_err(place::broken("publish to", &dist))
}

/// That a page has been built; for serving it as it is.
///
/// # Errors
/// Where none has been.
pub(crate) fn is_built() -> Result<()> {
    match place::dist().join("index.html").is_file() {
        true => Ok(()),
        false => Err(Failure::new(
            "could not serve dist/",
            "there is no page in it",
            "cargo xtask build",
        )),
    }
}
