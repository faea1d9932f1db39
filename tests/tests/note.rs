//! Case notes and exported matches. `tests/golden/notes/*.md` hold the notes;
//! `EQLENS_GOLDEN=1 cargo test -p eqlens-tests --test note` writes them anew, to be read before they
//! are taken in.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

use eqlens_engine::VERSION;
use eqlens_engine::desk::Desk;
use eqlens_engine::wire::export::NoteOptions;
use eqlens_tests::paths::{repository, text};
use serde_json::{Value, json};

/// 2026-03-13T08:00:00Z.
const NOW: i64 = 1_773_388_800_000;

const PAIR: &str = r#"sequence by host.id with maxspan=5s
  [process where process.name == "curl"] by process.pid
  ![file where file.name == "allow"] by process.pid
  [process where process.args : ("-x", "a|b")] by process.parent.pid
until [process where event.action == "end"] by process.pid"#;

const PAIR_EVENTS: &str = r#"{"_id":"s1","@timestamp":"2026-03-12T09:00:00Z","event":{"category":"process"},"process":{"name":"curl","pid":7},"host":{"id":"h1","name":"web-1"}}
{"_id":"s2","@timestamp":"2026-03-12T09:00:01.250Z","event":{"category":"process"},"process":{"name":"sh","args":["sh","a|b"],"parent":{"pid":7}},"host":{"id":"h1","name":"web-1"}}
{"_id":"s3","@timestamp":"2026-03-12T09:01:00Z","event":{"category":"process"},"process":{"name":"curl","pid":8},"host":{"id":"h1","name":"web-1"}}
{"_id":"s4","@timestamp":"2026-03-12T09:01:09Z","event":{"category":"process"},"process":{"name":"sh","args":["-x"],"parent":{"pid":8}},"host":{"id":"h1","name":"web-1"}}
{"_id":"s5","@timestamp":"2026-03-12T09:02:00Z","event":{"category":"process"},"process":{"name":"curl"},"host":{"id":"h1","name":"web-1"}}
"#;

const TRIO: &str = r#"sample by host.id
  [process where process.name == "id"]
  [process where process.name == "uname"]"#;

const TRIO_EVENTS: &str = r#"{"_id":"t1","@timestamp":"2026-03-12T09:00:00Z","event":{"category":"process"},"process":{"name":"uname"},"host":{"id":"h1"}}
{"_id":"t2","@timestamp":"2026-03-12T09:00:01Z","event":{"category":"process"},"process":{"name":"id"},"host":{"id":"h1"}}
{"_id":"t3","@timestamp":"2026-03-12T09:00:02Z","event":{"category":"process"},"process":{"name":"id"},"host":{"id":"h2"}}
"#;

const HOSTILE: &str = r#"[rule]
name = "<img src=x onerror=1> | # [go](javascript:1) @all http://evil.test www.evil.test *\u202e"
rule_id = "a`b|c"
severity = "high"
risk_score = 73
index = ["a|b*", "*"]
query = '''process where process.name == "x" and not process.args : ("`", "``|", "```") /* ````
# not a heading */'''
"#;

const HOSTILE_EVENTS: &str = "{\"_id\":\"a|`b\\n\\n# x\",\"event\":{\"category\":\"process\"},\"host\":{\"name\":\"</td><script>|\"},\"process\":{\"name\":\"x\",\"args\":[\"\\u202egnp.exe\",\"c:\\\\|d\\u001b[31m\"],\"command_line\":\"`rm` || \\\\| <b>\\n| x | y |\\u2028# h\"}}
{\"_id\":\"2\",\"event\":{\"category\":\"process\"},\"process\":{\"name\":\"x`|<i>\",\"command_line\":\"[a](http://b)\"}}
";

fn desk(rule: &str, events: &str) -> Desk {
    let mut desk = Desk::new();
    desk.load(events);
    assert!(desk.run(rule, &|| 0.0).result.is_some());
    desk
}

fn notes() -> Vec<(&'static str, Desk, NoteOptions)> {
    let rules = repository().join("rules");
    let of_rules = |name: &str| {
        let read = |ending: &str| text(&rules.join(format!("{name}.{ending}")));
        desk(&read("toml"), &read("events.ndjson"))
    };
    let at = |event, in_page: bool, link: Option<&str>| NoteOptions {
        now_ms: Some(NOW),
        event,
        link: link.map(str::to_owned),
        in_page,
    };
    let link = "https://eqlens.example/#v0.q.AAAA_-";
    vec![
        ("event", of_rules("openssl_client_or_server"), at(Some(41), true, None)),
        ("sequence", desk(PAIR, PAIR_EVENTS), at(Some(1), true, Some(link))),
        ("sample", desk(TRIO, TRIO_EVENTS), at(None, false, None)),
        ("hostile", desk(HOSTILE, HOSTILE_EVENTS), at(Some(0), false, Some("javascript:`<x>`"))),
        ("nothing", desk("any where false", TRIO_EVENTS), NoteOptions::default()),
    ]
}

#[test]
fn notes_are_those_of_record() {
    for (name, desk, options) in notes() {
        let note = desk.note(&options).unwrap().replace(VERSION, "VERSION");
        let path = repository().join(format!("tests/golden/notes/{name}.md"));
        if std::env::var_os("EQLENS_GOLDEN").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &note).unwrap();
        }
        for (found, expected) in note.lines().zip(text(&path).lines()) {
            assert_eq!(found, expected, "{name}");
        }
        assert_eq!(note, text(&path), "{name}");
    }
}

/// Columns of a row, as readers of GitHub's flavour count them: a bar after a backslash is text.
fn columns(row: &str) -> usize {
    let mut columns = 0;
    let mut chars = row.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '|' => columns += 1,
            _ => {}
        }
    }
    columns
}

/// A line without its code spans: what a reader may bring to life. A run of backticks is closed by the
/// next run of the same length.
fn without_code(line: &str) -> String {
    let mut prose = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        let (before, code) = rest.split_at(at);
        if before.ends_with('\\') {
            prose.push_str(before);
            rest = &code[1..];
            continue;
        }
        prose.push_str(before);
        let run = code.len() - code.trim_start_matches('`').len();
        rest = &code[run..];
        let mut from = 0;
        while let Some(at) = rest[from..].find('`').map(|at| at + from) {
            let length = rest[at..].len() - rest[at..].trim_start_matches('`').len();
            from = at + length;
            if length == run {
                break;
            }
        }
        assert!(from > 0, "a code span is not closed: {line}");
        rest = &rest[from..];
    }
    prose + rest
}

#[test]
fn no_text_of_a_stranger_breaks_out() {
    for (name, desk, options) in notes() {
        let note = desk.note(&options).unwrap();
        let mut fence: Option<&str> = None;
        let mut of_table = None;
        for line in note.lines() {
            if let Some(marks) = fence {
                if line == marks {
                    fence = None;
                }
                continue;
            }
            if line.starts_with("```") {
                fence = Some(line.trim_end_matches("eql"));
                continue;
            }
            let is_row = line.starts_with('|');
            if is_row {
                assert_eq!(*of_table.get_or_insert(columns(line)), columns(line), "{name}: {line}");
            } else {
                of_table = None;
            }
            assert!(!line.chars().any(|c| c.is_control() || c == '\u{202e}'), "{name}: {line:?}");
            if !line.starts_with("Link: <https://") {
                let prose = without_code(line);
                let marks = ["<", ">", "[", "@", "://", "www."];
                for mark in marks {
                    let bare = prose.replace(&format!("\\{mark}"), "");
                    assert!(!bare.contains(mark), "{name}: {mark} in {line}");
                }
            }
        }
        assert_eq!(fence, None, "{name}");
    }
}

#[test]
fn the_same_run_gives_the_same_note() {
    let [one, two] = [notes(), notes()].map(|all| {
        all.iter().map(|(_, desk, options)| desk.note(options).unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(one, two);
    assert_eq!(Desk::new().note(&NoteOptions::default()), None);
}

#[test]
fn long_results_are_capped_and_the_rest_is_counted() {
    let events: String = (0..250)
        .map(|n| format!("{{\"_id\":\"e{n}\",\"event\":{{\"category\":\"process\"}},\"n\":{n}}}\n"))
        .collect();
    let note = desk("process where n >= 50", &events).note(&NoteOptions::default()).unwrap();
    assert!(note.contains("\nAnd 100 more, left out of this note.\n"), "matches in the table");
    assert!(note.contains("\nAnd 190 more, left out of this note.\n"), "matches with reasons");
    assert!(note.contains("\nAnd 30 more, left out of this note.\n"), "near misses");
    assert!(note.len() < 40_000, "{}", note.len());
}

fn lines(desk: &Desk, near: bool) -> Vec<Value> {
    let text = desk.matches_ndjson(near).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn exported_events_are_as_they_were() {
    let events = "[{\"_id\":\"a\",\"event\":{\"category\":\"process\"},\n  \"n\":1.00,\"big\":18446744073709551615,\"s\":\"a\\u0041\\n\"},\n{\"_id\":\"b\",\"event\":{\"category\":\"file\"},\"n\":1}]";
    let desk = desk("process where n == 1 and not s : \"z*\"", events);
    let text = desk.matches_ndjson(true).unwrap();
    let (first, second) = text.trim_end().split_once('\n').unwrap();
    let source = desk.source(0).unwrap().replace('\n', " ");
    assert!(first.contains(&format!("\"_source\":{source},")), "{first}");
    let first: Value = serde_json::from_str(first).unwrap();
    assert_eq!((&first["_id"], &first["eqlens"]["verdict"]), (&json!("a"), &json!("holds")));
    assert_eq!(
        first["eqlens"]["clauses"],
        json!([
            {"clause": 1, "text": "process where", "reason": "matched", "field": "event.category", "values": ["process"]},
            {"clause": 2, "text": "n == 1", "reason": "matched", "field": "n", "values": ["1.0"]},
            {"clause": 3, "text": "not s : \"z*\"", "reason": "not_excluded", "field": "s", "values": ["aA\n"]}
        ])
    );
    let second: Value = serde_json::from_str(second).unwrap();
    assert_eq!(second["eqlens"]["verdict"], "fails");
    assert_eq!(second["eqlens"]["clauses"][0]["reason"], "wrong_category");
    assert_eq!(second["eqlens"]["clauses"].as_array().unwrap().len(), 1);
    assert_eq!(lines(&desk, false).len(), 1);
    assert_eq!(Desk::new().matches_ndjson(true), None);
}

#[test]
fn of_an_or_only_the_sides_that_hold_are_told() {
    let events = r#"{"event":{"category":"process"},"a":1,"b":2,"c":3}"#;
    let desk = desk("process where (a == 1 or b == 1) and not (b == 2 and c == 2)", events);
    let clauses = lines(&desk, false)[0]["eqlens"]["clauses"].clone();
    let told: Vec<&str> =
        clauses.as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap()).collect();
    assert_eq!(told, ["process where", "a == 1", "c == 2"]);
}

#[test]
fn sequences_and_samples_are_exported_whole() {
    let all = lines(&desk(PAIR, PAIR_EVENTS), true);
    let ended: Vec<&Value> = all.iter().map(|line| &line["eqlens"]["ended"]).collect();
    assert_eq!(ended, ["matched", "maxspan_expired", "key_missing"]);
    let found = &all[0];
    assert_eq!(found["eqlens"]["keys"][0], json!({"field": "host.id", "value": "h1"}));
    let ids: Vec<&Value> =
        found["events"].as_array().unwrap().iter().map(|event| &event["_id"]).collect();
    assert_eq!(ids, ["s1", "", "s2"]);
    assert_eq!(found["events"][1]["missing"], true);
    assert_eq!(found["events"][2]["eqlens"]["stage"], 3);
    assert_eq!(found["events"][2]["eqlens"]["clauses"][1]["values"], json!(["a|b"]));
    assert_eq!(
        (&all[1]["eqlens"]["by"], &all[1]["eqlens"]["late_ms"]),
        (&json!("s4"), &json!(4000))
    );
    assert_eq!(all[2]["eqlens"]["field"], "process.pid");

    let all = lines(&desk(TRIO, TRIO_EVENTS), true);
    let told: Vec<_> =
        all.iter().map(|line| line["eqlens"]["sentence"].as_str().unwrap()).collect();
    let lacking =
        "No event fits filter 2, `process where process.name == \"uname\"`, with `host.id` = `h2`.";
    assert_eq!(told, ["One event fits each filter.", lacking]);
    assert_eq!(all[1]["events"][0]["_id"], "t3");
}
