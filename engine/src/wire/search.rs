//! The `_eql/search` response (spec §10.3) and the syntax tree as JSON.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::span::{self, LineIndex};
use crate::store::Store;
use crate::syntax::print::Outline;
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
    /// Those that are returned, in time order.
    pub events: Vec<Hit<'e>>,
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
    /// The event, byte for byte.
    #[serde(rename = "_source")]
    pub source: Option<&'e RawValue>,
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
    /// The event of a store that was loaded from `text`.
    #[must_use]
    pub fn new(store: &Store, text: &'e str, event: u32) -> Self {
        let source = store
            .place(event)
            .and_then(|place| text.get(place.start as usize..place.end as usize))
            .and_then(|source| serde_json::from_str(source).ok());
        Self { index: store.index(event), id: store.id(event), source }
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
