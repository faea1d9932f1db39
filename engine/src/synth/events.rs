//! Events as text: hits of NDJSON with an object tree that reads like a real document.

use crate::json::quoted;
use crate::plan::Plan;
use crate::synth::vars::{Slot, Vars};
use crate::value::Value;

/// An object of a document.
#[derive(Debug, Default)]
struct Object(Vec<(String, Member)>);

#[derive(Debug)]
enum Member {
    Value(String),
    Object(Object),
}

impl Object {
    /// Puts a value at a path. False where something on the way is a value already.
    fn put(&mut self, path: &str, value: &str) -> bool {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) if !name.is_empty() && !rest.is_empty() => (name, Some(rest)),
            _ => (path, None),
        };
        match (self.0.iter_mut().find(|(known, _)| known == name), rest) {
            (Some((_, Member::Object(inner))), Some(rest)) => inner.put(rest, value),
            (Some(_), _) => false,
            (None, Some(rest)) => {
                let mut inner = Self::default();
                let put = inner.put(rest, value);
                self.0.push((name.to_owned(), Member::Object(inner)));
                put
            }
            (None, None) => {
                self.0.push((name.to_owned(), Member::Value(value.to_owned())));
                true
            }
        }
    }

    fn write(&self, out: &mut String) {
        out.push('{');
        for (at, (name, member)) in self.0.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            out.push_str(&quoted(name));
            out.push(':');
            match member {
                Member::Value(value) => out.push_str(value),
                Member::Object(object) => object.write(out),
            }
        }
        out.push('}');
    }
}

/// The JSON of an event's document. `label` says what it is for.
pub(super) fn source(
    plan: &Plan,
    vars: &Vars<'_>,
    at: usize,
    slot: &Slot<'_>,
    label: &str,
) -> String {
    let mut document = Object::default();
    let timestamp = plan.time().timestamp.as_ref();
    let mut fields: Vec<(&str, String)> = Vec::new();
    for (column, var) in vars.columns.get(at).into_iter().flatten() {
        let values = vars.vars.get(*var).map(|var| var.values.as_slice()).unwrap_or_default();
        if !values.is_empty() && !fields.iter().any(|(known, _)| known == column) {
            fields.push((column, json(values)));
        }
    }
    if !fields.iter().any(|(column, _)| *column == timestamp) {
        fields.push((timestamp, quoted(&slot.time.to_string())));
    }
    // Nothing reads them, and a page shows where an event is from, and what it says.
    for (field, text) in [("host.name", "web-07"), ("message", label)] {
        if !plan.columns().contains(&field) {
            fields.push((field, quoted(text)));
        }
    }
    crate::sort::by(&mut fields, |(one, _), (two, _)| {
        (*one != timestamp, *one).cmp(&(*two != timestamp, *two))
    });
    for (column, value) in fields {
        if !document.put(column, &value) {
            // `a` has a value and `a.b` too: the dotted name says the same (spec §3.7).
            document.0.push((column.to_owned(), Member::Value(value)));
        }
    }
    let mut out = String::new();
    document.write(&mut out);
    out
}

fn json(values: &[Value<'static>]) -> String {
    let one = |value: &Value<'static>| match value {
        Value::Str(text) => quoted(text),
        other => other.to_string(),
    };
    match values {
        [only] => one(only),
        several => {
            let all: Vec<String> = several.iter().map(one).collect();
            format!("[{}]", all.join(","))
        }
    }
}
