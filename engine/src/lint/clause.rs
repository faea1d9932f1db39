//! A leaf of a condition as it is written: a subject, an operator, values.

use crate::span::Span;
use crate::syntax::ast::{Comparison, Expr, ExprKind, Field, PatternOp};
use crate::value::Number;

/// How a leaf compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    /// `==`, `!=`, `<`, …
    Compare(Comparison),
    /// `in`, `not in`; with `~` where the flag is set.
    In { insensitive: bool },
    /// `:`, `like`, `regex`, …
    Pattern(PatternOp),
}

/// A leaf: `value op (items…)`.
#[derive(Clone, Debug)]
pub(super) struct Clause<'t> {
    /// All of it.
    pub(super) expr: &'t Expr,
    /// The left side, without parentheses.
    pub(super) value: &'t Expr,
    /// The operator.
    pub(super) op: Op,
    /// Where the operator stands.
    pub(super) op_span: Span,
    /// The right side: one, or the elements of a list.
    pub(super) items: Vec<&'t Expr>,
    /// `!=`, `not in`
    pub(super) negated: bool,
}

impl<'t> Clause<'t> {
    /// The expression as a leaf; `None` where it is something else.
    pub(super) fn of(expr: &'t Expr) -> Option<Self> {
        let (value, op, op_span, items, negated) = match &expr.kind {
            ExprKind::Compare { op, op_span, left, right } => {
                let (value, op, item) = if is_constant(left) && !is_constant(right) {
                    (right, op.swapped(), left)
                } else {
                    (left, *op, right)
                };
                let negated = op == Comparison::NotEqual;
                (value, Op::Compare(op), *op_span, vec![bare(item)], negated)
            }
            ExprKind::In { value, negated, insensitive, op_span, list } => {
                let op = Op::In { insensitive: *insensitive };
                (value, op, *op_span, list.iter().map(bare).collect(), *negated)
            }
            ExprKind::Pattern { value, op, op_span, patterns, .. } => {
                let items = patterns.iter().map(bare).collect();
                (value, Op::Pattern(*op), *op_span, items, false)
            }
            _ => return None,
        };
        Some(Self { expr, value: bare(value), op, op_span, items, negated })
    }

    /// The field on the left, where it is nothing but a field.
    pub(super) fn field(&self) -> Option<&'t Field> {
        match &self.value.kind {
            ExprKind::Field(field) => Some(field),
            _ => None,
        }
    }

    /// Its texts, with their places.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&'t str, Span)> + '_ {
        self.items.iter().filter_map(|item| match &item.kind {
            ExprKind::Str(text) => Some((text.as_ref(), item.span)),
            _ => None,
        })
    }

    /// Are `*` and `?` wildcards in its texts?
    pub(super) fn has_wildcards(&self) -> bool {
        use PatternOp::{Colon, Like, LikeInsensitive};
        matches!(self.op, Op::Pattern(Colon | Like | LikeInsensitive))
    }

    /// Are its texts regular expressions?
    pub(super) fn is_regex(&self) -> bool {
        matches!(self.op, Op::Pattern(PatternOp::Regex | PatternOp::RegexInsensitive))
    }

    /// Does letter case count?
    pub(super) fn is_case_sensitive(&self) -> bool {
        matches!(
            self.op,
            Op::Compare(_)
                | Op::In { insensitive: false }
                | Op::Pattern(PatternOp::Like | PatternOp::Regex)
        )
    }
}

/// The expression without the parentheses around it.
pub(super) fn bare(mut expr: &Expr) -> &Expr {
    while let ExprKind::Paren(inner) = &expr.kind {
        expr = inner;
    }
    expr
}

/// A literal.
pub(super) fn is_constant(expr: &Expr) -> bool {
    match &bare(expr).kind {
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Str(_) => true,
        ExprKind::Sign { inner, .. } => is_constant(inner),
        _ => false,
    }
}

/// The number that a literal is.
pub(super) fn constant(expr: &Expr) -> Option<Number> {
    match &bare(expr).kind {
        ExprKind::Number(number) => Some(*number),
        ExprKind::Sign { negative, inner } => match (negative, constant(inner)?) {
            (false, number) => Some(number),
            (true, Number::Int(n)) => n.checked_neg().map(Number::Int),
            (true, number) => Some(Number::Float(-number.to_f64())),
        },
        _ => None,
    }
}

/// Shows every expression of a tree, the outer ones first. The flag is false where the expression
/// stands under an odd number of `not`.
pub(super) fn walk<'t>(expr: &'t Expr, holds: bool, see: &mut dyn FnMut(&'t Expr, bool)) {
    see(expr, holds);
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::Sign { inner, .. } => walk(inner, holds, see),
        ExprKind::Not(inner) => walk(inner, !holds, see),
        ExprKind::And(..) | ExprKind::Or(..) => {
            for part in expr.chain() {
                walk(part, holds, see);
            }
        }
        ExprKind::Call { args, .. } => {
            for arg in args {
                walk(arg, holds, see);
            }
        }
        ExprKind::Arithmetic { left, right, .. } | ExprKind::Compare { left, right, .. } => {
            walk(left, holds, see);
            walk(right, holds, see);
        }
        ExprKind::In { value, .. } | ExprKind::Pattern { value, .. } => walk(value, holds, see),
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::Str(_)
        | ExprKind::Field(_)
        | ExprKind::Hole => {}
    }
}
