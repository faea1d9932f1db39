//! The events in time order, worked out once for each pair of fields that is asked for.

use std::cmp::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use crate::sort;
use crate::store::Column;
use crate::time::{DateFormats, Instant};
use crate::ty::Type;
use crate::value::{Scalar, Value, version_bytes};

/// Events with their times, in order.
pub type Ordinals = Arc<[(Instant, u32)]>;

/// Where the order of events is read from (spec §7.2), as columns: aliases are resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeFields {
    /// The column of the timestamp.
    pub timestamp: Box<str>,
    /// How its dates are written.
    pub formats: DateFormats,
    /// The column that breaks ties, and the type of its field.
    pub tiebreaker: Option<(Box<str>, Type)>,
}

impl TimeFields {
    /// A timestamp in the default formats, without a tiebreaker.
    #[must_use]
    pub fn new(timestamp: &str) -> Self {
        Self { timestamp: timestamp.into(), formats: DateFormats::default(), tiebreaker: None }
    }
}

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
    fields: TimeFields,
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
        fields: &TimeFields,
        make: impl FnOnce() -> Vec<(Instant, u32)>,
    ) -> Ordinals {
        // A panic while one was made leaves the others whole.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.iter().find(|kept| kept.fields == *fields) {
            return Arc::clone(&known.ordinals);
        }
        let ordinals: Ordinals = make().into();
        if kept.len() >= MAX_KEPT {
            kept.remove(0);
        }
        kept.push(Kept { fields: fields.clone(), ordinals: Arc::clone(&ordinals) });
        ordinals
    }

    /// Forgets them all, since there are other events now.
    pub(super) fn forget(&mut self) {
        self.kept.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// The values of a tiebreaker, ranked: a lower rank comes first.
pub(super) struct Ties<'c> {
    column: &'c Column,
    /// By code; `u32::MAX` for a value that the field's type cannot read.
    ranks: Vec<u32>,
}

impl<'c> Ties<'c> {
    /// Ranks the values of a column under the type of its field.
    pub(super) fn new(column: &'c Column, ty: &Type) -> Self {
        let values: Vec<Value<'_>> = column.dictionary().collect();
        let mut ranks = vec![u32::MAX; values.len()];
        let scalars = values.iter().enumerate();
        let mut scalars: Vec<(usize, Scalar<'_>)> =
            scalars.filter_map(|(code, value)| Some((code, Scalar::coerce(value, ty)?))).collect();
        for (_, scalar) in &mut scalars {
            if let (Type::Version, Scalar::Str(text)) = (ty, &*scalar) {
                *scalar = Scalar::Version(version_bytes(text));
            }
        }
        sort::by(&mut scalars, |a, b| compare(&a.1, &b.1));
        let mut rank = 0;
        let mut before: Option<&Scalar<'_>> = None;
        for (code, scalar) in &scalars {
            // 3 and 3.0 are two values of the column and one tie.
            if before.is_some_and(|before| compare(before, scalar).is_ne()) {
                rank += 1;
            }
            before = Some(scalar);
            if let Some(slot) = ranks.get_mut(*code) {
                *slot = rank;
            }
        }
        Self { column, ranks }
    }

    /// Order of two events by their first value; a missing one comes after any other (spec §7.2).
    pub(super) fn compare(&self, a: u32, b: u32) -> Ordering {
        let rank = |event: u32| {
            let code = self.column.codes_of(event).first();
            code.and_then(|code| self.ranks.get(code.0 as usize)).copied().unwrap_or(u32::MAX)
        };
        rank(a).cmp(&rank(b))
    }
}

/// A total order, also where a field holds values of several families: numbers come before texts.
fn compare(a: &Scalar<'_>, b: &Scalar<'_>) -> Ordering {
    let family = |scalar: &Scalar<'_>| match scalar {
        Scalar::Bool(_) => 0,
        Scalar::Num(_) => 1,
        Scalar::Date(_) => 2,
        Scalar::Ip(_) => 3,
        Scalar::Str(_) | Scalar::Version(_) => 4,
    };
    if let (Scalar::Num(a), Scalar::Num(b)) = (a, b) {
        // Integers whose doubles are equal may yet differ.
        let (x, y) = (a.to_f64(), b.to_f64());
        let doubles = x.partial_cmp(&y).unwrap_or(Ordering::Equal);
        return doubles.then_with(|| a.to_i128().cmp(&b.to_i128()));
    }
    a.compare(b).unwrap_or_else(|| family(a).cmp(&family(b)))
}
