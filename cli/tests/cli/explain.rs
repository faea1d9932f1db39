//! `eqlens explain`.

use serde_json::{Value, json};

use crate::support::{Dir, golden, json_lines, repository};

const EVENTS: &str = r#"{"_id":"a","event":{"category":"process"},"process":{"name":"openssl","args":["s_client","-q"]},"host":{"name":"h"}}
{"_id":"b","event":{"category":"process"},"process":{"name":"OpenSSL","args":["s_client"]}}
{"_id":"c","_index":"other","event":{"category":"process"},"process":{"name":"openssl","args":["s_client"]}}
{"_id":"d","event":{"category":"file"}}
"#;

const QUERY: &str = "process where process.name == \"openssl\" and\n  not process.args == \"-q\"";

/// Kind, verdict and reason of the nodes, without their places.
fn shape(node: &Value) -> Value {
    let children: Vec<Value> = node["children"].as_array().unwrap().iter().map(shape).collect();
    let mut shape = vec![node["kind"].clone(), node["verdict"].clone()];
    shape.extend(node.get("reason").cloned());
    shape.extend(children);
    shape.into()
}

#[test]
fn every_event_has_a_verdict_a_sentence_and_a_tree() {
    let dir = Dir::new("explain_events").with("e.ndjson", EVENTS);
    let answer = dir.eqlens(&["explain", "--query", QUERY, "--events", "e.ndjson"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let lines = answer.lines();
    let verdicts: Vec<_> = lines.iter().map(|l| (&l["_id"], &l["verdict"])).collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(
        verdicts,
        [(&json!("a"), &no), (&json!("b"), &no), (&json!("c"), &yes), (&json!("d"), &no)]
    );
    let keys: Vec<&String> = lines[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["_id", "sentence", "tree", "verdict"]);
    assert!(lines[0]["sentence"].as_str().unwrap().starts_with("Does not match: one clause"));
    let expected = json!([
        "query",
        false,
        ["category", true, "matched"],
        [
            "and",
            false,
            ["leaf", true, "matched"],
            ["not", false, "excluded", ["leaf", true, "matched"]]
        ]
    ]);
    assert_eq!(shape(&lines[0]["tree"]), expected);
    let name = &lines[1]["tree"]["children"][1]["children"][0];
    assert_eq!((&name["reason"], &name["values"]), (&json!("case_differs"), &json!(["OpenSSL"])));
    let span = |key: &str| name["span"][key].as_u64().unwrap() as usize;
    assert_eq!(&QUERY[span("start")..span("end")], "process.name == \"openssl\"");
    let missing = &lines[3]["tree"]["children"][1]["children"][0];
    assert_eq!((&missing["reason"], &missing["values"]), (&json!("field_missing"), &json!([])));
}

#[test]
fn verdicts_are_those_of_run() {
    let dir = Dir::new("explain_as_run");
    let rule = repository("rules/openssl_client_or_server.toml");
    let events = repository("rules/openssl_client_or_server.events.ndjson");
    let args = ["--rule", &rule, "--events", &events];
    let mut matched = dir.eqlens(&[&["run"], &args[..]].concat()).ids();
    let lines = dir.eqlens(&[&["explain"], &args[..]].concat()).lines();
    assert_eq!(lines.len(), 60);
    let mut explained: Vec<String> = lines
        .iter()
        .filter(|line| line["verdict"] == true)
        .map(|line| line["_id"].as_str().unwrap().to_owned())
        .collect();
    explained.sort();
    matched.sort();
    assert_eq!(explained, matched);
    for line in &lines {
        assert_eq!(line["verdict"], line["tree"]["verdict"], "{}", line["_id"]);
    }
}

#[test]
fn an_index_outside_the_rule_is_a_reason() {
    let rule = "[rule]\nindex = [\"logs-*\"]\nquery = 'any where true'\n";
    let dir = Dir::new("explain_index").with("e.ndjson", EVENTS).with("r.toml", rule);
    let args = ["explain", "--rule", "r.toml", "--events", "e.ndjson", "--event", "c"];
    let answer = dir.eqlens(&args);
    let line = answer.json();
    assert_eq!((answer.code, &line["verdict"]), (1, &json!(false)));
    let root = (&line["tree"]["verdict"], &line["tree"]["reason"]);
    assert_eq!(root, (&json!(false), &json!("index_not_searched")));
    let all = dir.eqlens(&[&args[..], &["--all-indices"]].concat());
    assert_eq!((all.code, &all.json()["verdict"]), (0, &json!(true)));
}

#[test]
fn exit_codes_are_those_of_run() {
    let dir = Dir::new("explain_exit_codes").with("e.ndjson", EVENTS);
    for (args, code, n_lines) in [
        (&["--query", QUERY][..], 0, 4),
        (&["--query", QUERY, "--event", "c"], 0, 1),
        (&["--query", QUERY, "--event", "a"], 1, 1),
        (&["--query", QUERY, "--event", "zz"], 2, 0),
        (&["--query", "any where false"], 1, 4),
        (&["--query", "any where"], 2, 0),
        (&["--rule", "missing.toml"], 2, 0),
        (&["--query", "any where true", "--mapping", "missing.json"], 2, 0),
        (&["--query", "openssl where true", "--event-category-field", "process.name"], 0, 4),
    ] {
        let answer = dir.eqlens(&[&["explain", "--events", "e.ndjson"], args].concat());
        assert_eq!(
            (answer.code, answer.lines().len()),
            (code, n_lines),
            "{args:?}: {}",
            answer.err
        );
        assert_eq!(answer.err.is_empty(), code != 2, "{args:?}: {}", answer.err);
    }
    let refused = dir.eqlens(&["explain", "--query", "any where a = 1", "--events", "e.ndjson"]);
    assert_eq!(json_lines(&refused.err)[0]["code"], "E-203");
}

#[test]
fn spans_are_of_the_rule_file() {
    let rule = "# é\n[rule]\nname = \"r\"\nquery = '''\nany where\n  host.name == \"h\"\n'''\n";
    let dir = Dir::new("explain_spans").with("e.ndjson", EVENTS).with("r.toml", rule);
    let args = ["explain", "--rule", "r.toml", "--events", "e.ndjson", "--event", "a"];
    let span = dir.eqlens(&args).json()["tree"]["children"][1]["span"].clone();
    let at = |key: &str| span[key].as_u64().unwrap() as usize;
    assert_eq!(&rule[at("start")..at("end")], "host.name == \"h\"");
    assert_eq!(at("line"), 6);
}

#[test]
fn the_text_form_is_an_annotated_tree() {
    let dir = Dir::new("explain_text").with("e.ndjson", EVENTS).with(
        "hostile.ndjson",
        "{\"_id\":\"\\u001b[2J\",\"event\":{\"category\":\"process\"},\"process\":{\"name\":\"\\u001b]0;x\\u0007\"}}\n",
    );
    let text = |file: &str| {
        dir.eqlens(&["explain", "--query", QUERY, "--events", file, "--format", "text"]).out
    };
    golden("explained", &text("e.ndjson"));
    let hostile = text("hostile.ndjson");
    assert!(!hostile.contains(['\u{1b}', '\u{7}']), "{hostile:?}");
    assert!(hostile.contains("value_differs"), "{hostile}");
}

const STEPS: &str = r#"{"_id":"a","@timestamp":1000,"k":"x","n":1}
{"_id":"b","@timestamp":2000,"k":"x","n":2}
{"_id":"c","@timestamp":3000,"k":"y","n":1}
{"_id":"d","@timestamp":64500,"k":"y","n":2}
{"_id":"e","@timestamp":65000,"n":1}
{"_id":"f","@timestamp":66000,"k":"z","n":1}
{"_id":"g","@timestamp":67000,"k":"z","n":1}
{"_id":"h","@timestamp":68000,"k":"z","n":9}
"#;

const SEQUENCE: &str = "sequence by k with maxspan=1m [any where n == 1] [any where n == 2]";

#[test]
fn a_sequence_is_explained_by_its_partial_matches() {
    let dir = Dir::new("explain_sequence").with("e.ndjson", STEPS);
    let args = ["explain", "--query", SEQUENCE, "--events", "e.ndjson"];
    let answer = dir.eqlens(&args);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let mut lines = answer.lines();
    for line in &mut lines {
        let sentence = line.as_object_mut().unwrap().remove("sentence");
        assert!(sentence.is_some_and(|sentence| sentence.is_string()));
    }
    let expected = [
        json!({"keys": ["x"], "stage": 2, "events": ["a", "b"], "ended": "matched"}),
        json!({"keys": ["y"], "stage": 1, "events": ["c"], "ended": "maxspan_expired", "by": "d", "late_ms": 1500}),
        json!({"keys": [null], "stage": 1, "events": ["e"], "ended": "key_missing", "field": "k"}),
        json!({"keys": ["z"], "stage": 1, "events": ["f"], "ended": "overwritten", "by": "g"}),
        json!({"keys": ["z"], "stage": 1, "events": ["g"], "ended": "open_at_end_of_data"}),
    ];
    assert_eq!(lines, expected);
    for (event, code, ended) in [
        ("b", 0, &["matched"][..]),
        ("d", 1, &["maxspan_expired"]),
        ("g", 1, &["overwritten", "open_at_end_of_data"]),
    ] {
        let answer = dir.eqlens(&[&args[..], &["--event", event]].concat());
        let lines = answer.lines();
        let found: Vec<_> = lines.iter().map(|line| line["ended"].as_str().unwrap()).collect();
        assert_eq!((answer.code, found.as_slice()), (code, ended), "{event}");
    }
    // What takes part in nothing has its clauses explained.
    let alone = dir.eqlens(&[&args[..], &["--event", "h"]].concat());
    assert_eq!((alone.code, &alone.json()["tree"]["kind"]), (1, &json!("sequence")));
    golden("explained_sequence", &dir.eqlens(&[&args[..], &["--format", "text"]].concat()).out);
}

#[test]
fn a_sample_is_explained_by_its_keys() {
    let dir = Dir::new("explain_sample").with("e.ndjson", STEPS);
    let query = "sample by k [any where n == 1] [any where n == 2]";
    let args = ["explain", "--query", query, "--events", "e.ndjson"];
    let answer = dir.eqlens(&args);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let lines = answer.lines();
    let found: Vec<_> =
        lines.iter().map(|line| json!([line["keys"], line["filters"], line["verdict"]])).collect();
    let expected = [
        json!([["x"], [["a"], ["b"]], true]),
        json!([["y"], [["c"], ["d"]], true]),
        json!([["z"], [["f", "g"], []], false]),
    ];
    assert_eq!(found, expected);
    let one = dir.eqlens(&[&args[..], &["--event", "g"]].concat());
    assert_eq!((one.code, &one.json()["keys"]), (1, &json!(["z"])));
    golden("explained_sample", &dir.eqlens(&[&args[..], &["--format", "text"]].concat()).out);
}

#[test]
fn the_nearest_come_first_and_the_funnel_says_where_events_drop_out() {
    let dir = Dir::new("explain_nearest").with("e.ndjson", EVENTS);
    let ask = |more: &[&str]| {
        dir.eqlens(&[&["explain", "--query", QUERY, "--events", "e.ndjson"], more].concat())
    };
    let answer = ask(&["--nearest", "2"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let lines = answer.lines();
    let [stopper, a, b] = lines.as_slice() else { panic!("{}", answer.out) };
    let stopper = &stopper["stopper"];
    assert_eq!((&stopper["events"], &stopper["candidates"]), (&json!(1), &json!(2)));
    assert_eq!(
        stopper["sentence"],
        "1 of 2 candidates fail only at `process.name == \"openssl\"`."
    );
    assert_eq!((&a["_id"], &a["distance"]), (&json!("a"), &json!(1)));
    assert_eq!(a["clauses"][0]["wanted"], "no value that is `-q`");
    assert_eq!((&b["_id"], &b["clauses"][0]["reason"]), (&json!("b"), &json!("case_differs")));
    let answer = ask(&["--funnel"]);
    let lines = answer.lines();
    let reach: Vec<&Value> = lines.iter().filter_map(|line| line.get("reach")).collect();
    assert_eq!(reach, [1, 3, 1, 2, 1, 1]);
    assert!(lines.last().is_some_and(|line| line.get("stopper").is_some()));
    let answer = ask(&["--funnel", "--format", "text"]);
    assert!(answer.out.contains("       2  ██████████··········         2      2 process.name"));
    assert!(answer.out.ends_with("fail only at `process.name == \"openssl\"`.\n"));
    let answer = ask(&["--nearest", "1", "--format", "text"]);
    assert!(answer.out.contains("\n  1  a\n     Does not match: one clause stops it."));
    assert_eq!(ask(&["--nearest", "1", "--funnel"]).code, 2);
    assert_eq!(ask(&["--nearest", "1", "--event", "a"]).code, 2);
}

#[test]
fn what_got_furthest_in_a_sequence_comes_before_events() {
    let dir = Dir::new("explain_furthest").with("e.ndjson", EVENTS);
    let query = "sequence [process where process.name : \"openssl\"] [file where file.size > 1]";
    let args = ["explain", "--query", query, "--events", "e.ndjson", "--nearest", "1"];
    let answer = dir.eqlens(&args);
    assert_eq!(answer.code, 1, "{}", answer.err);
    let lines = answer.lines();
    assert!(
        lines[0]["stopper"]["sentence"].as_str().unwrap().starts_with("Stage 1 fits 3 events,")
    );
    assert_eq!((&lines[1]["_id"], &lines[1]["distance"]), (&json!("d"), &json!(1)));
}

#[test]
fn a_sample_names_the_filter_that_finds_nothing() {
    let dir = Dir::new("explain_sample_missing").with("e.ndjson", STEPS);
    let query = "sample by k [any where n == 1] [any where n == 2] [any where  n == 3]";
    let args = ["explain", "--query", query, "--events", "e.ndjson", "--key", "z"];
    let line = dir.eqlens(&args).json();
    assert_eq!(line["counts"], json!([2, 0, 0]));
    assert_eq!(
        line["missing"],
        json!([{"filter": 2, "text": "any where n == 2"}, {"filter": 3, "text": "any where n == 3"}])
    );
    assert_eq!(
        line["sentence"],
        "No event fits filter 2, `any where n == 2`, nor filter 3, `any where n == 3`, with `k` = `z`."
    );
    let text = dir.eqlens(&[&args[..], &["--format", "text"]].concat()).out;
    assert!(text.contains("nor filter 3, `any where n == 3`, with `k` = `z`"), "{text}");
}

#[test]
fn the_matcher_is_told_after_an_event() {
    let dir = Dir::new("explain_at").with("e.ndjson", STEPS);
    let args = ["explain", "--query", SEQUENCE, "--events", "e.ndjson"];
    let at = |id: &str, more: &[&str]| dir.eqlens(&[&args[..], &["--at", id], more].concat());
    let line = at("d", &[]).json();
    assert_eq!((&line["_id"], &line["at"], &line["total"]), (&json!("d"), &json!(4), &json!(7)));
    assert_eq!(line["did"][0]["what"], "expired");
    assert_eq!(line["did"][0]["keys"], json!(["y"]));
    assert_eq!((&line["n_pending"], &line["n_ended"]), (&json!(0), &json!(2)));
    assert_eq!(line["ended"][0]["ended"], "maxspan_expired");
    assert_eq!(line["ended"][1]["outcome"], "matched at 00:00:02.000");
    let line = at("g", &[]).json();
    assert_eq!(line["pending"][0]["events"], json!(["g"]));
    assert_eq!(line["pending"][0]["change"], "overwrote event f, now");
    // It fits no stage: the matcher is as it was after the one before.
    assert_eq!(at("h", &[]).json()["at"], 7);
    golden("explained_at", &at("g", &["--format", "text"]).out);
    assert_eq!(at("g", &[]).code, 0);
    assert_eq!(at("zz", &[]).code, 2);
    let events = ["explain", "--query", "any where true", "--events", "e.ndjson", "--at", "a"];
    assert_eq!(dir.eqlens(&events).code, 2);
}

#[test]
fn a_key_has_all_of_its_partial_matches_and_what_is_dropped_is_counted() {
    let mut events = String::new();
    for n in 0..2_500 {
        let (key, step) = if n == 7 { ("y", 1) } else { ("x", 1) };
        events.push_str(&format!(
            "{{\"_id\":\"e{n}\",\"@timestamp\":{n},\"k\":\"{key}\",\"n\":{step}}}\n"
        ));
    }
    events.push_str("{\"_id\":\"last\",\"@timestamp\":9999,\"k\":\"z\",\"n\":2}\n");
    let dir = Dir::new("explain_key").with("e.ndjson", &events);
    let args = ["explain", "--query", SEQUENCE, "--events", "e.ndjson"];
    let all = dir.eqlens(&args);
    assert_eq!((all.code, all.lines().len()), (1, 2_000));
    assert_eq!(
        all.err.lines().last().unwrap(),
        "and 500 more partial sequences: 498 overwritten, 2 open at the end; \
         `--key` shows those of one key"
    );
    for (key, n) in [("x", 2_499), ("y", 1), ("nobody", 0)] {
        let one = dir.eqlens(&[&args[..], &["--key", key]].concat());
        assert_eq!(one.lines().len(), n, "{key}");
        assert!(!one.err.contains("more partial"), "{}", one.err);
    }
    // An event whose partial match was dropped still has it.
    let event = dir.eqlens(&[&args[..], &["--event", "e2499"]].concat());
    let ended: Vec<_> = event.lines().iter().map(|line| line["ended"].clone()).collect();
    assert_eq!(ended, ["overwritten", "open_at_end_of_data"]);
    let two = "sequence by k, n [any where n == 1] [any where n == 1]";
    let of_two =
        |key: &str| dir.eqlens(&["explain", "--query", two, "--events", "e.ndjson", "--key", key]);
    assert_eq!(of_two("y,1").lines().len(), 1);
    let answer = of_two("y");
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("a value for each of k, n"), "{}", answer.err);
}

#[test]
fn options_of_a_search_are_those_of_run() {
    let dir = Dir::new("explain_options").with("e.ndjson", STEPS);
    let samples = |n: &str| {
        let query = "sample by k [any where n == 1] [any where n == 1]";
        let args = ["--query", query, "--events", "e.ndjson", "--max-samples-per-key", n];
        let explained = dir.eqlens(&[&["explain"], &args[..]].concat());
        let run = dir.eqlens(&[&["run"], &args[..]].concat()).json();
        let found = run["hits"]["sequences"].as_array().unwrap().len();
        (explained.lines().iter().filter(|line| line["verdict"] == true).count(), found)
    };
    assert_eq!((samples("1"), samples("2")), ((1, 1), (1, 2)));
    for (args, code) in [
        (&["--query", "any where @timestamp > \"now-3s\"", "--now", "1970-01-01T00:00:04Z"][..], 0),
        (&["--query", "any where @timestamp > \"now-3s\"", "--now", "1971-01-01T00:00:00Z"], 1),
        (&["--query", "any where nothing == 1"], 1),
        (&["--query", "any where nothing == 1", "--missing-fields", "error"], 2),
    ] {
        for command in ["explain", "run"] {
            let answer = dir.eqlens(&[&[command, "--events", "e.ndjson"], args].concat());
            assert_eq!(answer.code, code, "{command} {args:?}: {}", answer.err);
        }
    }
}
