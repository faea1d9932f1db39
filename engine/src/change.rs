//! Other values for a field of an event's JSON, every other byte of it as it was.
//!
//! What is nested stays nested, what is written with dots stays so; of an array the elements that
//! stay are not touched.

use std::ops::Range;

use crate::json::{Event, Reader, quoted};
use crate::value::Value;

/// One step from the old values to the new ones, as texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The value that was there.
    pub from: Option<String>,
    /// The value that is there then.
    pub to: Option<String>,
}

/// An object of the document.
#[derive(Debug)]
struct Object {
    path: String,
    /// From `{` to one past `}`.
    range: Range<usize>,
    /// Where its members stand: name, and value.
    members: Vec<(Range<usize>, Range<usize>)>,
    in_array: bool,
}

/// A member without objects in it.
#[derive(Debug)]
struct Member {
    path: String,
    /// From the name to the end of the value.
    range: Range<usize>,
    value: Range<usize>,
    is_array: bool,
    has_objects: bool,
    /// Its values, and where they stand.
    values: Vec<(Value<'static>, Range<usize>)>,
}

/// What stands where in a document.
#[derive(Debug, Default)]
struct Document {
    objects: Vec<Object>,
    members: Vec<Member>,
}

/// The values of a field, and whether they are a list: several, or one in an array, unless the
/// document has nothing but arrays, as a search answers `fields`.
#[must_use]
pub fn values(source: &str, column: &str) -> (Vec<Value<'static>>, bool) {
    let document = Document::read(source).unwrap_or_default();
    let all_arrays = document.all_arrays();
    let members = document.members.into_iter().filter(|member| member.path == column);
    let (mut values, mut is_array) = (Vec::new(), false);
    for member in members {
        is_array |= member.is_array && !all_arrays;
        values.extend(member.values.into_iter().map(|(value, _)| value));
    }
    let is_list = is_array || values.len() > 1;
    (values, is_list)
}

/// The document with these values in a field, and the steps to it. `None` where the text is no sound
/// JSON object.
#[must_use]
pub fn with(source: &str, column: &str, new: &[Value<'_>]) -> Option<(String, Vec<Step>)> {
    let document = Document::read(source)?;
    let mut text = source.to_owned();
    let mut steps = Vec::new();
    let (old, is_list) = values(source, column);
    let has = |values: &[Value<'_>], value: &Value<'_>| values.iter().any(|each| each == value);
    let mut added: Vec<&Value<'_>> = new.iter().filter(|value| !has(&old, value)).collect();
    let mut gone: Vec<&Value<'_>> = old.iter().filter(|value| !has(new, value)).collect();
    if old.is_empty() && !new.is_empty() {
        text = document.inserted(source, column, new)?;
        steps.extend(new.iter().map(|value| Step { from: None, to: Some(value.to_string()) }));
        return Some((text, steps));
    }
    // One for the other, as far as that goes.
    while let (Some(from), Some(_)) = (gone.first().copied(), added.first()) {
        let to = added.remove(0);
        gone.remove(0);
        text = replaced(&text, column, from, &json(to))?;
        steps.push(Step { from: Some(from.to_string()), to: Some(to.to_string()) });
    }
    if !gone.is_empty() && new.is_empty() {
        while let Some(without) = Document::read(&text)?.without_member(&text, column) {
            text = without;
        }
        gone.clear();
        steps.extend(old.iter().map(|value| Step { from: Some(value.to_string()), to: None }));
    }
    for value in gone {
        text = Document::read(&text)?.without_value(&text, column, value)?;
        steps.push(Step { from: Some(value.to_string()), to: None });
    }
    for value in added {
        let document = Document::read(&text)?;
        let last = document.members.iter().rfind(|member| member.path == column)?;
        let own = last.values.last().map(|(_, range)| range.clone());
        let own = own.unwrap_or(last.value.clone());
        let token = text.get(own.clone())?;
        let new = if last.is_array || is_list && last.values.len() > 1 {
            // As the elements before it are set apart.
            let before = last.values.len().checked_sub(2).and_then(|at| last.values.get(at));
            let gap = before.and_then(|(_, before)| text.get(before.end..own.start));
            format!("{token}{}{}", gap.unwrap_or(","), json(value))
        } else {
            format!("[{token},{}]", json(value))
        };
        text.replace_range(own, &new);
        steps.push(Step { from: None, to: Some(value.to_string()) });
    }
    Some((text, steps))
}

/// The document with the first such value of a field written so.
fn replaced(text: &str, column: &str, value: &Value<'_>, new: &str) -> Option<String> {
    let document = Document::read(text)?;
    let mut all = document.members.iter().filter(|member| member.path == column);
    let range = all.find_map(|member| {
        member.values.iter().find(|(known, _)| known == value).map(|(_, range)| range.clone())
    })?;
    let mut text = text.to_owned();
    text.replace_range(range, new);
    Some(text)
}

/// A document that says its id, and its index where that is not empty, as a line of NDJSON.
#[must_use]
pub fn hit(source: &str, id: Option<&str>, index: &str) -> String {
    let document = Document::read(source).unwrap_or_default();
    let own = |name: &str| {
        document.members.iter().find(|member| member.path == name && member.range.start > 0)
    };
    let line = match (id, own("_id")) {
        (Some(id), Some(member)) if index.is_empty() || own("_index").is_some() => {
            let mut text = source.to_owned();
            text.replace_range(member.value.clone(), &quoted(id));
            text
        }
        (None, _) if index.is_empty() || own("_index").is_some() => source.to_owned(),
        (Some(id), None) if index.is_empty() || own("_index").is_some() => {
            let rest = source.trim_start().get(1..).unwrap_or_default();
            let comma = if rest.trim_start().starts_with('}') { "" } else { "," };
            format!("{{\"_id\":{}{comma}{rest}", quoted(id))
        }
        (id, _) => {
            let mut head = String::from("{");
            if let Some(id) = id {
                head.push_str(&format!("\"_id\":{},", quoted(id)));
            }
            if !index.is_empty() {
                head.push_str(&format!("\"_index\":{},", quoted(index)));
            }
            format!("{head}\"_source\":{source}}}")
        }
    };
    on_one_line(&line)
}

/// JSON on one line: line breaks never stand inside of a string.
#[must_use]
pub fn on_one_line(json: &str) -> String {
    if json.contains(['\n', '\r']) { json.lines().map(str::trim).collect() } else { json.into() }
}

/// A value in JSON.
fn json(value: &Value<'_>) -> String {
    match value {
        Value::Str(text) => quoted(text),
        other => other.to_string(),
    }
}

impl Document {
    fn read(source: &str) -> Option<Self> {
        let mut document = Self::default();
        let mut reader = Reader::new(source, 0);
        match reader.next_event().ok()? {
            Event::OpenObject => document.object(&mut reader, "", false)?,
            _ => return None,
        }
        Some(document)
    }

    /// An object whose `{` has been read. Nesting is bounded by the reader.
    fn object(&mut self, reader: &mut Reader<'_>, path: &str, in_array: bool) -> Option<()> {
        let at = self.objects.len();
        let start = reader.range().start;
        self.objects.push(Object {
            path: path.to_owned(),
            range: start..start,
            members: Vec::new(),
            in_array,
        });
        while let Event::Key(key) = reader.next_event().ok()? {
            let name = reader.range();
            let path = if path.is_empty() { key.into_owned() } else { format!("{path}.{key}") };
            let mut member = Member {
                path,
                range: name.clone(),
                value: 0..0,
                is_array: false,
                has_objects: false,
                values: Vec::new(),
            };
            let mut arrays = 0_u32;
            let mut first = None;
            loop {
                let event = reader.next_event().ok()?;
                let range = reader.range();
                first = first.or(Some(range.start));
                match event {
                    Event::OpenObject => {
                        member.has_objects = true;
                        self.object(reader, &member.path, arrays > 0)?;
                    }
                    Event::OpenArray => {
                        member.is_array = true;
                        arrays += 1;
                    }
                    Event::CloseArray => arrays = arrays.checked_sub(1)?,
                    Event::Str(text) => {
                        member.values.push((Value::Str(text.into_owned().into()), range));
                    }
                    Event::Num(number) => member.values.push((Value::Num(number), range)),
                    Event::Bool(value) => member.values.push((Value::Bool(value), range)),
                    Event::Null => {}
                    Event::Key(_) | Event::CloseObject | Event::End => return None,
                }
                if arrays == 0 {
                    break;
                }
            }
            member.value = first?..reader.position();
            member.range.end = member.value.end;
            self.objects.get_mut(at)?.members.push((name, member.value.clone()));
            self.members.push(member);
        }
        self.objects.get_mut(at)?.range.end = reader.position();
        Some(())
    }

    /// As a search answers `fields`: every value is an array, and no name is nested.
    fn all_arrays(&self) -> bool {
        !self.members.is_empty()
            && self.objects.len() == 1
            && self.members.iter().all(|member| member.is_array)
    }

    /// The text with a field that had no value.
    fn inserted(&self, text: &str, column: &str, new: &[Value<'_>]) -> Option<String> {
        let all_arrays = self.all_arrays();
        let all: Vec<String> = new.iter().map(json).collect();
        let value = match all.as_slice() {
            [one] if !all_arrays => one.clone(),
            _ => format!("[{}]", all.join(",")),
        };
        let mut out = text.to_owned();
        // Null, or an array without values.
        let empty = |member: &&Member| {
            member.path == column && member.values.is_empty() && !member.has_objects
        };
        if let Some(member) = self.members.iter().find(empty) {
            out.replace_range(member.value.clone(), &value);
            return Some(out);
        }
        // The innermost object that the field belongs into; objects of an array are alternatives.
        let within = |object: &&Object| {
            !object.in_array
                && (object.path.is_empty()
                    || column.strip_prefix(&object.path).is_some_and(|rest| rest.starts_with('.')))
        };
        let object = self.objects.iter().filter(within).reduce(|best, object| {
            if object.path.len() > best.path.len() { object } else { best }
        })?;
        let rest = match object.path.len() {
            0 => column,
            length => column.get(length + 1..)?,
        };
        let has_dots = |(name, _): &(Range<usize>, Range<usize>)| {
            text.get(name.clone()).is_some_and(|name| name.contains('.'))
        };
        let dotted =
            all_arrays || self.objects.iter().any(|object| object.members.iter().any(has_dots));
        let blank = match object.members.first() {
            Some((name, value)) => text.get(name.end..value.start)?,
            None => ":",
        };
        let member = if dotted {
            format!("{}{blank}{value}", quoted(rest))
        } else {
            let names: Vec<&str> = rest.split('.').collect();
            let ends = "}".repeat(names.len() - 1);
            let names: Vec<String> = names.into_iter().map(quoted).collect();
            format!("{}{blank}{value}{ends}", names.join(&format!("{blank}{{")))
        };
        // Set apart as the members before it are.
        let (at, comma, gap) = match object.members.as_slice() {
            [] => (object.range.start + 1, "", 0..0),
            [(name, value)] => (value.end, ",", object.range.start + 1..name.start),
            [.., (_, before), (name, value)] => (value.end, "", before.end..name.start),
        };
        out.insert_str(at, &format!("{comma}{}{member}", text.get(gap)?));
        Some(out)
    }

    /// The text without the last member of this field that has values, or without its last value
    /// where objects stand beside it; `None` where there is none.
    fn without_member(&self, text: &str, column: &str) -> Option<String> {
        let has = |member: &&Member| member.path == column && !member.values.is_empty();
        let member = self.members.iter().rfind(has)?;
        let own = match member.values.last() {
            Some((_, value)) if member.has_objects => value.clone(),
            _ => member.range.clone(),
        };
        without(text, own)
    }

    fn without_value(&self, text: &str, column: &str, value: &Value<'_>) -> Option<String> {
        let mut own = self.members.iter().filter(|member| member.path == column);
        own.find_map(|member| {
            let (_, range) = member.values.iter().find(|(known, _)| known == value)?;
            let alone = member.values.len() == 1 && !member.has_objects;
            without(text, if alone { member.range.clone() } else { range.clone() })
        })
    }
}

/// The text without an element or a member, and without one comma beside it.
fn without(text: &str, range: Range<usize>) -> Option<String> {
    let (before, after) = (text.get(..range.start)?, text.get(range.end..)?);
    let (head, tail) = if let Some(rest) = after.trim_start().strip_prefix(',') {
        (before, rest.trim_start())
    } else {
        (before.trim_end().strip_suffix(',').unwrap_or(before), after)
    };
    Some([head, tail].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Number;

    fn text(text: &'static str) -> Value<'static> {
        Value::Str(text.into())
    }

    #[test]
    fn fields_change_where_they_stand_and_nothing_else_does() {
        let number = |text: &str| Value::Num(Number::parse(text).unwrap());
        for (source, column, new, expected) in [
            // Set.
            (
                r#"{"a":{"b":1.50, "c" : "x"}}"#,
                "a.c",
                vec![text("y")],
                r#"{"a":{"b":1.50, "c" : "y"}}"#,
            ),
            (
                r#"{"a.c":"x","b":9007199254740993}"#,
                "a.c",
                vec![text("\"")],
                r#"{"a.c":"\"","b":9007199254740993}"#,
            ),
            (
                r#"{"a":1}"#,
                "a",
                vec![number("18446744073709551615")],
                r#"{"a":18446744073709551615}"#,
            ),
            (r#"{"a":[ "x", "z" ]}"#, "a", vec![text("x"), text("y")], r#"{"a":[ "x", "y" ]}"#),
            // Add to an array; a scalar becomes one.
            (
                r#"{"a":["x", "z"]}"#,
                "a",
                vec![text("x"), text("z"), text("y")],
                r#"{"a":["x", "z", "y"]}"#,
            ),
            (r#"{"a":["x"]}"#, "a", vec![text("x"), text("y")], r#"{"a":["x","y"]}"#),
            (r#"{"a":"x"}"#, "a", vec![text("x"), text("y")], r#"{"a":["x","y"]}"#),
            (
                r#"{"a":[{"b":1},{"b":2}]}"#,
                "a.b",
                vec![number("1"), number("2"), number("3")],
                r#"{"a":[{"b":1},{"b":[2,3]}]}"#,
            ),
            // Remove from an array, delete.
            (r#"{"a":["x", "y", "z"]}"#, "a", vec![text("x"), text("z")], r#"{"a":["x", "z"]}"#),
            (r#"{"a":["x", "z"]}"#, "a", vec![text("x")], r#"{"a":["x"]}"#),
            (r#"{"a":1,"b":{"c":2,"d":3}}"#, "b.d", vec![], r#"{"a":1,"b":{"c":2}}"#),
            (r#"{"a":1, "b":2}"#, "a", vec![], r#"{"b":2}"#),
            (r#"{"a.b":1,"a":{"b":[2]}}"#, "a.b", vec![], r#"{"a":{}}"#),
            (
                r#"{"a":[{"b":1,"c":0},{"b":2}]}"#,
                "a.b",
                vec![number("2")],
                r#"{"a":[{"c":0},{"b":2}]}"#,
            ),
            // A field that was not there: nested where its objects are, dotted where names are.
            (r#"{"a":{"b":1}}"#, "a.c", vec![text("y")], r#"{"a":{"b":1,"c":"y"}}"#),
            (
                r#"{"a": {"b": 1, "d": 2}}"#,
                "a.c.e",
                vec![text("y")],
                r#"{"a": {"b": 1, "d": 2, "c": {"e": "y"}}}"#,
            ),
            (r#"{"x.y":1}"#, "a.c", vec![text("y")], r#"{"x.y":1,"a.c":"y"}"#),
            (r#"{"x.y":["1"]}"#, "a.c", vec![text("y")], r#"{"x.y":["1"],"a.c":["y"]}"#),
            (r#"{"a":null}"#, "a", vec![text("y")], r#"{"a":"y"}"#),
            (r#"{"a":{"b":[]}}"#, "a.b", vec![text("y")], r#"{"a":{"b":"y"}}"#),
            ("{}", "a.b", vec![text("y")], r#"{"a":{"b":"y"}}"#),
            ("{\n  \"a\": 1\n}", "b", vec![text("y")], "{\n  \"a\": 1,\n  \"b\": \"y\"\n}"),
            (
                "{\n  \"a\": 1,\n  \"c\": 1\n}",
                "b",
                vec![text("y")],
                "{\n  \"a\": 1,\n  \"c\": 1,\n  \"b\": \"y\"\n}",
            ),
        ] {
            let (edited, _) = with(source, column, &new).unwrap();
            assert_eq!(edited, expected, "{source} {column}");
            assert_eq!(values(&edited, column).0, new, "{source} {column}");
        }
        assert_eq!(with("[]", "a", &[]), None);
    }

    #[test]
    fn steps_say_what_was_and_what_is() {
        let (_, steps) = with(r#"{"a":["x","y","z"]}"#, "a", &[text("x"), text("w")]).unwrap();
        let said: Vec<_> = steps.iter().map(|s| (s.from.as_deref(), s.to.as_deref())).collect();
        assert_eq!(said, [(Some("y"), Some("w")), (Some("z"), None)]);
    }

    #[test]
    fn a_hit_says_its_id_and_its_index() {
        for (source, id, index, expected) in [
            (r#"{"_id":"a","b":1}"#, Some("c"), "", r#"{"_id":"c","b":1}"#),
            (r#"{"b":1}"#, Some("c"), "", r#"{"_id":"c","b":1}"#),
            ("{}", Some("c"), "", r#"{"_id":"c"}"#),
            (r#"{"b":1}"#, Some("c"), "i", r#"{"_id":"c","_index":"i","_source":{"b":1}}"#),
            (r#"{"_index":"i","b":1}"#, Some("c"), "i", r#"{"_id":"c","_index":"i","b":1}"#),
            (r#"{"b":1}"#, None, "", r#"{"b":1}"#),
            ("{\n  \"b\": 1\n}", None, "", r#"{"b": 1}"#),
        ] {
            assert_eq!(hit(source, id, index), expected);
        }
    }
}
