//! Findings about both texts in one list.

use std::rc::Rc;

use eqlens_engine::sort;
use eqlens_engine::wire::{Finding, Severity};

use crate::state::docs::Window;

/// Which text a problem is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// The rule.
    Rule,
    /// The events.
    Events,
    /// The mapping.
    Mapping,
}

/// One row of the list of problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub text: TextKind,
    /// Line and column in that text as it is shown; `None` where the editor does not show the
    /// place.
    pub place: Option<(u32, u32)>,
    /// Range in the editor, in UTF-16 units.
    pub range: Option<(u32, u32)>,
    /// The finding itself.
    pub finding: Finding,
}

/// The problems of both texts, the rule's first, the worst of them first.
#[must_use]
pub fn problems(
    rule: &[Finding],
    window: Window,
    events: &[Finding],
    mapping: &[Finding],
) -> Rc<[Problem]> {
    let mut of_rule: Vec<_> = rule
        .iter()
        .map(|finding| Problem {
            text: TextKind::Rule,
            place: window.place(&finding.span),
            range: window.range(&finding.span),
            finding: finding.clone(),
        })
        .collect();
    let rank = |problem: &Problem| (problem.finding.severity, problem.finding.span.start);
    sort::by(&mut of_rule, |one, two| rank(one).cmp(&rank(two)));
    let whole = |text| {
        move |finding: &Finding| Problem {
            text,
            place: Some((finding.span.line, finding.span.column)),
            range: Some((finding.span.start_utf16, finding.span.end_utf16)),
            finding: finding.clone(),
        }
    };
    let of_events = events.iter().map(whole(TextKind::Events));
    let of_mapping = mapping.iter().map(whole(TextKind::Mapping));
    of_rule.into_iter().chain(of_events).chain(of_mapping).collect()
}

/// The worst severity of a list.
#[must_use]
pub fn worst(problems: &[Problem]) -> Option<Severity> {
    problems.iter().map(|problem| problem.finding.severity).min()
}
