//! One line that says most about an event.

use crate::store::Store;

/// Fields that describe what happened, the most telling first.
const TELLING: [&str; 14] = [
    "process.command_line",
    "process.args",
    "registry.path",
    "file.path",
    "dns.question.name",
    "url.full",
    "destination.domain",
    "destination.ip",
    "dll.path",
    "process.executable",
    "process.name",
    "message",
    "event.action",
    "user.name",
];

/// Longest summary, in characters.
const CHARS: usize = 300;

/// Command line, path, name or whatever else says most; the event's own category before the
/// process that caused it. Empty for an event without any telling field.
#[must_use]
pub fn summary(store: &Store, event: u32) -> String {
    let text = |field: &str| {
        let values: Vec<String> =
            store.column(field)?.values_of(event).map(|value| value.to_string()).collect();
        (!values.is_empty()).then(|| values.join(" "))
    };
    let is_process = text("event.category").is_none_or(|category| category.contains("process"));
    let process_first = TELLING.iter().filter(|field| is_process || !field.starts_with("process."));
    let found = process_first.chain(&TELLING).find_map(|field| text(field)).unwrap_or_default();
    found.chars().map(|c| if c.is_control() { ' ' } else { c }).take(CHARS).collect()
}
