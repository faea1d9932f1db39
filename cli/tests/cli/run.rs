//! `eqlens run`.

use std::io::Read as _;

use serde_json::{Value, json};

use crate::support::{Dir, golden, json_lines, repository};

const RULE: &str = "rules/openssl_client_or_server.toml";
const EVENTS: &str = "rules/openssl_client_or_server.events.ndjson";

/// Three events; the second is the last in time.
const THREE: &str = r#"{"_id":"a","_index":"logs-a","@timestamp":"2026-01-01T00:00:01Z","event":{"category":"process"},"process":{"name":"sh","pid":1}}
{"_id":"b","_index":"logs-b","@timestamp":"2026-01-01T00:00:03Z","event":{"category":"process"},"process":{"name":"SH","pid":2}}
{"_id":"c","@timestamp":"2026-01-01T00:00:02Z","event":{"category":"file"},"file":{"path":"/tmp/x"},"host":{"name":"h1"}}
"#;

#[test]
fn the_example_rule_finds_its_eleven_events() {
    let dir = Dir::new("example_rule");
    let answer = dir.eqlens(&["run", "--rule", &repository(RULE), "--events", &repository(EVENTS)]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let expected = ["d08", "d11", "g03", "d13", "s04", "g04", "d18", "s06", "s08", "g08", "d33"];
    assert_eq!(answer.ids(), expected);
}

#[test]
fn sources_are_the_events_byte_for_byte() {
    let text = std::fs::read_to_string(repository(EVENTS)).unwrap();
    let dir = Dir::new("byte_for_byte").with(
        "odd.ndjson",
        "{\"_id\":\"1\",  \"b\" : 1.50, \"a\": 9007199254740993,\"\\u0061\":1e2,\"s\":\"\\u00e9\\/é\"}\r\n \
         {\"_index\":\"i\",\"_id\":\"2\",\"_source\":{\"z\":1 ,\"a\":18446744073709551615}}\n",
    );
    let args = ["run", "--query", "any where true", "--size", "100", "--events"];
    let all = dir.eqlens(&[&args[..], &[&repository(EVENTS)]].concat());
    assert_eq!(all.ids().len(), text.lines().count());
    for line in text.lines() {
        assert!(all.out.contains(&format!("\"_source\":{line}")), "{line}");
    }
    let odd = dir.eqlens(&[&args[..], &["odd.ndjson"]].concat());
    for source in [
        "{\"_id\":\"1\",  \"b\" : 1.50, \"a\": 9007199254740993,\"\\u0061\":1e2,\"s\":\"\\u00e9\\/é\"}",
        "{\"z\":1 ,\"a\":18446744073709551615}",
    ] {
        assert!(odd.out.contains(&format!("\"_source\":{source}}}")), "{}", odd.out);
    }
}

#[test]
fn the_answer_has_the_shape_of_an_eql_search_response() {
    let dir = Dir::new("response_shape").with("e.ndjson", THREE);
    let query = "process where process.name == \"sh\"";
    let answer = dir.eqlens(&["run", "--query", query, "--events", "e.ndjson"]);
    let mut json = answer.json();
    let took = json.as_object_mut().unwrap().remove("took");
    assert!(took.is_some_and(|took| took.is_u64()));
    let source: Value = serde_json::from_str(THREE.lines().next().unwrap()).unwrap();
    let expected = json!({
        "timed_out": false, "is_partial": false, "is_running": false,
        "hits": {
            "total": {"value": 1, "relation": "eq"},
            "events": [{"_index": "logs-a", "_id": "a", "_source": source}],
        },
        "warnings": [],
        "stats": {"events": 3, "searched": 3},
    });
    assert_eq!(json, expected);
    assert_eq!(answer.out.lines().count(), 1, "one object on one line");
}

#[test]
fn exit_codes_follow_grep() {
    let dir = Dir::new("exit_codes")
        .with("e.ndjson", THREE)
        .with("empty.ndjson", "")
        .with("map.json", "{}")
        .with("no-query.toml", "[rule]\nname = \"x\"\n")
        .with("kql.toml", "[rule]\nlanguage = \"kuery\"\nquery = \"x\"\n")
        .with("latin1.eql", b"any where a == \"\xe9\"");
    for (args, code) in [
        (&["--query", "any where true", "--events", "e.ndjson"][..], 0),
        // What is cut away has matched all the same.
        (&["--query", "any where true", "--events", "e.ndjson", "--size", "0"], 0),
        (&["--query", "any where false", "--events", "e.ndjson"], 1),
        (&["--query", "any where true", "--events", "empty.ndjson"], 1),
        (&["--query", "any where", "--events", "e.ndjson"], 2),
        (&["--query", "", "--events", "e.ndjson"], 2),
        (&["--query", "any where true", "--events", "missing.ndjson"], 2),
        (&["--query", "any where true", "--events", "."], 2),
        (&["--query", "any where true", "--events", "e.ndjson", "--mapping", "map.json"], 2),
        (&["--rule", "missing.toml", "--events", "e.ndjson"], 2),
        (&["--rule", "no-query.toml", "--events", "e.ndjson"], 2),
        (&["--rule", "kql.toml", "--events", "e.ndjson"], 2),
        (&["--rule", "latin1.eql", "--events", "e.ndjson"], 2),
    ] {
        let answer = dir.eqlens(&[&["run"], args].concat());
        assert_eq!(answer.code, code, "{args:?}: {}", answer.err);
        assert_eq!(answer.out.is_empty(), code == 2, "{args:?}: {}", answer.out);
        assert_eq!(answer.err.is_empty(), code != 2, "{args:?}: {}", answer.err);
    }
}

#[test]
fn a_refused_query_gives_its_findings_on_standard_error() {
    let dir = Dir::new("refused").with("e.ndjson", THREE).with(
        "rule.toml",
        "[rule]\nname = \"r\"\nquery = '''\nprocess where process.pid == 1\n  and process.nmae = \"sh\"\n'''\n",
    );
    let args = ["run", "--rule", "rule.toml", "--events", "e.ndjson", "--format"];
    let answer = dir.eqlens(&[&args[..], &["json"]].concat());
    let findings = json_lines(&answer.err);
    assert_eq!((answer.code, findings.len()), (2, 1));
    let finding = &findings[0];
    assert_eq!((&finding["file"], &finding["code"]), (&json!("rule.toml"), &json!("E-203")));
    assert_eq!((&finding["span"]["line"], &finding["span"]["column"]), (&json!(5), &json!(20)));
    golden("refused_rule", &dir.eqlens(&[&args[..], &["text"]].concat()).err);
}

#[test]
fn a_document_without_a_query_says_so() {
    let dir = Dir::new("no_query").with("e.ndjson", THREE).with("r.toml", "[rule]\nname = \"x\"\n");
    let answer =
        dir.eqlens(&["run", "--rule", "r.toml", "--events", "e.ndjson", "--format", "text"]);
    assert_eq!(answer.code, 2);
    golden("rule_without_query", &answer.err);
}

#[test]
fn unknown_fields_are_errors_only_where_asked() {
    let dir = Dir::new("unknown_fields").with("e.ndjson", THREE);
    let query = "process where process.nmae == \"sh\" or process.pid == 1";
    let args = ["run", "--query", query, "--events", "e.ndjson"];
    let lenient = dir.eqlens(&args);
    assert_eq!((lenient.code, lenient.ids()), (0, vec!["a".to_owned()]));
    assert_eq!(lenient.json()["warnings"][0]["code"], "L-08");
    assert_eq!(lenient.err, "", "warnings are part of the answer");
    let strict = dir.eqlens(&[&args[..], &["--missing-fields", "error"]].concat());
    assert_eq!((strict.code, strict.out.as_str()), (2, ""));
    assert_eq!(json_lines(&strict.err)[0]["code"], "E-401");
}

#[test]
fn size_and_position_cut_the_answer() {
    let mut events = String::new();
    for i in 0..120 {
        events += &format!("{{\"n\":{i}}}\n");
    }
    let rule = |more: &str| format!("[rule]\n{more}\nquery = 'any where true'\n");
    let dir = Dir::new("size")
        .with("e.ndjson", &events)
        .with("plain.toml", rule(""))
        .with("three.toml", rule("max_signals = 3"))
        .with("bare.eql", "any where true");
    let query = ["--query", "any where true"];
    for (args, first, n) in [
        (&query[..], 110, 10),
        (&["--query", "any where true", "--size", "3"], 117, 3),
        (&["--query", "any where true", "--size", "3", "--result-position", "head"], 0, 3),
        (&["--query", "any where true", "--size", "500"], 0, 120),
        (&["--rule", "plain.toml"], 20, 100),
        (&["--rule", "bare.eql"], 20, 100),
        (&["--rule", "three.toml"], 117, 3),
        (&["--rule", "three.toml", "--size", "5", "--result-position", "head"], 0, 5),
    ] {
        let answer = dir.eqlens(&[&["run", "--events", "e.ndjson"], args].concat());
        let expected: Vec<String> = (first..first + n).map(|i| i.to_string()).collect();
        assert_eq!(answer.ids(), expected, "{args:?}");
        assert_eq!(answer.json()["hits"]["total"]["value"], 120, "{args:?}: before cutting");
    }
}

#[test]
fn several_files_are_one_store_in_order() {
    let dir = Dir::new("several_files")
        .with("1.ndjson", "{\"n\":1}\n{\"n\":2}")
        .with("empty.ndjson", "")
        .with("2.ndjson", "\u{feff}{\"n\":3}\r\n\r\n")
        .with("3.ndjson", "{\"n\":4}\n");
    let files = ["1.ndjson", "empty.ndjson", "2.ndjson", "3.ndjson"];
    let args = ["run", "--query", "any where n > 1", "--events"];
    let answer = dir.eqlens(&[&args[..], &files].concat());
    assert_eq!((answer.err.as_str(), answer.ids()), ("", ["1", "2", "3"].map(String::from).into()));
    let again = dir.eqlens(&[
        "run",
        "--query",
        "any where n > 1",
        "--events",
        "1.ndjson",
        "--events",
        "3.ndjson",
    ]);
    assert_eq!(again.ids(), ["1", "2"]);
}

/// A gzip member with one stored block, as `gzip` never writes but every reader reads.
fn gzipped(text: &str) -> Vec<u8> {
    let size = (text.len() as u16).to_le_bytes();
    let mut bytes =
        vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1, size[0], size[1], !size[0], !size[1]];
    bytes.extend_from_slice(text.as_bytes());
    let mut crc = u32::MAX;
    for byte in text.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    bytes.extend((!crc).to_le_bytes());
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes
}

#[test]
fn files_of_every_form_are_read_together() {
    let dir = Dir::new("forms")
        .with("a.json", "[{\"n\":1},\n{\"n\":2}]")
        .with("b.csv", "\"@timestamp\",\"_id\",\"_index\",\"n\"\r\n\"Nov 21, 2026 @ 12:48:55.000\",c1,logs,\"3\"\r\n")
        .with("c.json", "{\n \"hits\": {\"events\": [\n  {\"_index\": \"l\", \"_id\": \"h1\", \"_source\": {\"n\": 4}}\n ]}\n}")
        .with("d.ndjson", "{\"index\":{\"_index\":\"l\",\"_id\":\"b1\"}}\n{\"n\":5}")
        .with("e.ndjson.gz", gzipped("{\"n\":6}\n{\"n\"\n"))
        .with("f.json", "{\"_id\":\"f1\",\"fields\":{\"n\":[7]}}")
        .with("mapping.json", r#"{"properties":{"n":{"type":"long"}}}"#);
    let files = ["a.json", "b.csv", "c.json", "d.ndjson", "e.ndjson.gz", "f.json"];
    let args = ["run", "--mapping", "mapping.json", "--query", "any where n > 1", "--events"];
    let answer = dir.eqlens(&[&args[..], &files].concat());
    // The event with a time comes first.
    assert_eq!(answer.ids(), ["c1", "1", "h1", "b1", "5", "f1"]);
    assert_eq!(
        answer.json()["hits"]["events"][0],
        json!({"_index": "logs", "_id": "c1", "_source": {"@timestamp": "2026-11-21T12:48:55.000Z", "n": "3"}})
    );
    assert!(answer.err.starts_with("e.ndjson.gz:2:"), "{}", answer.err);
    assert!(answer.out.contains(r#""_source":{"n":[7]}"#), "{}", answer.out);
    let text = dir.eqlens(&[&args[..], &["b.csv", "c.json", "--format", "text"]].concat());
    assert_eq!(
        text.err,
        "b.csv: CSV, 1 event\nc.json: _eql/search response, 1 event\n2 of 2 events match\n"
    );
}

#[test]
fn standard_input_is_a_file_like_others() {
    let dir = Dir::new("standard_input")
        .with("r.eql", "any where n == 2")
        .with("e.ndjson", "{\"n\":2}\n");
    let events = "{\"n\":1}\n{\"n\":2}\n{\"n\"\n";
    let args = ["run", "--query", "any where n == 2", "--events", "-"];
    let answer = dir.eqlens_with_input(&args, events);
    assert_eq!((answer.code, answer.ids()), (0, vec!["1".to_owned()]));
    assert!(answer.err.starts_with("stdin:3:"), "{}", answer.err);
    let rule =
        dir.eqlens_with_input(&["run", "--rule", "-", "--events", "e.ndjson"], "any where n == 2");
    assert_eq!(rule.ids(), ["0"]);
}

#[test]
fn bad_lines_are_named_and_the_others_count() {
    let dir = Dir::new("bad_lines")
        .with("good.ndjson", "{\"n\":1}\n")
        .with("bad.ndjson", "{\"n\":2}\n\n{\"n\":3 \"é\"}\n[1]\n{\"n\":\"é\" x\n{\"n\":4}\n")
        .with("cut.ndjson", "{\"n\":5}\n{\"n\":\"cut");
    let files = ["good.ndjson", "bad.ndjson", "cut.ndjson"];
    let args = ["run", "--query", "any where n > 1", "--events"];
    let answer = dir.eqlens(&[&args[..], &files].concat());
    assert_eq!((answer.code, answer.ids()), (0, ["1", "2", "3"].map(String::from).into()));
    golden("skipped_lines", &answer.err);
}

#[test]
fn lines_that_are_not_utf8_are_skipped_like_other_bad_lines() {
    let dir = Dir::new("not_utf8").with(
        "e.ndjson",
        b"{\"n\":1}\n{\"n\":2,\"s\":\"\xc3\xa9\xff\"}\r\n{\"n\":3,\n{\"n\":4}\n\xf0\x9f",
    );
    let answer = dir.eqlens(&["run", "--query", "any where true", "--events", "e.ndjson"]);
    assert_eq!((answer.code, answer.ids().len()), (0, 2));
    assert!(answer.out.contains("\"_source\":{\"n\":4}"), "{}", answer.out);
    golden("not_utf8", &answer.err);
}

#[test]
fn many_bad_lines_are_counted() {
    let dir = Dir::new("many_bad_lines").with("e.ndjson", "x\n".repeat(1000) + "{\"n\":1}");
    let answer = dir.eqlens(&["run", "--query", "any where true", "--events", "e.ndjson"]);
    assert_eq!((answer.code, answer.ids().len(), answer.err.lines().count()), (0, 1, 101));
    assert!(answer.err.ends_with("and 900 more lines skipped\n"), "{}", answer.err);
}

#[test]
fn what_is_no_text_is_refused_by_name() {
    let dir = Dir::new("no_text")
        .with("cut.gz", b"\x1f\x8b\x08\x00\x00")
        .with("e.zip", b"PK\x03\x04\x14\x00\x00\x00");
    for (file, message) in [
        (
            "cut.gz",
            "error: `cut.gz`: this gzip cannot be unpacked: it is cut off at its beginning\n",
        ),
        ("e.zip", "error: `e.zip`: this is not text: a ZIP archive; unpack it first\n"),
    ] {
        let answer = dir.eqlens(&["run", "--query", "any where true", "--events", file]);
        assert_eq!((answer.code, answer.err.as_str()), (2, message));
    }
}

#[test]
fn a_gzip_that_is_cut_off_gives_what_stands_before_the_cut() {
    let mut bytes = gzipped("{\"n\":1}\n{\"n\":2}\n");
    bytes.truncate(bytes.len() - 12);
    let dir = Dir::new("cut_gzip").with("e.gz", bytes);
    let answer = dir.eqlens(&["run", "--query", "any where true", "--events", "e.gz"]);
    assert_eq!(answer.ids(), ["0"]);
    let told: Vec<_> = answer.err.lines().collect();
    assert_eq!(told.len(), 2, "{}", answer.err);
    assert!(told[1].contains("cut off"), "{}", answer.err);
}

#[test]
fn index_patterns_of_the_rule_count_unless_told_otherwise() {
    let dir = Dir::new("index_patterns")
        .with("e.ndjson", THREE)
        .with("r.toml", "[rule]\nindex = [\"logs-a*\"]\nquery = 'any where true'\n");
    let args = ["run", "--rule", "r.toml", "--events", "e.ndjson"];
    let answer = dir.eqlens(&args);
    assert_eq!(answer.ids(), ["a", "c"]);
    assert_eq!(answer.json()["stats"], json!({"events": 3, "searched": 2}));
    let all = dir.eqlens(&[&args[..], &["--all-indices"]].concat());
    assert_eq!(all.ids(), ["a", "c", "b"]);
}

#[test]
fn fields_come_from_the_options_then_from_the_rule() {
    let events = r#"{"_id":"x","kind":"p","other":"q","t":"2026-01-02","u":"2026-01-01","seq":2}
{"_id":"y","kind":"p","other":"q","t":"2026-01-01","u":"2026-01-01","seq":1}
"#;
    let rule = "[rule]\nevent_category_override = \"kind\"\ntimestamp_field = \"t\"\ntiebreaker_field = \"seq\"\n";
    let dir = Dir::new("fields")
        .with("e.ndjson", events)
        .with("r.toml", format!("{rule}query = 'p where true'\n"))
        .with("q.toml", format!("{rule}query = 'q where true'\n"));
    for (args, ids) in [
        (&["--query", "p where true", "--event-category-field", "kind"][..], &["x", "y"][..]),
        (&["--query", "any where true", "--timestamp-field", "t"], &["y", "x"]),
        (&["--query", "any where true", "--timestamp-field", "u"], &["x", "y"]),
        (
            &["--query", "any where true", "--timestamp-field", "u", "--tiebreaker-field", "seq"],
            &["y", "x"],
        ),
        (&["--rule", "r.toml"], &["y", "x"]),
        (&["--rule", "r.toml", "--timestamp-field", "seq", "--tiebreaker-field", "_"], &["y", "x"]),
        (&["--rule", "q.toml"], &[]),
        (&["--rule", "q.toml", "--event-category-field", "other"], &["y", "x"]),
    ] {
        let answer = dir.eqlens(&[&["run", "--events", "e.ndjson"], args].concat());
        assert_eq!(answer.ids(), ids, "{args:?}");
    }
}

#[test]
fn a_mapping_decides_types_and_aliases() {
    let dir =
        Dir::new("mapping").with("e.ndjson", "{\"kind\":\"process\",\"port\":\"22\"}\n").with(
            "map.json",
            r#"{"mappings":{"properties":{"kind":{"type":"keyword"},"port":{"type":"long"},
            "event":{"properties":{"category":{"type":"alias","path":"kind"}}}}}}"#,
        );
    let args = ["run", "--query", "process where port > 21", "--events", "e.ndjson"];
    let with = dir.eqlens(&[&args[..], &["--mapping", "map.json"]].concat());
    assert_eq!((with.code, with.err.as_str()), (0, ""));
    assert_ne!(dir.eqlens(&args).code, 0);
}

#[test]
fn options_for_later_are_accepted() {
    let dir = Dir::new("later").with("e.ndjson", THREE);
    let args = ["run", "--query", "any where true", "--events", "e.ndjson"];
    let more =
        ["--now", "2026-03-12T09:00:00Z", "--fetch-size", "1000", "--max-samples-per-key", "2"];
    assert_eq!(dir.eqlens(&[&args[..], &more].concat()).ids(), dir.eqlens(&args).ids());
}

#[test]
fn stats_are_one_json_line_on_standard_error() {
    let dir = Dir::new("stats").with("1.ndjson", "{\"n\":1}").with("2.ndjson", "{\"n\":2}\n");
    let args = ["run", "--query", "any where true", "--events", "1.ndjson", "2.ndjson", "--stats"];
    let answer = dir.eqlens(&args);
    let lines = json_lines(&answer.err);
    assert_eq!((answer.code, lines.len()), (0, 1));
    let stats = lines[0].as_object().unwrap();
    let keys: Vec<&str> = stats.keys().map(String::as_str).collect();
    let expected = ["bytes", "compile_ms", "events", "ingest_ms", "peak_rss_bytes", "query_ms"];
    assert_eq!(keys, expected);
    assert_eq!((&stats["events"], &stats["bytes"]), (&json!(2), &json!(15)));
    for key in ["ingest_ms", "compile_ms", "query_ms"] {
        assert!(stats[key].as_f64().is_some_and(|ms| ms >= 0.0), "{key}: {}", stats[key]);
    }
    if cfg!(target_os = "linux") {
        assert!(stats["peak_rss_bytes"].as_u64().is_some_and(|bytes| bytes > 100_000));
    }
}

#[test]
fn the_text_form_is_a_line_for_each_match() {
    let dir = Dir::new("text_form").with("e.ndjson", THREE).with(
        "hostile.ndjson",
        "{\"_id\":\"\\u001b[2J\",\"process\":{\"command_line\":\"a\\u202eb\\nc\"}}\n",
    );
    let text = |query: &str, file: &str| {
        let args = ["run", "--query", query, "--events", file, "--format", "text", "--size", "2"];
        let answer = dir.eqlens(&args);
        format!("{}---\n{}", answer.out, answer.err)
    };
    golden("matches", &text("any where process.nmae == \"sh\" or true", "e.ndjson"));
    golden("hostile_event", &text("any where true", "hostile.ndjson"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let dir = Dir::new("broken_pipe").with("e.ndjson", "{\"n\":1}\n".repeat(20_000));
    for format in ["json", "text"] {
        let args = ["run", "--query", "any where true", "--size", "20000", "--events", "e.ndjson"];
        let mut child = dir.command(&[&args[..], &["--format", format]].concat()).spawn().unwrap();
        // More than a pipe holds is coming; the first byte is enough.
        child.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(!err.contains("error"), "{format}: {err}");
    }
}

#[test]
fn large_files_are_read_piece_by_piece_and_answer_the_same() {
    // Some 20 MB: three pieces, with lines of many lengths across their borders.
    let mut text = String::new();
    for n in 0..40_000 {
        let pad = "x".repeat(n * 7919 % 900);
        text.push_str(&format!("{{\"_id\":\"e{n}\",\"n\":{n},\"pad\":\"{pad}\"}}\n"));
    }
    let mut bytes = text.into_bytes();
    let line = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
    bytes.extend_from_slice(b"{\"n\": }\n{\"n\":\"\xff\"}\n{\"_id\":\"last\",\"n\":7}");
    assert!(bytes.len() > 16_000_000, "{}", bytes.len());
    let dir = Dir::new("large_files").with("e.ndjson", &bytes).with("more.ndjson", "{\"n\":7}");
    let query = "any where n == 7 or n % 9973 == 1";
    let args = ["run", "--query", query, "--events", "e.ndjson", "more.ndjson", "--size", "50"];
    let answer = dir.eqlens(&args);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let events = answer.json()["hits"]["events"].clone();
    let ids: Vec<&str> =
        events.as_array().unwrap().iter().map(|e| e["_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["e1", "e7", "e9974", "e19947", "e29920", "e39893", "last", "40001"]);
    for event in events.as_array().unwrap() {
        let n = event["_source"]["n"].as_u64().unwrap();
        assert!(n == 7 || n % 9973 == 1, "{event}");
    }
    let notices: Vec<&str> = answer.err.lines().collect();
    assert!(notices[0].starts_with(&format!("e.ndjson:{line}:7: ")), "{}", answer.err);
    let second = format!("e.ndjson:{}:7: line skipped: not UTF-8", line + 1);
    assert_eq!((notices.len(), notices[1]), (2, second.as_str()));
}
