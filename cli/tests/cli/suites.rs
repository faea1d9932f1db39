//! Elasticsearch's own EQL suites, run through the process where they are at hand.

use std::path::Path;

use eqlens_tests::paths::external;
use eqlens_tests::suites::Suite;

#[test]
fn the_suites_at_hand_come_out_right() {
    let Some(folder) = external("conformance") else { return };
    let suites = Suite::all(&folder).unwrap();
    assert!(!suites.is_empty(), "no suite in {}", folder.display());
    let mut wrong = Vec::new();
    for suite in suites {
        let report = suite.run(Path::new(env!("CARGO_BIN_EXE_eqlens")));
        println!("{}: {} right", suite.name, report.right);
        wrong.extend(report.differences.iter().map(|found| format!("{}: {found}", suite.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
