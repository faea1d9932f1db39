//! The selected event while its text is edited: places in the order shift, and its own line may break
//! under the hands of whoever types. The selection is that event, not what now stands in its place.

use std::rc::Rc;

use crate::state::model::State;

/// Where the selected event stands in the events text, from an edit until it has been read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Version of the events it speaks of.
    version: u32,
    /// The 1-based line on which the event begins.
    pub line: u32,
    /// Which of the events that begin there.
    nth: usize,
    /// How many they were.
    of: usize,
    /// The line as it was.
    text: Rc<str>,
    /// Its `_id` between quotes; empty where it has none and goes by its position.
    id: String,
}

/// Takes in an edited text of events; the selection follows its event.
pub(super) fn edit(state: &mut State, text: Rc<str>) {
    let anchor = held(state);
    let old = Rc::clone(&state.docs.events);
    state.docs.edit_events(text);
    state.anchor = anchor.and_then(|anchor| {
        let line = followed(&anchor, &old, &state.docs.events)?;
        Some(Anchor { version: state.docs.events_version, line, ..anchor })
    });
    if state.anchor.is_none() {
        state.selected = None;
    }
}

/// The anchor as it is, or one for the selected event where that stands.
fn held(state: &mut State) -> Option<Anchor> {
    if let Some(anchor) = current(state) {
        return Some(anchor.clone());
    }
    let event = state.wanted_event.take().or(state.selected)?;
    let lines = &state.report.as_ref()?.lines;
    let line = *lines.get(event as usize)?;
    let first = lines.partition_point(|at| *at < line);
    let explained = state.explained.as_ref().filter(|explained| explained.event == event);
    let id = explained.map(|explained| &explained.id).filter(|id| **id != event.to_string());
    Some(Anchor {
        version: state.docs.events_version,
        line,
        nth: event as usize - first,
        of: lines.partition_point(|at| *at <= line) - first,
        text: state.docs.events.split('\n').nth(line as usize - 1)?.into(),
        id: id.map_or_else(String::new, |id| format!("\"{id}\"")),
    })
}

/// The anchor, where it is of the events as they stand.
pub fn current(state: &State) -> Option<&Anchor> {
    state.anchor.as_ref().filter(|anchor| anchor.version == state.docs.events_version)
}

/// The events have been read. The selected one is shown with the result that follows; where it is not
/// among them, its anchor stays, and nothing is selected until its line can be read again.
pub(super) fn read(state: &mut State) {
    let Some(report) = &state.report else { return };
    let Some(anchor) = current(state) else {
        state.selected = state.selected.filter(|event| *event < report.events);
        return;
    };
    let first = report.lines.partition_point(|at| *at < anchor.line);
    let count = report.lines.partition_point(|at| *at <= anchor.line) - first;
    let found = (count >= anchor.of).then(|| (first + anchor.nth) as u32);
    if state.shown.is_none() {
        state.selected = found;
    } else {
        state.wanted_event = found;
    }
    if found.is_some() {
        state.anchor = None;
    }
}

/// The line on which the event stands after an edit, which touched the lines between what both texts
/// begin and end with; `None` where it is gone.
fn followed(anchor: &Anchor, old: &str, new: &str) -> Option<u32> {
    let old: Vec<&str> = old.split('\n').collect();
    let new: Vec<&str> = new.split('\n').collect();
    let at = anchor.line as usize - 1;
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest);
    let tail = tail.take_while(|(old, new)| old == new).count();
    let n_old = old.len() - tail - head;
    let edited = new.get(head..new.len() - tail)?;
    let at = if at < head {
        at
    } else if at >= head + n_old {
        at + new.len() - old.len()
    } else {
        let is_it = |line: &&str| has_id(line, &anchor.id) || **line == *anchor.text;
        let typed = (at - head).min(edited.len().checked_sub(1)?);
        // Typing changes one line, splits one or joins two; what changes more is another text.
        let is_typing = n_old == edited.len() || n_old <= 2;
        head + edited.iter().position(is_it).or(is_typing.then_some(typed))?
    };
    Some(at as u32 + 1)
}

/// True where the line says `"_id": id`.
fn has_id(line: &str, id: &str) -> bool {
    let value =
        line.split_once("\"_id\"").and_then(|(_, rest)| rest.trim_start().strip_prefix(':'));
    !id.is_empty() && value.is_some_and(|value| value.trim_start().starts_with(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_followed_through_edits() {
        // The text before, the line of the event, the text after, and its line there.
        let cases: [(&str, u32, &str, Option<u32>); 14] = [
            ("a\nb\nc", 2, "a\nb!\nc", Some(2)),
            ("a\nb\nc", 2, "a!\nb\nc", Some(2)),
            ("a\nb\nc", 2, "new\na\nb\nc", Some(3)),
            ("a\nb\nc", 2, "b\nc", Some(1)),
            ("a\nb\nc", 2, "a\n\nc", Some(2)),
            ("a\nb\nc", 2, "a\nc", None),
            ("a\nb\nc", 2, "b\na\nc", Some(1)),
            ("a\nbb\nc", 2, "a\nb\nb\nc", Some(2)),
            ("a\nb\nc", 2, "ab\nc", Some(1)),
            ("ab\nc", 1, "a\nb\nc", Some(2)),
            ("a\nb\nc\nd", 2, "x\ny", None),
            ("a\nb\nc\nd", 2, "x\ny\nz\nb", Some(4)),
            ("a\nb", 2, "", Some(1)),
            ("1\n2\n3", 1, "4\n{\"_id\" : \"i\", \"b\": 5}", Some(2)),
        ];
        for (old, line, new, expected) in cases {
            let (text, id) = ("b".into(), "\"i\"".to_owned());
            let anchor = Anchor { version: 0, line, nth: 0, of: 1, text, id };
            assert_eq!(followed(&anchor, old, new), expected, "{old:?} to {new:?}");
        }
    }

    #[test]
    fn an_id_is_that_of_the_event() {
        assert!(has_id("{\"_id\": \"7\"}", "\"7\""));
        for (line, id) in [("{\"_id\":\"77\"}", "\"7\""), ("{\"pid\":\"7\"}", "\"7\""), ("{}", "")]
        {
            assert!(!has_id(line, id), "{line}");
        }
    }
}
