//! What a predicate says of one value.

use crate::hir::Predicate;
use crate::regex::Matcher;
use crate::value::{Case, Scalar, in_block};

/// A predicate that is asked about many values: what it builds for one serves the next.
pub(super) struct Judge<'p> {
    predicate: &'p Predicate,
    matcher: Option<Matcher<'p>>,
}

impl<'p> Judge<'p> {
    pub(super) fn new(predicate: &'p Predicate) -> Self {
        let matcher = match predicate {
            Predicate::Regex(regex) => Some(regex.matcher()),
            _ => None,
        };
        Self { predicate, matcher }
    }

    /// As [`Predicate::holds`].
    pub(super) fn holds(&mut self, scalar: Option<&Scalar<'_>>) -> bool {
        match (&mut self.matcher, scalar) {
            (Some(matcher), Some(Scalar::Str(text))) => matcher.is_match(text),
            _ => self.predicate.holds(scalar),
        }
    }
}

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
            Self::Within(Scalar::Ip(first), Scalar::Ip(last)) => {
                matches!(scalar, Scalar::Ip(address) if in_block(*address, *first, *last))
            }
            Self::Within(first, last) => {
                scalar.compare(first).is_some_and(std::cmp::Ordering::is_ge)
                    && scalar.compare(last).is_some_and(std::cmp::Ordering::is_le)
            }
            Self::OneOf(items, case) => items.iter().any(|item| item.holds_for(scalar, *case)),
            Self::Like(_, patterns) => match scalar {
                Scalar::Str(text) => patterns.iter().any(|pattern| pattern.is_match(text)),
                _ => false,
            },
            Self::Regex(regex) => match scalar {
                Scalar::Str(text) => regex.is_match(text),
                _ => false,
            },
        }
    }
}
