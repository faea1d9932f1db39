//! `eqlens check`.

use serde_json::json;

use crate::support::{Dir, golden, json_lines, repository};

#[test]
fn a_finding_is_one_json_object_on_one_line() {
    let dir = Dir::new("finding_shape");
    let answer = dir.eqlens(&["check", "--query", "any where `é` == 1 and\n  a = 1"]);
    assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    // The letter takes two bytes and one UTF-16 unit; columns are characters.
    let span = r#"{"start":28,"end":29,"line":2,"column":5,"start_utf16":27,"end_utf16":28}"#;
    let expected = format!(
        "{{\"file\":null,\"severity\":\"error\",\"code\":\"E-203\",\"message\":\"`=` compares nothing\",\
         \"help\":\"use `==`, or `:` to ignore case\",\"span\":{span},\
         \"fixes\":[{{\"title\":\"Write `==`\",\"edits\":[{{\"span\":{span},\"text\":\"==\"}}]}}]}}\n"
    );
    assert_eq!(answer.out, expected);
}

#[test]
fn exit_codes_tell_errors_from_the_rest() {
    let dir = Dir::new("check_exit_codes")
        .with("good.eql", "process where process.pid > 4")
        .with("warned.eql", "process where process.pid < null")
        .with("bad.eql", "process where process.pid = 4")
        .with("good.cases.toml", "[[case]]\nname = \"expectations are no rule\"\n")
        .with("e.ndjson", "{\"process\":{\"pid\":1},\"c\":\"a\"}\n");
    for (args, code, codes) in [
        (&["good.eql"][..], 0, &[][..]),
        (&["warned.eql"], 0, &["L-09"]),
        (&["bad.eql"], 1, &["E-203"]),
        (&["good.eql", "bad.eql", "warned.eql"], 1, &["E-203", "L-09"]),
        (&["good.eql", "good.cases.toml"], 0, &[]),
        (&["missing.eql"], 2, &[]),
        // The others are checked all the same.
        (&["missing.eql", "bad.eql"], 2, &["E-203"]),
        (&["good.eql", "--events", "missing.ndjson"], 2, &[]),
        (&["good.eql", "--mapping", "e.ndjson"], 2, &[]),
        (&["--query", "any where"], 1, &["E-202"]),
        (&["--query", "process where process.pdi > 4"], 0, &[]),
        (&["--query", "any where process.pdi > 4", "--events", "e.ndjson"], 0, &["L-08"]),
        // The lints of the data look where `run` searches.
        (&["--query", "a where process.pid > 0", "--events", "e.ndjson"], 0, &["L-14"]),
        (
            &["--query", "a where true", "--event-category-field", "c", "--events", "e.ndjson"],
            0,
            &[],
        ),
        (&["--query", "process where process.pdi > 4", "--missing-fields", "error"], 1, &["E-401"]),
        (&["--query", "process where process.pid > 4", "--missing-fields", "error"], 0, &[]),
    ] {
        let answer = dir.eqlens(&[&["check"], args].concat());
        assert_eq!(answer.code, code, "{args:?}: {}{}", answer.out, answer.err);
        let lines = answer.lines();
        let found: Vec<&str> = lines.iter().map(|line| line["code"].as_str().unwrap()).collect();
        assert_eq!(found, codes, "{args:?}");
        assert_eq!(answer.err.is_empty(), code != 2, "{args:?}: {}", answer.err);
    }
    let two = dir.eqlens(&["check", "missing.eql", "gone.eql"]);
    assert_eq!(two.err.matches("cannot read").count(), 2, "{}", two.err);
}

#[test]
fn folders_are_searched_and_nothing_to_check_is_said() {
    let dir = Dir::new("check_folder")
        .with("rules/bad.eql", "process where process.pid = 4")
        .with("rules/bad.events.ndjson", "{}\n")
        .with("rules/bad.cases.toml", "[[case]]\nname = \"no rule\"\n")
        .with("rules/more/r.ndjson", "{\"query\":\"any where  x = 1\"}\n")
        .with("rules/notes.txt", "no rule");
    let answer = dir.eqlens(&["check", "rules"]);
    let lines = answer.lines();
    let files: Vec<_> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
    assert_eq!((answer.code, files), (1, vec!["rules/bad.eql", "rules/more/r.ndjson"]));
    for command in ["check", "describe", "parse", "fmt"] {
        let answer = dir.eqlens(&[command]);
        assert_eq!(answer.code, 2);
        assert!(answer.err.contains("<--query <Q>|FILE"), "{command}: {}", answer.err);
    }
    let answer = dir.eqlens(&["synth"]);
    assert!(answer.err.contains("<--query <Q>|--rule <FILE>>"), "{}", answer.err);
    let answer = dir.eqlens(&["synth", "--rule", "rules"]);
    assert!(answer.code == 2 && answer.err.contains("`rules` is a folder"), "{}", answer.err);
}

#[test]
fn the_rules_of_the_repository_are_sound() {
    let dir = Dir::new("repository_rules");
    let rule = repository("rules/openssl_client_or_server.toml");
    let events = repository("rules/openssl_client_or_server.events.ndjson");
    let answer = dir.eqlens(&["check", &rule, "--events", &events]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let infos = answer.lines();
    assert!(infos.iter().all(|line| line["severity"] == "info"), "{infos:?}");
}

#[test]
fn spans_and_edits_are_of_the_whole_file() {
    let text = "# é\n[rule]\nname = \"r\"\nquery = '''\nany where\n  a = 1\n'''\n";
    let dir = Dir::new("spans").with("r.toml", text);
    let lines = dir.eqlens(&["check", "r.toml"]).lines();
    let edit = &lines[0]["fixes"][0]["edits"][0];
    assert_eq!((&lines[0]["file"], &edit["span"]["line"]), (&json!("r.toml"), &json!(6)));
    let at = |key: &str| edit["span"][key].as_u64().unwrap() as usize;
    let mut mended = text.to_owned();
    mended.replace_range(at("start")..at("end"), edit["text"].as_str().unwrap());
    assert!(mended.contains("  a == 1\n"), "{mended}");
    let dir = dir.with("r.toml", mended);
    assert_eq!(dir.eqlens(&["check", "r.toml"]).code, 0);
}

#[test]
fn where_the_file_has_escapes_spans_are_of_the_file_all_the_same() {
    let text = "[rule]\nquery = \"any where a == \\\"x\\\" and b = 1\"\n";
    let dir = Dir::new("escapes").with("r.toml", text);
    let lines = dir.eqlens(&["check", "r.toml"]).lines();
    let at = text.rfind("= 1").unwrap();
    assert_eq!((&lines[0]["span"]["line"], &lines[0]["span"]["start"]), (&json!(2), &json!(at)));
}

#[test]
fn a_file_of_json_rules_is_checked_line_by_line() {
    let rules = r#"{"name":"good","query":"process where process.pid > 4"}

{"name":"bad","query":"process where\n  process.pid = 4"}
{"name":"none"}
{"name":"kql","language":"kuery","query":"process.pid: 4"}
{"name":"cut","query":"
{"name":"own category","event_category_override":"kind","query":"x where true"}
{"exported_count":3,"exported_rules_count":3}
"#;
    let dir = Dir::new("json_rules").with("rules.ndjson", rules);
    let answer = dir.eqlens(&["check", "rules.ndjson"]);
    let lines = answer.lines();
    let found: Vec<_> = lines
        .iter()
        .map(|line| {
            assert_eq!(line["file"], "rules.ndjson");
            let (rule, span) = (line["rule"].as_str(), &line["span"]);
            let place = ["line", "column"].map(|name| span[name].as_u64().unwrap());
            (rule, line["code"].as_str().unwrap(), place)
        })
        .collect();
    let expected = [
        (Some("bad"), "E-203", [3, 53]),
        (Some("none"), "R-101", [4, 1]),
        (Some("kql"), "R-103", [5, 26]),
        (None, "R-102", [6, 23]),
    ];
    assert_eq!((answer.code, found), (1, expected.into()));
    // Places are those of the file, of edits as well.
    assert_eq!(lines[0]["span"]["start"], rules.find("= 4").unwrap());
    let units = rules.split("= 4").next().unwrap().encode_utf16().count();
    assert_eq!(lines[0]["span"]["start_utf16"], units);
    assert_eq!(lines[0]["fixes"][0]["edits"][0]["span"]["line"], 3);
    let text = dir.eqlens(&["check", "rules.ndjson", "--format", "text"]);
    golden("json_rules", &format!("{}---\n{}", text.out, text.err));
}

#[test]
fn a_rule_from_standard_input_is_checked() {
    let dir = Dir::new("check_standard_input");
    let answer = dir.eqlens_with_input(&["check", "-"], "any where a = 1");
    assert_eq!((answer.code, &answer.lines()[0]["file"]), (1, &json!("stdin")));
}

#[test]
fn skipped_event_lines_are_told_beside_the_findings() {
    let dir = Dir::new("check_skipped").with("e.ndjson", "{\"a\":1}\n{\n");
    let answer = dir.eqlens(&["check", "--query", "any where a == 1", "--events", "e.ndjson"]);
    assert_eq!((answer.code, answer.out.as_str()), (0, ""));
    assert!(answer.err.starts_with("e.ndjson:2:"), "{}", answer.err);
}

#[test]
fn findings_as_text_show_the_place() {
    let dir = Dir::new("findings_as_text").with("e.ndjson", "{\"process\":{\"name\":\"a\"}}\n");
    let long = format!("any where process.name in ({}) and x = 1", ["\"value\""; 40].join(", "));
    for (name, query) in [
        ("single_equals", "process where process.name = \"a\""),
        ("single_quotes", "process where\n\tprocess.name == 'a'"),
        ("unclosed_string", "process where process.name == \"a"),
        ("end_of_query", "process where process.name =="),
        ("long_line", &long),
        ("several_findings", "process where a = 1 and b == 'x'"),
        ("over_lines", "process where process.name in\n  (\"a\",\n  process.name)"),
        ("unknown_field", "process where process.nmae == \"a\""),
        ("control_character", "process where a == 1 \u{1b}[31m"),
    ] {
        let args = ["check", "--query", query, "--events", "e.ndjson", "--format", "text"];
        golden(name, &dir.eqlens(&args).out);
    }
}

#[test]
fn findings_of_both_forms_are_the_same() {
    let dir = Dir::new("both_forms");
    let query = "process where a = 1 and b == 'x'";
    let json = dir.eqlens(&["check", "--query", query, "--format", "json"]);
    let text = dir.eqlens(&["check", "--query", query, "--format", "text"]);
    for finding in json_lines(&json.out) {
        let head = format!(
            "error[{}]: {}",
            finding["code"].as_str().unwrap(),
            finding["message"].as_str().unwrap()
        );
        assert!(text.out.contains(&head), "{head}");
    }
    assert_eq!((json.code, text.code), (1, 1));
    assert_eq!(text.err, "1 rule checked: 2 errors, 0 warnings\n");
}

#[test]
fn lints_are_silenced_explained_and_listed() {
    let query = "sequence by user.name [process where process.name == \"a*\"] [any where true]";
    let dir = Dir::new("check_lints").with("q.eql", query);
    let codes = |args: &[&str]| -> Vec<String> {
        let answer = dir.eqlens(&[&["check", "q.eql"], args].concat());
        assert_eq!(answer.code, 0, "{}", answer.err);
        let lines = answer.lines();
        lines.iter().map(|line| line["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes(&[]), ["L-10", "L-01"]);
    assert_eq!(codes(&["--allow", "L-10"]), ["L-01"]);
    assert_eq!(codes(&["--allow", "l-01, L-10"]), [""; 0]);
    let text =
        |args: &[&str]| dir.eqlens(&[&["check", "q.eql", "--format", "text"], args].concat());
    assert!(!text(&[]).out.contains("info[L-10]") && text(&[]).out.contains("warning[L-01]"));
    assert!(text(&["--info"]).out.contains("info[L-10]"));
    let unknown = dir.eqlens(&["check", "q.eql", "--allow", "L-77"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("there is no lint `L-77`"), "{}", unknown.err);
    let explained = dir.eqlens(&["check", "--explain", "L-01"]);
    assert!(
        explained.code == 0 && explained.out.starts_with("L-01 (warning): "),
        "{}",
        explained.out
    );
    for (code, part) in [
        ("E-203", "only lints (`L-…`) have an entry"),
        ("X-1", "only lints"),
        ("L-77", "there is no lint `L-77`"),
        ("help", "there is no lint `help`"),
    ] {
        let refused = dir.eqlens(&["check", "--explain", code]);
        assert!(refused.code == 2 && refused.err.contains(part), "{code}: {}", refused.err);
    }
}

#[test]
fn lints_of_the_data_need_events() {
    let dir = Dir::new("check_data_lints").with(
        "e.ndjson",
        "{\"event\":{\"category\":\"a\"},\"x\":1}\n{\"event\":{\"category\":\"a\"},\"x\":1}\n",
    );
    let query = ["check", "--query", "any where x == 1"];
    assert_eq!(dir.eqlens(&query).out, "");
    let found = dir.eqlens(&[&query[..], &["--events", "e.ndjson"]].concat()).lines();
    assert_eq!(found[0]["code"], "L-29");
}
