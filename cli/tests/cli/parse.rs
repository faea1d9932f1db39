//! `eqlens parse`.

use serde_json::{Value, json};

use crate::support::{Dir, golden, json_lines};

/// Kind and text of the nodes, without their places.
fn shape(node: &Value) -> Value {
    let children: Vec<Value> = node["children"].as_array().unwrap().iter().map(shape).collect();
    let mut shape = vec![node["kind"].clone()];
    shape.extend(node.get("text").cloned());
    shape.extend(children);
    shape.into()
}

#[test]
fn the_tree_has_kinds_texts_and_spans() {
    let dir = Dir::new("tree");
    let query = "process where not ?process.pid > 4";
    let answer = dir.eqlens(&["parse", "--query", query]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let tree = answer.json();
    let expected = json!([
        "query",
        [
            "event",
            ["category", "process"],
            ["not", ["comparison", ">", ["optional_field", "process.pid"], ["number", "4"]]]
        ]
    ]);
    assert_eq!(shape(&tree), expected);
    let field = &tree["children"][0]["children"][1]["children"][0]["children"][0];
    let expected = json!({"start": 18, "end": 30, "line": 1, "column": 19, "start_utf16": 18, "end_utf16": 30});
    assert_eq!(field["span"], expected);
    assert_eq!(field["children"], json!([]));
    assert!(tree.get("text").is_none(), "left out where there is none");
}

#[test]
fn every_kind_of_query_has_a_tree() {
    let dir = Dir::new("kinds");
    for (query, kind) in [
        ("any where true", "event"),
        ("sequence by a with maxspan=5s [any where true] [any where b == 1]", "sequence"),
        ("sample by a [any where true] [any where b == 1]", "sample"),
    ] {
        let answer = dir.eqlens(&["parse", "--query", query]);
        assert_eq!(
            (answer.code, &answer.json()["children"][0]["kind"]),
            (0, &json!(kind)),
            "{query}"
        );
    }
}

#[test]
fn a_query_with_errors_gives_the_tree_of_its_sound_parts() {
    let dir = Dir::new("sound_parts");
    let args = ["parse", "--query", "process where (a == 1 and\n  ) or b ="];
    let answer = dir.eqlens(&args);
    assert_eq!(answer.code, 1);
    assert!(!json_lines(&answer.err).is_empty());
    let tree = serde_json::to_string(&shape(&answer.json())).unwrap();
    assert!(tree.contains(r#"["comparison","==",["field","a"],["number","1"]]"#), "{tree}");
    assert!(tree.contains("hole"), "{tree}");
    let text = dir.eqlens(&[&args[..], &["--format", "text"]].concat());
    golden("sound_parts", &format!("{}---\n{}", text.out, text.err));
}

#[test]
fn spans_are_of_the_rule_file() {
    let rule = "[rule]\nquery = '''\nany where a == 1\n'''\n";
    let dir =
        Dir::new("parse_file").with("r.toml", rule).with("none.toml", "[rule]\nname = \"x\"\n");
    let tree = dir.eqlens(&["parse", "r.toml"]).json();
    let span = |key: &str| tree["span"][key].as_u64().unwrap() as usize;
    assert_eq!(&rule[span("start")..span("end")], "any where a == 1");
    assert_eq!(span("line"), 3);
    let piped = dir.eqlens_with_input(&["parse", "-"], rule);
    assert_eq!(piped.json(), tree);
    let none = dir.eqlens(&["parse", "none.toml"]);
    assert_eq!((none.code, none.out.as_str()), (2, ""), "there is no query");
}
