//! How sequences formed or died, and how samples came together: for timelines, grids, tables and
//! `eqlens explain`.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use super::cursor::Slot;

/// What a query searches for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum QueryForm {
    /// Single events.
    #[default]
    Event,
    /// Events in order, joined by keys (spec §7).
    Sequence,
    /// One event per filter, joined by keys, in any order (spec §8).
    Sample,
}

/// Whose traces or groups are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub enum Of {
    /// Those of the keys of the event at this position, whether it is part of them or not.
    Event(u32),
    /// Those with these key values, `None` for a missing one.
    Keys(Vec<Option<String>>),
}

/// The answer to "how did it come about": traces of a sequence, or groups of a sample, or
/// tracks of an event query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Timeline {
    /// What was searched for.
    pub form: QueryForm,
    /// Names of the join keys, one per position, e.g. `host.id`; where stages name different
    /// fields they are joined by ` · `.
    pub keys: Vec<String>,
    /// The stages (of a sample: its filters) in order, `runs` expanded; the `until` term last.
    pub stages: Vec<Stage>,
    /// `maxspan`, in milliseconds.
    pub maxspan_ms: Option<u64>,
    /// Time of the first and of the last searched event that has one, in milliseconds since the
    /// epoch; both 0 where none has.
    pub start_ms: i64,
    /// See `start_ms`.
    pub end_ms: i64,
    /// Searched events in equal slices of the time from `start_ms` to `end_ms`.
    pub density: Vec<u32>,
    /// Searched events without a time: a sequence does not see them (spec §7.3).
    pub without_time: u32,
    /// Sequences or samples that match, before `head`, `tail` and size.
    pub matched: u32,
    /// How many traces (or groups) there are in all.
    pub total: u32,
    /// How many traces of a sequence ended for each reason, dropped ones too; reasons without any are
    /// left out.
    pub ended: Vec<(Ended, u32)>,
    /// Traces of a sequence by the time of their first event. Where there are too many, matches are
    /// kept, and then what came nearest to one: the most stages, the earliest end.
    pub traces: Vec<Trace>,
    /// Groups of a sample in the order of their keys; complete ones are kept where there are too
    /// many.
    pub groups: Vec<Group>,
    /// The events of an event query, host by host: those with most matches first. Where there are
    /// more than a dozen hosts, the last track holds the rest. One track where no event names a host.
    pub tracks: Vec<Track>,
}

/// The events of a host, or of several, in time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Track {
    /// `host.name`; empty for events that name none, and where several hosts share the track.
    pub host: String,
    /// How many hosts it is of; 0 for events that name none.
    pub hosts: u32,
    /// Events with a time: those that match, those one clause away or kept out by their index
    /// alone, and all of them.
    pub matched: u32,
    /// See `matched`.
    pub near: u32,
    /// See `matched`.
    pub searched: u32,
    /// All of them in equal slices of the time from `start_ms` to `end_ms`.
    pub density: Vec<u32>,
    /// One by one, in the order of time: at most 5,000 matches and 5,000 near misses of all tracks
    /// together; the others where they are 2,000 at most, else none of them.
    pub points: Vec<Point>,
}

/// An event of a track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Point {
    /// Position in the input, from 0.
    pub event: u32,
    /// Its `_id`.
    pub id: String,
    /// Milliseconds since the epoch.
    pub time_ms: i64,
    /// How near it is to a match.
    pub standing: Standing,
}

/// How near an event is to a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is one.
    Matches,
    /// One clause, or its index, keeps it out.
    Near,
    /// Neither.
    Searched,
}

/// One stage of a sequence or filter of a sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Stage {
    /// From 1; the `until` term has none of its own and counts on.
    pub number: u16,
    /// Number of its term in the query, from 1: what `runs` repeats is one term. The `until` term
    /// counts on.
    pub term: u16,
    /// Which repetition of the term it is, from 1.
    pub nth: u16,
    /// Its category, as it stands in the query.
    pub label: String,
    /// What stands in its brackets, on one line.
    pub text: String,
    /// `![…]`: no such event may be there.
    pub missing: bool,
    /// The term after `until`.
    pub until: bool,
    /// Its node among [`super::Outcome::nodes`].
    pub node: u32,
    /// Searched events that pass its filter.
    pub count: u32,
}

/// Why a trace ended (product §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Every stage was found.
    Matched,
    /// A newer event of the same stage and key took its place (spec §7.14).
    Overwritten,
    /// The next event came too late (§7.19).
    MaxspanExpired,
    /// An `until` event came in between (§7.20).
    Until,
    /// An event that must be missing was there (§7.26).
    MissingEventSeen,
    /// A required key has no value: the stage cannot see the event (§7.10).
    KeyMissing,
    /// Nothing ended it; the data did.
    OpenAtEndOfData,
}

impl Ended {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Matched,
        Self::Overwritten,
        Self::MaxspanExpired,
        Self::Until,
        Self::MissingEventSeen,
        Self::KeyMissing,
        Self::OpenAtEndOfData,
    ];

    /// Its name, as serde writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Overwritten => "overwritten",
            Self::MaxspanExpired => "maxspan_expired",
            Self::Until => "until",
            Self::MissingEventSeen => "missing_event_seen",
            Self::KeyMissing => "key_missing",
            Self::OpenAtEndOfData => "open_at_end_of_data",
        }
    }
}

/// One event of a trace or group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct EventRef {
    /// Position in the input, from 0.
    pub event: u32,
    /// Its `_id`.
    pub id: String,
    /// Milliseconds since the epoch.
    pub time_ms: Option<i64>,
    /// As `2026-03-12T09:01:20.114Z`.
    pub time: Option<String>,
}

/// One partial or complete sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Trace {
    /// Values of the join keys; `None` for a missing one. Where a required one is missing, what the
    /// event has for the others.
    pub keys: Vec<Option<String>>,
    /// Host of its first event, empty where it names none.
    pub host: String,
    /// What the first event is in few words, e.g. the process name.
    pub label: String,
    /// Why it ended.
    pub ended: Ended,
    /// Stages reached, from 1; missing-event stages that were passed count.
    pub stage: u16,
    /// One entry per stage of the sequence (without `until`) up to the last one reached; `None`
    /// for a missing-event stage.
    pub events: Vec<Option<EventRef>>,
    /// The event that ended it.
    pub by: Option<EventRef>,
    /// The `![…]` stage that it fits, from 1, where it should not have come.
    pub unwanted_stage: Option<u16>,
    /// By how much it came too late.
    pub late_ms: Option<u64>,
    /// The key field without a value.
    pub field: Option<String>,
    /// The outcome in few words: `matched in 1.3 s`, `expired: 1.3 s too late`.
    pub outcome: String,
    /// The outcome as a sentence; code stands in backticks.
    pub sentence: String,
    /// What was known of its `![…]` stages when it ended; of a match, when the data do.
    pub slots: Vec<Slot>,
}

/// The events of one key tuple, filter by filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Group {
    /// Values of the join keys; `None` for a missing one.
    pub keys: Vec<Option<String>>,
    /// Per filter the first events found, at most ten, and how many there are.
    pub filters: Vec<GroupFilter>,
    /// The samples taken, each with one event per filter.
    pub samples: Vec<Vec<EventRef>>,
    /// Why there is none, or how many there are, as a sentence.
    pub sentence: String,
}

/// One cell of the grid of keys and filters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct GroupFilter {
    /// The first events found; at most ten.
    pub events: Vec<EventRef>,
    /// How many there are.
    pub count: u32,
}
