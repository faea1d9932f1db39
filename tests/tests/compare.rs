//! Comparing two versions of a rule, against its definition: the set difference of two runs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::BTreeMap;

use eqlens_engine::desk::Desk;
use eqlens_engine::rule;
use eqlens_engine::syntax::lexer::lex;
use eqlens_engine::syntax::token::{Keyword, Symbol, Tok};
use eqlens_engine::wire::compare::{Changes, ClauseState, Comparison};
use eqlens_tests::mistakes::Dice;
use eqlens_tests::paths::{external, files, repository, text};

type Matches = BTreeMap<Vec<Option<u32>>, i64>;

/// How often each match comes.
fn counted(matches: impl IntoIterator<Item = Vec<Option<u32>>>, sign: i64, into: &mut Matches) {
    for found in matches {
        *into.entry(found).or_default() += sign;
    }
    into.retain(|_, n| *n != 0);
}

fn run(desk: &mut Desk, rule: &str) -> Option<Vec<Vec<Option<u32>>>> {
    desk.run(rule, &|| 0.0).result?;
    Some(desk.matches())
}

fn listed(changes: &Changes) -> Vec<Vec<Option<u32>>> {
    assert_eq!(changes.left_out, 0);
    changes.rows.iter().map(|row| row.events.clone()).collect()
}

/// The new version's matches without the old one's count up, the others down.
fn difference(comparison: &Comparison) -> Matches {
    let mut found = Matches::new();
    counted(listed(&comparison.gained), 1, &mut found);
    counted(listed(&comparison.lost), -1, &mut found);
    found
}

/// Turns a token into another of its kind, if it is of that kind.
type Kind = dyn Fn(&Tok) -> Option<&'static str>;

/// The same query with one small change, like those that people make.
fn mutated(query: &str, dice: &mut Dice) -> Option<String> {
    let tokens = lex(query).0;
    let kinds: [&Kind; 7] = [
        &|tok| matches!(tok, Tok::Keyword(Keyword::And)).then_some("or"),
        &|tok| matches!(tok, Tok::Keyword(Keyword::Or)).then_some("and"),
        &|tok| matches!(tok, Tok::Keyword(Keyword::Not)).then_some(""),
        &|tok| matches!(tok, Tok::Keyword(Keyword::And)).then_some("and not"),
        &|tok| matches!(tok, Tok::Symbol(Symbol::Equal)).then_some("!="),
        &|tok| matches!(tok, Tok::Keyword(Keyword::Where)).then_some("where true or"),
        &|tok| matches!(tok, Tok::Str(_)).then_some("\"something else\""),
    ];
    let kind = kinds[dice.below(kinds.len())];
    let places: Vec<_> =
        tokens.iter().filter_map(|token| Some((token.span, kind(&token.kind)?))).collect();
    let (span, word) = dice.of(&places)?;
    let mut changed = query.to_owned();
    changed.replace_range(span.start as usize..span.end as usize, word);
    Some(changed)
}

/// Holds the laws over two versions; how many matches differ.
fn hold(desk: &mut Desk, old: &str, new: &str) -> usize {
    let (Some(before), Some(after)) = (run(desk, old), run(desk, new)) else { return 0 };
    let there = desk.compare(old, new);
    let back = desk.compare(new, old);
    assert_eq!(there.old.matches, Some(before.len() as u32), "{old}");
    assert_eq!(there.new.matches, Some(after.len() as u32), "{new}");
    for (one, other) in [(&there, &back), (&back, &there)] {
        assert_eq!(listed(&one.gained), listed(&other.lost), "{old}\n{new}");
        assert_eq!(one.changed.total, other.changed.total);
        assert_eq!(one.unchanged.total, other.unchanged.total);
        assert_eq!(one.same_rule, other.same_rule);
        assert_eq!(one.same_matches, other.same_matches);
    }
    let mut expected = Matches::new();
    counted(after.clone(), 1, &mut expected);
    counted(before.clone(), -1, &mut expected);
    let mut found = difference(&there);
    counted(listed(&there.changed), 1, &mut found);
    counted(listed(&back.changed), -1, &mut found);
    assert_eq!(found, expected, "{old}\n{new}");
    assert_eq!(there.same_matches, expected.is_empty(), "{old}\n{new}");
    for row in [&there.gained, &there.lost, &there.changed].iter().flat_map(|list| &list.rows) {
        assert!(!row.why.is_empty(), "{old}\n{new}");
        let decided = row.clauses.iter().map(|at| &there.clauses[*at as usize]);
        let is_kept = |state| state == ClauseState::Kept;
        assert!(decided.clone().all(|pair| !is_kept(pair.state)), "{old}\n{new}\n{row:?}");
    }
    for rule in [old, new] {
        let same = desk.compare(rule, rule);
        assert!(same.same_rule && same.same_matches, "{rule}");
        assert!(same.clauses.iter().all(|pair| pair.state == ClauseState::Kept), "{rule}");
        assert_eq!(same.settings, []);
    }
    expected.len()
}

#[test]
fn a_change_of_a_rule_gains_and_loses_the_difference_of_its_runs() {
    let mut dice = Dice::new(11);
    let mut differing = 0;
    for path in files(&repository().join("rules"), ".events.ndjson") {
        let rule = path.to_string_lossy().replace(".events.ndjson", ".toml");
        let document = text(rule.as_ref());
        let query = rule::read(&document).0.query;
        let mut desk = Desk::new();
        desk.load(&text(&path));
        for _ in 0..12 {
            let Some(changed) = mutated(&query, &mut dice) else { continue };
            differing += hold(&mut desk, &document, &document.replace(&query, &changed));
            let Some(twice) = mutated(&changed, &mut dice) else { continue };
            differing += hold(&mut desk, &query, &twice);
        }
    }
    assert!(differing > 100, "{differing}");
}

/// Random sequences and samples over a few events of two hosts.
#[test]
fn a_change_of_a_sequence_gains_and_loses_the_difference_of_its_runs() {
    let mut dice = Dice::new(5);
    let mut differing = 0;
    for _ in 0..60 {
        let mut events = String::new();
        for at in 0..24 {
            let (host, user, n) = (dice.below(3), dice.below(2), dice.below(4));
            events.push_str(&format!(
                "{{\"@timestamp\":\"2026-01-01T00:00:{at:02}Z\",\"event\":{{\"category\":\"c\"}},\
                 \"host\":\"h{host}\",\"user\":\"u{user}\",\"n\":{n}}}\n"
            ));
        }
        let mut desk = Desk::new();
        desk.load(&events);
        let mut query = || {
            let word = ["sequence", "sequence", "sample"][dice.below(3)];
            let keys = ["host", "user", "host, user", "?absent, host"][dice.below(4)];
            let is_sequence = word == "sequence";
            let with = ["", " with maxspan=3s", " with maxspan=9s"];
            let maxspan = if is_sequence { with[dice.below(3)] } else { "" };
            let mut text = format!("{word} by {keys}{maxspan}");
            for _ in 0..2 + dice.below(2) {
                text.push_str(&format!(" [any where n <= {}]", dice.below(4)));
            }
            if is_sequence && dice.below(4) == 0 {
                text.push_str(" until [any where n == 3]");
            }
            text
        };
        let (one, other) = (query(), query());
        differing += hold(&mut desk, &one, &other);
    }
    assert!(differing > 200, "{differing}");
}

#[test]
fn changes_of_real_rules_over_real_telemetry_keep_the_laws() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let Some(data) = external("data/regsvr32.ndjson") else { return };
    // The telemetry names the category differently (see the README beside it).
    let events = text(&data).replace("\"event_type\":", "\"event.category\":");
    let mut desk = Desk::new();
    desk.load(&events);
    let mut dice = Dice::new(3);
    let (mut compared, mut differing) = (0, 0);
    for (n, line) in text(&corpus).lines().enumerate() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let query = json["query"].as_str().unwrap();
        if n % 8 != 0 || query.len() > 2_000 {
            continue;
        }
        if let Some(changed) = mutated(query, &mut dice) {
            compared += 1;
            differing += hold(&mut desk, query, &changed);
        }
    }
    println!("{compared} compared, {differing} matches differ");
    assert!(compared > 50, "{compared}");
    assert!(differing > 10, "{differing}");
}
