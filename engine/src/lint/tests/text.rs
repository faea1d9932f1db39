//! The lints of the text, one table each: what fires, and near neighbours that do not.

use super::*;

/// `any where` before a condition.
pub(super) fn fires(code: &'static str, rows: &[(&str, &str, &str)]) {
    for (condition, place, after) in rows {
        let query = format!("any where {condition}");
        let after = if after.is_empty() { String::new() } else { format!("any where {after}") };
        fire(&[(&query, code, place, &after)], "");
    }
}

pub(super) fn silent(code: &str, conditions: &[&str]) {
    for condition in conditions {
        stay_silent(code, &[&format!("any where {condition}")], "");
    }
}

#[test]
fn the_examples_of_the_register_hold() {
    for lint in all() {
        // Some are told as errors, of a rule or by events.
        if lint.data || lint.level == Severity::Error || lint.code == "L-27" {
            continue;
        }
        let whole = |text: &str| {
            let is_query = text.starts_with("sequence") || text.contains(" where ");
            if is_query { text.to_owned() } else { format!("any where {text}") }
        };
        let codes = |text: &str| -> Vec<&str> {
            super::lint(&whole(text), "").1.iter().map(|found| found.kind.code()).collect()
        };
        assert!(codes(lint.bad).contains(&lint.code), "{}: {:?}", lint.bad, codes(lint.bad));
        let left = codes(lint.good);
        assert!(!left.contains(&lint.code), "{}: {left:?}", lint.good);
        assert!(!left.iter().any(|code| code.starts_with('E')), "{}: {left:?}", lint.good);
    }
}

#[test]
fn exact_comparisons_take_no_wildcards() {
    fires(
        "L-01",
        &[
            (r#"process.name == "a*""#, r#""a*""#, r#"process.name : "a*""#),
            (r#"process.name != "a?""#, r#""a?""#, r#"not process.name : "a?""#),
            (r#"x not in ("b", "*a")"#, r#""*a""#, r#"not x : ("b", "*a")"#),
            (r#"x in~ ("*a")"#, r#""*a""#, r#"x : ("*a")"#),
            (
                r#"length(x) > 1 and concat(x, y) == "*b""#,
                r#""*b""#,
                r#"length(x) > 1 and concat(x, y) : "*b""#,
            ),
        ],
    );
    silent(
        "L-01",
        &[
            r#"x : "a*""#,
            r#"x == "http://a/?b=c""#,
            // Shares are logged so.
            r#"x in ("\\\\*\\ADMIN$", "b")"#,
            r#"x == "*""#,
        ],
    );
    // Where letter case counts, the second fix keeps it so; `in~` has no such choice.
    let titles = |query| {
        let (_, found) = lint(query, "");
        let found = found.iter().find(|found| found.kind.code() == "L-01").unwrap();
        found.fixes.iter().map(|fix| fix.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles(r#"any where x in ("a*")"#), ["Write `:`", "Write `like`"]);
    assert_eq!(titles(r#"any where x in~ ("a*")"#), ["Write `:`"]);
    // Beside a pattern of the same field the exact form is a choice.
    let (_, found) = lint(r#"any where x : "a*b" or x == "a*""#, "");
    let levels: Vec<_> = found.iter().filter(|f| f.kind.code() == "L-01").collect();
    assert!(matches!(levels[..], [f] if f.kind.severity() == Severity::Info), "{levels:?}");
}

#[test]
fn letter_case_is_told_on_windows_alone() {
    fires(
        "L-03",
        &[
            (
                r#"host.os.type == "windows" and process.name == "a.exe""#,
                "==",
                r#"host.os.type == "windows" and process.name : "a.exe""#,
            ),
            (
                r#"host.os.type == "windows" and file.path in ("C:\\A", "C:\\B")"#,
                "in",
                r#"host.os.type == "windows" and file.path in~ ("C:\\A", "C:\\B")"#,
            ),
            (r#"host.os.type == "windows" and process.name != "a.exe""#, "!=", ""),
        ],
    );
    silent(
        "L-03",
        &[
            r#"host.os.type == "linux" and process.name == "a""#,
            r#"process.name == "a.exe""#,
            r#"host.os.type == "windows" and process.name : "a.exe""#,
            r#"host.os.type == "windows" and event.code == "4624""#,
        ],
    );
}

#[test]
fn exclusions_hold_without_a_value() {
    fires(
        "L-04",
        &[
            (r#"x != "a""#, r#"x != "a""#, ""),
            (r#"not x : "a""#, r#"x : "a""#, ""),
            (r#"y == 1 and not (x : "a" or x : "b")"#, r#"x : "a""#, ""),
        ],
    );
    silent(
        "L-04",
        &[r#"x != null and x != "a""#, r#"x : "a*" and not x : "ab""#, r#"not x == null"#],
    );
}

#[test]
fn exclusions_joined_by_or_always_hold() {
    fires(
        "L-05",
        &[
            (
                r#"process.name != "a" or process.name != "b""#,
                r#"process.name != "a" or process.name != "b""#,
                r#"process.name != "a" and process.name != "b""#,
            ),
            (
                r#"y == 1 or not process.name : "a*" or not process.name : "b*""#,
                r#"process.name : "a*" or not process.name : "b*""#,
                r#"y == 1 or not process.name : "a*" and not process.name : "b*""#,
            ),
            // A part between them stays out of it.
            (
                r#"process.name != "a" or y == 1 or process.name != "b""#,
                r#"process.name != "a" or y == 1 or process.name != "b""#,
                "",
            ),
        ],
    );
    silent(
        "L-05",
        &[
            r#"process.name != "a" and process.name != "b""#,
            r#"process.name != "a" or file.name != "b""#,
            // A list may hold both, and none of the two.
            r#"process.args != "a" or process.args != "b""#,
            r#"not process.name : "a*" or not process.name : "*b""#,
        ],
    );
}

#[test]
fn clauses_that_exclude_each_other_are_found_at_any_depth() {
    fires(
        "L-06",
        &[
            (r#"process.name == "a" and process.name == "b""#, r#"process.name == "b""#, ""),
            (
                r#"process.name : "a*" and y == 1 and process.name : "b*""#,
                r#"process.name : "b*""#,
                "",
            ),
            (
                r#"process.name == "a" and (y == 1 or process.name : ("b", "c"))"#,
                r#"process.name : ("b", "c")"#,
                "",
            ),
            (r#"process.args : "ab" and not process.args : "a*""#, r#"process.args : "a*""#, ""),
            (
                r#"process.name : "A" and process.name != "a" and process.name == null"#,
                r#"process.name == null"#,
                "",
            ),
            ("process.pid > 10 and process.pid < 5", "process.pid < 5", ""),
            ("destination.port == 80 and destination.port == 443", "destination.port == 443", ""),
            ("process.pid == 5 and not process.pid <= 7", "process.pid <= 7", ""),
            (
                r#"(process.name == "a" or process.name == "b") and process.name == "c""#,
                r#"process.name == "c""#,
                "",
            ),
        ],
    );
    silent(
        "L-06",
        &[
            r#"process.args == "a" and process.args == "b""#,
            r#"process.name : "a*" and process.name : "*b""#,
            r#"process.name : "A" and process.name == "a""#,
            r#"process.name == "a" or process.name == "b""#,
            r#"process.name : "a*" and not process.name : "ab""#,
            "process.pid > 5 and process.pid < 10",
            "process.pid >= 5 and process.pid <= 5",
            // Both hold where the field is missing.
            "not process.pid > 5 and not process.pid <= 5",
            r#"(process.name == "a" and y == 1) or (process.name == "b" and y == 2)"#,
            r#"process.name : ("a", "b") and not (process.name == "a" and y == 1)"#,
            // Unknown fields may be lists.
            r#"x == "a" and x == "b""#,
        ],
    );
}

#[test]
fn precedence_is_told_where_the_second_part_goes_on() {
    fires(
        "L-07",
        &[
            (
                r#"event.type == "start" and (a == 1 and b == 2) or b == 3"#,
                "b == 3",
                r#"event.type == "start" and ((a == 1 and b == 2) or b == 3)"#,
            ),
            (
                r#"a == 1 and b == 2 or b == 3 or b == 4"#,
                "b == 3",
                r#"a == 1 and (b == 2 or b == 3 or b == 4)"#,
            ),
        ],
    );
    silent(
        "L-07",
        &[
            "(a == 1 and b == 2) or b == 3",
            "a == 1 and (b == 2 or b == 3)",
            "a == 1 and b == 2 or a == 2 and b == 3",
            "a == 1 and b == 2 or c == 3",
            "a == 1 or b == 2 and c == 3",
        ],
    );
}

#[test]
fn regular_expressions_that_need_none_are_told() {
    fires(
        "L-24",
        &[
            (r#"x regex "curl""#, r#""curl""#, r#"x == "curl""#),
            (r#"x regex~ "curl""#, r#""curl""#, r#"x : "curl""#),
            (r#"x regex "a|b""#, r#""a|b""#, r#"x in ("a", "b")"#),
            (r#"x regex~ "a\\.exe|b""#, r#""a\\.exe|b""#, r#"x in~ ("a.exe", "b")"#),
            (r#"x regex ".*text.*""#, r#"".*text.*""#, r#"x like "*text*""#),
            (r#"x regex~ ".*\\\\tmp\\\\.*""#, r#"".*\\\\tmp\\\\.*""#, r#"x like~ "*\\tmp\\*""#),
        ],
    );
    silent(
        "L-24",
        &[
            r#"x regex "a.b""#,
            r#"x regex "a+""#,
            r#"x regex "a.*b""#,
            r#"x regex~ ".*a\\*.*""#,
            r#"x regex "\\d""#,
        ],
    );
}

#[test]
fn a_star_alone_tests_for_presence() {
    fires(
        "L-25",
        &[
            (r#"x : "*""#, r#": "*""#, "x != null"),
            (r#"not x like "*""#, r#"like "*""#, "not x != null"),
        ],
    );
    silent("L-25", &[r#"x : "?*""#, r#"x == "*""#, r#"x : ("*", "a")"#]);
}

#[test]
fn doubled_backslashes_are_halved() {
    fires(
        "L-26",
        &[
            (
                r#"file.path : "C:\\\\Windows\\\\*""#,
                r#""C:\\\\Windows\\\\*""#,
                r#"file.path : "C:\\Windows\\*""#,
            ),
            (
                r#"file.path : """C:\\Windows\\*""""#,
                r#""""C:\\Windows\\*""""#,
                r#"file.path : """C:\Windows\*""""#,
            ),
        ],
    );
    silent(
        "L-26",
        &[
            r#"file.path : "C:\\Windows\\*""#,
            r#"file.path : "\\\\server\\share""#,
            r#"file.path regex """C:\\Windows\\.*""""#,
        ],
    );
}

#[test]
fn values_that_others_cover_are_left_out() {
    fires(
        "L-35",
        &[
            (r#"x : ("a", "b", "A")"#, r#""A""#, r#"x : ("a", "b")"#),
            (r#"x : ("ab", "a*")"#, r#""ab""#, r#"x : ("a*")"#),
            (r#"x in ("a", "a", "b")"#, r#""a""#, r#"x in ("a", "b")"#),
            (
                r#"not process.name : ("a", "b") and not (process.name : "a" and y == 1)"#,
                r#"process.name : "a""#,
                "",
            ),
        ],
    );
    silent(
        "L-35",
        &[
            r#"x in ("a", "A")"#,
            r#"x : ("a*", "*b")"#,
            r#"x in ("a*", "ab")"#,
            r#"x : ("a?", "a")"#,
        ],
    );
}

#[test]
fn functions_are_compared_as_they_answer() {
    fires(
        "L-36",
        &[
            (r#"startsWith~(x, "")"#, r#""""#, ""),
            (r#"stringContains(x, "") or y == 1"#, r#""""#, ""),
        ],
    );
    fires(
        "L-38",
        &[
            (r#"indexOf(x, "a") > 0"#, r#"indexOf(x, "a") > 0"#, r#"indexOf(x, "a") >= 0"#),
            (r#"indexOf(x, "a") != -1"#, r#"indexOf(x, "a") != -1"#, r#"indexOf(x, "a") != null"#),
        ],
    );
    fires(
        "L-39",
        &[
            (r#"substring(x, 0, 3) == "abcd""#, r#""abcd""#, ""),
            (r#"substring(x, -3, -1) : "abc""#, r#""abc""#, ""),
        ],
    );
    silent("L-36", &[r#"startsWith(x, "a")"#, r#"x == """#]);
    silent("L-38", &[r#"indexOf(x, "a") >= 0"#, r#"indexOf(x, "a") > 1"#, r#"length(x) > 0"#]);
    silent(
        "L-39",
        &[
            r#"substring(x, 0, 4) == "abcd""#,
            r#"substring(x, 0, -1) == "abcd""#,
            r#"substring(x, 1) == "a""#,
        ],
    );
}

#[test]
fn numbers_are_computed_and_compared_as_numbers() {
    fires(
        "L-31",
        &[
            ("network.bytes / 4 == 1", "network.bytes / 4", "network.bytes / 4.0 == 1"),
            ("100 / process.pid > 3", "100 / process.pid", "100.0 / process.pid > 3"),
        ],
    );
    fires("L-32", &[(r#"user.id >= "1000""#, r#"user.id >= "1000""#, "number(user.id) >= 1000")]);
    silent(
        "L-31",
        &["network.bytes / 4.0 == 1", "network.bytes / 1024 >= 5", "network.bytes * 4 == 1"],
    );
    silent("L-32", &[r#"user.id == "1000""#, r#"user.name > "m""#, "process.pid > 4"]);
}

#[test]
fn alternatives_fit_one_list() {
    fires(
        "L-34",
        &[
            (
                r#"x : "a" or x : ("b", "c")"#,
                r#"x : "a" or x : ("b", "c")"#,
                r#"x : ("a", "b", "c")"#,
            ),
            (
                r#"(x == "a" or x == "b") and y == 1"#,
                r#"x == "a" or x == "b""#,
                r#"(x in ("a", "b")) and y == 1"#,
            ),
        ],
    );
    silent(
        "L-34",
        &[r#"x : "a" or y : "b""#, r#"x : "a" or x == "b""#, r#"x : "a" or not x : "b""#],
    );
}

#[test]
fn characters_are_what_they_seem() {
    fires(
        "L-48",
        &[
            ("x == \"a\u{a0}b\"", "\"a\u{a0}b\"", ""),
            ("x : \"ab\u{200b}\"", "\"ab\u{200b}\"", ""),
            ("x == \"p\u{430}ypal\"", "\"p\u{430}ypal\"", ""),
        ],
    );
    fires("L-47", &[("x : \"M\u{fc}ller\"", "\"M\u{fc}ller\"", "")]);
    // Words of another script, and what is written as an escape, are meant.
    silent(
        "L-48",
        &[
            "x == \"\u{41e}\u{43b}\u{44c}\u{433}\u{430}\"",
            r#"x == "a\u{a0}b""#,
            "x == \"M\u{fc}ller\"",
        ],
    );
    silent(
        "L-47",
        &["x == \"M\u{fc}ller\"", "x : (\"M\u{fc}ller\", \"M\u{dc}LLER\")", "x : \"\u{4e2d}\""],
    );
}

#[test]
fn exclusions_have_an_effect() {
    fires(
        "L-55",
        &[
            (
                r#"process.name : "a" and not (process.name : "b" and y == 1)"#,
                r#"process.name : "b""#,
                "",
            ),
            (
                r#"y == 1 and not (process.name : "a" and process.name : "b")"#,
                r#"process.name : "b""#,
                "",
            ),
        ],
    );
    fires(
        "L-56",
        &[
            (r#"process.name : "a" and not process.name : "b""#, r#""b""#, ""),
            (
                r#"file.extension == "timer" and not (file.extension in ("swp", "x") or y == 1)"#,
                r#""swp""#,
                "",
            ),
        ],
    );
    fires("L-57", &[(r#"file.path : ("/tmp/*", "/") and file.path : "*.sh""#, r#""/""#, "")]);
    silent("L-55", &[r#"process.name : ("a", "b") and not (process.name : "b" and y == 1)"#]);
    silent(
        "L-56",
        &[
            r#"process.name : "a*" and not process.name : "*b""#,
            r#"process.args : "a" and not process.args : "b""#,
        ],
    );
    silent(
        "L-57",
        &[
            r#"process.name : ("a", "b") and (process.name : "a" and y == 1 or process.name : "b" and y == 2)"#,
        ],
    );
}

#[test]
fn sequences_have_span_and_keys() {
    fire(
        &[
            ("sequence by x [a where true] [b where true]", "L-10", "sequence", ""),
            ("sequence with maxspan=1m [a where true] [b where true]", "L-11", "sequence", ""),
            (
                "sequence by host.id [a where x == 1] [a  where x==1 /* again */]",
                "L-17",
                "[a  where x==1 /* again */]",
                "",
            ),
            ("sequence by process.pid [a where true] [b where true]", "L-42", "process.pid", ""),
            (
                "sequence by host.id [a where true] by host.id [b where true] by host.id",
                "L-43",
                "host.id",
                "",
            ),
            (
                "sequence [a where true] by x, y [b where true] by y, x",
                "L-44",
                "y, x",
                "sequence [a where true] by x, y [b where true] by x, y",
            ),
            ("any where true | head 50", "L-45", "| head 50", "any where true | head 10"),
            (
                r#"process where event.category == "process" and x == 1"#,
                "L-30",
                r#"event.category == "process""#,
                "",
            ),
        ],
        "",
    );
    let sound = [
        "sequence by host.id, process.pid with maxspan=1m [a where x == 1] [a where x == 2]",
        "sequence with maxspan=1m [a where true] by x [b where true] by y",
        "sequence by process.pid with maxspan=1m [a where true] [b where true] until [c where true]",
        "any where true | tail 5",
        r#"process where event.category == "file""#,
    ];
    for code in ["L-10", "L-11", "L-17", "L-42", "L-43", "L-44", "L-45", "L-30"] {
        stay_silent(code, &sound, "");
    }
}

#[test]
fn fields_belong_to_the_category() {
    let rows = [
        ("file where dll.name : \"a\"", "L-61", "dll.name", ""),
        ("process where x == 1 and not dns.question.name : \"a\"", "L-61", "dns.question.name", ""),
        (
            "sequence by host.id [network where registry.path : \"HK*\"] [b where true]",
            "L-61",
            "registry.path",
            "",
        ),
    ];
    fire(&rows, "");
    let sound = [
        "any where dll.name : \"a\"",
        "library where dll.name : \"a\"",
        "network where dns.question.name : \"a\"",
        "configuration where registry.path : \"HK*\"",
    ];
    stay_silent("L-61", &sound, "");
    // What the events have is no mistake.
    let events = r#"{"event":{"category":"file"},"dll":{"name":"a"}}"#;
    stay_silent("L-61", &["file where dll.name : \"a\""], events);
}

#[test]
fn the_look_back_holds_the_span() {
    let rule = |from: &str, interval: &str, span: &str| {
        format!(
            "name = \"r\"\nfrom = \"{from}\"\ninterval = \"{interval}\"\nlanguage = \"eql\"\ntype = \
             \"eql\"\nquery = '''\nsequence by host.id with maxspan={span} [a where true] [b where true]\n'''\n"
        )
    };
    let level = |text: &str| {
        let found = lint(text, "").1;
        found.iter().find(|f| f.kind.code() == "L-27").map(|f| f.kind.severity())
    };
    for (from, interval, span, expected) in [
        ("now-9m", "5m", "1m", None),
        ("now-10m", "5m", "5m", None),
        ("now-9m", "5m", "5m", Some(Severity::Info)),
        ("now-1h", "30m", "1h", Some(Severity::Warning)),
        ("now-5m", "5m", "1d", Some(Severity::Warning)),
        ("2026-01-01", "5m", "1d", None),
    ] {
        assert_eq!(level(&rule(from, interval, span)), expected, "{from} {interval} {span}");
    }
    // A query without a rule has no schedule.
    assert_eq!(level("sequence by x with maxspan=1d [a where true] [b where true]"), None);
}

#[test]
fn hostile_queries_are_linted_without_trouble() {
    let deep = format!("any where {}x : \"a\"{}", "not (".repeat(95), ")".repeat(95));
    let long =
        format!("any where {}", vec![r#"process.name : ("a*", "*b?c", "d")"#; 3000].join(" and "));
    let list: Vec<_> = (0..3000).map(|n| format!("\"*{n}?\"")).collect();
    let wide = format!(
        "any where process.name : ({}) and not process.name : ({})",
        list.join(","),
        list.join(",")
    );
    for query in [deep, long, wide] {
        let start = std::time::Instant::now();
        let (_, found) = lint(&query, "");
        assert!(!found.iter().any(|found| found.kind.severity() == Severity::Error));
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }
}
