//! What is read: rules, mappings, events. `-` is standard input.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use eqlens_engine::diag::{DiagKind, Diagnostic, Severity};
use eqlens_engine::eval::Recording;
use eqlens_engine::ingest::{self, Loader};
use eqlens_engine::join::Trails;
use eqlens_engine::lint::{self, Allowed};
use eqlens_engine::plan::Plan;
use eqlens_engine::rule::{self, IndexPatterns, Rule};
use eqlens_engine::run::{self, Options};
use eqlens_engine::schema::{Mapping, Schema};
use eqlens_engine::span::{LineIndex, Span};
use eqlens_engine::store::{Sources, Store};
use eqlens_engine::wire::Finding;

use crate::Failure;
use crate::output::{self, Origin, Report, plain};
use crate::progress;

/// Most bytes of events, unpacked (product §5).
const MAX_EVENT_BYTES: u64 = 2_000_000_000;

const TOO_MANY_BYTES: &str = "the events have more than 2 GB, which is the limit";

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

/// Does the file hold a rule on each line?
fn has_many_rules(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ndjson")
}

/// How messages call a file.
fn name(path: &Path) -> String {
    if is_standard_input(path) { "stdin".into() } else { path.display().to_string() }
}

/// The content of a file, of which at most `limit` bytes are read.
fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if is_standard_input(path) {
            io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
        let file = File::open(path)?;
        // The whole size at once: growing by doubling would take up to twice the memory.
        let size = file.metadata()?.len().min(limit) as usize;
        bytes.try_reserve_exact(size).map_err(io::Error::other)?;
        progress::watch(file.take(limit), Some(size as u64), &name(path))
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|error| Failure::Message(format!("cannot read `{}`: {error}", name(path))))
}

/// Reads a text file.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = read_bytes(path, MAX_EVENT_BYTES)?;
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
    /// The file; `None` for a query of the command line.
    pub(crate) file: Option<String>,
    /// True of one of the rules of an NDJSON file.
    is_one_of_many: bool,
    /// The text that spans are of: the whole file, or the one rule of an NDJSON file.
    pub(crate) text: String,
    /// Byte of the file at which `text` begins.
    base: u32,
    /// The same in lines, characters of the line, and UTF-16 units.
    origin: Origin,
    /// The rule.
    pub(crate) rule: Rule,
    /// What is wrong with the document around the query; places are of the file.
    findings: Vec<Diagnostic>,
}

impl Source {
    /// A query of the command line.
    pub(crate) fn query(query: &str) -> Self {
        let text = query.to_owned();
        let rule = Rule::bare(query);
        Self::whole(None, text, (rule, Vec::new()))
    }

    /// A rule file, whatever its form.
    pub(crate) fn file(path: &Path) -> Result<Self, Failure> {
        if path.is_dir() {
            let name = name(path);
            let message = format!("`{name}` is a folder; one rule file is wanted here");
            return Err(Failure::Message(message));
        }
        let text = read_text(path)?;
        let read = rule::read(&text);
        Ok(Self::whole(Some(name(path)), text, read))
    }

    fn whole(
        file: Option<String>,
        text: String,
        (rule, findings): (Rule, Vec<Diagnostic>),
    ) -> Self {
        let origin = Origin::default();
        Self { file, is_one_of_many: false, text, base: 0, origin, rule, findings }
    }

    /// How a reader finds it: the file, with the line of a rule that is one of many.
    pub(crate) fn label(&self) -> Option<String> {
        let file = self.file.as_ref()?;
        Some(if self.is_one_of_many {
            format!("{file}:{}", self.origin.lines + 1)
        } else {
            file.clone()
        })
    }

    /// All rules of a file: those of an `.ndjson` file one a line, otherwise the one rule. The
    /// expectations beside a rule (`<slug>.cases.toml`, product §3.5) come along with `*.toml`
    /// and hold none.
    pub(crate) fn all_of(path: &Path) -> Result<Vec<Self>, Failure> {
        if path.to_string_lossy().ends_with(".cases.toml") {
            return Ok(Vec::new());
        }
        if !has_many_rules(path) {
            return Ok(vec![Self::file(path)?]);
        }
        let text = read_text(path)?;
        let (mut counted, mut lines, mut units) = (0, 0, 0);
        let sources = rule::read_all(&text).into_iter().map(|(rule, findings)| {
            let at = (rule.document.start as usize).min(text.len());
            // What could not be read has no end: its line is shown.
            let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            let rest = text.get(start..).unwrap_or_default();
            let (base, own) = if rule.document.start < rule.document.end {
                (at, rule.document.text(&text))
            } else {
                (start, rest.lines().next().unwrap_or_default())
            };
            let between = text.get(counted..base).unwrap_or_default();
            lines += between.matches('\n').count() as u32;
            units += between.encode_utf16().count() as u32;
            counted = base.max(counted);
            let columns = text.get(start..base).unwrap_or_default().chars().count() as u32;
            Self {
                file: Some(name(path)),
                is_one_of_many: true,
                text: own.to_owned(),
                base: base as u32,
                origin: Origin { bytes: base as u32, lines, columns, units },
                rule,
                findings,
            }
        });
        Ok(sources.collect())
    }

    /// The same, and the text of the file.
    pub(crate) fn all_with_text(path: &Path) -> Result<(Vec<Self>, String), Failure> {
        let sources = Self::all_of(path)?;
        // The texts of several rules are parts of the file; standard input never holds several.
        let text = match sources.as_slice() {
            [one] if one.base == 0 && !has_many_rules(path) => one.text.clone(),
            _ => read_text(path)?,
        };
        Ok((sources, text))
    }

    /// True of a rule in another language than EQL.
    pub(crate) fn is_other_rule(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.is_other_rule())
    }

    /// The edits of the file that format the query.
    pub(crate) fn formatted(&self) -> Result<Vec<(Span, String)>, Vec<Finding>> {
        if self.is_unreadable() {
            return Err(self.document_findings());
        }
        let edits = if self.base == 0 {
            self.rule.formatted(&self.text)
        } else {
            rule::read(&self.text).0.formatted(&self.text)
        };
        let shifted = |(span, text): (Span, String)| (span.shifted(self.base), text);
        let edits = edits.map(|edits| edits.into_iter().map(shifted).collect());
        edits.map_err(|findings| {
            let index = LineIndex::new(&self.text);
            findings.iter().map(|finding| Finding::new(finding, &index, 0)).collect()
        })
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

    /// What is wrong with the document, what compiling its query gives, and its lints; those of
    /// the data where there are events.
    pub(crate) fn lint(
        &self,
        mapping: &Mapping,
        store: &Store,
        options: &Options,
        allowed: &Allowed,
    ) -> Vec<Finding> {
        let mut findings = self.document_findings();
        if self.is_unreadable() {
            return findings;
        }
        let rule = &self.rule;
        let compiled = run::compile(&rule.query, mapping, store, options);
        let mut found = lint::findings(&compiled, rule, mapping, store, allowed);
        if let (Some(plan), Some(checked), 1..) =
            (&compiled.plan, &compiled.checked, store.n_events())
        {
            let patterns = IndexPatterns::new(&rule.indices);
            let (mut recording, mut trails) = (Recording::default(), Trails::default());
            let result = run::search(plan, store, &patterns, options, &mut recording, &mut trails);
            found = lint::data::add(
                found,
                &lint::data::Context {
                    text: lint::Context {
                        source: &rule.query,
                        tree: &compiled.tree,
                        checked,
                        schema: Schema { mapping, values: store },
                        rule,
                    },
                    store,
                    plan,
                    recording: &recording,
                    found: &result,
                    trails: &trails,
                },
            );
            found = lint::silence(found, &rule.query, allowed);
        }
        findings.extend(self.query_findings(&found));
        findings
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
        self.places_of(self.findings.iter().cloned())
    }

    /// Findings about the query, with their places in [`Source::text`].
    pub(crate) fn query_findings(&self, findings: &[Diagnostic]) -> Vec<Finding> {
        self.places_of(findings.iter().map(|finding| self.rule.placed(finding)))
    }

    /// A place in the query as one in [`Source::text`].
    pub(crate) fn place(&self, in_query: Span) -> Span {
        self.local(self.rule.place(in_query))
    }

    /// A place in the file as one in [`Source::text`].
    fn local(&self, span: Span) -> Span {
        Span::new(span.start.saturating_sub(self.base), span.end.saturating_sub(self.base))
    }

    fn places_of(&self, findings: impl ExactSizeIterator<Item = Diagnostic>) -> Vec<Finding> {
        // An index costs a pass over the text, and most rules have nothing wrong.
        if findings.len() == 0 {
            return Vec::new();
        }
        let index = LineIndex::new(&self.text);
        let local = findings.map(|mut finding| {
            finding.span = self.local(finding.span);
            for (span, _) in finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
                *span = self.local(*span);
            }
            Finding::new(&finding, &index, 0)
        });
        local.collect()
    }

    /// The findings, ready to be written.
    pub(crate) fn report<'r>(&'r self, findings: &'r [Finding]) -> Report<'r> {
        Report {
            file: self.file.as_deref(),
            rule: self.rule.name.as_deref().filter(|_| self.is_one_of_many),
            origin: self.origin,
            text: &self.text,
            findings,
        }
    }

    /// Moves places in [`Source::text`] to where they are in the file.
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }
}

/// Events, and the texts they were read from.
#[derive(Debug, Default)]
pub(crate) struct Events {
    /// The texts of which the places of [`Events::store`] are: files, or pieces of one.
    pub(crate) sources: Sources,
    /// Where the pieces come from that were let go after reading, by the number of their text.
    pieces: HashMap<u32, Piece>,
    /// The events.
    pub(crate) store: Store,
    /// Size of the files.
    pub(crate) bytes: u64,
    /// How many texts there are.
    n_texts: u32,
    /// What each file was taken for that is not NDJSON, the usual form.
    forms: Vec<String>,
    /// Lines that could not be read, in the order of the files: what is told about them.
    notices: Vec<String>,
    /// How many of them are not told.
    untold: usize,
}

/// A piece of a file.
#[derive(Debug)]
struct Piece {
    path: PathBuf,
    /// Byte at which it begins.
    start: u64,
}

/// Bytes of a file that are read at a time; more where a line is longer.
const PIECE_BYTES: usize = 8_000_000;

impl Events {
    /// Reads the files into one store, in order, each in its own form. Lines that cannot be read
    /// are skipped.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self, Failure> {
        Self::read_files(paths, false)
    }

    /// The same without keeping the text of large files with an event on each line: they are read
    /// piece by piece, and the few events that are shown are fetched again, see [`Events::fetch`].
    pub(crate) fn stream(paths: &[PathBuf]) -> Result<Self, Failure> {
        Self::read_files(paths, true)
    }

    fn read_files(paths: &[PathBuf], streams: bool) -> Result<Self, Failure> {
        let mut events = Self::default();
        let mut loader = Loader::new();
        let mut room = MAX_EVENT_BYTES;
        for path in paths {
            if streams && events.read_pieces(path, &mut loader, &mut room)? {
                continue;
            }
            // One byte more than the limit, to see that there is more.
            let bytes = read_bytes(path, room + 1)?;
            let size = bytes.len() as u64;
            let decoded = ingest::decode(bytes, room as usize).map_err(|kind| match kind {
                DiagKind::EventsTooLong { .. } => Failure::Message(TOO_MANY_BYTES.into()),
                kind => Failure::Message(format!("`{}`: {}", name(path), kind.message())),
            })?;
            events.bytes += size;
            room -= decoded.text.len() as u64;
            let added = loader.add(&decoded.text);
            let skipped = (decoded.skipped + added.skipped) as usize;
            let findings = [added.findings, decoded.findings].concat();
            let (n, format) = (added.events, added.format);
            let noun = if n == 1 { "event" } else { "events" };
            if format != "NDJSON" {
                events.forms.push(plain(&format!("{}: {format}, {n} {noun}", name(path))));
            }
            events.note(&name(path), &decoded.text, 0, skipped, findings);
            events.n_texts += 1;
            events.sources.push(added.json.unwrap_or(decoded.text));
        }
        events.store = loader.finish();
        Ok(events)
    }

    /// Reads a large file of lines piece by piece; false where it is none and nothing was read.
    fn read_pieces(
        &mut self,
        path: &Path,
        loader: &mut Loader,
        room: &mut u64,
    ) -> Result<bool, Failure> {
        if is_standard_input(path) {
            return Ok(false);
        }
        let failed =
            |error: io::Error| Failure::Message(format!("cannot read `{}`: {error}", name(path)));
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        if size <= PIECE_BYTES as u64 {
            return Ok(false);
        }
        if size > *room {
            return Err(Failure::Message(TOO_MANY_BYTES.into()));
        }
        let mut file = progress::watch(file, Some(size), &name(path));
        let (mut piece, mut start, mut line) = (Vec::with_capacity(PIECE_BYTES + 1), 0_u64, 0);
        loop {
            let more =
                (&mut file).take(PIECE_BYTES as u64).read_to_end(&mut piece).map_err(failed)?;
            let is_last = more < PIECE_BYTES;
            let whole = match piece.iter().rposition(|byte| *byte == b'\n') {
                _ if is_last => piece.len(),
                Some(at) => at + 1,
                // A line longer than a piece.
                None => continue,
            };
            let rest = piece.split_off(whole);
            if start == 0 {
                let begins = piece.get(..4096.min(piece.len())).unwrap_or_default();
                let begins = begins.utf8_chunks().next().map_or("", |chunk| chunk.valid());
                if !ingest::is_lines(begins) {
                    return Ok(false);
                }
            }
            let length = piece.len() as u64;
            line += self.add_piece(path, piece, (start, line), loader)?;
            start += length;
            piece = rest;
            piece.reserve(PIECE_BYTES);
            if is_last {
                self.bytes += size;
                *room -= size;
                return Ok(true);
            }
        }
    }

    /// Loads a piece that begins at this byte, after so many lines; how many lines it has.
    fn add_piece(
        &mut self,
        path: &Path,
        piece: Vec<u8>,
        (start, line): (u64, u32),
        loader: &mut Loader,
    ) -> Result<u32, Failure> {
        let n_lines = piece.iter().filter(|byte| **byte == b'\n').count() as u32;
        // Only what is not UTF-8 needs mending; a piece is no file with marks at its beginning.
        let (text, bad) = match String::from_utf8(piece) {
            Ok(text) => (text, None),
            Err(error) => {
                let length = error.as_bytes().len();
                let decoded = ingest::decode(error.into_bytes(), length).map_err(|kind| {
                    Failure::Message(format!("`{}`: {}", name(path), kind.message()))
                })?;
                (decoded.text, Some((decoded.skipped, decoded.findings)))
            }
        };
        let added = loader.add_lines(&text);
        let (skipped, findings) = bad.unwrap_or_default();
        let findings = [added.findings, findings].concat();
        self.note(&name(path), &text, line, (skipped + added.skipped) as usize, findings);
        self.pieces.insert(self.n_texts, Piece { path: path.to_owned(), start });
        self.n_texts += 1;
        self.sources.push_apart();
        Ok(n_lines)
    }

    /// Reads the JSON of these events again, where it was let go.
    pub(crate) fn fetch(&mut self, events: impl Iterator<Item = u32>) -> Result<(), Failure> {
        let mut open: Option<(PathBuf, File)> = None;
        for event in events {
            let Some(place) = self.store.place(event) else { continue };
            let Some(piece) = self.pieces.get(&place.source) else { continue };
            let failed = |error: io::Error| {
                Failure::Message(format!("cannot read `{}` again: {error}", name(&piece.path)))
            };
            let file = match &mut open {
                Some((path, file)) if *path == piece.path => file,
                _ => {
                    let file = File::open(&piece.path).map_err(failed)?;
                    &mut open.insert((piece.path.clone(), file)).1
                }
            };
            let mut json = vec![0; (place.end - place.start) as usize];
            file.seek(SeekFrom::Start(piece.start + place.start)).map_err(failed)?;
            file.read_exact(&mut json).map_err(failed)?;
            let json = String::from_utf8(json)
                .map_err(|_| failed(io::Error::other("it has changed in the meantime")))?;
            self.sources.fetched(place.source, event, json);
        }
        Ok(())
    }

    /// Notes what was found in a text that begins after `lines_before` lines of its file; `skipped`
    /// of its lines could not be read.
    fn note(
        &mut self,
        file: &str,
        text: &str,
        lines_before: u32,
        skipped: usize,
        mut findings: Vec<Diagnostic>,
    ) {
        // An index costs a pass over the file.
        if findings.is_empty() {
            return;
        }
        findings.sort_by_key(|found| found.span.start);
        findings.truncate(MAX_NOTICES.saturating_sub(self.notices.len()));
        let index = LineIndex::new(text);
        let is_line = |found: &&Diagnostic| !matches!(found.kind, DiagKind::BadGzip(_));
        self.untold += skipped.saturating_sub(findings.iter().filter(is_line).count());
        self.notices.extend(findings.iter().map(|found| {
            let place = index.position(found.span.start);
            let (line, column) = (lines_before + place.line, place.column);
            plain(&format!("{file}:{line}:{column}: {}", found.kind.message()))
        }));
    }

    /// Tells on standard error what the files were taken for that are not NDJSON.
    pub(crate) fn tell_forms(&self) {
        self.forms.iter().for_each(|form| output::tell_line(form));
    }

    /// Tells on standard error which lines were skipped, and why.
    pub(crate) fn tell_skipped(&self) {
        for notice in &self.notices {
            output::tell_line(notice);
        }
        if self.untold > 0 {
            output::tell_line(&format!("and {} more lines skipped", self.untold));
        }
    }
}
