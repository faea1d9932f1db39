//! Conformance tables: query, events, matched events or error code.

use std::collections::BTreeMap;

use eqlens_engine::check::MissingFields;
use eqlens_engine::eval::Recording;
use eqlens_engine::ingest::load;
use eqlens_engine::join::KeyValue;
use eqlens_engine::rule::IndexPatterns;
use eqlens_engine::run::{Hits, Options, ResultPosition, compile, cut, search};
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
    /// Events in the short form of the specification's traces: `5:A,B@k` is an event at second 5
    /// with the values A and B in `s` and the key k in `k`; `@{x,y}` gives several keys. The id is
    /// the number before the colon.
    pub trace: Option<String>,
    /// Milliseconds that one unit of time in the trace stands for.
    #[serde(default = "second")]
    pub unit_ms: i64,
    /// An Elasticsearch mapping.
    pub mapping: Option<String>,
    /// The field that breaks ties of time.
    pub tiebreaker: Option<String>,
    /// The field of the time, where it is another.
    pub timestamp: Option<String>,
    /// The first matches are returned, not the last ones.
    #[serde(default)]
    pub from_head: bool,
    /// A field that nobody knows is an error, as in Elasticsearch.
    #[serde(default)]
    pub strict: bool,
    /// Positions of the events that match.
    pub matches: Option<Vec<u32>>,
    /// For sequences and samples: the ids of the events of each match, in order; "-" for a missing
    /// one.
    pub sequences: Option<Vec<Vec<String>>>,
    /// For sequences and samples: the join keys of each match as text, `null` for a missing one.
    pub keys: Option<Vec<Vec<String>>>,
    /// Most matches returned; all where it is absent.
    pub size: Option<usize>,
    /// Most samples that one key gives.
    pub max_samples_per_key: Option<usize>,
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

fn second() -> i64 {
    1000
}

/// The events of a trace, one JSON object a line.
fn traced(trace: &str, unit_ms: i64) -> Result<String, String> {
    let mut lines = String::new();
    for event in trace.split_whitespace() {
        let (time, rest) = event.split_once(':').ok_or("a trace event is `5:A@k`")?;
        let (stages, keys) = rest.split_once('@').unwrap_or((rest, ""));
        let list = |text: &str| -> Vec<String> {
            let text = text.trim_matches(['{', '}']);
            text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let millis = time.parse::<i64>().map_err(|e| e.to_string())? * unit_ms;
        let (stages, keys) = (list(stages), list(keys));
        let source = serde_json::json!({"@timestamp": millis, "s": stages, "k": keys});
        let hit = serde_json::json!({"_id": time, "_source": source});
        lines.push_str(&format!("{hit}\n"));
    }
    Ok(lines)
}

impl Case {
    fn check(&self, events: &str) -> Result<(), String> {
        let traced = self.trace.as_ref().map(|trace| traced(trace, self.unit_ms)).transpose()?;
        let mut loaded = load(traced.as_deref().unwrap_or(events));
        if let Some(finding) = loaded.findings.first() {
            return Err(format!("events: {}", finding.kind.message()));
        }
        let mapping = match &self.mapping {
            Some(text) => Mapping::parse(text)?,
            None => Mapping::default(),
        };
        loaded.store.hold_as(&mapping);
        let found = self.outcome(&self.query, &mapping, &loaded.store)?;
        if found.codes != self.findings {
            return Err(format!("findings {:?}, expected {:?}", found.codes, self.findings));
        }
        if let Some(span) = &self.span
            && found.first_span.as_deref() != Some(span)
        {
            return Err(format!("points at {:?}, expected `{span}`", found.first_span));
        }
        let events = if self.sequences.is_some() { &None } else { &found.matches };
        if *events != self.matches {
            return Err(format!("matches {:?}, expected {:?}", found.matches, self.matches));
        }
        if found.sequences != self.sequences {
            return Err(format!("gives {:?}, expected {:?}", found.sequences, self.sequences));
        }
        if self.keys.is_some() && found.keys != self.keys {
            return Err(format!("keys {:?}, expected {:?}", found.keys, self.keys));
        }
        if found.matches.is_none() {
            return Ok(());
        }
        // The canonical text means the same.
        let (tree, _) = parse(&self.query);
        let printed = print(&tree, &self.query);
        let again = self.outcome(&printed, &mapping, &loaded.store)?;
        if again.matches != found.matches || again.sequences != found.sequences {
            return Err(format!("printed as `{printed}` it matches {:?}", again.matches));
        }
        Ok(())
    }

    fn outcome(&self, query: &str, mapping: &Mapping, store: &Store) -> Result<Outcome, String> {
        let options = Options {
            size: self.size.unwrap_or(usize::MAX),
            max_samples_per_key: self.max_samples_per_key.unwrap_or(1),
            tiebreaker_field: self.tiebreaker.clone(),
            timestamp_field: self.timestamp.clone().unwrap_or("@timestamp".into()),
            missing_fields: if self.strict { MissingFields::Error } else { MissingFields::Null },
            result_position: match self.from_head {
                true => ResultPosition::Head,
                false => ResultPosition::Tail,
            },
            ..Options::default()
        };
        let compiled = compile(query, mapping, store, &options);
        let mut codes: Vec<String> =
            compiled.findings.iter().map(|f| f.kind.code().to_owned()).collect();
        let first_span = compiled.findings.first().map(|f| f.span.text(query).to_owned());
        let Some(plan) = compiled.plan else {
            return Ok(Outcome { codes, first_span, ..Outcome::default() });
        };
        let patterns = IndexPatterns::default();
        let silent = search(&plan, store, &patterns, &options, &mut (), &mut ());
        let (mut recording, mut trails) = (Recording::default(), Vec::new());
        let recorded = search(&plan, store, &patterns, &options, &mut recording, &mut trails);
        if silent.all != recorded.all || silent.matches != recorded.matches {
            return Err("recording changed the verdict".into());
        }
        codes.extend(silent.warnings.iter().map(|f| f.kind.code().to_owned()));
        let mut outcome = Outcome { codes, first_span, ..Outcome::default() };
        match cut(&silent.all, &plan, options.size, options.result_position) {
            Hits::Events(mut events) => {
                events.sort_unstable();
                outcome.matches = Some(events);
            }
            Hits::Joined(matches) => {
                outcome.matches = Some(Vec::new());
                let id = |event: &Option<u32>| event.map_or("-".into(), |event| store.id(event));
                let ids = matches.iter().map(|hit| hit.events.iter().map(id).collect());
                outcome.sequences = Some(ids.collect());
                let keys = matches.iter().map(|hit| {
                    let text = |key: &KeyValue| key.text().unwrap_or_else(|| "null".into());
                    silent.keys.values(hit.tuple).map(text).collect()
                });
                outcome.keys = Some(keys.collect());
            }
        }
        Ok(outcome)
    }
}

#[derive(Default)]
struct Outcome {
    codes: Vec<String>,
    first_span: Option<String>,
    matches: Option<Vec<u32>>,
    sequences: Option<Vec<Vec<String>>>,
    keys: Option<Vec<Vec<String>>>,
}
