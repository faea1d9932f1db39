//! What is said of an event is true of it: every published rule over events made to match it and to
//! miss it narrowly (skipped where the rules are not at hand), and our own rules over their events.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::BTreeMap;

use eqlens_engine::desk::Desk;
use eqlens_engine::rule::{self, Rule};
use eqlens_engine::schema::Mapping;
use eqlens_engine::synth::{ndjson, synthesise};
use eqlens_engine::wire::timeline::QueryForm;
use eqlens_engine::wire::{Explanation, Node, NodeKind, Outcome, Verdict};
use eqlens_tests::paths::{external, files, repository, text};

/// Reasons of a leaf that holds; `excluded` as well, where a `not` around it forbids that.
const GOOD: [&str; 2] = ["matched", "not_excluded"];

/// Distinct tests up to which all smaller sets are tried.
const MOST_TESTS: usize = 12;

#[derive(Debug, Default)]
struct Tally {
    rules: usize,
    events: usize,
    flipped: usize,
    tried: usize,
}

/// Whether each node holds if these clauses say the opposite of what was recorded.
fn decided(nodes: &[Node], leaves: &[bool], flipped: &dyn Fn(usize) -> bool) -> Vec<bool> {
    let mut holds: Vec<bool> = vec![false; nodes.len()];
    for (at, node) in nodes.iter().enumerate().rev() {
        let children = (at + 1..nodes.len()).take_while(|child| nodes[*child].depth > node.depth);
        let mut children = children.filter(|child| nodes[*child].parent == Some(at as u16));
        holds[at] = match node.kind {
            NodeKind::Leaf | NodeKind::Category => leaves[at] != flipped(at),
            NodeKind::Not => !children.all(|child| holds[child]),
            NodeKind::Or | NodeKind::Sequence | NodeKind::Sample => {
                children.any(|child| holds[child])
            }
            _ => children.all(|child| holds[child]),
        };
    }
    holds
}

fn check(name: &str, rule: &Rule, events: &str, tally: &mut Tally) {
    let mut desk = Desk::new();
    desk.load(events);
    // The same rule, placed in its own query, so that spans are of that.
    let bare = Rule {
        indices: rule.indices.clone(),
        event_category_override: rule.event_category_override.clone(),
        timestamp_field: rule.timestamp_field.clone(),
        tiebreaker_field: rule.tiebreaker_field.clone(),
        search: rule.search.clone(),
        ..Rule::bare(&rule.query)
    };
    let outcome = desk.run_read((bare, Vec::new()), &rule.query, &|| 0.0);
    let Some(result) = &outcome.result else { panic!("{name}: {:?}", outcome.findings) };
    tally.rules += 1;
    let matches: Vec<u32> = desk.matches().into_iter().flatten().flatten().collect();
    let nearest = desk.nearest(u32::MAX);
    for event in 0..result.events {
        tally.events += 1;
        let explained = desk.explain(event).unwrap();
        let at = format!("{name}: event {}: {}", explained.id, explained.sentence);
        let is_match = matches.contains(&event);
        assert_eq!(explained.verdict == Verdict::Holds, is_match, "{at}");
        assert_eq!(explained.verdict, result.verdicts[event as usize], "{at}");
        assert_eq!(explained.nodes[0].verdict == Verdict::Holds, is_match, "{at}");
        reasons_fit(&outcome, &explained, &at);
        let flips = flips_help(&outcome, &explained, rule, &at, tally);
        let near = nearest.events.iter().find(|near| near.event == event);
        match (near, result.form) {
            (Some(near), QueryForm::Event) => {
                let away = u32::from(explained.verdict == Verdict::Unsearched);
                assert_eq!(near.distance, flips as u32 + away, "{at}");
            }
            (Some(near), _) => assert!(near.distance > 0, "{at}"),
            (None, _) => assert!(is_match || result.form != QueryForm::Event || flips == 0, "{at}"),
        }
    }
    if result.matches == 0 && result.events > 0 {
        assert!(result.stopper.as_ref().is_some_and(|s| !s.sentence.is_empty()), "{name}");
    }
    for node in &outcome.nodes {
        assert!(node.reach.unwrap() <= node.count.unwrap(), "{name}: {node:?}");
    }
}

/// A leaf that fails has a reason to, and one that holds has none.
fn reasons_fit(outcome: &Outcome, explained: &Explanation, at: &str) {
    for (node, says) in outcome.nodes.iter().zip(&explained.nodes) {
        let Some(reason) = says.reason.as_deref() else {
            assert!(!matches!(node.kind, NodeKind::Leaf | NodeKind::Category), "{at}: {node:?}");
            continue;
        };
        if reason == "index_not_searched" || reason == "constant" {
            continue;
        }
        let holds = says.verdict == Verdict::Holds;
        let at = || format!("{at}\n{}: {says:?}", node.label);
        assert!(!says.wanted.is_empty() && !says.wanted.contains("``"), "{}", at());
        if !holds {
            assert!(!GOOD.contains(&reason), "{}", at());
            // A leaf straight under a `not` is told of by the `not`.
            assert!(node.clause.is_none() || !says.text.is_empty(), "{}", at());
        } else if !(says.decisive && reason == "excluded") {
            // Without a value a negated test holds, for want of it.
            let absent = says.values.is_empty() && reason.ends_with(['g', 'e']);
            assert!(GOOD.contains(&reason) || absent, "{}", at());
        }
    }
}

/// Turning the deciding clauses over makes the condition hold, and no smaller set of tests does.
/// How many tests they are.
fn flips_help(
    outcome: &Outcome,
    explained: &Explanation,
    rule: &Rule,
    at: &str,
    tally: &mut Tally,
) -> usize {
    let query = rule.query.as_str();
    let category = rule.event_category_override.as_deref().unwrap_or("event.category");
    let nodes = &outcome.nodes;
    let is_leaf = |node: &Node| matches!(node.kind, NodeKind::Leaf | NodeKind::Category);
    let leaves: Vec<bool> =
        explained.nodes.iter().map(|says| says.verdict == Verdict::Holds).collect();
    let recorded = decided(nodes, &leaves, &|_| false);
    for (node, says) in explained.nodes.iter().enumerate().skip(1) {
        assert_eq!(recorded[node], says.verdict == Verdict::Holds, "{at}: {:?}", nodes[node]);
    }
    if recorded[0] {
        return 0;
    }
    // The clause above a leaf says whether it decides.
    let decides = |leaf: usize| {
        let above = nodes[leaf].parent.map_or(leaf, usize::from);
        let clause = if nodes[leaf].clause.is_some() { leaf } else { above };
        explained.nodes[clause].decisive
    };
    // Tests that are the same are known by stage and text here, and so not as well as by the engine.
    let mut tests: BTreeMap<(u32, String), Vec<usize>> = BTreeMap::new();
    let mut stage = 0;
    for (place, node) in nodes.iter().enumerate() {
        if node.kind == NodeKind::Stage {
            stage = node.span.start;
        }
        if is_leaf(node) && explained.nodes[place].reason.as_deref() != Some("constant") {
            let text = query[node.span.start as usize..node.span.end as usize].to_owned();
            // The category before `where` is a test of its field, which the condition may repeat.
            let text = match node.kind {
                NodeKind::Category => {
                    let named = text.strip_suffix("where").unwrap_or(&text).trim();
                    format!("{category} == \"{}\"", named.trim_matches('"'))
                }
                _ => text,
            };
            tests.entry((stage, text)).or_default().push(place);
        }
    }
    let flipped: Vec<usize> =
        (0..nodes.len()).filter(|place| is_leaf(&nodes[*place]) && decides(*place)).collect();
    if flipped.is_empty() {
        return 0;
    }
    let holds = decided(nodes, &leaves, &|place| flipped.contains(&place));
    assert!(holds[0], "{at}: {flipped:?}");
    tally.flipped += 1;
    let fewest = tests.values().filter(|places| flipped.contains(&places[0])).count();
    if tests.len() <= MOST_TESTS {
        let tests: Vec<&Vec<usize>> = tests.values().collect();
        for mask in 0..1_u32 << tests.len() {
            if mask.count_ones() as usize >= fewest {
                continue;
            }
            tally.tried += 1;
            let turns = |place: usize| {
                tests
                    .iter()
                    .enumerate()
                    .any(|(n, places)| mask >> n & 1 == 1 && places.contains(&place))
            };
            assert!(!decided(nodes, &leaves, &turns)[0], "{at}: {mask:b} of {tests:?}");
        }
    }
    fewest
}

#[test]
fn published_rules_are_explained_truly() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let mut tally = Tally::default();
    // The match of the rule before is further away than near misses are.
    let mut other = String::new();
    for (rule, _) in rule::read_all(&text(&corpus)) {
        let name = rule.name.clone().unwrap_or_default();
        let Ok(made) = synthesise(&rule, &Mapping::default(), true) else { continue };
        let mut events: String = made.cases.iter().map(ndjson).collect();
        if !events.is_empty() {
            events.push_str(&other);
            check(&name, &rule, &events, &mut tally);
            other = made.cases.first().map(ndjson).unwrap_or_default();
        }
    }
    println!("{tally:?}");
    assert!(tally.rules > 400 && tally.tried > tally.flipped, "{tally:?}");
}

#[test]
fn our_rules_are_explained_truly() {
    let mut tally = Tally::default();
    for path in files(&repository().join("rules"), ".toml") {
        let events = path.with_extension("events.ndjson");
        if path.to_string_lossy().ends_with(".cases.toml") || !events.exists() {
            continue;
        }
        let (rule, _) = rule::read(&text(&path));
        check(&path.display().to_string(), &rule, &text(&events), &mut tally);
    }
    assert!(tally.rules > 0 && tally.flipped > 0, "{tally:?}");
}
