//! JSON as trees: one value or several after each other, and what Kibana's console makes of it.

use crate::json::{Event, Mistake, Reader};
use crate::rule::node::{Node, Value};
use crate::rule::source_map::Assembly;
use crate::span::Span;

/// All values of a text, as on the lines of NDJSON, and the places that could not be read. After
/// a mistake reading goes on with the next line that begins with a bracket.
pub(super) fn values(text: &str, start: usize) -> (Vec<Node>, Vec<Mistake>) {
    let (mut values, mut mistakes) = (Vec::new(), Vec::new());
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += rest.len() - rest.trim_start().len();
        if at >= text.len() {
            return (values, mistakes);
        }
        let mut reader = Reader::new(text, at);
        match value(&mut reader) {
            Ok(found) => {
                values.push(found);
                at = reader.position();
            }
            Err(mistake) => {
                // From the line of the mistake, which may be sound by itself, and not from the
                // line after the beginning: what was read is not read again and again.
                let before = text.get(..mistake.at).unwrap_or_default();
                let from = before.rfind('\n').unwrap_or(0).max(at);
                mistakes.push(mistake);
                let rest = text.get(from..).unwrap_or_default();
                let next = ["\n{", "\n["].iter().filter_map(|mark| rest.find(mark)).min();
                at = next.map_or(text.len(), |next| from + next + 1);
            }
        }
    }
}

/// One value. Open lists and tables are kept on a stack of our own, so that nesting costs no
/// stack of the machine.
fn value(reader: &mut Reader<'_>) -> Result<Node, Mistake> {
    let mut open: Vec<Node> = Vec::new();
    let mut names: Vec<Option<String>> = Vec::new();
    let mut name = None;
    loop {
        let event = reader.next_event()?;
        let range = reader.range();
        let span = Span::new(range.start as u32, range.end as u32);
        let value = match event {
            Event::OpenObject | Event::OpenArray => {
                let is_object = event == Event::OpenObject;
                let value =
                    if is_object { Value::Table(Vec::new()) } else { Value::List(Vec::new()) };
                open.push(Node { span, value });
                names.push(name.take());
                continue;
            }
            Event::Key(key) => {
                name = Some(key.into_owned());
                continue;
            }
            Event::CloseObject | Event::CloseArray => None,
            Event::Str(text) => Some(Value::Text(text.into_owned())),
            Event::Num(_) => {
                let text = reader.text().get(range).unwrap_or_default();
                Some(Value::Number(text.to_owned()))
            }
            Event::Bool(truth) => Some(Value::Truth(truth)),
            Event::Null | Event::End => Some(Value::Null),
        };
        let node = match value {
            Some(value) => Node { span, value },
            None => {
                name = names.pop().flatten();
                match open.pop() {
                    Some(node) => Node { span: node.span.to(span), value: node.value },
                    None => Node { span, value: Value::Null },
                }
            }
        };
        match open.last_mut().map(|parent| &mut parent.value) {
            Some(Value::Table(members)) => members.push((name.take().unwrap_or_default(), node)),
            Some(Value::List(elements)) => elements.push(node),
            _ => return Ok(node),
        }
    }
}

/// JSON as Kibana's console writes it, as sound JSON: texts between three quotes become strings
/// with escapes, comments are left out. `None` where there is nothing to do.
pub(super) fn from_console(text: &str, start: usize) -> Option<Assembly> {
    let mut out = Assembly::default();
    let mut changed = false;
    let mut at = start;
    out.copy(text, 0..start);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(body) = rest.strip_prefix("\"\"\"") {
            let len = body.find("\"\"\"").unwrap_or(body.len());
            escaped(&mut out, text, at + 3, len);
            at += (len + 6).min(rest.len());
            changed = true;
        } else if rest.starts_with('"') {
            let mut is_escaped = false;
            let end = rest.bytes().skip(1).position(|byte| {
                let closes = byte == b'"' && !is_escaped || byte == b'\n';
                is_escaped = byte == b'\\' && !is_escaped;
                closes
            });
            let len = end.map_or(rest.len(), |end| end + 2);
            out.copy(text, at..at + len);
            at += len;
        } else if rest.starts_with(['#']) || rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            changed = true;
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            changed = true;
        } else {
            let len = rest.find(['"', '#', '/']).unwrap_or(rest.len()).max(1);
            out.copy(text, at..at + len);
            at += len;
        }
    }
    changed.then_some(out)
}

/// Writes `len` bytes of the text as a string of JSON.
fn escaped(out: &mut Assembly, text: &str, start: usize, len: usize) {
    let mark = |at: usize| Span::empty(at as u32);
    out.push("\"", mark(start));
    for (at, c) in text.get(start..start + len).unwrap_or_default().char_indices() {
        let (at, end) = (start + at, start + at + c.len_utf8());
        let span = Span::new(at as u32, end as u32);
        match c {
            '"' => out.push("\\\"", span),
            '\\' => out.push("\\\\", span),
            c if (c as u32) < 0x20 => out.push(&format!("\\u{:04x}", c as u32), span),
            _ => out.copy(text, at..end),
        }
    }
    out.push("\"", mark(start + len));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_after_each_other_are_read_and_a_broken_one_costs_only_itself() {
        let text = "{\"a\":[1,{\"b\":null}],\"c\":\"x\"}\n{\"a\":\n{\"a\":2}[] {\"d\":1,}\n";
        let (values, mistakes) = values(text, 0);
        assert_eq!(values.len(), 3, "{values:?}");
        let first = &values[0];
        assert_eq!(first.span.text(text), "{\"a\":[1,{\"b\":null}],\"c\":\"x\"}");
        assert_eq!(first.get("a").unwrap().elements()[1].span.text(text), "{\"b\":null}");
        assert_eq!(first.get("c").unwrap().span.text(text), "\"x\"");
        assert!(first.get("a").unwrap().elements()[1].get("b").is_none(), "null is absent");
        let reasons: Vec<&str> = mistakes.iter().map(|mistake| &*mistake.reason).collect();
        assert_eq!(reasons, ["expected `,` or `}` after the value", "expected a name after `,`"]);
    }

    #[test]
    fn what_the_console_writes_becomes_json() {
        let text = "{ # why\n \"a\": \"\"\"x \"y\"\n\\z\"\"\", // more\n \"b\": \"#/\" /* c */ }";
        let json = from_console(text, 0).unwrap();
        let (values, mistakes) = values(&json.text, 0);
        assert_eq!(mistakes, []);
        assert_eq!(values[0].text_of("a"), Some("x \"y\"\n\\z"));
        assert_eq!(values[0].text_of("b"), Some("#/"));
        assert_eq!(from_console("{\"a\": \"b\\\"#\"}", 0), None);
    }
    #[test]
    fn what_was_read_before_a_mistake_is_not_read_again() {
        let text = "{\"a\":[\n".repeat(4_000);
        let (_, mistakes) = values(&text, 0);
        assert!(mistakes.len() <= 4_000 / 90, "{}", mistakes.len());
    }
}
