//! What is read: rules, mappings, events. `-` is standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str;

use serde::Deserialize;

use eqlens_engine::diag::{DiagKind, Diagnostic, Severity};
use eqlens_engine::ingest;
use eqlens_engine::plan::Plan;
use eqlens_engine::rule::{self, Rule};
use eqlens_engine::run::{self, Options};
use eqlens_engine::schema::Mapping;
use eqlens_engine::span::{LineIndex, Span};
use eqlens_engine::store::Store;
use eqlens_engine::wire::Finding;

use crate::Failure;
use crate::output::{self, Report, plain};
use crate::progress;

/// Most bytes of events (product §5).
const MAX_EVENT_BYTES: u64 = 2_000_000_000;

/// Skipped lines that are named; further ones are only counted.
const MAX_NOTICES: usize = 100;

/// Refuses a second `-`: standard input can be read once.
pub(crate) fn one_standard_input<'p>(
    paths: impl IntoIterator<Item = &'p PathBuf>,
) -> Result<(), Failure> {
    match paths.into_iter().filter(|path| is_standard_input(path)).count() {
        0 | 1 => Ok(()),
        _ => Err(Failure::Message("standard input (`-`) can be read only once".into())),
    }
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// How messages call a file.
fn name(path: &Path) -> String {
    if is_standard_input(path) { "stdin".into() } else { path.display().to_string() }
}

/// Adds the content of a file, of which at most `limit` bytes are read.
fn read_into(path: &Path, bytes: &mut Vec<u8>, limit: u64) -> Result<(), Failure> {
    let mut read = || -> io::Result<()> {
        if is_standard_input(path) {
            io::stdin().lock().take(limit).read_to_end(bytes)?;
            return Ok(());
        }
        let file = File::open(path)?;
        // The whole size at once: growing by doubling would take up to twice the memory. One byte
        // more leaves room for the line end between two files.
        let size = file.metadata()?.len().min(limit) as usize;
        bytes.try_reserve_exact(size.saturating_add(1)).map_err(io::Error::other)?;
        progress::watch(file.take(limit), Some(size as u64), &name(path)).read_to_end(bytes)?;
        Ok(())
    };
    read().map_err(|error| Failure::Message(format!("cannot read `{}`: {error}", name(path))))
}

/// Reads a text file.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    read_into(path, &mut bytes, MAX_EVENT_BYTES)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::Message(format!("`{}` is not UTF-8: see byte {at}", name(path)))
    })
}

/// Reads a mapping; without a file there is none.
pub(crate) fn mapping(path: Option<&Path>) -> Result<Mapping, Failure> {
    let Some(path) = path else { return Ok(Mapping::default()) };
    Mapping::parse(&read_text(path)?).map_err(|reason| {
        let kind = DiagKind::BadMapping(reason);
        Failure::Message(format!("{}: {}", name(path), kind.message()))
    })
}

/// A query and the text it stands in.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file; `path:line` for a rule of an NDJSON file; `None` for a query of the command line.
    pub(crate) file: Option<String>,
    /// The text that spans are of: the whole file where the query stands in it to the letter,
    /// otherwise the query alone.
    pub(crate) text: String,
    /// Byte of `text` at which the query begins.
    pub(crate) offset: u32,
    /// The rule.
    pub(crate) rule: Rule,
    /// What is wrong with the document around the query.
    findings: Vec<Diagnostic>,
}

impl Source {
    /// A query of the command line.
    pub(crate) fn query(query: &str) -> Self {
        let rule = Rule { query: query.to_owned(), is_bare: true, ..Rule::default() };
        Self { file: None, text: query.to_owned(), offset: 0, rule, findings: Vec::new() }
    }

    /// A rule file, whatever its form.
    pub(crate) fn file(path: &Path) -> Result<Self, Failure> {
        let text = read_text(path)?;
        let (rule, findings) = rule::read(&text);
        let mut source = Self { file: Some(name(path)), text, offset: 0, rule, findings };
        match source.rule.query_span {
            Some(span) => source.offset = span.start,
            // Written with escapes, for instance: places in the query are not places in the file.
            None if source.findings.is_empty() => source.text.clone_from(&source.rule.query),
            None => {}
        }
        Ok(source)
    }

    /// All rules of a file: those of an `.ndjson` file one a line, otherwise the one rule. The
    /// expectations beside a rule (`<slug>.cases.toml`, product §3.5) come along with `*.toml`
    /// and hold none.
    pub(crate) fn all_of(path: &Path) -> Result<Vec<Self>, Failure> {
        if path.to_string_lossy().ends_with(".cases.toml") {
            return Ok(Vec::new());
        }
        if path.extension().is_none_or(|extension| extension != "ndjson") {
            return Ok(vec![Self::file(path)?]);
        }
        let text = read_text(path)?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        Ok(lines
            .filter_map(|(at, line)| Self::json_rule(format!("{}:{}", name(path), at + 1), line))
            .collect())
    }

    /// A rule that is one line of JSON. `None` for the last line of a Kibana export, which counts
    /// the rules before it.
    fn json_rule(file: String, line: &str) -> Option<Self> {
        const FORM: &str = "JSON rule";
        let mut source = Self {
            file: Some(file),
            text: line.to_owned(),
            offset: 0,
            rule: Rule::default(),
            findings: Vec::new(),
        };
        let mut refuse =
            |kind, at: u32| source.findings.push(Diagnostic::new(kind, Span::empty(at)));
        match serde_json::from_str::<JsonRule>(line) {
            Err(error) => {
                let at = error.column().saturating_sub(1) as u32;
                let reason = error.to_string();
                // The place is told by the span.
                let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |it| it.0);
                refuse(DiagKind::BadDocument { form: FORM, reason: reason.to_owned() }, at);
            }
            Ok(JsonRule { exported_count: Some(_), .. }) => return None,
            Ok(JsonRule { language: Some(language), .. }) if language != "eql" => {
                refuse(DiagKind::OtherLanguage(language), 0);
            }
            Ok(JsonRule { query: None, .. }) => refuse(DiagKind::NoQuery { form: FORM }, 0),
            Ok(JsonRule { query: Some(query), event_category_override, .. }) => {
                source.text.clone_from(&query);
                source.rule = Rule { query, event_category_override, ..Rule::default() };
            }
        }
        Some(source)
    }

    /// What is wrong with the document, or what compiling its query gives. There is a plan unless
    /// one of the findings is an error.
    pub(crate) fn compile(
        &self,
        mapping: &Mapping,
        store: &Store,
        options: &Options,
    ) -> (Option<Plan>, Vec<Finding>) {
        let mut findings = self.document_findings();
        if self.is_unreadable() {
            return (None, findings);
        }
        let compiled = run::compile(&self.rule.query, mapping, store, options);
        findings.extend(self.query_findings(&compiled.findings));
        (compiled.plan, findings)
    }

    /// True where no query could be read from the document.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.severity() == Severity::Error)
    }

    /// What is wrong with the document, in the engine's terms.
    pub(crate) fn diagnostics(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// Findings about the document.
    pub(crate) fn document_findings(&self) -> Vec<Finding> {
        self.place(&self.findings, 0)
    }

    /// Findings about the query, with their places in [`Source::text`].
    pub(crate) fn query_findings(&self, findings: &[Diagnostic]) -> Vec<Finding> {
        self.place(findings, self.offset)
    }

    fn place(&self, findings: &[Diagnostic], offset: u32) -> Vec<Finding> {
        // An index costs a pass over the text, and most rules have nothing wrong.
        if findings.is_empty() {
            return Vec::new();
        }
        let index = LineIndex::new(&self.text);
        findings.iter().map(|finding| Finding::new(finding, &index, offset)).collect()
    }

    /// The findings, ready to be written.
    pub(crate) fn report<'r>(&'r self, findings: &'r [Finding]) -> Report<'r> {
        Report { file: self.file.as_deref(), text: &self.text, findings }
    }
}

/// What is read of a rule in JSON, as the rule API and the rule export of Kibana give it.
#[derive(Deserialize)]
struct JsonRule {
    query: Option<String>,
    language: Option<String>,
    event_category_override: Option<String>,
    exported_count: Option<u64>,
}

/// Events, and the text they were read from.
#[derive(Debug, Default)]
pub(crate) struct Events {
    /// All files, one after the other. The places of [`Events::store`] are places in it.
    pub(crate) text: String,
    /// The events.
    pub(crate) store: Store,
    /// Size of the files.
    pub(crate) bytes: u64,
    /// Lines that could not be read, in the order of the files: what is told about them.
    notices: Vec<String>,
    /// How many they are in all.
    skipped: usize,
}

/// One of the files in the joined text.
struct Part {
    name: String,
    /// First byte, and one past the last.
    start: usize,
    end: usize,
}

impl Events {
    /// Reads the files into one store, in order. Lines that cannot be read are skipped.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self, Failure> {
        let (mut bytes, mut parts) = (Vec::new(), Vec::<Part>::new());
        for path in paths {
            if bytes.last().is_some_and(|last| *last != b'\n') {
                bytes.push(b'\n');
            }
            let start = bytes.len();
            // One byte more than the limit, to see that there is more.
            read_into(path, &mut bytes, (MAX_EVENT_BYTES + 1).saturating_sub(start as u64))?;
            if bytes.len() as u64 > MAX_EVENT_BYTES {
                let message = "the events have more than 2 GB, which is the limit";
                return Err(Failure::Message(message.into()));
            }
            let part = Part { name: name(path), start, end: bytes.len() };
            prepare(&part, bytes.get_mut(start..).unwrap_or_default())?;
            parts.push(part);
        }
        let (text, mut skipped) = into_text(bytes, &parts)?;
        if parts.len() > 1 {
            only_lines(&text, &parts)?;
        }
        let loaded = ingest::load(&text);
        let n_skipped = skipped.len() + loaded.skipped as usize;
        skipped.extend(place_findings(&loaded.findings, &text, &parts));
        skipped.sort_by_key(|line| line.at);
        Ok(Self {
            store: loaded.store,
            bytes: parts.iter().map(|part| (part.end - part.start) as u64).sum(),
            notices: skipped.into_iter().take(MAX_NOTICES).map(|line| line.notice).collect(),
            skipped: n_skipped,
            text,
        })
    }

    /// Tells on standard error which lines were skipped, and why.
    pub(crate) fn tell_skipped(&self) {
        for notice in &self.notices {
            output::tell_line(notice);
        }
        let more = self.skipped.saturating_sub(self.notices.len());
        if more > 0 {
            output::tell_line(&format!("and {more} more lines skipped"));
        }
    }
}

/// A line that is left out.
struct Skipped {
    /// Where, in the joined text.
    at: usize,
    /// `file:line:column: reason`.
    notice: String,
}

impl Skipped {
    fn new(at: usize, file: &str, line: usize, column: usize, kind: &DiagKind) -> Self {
        let notice = plain(&format!("{file}:{line}:{column}: {}", kind.message()));
        Self { at, notice }
    }
}

/// Looks at the first bytes of a file that has just been read.
fn prepare(part: &Part, bytes: &mut [u8]) -> Result<(), Failure> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let message =
            format!("`{}` is gzipped: unpack it first, `gzip -dc FILE | eqlens … -`", part.name);
        return Err(Failure::Message(message));
    }
    // The loader takes a byte order mark for what it is only at the beginning of the whole text.
    // Blanks leave all places as they are.
    if let Some(mark) = bytes.get_mut(..3).filter(|mark| *mark == "\u{feff}".as_bytes()) {
        mark.fill(b' ');
    }
    Ok(())
}

/// The bytes as text, in place. Lines that are not UTF-8 become blank lines, so that the others
/// keep their places, and are reported.
fn into_text(bytes: Vec<u8>, parts: &[Part]) -> Result<(String, Vec<Skipped>), Failure> {
    let mut bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok((text, Vec::new())),
        Err(error) => error.into_bytes(),
    };
    let mut skipped = Vec::new();
    for part in parts {
        let mut at = part.start;
        let lines = bytes.get_mut(part.start..part.end).unwrap_or_default();
        for (line, content) in lines.split_inclusive_mut(|byte| *byte == b'\n').enumerate() {
            if let Err(error) = str::from_utf8(content) {
                let valid = content.get(..error.valid_up_to()).unwrap_or_default();
                let column = String::from_utf8_lossy(valid).chars().count() + 1;
                let bad = at + error.valid_up_to();
                skipped.push(Skipped::new(bad, &part.name, line + 1, column, &DiagKind::NotUtf8));
                let end = content.len() - usize::from(content.ends_with(b"\n"));
                content.get_mut(..end).unwrap_or_default().fill(b' ');
            }
            at += content.len();
        }
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::Message("the events are not UTF-8".into()))?;
    Ok((text, skipped))
}

/// Several files can be joined only if each has its events on lines: an array ends where it ends,
/// and what follows would be lost.
fn only_lines(text: &str, parts: &[Part]) -> Result<(), Failure> {
    for part in parts {
        let content = text.get(part.start..part.end).unwrap_or_default().trim_start();
        let first = content.lines().next().unwrap_or_default();
        let format = ingest::load(first).format;
        if !first.is_empty() && format != "NDJSON" {
            let message = format!(
                "`{}` is not NDJSON ({format}): several files are read only with one event a line",
                part.name
            );
            return Err(Failure::Message(message));
        }
    }
    Ok(())
}

/// The loader's findings with file, line and column.
fn place_findings(findings: &[Diagnostic], text: &str, parts: &[Part]) -> Vec<Skipped> {
    let mut placed = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let upto = parts.get(i + 1).map_or(usize::MAX, |next| next.start);
        let is_here =
            |found: &&Diagnostic| (part.start..upto).contains(&(found.span.start as usize));
        let mut here = findings.iter().filter(is_here).peekable();
        // An index costs a pass over the file.
        if here.peek().is_none() {
            continue;
        }
        let index = LineIndex::new(text.get(part.start..part.end).unwrap_or_default());
        placed.extend(here.map(|found| {
            let at = found.span.start as usize;
            let place = index.position((at - part.start) as u32);
            let (line, column) = (place.line as usize, place.column as usize);
            Skipped::new(at, &part.name, line, column, &found.kind)
        }));
    }
    placed
}
