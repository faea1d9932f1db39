//! Formatting the query where it stands in its document.

use crate::diag::{DiagKind, Diagnostic};
use crate::rule::{Rule, SourceMap, escaped, read};
use crate::span::Span;
use crate::syntax::format;

impl Rule {
    /// The edits of `text`, from which the rule was read, that format its query. They come in order
    /// and touch nothing but blanks and comments between the tokens of the query; there are none
    /// where it is formatted already.
    ///
    /// # Errors
    /// What the parser found, or why the document cannot take the canonical text (R-120); places
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
        for keeps_lines in [None, Some(true), Some(false)] {
            let escape = |(span, text): &(Span, String)| {
                (*span, keeps_lines.map_or_else(|| text.clone(), |keeps| escaped(text, keeps)))
            };
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

/// What the document says beside the query.
fn without_query(rule: Rule) -> Rule {
    Rule { query: String::new(), places: SourceMap::default(), document: Span::default(), ..rule }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::read_all;

    fn formatted(text: &str) -> Result<String, Vec<&'static str>> {
        let (rule, findings) = read(text);
        assert_eq!(findings, [], "{text}");
        let edits = rule.formatted(text);
        let codes = |found: Vec<Diagnostic>| found.iter().map(|it| it.kind.code()).collect();
        edits.map(|edits| format::apply(text, &edits)).map_err(codes)
    }

    #[test]
    fn only_the_query_changes_in_whatever_document() {
        let long = "x : \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"";
        for (before, after) in [
            // A bare query, its line end and its mark included.
            ("any  where true\n".to_owned(), "any where true\n".to_owned()),
            ("\u{feff}any  where true".to_owned(), "\u{feff}any where true".to_owned()),
            ("\n\nany where\r\n a\r\n".to_owned(), "any where a\r\n".to_owned()),
            // With the line ends of the file.
            (
                format!("[rule]\r\nquery = '''\r\nany where\r\na and {long}\r\n'''\r\n"),
                format!("[rule]\r\nquery = '''\r\nany where a and\r\n  {long}\r\n'''\r\n"),
            ),
            // TOML, in each kind of quotes.
            (
                format!("[rule]\nquery = '''\nany where a==1 and {long}\n'''\nname='x'  # why\n"),
                format!(
                    "[rule]\nquery = '''\nany where a == 1 and\n  {long}\n'''\nname='x'  # why\n"
                ),
            ),
            (
                format!("[rule]\nquery = \"\"\"any where a==\"\\\\\\\\\" and {long}\"\"\"\n"),
                format!("[rule]\nquery = \"\"\"any where a == \"\\\\\\\\\" and\n  {long}\"\"\"\n"),
            ),
            (
                "[rule]\nquery = \"any where a==\\\"\\u00e9\\\" // \\\"b\\\"\\n and c\"\n"
                    .to_owned(),
                "[rule]\nquery = \"any where a == \\\"\\u00e9\\\" and // \\\"b\\\"\\n  c\"\n"
                    .to_owned(),
            ),
            (
                "[rule]\nquery = 'any where  a'\n".to_owned(),
                "[rule]\nquery = 'any where a'\n".to_owned(),
            ),
            // JSON, where line ends are letters.
            (
                r#"{ "query" :"any where a==\"\u0041\\\\\" and // c\n\tb","rule_id":"r" }"#
                    .to_owned(),
                r#"{ "query" :"any where a == \"\u0041\\\\\" and // c\n  b","rule_id":"r" }"#
                    .to_owned(),
            ),
            // The console, where they are not.
            (
                "GET /x/_eql/search\n{ \"query\": \"\"\"any where a==\"b\" and // c\nd\"\"\" }"
                    .to_owned(),
                "GET /x/_eql/search\n{ \"query\": \"\"\"any where a == \"b\" and // c\n  d\"\"\" }"
                    .to_owned(),
            ),
        ] {
            assert_eq!(formatted(&before).as_ref(), Ok(&after));
            assert_eq!(formatted(&after).as_ref(), Ok(&after), "once is enough");
        }
    }

    #[test]
    fn each_rule_of_several_has_its_own_edits() {
        let text = "{\"query\":\"any where  a\",\"rule_id\":\"1\"}\n{\"query\":\"any where  (a\\n)\",\"rule_id\":\"2\"}\n";
        let edits: Vec<_> =
            read_all(text).iter().flat_map(|(rule, _)| rule.formatted(text).unwrap()).collect();
        let after = "{\"query\":\"any where a\",\"rule_id\":\"1\"}\n{\"query\":\"any where (a)\",\"rule_id\":\"2\"}\n";
        assert_eq!(format::apply(text, &edits), after);
    }

    #[test]
    fn what_cannot_take_the_canonical_text_is_refused() {
        let long = "a : \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"";
        let one_line = format!("[rule]\nquery = 'any where {long} and b == 1'\n");
        assert_eq!(formatted(&one_line), Err(vec!["R-120"]));
        assert_eq!(formatted("[rule]\nquery = 'any where a ='\n"), Err(vec!["E-203", "E-202"]));
        // Lines that a code viewer left in the query are not the query's to delete.
        let damaged = "[rule]\n2024-03-07 12:35:33 +01:00\nname = \"x\"\nquery = '''\n\
                       any where a and\n2024-03-07 12:35:33 +01:00\n   b\n'''\n";
        let (rule, _) = read(damaged);
        assert_eq!(rule.query, "any where a and\n   b");
        let found = rule.formatted(damaged).unwrap_err();
        assert_eq!(found[0].kind.code(), "R-120");
        assert!(found[0].span.text(damaged).starts_with("any where"));
    }
}
