//! `eqlens describe`: a query in plain English.

use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use eqlens_engine::span::LineIndex;
use eqlens_engine::syntax::describe::{PartKind, Reading, describe};
use eqlens_engine::syntax::parser;
use eqlens_engine::wire;

use crate::files::each_rule_file;
use crate::input::{self, Source};
use crate::output::{self, Data, Format, Style, plain};
use crate::{Failure, Status};

/// Describe a query in plain English: what does it say?
///
/// Says everything the query says, and nothing else: queries that differ in more than layout,
/// comments and needless parentheses never read the same.
#[derive(clap::Args)]
#[command(
    after_help = "Example: eqlens describe --query 'process where process.pid > 4'",
    group = clap::ArgGroup::new("what").required(true).args(["query", "files"])
)]
pub(crate) struct Args {
    /// The query
    #[arg(long, value_name = "Q")]
    query: Option<String>,
    /// Rule files, or folders with `.toml`, `.eql` and `.ndjson` rules in them; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Form of the output; prose is text wherever it goes
    #[arg(long, value_enum, value_name = "FORM", default_value = "text")]
    format: Format,
}

/// One rule: a line of JSON.
#[derive(Serialize)]
struct Described<'r> {
    file: Option<&'r str>,
    name: Option<&'r str>,
    #[serde(flatten)]
    reading: wire::reading::Reading,
}

/// Runs the command. A file or a rule that cannot be read does not keep the others from it.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    input::one_standard_input(&args.files)?;
    let format = args.format;
    let mut out = Data::new();
    // Nothing described is no answer.
    let (mut is_sound, mut is_first) = (true, true);
    let mut n_described = 0;
    let mut tell = |source: &Source| -> Result<(), Failure> {
        if source.is_other_rule() {
            let label = source.label().unwrap_or_default();
            for finding in source.document_findings() {
                output::tell_line(&plain(&format!("{label}: passed over: {}", finding.message)));
            }
            return Ok(());
        }
        let mut findings = source.document_findings();
        let query = &source.rule.query;
        let (tree, found) = parser::parse(query);
        if !source.is_unreadable() {
            findings.extend(source.query_findings(&found));
        }
        output::tell(|err| source.report(&findings).write(err, format, Style::stderr()));
        if source.is_unreadable() || !found.is_empty() {
            is_sound = false;
            return Ok(());
        }
        n_described += 1;
        let reading = describe(&tree, query);
        let (file, name) = (source.file.as_deref(), source.rule.name.as_deref());
        let label = source.label();
        if format == Format::Json {
            let index = LineIndex::new(&source.text);
            let place = |span| source.place(span);
            let mut reading = wire::reading::Reading::new(&reading, &index, &place);
            reading.lines.iter_mut().for_each(|line| source.origin().shift(&mut line.span));
            return out.json(&Described { file, name, reading });
        }
        let gap = if std::mem::take(&mut is_first) { "" } else { "\n" };
        out.write(|out| {
            if let Some(title) = name.or(label.as_deref()) {
                writeln!(out, "{gap}{}", Style::stdout().bold(&plain(title)))?;
            }
            write_text(out, &reading, Style::stdout())
        })
    };
    if let Some(query) = &args.query {
        tell(&Source::query(query))?;
    }
    let read = each_rule_file(&args.files, &mut |file| {
        Source::all_of(file)?.iter().try_for_each(&mut tell)
    });
    out.finish()?;
    read?;
    Ok(if is_sound && n_described > 0 { Status::Yes } else { Status::No })
}

/// The reading with its remarks dimmed.
fn write_text(out: &mut dyn Write, reading: &Reading, style: Style) -> io::Result<()> {
    for line in &reading.lines {
        write!(out, "{:indent$}", "", indent = 2 * usize::from(line.depth))?;
        for part in &line.parts {
            let text = plain(&part.text);
            let is_note = part.kind == PartKind::Note;
            write!(out, "{}", if is_note { style.dim(&text) } else { text })?;
        }
        writeln!(out)?;
    }
    Ok(())
}
