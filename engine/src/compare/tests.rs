//! What is said of each kind of change.

use std::fmt::Write as _;

use crate::desk::Desk;
use crate::wire::compare::{Changes, ClausePair, ClauseState, Comparison, Setting};

/// Ids are the positions.
fn desk(events: &[&str]) -> Desk {
    let mut text = String::new();
    for (at, event) in events.iter().enumerate() {
        let second = format!("2026-01-01T00:00:{at:02}Z");
        let rest = event.trim_start_matches('{');
        let _ = writeln!(text, "{{\"@timestamp\":\"{second}\",{rest}");
    }
    let mut desk = Desk::new();
    desk.load(&text);
    desk
}

/// Category, name, host and a number: `p sh h1 7`.
fn events(lines: &str) -> Desk {
    let event = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let category = if words[0] == "p" { "process" } else { "network" };
        let name = if words[1] == "-" {
            String::new()
        } else {
            format!("\"process\":{{\"name\":\"{}\"}},", words[1])
        };
        let (host, n) = (words[2], words[3]);
        let index = words.get(4).map_or(String::new(), |index| format!(",\"_index\":\"{index}\""));
        format!(
            "{{\"event\":{{\"category\":\"{category}\"}},{name}\"host\":{{\"id\":\"{host}\"}},\"n\":{n}{index}}}"
        )
    };
    let lines: Vec<String> = lines.split(';').map(event).collect();
    desk(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

fn ids(changes: &Changes) -> String {
    let rows = changes.rows.iter().map(|row| {
        let old = row.old_ids.join(">");
        format!("{old}{}{}", if old.is_empty() { "" } else { "=>" }, row.ids.join(">"))
    });
    rows.collect::<Vec<_>>().join(" ")
}

/// Gained, lost and changed on one line, then each reason, then the sentence.
fn told(comparison: &Comparison) -> String {
    let mut text = format!(
        "+[{}] -[{}] ~[{}] ={}",
        ids(&comparison.gained),
        ids(&comparison.lost),
        ids(&comparison.changed),
        comparison.unchanged.total
    );
    for list in [&comparison.gained, &comparison.lost, &comparison.changed] {
        for row in &list.rows {
            let _ = write!(text, "\n  {}", row.why);
        }
    }
    let _ = write!(text, "\n  {}", comparison.sentence);
    text
}

/// Events of every kind that the tables ask about.
const EVENTS: &str = "p sh h1 1; p bash h1 2; p curl h2 3; n curl h2 4; p - h2 5; p wget h1 9";

#[test]
fn every_kind_of_change_of_a_query_names_what_decided() {
    let desk = events(EVENTS);
    for (old, new, expected) in [
        (
            // A literal.
            "process where process.name == \"sh\"",
            "process where process.name == \"bash\"",
            "+[1] -[0] ~[] =0
  clause 2 changed from `process.name == \"sh\"` to `process.name == \"bash\"`
  clause 2 changed from `process.name == \"sh\"` to `process.name == \"bash\"`
  The new version gains 1 and loses 1 of 1 match; clause 2 changed from `process.name == \"sh\"` to `process.name == \"bash\"` and decides both.",
        ),
        (
            // An operator.
            "process where n > 2",
            "process where n >= 2",
            "+[1] -[] ~[] =3
  clause 2 changed from `n > 2` to `n >= 2`
  The new version gains 1 match and keeps the 3 of the old one; clause 2 changed from `n > 2` to `n >= 2` and decides it.",
        ),
        (
            // A `not`.
            "process where n < 3 and process.name == \"sh\"",
            "process where n < 3 and not process.name == \"sh\"",
            "+[1] -[0] ~[] =0
  clause 3 changed from `process.name == \"sh\"` to `not process.name == \"sh\"`
  clause 3 changed from `process.name == \"sh\"` to `not process.name == \"sh\"`
  The new version gains 1 and loses 1 of 1 match; clause 3 changed from `process.name == \"sh\"` to `not process.name == \"sh\"` and decides both.",
        ),
        (
            // A clause that goes.
            "process where n > 2 and process.name != null",
            "process where n > 2",
            "+[4] -[] ~[] =2
  clause 3 of the old version `process.name != null` was removed
  The new version gains 1 match and keeps the 2 of the old one; clause 3 of the old version `process.name != null` was removed and decides it.",
        ),
        (
            // A clause that comes, under an `or`: nothing of the old version explains it.
            "process where n == 1",
            "process where n == 1 or process.name like \"w*\"",
            "+[5] -[] ~[] =1
  clause 3 `process.name like \"w*\"` was added
  The new version gains 1 match and keeps the 1 of the old one; clause 3 `process.name like \"w*\"` was added and decides it.",
        ),
        (
            // The category.
            "process where process.name == \"curl\"",
            "network where process.name == \"curl\"",
            "+[3] -[2] ~[] =0
  clause 1 changed from `process` to `network`
  clause 1 changed from `process` to `network`
  The new version gains 1 and loses 1 of 1 match; clause 1 changed from `process` to `network` and decides both.",
        ),
        (
            // The same clauses, joined otherwise.
            "process where n == 1 and process.name == \"sh\" or n == 9",
            "process where n == 1 and (process.name == \"sh\" or n == 9)",
            "+[] -[5] ~[] =1
  its clauses are joined otherwise
  The new version loses 1 of 2 matches; logic changed from `1 and ((2 and 3) or 4)` to `1 and 2 and (3 or 4)`, which decides it.",
        ),
        (
            // A pipe.
            "process where n > 0",
            "process where n > 0 | tail 4",
            "+[] -[0] ~[] =4
  a pipe of the new version cuts it off
  The new version loses 1 of 5 matches; pipes changed from `none` to `tail 4`, which decides it.",
        ),
        (
            "process where n > 0 | head 1",
            "process where n > 0 | tail 1",
            "+[5] -[0] ~[] =0
  a pipe of the old version cuts it off
  a pipe of the new version cuts it off
  The new version gains 1 and loses 1 of 1 match; pipes changed from `head 1` to `tail 1`, which decides both.",
        ),
        (
            // What changes and decides nothing.
            "process where n > 100",
            "process where n > 200",
            "+[] -[] ~[] =0
  Clause 2 changed from `n > 100` to `n > 200`, but neither version has a match.",
        ),
        (
            // Layout, comments, parentheses around all of it in one place.
            "process where n > 2 /* two */",
            "process  where\n (n>2)",
            "+[] -[] ~[] =3
  Both versions are the same rule, with 3 matches.",
        ),
        (
            // Another form.
            "process where n == 1",
            "sequence by host.id [process where n == 1] [process where n == 2]",
            "+[0>1] -[0] ~[] =0
  the old version searches for something else
  the new version searches for something else
  The new version gains 1 and loses 1 of 1 match; search changed from `events` to `sequences`, which decides both.",
        ),
    ] {
        let comparison = desk.compare(old, new);
        assert_eq!(told(&comparison), expected, "{old} => {new}");
        let back = desk.compare(new, old);
        assert_eq!(ids(&comparison.gained), ids(&back.lost), "{old} <= {new}");
        assert_eq!(ids(&comparison.lost), ids(&back.gained), "{old} <= {new}");
    }
}

#[test]
fn every_kind_of_change_of_a_sequence_names_what_decided() {
    let desk = events(
        "p sh h1 0; p bash h1 1; n curl h1 2; p sh h2 3; n curl h1 4; n curl h2 5; p sh h3 6; p kill h3 7; n wget h3 8; n - h4 9",
    );
    let by =
        |head: &str, first: &str, second: &str| format!("sequence {head} [{first}] [{second}]");
    let (sh, curl) = ("process where process.name == \"sh\"", "network where true");
    for (old, new, expected) in [
        (
            by("by host.id with maxspan=1s", sh, curl),
            by("by host.id with maxspan=5s", sh, curl),
            "+[0>2 3>5 6>8] -[] ~[] =0
  old version: expired: 1 s too late
  old version: expired: 1 s too late
  old version: expired: 1 s too late
  The new version gains 3 matches where the old one has none; maxspan changed from `1 s` to `5 s`, which decides all of them.",
        ),
        (
            by("by host.id", sh, curl),
            by("", sh, curl),
            "+[3>4] -[3>5] ~[] =2
  its events differ in `host.id`
",
        ),
        (
            // A stage's filter.
            by("by host.id", sh, curl),
            by("by host.id", sh, "network where process.name == \"wget\""),
            "+[] -[0>2 3>5] ~[] =1
  clause 4 (stage 2) `process.name == \"wget\"` was added
",
        ),
        (
            // More is let into a stage, and a newer event takes the place of the older.
            by("by host.id", sh, curl),
            by("by host.id", "process where true", curl),
            "+[] -[] ~[0>2=>1>2 6>8=>7>8] =1",
        ),
        (
            by("by host.id", sh, curl),
            by("by host.id", sh, curl) + " until [process where process.name == \"kill\"]",
            "+[] -[6>8] ~[] =2
  new version: ended by until event 7
",
        ),
        (
            by("by host.id", sh, "process where true"),
            "sequence by host.id [process where process.name == \"sh\"] [process where true] with runs=2".into(),
            "+[] -[0>1 6>7] ~[] =0",
        ),
        (
            by("by host.id", sh, curl) + " | head 1",
            by("by host.id", sh, curl),
            "+[3>5 6>8] -[] ~[] =1
  a pipe of the old version cuts it off
",
        ),
    ] {
        let comparison = desk.compare(&old, &new);
        let found = told(&comparison);
        assert!(found.starts_with(expected), "{old} => {new}\n{found}\n{expected}");
        assert!(
            [&comparison.gained, &comparison.lost, &comparison.changed]
                .iter()
                .flat_map(|list| &list.rows)
                .all(|row| !row.why.is_empty()),
            "{found}"
        );
    }
}

#[test]
fn what_documents_say_beside_their_queries_is_told_line_by_line() {
    let desk = events(
        "p sh h1 1 logs-a; p sh h1 2 logs-b; p sh h1 3 metrics-a; p sh h1 4; n sh h1 5 logs-a",
    );
    let rule =
        |more: &str| format!("[rule]\nname = \"R\"\n{more}query = '''process where n > 0'''\n");
    for (old, new, expected) in [
        (
            "index = [\"logs-*\"]\n",
            "index = [\"logs-a\", \"metrics-*\"]\n",
            "+[2] -[1] ~[] =2
  `metrics-a` is not searched by the old version
  `logs-b` is not searched by the new version
  The new version gains 1 and loses 1 of 3 matches; index patterns changed from `logs-*` to `logs-a, metrics-*`, which decides both.",
        ),
        (
            "max_signals = 20\ninterval = \"5m\"\nfrom = \"now-9m\"\n",
            "interval = \"10m\"\n",
            "+[] -[] ~[] =4
  The rule changed, but both versions have the same 4 matches.",
        ),
        (
            "",
            "event_category_override = \"host.id\"\n",
            "+[] -[0 1 2 3] ~[] =0
  clause 1 `process` reads otherwise
  clause 1 `process` reads otherwise
  clause 1 `process` reads otherwise
  clause 1 `process` reads otherwise
  The new version loses 4 of 4 matches; clause 1 `process` reads otherwise and decides all of them.",
        ),
        (
            "timestamp_field = \"event.ingested\"\ntiebreaker_field = \"n\"\n",
            "timestamp_override = \"event.ingested\"\n",
            "+[] -[] ~[] =4
  The rule changed, but both versions have the same 4 matches.",
        ),
    ] {
        let comparison = desk.compare(&rule(old), &rule(new));
        assert_eq!(told(&comparison), expected, "{old} => {new}");
        let back = desk.compare(&rule(new), &rule(old));
        let names = |comparison: &Comparison, is_old: bool| -> Vec<String> {
            let settings = comparison.settings.iter();
            let value = |s: &Setting| if is_old { s.old.clone() } else { s.new.clone() };
            settings.map(|s| format!("{}={}", s.name, value(s))).collect()
        };
        assert_eq!(names(&comparison, true), names(&back, false));
    }
    let settings = |old: &str, new: &str| -> String {
        let found = desk.compare(&rule(old), &rule(new)).settings;
        let line = |s: &Setting| format!("{}: {} => {} ({})", s.name, s.old, s.new, s.decides);
        found.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        settings(
            "max_signals = 20\ninterval = \"5m\"\nfrom = \"now-9m\"\n",
            "interval = \"10m\"\n"
        ),
        "max_signals: 20 => 100 (0)\n\
         schedule: every 5m, now-9m to now => every 10m, now-6m to now (0)"
    );
    assert_eq!(settings("index = [\"logs-*\"]\n", ""), "index patterns: logs-* => every index (1)");
    // What a query alone cannot say is no difference.
    assert!(desk.compare(&rule("max_signals = 20\n"), "process where n > 0").same_rule);
}

#[test]
fn a_broken_version_says_where_and_the_other_still_counts() {
    let desk = events(EVENTS);
    for (old, new, expected) in [
        (
            "process where n > 2",
            "process where\n n = 2",
            "The new version cannot run: `=` compares nothing (line 2, column 4). The old one has 3 matches.",
        ),
        (
            "any where",
            "sequence [any where n == 1] [any where n == 2]",
            "The new one has 1 sequence.",
        ),
        ("any where", "process where n = 2", "Neither version can run"),
        ("{\"sigma\": 1}", "any where true", "The old version cannot run"),
    ] {
        let comparison = desk.compare(old, new);
        assert!(!comparison.same_matches && !comparison.same_rule);
        assert!(comparison.sentence.contains(expected), "{}", comparison.sentence);
        assert!(comparison.old.findings.len() + comparison.new.findings.len() > 0);
    }
}

#[test]
fn clauses_pair_up_by_what_they_say_then_by_what_they_ask_of() {
    let desk = events(EVENTS);
    for (old, new, expected) in [
        (
            "process where a == 1 and b == 2 and c == 3",
            "process where c == 3 and a == 4 and d == 5",
            "1=1 -3 4=2 2>3 +4",
        ),
        // The same operator comes before the same field alone.
        ("any where n == 1 and n > 2", "any where n > 3 and n != 1", "1=1 3>2 2>3"),
        // A clause that goes to another stage is the same clause.
        (
            "sequence [any where a == 1] [any where b == 2]",
            "sequence [any where b == 2] [any where a == 1]",
            "1=1 4=2 3=3 2=4",
        ),
        ("any where not a == 1", "any where a == 1", "1=1 2>2"),
        ("any where a == 1", "any where (a==1) // it", "1=1 2=2"),
        ("any where a == \"x y\"", "any where a == \"x  y\"", "1=1 2>2"),
        ("any where a in (1, // one\n 2)", "any where a in (1, 2)", "1=1 2=2"),
        ("any where a : (\"x\", \"y\")", "any where a : (\"x\", \"z\")", "1=1 2>2"),
    ] {
        let comparison = desk.compare(old, new);
        let pair = |pair: &ClausePair| match (&pair.old, &pair.new) {
            (Some(old), Some(new)) => {
                let sign = if pair.state == ClauseState::Kept { "=" } else { ">" };
                format!("{}{sign}{}", old.number, new.number)
            }
            (Some(old), None) => format!("-{}", old.number),
            (None, new) => format!("+{}", new.as_ref().map_or(0, |new| new.number)),
        };
        let pairs: Vec<String> = comparison.clauses.iter().map(pair).collect();
        assert_eq!(pairs.join(" "), expected, "{old} => {new}");
    }
}

#[test]
fn long_rules_and_long_lists_of_matches_are_compared_in_bounds() {
    let mut desk = Desk::new();
    let events: Vec<String> = (0..5_200).map(|n| format!("{{\"n\":{n}}}")).collect();
    desk.load(&events.join("\n"));
    let comparison = desk.compare("any where n < 0", "any where n >= 0");
    let gained = &comparison.gained;
    assert_eq!((gained.total, gained.left_out, gained.rows.len()), (5_200, 5_000, 200));
    assert!(comparison.sentence.ends_with("decides the first 5000."), "{}", comparison.sentence);
    let long = |word: &str| {
        let clauses: Vec<String> = (0..1_500).map(|n| format!("f{n} == {n}{word}")).collect();
        format!("any where {}", clauses.join(" or "))
    };
    let comparison = desk.compare(&long(""), &long("0"));
    assert_eq!(comparison.clauses.iter().filter(|pair| pair.old.is_none()).count(), 1_499);
}
