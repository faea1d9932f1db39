//! One event laid out for reading, every token as it was written, with the deciding values marked.

use std::cell::OnceCell;

use hashbrown::{HashMap, HashSet};

use crate::explain::Verdict;
use crate::json::{Event, Reader};

/// Containers up to this many characters stand on one line.
const INLINE_CHARS: usize = 44;

/// Lines of the longest event that is laid out; the rest is counted.
const MAX_LINES: usize = 2_000;

/// Longest token that is shown whole, in characters.
const MAX_TOKEN: usize = 2_000;

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Nesting.
    pub indent: u16,
    /// Its pieces.
    pub parts: Vec<Part>,
    /// Numbers of the clauses that look at a value on it.
    pub clauses: Vec<u16>,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its text as in the source.
    pub text: String,
    /// Set where the value decided a clause.
    pub mark: Option<Verdict>,
}

/// Kinds of piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A member name with its quotes.
    Key,
    /// A string with its quotes.
    String,
    /// A number, `true`, `false`, `null`.
    Atom,
    /// Brackets, commas, colons, blanks.
    Punctuation,
}

/// What is to be marked: a field and the position among its values, with the clause and whether it
/// holds.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    by_value: HashMap<(String, usize), Vec<(u16, Verdict)>>,
}

impl Marks {
    /// Marks a value.
    pub fn add(&mut self, field: &str, value: usize, clause: u16, verdict: Verdict) {
        self.by_value.entry((field.to_owned(), value)).or_default().push((clause, verdict));
    }
}

/// A value of the event, with its marks.
struct Item {
    key: Option<String>,
    kind: ItemKind,
}

enum ItemKind {
    Scalar { text: String, kind: PartKind, marks: Vec<(u16, Verdict)> },
    Container { object: bool, items: Vec<Item> },
}

/// Lays the event out. What cannot be read (it was read once) gives no lines.
#[must_use]
pub fn view(source: &str, marks: &Marks) -> Vec<Line> {
    let mut reading =
        Reading { reader: Reader::new(source, 0), source, marks, seen: HashMap::new() };
    let Some(item) = reading.item(None, "") else { return Vec::new() };
    let mut lines = Vec::new();
    lay(&item, 0, true, &mut lines);
    if lines.len() > MAX_LINES {
        let more = lines.len() - MAX_LINES;
        lines.truncate(MAX_LINES);
        let text = format!("… {more} more lines");
        let part = Part { kind: PartKind::Punctuation, text, mark: None };
        lines.push(Line { indent: 0, parts: vec![part], clauses: Vec::new() });
    }
    lines
}

/// The fields of one event that are there but null or empty. Its text is walked once, when somebody
/// asks.
#[derive(Debug)]
pub struct Nulls<'s> {
    source: Option<&'s str>,
    paths: OnceCell<HashSet<String>>,
}

impl<'s> Nulls<'s> {
    /// Those of the event with this JSON; none where there is none.
    #[must_use]
    pub fn of(source: Option<&'s str>) -> Self {
        Self { source, paths: OnceCell::new() }
    }

    /// Is the field there but null or empty? Objects on the way may be arrays, as in ingest.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        let paths = self.paths.get_or_init(|| self.source.map(null_paths).unwrap_or_default());
        paths.contains(field)
    }
}

fn null_paths(source: &str) -> HashSet<String> {
    let mut paths = HashSet::new();
    let mut reader = Reader::new(source, 0);
    let mut path = String::new();
    // Length of the path of each open object or array, and whether it is an array.
    let mut open: Vec<(usize, bool)> = Vec::new();
    while let Ok(event) = reader.next_event() {
        match event {
            Event::Key(key) => {
                path.truncate(open.last().map_or(0, |open| open.0));
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&key);
            }
            Event::OpenObject => open.push((path.len(), false)),
            Event::OpenArray => open.push((path.len(), true)),
            Event::CloseObject | Event::CloseArray => {
                let (length, is_array) = open.pop().unwrap_or_default();
                path.truncate(length);
                if is_array {
                    paths.insert(path.clone());
                }
            }
            Event::Null => {
                paths.insert(path.clone());
            }
            Event::End => break,
            _ => {}
        }
    }
    paths
}

struct Reading<'s> {
    reader: Reader<'s>,
    source: &'s str,
    marks: &'s Marks,
    /// Values met so far per field.
    seen: HashMap<String, usize>,
}

impl<'s> Reading<'s> {
    fn item(&mut self, key: Option<String>, path: &str) -> Option<Item> {
        let event = self.reader.next_event().ok()?;
        self.complete(key, path, &event)
    }

    fn complete(&mut self, key: Option<String>, path: &str, event: &Event<'s>) -> Option<Item> {
        let kind = match event {
            Event::OpenObject => {
                let mut items = Vec::new();
                while let Event::Key(name) = self.reader.next_event().ok()? {
                    let text = self.token();
                    let inner =
                        if path.is_empty() { name.into_owned() } else { format!("{path}.{name}") };
                    items.push(self.item(Some(text), &inner)?);
                }
                ItemKind::Container { object: true, items }
            }
            Event::OpenArray => {
                let mut items = Vec::new();
                loop {
                    match self.reader.next_event().ok()? {
                        Event::CloseArray => break,
                        event => items.push(self.complete(None, path, &event)?),
                    }
                }
                ItemKind::Container { object: false, items }
            }
            Event::Str(_) => self.scalar(path, PartKind::String),
            Event::Num(_) | Event::Bool(_) => self.scalar(path, PartKind::Atom),
            Event::Null => {
                let text = self.token();
                ItemKind::Scalar { text, kind: PartKind::Atom, marks: Vec::new() }
            }
            _ => return None,
        };
        Some(Item { key, kind })
    }

    fn scalar(&mut self, path: &str, kind: PartKind) -> ItemKind {
        let text = self.token();
        let position = self.seen.entry(path.to_owned()).or_default();
        let marks = self.marks.by_value.get(&(path.to_owned(), *position)).cloned();
        *position += 1;
        ItemKind::Scalar { text, kind, marks: marks.unwrap_or_default() }
    }

    /// The last token as it was written.
    fn token(&self) -> String {
        let text = self.source.get(self.reader.range()).unwrap_or_default();
        if text.chars().nth(MAX_TOKEN).is_none() {
            return text.to_owned();
        }
        let more = text.chars().count() - MAX_TOKEN;
        text.chars().take(MAX_TOKEN).chain(format!("… {more} more characters").chars()).collect()
    }
}

/// Length of the item on one line; stops counting past the limit.
fn width(item: &Item) -> usize {
    let key = item.key.as_ref().map_or(0, |key| key.chars().count() + 2);
    key + match &item.kind {
        ItemKind::Scalar { text, .. } => text.chars().count(),
        ItemKind::Container { items, .. } => {
            let mut sum = 4;
            for item in items {
                sum += width(item) + 2;
                if sum > INLINE_CHARS {
                    break;
                }
            }
            sum
        }
    }
}

fn punctuation(text: &str) -> Part {
    Part { kind: PartKind::Punctuation, text: text.to_owned(), mark: None }
}

/// Adds the item to the last line, or begins lines of its own.
fn lay(item: &Item, indent: u16, last: bool, lines: &mut Vec<Line>) {
    let mut line = Line { indent, ..Line::default() };
    let comma = |line: &mut Line| {
        if !last {
            line.parts.push(punctuation(","));
        }
    };
    match &item.kind {
        ItemKind::Container { object, items } if indent == 0 || width(item) > INLINE_CHARS => {
            key(item, &mut line);
            line.parts.push(punctuation(if *object { "{" } else { "[" }));
            lines.push(line);
            for (at, inner) in items.iter().enumerate() {
                if lines.len() > MAX_LINES {
                    // Counted by the caller, not laid out.
                    lines.push(Line::default());
                    continue;
                }
                lay(inner, indent + 1, at + 1 == items.len(), lines);
            }
            let mut line = Line { indent, ..Line::default() };
            line.parts.push(punctuation(if *object { "}" } else { "]" }));
            comma(&mut line);
            lines.push(line);
        }
        _ => {
            inline(item, &mut line);
            comma(&mut line);
            lines.push(line);
        }
    }
}

fn key(item: &Item, line: &mut Line) {
    if let Some(key) = &item.key {
        line.parts.push(Part { kind: PartKind::Key, text: key.clone(), mark: None });
        line.parts.push(punctuation(": "));
    }
}

fn inline(item: &Item, line: &mut Line) {
    key(item, line);
    match &item.kind {
        ItemKind::Scalar { text, kind, marks } => {
            // A failing clause is what one looks for.
            let fails = marks.iter().find(|(_, verdict)| *verdict != Verdict::Holds);
            let mark = fails.or(marks.first()).map(|(_, verdict)| *verdict);
            line.parts.push(Part { kind: *kind, text: text.clone(), mark });
            line.clauses.extend(marks.iter().map(|(clause, _)| *clause));
        }
        ItemKind::Container { object, items } => {
            let (open, close) = match (object, items.is_empty()) {
                (true, true) => ("{}", ""),
                (false, true) => ("[]", ""),
                (true, false) => ("{ ", " }"),
                (false, false) => ("[", "]"),
            };
            line.parts.push(punctuation(open));
            for (at, inner) in items.iter().enumerate() {
                if at > 0 {
                    line.parts.push(punctuation(", "));
                }
                inline(inner, line);
            }
            if !close.is_empty() {
                line.parts.push(punctuation(close));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: &[Line]) -> String {
        lines
            .iter()
            .map(|line| {
                let parts: String = line.parts.iter().map(|part| part.text.as_str()).collect();
                format!("{}{parts}\n", "  ".repeat(line.indent.into()))
            })
            .collect()
    }

    #[test]
    fn an_event_is_laid_out_with_its_own_tokens() {
        let source = r#"{"b":{"n":1.00,"s":"a\u0041"},"a.b":["one","two","three","four","five","six"],"e":[],"z":null}"#;
        let mut marks = Marks::default();
        marks.add("a.b", 2, 7, Verdict::Fails);
        marks.add("b.n", 0, 3, Verdict::Holds);
        let lines = view(source, &marks);
        assert_eq!(
            text(&lines),
            "{\n  \"b\": { \"n\": 1.00, \"s\": \"a\\u0041\" },\n  \"a.b\": [\n    \"one\",\n    \"two\",\n    \"three\",\n    \"four\",\n    \"five\",\n    \"six\"\n  ],\n  \"e\": [],\n  \"z\": null\n}\n"
        );
        assert_eq!(lines[1].clauses, [3]);
        assert_eq!(
            (lines[5].clauses.as_slice(), lines[5].parts[0].mark),
            (&[7][..], Some(Verdict::Fails))
        );
    }

    #[test]
    fn null_is_told_from_absent() {
        let source = r#"{"a":{"b":null,"c":[]},"d":[{"e":1},{"e":null}],"f":{"g":[null]},"h":1}"#;
        for (field, expected) in
            [("a.b", true), ("a.c", true), ("d.e", true), ("f.g", true), ("h", false), ("b", false)]
        {
            assert_eq!(Nulls::of(Some(source)).has(field), expected, "{field}");
        }
    }
}
