//! `eqlens scan`.

use serde_json::json;

use crate::support::{Dir, golden, json_lines};

const EVENTS: &str =
    "{\"_id\":\"a\",\"n\":1,\"@timestamp\":2000}\n{\"_id\":\"b\",\"n\":2,\"@timestamp\":1000}\n";

fn library(name: &str) -> Dir {
    Dir::new(name)
        .with("e.ndjson", EVENTS)
        .with("rules/all.toml", "[rule]\nname = \"All of them\"\nquery = 'any where true'\n")
        .with("rules/all.cases.toml", "[[case]]\nname = 'no rule'\nmatches = []\n")
        .with("rules/all.events.ndjson", EVENTS)
        .with("rules/deep/one.eql", "any where n == 1")
        .with("rules/deep/none.eql", "any where n == 3")
        .with("rules/deep/readme.md", "no rule")
}

#[test]
fn every_rule_has_a_line_with_its_first_matches() {
    let dir = library("scan_lines");
    let answer = dir.eqlens(&["scan", "--rules", "rules", "--events", "e.ndjson"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let found: Vec<_> = answer
        .lines()
        .iter()
        .map(|line| json!([line["name"], line["count"], line["matches"], line.get("error")]))
        .collect();
    let expected = [
        json!(["All of them", 2, ["b", "a"], null]),
        json!(["rules/deep/none.eql", 0, [], null]),
        json!(["rules/deep/one.eql", 1, ["a"], null]),
    ];
    assert_eq!(found, expected, "matches are in time order");
    assert!(answer.lines()[0].get("rule_id").is_some());
}

#[test]
fn a_file_may_hold_many_rules_and_some_cannot_run() {
    let rules = r#"{"rule_id":"r1","name":"one","query":"any where n == 1"}
{"rule_id":"r2","name":"bad","query":"any where n = 1"}
{"name":"kql","language":"kuery","query":"n: 1"}
"#;
    let dir = Dir::new("scan_many").with("e.ndjson", EVENTS).with("rules.ndjson", rules);
    let answer = dir.eqlens(&["scan", "--rules", "rules.ndjson", "--events", "e.ndjson"]);
    let lines = answer.lines();
    assert_eq!((answer.code, lines.len()), (0, 3), "{}", answer.err);
    assert_eq!((&lines[0]["rule_id"], &lines[0]["name"]), (&json!("r1"), &json!("one")));
    assert_eq!((&lines[0]["count"], &lines[0]["matches"]), (&json!(1), &json!(["a"])));
    assert_eq!(lines[1]["error"]["code"], "E-203");
    assert_eq!(lines[1]["error"]["message"], "`=` compares nothing");
    assert!(lines[1]["count"].is_null());
    assert_eq!(lines[2]["error"]["code"], "R-103");
}

#[test]
fn exit_codes_tell_matches_from_trouble() {
    let dir = library("scan_exit_codes").with("bad.eql", "any where").with("latin1.eql", b"\xe9");
    for (rules, code, n_lines) in [
        (&["rules"][..], 0, 3),
        (&["rules/deep/one.eql", "bad.eql"], 0, 2),
        (&["rules/deep/none.eql"], 1, 1),
        (&["rules/deep/none.eql", "bad.eql"], 1, 2),
        (&["bad.eql"], 2, 1),
        (&["missing.eql", "rules"], 2, 3),
        (&["latin1.eql", "rules"], 2, 3),
    ] {
        let args = [&["scan", "--events", "e.ndjson", "--rules"], rules].concat();
        let answer = dir.eqlens(&args);
        assert_eq!((answer.code, answer.lines().len()), (code, n_lines), "{rules:?}");
    }
    let dir = dir.with("empty/readme.txt", "");
    let none = dir.eqlens(&["scan", "--rules", "empty", "--events", "e.ndjson"]);
    assert_eq!((none.code, none.err.as_str()), (2, "error: there are no rules to run\n"));
    let events = dir.eqlens(&["scan", "--rules", "rules", "--events", "missing.ndjson"]);
    assert_eq!((events.code, events.out.as_str()), (2, ""));
}

#[test]
fn statistics_are_one_line_on_standard_error() {
    let dir = library("scan_stats");
    let answer = dir.eqlens(&["scan", "--rules", "rules", "--events", "e.ndjson", "--stats"]);
    let lines = json_lines(&answer.err);
    assert_eq!((lines.len(), &lines[0]["events"]), (1, &json!(2)));
}

#[test]
fn the_text_form_is_a_table_of_the_rules_that_matched() {
    let dir = library("scan_text").with("rules/x.eql", "any where \u{1b}[31m");
    let args = ["scan", "--rules", "rules", "--events", "e.ndjson", "--format", "text"];
    let answer = dir.eqlens(&args);
    golden("scanned", &format!("{}---\n{}", answer.out, answer.err));
}

#[test]
fn a_sequence_counts_as_one_match_and_lists_its_events() {
    let dir = Dir::new("scan_sequence")
        .with("e.ndjson", EVENTS)
        .with(
            "s.eql",
            "sequence with maxspan=1m [any where n == 2] ![any where n == 9] [any where n == 1]",
        )
        .with("h.eql", "any where true | head 1");
    let lines = dir.eqlens(&["scan", "--rules", "h.eql", "s.eql", "--events", "e.ndjson"]).lines();
    assert_eq!((&lines[0]["count"], &lines[0]["matches"]), (&json!(1), &json!(["b"])));
    let expected = json!([["b", "-", "a"]]);
    assert_eq!((&lines[1]["count"], &lines[1]["matches"]), (&json!(1), &expected), "{}", lines[1]);
}
