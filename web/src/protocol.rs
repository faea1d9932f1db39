//! What the page and its worker say to each other.
//!
//! Both sides are Rust and come from one build, so the messages are borsh types in one
//! compact binary codec ([`encode`], [`decode`]). Every request names its run and every answer
//! repeats it; an answer with an older run is dropped by the page.

use std::fmt;
use std::rc::Rc;

use borsh::{BorshDeserialize, BorshSerialize};
use eqlens_engine::wire;

/// The largest file taken, and the largest text unpacked from one: the page holds it more than
/// once.
pub const FILE_LIMIT_BYTES: usize = 200_000_000;

/// Counts the page's requests. Newest wins.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
)]
pub struct RunId(pub u32);

impl RunId {
    /// The one after this.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

/// What became of a mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct MappingReport {
    /// Fields it gives a type; 0 for none, or for one that cannot be read.
    pub fields: u32,
    /// Why it cannot be read.
    pub findings: Vec<wire::Finding>,
}

/// What the page may ask. The worker answers every request, even a broken one.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Request {
    /// Replaces the loaded events, or adds a further piece of the same text. Answered by
    /// [`Response::Loaded`], which is of this piece.
    Load { run: RunId, events: String, is_more: bool },
    /// Replaces the mapping; an empty one says nothing of any field. Answered by
    /// [`Response::MappingSet`].
    SetMapping { run: RunId, mapping: String },
    /// Compiles the rule text and runs it over the loaded events. Answered by
    /// [`Response::Outcome`].
    Run { run: RunId, rule: String },
    /// Asks for a stretch of the result list of the last run that had a result, of the events alone
    /// that fit a text. Answered by [`Response::Rows`].
    Rows { run: RunId, filter: wire::Filter, text: String, first: u32, count: u32 },
    /// Asks for some events that one node of the condition stops, by the last run that had a result.
    /// Answered by [`Response::Failing`].
    Failing { run: RunId, node: u16 },
    /// Asks why one event matches or not, by the last run that had a result. Answered by
    /// [`Response::Explained`].
    Explain { run: RunId, event: u32 },
    /// Asks how the matches of the last run that had a result came about, of all keys or of one with
    /// all of its partial sequences. Answered by [`Response::Timeline`].
    Timeline { run: RunId, key: Option<Vec<Option<String>>> },
    /// Asks for a stretch of the loaded events with the fields the rule reads, from `first` on or
    /// around an event. Answered by [`Response::Table`].
    Table { run: RunId, by_time: bool, first: u32, count: u32, around: Option<u32> },
    /// Asks for the state of the matcher of that run after an event. Answered by
    /// [`Response::Cursor`].
    Cursor { run: RunId, at: wire::cursor::CursorAt },
    /// Asks for help at a place of a rule text, in UTF-16 units: what the word there means, or what
    /// may be written. Answered by [`Response::Assisted`].
    Assist { run: RunId, rule: String, at: u32, is_hover: bool },
    /// Has something made of a rule text. Answered by [`Response::Made`].
    Make { run: RunId, rule: String, wish: Wish },
    /// Compares two versions of a rule over the loaded events. Answered by [`Response::Compared`].
    Compare { run: RunId, old: String, new: String },
    /// Asks for a text about the last run that had a result. Answered by [`Response::Exported`].
    Export { run: RunId, export: Export },
    /// Makes the fragment of a link (`#v0.…`). Answered by [`Response::LinkMade`].
    MakeLink { run: RunId, investigation: wire::Investigation },
    /// Reads the fragment of a link. Answered by [`Response::LinkRead`].
    ReadLink { run: RunId, fragment: String },
    /// Makes text of a file, which may be gzipped or UTF-16. Answered by [`Response::Decoded`].
    Decode { run: RunId, name: String, bytes: Bytes },
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Response {
    /// The events are in.
    Loaded { run: RunId, report: wire::LoadReport },
    /// The mapping was read, or not.
    MappingSet { run: RunId, report: MappingReport },
    /// The rule was read and, if sound, run.
    Outcome { run: RunId, outcome: Box<wire::Outcome> },
    /// A stretch of the result list.
    Rows { run: RunId, sifted: wire::list::Sifted },
    /// Some events that one node stops; `None` where there is no such node or no result.
    Failing { run: RunId, failing: Option<wire::list::Failing> },
    /// One event explained; `None` where there is no such event or no result.
    Explained { run: RunId, explanation: Option<Box<wire::Explanation>> },
    /// How the matches came about.
    Timeline {
        run: RunId,
        key: Option<Vec<Option<String>>>,
        timeline: Box<wire::timeline::Timeline>,
    },
    /// Rows of the events.
    Table { run: RunId, table: wire::table::Table },
    /// The state of the matcher; `None` where there is no sequence to step.
    Cursor { run: RunId, cursor: Option<Box<wire::cursor::Cursor>> },
    /// Help for whoever writes a rule.
    Assisted { run: RunId, help: Help },
    /// What was made of a rule text.
    Made { run: RunId, made: Made },
    /// What two versions of a rule differ in.
    Compared { run: RunId, comparison: Box<wire::compare::Comparison> },
    /// The text; `None` where there is no result, or no such event.
    Exported { run: RunId, text: Option<String> },
    /// The fragment, with its `#`, or in words why there is none.
    LinkMade { run: RunId, fragment: Result<String, String> },
    /// What the link holds, or in words why it cannot be read.
    LinkRead { run: RunId, investigation: Result<Box<wire::Investigation>, String> },
    /// The text of the file of this name, or in words why there is none.
    Decoded { run: RunId, name: String, decoded: Result<Decoded, String> },
    /// The request could not be read. Only a build mix-up can cause this.
    Garbled { message: String },
}

/// A text about the last run, for elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Export {
    /// A case note.
    Note(wire::export::NoteOptions),
    /// The matches as NDJSON.
    Matches,
    /// An event as it was.
    Event(u32),
}

/// What can be made of a rule text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Wish {
    /// Its query formatted.
    Format,
    /// Events that match it, and near misses.
    Events,
    /// Its query in plain English.
    Reading,
    /// What would have to change in an event, by the last run.
    Change(u32),
    /// The events with that event, changed so, behind them: only its line where `is_line`, or all as
    /// lines.
    Try { event: u32, is_line: bool },
    /// Only the events that the matches of the last run need, and this one; to be shown at once where
    /// `is_now`, or on offer.
    Keep { event: Option<u32>, is_now: bool },
}

/// What was made of a rule text; or in words why it cannot be.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Made {
    /// What formatting replaces.
    Format(Result<Vec<wire::Edit>, String>),
    /// Events, as text.
    Events(Result<String, String>),
    /// In plain English; `None` where it cannot be read.
    Reading(Option<wire::reading::Reading>),
    /// What would have to change; `None` where there is no such event.
    Change(Option<wire::change::Change>),
    /// An event's line, or all events; `None` where no change was found.
    Tried(Option<String>),
    /// The events that are kept; `None` where nothing smaller will do.
    Kept(Option<Kept>),
}

/// Some of the events.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Kept {
    /// As text.
    pub text: String,
    /// How many.
    pub count: u32,
    /// Which of them is the one that was to stay.
    pub event: Option<u32>,
}

/// Help at a place of a rule text, as the editor takes it: nothing on the way needs more than texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Help {
    /// What the word means; otherwise what may be written.
    pub is_hover: bool,
    /// The place that was asked about, in UTF-16 units.
    pub at: u32,
    /// Where the word stands, or what a suggestion replaces.
    pub span: wire::Span,
    /// Of suggestions, five texts each: kind, label, what is written, detail, note. Of a word its
    /// title, detail and sentences. Empty where there is nothing to say.
    pub texts: Vec<String>,
    /// Of a word: the most frequent values, each followed by the number of events that have it.
    pub values: Vec<String>,
}

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// In words, what of it could not be read.
    pub trouble: Option<String>,
}

/// The content of a file; cheap to clone, and written in one piece.
#[derive(Clone, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Bytes(pub Rc<Vec<u8>>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// The bytes of a message.
///
/// # Errors
/// In words, where the message cannot be encoded (out of memory).
pub fn encode<T: BorshSerialize>(message: &T) -> Result<Vec<u8>, String> {
    borsh::to_vec(message).map_err(|error| error.to_string())
}

/// The message of some bytes.
///
/// # Errors
/// In words, where the bytes are not such a message.
pub fn decode<T: BorshDeserialize>(bytes: &[u8]) -> Result<T, String> {
    borsh::from_slice(bytes).map_err(|error| error.to_string())
}
