//! `conformance EQLENS FOLDER`: runs the suites of a folder through the program `EQLENS` and prints
//! how they came out. `cargo xtask conformance` calls it.

use std::path::Path;
use std::process::ExitCode;

use eqlens_tests::suites::Suite;

/// Differences that are printed for each suite.
const SHOWN: usize = 10;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [eqlens, folder] = args.as_slice() else {
        eprintln!("usage: conformance EQLENS FOLDER");
        return ExitCode::from(2);
    };
    let suites = match Suite::all(Path::new(folder)) {
        Ok(suites) if suites.is_empty() => {
            eprintln!("error: {folder}: no `<suite>.cases.ndjson` there");
            return ExitCode::from(2);
        }
        Ok(suites) => suites,
        Err(reason) => {
            eprintln!("error: {reason}");
            return ExitCode::from(2);
        }
    };
    let mut all_right = true;
    for suite in suites {
        let report = suite.run(Path::new(eqlens));
        println!(
            "{}: {} right, {} wrong, {} errors",
            suite.name, report.right, report.wrong, report.errors
        );
        for difference in report.differences.iter().take(SHOWN) {
            println!("{difference}");
        }
        if report.differences.len() > SHOWN {
            println!("… and {} more", report.differences.len() - SHOWN);
        }
        all_right &= report.differences.is_empty();
    }
    if all_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
