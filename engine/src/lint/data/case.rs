//! L-03: values that differ from a literal in letter case only.

use crate::diag::{Diagnostic, Severity, n, shortened};
use crate::hir::{Predicate, Subject, Test, ValueExpr};
use crate::lint::clause::{Clause, Op, walk};
use crate::lint::data::{Context, Part, Role};
use crate::lint::finding;
use crate::pattern::Wildcard;
use crate::plan::{Leaf, NodeId, NodeKind};
use crate::span::Span;
use crate::store::Column;
use crate::syntax::ast::{Comparison, Expr, ExprKind, PatternOp};
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
            let Some(written) = Written::of(context, expr) else { return };
            while leaves.next_if(|leaf| leaf.1.start < expr.span.start).is_some() {}
            if let Some((id, _, test)) = leaves.next_if(|leaf| leaf.1 == expr.span)
                && findings.len() - before < MAX_FOUND
            {
                findings.extend(look(context, parts, id, test, written));
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
    written: Written,
) -> Option<Diagnostic> {
    let (field, is_variant) = match &test.subject {
        Subject::Field(field) if !written.is_call => (field, of_predicate(&test.predicate)?),
        Subject::Computed(computed) if written.is_call => {
            (computed.fields.first()?, of_call(&computed.expr)?)
        }
        _ => return None,
    };
    let column = context.store.column(&field.column)?;
    let (variants, shown) = variants(is_variant, column)?;
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
    let operator = written.operator.text(context.text.source);
    let message =
        format!("`{operator}` minds letter case, and `{}` is also {shown}: {effect}", field.name);
    let help = format!("write `{}` if case does not matter", written.help);
    let found = finding("L-03", level, written.operator, message, &help);
    Some(match written.edit {
        Some((span, text)) => found.with_fix("Ignore letter case", span, text),
        None => found,
    })
}

/// Would a test take the value if case did not count, and does it not as it is? With the number of
/// patterns that it has to try.
type IsVariant<'p> = (Box<dyn Fn(&str) -> bool + 'p>, usize);

fn of_predicate(predicate: &Predicate) -> Option<IsVariant<'_>> {
    let mut literals: Vec<&str> = Vec::new();
    let text = |predicate| match predicate {
        &Predicate::Equals(Scalar::Str(ref text)) => Some(text.as_ref()),
        _ => None,
    };
    match predicate {
        Predicate::OneOf(items, Case::Sensitive) => literals.extend(items.iter().filter_map(text)),
        Predicate::Like(PatternOp::Like, exact) => {
            let folded: Vec<_> = exact.iter().map(Wildcard::ignoring_case).collect();
            let looks = folded.len();
            let any = |patterns: &[Wildcard], value: &str| {
                patterns.iter().any(|pattern| pattern.is_match(value))
            };
            return Some((Box::new(move |value| any(&folded, value) && !any(exact, value)), looks));
        }
        other => literals.extend(text(other)),
    }
    if literals.is_empty() {
        return None;
    }
    let is_variant = move |value: &str| {
        let mut same = literals.iter().filter(|text| Case::Insensitive.eq(text, value)).peekable();
        same.peek().is_some() && !same.any(|text| *text == value)
    };
    Some((Box::new(is_variant), 0))
}

/// The same of a function such as `startsWith` that looks at one field and constants.
fn of_call(expr: &ValueExpr) -> Option<IsVariant<'_>> {
    let ValueExpr::Call(function, Case::Sensitive, args) = expr else { return None };
    let plain = |arg: &ValueExpr| matches!(arg, ValueExpr::Field(_) | ValueExpr::Constant(_));
    if !function.folds || !args.iter().all(plain) {
        return None;
    }
    let holds = move |value: &str, case| {
        let args: Vec<_> = args
            .iter()
            .map(|arg| match arg {
                ValueExpr::Constant(constant) => constant.as_ref().map(Scalar::borrowed),
                _ => Some(Scalar::Str(value.into())),
            })
            .collect();
        matches!(function.call(&args, case), Ok(Some(Scalar::Bool(true))))
    };
    let is_variant =
        move |value: &str| holds(value, Case::Insensitive) && !holds(value, Case::Sensitive);
    Some((Box::new(is_variant), args.len()))
}

/// The codes of such values, and some of them in words; `None` where there are none.
fn variants(is_variant: IsVariant<'_>, column: &Column) -> Option<(Vec<bool>, String)> {
    let (is_variant, patterns) = is_variant;
    if patterns * column.dictionary().count() > MAX_PATTERNS {
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

/// A test as it is written, and how it is written without regard to case.
struct Written {
    /// The operator or the name of the function.
    operator: Span,
    help: String,
    edit: Option<(Span, String)>,
    is_call: bool,
}

impl Written {
    fn of(context: &Context<'_>, expr: &Expr) -> Option<Self> {
        let source = context.text.source;
        if let ExprKind::Call { name, .. } = expr.kind {
            return Some(Self::tilde(source, name, true));
        }
        let clause = Clause::of(expr)?;
        let operator = clause.op_span;
        let Op::Compare(op) = clause.op else { return Some(Self::tilde(source, operator, false)) };
        // What stood for itself would be a wildcard.
        let plain = clause.texts().all(|(text, _)| !text.contains(['*', '?']));
        let in_order = clause.value.span.start < operator.start;
        let (help, edit) = match (op, clause.items.as_slice()) {
            _ if !plain => ("in~".to_owned(), None),
            (Comparison::NotEqual, [item]) => {
                let (value, item) = (clause.value.span.text(source), item.span.text(source));
                let text = format!("not {value} : {item}");
                (text.clone(), Some((expr.span, text)))
            }
            _ => (":".into(), in_order.then(|| (operator, ":".into()))),
        };
        Some(Self { operator, help, edit, is_call: false })
    }

    /// `in~`, `startsWith~`
    fn tilde(source: &str, operator: Span, is_call: bool) -> Self {
        let help = format!("{}~", operator.text(source));
        Self { operator, edit: Some((operator, help.clone())), help, is_call }
    }
}
