//! Lints of literals and patterns.

use crate::diag::{Diagnostic, Severity};
use crate::lint::clause::{Clause, Op, walk};
use crate::lint::{Context, finding};
use crate::syntax::ast::Comparison;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for filter in context.filters() {
        walk(&filter.condition, true, &mut |expr, _| {
            if let Some(clause) = Clause::of(expr) {
                literal_wildcard(&clause, findings);
            }
        });
    }
}

/// L-01.
fn literal_wildcard(clause: &Clause<'_>, findings: &mut Vec<Diagnostic>) {
    let (Op::Compare(Comparison::Equal | Comparison::NotEqual) | Op::In { .. }) = clause.op else {
        return;
    };
    let Some((text, span)) = clause.texts().find(|(text, _)| is_pattern(text)) else { return };
    let message = format!("`{text}` is no pattern here: `*` and `?` stand for themselves");
    let help = "use `:`, or `like` where letter case counts";
    findings.push(finding("L-01", Severity::Warning, span, message, help));
}

/// A text with a wildcard; a `?` inside, as in addresses of the web, may well be meant.
fn is_pattern(text: &str) -> bool {
    text.contains('*') || text.starts_with('?') || text.ends_with('?')
}
