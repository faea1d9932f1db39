//! The register of lints and its page.

use eqlens_engine::desk::Desk;
use eqlens_engine::lint;
use eqlens_engine::wire::Severity;
use eqlens_tests::paths::{files, repository, text};

#[test]
fn the_page_of_lints_is_the_register() {
    let page = text(&repository().join("docs/LINTS.md"));
    let made = lint::markdown();
    assert_eq!(page, made, "write it with `eqlens check --explain all > docs/LINTS.md`");
}

/// Whoever opens an example must not meet a warning that means nothing; letter case is worth a
/// note, since among the events are names in other letters.
#[test]
fn the_events_of_the_examples_raise_no_false_alarm() {
    let rules = files(&repository().join("rules"), ".toml");
    let rules = rules.iter().filter(|path| !path.to_string_lossy().ends_with(".cases.toml"));
    let mut told = Vec::new();
    for rule in rules {
        let mut desk = Desk::new();
        desk.load(&text(&rule.with_extension("events.ndjson")));
        let outcome = desk.run(&text(rule), &|| 0.0);
        assert!(outcome.result.is_some(), "{}", rule.display());
        for found in outcome.findings {
            let of_data = lint::lookup(&found.code).is_some_and(|lint| lint.data);
            if of_data || found.message.contains("without regard to case") {
                told.push((found.severity, found.code));
            }
        }
    }
    assert!(told.iter().all(|told| *told == (Severity::Info, "L-03".to_owned())), "{told:?}");
    assert!(!told.is_empty());
}
