//! Lints that look at the loaded events and at what the last run made of them.

mod category;

use crate::diag::Diagnostic;
use crate::eval::Recording;
use crate::join::Trail;
use crate::lint;
use crate::plan::Plan;
use crate::run::Found;
use crate::store::Store;

/// What a lint of the data looks at.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// The query and its rule.
    pub text: lint::Context<'c>,
    /// The loaded events; never none.
    pub store: &'c Store,
    /// The query as it ran.
    pub plan: &'c Plan,
    /// The bits of its nodes.
    pub recording: &'c Recording,
    /// What it found.
    pub found: &'c Found,
    /// Partial sequences that came to nothing.
    pub trails: &'c [Trail],
}

/// A lint of the data.
type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// The lints of the data.
const CHECKS: &[Check] = &[category::check];

/// What the events show about a query that ran over them, in no particular order; see
/// [`lint::silence`].
#[must_use]
pub fn findings(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if context.store.n_events() > 0 {
        for check in CHECKS {
            check(context, &mut findings);
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{fire, stay_silent};

    const PROCESSES: &str = r#"{"event":{"category":"process"},"x":1}
{"event":{"category":"process"},"x":1}
{"event":{"category":"file"},"x":2}"#;

    #[test]
    fn any_is_told_where_one_category_would_do() {
        fire(&[("any where x == 1", "L-29", "any", "process where x == 1")], PROCESSES);
        let silent = ["any where x > 0", "process where x == 1", "any where x == 2"];
        stay_silent("L-29", &silent, PROCESSES);
    }
}
