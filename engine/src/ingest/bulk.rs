//! The body of a `_bulk` request: a line that says what to do, then the document it is done with.

use crate::ingest::Loading;
use crate::ingest::documents::{Hit, Line, lines, skip};
use crate::json::{Event, Mistake, Reader};
use crate::value::Value;

/// Members of an action beside `_index`, `_id` and others with an underscore.
const SETTINGS: [&str; 10] = [
    "routing",
    "pipeline",
    "version",
    "version_type",
    "if_seq_no",
    "if_primary_term",
    "require_alias",
    "require_data_stream",
    "retry_on_conflict",
    "dynamic_templates",
];

/// An action line.
pub(super) struct Action<'t> {
    verb: Verb,
    /// Byte at which it stands.
    at: usize,
    index: Option<Value<'t>>,
    id: Option<Value<'t>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    /// `index`, `create`: the document follows.
    Index,
    /// `update`: an object with `doc` follows.
    Update,
    /// `delete`: nothing follows.
    Delete,
}

/// The action of the line that begins at byte `at` and ends with the text; `None` where it is
/// something else.
pub(super) fn action(text: &str, at: usize) -> Option<Action<'_>> {
    let mut reader = Reader::new(text, at);
    // Most lines that are no action are told by their first name.
    let Event::OpenObject = reader.next_event().ok()? else { return None };
    let Event::Key(key) = reader.next_event().ok()? else { return None };
    let verb = match key.as_ref() {
        "index" | "create" => Verb::Index,
        "update" => Verb::Update,
        "delete" => Verb::Delete,
        _ => return None,
    };
    let Event::OpenObject = reader.next_event().ok()? else { return None };
    let mut action = Action { verb, at, index: None, id: None };
    while let Event::Key(key) = reader.next_event().ok()? {
        if !key.starts_with('_') && !SETTINGS.contains(&key.as_ref()) {
            return None;
        }
        let event = reader.next_event().ok()?;
        skip(&mut reader, &event).ok()?;
        let value = match event {
            Event::Str(text) => Some(Value::Str(text)),
            Event::Num(number) => Some(Value::Num(number)),
            _ => None,
        };
        match key.as_ref() {
            "_index" => action.index = value,
            "_id" => action.id = value,
            _ => {}
        }
    }
    let closed = reader.next_event().ok()? == Event::CloseObject;
    let rest = text.get(reader.position()..).unwrap_or_default();
    (closed && rest.trim_ascii().is_empty()).then_some(action)
}

impl<'t> Loading<'t> {
    pub(super) fn bulk(&mut self, start: usize) {
        let mut waiting: Option<Action<'t>> = None;
        for line in lines(self.text, start) {
            self.at_line(&line, line.number);
            let upto = self.text.get(..line.end).unwrap_or_default();
            if let Some(next) = action(upto, line.start) {
                self.without_document(waiting.replace(next));
            } else {
                // A document without an action is one all the same.
                let result = self.bulk_document(&line, waiting.take());
                self.settle(result);
            }
            waiting = waiting.filter(|action| action.verb != Verb::Delete);
        }
        self.without_document(waiting);
    }

    /// Reports an action that misses its document.
    fn without_document(&mut self, action: Option<Action<'t>>) {
        if let Some(action) = action {
            let reason = "this action has no document on the next line".into();
            self.settle(Err(Mistake { at: action.at, reason }));
        }
    }

    fn bulk_document(
        &mut self,
        line: &Line,
        action: Option<Action<'t>>,
    ) -> Result<Hit<'t>, Mistake> {
        let part = match &action {
            Some(Action { verb: Verb::Update, .. }) => Some(self.updated(line)?),
            _ => None,
        };
        let mut hit = self.line(part.as_ref().unwrap_or(line))?;
        if let Some(action) = action {
            hit.index = action.index.or(hit.index);
            hit.id = action.id.or(hit.id);
        }
        Ok(hit)
    }

    /// Where the object in `doc`, or else in `upsert`, stands in the body of an update.
    fn updated(&self, line: &Line) -> Result<Line, Mistake> {
        let text = self.text.get(..line.end).unwrap_or_default();
        let mut reader = Reader::new(text, line.start);
        let mut found: Option<(usize, usize)> = None;
        if reader.next_event()? == Event::OpenObject {
            while let Event::Key(key) = reader.next_event()? {
                let event = reader.next_event()?;
                let start = reader.range().start;
                skip(&mut reader, &event)?;
                let is_doc = key == "doc" || key == "upsert" && found.is_none();
                if is_doc && event == Event::OpenObject {
                    found = Some((start, reader.position()));
                }
            }
        }
        let reason = "this update has no `doc`";
        let (start, end) = found.ok_or(Mistake { at: line.start, reason: reason.to_owned() })?;
        Ok(Line { number: line.number, start, end })
    }
}
