//! Events that were made out of a rule.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::wire::{Finding, Span};

/// What was made of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Synthesised {
    /// All events, hits of NDJSON: what goes into the place for events.
    pub events: String,
    /// What each of them is for, the match first. Empty where the rule cannot match.
    pub cases: Vec<SynthCase>,
    /// Which cases there are none of, and why: a line each.
    pub impossible: Vec<String>,
    /// Why the query was refused; empty where it was not.
    pub findings: Vec<Finding>,
}

/// Some of the events, and what comes of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct SynthCase {
    /// In one line.
    pub name: String,
    /// The ids of its events.
    pub ids: Vec<String>,
    /// Do they match?
    pub matches: bool,
    /// The labels of the clauses each of which alone decides.
    pub clauses: Vec<String>,
    /// Where the clause stands in the rule text, if one is meant.
    pub span: Option<Span>,
}
