//! What the page and its worker say to each other.
//!
//! Both sides are Rust and come from one build, so the messages are serde types in one
//! compact binary codec ([`encode`], [`decode`]). Every request names its run and every answer
//! repeats it; an answer with an older run is dropped by the page.

use eqlens_engine::wire;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Counts the page's requests. Newest wins.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingReport {
    /// Fields it gives a type; 0 for none, or for one that cannot be read.
    pub fields: u32,
    /// Why it cannot be read.
    pub findings: Vec<wire::Finding>,
}

/// What the page may ask. The worker answers every request, even a broken one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Replaces the loaded events. Answered by [`Response::Loaded`].
    Load { run: RunId, events: String },
    /// Replaces the mapping; an empty one says nothing of any field. Answered by
    /// [`Response::MappingSet`].
    SetMapping { run: RunId, mapping: String },
    /// Compiles the rule text and runs it over the loaded events. Answered by
    /// [`Response::Outcome`].
    Run { run: RunId, rule: String },
    /// Asks for a stretch of the result list of the last run that had a result. Answered by
    /// [`Response::Rows`].
    Rows { run: RunId, filter: wire::Filter, first: u32, count: u32 },
    /// Asks why one event matches or not, by the last run that had a result. Answered by
    /// [`Response::Explained`].
    Explain { run: RunId, event: u32 },
    /// Asks how the matches of the last run that had a result came about. Answered by
    /// [`Response::Timeline`].
    Timeline { run: RunId },
    /// Makes the fragment of a link (`#v0.…`). Answered by [`Response::LinkMade`].
    MakeLink { run: RunId, investigation: wire::Investigation },
    /// Reads the fragment of a link. Answered by [`Response::LinkRead`].
    ReadLink { run: RunId, fragment: String },
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Response {
    /// The events are in.
    Loaded { run: RunId, report: wire::LoadReport },
    /// The mapping was read, or not.
    MappingSet { run: RunId, report: MappingReport },
    /// The rule was read and, if sound, run.
    Outcome { run: RunId, outcome: Box<wire::Outcome> },
    /// A stretch of the result list.
    Rows { run: RunId, rows: wire::Rows },
    /// One event explained; `None` where there is no such event or no result.
    Explained { run: RunId, explanation: Option<Box<wire::Explanation>> },
    /// How the matches came about.
    Timeline { run: RunId, timeline: Box<wire::timeline::Timeline> },
    /// The fragment, with its `#`, or in words why there is none.
    LinkMade { run: RunId, fragment: Result<String, String> },
    /// What the link holds, or in words why it cannot be read.
    LinkRead { run: RunId, investigation: Result<Box<wire::Investigation>, String> },
    /// The request could not be read. Only a build mix-up can cause this.
    Garbled { message: String },
}

/// The bytes of a message.
///
/// # Errors
/// In words, where the message cannot be encoded (out of memory).
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, String> {
    postcard::to_allocvec(message).map_err(|error| error.to_string())
}

/// The message of some bytes.
///
/// # Errors
/// In words, where the bytes are not such a message.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    postcard::from_bytes(bytes).map_err(|error| error.to_string())
}
