//! Lints: what is legal and probably not meant (spec §13).
//!
//! Each lint has a row in the [`register`]; a finding is a [`DiagKind::Lint`] of its code. A
//! warning is worth reading: it is given only where the text is plainly not what was meant. What is
//! authors' normal way and can surprise all the same is an info. Lints that arise while a query is
//! checked (`L-08`, `L-09`, `L-22`, `L-23`, `L-28`, `L-40`, `L-49`) stay there; the others are
//! here: those of the text alone in this module, those that look at events in [`data`].

mod allow;
mod clause;
pub mod data;
mod fields;
mod glob;
mod literals;
mod logic;
mod patterns;
mod register;
mod sequences;
mod shapes;
mod style;

use crate::diag::{DiagKind, Diagnostic, Severity};
use crate::hir::Checked;
use crate::rule::Rule;
use crate::run::Compiled;
use crate::schema::{Mapping, Schema};
use crate::span::Span;
use crate::store::Store;
use crate::syntax::ast::{Body, Filter, Query, Terms};

pub use allow::Allowed;
pub use register::{Lint, all, lookup, markdown};

/// What a lint of the text looks at.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// The text of the query; spans are of it.
    pub source: &'c str,
    /// The tree: what was typed.
    pub tree: &'c Query,
    /// The checked query: what it means. Spans of conditions are those of the tree, without the
    /// parentheses around them.
    pub checked: &'c Checked,
    /// Types of fields.
    pub schema: Schema<'c>,
    /// The rule: index patterns, interval, look-back. Of a bare query all of it is empty.
    pub rule: &'c Rule,
}

impl<'c> Context<'c> {
    /// The filters of the query in source order, that of `until` last.
    pub fn filters(&self) -> impl Iterator<Item = &'c Filter> {
        let (one, terms) = match &self.tree.body {
            Body::Event(filter) => (Some(filter), None),
            Body::Sequence(terms) | Body::Sample(terms) | Body::Join(terms) => (None, Some(terms)),
            Body::Hole => (None, None),
        };
        let until = terms.and_then(|terms| terms.until.as_deref());
        let terms = terms.map(|terms| terms.terms.as_slice()).unwrap_or_default();
        one.into_iter().chain(terms.iter().chain(until).map(|term| &term.filter))
    }

    /// The terms of a sequence.
    #[must_use]
    pub fn sequence(&self) -> Option<&'c Terms> {
        match &self.tree.body {
            Body::Sequence(terms) => Some(terms),
            _ => None,
        }
    }
}

/// A lint of the text.
type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// The lints of the text.
const CHECKS: &[Check] = &[
    sequences::check,
    patterns::check,
    literals::check,
    shapes::check,
    style::check,
    logic::check,
];

/// What compiling a query found and what its lints add, in source order and without what the query
/// itself or the caller allows. Of a query that is refused there are no lints.
#[must_use]
pub fn findings(
    compiled: &Compiled,
    rule: &Rule,
    mapping: &Mapping,
    store: &Store,
    allowed: &Allowed,
) -> Vec<Diagnostic> {
    let mut findings = compiled.findings.clone();
    if let Some(checked) = &compiled.checked {
        let context = Context {
            source: &rule.query,
            tree: &compiled.tree,
            checked,
            schema: Schema { mapping, values: store },
            rule,
        };
        for check in CHECKS {
            check(&context, &mut findings);
        }
        findings.extend(Allowed::in_query(&rule.query).1);
    }
    silence(findings, &rule.query, allowed)
}

/// Leaves out what is allowed, and puts the rest in source order. To be used on findings of the
/// same query that come later, those of [`data`] among them.
#[must_use]
pub fn silence(mut findings: Vec<Diagnostic>, source: &str, allowed: &Allowed) -> Vec<Diagnostic> {
    let own = Allowed::in_query(source).0;
    findings.retain(|finding| {
        let code = finding.kind.code();
        finding.kind.severity() == Severity::Error || !(allowed.has(code) || own.has(code))
    });
    crate::diag::in_source_order(&mut findings);
    findings
}

/// A finding of a lint. The message is in lower case without a final stop, source words in
/// backticks; the help begins with a verb and may be empty.
#[must_use]
pub fn finding(
    code: &'static str,
    level: Severity,
    span: Span,
    message: String,
    help: &str,
) -> Diagnostic {
    let help = (!help.is_empty()).then(|| help.to_owned());
    Diagnostic::new(DiagKind::Lint { code, level, message, help }, span)
}

#[cfg(test)]
mod tests;
