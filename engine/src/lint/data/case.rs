//! L-03: values that differ from a literal in letter case only.

use crate::diag::{Diagnostic, Severity, n, shortened};
use crate::hir::{Predicate, Subject, Test};
use crate::lint::clause::{Clause, Op, walk};
use crate::lint::data::{Context, Part, Role};
use crate::lint::finding;
use crate::pattern::Wildcard;
use crate::plan::{Leaf, NodeId, NodeKind};
use crate::store::Column;
use crate::syntax::ast::{Comparison, PatternOp};
use crate::value::{Case, Scalar, Value};

/// Most findings; each compares bits of a whole filter.
const MAX_FOUND: usize = 20;

/// Most comparisons of a value with a pattern, which cost as much as the test itself did: a field
/// with more values is left to the lint of the text.
const MAX_PATTERNS: usize = 20_000;

/// So many variants are shown.
const SHOWN: usize = 3;

pub(super) fn check(context: &Context<'_>, parts: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    let before = findings.len();
    // Leaves and clauses both stand in source order.
    let mut leaves = context
        .plan
        .iter()
        .filter_map(|(id, node)| match &node.kind {
            NodeKind::Leaf { leaf: Leaf::Test(test), is_category: false } => {
                Some((id, node.span, test))
            }
            _ => None,
        })
        .peekable();
    for filter in context.text.filters() {
        walk(&filter.condition, true, &mut |expr, _| {
            let Some(clause) = Clause::of(expr) else { return };
            while leaves.next_if(|leaf| leaf.1.start < expr.span.start).is_some() {}
            if let Some((id, _, test)) = leaves.next_if(|leaf| leaf.1 == expr.span)
                && findings.len() - before < MAX_FOUND
            {
                findings.extend(look(context, parts, id, test, &clause));
            }
        });
    }
}

/// What a test misses for its letter case.
fn look(
    context: &Context<'_>,
    parts: &[Part<'_>],
    leaf: NodeId,
    test: &Test,
    clause: &Clause<'_>,
) -> Option<Diagnostic> {
    let Subject::Field(field) = &test.subject else { return None };
    let column = context.store.column(&field.column)?;
    let (variants, shown) = variants(&test.predicate, column)?;
    let mut bits = column.events_with_any(&variants, context.store.n_events());
    let held = context.recording.bits(leaf)?;
    if test.negated {
        bits.invert();
        bits &= held;
    } else {
        bits |= held;
    }
    let (filter, after) = context.passing_if(leaf, bits);
    let before = context.passing(filter);
    let both = after.count_with(&before);
    let (more, less) = (after.count() - both, before.count() - both);
    let part = parts.iter().find(|part| part.stage.node == filter)?;
    let verb =
        if part.role == Role::Query { "match".into() } else { format!("pass {}", part.name) };
    let effect = match (more, less) {
        // The literal as it is written is nowhere: it would not have matched anything anywhere.
        (0, 0) if !test.negated && context.count(leaf) == 0 => {
            "no event has it as it is written, but other parts of the condition fail as well".into()
        }
        (0, 0) => return None,
        (_, 0) => {
            format!("without regard to case {} would {verb}", n(more as usize, "more event"))
        }
        (0, _) => {
            format!("without regard to case {} would {verb}", n(less as usize, "fewer event"))
        }
        _ => format!("without regard to case {more} other events would {verb}, {less} no longer"),
    };
    let affected = after.iter().filter(|event| !before.get(*event));
    let affected = affected.chain(before.iter().filter(|event| !after.get(*event)));
    let level = if more + less > 0 && !may_be_unix(context, &field.name, &shown, affected) {
        Severity::Warning
    } else {
        Severity::Info
    };
    let operator = clause.op_span.text(context.text.source);
    let message =
        format!("`{operator}` minds letter case, and `{}` is also {shown}: {effect}", field.name);
    let (help, edit) = mended(context, clause);
    let found = finding(
        "L-03",
        level,
        clause.op_span,
        message,
        &format!("write `{help}` if case does not matter"),
    );
    Some(match edit {
        Some((span, text)) => found.with_fix("Ignore letter case", span, text),
        None => found,
    })
}

/// The codes of values that the predicate would take if case did not count, and some of them in
/// words; `None` where there are none.
fn variants(predicate: &Predicate, column: &Column) -> Option<(Vec<bool>, String)> {
    let mut literals: Vec<&str> = Vec::new();
    let mut patterns: Vec<(&Wildcard, Wildcard)> = Vec::new();
    let text = |predicate| match predicate {
        &Predicate::Equals(Scalar::Str(ref text)) => Some(text.as_ref()),
        _ => None,
    };
    match predicate {
        Predicate::OneOf(items, Case::Sensitive) => literals.extend(items.iter().filter_map(text)),
        Predicate::Like(PatternOp::Like, all) => {
            patterns.extend(all.iter().map(|pattern| (pattern, pattern.ignoring_case())));
        }
        other => literals.extend(text(other)),
    }
    let is_variant = |value: &str| {
        let mut same = literals.iter().filter(|text| Case::Insensitive.eq(text, value)).peekable();
        if same.peek().is_some() {
            return !same.any(|text| *text == value);
        }
        patterns.iter().any(|(_, folded)| folded.is_match(value))
            && !patterns.iter().any(|(exact, _)| exact.is_match(value))
    };
    let looks = patterns.len() * column.dictionary().count();
    if (literals.is_empty() && patterns.is_empty()) || looks > MAX_PATTERNS {
        return None;
    }
    let mut shown: Vec<String> = Vec::new();
    let mut count: usize = 0;
    let mut see = |value: Value<'_>| {
        let Value::Str(text) = &value else { return false };
        let is_variant = is_variant(text);
        if is_variant {
            count += 1;
            if shown.len() < SHOWN {
                shown.push(format!("`{}`", shortened(text)));
            }
        }
        is_variant
    };
    let codes: Vec<bool> = column.dictionary().map(&mut see).collect();
    if count == 0 {
        return None;
    }
    let more = if count > shown.len() { ", …" } else { "" };
    Some((codes, shown.join(", ") + more))
}

/// Files of Linux and macOS may differ in nothing but case, and so may what runs from them: a
/// warning needs a sign of Windows.
fn may_be_unix(
    context: &Context<'_>,
    field: &str,
    shown: &str,
    mut events: impl Iterator<Item = u32>,
) -> bool {
    let of_file = ["process.", "file.", "dll."].iter().any(|group| field.starts_with(group));
    let is_windows = |value: Value<'_>| matches!(&value, Value::Str(text) if text == "windows");
    let system = context.store.column("host.os.type");
    let shown = shown.to_ascii_lowercase();
    of_file
        && !shown.contains(['\\'])
        && !shown.contains(".exe`")
        && !events.any(|event| system.is_some_and(|system| system.values_of(event).any(is_windows)))
}

/// How it is written without regard to case, and the edit that does it.
fn mended(
    context: &Context<'_>,
    clause: &Clause<'_>,
) -> (String, Option<(crate::span::Span, String)>) {
    let source = context.text.source;
    let operator = clause.op_span.text(source);
    let Op::Compare(op) = clause.op else {
        let insensitive = format!("{operator}~");
        return (insensitive.clone(), Some((clause.op_span, insensitive)));
    };
    // What stood for itself would be a wildcard.
    let plain = clause.texts().all(|(text, _)| !text.contains(['*', '?']));
    if !plain {
        return ("in~".into(), None);
    }
    let in_order = clause.value.span.start < clause.op_span.start;
    match (op, clause.items.as_slice()) {
        (Comparison::NotEqual, [item]) => {
            let text =
                format!("not {} : {}", clause.value.span.text(source), item.span.text(source));
            (text.clone(), Some((clause.expr.span, text)))
        }
        _ if in_order => (":".into(), Some((clause.op_span, ":".into()))),
        _ => (":".into(), None),
    }
}
