//! `eqlens test`.

use serde_json::json;

use crate::support::{Dir, golden, repository};

const EVENTS: &str = "{\"_id\":\"a\",\"n\":1}\n{\"_id\":\"b\",\"n\":2}\n";
const RULE: &str = "[rule]\nname = \"Ones\"\nquery = 'any where n == 1'\n";
const GOOD: &str = "[[case]]\nname = \"one\"\nmatches = [[\"a\"]]\n\n[[case]]\nname = \"not two\"\n\
                    events = [\"b\"]\nmatches = []\n\
                    fails = { event = \"b\", clause = \"n == 1\", reason = \"value_differs\" }\n";

fn rules(name: &str) -> Dir {
    Dir::new(name)
        .with("rules/good.toml", RULE)
        .with("rules/good.events.ndjson", EVENTS)
        .with("rules/good.cases.toml", GOOD)
        .with("rules/deep/bare.eql", "any where n == 2")
        .with("rules/deep/bare.events.ndjson", EVENTS)
        .with("rules/deep/bare.cases.toml", "[[case]]\nname = 'two'\nmatches = [['b']]\n")
}

fn with_a_bad_one(dir: Dir) -> Dir {
    dir.with("rules/bad.toml", RULE).with("rules/bad.events.ndjson", EVENTS).with(
        "rules/bad.cases.toml",
        format!("{GOOD}\n[[case]]\nname = \"<wrong> \\u001b[31m\"\nmatches = [[\"b\"]]\n"),
    )
}

#[test]
fn rules_that_keep_their_expectations_exit_0() {
    let dir = rules("test_good");
    let answer = dir.eqlens(&["test", "rules"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let lines = answer.lines();
    let found: Vec<_> =
        lines.iter().map(|l| json!([l["rule"], l["passed"], l["failed"], l["error"]])).collect();
    assert_eq!(
        found,
        [json!(["rules/deep/bare.eql", 1, 0, null]), json!(["rules/good.toml", 2, 0, null])]
    );
    let one = dir.eqlens(&["test", "rules/good.cases.toml"]);
    assert_eq!((one.code, one.lines().len()), (0, 1));
    let ours = dir.eqlens(&["test", &repository("rules")]);
    assert_eq!(ours.code, 0, "{}", ours.out);
}

#[test]
fn a_case_that_fails_exits_1_and_is_named() {
    let dir = with_a_bad_one(rules("test_bad"));
    let answer = dir.eqlens(&["test", "rules"]);
    assert_eq!((answer.code, answer.lines().len()), (1, 3));
    let bad = &answer.lines()[0];
    assert_eq!((&bad["passed"], &bad["failed"]), (&json!(2), &json!(1)));
    assert_eq!(bad["cases"][2]["failure"], "matches [[\"a\"]], expected [[\"b\"]]");
    let text = dir.eqlens(&["test", "rules", "--format", "text"]);
    assert_eq!(text.code, 1);
    golden("tested", &format!("{}---\n{}", text.out, text.err));
}

#[test]
fn what_cannot_be_tested_exits_2_and_the_others_are_tested() {
    let dir = rules("test_unreadable").with("empty/x.toml", RULE);
    let none = dir.eqlens(&["test", "empty"]);
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    assert!(none.err.contains("nothing to test"), "{}", none.err);
    assert_eq!(dir.eqlens(&["test", "missing"]).code, 2);
    let dir = dir
        .with("rules/lost.cases.toml", GOOD)
        .with("rules/odd.toml", RULE)
        .with("rules/odd.events.ndjson", EVENTS)
        .with("rules/odd.cases.toml", "[[case]]\nname = 1\n");
    let answer = dir.eqlens(&["test", "rules"]);
    assert_eq!((answer.code, answer.lines().len()), (2, 4));
    let errors: Vec<_> = answer.lines().iter().map(|line| line["error"].is_null()).collect();
    assert_eq!(errors, [true, true, false, false]);
    assert!(answer.err.contains("lost.toml") && answer.err.contains("line 2"), "{}", answer.err);
}

#[test]
fn a_refused_rule_and_unexpected_warnings_are_failures() {
    let dir = rules("test_refused")
        .with("rules/good.toml", "[rule]\nquery = 'any where n = 1'\n")
        .with("rules/deep/bare.eql", "any where n < null or n == 2");
    let answer = dir.eqlens(&["test", "rules"]);
    assert_eq!(answer.code, 1);
    let lines = answer.lines();
    assert_eq!(lines[0]["failures"], json!(["warnings [\"L-09\"], expected []"]));
    assert_eq!(lines[1]["failures"], json!(["E-203 (line 2): `=` compares nothing"]));
}

#[test]
fn the_outcome_is_written_as_junit_too() {
    let dir = with_a_bad_one(rules("test_junit")).with("rules/lost.cases.toml", GOOD);
    let answer = dir.eqlens(&["test", "rules", "--junit", "out.xml"]);
    assert_eq!(answer.code, 2);
    golden("junit", &dir.read("out.xml").unwrap());
    let nowhere = dir.eqlens(&["test", "rules", "--junit", "no/such/folder/out.xml"]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("cannot write"), "{}", nowhere.err);
}
