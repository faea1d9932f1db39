//! `eqlens check`: what is wrong with rules, without running them.

use std::path::PathBuf;

use eqlens_engine::run::Options;
use eqlens_engine::wire::Severity;

use crate::input::{self, Events, Source};
use crate::output::{self, Data, Format, Style};
use crate::run::Missing;
use crate::{Failure, Status};

/// Check a query or rule files: what is wrong with them?
///
/// Prints one JSON object a line for each finding. A `.ndjson` file holds one JSON rule a line. With
/// events or a mapping, fields and their types are checked as well.
#[derive(clap::Args)]
#[command(after_help = "Example: eqlens check rules/*.toml")]
pub(crate) struct Args {
    /// The query
    #[arg(long, value_name = "Q", required_unless_present = "files", conflicts_with = "files")]
    query: Option<String>,
    /// Rule files; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Events the rules are meant for; may be given several times
    #[arg(long, value_name = "FILE")]
    events: Vec<PathBuf>,
    /// Elasticsearch mapping (JSON) with the types of the fields
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// What a field is that neither the events nor the mapping have
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Missing::Null)]
    missing_fields: Missing,
    /// Form of the output [default: text on a terminal, json otherwise]
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
}

/// Findings so far.
#[derive(Default)]
struct Counts {
    rules: usize,
    errors: usize,
    warnings: usize,
}

/// Runs the command. A file that cannot be read does not keep the others from being checked.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    input::one_standard_input(args.files.iter().chain(&args.events).chain(&args.mapping))?;
    let format = Format::or_default(args.format);
    let mapping = input::mapping(args.mapping.as_deref())?;
    let mut events = Events::read(&args.events)?;
    events.store.hold_as(&mapping);
    events.tell_skipped();

    let style = Style::stdout();
    let mut out = Data::new();
    let mut counts = Counts::default();
    let mut check = |source: &Source| {
        let missing_fields = args.missing_fields.into();
        let options = Options { missing_fields, ..Options::default().for_rule(&source.rule) };
        let (_, findings) = source.compile(&mapping, &events.store, &options);
        let count = |severity| findings.iter().filter(|found| found.severity == severity).count();
        counts.rules += 1;
        counts.errors += count(Severity::Error);
        counts.warnings += count(Severity::Warning);
        out.write(|out| source.report(&findings).write(out, format, style))
    };
    let mut unread = None;
    if let Some(query) = &args.query {
        check(&Source::query(query))?;
    }
    for path in &args.files {
        match Source::all_of(path) {
            Ok(sources) => sources.iter().try_for_each(&mut check)?,
            // Only the last one goes up; those before are told here.
            Err(failure) => {
                if let Some(before) = unread.replace(failure) {
                    output::failure(&before);
                }
            }
        }
    }
    out.finish()?;
    if format == Format::Text {
        output::tell_line(&counts.line());
    }
    match unread {
        Some(failure) => Err(failure),
        None if counts.errors > 0 => Ok(Status::No),
        None => Ok(Status::Yes),
    }
}

impl Counts {
    fn line(&self) -> String {
        let n = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let (errors, warnings) = (n(self.errors, "error"), n(self.warnings, "warning"));
        format!("{} checked: {errors}, {warnings}", n(self.rules, "rule"))
    }
}
