//! Line comments of a query that lost its lines.

use crate::diag::{DiagKind, Diagnostic};
use crate::rule::Rule;
use crate::span::Span;

/// A warning where a `//` comment runs to the end of a query that stands on one line: what was on
/// the lines behind it is part of the comment now.
pub(super) fn swallowing(rule: &Rule) -> Option<Diagnostic> {
    let at = line_comment(&rule.query)?;
    let rest = rule.query.get(at..).filter(|rest| !rest.contains('\n'))?;
    let span = Span::new(at as u32, (at + rest.len()) as u32);
    Some(Diagnostic::new(DiagKind::CommentSwallows, rule.place(span)))
}

/// The first `//` outside of strings and other comments.
fn line_comment(query: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = query.get(at..).filter(|rest| !rest.is_empty())?;
        let after = |from: usize, mark: &str| {
            let body = rest.get(from..).unwrap_or_default();
            body.find(mark).map_or(rest.len(), |end| from + end + mark.len())
        };
        at += if rest.starts_with("//") {
            return Some(at);
        } else if rest.starts_with("/*") {
            after(2, "*/")
        } else if rest.starts_with("\"\"\"") {
            after(3, "\"\"\"")
        } else if rest.starts_with('"') {
            let mut is_escaped = false;
            let end = rest.bytes().skip(1).position(|byte| {
                let closes = byte == b'"' && !is_escaped;
                is_escaped = byte == b'\\' && !is_escaped;
                closes
            });
            end.map_or(rest.len(), |end| end + 2)
        } else {
            rest.char_indices()
                .skip(1)
                .find(|(_, c)| matches!(c, '"' | '/'))
                .map_or(rest.len(), |it| it.0)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_comment_to_the_end_swallows() {
        for (query, swallowed) in [
            ("any where a == 1 // b and c", Some("// b and c")),
            ("any where a == \"http://x\\\" // y\"", None),
            ("any where a == \"\"\"\\\"\"\" // y", Some("// y")),
            ("any where /* // */ a == 1 / 2", None),
            ("any where a // b\n and c", None),
        ] {
            let found = swallowing(&Rule::bare(query));
            assert_eq!(found.map(|found| found.span.text(query)), swallowed, "{query}");
        }
    }
}
