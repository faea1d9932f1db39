//! One line that says most about an event.

use crate::store::{Code, Column, Store};
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

/// Which fields the summary of an event is of.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A telling one, by its place among these, and perhaps the message.
    Telling(u32),
    /// Its first ones, by their places among all fields; fewer are filled up with `u32::MAX`.
    First([u32; FIRST]),
}

/// The summaries of many events, quickest one after the other.
pub struct Summaries<'s> {
    store: &'s Store,
    /// The column of each telling field, then those of the category and the message, each with its
    /// place.
    telling: Vec<(Option<&'s Column>, usize)>,
    /// Those of all fields, once an event has no telling one.
    all: Vec<(&'s str, &'s Column, usize)>,
    found: String,
    line: String,
}

/// Fields of [`Summaries`] that are not telling, or not first.
const CATEGORY: usize = TELLING.len();
const MESSAGE: usize = CATEGORY + 1;

/// Fields that say nothing of what happened.
const SILENT: [&str; 3] = ["@timestamp", "event.category", "event.kind"];

/// Fields named where none is telling.
const FIRST: usize = 3;

impl<'s> Summaries<'s> {
    /// Over these events.
    #[must_use]
    pub fn new(store: &'s Store) -> Self {
        let names = TELLING.iter().chain(&["event.category", "message"]);
        let telling = names.map(|name| (store.column(name), 0)).collect();
        Self { store, telling, all: Vec::new(), found: String::new(), line: String::new() }
    }

    fn codes(&mut self, field: usize, event: u32) -> Option<(&'s Column, &'s [Code])> {
        let (column, at) = self.telling.get_mut(field)?;
        let column = (*column)?;
        Some((column, column.codes_from(event, at))).filter(|(_, codes)| !codes.is_empty())
    }

    /// Appends the values of a field to what was found; false where there is none.
    fn append(&mut self, field: usize, event: u32) -> bool {
        let Some((column, codes)) = self.codes(field, event) else { return false };
        for (n, value) in codes.iter().filter_map(|code| column.value(*code)).enumerate() {
            if n > 0 {
                self.found.push(' ');
            }
            push(&mut self.found, &value);
        }
        true
    }

    fn name_all(&mut self) {
        if self.all.is_empty() {
            self.all = self.store.fields().map(|(name, column)| (name, column, 0)).collect();
        }
    }

    /// Which fields the summary of an event is of.
    pub fn shape(&mut self, event: u32) -> Shape {
        self.found.clear();
        let is_process = !self.append(CATEGORY, event) || self.found.contains("process");
        // A field of the process comes after the others where the event is of something else.
        let is_late = |at: &usize| {
            !is_process && TELLING.get(*at).is_some_and(|field| field.starts_with("process."))
        };
        let fields = || 0..TELLING.len();
        let mut order = fields().filter(|at| !is_late(at)).chain(fields().filter(is_late));
        if let Some(field) = order.find(|field| self.codes(*field, event).is_some()) {
            return Shape::Telling(field as u32);
        }
        self.name_all();
        let has = |(at, (name, column, place)): (usize, &mut (&str, &Column, usize))| {
            let is_told = !column.codes_from(event, place).is_empty() && !SILENT.contains(name);
            is_told.then_some(at as u32)
        };
        let mut first = self.all.iter_mut().enumerate().filter_map(has);
        Shape::First([(); FIRST].map(|()| first.next().unwrap_or(u32::MAX)))
    }

    /// The summary of one event.
    pub fn of(&mut self, event: u32) -> &str {
        let shape = self.shape(event);
        self.of_shape(event, shape)
    }

    /// The same, where it is known already which fields it is of.
    pub fn of_shape(&mut self, event: u32, shape: Shape) -> &str {
        self.found.clear();
        match shape {
            Shape::Telling(field) => {
                self.append(field as usize, event);
            }
            Shape::First(fields) => {
                self.name_all();
                for field in fields {
                    let Some((name, column, at)) = self.all.get_mut(field as usize) else { break };
                    let code = column.codes_from(event, at).first();
                    if let Some(value) = code.and_then(|code| column.value(*code)) {
                        let gap = if self.found.is_empty() { "" } else { BESIDE };
                        [gap, name, ": "].iter().for_each(|part| self.found.push_str(part));
                        push(&mut self.found, &value);
                    }
                }
            }
        }
        let end = self.found.len();
        if self.append(MESSAGE, event) {
            let (found, message) = self.found.split_at(end);
            let is_line = message.len() <= MESSAGE_BYTES && !message.contains('\n');
            if is_line && !found.contains(message) {
                self.found.insert_str(end, BESIDE);
            } else {
                self.found.truncate(end);
            }
        }
        // Most are shown as they are.
        if self.found.len() <= CHARS && self.found.bytes().all(|byte| (b' '..0x7f).contains(&byte))
        {
            return &self.found;
        }
        self.line.clear();
        let shown = self.found.chars().map(|c| if c.is_control() { ' ' } else { c });
        self.line.extend(shown.take(CHARS));
        &self.line
    }
}

/// Between what stands beside each other in a line.
const BESIDE: &str = " \u{b7} ";

fn push(line: &mut String, value: &Value<'_>) {
    match value {
        Value::Str(text) => line.push_str(text),
        other => line.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Summaries, summary};
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

    #[test]
    fn one_event_after_the_other_reads_as_each_by_itself() {
        let long = "\u{e9}\t".repeat(200);
        let events = [
            r#"{"event":{"category":"process"},"process":{"name":"sh","args":["a","b"]}}"#.into(),
            r#"{"event":{"category":"network"},"process":{"name":"sh"},"destination":{"ip":"::1"}}"#.into(),
            r#"{"event":{"category":"network"},"process":{"name":"nc"},"message":"two"}"#.into(),
            r#"{"z":1,"y":[2,3],"message":""}"#.to_owned(),
            r#"{"a":"b","y":true,"@timestamp":1}"#.into(),
            format!("{{\"a\":{long:?}}}"),
            "{}".into(),
            r#"{"message":"one","z":3}"#.into(),
        ];
        let mut desk = Desk::new();
        desk.load(&events.join("\n"));
        let store = desk.store();
        let lines: Vec<String> = (0..8).map(|event| summary(store, event)).collect();
        assert_eq!(lines[..3], ["a b", "::1", "two"]);
        assert_eq!(lines[5].chars().count(), 300);
        for step in [1, 2, 3, 5] {
            let mut summaries = Summaries::new(store);
            for event in (0..8).step_by(step).chain([7, 0, 3]) {
                assert_eq!(summaries.of(event), lines[event as usize]);
            }
        }
    }
}
