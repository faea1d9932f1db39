//! Which indices a rule searches.

use crate::pattern::Wildcard;
use crate::value::Case;

/// Index patterns of a rule, in order. Without any, every index is searched.
#[derive(Clone, Debug, Default)]
pub struct IndexPatterns {
    patterns: Vec<Pattern>,
}

#[derive(Clone, Debug)]
struct Pattern {
    excludes: bool,
    wildcard: Wildcard,
    /// A pattern that begins with a dot reaches hidden indices.
    reaches_hidden: bool,
}

impl IndexPatterns {
    /// Compiles the patterns. An element that begins with `-` takes away from those before it; an
    /// element may itself be a list with commas.
    ///
    /// Only `*` is special in an index pattern. The wildcards of the language serve: their `?` stands
    /// for one character, itself included, and no index name holds one.
    #[must_use]
    pub fn new(patterns: &[String]) -> Self {
        let elements = patterns.iter().flat_map(|pattern| pattern.split(','));
        let patterns = elements
            .map(str::trim)
            .filter(|element| !element.is_empty())
            .map(|element| {
                let excluded = element.strip_prefix('-');
                let text = excluded.unwrap_or(element);
                Pattern {
                    excludes: excluded.is_some(),
                    wildcard: Wildcard::new(text, Case::Sensitive),
                    reaches_hidden: text.starts_with('.'),
                }
            })
            .collect();
        Self { patterns }
    }

    /// Is this index searched? A backing index counts as its data stream; an event that names no
    /// index is searched by every rule (product §2.1).
    #[must_use]
    pub fn search(&self, index: &str) -> bool {
        if self.patterns.is_empty() || index.is_empty() {
            return true;
        }
        let stream = data_stream(index);
        let mut searched = false;
        for pattern in &self.patterns {
            let reaches = pattern.reaches_hidden || !stream.starts_with('.');
            if reaches && pattern.wildcard.is_match(stream) {
                searched = !pattern.excludes;
            }
        }
        searched
    }
}

/// `.ds-<stream>-<yyyy.MM.dd>-<n>` is part of the data stream `<stream>`.
fn data_stream(index: &str) -> &str {
    let digits = |text: &str, n: usize| {
        text.len() >= n && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    index
        .strip_prefix(".ds-")
        .and_then(|rest| rest.rsplit_once('-'))
        .filter(|(_, generation)| digits(generation, 6))
        .and_then(|(rest, _)| rest.rsplit_once('-'))
        .filter(|(_, date)| digits(date, 10))
        .map_or(index, |(stream, _)| stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_restrict_what_is_searched() {
        let patterns =
            ["logs-endpoint.events.*", "endgame-*,-endgame-old*", "lo[g]s-{a}"].map(String::from);
        let patterns = IndexPatterns::new(&patterns);
        for (index, expected) in [
            ("logs-endpoint.events.process-default", true),
            (".ds-logs-endpoint.events.process-default-2026.03.12-000007", true),
            ("logs-endpointXevents.process", false),
            ("endgame-1", true),
            ("endgame-old-1", false),
            ("auditbeat-8", false),
            ("lo[g]s-{a}", true),
            ("logs-a", false),
            ("", true),
        ] {
            assert_eq!(patterns.search(index), expected, "{index}");
        }
        assert!(IndexPatterns::new(&[]).search("anything"));
        let all = IndexPatterns::new(&["*".into()]);
        assert!(all.search("x") && !all.search(".hidden"));
    }
}
