//! Why a sequence came to nothing, or how it was found, in words. Code stands in backticks.

use crate::hir::Form;
use crate::join::{End, Trail};
use crate::plan::Plan;
use crate::store::Store;
use crate::time::Instant;

/// The outcome of a trail in few words, and as a sentence. `waited_ms`: how long the data go on
/// after its first event.
#[must_use]
pub fn trail_words(
    trail: &Trail,
    plan: &Plan,
    store: &Store,
    waited_ms: Option<u64>,
) -> (String, String) {
    let id = |event: u32| format!("`{}`", store.id(event).replace('`', "'"));
    match trail.end {
        End::Overwritten { by } => (
            format!("overwritten by {}", store.id(by)),
            format!(
                "Event {} came to the same stage{}; only the newest is kept.",
                id(by),
                if has_keys(plan) { " with the same key" } else { "" }
            ),
        ),
        End::MaxspanExpired { by, late_ms } => {
            let allowed = match plan.form() {
                Form::Sequence { maxspan } => maxspan.unwrap_or_default(),
                _ => 0,
            };
            (
                format!("expired: {} too late", duration(late_ms)),
                format!(
                    "Event {} came {} after the first one, {} over the {} allowed.",
                    id(by),
                    duration(allowed.saturating_add(late_ms)),
                    duration(late_ms),
                    duration(allowed)
                ),
            )
        }
        End::Until { by } => (
            format!("ended by until event {}", store.id(by)),
            format!("Event {} fits the `until` term and ended it.", id(by)),
        ),
        End::MissingEventSeen { by, stage } => (
            format!("discarded: event {} was there", store.id(by)),
            format!(
                "Every event was found, but event {} fits stage {}, which must not happen.",
                id(by),
                stage + 1
            ),
        ),
        End::KeyMissing { stage, key } => {
            let keys = plan.stages().get(stage).map(|stage| stage.keys.as_slice());
            let field = keys.and_then(|keys| keys.get(key)).map_or("", |key| &key.field.name);
            (
                format!("{field} is missing: invisible to stage {}", stage + 1),
                format!("`{field}` has no value, so stage {} cannot see the event.", stage + 1),
            )
        }
        End::Open => {
            let reached = trail.events.len();
            let ordinary = plan.stages().iter().enumerate().filter(|(_, stage)| !stage.missing);
            let next = ordinary.map(|(at, _)| at).nth(reached).unwrap_or(reached);
            let with_key = if has_keys(plan) { " with this key" } else { "" };
            let (run, next) = (run_of(plan, next), next + 1);
            if let Some(allowed) = closed_window(plan, waited_ms) {
                let allowed = duration(allowed);
                return (
                    format!("expired: nothing came in {allowed}"),
                    format!(
                        "No event of stage {next}{run}{with_key} came in the {allowed} allowed."
                    ),
                );
            }
            (
                format!("open: stage {next}{run} never came"),
                format!("The data end before an event of stage {next}{run}{with_key}."),
            )
        }
    }
}

fn has_keys(plan: &Plan) -> bool {
    plan.stages().iter().any(|stage| !stage.keys.is_empty())
}

/// Of a stage that `runs` repeats, by its position, which repetition it is: ` (run 2 of 3)`.
fn run_of(plan: &Plan, at: usize) -> String {
    let stages = plan.stages();
    let Some(node) = stages.get(at).map(|stage| stage.node) else { return String::new() };
    // What is repeated shares its node.
    let runs = stages.iter().filter(|stage| stage.node == node).count();
    let before = stages.iter().take(at).filter(|stage| stage.node == node).count();
    if runs > 1 { format!(" (run {} of {runs})", before + 1) } else { String::new() }
}

/// How long the searched events go on after the first event of a trail, in milliseconds; `None`
/// where it has no time.
#[must_use]
pub fn waited_ms(
    first: u32,
    plan: &Plan,
    ordinals: &[(Instant, u32)],
    store: &Store,
) -> Option<u64> {
    let first = store.time(plan.time(), first)?;
    let (last, _) = ordinals.last()?;
    u64::try_from(last.millis().checked_sub(first.millis())?).ok()
}

/// The `maxspan` of a sequence, where the data go on for longer than that after the first event: it
/// ended a trail that no later event of its key was there to end (spec §7.19).
#[must_use]
pub fn closed_window(plan: &Plan, waited_ms: Option<u64>) -> Option<u64> {
    match plan.form() {
        Form::Sequence { maxspan } => maxspan.filter(|allowed| waited_ms > Some(*allowed)),
        _ => None,
    }
}

/// A duration in its largest fitting unit: `350 ms`, `1.3 s`, `2 m 5 s`, `3 h 4 m`, `2 d 1 h`.
#[must_use]
pub fn duration(millis: u64) -> String {
    let seconds = millis / 1000;
    let pair = |big: u64, unit: &str, small: u64, lesser: &str| match small {
        0 => format!("{big} {unit}"),
        small => format!("{big} {unit} {small} {lesser}"),
    };
    match seconds {
        0 => format!("{millis} ms"),
        1..60 if millis % 1000 < 50 => format!("{seconds} s"),
        1..60 => format!("{:.1} s", millis as f64 / 1000.0),
        60..3600 => pair(seconds / 60, "m", seconds % 60, "s"),
        3600..86_400 => pair(seconds / 3600, "h", seconds / 60 % 60, "m"),
        _ => pair(seconds / 86_400, "d", seconds / 3600 % 24, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_short() {
        for (millis, text) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1300, "1.3 s"),
            (5000, "5 s"),
            (5040, "5 s"),
            (65_000, "1 m 5 s"),
            (3_600_000, "1 h"),
            (90_000_000, "1 d 1 h"),
        ] {
            assert_eq!(duration(millis), text);
        }
    }
}
