//! Formatting the query where it stands in its document.

use crate::diag::{DiagKind, Diagnostic};
use crate::rule::{Rule, SourceMap, read};
use crate::span::Span;
use crate::syntax::format;

impl Rule {
    /// The edits of `text`, from which the rule was read, that format its query. They come in order
    /// and touch nothing but blanks and comments between the tokens of the query; there are none
    /// where it is formatted already.
    ///
    /// # Errors
    /// What the parser found, or why the document cannot take the canonical text; places
    /// are of `text`.
    pub fn formatted(&self, text: &str) -> Result<Vec<(Span, String)>, Vec<Diagnostic>> {
        let edits = format::edits(&self.query).map_err(|found| {
            found.iter().map(|finding| self.placed(finding)).collect::<Vec<_>>()
        })?;
        let refused = |reason| {
            let place = self.place(Span::new(0, self.query.len() as u32));
            vec![Diagnostic::new(DiagKind::NotFormatted(reason), place)]
        };
        if edits.is_empty() {
            return Ok(edits);
        }
        let wanted = format::apply(&self.query, &edits);
        let place = |(gap, text): &(Span, String)| Some((self.places.between(*gap)?, text.clone()));
        let placed: Vec<_> = edits
            .iter()
            .map(place)
            .collect::<Option<_>>()
            .ok_or_else(|| refused("foreign text stands between its parts"))?;
        // Of all ways to write a line end or a quote, the first is right by which the document
        // says the canonical query and otherwise what it said before.
        let document = self.document.text(text);
        let before = read(document).0;
        for escaped in [&[][..], &['"', '\\'], &['"', '\\', '\n', '\t']] {
            let escape = |(span, text): &(Span, String)| (*span, escape(text, escaped));
            let edits: Vec<_> = placed.iter().map(escape).collect();
            let local = |(span, text): &(Span, String)| {
                let by = self.document.start;
                (
                    Span::new(span.start.saturating_sub(by), span.end.saturating_sub(by)),
                    text.clone(),
                )
            };
            let local: Vec<_> = edits.iter().map(local).collect();
            let (after, _) = read(&format::apply(document, &local));
            if after.query == wanted && without_query(after) == without_query(before.clone()) {
                return Ok(edits);
            }
        }
        Err(refused("the quotes around it cannot hold its canonical text"))
    }
}

/// The text with a backslash before each of these, line end and tab as letters.
fn escape(text: &str, escaped: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let is_escaped = escaped.contains(&c);
        out.extend(is_escaped.then_some('\\'));
        out.push(match c {
            '\n' if is_escaped => 'n',
            '\t' if is_escaped => 't',
            c => c,
        });
    }
    out
}

/// What the document says beside the query.
fn without_query(rule: Rule) -> Rule {
    Rule { query: String::new(), places: SourceMap::default(), document: Span::default(), ..rule }
}
