//! The part of the rule text that the editor shows, and the way of places between the two.

use std::ops::Range;
use std::rc::Rc;

use eqlens_engine::rule;
use eqlens_engine::wire::Span;

/// The part of the rule text that the editor shows, as an offset to everything the engine says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// `start` in UTF-16 units.
    start_utf16: u32,
    /// Line of `start`, from 1.
    line: u32,
    /// Column of `start`, from 1.
    column: u32,
    /// What is shown where the part stands between quotes that know escapes.
    unescaped: Option<Rc<Unescaped>>,
}

/// Shows the whole text.
pub const WHOLE: Window =
    Window { start: 0, end: u32::MAX, start_utf16: 0, line: 1, column: 1, unescaped: None };

/// A part of the source with its escapes read.
#[derive(Debug, Default, PartialEq, Eq)]
struct Unescaped {
    text: String,
    /// Where a new line or a stretch without escapes begins, and one past the end; in order.
    points: Vec<Point>,
}

/// A place in both texts, in UTF-16 units. `line` and `column` are of the one that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Point {
    shown: u32,
    source: u32,
    line: u32,
    column: u32,
}

impl Unescaped {
    fn new(body: &str, start_utf16: u32) -> Option<Self> {
        let mut read = Self::default();
        let mut at = Point { shown: 0, source: start_utf16, line: 1, column: 1 };
        let mut is_plain = false;
        for (c, len) in rule::unescaped(body)? {
            let (shown, bytes) = (c.len_utf16() as u32, c.len_utf8() as u32);
            // Of two units in one column, or of another length in the source: places within are none.
            let is_next = len == bytes && shown == 1 && c != '\n';
            if !(is_plain && is_next) {
                read.points.push(at);
            }
            is_plain = is_next;
            at.shown += shown;
            at.source += if len == bytes { shown } else { len };
            at.column += 1;
            if c == '\n' {
                (at.line, at.column) = (at.line + 1, 1);
            }
            read.text.push(c);
        }
        read.points.push(at);
        Some(read)
    }

    /// The place at or before `at`, which `key` tells; the distance goes with it in a stretch of
    /// more than one character.
    fn place(&self, at: u32, key: fn(&Point) -> u32) -> Point {
        let next = self.points.partition_point(|point| key(point) <= at);
        let Some(before) = next.checked_sub(1) else {
            return self.points.first().copied().unwrap_or_default();
        };
        let mut place = self.points.get(before).copied().unwrap_or_default();
        if let Some(next) = self.points.get(next) {
            let (shown, source) = (next.shown - place.shown, next.source - place.source);
            let by = if shown == source { at - key(&place) } else { 0 };
            place.shown += by;
            place.source += by;
            place.column += by;
        }
        place
    }
}

impl Window {
    /// What stands in the rule text to the letter.
    #[must_use]
    pub fn of(span: Span) -> Self {
        Self {
            start: span.start,
            end: span.end,
            start_utf16: span.start_utf16,
            line: span.line.max(1),
            column: span.column.max(1),
            unescaped: None,
        }
    }

    /// What stands in `rule` between quotes that know escapes.
    #[must_use]
    pub fn escaped(span: Span, rule: &str) -> Option<Self> {
        let body = rule.get(span.start as usize..span.end as usize)?;
        let unescaped = Some(Rc::new(Unescaped::new(body, span.start_utf16)?));
        Some(Self { unescaped, ..Self::of(span) })
    }

    /// The same with another end, after a change of the rule text.
    #[must_use]
    pub fn until(self, end: u32, rule: &str) -> Self {
        let start_utf16 = self.start_utf16;
        let body = rule.get(self.start as usize..end as usize).filter(|_| self.is_escaped());
        let unescaped = body.and_then(|body| Unescaped::new(body, start_utf16)).map(Rc::new);
        Self { end, unescaped, ..self }
    }

    /// True where what is shown has its escapes read.
    #[must_use]
    pub fn is_escaped(&self) -> bool {
        self.unescaped.is_some()
    }

    /// True where the other part lies in this one and is shown in the same way.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        self.start <= other.start
            && other.end <= self.end
            && self.is_escaped() == other.is_escaped()
    }

    /// What is shown of the rule text.
    #[must_use]
    pub fn text<'t>(&'t self, rule: &'t str) -> Option<&'t str> {
        match &self.unescaped {
            Some(read) => Some(&read.text),
            None => rule.get(self.start as usize..self.end as usize),
        }
    }

    /// What has to be written where in the rule text so that `new` is shown: the bytes that it
    /// replaces and the text for them. What stays the same keeps its escapes as they are.
    #[must_use]
    pub fn written(&self, rule: &str, new: &str) -> (Range<usize>, String) {
        let body = rule.get(self.start as usize..self.end as usize).unwrap_or_default();
        let (start, end) = (self.start as usize, self.end as usize);
        if !self.is_escaped() {
            return (start..end, new.to_owned());
        }
        let old = rule::unescaped(body).unwrap_or_default();
        let len = |part: &[(char, u32)]| part.iter().map(|(_, len)| *len as usize).sum::<usize>();
        let head = old.iter().zip(new.chars()).take_while(|((old, _), new)| old == new).count();
        let (head, rest) = old.split_at(head);
        let kept = head.iter().map(|(c, _)| c.len_utf8()).sum();
        let new = new.get(kept..).unwrap_or_default();
        let same = rest.iter().rev().zip(new.chars().rev());
        let tail = same.take_while(|((old, _), new)| old == new).count();
        let (_, tail) = rest.split_at(rest.len() - tail);
        let kept: usize = tail.iter().map(|(c, _)| c.len_utf8()).sum();
        let new = new.get(..new.len() - kept).unwrap_or_default();
        (start + len(head)..end - len(tail), rule::escaped(new, body.contains('\n')))
    }

    /// A place of the rule text as one of what is shown, in UTF-16 units.
    #[must_use]
    pub fn shown_at(&self, source: u32) -> u32 {
        match &self.unescaped {
            Some(read) => read.place(source, |point| point.source).shown,
            None => source.wrapping_sub(self.start_utf16),
        }
    }

    /// The other way round.
    #[must_use]
    pub fn source_at(&self, shown: u32) -> u32 {
        match &self.unescaped {
            Some(read) => read.place(shown, |point| point.shown).source,
            None => shown.saturating_add(self.start_utf16),
        }
    }

    /// Where a span of the whole text lies in the window, in UTF-16 units; `None` if it starts
    /// outside.
    #[must_use]
    pub fn range(&self, span: &Span) -> Option<(u32, u32)> {
        if span.start < self.start || span.start > self.end || span.start_utf16 < self.start_utf16 {
            return None;
        }
        let from = self.shown_at(span.start_utf16);
        Some((from, self.shown_at(span.end_utf16.max(span.start_utf16)).max(from)))
    }

    /// Line and column within the window of a span of the whole text.
    #[must_use]
    pub fn place(&self, span: &Span) -> Option<(u32, u32)> {
        self.range(span)?;
        if let Some(read) = &self.unescaped {
            let place = read.place(span.start_utf16, |point| point.source);
            return Some((place.line, place.column));
        }
        let line = span.line.checked_sub(self.line)? + 1;
        let column =
            if line == 1 { span.column.checked_sub(self.column)? + 1 } else { span.column };
        Some((line, column))
    }
}

#[cfg(test)]
mod tests {
    use eqlens_engine::desk::Desk;
    use eqlens_engine::wire::Outcome;

    use crate::state::docs::{Docs, RuleView};
    use crate::state::draft::Draft;

    use super::*;

    fn outcome(rule: &str) -> Outcome {
        let mut desk = Desk::new();
        desk.load("{\"a\":\"1\",\"b\":\"1\"}");
        desk.run(rule, &|| 0.0)
    }

    /// A document with a query as it stands between its quotes, recognised by the engine.
    fn docs(rule: &str) -> Docs {
        let mut docs = Docs::default();
        docs.replace(Draft { rule: rule.into(), ..Draft::default() });
        docs.recognised(&outcome(rule));
        docs
    }

    fn json(query: &str) -> String {
        format!(
            r#"{{"name":"\u00e4\/ \"n\"","type":"eql","query":"{query}","language":"eql","x":"\u0041"}}"#
        )
    }

    #[test]
    fn a_query_between_quotes_is_shown_and_edited_without_its_escapes() {
        for (written, shown, edited, then) in [
            // As it is; what is added gets its escapes.
            ("any where a", "any where a", "any where a == \"b\"", r#"any where a == \"b\""#),
            (
                r#"any where a == \"b\""#,
                "any where a == \"b\"",
                "any where a == \"bc\"",
                r#"any where a == \"bc\""#,
            ),
            // What stays keeps its way of being written, odd as it may be.
            (
                r#"any where a == \"\u00e9\u0041\/\" and b"#,
                "any where a == \"\u{e9}A/\" and b",
                "any where a == \"\u{e9}A/\" and bc",
                r#"any where a == \"\u00e9\u0041\/\" and bc"#,
            ),
            // Both sides of a change may be escapes.
            (
                r#"any where a == \"\u00e9\u00e9\""#,
                "any where a == \"\u{e9}\u{e9}\"",
                "any where a == \"\u{e9}\\\\\u{e9}\"",
                r#"any where a == \"\u00e9\\\\\u00e9\""#,
            ),
            (
                r#"any where a : \"C:\\\\x\""#,
                "any where a : \"C:\\\\x\"",
                "any where a : \"C:\\\\\\\\x\"",
                r#"any where a : \"C:\\\\\\\\x\""#,
            ),
            // Lines and tabs.
            (
                r"any where\n\ta",
                "any where\n\ta",
                "any where\n\ta and\n\tb",
                r"any where\n\ta and\n\tb",
            ),
            // Two escapes that are one character, and a character of two units as it is.
            (
                "any where a == \\\"\\ud83d\\ude00\u{1f600}\\\" or b",
                "any where a == \"\u{1f600}\u{1f600}\" or b",
                "any where a == \"\u{1f600}\u{1f600}\" or \u{1f600}b",
                "any where a == \\\"\\ud83d\\ude00\u{1f600}\\\" or \u{1f600}b",
            ),
            (
                r#"any where a == \"\ud83d\ude00\" or b"#,
                "any where a == \"\u{1f600}\" or b",
                "any where a == \"\" or b",
                r#"any where a == \"\" or b"#,
            ),
            // What stands around the query is no part of it.
            (r" \n any where a \n ", "any where a", "any where ab", r" \n any where ab \n "),
            // All of it.
            (r"any where\na", "any where\na", "", ""),
        ] {
            let before = json(written);
            let mut docs = docs(&before);
            assert_eq!((docs.view, &*docs.shown_rule()), (RuleView::Query, shown), "{written}");
            docs.edit_rule(edited.into());
            let wanted = before.replace(written, then);
            assert_eq!(&*docs.rule, wanted, "{written}");
            assert_eq!(&*docs.shown_rule(), edited, "{written}");
            docs.recognised(&outcome(&docs.rule));
            assert_eq!((docs.view, &*docs.shown_rule()), (RuleView::Query, edited), "{written}");
            assert_eq!(rule_query(&docs.rule), edited.trim(), "{written}");
        }
    }

    fn rule_query(text: &str) -> String {
        rule::read(text).0.query
    }

    #[test]
    fn every_step_of_typing_keeps_the_document_sound() {
        let end = "any where x == \"\\\\\u{1f600}\ty\" and // \"\nz";
        let mut docs = docs(&json("any where a"));
        for (at, c) in end.char_indices().skip(10) {
            docs.edit_rule(end[..at + c.len_utf8()].into());
            assert_eq!(&*docs.shown_rule(), &end[..at + c.len_utf8()]);
            assert_eq!(rule_query(&docs.rule), end[..at + c.len_utf8()].trim());
            if at % 3 == 0 {
                docs.recognised(&outcome(&docs.rule));
            }
        }
        assert_eq!(docs.view, RuleView::Query);
    }

    #[test]
    fn other_documents_with_escapes_have_their_view_too() {
        for (before, shown, edited, after) in [
            (
                "[rule]\nquery = \"any where a == \\\"b\\\"\"\nname='x'\n",
                "any where a == \"b\"",
                "any where\n a == \"b\"",
                "[rule]\nquery = \"any where\\n a == \\\"b\\\"\"\nname='x'\n",
            ),
            // Lines stay lines where the quotes hold them.
            (
                "[rule]\nquery = \"\"\"\nany where\n a == \"\\\\\\\\\"\n\"\"\"\n",
                "any where\n a == \"\\\\\"",
                "any where\n a == \"\\\\\" and\n b == \"c\"",
                "[rule]\nquery = \"\"\"\nany where\n a == \"\\\\\\\\\" and\n b == \\\"c\\\"\n\"\"\"\n",
            ),
            // One of several of an export, and a request.
            (
                "{\"query\":\"x:1\",\"language\":\"kuery\",\"rule_id\":\"1\"}\n{\"rule_id\":\"2\",\"language\":\"eql\",\"query\":\"any where a == \\\"b\\\"\"}\n{\"exported_count\":2}\n",
                "any where a == \"b\"",
                "any where a != \"b\"",
                "{\"query\":\"x:1\",\"language\":\"kuery\",\"rule_id\":\"1\"}\n{\"rule_id\":\"2\",\"language\":\"eql\",\"query\":\"any where a != \\\"b\\\"\"}\n{\"exported_count\":2}\n",
            ),
            (
                "GET /x/_eql/search\n{ \"query\": \"any where a == \\\"b\\\"\" }",
                "any where a == \"b\"",
                "any where a == \"\"",
                "GET /x/_eql/search\n{ \"query\": \"any where a == \\\"\\\"\" }",
            ),
            // The console's triple quotes know no escapes.
            (
                "GET /x/_eql/search\n{ \"query\": \"\"\"any where a\"\"\" }",
                "any where a",
                "any where a == \"b\" ",
                "GET /x/_eql/search\n{ \"query\": \"\"\"any where a == \"b\" \"\"\" }",
            ),
        ] {
            let mut docs = docs(before);
            assert_eq!((docs.view, &*docs.shown_rule()), (RuleView::Query, shown), "{before}");
            docs.edit_rule(edited.into());
            assert_eq!(&*docs.rule, after, "{before}");
            assert_eq!(rule_query(&docs.rule), edited.trim(), "{before}");
        }
    }

    #[test]
    fn places_are_those_of_what_is_shown() {
        let shown = "any where a == \"\u{1f600}\u{e9}\" and\n  b == \"x\"";
        let rule = json(r#"any where a == \"\ud83d\ude00\u00e9\" and\n  b == \"x\""#);
        let found = outcome(&rule);
        let window = Window::escaped(found.escaped_span.unwrap(), &rule).unwrap();
        let mut seen = Vec::new();
        for node in found.nodes.iter().filter(|node| node.clause.is_some()) {
            let (from, to) = window.range(&node.span).unwrap();
            let units: Vec<u16> = shown.encode_utf16().collect();
            let text = String::from_utf16(&units[from as usize..to as usize]).unwrap();
            seen.push((text, window.place(&node.span).unwrap()));
            assert_eq!(window.shown_at(window.source_at(from)), from);
        }
        let wanted = [
            ("any where".into(), (1, 1)),
            ("a == \"\u{1f600}\u{e9}\"".into(), (1, 11)),
            ("b == \"x\"".into(), (2, 3)),
        ];
        assert_eq!(seen, wanted);
        for at in 0..=shown.encode_utf16().count() as u32 {
            let back = window.shown_at(window.source_at(at));
            // The middle of a character of two units is its beginning.
            assert!(back == at || at == 17 && back == 16, "{at}: {back}");
        }
    }

    #[test]
    fn formatting_and_undo_know_the_escapes() {
        let before = json(r#"any  where a==\"\u00e9\""#);
        let mut docs = docs(&before);
        let edits = rule::read(&before).0.formatted(&before).unwrap();
        let edit = |(span, text): &(eqlens_engine::span::Span, String)| eqlens_engine::wire::Edit {
            span: Span { start: span.start, end: span.end, ..Span::default() },
            text: text.clone(),
        };
        docs.rewrite(&edits.iter().map(edit).collect::<Vec<_>>());
        assert_eq!(&*docs.rule, json(r#"any where a == \"\u00e9\""#));
        assert_eq!(&*docs.shown_rule(), "any where a == \"\u{e9}\"");
        // The editor has one history over both views.
        let document = Rc::clone(&docs.rule);
        docs.edit_rule(Rc::clone(&document));
        assert_eq!((docs.view, &docs.rule), (RuleView::Source, &document));
        docs.edit_rule("any where a == \"\u{e9}\"".into());
        assert_eq!((docs.view, &docs.rule), (RuleView::Query, &document));
    }
}
