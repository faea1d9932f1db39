//! One line that says most about an event.

use crate::store::{Column, Store};
use crate::value::Value;

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
    Summaries::new(store).of(event).to_owned()
}

/// The summaries of many events, quickest one after the other.
pub struct Summaries<'s> {
    store: &'s Store,
    /// The column of each telling field, then those of the category and the message, each with its
    /// place.
    columns: Vec<(Option<&'s Column>, usize)>,
    found: String,
    line: String,
}

/// Fields of [`Summaries`] that are not telling, or not first.
const CATEGORY: usize = TELLING.len();
const MESSAGE: usize = CATEGORY + 1;

impl<'s> Summaries<'s> {
    /// Over these events.
    #[must_use]
    pub fn new(store: &'s Store) -> Self {
        let names = TELLING.iter().chain(&["event.category", "message"]);
        let columns = names.map(|name| (store.column(name), 0)).collect();
        Self { store, columns, found: String::new(), line: String::new() }
    }

    /// Appends the values of a field to what was found; false where there is none.
    fn append(&mut self, field: usize, event: u32) -> bool {
        let Some((Some(column), at)) = self.columns.get_mut(field) else { return false };
        let codes = column.codes_from(event, at);
        for (n, value) in codes.iter().filter_map(|code| column.value(*code)).enumerate() {
            if n > 0 {
                self.found.push(' ');
            }
            match value {
                Value::Str(text) => self.found.push_str(&text),
                other => self.found.push_str(&other.to_string()),
            }
        }
        !codes.is_empty()
    }

    /// The summary of one event.
    pub fn of(&mut self, event: u32) -> &str {
        self.found.clear();
        let is_process = !self.append(CATEGORY, event) || self.found.contains("process");
        self.found.clear();
        // A field of the process comes after the others where the event is of something else.
        let is_late = |at: &usize| {
            !is_process && TELLING.get(*at).is_some_and(|field| field.starts_with("process."))
        };
        let fields = || 0..TELLING.len();
        let mut order = fields().filter(|at| !is_late(at)).chain(fields().filter(is_late));
        if !order.any(|field| self.append(field, event)) {
            self.found = first_fields(self.store, event);
        }
        let end = self.found.len();
        if self.append(MESSAGE, event) {
            let (found, message) = self.found.split_at(end);
            let is_line = message.len() <= MESSAGE_BYTES && !message.contains('\n');
            if is_line && !found.contains(message) {
                self.found.insert_str(end, " \u{b7} ");
            } else {
                self.found.truncate(end);
            }
        }
        self.line.clear();
        let shown = self.found.chars().map(|c| if c.is_control() { ' ' } else { c });
        self.line.extend(shown.take(CHARS));
        &self.line
    }
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
