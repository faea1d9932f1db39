//! `eqlens describe`.

use serde_json::json;

use crate::support::{Dir, json_lines};

const RULE: &str = "[rule]\nname = \"Shell\"\nquery = '''\nprocess where process.name : \"sh\" and\n  not user.name == \"root\"\n'''\n";

#[test]
fn a_rule_is_read_as_text_or_with_places() {
    let dir = Dir::new("describe").with("r.toml", RULE).with("s.eql", "any where true");
    let answer = dir.eqlens(&["describe", "r.toml", "s.eql"]);
    let expected = "Shell\n\
                    Every process event where all of:\n  \
                    process.name is \"sh\" (any case)\n  \
                    user.name does not equal \"root\" (or missing)\n\n\
                    s.eql\nEvery event of any category\n";
    assert_eq!((answer.code, &*answer.out, &*answer.err), (0, expected, ""));
    let lines = json_lines(&dir.eqlens(&["describe", "--format", "json", "r.toml"]).out);
    assert_eq!((&lines[0]["file"], &lines[0]["name"]), (&json!("r.toml"), &json!("Shell")));
    let line = &lines[0]["lines"][2];
    let parts = json!([
        {"kind": "field", "text": "user.name"},
        {"kind": "word", "text": " does not equal "},
        {"kind": "value", "text": "\"root\""},
        {"kind": "note", "text": " (or missing)"}
    ]);
    assert_eq!((&line["depth"], &line["parts"]), (&json!(1), &parts));
    let at = |key: &str| line["span"][key].as_u64().unwrap() as usize;
    assert_eq!(&RULE[at("start")..at("end")], "not user.name == \"root\"");
    assert_eq!(at("line"), 5);
}

#[test]
fn rules_in_other_languages_are_passed_over_aloud() {
    let kuery = "{\"name\":\"k\",\"language\":\"kuery\",\"query\":\"a: 1\"}\n";
    let eql = "{\"name\":\"é\",\"query\":\"any where true\"}\n";
    let dir =
        Dir::new("describe_others").with("k.ndjson", kuery).with("b.ndjson", [kuery, eql].concat());
    let answer = dir.eqlens(&["describe", "k.ndjson"]);
    let passed = "k.ndjson:1: passed over: this rule is written in `kuery`, not in EQL\n";
    assert_eq!((answer.code, &*answer.out, &*answer.err), (1, "", passed));
    let answer = dir.eqlens(&["describe", "--format", "json", "b.ndjson"]);
    assert_eq!((answer.code, answer.err.lines().count()), (0, 1), "{}", answer.err);
    let line = &json_lines(&answer.out)[0];
    let span = &line["lines"][0]["span"];
    assert_eq!((&line["file"], &span["line"]), (&json!("b.ndjson"), &json!(2)));
    assert_eq!(span["column"], eql.chars().count() - "any where true\"}\n".len() + 1);
    let at = |key: &str| span[key].as_u64().unwrap() as usize;
    assert_eq!(&[kuery, eql].concat()[at("start")..at("end")], "any where true");
}

#[test]
fn a_query_with_errors_is_not_read() {
    let dir = Dir::new("describe_errors");
    let answer = dir.eqlens(&["describe", "--query", "any where a ="]);
    assert_eq!((answer.code, &*answer.out), (1, ""));
    assert!(answer.err.contains("E-202"), "{}", answer.err);
    let query = dir.eqlens(&["describe", "--query", "any where a == 1"]);
    assert_eq!((query.code, &*query.out), (0, "Every event of any category where a is 1\n"));
    assert_eq!(dir.eqlens(&["describe", "gone.eql"]).code, 2);
}
