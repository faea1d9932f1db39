//! Explanations for a reader at a terminal. A verdict is a shape first, then a colour.

use std::io::{self, Write};

use eqlens_engine::desk::Desk;
use eqlens_engine::explain::summary;
use eqlens_engine::wire::timeline::{Ended, GroupFilter, QueryForm, Timeline};
use eqlens_engine::wire::{Explanation, NodeKind, Outcome, Verdict};

use super::json::sentence;
use crate::output::{Style, plain};
use crate::table::Table;

/// The event, the sentence, and the condition with a verdict, value and reason per node.
pub(super) fn event(
    out: &mut dyn Write,
    desk: &Desk,
    outcome: &Outcome,
    explanation: &Explanation,
    style: Style,
) -> io::Result<()> {
    let mark = paint(explanation.verdict, style);
    let summary = plain(&summary(desk.store(), explanation.event));
    let head = format!(
        "{} {}  {summary}",
        mark(shape(explanation.verdict)),
        style.bold(&plain(&explanation.id))
    );
    writeln!(out, "{}", head.trim_end())?;
    writeln!(out, "  {}", plain(&sentence(explanation)))?;
    let nodes = outcome.nodes.iter().zip(&explanation.nodes);
    let rows: Vec<Row> = nodes
        .map(|(node, says)| Row {
            verdict: says.verdict,
            indent: 2 + 2 * usize::from(node.depth),
            text: match node.kind {
                NodeKind::Query | NodeKind::And | NodeKind::Or => plain(&node.label),
                // `Stage by host.id`, `Until`: the filter stands below.
                NodeKind::Stage => plain(format!("{} {}", node.title, node.label).trim_end()),
                _ => node.clause.map(|n| format!("{n} ")).unwrap_or_default() + &plain(&node.label),
            },
            // Of many values the note says how many there are, and which one decides.
            value: plain(match says.values.len() {
                0 => &says.note,
                1 => &says.value,
                _ if says.note.is_empty() => &says.value,
                _ => &says.note,
            }),
            reason: match (says.verdict, &says.reason) {
                // Of a leaf under a `not` the `not` tells.
                (Verdict::Fails | Verdict::Missing, Some(reason))
                    if node.clause.is_some() && !says.wanted.is_empty() =>
                {
                    format!("{reason}  wants {}", plain(&says.wanted))
                }
                (_, reason) => reason.clone().unwrap_or_default(),
            },
            decides: says.decisive,
        })
        .collect();
    let width = rows.iter().map(|row| row.indent + row.text.chars().count()).max().unwrap_or(0);
    let width = width.min(MAX_WIDTH);
    for row in &rows {
        row.write(out, width, style)?;
    }
    writeln!(out)
}

/// Beyond this column values follow their conditions without lining up.
const MAX_WIDTH: usize = 72;

/// One node.
struct Row {
    verdict: Verdict,
    indent: usize,
    text: String,
    value: String,
    reason: String,
    decides: bool,
}

impl Row {
    fn write(&self, out: &mut dyn Write, width: usize, style: Style) -> io::Result<()> {
        let mark = paint(self.verdict, style);
        let used = self.indent + self.text.chars().count();
        let mut line = format!("{:1$}", "", self.indent);
        line.push_str(&mark(shape(self.verdict)));
        line.push(' ');
        line.push_str(&if self.decides { style.bold(&self.text) } else { self.text.clone() });
        line.push_str(&" ".repeat(width.saturating_sub(used)));
        for part in [&self.value, &self.reason] {
            if !part.is_empty() {
                line.push_str("  ");
                line.push_str(&style.dim(part));
            }
        }
        if self.decides {
            line.push_str("  ← decides");
        }
        writeln!(out, "{}", line.trim_end())
    }
}

/// How a verdict looks without colour.
fn shape(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "✓",
        Verdict::Fails => "✗",
        Verdict::Missing => "–",
        Verdict::Unsearched => "○",
    }
}

fn paint(verdict: Verdict, style: Style) -> impl Fn(&str) -> String {
    move |text| match verdict {
        Verdict::Holds => style.good(text),
        Verdict::Fails => style.bad(text),
        Verdict::Missing | Verdict::Unsearched => style.dim(text),
    }
}

/// A table of traces or groups.
pub(super) fn timeline(out: &mut dyn Write, timeline: &Timeline, style: Style) -> io::Result<()> {
    let mark = |text: &str| if text == "✓" { style.good(text) } else { style.bad(text) };
    let bold = |text: &str| style.bold(text);
    let n_stages = timeline.stages.iter().filter(|stage| !stage.until).count();
    let keys = |keys: &[Option<String>]| {
        keys.iter().map(|key| key.as_deref().unwrap_or("-")).collect::<Vec<_>>().join(", ")
    };
    let paint: [&dyn Fn(&str) -> String; 2] = [&mark, &bold];
    let mut table = Table::new(&paint);
    match timeline.form {
        QueryForm::Event => {}
        QueryForm::Sequence => {
            table.row(["", &timeline.keys.join(", "), "stage", "events", "outcome"]);
            for trace in &timeline.traces {
                let events = trace.events.iter();
                let ids: Vec<&str> =
                    events.map(|event| event.as_ref().map_or("-", |e| e.id.as_str())).collect();
                let mut outcome = trace.outcome.clone();
                if let Some(by) = trace.by.as_ref().filter(|by| !outcome.contains(&by.id)) {
                    outcome.push_str(&format!(" ({})", by.id));
                }
                table.row([
                    if trace.ended == Ended::Matched { "✓" } else { "✗" },
                    &keys(&trace.keys),
                    &format!("{} of {n_stages}", trace.stage),
                    &ids.join(" → "),
                    &outcome,
                ]);
            }
        }
        QueryForm::Sample => {
            let filters = timeline.stages.iter().map(|stage| format!("filter {}", stage.number));
            let head = ["".to_owned(), timeline.keys.join(", ")];
            table.row(head.into_iter().chain(filters));
            for group in &timeline.groups {
                let is_match = !group.samples.is_empty();
                let mark = if is_match { "✓" } else { "✗" };
                let filters = group.filters.iter().map(found);
                table.row([mark.to_owned(), keys(&group.keys)].into_iter().chain(filters));
            }
        }
    }
    table.write(out)
}

/// The first ids a filter found, and how many more.
fn found(filter: &GroupFilter) -> String {
    const SHOWN: usize = 3;
    let ids: Vec<&str> = filter.events.iter().take(SHOWN).map(|event| event.id.as_str()).collect();
    match (filter.count as usize).saturating_sub(ids.len()) {
        0 if ids.is_empty() => "none".to_owned(),
        0 => ids.join(", "),
        more => format!("{} and {more} more", ids.join(", ")),
    }
}
