//! What one rule of a library finds.

use serde::Serialize;

/// One rule of a library over the loaded events (product §3.1, `eqlens scan`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scanned {
    /// The rule's id, where it has one.
    pub rule_id: Option<String>,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Events, sequences or samples that match; `None` where the rule could not run.
    pub count: Option<u32>,
    /// The first matches.
    pub matches: ScanMatches,
    /// Why it could not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ScanError>,
}

/// The ids of matches, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ScanMatches {
    /// Of an event query.
    Events(Vec<String>),
    /// Of a sequence, one list each with `-` for a missing event; of a sample, one list each.
    Lists(Vec<Vec<String>>),
}

/// Why a rule could not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScanError {
    /// Code of the finding.
    pub code: String,
    /// In words.
    pub message: String,
}
