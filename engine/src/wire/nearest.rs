//! What does not match: the nearest events, and what stops most of them.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::wire::timeline::{Group, Trace};

/// The clause that rules out most.
///
/// Of an event query the candidates are the searched events of its category that do not match and
/// are the fewest clauses away from it (all searched events, where none is of the category). Of a
/// sequence or sample without a match it is the first stage that no event fits, or the stage at
/// which most chains break.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Stopper {
    /// Its node among [`super::Outcome::nodes`].
    pub node: u32,
    /// Number of the clause, where it is one.
    pub clause: Option<u16>,
    /// Candidates that it stops: those one clause away that would match without it; those further
    /// away among whose deciding clauses it is; chains that broke there.
    pub events: u32,
    /// How many candidates there are.
    pub candidates: u32,
    /// All of it in one or two sentences; code stands in backticks.
    pub sentence: String,
}

/// What comes nearest to a match without being one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Nearest {
    /// Events that do not match and that a finite number of flips would make match.
    pub total: u32,
    /// The nearest first, then by time. Of a sequence or sample the distance is that to the nearest
    /// filter of a stage; those that fit one have a part in a trace instead.
    pub events: Vec<NearEvent>,
    /// Of a sequence, the partial matches that got furthest, then by time.
    pub traces: Vec<Trace>,
    /// Of a sample, the keys for which most filters found events.
    pub groups: Vec<Group>,
}

/// One event that does not match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct NearEvent {
    /// Position of the event in the input, from 0.
    pub event: u32,
    /// Its `_id`.
    pub id: String,
    /// Its timestamp, where it has one that can be read.
    pub time: Option<String>,
    /// Tests that would have to turn over, and one more where its index is not searched; 0 where
    /// only a pipe cut it off.
    pub distance: u32,
    /// No smaller number would do; see `Flips::is_exact`.
    pub is_exact: bool,
    /// The clauses that decide, in source order.
    pub clauses: Vec<NearClause>,
    /// The first sentence about it.
    pub headline: String,
    /// What more there is to say; code stands in backticks.
    pub sentence: String,
}

/// A clause that decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct NearClause {
    /// Its node among [`super::Outcome::nodes`].
    pub node: u32,
    /// Its number, from 1.
    pub clause: u16,
    /// Its text on one line.
    pub label: String,
    /// The reason, of the closed list.
    pub reason: String,
    /// The value that decided; empty if none.
    pub value: String,
    /// What would turn it over, in words.
    pub wanted: String,
}
