//! Queries, how they are formatted and how they are read: `tests/golden/queries.txt`.
//!
//! After a wanted change, `UPDATE_GOLDEN=1 cargo test -p eqlens-tests --test golden` writes the
//! file anew; look at the difference before committing it. A new query needs its heading only.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use eqlens_engine::syntax::describe::describe;
use eqlens_engine::syntax::format::format as formatted;
use eqlens_engine::syntax::parser::parse;
use eqlens_tests::paths::{repository, text};

const HEADING: &str = "=== ";
const FORMATTED: &str = "\n--- formatted\n";
const READ: &str = "\n--- read\n";

#[test]
fn queries_are_formatted_and_read_as_on_record() {
    let path = repository().join("tests/golden/queries.txt");
    let record = text(&path);
    let cases = record.split(HEADING).skip(1);
    let made: String = cases
        .map(|case| {
            let (name, rest) = case.split_once('\n').unwrap();
            let query = rest.split(FORMATTED).next().unwrap().trim_end();
            let formatted = match formatted(query) {
                Ok(formatted) => formatted,
                Err(findings) => {
                    let messages = findings.iter().map(|finding| finding.kind.message());
                    format!("refused: {}", messages.collect::<Vec<_>>().join("; "))
                }
            };
            let reading = describe(&parse(query).0, query).text();
            format!("{HEADING}{name}\n{query}{FORMATTED}{formatted}{READ}{reading}\n")
        })
        .collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return std::fs::write(&path, &made).unwrap();
    }
    for (made, record) in made.split(HEADING).zip(record.split(HEADING)) {
        assert_eq!(made, record);
    }
    assert_eq!(made, record);
}
