//! Conformance tables: query, events, matched events or error code.

use std::collections::BTreeMap;

use eqlens_engine::eval::Recording;
use eqlens_engine::ingest::load;
use eqlens_engine::plan::NodeId;
use eqlens_engine::rule::IndexPatterns;
use eqlens_engine::run::{Options, compile, search};
use eqlens_engine::schema::Mapping;
use eqlens_engine::store::Store;
use eqlens_engine::syntax::parser::parse;
use eqlens_engine::syntax::print::print;
use serde::Deserialize;

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Named groups of events, one JSON object a line.
    #[serde(default)]
    pub events: BTreeMap<String, String>,
    /// The cases.
    pub case: Vec<Case>,
}

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows, in words.
    pub name: String,
    /// The rule of the specification it holds the engine to.
    pub spec: String,
    /// The query.
    pub query: String,
    /// Name of a group of events, or the events themselves, one JSON object a line.
    #[serde(default)]
    pub events: String,
    /// An Elasticsearch mapping.
    pub mapping: Option<String>,
    /// Positions of the events that match.
    pub matches: Option<Vec<u32>>,
    /// Codes of the findings, where there are any.
    #[serde(default)]
    pub findings: Vec<String>,
    /// The source text of the first finding's span.
    pub span: Option<String>,
}

impl Table {
    /// Runs every case three ways. One line per failure, beginning with the case's name.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        self.case
            .iter()
            .filter_map(|case| {
                let events = self.events.get(&case.events).unwrap_or(&case.events);
                case.check(events)
                    .err()
                    .map(|reason| format!("{} ({}): {reason}", case.name, case.spec))
            })
            .collect()
    }
}

impl Case {
    fn check(&self, events: &str) -> Result<(), String> {
        let loaded = load(events);
        if let Some(finding) = loaded.findings.first() {
            return Err(format!("events: {}", finding.kind.message()));
        }
        let mapping = match &self.mapping {
            Some(text) => Mapping::parse(text)?,
            None => Mapping::default(),
        };
        let found = outcome(&self.query, &mapping, &loaded.store)?;
        if found.codes != self.findings {
            return Err(format!("findings {:?}, expected {:?}", found.codes, self.findings));
        }
        if let Some(span) = &self.span
            && found.first_span.as_deref() != Some(span)
        {
            return Err(format!("points at {:?}, expected `{span}`", found.first_span));
        }
        if found.matches != self.matches {
            return Err(format!("matches {:?}, expected {:?}", found.matches, self.matches));
        }
        if self.matches.is_none() {
            return Ok(());
        }
        // The canonical text means the same.
        let (tree, _) = parse(&self.query);
        let printed = print(&tree, &self.query);
        let again = outcome(&printed, &mapping, &loaded.store)?;
        if again.matches != found.matches {
            return Err(format!("printed as `{printed}` it matches {:?}", again.matches));
        }
        Ok(())
    }
}

struct Outcome {
    codes: Vec<String>,
    first_span: Option<String>,
    matches: Option<Vec<u32>>,
}

fn outcome(query: &str, mapping: &Mapping, store: &Store) -> Result<Outcome, String> {
    let compiled = compile(query, mapping, store, &Options::default());
    let codes = compiled.findings.iter().map(|f| f.kind.code().to_owned()).collect();
    let first_span = compiled.findings.first().map(|f| f.span.text(query).to_owned());
    let Some(plan) = compiled.plan else {
        return Ok(Outcome { codes, first_span, matches: None });
    };
    let patterns = IndexPatterns::default();
    let silent = search(&plan, store, &patterns, &mut ()).matches;
    let mut recording = Recording::default();
    let recorded = search(&plan, store, &patterns, &mut recording).matches;
    if silent != recorded || recording.bits(NodeId(0)) != Some(&recorded) {
        return Err("recording changed the verdict".into());
    }
    let matches = (0..store.n_events()).filter(|event| silent.get(*event)).collect();
    Ok(Outcome { codes, first_span, matches: Some(matches) })
}
