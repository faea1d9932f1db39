//! `cargo xtask test`: every test there is, each by its own runner, whose closing lines stay
//! visible.

use crate::command::{cargo, command, run as run_command};
use crate::failure::{Failure, Result};
use crate::{browser, npm, package, place, site, tools};
use std::time::Instant;

/// A part of the tests.
struct Suite {
    /// Its name on the command line.
    name: &'static str,
    /// Runs it.
    run: fn() -> Result<()>,
}

/// In the order in which they are run: quick answers first.
static SUITES: [Suite; 5] = [
    Suite { name: "lint", run: lint },
    Suite { name: "native", run: native },
    Suite { name: "wasm", run: wasm },
    Suite { name: "npm", run: in_package },
    Suite { name: "browser", run: in_browser },
];

/// Runs the named suites, or all. One that fails does not keep the others from running.
///
/// # Errors
/// Where a name is unknown or a suite fails.
pub(crate) fn run(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| SUITES.iter().all(|suite| suite.name != **name))
    {
        return Err(Failure::new(
            "could not run the tests",
            format!("there is no suite `{unknown}`"),
            "cargo xtask help",
        ));
    }
    let mut closing = Vec::new();
    let mut failed = Vec::new();
    for suite in SUITES.iter().filter(|suite| names.is_empty() || names.contains(&suite.name)) {
        println!("== {}", suite.name);
        let start = Instant::now();
        let result = (suite.run)();
        let word = if result.is_ok() { "passed" } else { "FAILED" };
        closing.push(format!("{word}  {:<8}{:>7.1} s", suite.name, start.elapsed().as_secs_f64()));
        if let Err(failure) = result {
            eprintln!("{failure}");
            failed.push(suite.name);
        }
    }
    println!("== in all\n{}", closing.join("\n"));
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(Failure::new(
            "could not pass every suite",
            format!("failed: {}", failed.join(", ")),
            format!("cargo xtask test {}  # says more", failed.join(" ")),
        )),
    }
}

/// Formatting and clippy, for this machine and for wasm; each says its part.
fn lint() -> Result<()> {
    let doing = "could not pass the lints";
    tools::wasm_target()?;
    let mut format = cargo(&["fmt", "--all", "--", "--check"]);
    let mut native = cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    let mut wasm =
        cargo(&["clippy", "-p", "eqlens-engine", "-p", "eqlens-pack", "-p", "eqlens-web"]);
    wasm.args(["--features", "eqlens-engine/wasm", "--target", tools::WASM]);
    wasm.args(["--", "-D", "warnings"]);
    let results = [
        run_command(&mut format, doing, "cargo fmt --all"),
        run_command(&mut native, doing, "cargo xtask lint"),
        run_command(&mut wasm, doing, "cargo xtask lint"),
    ];
    results.into_iter().collect()
}

/// Every test of every package, on this machine.
fn native() -> Result<()> {
    run_command(
        &mut cargo(&["test", "--workspace", "--no-fail-fast"]),
        "could not pass the native tests",
        "cargo xtask test native",
    )
}

/// The engine's JavaScript interface, as wasm in Node.js.
fn wasm() -> Result<()> {
    tools::wasm_target()?;
    tools::node()?;
    let runner = tools::folder_of(&tools::WASM_BINDGEN)?.join("wasm-bindgen-test-runner");
    // As it ships: without optimisation the deepest queries would not fit the stack.
    let mut test = cargo(&["test", "-p", "eqlens-engine", "--features", "wasm"]);
    test.args(["--release"]);
    test.args(["--target", tools::WASM, "--test", "wasm"]);
    test.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    run_command(&mut test, "could not pass the wasm tests", "cargo xtask test wasm")
}

/// The npm package: in Node.js, in a page, in a worker; and its types.
fn in_package() -> Result<()> {
    package::build()?;
    node_tests("tests/npm")
}

/// Runs the `*.test.mjs` of a folder, with a browser for those that want one.
fn node_tests(folder: &str) -> Result<()> {
    npm::install()?;
    let browser = browser::find()?;
    let mut test = command("node", &["--test", "--test-reporter=spec", "--test-concurrency=1"]);
    let files = crate::content::files_below(&place::root().join(folder))?;
    test.args(files.iter().filter(|file| file.to_string_lossy().ends_with(".test.mjs")));
    test.env("CHROME", browser);
    let doing = format!("could not pass the tests of {folder}");
    run_command(&mut test, &doing, "cargo xtask test")
}

/// The built page, in a browser; and its weight, which keeps no test from running.
fn in_browser() -> Result<()> {
    let sizes = site::build()?;
    println!("{sizes}");
    node_tests("tests/browser")?;
    sizes.check()
}
