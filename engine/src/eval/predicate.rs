//! What a predicate says of one value.

use crate::hir::Predicate;
use crate::value::{Case, Scalar};

impl Predicate {
    /// Is it true of the value? `None` is null, of which only [`Predicate::IsNull`] is true.
    #[must_use]
    pub fn holds(&self, scalar: Option<&Scalar<'_>>) -> bool {
        match (self, scalar) {
            (Self::IsNull, value) => value.is_none(),
            (_, None) => false,
            (_, Some(scalar)) => self.holds_for(scalar, Case::Sensitive),
        }
    }

    /// Is it true of a text?
    #[must_use]
    pub fn matches_text(&self, text: &str) -> bool {
        self.holds(Some(&Scalar::Str(text.into())))
    }

    fn holds_for(&self, scalar: &Scalar<'_>, case: Case) -> bool {
        match self {
            Self::Exists => true,
            Self::IsNull => false,
            Self::Equals(wanted) => match (scalar, wanted) {
                (Scalar::Str(found), Scalar::Str(wanted)) => case.eq(found, wanted),
                _ => scalar.compare(wanted).is_some_and(std::cmp::Ordering::is_eq),
            },
            Self::Ordered(op, bound) => scalar.compare(bound).is_some_and(|order| op.holds(order)),
            Self::Within(first, last) => {
                scalar.compare(first).is_some_and(std::cmp::Ordering::is_ge)
                    && scalar.compare(last).is_some_and(std::cmp::Ordering::is_le)
            }
            Self::OneOf(items, case) => items.iter().any(|item| item.holds_for(scalar, *case)),
            Self::Like(_, patterns) => match scalar {
                Scalar::Str(text) => patterns.iter().any(|pattern| pattern.is_match(text)),
                _ => false,
            },
        }
    }
}
