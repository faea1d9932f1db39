//! Builds the engine's npm package into `target/npm/`.

use crate::command::{cargo, command, output, run};
use crate::content::{Inputs, Stamp, lock};
use crate::failure::{Failure, Result};
use crate::{npm, place, tools};
use std::fs;
use std::path::{Path, PathBuf};

/// What the package is made from. A change in any of these builds it again.
const SOURCES: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "engine/Cargo.toml",
    "engine/npm",
    "engine/src",
    "rust-toolchain.toml",
    "xtask/src",
];

/// What to type where a file of the package is in the way.
const MEND: &str = "rm -rf target/npm && cargo xtask npm";

/// The finished package.
pub(crate) fn folder() -> PathBuf {
    place::root().join("target/npm")
}

/// Builds the package, unless what is there is current.
///
/// # Errors
/// Where a tool is missing and cannot be had, or the build fails.
pub(crate) fn build() -> Result<()> {
    let _alone = lock()?;
    let mut inputs = Inputs::default();
    for source in SOURCES {
        inputs = inputs.path(source)?;
    }
    let compiler = output(&mut command("rustc", &["--version"])).unwrap_or_default();
    let stamp = Stamp::new("package", inputs.text(&compiler))?;
    if stamp.is_current() && folder().join("package.json").is_file() {
        println!("target/npm/ is up to date.");
        return Ok(());
    }
    tools::wasm_target()?;
    npm::install()?;
    let doing = "could not build the npm package";
    let mut build = cargo(&["build", "-p", "eqlens-engine", "--lib", "--features", "wasm"]);
    build.args(["--release", "--target", tools::WASM]);
    run(&mut build, doing, "cargo xtask npm")?;

    let stage = place::root().join("target/npm.new");
    if stage.exists() {
        fs::remove_dir_all(&stage).map_err(failed("empty", &stage))?;
    }
    let wasm = place::root().join("target").join(tools::WASM).join("release/eqlens_engine.wasm");
    let bindgen = tools::folder_of(&tools::WASM_BINDGEN)?.join(tools::WASM_BINDGEN.command);
    let mut bind =
        command(bindgen, &["--target", "web", "--no-typescript", "--out-name", "eqlens"]);
    // After a panic the package takes a new instance in place of the broken one.
    bind.args(["--experimental-reset-state-function", "--out-dir"]).arg(&stage).arg(wasm);
    run(&mut bind, doing, MEND)?;
    let file = stage.join("eqlens_bg.wasm");
    let mut optimise = command(npm::programs().join("wasm-opt"), &["-O3", "-o"]);
    run(optimise.arg(&file).arg(&file), doing, MEND)?;

    let sources = place::root().join("engine/npm");
    for entry in fs::read_dir(&sources).map_err(failed("list", &sources))? {
        let name = entry.map_err(failed("list", &sources))?.file_name();
        copy(&sources.join(&name), &stage.join(&name))?;
    }
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&place::root().join(name), &stage.join(name))?;
    }
    set_version(&stage.join("package.json"))?;
    let folder = folder();
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed("empty", &folder))?;
    }
    fs::rename(&stage, &folder).map_err(failed("publish to", &folder))?;
    stamp.record()
}

/// The package has the version of the workspace, which xtask shares.
fn set_version(manifest: &Path) -> Result<()> {
    let text = fs::read_to_string(manifest).map_err(failed("read", manifest))?;
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let with_version = text.replace("\"version\": \"0.0.0\"", &version);
    fs::write(manifest, with_version).map_err(failed("write", manifest))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(|_| ()).map_err(failed("write", to))
}

fn failed(doing: &str, path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    let doing = format!("could not {doing} {}", path.display());
    move |error| Failure::new(doing, error, MEND)
}
