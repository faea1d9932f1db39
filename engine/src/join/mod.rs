//! Events joined by keys: sequences and samples (spec §7, §8).

mod keys;
mod missing;
mod replay;
mod sample;
mod sequence;
mod trails;

pub use keys::{KeySpace, KeyValue, MAX_COMBINATIONS, StageKeys, Tuple, keys_of};
pub use missing::{Moment, Slot, SlotState};
pub use replay::{Done, Over, Past, Replay, Stepper};
pub use sample::{Group, Sampled, sample};
pub use sequence::{End, Trail, Watch, sequence};
pub use trails::{Fate, MAX_KEPT, Trails};

use crate::eval::Evaluated;
use crate::plan::{NodeId, Plan};
use crate::store::{Bits, Store};
use crate::time::Instant;

/// One sequence or sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its join keys.
    pub tuple: Tuple,
    /// One event per stage; `None` for a stage of missing events (spec §7.33).
    pub events: Vec<Option<u32>>,
    /// Data end before a trailing `![…]` could be judged for good (spec §7.34).
    pub is_open: bool,
}

/// What both matchers look at.
#[derive(Clone, Copy)]
pub struct Input<'i> {
    /// The query.
    pub plan: &'i Plan,
    /// The events.
    pub store: &'i Store,
    /// Events in an index that is searched.
    pub searched: &'i Bits,
    /// The bits of the filters.
    pub evaluated: &'i Evaluated,
    /// All searched events with a time in the order of spec §7.2, each with its time.
    pub ordinals: &'i [(Instant, u32)],
}

impl Input<'_> {
    /// The searched events that pass a filter.
    #[must_use]
    pub fn filter(&self, node: NodeId) -> Bits {
        let mut bits = self
            .evaluated
            .filter(node)
            .cloned()
            .unwrap_or_else(|| Bits::none(self.store.n_events()));
        bits &= self.searched;
        bits
    }
}
