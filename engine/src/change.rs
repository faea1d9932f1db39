//! Other values for a field of an event's JSON, every other byte of it as it was.
//!
//! What is nested stays nested, what is written with dots stays so; of an array the elements that
//! stay are not touched.

use std::cmp::Ordering;
use std::ops::Range;

use crate::json::{Event, Reader, quoted};
use crate::sort;
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
    let own = |member: &&Member| member.path == column && !member.values.is_empty();
    let members: Vec<&Member> = document.members.iter().filter(own).collect();
    let Some(last) = members.last() else {
        let text =
            if new.is_empty() { source.into() } else { document.inserted(source, column, new)? };
        let steps = new.iter().map(|value| Step { from: None, to: Some(value.to_string()) });
        return Some((text, steps.collect()));
    };
    let old = Known::new(members.iter().flat_map(|member| &member.values).map(|(value, _)| value));
    let mut added = new.iter().filter(|value| !old.has(value)).peekable();
    let new = Known::new(new.iter());
    let mut edited = Edited { source, at: 0, text: String::new() };
    let (mut steps, mut gone, mut token) = (Vec::new(), Vec::new(), 0);
    for member in &members {
        let (mut without, mut n_kept) = (Vec::new(), 0);
        for (value, range) in &member.values {
            if new.has(value) {
                n_kept += 1;
            } else if let Some(to) = added.next() {
                // One for the other, as far as that goes.
                n_kept += 1;
                edited.upto(range.start)?;
                token = edited.text.len();
                edited.text.push_str(&json(to));
                edited.at = range.end;
                steps.push(Step { from: Some(value.to_string()), to: Some(to.to_string()) });
            } else {
                without.push(range.clone());
                gone.push(Step { from: Some(value.to_string()), to: None });
            }
        }
        // What has no value left goes as a whole, unless objects stand in it.
        if n_kept == 0 && !member.has_objects {
            without = vec![member.range.clone()];
        }
        without.into_iter().try_for_each(|range| edited.without(&range))?;
    }
    steps.append(&mut gone);
    if added.peek().is_some() {
        let (_, own) = last.values.last()?;
        if edited.at <= own.start {
            edited.upto(own.start)?;
            token = edited.text.len();
            edited.upto(own.end)?;
        }
        // As the elements before it are set apart.
        let before = last.values.len().checked_sub(2).and_then(|at| last.values.get(at));
        let gap = before.and_then(|(_, before)| source.get(before.end..own.start));
        let gap = gap.filter(|gap| gap.trim() == ",").unwrap_or(",");
        for value in added {
            edited.text.push_str(&format!("{gap}{}", json(value)));
            steps.push(Step { from: None, to: Some(value.to_string()) });
        }
        if !last.is_array {
            edited.text.insert(token, '[');
            edited.text.push(']');
        }
    }
    edited.upto(source.len())?;
    Some((edited.text, steps))
}

/// Values to look others up in.
struct Known<'k>(Vec<&'k Value<'k>>);

impl<'k> Known<'k> {
    fn new(values: impl Iterator<Item = &'k Value<'k>>) -> Self {
        let mut known: Vec<_> = values.collect();
        sort::by(&mut known, |one, other| order(one, other));
        Self(known)
    }

    fn has(&self, value: &Value<'_>) -> bool {
        let from = self.0.partition_point(|known| order(known, value).is_lt());
        let alike = self.0.iter().skip(from).take_while(|known| order(known, value).is_eq());
        alike.into_iter().any(|known| *known == value)
    }
}

/// An order in which equal values stand beside each other.
fn order(one: &Value<'_>, other: &Value<'_>) -> Ordering {
    let rank = |value: &Value<'_>| match value {
        Value::Str(_) => (2, 0.0),
        Value::Num(number) => (1, number.to_f64()),
        Value::Bool(value) => (0, f64::from(u8::from(*value))),
    };
    match (one, other) {
        (Value::Str(one), Value::Str(other)) => one.cmp(other),
        _ => rank(one).partial_cmp(&rank(other)).unwrap_or(Ordering::Equal),
    }
}

/// A text on its way through its edits, from front to back.
struct Edited<'s> {
    source: &'s str,
    /// How far the source has been read.
    at: usize,
    text: String,
}

impl Edited<'_> {
    fn upto(&mut self, end: usize) -> Option<()> {
        self.text.push_str(self.source.get(self.at..end)?);
        self.at = end;
        Some(())
    }

    /// Leaves an element or a member away, and one comma beside it.
    fn without(&mut self, range: &Range<usize>) -> Option<()> {
        self.upto(range.start)?;
        self.at = range.end;
        let after = self.source.get(range.end..)?.trim_start();
        if let Some(rest) = after.strip_prefix(',') {
            self.at = self.source.len() - rest.trim_start().len();
        } else if let Some(before) = self.text.trim_end().strip_suffix(',') {
            self.text.truncate(before.len());
        }
        Some(())
    }
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
    fn values_of_several_members_go_and_come_in_one_reading() {
        let source =
            r#"{"a":[{"b":1}, {"b":["x" , "y"]} ,{"c":0,"b":true}],"a.b":[7, {"d":1}, 8]}"#;
        let number = |text: &str| Value::Num(Number::parse(text).unwrap());
        let (one, seven, eight) = (number("1.0"), number("7"), number("8"));
        for (new, expected) in [
            (vec![], r#"{"a":[{}, {} ,{"c":0}],"a.b":[{"d":1}]}"#),
            (
                vec![one.clone(), text("y")],
                r#"{"a":[{"b":1}, {"b":["y"]} ,{"c":0}],"a.b":[{"d":1}]}"#,
            ),
            (
                vec![text("n"), text("o"), text("p"), eight.clone()],
                r#"{"a":[{"b":"n"}, {"b":["o" , "p"]} ,{"c":0}],"a.b":[{"d":1}, 8]}"#,
            ),
            (
                vec![one, text("x"), text("y"), Value::Bool(true), seven, eight, text("n")],
                r#"{"a":[{"b":1}, {"b":["x" , "y"]} ,{"c":0,"b":true}],"a.b":[7, {"d":1}, 8,"n"]}"#,
            ),
        ] {
            assert_eq!(with(source, "a.b", &new).unwrap().0, expected);
        }
        // One that was written anew becomes the first of a list.
        let (edited, steps) = with(r#"{"a": "x"}"#, "a", &[text("y"), text("z")]).unwrap();
        assert_eq!((edited.as_str(), steps.len()), (r#"{"a": ["y","z"]}"#, 2));
    }

    #[test]
    fn arrays_of_many_thousands_take_no_time() {
        let names: Vec<String> = (0..60_000).map(|n| format!(r#"{{"b":"v{n}"}}"#)).collect();
        let source = format!(r#"{{"a":[{}]}}"#, names.join(","));
        let old = values(&source, "a.b").0;
        let odd: Vec<Value<'_>> = old.iter().skip(1).step_by(2).cloned().collect();
        let new: Vec<Value<'_>> = (0..60_000).map(|n| Value::Str(format!("w{n}").into())).collect();
        let started = std::time::Instant::now();
        for (values_then, n_steps) in [(&[][..], 60_000), (&odd, 30_000), (&new, 60_000)] {
            let (edited, steps) = with(&source, "a.b", values_then).unwrap();
            assert_eq!(steps.len(), n_steps);
            assert_eq!(values(&edited, "a.b").0, values_then);
        }
        // A reading per value takes minutes.
        assert!(started.elapsed().as_secs() < 20);
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
