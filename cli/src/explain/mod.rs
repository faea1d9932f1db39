//! `eqlens explain`: why events match or not, how sequences and samples came about.

mod change;
mod json;
mod text;
mod whole;

use eqlens_engine::desk::Desk;
use eqlens_engine::wire::Outcome;
use eqlens_engine::wire::timeline::{Ended, EventRef, Group, QueryForm, Timeline, Trace};

use crate::asked::{Asked, event_of};
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
    #[arg(long, value_name = "ID")]
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
    /// Form of the output [default: text on a terminal, json otherwise]
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let format = Format::or_default(args.format);
    let (desk, outcome) = args.asked.run(format)?;
    let only = args.event.as_deref().map(|id| event_of(&desk, id)).transpose()?;
    let Some(result) = &outcome.result else { return Err(Failure::Reported) };

    let mut out = Data::new();
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
    let any = match result.form {
        QueryForm::Event => events_one_by_one(&mut out, &desk, &outcome, only, format)?,
        QueryForm::Sequence | QueryForm::Sample => {
            let timeline = of_event(desk.timeline(), only);
            match only {
                // It takes part in nothing: the tree says which clauses keep it from every stage.
                Some(_) if timeline.traces.is_empty() && timeline.groups.is_empty() => {
                    events_one_by_one(&mut out, &desk, &outcome, only, format)?
                }
                _ => whole_timeline(&mut out, &timeline, only.is_none(), format)?,
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

/// The traces and groups that an event takes part in; all of them where no event is named.
fn of_event(mut timeline: Timeline, only: Option<u32>) -> Timeline {
    if let Some(event) = only {
        timeline.traces.retain(|trace| has_event(trace, event));
        timeline.groups.retain(|group| is_in_group(group, event));
    }
    timeline
}

/// Writes the traces of a sequence or the groups of a sample; where they should be all, it says how
/// many there were too many. Does any of them match?
fn whole_timeline(
    out: &mut Data,
    timeline: &Timeline,
    all: bool,
    format: Format,
) -> Result<bool, Failure> {
    let left_out =
        (timeline.total as usize).saturating_sub(timeline.traces.len() + timeline.groups.len());
    let any = timeline.traces.iter().any(|trace| trace.ended == Ended::Matched)
        || timeline.groups.iter().any(|group| !group.samples.is_empty());
    match format {
        Format::Json => {
            for trace in &timeline.traces {
                out.json(&json::trace(trace))?;
            }
            for group in &timeline.groups {
                out.json(&json::group(group))?;
            }
        }
        Format::Text => out.write(|out| text::timeline(out, timeline, Style::stdout()))?,
    }
    if all && left_out > 0 {
        output::tell_line(&format!("and {left_out} more, not shown"));
    }
    Ok(any)
}

fn has_event(trace: &Trace, event: u32) -> bool {
    let mut events = trace.events.iter().flatten().chain(&trace.by);
    events.any(|found| found.event == event)
}

/// A filter names its first events only, so that one of a crowd may go unseen.
fn is_in_group(group: &Group, event: u32) -> bool {
    let is_it = |found: &EventRef| found.event == event;
    group.filters.iter().any(|filter| filter.events.iter().any(is_it))
        || group.samples.iter().flatten().any(is_it)
}
