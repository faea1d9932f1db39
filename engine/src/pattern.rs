//! Wildcard matching for `:`, `like` and `like~` (spec §5.1 to §5.8).
//!
//! `*` is any run of characters, `?` exactly one; there is no escape. Patterns compile once per
//! query; matching allocates nothing.

use crate::value::Case;

/// A compiled wildcard such as `"*\\temp\\?.exe"`.
#[derive(Clone, Debug)]
pub struct Wildcard {
    /// The pattern, folded if case does not count.
    pattern: Box<str>,
    /// The pattern as it was given.
    written: Box<str>,
    case: Case,
    has_wildcard: bool,
}

/// Two are equal where they match the same, however they are written.
impl PartialEq for Wildcard {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern && self.case == other.case
    }
}

impl Eq for Wildcard {}

impl Wildcard {
    /// Compiles a pattern.
    #[must_use]
    pub fn new(pattern: &str, case: Case) -> Self {
        Self {
            pattern: case.fold(pattern).into(),
            written: pattern.into(),
            case,
            has_wildcard: pattern.contains(['*', '?']),
        }
    }

    /// The same pattern with letter case out of play.
    #[must_use]
    pub fn ignoring_case(&self) -> Self {
        Self::new(&self.written, Case::Insensitive)
    }

    /// True where the pattern holds `*` or `?`.
    #[must_use]
    pub fn has_wildcard(&self) -> bool {
        self.has_wildcard
    }

    /// The pattern, in lower case (ASCII) where case does not count.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The pattern as the query writes it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Does letter case count?
    #[must_use]
    pub fn case(&self) -> Case {
        self.case
    }

    /// True if the whole of `text` matches; an empty pattern matches only `""`.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        if !self.has_wildcard {
            return self.case.eq(&self.pattern, text);
        }
        let (pattern, text) = (self.pattern.as_bytes(), text.as_bytes());
        let (mut p, mut t) = (0, 0);
        // Where to go on after the latest `*` if what follows it does not fit.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            let step = match (pattern.get(p), text.get(t)) {
                (None, None) => return true,
                (Some(b'*'), _) => {
                    p += 1;
                    retry = Some((p, t));
                    continue;
                }
                (Some(b'?'), Some(first)) => Some(char_width(*first)),
                (Some(want), Some(found)) if *want == self.fold(*found) => Some(1),
                _ => None,
            };
            if let Some(width) = step {
                p += 1;
                t += width;
                continue;
            }
            // The earliest place where the part after the latest `*` fits leaves the most text
            // for the rest, so only that `*` need ever be tried again.
            let Some((after_star, from)) = retry else { return false };
            let Some(first) = text.get(from) else { return false };
            let mut next = from + char_width(*first);
            // What cannot begin the part is passed over quickly.
            if let Some(want) = pattern.get(after_star).filter(|want| !b"*?".contains(want)) {
                let rest = text.get(next..).unwrap_or_default();
                let Some(skip) = rest.iter().position(|found| self.fold(*found) == *want) else {
                    return false;
                };
                next += skip;
            }
            retry = Some((after_star, next));
            (p, t) = (after_star, next);
        }
    }

    fn fold(&self, byte: u8) -> u8 {
        match self.case {
            Case::Sensitive => byte,
            Case::Insensitive => byte.to_ascii_lowercase(),
        }
    }
}

/// Length of a UTF-8 character by its first byte.
fn char_width(first: u8) -> usize {
    match first {
        0..=0xbf => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Wildcard::new(pattern, Case::Insensitive).is_match(text)
    }

    #[test]
    fn wildcards_cover_the_whole_value() {
        for (pattern, text, expected) in [
            ("a*", "ABC", true),
            ("*c", "abc", true),
            ("*b*", "abc", true),
            ("b", "abc", false),
            ("a?c", "a\u{1F600}c", true),
            ("a?c", "ac", false),
            ("*", "", true),
            ("?*", "", false),
            ("", "", true),
            ("", "a", false),
            (r"C:\*\x.exe", r"c:\tmp\X.EXE", true),
            (r"a\*", r"a\b", true),
            ("*:*", "10.0.0.1:443", true),
            ("a*b*c", "a-b-b-c\n", false),
            ("*\n*", "a\nb", true),
            ("\u{c4}b", "\u{c4}B", true),
            ("\u{c4}b", "\u{e4}b", false),
            ("*a?", "aab", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
        assert!(!Wildcard::new("A*", Case::Sensitive).is_match("abc"));
    }

    /// The definition, without thought of speed.
    fn slow(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some(('*', rest)), _) => (0..=text.len()).any(|n| slow(rest, &text[n..])),
            (Some(('?', p)), Some((_, t))) => slow(p, t),
            (Some((a, p)), Some((b, t))) => a == b && slow(p, t),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(pattern in "[ab*?\u{e9}]{0,8}", text in "[ab\u{e9}]{0,8}") {
            let chars = |s: &str| s.chars().collect::<Vec<_>>();
            let expected = slow(&chars(&pattern), &chars(&text));
            prop_assert_eq!(Wildcard::new(&pattern, Case::Sensitive).is_match(&text), expected);
        }
    }
}
