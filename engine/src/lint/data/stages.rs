//! L-14 to L-17: stages that match nothing, or the same; `until` that can never act, or acts on
//! what it should bound.

use crate::diag::{Diagnostic, Severity, n, shortened};
use crate::hir::{Form, Subject};
use crate::lint::data::{Context, Part, Role};
use crate::lint::finding;
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::schema::KnownBy;
use crate::span::Span;
use crate::store::{Bits, Column};

/// So many values of a field are shown.
const SHOWN: usize = 3;

pub(super) fn check(context: &Context<'_>, parts: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    let ordinary = || parts.iter().filter(|part| part.role == Role::Ordinary);
    let some_match = ordinary().any(|part| part.count > 0);
    for part in parts.iter().filter(|part| part.count == 0) {
        empty(context, part, some_match, findings);
    }
    until(context, parts, findings);
    if let Form::Sequence { .. } = context.plan.form() {
        let stages: Vec<_> = ordinary().collect();
        same(context, &stages, findings);
    }
}

/// All searched indices are others: nothing else is worth telling.
pub(super) fn nothing_searched(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let span = context.text.tree.span;
    let events = n(context.store.n_events() as usize, "event");
    let message = format!("none of the {events} is in an index that the rule searches");
    let help = "load events of its index patterns, or change the patterns";
    findings.push(finding("L-14", Severity::Info, span, message, help));
}

/// What must hold at once for a filter, in source order.
fn conjuncts(plan: &Plan, node: NodeId, list: &mut Vec<NodeId>) {
    for child in plan.children(node) {
        if matches!(plan.node(child).map(|node| &node.kind), Some(NodeKind::And)) {
            conjuncts(plan, child, list);
        } else {
            list.push(child);
        }
    }
}

/// L-14: which conjunct keeps every event out?
fn empty(context: &Context<'_>, part: &Part<'_>, some_match: bool, findings: &mut Vec<Diagnostic>) {
    let mut list = Vec::new();
    conjuncts(context.plan, part.stage.node, &mut list);
    let Some((guilty, why)) = guilty(context, &list) else { return };
    let Some(node) = context.plan.node(guilty) else { return };
    let constant = matches!(node.kind, NodeKind::Leaf { leaf: Leaf::Constant(_), .. });
    // Of a field that nobody knows L-08 has told already.
    let known = leaf_field(context, guilty)
        .is_none_or(|name| context.text.schema.field(name).known_by != KnownBy::Nothing);
    if part.role == Role::Query && !known {
        return;
    }
    // A sequence whose other stages are there lacks just this one. That an event is missing, or
    // that a search finds nothing, is as often as not what is expected; so is a search for `false`.
    let meant = part.role == Role::Query && node.span.text(context.text.source) == "false";
    let level = if (constant && !meant) || (part.role == Role::Ordinary && some_match && known) {
        Severity::Warning
    } else {
        Severity::Info
    };
    let events = n(context.found.searched.count() as usize, "event");
    let message = format!("{} matches none of the {events}: {why}", part.name);
    let help = match part.role {
        _ if constant => "correct this part, or delete it",
        Role::Ordinary => "correct this part, or load events in which it holds",
        _ => "check this part, if events were expected",
    };
    findings.push(finding("L-14", level, node.span, message, help));
}

/// The conjunct to blame, and why.
fn guilty(context: &Context<'_>, list: &[NodeId]) -> Option<(NodeId, String)> {
    let text = |node: NodeId| {
        let span = context.plan.node(node).map_or(Span::default(), |node| node.span);
        shortened(span.text(context.text.source))
    };
    if let Some(&none) = list.iter().find(|node| context.count(**node) == 0) {
        return Some((none, alone(context, none, &text(none))));
    }
    // Without which one would most events pass? The others before it and after it are known by
    // then, so that each is looked at twice.
    let bits = |node: &NodeId| context.recording.bits(*node);
    let mut before = vec![context.found.searched.clone()];
    for node in list {
        let mut next = before.last()?.clone();
        next &= bits(node)?;
        before.push(next);
    }
    let mut after = context.found.searched.clone();
    let mut best: Option<(u32, NodeId)> = None;
    for (node, before) in list.iter().zip(&before).rev() {
        let left = before.count_with(&after);
        if left > best.map_or(0, |best| best.0) {
            best = Some((left, *node));
        }
        after &= bits(node)?;
    }
    if let Some((left, node)) = best {
        let pass = if left == 1 { "passes" } else { "pass" };
        return Some((
            node,
            format!("{} {pass} all but `{}`", n(left as usize, "event"), text(node)),
        ));
    }
    // The first one that leaves nothing.
    let at = before.iter().position(|bits| bits.count() == 0)?.checked_sub(1)?;
    let (node, held) = (*list.get(at)?, before.get(at).map_or(0, Bits::count));
    let held = n(held as usize, "event");
    let alone = context.count(node);
    Some((
        node,
        format!(
            "what stands before `{0}` holds in {held}, none of them among the {alone} for which `{0}` holds",
            text(node)
        ),
    ))
}

/// Why a conjunct holds in no event at all.
fn alone(context: &Context<'_>, node: NodeId, text: &str) -> String {
    match context.plan.node(node).map(|node| &node.kind) {
        Some(NodeKind::Leaf { leaf: Leaf::Constant(_), .. }) => {
            return format!("`{text}` is false whatever the event");
        }
        Some(NodeKind::Leaf { is_category: true, .. }) => {
            let name = text.trim_end_matches("where").trim_end();
            return format!("none has the category `{name}`");
        }
        _ => {}
    }
    let alone = format!("`{text}` alone holds in none");
    let Some(name) = leaf_field(context, node) else { return alone };
    let column = context.store.column(&context.text.schema.field(name).column);
    let Some(column) = column.filter(|column| !column.is_empty()) else {
        return format!("no event has `{name}`");
    };
    match values(column) {
        Some(values) => format!("{alone}; `{name}` is {values}"),
        None => alone,
    }
}

/// The distinct values, where they are few.
fn values(column: &Column) -> Option<String> {
    let shown = |value: crate::value::Value<'_>| format!("`{}`", shortened(&value.to_string()));
    let values: Vec<String> = column.dictionary().take(SHOWN + 1).map(shown).collect();
    (values.len() <= SHOWN).then(|| values.join(", "))
}

/// The field of a leaf that looks for a value of it.
fn leaf_field<'c>(context: &Context<'c>, node: NodeId) -> Option<&'c str> {
    match &context.plan.node(node)?.kind {
        NodeKind::Leaf { leaf: Leaf::Test(test), .. } if !test.negated => match &test.subject {
            Subject::Field(field) => Some(&field.name),
            Subject::Computed(_) => None,
        },
        _ => None,
    }
}

/// L-16; L-15 is a matter of keys.
fn until(context: &Context<'_>, parts: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    let Some(until) = parts.last().filter(|part| part.role == Role::Until) else { return };
    let Some(last) = parts.iter().rposition(|part| part.role == Role::Ordinary) else { return };
    for part in parts.iter().take(last).filter(|part| part.role == Role::Ordinary) {
        let both = part.bits.count_with(&until.bits);
        if both == 0 {
            continue;
        }
        // An event that ends what it begins may be meant so; a stage that always does is not.
        let level = if both == part.count { Severity::Warning } else { Severity::Info };
        let Some(span) = context.plan.node(until.stage.node).map(|node| node.span) else { return };
        let message = format!(
            "`until` also matches {both} of the {} of {}: they end the match that they extend",
            n(part.count as usize, "event"),
            part.name
        );
        let help = "narrow `until`, or the stage, so that no event passes both";
        findings.push(finding("L-16", level, span, message, help));
    }
}

/// L-17: two stages with the same events, though written differently.
fn same(context: &Context<'_>, stages: &[&Part<'_>], findings: &mut Vec<Diagnostic>) {
    for (at, part) in stages.iter().enumerate() {
        let twin = stages.iter().take(at).find(|other| {
            other.count > 1
                && other.bits == part.bits
                && !alike(context.plan, other.stage.node, part.stage.node)
        });
        let Some(twin) = twin else { continue };
        let Some(span) = context.plan.node(part.stage.node).map(|node| node.span) else { return };
        let message = format!(
            "{} matches the same {} as {}: results overlap",
            part.name,
            n(part.count as usize, "event"),
            twin.name
        );
        let help = "use `with runs=2` where repetition is meant, or tell the stages apart";
        findings.push(finding("L-17", Severity::Info, span, message, help));
    }
}

/// Do two filters ask the same in the same words? That is told without looking at events.
fn alike(plan: &Plan, a: NodeId, b: NodeId) -> bool {
    let parts = |id: NodeId| {
        let end = plan.node(id).map_or(id, |node| node.end);
        plan.nodes().get(id.0 as usize + 1..end.0 as usize).unwrap_or_default()
    };
    let (a, b) = (parts(a), parts(b));
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.kind == b.kind)
}
