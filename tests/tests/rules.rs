//! Each file in `rules/` compiles, gives exactly the warnings its cases file names, and its cases
//! hold.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use eqlens_engine::expect;
use eqlens_tests::paths::{files, repository, text};

#[test]
fn every_rule_keeps_its_promises() {
    let rules: Vec<_> = files(&repository().join("rules"), ".toml")
        .into_iter()
        .filter(|path| !path.to_string_lossy().ends_with(".cases.toml"))
        .collect();
    assert!(!rules.is_empty());
    for rule in rules {
        let beside = |ending: &str| text(&rule.with_extension(ending));
        let report =
            expect::check(&text(&rule), &beside("events.ndjson"), &beside("cases.toml")).unwrap();
        assert!(report.is_good(), "{}: {report:#?}", rule.display());
        assert!(!report.cases.is_empty(), "{}", rule.display());
    }
}
