//! CSV as Kibana's Discover exports it, turned into hits, one a line.
//!
//! What is shown and exported of an event is JSON, so the events of a CSV text are those of the
//! NDJSON made here: one hit a record, whose `_source` holds the cells under the names of the
//! header. Everything after that (columns, display) is as for any other hits.

use std::borrow::Cow;

use crate::diag::Diagnostic;
use crate::ingest::{LineCounter, MAX_FINDINGS, finding};
use crate::json::{Event, MAX_DEPTH, Mistake, Reader, quoted};

/// The hits of a CSV text.
pub(super) struct Converted {
    /// One hit a line.
    pub(super) json: String,
    /// Line of the text on which the record of each hit begins.
    pub(super) lines: Vec<u32>,
    pub(super) skipped: u32,
    pub(super) findings: Vec<Diagnostic>,
}

/// Cells that stand for no value: Discover writes `-`.
const MISSING: [&str; 3] = ["", "-", "(null)"];

/// The separator, if the first line is a header: names of fields, at least two of them or one
/// that Discover exports alone.
pub(super) fn separator(text: &str) -> Option<u8> {
    let header = text.lines().next().unwrap_or_default();
    b",;\t".iter().copied().find(|&separator| {
        let mut cells = Vec::new();
        let mut records = Records { text: header, at: 0, separator };
        let is_sound = records.next(&mut cells).is_ok() && cells.iter().all(|name| is_name(name));
        let is_alone = |name: &str| matches!(name, "_source" | "@timestamp");
        is_sound
            && match cells.as_slice() {
                [only] => is_alone(only),
                all => !all.is_empty(),
            }
    })
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '@' | '_'))
        && !name.contains(|c: char| c.is_whitespace() || ",;:={}[]()\"'".contains(c))
}

/// Turns the records from byte `start` on into hits. A record that has not as many cells as the
/// header is reported and skipped.
pub(super) fn to_ndjson(text: &str, start: usize, separator: u8) -> Converted {
    let mut converted =
        Converted { json: String::new(), lines: Vec::new(), skipped: 0, findings: Vec::new() };
    let mut counter = LineCounter { text, at: 0, line: 1 };
    let mut records = Records { text, at: start, separator };
    let (mut header, mut cells) = (Vec::new(), Vec::new());
    records.blank_lines();
    // It was read before, to find the separator.
    let _ = records.next(&mut header);
    loop {
        records.blank_lines();
        let at = records.at;
        if at >= text.len() {
            return converted;
        }
        let result = records.next(&mut cells).and_then(|()| {
            let (found, wanted) = (cells.len(), header.len());
            if found == wanted {
                return hit(&header, &cells, at);
            }
            let reason = format!("this record has {found} cells, the header has {wanted}");
            Err(Mistake { at, reason })
        });
        match result {
            Ok(hit) => {
                converted.json.push_str(&hit);
                converted.json.push('\n');
                converted.lines.push(counter.line_of(at));
            }
            Err(mistake) => {
                converted.skipped += 1;
                if converted.findings.len() < MAX_FINDINGS {
                    converted.findings.push(finding(text, mistake));
                }
            }
        }
    }
}

/// The hit of a record that begins at byte `at`.
fn hit(header: &[Cow<'_, str>], cells: &[Cow<'_, str>], at: usize) -> Result<String, Mistake> {
    let (mut about, mut members) = (String::new(), String::new());
    let mut source = None;
    for (name, cell) in header.iter().zip(cells) {
        if MISSING.contains(&cell.as_ref()) {
            continue;
        }
        match name.as_ref() {
            "_id" | "_index" => about.push_str(&format!("{}:{},", quoted(name), quoted(cell))),
            "_source" => {
                source = Some(json(cell, b'{').map_err(|reason| {
                    let reason = format!("the cell `_source` is not a JSON object: {reason}");
                    Mistake { at, reason }
                })?)
            }
            // `_score` and its like are about the hit.
            name if name.starts_with('_') => {}
            name => {
                let comma = if members.is_empty() { "" } else { "," };
                members.push_str(&format!("{comma}{}:{}", quoted(name), value(cell)));
            }
        }
    }
    let source = source.unwrap_or_else(|| format!("{{{members}}}"));
    Ok(format!("{{{about}\"_source\":{source}}}"))
}

/// The cell as JSON: an array where it is one, dates as ISO 8601, else a string. Numbers stay
/// text; the type of the field says what they are. Several values that Discover has joined by
/// commas stay one, since one value may hold commas as well.
fn value(cell: &str) -> String {
    if cell == "(empty)" {
        return "\"\"".into();
    }
    match (json(cell, b'['), date(cell)) {
        (Ok(array), _) => array,
        (_, Some(date)) => quoted(&date),
        _ => quoted(cell),
    }
}

/// The cell itself, if it is JSON that begins with this bracket.
fn json(cell: &str, opens: u8) -> Result<String, String> {
    if cell.as_bytes().first() != Some(&opens) {
        return Err("it begins otherwise".into());
    }
    let mut reader = Reader::new(cell, 0);
    let mut open = 0_usize;
    while !reader.is_complete() {
        match reader.next_event().map_err(|mistake| mistake.reason)? {
            Event::OpenObject | Event::OpenArray => open += 1,
            Event::CloseObject | Event::CloseArray => open -= 1,
            _ => {}
        }
        // In the hit it stands deeper.
        if open + 2 > MAX_DEPTH {
            return Err("it is nested too deep".into());
        }
    }
    // Line ends stand only between the tokens of sound JSON.
    match cell.get(reader.position()..).is_some_and(|rest| rest.trim_ascii().is_empty()) {
        true => Ok(cell.replace(['\n', '\r'], " ")),
        false => Err("more follows it".into()),
    }
}

/// `Nov 21, 2026 @ 12:48:55.000`, as Kibana writes a date, in ISO 8601. The export does not say
/// in which zone it was written; it is taken for UTC.
fn date(text: &str) -> Option<String> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let (date, time) = text.split_once(" @ ")?;
    let (month, date) = date.split_once(' ')?;
    let (day, year) = date.split_once(", ")?;
    let month = MONTHS.find(month).filter(|at| month.len() == 3 && at % 3 == 0)? / 3 + 1;
    let day: u8 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_time = time.len() >= 8 && time.split([':', '.']).all(is_number);
    let is_year = year.len() == 4 && is_number(year);
    (is_time && is_year).then(|| format!("{year}-{month:02}-{day:02}T{time}Z"))
}

/// The records of a text (RFC 4180), any of whose cells may stand in double quotes.
struct Records<'t> {
    text: &'t str,
    at: usize,
    separator: u8,
}

impl<'t> Records<'t> {
    fn blank_lines(&mut self) {
        loop {
            let line = self.line(self.at);
            if line.is_empty() || !line.trim_ascii().is_empty() {
                return;
            }
            self.at += line.len();
        }
    }

    /// From the byte to the end of its line.
    fn line(&self, at: usize) -> &'t str {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.split_inclusive('\n').next().unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reads a record. After a mistake it goes on with the line after it.
    fn next(&mut self, cells: &mut Vec<Cow<'t, str>>) -> Result<(), Mistake> {
        cells.clear();
        loop {
            let cell = match self.peek() {
                Some(b'"') => self.quoted(),
                _ => Ok(self.plain()),
            };
            cells.push(cell.inspect_err(|mistake| {
                self.at = mistake.at + self.line(mistake.at).len();
            })?);
            match self.peek() {
                Some(byte) if byte == self.separator => self.at += 1,
                _ => {
                    // The end of the line or of the text.
                    self.at += self.line(self.at).len();
                    return Ok(());
                }
            }
        }
    }

    /// A cell without quotes; it ends before the separator or the end of the line.
    fn plain(&mut self) -> Cow<'t, str> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let is_end = |byte: &u8| *byte == self.separator || *byte == b'\n';
        let length = rest.bytes().position(|byte| is_end(&byte)).unwrap_or(rest.len());
        let cell = rest.get(..length).unwrap_or_default();
        self.at += length;
        Cow::Borrowed(cell.strip_suffix('\r').unwrap_or(cell))
    }

    /// A cell in quotes, in which two quotes stand for one.
    fn quoted(&mut self) -> Result<Cow<'t, str>, Mistake> {
        let quote = self.at;
        let mut cell = Cow::Borrowed("");
        loop {
            self.at += 1;
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(length) = rest.find('"') else {
                return Err(Mistake { at: quote, reason: "this quote is not closed".into() });
            };
            let piece = rest.get(..length).unwrap_or_default();
            if cell.is_empty() {
                cell = Cow::Borrowed(piece)
            } else {
                cell += piece
            }
            self.at += length + 1;
            match self.peek() {
                Some(b'"') => cell += "\"",
                Some(b'\r' | b'\n') | None => return Ok(cell),
                Some(byte) if byte == self.separator => return Ok(cell),
                Some(_) => {
                    let separator = char::from(self.separator);
                    let reason = format!("expected `{separator}` after the closing quote");
                    return Err(Mistake { at: self.at, reason });
                }
            }
        }
    }
}
