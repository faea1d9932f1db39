//! Text to columns: recognises the input and reads it in one pass, without a tree per event.
//!
//! | form | read by |
//! | --- | --- |
//! | bytes: gzip, UTF-16, byte order marks | [`decode`] |
//! | NDJSON, JSON arrays, objects one after the other; documents, hits, hits with `fields` | `documents` |
//! | `_search` and `_eql/search` responses | `response` |
//! | `_bulk` bodies | `bulk` |
//! | CSV as Kibana exports it, by way of NDJSON | `csv` |

mod bulk;
mod csv;
mod decode;
mod documents;
mod other;
mod response;

use crate::diag::{DiagKind, Diagnostic};
use crate::ingest::documents::Hit;
use crate::json::Mistake;
use crate::span::Span;
use crate::store::{Place, Store};
use crate::value::Value;

pub use decode::{Decoded, decode};

/// Mistakes that are reported with their place; further ones are only counted.
const MAX_FINDINGS: usize = 100;

/// Fields that together name the data stream of an event.
const DATA_STREAM: [&str; 3] = ["data_stream.type", "data_stream.dataset", "data_stream.namespace"];

/// What became of one text.
#[derive(Clone, Debug, Default)]
pub struct Added {
    /// In words, what the text was taken for.
    pub format: &'static str,
    /// Events that were read from it.
    pub events: u32,
    /// Lines (or elements) that could not be read.
    pub skipped: u32,
    /// Why not; spans are of the text. At most 100.
    pub findings: Vec<Diagnostic>,
    /// The NDJSON that the text was turned into, where it was CSV. The places of its events are of
    /// this and not of the text.
    pub json: Option<String>,
}

/// Reads texts one after the other into one store, each in its own form.
#[derive(Debug, Default)]
pub struct Loader {
    store: Store,
    /// Texts that were added.
    n_texts: u32,
}

impl Loader {
    /// A loader with no events.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A loader that goes on with a store, into which so many texts were read.
    #[must_use]
    pub fn over(store: Store, n_texts: u32) -> Self {
        Self { store, n_texts }
    }

    /// Reads the events of a text. Mistakes are reported and skipped; the others load
    /// (product §2.1). The places of its events have the number of the text, from 0; who shows
    /// events keeps [`Added::json`], or else the text, in [`crate::store::Sources`].
    pub fn add(&mut self, text: &str) -> Added {
        // A byte order mark is no part of the data.
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let start = start + console_header(text.get(start..).unwrap_or_default());
        let body = text.get(start..).unwrap_or_default();
        if let Some((format, kind)) = other::what(body) {
            self.n_texts += 1;
            let at = (start + body.len() - body.trim_start().len()) as u32;
            let length = body.trim_start().lines().next().map_or(0, str::len) as u32;
            let finding = Diagnostic::new(kind, Span::new(at, at + length));
            return Added { format, skipped: 1, findings: vec![finding], ..Added::default() };
        }
        let first = first_value(body);
        let before = self.store.n_events();
        let mut added = match first {
            First::Csv { separator } => self.csv(text, start, separator),
            first => {
                let mut loading = Loading::new(text, &mut self.store, self.n_texts);
                loading.read(start, &first);
                loading.finish(&first)
            }
        };
        added.events = self.store.n_events() - before;
        self.n_texts += 1;
        added
    }

    /// Reads a piece of a text that has an event on each line, see [`is_lines`]: whole lines of it.
    /// The piece counts as a text of its own.
    pub fn add_lines(&mut self, piece: &str) -> Added {
        let before = self.store.n_events();
        let mut loading = Loading::new(piece, &mut self.store, self.n_texts);
        loading.lines(0, None);
        let mut added = loading.finish(&First::Line);
        added.events = self.store.n_events() - before;
        self.n_texts += 1;
        added
    }

    fn csv(&mut self, text: &str, start: usize, separator: u8) -> Added {
        let blank = text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start().len());
        let converted = csv::to_ndjson(text, start + blank, separator);
        let mut loading = Loading::new(&converted.json, &mut self.store, self.n_texts);
        loading.lines(0, Some(&converted.lines));
        let added = loading.finish(&First::Csv { separator });
        Added {
            skipped: converted.skipped + added.skipped,
            findings: converted.findings,
            json: Some(converted.json),
            ..added
        }
    }

    /// The events of all texts.
    #[must_use]
    pub fn finish(self) -> Store {
        self.store
    }
}

/// What became of a text that is alone.
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
    /// The NDJSON that the places are of, where the text was CSV.
    pub json: Option<String>,
}

/// Reads the events of one text, see [`Loader::add`].
#[must_use]
pub fn load(text: &str) -> Loaded {
    let mut loader = Loader::new();
    let Added { format, skipped, findings, json, .. } = loader.add(text);
    Loaded { store: loader.finish(), format, skipped, findings, json }
}

/// Has a text that begins so an event on each line, so that it may be read in pieces?
#[must_use]
pub fn is_lines(start: &str) -> bool {
    start.starts_with('{') && matches!(first_value(start), First::Line)
}

/// Length of the lines in front of an answer as Kibana's console shows it: the request, and a
/// comment with the status.
fn console_header(text: &str) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let is_header = ["#", "//", "GET ", "POST "].iter().any(|mark| start.starts_with(mark));
        let is_blank_after = length > 0 && start.is_empty();
        if !(is_header || is_blank_after) {
            break;
        }
        length += line.len();
    }
    // Without an answer it is no header.
    match text.get(length..).map(|rest| rest.trim_start().starts_with('{')) {
        Some(true) => length,
        _ => 0,
    }
}

/// What a text is, by its first line.
enum First {
    Nothing,
    Array,
    /// An object over several lines.
    Spread,
    Bulk,
    Csv {
        separator: u8,
    },
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
    if !body.starts_with('{') {
        return csv::separator(body).map_or(First::Line, |separator| First::Csv { separator });
    }
    let line = body.lines().next().unwrap_or_default();
    // `{` alone, or `{ "a": 1,` at the end of a line: pretty-printed. `{"a": 1},` is a line out of an
    // array.
    let line = line.trim_end();
    let is_whole = || {
        let object = line.strip_suffix(',').unwrap_or(line);
        object.ends_with('}') && crate::json::Tree::parse(object).is_ok()
    };
    if matches!(line.chars().last(), Some('{' | ',' | '[' | ':')) && !is_whole() {
        return First::Spread;
    }
    if bulk::action(line, 0).is_some() { First::Bulk } else { First::Line }
}

/// One text on its way into the columns.
struct Loading<'t> {
    text: &'t str,
    store: &'t mut Store,
    /// Number of the text.
    source: u32,
    skipped: u32,
    findings: Vec<Diagnostic>,
    lines: LineCounter<'t>,
    /// Path of the value being read.
    path: String,
    /// Values of the event being read; they enter the columns when the event proves sound.
    pending: Vec<(u32, Value<'t>)>,
    /// Columns of [`DATA_STREAM`], as far as they are known.
    data_stream: [Option<u32>; 3],
    /// The answer to a search is being read.
    in_response: bool,
    /// What kind of answer there was, in words.
    response: Option<&'static str>,
    /// Hits came with `fields` instead of `_source`.
    has_fields: bool,
}

impl<'t> Loading<'t> {
    fn new(text: &'t str, store: &'t mut Store, source: u32) -> Self {
        Self {
            text,
            store,
            source,
            skipped: 0,
            findings: Vec::new(),
            lines: LineCounter { text, at: 0, line: 1 },
            path: String::new(),
            pending: Vec::new(),
            data_stream: [None; 3],
            in_response: false,
            response: None,
            has_fields: false,
        }
    }

    fn read(&mut self, start: usize, first: &First) {
        match first {
            First::Nothing | First::Csv { .. } => {}
            First::Array => self.values(start, true),
            First::Spread => self.values(start, false),
            First::Bulk => self.bulk(start),
            First::Line => self.lines(start, None),
        }
    }

    fn finish(self, first: &First) -> Added {
        let (plain, with_fields) = match (first, self.response) {
            (_, Some(response @ "_search response")) => {
                (response, "_search response with `fields`")
            }
            (_, Some(response)) => (response, "_eql/search response with `fields`"),
            (First::Nothing, _) => ("no events", "no events"),
            (First::Array, _) => ("JSON array", "JSON array with `fields`"),
            (First::Spread, _) => ("JSON", "JSON with `fields`"),
            (First::Bulk, _) => ("_bulk body", "_bulk body"),
            (First::Csv { .. }, _) => ("CSV", "CSV"),
            (First::Line, _) => ("NDJSON", "NDJSON with `fields`"),
        };
        Added {
            format: if self.has_fields { with_fields } else { plain },
            skipped: self.skipped,
            findings: self.findings,
            ..Added::default()
        }
    }

    /// Takes the event into the columns, or reports the mistake.
    fn settle(&mut self, result: Result<Hit<'t>, Mistake>) {
        match result {
            Ok(hit) => self.commit(hit),
            Err(mistake) => {
                self.pending.clear();
                self.skipped += 1;
                if self.findings.len() < MAX_FINDINGS {
                    self.findings.push(finding(self.text, mistake));
                }
            }
        }
    }

    fn commit(&mut self, hit: Hit<'t>) {
        // The events of a response are in already.
        let Some((start, end)) = hit.source.filter(|_| !hit.is_response) else {
            return self.pending.clear();
        };
        let event = self.store.n_events();
        let index = hit.index.or_else(|| self.data_stream());
        for (column, value) in self.pending.drain(..) {
            if let Some(column) = self.store.column_mut(column) {
                column.push(event, &value);
            }
        }
        if let Some(id) = hit.id {
            self.store.ids_mut().push(event, &id);
        }
        if let Some(index) = index {
            self.store.indices_mut().push(event, &index);
        }
        let line = self.lines.line_of(hit.start);
        let (start, end) = (start as u64, end as u64);
        self.store.finish_event(Place { start, end, line, source: self.source });
    }

    /// The data stream that the event being read says it is of; it stands for the index of an
    /// event that names none.
    fn data_stream(&mut self) -> Option<Value<'t>> {
        let mut parts = [None; 3];
        let places = parts.iter_mut().zip(&mut self.data_stream);
        for ((part, column), name) in places.zip(DATA_STREAM) {
            *column = column.or_else(|| self.store.known_column(name));
            let wanted = (*column)?;
            *part = Some(self.pending.iter().find(|(column, _)| *column == wanted)?);
        }
        let [Some((_, ty)), Some((_, dataset)), Some((_, namespace))] = parts else { return None };
        Some(Value::Str(format!("{ty}-{dataset}-{namespace}").into()))
    }
}

/// The mistake with what stands there.
fn finding(text: &str, mistake: Mistake) -> Diagnostic {
    let rest = text.get(mistake.at..).unwrap_or_default();
    let token = rest
        .find([' ', '\t', '\n', '\r', ',', ':', '{', '}', '[', ']'])
        .unwrap_or(rest.len())
        .clamp(usize::from(!rest.is_empty()), 40);
    let end = (mistake.at..=mistake.at + token)
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(mistake.at);
    let span = Span::new(mistake.at as u32, end as u32);
    Diagnostic::new(DiagKind::BadJson(mistake.reason), span)
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
        self.at = at.max(self.at);
        self.line
    }
}

#[cfg(test)]
mod tests;
