//! The loaded events as a table.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::wire::Verdict;

/// A stretch of the loaded events, with the fields a rule reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Table {
    /// Names of the fields, as the query writes them, in its order. Time and host are not among
    /// them: every row has those.
    pub columns: Vec<String>,
    /// Events in all.
    pub total: u32,
    /// Position of the first row here, in the order asked for.
    pub first: u32,
    /// Position of the event that was asked for; `None` where none was, or where there is no such.
    pub found: Option<u32>,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct TableRow {
    /// Position of the event in the input, from 0.
    pub event: u32,
    /// Its `_id`.
    pub id: String,
    /// Does it match? `None` where nothing was run.
    pub verdict: Option<Verdict>,
    /// Its timestamp as `2026-03-12T09:01:20.114Z`; `None` where it has none that can be read.
    pub time: Option<String>,
    /// `host.name`.
    pub host: TableCell,
    /// One cell per column.
    pub cells: Vec<TableCell>,
    /// Command line, or what else says most in one line.
    pub summary: String,
}

/// What an event has in a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct TableCell {
    /// Its values, joined by `, `; a long text ends in `…`.
    pub text: String,
    /// How many values there are; 0 where the field is missing.
    pub values: u32,
    /// There is no value, but the field is there: null, or an empty array.
    pub is_null: bool,
}
