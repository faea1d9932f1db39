//! Where a text that was put together stands in the text it was read from.

use crate::diag::Fix;
use crate::span::Span;

/// The places of a text in its source, piece by piece.
///
/// A query stands in its document in one piece where it is there to the letter, in more where
/// escapes were decoded or foreign lines left out between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// In the order of both texts, without overlaps.
    pieces: Vec<Piece>,
    /// Characters that cannot stand in the source as they are: they would end the literal that
    /// holds the text, or need an escape.
    pub(super) forbidden: &'static str,
}

/// A stretch of the text. It stands to the letter where its length is that of its source;
/// otherwise it is the outcome of one escape and has no places inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    text: Span,
    source: Span,
}

impl Piece {
    fn is_verbatim(self) -> bool {
        self.text.end - self.text.start == self.source.end - self.source.start
    }

    /// Source of a byte of the text, which may be the one past the end.
    fn place(self, at: u32) -> u32 {
        match at {
            at if at <= self.text.start => self.source.start,
            at if at >= self.text.end => self.source.end,
            at if self.is_verbatim() => self.source.start + (at - self.text.start),
            _ => self.source.start,
        }
    }
}

impl SourceMap {
    /// A text that stands in its source to the letter.
    #[must_use]
    pub fn verbatim(source: Span) -> Self {
        Self::whole(source.end - source.start, source)
    }

    /// A text of `len` bytes of which only the source as a whole is known.
    pub(super) fn whole(len: u32, source: Span) -> Self {
        Self { pieces: vec![Piece { text: Span::new(0, len), source }], forbidden: "" }
    }

    /// Where all of the text stands, where it does to the letter and in one piece.
    #[must_use]
    pub fn contiguous(&self) -> Option<Span> {
        match self.pieces.as_slice() {
            [piece] if piece.is_verbatim() => Some(piece.source),
            _ => None,
        }
    }

    /// The pieces that stand to the letter: place in the text, place in the source.
    pub fn verbatim_pieces(&self) -> impl Iterator<Item = (Span, Span)> {
        self.pieces.iter().filter(|piece| piece.is_verbatim()).map(|it| (it.text, it.source))
    }

    /// The place of what stands between two neighbouring parts of the text that are left as they
    /// are. `None` where anything else of the source may lie between them: the map has a hole.
    pub(super) fn between(&self, gap: Span) -> Option<Span> {
        let adjoin =
            |pair: &[Piece]| matches!(pair, [one, next] if one.source.end == next.source.start);
        let (first, last) = (self.pieces.first()?, self.pieces.last()?);
        let start = match gap.start.checked_sub(1) {
            Some(before) => self.place(Span::new(before, gap.start)).end,
            None => first.source.start,
        };
        let end = if gap.end < last.text.end {
            self.place(Span::new(gap.end, gap.end + 1)).start
        } else {
            last.source.end
        };
        self.pieces.windows(2).all(adjoin).then(|| Span::new(start, end))
    }

    /// The place of a range of the text in the source: from the source of its first byte to that
    /// of its last.
    #[must_use]
    pub fn place(&self, range: Span) -> Span {
        let after = self.pieces.partition_point(|piece| piece.text.end <= range.start);
        let first = self.pieces.get(after).or(self.pieces.last());
        let start = first.map_or(range.start, |piece| piece.place(range.start));
        if range.end <= range.start {
            return Span::empty(start);
        }
        let upto = self.pieces.partition_point(|piece| piece.text.start < range.end);
        let last = upto.checked_sub(1).and_then(|last| self.pieces.get(last));
        let mut end = last.map_or(range.end, |piece| piece.place(range.end));
        // An escape is pointed at as a whole.
        if let Some(piece) = last.filter(|piece| !piece.is_verbatim()) {
            end = piece.source.end;
        }
        Span::new(start, end.max(start))
    }

    /// The byte of the text that stands at a byte of the source, which may be the one past a piece;
    /// `None` where nothing of the text stands there to the letter.
    #[must_use]
    pub fn in_text(&self, at: u32) -> Option<u32> {
        let mut pieces = self.verbatim_pieces();
        let (text, source) = pieces.find(|(_, it)| it.start <= at && at <= it.end)?;
        Some(text.start + (at - source.start))
    }

    /// The place in the source of a range of the text that is to be replaced. `None` where it
    /// reaches over a border between pieces, or where the new text cannot stand there as it is.
    #[must_use]
    pub fn edit(&self, range: Span, new: &str) -> Option<Span> {
        let fits = !new.contains(|c| self.forbidden.contains(c));
        let mut pieces = self.pieces.iter().filter(|piece| piece.is_verbatim());
        let piece = pieces.find(|it| it.text.start <= range.start && range.end <= it.text.end)?;
        fits.then(|| Span::new(piece.place(range.start), piece.place(range.end)))
    }

    /// A fix of the text as one of the source. `None` where an edit reaches over a border between
    /// pieces, or brings something that cannot stand in the source as it is.
    pub(super) fn fix(&self, fix: &Fix) -> Option<Fix> {
        let edits =
            fix.edits.iter().map(|(range, text)| Some((self.edit(*range, text)?, text.clone())));
        Some(Fix { title: fix.title.clone(), edits: edits.collect::<Option<_>>()? })
    }

    /// The map of a part of the text, counted from the beginning of that part.
    pub(super) fn slice(&self, part: Span) -> Self {
        let pieces = self.pieces.iter().filter_map(|piece| {
            let text = Span::new(piece.text.start.max(part.start), piece.text.end.min(part.end));
            let source = Span::new(piece.place(text.start), piece.place(text.end.max(text.start)));
            (text.start < text.end).then(|| Piece {
                text: Span::new(text.start - part.start, text.end - part.start),
                source: if piece.is_verbatim() { source } else { piece.source },
            })
        });
        Self { pieces: pieces.collect(), forbidden: self.forbidden }
    }

    /// The map into the source of the source, where `inner` tells how that one came about.
    pub(super) fn through(&self, inner: &Self) -> Self {
        let mut map = Self { pieces: Vec::new(), forbidden: self.forbidden };
        for piece in &self.pieces {
            if !piece.is_verbatim() {
                map.add(piece.text.end - piece.text.start, inner.place(piece.source));
                continue;
            }
            let mut at = piece.source.start;
            let first = inner.pieces.partition_point(|it| it.text.end <= at);
            for part in inner.pieces.iter().skip(first) {
                let end = part.text.end.min(piece.source.end);
                if end <= at {
                    break;
                }
                let source = if part.is_verbatim() {
                    Span::new(part.place(at), part.place(end))
                } else {
                    part.source
                };
                map.add(end - at, source);
                at = end;
            }
        }
        map
    }

    /// The same in a source in which `by` bytes stand before.
    pub(super) fn shifted(mut self, by: u32) -> Self {
        for piece in &mut self.pieces {
            piece.source = piece.source.shifted(by);
        }
        self
    }

    /// Adds the next `len` bytes of the text.
    fn add(&mut self, len: u32, source: Span) {
        let start = self.pieces.last().map_or(0, |last| last.text.end);
        let piece = Piece { text: Span::new(start, start + len), source };
        match self.pieces.last_mut() {
            Some(last)
                if last.is_verbatim() && piece.is_verbatim() && last.source.end == source.start =>
            {
                last.text.end = piece.text.end;
                last.source.end = source.end;
            }
            _ => self.pieces.push(piece),
        }
    }
}

/// A text in the making, with its map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Assembly {
    pub(super) text: String,
    pub(super) map: SourceMap,
}

impl Assembly {
    /// Adds a text that came about from `source`.
    pub(super) fn push(&mut self, text: &str, source: Span) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.map.add(text.len() as u32, source);
        }
    }

    /// Adds a part of the source as it is; nothing where the range does not fit.
    pub(super) fn copy(&mut self, source: &str, range: std::ops::Range<usize>) {
        let span = Span::new(range.start as u32, range.end as u32);
        self.push(span.text(source), span);
    }
}
