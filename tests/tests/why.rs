//! Questions of an analyst and the answers in words: `tests/questions/why.toml`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::fmt::Write;

use eqlens_engine::desk::Desk;
use eqlens_engine::schema::Mapping;
use eqlens_engine::wire::timeline::{Group, Trace};
use eqlens_engine::wire::{Explanation, Filter, Outcome};
use eqlens_tests::paths::{repository, text};
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    scenario: Vec<Scenario>,
}

/// One question. See the head of the table for what may be asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    name: String,
    /// A query or a rule document.
    rule: String,
    #[serde(default)]
    mapping: Option<String>,
    events: String,
    /// As an analyst would put it.
    question: String,
    /// The same for the desk: a word and what it is about.
    ask: String,
    /// Each is part of the answer.
    answer: Vec<String>,
    /// None is.
    #[serde(default)]
    never: Vec<String>,
}

#[test]
fn analysts_questions_are_answered_in_words() {
    let file = text(&repository().join("tests/questions/why.toml"));
    let table: Table = toml::from_str(&file).unwrap_or_else(|e| panic!("why.toml: {e}"));
    assert!(table.scenario.len() >= 60, "{}", table.scenario.len());
    let mut wrong = Vec::new();
    for scenario in &table.scenario {
        assert!(!scenario.answer.is_empty(), "{}: no answer is expected", scenario.name);
        let answer = answer(scenario);
        let lacks = scenario.answer.iter().filter(|part| !answer.contains(part.as_str()));
        let has = scenario.never.iter().filter(|part| answer.contains(part.as_str()));
        let faults: Vec<String> = lacks
            .map(|part| format!("  lacks: {part}"))
            .chain(has.map(|part| format!("  has: {part}")))
            .collect();
        if !faults.is_empty() {
            let (name, question) = (&scenario.name, &scenario.question);
            wrong.push(format!("{name}: {question}\n{}\n{answer}", faults.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn answer(scenario: &Scenario) -> String {
    let mut desk = Desk::new();
    if let Some(mapping) = &scenario.mapping {
        desk.set_mapping(Mapping::parse(mapping).unwrap());
    }
    desk.load(&scenario.events);
    let outcome = desk.run(&scenario.rule, &|| 0.0);
    assert!(outcome.result.is_some(), "{}: {:?}", scenario.name, outcome.findings);
    let (what, about) = scenario.ask.split_once(' ').unwrap_or((&scenario.ask, ""));
    let event = || desk.store().event_by_id(about).unwrap_or_else(|| panic!("no event {about}"));
    match what {
        "event" => of_event(&outcome, &desk.explain(event()).unwrap()),
        "row" => {
            let rows = desk.rows(Filter::All, 0, u32::MAX).rows;
            rows.into_iter().find(|row| row.event == event()).unwrap().why
        }
        "nearest" => of_nearest(&desk, about.parse().unwrap()),
        "stopper" => of_stopper(&outcome),
        "funnel" => of_funnel(&outcome),
        "traces" => desk.timeline().traces.iter().map(of_trace).collect(),
        "groups" => desk.timeline().groups.iter().map(of_group).collect(),
        other => panic!("{}: nothing answers `{other}`", scenario.name),
    }
}

/// Headline and sentence; per clause its text, verdict, reason, value, what it wants, and why.
fn of_event(outcome: &Outcome, explained: &Explanation) -> String {
    let mut text = format!("{} {}\n", explained.headline, explained.sentence);
    if let Some(reason) = &explained.nodes[0].reason {
        writeln!(text, "{reason}").unwrap();
    }
    for (node, says) in outcome.nodes.iter().zip(&explained.nodes) {
        let (Some(clause), Some(reason)) = (node.clause, &says.reason) else { continue };
        let decides = if says.decisive { " decides" } else { "" };
        let verdict = format!("{:?}", says.verdict).to_lowercase();
        writeln!(
            text,
            "{clause} {}: {verdict}{decides}, {reason}, `{}` {}; wants {}. {}",
            node.label, says.value, says.note, says.wanted, says.text
        )
        .unwrap();
    }
    text
}

fn of_nearest(desk: &Desk, count: u32) -> String {
    let nearest = desk.nearest(count);
    let mut text = String::new();
    for (place, event) in nearest.events.iter().enumerate() {
        let clauses: Vec<String> = event
            .clauses
            .iter()
            .map(|clause| format!("{} {} wants {}", clause.label, clause.reason, clause.wanted))
            .collect();
        writeln!(
            text,
            "{}. {} by {}: {} [{}]",
            place + 1,
            event.id,
            event.distance,
            event.headline,
            clauses.join("; ")
        )
        .unwrap();
    }
    text.extend(nearest.traces.iter().map(of_trace));
    text.extend(nearest.groups.iter().map(of_group));
    text
}

fn of_stopper(outcome: &Outcome) -> String {
    let Some(stopper) = &outcome.result.as_ref().unwrap().stopper else { return "none".into() };
    let node = &outcome.nodes[stopper.node as usize];
    format!(
        "{} ({} of {}, {:?} {})",
        stopper.sentence, stopper.events, stopper.candidates, node.kind, node.label
    )
}

fn of_funnel(outcome: &Outcome) -> String {
    let line = |node: &eqlens_engine::wire::Node| {
        format!("{} of {}: {}\n", node.reach.unwrap(), node.count.unwrap(), node.label)
    };
    outcome.nodes.iter().map(line).collect()
}

fn ids(events: &[Option<eqlens_engine::wire::timeline::EventRef>]) -> String {
    let ids = events.iter().map(|event| event.as_ref().map_or("-", |event| event.id.as_str()));
    ids.collect::<Vec<_>>().join(" ")
}

fn of_trace(trace: &Trace) -> String {
    let keys: Vec<&str> = trace.keys.iter().map(|key| key.as_deref().unwrap_or("null")).collect();
    format!(
        "{} [{}] {}: {}; {}\n",
        keys.join(", "),
        ids(&trace.events),
        trace.ended.name(),
        trace.outcome,
        trace.sentence
    )
}

fn of_group(group: &Group) -> String {
    let keys: Vec<&str> = group.keys.iter().map(|key| key.as_deref().unwrap_or("null")).collect();
    let filters: Vec<String> =
        group.filters.iter().map(|filter| filter.count.to_string()).collect();
    format!("{} [{}]: {}\n", keys.join(", "), filters.join(" "), group.sentence)
}
