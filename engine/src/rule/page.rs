//! A page of Elastic's prebuilt-rule reference, as Markdown.

use crate::diag::{DiagKind, Diagnostic};
use crate::rule::Rule;
use crate::span::Span;

const FORM: &str = "rule page (Markdown)";

/// A heading and the bold labels of such a page.
pub(super) fn looks_like(text: &str) -> bool {
    let has = |label: &str| text.lines().any(|line| line.starts_with(label));
    has("**Rule type**:") || (has("# ") && (has("## Rule query") || has("**Rule indices**:")))
}

pub(super) fn read(text: &str) -> (Rule, Vec<Diagnostic>) {
    let mut rule = Rule { form: FORM, ..Rule::default() };
    let mut section = Section::Top;
    let mut list = List::None;
    let mut pending_name: Option<String> = None;
    let mut description: Vec<&str> = Vec::new();
    let mut query: Option<(usize, usize)> = None;
    let mut fence: Option<usize> = None;
    let mut other_type = None;
    let mut at = 0;
    for full_line in text.split_inclusive('\n') {
        let start = at;
        at += full_line.len();
        let line = full_line.trim_end();
        if line.trim_start().starts_with("```") {
            match fence.take() {
                None => fence = Some(at),
                Some(from) if section == Section::Query && query.is_none() => {
                    query = Some((from, start));
                }
                Some(_) => {}
            }
            continue;
        }
        if fence.is_some() {
            continue;
        }
        if let Some(title) = line.strip_prefix("# ") {
            rule.name = Some(without_anchor(title));
            section = Section::Description;
        } else if let Some(title) = line.strip_prefix("## ") {
            let is_query = title.to_ascii_lowercase().starts_with("rule query");
            section = if is_query { Section::Query } else { Section::Prose };
            list = List::None;
        } else if let Some((label, value)) = labelled(line) {
            if section == Section::Description {
                section = Section::Top;
            }
            list = List::None;
            let value_text = value.to_owned();
            match label {
                "Rule type" if value != "eql" => other_type = Some((start, value_text)),
                "Rule indices" => list = List::Indices,
                "Severity" => rule.severity = Some(value_text),
                "Risk score" => rule.risk_score = value.parse().ok(),
                "Runs every" => rule.interval = first_word(value),
                "Searches indices from" => rule.from = first_word(value),
                "Maximum alerts per execution" => rule.max_signals = value.parse().ok(),
                "References" => list = List::References,
                "Tags" => list = List::Tags,
                "Version" => rule.version = value.parse().ok(),
                "Rule authors" => list = List::Authors,
                "Rule license" => rule.license = Some(value_text),
                "Framework" => list = List::Threat,
                _ => {}
            }
        } else if let Some(item) = line.trim_start().strip_prefix("* ") {
            let item = item.trim();
            match list {
                List::Indices => rule.indices.push(item.to_owned()),
                List::Tags => rule.tags.push(item.to_owned()),
                List::Authors => rule.authors.push(item.to_owned()),
                List::References => rule.references.push(link_text(item).to_owned()),
                List::Threat => {
                    if let Some(name) = item.strip_prefix("Name:") {
                        pending_name = Some(name.trim().to_owned());
                    } else if let Some(id) = item.strip_prefix("ID:") {
                        let entry = (id.trim().to_owned(), pending_name.take().unwrap_or_default());
                        if !rule.threat.contains(&entry) {
                            rule.threat.push(entry);
                        }
                    }
                }
                List::None => {}
            }
        } else if section == Section::Description && !line.trim().is_empty() {
            description.push(line.trim());
        }
    }
    rule.description = (!description.is_empty()).then(|| description.join(" "));
    if let Some((at, language)) = other_type {
        let span = Span::new(at as u32, at as u32 + "**Rule type**".len() as u32);
        return (rule, vec![Diagnostic::new(DiagKind::OtherLanguage(language), span)]);
    }
    // A page that was cut inside the query still has what there is of it.
    let query = query.or_else(|| {
        (section == Section::Query).then_some(fence).flatten().map(|from| (from, text.len()))
    });
    let Some((from, upto)) = query else {
        let kind = DiagKind::NoQuery { form: FORM };
        return (rule, vec![Diagnostic::new(kind, Span::empty(0))]);
    };
    let raw = text.get(from..upto).unwrap_or_default();
    let start = from + (raw.len() - raw.trim_start().len());
    let body = raw.trim();
    rule.query = body.to_owned();
    rule.query_span = Some(Span::new(start as u32, (start + body.len()) as u32));
    (rule, Vec::new())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Top,
    Description,
    Query,
    Prose,
}

#[derive(Clone, Copy)]
enum List {
    None,
    Indices,
    References,
    Tags,
    Authors,
    Threat,
}

/// `**Label**: value`
fn labelled(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.strip_prefix("**")?.split_once("**")?;
    Some((label.trim(), value.strip_prefix(':')?.trim()))
}

/// A title without the `[anchor]` behind it.
fn without_anchor(title: &str) -> String {
    match title.rsplit_once(" [") {
        Some((title, anchor)) if anchor.ends_with(']') => title.trim().to_owned(),
        _ => title.trim().to_owned(),
    }
}

/// The address of `[text](address)`, or the text itself.
fn link_text(item: &str) -> &str {
    item.split_once("](").and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(item)
}

fn first_word(text: &str) -> Option<String> {
    text.split_whitespace().next().map(str::to_owned)
}
