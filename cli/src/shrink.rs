//! `eqlens shrink`: the fewest events that give the same matches.

use std::path::PathBuf;

use eqlens_engine::desk::Desk;
use eqlens_engine::wire::Severity;

use crate::fields::Fields;
use crate::input::{self, Events, Source};
use crate::output::{self, Data, Format, Style};
use crate::{Failure, Status};

/// Keep only the events that matches need.
///
/// Prints the events as NDJSON, each as it was and in the same order; run over them, the rule finds
/// the same. Exits 1 where nothing matches, 2 where the query is refused.
#[derive(clap::Args)]
#[command(
    after_help = "Example: eqlens shrink --rule rule.toml --events events.ndjson --near 2 > small.ndjson",
    group = clap::ArgGroup::new("what").required(true).args(["query", "rule"])
)]
pub(crate) struct Args {
    /// The query
    #[arg(long, value_name = "Q")]
    query: Option<String>,
    /// A rule file; its index patterns and fields count
    #[arg(long, value_name = "FILE")]
    rule: Option<PathBuf>,
    /// Event files, each in any form, also gzipped; `-` is standard input
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    events: Vec<PathBuf>,
    /// Keep this many near misses as well
    #[arg(long, value_name = "N", default_value_t = 0)]
    near: u32,
    /// Keep the event of this id, and what `explain` says of it
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    /// Elasticsearch mapping (JSON) with the types of the fields
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    #[command(flatten)]
    fields: Fields,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    input::one_standard_input(args.rule.iter().chain(&args.events).chain(&args.mapping))?;
    let source = match (&args.rule, &args.query) {
        (Some(path), _) => Source::file(path)?,
        (None, query) => Source::query(query.as_deref().unwrap_or_default()),
    };
    let mapping = input::mapping(args.mapping.as_deref())?;
    let events = Events::read(&args.events)?;
    events.tell_skipped();
    let mut desk = Desk::over(events.sources, events.store);
    desk.set_mapping(mapping);
    let of_id = |id: &str| {
        let event = desk.store().event_by_id(id);
        event.ok_or_else(|| Failure::Message(format!("there is no event `{id}`")))
    };
    let keep = args.event.as_deref().map(of_id).transpose()?;
    let mut findings = source.document_findings();
    let mut result = None;
    if !source.is_unreadable() {
        let rule = (args.fields.over(&source.rule), Vec::new());
        let outcome = desk.run_read(rule, &source.text, &|| 0.0);
        findings.extend(outcome.findings);
        result = outcome.result;
    }
    let Some(result) = result else {
        findings.retain(|finding| finding.severity == Severity::Error);
        output::tell(|err| {
            source.report(&findings).write(err, Format::or_default(None), Style::stderr())
        });
        return Err(Failure::Reported);
    };
    let Some(kept) = desk.shrink(keep, args.near) else {
        return Err(Failure::Message("no smaller set of events gives the same".into()));
    };
    let mut out = Data::new();
    out.write(|out| out.write_all(kept.text.as_bytes()))?;
    out.finish()?;
    output::tell_line(kept.sentence.trim_end_matches('.'));
    Ok(if result.matches > 0 { Status::Yes } else { Status::No })
}
