//! Slips that a finding of the checker mends: values beside a list that lacks, names with a hyphen,
//! anchors of a regular expression.

use crate::check::Checker;
use crate::check::literal::Constant;
use crate::diag::{DiagKind, Diagnostic};
use crate::schema::KnownBy;
use crate::span::Span;
use crate::syntax::ast::{Comparison, Expr, ExprKind, PatternOp};
use crate::syntax::lexer::{quote_text, spaced};
use crate::syntax::print::field_path;
use crate::ty::Type;
use crate::value::Number;

impl Checker<'_> {
    fn text(&self, span: Span) -> &str {
        span.text(self.context.source)
    }

    /// Texts behind a comparison that stand for values of it: `name == "a" or "b"`. One finding for
    /// all of them; with a list as its fix where that is meant.
    pub(super) fn bare_values(&mut self, first: &Expr, others: &[&Expr], is_or: bool) {
        let (Some(next), Some(last)) = (others.first(), others.last()) else { return };
        let finding = Diagnostic::new(DiagKind::NotBoolean(Type::String), next.span);
        let source = self.context.source;
        let (value, op) = match &first.kind {
            ExprKind::Compare { op, op_span, right, .. } => match (op, is_or) {
                (Comparison::Equal, true) => (right.span, Some((*op_span, "in"))),
                (Comparison::NotEqual, false) => (right.span, Some((*op_span, "not in"))),
                _ => return self.findings.push(finding),
            },
            ExprKind::Pattern { op, patterns, listed: false, .. } if is_or => {
                let is_text = !matches!(op, PatternOp::Regex | PatternOp::RegexInsensitive);
                match patterns.first().filter(|_| is_text) {
                    Some(pattern) => (pattern.span, None),
                    None => return self.findings.push(finding),
                }
            }
            ExprKind::In { negated: false, .. } | ExprKind::Pattern { listed: true, .. }
                if is_or && self.text(first.span).ends_with(')') =>
            {
                let texts: Vec<&str> = others.iter().map(|it| it.span.text(source)).collect();
                let place = Span::new(first.span.end - 1, last.span.end);
                let text = format!(", {})", texts.join(", "));
                let gap = self.text(Span::new(first.span.end, last.span.start));
                return self.findings.push(match gap.contains("//") || gap.contains("/*") {
                    true => finding,
                    false => finding.with_fix("Put it into the list", place, text),
                });
            }
            _ => return self.findings.push(finding),
        };
        let texts: Vec<&str> = [value]
            .into_iter()
            .chain(others.iter().map(|it| it.span))
            .map(|it| it.text(source))
            .collect();
        let mut edits = vec![(value.to(last.span), format!("({})", texts.join(", ")))];
        if let Some((span, word)) = op {
            edits.insert(0, (span, spaced(source, span, word)));
        }
        let is_plain = !["//", "/*"].iter().any(|it| {
            let between = Span::new(value.end, last.span.start);
            self.text(between).contains(it)
        });
        self.findings.push(match is_plain {
            true => finding.with_edits("Write a list", edits),
            false => finding,
        });
    }

    /// An element of a list that is of another type: in the form that was wanted, where that is the
    /// same value with or without quotes.
    pub(super) fn other_form(
        &self,
        want: &Type,
        constant: &Constant,
        span: Span,
    ) -> Option<String> {
        match constant {
            Constant::Num(_) if *want == Type::String => Some(quote_text(self.text(span))),
            Constant::Str(text) if want.is_number() => {
                Number::parse(text).is_some().then(|| text.to_string())
            }
            _ => None,
        }
    }

    /// `process-name == "x"`: a difference of two fields that was meant as one name; mends the
    /// last finding, if there is one behind the first `before`. A name that nobody knows stays in
    /// backticks, unless it `must_be_known`.
    pub(super) fn hyphened(&mut self, left: Span, before: usize, must_be_known: bool) {
        let text = left.text(self.context.source);
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let is_name =
            text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_part);
        if !is_name || !text.contains('-') {
            return;
        }
        let known = ["-", ".", "_"]
            .into_iter()
            .map(|mark| text.replace('-', mark))
            .find(|it| self.context.schema.field(it).known_by != KnownBy::Nothing);
        if must_be_known && known.is_none() {
            return;
        }
        let path = field_path(known.as_deref().unwrap_or(text));
        self.no_field_meant(left);
        if let Some(finding) = self.findings.get_mut(before..).and_then(<[_]>::last_mut) {
            finding.fixes.clear();
            if let Some(near) = known.filter(|it| it != text) {
                let near = vec![near];
                finding.kind = DiagKind::UnknownField { name: text.to_owned(), near };
                finding.span = left;
            }
            let mended = finding.clone().with_fix(format!("Write `{path}`"), left, path);
            *finding = mended;
        }
    }

    /// A bare word beside a comparison is an error already: that no event has a field of the name
    /// is no news (L-08).
    pub(super) fn no_field_meant(&mut self, word: Span) {
        self.findings.retain(|other| {
            let is_inside = other.span.start >= word.start && other.span.end <= word.end;
            !(is_inside && matches!(other.kind, DiagKind::FieldNowhere { .. }))
        });
    }
}
