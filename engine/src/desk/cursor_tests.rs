//! The matcher stepped event by event, one small scenario per way to end (spec §7.13 to §7.34).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

use crate::desk::Desk;
use crate::wire::cursor::{Cursor, CursorAt};

/// `5:AB@k` is an event at second 5 that fits stages A and B, with key k (spec §7.5); its id is its
/// position from 1.
fn desk(events: &str, query: &str) -> Desk {
    let mut lines = String::new();
    for (at, event) in events.split_whitespace().enumerate() {
        let (second, rest) = event.split_once(':').unwrap();
        let (stages, key) = rest.split_once('@').unwrap_or((rest, ""));
        let stages: Vec<String> = stages.chars().map(|stage| format!("\"{stage}\"")).collect();
        let keys: Vec<String> =
            key.split(',').filter(|key| !key.is_empty()).map(|key| format!("\"{key}\"")).collect();
        let millis = (second.parse::<f64>().unwrap() * 1000.0) as i64;
        lines.push_str(&format!(
            "{{\"_id\":\"{}\",\"@timestamp\":{millis},\"s\":[{}],\"k\":[{}]}}\n",
            at + 1,
            stages.join(","),
            keys.join(",")
        ));
    }
    let mut query = query.to_owned();
    for stage in ["A", "B", "C", "M", "U"] {
        query = query.replace(&format!("[{stage}]"), &format!("[any where s == \"{stage}\"]"));
    }
    let mut desk = Desk::new();
    desk.load(&lines);
    let outcome = desk.run(&query, &|| 0.0);
    assert!(outcome.result.is_some(), "{query}: {:?}", outcome.findings);
    desk
}

/// One line per position: what the event did; what waits, with its slots; what has ended.
fn told(cursor: &Cursor) -> String {
    let name = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    let did = cursor
        .did
        .iter()
        .map(|did| format!("{} {}", name(serde_json::to_value(did.what).unwrap()), did.stage));
    let slots = |slots: &[crate::wire::cursor::Slot]| {
        let slots = slots.iter().map(|slot| {
            let by = slot.by.as_ref().map(|by| format!(" by {}", by.id)).unwrap_or_default();
            format!(" [{} {}{by}]", slot.stage, name(serde_json::to_value(slot.state).unwrap()))
        });
        slots.collect::<String>()
    };
    let pending = cursor.pending.iter().map(|chain| {
        let ids = chain.events.iter().map(|e| e.as_ref().map_or("-", |e| e.id.as_str()));
        let late = if chain.is_late { " late" } else { "" };
        format!("{}{late}{}", ids.collect::<Vec<_>>().join("-"), slots(&chain.slots))
    });
    let ended =
        cursor.ended.iter().map(|past| format!("{}{}", past.ended.name(), slots(&past.slots)));
    format!(
        "{} | {} | {}",
        did.collect::<Vec<_>>().join(", "),
        pending.collect::<Vec<_>>().join(", "),
        ended.collect::<Vec<_>>().join(", ")
    )
}

fn positions(desk: &Desk) -> Vec<Cursor> {
    let total = desk.cursor(CursorAt::Nth(0)).unwrap().total;
    (1..=total).map(|n| desk.cursor(CursorAt::Nth(n)).unwrap()).collect()
}

/// Per position: `what stage, … | what waits | what has ended`.
fn check(query: &str, events: &str, expected: &[&str]) {
    let told: Vec<String> = positions(&desk(events, query)).iter().map(told).collect();
    assert_eq!(told, expected, "{query} on {events}");
}

#[test]
fn the_newest_overwrites_the_one_before() {
    // Spec §7.36.
    check(
        "sequence [A] [B]",
        "1:A 2:A 3:B 4:B 5:A 6:B",
        &[
            "started 1 | 1 | ",
            "started 1, overwrote 1 | 2 | overwritten",
            "completed 2 |  | matched, overwritten",
            "nothing 2 |  | matched, overwritten",
            "started 1 | 5 | matched, overwritten",
            "completed 2 |  | matched, matched, overwritten",
        ],
    );
    // Spec §7.37: the one that goes on overwrites one that got as far; keys do not meet (§7.18).
    check(
        "sequence by k [A] [B] [C]",
        "1:A@x 2:B@x 3:A@x 4:A@y 5:B@x 6:C@x",
        &[
            "started 1 | 1 | ",
            "advanced 2 | 1-2 | ",
            "started 1 | 3, 1-2 | ",
            "started 1 | 4, 3, 1-2 | ",
            "advanced 2, overwrote 2 | 3-5, 4 | overwritten",
            "completed 3 | 4 | matched, overwritten",
        ],
    );
}

#[test]
fn what_comes_too_late_finds_what_waited_in_vain() {
    // Spec §7.19, §7.41: the window is over before anything ends it.
    check(
        "sequence by k with maxspan=10s [A] [B]",
        "0:A@x 10:B@x 20:A@x 31:A@y 32:B@x",
        &[
            "started 1 | 1 | ",
            "completed 2 |  | matched",
            "started 1 | 3 | matched",
            "started 1 | 4, 3 late | matched",
            "expired 2 | 4 | maxspan_expired, matched",
        ],
    );
}

#[test]
fn until_ends_what_waits() {
    // Spec §7.42.
    check(
        "sequence [A] [B] until [U]",
        "1:A 2:U 3:B 4:A 5:B 6:U 7:AU 8:B 9:A 10:BU 11:B",
        &[
            "started 1 | 1 | ",
            "until 3 |  | until",
            "nothing 2 |  | until",
            "started 1 | 4 | until",
            "completed 2 |  | matched, until",
            "nothing 3 |  | matched, until",
            "started 1, until 3 |  | until, matched, until",
            "nothing 2 |  | until, matched, until",
            "started 1 | 9 | until, matched, until",
            "completed 2 |  | matched, until, matched, until",
            "nothing 2 |  | matched, until, matched, until",
        ],
    );
}

#[test]
fn a_missing_event_stage_is_open_until_it_is_decided() {
    // In the middle (spec §7.28): an event in the millisecond of the next one is not between.
    check(
        "sequence with maxspan=10s [A] ![M] [B]",
        "1:A 2:M 3:B 4:A 5:M 5:B 6:M",
        &[
            "started 1 | 1 [2 undecided] | ",
            "nothing 2 | 1 [2 violated by 2] | ",
            "discarded 2 |  | missing_event_seen [2 violated by 2]",
            "started 1 | 4 [2 undecided] | missing_event_seen [2 violated by 2]",
            "nothing 2 | 4 [2 undecided by 5] | missing_event_seen [2 violated by 2]",
            "completed 3 |  | matched [2 satisfied], missing_event_seen [2 violated by 2]",
            "nothing 2 |  | matched [2 satisfied], missing_event_seen [2 violated by 2]",
        ],
    );
    // At the end (spec §7.45): a match stands until the unwanted event comes.
    check(
        "sequence with maxspan=10s [A] ![M]",
        "0:A 5:M 20:A 31:M 40:A 50:M",
        &[
            "completed 1 |  | matched [2 undecided]",
            "discarded 2 |  | missing_event_seen [2 violated by 2]",
            "completed 1 |  | matched [2 undecided], missing_event_seen [2 violated by 2]",
            "nothing 2 |  | matched [2 satisfied], missing_event_seen [2 violated by 2]",
            "completed 1 |  | matched [2 undecided], matched [2 satisfied], \
             missing_event_seen [2 violated by 2]",
            "discarded 2 |  | missing_event_seen [2 violated by 6], matched [2 satisfied], \
             missing_event_seen [2 violated by 2]",
        ],
    );
    // At the start (spec §7.46): what waits may yet end far enough from the unwanted event.
    check(
        "sequence with maxspan=10s ![M] [A] [B]",
        "0:M 3:A 11:B 12:A 13:M 14:B",
        &[
            "nothing 1 |  | ",
            "started 2 | --2 [1 undecided by 1] | ",
            "completed 3 |  | matched [1 satisfied]",
            "started 2 | --4 [1 satisfied] | matched [1 satisfied]",
            "nothing 1 | --4 [1 satisfied] | matched [1 satisfied]",
            "completed 3 |  | matched [1 satisfied], matched [1 satisfied]",
        ],
    );
    // At both ends (spec §7.47): one decides the other.
    check(
        "sequence with maxspan=20s ![M] [A] ![M]",
        "0:M 10:A 20:M 21:A 42:A",
        &[
            "nothing 1 |  | ",
            "completed 2 |  | matched [1 undecided by 1] [3 undecided]",
            "discarded 3 |  | missing_event_seen [1 violated by 1] [3 violated by 3]",
            "completed 2 |  | matched [1 undecided by 3] [3 undecided], \
             missing_event_seen [1 violated by 1] [3 violated by 3]",
            "completed 2 |  | matched [1 satisfied] [3 satisfied], \
             matched [1 satisfied] [3 satisfied], \
             missing_event_seen [1 violated by 1] [3 violated by 3]",
        ],
    );
}

#[test]
fn an_event_without_its_key_is_seen_by_no_stage() {
    // Spec §7.10; what is left waits for ever.
    let desk = desk("1:A 2:A@x 3:C 4:B", "sequence by k [A] [B]");
    let told: Vec<String> = positions(&desk).iter().map(told).collect();
    assert_eq!(
        told,
        [
            "key_missing 1 |  | key_missing",
            "started 1 | 2 | key_missing",
            "key_missing 2 | 2 | key_missing, key_missing"
        ]
    );
    // Event 3 fits no stage: the matcher is as it was.
    let cursor = desk.cursor(CursorAt::Event(2)).unwrap();
    assert_eq!((cursor.at, cursor.total), (2, 3));
    assert_eq!(self::told(&cursor), "nothing 0 | 2 | key_missing");
    assert_eq!(cursor.sentence, "Event `3`, `s: C`: fits no stage.");
    assert_eq!(cursor.pending[0].change, "started 1 s ago");
}

#[test]
fn a_cursor_before_the_first_event_is_empty_and_there_is_none_past_the_last() {
    let sequence = desk("1:A 2:B", "sequence [A] [B]");
    let start = sequence.cursor(CursorAt::Nth(0)).unwrap();
    assert_eq!((start.at, start.total, start.event, start.n_pending), (0, 2, None, 0));
    assert_eq!(sequence.cursor(CursorAt::Nth(3)), None);
    assert_eq!(sequence.cursor(CursorAt::Event(2)), None);
    assert_eq!(desk("1:A 2:B", "any where true").cursor(CursorAt::Nth(1)), None);
    assert_eq!(Desk::new().cursor(CursorAt::Nth(0)), None);
}

#[test]
fn windows_and_changes_are_told() {
    let desk = desk("1:A@x 1.4:A@x 2:B@x 3:A@y", "sequence by k with maxspan=5s [A] [B] [C]");
    let at = |n| desk.cursor(CursorAt::Nth(n)).unwrap();
    let pending = at(2).pending.remove(0);
    assert_eq!(pending.change, "overwrote event 1, now");
    assert_eq!((pending.window_ends_ms, pending.left_ms), (Some(6_400), Some(5_000)));
    let overwritten = &at(2).ended[0];
    assert_eq!(
        (overwritten.outcome.as_str(), overwritten.is_now),
        ("overwritten by event 2, now", true)
    );
    let cursor = at(4);
    assert_eq!(cursor.pending[1].change, "advanced to stage 2, 1 s ago");
    assert_eq!((cursor.pending[1].is_now, cursor.pending[1].left_ms), (false, Some(3_400)));
    assert_eq!(cursor.ended[0].ago_ms, 1_600);
    assert_eq!(
        at(3).sentence,
        "Event `3`, `s: B · k: x`: advances the partial match of event `2` to stage 2."
    );
}

#[test]
fn going_back_says_the_same_as_going_there_at_once() {
    // Enough events for states along the way to be kept.
    let stage = |at: u32| ["A", "B", "M", "A", "C"][(at * 7 % 11 % 5) as usize];
    let events: Vec<String> =
        (0..20_000).map(|at| format!("{}:{}@{}", at / 3, stage(at), at * 5 % 7)).collect();
    let query = "sequence by k with maxspan=9s [A] ![M] [B] ![M] until [C]";
    let [stepped, fresh] = [0, 1].map(|_| desk(&events.join(" "), query));
    let total = stepped.cursor(CursorAt::Nth(0)).unwrap().total;
    assert!(stepped.cursor(CursorAt::Nth(total)).unwrap().n_ended > 1_000);
    // The fresh one has kept no state yet when it comes to each of these.
    for n in [100, 8_192, 8_193, 9_000, 16_400] {
        assert_eq!(fresh.cursor(CursorAt::Nth(n)), stepped.cursor(CursorAt::Nth(n)), "{n}");
    }
}
