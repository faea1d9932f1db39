//! Places of a query, marked by `‸`, and what is offered or said there.

use crate::complete::words::{docs, field_meaning};
use crate::complete::{Explained, Facts, Known, Suggestion, complete, explain};
use crate::funcs;
use crate::ingest::load;
use crate::schema::Mapping;
use crate::store::Store;

const EVENTS: &str = r#"
{"event":{"category":"process","type":"start"},"process":{"name":"cmd.exe","pid":4,"args":["a","a"],"Ext":{"odd-name":"x"}},"ok":true}
{"event":{"category":"process","type":"start"},"process":{"name":"cmd.exe","pid":8,"executable":"C:\\Windows\\cmd.exe"},"ok":true}
{"event":{"category":"file","type":"start"},"process":{"name":"a \"b\"*.sh"},"source":{"ip":"10.0.0.1"},"@timestamp":"2026-01-01T00:00:00Z"}
{"event":{"category":"my-own"},"host":{"os":{"type":"linux"}},"ok":false,"in":{"any":"1"}}
"#;

fn store() -> Store {
    load(EVENTS).store
}

/// The suggestions at the mark, and the text that each replaces.
fn asked(marked: &str) -> (String, Vec<Suggestion>) {
    let (store, mapping) = (store(), Mapping::default());
    let known = Known::new(&store, &mapping);
    let at = marked.find('‸').unwrap();
    let query = marked.replace('‸', "");
    let category_field = "event.category";
    let facts = Facts { store: &store, mapping: &mapping, known: &known, category_field };
    let (span, items) = complete(&query, at, &facts);
    (span.text(&query).to_owned(), items)
}

/// The first labels at the mark, on one line.
fn labels(marked: &str, n: usize) -> String {
    let labels: Vec<String> = asked(marked).1.into_iter().map(|item| item.label).collect();
    labels.iter().take(n).map(String::as_str).collect::<Vec<_>>().join(" · ")
}

/// What is said at the mark.
fn said(marked: &str) -> Option<(String, Explained)> {
    let (store, mapping) = (store(), Mapping::default());
    let known = Known::new(&store, &mapping);
    let at = marked.find('‸').unwrap();
    let query = marked.replace('‸', "");
    let category_field = "event.category";
    let facts = Facts { store: &store, mapping: &mapping, known: &known, category_field };
    explain(&query, at, &facts).map(|(span, said)| (span.text(&query).to_owned(), said))
}

#[test]
fn every_place_offers_what_may_stand_there() {
    let mut wrong = Vec::new();
    for (marked, n, expected) in [
        // The beginning: categories of the events with their counts first, then those of ECS.
        ("‸", 4, "process · file · my-own · api"),
        ("pro‸", 9, "process"),
        ("seq‸", 9, "sequence"),
        ("process ‸", 9, "where"),
        ("process wh‸", 9, "where"),
        ("sequence ‸", 9, "by · with maxspan="),
        ("sample ‸", 9, "by"),
        ("sequence by process.p‸", 1, "process.pid"),
        ("sequence by process.pid, ev‸", 1, "event.category"),
        ("sequence by process.pid ‸", 9, "with maxspan="),
        ("sequence by process.pid with ‸", 9, "maxspan="),
        ("sequence with maxspan=‸", 3, "10s · 30s · 1m"),
        ("sequence with maxspan=5‸", 9, "5ms · 5s · 5m · 5h · 5d"),
        ("sequence with maxspan=15m‸", 9, ""),
        ("sequence with maxspan=15ms‸", 9, ""),
        ("any where process.pid‸", 1, "process.pid"),
        ("sequence [pro‸", 9, "process"),
        ("sequence [ ‸ where true]", 2, "process · file"),
        ("sequence [file where true] ‸", 9, "by · with runs= · until · | head 10 · | tail 10"),
        ("sequence [file where true] with ‸", 9, "runs="),
        ("sequence [file where ok‸", 1, "ok"),
        ("sequence [file where true] [process where process.na‸ == 1]", 1, "process.name"),
        ("sequence [file where true] | ‸", 9, "head · tail"),
        // Operands: seen fields before others, what begins so before what holds it.
        (
            "any where process.‸",
            4,
            "process.name · process.pid · process.args · process.executable",
        ),
        ("any where na‸", 1, "process.name"),
        ("any where proc.exe‸", 1, "process.executable"),
        ("any where startsW‸", 2, "startsWith · startsWith~"),
        ("any where not ok and len‸", 1, "length"),
        ("any where length(process.ex‸", 1, "process.executable"),
        ("any where (process.exec‸", 1, "process.executable"),
        ("any where process.pid + process.pi‸", 1, "process.pid"),
        ("any where user.na‸", 1, "user.name"),
        ("any where cmdline‸", 1, "process.command_line"),
        ("any where commandl‸", 1, "process.command_line"),
        ("any where process.commandline‸", 1, "process.command_line"),
        // Operators by type.
        ("any where process.name ‸", 3, "== · : · in"),
        ("any where process.name li‸", 9, "like · like~"),
        ("any where process.pid ‸", 9, "== · != · < · <= · > · >= · in · not in"),
        ("any where source.ip ‸", 9, "== · != · in · not in"),
        ("any where ok ‸", 9, "== · != · and · or · | head 10 · | tail 10"),
        ("any where process.name not ‸", 9, "in · in~"),
        ("any where process.pid == 1 ‸", 9, "and · or · | head 10 · | tail 10"),
        ("sequence [any where process.pid == 1 ‸", 9, "and · or"),
        ("any where length(process.name) ‸", 2, "== · :"),
        // Values: the most frequent first, as they have to be written.
        ("any where process.name == ‸", 2, r#""cmd.exe" · "a \"b\"*.sh""#),
        ("any where process.name == \"cm‸", 9, r#""cmd.exe""#),
        ("any where process.name == cm‸", 1, r#""cmd.exe""#),
        ("any where process.executable : \"c:\\\\win‸", 9, r#""C:\\Windows\\cmd.exe""#),
        ("any where process.executable : \"C:\\Win‸", 9, r#""C:\\Windows\\cmd.exe""#),
        ("any where process.executable : \"\"\"C:\\Win‸", 9, r#""""C:\Windows\cmd.exe""""#),
        ("any where process.name regex \"a‸", 1, r#""a \\\"b\\\"\\*\\.sh""#),
        ("any where process.name in (\"x\", \"cm‸", 9, r#""cmd.exe""#),
        ("any where process.name like (\"cm‸", 9, r#""cmd.exe""#),
        ("any where startsWith(process.name, \"cm‸", 9, r#""cmd.exe""#),
        ("any where process.pid == ‸", 3, "4 · 8 · null"),
        ("any where process.pid in (‸", 9, "4 · 8"),
        ("any where ok == ‸", 9, "true · false · null"),
        ("any where event.outcome == \"‸", 9, r#""success" · "failure" · "unknown""#),
        ("any where host.os.type : \"‸", 2, r#""linux" · "macos""#),
        ("any where event.category == \"fi‸", 1, r#""file""#),
        ("any where process.args == \"‸", 9, r#""a""#),
        ("any where ok == true | he‸", 9, "head"),
        // Incomplete before the cursor and after it.
        ("any where and process.na‸ ]", 1, "process.name"),
        ("any where )) or process.na‸", 1, "process.name"),
        ("process.na‸", 9, ""),
        // Nothing here.
        ("any where a // process.na‸", 9, ""),
        ("any where /* process.na‸", 9, ""),
        ("any where /* // */ process.na‸", 1, "process.name"),
        ("any where process.pid == 4‸", 9, ""),
        ("any where tru‸", 1, "true"),
        ("any where true‸", 9, ""),
        ("any where ok an‸", 9, "and"),
        ("any where ok and‸", 9, ""),
        ("any where concat(\"a‸", 9, ""),
        ("any where process.name == \"a\" | head ‸", 9, ""),
        ("any where process.name == \"zzz‸", 9, ""),
    ] {
        let found = labels(marked, n);
        if found != expected {
            wrong.push(format!("{marked}\n  {found}\n  {expected}"));
        }
    }
    assert!(wrong.is_empty(), "place, found, expected:\n{}", wrong.join("\n"));
}

#[test]
fn a_suggestion_replaces_the_whole_word_and_no_more() {
    for (marked, replaced, inserted) in [
        ("any where proc‸ess.pid == 1", "process.pid", "process.executable"),
        ("any where process.name == \"cm‸d\" and ok", "\"cmd\"", "\"cmd.exe\""),
        ("any where process.name == \"‸ and process.name == \"x\"", "\"", "\"cmd.exe\""),
        ("fil‸", "fil", "file where "),
        ("fil‸ where true", "fil", "file where true".trim_end_matches(" where true")),
        ("my‸", "my", "\"my-own\" where "),
        ("any where odd‸", "odd", "process.Ext.`odd-name`"),
        ("any where in.a‸", "in.a", "`in`.`any`"),
        ("any where process.name i‸", "i", "in ("),
        ("any where startsW‸", "startsW", "startsWith("),
    ] {
        let (text, items) = asked(marked);
        assert_eq!(text, replaced, "{marked}");
        let all: Vec<&str> = items.iter().map(|item| item.insert.as_str()).collect();
        assert!(all.contains(&inserted), "{marked}: {all:?}");
    }
}

#[test]
fn suggestions_say_what_they_are_and_where_they_are_found() {
    let first = |marked: &str| {
        let Suggestion { label, detail, note, .. } = asked(marked).1.remove(0);
        format!("{label} | {detail} | {note}")
    };
    assert_eq!(first("any where process.na‸"), "process.name | string | in 3 of 4 events");
    assert_eq!(first("any where event.cat‸"), "event.category | string | in all events");
    assert_eq!(first("any where user.na‸"), "user.name | string | ECS, in no event");
    assert_eq!(first("any where process.name == \"c‸"), "\"cmd.exe\" |  | 2 events");
    assert_eq!(
        first("any where leng‸"),
        "length | (text) | its length in UTF-16 units; never the size of an array"
    );
    assert_eq!(first("‸"), "process |  | 2 events");
    assert_eq!(first("sequence with maxspan=5‸"), "5ms |  | 5 milliseconds");
}

#[test]
fn words_are_explained() {
    for (marked, word, expected) in [
        (
            "any where process‸.name == 1",
            "process.name",
            "string, ECS | name of the process; 3 of 4 events have a value | cmd.exe 2, a \"b\"*.sh 1",
        ),
        ("any where process.name‸ == 1", "", ""),
        (
            "any where ‸process.pid == 1",
            "process.pid",
            "integer, ECS | process: process id; the system uses it again; 2 of 4 events have a value | 4 1, 8 1",
        ),
        (
            "any where ‸ok",
            "ok",
            "boolean, seen in events | 3 of 4 events have a value | true 2, false 1",
        ),
        (
            "any where ‸user.name : \"x\"",
            "user.name",
            "string, ECS | name of the user; no loaded event has a value | ",
        ),
        ("any where ‸no.such == 1", "no.such", "unknown field | no loaded event has a value | "),
        (
            "any where ‸`in`.`any` == 1",
            "`in`.`any`",
            "string, seen in events | 1 of 4 events have a value | 1 1",
        ),
        (
            "any where starts‸With~(a, \"b\")",
            "startsWith~",
            "function | true where the text begins so; `startsWith(file.path, \"/tmp/\")`; letter case does not count | ",
        ),
        ("any where LENGTH‸(a)", "", ""),
        (
            "any where LENGT‸H(a)",
            "LENGTH",
            "function | its length in UTF-16 units; never the size of an array; `length(\"cmd\") is 3` | ",
        ),
        ("any where a ‸: \"b\"", ":", " | equals, ignoring case; `*` and `?` are wildcards | "),
        ("any where a a‸nd b", "and", " | both hold | "),
        (
            "pro‸cess where true",
            "process",
            "category | events in which `event.category` is `process`; 2 of 4 events | ",
        ),
        (
            "sequence [\"my-‸own\" where true]",
            "\"my-own\"",
            "category | events in which `event.category` is `my-own`; 1 of 4 events | ",
        ),
        (
            "sequence with max‸span=5m [any where true]",
            "maxspan",
            " | the last event comes at most 5 minutes after the first | ",
        ),
        (
            "sequence with maxspan=‸1h [any where true]",
            "1h",
            " | the last event comes at most 1 hour after the first | ",
        ),
        (
            "any where a : \"b‸*\"",
            "\"b*\"",
            "text | `*` is any run of characters, `?` exactly one | ",
        ),
        (
            "any where a == \"b‸*\"",
            "\"b*\"",
            "text | `*` and `?` are plain characters here; `:` takes them as wildcards | ",
        ),
        (
            "any where a == \"‸\\\\\\u{e9}\"",
            "\"\\\\\\u{e9}\"",
            "text | means `\\é`; holds `U+00E9` | ",
        ),
        ("any where a == \"‸b\"", "", ""),
        ("any where true | he‸ad 5", "head", " | the first results: `| head 10` | "),
        ("any  ‸  where true", "", ""),
        ("‸", "", ""),
    ] {
        let (found, line) = said(marked).map_or((String::new(), String::new()), |(text, said)| {
            let values = said.values.iter().map(|(text, n)| format!("{text} {n}"));
            let values = values.collect::<Vec<_>>().join(", ");
            (text, format!("{} | {} | {values}", said.detail, said.lines.join("; ")))
        });
        assert_eq!((found.as_str(), line.as_str()), (word, expected), "{marked}");
    }
}

#[test]
fn every_function_has_its_words() {
    let documented: Vec<&str> = docs().map(|doc| doc.name).collect();
    assert_eq!(documented, funcs::names().collect::<Vec<_>>());
}

#[test]
fn names_say_what_a_field_means_or_nothing() {
    let cases = [
        ("process.parent.executable", Some("full path of the program of the parent process")),
        ("process.parent.parent.name", Some("name of the parent's parent process")),
        ("dns.question.name", Some("name of the DNS question")),
        ("file.hash.sha256", Some("SHA-256 of the content of the file")),
        ("@timestamp", Some("the time of the event")),
        ("process.name.text", None),
        ("custom.name", None),
        ("process", None),
    ];
    for (name, expected) in cases {
        assert_eq!(field_meaning(name).as_deref(), expected, "{name}");
    }
}

#[test]
fn no_place_of_any_text_does_harm() {
    let texts = [
        "sequence by host.id with maxspan=5m [process where process.name : (\"a\", \"b*\")] ![file where startsWith~(file.path, \"x\")] by a, `b c` with runs=3 until [any where true] | head 5",
        "any where \u{1f600} == \"\u{e9}\\u{1F600} \" // x\n and `q",
        "process where ((((a.b.c.",
        "]]]) ) , | by with maxspan runs = = == . . ? ?\"x\" 'y' !",
        "any where x == \"\"\"a\\",
    ];
    let (store, mapping) = (store(), Mapping::default());
    let known = Known::new(&store, &mapping);
    let category_field = "event.category";
    let facts = Facts { store: &store, mapping: &mapping, known: &known, category_field };
    for text in texts {
        for at in 0..=text.len() + 1 {
            let (span, items) = complete(text, at, &facts);
            assert!(span.end as usize <= text.len() || items.is_empty(), "{at} in {text}");
            assert!(text.get(..at).is_some() || items.is_empty());
            let _ = explain(text, at, &facts);
        }
    }
}
