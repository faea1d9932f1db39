//! What differs, in a sentence. Code stands in backticks.

use crate::explain::{capital, joined};
use crate::wire::compare::{Clause, ClausePair, ClauseState, Comparison, Setting, Version};
use crate::wire::timeline::QueryForm;

/// Longest clause that is quoted whole, in characters.
const QUOTED: usize = 60;

/// What became of a clause: `` clause 5 changed from `a == 1` to `a == 2` ``.
pub(super) fn of_clause(pair: &ClausePair) -> String {
    let name = |clause: &Clause| match clause.place.as_str() {
        "" => format!("clause {}", clause.number),
        place => format!("clause {} ({place})", clause.number),
    };
    match (&pair.old, &pair.new) {
        (Some(old), Some(new)) if pair.state == ClauseState::Changed => {
            let same = shared(&old.text, &new.text);
            let (old, is) = (quoted(&old.text, same), quoted(&new.text, same));
            format!("{} changed from {old} to {is}", name(new))
        }
        (Some(_), Some(new)) => {
            format!("{} {} reads otherwise", name(new), quoted(&new.text, 0))
        }
        (None, Some(new)) => format!("{} {} was added", name(new), quoted(&new.text, 0)),
        (Some(old), None) => {
            format!("{} of the old version {} was removed", name(old), quoted(&old.text, 0))
        }
        (None, None) => String::new(),
    }
}

/// Bytes that two texts have in common at their beginning, in whole words.
fn shared(one: &str, other: &str) -> usize {
    let mut at = 0;
    for (a, b) in one.split_inclusive([' ', ',']).zip(other.split_inclusive([' ', ','])) {
        if a != b {
            break;
        }
        at += a.len();
    }
    at
}

/// The text in backticks; of a long one without the first `same` bytes, and not more than is read.
fn quoted(text: &str, same: usize) -> String {
    let is_long = |text: &str| text.chars().nth(QUOTED).is_some();
    let mut shown = text.replace('`', "'");
    if is_long(&shown) {
        let rest = shown.get(same..).map(str::to_owned).filter(|_| same > 0);
        shown = rest.map_or(shown, |rest| format!("… {rest}"));
    }
    if is_long(&shown) {
        shown = shown.chars().take(QUOTED - 1).chain(['…']).collect();
    }
    format!("`{shown}`")
}

/// All of it in one or two sentences. So many changes were asked what decided them.
pub(super) fn sentence(comparison: &Comparison, explained: u32) -> String {
    let (old, new) =
        (comparison.old.matches.unwrap_or_default(), comparison.new.matches.unwrap_or_default());
    if comparison.same_rule {
        return format!("Both versions are the same rule, with {}.", matches(new));
    }
    let what = what_decides(comparison, explained);
    if comparison.same_matches {
        let have = match new {
            0 => "neither version has a match".to_owned(),
            n => format!("both versions have the same {}", matches(n)),
        };
        return match what.is_empty() {
            true => format!("The rule changed, but {have}."),
            false => format!("{what}, but {have}."),
        };
    }
    let (gained, lost, changed) =
        (comparison.gained.total, comparison.lost.total, comparison.changed.total);
    let mut verbs = Vec::new();
    if gained > 0 {
        verbs.push(format!("gains {gained}"));
    }
    if lost > 0 {
        verbs.push(format!("loses {lost}"));
    }
    if changed > 0 {
        verbs.push(format!("has other events in {changed}"));
    }
    let tail = if what.is_empty() { String::new() } else { format!("; {what}") };
    let change = match (old, lost + changed) {
        (0, _) => format!("gains {} where the old one has none", matches(gained)),
        (_, 0) => format!("gains {} and keeps the {old} of the old one", matches(gained)),
        _ => format!("{} of {}", joined(&verbs), matches(old)),
    };
    format!("The new version {change}{tail}.")
}

fn matches(n: u32) -> String {
    format!("{n} match{}", if n == 1 { "" } else { "es" })
}

/// What decides most, and how many; where nothing changed, what differs if it is one thing.
fn what_decides(comparison: &Comparison, explained: u32) -> String {
    let setting = |setting: &Setting| {
        let (old, new) = (quoted(&setting.old, 0), quoted(&setting.new, 0));
        format!("{} changed from {old} to {new}", setting.name)
    };
    let clauses = comparison.clauses.iter().map(|pair| (pair.decides, Some(pair), None));
    let settings = comparison.settings.iter().map(|setting| (setting.decides, None, Some(setting)));
    let all = clauses.chain(settings);
    let differs = |pair: Option<&ClausePair>| pair.is_none_or(|p| p.state != ClauseState::Kept);
    let words = |pair: Option<&ClausePair>, other: Option<_>| match (pair, other) {
        (Some(pair), _) => of_clause(pair),
        (None, other) => other.map(setting).unwrap_or_default(),
    };
    if comparison.same_matches {
        let mut differing = all.filter(|(_, pair, _)| differs(*pair));
        return match (differing.next(), differing.next()) {
            (Some((_, pair, other)), None) => capital(&words(pair, other)),
            _ => String::new(),
        };
    }
    // The first of those that decide as many: clauses before settings.
    let mut most = (0, None, None);
    for one in all {
        if one.0 > most.0 {
            most = one;
        }
    }
    let (decides, pair, other) = most;
    let of_all = match (decides, explained) {
        (0, _) => return String::new(),
        (1, 1) => "it".to_owned(),
        (2, 2) => "both".to_owned(),
        (n, all) if n < all => format!("{n} of {all}"),
        (n, _) if n < changes(comparison) => format!("the first {n}"),
        _ => "all of them".to_owned(),
    };
    let link = if pair.is_some() { " and" } else { ", which" };
    format!("{}{link} decides {of_all}", words(pair, other))
}

fn changes(comparison: &Comparison) -> u32 {
    comparison.gained.total + comparison.lost.total + comparison.changed.total
}

/// The sentence where one version could not run, or neither.
#[must_use]
pub fn refused(comparison: &Comparison) -> String {
    let (old, new) = (&comparison.old, &comparison.new);
    let runs = |version: &Version| match (version.matches, version.form) {
        (Some(n), QueryForm::Event) => format!("has {}", matches(n)),
        (Some(n), QueryForm::Sequence) => {
            format!("has {n} sequence{}", if n == 1 { "" } else { "s" })
        }
        (Some(n), QueryForm::Sample) => format!("has {n} sample{}", if n == 1 { "" } else { "s" }),
        (None, _) => "cannot run".to_owned(),
    };
    let place = |version: &Version| {
        let Some(error) = version.findings.first() else { return String::new() };
        let (line, column) = (error.span.line, error.span.column);
        format!(": {} (line {line}, column {column})", error.message)
    };
    match (old.matches, new.matches) {
        (None, None) => format!("Neither version can run{}.", place(new)),
        (None, _) => {
            format!("The old version cannot run{}. The new one {}.", place(old), runs(new))
        }
        _ => format!("The new version cannot run{}. The old one {}.", place(new), runs(old)),
    }
}
