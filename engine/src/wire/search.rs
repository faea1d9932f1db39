//! The `_eql/search` response (spec §10.3) and the syntax tree as JSON.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::join::{KeySpace, KeyValue};
use crate::run;
use crate::span::{self, LineIndex};
use crate::store::{Sources, Store};
use crate::syntax::print::Outline;
use crate::value::Number;
use crate::wire::{Finding, Span};

/// The answer to a search, in the shape of `_eql/search`.
#[derive(Debug, Serialize)]
pub struct SearchResponse<'e> {
    /// Milliseconds.
    pub took: u64,
    /// Always false: there is no time limit.
    pub timed_out: bool,
    /// Always false: there are no shards.
    pub is_partial: bool,
    /// Always false: the answer is there.
    pub is_running: bool,
    /// The matches.
    pub hits: Hits<'e>,
    /// What the query does that is probably not meant.
    pub warnings: Vec<Finding>,
    /// Counts.
    pub stats: SearchStats,
}

/// The matches.
#[derive(Debug, Serialize)]
pub struct Hits<'e> {
    /// How many there are before cutting.
    pub total: Total,
    /// Those that are returned, under `events` or `sequences`.
    #[serde(flatten)]
    pub found: Returned<'e>,
}

/// The matches of an event query, or of a sequence or sample (spec §10.4).
#[derive(Debug, Serialize)]
pub enum Returned<'e> {
    /// In time order.
    #[serde(rename = "events")]
    Events(Vec<Hit<'e>>),
    /// Sequences in the order of their last event, samples in the order of their keys.
    #[serde(rename = "sequences")]
    Sequences(Vec<Sequence<'e>>),
}

/// One sequence or sample.
#[derive(Debug, Serialize)]
pub struct Sequence<'e> {
    /// Values of the join keys, null for a missing one; absent where the query has no keys
    /// (spec §10.6).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub join_keys: Vec<serde_json::Value>,
    /// One event per stage.
    pub events: Vec<Hit<'e>>,
}

/// A key as `join_keys` shows it: dates as milliseconds since the epoch (spec §8.10).
fn join_key(value: &KeyValue) -> serde_json::Value {
    match value {
        KeyValue::Missing => serde_json::Value::Null,
        KeyValue::Bool(value) => (*value).into(),
        KeyValue::Num(Number::Int(int)) => (*int).into(),
        KeyValue::Num(Number::UInt(uint)) => (*uint).into(),
        // What came out of a field of 32 bits is written as short as such a number is.
        KeyValue::Num(Number::Float(float)) if f64::from(*float as f32) == *float => {
            (*float as f32).to_string().parse().unwrap_or(*float).into()
        }
        KeyValue::Num(Number::Float(float)) => (*float).into(),
        KeyValue::Date(instant) => instant.millis().into(),
        text => text.text().into(),
    }
}

impl<'e> Returned<'e> {
    /// The hits of a search; `hit` gives one event.
    pub fn new(hits: &run::Hits, keys: &KeySpace, hit: impl Fn(u32) -> Hit<'e>) -> Self {
        match hits {
            run::Hits::Events(events) => Self::Events(events.iter().copied().map(hit).collect()),
            run::Hits::Joined(matches) => {
                let sequences = matches.iter().map(|found| Sequence {
                    join_keys: keys.values(found.tuple).map(join_key).collect(),
                    events: found
                        .events
                        .iter()
                        .map(|event| event.map_or_else(Hit::missing, &hit))
                        .collect(),
                });
                Self::Sequences(sequences.collect())
            }
        }
    }
}

/// A number of matches; always exact (spec §10.7).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Total {
    /// The number.
    pub value: u32,
    /// `eq`.
    pub relation: &'static str,
}

/// One event, as it was.
#[derive(Debug, Serialize)]
pub struct Hit<'e> {
    /// Its index, empty where it names none.
    #[serde(rename = "_index")]
    pub index: String,
    /// Its id, or its position in the input.
    #[serde(rename = "_id")]
    pub id: String,
    /// The event.
    #[serde(rename = "_source")]
    pub source: Source<'e>,
    /// Stands for an event that is not there (spec §7.33).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
}

/// What stands under `_source`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Source<'e> {
    /// The event, byte for byte.
    Event(&'e RawValue),
    /// An empty object, where there is none.
    Empty {},
}

/// Counts of a search (spec §10.10).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SearchStats {
    /// Events that were loaded.
    pub events: u32,
    /// Events in an index that is searched.
    pub searched: u32,
}

impl<'e> Hit<'e> {
    /// The event of a store that was loaded from `sources`.
    #[must_use]
    pub fn new(store: &Store, sources: &'e Sources, event: u32) -> Self {
        let source = sources
            .event(store, event)
            .and_then(|source| serde_json::from_str(source).ok())
            .map_or(Source::Empty {}, Source::Event);
        Self { index: store.index(event), id: store.id(event), source, missing: false }
    }

    /// The placeholder of a missing event.
    #[must_use]
    pub fn missing() -> Self {
        let (index, id) = (String::new(), String::new());
        Self { index, id, source: Source::Empty {}, missing: true }
    }
}

/// A node of the syntax tree (product §3.1, `eqlens parse`).
#[derive(Debug, Serialize)]
pub struct TreeNode {
    /// Name of the construct, in snake case.
    pub kind: &'static str,
    /// Where it stands.
    pub span: Span,
    /// For leaves: a name, a value, an operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its parts in source order.
    pub children: Vec<TreeNode>,
}

impl TreeNode {
    /// The node with its parts; `place` turns places in the query into those in the indexed text.
    #[must_use]
    pub fn new(
        outline: &Outline,
        index: &LineIndex<'_>,
        place: &dyn Fn(span::Span) -> span::Span,
    ) -> Self {
        let children = outline.children.iter();
        Self {
            kind: outline.kind,
            span: Span::new(place(outline.span), index),
            text: outline.text.clone(),
            children: children.map(|child| Self::new(child, index, place)).collect(),
        }
    }
}
