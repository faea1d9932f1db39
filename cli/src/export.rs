//! `eqlens export`: what came of a rule, for a ticket or another tool.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::ValueEnum;

use eqlens_engine::run::Options;
use eqlens_engine::time::Instant;
use eqlens_engine::wire::export::NoteOptions;

use crate::asked::{Asked, event_of};
use crate::fields::date;
use crate::output::{Data, Format};
use crate::{Failure, Status};

/// Export what a query or a rule finds: a case note, or the matches with the clauses that decided.
///
/// The note says what was searched and found, why, and what narrowly missed, with everything of the
/// events escaped. Exits 1 where nothing matches, with the note all the same; a refused query exits 2
/// with its findings on standard error.
#[derive(clap::Args)]
#[command(after_help = "Example: eqlens export --to markdown --rule rule.toml --events \
                        events.ndjson -o note.md")]
pub(crate) struct Args {
    /// What is made of it
    #[arg(long, value_name = "FORM", value_enum)]
    to: Form,
    #[command(flatten)]
    asked: Asked,
    /// Note: explain the event of this id clause by clause
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    /// NDJSON: after the matches, what narrowly does not match
    #[arg(long)]
    near: bool,
    /// Note: when it is written, as a date [default: now]
    #[arg(long, value_name = "DATE", value_parser = date)]
    now: Option<Instant>,
    /// Where to write it [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Forms of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A case note
    Markdown,
    /// The matches, one a line, each `_source` as it was
    Ndjson,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let (desk, outcome) = args.asked.run(Options::default(), Format::or_default(None))?;
    let event = args.event.as_deref().map(|id| event_of(&desk, id)).transpose()?;
    let text = match args.to {
        Form::Markdown => desk.note(&NoteOptions {
            now_ms: args.now.map(Instant::millis).or_else(system_now),
            event,
            ..NoteOptions::default()
        }),
        Form::Ndjson => desk.matches_ndjson(args.near),
    };
    let text = text.unwrap_or_default();
    if let Some(path) = args.output.as_deref().filter(|path| path.as_os_str() != "-") {
        std::fs::write(path, text).map_err(|error| {
            Failure::Message(format!("cannot write `{}`: {error}", path.display()))
        })?;
    } else {
        let mut out = Data::new();
        out.write(|out| out.write_all(text.as_bytes()))?;
        out.finish()?;
    }
    let any = outcome.result.is_some_and(|result| result.matches > 0);
    Ok(if any { Status::Yes } else { Status::No })
}

fn system_now() -> Option<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}
