//! `cargo xtask conformance`: external suites against the command line. The runner is that of the
//! tests (`tests/src/suites.rs`).

use crate::command::{cargo, run as run_command};
use crate::failure::{Failure, Result};
use crate::place;
use std::path::Path;

/// Builds the command line and puts every suite of the folder to it. A folder that is named
/// relatively is looked for where the command is called, then beside the repository's files.
///
/// # Errors
/// Where the folder is not there, or where a case comes out wrong.
pub(crate) fn run(folder: &str) -> Result<()> {
    let doing = "could not run the suites";
    let here = Path::new(folder).canonicalize();
    let Ok(folder) = here.or_else(|_| place::root().join(folder).canonicalize()) else {
        return Err(Failure::new(
            doing,
            format!("there is no folder `{folder}`"),
            "cargo xtask conformance DIR  # DIR holds `<suite>.cases.ndjson`",
        ));
    };
    run_command(&mut cargo(&["build", "--quiet", "--package", "eqlens"]), doing, "cargo build")?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| place::root().join("target"), Into::into);
    let program = target.join("debug").join(format!("eqlens{}", std::env::consts::EXE_SUFFIX));
    let mut suites = cargo(&["run", "--quiet", "--package", "eqlens-tests"]);
    suites.args(["--bin", "conformance", "--"]).arg(program).arg(folder);
    run_command(&mut suites, "could not pass the suites", "cargo xtask conformance")
}
