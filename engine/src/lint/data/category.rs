//! L-29: `any where` while all matching events have one category.

use crate::diag::{Diagnostic, Severity};
use crate::lint::data::{Context, Part};
use crate::lint::finding;
use crate::syntax::ast::{Body, Category};

/// Fewer matches say nothing about those to come.
const ENOUGH: u32 = 2;

pub(super) fn check(context: &Context<'_>, _: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    let Body::Event(filter) = &context.text.tree.body else { return };
    let field = context.text.rule.event_category_override.as_deref();
    let column = context.text.schema.field(field.unwrap_or("event.category")).column;
    let Some(column) = context.store.column(&column) else { return };
    let matches = &context.found.matches;
    if filter.category != Category::Any || matches.count() < ENOUGH {
        return;
    }
    // Equal values have equal codes; most queries are done after a few events.
    let mut codes = matches.iter().map(|event| column.codes_of(event));
    let Some([code]) = codes.next() else { return };
    if !codes.all(|other| other == [*code]) {
        return;
    }
    let Some(name) = column.value(*code).map(|value| value.to_string()) else { return };
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        let message = format!("all {} matching events have the category `{name}`", matches.count());
        let help = format!("write `{name}` for `any`: clearer, and faster to search");
        let span = filter.category_span;
        let found = finding("L-29", Severity::Info, span, message, &help);
        findings.push(found.with_fix(format!("Write `{name}`"), span, name));
    }
}
