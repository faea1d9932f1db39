//! Findings about both texts in one list.

use std::rc::Rc;

use eqlens_engine::sort;
use eqlens_engine::wire::{Edit, Finding, Fix, Node, Outcome, Severity, Span};

use crate::state::window::Window;

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
    /// The finding itself, with the fixes that can be carried out in the text as it is shown.
    pub finding: Finding,
    /// For how many of how many events the clause it is in holds; `None` where that is not known.
    pub holds: Option<(u32, u32)>,
}

/// Title of the fix that hides a lint.
pub const SILENCE: &str = "Keep, it is meant";

/// Everything that was found, and what is needed to place it.
#[derive(Clone, Debug)]
pub struct Found<'f> {
    /// What was read of the rule.
    pub read: Option<&'f Outcome>,
    /// The whole rule text.
    pub source: &'f str,
    /// The part of it that is shown.
    pub window: Window,
    /// Nodes of the result, where it is that of the rule as it stands.
    pub nodes: &'f [Node],
    /// Events that were searched.
    pub searched: u32,
    /// About the events.
    pub events: &'f [Finding],
    /// About the mapping.
    pub mapping: &'f [Finding],
    /// Notes are wanted as well.
    pub shows_notes: bool,
}

/// The problems of all texts, the rule's first, the worst of them first.
#[must_use]
pub fn problems(found: &Found<'_>) -> Rc<[Problem]> {
    let window = &found.window;
    let of_rule = found.read.map_or(&[][..], |read| &read.findings);
    let mut all: Vec<_> = of_rule
        .iter()
        .map(|finding| {
            let mut finding = finding.clone();
            finding.fixes.extend(silence(found, &finding));
            let is_shown = |edit: &Edit| window.range(&edit.span).is_some();
            finding.fixes.retain(|fix| fix.edits.iter().all(is_shown));
            Problem {
                text: TextKind::Rule,
                place: window.place(&finding.span),
                range: window.range(&finding.span),
                holds: holds(found, &finding),
                finding,
            }
        })
        .collect();
    let rank = |problem: &Problem| (problem.finding.severity, problem.finding.span.start);
    sort::by(&mut all, |one, two| rank(one).cmp(&rank(two)));
    for (text, findings) in [(TextKind::Events, found.events), (TextKind::Mapping, found.mapping)] {
        all.extend(findings.iter().map(|finding| Problem {
            text,
            place: Some((finding.span.line, finding.span.column)),
            range: Some((finding.span.start_utf16, finding.span.end_utf16)),
            holds: None,
            finding: finding.clone(),
        }));
    }
    all.retain(|problem| found.shows_notes || problem.finding.severity != Severity::Info);
    all.into()
}

/// For how many events the clause holds that the finding is in.
fn holds(found: &Found<'_>, finding: &Finding) -> Option<(u32, u32)> {
    let Span { start, end, .. } = finding.span;
    let clauses = found.nodes.iter().filter(|node| node.clause.is_some());
    let around = clauses.filter(|node| node.span.start <= start && end <= node.span.end);
    let clause = around.min_by_key(|node| node.span.end - node.span.start)?;
    Some((clause.count?, found.searched)).filter(|(_, searched)| *searched > 0)
}

/// What the comment begins with that names lints which are not wanted.
const ALLOW: &str = "eqlens: allow ";

/// The fix that hides a lint: its code in a comment of the query.
fn silence(found: &Found<'_>, finding: &Finding) -> Option<Fix> {
    let read = found.read.filter(|_| finding.code.starts_with("L-"))?;
    let query = read.escaped_span.or(read.query_span)?;
    let text = found.source.get(query.start as usize..query.end as usize)?;
    let code = &finding.code;
    let (at, text) = match text.find(ALLOW) {
        // One comment for all of them.
        Some(at) => {
            let list = text.get(at + ALLOW.len()..)?;
            let end = list.find(|c: char| !c.is_ascii_alphanumeric() && !", -".contains(c));
            let list = list.get(..end.unwrap_or(list.len()))?.trim_end();
            (text.get(..at + ALLOW.len() + list.len())?, format!(", {code}"))
        }
        // A comment up to the line end needs lines; a query on one line may be part of one.
        None if read.escaped_span.is_some() => ("", format!("/* {ALLOW}{code} */ ")),
        None if text.contains('\n') => ("", format!("// {ALLOW}{code}\n")),
        None => (text, format!(" /* {ALLOW}{code} */")),
    };
    let start = query.start + at.len() as u32;
    let start_utf16 = query.start_utf16 + at.encode_utf16().count() as u32;
    let span = Span { start, end: start, start_utf16, end_utf16: start_utf16, ..query };
    let all = found.read?.findings.iter().filter(|other| other.code == *code).count();
    // The comment is about the whole query: nobody shall hide what was not looked at.
    let title = if all > 1 { format!("{SILENCE} (all {all} {code})") } else { SILENCE.to_owned() };
    Some(Fix { title, edits: vec![Edit { span, text }] })
}

/// The worst severity of a list.
#[must_use]
pub fn worst(problems: &[Problem]) -> Option<Severity> {
    problems.iter().map(|problem| problem.finding.severity).min()
}
