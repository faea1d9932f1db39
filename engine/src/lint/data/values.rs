//! L-33, L-37: fields that have several values.

use crate::diag::{Diagnostic, Severity, n};
use crate::eval::value_holds;
use crate::hir::{FieldRef, Predicate, Subject, Test};
use crate::lint::clause::{Clause, Op, bare, walk};
use crate::lint::data::{Context, Part};
use crate::lint::finding;
use crate::plan::{Leaf, NodeId, NodeKind};
use crate::schema::KnownBy;
use crate::store::Bits;
use crate::syntax::ast::{Comparison, ExprKind};

/// Bounds of one `and` that are compared with one another.
const MAX_BOUNDS: usize = 50;

/// A longer list is rare, a shorter text as well.
const LONG: f64 = 32.0;

pub(super) fn check(context: &Context<'_>, _: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    for (id, node) in context.plan.iter() {
        if matches!(node.kind, NodeKind::And) {
            bounds(context, id, findings);
        }
    }
    for filter in context.text.filters() {
        walk(&filter.condition, true, &mut |expr, _| {
            if let Some(clause) = Clause::of(expr) {
                length(context, &clause, findings);
            }
        });
    }
}

/// The searched events in which a column has several values; `None` where there are none.
fn several(context: &Context<'_>, column: &str) -> Option<Bits> {
    let mut bits = context.store.column(column)?.events_with_several(context.store.n_events());
    bits &= &context.found.searched;
    (bits.count() > 0).then_some(bits)
}

/// L-33: two bounds on one field that different values satisfy (spec §3.14).
fn bounds(context: &Context<'_>, and: NodeId, findings: &mut Vec<Diagnostic>) {
    let bounds = context.plan.children(and).filter_map(|child| {
        let (test, field, op) = bound(&context.plan.node(child)?.kind)?;
        let is_upper = matches!(op, Comparison::Less | Comparison::LessEqual);
        Some((child, test, field, is_upper))
    });
    let bounds: Vec<_> = bounds.take(MAX_BOUNDS).collect();
    for (at, (second, test_b, field, upper)) in bounds.iter().enumerate() {
        let first = bounds
            .iter()
            .take(at)
            .find(|other| other.2.column == field.column && other.3 != *upper);
        let Some((first, test_a, ..)) = first else { continue };
        let Some(mut both) = several(context, &field.column) else { continue };
        for node in [first, second] {
            if let Some(bits) = context.recording.bits(*node) {
                both &= bits;
            }
        }
        let Some(column) = context.store.column(&field.column) else { continue };
        let apart = both.iter().filter(|event| {
            !column.values_of(*event).any(|v| value_holds(test_a, &v) && value_holds(test_b, &v))
        });
        let count = apart.count();
        let (Some(a), Some(b)) = (context.plan.node(*first), context.plan.node(*second)) else {
            continue;
        };
        if count > 0 {
            let message = format!(
                "in {} different values of `{}` are within the two bounds, and none is within both",
                n(count, "event"),
                field.name
            );
            let help = "mind it: a condition cannot ask for both bounds of one value";
            findings.push(finding("L-33", Severity::Warning, a.span.to(b.span), message, help));
        }
    }
}

/// A plain `<` or `>` on a field.
fn bound(kind: &NodeKind) -> Option<(&Test, &FieldRef, Comparison)> {
    let NodeKind::Leaf { leaf: Leaf::Test(test), .. } = kind else { return None };
    match (&test.subject, &test.predicate) {
        (Subject::Field(field), Predicate::Ordered(op, _)) if !test.negated => {
            Some((test, field, *op))
        }
        _ => None,
    }
}

/// L-37: `length` of a field with several values, compared with a small number.
fn length(context: &Context<'_>, clause: &Clause<'_>, findings: &mut Vec<Diagnostic>) {
    let (Op::Compare(op), ExprKind::Call { name, args }) = (clause.op, &clause.value.kind) else {
        return;
    };
    let ([arg], [item]) = (args.as_slice(), clause.items.as_slice()) else { return };
    let (ExprKind::Field(field), ExprKind::Number(number)) = (&bare(arg).kind, &item.kind) else {
        return;
    };
    let number = number.to_f64();
    // That it is longer than nothing says that it is there, of a list as of a text.
    let presence = number == 0.0 || (number == 1.0 && op == Comparison::GreaterEqual);
    if name.text(context.text.source) != "length" || presence || number >= LONG {
        return;
    }
    let schema = context.text.schema;
    let Some(bits) = several(context, &schema.field(&field.name).column) else { return };
    let field = &field.name;
    let message = format!(
        "`{field}` has several values in {}: `length` counts the letters of each, not the values",
        n(bits.count() as usize, "event")
    );
    let count = format!("{field}_count");
    let counted = schema.field(&count).known_by != KnownBy::Nothing;
    let help = if counted {
        format!("write `{count}`")
    } else {
        "compare a field that counts the values, if there is one".into()
    };
    let mut found = finding("L-37", Severity::Warning, clause.value.span, message, &help);
    if counted {
        found = found.with_fix(format!("Write `{count}`"), clause.value.span, count);
    }
    findings.push(found);
}
