//! `eqlens link`: permalinks, made and taken apart.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use eqlens_engine::desk::Desk;
use eqlens_engine::rule::Rule;
use eqlens_engine::wire::{Filter, Investigation, Severity};
use eqlens_engine::{VERSION, link, project, rule};

use crate::input::{self, Events, Source};
use crate::output::{self, Data, Format, Style};
use crate::{Failure, Status};

/// Make a permalink, or take one apart.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Encode(Encode),
    Decode(Decode),
}

/// Put a rule and its events into a link: one line on standard output.
#[derive(clap::Args)]
#[command(
    after_help = "Example: eqlens link encode --rule rule.toml --events events.ndjson --project \
                        --base https://example.org/eqlens/"
)]
struct Encode {
    /// The query
    #[arg(long, value_name = "Q", required_unless_present = "rule", conflicts_with = "rule")]
    query: Option<String>,
    /// A rule file, which is taken along as it is
    #[arg(long, value_name = "FILE")]
    rule: Option<PathBuf>,
    /// Events to take along; `-` is standard input
    #[arg(long, value_name = "FILE", num_args = 1..)]
    events: Vec<PathBuf>,
    /// Of the events, only the fields that the rule reads, with id, index and time
    #[arg(long, requires = "events")]
    project: bool,
    /// Address of the page; without it only the fragment is printed
    #[arg(long, value_name = "URL")]
    base: Option<String>,
}

/// Take a link apart: into files, or as one JSON record on standard output.
#[derive(clap::Args)]
#[command(
    after_help = "Example: eqlens link decode 'https://example.org/eqlens/#v0.r.…' --out case-12"
)]
struct Decode {
    /// The link, or its fragment; `-` reads it from standard input
    #[arg(value_name = "LINK")]
    link: String,
    /// Write rule.eql (rule.toml and so on for a document), events.ndjson and meta.json into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// What the link says beside rule and events.
#[derive(Serialize)]
struct Meta<'i> {
    title: &'i str,
    tab: &'i str,
    selected: Option<u32>,
    engine: &'i str,
    matches: Option<u32>,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    match &args.command {
        Command::Encode(args) => encode(args)?,
        Command::Decode(args) => decode(args)?,
    }
    Ok(Status::Yes)
}

fn encode(args: &Encode) -> Result<(), Failure> {
    input::one_standard_input(args.rule.iter().chain(&args.events))?;
    let text = match (&args.rule, &args.query) {
        (Some(path), _) => input::read_text(path)?,
        (None, query) => query.clone().unwrap_or_default(),
    };
    let events = Events::read(&args.events)?;
    events.tell_skipped();
    let has_events = events.store.n_events() > 0;
    let mut sent = events.sources.joined();
    let mut desk = Desk::over(events.sources, events.store);
    let outcome = desk.run(&text, &|| 0.0);
    if args.project {
        let Some(fields) = desk.fields_read() else {
            let source = Source::query(&text);
            let findings = &outcome.findings;
            output::tell(|err| source.report(findings).write(err, Format::Text, Style::stderr()));
            let message = "a rule that cannot run reads no fields: mend it, or leave out --project";
            return Err(Failure::Message(message.into()));
        };
        sent = project::events(&desk, &fields);
    } else if outcome.findings.iter().any(|found| found.severity == Severity::Error) {
        output::tell_line("the rule cannot run; the link carries it all the same");
    }
    let first = desk.rows(Filter::Matches, 0, 1).rows.first().map(|row| row.event);
    let investigation = Investigation {
        title: outcome.rule.name.unwrap_or_default(),
        rule: text,
        events: sent,
        tab: "matches".into(),
        selected: first,
        engine: VERSION.into(),
        matches: outcome.result.filter(|_| has_events).map(|result| result.matches),
    };
    let fragment = link::encode(&investigation).map_err(Failure::Message)?;
    let base = args.base.as_deref().unwrap_or_default();
    let base = base.split_once('#').map_or(base, |(before, _)| before);
    let mut out = Data::new();
    out.write(|out| writeln!(out, "{base}{fragment}"))?;
    out.finish()
}

/// How the file of a rule text is called: by its form.
fn rule_file(rule: &Rule) -> &'static str {
    match rule.form.as_str() {
        _ if rule.is_bare => "rule.eql",
        form if form.contains("JSON") => "rule.json",
        form if form.contains("page") => "rule.md",
        _ => "rule.toml",
    }
}

fn decode(args: &Decode) -> Result<(), Failure> {
    let link = match args.link.as_str() {
        "-" => input::read_text(Path::new("-"))?,
        link => link.to_owned(),
    };
    let record = link::decode(&link).map_err(|error| Failure::Message(error.to_string()))?;
    let Some(folder) = &args.out else {
        let mut out = Data::new();
        out.json(&record)?;
        return out.finish();
    };
    let meta = Meta {
        title: &record.title,
        tab: &record.tab,
        selected: record.selected,
        engine: &record.engine,
        matches: record.matches,
    };
    let meta = serde_json::to_string_pretty(&meta)
        .map_err(|error| Failure::Message(format!("cannot write meta.json: {error}")))?;
    let rule = rule_file(&rule::read(&record.rule).0);
    fs::create_dir_all(folder).map_err(|error| {
        Failure::Message(format!("cannot make the folder `{}`: {error}", folder.display()))
    })?;
    let files =
        [(rule, &record.rule), ("events.ndjson", &record.events), ("meta.json", &(meta + "\n"))];
    for (name, content) in files {
        let path = folder.join(name);
        fs::write(&path, content).map_err(|error| {
            Failure::Message(format!("cannot write `{}`: {error}", path.display()))
        })?;
    }
    Ok(())
}
