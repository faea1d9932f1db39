//! Looking through the result list: rows that fit what was typed, and the events one node stops.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use super::{Rows, Verdict};

/// Rows of the result list that fit what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Sifted {
    /// What was typed.
    pub text: String,
    /// It was read as a condition of EQL; otherwise as words.
    pub is_condition: bool,
    /// Why a text that looks like a condition was read as words.
    pub trouble: Option<String>,
    /// The rows; their positions and total count those that fit.
    pub rows: Rows,
}

/// The searched events that one node of the condition does not let through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Failing {
    /// The node, by its place in [`super::Outcome::nodes`].
    pub node: u16,
    /// The field a clause asks about; empty where the node is no clause.
    pub field: String,
    /// Searched events for which the node holds.
    pub holds: u32,
    /// Searched events for which it does not.
    pub fails: u32,
    /// Some of the latter: those for which the node alone decides first, then those with the fewest
    /// others, each in time order.
    pub rows: Vec<FailingRow>,
}

/// One of these events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct FailingRow {
    /// Position of the event in the input, from 0.
    pub event: u32,
    /// Its `_id`.
    pub id: String,
    /// Its timestamp, as in [`super::Row`].
    pub time: Option<String>,
    /// `host.name`, where it has one.
    pub host: Option<String>,
    /// Does the event match?
    pub verdict: Verdict,
    /// The value that decided, or the only one; empty if none.
    pub value: String,
    /// A few words beside it, as in [`super::NodeVerdict`].
    pub note: String,
    /// What else stops the event, in words.
    pub rest: String,
    /// Nothing else does.
    pub is_alone: bool,
}
