//! What a failed step says: what it was doing, why it failed, and the one command that mends it.

use std::fmt;

/// A step that failed, in the user's terms.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What was being done: "could not …".
    doing: String,
    /// What went wrong.
    why: String,
    /// The command that would mend it.
    mend: String,
}

/// What every step returns.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// `doing` begins with "could not"; `mend` is a command line.
    pub(crate) fn new(
        doing: impl Into<String>,
        why: impl fmt::Display,
        mend: impl Into<String>,
    ) -> Self {
        Self { doing: doing.into(), why: why.to_string(), mend: mend.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}: {}\n  mend: {}", self.doing, self.why, self.mend)
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn a_failure_names_deed_reason_and_remedy() {
        let failure = Failure::new("could not read x", "no such file", "touch x");
        assert_eq!(failure.to_string(), "error: could not read x: no such file\n  mend: touch x");
    }
}
