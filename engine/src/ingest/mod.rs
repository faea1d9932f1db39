//! Text to columns: recognises the input and reads it in one pass, without a tree per event.

pub mod json;

use crate::diag::{DiagKind, Diagnostic};
use crate::ingest::json::{Event, Mistake, Reader};
use crate::schema::ValueTypes as _;
use crate::span::Span;
use crate::store::{Place, Store};
use crate::value::Value;

/// Mistakes that are reported with their place; further ones are only counted.
const MAX_FINDINGS: usize = 100;

/// Members of a hit that are about the hit, not of the event.
const HIT_MEMBERS: [&str; 7] =
    ["_score", "_type", "_version", "_seq_no", "_primary_term", "_ignored", "sort"];

/// What the fields of an event are called where it is really the answer to a search.
const RESPONSES: [&str; 3] = ["hits.hits._source.", "hits.events._source.", "hits.sequences."];

/// What became of a text.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The events.
    pub store: Store,
    /// In words, what the text was taken for.
    pub format: &'static str,
    /// Lines (or elements) that could not be read.
    pub skipped: u32,
    /// Why not; spans are of the text. At most 100.
    pub findings: Vec<Diagnostic>,
}

/// Reads events. Mistakes are reported and skipped; the others load (product §2.1).
///
/// A text of lines is NDJSON. A text that begins with `[`, or whose first object does not end on
/// its own line, is JSON: an array of objects, or objects one after the other.
#[must_use]
pub fn load(text: &str) -> Loaded {
    let mut loading = Loading { text, ..Loading::default() };
    // A byte order mark is no part of the data.
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let body = text.get(start..).unwrap_or_default();
    let format = match first_value(body) {
        First::Nothing => "no events",
        First::Array => {
            loading.array(start);
            "JSON array"
        }
        First::Spread => {
            loading.objects(start);
            "JSON"
        }
        First::Line => {
            loading.lines(start);
            "NDJSON"
        }
    };
    let Loading { store, skipped, findings, .. } = loading;
    Loaded { store, format, skipped, findings }
}

/// How the first value of a text stands in it.
enum First {
    Nothing,
    Array,
    /// An object over several lines.
    Spread,
    Line,
}

fn first_value(text: &str) -> First {
    let body = text.trim_start();
    if body.is_empty() {
        return First::Nothing;
    }
    if body.starts_with('[') {
        return First::Array;
    }
    let line = body.lines().next().unwrap_or_default();
    // `{` alone, or `{ "a": 1,` at the end of a line: pretty-printed.
    let open_ended = matches!(line.trim_end().chars().last(), Some('{' | ',' | '[' | ':'));
    if line.starts_with('{') && open_ended { First::Spread } else { First::Line }
}

#[derive(Default)]
struct Loading<'t> {
    text: &'t str,
    store: Store,
    skipped: u32,
    findings: Vec<Diagnostic>,
    /// Path of the value being read.
    path: String,
    /// Values of the event being read; they enter the columns when the event proves sound.
    pending: Vec<(u32, Value<'t>)>,
}

impl<'t> Loading<'t> {
    fn lines(&mut self, start: usize) {
        let mut at = start;
        let mut number = 0;
        for line in self.text.get(start..).unwrap_or_default().split_inclusive('\n') {
            number += 1;
            let content = line.trim_ascii();
            if !content.is_empty() {
                let from = at + (line.len() - line.trim_ascii_start().len());
                // A reader over the line's own text, so that no mistake reaches the next line.
                let upto = self.text.get(..from + content.len()).unwrap_or_default();
                let mut reader = Reader::new(upto, from);
                let result = self.event(&mut reader).and_then(|hit| {
                    let rest = upto.get(reader.position()..).unwrap_or_default();
                    let blank = rest.len() - rest.trim_ascii_start().len();
                    if rest.trim_ascii().is_empty() {
                        return Ok(hit);
                    }
                    let at = reader.position() + blank;
                    Err(Mistake { at, reason: "expected the end of the line".into() })
                });
                self.settle(result, number);
            }
            at += line.len();
        }
    }

    /// Objects one after the other, over any number of lines.
    fn objects(&mut self, start: usize) {
        let mut at = start;
        let mut lines = LineCounter { text: self.text, at: 0, line: 1 };
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            at += rest.len() - rest.trim_ascii_start().len();
            if at >= self.text.len() {
                return;
            }
            let line = lines.line_of(at);
            let mut reader = Reader::new(self.text, at);
            let result = self.event(&mut reader).map_err(and_no_further);
            let failed = result.is_err();
            self.settle(result, line);
            if failed {
                // Where the next object begins cannot be known.
                return;
            }
            at = reader.position();
        }
    }

    fn array(&mut self, start: usize) {
        let mut lines = LineCounter { text: self.text, at: 0, line: 1 };
        let rest = self.text.get(start..).unwrap_or_default();
        let mut at = start + (rest.len() - rest.trim_ascii_start().len()) + 1;
        let mut first = true;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            at += rest.len() - rest.trim_ascii_start().len();
            let next = self.text.as_bytes().get(at);
            let line = lines.line_of(at);
            match (next, first) {
                (Some(b']'), _) => {
                    let rest = self.text.get(at + 1..).unwrap_or_default();
                    let blank = rest.len() - rest.trim_ascii_start().len();
                    if !rest.trim_ascii().is_empty() {
                        let at = at + 1 + blank;
                        let line = lines.line_of(at);
                        let reason = "expected the end of the text after the array".into();
                        self.settle(Err(Mistake { at, reason }), line);
                    }
                    return;
                }
                (Some(b','), false) => at += 1,
                (_, true) => {}
                _ => {
                    let reason = "expected `,` or `]` after the event".into();
                    return self.settle(Err(Mistake { at, reason }), line);
                }
            }
            first = false;
            let rest = self.text.get(at..).unwrap_or_default();
            at += rest.len() - rest.trim_ascii_start().len();
            let line = lines.line_of(at);
            let mut reader = Reader::new(self.text, at);
            let result = self.event(&mut reader).map_err(and_no_further);
            let failed = result.is_err();
            self.settle(result, line);
            if failed {
                return;
            }
            at = reader.position();
        }
    }

    /// Takes the event into the columns, or reports the mistake.
    fn settle(&mut self, result: Result<Hit<'t>, Mistake>, line: u32) {
        let mistake = match result {
            Ok(hit) => return self.commit(hit, line),
            Err(mistake) => mistake,
        };
        self.skipped += 1;
        self.pending.clear();
        if self.findings.len() < MAX_FINDINGS {
            let rest = self.text.get(mistake.at..).unwrap_or_default();
            let token = rest
                .find([' ', '\t', '\n', '\r', ',', ':', '{', '}', '[', ']'])
                .unwrap_or(rest.len())
                .clamp(usize::from(!rest.is_empty()), 40);
            let end = (mistake.at..=mistake.at + token)
                .rev()
                .find(|&end| self.text.is_char_boundary(end))
                .unwrap_or(mistake.at);
            let span = Span::new(mistake.at as u32, end as u32);
            self.findings.push(Diagnostic::new(DiagKind::BadJson(mistake.reason), span));
        }
    }

    /// Reads one event, a document or a hit with `_source`, into [`Loading::pending`].
    fn event(&mut self, reader: &mut Reader<'t>) -> Result<Hit<'t>, Mistake> {
        let start = reader.position();
        let what = match reader.next_event()? {
            Event::OpenObject => None,
            Event::OpenArray => Some("an array"),
            Event::Str(_) => Some("a string"),
            Event::Num(_) => Some("a number"),
            _ => Some("a literal"),
        };
        if let Some(what) = what {
            let reason = format!("an event is a JSON object, found {what}");
            return Err(Mistake { at: start, reason });
        }
        self.pending.clear();
        self.path.clear();
        let mut hit = Hit::default();
        self.object(reader, Some(&mut hit))?;
        let is_response = |name: &str| RESPONSES.iter().any(|prefix| name.starts_with(prefix));
        if hit.has_hits && self.store.names().any(is_response) {
            let reason =
                "this is a search response, which is not read yet; give its hits, one a line";
            return Err(Mistake { at: start, reason: reason.into() });
        }
        hit.source = hit.source.or(Some((start, reader.position())));
        Ok(hit)
    }

    fn commit(&mut self, hit: Hit<'t>, line: u32) {
        let event = self.store.n_events();
        for (column, value) in self.pending.drain(..) {
            if let Some(column) = self.store.column_mut(column) {
                column.push(event, &value);
            }
        }
        for (value, is_id) in [(hit.id, true), (hit.index, false)] {
            let column = if is_id { self.store.ids_mut() } else { self.store.indices_mut() };
            if let Some(value) = value {
                column.push(event, &value);
            }
        }
        let (start, end) = hit.source.unwrap_or_default();
        self.store.finish_event(Place { start: start as u64, end: end as u64, line });
    }

    /// Members of an object whose `{` has been read. `hit` is given for the outermost object.
    fn object(
        &mut self,
        reader: &mut Reader<'t>,
        mut hit: Option<&mut Hit<'t>>,
    ) -> Result<(), Mistake> {
        loop {
            let Event::Key(key) = reader.next_event()? else { return Ok(()) };
            if let Some(hit) = hit.as_deref_mut() {
                hit.has_hits |= key == "hits";
            }
            if let Some(hit) = hit.as_deref_mut()
                && self.hit_member(reader, &key, hit)?
            {
                continue;
            }
            let before = self.path.len();
            if before > 0 {
                self.path.push('.');
            }
            self.path.push_str(&key);
            self.value(reader)?;
            self.path.truncate(before);
        }
    }

    /// Reads the member if it belongs to the hit and not to the event.
    fn hit_member(
        &mut self,
        reader: &mut Reader<'t>,
        key: &str,
        hit: &mut Hit<'t>,
    ) -> Result<bool, Mistake> {
        match key {
            "_id" | "_index" => {
                let value = match reader.next_event()? {
                    Event::Str(text) => Some(Value::Str(text)),
                    Event::Num(number) => Some(Value::Num(number)),
                    event => {
                        skip(reader, &event)?;
                        None
                    }
                };
                *(if key == "_id" { &mut hit.id } else { &mut hit.index }) = value;
            }
            "_source" => match reader.next_event()? {
                Event::OpenObject => {
                    let start = reader.range().start;
                    // Members beside `_source` are about the hit.
                    self.pending.clear();
                    self.object(reader, None)?;
                    hit.source = Some((start, reader.position()));
                }
                event => skip(reader, &event)?,
            },
            _ if HIT_MEMBERS.contains(&key) && (key.starts_with('_') || hit.source.is_some()) => {
                let event = reader.next_event()?;
                skip(reader, &event)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The value at [`Loading::path`]; arrays flatten (spec §3.8), nothing counts as missing
    /// (§3.9).
    fn value(&mut self, reader: &mut Reader<'t>) -> Result<(), Mistake> {
        let mut arrays = 0_u32;
        loop {
            match reader.next_event()? {
                Event::OpenObject => self.object(reader, None)?,
                Event::OpenArray => arrays += 1,
                Event::CloseArray => arrays -= 1,
                Event::Str(text) => self.scalar(Value::Str(text)),
                Event::Num(number) => self.scalar(Value::Num(number)),
                Event::Bool(value) => self.scalar(Value::Bool(value)),
                Event::Null | Event::Key(_) | Event::CloseObject | Event::End => {}
            }
            if arrays == 0 {
                return Ok(());
            }
        }
    }

    fn scalar(&mut self, value: Value<'t>) {
        let column = self.store.column_id(&self.path);
        self.pending.push((column, value));
    }
}

/// Outside of lines nothing says where the next event begins.
fn and_no_further(mistake: Mistake) -> Mistake {
    Mistake { reason: format!("{}; what follows was not read", mistake.reason), ..mistake }
}

/// What a hit says about its event.
#[derive(Default)]
struct Hit<'t> {
    id: Option<Value<'t>>,
    index: Option<Value<'t>>,
    /// Bytes of the `_source` object.
    source: Option<(usize, usize)>,
    /// There is a member `hits`, as in the answer to a search.
    has_hits: bool,
}

/// Reads to the end of the value of which `event` is the first step.
fn skip<'t>(reader: &mut Reader<'t>, event: &Event<'t>) -> Result<(), Mistake> {
    let mut open = i32::from(matches!(event, Event::OpenObject | Event::OpenArray));
    while open > 0 {
        match reader.next_event()? {
            Event::OpenObject | Event::OpenArray => open += 1,
            Event::CloseObject | Event::CloseArray => open -= 1,
            _ => {}
        }
    }
    Ok(())
}

/// Counts lines up to ascending places.
struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl LineCounter<'_> {
    fn line_of(&mut self, at: usize) -> u32 {
        let passed = self.text.as_bytes().get(self.at..at).unwrap_or_default();
        self.line += passed.iter().filter(|&&byte| byte == b'\n').count() as u32;
        self.at = at;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(loaded: &Loaded, field: &str, event: u32) -> Vec<String> {
        let column = loaded.store.column(field);
        column.map(|c| c.values_of(event).map(|v| v.to_string()).collect()).unwrap_or_default()
    }

    #[test]
    fn nested_dotted_and_mixed_names_are_one_field() {
        // Spec §3.7, §3.8.
        let loaded = load(
            "{\"a\":{\"b.c\":1}}\n{\"a.b\":{\"c\":2}}\n{\"a.b.c\":3}\n{\"a\":[{\"b\":{\"c\":4}},{\"b\":{\"c\":[5,[6]]}}]}\n",
        );
        assert_eq!(loaded.format, "NDJSON");
        let all: Vec<_> = (0..4).map(|event| values(&loaded, "a.b.c", event)).collect();
        assert_eq!(all, [vec!["1"], vec!["2"], vec!["3"], vec!["4", "5", "6"]]);
    }

    #[test]
    fn nothing_counts_as_missing() {
        // Spec §3.9, §3.10.
        let loaded =
            load("{\"x\":null}\n{\"x\":[]}\n{\"x\":[null]}\n{\"x\":{}}\n{\"x\":[\"a\",null]}");
        assert_eq!(loaded.store.n_events(), 5);
        assert_eq!(loaded.store.column("x").unwrap().dictionary().count(), 1);
        assert_eq!(values(&loaded, "x", 4), ["a"]);
    }

    #[test]
    fn a_bad_line_is_reported_and_the_others_load() {
        let text = "{\"a\":1}\n\n{\"a\":2 \"b\"}\n{\"a\":3}\n[1]\n{\"a\":4} x\n{\"a\":\"cut";
        let loaded = load(text);
        assert_eq!((loaded.store.n_events(), loaded.skipped), (2, 4));
        let found: Vec<_> =
            loaded.findings.iter().map(|f| (f.span.text(text), f.kind.message())).collect();
        assert_eq!(
            found,
            [
                ("\"b\"", "line skipped: expected `,` or `}` after the value".to_owned()),
                ("[", "line skipped: an event is a JSON object, found an array".into()),
                ("x", "line skipped: expected the end of the line".into()),
                ("\"cut", "line skipped: this string is not closed".into()),
            ]
        );
        assert_eq!(loaded.store.lines().collect::<Vec<_>>(), [1, 4]);
    }

    #[test]
    fn hits_give_id_index_and_source() {
        let loaded = load(
            "{\"_index\":\"logs-a\",\"_id\":\"x1\",\"_score\":null,\"_source\":{\"a\":1},\"sort\":[5]}\n{\"_id\":\"x2\",\"a\":2}\n{\"a\":3}",
        );
        let store = &loaded.store;
        assert_eq!((store.id(0), store.id(1), store.id(2)), ("x1".into(), "x2".into(), "2".into()));
        assert_eq!((store.index(0), store.index(1)), ("logs-a".into(), String::new()));
        assert_eq!(values(&loaded, "a", 0), ["1"]);
        assert!(store.column("sort").is_none() && store.column("_id").is_none());
    }

    #[test]
    fn arrays_and_pretty_objects_are_recognised() {
        let array = load(" [ {\"a\":1},\n {\"a\":2} ] ");
        assert_eq!((array.format, array.store.n_events(), array.skipped), ("JSON array", 2, 0));
        let pretty = load("{\n \"a\": 1\n}\n{\n \"a\": 2\n}");
        assert_eq!((pretty.format, pretty.store.n_events()), ("JSON", 2));
        assert_eq!(pretty.store.lines().collect::<Vec<_>>(), [1, 4]);
        let cut = load("[{\"a\":1},{\"a\":");
        assert_eq!((cut.store.n_events(), cut.skipped), (1, 1));
        let more = load("[{\"a\":1}]\n{\"a\":2}");
        assert_eq!((more.store.n_events(), more.skipped), (1, 1));
        assert_eq!(load("").format, "no events");
        assert_eq!(load("\u{feff}{\"a\":1}").store.n_events(), 1);
    }

    #[test]
    fn a_search_response_is_refused_by_name() {
        let loaded =
            load("{\"took\":1,\"hits\":{\"hits\":[{\"_id\":\"a\",\"_source\":{\"a\":1}}]}}");
        assert_eq!((loaded.store.n_events(), loaded.skipped), (0, 1));
        assert!(loaded.findings[0].kind.message().contains("search response"));
        assert_eq!(load("{\"hits\":3}").store.n_events(), 1);
    }

    #[test]
    fn events_come_in_time_order() {
        let loaded = load(
            "{\"@timestamp\":\"2026-01-02\"}\n{}\n{\"@timestamp\":\"2026-01-01\"}\n{\"@timestamp\":1767312000000}",
        );
        assert_eq!(loaded.store.time_order("@timestamp", None), [2, 0, 3, 1]);
    }
}
