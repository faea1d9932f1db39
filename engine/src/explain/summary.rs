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

/// Longest message that is added to another field, in bytes: what somebody wrote in a line says why
/// the event is there, a page of it says all of it once more.
const MESSAGE_BYTES: usize = 240;

/// Command line, path, name or whatever else says most; the event's own category before the
/// process that caused it; then a message, if it is a short line. Of an event without any telling
/// field its first ones, with their names.
#[must_use]
pub fn summary(store: &Store, event: u32) -> String {
    let text = |field: &str| {
        let values: Vec<String> =
            store.column(field)?.values_of(event).map(|value| value.to_string()).collect();
        (!values.is_empty()).then(|| values.join(" "))
    };
    let is_process = text("event.category").is_none_or(|category| category.contains("process"));
    let process_first = TELLING.iter().filter(|field| is_process || !field.starts_with("process."));
    let found = process_first.chain(&TELLING).find_map(|field| text(field));
    let mut found = found.unwrap_or_else(|| first_fields(store, event));
    let line = |text: &String| {
        text.len() <= MESSAGE_BYTES && !text.contains('\n') && !found.contains(text.as_str())
    };
    if let Some(message) = text("message").filter(line) {
        found = format!("{found} \u{b7} {message}");
    }
    found.chars().map(|c| if c.is_control() { ' ' } else { c }).take(CHARS).collect()
}

/// Fields that say nothing of what happened.
const SILENT: [&str; 3] = ["@timestamp", "event.category", "event.kind"];

/// Fields named where none is telling.
const FIRST: usize = 3;

fn first_fields(store: &Store, event: u32) -> String {
    let fields = store.fields().filter(|(name, _)| !SILENT.contains(name));
    let named = fields.filter_map(|(name, column)| {
        column.values_of(event).next().map(|value| format!("{name}: {value}"))
    });
    named.take(FIRST).collect::<Vec<_>>().join(" \u{b7} ")
}

#[cfg(test)]
mod tests {
    use super::summary;
    use crate::desk::Desk;

    #[test]
    fn telling_fields_come_with_a_short_message_and_others_where_there_are_none() {
        for (event, line) in [
            (
                r#"{"@timestamp":1,"b":1,"a":{"c":["x","y"]},"z":true,"y":2}"#,
                "b: 1 \u{b7} a.c: x \u{b7} z: true",
            ),
            (r#"{"b":1,"process":{"name":"sh"}}"#, "sh"),
            (r#"{"message":"match","process":{"name":"sh"}}"#, "sh \u{b7} match"),
            (r#"{"message":"sh: one\ntwo","process":{"name":"sh"}}"#, "sh"),
            (r#"{"message":"sh -c","process":{"command_line":"sh -c id"}}"#, "sh -c id"),
            (r#"{"message":"match"}"#, "match"),
            ("{}", ""),
        ] {
            let mut desk = Desk::new();
            desk.load(event);
            assert_eq!(summary(desk.store(), 0), line);
        }
    }
}
