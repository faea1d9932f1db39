//! The `fails` of a case: the one thing that keeps an event, a sequence or a sample from matching.

use serde::Deserialize;

use crate::desk::Desk;
use crate::expect::MISSING;
use crate::wire::Outcome;
use crate::wire::timeline::{Ended, EventRef, QueryForm, Timeline, Trace};

/// What `fails` says.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Written")]
pub(super) enum Fails {
    /// One clause decides over an event; of a sequence, over its part in one stage.
    Clause {
        event: String,
        /// Of a sequence: the stage whose filter the event fails, from 1.
        stage: Option<u16>,
        clause: String,
        reason: String,
    },
    /// A partial sequence ended at this event.
    Ended { event: String, reason: Ended },
    /// No event of these keys passes a filter of the sample, from 1.
    NoEvent { keys: Vec<String>, filter: u16 },
}

/// As it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    event: Option<String>,
    stage: Option<u16>,
    clause: Option<String>,
    keys: Option<Vec<String>>,
    filter: Option<u16>,
    reason: String,
}

impl TryFrom<Written> for Fails {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { event, stage, clause, keys, filter, reason } = written;
        match (event, clause, keys, filter) {
            (Some(event), Some(clause), None, None) => {
                Ok(Self::Clause { event, stage, clause, reason })
            }
            (Some(event), None, None, None) if stage.is_none() => {
                let ended = Ended::ALL.into_iter().find(|ended| ended.name() == reason);
                let names = Ended::ALL.map(Ended::name).join("`, `");
                let reason = ended.ok_or_else(|| {
                    format!("`{reason}` is none of `{names}`; another reason needs its `clause`")
                })?;
                Ok(Self::Ended { event, reason })
            }
            (None, None, Some(keys), Some(filter)) if stage.is_none() => match reason.as_str() {
                "no_event" => Ok(Self::NoEvent { keys, filter }),
                _ => Err(format!("the reason of a filter is `no_event`, not `{reason}`")),
            },
            _ => {
                Err("`fails` has `event`, `clause` and `reason` (of a sequence also `stage`), or \
                      `event` and `reason`, or `keys`, `filter` and `reason`"
                    .into())
            }
        }
    }
}

impl Fails {
    pub(super) fn check(
        &self,
        desk: &Desk,
        outcome: &Outcome,
        timeline: &Timeline,
        form: QueryForm,
        rule: &str,
    ) -> Result<(), String> {
        match self {
            Self::Clause { event, stage, clause, reason } => {
                let root = stage_node(*stage, timeline, form)?;
                let event = event_of(desk, event)?;
                check_clause(desk, outcome, rule, event, root, (clause, reason))
            }
            Self::Ended { event, reason } => {
                event_of(desk, event)?;
                check_ended(timeline, event, *reason)
            }
            Self::NoEvent { keys, filter } => check_no_event(timeline, keys, *filter),
        }
    }
}

/// Position of the event with this id.
fn event_of(desk: &Desk, id: &str) -> Result<u32, String> {
    desk.store().event_by_id(id).ok_or_else(|| format!("there is no event `{id}` in this case"))
}

/// The node whose clauses count: that of the stage, or the whole query.
fn stage_node(stage: Option<u16>, timeline: &Timeline, form: QueryForm) -> Result<u32, String> {
    match (form, stage) {
        (QueryForm::Event, None) => Ok(0),
        (QueryForm::Event, Some(_)) => Err("an event query has no stages".into()),
        (_, None) => Err("say of which `stage`".into()),
        (_, Some(number)) => {
            let mut stages = timeline.stages.iter();
            let stage = stages.find(|stage| stage.number == number);
            stage.map(|stage| stage.node).ok_or_else(|| format!("there is no stage {number}"))
        }
    }
}

/// Holds the one clause below `root` that decides over the event against text and reason.
fn check_clause(
    desk: &Desk,
    outcome: &Outcome,
    rule: &str,
    event: u32,
    root: u32,
    (clause, reason): (&str, &str),
) -> Result<(), String> {
    let deciding = desk.deciding(root, event);
    let [(node, actual)] = deciding.as_slice() else {
        return Err(format!("{} clauses decide, expected one", deciding.len()));
    };
    let node = outcome.nodes.get(*node as usize).ok_or("the clause is no node")?;
    let text = rule.get(node.span.start as usize..node.span.end as usize);
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Where the query is written with escapes, only the label tells.
    if text.map(one_line) != Some(one_line(clause)) && node.label != one_line(clause) {
        return Err(format!("`{}` decides, expected `{}`", node.label, one_line(clause)));
    }
    if *actual != reason {
        return Err(format!("reason `{actual}`, expected `{reason}`"));
    }
    Ok(())
}

/// Some trace ended so, with this event as its last, or as the one that ended it.
fn check_ended(timeline: &Timeline, event: &str, reason: Ended) -> Result<(), String> {
    if timeline.form != QueryForm::Sequence {
        return Err(format!("only a partial sequence ends by `{}`", reason.name()));
    }
    let is_it = |found: Option<&EventRef>| found.is_some_and(|found| found.id == event);
    let at_event = |trace: &&Trace| {
        is_it(trace.events.iter().flatten().next_back()) || is_it(trace.by.as_ref())
    };
    let ended: Vec<&str> =
        timeline.traces.iter().filter(at_event).map(|trace| trace.ended.name()).collect();
    match ended.contains(&reason.name()) {
        true => Ok(()),
        false if ended.is_empty() => Err(format!("no partial sequence ended at `{event}`")),
        false => Err(format!(
            "what ended at `{event}` ended by `{}`, expected `{}`",
            ended.join("`, `"),
            reason.name()
        )),
    }
}

/// The group of these keys has no event for the filter.
fn check_no_event(timeline: &Timeline, keys: &[String], filter: u16) -> Result<(), String> {
    if timeline.form != QueryForm::Sample {
        return Err("only a sample has filters without an event".into());
    }
    let are_keys = |of: &[Option<String>]| {
        let of = of.iter().map(|key| key.as_deref().unwrap_or(MISSING));
        of.eq(keys.iter().map(String::as_str))
    };
    let group = timeline.groups.iter().find(|group| are_keys(&group.keys));
    let group = group.ok_or_else(|| format!("no event has the keys {keys:?}"))?;
    let found = usize::from(filter).checked_sub(1).and_then(|at| group.filters.get(at));
    match found.ok_or_else(|| format!("there is no filter {filter}"))?.count {
        0 => Ok(()),
        count => Err(format!("{count} events pass filter {filter}, expected none")),
    }
}
