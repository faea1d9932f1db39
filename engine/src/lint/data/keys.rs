//! L-12, L-13, L-15: join keys that events lack.

use crate::diag::{Diagnostic, Severity, n};
use crate::hir::Key;
use crate::join::{End, KeySpace, Tuple};
use crate::lint::data::{Context, Part, Role};
use crate::lint::finding;
use crate::store::Bits;

/// The keys of more events than that are not compared.
const MAX_EVENTS: u32 = 10_000;

/// How many events of a filter lack a key.
struct Lack<'c> {
    part: &'c Part<'c>,
    key: &'c Key,
    missing: u32,
}

impl Lack<'_> {
    fn is_total(&self) -> bool {
        self.missing == self.part.count
    }

    /// `all 3 events of stage 2`
    fn words(&self) -> String {
        let (events, name) = (n(self.part.count as usize, "event"), &self.part.name);
        match (self.is_total(), self.part.count) {
            (true, 1) => format!("the one event of {name}"),
            (true, _) => format!("all {events} of {name}"),
            (false, _) => format!("{} of the {events} of {name}", self.missing),
        }
    }
}

pub(super) fn check(context: &Context<'_>, parts: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    let n_keys = parts.first().map_or(0, |part| part.stage.keys.len());
    let mut until_lacks = false;
    for position in 0..n_keys {
        let lacks = lacks(context, parts, position);
        // A key of the header is one place for all filters, one of a term a place of its own.
        let mut told = Vec::new();
        for lack in &lacks {
            let span = lack.key.span;
            if told.contains(&span) {
                continue;
            }
            told.push(span);
            let of_key = lacks.iter().filter(|lack| lack.key.span == span);
            if lack.key.optional {
                optional(of_key, findings);
            } else {
                required(of_key, findings);
            }
        }
        if let Some(lack) = lacks.iter().find(|lack| lack.part.role == Role::Until)
            && lack.is_total()
            && !lack.key.optional
        {
            until_lacks = true;
            let name = &lack.key.field.name;
            let message = format!("`until` can never act: `{name}` is missing in {}", lack.words());
            let help = "join by a key that these events have";
            findings.push(finding("L-15", Severity::Warning, lack.key.span, message, help));
        }
    }
    if n_keys > 0 && !until_lacks {
        until_meets(context, parts, findings);
    }
}

/// Per filter that has events, how many lack the key at this position.
fn lacks<'c>(context: &Context<'_>, parts: &'c [Part<'c>], position: usize) -> Vec<Lack<'c>> {
    let mut lacks = Vec::new();
    let mut having: Option<(&str, Bits)> = None;
    for part in parts.iter().filter(|part| part.count > 0) {
        let Some(key) = part.stage.keys.get(position) else { continue };
        let column = key.field.column.as_ref();
        // Mostly one field for all of them.
        if having.as_ref().is_none_or(|(name, _)| *name != column) {
            let n_events = context.store.n_events();
            let events = context.store.column(column).map(|column| column.events(n_events));
            having = Some((column, events.unwrap_or_else(|| Bits::none(n_events))));
        }
        let present = having.as_ref().map_or(0, |(_, bits)| part.bits.count_with(bits));
        lacks.push(Lack { part, key, missing: part.count - present });
    }
    lacks
}

/// L-12.
fn required<'c>(lacks: impl Iterator<Item = &'c Lack<'c>>, findings: &mut Vec<Diagnostic>) {
    let blind: Vec<_> = lacks
        .filter(|lack| lack.part.role != Role::Until && lack.missing * 2 > lack.part.count)
        .collect();
    let Some(first) = blind.first() else { return };
    let total = blind.iter().any(|lack| lack.is_total());
    let level = if total { Severity::Warning } else { Severity::Info };
    let words: Vec<_> = blind.iter().map(|lack| lack.words()).collect();
    let name = &first.key.field.name;
    let message = format!(
        "`{name}` is missing in {}: an event without it takes no part",
        words.join(" and in ")
    );
    let help = format!("join by a key that these events have, or write `?{name}`");
    findings.push(finding("L-12", level, first.key.span, message, &help));
}

/// L-13.
fn optional<'c>(lacks: impl Iterator<Item = &'c Lack<'c>>, findings: &mut Vec<Diagnostic>) {
    let ordinary: Vec<_> = lacks.filter(|lack| lack.part.role == Role::Ordinary).collect();
    let Some(first) = ordinary.first() else { return };
    let missing: u32 = ordinary.iter().map(|lack| lack.missing).sum();
    let events: u32 = ordinary.iter().map(|lack| lack.part.count).sum();
    if missing < 2 || missing * 2 <= events {
        return;
    }
    // Another key may tell apart what this one does not.
    let keys = &first.part.stage.keys;
    let alone = keys.iter().all(|key| key.optional);
    let level = if alone { Severity::Warning } else { Severity::Info };
    let name = &first.key.field.name;
    let which = if missing == events { "all".into() } else { format!("{missing} of") };
    let message = format!(
        "`{name}` is missing in {which} the {events} events of the stages: they form one group, whatever host or user they are of"
    );
    let help = "join by a key that these events have";
    findings.push(finding("L-13", level, first.key.span, message, help));
}

/// L-15: do `until` and the first stage ever have keys in common?
fn until_meets(context: &Context<'_>, parts: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    let Some(until) = parts.last().filter(|part| part.role == Role::Until) else { return };
    let Some(start) = parts.iter().find(|part| part.role == Role::Ordinary) else { return };
    // Of one event it says nothing that it is of another host.
    let compared = |part: &Part<'_>| (2..=MAX_EVENTS).contains(&part.count);
    let acted = context.trails.count(End::Until { by: 0 }, None) > 0;
    if acted || !compared(until) || !compared(start) {
        return;
    }
    let mut space = KeySpace::default();
    let ends = tuples(context, until, &mut space);
    let starts = tuples(context, start, &mut space);
    if ends.iter().any(|end| starts.binary_search(end).is_ok()) {
        return;
    }
    let Some(span) = context.plan.node(until.stage.node).map(|node| node.span) else { return };
    let message = format!(
        "none of the {} of `until` has the keys of one of {}: it ends nothing here",
        n(until.count as usize, "event"),
        start.name
    );
    let help = "check that its keys name the same thing as those of the stages";
    findings.push(finding("L-15", Severity::Info, span, message, help));
}

/// The key tuples of the events of a filter, sorted.
fn tuples(context: &Context<'_>, part: &Part<'_>, space: &mut KeySpace) -> Vec<Tuple> {
    let keys = space.stage(part.stage, context.store);
    let (mut all, mut some) = (Vec::new(), Vec::new());
    for event in part.bits.iter() {
        if keys.tuples(event, space, &mut some).is_ok() {
            all.extend_from_slice(&some);
        }
    }
    crate::sort::up(&mut all);
    all
}
