//! The events in time order, worked out once for each pair of fields that is asked for.

use std::sync::{Arc, Mutex, PoisonError};

use crate::time::Instant;

/// Events with their times, in order.
pub type Ordinals = Arc<[(Instant, u32)]>;

/// Orders that are kept at most: a rule may name its own fields, and each order is as long as the
/// events are many.
const MAX_KEPT: usize = 4;

/// The orders that were asked for. They are what the columns say, so a copy begins without any.
#[derive(Debug, Default)]
pub(super) struct Orders {
    kept: Mutex<Vec<Kept>>,
}

#[derive(Debug)]
struct Kept {
    timestamp: Box<str>,
    tiebreaker: Option<Box<str>>,
    ordinals: Ordinals,
}

impl Clone for Orders {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Orders {
    /// The order by these fields, made where it is not at hand.
    pub(super) fn by(
        &self,
        timestamp: &str,
        tiebreaker: Option<&str>,
        make: impl FnOnce() -> Vec<(Instant, u32)>,
    ) -> Ordinals {
        // A panic while one was made leaves the others whole.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept
            .iter()
            .find(|kept| *kept.timestamp == *timestamp && kept.tiebreaker.as_deref() == tiebreaker);
        if let Some(known) = known {
            return Arc::clone(&known.ordinals);
        }
        let ordinals: Ordinals = make().into();
        if kept.len() >= MAX_KEPT {
            kept.remove(0);
        }
        kept.push(Kept {
            timestamp: timestamp.into(),
            tiebreaker: tiebreaker.map(Into::into),
            ordinals: Arc::clone(&ordinals),
        });
        ordinals
    }

    /// Forgets them all, since there are other events now.
    pub(super) fn forget(&mut self) {
        self.kept.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
