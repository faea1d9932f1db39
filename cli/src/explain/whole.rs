//! What is said of a rule over all events: its funnel, what comes nearest, what stops most.

use std::io::{self, Write};

use serde::Serialize;

use eqlens_engine::desk::Desk;
use eqlens_engine::wire::nearest::{NearEvent, Nearest, Stopper};
use eqlens_engine::wire::timeline::Timeline;
use eqlens_engine::wire::{Node, NodeKind, Outcome, Span};

use super::{json, text};
use crate::Failure;
use crate::output::{Data, Format, Style, plain};

/// Width of the longest bar.
const BAR: usize = 20;

#[derive(Serialize)]
struct StopperLine<'o> {
    stopper: &'o Stopper,
}

/// A node of the funnel.
#[derive(Serialize)]
struct FunnelLine<'o> {
    kind: NodeKind,
    depth: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<u16>,
    text: &'o str,
    span: Span,
    /// Searched events for which it holds.
    count: u32,
    /// Those for which all that leads to it holds as well.
    reach: u32,
}

/// How many events get how far: a line a node, then what stops most.
pub(super) fn funnel(out: &mut Data, outcome: &Outcome, format: Format) -> Result<(), Failure> {
    let lines: Vec<FunnelLine<'_>> = outcome
        .nodes
        .iter()
        .map(|node| FunnelLine {
            kind: node.kind,
            depth: node.depth,
            clause: node.clause,
            text: &node.label,
            span: node.span,
            count: node.count.unwrap_or_default(),
            reach: node.reach.unwrap_or_default(),
        })
        .collect();
    match format {
        Format::Json => {
            for line in &lines {
                out.json(line)?;
            }
        }
        Format::Text => {
            let searched = outcome.result.as_ref().map_or(0, |result| result.searched);
            let style = Style::stdout();
            out.write(|out| {
                writeln!(out, "{searched} events searched; how many get to a node and hold there, and for how many it holds alone")?;
                let nodes = outcome.nodes.iter();
                nodes.zip(&lines).try_for_each(|(node, line)| bar(out, node, line, searched, style))
            })?;
        }
    }
    stopper(out, outcome, format)
}

/// One line of the funnel.
fn bar(
    out: &mut dyn Write,
    node: &Node,
    line: &FunnelLine<'_>,
    searched: u32,
    style: Style,
) -> io::Result<()> {
    let filled = (line.reach as usize * BAR).div_ceil(searched.max(1) as usize).min(BAR);
    let clause = line.clause.map(|n| format!("{n} ")).unwrap_or_default();
    let name = match node.kind {
        NodeKind::Stage => format!("{} {}", node.title, node.label),
        _ => format!("{clause}{}", node.label),
    };
    let name = plain(name.trim_end());
    writeln!(
        out,
        "{:>8}  {}{}  {:>8}  {}{name}",
        line.reach,
        style.good(&"█".repeat(filled)),
        style.dim(&"·".repeat(BAR - filled)),
        line.count,
        "  ".repeat(line.depth.into()),
    )
}

/// What stops most, where something is stopped.
fn stopper(out: &mut Data, outcome: &Outcome, format: Format) -> Result<(), Failure> {
    let stopper = outcome.result.as_ref().and_then(|result| result.stopper.as_ref());
    let Some(stopper) = stopper else { return Ok(()) };
    match format {
        Format::Json => out.json(&StopperLine { stopper }),
        Format::Text => out.write(|out| writeln!(out, "{}", plain(&stopper.sentence))),
    }
}

/// An event that does not match.
#[derive(Serialize)]
struct NearLine<'n> {
    _id: &'n str,
    distance: u32,
    /// Only where fewer may do.
    #[serde(skip_serializing_if = "Clone::clone")]
    exact: bool,
    clauses: Vec<NearClause<'n>>,
    sentence: String,
}

#[derive(Serialize)]
struct NearClause<'n> {
    clause: u16,
    text: &'n str,
    reason: &'n str,
    value: &'n str,
    wanted: &'n str,
}

/// What stops most, then what comes nearest.
pub(super) fn nearest(
    out: &mut Data,
    desk: &Desk,
    outcome: &Outcome,
    count: u32,
    format: Format,
) -> Result<(), Failure> {
    let nearest = desk.nearest(count);
    stopper(out, outcome, format)?;
    match format {
        Format::Json => {
            for trace in &nearest.traces {
                out.json(&json::trace(trace))?;
            }
            let timeline = desk.timeline();
            for group in &nearest.groups {
                out.json(&json::group(group, &timeline))?;
            }
            for event in &nearest.events {
                out.json(&near_line(event))?;
            }
            Ok(())
        }
        Format::Text => {
            let style = Style::stdout();
            let timeline = desk.timeline();
            let Nearest { traces, groups, .. } = nearest;
            let shown = Timeline { traces, groups, ..timeline };
            out.write(|out| {
                if !shown.traces.is_empty() || !shown.groups.is_empty() {
                    text::timeline(out, &shown, style)?;
                }
                nearest.events.iter().try_for_each(|event| near_text(out, event, style))
            })
        }
    }
}

fn near_line(event: &NearEvent) -> NearLine<'_> {
    let clauses = event.clauses.iter().map(|clause| NearClause {
        clause: clause.clause,
        text: &clause.label,
        reason: &clause.reason,
        value: &clause.value,
        wanted: &clause.wanted,
    });
    NearLine {
        _id: &event.id,
        distance: event.distance,
        exact: event.is_exact,
        clauses: clauses.collect(),
        sentence: sentence(event),
    }
}

fn sentence(event: &NearEvent) -> String {
    format!("{} {}", event.headline, event.sentence).trim_end().to_owned()
}

fn near_text(out: &mut dyn Write, event: &NearEvent, style: Style) -> io::Result<()> {
    let time = event.time.as_deref().unwrap_or_default();
    let head = format!("{:>3}  {}  {time}", event.distance, style.bold(&plain(&event.id)));
    writeln!(out, "{}", head.trim_end())?;
    writeln!(out, "     {}", plain(&sentence(event)))?;
    for clause in &event.clauses {
        let value = if clause.value.is_empty() { "-" } else { &clause.value };
        let line = format!(
            "       {} {}  {}",
            clause.clause,
            plain(&clause.label),
            style.dim(&plain(&format!("{value}  {}  wants {}", clause.reason, clause.wanted)))
        );
        writeln!(out, "{line}")?;
    }
    Ok(())
}
