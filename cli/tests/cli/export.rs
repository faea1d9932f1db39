//! `eqlens export`.

use serde_json::json;

use crate::support::Dir;

const EVENTS: &str = r#"{"_id":"a","event":{"category":"process"},"process":{"name":"sh","pid":18446744073709551615}}
{"_id":"b","event":{"category":"process"},"process":{"name":"SH"}}
"#;

const QUERY: &str = "process where process.name == \"sh\"";

#[test]
fn a_note_says_what_was_found_and_when_it_was_written() {
    let dir = Dir::new("export_note").with("e.ndjson", EVENTS);
    let args = ["export", "--to", "markdown", "--query", QUERY, "--events", "e.ndjson"];
    let answer =
        dir.eqlens(&[&args[..], &["--now", "2026-03-13T08:00:00Z", "--event", "b"]].concat());
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    assert!(answer.out.starts_with("# Case note: EQL query\n"), "{}", answer.out);
    for line in [
        "| Run | 2026-03-13T08:00:00.000Z, EQLens ",
        "| Result | 1 event matches; 1 near miss |",
        "## Event `b`",
        "`process.name` is `SH`, which differs from `sh` only in upper and lower case; here case counts. |",
    ] {
        assert!(answer.out.contains(line), "{line}: {}", answer.out);
    }
    assert!(!answer.out.contains("browser"), "{}", answer.out);
    let unknown = dir.eqlens(&[&args[..], &["--event", "z"]].concat());
    assert_eq!((unknown.code, unknown.err.as_str()), (2, "error: there is no event `z`\n"));
}

#[test]
fn matches_keep_their_source_and_say_which_clauses_decided() {
    let dir = Dir::new("export_matches").with("e.ndjson", EVENTS);
    let args = ["export", "--to", "ndjson", "--query", QUERY, "--events", "e.ndjson"];
    let answer = dir.eqlens(&args);
    assert_eq!((answer.code, answer.lines().len()), (0, 1));
    let source = EVENTS.lines().next().unwrap();
    assert!(answer.out.contains(&format!("\"_source\":{source},")), "{}", answer.out);
    let near = dir.eqlens(&[&args[..], &["--near", "-o", "m.ndjson"]].concat());
    assert_eq!((near.code, near.out.as_str()), (0, ""));
    let written = dir.read("m.ndjson").unwrap();
    let last: serde_json::Value = serde_json::from_str(written.lines().last().unwrap()).unwrap();
    assert_eq!(last["eqlens"]["clauses"][0]["reason"], json!("case_differs"));
}

#[test]
fn nothing_found_and_a_refused_query_have_their_own_exit_codes() {
    let dir = Dir::new("export_codes").with("e.ndjson", EVENTS);
    let run = |query: &str, to: &str| {
        dir.eqlens(&["export", "--to", to, "--query", query, "--events", "e.ndjson"])
    };
    let nothing = run("file where true", "markdown");
    assert_eq!(nothing.code, 1);
    assert!(nothing.out.contains("\nNo event matches.\n"), "{}", nothing.out);
    assert_eq!(
        (run("file where true", "ndjson").code, run("file where true", "ndjson").out),
        (1, String::new())
    );
    let refused = run("file where", "markdown");
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("\"E-"), "{}", refused.err);
}
