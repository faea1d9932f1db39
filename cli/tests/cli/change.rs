//! `eqlens explain --change` and `eqlens shrink`.

use serde_json::json;

use crate::support::{Dir, json_lines};

const EVENTS: &str = "{\"_id\":\"a\",  \"n\":1,\"p\":[\"-q\",\"-r\"]}\n{\"_id\":\"b\",\"n\":2}\n{\"_id\":\"c\",\"n\":2}\n";

#[test]
fn what_would_have_to_change_is_a_difference() {
    let dir = Dir::new("explain_change").with("e.ndjson", EVENTS);
    let args = ["explain", "--events", "e.ndjson", "--event", "a", "--change", "--query"];
    let query = "any where n == 2 and not p == \"-q\"";
    let answer = dir.eqlens(&[&args[..], &[query, "--format", "text"]].concat());
    let expected = "a  2 edits make it match.\n  - n: 1\n  + n: 2  clause 2\n  - p: -q  clause 3\n";
    assert_eq!((answer.code, &*answer.out, &*answer.err), (1, expected, ""));
    let answer = dir.eqlens(&[&args[..], &[query, "--format", "json"]].concat());
    let line = &json_lines(&answer.out)[0];
    assert_eq!(line["source"], "{\"_id\":\"a\",  \"n\":2,\"p\":[\"-r\"]}");
    assert_eq!((&line["stage"], &line["is_smallest"]), (&json!(null), &json!(true)));
    let edit = json!({
        "field": "p", "action": "remove", "from": ["-q", "-r"], "to": null, "clause": 3,
        "sentence": "Remove `-q` from `p`."
    });
    assert_eq!(line["edits"][1], edit);
    let answer = dir.eqlens(&[&args[..], &["any where n == 1", "--format", "text"]].concat());
    assert_eq!((answer.code, &*answer.out), (0, "a  It matches as it is.\n"));
    let answer =
        dir.eqlens(&["explain", "--query", "any where true", "--events", "e.ndjson", "--change"]);
    assert_eq!(answer.code, 2, "it is asked of one event");
}

#[test]
fn only_what_matches_need_is_kept() {
    let dir = Dir::new("shrink").with("e.ndjson", EVENTS);
    let shrink = |more: &[&str]| {
        dir.eqlens(&[&["shrink", "--events", "e.ndjson", "--query"], more].concat())
    };
    let answer = shrink(&["any where n == 1"]);
    let (first, rest) = EVENTS.split_once('\n').unwrap();
    let kept = "Kept 1 of 3 events; the same 1 match\n";
    assert_eq!((answer.code, &*answer.out, &*answer.err), (0, &*format!("{first}\n"), kept));
    let answer = shrink(&["any where n == 1", "--event", "c", "--near", "1"]);
    assert_eq!(answer.out, format!("{first}\n{rest}"));
    let answer = shrink(&["any where n == 7"]);
    assert_eq!((answer.code, &*answer.out), (1, ""));
    assert_eq!(shrink(&["any where n = 7"]).code, 2);
    assert_eq!(shrink(&["any where n == 7", "--event", "x"]).code, 2);
}
