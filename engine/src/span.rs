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
    /// Byte and UTF-16 offset at which each line starts.
    starts: Vec<(u32, u32)>,
}

impl<'t> LineIndex<'t> {
    /// Reads the text once. Only `\n` ends a line.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let mut starts = vec![(0, 0)];
        let (mut byte, mut utf16) = (0_u32, 0_u32);
        for line in text.split_inclusive('\n') {
            byte += line.len() as u32;
            utf16 += utf16_len(line);
            if line.ends_with('\n') {
                starts.push((byte, utf16));
            }
        }
        Self { text, starts }
    }

    /// The position of a byte. A byte past the end counts as the end; one inside a character as
    /// the start of that character.
    #[must_use]
    pub fn position(&self, at_byte: u32) -> Position {
        let mut at = (at_byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.starts.partition_point(|&(start, _)| start as usize <= at).max(1);
        let (start, utf16) = self.starts.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start as usize..at).unwrap_or_default();
        Position {
            line: line as u32,
            column: before.chars().count() as u32 + 1,
            utf16: utf16 + utf16_len(before),
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
        let back = |unit| byte_of_utf16("a\n\u{1F600}b", unit);
        assert_eq!([back(0), back(2), back(3), back(4), back(99)], [0, 2, 2, 6, 7]);
    }
}
