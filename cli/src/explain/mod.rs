//! `eqlens explain`: why events match or not, how sequences and samples came about.

mod change;
mod json;
mod text;
mod whole;

use eqlens_engine::desk::Desk;
use eqlens_engine::run::Options;
use eqlens_engine::wire::Outcome;
use eqlens_engine::wire::cursor::CursorAt;
use eqlens_engine::wire::timeline::{Ended, Of, QueryForm, Timeline, Trace};

use crate::asked::{Asked, event_of};
use crate::fields::Search;
use crate::output::{self, Data, Format, Style};
use crate::{Failure, Status};

/// Explain a query or a rule over events: why does each match, or not?
///
/// Prints one JSON object a line for each event; for a sequence, one for each partial match and why
/// it ended; for a sample, one for each join key and what its filters found. A refused query exits 2
/// with its findings on standard error.
#[derive(clap::Args)]
#[command(after_help = "Example: eqlens explain --rule rule.toml --events events.ndjson \
                        --event a1 --format text")]
pub(crate) struct Args {
    #[command(flatten)]
    asked: Asked,
    /// Only the event of this id, or what it takes part in
    #[arg(long, value_name = "ID", conflicts_with_all = ["at", "key"])]
    event: Option<String>,
    /// The N events nearest to a match, nearest first, with what would have to change; of a sequence
    /// or sample also what got furthest
    #[arg(long, value_name = "N", conflicts_with = "event")]
    nearest: Option<u32>,
    /// How many events get how far: a line for each part of the condition, and what stops most
    #[arg(long, conflicts_with_all = ["event", "nearest"])]
    funnel: bool,
    /// What would have to change in the event for it to match? The smallest edit, confirmed by a run
    #[arg(long, requires = "event")]
    change: bool,
    /// Of a sequence, the state of the matcher after the event of this id: what the event did, what
    /// waits, what has ended
    #[arg(long, value_name = "ID", conflicts_with_all = ["key", "nearest", "funnel"])]
    at: Option<String>,
    /// Only the partial matches or samples of this join key, all of them: its values in order, an
    /// empty one where the key is missing
    #[arg(long, value_name = "V[,V…]", conflicts_with_all = ["nearest", "funnel"])]
    key: Option<String>,
    #[command(flatten)]
    search: Search,
    /// Form of the output [default: text on a terminal, json otherwise]
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let format = Format::or_default(args.format);
    let (desk, outcome) = args.asked.run(args.search.over(Options::default()), format)?;
    let event = |id: &Option<String>| id.as_deref().map(|id| event_of(&desk, id)).transpose();
    let (only, at) = (event(&args.event)?, event(&args.at)?);
    let Some(result) = &outcome.result else { return Err(Failure::Reported) };

    let mut out = Data::new();
    if let Some(at) = at {
        cursor(&mut out, &desk, at, format)?;
        out.finish()?;
        return Ok(Status::Yes);
    }
    if args.funnel || args.nearest.is_some() {
        match args.nearest {
            Some(count) => whole::nearest(&mut out, &desk, &outcome, count, format)?,
            None => whole::funnel(&mut out, &outcome, format)?,
        }
        out.finish()?;
        return Ok(if result.matches > 0 { Status::Yes } else { Status::No });
    }
    if let Some(event) = only.filter(|_| args.change) {
        let Some(change) = desk.change(event) else { return Ok(Status::No) };
        match format {
            Format::Json => out.json(&change)?,
            Format::Text => out.write(|out| change::write(out, &change, Style::stdout()))?,
        }
        out.finish()?;
        let matches = desk.explain(event).is_some_and(|explanation| json::matches(&explanation));
        return Ok(if matches { Status::Yes } else { Status::No });
    }
    let any = match (result.form, &args.key) {
        (QueryForm::Event, Some(_)) => {
            return Err(Failure::Message("`--key` is for sequences and samples".into()));
        }
        (QueryForm::Event, None) => events_one_by_one(&mut out, &desk, &outcome, only, format)?,
        (_, Some(key)) => {
            let timeline = desk.timeline_of(&Of::Keys(key_values(key, &desk.timeline().keys)?));
            whole_timeline(&mut out, &timeline, format)?
        }
        (_, None) => {
            let timeline = match only {
                Some(event) => of_event(desk.timeline_of(&Of::Event(event)), event),
                None => desk.timeline(),
            };
            match only {
                // It takes part in nothing: the tree says which clauses keep it from every stage.
                Some(_) if timeline.traces.is_empty() && timeline.groups.is_empty() => {
                    events_one_by_one(&mut out, &desk, &outcome, only, format)?
                }
                _ => whole_timeline(&mut out, &timeline, format)?,
            }
        }
    };
    out.finish()?;
    Ok(if any { Status::Yes } else { Status::No })
}

/// Writes what is to be said of each event, or of one. Does any of them match?
fn events_one_by_one(
    out: &mut Data,
    desk: &Desk,
    outcome: &Outcome,
    only: Option<u32>,
    format: Format,
) -> Result<bool, Failure> {
    let events = only.map_or(0..desk.store().n_events(), |event| event..event + 1);
    let style = Style::stdout();
    let mut any = false;
    for event in events {
        let Some(explanation) = desk.explain(event) else { continue };
        any |= json::matches(&explanation);
        match format {
            Format::Json => out.json(&json::event(outcome, &explanation))?,
            Format::Text => {
                out.write(|out| text::event(out, desk, outcome, &explanation, style))?;
            }
        }
    }
    Ok(any)
}

/// Writes what the matcher is after an event.
fn cursor(out: &mut Data, desk: &Desk, event: u32, format: Format) -> Result<(), Failure> {
    let timeline = desk.timeline();
    if timeline.form != QueryForm::Sequence {
        return Err(Failure::Message("`--at` is for sequences".into()));
    }
    let Some(cursor) = desk.cursor(CursorAt::Event(event)) else {
        let id = desk.store().id(event);
        return Err(Failure::Message(format!(
            "event `{id}` takes no part in the sequence: it has no time, or its index is not searched"
        )));
    };
    match format {
        Format::Json => out.json(&json::cursor(&cursor)),
        Format::Text => {
            out.write(|out| text::cursor(out, &cursor, &timeline.keys, Style::stdout()))
        }
    }
}

/// The values of a join key from the command line. Of a single key all of the text is the value.
fn key_values(text: &str, names: &[String]) -> Result<Vec<Option<String>>, Failure> {
    let values: Vec<&str> = if names.len() == 1 { vec![text] } else { text.split(',').collect() };
    if values.len() != names.len() {
        let names = names.join(", ");
        let message = if names.is_empty() {
            "the query has no join keys".to_owned()
        } else {
            format!("expected a value for each of {names}, with commas between them")
        };
        return Err(Failure::Message(message));
    }
    Ok(values.into_iter().map(|value| (!value.is_empty()).then(|| value.to_owned())).collect())
}

/// The traces and groups that an event takes part in, of those of its keys.
fn of_event(mut timeline: Timeline, event: u32) -> Timeline {
    timeline.traces.retain(|trace| has_event(trace, event));
    timeline.ended.clear();
    timeline
}

/// Writes the traces of a sequence or the groups of a sample, and says which are left out. Does any
/// of them match?
fn whole_timeline(out: &mut Data, timeline: &Timeline, format: Format) -> Result<bool, Failure> {
    let any = timeline.traces.iter().any(|trace| trace.ended == Ended::Matched)
        || timeline.groups.iter().any(|group| !group.samples.is_empty());
    match format {
        Format::Json => {
            for trace in &timeline.traces {
                out.json(&json::trace(trace))?;
            }
            for group in &timeline.groups {
                out.json(&json::group(group, timeline))?;
            }
        }
        Format::Text => out.write(|out| text::timeline(out, timeline, Style::stdout()))?,
    }
    if let Some(line) = text::left_out(timeline) {
        output::tell_line(&line);
    }
    Ok(any)
}

fn has_event(trace: &Trace, event: u32) -> bool {
    let mut events = trace.events.iter().flatten().chain(&trace.by);
    events.any(|found| found.event == event)
}
