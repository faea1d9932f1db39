//! Each lint of the data fires on its mistake, with the counts of the events, and not beside it.

use super::*;
use crate::diag::Severity::{self, Info, Warning};
use crate::ingest::load;
use crate::join::Trails;
use crate::lint::Allowed;
use crate::rule::{self, IndexPatterns};
use crate::run::{Options, compile, search};
use crate::schema::{Mapping, Schema};

/// What is told of a rule over events.
fn told(text: &str, events: &str) -> (String, Vec<Diagnostic>) {
    let (rule, document) = rule::read(text);
    assert_eq!(document, [], "{text}");
    let (mapping, store) = (Mapping::default(), load(events).store);
    let options = Options::default().for_rule(&rule);
    let compiled = compile(&rule.query, &mapping, &store, &options);
    let (Some(plan), Some(checked)) = (&compiled.plan, &compiled.checked) else {
        panic!("{text}: {:?}", compiled.findings);
    };
    let (mut recording, mut trails) = (Recording::default(), Trails::default());
    let patterns = IndexPatterns::new(&rule.indices);
    let found = search(plan, &store, &patterns, &options, &mut recording, &mut trails);
    let schema = Schema { mapping: &mapping, values: &store };
    let text =
        lint::Context { source: &rule.query, tree: &compiled.tree, checked, schema, rule: &rule };
    let allowed = Allowed::default();
    let of_text = lint::findings(&compiled, &rule, &mapping, &store, &allowed);
    let context = Context {
        text,
        store: &store,
        plan,
        recording: &recording,
        found: &found,
        trails: &trails,
    };
    let all = lint::silence(add(of_text, &context), &rule.query, &allowed);
    (rule.query.clone(), all)
}

/// Query, level, text of the span, a part of the message, the query after the fix (empty: none).
type Row<'r> = (&'r str, Severity, &'r str, &'r str, &'r str);

fn fire(code: &str, events: &str, rows: &[Row<'_>]) {
    for (query, level, place, part, after) in rows {
        let (source, all) = told(query, events);
        let of_code: Vec<_> = all.iter().filter(|found| found.kind.code() == code).collect();
        let found = of_code.iter().find(|found| found.kind.message().contains(part));
        let Some(found) = found else { panic!("{query}: no {code} with `{part}` in {all:#?}") };
        assert_eq!(found.kind.severity(), *level, "{query}");
        assert_eq!(found.span.text(&source), *place, "{query}");
        let mended = found.fixes.first().map(|fix| {
            let (span, text) = &fix.edits[0];
            let mut mended = source.clone();
            mended.replace_range(span.start as usize..span.end as usize, text);
            mended
        });
        assert_eq!(mended.as_deref().unwrap_or_default(), *after, "{query}");
        if let Some(mended) = mended {
            silent(code, events, &[&mended]);
        }
    }
}

fn silent(code: &str, events: &str, queries: &[&str]) {
    for query in queries {
        let (_, all) = told(query, events);
        let found = all.iter().find(|found| found.kind.code() == code);
        assert_eq!(found, None, "{query}");
    }
}

/// One event a line: `second field=value …`; a value is JSON, a field without one is null.
fn events(lines: &[&str]) -> String {
    let event = |line: &&str| {
        let mut words = line.split(' ');
        let seconds: u32 = words.next().unwrap().parse().unwrap();
        let members: String = words
            .map(|word| word.split_once('=').unwrap())
            .map(|(name, value)| format!(",\"{name}\":{value}"))
            .collect();
        format!("{{\"@timestamp\":{}{members}}}\n", u64::from(seconds) * 1000 + 1_000_000)
    };
    lines.iter().map(event).collect()
}

#[test]
fn case_variants_are_counted_by_what_they_would_change() {
    let windows = events(&[
        r#"0 n="cmd.exe" u="SYSTEM" process.name="Cmd.exe""#,
        r#"1 n="CMD.EXE" u="System" process.name="x""#,
        r#"2 n="Cmd.exe" u="bob" a=1"#,
        r#"3 n="sh" u="BOB""#,
    ]);
    fire(
        "L-03",
        &windows,
        &[
            (
                r#"any where n == "cmd.exe""#,
                Warning,
                "==",
                "`n` is also `CMD.EXE`, `Cmd.exe`: without regard to case 2 more events would match",
                r#"any where n : "cmd.exe""#,
            ),
            (
                r#"any where a == 1 and n in ("cmd.exe", "x")"#,
                Warning,
                "in",
                "1 more event would match",
                r#"any where a == 1 and n in~ ("cmd.exe", "x")"#,
            ),
            (
                r#"any where n like "c*.exe""#,
                Warning,
                "like",
                "`CMD.EXE`, `Cmd.exe`",
                r#"any where n like~ "c*.exe""#,
            ),
            (
                r#"any where u != "SYSTEM""#,
                Warning,
                "!=",
                "1 fewer event would match",
                r#"any where not u : "SYSTEM""#,
            ),
            (
                r#"any where not u == "SYSTEM" and n != null"#,
                Warning,
                "==",
                "1 fewer event would match",
                r#"any where not u : "SYSTEM" and n != null"#,
            ),
            (r#"any where "cmd.exe" == n"#, Warning, "==", "2 more events would match", ""),
            (
                r#"sequence [any where n == "cmd.exe"] [any where u : "bob"]"#,
                Warning,
                "==",
                "2 more events would pass stage 1",
                r#"sequence [any where n : "cmd.exe"] [any where u : "bob"]"#,
            ),
            (
                r#"any where not (startsWith(n, "cmd")) and u != null"#,
                Warning,
                "startsWith",
                "`CMD.EXE`, `Cmd.exe`: without regard to case 2 fewer events would match",
                r#"any where not (startsWith~(n, "cmd")) and u != null"#,
            ),
            (
                r#"any where process.name == "cmd.exe" and a == 1"#,
                Info,
                "==",
                "no event has it as it is written",
                r#"any where process.name : "cmd.exe" and a == 1"#,
            ),
        ],
    );
    silent(
        "L-03",
        &windows,
        &[
            r#"any where n : "cmd.exe""#,
            r#"any where n in ("cmd.exe", "CMD.EXE", "Cmd.exe")"#,
            r#"any where n == "cmd.exe" and u == "SYSTEM""#,
            r#"any where n == "cmd""#,
            r#"any where startsWith~(n, "cmd") and length(n) == 3"#,
            r#"any where startsWith(n, "sh")"#,
            r#"any where n == "sh" and u like "B*""#,
        ],
    );
}

#[test]
fn case_counts_among_files_unless_they_are_of_windows() {
    let events = events(&[
        r#"0 process.name="openssl" user.name="root" process.args="-a" file.name="a.exe""#,
        r#"1 process.name="OpenSSL" user.name="Root" host.os.type="linux" file.name="A.exe""#,
        r#"2 process.args="-A" host.os.type="windows""#,
    ]);
    for (query, level) in [
        (r#"any where process.name OP "openssl""#, Info),
        (r#"any where user.name OP "root""#, Warning),
        (r#"any where process.args OP "-a""#, Warning),
        (r#"any where file.name OP "a.exe""#, Warning),
    ] {
        let written = |operator| query.replace("OP", operator);
        fire("L-03", &events, &[(&written("=="), level, "==", "1 more event", &written(":"))]);
    }
}

#[test]
fn a_field_in_no_event_gets_the_near_name_of_one() {
    let events = events(&[r#"0 winlog.event_data.Sizes="a""#]);
    let rows = [(
        r#"any where winlog.event_data.Size == "a""#,
        Warning,
        "winlog.event_data.Size",
        "did you mean `winlog.event_data.Sizes`?",
        r#"any where winlog.event_data.Sizes == "a""#,
    )];
    fire("L-08", &events, &rows);
}

const STEPS: &[&str] = &[
    r#"0 s="a" k=1 host.id="h""#,
    r#"1 s="a" k=2"#,
    r#"2 s="b" k=1"#,
    r#"3 s="b" k=3"#,
    r#"4 s="b" k=4 o=1 host.id="h""#,
    r#"5 s="c" k=5 host.id="h""#,
    r#"6 s="c" k=6 host.id="h""#,
    r#"7 s="d""#,
];

#[test]
fn required_keys_that_events_lack_are_counted() {
    fire(
        "L-12",
        &events(STEPS),
        &[
            (
                r#"sequence by host.id [any where s == "a"] [any where s == "d"]"#,
                Warning,
                "host.id",
                "`host.id` is missing in the one event of stage 2: an event without it takes no part",
                "",
            ),
            (
                r#"sequence by host.id [any where s == "b"] [any where s == "c"]"#,
                Info,
                "host.id",
                "missing in 2 of the 3 events of stage 1",
                "",
            ),
            (
                r#"sequence with maxspan=1m [any where s == "a"] by k ![any where s == "b"] by o [any where s == "c"] by k"#,
                Info,
                "o",
                "missing in 2 of the 3 events of stage 2",
                "",
            ),
            (
                r#"sample by o [any where s == "b"] [any where s == "c"]"#,
                Warning,
                "o",
                "in 2 of the 3 events of stage 1 and in all 2 events of stage 2",
                "",
            ),
        ],
    );
    silent(
        "L-12",
        &events(STEPS),
        &[
            r#"sequence by k [any where s == "a"] [any where s == "b"]"#,
            r#"sequence by host.id [any where s == "a"] [any where s == "c"]"#,
            r#"sequence by ?host.id [any where s == "b"] [any where s == "d"]"#,
            r#"sequence by host.id [any where s == "x"] [any where s == "c"]"#,
        ],
    );
}

#[test]
fn optional_keys_that_most_events_lack_make_one_group() {
    fire(
        "L-13",
        &events(STEPS),
        &[
            (
                r#"sequence by ?o [any where s == "a"] [any where s == "b"]"#,
                Warning,
                "?o",
                "`o` is missing in 4 of the 5 events of the stages",
                "",
            ),
            (
                r#"sequence by k, ?o [any where s == "a"] [any where s == "c"]"#,
                Info,
                "?o",
                "missing in all the 4 events",
                "",
            ),
        ],
    );
    silent(
        "L-13",
        &events(STEPS),
        &[
            r#"sequence by o [any where s == "a"] [any where s == "b"]"#,
            r#"sequence by ?k [any where s == "a"] [any where s == "b"]"#,
            r#"sequence by ?host.id [any where s == "a"] [any where s == "c"]"#,
        ],
    );
}

#[test]
fn a_filter_without_events_names_the_part_to_blame() {
    let a_and = |part: &str| format!(r#"sequence [any where s == "a"] [any where {part}]"#);
    fire(
        "L-14",
        &events(STEPS),
        &[
            (
                &a_and(r#"s == "b" and registry.path == "x""#),
                Warning,
                r#"registry.path == "x""#,
                "stage 2 matches none of the 8 events: no event has `registry.path`",
                "",
            ),
            (
                &a_and(r#"s == "b" and host.id : "x*""#),
                Warning,
                r#"host.id : "x*""#,
                "`host.id : \"x*\"` alone holds in none; `host.id` is `h`",
                "",
            ),
            (
                &a_and(r#"k == 3 and (s == "d" or s == "c") and k < 9"#),
                Warning,
                "k == 3",
                "2 events pass all but `k == 3`",
                "",
            ),
            (
                &a_and(r#"s == "b" and k > 4 and s != "c""#),
                Warning,
                "k > 4",
                "3 events pass all but `k > 4`",
                "",
            ),
            (
                &a_and(r#"s == "d" and k == 1 and o == 1"#),
                Warning,
                "k == 1",
                "what stands before `k == 1` holds in 1 event, none of them among the 2 for which `k == 1` holds",
                "",
            ),
            (
                r#"sequence [any where s == "a"] [process where true]"#,
                Warning,
                "process where",
                "none has the category `process`",
                "",
            ),
            (&a_and("1 == 2"), Warning, "1 == 2", "is false whatever the event", ""),
            // A field that nobody knows is a warning of its own.
            (&a_and("x.y == 1"), Info, "x.y == 1", "no event has `x.y`", ""),
            // Nothing of the sequence is there: other events.
            (
                r#"sequence [any where s == "x"] [any where s == "y"]"#,
                Info,
                r#"s == "x""#,
                "stage 1 matches none",
                "",
            ),
            (
                r#"sequence with maxspan=1m [any where s == "a"] ![any where s == "x"]"#,
                Info,
                r#"s == "x""#,
                "stage 2 matches none",
                "",
            ),
            (
                r#"sequence [any where s == "a"] [any where s == "b"] until [any where s == "x"]"#,
                Info,
                r#"s == "x""#,
                "`until` matches none",
                "",
            ),
            (r#"any where s == "x""#, Info, r#"s == "x""#, "the query matches none of the 8", ""),
            (
                r#"sample by k [any where s == "a"] [any where s == "x"]"#,
                Warning,
                r#"s == "x""#,
                "stage 2",
                "",
            ),
        ],
    );
    silent("L-14", &events(STEPS), &[r#"any where s == "a""#, &a_and(r#"s == "b""#)]);
}

#[test]
fn a_rule_that_searches_none_of_the_events_says_only_that() {
    let rule = "[rule]\nlanguage = \"eql\"\ntype = \"eql\"\nindex = [\"logs-a-*\"]\n\
                query = '''any where s == \"x\"'''\n";
    let event = r#"{"_index":"logs-b-1","_source":{"s":"a"}}"#;
    let (_, all) = told(rule, event);
    let messages: Vec<_> = all.iter().map(|found| found.kind.message()).collect();
    assert_eq!(messages, ["none of the 1 event is in an index that the rule searches"]);
}

#[test]
fn until_that_cannot_act_or_always_does() {
    let steps = events(STEPS);
    fire(
        "L-15",
        &steps,
        &[
            (
                r#"sequence by k [any where s == "a"] [any where s == "b"] until [any where s == "d"]"#,
                Warning,
                "k",
                "`until` can never act: `k` is missing in the one event of `until`",
                "",
            ),
            (
                r#"sequence by k [any where s == "a"] [any where s == "b"] until [any where s == "c"]"#,
                Info,
                r#"[any where s == "c"]"#,
                "none of the 2 events of `until` has the keys of one of stage 1",
                "",
            ),
        ],
    );
    silent(
        "L-15",
        &steps,
        &[
            r#"sequence by k [any where s == "a"] [any where s == "c"] until [any where s == "b"]"#,
            r#"sequence by ?k [any where s == "a"] [any where s == "b"] until [any where s == "d"]"#,
            r#"sequence [any where s == "a"] [any where s == "b"] until [any where s == "c"]"#,
        ],
    );
    fire(
        "L-16",
        &steps,
        &[
            (
                r#"sequence [any where s == "a"] [any where s == "b"] [any where s == "c"] until [any where k < 9 and s != "c"]"#,
                Warning,
                r#"[any where k < 9 and s != "c"]"#,
                "`until` also matches 3 of the 3 events of stage 2",
                "",
            ),
            (
                r#"sequence [any where s == "a"] [any where s == "b"] until [any where k == 2]"#,
                Info,
                "[any where k == 2]",
                "1 of the 2 events of stage 1",
                "",
            ),
        ],
    );
    silent(
        "L-16",
        &steps,
        &[
            r#"sequence [any where s == "a"] [any where s == "b"] until [any where s == "b"]"#,
            r#"sequence with maxspan=1m [any where s == "a"] ![any where s == "b"] [any where s == "c"] until [any where s == "b"]"#,
        ],
    );
}

#[test]
fn stages_with_the_same_events_are_told_where_the_text_does_not_tell() {
    let steps = events(STEPS);
    let rows = [(
        r#"sequence [any where s == "b"] [any where s : "B"] [any where s == "c"]"#,
        Info,
        r#"[any where s : "B"]"#,
        "stage 2 matches the same 3 events as stage 1",
        "",
    )];
    fire("L-17", &steps, &rows);
    let silent_ones = [
        r#"sequence [any where s == "b"] [any where s == "c"]"#,
        r#"sequence [any where s == "d"] [any where s : "D"]"#,
        r#"sequence [any where s == "b"] with runs=3"#,
        r#"sequence with maxspan=1m [any where s == "b"] ![any where s : "B"]"#,
    ];
    silent("L-17", &steps, &silent_ones);
}

#[test]
fn starts_that_overwrite_one_another_are_counted() {
    let mut lines: Vec<String> = (0..40).map(|at| format!("{at} s=\"a\"")).collect();
    lines.push("50 s=\"b\" o=1".into());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let many = events(&lines);
    let rows = [(
        r#"sequence [any where s == "a"] [any where s == "b"]"#,
        Info,
        r#"[any where s == "a"]"#,
        "stage 1 matches 40 events, stage 2 only 1: 39 starts were overwritten by newer ones",
        "",
    )];
    fire("L-18", &many, &rows);
    let silent_ones = [
        r#"sequence [any where s == "b"] [any where s == "a"]"#,
        r#"sequence [any where s == "a"] with runs=3"#,
        r#"sequence [any where s == "a"] [any where s == "x"]"#,
    ];
    silent("L-18", &many, &silent_ones);
    silent("L-18", &events(lines.get(30..).unwrap()), &silent_ones);
}

/// Spec §7.44, and the same where the machine does find the later event by itself.
#[test]
fn discarded_matches_that_a_later_event_would_have_saved() {
    let retry = events(&[r#"1 s="A""#, r#"2 s="B""#, r#"3 s="M""#, r#"4 s="B""#, r#"5 s="C""#]);
    let query = r#"sequence with maxspan=9s [any where s == "A"] [any where s == "B"] ![any where s == "M"] [any where s == "C"]"#;
    let row = |part| (query, Warning, r#"![any where s == "M"]"#, part, "");
    fire("L-19", &retry, &[row("1 complete sequence was discarded because of stage 3")]);
    fire("L-19", &retry, &[row("(event `3`)")]);
    let short = r#"sequence with maxspan=9s [any where s == "B"] ![any where s == "M"] [any where s == "C"]"#;
    silent("L-19", &retry, &[short]);
    // The event was there, and nothing could have been done about it.
    for lines in [
        &[r#"1 s="A""#, r#"2 s="B""#, r#"3 s="M""#, r#"5 s="C""#][..],
        &[r#"1 s="A""#, r#"2 s="B""#, r#"3 s="B""#, r#"4 s="M""#, r#"5 s="C""#],
        &[r#"1 s="A""#, r#"2 s="B""#, r#"3 s="M""#, r#"5 s="C""#, r#"6 s="B""#],
    ] {
        silent("L-19", &events(lines), &[query]);
    }
    let of_others = events(&[
        r#"1 s="A" k=1"#,
        r#"2 s="B" k=1"#,
        r#"3 s="M" k=1"#,
        r#"4 s="B" k=2"#,
        r#"5 s="C" k=1"#,
    ]);
    silent("L-19", &of_others, &[&query.replace("with", "by k with")]);
}

#[test]
fn windows_and_spans_beyond_the_events() {
    let steps = events(STEPS);
    let rows = [(
        r#"sequence with maxspan=5s [any where s == "b"] ![any where s == "d"]"#,
        Info,
        r#"![any where s == "d"]"#,
        "before the window of 1 of 2 matches closes",
        "",
    )];
    fire("L-20", &events(&[r#"0 s="b""#, r#"6 s="b""#, r#"7 s="x""#]), &rows);
    silent(
        "L-20",
        &steps,
        &[r#"sequence with maxspan=5s [any where s == "a"] ![any where s == "x"]"#],
    );
    let row = |query, place, part| (query, Info, place, part, "");
    let query = r#"sequence with maxspan=30d [any where s == "a"] [any where s == "b"]"#;
    fire("L-21", &steps, &[row(query, "30d", "reach over 7 s, less than the 30 d of `maxspan`")]);
    silent("L-21", &steps, &[&query.replace("30d", "7s"), &query.replace(" with maxspan=30d", "")]);
    silent("L-21", &events(&[r#"0 s="a""#]), &[query]);
}

#[test]
fn any_is_told_where_one_category_would_do() {
    let events = events(&[
        r#"0 event.category="process" x=1"#,
        r#"1 event.category="process" x=1"#,
        r#"2 event.category=["file","process"] x=2 y=1"#,
        r#"3 x=3 y=1"#,
    ]);
    let rows = [("any where x == 1", Info, "any", "all 2 matching", "process where x == 1")];
    fire("L-29", &events, &rows);
    let queries =
        ["any where x > 0", "process where x == 1", "any where x == 2", "any where y == 1"];
    silent("L-29", &events, &queries);
}

#[test]
fn bounds_that_different_values_satisfy() {
    let events = events(&["0 n=[50,300] m=5", "1 n=[150,300] m=6", "2 n=[1,2]"]);
    let rows = [(
        "any where m > 1 and n > 100 and n < 200",
        Warning,
        "n > 100 and n < 200",
        "in 1 event different values of `n`",
        "",
    )];
    fire("L-33", &events, &rows);
    let queries = [
        "any where n > 100 and n < 400",
        "any where m > 1 and m < 9",
        "any where n > 100 or n < 200",
        "any where n > 100 and n > 200",
    ];
    silent("L-33", &events, &queries);
}

#[test]
fn length_counts_letters() {
    let events = events(&[
        r#"0 process.args=["a","b"] process.args_count=2 process.command_line="ab" l=["x","y"]"#,
    ]);
    let rows = [
        (
            "any where length(process.args) > 3",
            Warning,
            "length(process.args)",
            "`process.args` has several values in 1 event",
            "any where process.args_count > 3",
        ),
        ("any where 2 == length(l)", Warning, "length(l)", "several values in 1 event", ""),
    ];
    fire("L-37", &events, &rows);
    let queries = [
        "any where length(process.command_line) > 3",
        "any where length(process.args) > 0",
        "any where length(process.args) >= 500",
        "any where process.args_count > 3",
    ];
    silent("L-37", &events, &queries);
}

#[test]
fn texts_that_are_no_numbers() {
    let events = events(&[r#"0 x="12""#, r#"1 x="n/a""#]);
    let row = ("any where number(x) > 9", Warning, "number(x) > 9", "in 1 event", "");
    fire("L-40", &events, &[row]);
}

#[test]
fn equal_times_in_a_match() {
    let tied = events(&[r#"1 s="a" t=1"#, r#"1 s="b" t=2"#, r#"2 s="a""#, r#"3 s="b""#]);
    let query = r#"sequence [any where s == "a"] [any where s == "b"]"#;
    let row = (query, Info, "sequence", "1 of 2 matches has events of one time", "");
    fire("L-41", &tied, &[row]);
    let rule = format!(
        "[rule]\nlanguage = \"eql\"\ntype = \"eql\"\ntiebreaker_field = \"t\"\nquery = '''{query}'''\n"
    );
    silent("L-41", &tied, &[&rule, r#"sequence [any where s == "b"] [any where s == "a"]"#]);
}

#[test]
fn what_the_data_say_is_told_once() {
    let events = events(&[r#"0 process.name="CMD.EXE""#, r#"1 process.name="cmd.exe""#]);
    let (_, all) = told(r#"any where process.name == "cmd.exe""#, &events);
    assert_eq!(all.iter().filter(|found| found.kind.code() == "L-03").count(), 1);
}
