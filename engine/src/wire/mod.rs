//! The shapes that leave the engine: for the page, for JavaScript, for the command line.
//!
//! Everything here is plain data with serde derives. Positions are given in every unit a receiver may need, so that nobody downstream
//! has to count characters again.

pub mod assist;
pub mod change;
pub mod compare;
mod convert;
pub mod cursor;
pub mod export;
pub mod list;
pub mod nearest;
pub mod reading;
pub mod scan;
pub mod search;
pub mod shrink;
pub mod synth;
pub mod table;
pub mod timeline;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// A rule is plain data already; [`Outcome::query_span`] tells where its query stands.
pub use crate::rule::{Rule, SearchOptions, Threat};

/// A range of a source text, in bytes, in UTF-16 units and as line and column.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize,
)]
pub struct Span {
    /// First byte, from 0.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Line of `start`, from 1.
    pub line: u32,
    /// Column of `start`, from 1, in characters.
    pub column: u32,
    /// `start` in UTF-16 units from the beginning of the text.
    pub start_utf16: u32,
    /// `end` in UTF-16 units from the beginning of the text.
    pub end_utf16: u32,
}

/// How bad a finding is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, BorshSerialize, BorshDeserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The rule or line cannot be used.
    Error,
    /// It can, but probably does not do what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// One thing found wrong or worth saying about a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Code of the register: `E-…`, `L-…`, `R-…`, `D-…` or `X-…`.
    pub code: String,
    /// One line in the user's words; source words stand in backticks.
    pub message: String,
    /// What to do; begins with a verb.
    pub help: Option<String>,
    /// Where; in the text the finding is about.
    pub span: Span,
    /// Edits that would mend it.
    pub fixes: Vec<Fix>,
}

/// A named set of edits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Fix {
    /// What the fix does, for a button.
    pub title: String,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Replaces one range by a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Edit {
    /// What is replaced; may be empty.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// What formatting a rule text replaces; where that cannot be, what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Formatted {
    /// In source order; empty where the query is formatted.
    pub edits: Vec<Edit>,
    /// Why the rule is left alone; empty where it is not.
    pub findings: Vec<Finding>,
}

/// What became of a loaded events text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct LoadReport {
    /// In words: `NDJSON`, `JSON array`, …
    pub format: String,
    /// Events that were read.
    pub events: u32,
    /// Lines that were not.
    pub skipped: u32,
    /// Size of the text.
    pub bytes: u64,
    /// What was wrong with the skipped lines; at most 100.
    pub findings: Vec<Finding>,
    /// 1-based source line on which event `i` begins.
    pub lines: Vec<u32>,
}

/// Verdict on an event, a clause or any node of the condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Matches; holds.
    Holds,
    /// Does not.
    Fails,
    /// Does not, for want of a value.
    Missing,
    /// The event's index is not searched by the rule.
    Unsearched,
}

/// What a node of the condition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// The whole query of single events.
    Query,
    /// A whole sequence; its children are its stages and the `until` term.
    Sequence,
    /// A whole sample; its children are its filters.
    Sample,
    /// A bracketed term: category and condition, as in [`NodeKind::Query`].
    Stage,
    /// The test of the event category before `where`.
    Category,
    /// All children hold. Has two or more children.
    And,
    /// Some child holds. Has two or more children.
    Or,
    /// The one child does not hold.
    Not,
    /// A test without boolean parts.
    Leaf,
}

/// One node of the condition, for trees, strips and margins. Nodes come in preorder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Index of the parent in the list; `None` for the query.
    pub parent: Option<u16>,
    /// Distance from the query, which has 0.
    pub depth: u16,
    /// Name of the construct: `Query`, `And`, `Equals`, `Matches`, `In`, …
    pub title: String,
    /// The node's own text on one line, long lists abridged: `process.name == "openssl"`.
    pub label: String,
    /// Where it stands in the source.
    pub span: Span,
    /// Number of the clause, from 1. A clause is the category, a leaf, or a `not` straight above
    /// a leaf; that leaf then has none of its own.
    pub clause: Option<u16>,
    /// For how many searched events the node alone holds; `None` where nothing was run.
    pub count: Option<u32>,
    /// How many searched events satisfy it together with all that stands before it in the same
    /// conjunction, and before that in what leads there. A side of an `or` counts the events that
    /// got to the `or` and satisfy this side; what stands under a `not`, those about to be excluded;
    /// a stage, those that pass its filter. `None` where nothing was run.
    pub reach: Option<u32>,
}

/// What came of one rule text over the loaded events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Outcome {
    /// The rule as it was recognised.
    pub rule: Rule,
    /// Where the query stands in the source; `None` where it is not there to the letter and in one
    /// piece.
    pub query_span: Option<Span>,
    /// Where it stands between double quotes that know escapes (JSON, basic strings of TOML), so that
    /// what is written there has to be escaped.
    pub escaped_span: Option<Span>,
    /// Findings about the rule text; spans are of the whole source text.
    pub findings: Vec<Finding>,
    /// The condition in preorder, as far as it is sound; empty where there is none.
    pub nodes: Vec<Node>,
    /// What the run gave; `None` where the rule was refused.
    pub result: Option<RunResult>,
}

/// What a run gave, in numbers. Rows are asked for separately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct RunResult {
    /// What the query searches for.
    pub form: timeline::QueryForm,
    /// Events loaded.
    pub events: u32,
    /// Events in an index the rule searches.
    pub searched: u32,
    /// Events, sequences or samples that match.
    pub matches: u32,
    /// Events of an event query that are one clause away from a match; events of a sequence or
    /// sample that fit some stage and are part of no match.
    pub near: u32,
    /// Time the engine took, in microseconds; 0 where no clock is at hand.
    pub took_us: u32,
    /// Verdict per event, in the order of the input. In a sequence or sample an event holds where it
    /// is part of a match.
    pub verdicts: Vec<Verdict>,
    /// What stops most of the events that do not match. `None` where all match or none was loaded.
    pub stopper: Option<nearest::Stopper>,
}

/// Which events a list shows.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// All loaded events.
    All,
    /// Only matches.
    Matches,
    /// Matches and those one clause away.
    #[default]
    Near,
}

/// A stretch of the result list, in time order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Rows {
    /// The filter it was made for.
    pub filter: Filter,
    /// Rows under this filter in all.
    pub total: u32,
    /// Position of the first row here.
    pub first: u32,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One event in the result list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Row {
    /// Position of the event in the input, from 0.
    pub event: u32,
    /// Its `_id`.
    pub id: String,
    /// Its timestamp as `2026-03-12T09:01:20.114Z`; `None` where it has none that can be read.
    pub time: Option<String>,
    /// `host.name`, where it has one.
    pub host: Option<String>,
    /// Command line, or what else says most in one line.
    pub summary: String,
    /// Does it match? In a sequence or sample: is it part of a match?
    pub verdict: Verdict,
    /// The stages of a sequence or sample whose filter it passes, from 1, and 0 for the `until` term;
    /// empty for an event query.
    pub stages: Vec<u16>,
    /// First clause that stops it, in few words; empty for a match. In a sequence or sample: its
    /// part in it (`sequence 2, stage 1`), or why it has none.
    pub why: String,
    /// One cell per clause, in clause order.
    pub cells: Vec<Cell>,
}

/// One clause on one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Cell {
    /// Does the clause hold?
    pub verdict: Verdict,
    /// Belongs to the smallest set of clauses that, flipped, would make the event match.
    pub decisive: bool,
}

/// Why one event matches or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Explanation {
    /// Position of the event in the input, from 0.
    pub event: u32,
    /// Its `_id`.
    pub id: String,
    /// Its index, empty where it names none.
    pub index: String,
    /// 1-based line in the events text.
    pub line: u32,
    /// Does it match?
    pub verdict: Verdict,
    /// The first sentence: `Does not match: one clause stops it.`
    pub headline: String,
    /// What more there is to say, in one or two sentences; code stands in backticks.
    pub sentence: String,
    /// One entry per node of [`Outcome::nodes`], in the same order.
    pub nodes: Vec<NodeVerdict>,
    /// The event, laid out for reading.
    pub view: Vec<EventLine>,
}

/// What one node says of one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct NodeVerdict {
    /// Does it hold?
    pub verdict: Verdict,
    /// Flipping it would (with others so marked) make the event match.
    pub decisive: bool,
    /// For leaves: the reason, of the closed list (`value_differs`, `field_missing`, …). Of the query
    /// itself `index_not_searched`, where the event is in another index.
    pub reason: Option<String>,
    /// For leaves: the value that decided, or the first of those that did not; empty if none.
    pub value: String,
    /// A few words beside it: `value 2 of 5`, `5 of 6 hold`, `none of 5 values`.
    pub note: String,
    /// For leaves: the reason as a sentence.
    pub text: String,
    /// For leaves: what would satisfy it, in words; code stands in backticks: ``any of `a`, `b` ``,
    /// ``a value over `5` ``. Of a leaf that stops the event although it holds (a `not` stands around
    /// it), what would make it fail. Empty for a constant.
    pub wanted: String,
    /// For leaves: all actual values.
    pub values: Vec<String>,
    /// For leaves: positions in `values` of those of which the test is true.
    pub deciding: Vec<u32>,
}

/// One line of an event laid out for reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct EventLine {
    /// Nesting, in steps of two spaces.
    pub indent: u16,
    /// The pieces of the line, in order; joined they are its text.
    pub parts: Vec<EventPart>,
    /// Numbers of the clauses that look at a value on this line.
    pub clauses: Vec<u16>,
}

/// A piece of a line of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct EventPart {
    /// What it is.
    pub kind: PartKind,
    /// Its text, exactly as in the source.
    pub text: String,
    /// Set where the value decided a clause: did that clause hold?
    pub mark: Option<Verdict>,
}

/// Kind of a piece of an event's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// A member name with its quotes.
    Key,
    /// A string value with its quotes.
    String,
    /// A number, `true`, `false` or `null`.
    Atom,
    /// Brackets, commas, colons and the blanks after them.
    Punctuation,
}

/// What a permalink carries.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, BorshSerialize, BorshDeserialize,
)]
pub struct Investigation {
    /// A title for people.
    pub title: String,
    /// The rule text as pasted.
    pub rule: String,
    /// The events text; empty where the sender left it out.
    pub events: String,
    /// Tab that was open.
    pub tab: String,
    /// Selected event.
    pub selected: Option<u32>,
    /// Version of the engine that made the link.
    pub engine: String,
    /// Matches at that time.
    pub matches: Option<u32>,
}
