//! Positions in a source text.

/// Half-open byte range `start..end` into one source text.
///
/// Bytes, never columns: lines and UTF-16 units exist only in [`LineIndex`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`.
    #[must_use]
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The empty range at `at`.
    #[must_use]
    pub fn empty(at: u32) -> Self {
        Self { start: at, end: at }
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range in a text in which `by` bytes stand before this one.
    #[must_use]
    pub fn shifted(self, by: u32) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// The text of the range; empty where the range does not fit `source`.
    #[must_use]
    pub fn text(self, source: &str) -> &str {
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A position in every unit a receiver may need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
    /// UTF-16 units from the beginning of the text.
    pub utf16: u32,
}

/// Turns byte offsets of one text into lines, columns and UTF-16 offsets.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    /// Places whose position is known, ascending by byte: where each line starts, and within a long
    /// one every so often, so that a query of thousands of clauses on one line is not walked through
    /// for each of them.
    known: Vec<(u32, Position)>,
}

/// Bytes, about, between two known places of a line.
const STRIDE: usize = 1024;

impl<'t> LineIndex<'t> {
    /// Reads the text once. Only `\n` ends a line.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let start = Position { line: 1, column: 1, utf16: 0 };
        let mut known = vec![(0, start)];
        let mut at = start;
        let mut byte = 0;
        for line in text.split_inclusive('\n') {
            let mut rest = line;
            while rest.len() > STRIDE {
                let mut length = STRIDE;
                while !rest.is_char_boundary(length) {
                    length += 1;
                }
                let (before, after) = rest.split_at(length);
                at = at.after(before);
                byte += length as u32;
                known.push((byte, at));
                rest = after;
            }
            at = at.after(rest);
            byte += rest.len() as u32;
            if line.ends_with('\n') {
                at = Position { line: at.line + 1, column: 1, ..at };
                known.push((byte, at));
            }
        }
        Self { text, known }
    }

    /// The position of a byte. A byte past the end counts as the end; one inside a character as
    /// the start of that character.
    #[must_use]
    pub fn position(&self, at_byte: u32) -> Position {
        let mut at = (at_byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let after = self.known.partition_point(|(start, _)| *start as usize <= at);
        let (start, position) = self.known.get(after.max(1) - 1).copied().unwrap_or_default();
        position.after(self.text.get(start as usize..at).unwrap_or_default())
    }
}

impl Position {
    /// The position behind a text on the same line.
    fn after(self, text: &str) -> Self {
        Self {
            column: self.column + text.chars().count() as u32,
            utf16: self.utf16 + utf16_len(text),
            ..self
        }
    }
}

/// The byte at which a UTF-16 unit of the text begins; the end of the text for units behind it. The
/// second unit of a pair counts as its first.
#[must_use]
pub fn byte_of_utf16(text: &str, unit: u32) -> u32 {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        seen += c.len_utf16() as u32;
        if seen > unit {
            return at as u32;
        }
    }
    text.len() as u32
}

/// Length in UTF-16 units.
fn utf16_len(text: &str) -> u32 {
    if text.is_ascii() {
        return text.len() as u32;
    }
    text.chars().map(char::len_utf16).sum::<usize>() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_utf16_units() {
        let index = LineIndex::new("a\n\u{1F600}b\r\nc");
        let at = |byte| {
            let p = index.position(byte);
            (p.line, p.column, p.utf16)
        };
        assert_eq!(at(0), (1, 1, 0));
        assert_eq!(at(2), (2, 1, 2));
        assert_eq!(at(6), (2, 2, 4));
        assert_eq!(at(4), (2, 1, 2), "inside a character counts as its start");
        assert_eq!(at(9), (3, 1, 7));
        assert_eq!(at(99), (3, 2, 8), "past the end counts as the end");
        let long = format!("x\n{}y", "\u{1F600}".repeat(3000));
        let p = LineIndex::new(&long).position(long.len() as u32 - 1);
        assert_eq!((p.line, p.column, p.utf16), (2, 3001, 6002), "far into a line");
        let back = |unit| byte_of_utf16("a\n\u{1F600}b", unit);
        assert_eq!([back(0), back(2), back(3), back(4), back(99)], [0, 2, 2, 6, 7]);
    }
}
