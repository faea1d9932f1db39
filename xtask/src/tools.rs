//! The pinned tools: found where they are exactly right, installed where they are not.

use crate::command::{cargo, command, line, on_path, output, run};
use crate::failure::{Failure, Result};
use crate::place;
use std::path::{Path, PathBuf};

/// A tool that has to be of one exact version.
pub(crate) struct Tool {
    /// Its crate.
    pub(crate) package: &'static str,
    /// Its program; answers to `--version`.
    pub(crate) command: &'static str,
    /// The version, which `--version` prints after the name.
    pub(crate) version: &'static str,
    /// What of its features is needed.
    pub(crate) features: &'static [&'static str],
}

/// Bundles the page. Without its default features: those are for downloads it is never asked
/// to make.
pub(crate) static TRUNK: Tool = Tool {
    package: "trunk",
    command: "trunk",
    version: "0.21.14",
    features: &["--no-default-features"],
};

/// Makes the JavaScript side of a wasm file. The version must be that of the crate in Cargo.lock.
pub(crate) static WASM_BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    command: "wasm-bindgen",
    version: "0.2.129",
    features: &[],
};

/// All of them.
pub(crate) static ALL: [&Tool; 2] = [&TRUNK, &WASM_BINDGEN];

/// The wasm target's name.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Optimising the tools takes longer than they ever run here.
const FAST_INSTALL: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
];

/// The folder that holds the tool in its right version; installs it if there is none.
///
/// # Errors
/// Where it cannot be installed.
pub(crate) fn folder_of(tool: &Tool) -> Result<PathBuf> {
    let own = place::tools().join("bin");
    if is_right(tool, &own.join(tool.command)) {
        return Ok(own);
    }
    if let Some(found) = on_path(&[tool.command])
        && is_right(tool, &found)
        && let Some(folder) = found.parent()
    {
        return Ok(folder.to_path_buf());
    }
    println!(
        "Installing {} {}; this is needed once and takes minutes.",
        tool.package, tool.version
    );
    let package = format!("{}@{}", tool.package, tool.version);
    let mut install = cargo(&["install", "--locked", "--root", "target/tools"]);
    install.args(["--target-dir", "target/tools/build"]).args(tool.features).arg(&package);
    let mend = line(&install);
    install.envs(FAST_INSTALL);
    run(&mut install, &format!("could not install {package}"), &mend)?;
    // Half a gigabyte that nobody reads again; if it stays, no harm is done.
    let _ = std::fs::remove_dir_all(place::tools().join("build"));
    Ok(own)
}

/// Whether a program is the tool in its right version.
fn is_right(tool: &Tool, program: &Path) -> bool {
    program.is_file()
        && output(&mut command(program, &["--version"]))
            .is_some_and(|said| said.split_whitespace().nth(1) == Some(tool.version))
}

/// Adds the wasm target to the toolchain if it is not there.
///
/// # Errors
/// Where it is not there and rustup cannot add it.
pub(crate) fn wasm_target() -> Result<()> {
    let libraries = output(&mut command("rustc", &["--print", "target-libdir", "--target", WASM]));
    if libraries.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    run(
        &mut command("rustup", &["target", "add", WASM]),
        &format!("could not add the target {WASM}"),
        &format!("rustup target add {WASM}"),
    )
}

/// Major version of Node.js below which the tests and the bundler do not run.
const NODE_MAJOR: u32 = 20;

/// Checks that Node.js and npm are there.
///
/// # Errors
/// Where they are not, or Node.js is too old.
pub(crate) fn node() -> Result<()> {
    let failed = |why: String| {
        let mend = "apt-get install nodejs npm";
        Failure::new(format!("could not use Node.js {NODE_MAJOR} or newer"), why, mend)
    };
    let version = output(&mut command("node", &["--version"]))
        .ok_or_else(|| failed("`node --version` does not run".to_owned()))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok());
    if major.is_none_or(|major: u32| major < NODE_MAJOR) {
        return Err(failed(format!("`node --version` says {version}")));
    }
    match on_path(&["npm"]) {
        Some(_) => Ok(()),
        None => Err(failed("npm is not on PATH".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::WASM_BINDGEN;
    use crate::place;

    #[test]
    fn wasm_bindgen_tool_and_crate_are_of_one_version() {
        let lock = std::fs::read_to_string(place::root().join("Cargo.lock")).unwrap();
        let entry =
            lock.split("[[package]]").find(|entry| entry.contains("name = \"wasm-bindgen\"\n"));
        let version = format!("version = \"{}\"", WASM_BINDGEN.version);
        assert!(entry.unwrap().contains(&version), "Cargo.lock has another wasm-bindgen");
    }
}
