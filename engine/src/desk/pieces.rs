//! Events that come piece by piece, so that one can see how far it is, and stop.

use crate::desk::Desk;
use crate::ingest::{Loader, is_lines};
use crate::schema::Mapping;
use crate::span::LineIndex;
use crate::wire;

/// How far the pieces before the last one go.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    bytes: u32,
    utf16: u32,
    lines: u32,
}

/// The next piece of a text, from byte `from` on: whole lines of it, `most` bytes at most or one
/// longer line, where the text has an event on each line; otherwise all of it.
#[must_use]
pub fn piece(text: &str, from: usize, most: usize) -> &str {
    let rest = text.get(from..).unwrap_or_default();
    if rest.len() <= most || from == 0 && !is_lines(text) {
        return rest;
    }
    let end = rest.as_bytes().get(..most).and_then(|bytes| bytes.iter().rposition(|b| *b == b'\n'));
    // A longer line is a piece by itself.
    let end = end.or_else(|| rest.find('\n'));
    end.and_then(|end| rest.get(..=end)).unwrap_or(rest)
}

impl Desk {
    /// Adds a further [`piece`] of the text that was loaded last. The report is of this piece alone;
    /// its places are those of the whole text. The last run is forgotten, and until [`Desk::settle`]
    /// the values are those of the documents, whatever the mapping says.
    pub fn load_more(&mut self, piece: &str) -> wire::LoadReport {
        let before = self.store.n_events();
        if let Some(text) = self.sources.last() {
            self.extent.bytes += text.len() as u32;
            self.extent.utf16 += text.encode_utf16().count() as u32;
            self.extent.lines += text.bytes().filter(|b| *b == b'\n').count() as u32;
        }
        let extent = self.extent;
        let mut store = std::mem::take(&mut self.store);
        // Columns go on with what the documents have.
        if !std::mem::replace(&mut self.is_unsettled, true) {
            store.hold_as(&Mapping::default());
        }
        let mut loader = Loader::over(store, self.sources.len());
        let added = loader.add_lines(piece);
        self.store = loader.finish();
        self.store.shift_lines(before, extent.lines);
        self.forget();
        self.last = None;
        let index = LineIndex::new(piece);
        let findings = added.findings.iter().map(|found| {
            let mut found = wire::Finding::new(found, &index, 0);
            let span = &mut found.span;
            (span.start, span.end) = (span.start + extent.bytes, span.end + extent.bytes);
            span.start_utf16 += extent.utf16;
            span.end_utf16 += extent.utf16;
            span.line += extent.lines;
            found.fixes.clear();
            found
        });
        let report = wire::LoadReport {
            format: added.format.to_owned(),
            events: added.events,
            skipped: added.skipped,
            bytes: piece.len() as u64,
            findings: findings.collect(),
            lines: self.store.lines().skip(before as usize).collect(),
        };
        self.sources.push(piece.to_owned());
        report
    }

    /// After the last piece: holds the values as the mapping says, all of them at once. A run does so
    /// by itself.
    pub fn settle(&mut self) {
        if self.is_unsettled {
            let mapping = std::mem::take(&mut self.mapping);
            self.set_mapping(mapping);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Filter, LoadReport};

    const TEXT: &str =
        "{\"a\":1,\"b\":\"\u{e9}\u{1f600}\"}\n\n{\"a\":2}\n{oops\n{\"a\":3}\n{\"a\":[4,5]}";

    fn in_pieces(most: usize) -> (Desk, LoadReport) {
        let mut desk = Desk::new();
        let mut at = piece(TEXT, 0, most).len();
        let mut all = desk.load(&TEXT[..at]);
        while at < TEXT.len() {
            let next = piece(TEXT, at, most);
            let mut more = desk.load_more(next);
            at += next.len();
            all.events += more.events;
            all.skipped += more.skipped;
            all.bytes += more.bytes;
            all.findings.append(&mut more.findings);
            all.lines.append(&mut more.lines);
        }
        (desk, all)
    }

    #[test]
    fn pieces_give_what_the_whole_gives() {
        let mut whole = Desk::new();
        let report = whole.load(TEXT);
        let query = "any where a >= 2";
        let found = whole.run(query, &|| 0.0);
        for most in [8, 24, 30, 40, 1000] {
            let (mut desk, all) = in_pieces(most);
            assert_eq!(all, report, "{most}");
            assert_eq!(desk.run(query, &|| 0.0), found, "{most}");
            assert_eq!(desk.rows(Filter::All, 0, 9), whole.rows(Filter::All, 0, 9), "{most}");
            assert_eq!(desk.explain(3), whole.explain(3), "{most}");
            assert_eq!(desk.source(3), Some("{\"a\":[4,5]}"));
        }
    }

    #[test]
    fn pieces_are_held_as_the_mapping_says_once_they_are_all_there() {
        let mapping = r#"{"mappings":{"properties":{"a":{"type":"byte"},"b":{"type":"keyword","ignore_above":1}}}}"#;
        let mapping = || Mapping::parse(mapping).unwrap();
        let query = "any where b == \"x\" or b == \"long\"";
        let mut desk = Desk::new();
        desk.set_mapping(mapping());
        desk.load("{\"b\":\"long\"}\n{\"b\":\"x\"}\n");
        for n_matches in 2..5 {
            desk.load_more("{\"b\":\"long\"}\n");
            desk.load_more("{\"b\":\"x\"}\n");
            let found = desk.run(query, &|| 0.0).result.unwrap();
            assert_eq!((found.events, found.matches), (n_matches * 2, n_matches));
        }
        desk.load_more("{\"b\":\"long\"}\n");
        desk.settle();
        let new = desk.compare("any where b == \"y\"", query).new;
        assert_eq!(new.matches, Some(4));
    }

    #[test]
    fn only_lines_come_in_pieces() {
        assert_eq!(piece("[1,\n2]", 0, 3), "[1,\n2]");
        assert_eq!(
            piece(TEXT, 0, 30),
            TEXT.split_inclusive("{oops").next().unwrap().replace("{oops", "")
        );
        assert_eq!(piece("{\"a\":\"long\"}\n{}\n", 0, 5), "{\"a\":\"long\"}\n");
    }
}
