//! Lints that are not wanted: `--allow L-04,L-10`, or `// eqlens: allow L-10` in the query.

use crate::diag::{Diagnostic, Severity};
use crate::lint::finding;
use crate::span::Span;
use crate::syntax::lexer::lex;

/// How a comment that allows lints begins.
const MARK: &str = "eqlens:";

/// The number of the last lint. The register has them all, but is not at hand at every door.
pub(super) const LAST: u8 = 63;

/// Codes of lints that are not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    numbers: Vec<u8>,
}

impl Allowed {
    /// Reads a list such as `L-04,L-10`; commas and blanks separate.
    ///
    /// # Errors
    /// The first word that is no code of a lint.
    pub fn parse(list: &str) -> Result<Self, String> {
        let words = list.split([',', ' ', '\t']).filter(|word| !word.is_empty());
        let numbers = words.map(|word| number(word).ok_or_else(|| word.to_owned()));
        Ok(Self { numbers: numbers.collect::<Result<_, _>>()? })
    }

    /// All that some lists allow.
    #[must_use]
    pub fn all_of(lists: &[Self]) -> Self {
        Self { numbers: lists.iter().flat_map(|list| list.numbers.iter().copied()).collect() }
    }

    /// Is this code among them?
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        number(code).is_some_and(|number| self.numbers.contains(&number))
    }

    /// What the comments of a query allow, for the whole of it. A comment that cannot be read is
    /// a finding (`L-59`).
    pub(super) fn in_query(source: &str) -> (Self, Vec<Diagnostic>) {
        let (mut allowed, mut findings) = (Self::default(), Vec::new());
        // Most queries are done here.
        if !source.contains(MARK) {
            return (allowed, findings);
        }
        // What stands between two tokens is white space and comments.
        let mut end = 0;
        for token in lex(source).0 {
            let gap = Span::new(end, token.span.start);
            end = token.span.end;
            for (at, _) in gap.text(source).match_indices(MARK) {
                let start = gap.start + at as u32;
                let rest = Span::new(start, gap.end).text(source);
                let line = rest.lines().next().unwrap_or_default();
                let line = line.split("*/").next().unwrap_or_default().trim_end();
                let words = line.get(MARK.len()..).unwrap_or_default().trim_start();
                let list = words.strip_prefix("allow").ok_or("`allow` and codes of lints");
                match list.map(Self::parse) {
                    Ok(Ok(more)) => allowed.numbers.extend(more.numbers),
                    Ok(Err(word)) => {
                        findings.push(unread(start, line, format!("there is no lint `{word}`")));
                    }
                    Err(wanted) => findings.push(unread(start, line, format!("expected {wanted}"))),
                }
            }
        }
        (allowed, findings)
    }
}

/// The number in the code of a lint, in either case of its letter.
fn number(code: &str) -> Option<u8> {
    let digits = code.strip_prefix(['L', 'l'])?.strip_prefix('-')?;
    let number = digits.parse().ok()?;
    ((1..=LAST).contains(&number) && digits.len() == 2).then_some(number)
}

fn unread(start: u32, comment: &str, message: String) -> Diagnostic {
    let span = Span::new(start, start + comment.len() as u32);
    let help = "write e.g. `// eqlens: allow L-10, L-11`";
    finding("L-59", Severity::Warning, span, message, help)
}
