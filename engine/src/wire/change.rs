//! What would have to change in an event.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

/// The smallest edit of one event that was found to make it match; of a sequence or sample, to make
/// it fit a stage or be part of a match. A run has confirmed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Change {
    /// Position of the event.
    pub event: u32,
    /// Its id.
    pub id: String,
    /// What to do with its fields. Empty where it matches as it is, and where no edit of this event
    /// can do it; then the sentence says why.
    pub edits: Vec<FieldEdit>,
    /// The whole edited event, every other byte as it was.
    pub source: Option<String>,
    /// No more fields are edited than clauses must turn over at least.
    pub is_smallest: bool,
    /// All in words. Code stands in backticks.
    pub sentence: String,
    /// The stage it fits then, from 1; `None` for an event query.
    pub stage: Option<u16>,
}

/// One edit of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct FieldEdit {
    /// The field, as the event names it.
    pub field: String,
    /// What to do.
    pub action: Action,
    /// The values it has, as texts; what is replaced or removed is the first of them.
    pub from: Vec<String>,
    /// The new value.
    pub to: Option<String>,
    /// Number of the clause that wants it, if one does.
    pub clause: Option<u16>,
    /// In words.
    pub sentence: String,
}

/// What is done with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It gets a value, or another one in place of one it has.
    Set,
    /// An array gets one more element.
    Add,
    /// An array loses an element.
    Remove,
    /// It has no value any more.
    Delete,
}
