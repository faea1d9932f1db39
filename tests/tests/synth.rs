//! Events made from rules: they match, and near misses fail by the clause they were made for. What is
//! made is read back from its text, one case at a time, as `eqlens test` does.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::BTreeMap;

use eqlens_engine::desk::Desk;
use eqlens_engine::expect;
use eqlens_engine::rule::{self, Rule};
use eqlens_engine::schema::Mapping;
use eqlens_engine::synth::{About, Synthesis, Why, ndjson, synthesise};
use eqlens_tests::paths::{external, files, repository, text};
use proptest::prelude::*;

fn made(query: &str) -> Synthesis {
    synthesise(&Rule::bare(query), &Mapping::default(), true)
        .unwrap_or_else(|found| panic!("{query}: {found:?}"))
}

/// Runs every case alone, from the text of the files; the number of cases.
fn hold(rule: &Rule, rule_text: &str, made: &Synthesis) -> Result<usize, String> {
    let written = expect::written(rule, rule_text, made);
    let report = expect::check(rule_text, &written.events, &written.cases)?;
    if report.is_good() && !report.cases.is_empty() {
        Ok(report.cases.len())
    } else {
        Err(format!("{report:#?}\n{}\n{}", written.cases, written.events))
    }
}

/// What is left without a case, in words.
fn gaps(made: &Synthesis) -> Vec<String> {
    made.impossible_words()
}

/// Each kind of predicate and function: the query is satisfied, and every clause has a near miss.
#[test]
fn every_kind_of_clause_is_satisfied_and_narrowly_missed() {
    for query in [
        r#"process where process.name == "cmd.exe""#,
        r#"process where process.name != "cmd.exe" and process.pid > 7"#,
        r#"process where process.name in ("a.exe", "b.exe") and not process.name == "a.exe""#,
        r#"process where process.name in~ ("A.EXE")"#,
        r#"process where process.name not in ("a", "b") and process.name : "?""#,
        r#"process where process.executable : "?:\\Users\\*\\Downloads\\*.exe""#,
        r#"process where process.name like "A*b" and not process.name like ("A1*", "Ax*")"#,
        r#"process where process.name like~ "a*" and process.name : "*z""#,
        r#"process where process.name regex "[a-f]{3,5}[0-9]+\\.exe""#,
        r#"process where process.name regex~ ("x+", "y{4}") and not process.name : ("x", "xx")"#,
        r#"process where process.command_line : "*one*" and process.command_line : "*two*" and not process.command_line : "*one *two*""#,
        r#"process where process.pid == 4 or process.pid > 100 and process.pid <= 101"#,
        r#"any where process.pid > 9223372036854775807"#,
        r#"any where source.bytes >= 10 and source.bytes < 12 and source.bytes != 10"#,
        r#"any where host.cpu.usage > 0.25 and host.cpu.usage < 0.26"#,
        r#"any where process.args == "-a" and process.args == "-b" and not process.args : "-c*""#,
        r#"any where cidrMatch(source.ip, "10.0.0.0/8", "fe80::/10") and not source.ip == "10.0.0.1""#,
        r#"any where source.ip != "10.20.1.41" and source.ip > "10.0.0.0""#,
        r#"any where source.ip == "192.168.0.0/16""#,
        r#"any where user.id == null and user.name != null"#,
        r#"any where not user.id == "S-1" and not user.id : "S-2*" and user.id != null"#,
        r#"any where process.code_signature.trusted == true and process.code_signature.exists != true"#,
        r#"any where process.code_signature.trusted"#,
        r#"any where event.created > "2024-01-01" and event.created < "2024-01-02""#,
        r#"any where event.created == "2024-02-29""#,
        r#"any where unknown.field == 5 and unknown.flag == true and unknown.text : "a*""#,
        r#"any where length(process.name) > 3 and length(process.name) < 5"#,
        r#"any where length(process.command_line) >= 200 and process.command_line : "*x*""#,
        r#"any where startsWith(process.name, "ab") and endsWith~(process.name, "YZ")"#,
        r#"any where not startsWith~(process.name, "ab") and stringContains(process.name, "b")"#,
        r#"any where stringContains(file.path, "one") and stringContains(file.path, "two") and not stringContains(file.path, "other")"#,
        r#"any where substring(process.name, 2, 5) == "abc""#,
        r#"any where substring(process.name, -4) == ".exe""#,
        r#"any where between(process.command_line, "(", ")") == "inner""#,
        r#"any where indexOf(process.name, "x") == 4"#,
        r#"any where concat(user.domain, "\\", user.name) == "acme\\alice""#,
        r#"any where concat(process.name, process.pid) : "cmd42""#,
        r#"any where string(process.pid) == "42""#,
        r#"any where number(process.title) == 17 and number(process.title, 10) != 18"#,
        r#"any where number(process.title, 16) == 255"#,
        r#"any where process.pid + 3 == 10"#,
        r#"any where process.pid * 2 == 84 and process.parent.pid - 1 > 7"#,
        r#"any where process.pid % 7 == 3 and process.pid > 20"#,
        r#"any where add(process.pid, process.parent.pid) == 100"#,
        r#"any where process.pid - process.parent.pid > 1000"#,
        r#"any where divide(source.bytes, 4) == 3"#,
        r#"any where (process.name == "a") == false and process.pid == 1"#,
        r#"any where stringContains(process.command_line, process.name)"#,
        r#"any where `odd name` == "x" and `a.b` == 1 and a == "y""#,
        r#"any where @timestamp > "2030-05-05""#,
        r#"any where process.args_count > 2 and (process.name == "a" or process.name == "b") and not (user.id == "0" and user.name == "root")"#,
        r#"any where not (process.name == "a" or (process.name == "b" and user.id == "7")) and process.pid == 3"#,
    ] {
        let made = made(query);
        hold(&Rule::bare(query), query, &made).unwrap_or_else(|report| panic!("{query}: {report}"));
        let open: Vec<_> = made.impossible.iter().filter(|gap| gap.why != Why::Constant).collect();
        assert!(open.is_empty(), "{query}: {:?}", gaps(&made));
    }
}

#[test]
fn sequences_and_samples_are_made_and_broken_one_thing_at_a_time() {
    for (query, expected) in [
        (
            r#"sequence by host.id with maxspan=5s [process where process.name == "a"] by process.entity_id [network where true] by process.parent.entity_id"#,
            "Match Clause Clause Clause Key Key NoLast Late Order",
        ),
        (
            r#"sequence by user.id [any where n == 1] with runs=3 until [any where n == 9]"#,
            "Match Clause Clause Key NoLast Until",
        ),
        (
            r#"sequence by ?user.id with maxspan=1m [any where n == 1] ![any where n == 2] [any where n == 3]"#,
            "Match Clause Clause Clause Key NoLast Late Order Unwanted",
        ),
        (
            r#"sequence with maxspan=10s ![any where n == 1] [any where n == 2] ![any where n == 3]"#,
            "Match Clause Clause Clause Unwanted Unwanted",
        ),
        (
            r#"sequence by source.ip with maxspan=1ms [any where source.ip : "10.0.0.1"] [any where n == 2]"#,
            "",
        ),
        (
            r#"sequence with maxspan=1ms [any where n == 1] [any where n == 2] [any where n == 3]"#,
            "Match Clause Clause Clause NoLast Late Order",
        ),
        (
            r#"sample by host.id, user.id [process where true] [file where true] [any where n == 3]"#,
            "Match Clause Clause Clause Key Key NoLast",
        ),
        (
            // Both events are alike, and so are their orders.
            r#"sequence by process.name [any where process.name : "a*"] [any where process.name : "*b"]"#,
            "Match Clause Clause Key NoLast",
        ),
    ] {
        let rule = Rule::bare(query);
        let Ok(made) = synthesise(&rule, &Mapping::default(), true) else {
            // The third of its kind: a pattern on an address is refused.
            assert_eq!(expected, "", "{query}");
            continue;
        };
        hold(&rule, query, &made).unwrap_or_else(|report| panic!("{query}: {report}"));
        let abouts = made.cases.iter().map(|case| match case.about {
            About::Match => "Match",
            About::Clause { .. } => "Clause",
            About::Key(_) => "Key",
            About::Late => "Late",
            About::NoLast => "NoLast",
            About::Order => "Order",
            About::Until => "Until",
            About::Unwanted(_) => "Unwanted",
        });
        let abouts: Vec<&str> = abouts.collect();
        assert_eq!(abouts.join(" "), expected, "{query}: {:?}", gaps(&made));
    }
}

/// Values are such as an analyst expects, and each event says what it is for.
#[test]
fn events_have_natural_values_and_say_what_they_are_for() {
    for (query, case, part) in [
        // An excluded value has another one beside it, not none at all.
        (
            r#"any where not cidrmatch(destination.ip, "10.0.0.0/8", "172.16.0.0/12")"#,
            0,
            r#""destination":{"ip":"45.83.64.11"}"#,
        ),
        (
            r#"any where not process.parent.name in ("a", "b")"#,
            0,
            r#""process":{"parent":{"name":"agent"}}"#,
        ),
        (r#"any where process.name == "a" and not user.id : "0*""#, 1, r#""user":{"id":""#),
        (r#"any where not user.id : "*""#, 0, r#""message":"match"}"#),
        // A declared integer has no fraction; an undeclared field may have.
        (r#"any where process.pid > 5 and process.pid < 6"#, 0, r#""pid":[5,6]"#),
        (r#"any where process.pid > 5.5 and process.pid < 7"#, 0, r#""pid":6}"#),
        (r#"any where n > 5 and n < 6"#, 0, r#""n":5.5"#),
        (
            r#"any where process.pid > 5 and process.pid < 6"#,
            0,
            r#""message":"match (matches only as a list: `process.pid`)""#,
        ),
        (
            r#"any where process.name == "a""#,
            1,
            r#""message":"near miss: fails `process.name == \"a\"`""#,
        ),
        (r#"any where message : "x*""#, 0, r#""message":"x""#),
        (
            r#"sequence by host.id with maxspan=1m [any where a == 1] ![any where b == 1] [any where c == 1]"#,
            2,
            r#""message":"the unwanted event of step 2 misses `b == 1`: matches all the same""#,
        ),
    ] {
        let made = made(query);
        hold(&Rule::bare(query), query, &made).unwrap_or_else(|report| panic!("{query}: {report}"));
        let source = &made.cases[case].events[0].source;
        assert!(source.contains(part), "{query}: {source}");
    }
}

/// What matches although a clause fails is told from what does not match.
#[test]
fn cases_that_match_are_named_so() {
    let query = "sequence by ?user.id with maxspan=1m [any where a == 1] by x ![any where b == 1] by y \
                 [any where c == 1] by z until [any where d == 1] by w";
    let made = made(query);
    for case in &made.cases {
        let says = case.name == "match" || case.name.ends_with(": matches all the same");
        assert_eq!(case.matches.is_some(), says, "{}", case.name);
    }
    let names: Vec<&str> = made.cases.iter().map(|case| case.name.as_str()).collect();
    for name in [
        "step 1 fails `a == 1`",
        "the unwanted event of step 2 misses `b == 1`: matches all the same",
        "the event of until misses `d == 1`: matches all the same",
        "`user.id` differs in the last event",
        "`z` differs in the last event",
        "the unwanted event of step 2 is there",
    ] {
        assert!(names.contains(&name), "{name}: {names:#?}");
    }
}

#[test]
fn what_cannot_match_says_by_which_clause() {
    for (query, part) in [
        (r#"any where false"#, "the same for every event"),
        (r#"any where process.name == "a" and not process.name : "A""#, "process.name"),
        (r#"any where process.pid > 5 and process.pid == null"#, "process.pid == null"),
        (r#"any where x == null and x != null"#, "x != null"),
        (r#"any where length(process.name) < 0"#, "length"),
        (r#"any where process.name regex "a+" and not process.name : "a*""#, "process.name"),
        (
            r#"sequence by user.name [any where user.name == "a"] [any where user.name == "b" and not user.name == "a"]"#,
            "user.name",
        ),
    ] {
        let made = made(query);
        assert!(made.cases.is_empty(), "{query}");
        let words = gaps(&made).join("\n");
        assert!(words.contains(part) || part.starts_with("the same"), "{query}: {words}");
        assert!(!words.is_empty(), "{query}");
    }
}

#[test]
fn events_are_in_an_index_that_the_rule_searches() {
    let rule = |indices: &[&str]| Rule {
        indices: indices.iter().map(|index| (*index).to_owned()).collect(),
        ..Rule::bare("process where true")
    };
    for (indices, expected) in [
        (&["logs-endpoint.events.*"][..], Some("logs-endpoint.events.process-default")),
        (&["winlogbeat-*", "logs-*"], Some("winlogbeat-default")),
        (&["-logs-a", "logs-a,logs-b", "-logs-a"], Some("logs-b")),
        (&["logs-*-x"], Some("logs-default-x")),
        (&[], Some("logs-synthetic-default")),
        (&["logs-a", "-logs-*"], None),
    ] {
        let made = synthesise(&rule(indices), &Mapping::default(), false).unwrap();
        let index = made.cases.first().map(|case| case.events[0].index.as_str());
        assert_eq!(index, expected, "{indices:?}");
        assert_eq!(made.impossible.is_empty(), expected.is_some());
    }
}

#[test]
fn types_of_a_mapping_are_those_of_the_events() {
    let mapping = r#"{"mappings":{"properties":{"n":{"type":"unsigned_long"},"d":{"type":"date","format":"epoch_second"},
        "a":{"type":"alias","path":"b.c"},"b":{"properties":{"c":{"type":"keyword"}}}}}}"#;
    let mapping = Mapping::parse(mapping).unwrap();
    let query = r#"any where n > 18446744073709551613 and a == "x""#;
    let made = synthesise(&Rule::bare(query), &mapping, true).unwrap();
    assert_eq!(made.cases.len(), 3, "{:?}", gaps(&made));
    assert!(made.cases[0].events[0].source.contains(r#""b":{"c":"x"},"#));
    assert!(made.cases[0].events[0].source.contains("18446744073709551614"));
}

#[test]
fn the_same_rule_gives_the_same_events() {
    let query = r#"sequence by host.id [any where process.name : "a*"] [any where process.name regex "b{2}"]"#;
    let texts =
        [made(query), made(query)].map(|made| made.cases.iter().map(ndjson).collect::<String>());
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn the_desk_gives_text_and_places() {
    let text = "process where process.name == \"a\" and process.pid == 1";
    let mut desk = Desk::new();
    let made = desk.synthesise(text, true);
    assert_eq!(made.cases.len(), 4);
    assert!(made.cases[0].matches && !made.cases[1].matches);
    let span = made.cases[3].span.unwrap();
    assert_eq!(&text[span.start as usize..span.end as usize], "process.pid == 1");
    desk.load(&made.events);
    assert_eq!(desk.run(text, &|| 0.0).result.unwrap().matches, 1);
    let refused = desk.synthesise("process where", false);
    assert!(refused.cases.is_empty() && !refused.findings.is_empty());
}

#[test]
fn the_bundled_rules_can_be_satisfied() {
    for path in files(&repository().join("rules"), ".toml") {
        if path.to_string_lossy().ends_with(".cases.toml") {
            continue;
        }
        let text = text(&path);
        let (rule, _) = rule::read(&text);
        let made = synthesise(&rule, &Mapping::default(), true).unwrap();
        let n = hold(&rule, &text, &made).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        println!("{}: {n} cases, {:?}", path.display(), gaps(&made));
    }
}

/// What nobody writes costs no more than what is allowed for a rule.
#[test]
fn hostile_rules_end() {
    let many = |n: usize, with: &str, leaf: &dyn Fn(usize) -> String| {
        let parts: Vec<String> = (0..n).map(leaf).collect();
        format!("any where {}", parts.join(with))
    };
    let nested = format!("any where {}x == 1{}", "not (".repeat(90), ")".repeat(90));
    for (query, is_satisfied) in [
        (many(1500, " or ", &|n| format!("process.name == \"a{n}\"")), true),
        (many(1500, " or ", &|n| format!("f{n} : \"a*{n}\"")), true),
        (many(60, " and ", &|n| format!("process.args == \"a{n}\"")), true),
        (many(400, " and ", &|n| format!("process.name : \"*{n}*\"")), false),
        (many(14, " and ", &|n| format!("process.name : \"*{n}a*\"")), true),
        (many(60, " and ", &|n| format!("(a == {n} or b == {n} or c == {n})")), true),
        (many(30, " and ", &|n| format!("not (x : \"{n}*\" or y : \"*{n}\")")), true),
        (nested, true),
        ("sequence by host.id [any where x == 1] with runs=100 [any where y == 2]".into(), true),
        (
            r#"any where process.name regex ".*a.{60}" and process.name regex ".*b.{60}""#.into(),
            false,
        ),
        ("any where length(process.name) > 999999".into(), false),
    ] {
        let start = std::time::Instant::now();
        let made = made(&query);
        let head: String = query.chars().take(60).collect();
        println!("{head}: {} cases, {:?}", made.cases.len(), start.elapsed());
        assert_eq!(!made.cases.is_empty(), is_satisfied, "{head}: {:?}", gaps(&made).first());
    }
}

/// How many rules of a library are satisfied, and how many of their clauses decide in some case.
#[test]
fn real_rules_are_satisfied_and_narrowly_missed() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let (mut n, mut satisfied, mut clauses, mut alone, mut in_group, mut cases) =
        (0, 0, 0, 0, 0, 0);
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in text(&corpus).lines() {
        let (rule, _) = rule::read(line);
        n += 1;
        let made = synthesise(&rule, &Mapping::default(), true).unwrap();
        satisfied += usize::from(!made.cases.is_empty());
        cases += made.cases.len();
        for clause in made.clauses.nodes() {
            clauses += 1;
            let deciding = || made.cases.iter().filter(|case| case.decides.contains(clause));
            if deciding().any(|case| case.decides.len() == 1) {
                alone += 1;
            } else if deciding().next().is_some() {
                in_group += 1;
            }
        }
        for gap in &made.impossible {
            let why = match gap.why {
                Why::Clash(_) => "no values".to_owned(),
                other => format!("{other:?}"),
            };
            let about =
                if matches!(gap.about, About::Clause { .. }) { "clause" } else { "structure" };
            *reasons.entry(format!("{about}: {why}")).or_default() += 1;
        }
        if let Err(why) = hold(&rule, line, &made) {
            wrong.push(format!("{:?}: {why}", rule.name));
        }
    }
    println!(
        "{n} rules, {satisfied} satisfied; {cases} cases; of {clauses} clauses {alone} decide alone, \
         {in_group} in a group; impossible: {reasons:?}"
    );
    assert!(wrong.is_empty(), "{} of {n}\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(satisfied, n);
    assert!((alone + in_group) * 100 >= clauses * 98, "{alone} + {in_group} of {clauses}");
}

/// A condition over few fields and few values, so that clauses meet.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        ("[ab]", prop::sample::select(vec!["==", "!=", ":", "like"]), "[xy*]{1,2}")
            .prop_map(|(field, op, text)| format!("s{field} {op} \"{text}\"")),
        ("[ab]", "[xy]{1,2}").prop_map(|(f, t)| format!("s{f} in (\"{t}\", \"y\")")),
        ("[ab]", "[xy]{1,2}").prop_map(|(f, t)| format!("s{f} regex \"{t}+\"")),
        ("[ab]", prop::sample::select(vec!["<", ">=", "==", "!="]), 0..4_u8)
            .prop_map(|(field, op, n)| format!("n{field} {op} {n}")),
        ("[ab]", 0..3_u8).prop_map(|(field, n)| format!("length(s{field}) > {n}")),
        ("[ab]", 1..4_u8).prop_map(|(field, n)| format!("n{field} % {n} == 1")),
        "[ab]".prop_map(|field| format!("s{field} == null")),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" and "))),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" or "))),
            inner.prop_map(|part| format!("not {part}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is made holds, alone and from its text. That something is made where an event of
    /// few values satisfies the condition is held to by trying these.
    #[test]
    fn random_conditions_are_satisfied_if_any_event_does(condition in condition()) {
        let query = format!("any where {condition}");
        let rule = Rule::bare(&query);
        let Ok(made) = synthesise(&rule, &Mapping::default(), true) else { return Ok(()) };
        if made.cases.is_empty() {
            let texts = ["null", "\"x\"", "\"y\"", "\"xy\"", "\"yy\"", "\"xx\"", "[\"x\",\"y\"]"];
            let numbers = ["null", "0", "1", "2", "3", "5", "[0,3]"];
            let mut lines = String::new();
            for sa in texts {
                for sb in texts {
                    for na in numbers {
                        for nb in numbers {
                            lines.push_str(&format!("{{\"sa\":{sa},\"sb\":{sb},\"na\":{na},\"nb\":{nb}}}\n"));
                        }
                    }
                }
            }
            let mut desk = Desk::new();
            desk.load(&lines);
            let found = desk.run(&query, &|| 0.0).result.map_or(0, |result| result.matches);
            prop_assert_eq!(found, 0, "{}: {:?}", query, made.impossible_words());
        } else if let Err(why) = hold(&rule, &query, &made) {
            prop_assert!(false, "{}: {}", query, why);
        }
    }
}
