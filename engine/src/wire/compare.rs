//! Two versions of a rule over the same events: what they match, and what made the difference.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::wire::timeline::QueryForm;
use crate::wire::{Finding, Span};

/// What differs between two versions of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Comparison {
    /// All of it in one or two sentences; code stands in backticks.
    pub sentence: String,
    /// True where nothing differs that the query or the schedule would notice: the text may.
    pub same_rule: bool,
    /// True where both versions could run and have the same matches.
    pub same_matches: bool,
    /// The version compared with.
    pub old: Version,
    /// The version in question.
    pub new: Version,
    /// Matches of the new version alone.
    pub gained: Changes,
    /// Matches of the old version alone.
    pub lost: Changes,
    /// Sequences and samples that share their join keys with one of the other version that has other
    /// events; those are neither gained nor lost.
    pub changed: Changes,
    /// Matches of both.
    pub unchanged: Changes,
    /// The clauses of both, in the order of the new version.
    pub clauses: Vec<ClausePair>,
    /// What else differs and matters.
    pub settings: Vec<Setting>,
}

/// One of the two versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Version {
    /// Name of the rule, where it has one.
    pub name: Option<String>,
    /// What it searches for.
    pub form: QueryForm,
    /// Where its query stands in its text; `None` where it is not there to the letter and in one
    /// piece.
    pub query_span: Option<Span>,
    /// Events, sequences or samples that match, pipes applied; `None` where it could not run.
    pub matches: Option<u32>,
    /// The errors that keep it from running; places are of its own text.
    pub findings: Vec<Finding>,
}

/// Matches of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Changes {
    /// How many there are.
    pub total: u32,
    /// How many of them are not listed.
    pub left_out: u32,
    /// The first ones, in the order of their version.
    pub rows: Vec<Change>,
}

/// One match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Change {
    /// Positions of its events; one for an event query, `None` for an event that must be missing.
    pub events: Vec<Option<u32>>,
    /// Their ids, `-` for a missing one.
    pub ids: Vec<String>,
    /// Of a changed match the ids in the old version.
    pub old_ids: Vec<String>,
    /// The values of its join keys, `None` for a missing one.
    pub keys: Vec<Option<String>>,
    /// Time of its first event; `None` where it has none that can be read.
    pub time: Option<String>,
    /// What its first event is, in one line.
    pub summary: String,
    /// What decided, in few words; code stands in backticks. Empty for an unchanged one.
    pub why: String,
    /// Positions in [`Comparison::clauses`] of the clauses that decided.
    pub clauses: Vec<u32>,
    /// Positions in [`Comparison::settings`] of what else decided.
    pub settings: Vec<u32>,
}

/// What became of a clause.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ClauseState {
    /// It says the same in both.
    #[default]
    Kept,
    /// It asks something else of the same field.
    Changed,
    /// It is in the new version alone.
    Added,
    /// It is in the old version alone.
    Removed,
}

/// A clause of one version, or of both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct ClausePair {
    /// What became of it.
    pub state: ClauseState,
    /// The clause of the old version.
    pub old: Option<Clause>,
    /// The clause of the new version.
    pub new: Option<Clause>,
    /// How many gained, lost and changed matches it decided, alone or with others; of the first
    /// 5,000 of each.
    pub decides: u32,
}

/// A clause in one version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Clause {
    /// Its number, from 1.
    pub number: u32,
    /// Where in a sequence or sample: `stage 2`, `filter 1`, `until`; empty for an event query.
    pub place: String,
    /// Its text on one line.
    pub text: String,
    /// For how many searched events it alone holds.
    pub count: u32,
    /// Where it stands in its rule text.
    pub span: Span,
}

/// Something other than a clause that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Setting {
    /// What it is: `maxspan`, `index patterns`, `schedule`, …
    pub name: String,
    /// In the old version.
    pub old: String,
    /// In the new version.
    pub new: String,
    /// How many gained, lost and changed matches it decided; see [`ClausePair::decides`].
    pub decides: u32,
}
