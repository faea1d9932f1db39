//! `eqlens`: Elastic EQL rules over event files, in a terminal, a script or a build.
//!
//! One file per command. Data goes to standard output, everything else to standard error. Exit
//! codes follow grep: 0 something matched or no error, 1 nothing matched or errors found, 2 could
//! not run.

mod asked;
mod check;
mod compare;
mod describe;
mod explain;
mod export;
mod fields;
mod files;
mod fmt;
mod input;
mod link;
mod output;
mod parse;
mod progress;
mod run;
mod scan;
mod setup;
mod shrink;
mod stats;
mod synth;
mod table;
mod test;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Run, explain, test and check Elastic EQL rules over event files.
#[derive(Parser)]
#[command(
    name = "eqlens",
    version,
    after_help = "Exit codes: 0 something matched, or no error; 1 nothing matched, or errors \
                  found; 2 could not run.\nExample: eqlens run --rule rule.toml --events \
                  events.ndjson"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Args),
    Explain(explain::Args),
    Compare(compare::Args),
    Export(export::Args),
    Scan(scan::Args),
    Check(check::Args),
    Test(test::Args),
    Parse(parse::Args),
    Fmt(fmt::Args),
    Describe(describe::Args),
    Synth(synth::Args),
    Shrink(shrink::Args),
    Link(link::Args),
    Completions(setup::Completions),
    Man(setup::Man),
}

/// The answer of a command that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Something matched; no error.
    Yes,
    /// Nothing matched; errors found.
    No,
}

/// Why a command could not run.
#[derive(Debug)]
enum Failure {
    /// What to tell the user; lower case, no final stop.
    Message(String),
    /// The user has been told already.
    Reported,
    /// Standard output took no more.
    Output(io::Error),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Scan(args) => scan::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Parse(args) => parse::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Describe(args) => describe::run(&args),
        Command::Synth(args) => synth::run(&args),
        Command::Shrink(args) => shrink::run(&args),
        Command::Link(args) => link::run(&args),
        Command::Completions(args) => setup::completions(&args),
        Command::Man(args) => setup::man(&args),
    };
    match result {
        Ok(Status::Yes) => ExitCode::SUCCESS,
        Ok(Status::No) => ExitCode::from(1),
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(2)
        }
    }
}
