//! Detection-rules TOML.

use ::toml::Spanned;
use serde::Deserialize;

use crate::diag::{DiagKind, Diagnostic};
use crate::rule::Rule;
use crate::span::Span;

const FORM: &str = "detection-rules TOML";

/// Has a `[rule]` table or the members of one.
pub(super) fn looks_like(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "[rule]")
}

#[derive(Deserialize)]
struct File {
    rule: Table,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
struct Metadata {
    version: Option<u32>,
}

#[derive(Deserialize)]
struct Table {
    name: Option<String>,
    description: Option<String>,
    severity: Option<String>,
    risk_score: Option<u32>,
    #[serde(default)]
    index: Vec<String>,
    interval: Option<String>,
    from: Option<String>,
    max_signals: Option<u32>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    threat: Vec<Threat>,
    version: Option<u32>,
    #[serde(default)]
    author: Vec<String>,
    license: Option<String>,
    language: Option<String>,
    event_category_override: Option<String>,
    timestamp_field: Option<String>,
    tiebreaker_field: Option<String>,
    query: Option<Spanned<String>>,
}

#[derive(Deserialize)]
struct Threat {
    tactic: Option<Named>,
    #[serde(default)]
    technique: Vec<Technique>,
}

#[derive(Deserialize)]
struct Technique {
    #[serde(flatten)]
    own: Named,
    #[serde(default)]
    subtechnique: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    name: String,
}

pub(super) fn read(text: &str) -> (Rule, Vec<Diagnostic>) {
    let mut rule = Rule { form: FORM, ..Rule::default() };
    let file: File = match ::toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let reason = error.message().trim().replace('\n', "; ");
            let kind = DiagKind::BadDocument { form: FORM, reason };
            let span = Span::new(span.start as u32, span.end as u32);
            return (rule, vec![Diagnostic::new(kind, span)]);
        }
    };
    let table = file.rule;
    let mut findings = Vec::new();
    rule.name = table.name;
    // Lines of a long text are wrapped in the file, not in the meaning.
    rule.description =
        table.description.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    rule.severity = table.severity;
    rule.risk_score = table.risk_score;
    rule.indices = table.index;
    rule.interval = table.interval;
    rule.from = table.from;
    rule.max_signals = table.max_signals;
    rule.tags = table.tags;
    rule.references = table.references;
    rule.version = table.version.or(file.metadata.version);
    rule.authors = table.author;
    rule.license = table.license;
    rule.event_category_override = table.event_category_override;
    rule.timestamp_field = table.timestamp_field;
    rule.tiebreaker_field = table.tiebreaker_field;
    for threat in table.threat {
        let techniques = threat
            .technique
            .into_iter()
            .flat_map(|technique| std::iter::once(technique.own).chain(technique.subtechnique));
        for named in threat.tactic.into_iter().chain(techniques) {
            let entry = (named.id, named.name);
            if !rule.threat.contains(&entry) {
                rule.threat.push(entry);
            }
        }
    }
    if let Some(language) = table.language.filter(|language| language != "eql") {
        let at = text.find("language").unwrap_or(0) as u32;
        let kind = DiagKind::OtherLanguage(language);
        findings.push(Diagnostic::new(kind, Span::new(at, at + 8)));
        return (rule, findings);
    }
    match table.query {
        Some(query) => {
            let literal = query.span();
            let value = query.into_inner();
            // The text between the quotes, if it stands there to the letter.
            let found = text.get(literal.clone()).and_then(|raw| raw.find(value.trim_end()));
            rule.query_span = found.filter(|_| !value.trim().is_empty()).map(|at| {
                let start = (literal.start + at) as u32;
                Span::new(start, start + value.trim_end().len() as u32)
            });
            rule.query_literal = Span::new(literal.start as u32, literal.end as u32);
            rule.query = value.trim_end().to_owned();
        }
        None => {
            let at = text.find("[rule]").unwrap_or(0) as u32;
            let kind = DiagKind::NoQuery { form: FORM };
            findings.push(Diagnostic::new(kind, Span::new(at, at + 6)));
        }
    }
    (rule, findings)
}
