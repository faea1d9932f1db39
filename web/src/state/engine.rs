//! What the page knows of its worker.

use std::rc::Rc;

use eqlens_engine::wire::list::Sifted;
use eqlens_engine::wire::{Explanation, LoadReport, Outcome};

use crate::protocol::{Request, RunId};

/// How the newest run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Nothing was asked yet, or there is no rule.
    #[default]
    Idle,
    /// An edit waits for the next frame, or for the typing to settle.
    Settling,
    /// The worker is at it.
    Running {
        /// For more than two seconds: the page offers to stop it.
        is_long: bool,
    },
    /// The newest run is answered.
    Done,
    /// The visitor stopped the run.
    Cancelled,
    /// The worker died twice over the same request; it waits for the next edit.
    Failed,
}

/// What became of a worker that died.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crash {
    /// What the dying worker said.
    pub message: Rc<str>,
    /// It died again over the same request.
    pub is_final: bool,
    /// The visitor asked what happened.
    pub shows_message: bool,
}

/// A result of which some parts are still on their way. It is shown when it is whole, so that
/// nothing flickers.
#[derive(Clone, Debug)]
pub struct Arriving {
    /// The run it is of.
    pub run: RunId,
    /// The rule text it is of.
    pub rule: Rc<str>,
    /// The outcome; has a result.
    pub outcome: Rc<Outcome>,
    /// The visible stretch of the list.
    pub rows: Option<Sifted>,
    /// The selected event explained.
    pub explanation: Option<Rc<Explanation>>,
}

/// A long text of events on its way to the worker, piece by piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Version of the events.
    pub version: u32,
    /// Bytes that were sent.
    pub at: usize,
    /// Bytes there are.
    pub all: usize,
    /// What became of the pieces so far.
    pub report: LoadReport,
    /// No more is to be read.
    pub is_stopped: bool,
}

/// The page's side of the worker.
#[derive(Clone, Debug, Default)]
pub struct Engine {
    /// Newest run; raised by every edit.
    pub run: RunId,
    /// How it stands.
    pub status: Status,
    /// What the worker is busy with.
    pub busy: Option<Busy>,
    /// An edit came while the worker was busy.
    pub is_queued: bool,
    /// Version of the events the worker holds; `None` for a fresh worker.
    pub loaded: Option<u32>,
    /// A long text on its way.
    pub reading: Option<Reading>,
    /// Bytes the worker has of how many, where the visitor stopped the reading.
    pub partial: Option<(usize, usize)>,
    /// Version of the mapping the worker holds; `None` for a fresh worker, which has none.
    pub mapped: Option<u32>,
    /// How long the last run took from question to answer, in milliseconds.
    pub round_ms: u32,
    /// Times the last request was replayed after a crash.
    pub replays: u8,
    /// The last crash, until dismissed.
    pub crash: Option<Crash>,
    /// A result on its way.
    pub arriving: Option<Arriving>,
    /// Requests about links that are not answered yet, to be replayed after a crash.
    pub open_requests: Vec<Request>,
}

/// What the worker was last sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Busy {
    /// The run.
    pub run: RunId,
    /// Rule texts asked for, in order.
    pub rules: Vec<Rc<str>>,
    /// Version of the events at that time.
    pub events: u32,
    /// Answers still to come, of every kind.
    pub awaited: u8,
    /// The selected event is to be explained with it.
    pub explains: bool,
    /// It is asked for only when the events have been read, which tells where it stands.
    pub finds: bool,
}

impl Engine {
    /// How long to wait after an edit: nothing while runs fit into a frame, else as long as the
    /// last one took, 150 ms at most.
    #[must_use]
    pub fn settle_ms(&self) -> u32 {
        if self.round_ms <= FRAME_MS { 0 } else { self.round_ms.min(SETTLE_LIMIT_MS) }
    }
}

const FRAME_MS: u32 = 16;
const SETTLE_LIMIT_MS: u32 = 150;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_settles_only_after_slow_runs() {
        let settle = |round_ms| Engine { round_ms, ..Engine::default() }.settle_ms();
        assert_eq!(settle(0), 0);
        assert_eq!(settle(16), 0);
        assert_eq!(settle(40), 40);
        assert_eq!(settle(4_000), 150);
    }
}
