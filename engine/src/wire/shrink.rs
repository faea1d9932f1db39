//! The events that matches need.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

/// The fewest loaded events that were found to give the same matches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Kept {
    /// Positions of the events, in their order.
    pub events: Vec<u32>,
    /// How many are loaded.
    pub of: u32,
    /// Size of `text` in bytes.
    pub bytes: u64,
    /// The events as NDJSON, each as its line was.
    pub text: String,
    /// What is kept, in words.
    pub sentence: String,
}
