//! L-29: `any where` while all matching events have one category.

use crate::diag::{Diagnostic, Severity};
use crate::lint::data::Context;
use crate::lint::finding;
use crate::syntax::ast::{Body, Category};

/// Fewer matches say nothing about those to come.
const ENOUGH: u32 = 2;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Body::Event(filter) = &context.text.tree.body else { return };
    let field = context.text.rule.event_category_override.as_deref();
    let Some(column) = context.store.column(field.unwrap_or("event.category")) else { return };
    if filter.category != Category::Any || context.found.matches.count() < ENOUGH {
        return;
    }
    let mut common: Option<String> = None;
    for event in (0..context.store.n_events()).filter(|event| context.found.matches.get(*event)) {
        let mut values = column.values_of(event).map(|value| value.to_string());
        match (values.next(), values.next(), &common) {
            (Some(value), None, None) => common = Some(value),
            (Some(value), None, Some(before)) if value == *before => {}
            _ => return,
        }
    }
    let Some(name) = common else { return };
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        let message = format!("all matching events have the category `{name}`");
        let help = format!("write `{name}` for `any`: clearer, and faster to search");
        let span = filter.category_span;
        let found = finding("L-29", Severity::Info, span, message, &help);
        findings.push(found.with_fix(format!("Write `{name}`"), span, name));
    }
}
