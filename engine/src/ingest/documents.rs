//! Documents and hits: on lines, in an array, or one after the other.

use std::ops::Range;

use crate::ingest::Loading;
use crate::ingest::response::wraps_response;
use crate::json::{Event, Mistake, Reader};
use crate::value::Value;

/// Members of a hit that are about the hit, not of the event.
const HIT_MEMBERS: [&str; 9] = [
    "_score",
    "_type",
    "_version",
    "_seq_no",
    "_primary_term",
    "_ignored",
    "_routing",
    "_explanation",
    "_tier",
];

/// The same, of names that an event may have as well: they are of the hit where it has no other
/// members than these beside its id and `fields`.
const BESIDE_FIELDS: [&str; 5] =
    ["sort", "highlight", "ignored_field_values", "matched_queries", "inner_hits"];

/// What an outermost object says of its event.
#[derive(Debug, Default)]
pub(super) struct Hit<'t> {
    /// Its first byte.
    pub(super) start: usize,
    pub(super) id: Option<Value<'t>>,
    pub(super) index: Option<Value<'t>>,
    /// Bytes of the event: of the object in `_source` or `fields`, or of the whole object.
    pub(super) source: Option<(usize, usize)>,
    /// The object was the answer to a search, whose events are loaded.
    pub(super) is_response: bool,
    /// The object stands for an event that is not there (spec §10.3).
    pub(super) is_missing: bool,
    fields: Option<Fields>,
    /// It has a member that belongs to an event.
    is_document: bool,
}

/// The object in `fields`.
#[derive(Debug)]
struct Fields {
    bytes: (usize, usize),
    /// Its values in [`Loading::pending`].
    pending: Range<usize>,
    /// As a search answers them.
    all_arrays: bool,
}

/// A line that is not blank.
pub(super) struct Line {
    pub(super) number: u32,
    /// Bytes without the blanks around.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The lines from a byte on. Their numbers count from 1 at that byte.
pub(super) fn lines(text: &str, start: usize) -> impl Iterator<Item = Line> {
    let mut at = start;
    let all = text.get(start..).unwrap_or_default().split_inclusive('\n');
    let placed = all.enumerate().map(move |(i, line)| {
        let start = at + (line.len() - line.trim_ascii_start().len());
        at += line.len();
        Line { number: i as u32 + 1, start, end: start + line.trim_ascii().len() }
    });
    placed.filter(|line| line.end > line.start)
}

impl<'t> Loading<'t> {
    /// An event a line. `numbers` are the numbers of the lines where they are not what they seem.
    pub(super) fn lines(&mut self, start: usize, numbers: Option<&[u32]>) {
        for line in lines(self.text, start) {
            let number = numbers.and_then(|all| all.get(line.number as usize - 1)).copied();
            self.at_line(&line, number.unwrap_or(line.number));
            let result = self.line(&line);
            self.settle(result);
        }
    }

    /// Spares counting where the line is known.
    pub(super) fn at_line(&mut self, line: &Line, number: u32) {
        self.lines.at = line.start;
        self.lines.line = number;
    }

    /// The event of a line.
    pub(super) fn line(&mut self, line: &Line) -> Result<Hit<'t>, Mistake> {
        // A reader over the line's own text, so that no mistake reaches the next line.
        let text = self.text.get(..line.end).unwrap_or_default();
        let mut reader = Reader::new(text, line.start);
        let hit = self.event(&mut reader)?;
        match after_blanks(text, reader.position()) {
            at if at == line.end => Ok(hit),
            // A line out of an array.
            at if at + 1 == line.end && text.ends_with(',') => Ok(hit),
            at => Err(Mistake { at, reason: "expected the end of the line".into() }),
        }
    }

    /// Objects one after the other over any number of lines, or the elements of the array that
    /// begins here.
    pub(super) fn values(&mut self, start: usize, in_array: bool) {
        let mut at = after_blanks(self.text, start) + usize::from(in_array);
        let mut is_first = true;
        loop {
            at = after_blanks(self.text, at);
            match (in_array, self.text.as_bytes().get(at)) {
                (false, None) => return,
                (true, Some(b']')) => return self.end(at + 1),
                (true, Some(b',')) if !is_first => at = after_blanks(self.text, at + 1),
                (true, _) if !is_first => {
                    let reason = "expected `,` or `]` after the event; what follows was not read";
                    return self.settle(Err(Mistake { at, reason: reason.into() }));
                }
                _ => {}
            }
            is_first = false;
            let mut reader = Reader::new(self.text, at);
            let result = self.event(&mut reader);
            // Where the event is damaged its brackets say where the next one begins.
            let is_whole = result.is_ok() || reader.is_complete();
            let end = if is_whole {
                Some(reader.position())
            } else {
                let next = next_alike(self.text, at, reader.position());
                // A comma stands before the next one.
                is_first = next.is_some();
                next.or_else(|| end_of_value(self.text, at))
            };
            self.settle(result.map_err(|mistake| match end {
                Some(_) => mistake,
                None => Mistake {
                    reason: format!("{}; what follows was not read", mistake.reason),
                    ..mistake
                },
            }));
            match end {
                Some(end) => at = end,
                None => return,
            }
        }
    }

    /// Nothing may follow the array.
    fn end(&mut self, at: usize) {
        let at = after_blanks(self.text, at);
        if at < self.text.len() {
            let reason = "expected the end of the text after the array".into();
            self.settle(Err(Mistake { at, reason }));
        }
    }

    /// Reads one event, a document or a hit, into [`Loading::pending`]; or a response with many,
    /// which are then loaded.
    fn event(&mut self, reader: &mut Reader<'t>) -> Result<Hit<'t>, Mistake> {
        let first = reader.next_event()?;
        let start = reader.range().start;
        let what = match first {
            Event::OpenObject => return self.hit(reader, start),
            Event::OpenArray => "an array",
            Event::Str(_) => "a string",
            Event::Num(_) => "a number",
            _ => "a literal",
        };
        skip(reader, &first)?;
        let reason = format!("an event is a JSON object, found {what}");
        Err(Mistake { at: start, reason })
    }

    /// An outermost object whose `{` at byte `start` has been read.
    pub(super) fn hit(
        &mut self,
        reader: &mut Reader<'t>,
        start: usize,
    ) -> Result<Hit<'t>, Mistake> {
        self.pending.clear();
        self.path.clear();
        let mut hit = Hit { start, ..Hit::default() };
        while let Event::Key(key) = reader.next_event()? {
            if !self.hit_member(reader, &key, &mut hit)? {
                self.path.push_str(&key);
                self.value(reader)?;
                self.path.clear();
            }
        }
        if hit.source.is_none()
            && let Some(fields) = hit.fields.take()
        {
            self.take_fields(fields, &mut hit)?;
        }
        if hit.source.is_none() {
            // A hit of which only the surroundings were asked for.
            if !hit.is_document && (hit.id.is_some() || hit.index.is_some()) {
                self.pending.clear();
            }
            hit.source = Some((start, reader.position()));
        }
        Ok(hit)
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
            "missing" if self.in_response => {
                let event = reader.next_event()?;
                hit.is_missing = event == Event::Bool(true);
                skip(reader, &event)?;
            }
            "_source" if reader.opens(b'{') => {
                // Members beside `_source` are about the hit.
                if hit.source.is_none() {
                    self.pending.clear();
                }
                reader.next_event()?;
                let start = reader.range().start;
                self.object(reader)?;
                hit.source = Some((start, reader.position()));
            }
            _ if key == "_source"
                || hit.source.is_some()
                || hit.is_response
                || key.starts_with('_') && HIT_MEMBERS.contains(&key) =>
            {
                let event = reader.next_event()?;
                skip(reader, &event)?;
            }
            "fields" if !hit.is_document && hit.fields.is_none() && reader.opens(b'{') => {
                hit.fields = Some(self.fields(reader)?);
            }
            "hits" if self.is_response(reader) => {
                self.pending.clear();
                self.response(reader)?;
                hit.is_response = true;
            }
            "rawResponse" | "response" if wraps_response(reader) => {
                self.pending.clear();
                self.wrapped(reader)?;
                hit.is_response = true;
            }
            _ => {
                hit.is_document = hit.is_document || !BESIDE_FIELDS.contains(&key);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads the object in `fields` as if its members were those of the event.
    fn fields(&mut self, reader: &mut Reader<'t>) -> Result<Fields, Mistake> {
        let from = self.pending.len();
        reader.next_event()?;
        let start = reader.range().start;
        let mut all_arrays = true;
        while let Event::Key(key) = reader.next_event()? {
            all_arrays &= reader.opens(b'[');
            self.path.push_str(&key);
            self.value(reader)?;
            self.path.clear();
        }
        let bytes = (start, reader.position());
        Ok(Fields { bytes, pending: from..self.pending.len(), all_arrays })
    }

    /// The event is what stands in `fields`, if the object is a hit. Otherwise `fields` is a field
    /// like others, as log shippers write it.
    fn take_fields(&mut self, fields: Fields, hit: &mut Hit<'t>) -> Result<(), Mistake> {
        let after = self.pending.split_off(fields.pending.end.min(self.pending.len()));
        if fields.all_arrays && !hit.is_document {
            self.pending.drain(..fields.pending.start);
            hit.source = Some(fields.bytes);
            self.has_fields = true;
            return Ok(());
        }
        hit.is_document = true;
        self.pending.truncate(fields.pending.start);
        let mut again = Reader::new(self.text, fields.bytes.0);
        again.next_event()?;
        self.path.push_str("fields");
        self.object(&mut again)?;
        self.path.clear();
        self.pending.extend(after);
        Ok(())
    }

    /// Members of an object whose `{` has been read.
    fn object(&mut self, reader: &mut Reader<'t>) -> Result<(), Mistake> {
        while let Event::Key(key) = reader.next_event()? {
            let before = self.path.len();
            if before > 0 {
                self.path.push('.');
            }
            self.path.push_str(&key);
            self.value(reader)?;
            self.path.truncate(before);
        }
        Ok(())
    }

    /// The value at [`Loading::path`]; arrays flatten (spec §3.8), nothing counts as missing
    /// (§3.9), and a field that comes twice has both values (§3.7).
    fn value(&mut self, reader: &mut Reader<'t>) -> Result<(), Mistake> {
        let mut arrays = 0_u32;
        loop {
            match reader.next_event()? {
                Event::OpenObject => self.object(reader)?,
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

/// The next object after `from` that begins a line as the one at `at` does, with as many blanks; one
/// of several lines ends in front of it, whatever its brackets say.
fn next_alike(text: &str, at: usize, from: usize) -> Option<usize> {
    let line = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let blanks = text.get(line..at).filter(|blanks| blanks.trim().is_empty())?;
    let start = format!("\n{blanks}{{");
    let found = text.get(from..)?.find(&start)?;
    Some(from + found + start.len() - 1)
}

/// One past the object or array that begins at a byte, by its brackets alone; `None` where they
/// never close. A string that is not closed ends with its line.
fn end_of_value(text: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (offset, byte) in text.as_bytes().get(at..)?.iter().enumerate() {
        match byte {
            b'\n' => (in_string, escaped) = (false, false),
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + offset + 1);
                }
            }
            // No event at all.
            _ if depth == 0 && !in_string => return None,
            _ => {}
        }
    }
    None
}

/// Reads to the end of the value of which `event` is the first step.
pub(super) fn skip<'t>(reader: &mut Reader<'t>, event: &Event<'t>) -> Result<(), Mistake> {
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

/// The first byte from `at` on that is not blank.
pub(super) fn after_blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    text.len() - rest.trim_ascii_start().len()
}
