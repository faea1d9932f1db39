//! What the last run says about single events: few words in the list, outcomes in the timeline.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

use crate::desk::Desk;
use crate::wire::Filter;
use crate::wire::timeline::{Ended, Of, Trace};

/// One process event a line; `second` after midnight, `name`, `host` where it is not empty.
fn desk(events: &[(u32, &str, &str)], query: &str) -> Desk {
    let mut lines = String::new();
    for (at, (second, name, host)) in events.iter().enumerate() {
        let host = match *host {
            "" => String::new(),
            host => format!(r#","host":{{"id":"{host}"}}"#),
        };
        lines.push_str(&format!(
            r#"{{"_id":"e{at}","@timestamp":"2026-01-01T{:02}:{:02}:{:02}Z","event":{{"category":"process"}},"process":{{"name":"{name}","pid":{at}}}{host}}}"#,
            second / 3_600,
            second / 60 % 60,
            second % 60
        ));
        lines.push('\n');
    }
    let mut desk = Desk::new();
    desk.load(&lines);
    assert!(desk.run(query, &|| 0.0).result.is_some());
    desk
}

fn why(desk: &Desk) -> Vec<String> {
    let mut rows = desk.rows(Filter::All, 0, 100).rows;
    rows.sort_by_key(|row| row.event);
    rows.into_iter().map(|row| row.why).collect()
}

fn traces(desk: &Desk) -> Vec<Trace> {
    desk.timeline().traces
}

const PAIR: &str = "sequence by host.id with maxspan=5s \
                    [process where process.name == \"a\"] [process where process.name == \"b\"]";

#[test]
fn what_is_in_no_match_says_why_in_few_words() {
    // A second stage with nothing before it is not cut off: nothing waited for it.
    let of_pair = desk(&[(1, "b", "h"), (2, "a", "h"), (3, "b", "h")], PAIR);
    assert_eq!(why(&of_pair), ["nothing pending", "sequence 1, stage 1", "sequence 1, stage 2"]);
    let events = [(1, "a", "h"), (2, "b", "h"), (3, "a", "h"), (4, "b", "h")];
    let cut = desk(&events, &format!("{PAIR} | tail 1"));
    assert_eq!(why(&cut)[..2], ["cut off by a pipe", "cut off by a pipe"]);
    assert_eq!(cut.explain(0).unwrap().headline, "Part of a sequence that a pipe cuts off.");
    let sample = "sample by host.id \
                  [process where process.name == \"a\"] [process where process.name == \"b\"]";
    assert_eq!(why(&desk(&[(1, "a", "h")], sample)), ["no complete group"]);
    let head = "process where true | head 1";
    assert_eq!(why(&desk(&[(1, "a", "h"), (2, "a", "h")], head)), ["", "cut off by a pipe"]);
}

#[test]
fn the_until_term_has_no_number() {
    let query = format!("{PAIR} until [process where process.name == \"x\"]");
    let rows = desk(&[(1, "x", "h"), (2, "b", "h")], &query).rows(Filter::All, 0, 9).rows;
    let stages: Vec<_> = rows.into_iter().map(|row| row.stages).collect();
    assert_eq!(stages, [[0], [2]]);
}

#[test]
fn a_closed_window_has_expired_though_no_event_came_too_late() {
    let waiting = |last| desk(&[(1, "a", "h"), (last, "x", "other")], PAIR);
    for (last, outcome, few) in [
        (6, "open: stage 2 never came", "open at the end"),
        (7, "expired: nothing came in 5 s", "maxspan expired"),
    ] {
        let desk = waiting(last);
        assert_eq!(traces(&desk)[0].outcome, outcome);
        assert_eq!(traces(&desk)[0].ended.name(), "open_at_end_of_data");
        assert_eq!(why(&desk)[0], few);
    }
}

#[test]
fn a_missing_key_leaves_the_others() {
    let query = "sequence by process.pid, host.id with maxspan=5s \
                 [process where process.name == \"a\"] [process where process.name == \"b\"]";
    let traces = traces(&desk(&[(1, "a", "")], query));
    assert_eq!(traces[0].keys, [Some("0".to_owned()), None]);
    assert_eq!(traces[0].field.as_deref(), Some("host.id"));
}

#[test]
fn an_unwanted_event_names_its_stage() {
    let query = "sequence by host.id with maxspan=5s [process where process.name == \"a\"] \
                 ![process where process.name == \"x\"] [process where process.name == \"b\"]";
    let traces = traces(&desk(&[(1, "a", "h"), (2, "x", "h"), (3, "b", "h")], query));
    assert_eq!(traces[0].unwanted_stage, Some(2));
}

#[test]
fn what_was_dropped_is_counted_and_told_when_asked_for() {
    let n = crate::join::MAX_KEPT as u32 + 300;
    let mut events: Vec<(u32, &str, &str)> = vec![(1, "a", "h"); n as usize];
    events.push((2, "a", "other"));
    let desk = desk(&events, PAIR);
    let timeline = desk.timeline();
    assert_eq!((timeline.traces.len(), timeline.total), (n as usize - 300, n + 1));
    assert_eq!(timeline.ended, [(Ended::Overwritten, n - 1), (Ended::OpenAtEndOfData, 2)]);
    // The trail of this event was dropped; its words are not.
    let dropped = n - 2;
    assert!(!timeline.traces.iter().any(|t| t.events.iter().flatten().any(|e| e.event == dropped)));
    let rows = desk.rows(Filter::All, 0, u32::MAX).rows;
    let why = |event: u32| rows.iter().find(|row| row.event == event).unwrap().why.as_str();
    assert_eq!(
        (why(dropped), why(n - 1), why(n)),
        ("overwritten", "open at the end", "open at the end")
    );
    let sentence = desk.explain(dropped).unwrap().sentence;
    assert!(
        sentence.starts_with(&format!("Event `e{}` came to the same stage", n - 1)),
        "{sentence}"
    );
    for (of, total) in [
        (Of::Event(dropped), n),
        (Of::Event(n), 1),
        (Of::Keys(vec![Some("h".into())]), n),
        (Of::Keys(vec![Some("other".into())]), 1),
        (Of::Keys(vec![None]), 0),
    ] {
        let timeline = desk.timeline_of(&of);
        assert_eq!((timeline.traces.len(), timeline.total), (total as usize, total), "{of:?}");
    }
}

#[test]
fn one_key_is_answered_in_full_though_a_busy_one_fills_what_is_kept() {
    let name = |name: &str| format!("[process where process.name == \"{name}\"]");
    let query = format!(
        "sequence by host.id with maxspan=5s {} {} {} until {}",
        name("a"),
        name("b"),
        name("c"),
        name("u")
    );
    // All of these get further than what the far key and the events without one do.
    let n = crate::join::MAX_KEPT as u32 + 500;
    let mut events: Vec<(u32, &str, &str)> = Vec::new();
    for at in 0..n {
        events.extend([(at * 10, "a", "busy"), (at * 10 + 1, "b", "busy")]);
    }
    let far = ["a", "a", "u", "a", "b", "c", "a"];
    events.extend((0..).zip(far).map(|(at, name)| (at, name, "far")));
    events.extend([(1, "a", ""), (2, "a", "")]);
    let desk = desk(&events, &query);
    let all = desk.timeline();
    let has = |key: Option<&str>| {
        all.traces.iter().any(|t| t.keys == [key.map(str::to_owned)] && t.ended != Ended::Matched)
    };
    assert!(has(Some("busy")) && !has(Some("far")) && !has(None), "all of them were dropped");
    assert_eq!(all.total, n + 6);
    use Ended::{KeyMissing, Matched, OpenAtEndOfData, Overwritten, Until};
    for (key, ended) in [
        (Some("far"), vec![(Matched, 1), (Overwritten, 1), (Until, 1), (OpenAtEndOfData, 1)]),
        (Some("busy"), vec![(Overwritten, n - 1), (OpenAtEndOfData, 1)]),
        (None, vec![(KeyMissing, 2)]),
        (Some("nobody"), vec![]),
    ] {
        let keys = vec![key.map(str::to_owned)];
        let timeline = desk.timeline_of(&Of::Keys(keys.clone()));
        assert_eq!(timeline.ended, ended, "{key:?}");
        let total: u32 = ended.iter().map(|(_, count)| count).sum();
        assert_eq!((timeline.total, timeline.traces.len()), (total, total as usize), "{key:?}");
        assert!(timeline.traces.iter().all(|trace| trace.keys == keys), "{key:?}");
        for (kind, count) in ended {
            let shown = timeline.traces.iter().filter(|trace| trace.ended == kind);
            assert_eq!(shown.count() as u32, count, "{key:?} {}", kind.name());
        }
    }
}

#[test]
fn stages_tell_their_term_and_which_repetition_they_are() {
    let name = |name: &str| format!("[process where process.name == \"{name}\"]");
    let query = format!("sequence {} with runs=2 {} until {}", name("a"), name("b"), name("c"));
    let stages = desk(&[(1, "a", "h")], &query).timeline().stages;
    let told: Vec<_> = stages.iter().map(|s| (s.number, s.term, s.nth, s.until)).collect();
    assert_eq!(told, [(1, 1, 1, false), (2, 1, 2, false), (3, 2, 1, false), (4, 3, 1, true)]);
    assert_eq!(stages[2].text, "process where process.name == \"b\"");
}

#[test]
fn traces_know_their_missing_event_stages() {
    // Spec §7.28, §7.34: the window of the last stage is still open.
    let query = "sequence by host.id with maxspan=5s [process where process.name == \"a\"] \
                 ![process where process.name == \"x\"] [process where process.name == \"b\"] \
                 ![process where process.name == \"y\"]";
    let states = |events: &[(u32, &str, &str)]| -> Vec<Vec<String>> {
        let traces = traces(&desk(events, query));
        let slot = |slot: &crate::wire::cursor::Slot| format!("{} {:?}", slot.stage, slot.state);
        traces.iter().map(|trace| trace.slots.iter().map(slot).collect()).collect()
    };
    assert_eq!(states(&[(1, "a", "h"), (3, "b", "h")]), [["2 Satisfied", "4 Undecided"]]);
    assert_eq!(
        states(&[(1, "a", "h"), (3, "b", "h"), (9, "x", "h")]),
        [["2 Satisfied", "4 Satisfied"]]
    );
    assert_eq!(
        states(&[(1, "a", "h"), (2, "x", "h"), (3, "b", "h"), (4, "y", "h")]),
        [["2 Violated", "4 Violated"]]
    );
    assert_eq!(states(&[(1, "a", "h"), (2, "x", "h")]), [["2 Violated"]]);
}
