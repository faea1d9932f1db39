//! The matcher of a sequence, stepped event by event: what one event did, what waits after it, and
//! what has ended by then.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use super::timeline::{Ended, EventRef};

/// Which event the matcher has seen last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub enum CursorAt {
    /// The relevant event of this number, see [`Cursor::at`]; 0 for the state before the first.
    Nth(u32),
    /// The event at this position of the input, relevant or not.
    Event(u32),
}

/// The state of the matcher after one event. It knows nothing of later events: it is what a run
/// over the events up to this one would leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Cursor {
    /// The position among the relevant events, from 1: searched events with a time that pass the
    /// filter of some stage, `![…]` and `until` among them, in the order of spec §7.2. Of another
    /// event the last relevant one before it; 0 where there is none.
    pub at: u32,
    /// How many relevant events there are.
    pub total: u32,
    /// The event; `None` before the first one.
    pub event: Option<EventRef>,
    /// What the event is in few words: `process start, openssl on web-01`.
    pub label: String,
    /// What it did, in the order in which it did it; one entry that says `nothing` where it did
    /// nothing. At most 200.
    pub did: Vec<Did>,
    /// What it did, as a sentence; code stands in backticks.
    pub sentence: String,
    /// The partial matches that wait, at most 200, those that changed last first.
    pub pending: Vec<Pending>,
    /// How many wait.
    pub n_pending: u32,
    /// What has ended, at most 50, the newest first.
    pub ended: Vec<Past>,
    /// How many have ended.
    pub n_ended: u32,
}

/// What an event may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// A partial match begins with it.
    Started,
    /// One goes on with it.
    Advanced,
    /// One is complete with it. Until the window of a trailing `![…]` has ended, an unwanted event may
    /// still discard it (spec §7.29).
    Completed,
    /// An older one of the same stage and key is forgotten (spec §7.14).
    Overwrote,
    /// It came too late for one, which is lost (spec §7.19).
    Expired,
    /// It fits `until` and ends one (spec §7.20).
    Until,
    /// A complete one is discarded, since an event was there that must be missing (spec §7.26): the
    /// event completes it, or is itself the unwanted one.
    Discarded,
    /// It lacks a required key of a stage, which cannot see it (spec §7.10).
    KeyMissing,
    /// None of these.
    Nothing,
}

/// One thing that an event did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Did {
    /// What.
    pub what: Happened,
    /// The stage that the event fits, where it did this, by the numbers of [`super::timeline::Stage`];
    /// of `discarded` that of the unwanted event. 0 where it fits none.
    pub stage: u16,
    /// The join keys; `None` for a missing value.
    pub keys: Vec<Option<String>>,
    /// It as a clause without its subject, the event: `starts a partial match of its key in stage 1`.
    pub sentence: String,
}

/// A partial match that waits for its next event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Pending {
    /// The join keys; `None` for a missing value.
    pub keys: Vec<Option<String>>,
    /// Host of its first event, empty where it names none.
    pub host: String,
    /// What its first event is in few words.
    pub label: String,
    /// Stages reached, from 1; missing-event stages that were passed count.
    pub stage: u16,
    /// One entry per stage reached; `None` for a missing-event stage.
    pub events: Vec<Option<EventRef>>,
    /// The last time that its last event may have; `None` without `maxspan`.
    pub window_ends_ms: Option<i64>,
    /// How long that is from now; 0 where it is over.
    pub left_ms: Option<u64>,
    /// Its window is over, although nothing has ended it: the next event of its key that it waits for
    /// comes too late (spec §7.19).
    pub is_late: bool,
    /// The event of the cursor is its newest one.
    pub is_now: bool,
    /// Its last change in few words: `started now`, `overwrote event 16, 0.4 s ago`,
    /// `advanced to stage 2, 1.3 s ago`.
    pub change: String,
    /// What is known of its `![…]` stages so far.
    pub slots: Vec<Slot>,
}

/// A sequence that has ended, as a match or for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Past {
    /// The join keys; `None` for a missing value.
    pub keys: Vec<Option<String>>,
    /// Host of its first event, empty where it names none.
    pub host: String,
    /// What its first event is in few words.
    pub label: String,
    /// Why it ended.
    pub ended: Ended,
    /// In few words: `lost to maxspan, 0.7 s ago`, `matched at 09:00:03.400`.
    pub outcome: String,
    /// How long ago.
    pub ago_ms: u64,
    /// The event of the cursor ended it.
    pub is_now: bool,
    /// What is known of its `![…]` stages.
    pub slots: Vec<Slot>,
}

/// What is known of a `![…]` stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// No unwanted event was there, and none can come any more.
    Satisfied,
    /// One was there: the sequence cannot match.
    Violated,
    /// It cannot be told yet: its window has not ended.
    Undecided,
}

/// A `![…]` stage of one sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Slot {
    /// Its number, from 1.
    pub stage: u16,
    /// What is known of it.
    pub state: SlotState,
    /// The unwanted event; of an undecided slot one that may yet turn out harmless.
    pub by: Option<EventRef>,
    /// The times, in milliseconds since the epoch, between which no such event may be there; `None`
    /// where they are not bounded. Beside an ordinary event they are exclusive, at the end of
    /// `maxspan` inclusive (spec §7.28, §7.29).
    pub from_ms: Option<i64>,
    /// See `from_ms`.
    pub to_ms: Option<i64>,
}
