//! `eqlens` as a process: exit codes, data on standard output, everything else on standard error.
//!
//! Text that people read is compared with `tests/golden/*.txt`. After a wanted change,
//! `UPDATE_GOLDEN=1 cargo test -p eqlens` writes the files anew; look at the difference before
//! committing it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod change;
mod check;
mod compare;
mod describe;
mod explain;
mod export;
mod fmt;
mod link;
mod parse;
mod run;
mod scan;
mod setup;
mod suites;
mod support;
mod synth;
mod test;

use support::{Dir, golden};

#[test]
fn help_and_version_are_answers() {
    let dir = Dir::new("help_and_version");
    let version = dir.eqlens(&["--version"]);
    assert_eq!((version.code, version.out.as_str()), (0, "eqlens 0.1.0\n"));
    for command in [
        "run",
        "explain",
        "compare",
        "scan",
        "check",
        "test",
        "parse",
        "fmt",
        "describe",
        "synth",
        "completions",
        "man",
    ] {
        let help = dir.eqlens(&[command, "--help"]);
        assert_eq!(help.code, 0, "{command}");
        assert!(help.out.contains("Example: eqlens"), "{command}: {}", help.out);
    }
    golden("help", &dir.eqlens(&["--help"]).out);
}

#[test]
fn bad_options_exit_2_and_write_no_data() {
    let dir = Dir::new("bad_options").with("e.ndjson", "{}\n").with("r.eql", "any where true");
    for args in [
        &["fly"][..],
        &["run", "--events", "e.ndjson"],
        &["run", "--query", "any where true"],
        &["run", "--query", "any where true", "--rule", "r.eql", "--events", "e.ndjson"],
        &["run", "--query", "any where true", "--events", "e.ndjson", "--size", "-1"],
        &["run", "--query", "any where true", "--events", "e.ndjson", "--now", "yesterday"],
        &["run", "--query", "any where true", "--events", "e.ndjson", "--result-position", "top"],
        &["run", "--query", "any where true", "--events", "e.ndjson", "--max-samples-per-key", "0"],
        &["run", "--query", "any where true", "--events", "-", "--mapping", "-"],
        &["explain", "--query", "any where true"],
        &["explain", "--events", "e.ndjson"],
        &["explain", "--query", "any where true", "--rule", "r.eql", "--events", "e.ndjson"],
        &["compare", "r.eql", "--events", "e.ndjson"],
        &["compare", "r.eql", "r.eql"],
        &["scan", "--rules", "r.eql"],
        &["scan", "--events", "e.ndjson"],
        &["test"],
        &["link", "encode"],
        &["link", "encode", "--query", "any where true", "--project"],
        &["link", "decode"],
        &["completions", "tcsh"],
        &["check"],
        &["check", "--query", "any where true", "r.eql"],
        &["parse"],
        &["synth"],
        &["synth", "--query", "any where true", "--rule", "r.eql"],
        &["parse", "--query", "any where true", "r.eql"],
        &["fmt"],
        &["fmt", "--query", "any where true", "--write"],
        &["fmt", "r.eql", "--check", "--write"],
        &["describe"],
    ] {
        let answer = dir.eqlens(args);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{args:?}");
        assert!(answer.err.starts_with("error: "), "{args:?}: {}", answer.err);
    }
}
