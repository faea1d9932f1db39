//! Where lines end: a walk over the tree that decides for the gap before each token.

use crate::syntax::ast::{Body, Expr, ExprKind, Filter, Query, Term, Terms};
use crate::syntax::format::Writer;

/// Further indentation of what belongs to the line above, in blanks.
const STEP: usize = 2;

/// What comes first in a condition and says which events it is about at all: tests of these stay
/// beside `where`, as far as they fit there.
const OPENING: [&str; 3] = ["event.", "host.os.", "data_stream."];

/// Length of ` and`.
const AND: usize = 4;

impl Writer<'_> {
    pub(super) fn query(&mut self, query: &Query) {
        self.hang = 0;
        self.stay();
        let last = self.tokens.len().saturating_sub(2);
        let pipes = match &query.body {
            // All of a short one, with its pipes, on one line.
            Body::Event(_) if self.fits(last, 0) => {
                self.tokens_to(last);
                &[][..]
            }
            Body::Event(filter) => {
                self.filter(filter, 0, 0);
                &query.pipes
            }
            Body::Sequence(terms) | Body::Sample(terms) | Body::Join(terms) => {
                self.terms(terms);
                &query.pipes
            }
            Body::Hole => &[],
        };
        self.hang = STEP;
        for pipe in pipes {
            self.line(0);
            self.tokens_to(self.last_before(pipe.span.end));
        }
        self.hang = 0;
        self.stay();
    }

    fn terms(&mut self, terms: &Terms) {
        self.hang = 2 * STEP;
        if let Some(first) = terms.terms.first() {
            self.tokens_to(self.last_before(first.span.start));
        }
        for term in &terms.terms {
            self.line(STEP);
            self.term(term, STEP);
        }
        if let Some(until) = &terms.until {
            self.line(0);
            self.token();
            self.hang = STEP;
            self.stay();
            self.term(until, 0);
        }
    }

    fn term(&mut self, term: &Term, indent: usize) {
        self.token();
        self.hang = indent + STEP;
        self.stay();
        let last = self.last_before(term.span.end);
        let inner = self.last_of(&term.filter.condition);
        let tail = self.sum(last).0.saturating_sub(self.sum(inner).0);
        self.filter(&term.filter, indent, tail);
        self.gap(false, indent, indent + STEP);
        self.hang = indent + STEP;
        self.tokens_to(last);
    }

    /// `category where condition`, on a line that is indented by `indent`.
    fn filter(&mut self, filter: &Filter, indent: usize, tail: usize) {
        self.token();
        self.next_token();
        let condition = &filter.condition;
        let is_chain = matches!(condition.kind, ExprKind::And(..) | ExprKind::Or(..));
        let begins = || {
            let operands = condition.chain();
            let tail = if operands.len() > 1 { AND } else { tail };
            operands.first().is_some_and(|first| self.has_room(self.last_of(first), tail))
        };
        let (inner, step) = (indent + STEP, indent + 2 * STEP);
        if is_chain && !begins() {
            self.line(inner);
            self.expr(condition, inner, inner, tail);
        } else {
            self.stay();
            self.expr(condition, indent, if is_chain { inner } else { step }, tail);
        }
    }

    /// An expression on a line that is indented by `indent`; further lines of a chain of `and` or
    /// `or` are by `more`. `tail` is the length of what cannot be parted from its end.
    fn expr(&mut self, expr: &Expr, indent: usize, more: usize, tail: usize) {
        self.hang = indent + STEP;
        let last = self.last_of(expr);
        if self.fits(last, tail) {
            return self.tokens_to(last);
        }
        match &expr.kind {
            ExprKind::And(..) | ExprKind::Or(..) => self.chain(expr, indent, more, tail),
            ExprKind::Paren(inner) => {
                self.token();
                self.line(indent + STEP);
                self.expr(inner, indent + STEP, indent + STEP, 0);
                self.gap(true, indent, indent + STEP);
                self.token();
            }
            ExprKind::Not(inner) | ExprKind::Sign { inner, .. } => {
                self.token();
                self.stay();
                self.expr(inner, indent, more, tail);
            }
            ExprKind::Compare { left, right, .. } | ExprKind::Arithmetic { left, right, .. } => {
                self.expr(left, indent, more, 0);
                self.hang = indent + STEP;
                self.next_token();
                self.stay();
                self.expr(right, indent, more, tail);
            }
            ExprKind::In { value, list: items, .. }
            | ExprKind::Pattern { value, patterns: items, listed: true, .. } => {
                self.expr(value, indent, more, 0);
                self.stay();
                self.list(items, indent);
            }
            ExprKind::Call { args, .. } if !args.is_empty() => self.list(args, indent),
            ExprKind::Pattern { value, .. } => {
                self.expr(value, indent, more, 0);
                self.hang = indent + STEP;
                self.stay();
                self.tokens_to(last);
            }
            _ => self.tokens_to(last),
        }
    }

    /// The operands of `and` or `or`, each on its line, except for those that open the condition.
    fn chain(&mut self, expr: &Expr, indent: usize, more: usize, tail: usize) {
        let operands = expr.chain();
        let is_and = matches!(expr.kind, ExprKind::And(..));
        // Only beside `where` are further lines indented more than the first.
        let mut opens = is_and && more > indent;
        let mut at = indent;
        for (n, operand) in operands.iter().enumerate() {
            let tail = if n + 1 == operands.len() { tail } else { AND };
            if n > 0 {
                self.hang = more;
                self.next_token();
                let blank = self.gaps.get(self.at).is_some_and(|gap| gap.blank);
                opens &=
                    !blank && is_opening(operand) && self.has_room(self.last_of(operand), tail);
                if opens {
                    self.stay();
                } else {
                    at = more;
                    self.line(more);
                }
            }
            self.expr(operand, at, at + STEP, tail);
        }
    }

    /// From the next token, whose gap is written, to the end of a list in parentheses: as many
    /// elements on a line as fit.
    fn list(&mut self, items: &[Expr], indent: usize) {
        let inner = indent + STEP;
        self.hang = inner;
        let first = items.first().map_or(0, |item| item.span.start);
        self.tokens_to(self.last_before(first));
        for (n, item) in items.iter().enumerate() {
            let tail = usize::from(n + 1 < items.len());
            let blank = self.gaps.get(self.at + 1).is_some_and(|gap| gap.blank);
            if n > 0 {
                self.hang = inner;
                self.next_token();
            }
            if n > 0 && !blank && self.has_room(self.last_of(item), tail) {
                self.stay();
            } else {
                self.line(inner);
            }
            self.expr(item, inner, inner + STEP, tail);
        }
        self.gap(true, indent, inner);
        self.token();
    }
}

/// Is it a test of a field that says which events are meant at all?
fn is_opening(expr: &Expr) -> bool {
    let (ExprKind::Compare { left: value, .. }
    | ExprKind::In { value, .. }
    | ExprKind::Pattern { value, .. }) = &expr.kind
    else {
        return false;
    };
    matches!(&value.kind, ExprKind::Field(field)
        if OPENING.iter().any(|start| field.name.starts_with(start)))
}
