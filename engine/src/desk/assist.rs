//! Help while a rule is being written. None of it changes the last run.

use crate::complete::{self, Facts, Known};
use crate::desk::Desk;
use crate::rule::{self, Rule};
use crate::run::Options;
use crate::span::{LineIndex, Span};
use crate::wire;
use crate::wire::assist::{Completions, Hover};

impl Desk {
    /// What may be written at a byte of a rule text, be it a query or a document with one. Nothing
    /// outside the query.
    #[must_use]
    pub fn complete(&self, rule_text: &str, at: u32) -> Completions {
        self.completed(rule_text, at).unwrap_or_default()
    }

    fn completed(&self, rule_text: &str, at: u32) -> Option<Completions> {
        let mut rule = rule::read(rule_text).0;
        let end = rule.query.len() as u32;
        let in_query = if let Some(found) = rule.places.in_text(at) {
            found
        } else {
            // A document's query is read without the blanks behind it; one writes on there.
            let before = rule_text.get(..at as usize)?.trim_end();
            rule.places.in_text(before.len() as u32).filter(|found| *found == end)?;
            rule.query.push(' ');
            end + 1
        };
        let (mut span, mut items) =
            self.asked(&rule, |facts| complete::complete(&rule.query, in_query as usize, facts));
        let is_behind = span.start > end;
        if is_behind {
            span = Span::empty(end);
        }
        // In a document, what needs an escape cannot stand as it is.
        items.retain(|item| rule.places.edit(span, &item.insert).is_some());
        let place = rule.places.edit(span, "")?;
        let place = if is_behind { Span::empty(at) } else { place };
        Some(Completions { span: wire::Span::new(place, &LineIndex::new(rule_text)), items })
    }

    /// What the word at a byte of a rule text means; `None` where there is nothing to say.
    #[must_use]
    pub fn hover(&self, rule_text: &str, at: u32) -> Option<Hover> {
        let rule = rule::read(rule_text).0;
        let at = rule.places.in_text(at)? as usize;
        let found = self.asked(&rule, |facts| complete::explain(&rule.query, at, facts));
        let (span, explained): (Span, _) = found?;
        let span = wire::Span::new(rule.place(span), &LineIndex::new(rule_text));
        Some(Hover { span, explained })
    }

    fn asked<T>(&self, rule: &Rule, ask: impl FnOnce(&Facts<'_>) -> T) -> T {
        let options = Options::default().for_rule(rule);
        ask(&Facts {
            store: &self.store,
            mapping: &self.mapping,
            known: self.known.get_or_init(|| Known::new(&self.store, &self.mapping)),
            category_field: &options.event_category_field,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Mapping;

    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.load("{\"process\":{\"name\":\"a \\\"b\\\"\"}}\n{\"process\":{\"name\":\"cmd.exe\"}}");
        desk
    }

    /// The text with the first suggestion at the mark in place; `None` without one.
    fn completed(desk: &Desk, marked: &str) -> Option<String> {
        let at = marked.find('‸').unwrap() as u32;
        let mut text = marked.replace('‸', "");
        let found = desk.complete(&text, at);
        let (from, to) = (found.span.start as usize, found.span.end as usize);
        text.replace_range(from..to, &found.items.first()?.insert);
        Some(text)
    }

    #[test]
    fn a_query_in_a_document_is_completed_in_its_place() {
        let desk = desk();
        for (marked, expected) in [
            ("any where process.na‸", Some("any where process.name")),
            (
                "# é\n[rule]\nquery = '''\nany where process.na‸me : \"x\"\n'''\n",
                Some("# é\n[rule]\nquery = '''\nany where process.name : \"x\"\n'''\n"),
            ),
            (
                "{\"name\": \"n\", \"language\": \"eql\", \"query\": \"any where\\n  process.na‸ == 1\"}",
                Some(
                    "{\"name\": \"n\", \"language\": \"eql\", \"query\": \"any where\\n  process.name == 1\"}",
                ),
            ),
            // Behind the blanks that end a query.
            (
                "[rule]\nquery = '''\nany where process.name  ‸\n'''\n",
                Some("[rule]\nquery = '''\nany where process.name  == \n'''\n"),
            ),
            // What would need an escape there is not offered.
            ("{\"language\": \"eql\", \"query\": \"any where process.name == cm‸\"}", None),
            // Outside the query there is nothing to say.
            ("[rule]\nname = \"proc‸\"\nquery = '''any where true'''\n", None),
        ] {
            assert_eq!(completed(&desk, marked).as_deref(), expected, "{marked}");
        }
    }

    #[test]
    fn a_word_in_a_document_is_explained_at_its_place() {
        let rule = "# é\n[rule]\nquery = '''any where process.name : \"x\"'''\n";
        let at = rule.find("name :").unwrap() as u32;
        let hover = desk().hover(rule, at).unwrap();
        let (span, said) = (hover.span, hover.explained);
        assert_eq!(rule.get(span.start as usize..span.end as usize), Some("process.name"));
        assert_eq!(span.start - span.start_utf16, 1);
        assert_eq!(said.values, [("a \"b\"".into(), 1), ("cmd.exe".into(), 1)]);
        assert_eq!(desk().hover(rule, 1), None);
    }

    #[test]
    fn new_events_and_a_new_mapping_are_known_at_once() {
        let mut desk = desk();
        assert!(completed(&desk, "any where fresh‸").is_none());
        desk.load("{\"fresh\":{\"name\":1}}");
        assert_eq!(completed(&desk, "any where fresh‸").as_deref(), Some("any where fresh.name"));
        let mapping = r#"{"properties":{"mapped":{"type":"alias","path":"fresh.name"}}}"#;
        desk.set_mapping(Mapping::parse(mapping).unwrap());
        let found = desk.complete("any where mapp", 14);
        let labels: Vec<_> =
            found.items.iter().map(|it| (it.label.as_str(), it.note.as_str())).collect();
        assert_eq!(labels, [("mapped", "in all events")]);
        let said = desk.hover("any where mapped", 12).unwrap().explained;
        assert!(said.lines.contains(&"another name of `fresh.name`".to_owned()), "{said:?}");
    }
}
