//! Numbers and counted words for people.

use std::borrow::Cow;

use eqlens_engine::markdown::turns;
use eqlens_engine::wire::timeline::QueryForm;

/// A text with the characters that would turn the direction of what follows, or say nothing at all
/// while they do, named instead: `a⟨U+202E⟩txt.exe`. What hides in a name is to be seen.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(turns) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if turns(c) {
            out.push_str(&format!("\u{27e8}U+{:04X}\u{27e9}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// `100,000`.
#[must_use]
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count in four characters, for a narrow margin: `9999`, `12k`, `100k`, `3M`.
#[must_use]
pub fn short(count: u32) -> String {
    match count {
        0..=9_999 => count.to_string(),
        10_000..=999_999 => format!("{}k", count / 1_000),
        _ => format!("{}M", count / 1_000_000),
    }
}

/// `1 match`, `4 matches`.
#[must_use]
pub fn counted(count: u32, one: &str, many: &str) -> String {
    format!("{} {}", number(u64::from(count)), if count == 1 { one } else { many })
}

/// `4 matches`, `2 sequences match`, `1 sample matches`.
#[must_use]
pub fn matches(form: QueryForm, count: u32) -> String {
    let what = match form {
        QueryForm::Event => return counted(count, "match", "matches"),
        QueryForm::Sequence => ("sequence matches", "sequences match"),
        QueryForm::Sample => ("sample matches", "samples match"),
    };
    counted(count, what.0, what.1)
}

/// `0.4 ms`, `12 ms`, `3.2 s`.
#[must_use]
pub fn duration(micros: u32) -> String {
    let millis = f64::from(micros) / 1000.0;
    match millis {
        ..0.05 => "under 0.1 ms".to_owned(),
        ..9.95 => format!("{millis:.1} ms"),
        ..999.5 => format!("{millis:.0} ms"),
        _ => format!("{:.1} s", millis / 1000.0),
    }
}

/// `412 B`, `18 kB`, `154 MB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    if bytes < 10_000 {
        format!("{} B", number(bytes))
    } else if bytes < 10_000_000 {
        format!("{} kB", number(bytes / 1000))
    } else {
        format!("{} MB", number(bytes / 1_000_000))
    }
}

/// Splits a sentence into plain text and code: every second piece stood in backticks.
pub fn pieces(sentence: &str) -> impl Iterator<Item = (bool, &str)> {
    sentence.split('`').enumerate().map(|(at, piece)| (at % 2 == 1, piece))
}

/// `2026-03-12T09:01:20.114Z` as date, time of day and the fraction with its dot.
#[must_use]
pub fn time_parts(time: &str) -> (&str, &str, &str) {
    let (date, rest) = time.split_once('T').unwrap_or(("", time));
    let rest = rest.trim_end_matches('Z');
    match rest.find('.') {
        Some(dot) => (date, rest.get(..dot).unwrap_or(rest), rest.get(dot..).unwrap_or("")),
        None => (date, rest, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_the_text_around_is_named() {
        assert_eq!(visible("a\u{202e}txt.exe"), "a\u{27e8}U+202E\u{27e9}txt.exe");
        assert!(matches!(visible("\u{5d0}\u{1f600}"), Cow::Borrowed(_)));
    }

    #[test]
    fn counts_fit_a_margin() {
        let all = [9_999, 10_000, 100_000, 999_999, 1_000_000].map(short);
        assert_eq!(all, ["9999", "10k", "100k", "999k", "1M"]);
    }

    #[test]
    fn numbers_get_separators() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(1_234_567), "1,234,567");
    }

    #[test]
    fn counted_words_follow_the_number() {
        assert_eq!(counted(1, "match", "matches"), "1 match");
        assert_eq!(counted(0, "match", "matches"), "0 matches");
    }

    #[test]
    fn durations_have_a_fitting_unit() {
        assert_eq!(duration(12), "under 0.1 ms");
        assert_eq!(duration(412), "0.4 ms");
        assert_eq!(duration(12_400), "12 ms");
        assert_eq!(duration(3_210_000), "3.2 s");
    }

    #[test]
    fn times_come_apart() {
        assert_eq!(time_parts("2026-03-12T09:01:20.114Z"), ("2026-03-12", "09:01:20", ".114"));
        assert_eq!(time_parts("2026-03-12T09:01:20Z"), ("2026-03-12", "09:01:20", ""));
    }

    #[test]
    fn backticks_mark_code() {
        let all: Vec<_> = pieces("`not` turns that").collect();
        assert_eq!(all, [(false, ""), (true, "not"), (false, " turns that")]);
    }
}
