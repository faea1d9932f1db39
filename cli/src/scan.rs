//! `eqlens scan`: which rules of a library match.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use eqlens_engine::scan::Scanner;
use eqlens_engine::wire::scan::{ScanError, ScanMatches, Scanned};

use crate::files::rules_below;
use crate::input::{self, Events, Source};
use crate::output::{self, Data, Format, Style, plain};
use crate::stats::{Stats, millis, peak_rss_bytes};
use crate::table::Table;
use crate::{Failure, Status};

/// Run many rules over events: which of them match?
///
/// Prints one JSON object a line for each rule: how many matches it has, and the first of them. The
/// events are read once. A `.ndjson` file holds one JSON rule a line.
#[derive(clap::Args)]
#[command(after_help = "Example: eqlens scan --rules rules --events events.ndjson")]
pub(crate) struct Args {
    /// Rule files, or folders with `.toml`, `.eql` and `.ndjson` rules in them
    #[arg(long, value_name = "DIR|FILE", num_args = 1.., required = true)]
    rules: Vec<PathBuf>,
    /// Event files, each in any form, also gzipped; `-` is standard input
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    events: Vec<PathBuf>,
    /// Elasticsearch mapping (JSON) with the types of the fields
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Print counts and times as one JSON line on standard error
    #[arg(long)]
    stats: bool,
    /// Form of the output [default: text on a terminal, json otherwise]
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
}

/// Runs the command. A file or a rule that cannot be read does not keep the others from running.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    input::one_standard_input(args.rules.iter().chain(&args.events).chain(&args.mapping))?;
    let format = Format::or_default(args.format);
    let mapping = input::mapping(args.mapping.as_deref())?;
    let mut files = Vec::new();
    for path in &args.rules {
        files.extend(rules_below(path)?);
    }

    let start = Instant::now();
    let mut events = Events::stream(&args.events)?;
    events.store.hold_as(&mapping);
    let ingest = start.elapsed();
    events.tell_skipped();

    let start = Instant::now();
    let mut out = Data::new();
    let scanner = Scanner::new(&events.store, &mapping);
    let mut tally = Tally::default();
    for file in &files {
        match Source::all_of(file) {
            Ok(sources) => {
                for source in &sources {
                    let scanned = scan(&scanner, source);
                    if format == Format::Json {
                        out.json(&scanned)?;
                    }
                    tally.add(source, scanned);
                }
            }
            Err(failure) => {
                output::failure(&failure);
                tally.unread += 1;
            }
        }
    }
    let query = start.elapsed();
    if format == Format::Text {
        out.write(|out| tally.write_table(out, Style::stdout()))?;
    }
    out.finish()?;
    if format == Format::Text {
        tally.tell_refused();
        output::tell_line(&tally.line());
    }
    if args.stats {
        output::tell_json(&Stats {
            events: events.store.n_events(),
            bytes: events.bytes,
            ingest_ms: millis(ingest),
            compile_ms: None,
            query_ms: millis(query),
            peak_rss_bytes: peak_rss_bytes(),
        });
    }
    tally.status()
}

/// Runs one rule, or says why its document cannot be read.
fn scan(scanner: &Scanner<'_>, source: &Source) -> Scanned {
    let mut scanned = scanner.scan(&source.rule, source.diagnostics());
    if scanned.name.is_none() {
        scanned.name = source.label();
    }
    scanned
}

/// What the rules gave, in all.
#[derive(Default)]
struct Tally {
    rules: usize,
    /// Those that matched, with their files.
    matched: Vec<Scanned>,
    /// Those that could not run: name, and why.
    refused: Vec<(String, ScanError)>,
    /// Files that could not be read.
    unread: usize,
}

impl Tally {
    fn add(&mut self, source: &Source, scanned: Scanned) {
        self.rules += 1;
        if let Some(error) = scanned.error {
            let name = source.label().or(scanned.name).unwrap_or_default();
            self.refused.push((name, error));
        } else if scanned.count.is_some_and(|count| count > 0) {
            self.matched.push(scanned);
        }
    }

    /// The rules that matched, most matches first.
    fn write_table(&mut self, out: &mut dyn Write, style: Style) -> io::Result<()> {
        self.matched.sort_by_key(|scanned| std::cmp::Reverse(scanned.count));
        let bold = |text: &str| style.bold(text);
        let dim = |text: &str| style.dim(text);
        let paint: [&dyn Fn(&str) -> String; 3] = [&|text| text.to_owned(), &bold, &dim];
        let mut table = Table::new(&paint);
        for scanned in &self.matched {
            table.row([
                scanned.count.unwrap_or_default().to_string(),
                scanned.name.clone().unwrap_or_default(),
                first_matches(&scanned.matches),
            ]);
        }
        table.write(out)
    }

    fn tell_refused(&self) {
        for (name, ScanError { code, message }) in &self.refused {
            output::tell_line(&plain(&format!("{name}: {code}: {message}")));
        }
    }

    fn line(&self) -> String {
        let (matched, refused) = (self.matched.len(), self.refused.len());
        let mut line = format!("{matched} of {} rules match", self.rules);
        if refused > 0 {
            line.push_str(&format!(", {refused} could not run"));
        }
        if self.unread > 0 {
            line.push_str(&format!(", {} files could not be read", self.unread));
        }
        line
    }

    /// What could not be read counts most, since nobody knows what it would have found.
    fn status(&self) -> Result<Status, Failure> {
        if self.rules == 0 && self.unread == 0 {
            return Err(Failure::Message("there are no rules to run".into()));
        }
        if self.unread > 0 || self.refused.len() == self.rules {
            return Err(Failure::Reported);
        }
        Ok(if self.matched.is_empty() { Status::No } else { Status::Yes })
    }
}

/// The first ids; the events of a sequence stand together.
fn first_matches(matches: &ScanMatches) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = match matches {
        ScanMatches::Events(ids) => ids.iter().take(SHOWN).cloned().collect(),
        ScanMatches::Lists(lists) => lists.iter().take(SHOWN).map(|list| list.join("+")).collect(),
    };
    shown.join(" ")
}
