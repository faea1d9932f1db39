//! Lints of sequences as such.

use crate::diag::{Diagnostic, Severity};
use crate::lint::{Context, finding};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(terms) = context.sequence() else { return };
    if terms.maxspan.is_none() {
        let message = "this sequence has no `maxspan`: events days apart match".to_owned();
        let help = "add `with maxspan=…`";
        findings.push(finding("L-10", Severity::Info, terms.word, message, help));
    }
    if terms.keys.is_empty() && terms.terms.iter().all(|term| term.keys.is_empty()) {
        let message = "this sequence has no join key: events of different hosts match".to_owned();
        let help = "add `by host.id` or a key like it";
        findings.push(finding("L-11", Severity::Info, terms.word, message, help));
    }
}
