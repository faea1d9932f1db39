use super::*;

fn codes(text: &str) -> Vec<&'static str> {
    read(text).1.iter().map(|found| found.kind.code()).collect()
}

/// The rule, and that every part of its query stands in the text as it says.
fn sound(text: &str) -> Rule {
    let (rule, findings) = read(text);
    let bad = findings.iter().find(|it| it.kind.severity() != crate::diag::Severity::Info);
    assert_eq!(bad, None, "{text}");
    for (in_query, in_text) in rule.places.verbatim_pieces() {
        assert_eq!(in_query.text(&rule.query), in_text.text(text));
    }
    rule
}

fn threat(id: &str, name: &str, below: Vec<Threat>) -> Threat {
    Threat { id: id.into(), name: name.into(), reference: None, below }
}

#[test]
fn a_bare_query_is_itself() {
    for (text, query) in [
        ("process where true", "process where true"),
        ("\u{feff}process where true", "process where true"),
        ("// a rule\nany where a[0] == 1", "// a rule\nany where a[0] == 1"),
        ("process where\n query = \"x\"", "process where\n query = \"x\""),
        (
            "process where\n  name = \"a\" and\n  type = \"b\"",
            "process where\n  name = \"a\" and\n  type = \"b\"",
        ),
        ("sequence [any where x] [any where y]", "sequence [any where x] [any where y]"),
        ("", ""),
    ] {
        let (rule, findings) = read(text);
        assert!(rule.is_bare && findings.is_empty(), "{text}: {findings:?}");
        assert_eq!(rule.query, query);
        assert_eq!(rule.query_span().unwrap().text(text), query);
    }
}

#[test]
fn what_is_absent_has_the_defaults_of_kibana() {
    let rule = Rule::default();
    let times = (rule.interval_or_default(), rule.from_or_default(), rule.to_or_default());
    assert_eq!(times, ("5m", "now-6m", "now"));
    assert_eq!(rule.max_signals_or_default(), 100);
}

#[test]
fn a_rule_file_is_read_and_its_query_stands_where_it_says() {
    let text = include_str!("../../../rules/openssl_client_or_server.toml");
    let (rule, findings) = read(text);
    assert_eq!(findings, []);
    assert_eq!(rule.query_span().unwrap().text(text), rule.query);
    assert!(rule.query.starts_with("process where"), "{}", rule.query);
    assert_eq!(rule.name.as_deref(), Some("Openssl Client or Server Activity"));
    assert_eq!((rule.risk_score, rule.severity.as_deref()), (Some(21), Some("low")));
    assert_eq!(rule.indices.len(), 3);
    assert_eq!(rule.from.as_deref(), Some("now-9m"));
    assert_eq!(rule.integrations.len(), 2);
    assert_eq!((rule.maturity.as_deref(), rule.version), (Some("production"), Some(102)));
    assert!(rule.setup.as_ref().unwrap().starts_with("## Setup\n\nThe"));
    assert_eq!(rule.threat[0].below[0].below[0].id, "T1059.004");
    assert!(rule.threat_ids().contains(&("T1059.004", "Unix Shell")));
}

#[test]
fn the_table_of_the_rule_may_stand_elsewhere() {
    for text in [
        "name = \"N\"\nquery = '''\nany where a == 1\n'''\n",
        "query = \"any where a == 1\"\nname = \"N\"",
        "# mine\n\nquery = 'any where a == 1'\n[more]\nx = 1\nname = 'N'",
        "[x]\n[x.rule]\nname = \"N\"\nquery = '''any where a == 1'''\n",
        "[[transform.osquery]]\nquery = \"select\"\n[rule]\nname = 'N'\nquery = \"any where a == 1\"",
        "[[rules]]\nquery = \"any where a == 1\"\nname = 'N'",
        "\u{feff}[rule]\nname = \"N\"\nquery = 'any where a == 1'",
    ] {
        let rule = sound(text);
        assert_eq!(
            (rule.form.as_str(), rule.query.as_str()),
            ("detection-rules TOML", "any where a == 1"),
            "{text}"
        );
        assert_eq!(rule.query_span().unwrap().text(text), rule.query, "{text}");
        if !text.contains("[more]") {
            assert_eq!(rule.name.as_deref(), Some("N"), "{text}");
        }
    }
}

const VIEWED: &str = "repo\nrules/mine.toml\n\n12 lines\n\n2024-01-02 03:04:05 +01:00\n[metadata]\n3 years ago\nmaturity = \"beta\"\n[rule]\nname = \"N\"\n2024-01-02 03:04:05 +01:00\ntags = [\n2024-01-02 03:04:05 +05:30\n\"a\",\n\"b\"]\nrisk_score = 21\nquery = '''\n2024-01-02 03:04:05 +01:00\nany where a == 1 and\n2024-01-02\n  b = 2\n'''\n2024-01-02 03:04:05 +01:00\nView git blame\n";

#[test]
fn the_lines_of_a_code_viewer_are_left_out() {
    let (rule, findings) = read(VIEWED);
    assert_eq!(rule.query, "any where a == 1 and\n  b = 2");
    assert_eq!((rule.name.as_deref(), rule.maturity.as_deref()), (Some("N"), Some("beta")));
    assert_eq!((rule.tags.len(), rule.risk_score), (2, Some(21)));
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.kind, DiagKind::LinesLeftOut(11));
    assert!(rule.query_span().is_none());
    // Findings about the query stand where the query does; so do their fixes.
    let at = rule.query.find("= 2").unwrap() as u32;
    let found = Diagnostic::new(DiagKind::SingleEquals, Span::new(at, at + 1));
    let found = rule.placed(&found.with_fix("x", Span::new(at, at + 1), "=="));
    assert_eq!(found.span.start as usize, VIEWED.rfind("= 2").unwrap());
    assert_eq!(found.fixes[0].edits[0].0, found.span);
    // A fix over a line that was left out has no place.
    let all = Span::new(0, rule.query.len() as u32);
    let found = Diagnostic::new(DiagKind::SingleEquals, all).with_fix("x", all, "y");
    assert_eq!(rule.placed(&found).fixes, []);
}

#[test]
fn a_file_on_one_line_is_put_back_on_its_lines() {
    let text = "mine.toml [metadata] maturity = \"beta\" [rule] author = [\"a\", 'b'] description = \"\"\" Long \\ text with \"quotes\". \"\"\" name = \"N [x] y = 1\" risk_score = 21 references = [ \"https://a.example/#b\" ] query = ''' any where a == \"x // y\" ''' [[rule.threat]] framework = \"F\" [[rule.threat.technique]] id = \"T1\" name = \"Q\" [rule.threat.tactic] id = \"TA1\" name = \"P\"";
    let (rule, findings) = read(text);
    let codes: Vec<&str> = findings.iter().map(|found| found.kind.code()).collect();
    assert_eq!(codes, ["R-108", "R-109"], "{findings:?}");
    assert_eq!(rule.query_span().unwrap().text(text), "any where a == \"x // y\"");
    assert_eq!(rule.description.as_deref(), Some("Long text with \"quotes\"."));
    assert_eq!(rule.name.as_deref(), Some("N [x] y = 1"));
    assert_eq!((rule.authors.len(), rule.references.len()), (2, 1));
    assert_eq!(rule.threat, [threat("TA1", "P", vec![threat("T1", "Q", Vec::new())])]);
    let commented =
        "[rule] name = \"N\" query = ''' any where a // why and b ''' severity = \"low\"";
    let (rule, findings) = read(commented);
    assert_eq!(findings.last().unwrap().kind, DiagKind::CommentSwallows);
    assert_eq!(findings.last().unwrap().span.text(commented), "// why and b");
    assert_eq!(rule.severity.as_deref(), Some("low"));
}

#[test]
fn a_mistake_in_a_sound_file_is_no_damage() {
    for (text, before) in [
        ("[rule]\nname \"x\"\nquery = 'any where true'\n", "\nname "),
        ("[rule]\nname = \nquery = 'any where true'\n", "\nname = "),
        ("[rule]\ntags = [\"a\" \"b\"]\nquery = 'any where true'\n", "[\"a\" "),
        ("[rule]\nname = \"x\nquery = 'any where true'\n", "= \"x"),
        ("[rule]\nquery = '''any where true\n", "true\n"),
    ] {
        let (_, findings) = read(text);
        let [finding] = findings.as_slice() else { panic!("{text}: {findings:?}") };
        assert_eq!(finding.kind.code(), "R-102", "{text}");
        assert!(text[..finding.span.start as usize].ends_with(before), "{text}: {finding:?}");
    }
}

#[test]
fn a_rule_of_the_api_is_read() {
    let text = r##"{"id":"i","rule_id":"r","name":"N","description":"Long\ntext","risk_score":47,
        "severity":"medium","type":"eql","language":"eql","index":["logs-*","x-*"],"from":"now-9m","to":"now",
        "interval":"10m","max_signals":33,"tags":[],"references":["https://a.example"],"version":4,"note":"# T\nx",
        "setup":"","author":["A"],"license":"L","timestamp_override":"event.ingested","building_block_type":"default",
        "exceptions_list":[],"filters":[],"enabled":true,"event_category_override":null,"timestamp_field":"t",
        "threat":[{"framework":"F","tactic":{"id":"TA1","name":"P","reference":"https://t"},"technique":[
            {"id":"T1","name":"Q","reference":"https://q","subtechnique":[{"id":"T1.001","name":"R","reference":"u"}]}]},
            {"tactic":{"id":"TA2","name":"S","reference":"x"},"technique":[]}],
        "query":"any where a == \"x\\\\y\" and\n  b == 1"}"##;
    let rule = sound(text);
    assert_eq!(rule.form, "JSON rule");
    assert_eq!(rule.query, "any where a == \"x\\\\y\" and\n  b == 1");
    assert_eq!((rule.id.as_deref(), rule.name.as_deref()), (Some("r"), Some("N")));
    assert_eq!(rule.description.as_deref(), Some("Long text"));
    assert_eq!((rule.risk_score, rule.max_signals, rule.version), (Some(47), Some(33), Some(4)));
    assert_eq!((rule.interval_or_default(), rule.to.as_deref()), ("10m", Some("now")));
    assert_eq!(rule.indices, ["logs-*", "x-*"]);
    assert_eq!((rule.note.as_deref(), rule.setup.as_deref()), (Some("# T\nx"), None));
    assert_eq!(rule.timestamp_override.as_deref(), Some("event.ingested"));
    assert_eq!(rule.event_category_override, None);
    assert_eq!(rule.timestamp_field.as_deref(), Some("t"));
    assert_eq!(rule.building_block_type.as_deref(), Some("default"));
    let ids: Vec<&str> = rule.threat_ids().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["TA1", "T1", "T1.001", "TA2"]);
    assert_eq!(rule.threat[0].below[0].reference.as_deref(), Some("https://q"));
    let at = rule.query.find("\\\\y").unwrap() as u32;
    assert_eq!(rule.place(Span::new(at, at + 3)).text(text), r"\\\\y");
}

#[test]
fn of_several_rules_the_first_in_eql_is_read() {
    let kql = r#"{"name":"K","type":"query","language":"kuery","query":"a: 1"}"#;
    let first = r#"{"name":"A","type":"eql","query":"any where true"}"#;
    let second = r#"{"name":"B","query":"any where false","severity":null}"#;
    let summary = r#"{"exported_count":3,"exported_rules_count":3}"#;
    let exceptions = r#"{"list_id":"x","type":"detection","name":"E"}"#;
    for text in [
        format!("{kql}\n{first}\n{second}\n{exceptions}\n{summary}\n"),
        format!("[{kql},\n{first}, {second}]"),
        format!("{{\"page\":1,\"perPage\":20,\"total\":3,\"data\":[{kql},{first},{second}]}}"),
        format!("\u{feff}{kql}\r\n\r\n{first}\r\n{second}\r\n"),
    ] {
        let (rule, findings) = read(&text);
        assert_eq!((rule.name.as_deref(), rule.query.as_str()), (Some("A"), "any where true"));
        assert_eq!(rule.document.text(&text), first);
        assert_eq!(rule.query_span().unwrap().text(&text), rule.query);
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!(finding.kind, DiagKind::OtherRules(vec!["K".into(), "B".into()]));
        let all = read_all(&text);
        let names: Vec<_> = all.iter().map(|(rule, _)| rule.name.as_deref().unwrap()).collect();
        assert_eq!(names, ["K", "A", "B"]);
        let codes: Vec<_> = all.iter().map(|(_, found)| found.len()).collect();
        assert_eq!(codes, [1, 0, 0], "another language is said of its own rule");
        assert_eq!(all[2].0.query_span().unwrap().text(&text), "any where false");
    }
    // One broken line costs itself alone.
    let text = format!("{first}\n{{\"name\":\"C\",}}\n{second}\n");
    assert_eq!(codes(&text), ["R-107", "R-111"]);
    let all = read_all(&text);
    let codes: Vec<_> =
        all.iter().map(|(_, found)| found.first().map(|it| it.kind.code())).collect();
    assert_eq!(codes, [None, Some("R-102"), None]);
    assert_eq!(all[1].0.document, Span::empty(text.find(",}").unwrap() as u32 + 1));
    assert_eq!(read_all("any where true").len(), 1);
}

#[test]
fn a_search_request_is_read() {
    let body = "{\n  \"query\": \"any where a == 1\",\n  \"size\": 50, \"fetch_size\": 100, \"result_position\": \"head\",\n  \"event_category_field\": \"kind\", \"timestamp_field\": \"t\", \"tiebreaker_field\": \"n\",\n  \"max_samples_per_key\": 3, \"fields\": [\"x\"], \"filter\": {}\n}";
    let (rule, findings) = read(body);
    assert_eq!(findings, []);
    assert_eq!(
        (rule.form.as_str(), rule.query.as_str()),
        ("EQL search request", "any where a == 1")
    );
    assert_eq!(rule.event_category_override.as_deref(), Some("kind"));
    assert_eq!(rule.timestamp_field.as_deref(), Some("t"));
    assert_eq!(rule.tiebreaker_field.as_deref(), Some("n"));
    let expected = SearchOptions {
        size: Some(50),
        result_position: Some(ResultPosition::Head),
        max_samples_per_key: Some(3),
    };
    assert_eq!(rule.search, expected);
    let console = "# find it\nGET /logs-*,x-%2A/_eql/search?filter_path=hits\n{\n  // the query\n  \"query\": \"\"\"\n    any where a == \"x\\\\y\" and\n      b = 2\n  \"\"\",\n  \"filter\": {\"term\": {\"a\": 1}},\n  \"runtime_mappings\": {\"x\": {\"type\": \"long\"}}, \"size\": -1\n}\n";
    let (rule, findings) = read(console);
    let codes: Vec<&str> = findings.iter().map(|found| found.kind.code()).collect();
    assert_eq!(codes, ["R-105", "R-106", "R-106"], "{findings:?}");
    assert_eq!(findings[1].span.text(console), "{\"term\": {\"a\": 1}}");
    assert_eq!(rule.indices, ["logs-*", "x-*"]);
    assert_eq!(rule.query, "any where a == \"x\\\\y\" and\n      b = 2");
    assert_eq!(rule.query_span().unwrap().text(console), rule.query);
}

const PAGE: &str = "---\nmapped_pages:\n---\n\n# My Rule [my-rule-1]\n\nFinds things.\nAll of them.\n\n**Rule type**: eql\n\n**Rule indices**:\n\n* logs-a-*\n* logs-b-*\n\n**Severity**: high\n\n**Risk score**: 73\n\n**Runs every**: 5m\n\n**Searches indices from**: now-9m ({{ref}}/x)\n\n**Maximum alerts per execution**: 100\n\n**References**:\n\n* [https://a.example/](https://a.example/)\n\n**Tags**:\n\n* OS: Linux\n\n**Version**: 3\n\n**Rule license**: Elastic License v2\n\n## Investigation guide [g]\n\n**Triage**\n\n* Look: at it.\n\n## Setup [s]\n\n```\nnot the query\n```\n\n## Rule query [q]\n\n```js\nany where\n  x == 1\n```\n\n**Framework**: MITRE ATT&CKTM\n\n* Tactic:\n\n    * Name: Execution\n    * ID: TA0002\n    * Reference URL: [https://a](https://a)\n\n* Technique:\n\n    * Name: Unix Shell\n    * ID: T1059\n";

#[test]
fn a_rule_page_is_read() {
    let rule = sound(PAGE);
    assert_eq!(rule.form, "rule page (Markdown)");
    assert_eq!(rule.query, "any where\n  x == 1");
    assert_eq!(rule.query_span().unwrap().text(PAGE), rule.query);
    assert_eq!(rule.name.as_deref(), Some("My Rule"));
    assert_eq!(rule.description.as_deref(), Some("Finds things. All of them."));
    assert_eq!(rule.indices, ["logs-a-*", "logs-b-*"]);
    assert_eq!((rule.risk_score, rule.version, rule.max_signals), (Some(73), Some(3), Some(100)));
    assert_eq!(rule.from.as_deref(), Some("now-9m"));
    assert_eq!(rule.references, ["https://a.example/"]);
    assert_eq!(rule.tags, ["OS: Linux"]);
    assert_eq!(rule.note.as_deref(), Some("**Triage**\n\n* Look: at it."));
    assert_eq!(rule.setup.as_deref(), Some("```\nnot the query\n```"));
    assert_eq!(rule.threat_ids(), [("TA0002", "Execution"), ("T1059", "Unix Shell")]);
    assert_eq!(rule.threat[0].reference.as_deref(), Some("https://a"));
    assert_eq!(rule.threat[0].below.len(), 1);
}

#[test]
fn a_page_copied_from_a_browser_is_read_with_and_without_its_links() {
    let plain = "Editing of x\nFinds editors.\nRule type: eql\nRule indices:\n- logs-*\nSeverity: low\nRisk score: 21\nRuns every: 5m\nSearches indices from: now-9m (Date Math format, see also Additional look-back time\n)\nMaximum alerts per execution: 33\nReferences: None\nTags:\n- OS: Linux\n- Tactic: A\nVersion: 2\nRule authors:\n- Me\nRule license: L\nInvestigation guide\nSteps\n- Severity: look\nSetup\nSetup\nDo it.\nRule query\nany where\n  a == \"x\"\nFramework: F\n-\nTactic:\n- Name: P\n- ID: TA1\n- Reference URL: https://p/\n-\nSub-technique:\n- Name: R\n- ID: T1.001\n- Reference URL: https://r/\n";
    let linked = plain
        .replace("Finds", "editEditing of x\neditFinds")
        .replace("\nSetup\nSetup", "\nSetup\neditSetup")
        .replace("\nSteps", "\neditSteps")
        .replace("\nany where", "\neditany where");
    let suffixed = plain
        .replace("of x\n", "of xedit\n")
        .replace("guide\n", "guideedit\n")
        .replace("Setup\nSetup", "Setupedit\nSetup")
        .replace("Rule query\n", "Rule queryedit\n");
    let unmarked = plain.replace("\n- ", "\n").replace("Steps\n", "Steps\n- ");
    let on_one_line = plain.replace("any where\n ", "any where");
    let cut = plain.split("Framework").next().unwrap();
    let browsed = format!("{cut}\n\u{ab} One page   Next page \u{bb}\n");
    for text in [plain, &linked, &suffixed, &unmarked, &on_one_line, cut, &browsed] {
        let rule = sound(text);
        assert_eq!(rule.form, "rule page (text)");
        assert_eq!(rule.query.replace("\n ", ""), "any where a == \"x\"", "{text}");
        assert_eq!(rule.query_span().unwrap().text(text), rule.query);
        assert_eq!(rule.name.as_deref(), Some("Editing of x"), "{text}");
        assert_eq!(rule.description.as_deref(), Some("Finds editors."), "{text}");
        assert_eq!(rule.indices, ["logs-*"], "{text}");
        assert_eq!(
            (rule.risk_score, rule.version, rule.max_signals),
            (Some(21), Some(2), Some(33))
        );
        assert_eq!(rule.severity.as_deref(), Some("low"));
        assert_eq!((rule.from.as_deref(), rule.interval.as_deref()), (Some("now-9m"), Some("5m")));
        assert_eq!(rule.references, [""; 0], "{text}");
        assert_eq!(rule.tags, ["OS: Linux", "Tactic: A"], "{text}");
        assert_eq!(rule.authors, ["Me"]);
        assert_eq!(rule.note.as_deref(), Some("Steps\n- Severity: look"), "{text}");
        assert!(rule.setup.as_ref().unwrap().ends_with("Do it."), "{text}");
        if text.contains("Framework") {
            assert_eq!(rule.threat_ids(), [("TA1", "P"), ("T1.001", "R")], "{text}");
            assert_eq!(rule.threat[0].below[0].reference.as_deref(), Some("https://r/"));
        }
    }
    let commented = plain.replace("any where\n", "any where // on a == ");
    assert_eq!(codes(&commented), ["R-110"]);
}

#[test]
fn what_cannot_be_read_is_said() {
    for (text, expected) in [
        ("[rule]\nname = \"a\"\n", &["R-101"][..]),
        ("[rule]\nlanguage = \"kuery\"\nquery = 'x'\n", &["R-103"]),
        ("[rule]\nlanguage = \"esql\"\nname = 'x'\n", &["R-103"]),
        ("[rule]\ntype = \"threshold\"\nquery = 'x'\n", &["R-112"]),
        (
            "[rule]\nrisk_score = \"high\"\nseverity = \"huge\"\nquery = 'any where true'",
            &["R-105"; 2],
        ),
        ("[rule]\nrisk_score = 101\nindex = [1]\nname = 3\nquery = 'x'", &["R-105"; 3]),
        ("{\"rule_id\":\"a\",\"query\":\"any where true\"}", &[]),
        ("{\"rule_id\":\"a\",\"query\":\"any where true\",}", &["R-102"]),
        ("{\"name\":\"a\",\"filters\":[{}],\"query\":\"any where true\"}", &["R-106"]),
        ("{\"name\":\"a\",\"severity\":\"low\"}", &["R-101"]),
        ("{\"name\":\"a\",\"type\":\"machine_learning\",\"risk_score\":1}", &["R-112"]),
        ("{\"query\":{\"match_all\":{}}}", &["R-103"]),
        (
            "{\"@timestamp\":\"2026-01-01\",\"event\":{\"category\":\"process\"}}\n{\"event\":1}",
            &["R-104"],
        ),
        ("{\"hits\":{\"hits\":[]}}", &["R-104"]),
        ("{\"a\":1}", &["R-104"]),
        ("[]", &["R-104"]),
        ("{\"a", &["R-102"]),
        ("@timestamp,host.name\n2026,x", &["R-104"]),
        ("<!DOCTYPE html><p>", &["R-104"]),
        ("title: x\nlogsource:\n  product: y\ndetection:\n  a: b\n", &["R-104"]),
        ("Name\nRule type: eql\nRule indices:\n", &["R-101"]),
        ("# Rule\n\n**Rule type**: eql\n", &["R-101"]),
        ("# Rule\n\n**Rule type**: threshold\n", &["R-112"]),
        (
            "# Rule\n\n**Rule type**: eql\n\n**Severity**: big\n\n**Risk score**: 200\n\n## Rule query\n\nany where true",
            &["R-105"; 2],
        ),
    ] {
        assert_eq!(codes(text), expected, "{text}: {:?}", read(text).1);
        for finding in read(text).1 {
            assert!(finding.kind.help().is_some(), "{:?} has no help", finding.kind);
        }
    }
    assert_eq!(codes(&"x".repeat(MAX_BYTES + 1)), ["X-102"]);
}

#[test]
fn a_damaged_rule_file_is_the_rule_it_was() {
    let sound_text = include_str!("../../../rules/openssl_client_or_server.toml");
    let (rule, _) = read(sound_text);
    let flat = sound_text.split_whitespace().collect::<Vec<_>>().join(" ");
    let viewed: String = sound_text
        .lines()
        .enumerate()
        .flat_map(|(at, line)| {
            let stamp = if at % 3 == 0 { "2024-01-02 03:04:05 -08:00\n" } else { "" };
            [stamp, line.trim_start(), "\n"]
        })
        .collect();
    let both = viewed.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in [flat, format!("x.toml\n9 lines\nRaw\n{viewed}"), viewed, both] {
        let (found, findings) = read(&text);
        assert!(
            findings.iter().all(|it| it.kind.severity() == crate::diag::Severity::Info),
            "{findings:?}"
        );
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&found.query), words(&rule.query), "{text}");
        for (in_query, in_text) in found.places.verbatim_pieces() {
            assert_eq!(in_query.text(&found.query), in_text.text(&text));
        }
        assert_eq!(words(found.setup.as_ref().unwrap()), words(rule.setup.as_ref().unwrap()));
        let plain = |rule: &Rule| Rule {
            query: String::new(),
            places: SourceMap::default(),
            document: Span::default(),
            setup: None,
            ..rule.clone()
        };
        assert_eq!(plain(&found), plain(&rule), "{text}");
    }
}

/// Every document that is cut off or has lost a piece somewhere is read without a panic, and what
/// is read of its query stands where it says.
#[test]
fn documents_may_be_cut_anywhere() {
    let rule = include_str!("../../../rules/openssl_client_or_server.toml");
    let flat = rule.split_whitespace().collect::<Vec<_>>().join(" ");
    let console =
        "GET /x/_eql/search\n{\"query\": \"\"\"any \\ \u{e4} where\n a\"\"\", /* c */ \"size\": 1}";
    let json = "{\"name\":\"\u{1f600}\",\"query\":\"any \\u00e4\\ud83d\\ude00 \\n where true\"}\n{\"query\":\"x\"}";
    for text in [rule, &flat, VIEWED, PAGE, console, json] {
        let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for pair in boundaries.windows(7).step_by(19) {
            for damaged in
                [text[..pair[0]].to_owned(), [&text[..pair[0]], &text[pair[6]..]].concat()]
            {
                let (rule, findings) = read(&damaged);
                for (in_query, in_text) in rule.places.verbatim_pieces() {
                    assert_eq!(in_query.text(&rule.query), in_text.text(&damaged), "{damaged}");
                }
                assert!(
                    findings.iter().all(|it| it.span.end as usize <= damaged.len()),
                    "{damaged}: {findings:?}"
                );
                assert!(read_all(&damaged).len() < 9);
            }
        }
    }
}

#[test]
fn deep_nesting_costs_no_stack() {
    for text in [
        format!("[rule]\nquery = {}", "[".repeat(100_000)),
        format!("{{\"query\":{}", "[".repeat(100_000)),
        format!("[rule]\nx = {}\nquery = \"any where true\"", "{a=".repeat(50_000)),
        format!("[rule]\n{}a = 1\nquery = \"any where true\"", "a.".repeat(50_000)),
        format!("[{}a]\n[rule]\nquery = \"any where true\"", "a.".repeat(50_000)),
    ] {
        assert_eq!(codes(&text), ["R-102"]);
    }
}
