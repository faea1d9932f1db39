//! What a comparison keeps of sequences that came to nothing.

use std::fmt::Write as _;

use crate::compare::{Side, Version, compare, pairs};
use crate::desk::Desk;
use crate::eval::Recording;
use crate::join::{Trail, Trails};
use crate::rule::{self, IndexPatterns};
use crate::run::{Options, search};
use crate::schema::Mapping;
use crate::store::{Bits, Store};

fn version(query: &str, store: &Store) -> Version {
    Version::run(rule::read(query).0, &Mapping::default(), store).unwrap()
}

/// All that came to nothing, without a bound.
fn unbounded(version: &Version, store: &Store) -> Vec<Trail> {
    let mut trails = Trails::new(usize::MAX);
    let options = Options::default().for_rule(&version.rule);
    let (patterns, mut bits) = (IndexPatterns::new(&[]), Recording::default());
    search(&version.plan, store, &patterns, &options, &mut bits, &mut trails);
    trails.nearest(usize::MAX).into_iter().cloned().collect()
}

/// What a version keeps where it is asked about these events, and how much it does not.
fn kept(version: &Version, asked: Bits, store: &Store) -> (Vec<Trail>, usize) {
    let side = Side::old(version, &pairs::pairs(version, version), asked);
    side.trails(store).clone()
}

#[test]
fn of_the_events_asked_about_everything_is_kept() {
    let mut dice = 7_u32;
    let mut below = |n: u32| {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (dice >> 16) % n
    };
    let mut compared = 0;
    for _ in 0..60 {
        let mut text = String::new();
        for at in 0..30 {
            let (host, n) = (below(3), below(4));
            let host = ["\"a\"", "\"b\"", "[\"a\",\"c\"]"][host as usize];
            let _ = writeln!(
                text,
                "{{\"@timestamp\":\"2026-01-01T00:00:{at:02}Z\",\"host\":{host},\"n\":{n}}}"
            );
        }
        let mut desk = Desk::new();
        desk.load(&text);
        let store = desk.store();
        let mut query = String::from("sequence by host with maxspan=6s");
        for _ in 0..2 + below(2) {
            let _ = write!(query, " [any where n <= {}]", below(4));
        }
        if below(3) == 0 {
            query.push_str(" until [any where n == 3]");
        }
        let version = version(&query, store);
        let mut asked = Bits::none(store.n_events());
        (0..30).filter(|_| below(2) == 0).for_each(|event| asked.set(event));
        let mut expected = unbounded(&version, store);
        expected.retain(|trail| trail.events.first().is_some_and(|first| asked.get(*first)));
        expected.sort_by_key(|trail| trail.events.first().copied());
        compared += expected.len();
        assert_eq!(kept(&version, asked, store), (expected, 0), "{query}");
    }
    assert!(compared > 300, "{compared}");
}

#[test]
fn a_busy_sequence_keeps_what_explains_its_matches_and_no_more() {
    // Of a hundred events the last two are a match, five seconds apart; the others overwrite.
    let mut text = String::new();
    for at in 0..100_000_u32 {
        let n = if at % 100 == 99 { 2 } else { 1 };
        let second = u64::from(at) * 5;
        let _ = writeln!(text, "{{\"@timestamp\":{},\"h\":1,\"n\":{n}}}", second * 1_000);
    }
    let mut desk = Desk::new();
    desk.load(&text);
    let store = desk.store();
    let sequence = |span: &str| {
        format!("sequence by h with maxspan={span} [any where n == 1] [any where n == 2]")
    };
    let (old, new) = (version(&sequence("1s"), store), version(&sequence("9s"), store));
    assert_eq!((old.matches(), new.matches(), unbounded(&old, store).len()), (0, 1_000, 99_000));
    let gained: Vec<usize> = (0..1_000).collect();
    let (kept, left) = kept(&old, new.events_of(&[&gained], store), store);
    assert_eq!((kept.len(), left), (1_000, 0));
    let comparison = compare(&old, &new, store);
    assert_eq!(comparison.gained.total, 1_000);
    for row in &comparison.gained.rows {
        assert_eq!(row.why, "old version: expired: 4 s too late");
    }
    assert_eq!(comparison.settings.first().map(|setting| setting.decides), Some(1_000));
}

#[test]
fn what_is_not_looked_at_is_told() {
    // Each first event begins something under each of its nine keys; one of them goes on.
    let mut text = String::new();
    for at in 0..2_500_u32 {
        let keys: Vec<String> = (0..9).map(|key| (at * 9 + key).to_string()).collect();
        let (second, keys, first) = (u64::from(at) * 20_000, keys.join(","), at * 9);
        let _ = writeln!(text, "{{\"@timestamp\":{second},\"h\":[{keys}],\"n\":1}}");
        let _ = writeln!(text, "{{\"@timestamp\":{},\"h\":{first},\"n\":2}}", second + 5_000);
    }
    let mut desk = Desk::new();
    desk.load(&text);
    let store = desk.store();
    let sequence = |span: &str| {
        format!("sequence by h with maxspan={span} [any where n == 1] [any where n == 2]")
    };
    let (old, new) = (version(&sequence("1s"), store), version(&sequence("9s"), store));
    let why = |row: Option<&crate::wire::compare::Change>| row.map(|row| row.why.clone());
    assert_eq!(
        why(compare(&old, &new, store).gained.rows.first()).as_deref(),
        Some(
            "old version: expired: 4 s too late; 2500 more partial sequences of it were not looked at"
        )
    );
}
