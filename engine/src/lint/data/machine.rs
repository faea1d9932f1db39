//! L-18 to L-21 and L-41: what the sequence machine did with the events.

use crate::diag::{Diagnostic, Severity, n};
use crate::explain::duration;
use crate::hir::Form;
use crate::join::{End, keys_of};
use crate::lint::data::{Context, Part, Role};
use crate::lint::finding;
use crate::plan::{NodeId, Stage};
use crate::run::Hits;
use crate::span::Span;
use crate::store::Bits;

/// Fewer starts that were overwritten are as usual.
const MANY: u32 = 10;

/// So many events are looked at for a second chance of discarded matches.
const MAX_LOOKS: usize = 100_000;

pub(super) fn check(context: &Context<'_>, parts: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    let Form::Sequence { maxspan } = context.plan.form() else { return };
    overwritten(context, parts, findings);
    discarded(context, parts, findings);
    open(context, parts, findings);
    if let (Some(maxspan), Some(terms)) = (maxspan, context.text.sequence())
        && let Some(written) = &terms.maxspan
    {
        let span = written.number_span.to(written.unit.unwrap_or(written.number_span));
        short_data(context, maxspan, span, findings);
    }
    tied(context, findings);
}

fn span_of(context: &Context<'_>, node: NodeId) -> Span {
    context.plan.node(node).map_or(Span::default(), |node| node.span)
}

/// L-18.
fn overwritten(context: &Context<'_>, parts: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    let mut ordinary = parts.iter().filter(|part| part.role == Role::Ordinary);
    let Some(first) = ordinary.next() else { return };
    let Some(rarest) = ordinary.min_by_key(|part| part.count) else { return };
    let lost = context.trails.count(End::Overwritten { by: 0 }, Some(1));
    let rare = rarest.count > 0 && first.count / MANY >= rarest.count;
    if !rare || lost < MANY || lost * 2 < first.count {
        return;
    }
    let message = format!(
        "{} matches {}, {} only {}: {lost} starts were overwritten by newer ones",
        first.name,
        n(first.count as usize, "event"),
        rarest.name,
        rarest.count
    );
    let help = "narrow the first stage or add keys, if an earlier start matters";
    let span = span_of(context, first.stage.node);
    findings.push(finding("L-18", Severity::Info, span, message, help));
}

/// L-19: matches that were discarded although another event of the stage before the missing one
/// would have served. Where that stage is the first, the machine takes the newer event by itself.
fn discarded(context: &Context<'_>, parts: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    let stages = context.plan.stages();
    let ordinary_before = |at: usize| {
        stages.get(..at).unwrap_or_default().iter().filter(|stage| !stage.missing).count()
    };
    let n_ordinary = ordinary_before(stages.len());
    let mut looks = MAX_LOOKS;
    // Those that were complete are the nearest to a match.
    let discarded = context.trails.nearest(usize::MAX);
    let seen = End::MissingEventSeen { by: 0, stage: 0 };
    let n_kept = discarded.iter().filter(|trail| trail.events.len() == n_ordinary).count();
    let more = if context.trails.count(seen, None) as usize > n_kept { "at least " } else { "" };
    for part in parts.iter().filter(|part| part.role == Role::Missing) {
        let reached = ordinary_before(part.at);
        if reached < 2 || reached == n_ordinary {
            continue;
        }
        let before = stages.get(..part.at).unwrap_or_default();
        let Some(before) = before.iter().rfind(|stage| !stage.missing) else { continue };
        let mut count: usize = 0;
        let mut example = None;
        for trail in &discarded {
            let by_this =
                matches!(trail.end, End::MissingEventSeen { stage, .. } if stage == part.at);
            if let (true, Some([from, to])) = (by_this, trail.events.get(reached - 1..=reached)) {
                let found = second_chance(context, part, before, (*from, *to), &mut looks);
                count += usize::from(found.is_some());
                example = example.or(found);
            }
        }
        let Some(example) = example else { continue };
        let were = if count == 1 { "was" } else { "were" };
        let message = format!(
            "{more}{count} complete {} {were} discarded because of {}, though a later event of the stage before it would do (event `{}`): nothing is tried again",
            if count == 1 { "sequence" } else { "sequences" },
            part.name,
            context.store.id(example)
        );
        let help = "narrow the stage before it, or add keys";
        let span = span_of(context, part.stage.node);
        findings.push(finding("L-19", Severity::Warning, span, message, help));
    }
}

/// An event between two of a match that passes the filter of the earlier one, with its keys, and
/// has no unwanted event behind it (spec §7.28, §7.44).
fn second_chance(
    context: &Context<'_>,
    unwanted: &Part<'_>,
    before: &Stage,
    (from, to): (u32, u32),
    looks: &mut usize,
) -> Option<u32> {
    let time = |event| context.store.time(context.plan.time(), event);
    let (first, last) = (time(from)?, time(to)?);
    let ordinals = &context.found.ordinals;
    let start = ordinals.partition_point(|(at, _)| *at <= first);
    let between = ordinals.get(start..)?.iter().take_while(|(at, _)| *at < last);
    let passes = context.recording.bits(before.node)?;
    let keys = keys_of(before, context.store, from);
    let mut found: Option<(i64, u32)> = None;
    for (at, event) in between {
        *looks = looks.checked_sub(1)?;
        if unwanted.bits.get(*event)
            && found.is_some_and(|(found, _)| found < at.millis())
            && keys_of(unwanted.stage, context.store, *event) == keys
        {
            found = None;
        }
        if passes.get(*event) && keys_of(before, context.store, *event) == keys {
            found = Some((at.millis(), *event));
        }
    }
    found.map(|(_, event)| event)
}

/// L-20.
fn open(context: &Context<'_>, parts: &[Part<'_>], findings: &mut Vec<Diagnostic>) {
    let Hits::Joined(matches) = &context.found.all else { return };
    let open = matches.iter().filter(|hit| hit.is_open).count();
    // `until` stands behind the stages.
    let last = parts.iter().rfind(|part| part.role != Role::Until);
    if let (Some(last), 1..) = (last, open) {
        let message = format!(
            "the events end before the window of {open} of {} closes: what must be missing may still come",
            if matches.len() == 1 {
                "1 match".to_owned()
            } else {
                format!("{} matches", matches.len())
            }
        );
        let help = "load later events: as many as `maxspan` reaches";
        let span = span_of(context, last.stage.node);
        findings.push(finding("L-20", Severity::Info, span, message, help));
    }
}

/// L-21.
fn short_data(context: &Context<'_>, maxspan: u64, span: Span, findings: &mut Vec<Diagnostic>) {
    let ordinals = &context.found.ordinals;
    let (Some((first, _)), Some((last, _))) = (ordinals.first(), ordinals.last()) else { return };
    let range = last.millis().abs_diff(first.millis());
    if range > 0 && range < maxspan {
        let message = format!(
            "the events reach over {}, less than the {} of `maxspan`",
            duration(range),
            duration(maxspan)
        );
        let help = "load events of a longer time, or shorten `maxspan`";
        findings.push(finding("L-21", Severity::Info, span, message, help));
    }
}

/// L-41: two events of a match with one time, and no tiebreaker that tells them apart (spec §7.4).
fn tied(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Hits::Joined(matches) = &context.found.all else { return };
    let time = context.plan.time();
    let tiebreaker = time.tiebreaker.as_ref().and_then(|(name, _)| context.store.column(name));
    let rank = |event| tiebreaker.and_then(|column| column.codes_of(event).first());
    let mut tied = Bits::none(context.store.n_events());
    for pair in context.found.ordinals.windows(2) {
        if let [(a, first), (b, second)] = pair
            && a == b
            && rank(*first) == rank(*second)
        {
            tied.set(*first);
            tied.set(*second);
        }
    }
    let depends = |events: &[Option<u32>]| {
        let events: Vec<u32> = events.iter().flatten().copied().filter(|e| tied.get(*e)).collect();
        events.windows(2).any(|pair| match pair {
            [a, b] => {
                rank(*a) == rank(*b) && context.store.time(time, *a) == context.store.time(time, *b)
            }
            _ => false,
        })
    };
    let count = matches.iter().filter(|hit| depends(&hit.events)).count();
    if let (Some(terms), 1..) = (context.text.sequence(), count) {
        let message = format!(
            "{count} of {} {} events of one time, in the order in which they were loaded",
            if matches.len() == 1 {
                "1 match".to_owned()
            } else {
                format!("{} matches", matches.len())
            },
            if count == 1 { "has" } else { "have" },
        );
        let help = "name a tiebreaker field that orders such events";
        findings.push(finding("L-41", Severity::Info, terms.word, message, help));
    }
}
