//! `cargo xtask`: everything that builds, serves and tests EQLens, with all its set-up.
//!
//! Each command brings what it needs and leaves alone what is up to date, so the first run on a
//! new machine and the hundredth are the same command.

mod browser;
mod command;
mod conformance;
mod content;
mod failure;
mod finish;
mod http;
mod imports;
mod npm;
mod package;
mod place;
mod program;
mod serve;
mod site;
mod suites;
mod tools;
mod unpacker;
mod wasm;

use failure::{Failure, Result};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  serve [--port N] [--no-build] [--log]
                      build the page and serve it on this machine (port 8080, or the next free
                      one; 0: any); --no-build: serve dist/ as it is; --log: print each request
  build               build the page into dist/
  npm                 build the engine's npm package into target/npm/
  test [SUITE...]     run every test there is, or the named suites:
                      lint, native, wasm, npm, browser
  bench compile       time parse + check + compile of every rule of the corpus
  bench explain       time a run over 100,000 events, and what is asked after it
  lint                formatting and clippy, as in `test lint`
  conformance [DIR]   put the external suites in DIR (default: ../shared/conformance) to the
                      command line, and say what comes out right and wrong
  setup               bring the tools and packages, and do nothing else
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result<()> {
    match args {
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        ["serve", options @ ..] => serve::run(&serve::Options::read(options)?),
        ["build"] => site::build_within_budget(),
        ["npm"] => package::build(),
        ["test", suites @ ..] => suites::run(suites),
        ["lint"] => suites::run(&["lint"]),
        ["conformance"] => conformance::run("../shared/conformance"),
        ["conformance", folder] => conformance::run(folder),
        ["bench", what @ ("compile" | "explain")] => command::run(
            &mut command::cargo(&[
                "run",
                "--quiet",
                "--release",
                "-p",
                "eqlens-tests",
                "--bin",
                &format!("bench-{what}"),
            ]),
            "could not measure",
            &format!("cargo xtask bench {what}"),
        ),
        ["setup"] => setup(),
        [other, ..] => Err(Failure::new(
            format!("could not read the command `{}`", args.join(" ")),
            format!("`{other}` is no command, or its options are unknown"),
            "cargo xtask help",
        )),
    }
}

/// Everything that is installed rather than built.
fn setup() -> Result<()> {
    tools::wasm_target()?;
    for tool in tools::ALL {
        let folder = tools::folder_of(tool)?;
        println!("{} {} in {}", tool.command, tool.version, folder.display());
    }
    npm::install()?;
    println!("browser: {}", browser::find()?.display());
    Ok(())
}
