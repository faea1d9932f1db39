//! What unpacks the page's program in the browser: the crate `eqlens-pack` as a program of its own.

use crate::command::{cargo, command, run};
use crate::failure::Result;
use crate::{npm, place, tools};
use std::fs;
use std::path::PathBuf;

/// What to type where a step fails.
const MEND: &str = "rm -rf target/site && cargo xtask build";

/// The script that the unpacker is called by, in the folder of what the build leaves on its way.
pub(crate) const SCRIPT: &str = "unpack.js";

/// Builds it into `target/site/`.
///
/// # Errors
/// Where a tool fails.
pub(crate) fn build() -> Result<()> {
    let doing = "could not build the unpacker";
    let mut build = cargo(&["build", "-p", "eqlens-pack", "--lib", "--profile", "web"]);
    build.args(["--target", tools::WASM]);
    build.env("CARGO_ENCODED_RUSTFLAGS", place::nameless_sources()?.join("\x1f"));
    run(&mut build, doing, "cargo xtask build")?;

    let site = place::site()?;
    let wasm = place::root().join("target").join(tools::WASM).join("web/eqlens_pack.wasm");
    let bindgen = tools::folder_of(&tools::WASM_BINDGEN)?.join(tools::WASM_BINDGEN.command);
    let mut bind =
        command(bindgen, &["--target", "web", "--no-typescript", "--out-name", "unpack"]);
    run(bind.arg("--out-dir").arg(&site).arg(wasm), doing, MEND)?;
    let (bound, small) = (site.join("unpack_bg.wasm"), file()?);
    let options = ["-O3", "--low-memory-unused", "--strip-producers", "--strip-target-features"];
    let mut optimise = command(npm::programs().join("wasm-opt"), &options);
    run(optimise.arg("-o").arg(&small).arg(&bound), doing, MEND)?;
    fs::remove_file(&bound).map_err(place::broken("remove", &bound))
}

/// The unpacker.
///
/// # Errors
/// Where its folder cannot be made.
pub(crate) fn file() -> Result<PathBuf> {
    Ok(place::site()?.join("unpack.wasm"))
}
