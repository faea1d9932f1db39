//! Lints of expressions: precedence, functions, arithmetic, lists.

use crate::diag::{Diagnostic, Severity};
use crate::lint::clause::{Clause, Op, bare, constant, walk};
use crate::lint::logic::short;
use crate::lint::patterns::listable;
use crate::lint::{Context, finding};
use crate::span::Span;
use crate::syntax::ast::{Arithmetic, Category, Comparison, Expr, ExprKind, Filter, PatternOp};
use crate::ty::Type;
use crate::value::Number;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for filter in context.filters() {
        category_again(context, filter, findings);
        // Fields that are asked for anywhere, and those told of already.
        let mut told = Vec::new();
        walk(&filter.condition, true, &mut |expr, holds| {
            if let Some(clause) = Clause::of(expr)
                && let Some(field) = clause.field()
                && holds != clause.negated ^ is_null(&clause)
                && !told.contains(&&*field.name)
            {
                told.push(&*field.name);
            }
        });
        walk(&filter.condition, true, &mut |expr, holds| match &expr.kind {
            ExprKind::Or(..) => {
                precedence(context, expr, findings);
                one_list(context, expr, findings);
            }
            ExprKind::Call { name, args } => empty_text(context, *name, args, findings),
            _ => {
                if let Some(clause) = Clause::of(expr) {
                    holds_without(&clause, holds, &mut told, findings);
                    computed(context, &clause, findings);
                    texts_by_order(context, &clause, findings);
                }
            }
        });
    }
}

/// L-07: `a and b or c`, where `c` goes on with what `b` tests and leaves out `a`.
fn precedence(context: &Context<'_>, or: &Expr, findings: &mut Vec<Diagnostic>) {
    let alternatives = or.chain();
    let Some((first, rest)) = alternatives.split_first() else { return };
    if !matches!(first.kind, ExprKind::And(..)) {
        return;
    }
    let parts = first.chain();
    let (Some(frame), Some(last)) = (parts.first(), parts.last()) else { return };
    let (frame_fields, last_fields) = (fields(frame), fields(last));
    let is_frame = matches!(Clause::of(frame), Some(clause) if clause.field().is_some());
    let goes_on = |part: &&Expr| {
        let own = fields(part);
        let shares = own.iter().any(|field| last_fields.contains(field));
        let is_group = matches!(last.kind, ExprKind::Paren(_));
        !own.iter().any(|field| frame_fields.contains(field))
            && (shares || is_group && own.len() == 1)
    };
    if is_frame && rest.iter().all(goes_on) {
        let clause = short(frame.span.text(context.source));
        let message = format!("`{clause}` does not apply to what follows this `or`");
        let help = "put parentheses around the alternatives: `and` binds tighter than `or`";
        let Some(at) = rest.first().map(|part| part.span) else { return };
        let found = finding("L-07", Severity::Warning, at, message, help);
        // From the last part of the `and` to the end of the `or`.
        let edits = vec![
            (Span::empty(last.span.start), "(".to_owned()),
            (Span::empty(or.span.end), ")".to_owned()),
        ];
        let title = "Put parentheses around the alternatives".to_owned();
        findings.push(found.with_edits(title, edits));
    }
}

/// The fields that an expression tests.
fn fields(expr: &Expr) -> Vec<&str> {
    let mut names = Vec::new();
    walk(expr, true, &mut |expr, _| {
        if let ExprKind::Field(field) = &expr.kind {
            names.push(&*field.name);
        }
    });
    crate::sort::up(&mut names);
    names.dedup();
    names
}

/// L-34.
fn one_list(context: &Context<'_>, or: &Expr, findings: &mut Vec<Diagnostic>) {
    let clauses: Vec<_> = or.chain().into_iter().map(|part| listable(bare(part))).collect();
    let Some(Some(first)) = clauses.first() else { return };
    let same = |clause: &Option<Clause<'_>>| {
        clause
            .as_ref()
            .is_some_and(|clause| clause.field() == first.field() && clause.op == first.op)
    };
    if !clauses.iter().all(same) {
        return;
    }
    let word = match first.op {
        Op::Compare(_) => "in",
        Op::In { insensitive: false } => "in",
        Op::In { insensitive: true } => "in~",
        Op::Pattern(op) => op.text(),
    };
    let items: Vec<_> = clauses
        .iter()
        .flatten()
        .flat_map(|clause| clause.texts())
        .map(|(_, span)| span.text(context.source))
        .collect();
    let message = format!("these alternatives fit one list after `{word}`");
    let found = finding("L-34", Severity::Info, or.span, message, "write one list");
    let field = first.value.span.text(context.source);
    let text = format!("{field} {word} ({})", items.join(", "));
    let source = or.span.text(context.source);
    let has_comment = source.contains("//") || source.contains("/*");
    findings.push(if has_comment {
        found
    } else {
        found.with_fix("Write one list", or.span, text)
    });
}

/// L-36.
fn empty_text(context: &Context<'_>, name: Span, args: &[Expr], findings: &mut Vec<Diagnostic>) {
    let [subject, part, ..] = args else { return };
    let function = name.text(context.source).trim_end_matches('~').to_ascii_lowercase();
    let says = match function.as_str() {
        "stringcontains" => "never holds",
        "startswith" | "endswith" => "holds for every value",
        _ => return,
    };
    let is_empty = matches!(&bare(part).kind, ExprKind::Str(text) if text.is_empty());
    if is_empty && constant(subject).is_none() {
        let message = format!("an empty text: this {says}");
        findings.push(finding(
            "L-36",
            Severity::Warning,
            part.span,
            message,
            "write what is looked for",
        ));
    }
}

/// L-04, once per field.
fn holds_without<'t>(
    clause: &Clause<'t>,
    holds: bool,
    told: &mut Vec<&'t str>,
    findings: &mut Vec<Diagnostic>,
) {
    let Some(field) = clause.field() else { return };
    let excludes = holds == clause.negated && !is_null(clause);
    if excludes && !told.contains(&&*field.name) {
        told.push(&field.name);
        let message = format!("this also holds where `{}` is missing", field.name);
        let help = format!("add `{} != null` if it must be there", field.name);
        findings.push(finding("L-04", Severity::Info, clause.expr.span, message, &help));
    }
}

/// `== null`, `!= null`
fn is_null(clause: &Clause<'_>) -> bool {
    clause.items.iter().any(|item| matches!(item.kind, ExprKind::Null))
}

/// L-31, L-38, L-39: what is computed, compared with a constant.
fn computed(context: &Context<'_>, clause: &Clause<'_>, findings: &mut Vec<Diagnostic>) {
    let (span, [item]) = (clause.expr.span, clause.items.as_slice()) else { return };
    let number = constant(item);
    match &clause.value.kind {
        ExprKind::Arithmetic { op: Arithmetic::Divide, right, .. } => {
            let whole = |expr: &Expr| match &bare(expr).kind {
                ExprKind::Field(field) => context.schema.field(&field.name).ty == Type::Integer,
                _ => matches!(constant(expr), Some(Number::Int(_))),
            };
            let ExprKind::Arithmetic { left, .. } = &clause.value.kind else { return };
            // By `>=` and `<` a whole number bounds the fraction as well.
            let differs =
                !matches!(clause.op, Op::Compare(Comparison::GreaterEqual | Comparison::Less));
            if differs && whole(left) && whole(right) && number.is_some() {
                let message = "a division of whole numbers is cut to a whole number".to_owned();
                let help = "write one of them with a fraction, e.g. `4.0`";
                let found = finding("L-31", Severity::Warning, clause.value.span, message, help);
                let at = [right, left].into_iter().find(|side| constant(side).is_some());
                findings.push(match at {
                    Some(side) => {
                        let end = Span::empty(side.span.end);
                        found.with_fix("Write it with a fraction", end, ".0")
                    }
                    None => found,
                });
            }
        }
        ExprKind::Call { name, args } => {
            let name = name.text(context.source).trim_end_matches('~').to_ascii_lowercase();
            match (name.as_str(), clause.op, number) {
                ("indexof", Op::Compare(Comparison::Greater), Some(Number::Int(0))) => {
                    let message =
                        "positions begin at 0: this misses a text that begins so".to_owned();
                    let found = finding("L-38", Severity::Warning, span, message, "write `>= 0`");
                    findings.push(found.with_fix("Write `>=`", clause.op_span, ">="));
                }
                ("indexof", Op::Compare(op), Some(Number::Int(-1))) if op.is_equality() => {
                    let message = "a text that is not there gives null, not -1".to_owned();
                    let found =
                        finding("L-38", Severity::Warning, span, message, "compare with `null`");
                    findings.push(found.with_fix("Write `null`", item.span, "null"));
                }
                ("substring", op, None) => part_length(clause, op, args, findings),
                _ => {}
            }
        }
        _ => {}
    }
}

/// L-39.
fn part_length(clause: &Clause<'_>, op: Op, args: &[Expr], findings: &mut Vec<Diagnostic>) {
    let (Op::Compare(Comparison::Equal) | Op::Pattern(PatternOp::Colon)) = op else { return };
    let [_, start, end] = args else { return };
    let (Some(Number::Int(start)), Some(Number::Int(end))) = (constant(start), constant(end))
    else {
        return;
    };
    let Some((text, span)) = clause.texts().next() else { return };
    let length = text.chars().count() as i64;
    let is_wild = clause.has_wildcards() && text.contains('*');
    let most = end.saturating_sub(start).max(0);
    if (start < 0) == (end < 0) && length > most && !is_wild {
        let message = format!("this has {length} characters, the part at most {most}");
        let help = "correct the bounds or the text";
        findings.push(finding("L-39", Severity::Warning, span, message, help));
    }
}

/// L-32.
fn texts_by_order(context: &Context<'_>, clause: &Clause<'_>, findings: &mut Vec<Diagnostic>) {
    let (Op::Compare(op), [item]) = (clause.op, clause.items.as_slice()) else { return };
    let ExprKind::Str(text) = &item.kind else { return };
    let Some(field) = clause.field().filter(|_| !op.is_equality()) else { return };
    let is_text = context.schema.field(&field.name).ty == Type::String;
    if is_text && Number::parse(text).is_some() {
        let message =
            "texts are compared letter by letter: `\"10\"` is less than `\"9\"`".to_owned();
        let help = "compare numbers: `number(x) > 9`";
        let found = finding("L-32", Severity::Warning, clause.expr.span, message, help);
        let field = clause.value.span;
        let edits = vec![
            (field, format!("number({})", field.text(context.source))),
            (item.span, text.to_string()),
        ];
        let title = "Compare numbers".to_owned();
        findings.push(found.with_edits(title, edits));
    }
}

/// L-30.
fn category_again(context: &Context<'_>, filter: &Filter, findings: &mut Vec<Diagnostic>) {
    let Category::Name(name) = &filter.category else { return };
    if context.rule.event_category_override.is_some() {
        return;
    }
    for part in bare(&filter.condition).chain() {
        if let Some(clause) = Clause::of(bare(part))
            && clause.field().is_some_and(|field| &*field.name == "event.category")
            && !clause.negated
            && clause.texts().any(|(text, _)| text == &**name)
        {
            let message = format!("`{name}` before `where` tests this already");
            findings.push(finding("L-30", Severity::Info, part.span, message, "leave it out"));
        }
    }
}
