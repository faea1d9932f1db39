//! What goes into a case note beside the last run.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

/// What a case note is to say that the engine cannot know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct NoteOptions {
    /// When it is written, in milliseconds since the epoch; not told without.
    pub now_ms: Option<i64>,
    /// The event that is explained whole, by its position in the input.
    pub event: Option<u32>,
    /// A link to the investigation, where one was made.
    pub link: Option<String>,
    /// It is written in the page: says whether there is a link, and that nothing was sent.
    pub in_page: bool,
}
