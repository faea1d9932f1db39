//! The tables in `cases/`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use eqlens_tests::cases::Table;
use eqlens_tests::paths::{files, repository, text};

#[test]
fn every_case_comes_out_as_the_specification_says() {
    let tables = files(&repository().join("tests/cases"), ".toml");
    assert!(!tables.is_empty());
    let mut failures = Vec::new();
    let mut n = 0;
    for path in tables {
        let table: Table =
            toml::from_str(&text(&path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        n += table.case.len();
        failures.extend(table.failures().into_iter().map(|f| format!("{}: {f}", path.display())));
    }
    println!("{n} cases");
    assert!(failures.is_empty(), "{} of {n} fail:\n{}", failures.len(), failures.join("\n"));
}
