//! Each file in `rules/` compiles, gives exactly the warnings its cases file names, and its cases
//! hold.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use eqlens_tests::expectations::check_rule;
use eqlens_tests::paths::{files, repository};

#[test]
fn every_rule_keeps_its_promises() {
    let rules: Vec<_> = files(&repository().join("rules"), ".toml")
        .into_iter()
        .filter(|path| !path.to_string_lossy().ends_with(".cases.toml"))
        .collect();
    assert!(!rules.is_empty());
    for rule in rules {
        let (cases, failures) = check_rule(&rule);
        assert!(failures.is_empty(), "{}:\n{}", rule.display(), failures.join("\n"));
        assert!(cases > 0, "{}", rule.display());
    }
}
