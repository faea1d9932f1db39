//! Single tests: subject, verb, values, and what is to be said of them.

use crate::span::Span;
use crate::syntax::ast::{Comparison, Expr, ExprKind};
use crate::syntax::describe::verbs::{self, Verb};
use crate::syntax::describe::{Line, Part, PartKind, Reader, UNREADABLE};
use crate::syntax::print::print_field;

/// Longest line on which a list stands beside its verb, in characters.
const WIDTH: usize = 90;

const OR_MISSING: &str = "or missing";

impl Reader<'_> {
    /// A test, or its negation.
    pub(super) fn leaf(&mut self, expr: &Expr, negative: bool, depth: u16) {
        let or_missing = passes_without(expr, self.source, negative);
        match &expr.kind {
            ExprKind::Bool(value) => {
                self.word(if negative { "not " } else { "" });
                self.word(if *value { "always" } else { "never" });
            }
            ExprKind::Compare { op, left, right, .. } => {
                let (left, right) = (left.inner(), right.inner());
                self.subject(left);
                self.verb(verbs::compare(*op, right), left, negative);
                if verbs::is_null_test(*op, right) {
                    return;
                }
                let to_the_letter = op.is_equality() && has_wildcard(right);
                self.word(" ");
                self.code(right, 5);
                self.remarks(Remarks { to_the_letter, or_missing, ..Remarks::default() });
            }
            ExprKind::In { value, negated, insensitive, list, .. } => {
                let value = value.inner();
                self.subject(value);
                self.verb(verbs::list(*negated), value, negative);
                let to_the_letter = list.iter().any(has_wildcard);
                self.remarks(Remarks { any_case: *insensitive, to_the_letter, or_missing });
                self.list(list, depth);
            }
            ExprKind::Pattern { value, op, patterns, .. } => {
                let (verb, any_case) = verbs::pattern(*op, patterns);
                let value = value.inner();
                self.subject(value);
                self.verb(verb, value, negative);
                let remarks = Remarks { any_case, or_missing, ..Remarks::default() };
                self.one_or_list(patterns, remarks, depth);
            }
            ExprKind::Call { name, args } => {
                let written = name.text(self.source);
                let (Some((name, verb)), Some((value, rest))) =
                    (verbs::call(written, args.len()), args.split_first())
                else {
                    return self.holds(expr, negative);
                };
                let value = value.inner();
                self.subject(value);
                self.verb(verb, value, negative);
                let plain = written.trim_end_matches('~');
                let any_case = plain.len() < written.len();
                self.one_or_list(
                    rest,
                    Remarks { any_case, or_missing, ..Remarks::default() },
                    depth,
                );
                if plain != name {
                    // The name counts in any case, and the trees differ all the same.
                    [" (", plain, ")"].iter().for_each(|text| self.push(PartKind::Note, text));
                }
            }
            ExprKind::Hole => {
                self.word(if negative { "not " } else { "" });
                self.word(UNREADABLE);
            }
            _ => self.holds(expr, negative),
        }
    }

    /// Anything that is true or false by itself.
    fn holds(&mut self, expr: &Expr, negative: bool) {
        self.code(expr, 5);
        self.word(if negative { " does not hold" } else { " holds" });
        let or_missing = passes_without(expr, self.source, negative);
        self.remarks(Remarks { or_missing, ..Remarks::default() });
    }

    fn one_or_list(&mut self, values: &[Expr], remarks: Remarks, depth: u16) {
        if let [value] = values {
            self.word(" ");
            self.code(value, 0);
            self.remarks(remarks);
        } else {
            self.remarks(remarks);
            self.list(values, depth);
        }
    }

    /// ` (any case, or missing)`
    fn remarks(&mut self, remarks: Remarks) {
        let (mut before, mut kind) = (" (", PartKind::Word);
        for (is_said, text) in [
            (remarks.any_case, "any case"),
            (remarks.to_the_letter, "to the letter"),
            (remarks.or_missing, OR_MISSING),
        ] {
            if is_said {
                kind = if text == OR_MISSING { PartKind::Note } else { kind };
                [before, text].iter().for_each(|text| self.push(kind, text));
                before = ", ";
            }
        }
        if before == ", " {
            self.push(kind, ")");
        }
    }

    /// What a test is about.
    pub(super) fn subject(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Field(field) if field.optional => {
                let name = print_field(field);
                self.push(PartKind::Field, name.trim_start_matches('?'));
                self.word(" (optional)");
            }
            ExprKind::Call { name, args }
                if name.text(self.source) == "length" && args.len() == 1 =>
            {
                self.word("the length of ");
                self.code_list(args);
            }
            _ => self.code(expr, 5),
        }
    }

    fn verb(&mut self, verb: Verb, subject: &Expr, negative: bool) {
        // Fields that hold lists: that any of the values will do is what these words are about.
        let has_many = matches!(&subject.kind, ExprKind::Field(field)
            if field.name.rsplit('.').next() == Some("args") || &*field.name == "tags");
        let [one, not_one, many, not_many] = verb;
        self.word(" ");
        self.word(match (has_many, negative) {
            (false, false) => one,
            (false, true) => not_one,
            (true, false) => many,
            (true, true) => not_many,
        });
    }

    /// The elements after a verb: beside it, or on lines of their own, as many on each as fit.
    fn list(&mut self, items: &[Expr], depth: u16) {
        self.word(":");
        let place = self.lines.len();
        let span = |items: &[Expr]| {
            let (first, last) = (items.first(), items.last());
            first.zip(last).map_or(Span::default(), |(first, last)| first.span.to(last.span))
        };
        self.line(depth + 1, span(items));
        let mut start = 0;
        for (n, item) in items.iter().enumerate() {
            self.line(depth + 1, item.span);
            self.code(item, 0);
            if n + 1 < items.len() {
                self.word(",");
            }
            // Joins the line before where there is room.
            let Some(own) = self.lines.pop() else { return };
            let Some(row) = self.lines.last_mut() else { return };
            let room = WIDTH.saturating_sub(2 * usize::from(row.depth));
            if row.parts.is_empty() {
                row.parts = own.parts;
                start = n;
            } else if width(row) + 1 + width(&own) <= room {
                row.parts.push(Part { kind: PartKind::Word, text: " ".into() });
                row.parts.extend(own.parts);
            } else {
                row.span = span(items.get(start..n).unwrap_or_default());
                start = n;
                self.lines.push(own);
            }
        }
        if let Some(row) = self.lines.last_mut() {
            row.span = span(items.get(start..).unwrap_or_default());
        }
        // All of them on one line may also fit beside the verb.
        let beside = self.lines.get(place.wrapping_sub(1)..).unwrap_or_default();
        if let [verb, row] = beside {
            let room = WIDTH.saturating_sub(2 * usize::from(verb.depth));
            if width(verb) + 1 + width(row) <= room {
                let parts = self.lines.pop().map(|row| row.parts).unwrap_or_default();
                self.word(" ");
                parts.iter().for_each(|part| self.push(part.kind, &part.text));
            }
        }
    }
}

/// What is said in parentheses after a test.
#[derive(Clone, Copy, Default)]
struct Remarks {
    any_case: bool,
    /// What is a wildcard elsewhere is none here.
    to_the_letter: bool,
    or_missing: bool,
}

/// A test that fails for want of a value holds when it is negated (§4.3): said of fields that are
/// compared with constants.
pub(super) fn passes_without(expr: &Expr, source: &str, negative: bool) -> bool {
    let is_constant = |expr: &Expr| {
        matches!(expr.inner().kind, ExprKind::Str(_) | ExprKind::Number(_) | ExprKind::Bool(_))
    };
    let (subject, values, negated) = match &expr.kind {
        ExprKind::Compare { op, left, right, .. } => {
            (left.as_ref(), std::slice::from_ref(right.as_ref()), *op == Comparison::NotEqual)
        }
        ExprKind::In { value, list, negated, .. } => (value.as_ref(), list.as_slice(), *negated),
        ExprKind::Pattern { value, patterns, .. } => (value.as_ref(), patterns.as_slice(), false),
        ExprKind::Call { name, args } => {
            match (verbs::call(name.text(source), args.len()), args.split_first()) {
                (Some(_), Some((value, rest))) => (value, rest, false),
                _ => return false,
            }
        }
        ExprKind::Field(_) => (expr, &[][..], false),
        _ => return false,
    };
    negative != negated
        && matches!(subject.inner().kind, ExprKind::Field(_))
        && values.iter().all(is_constant)
}

fn width(line: &Line) -> usize {
    line.parts.iter().map(|part| part.text.chars().count()).sum()
}

/// A string with what is a wildcard elsewhere (§5.1).
pub(super) fn has_wildcard(expr: &Expr) -> bool {
    matches!(&expr.inner().kind, ExprKind::Str(text) if text.contains(['*', '?']))
}
