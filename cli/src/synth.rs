//! `eqlens synth`: events that a rule matches, and such that it narrowly does not.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;
use serde_json::value::RawValue;

use eqlens_engine::expect;
use eqlens_engine::synth::{Case, Made, Synthesis, synthesise};
use eqlens_engine::wire::Finding;

use crate::fields::Fields;
use crate::input::{self, Source};
use crate::output::{self, Data, Style};
use crate::{Failure, Status};

/// Make events that a query or a rule matches.
///
/// Prints hits, one a line: values from the literals and patterns of the rule, times and keys that
/// join. With `--near` also events that miss it by one clause, or by time, key or order. Exits 1 where
/// no event can match, 2 where the query is refused.
#[derive(clap::Args)]
#[command(
    after_help = "Example: eqlens synth --rule rule.toml --near --format json",
    group = clap::ArgGroup::new("what").required(true).args(["query", "rule"])
)]
pub(crate) struct Args {
    /// The query
    #[arg(long, value_name = "Q")]
    query: Option<String>,
    /// A rule file; the events are in an index that it searches
    #[arg(long, value_name = "FILE")]
    rule: Option<PathBuf>,
    /// Make near misses as well; where the unwanted event of `![…]` or the event of `until` misses,
    /// the sequence matches all the same, as the name of the case says
    #[arg(long)]
    near: bool,
    /// Write match and near misses as expectations: `NAME.cases.toml`, and `NAME.events.ndjson`
    /// beside it; existing files stay
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// Elasticsearch mapping (JSON) with the types of the fields
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    #[command(flatten)]
    fields: Fields,
    /// Form of the output
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Ndjson)]
    format: Form,
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A hit a line; with `--near` each carries the name of its case
    Ndjson,
    /// A case a line with all that is known of it, and why there is none of others
    Json,
}

/// A hit. What stands beside `_source` is about the hit and no part of the event.
#[derive(Serialize)]
struct Hit<'m> {
    _id: &'m str,
    _index: &'m str,
    _source: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<&'m str>,
}

#[derive(Serialize)]
struct Line<'m> {
    name: &'m str,
    /// Per match the ids of its events; `-` where a stage has none.
    matches: Vec<Vec<&'m str>>,
    /// The clauses each of which alone decides.
    clauses: Vec<String>,
    /// Where the clause stands in the query, in bytes.
    span: Option<Place>,
    events: Vec<Hit<'m>>,
}

#[derive(Serialize)]
struct Place {
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct NoCase<'m> {
    impossible: &'m str,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    input::one_standard_input(args.rule.iter().chain(&args.mapping))?;
    let source = match (&args.rule, &args.query) {
        (Some(path), _) => Source::file(path)?,
        (_, query) => Source::query(query.as_deref().unwrap_or_default()),
    };
    let mapping = input::mapping(args.mapping.as_deref())?;
    let rule = args.fields.over(&source.rule);
    if source.is_unreadable() {
        return Err(refused(&source, &source.document_findings()));
    }
    let made = synthesise(&rule, &mapping, args.near || args.cases.is_some()).map_err(|found| {
        let mut findings = source.document_findings();
        findings.extend(source.query_findings(&found));
        refused(&source, &findings)
    })?;
    match &args.cases {
        Some(path) => write_cases(path, &expect::written(&rule, &source.text, &made))?,
        None => write(args.format, args.near, &made)?,
    }
    let words = made.impossible_words();
    match words.as_slice() {
        [] => {}
        [first, ..] if made.cases.is_empty() => {
            output::tell_line(first);
        }
        words if args.format == Form::Ndjson => output::tell_line(&format!(
            "{} cannot be made; `--near --format json` says why",
            match words.len() {
                1 => "1 near miss".to_owned(),
                n => format!("{n} near misses"),
            }
        )),
        _ => {}
    }
    Ok(if made.cases.is_empty() { Status::No } else { Status::Yes })
}

fn refused(source: &Source, findings: &[Finding]) -> Failure {
    output::tell(|err| {
        source.report(findings).write(err, output::Format::or_default(None), Style::stderr())
    });
    Failure::Reported
}

fn write(format: Form, near: bool, made: &Synthesis) -> Result<(), Failure> {
    let mut out = Data::new();
    for case in &made.cases {
        match format {
            Form::Ndjson => {
                let name = near.then_some(case.name.as_str());
                case.events.iter().try_for_each(|event| out.json(&hit(event, name)))?;
            }
            Form::Json => out.json(&line(made, case))?,
        }
    }
    if format == Form::Json {
        let words = made.impossible_words();
        words.iter().try_for_each(|impossible| out.json(&NoCase { impossible }))?;
    }
    out.finish()
}

fn hit<'m>(event: &'m Made, case: Option<&'m str>) -> Hit<'m> {
    let _source = RawValue::from_string(event.source.clone()).unwrap_or_default();
    Hit { _id: &event.id, _index: &event.index, _source, case }
}

fn line<'m>(made: &Synthesis, case: &'m Case) -> Line<'m> {
    let id = |at: &Option<usize>| {
        at.and_then(|at| case.events.get(at)).map_or("-", |event| event.id.as_str())
    };
    Line {
        name: &case.name,
        matches: case.matches.iter().map(|stages| stages.iter().map(id).collect()).collect(),
        clauses: made.labels(&case.decides),
        span: case.span.map(|span| Place { start: span.start, end: span.end }),
        events: case.events.iter().map(|event| hit(event, None)).collect(),
    }
}

/// Writes both files, or says which of them is there already.
fn write_cases(path: &Path, written: &expect::Written) -> Result<(), Failure> {
    let name = path.to_string_lossy();
    let Some(stem) = name.strip_suffix(".cases.toml") else {
        return Err(Failure::Message(format!("`{name}` does not end in `.cases.toml`")));
    };
    let events = PathBuf::from(format!("{stem}.events.ndjson"));
    for (path, text) in [(path, &written.cases), (&events, &written.events)] {
        let file = OpenOptions::new().write(true).create_new(true).open(path);
        let result = file.and_then(|mut file| file.write_all(text.as_bytes()));
        result.map_err(|error| {
            Failure::Message(format!("cannot write `{}`: {error}", path.display()))
        })?;
    }
    Ok(())
}
