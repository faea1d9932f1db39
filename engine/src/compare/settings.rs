//! What two versions of a rule may differ in beside their clauses.

use crate::compare::Version;
use crate::compare::pairs::{self, Pair};
use crate::explain::duration;
use crate::hir::{Form, Pipe};
use crate::plan::{NodeId, NodeKind};
use crate::rule::Rule;
use crate::wire::compare::{ClauseState, Setting};

pub(super) const FORM: &str = "search";
pub(super) const MAXSPAN: &str = "maxspan";
pub(super) const KEYS: &str = "join keys";
pub(super) const STAGES: &str = "stages";
pub(super) const UNTIL: &str = "until";
pub(super) const LOGIC: &str = "logic";
pub(super) const PIPES: &str = "pipes";
pub(super) const INDICES: &str = "index patterns";
pub(super) const CATEGORY: &str = "event_category_override";
pub(super) const TIME: &str = "timestamp_field";
pub(super) const TIEBREAKER: &str = "tiebreaker_field";

/// What differs, one entry each.
pub(super) fn settings(old: &Version, new: &Version, pairs: &[Pair]) -> Vec<Setting> {
    let or =
        |value: &Option<String>, default: &str| value.clone().unwrap_or_else(|| default.to_owned());
    let both = |name: &'static str, of: &dyn Fn(&Version) -> String| (name, of(old), of(new));
    let mut found = vec![
        both(FORM, &|version| {
            match version.plan.form() {
                Form::Event => "events",
                Form::Sequence { .. } => "sequences",
                Form::Sample => "samples",
            }
            .into()
        }),
        both(MAXSPAN, &|version| match version.plan.form() {
            Form::Sequence { maxspan: Some(millis) } => duration(millis),
            _ => "none".into(),
        }),
        both(KEYS, &|version| some(keys(version))),
        both(STAGES, &|version| some(stages(version))),
        both(UNTIL, &|version| {
            (if version.plan.until().is_some() { "set" } else { "none" }).into()
        }),
        (LOGIC, logic(old, pairs, true), logic(new, pairs, false)),
        both(PIPES, &|version| {
            let pipes = version.plan.pipes().iter().map(|pipe| match pipe {
                Pipe::Head(n) => format!("head {n}"),
                Pipe::Tail(n) => format!("tail {n}"),
            });
            some(pipes.collect::<Vec<_>>().join(" | "))
        }),
        both(INDICES, &|version| match version.rule.indices.as_slice() {
            [] => "every index".into(),
            patterns => patterns.join(", "),
        }),
        both(CATEGORY, &|version| or(&version.rule.event_category_override, "event.category")),
        both(TIME, &|version| or(&version.rule.timestamp_field, "@timestamp")),
        both(TIEBREAKER, &|version| or(&version.rule.tiebreaker_field, "none")),
    ];
    // A query alone says nothing of alerts.
    if !old.rule.is_bare && !new.rule.is_bare {
        let rule = |name, of: &dyn Fn(&Rule) -> String| (name, of(&old.rule), of(&new.rule));
        found.extend([
            rule("timestamp_override", &|rule| or(&rule.timestamp_override, "none")),
            rule("max_signals", &|rule| rule.max_signals_or_default().to_string()),
            rule("schedule", &|rule| {
                let (from, to) = (rule.from_or_default(), rule.to_or_default());
                format!("every {}, {from} to {to}", rule.interval_or_default())
            }),
        ]);
    }
    found.retain(|(_, old, new)| old != new);
    // Of two kinds of search all else differs as a matter of course.
    if found.first().is_some_and(|(name, ..)| *name == FORM) {
        found.retain(|(name, ..)| ![MAXSPAN, KEYS, STAGES, UNTIL, LOGIC].contains(name));
    }
    let setting = |(name, old, new): (&str, String, String)| Setting {
        name: name.to_owned(),
        old,
        new,
        decides: 0,
    };
    found.into_iter().map(setting).collect()
}

fn some(text: String) -> String {
    if text.is_empty() { "none".into() } else { text }
}

/// The join keys: once where all stages have the same, otherwise stage by stage. Empty without any.
pub(super) fn keys(version: &Version) -> String {
    let mut lists: Vec<String> = Vec::new();
    let stages = version.plan.stages().iter().chain(version.plan.until());
    for stage in stages {
        let key = |key: &crate::hir::Key| {
            format!("{}{}", if key.optional { "?" } else { "" }, key.field.name)
        };
        lists.push(stage.keys.iter().map(key).collect::<Vec<_>>().join(", "));
    }
    if lists.windows(2).all(|pair| pair.first() == pair.last()) {
        lists.truncate(1);
    }
    lists.join(" · ")
}

/// `1, 2 with runs=3, ![3]`; empty for an event query.
fn stages(version: &Version) -> String {
    if version.plan.form() == Form::Event {
        return String::new();
    }
    let terms = version.checked.terms.iter().enumerate().map(|(at, term)| {
        let number = at + 1;
        match (term.missing, term.runs) {
            (true, _) => format!("![{number}]"),
            (_, 1) => number.to_string(),
            (_, runs) => format!("{number} with runs={runs}"),
        }
    });
    terms.collect::<Vec<_>>().join(", ")
}

/// How the clauses are joined: `1 and (2 or 3)`, by their numbers in the new version. Empty where a
/// clause was added or removed, which says enough.
fn logic(version: &Version, pairs: &[Pair], is_old: bool) -> String {
    let is_alone = |pair: &Pair| matches!(pair.state, ClauseState::Added | ClauseState::Removed);
    if pairs.iter().any(is_alone) {
        return String::new();
    }
    let mut text = String::new();
    write(version, NodeId(0), "", &pairs::by_node(version, pairs, is_old), &mut text);
    text
}

/// Writes a node that stands under one whose parts are joined by `above`.
fn write(
    version: &Version,
    node: NodeId,
    above: &str,
    clauses: &[Option<usize>],
    text: &mut String,
) {
    if let Some(at) = clauses.get(node.0 as usize).copied().flatten() {
        return text.push_str(&(at + 1).to_string());
    }
    let word = match version.plan.node(node).map(|node| &node.kind) {
        Some(NodeKind::Or) => " or ",
        Some(NodeKind::Sequence | NodeKind::Sample) => " ",
        Some(NodeKind::Not) => {
            text.push_str("not ");
            ""
        }
        _ => " and ",
    };
    let (open, close) = if word == above || node == NodeId(0) { ("", "") } else { ("(", ")") };
    text.push_str(open);
    for (n, child) in version.plan.children(node).enumerate() {
        if n > 0 {
            text.push_str(word);
        }
        write(version, child, word, clauses, text);
    }
    text.push_str(close);
}
