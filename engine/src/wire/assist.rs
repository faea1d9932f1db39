//! What helps to write a rule: completion, and what a word means.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::wire::Span;

/// Both are plain data already.
pub use crate::complete::{Explained, Suggestion, SuggestionKind};

/// What may be written at a place of a rule text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Completions {
    /// What a suggestion replaces; may be empty.
    pub span: Span,
    /// The best first; at most 50.
    pub items: Vec<Suggestion>,
}

/// What the word at a place of a rule text means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Hover {
    /// Where the word stands.
    pub span: Span,
    /// What it means.
    pub explained: Explained,
}
