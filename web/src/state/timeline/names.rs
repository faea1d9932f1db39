//! What traces, keys and rows are called.

use eqlens_engine::wire::timeline::{Standing, Timeline, Trace};

use crate::state::timeline::rows::Row;

/// Host and label of a trace, or its keys.
#[must_use]
pub fn name_of(trace: &Trace) -> String {
    let words: Vec<&str> =
        [trace.host.as_str(), trace.label.as_str()].into_iter().filter(|w| !w.is_empty()).collect();
    if words.is_empty() { keys_of(&trace.keys) } else { words.join(" ") }
}

/// `8c1f · –`: a dash for a key without a value.
#[must_use]
pub fn keys_of(keys: &[Option<String>]) -> String {
    let keys: Vec<&str> = keys.iter().map(|key| key.as_deref().unwrap_or("\u{2013}")).collect();
    keys.join(" \u{b7} ")
}

/// Long keys by their ends, which tell them apart: `4c2b…17e0`.
#[must_use]
pub fn short_keys(keys: &[Option<String>]) -> String {
    let short = |key: &Option<String>| {
        let key = key.as_ref()?;
        let count = key.chars().count();
        if count <= 12 {
            return Some(key.clone());
        }
        let (head, tail): (String, String) =
            (key.chars().take(4).collect(), key.chars().skip(count - 6).collect());
        Some(format!("{head}\u{2026}{tail}"))
    };
    keys_of(&keys.iter().map(short).collect::<Vec<_>>())
}

/// What a row is called.
#[must_use]
pub fn row_name(timeline: &Timeline, row: &Row) -> String {
    match row {
        Row::Strip(Standing::Matches) => "Matches".to_owned(),
        Row::Strip(Standing::Near) => "Near misses".to_owned(),
        Row::Strip(Standing::Searched) => "Searched".to_owned(),
        Row::Track(at) => match timeline.tracks.get(*at) {
            Some(track) if track.hosts > 1 => format!("{} other hosts", track.hosts),
            Some(track) if track.hosts == 1 => track.host.clone(),
            _ => "no host".to_owned(),
        },
        Row::Trace(_) | Row::Key(_) => {
            let first = row.traces().first().and_then(|at| timeline.traces.get(*at));
            match (row, first) {
                (Row::Key(_), Some(trace)) => keys_of(&trace.keys),
                (_, trace) => trace.map(name_of).unwrap_or_default(),
            }
        }
    }
}
