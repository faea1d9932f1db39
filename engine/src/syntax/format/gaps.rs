//! What stands between tokens: blanks and comments.

use crate::span::Span;
use crate::syntax::lexer::{after_line, block_comment};
use crate::syntax::token::{Keyword, Symbol, Tok, Token};

/// A comment, and what is between it and the token or comment before.
#[derive(Debug)]
pub(super) struct Comment<'t> {
    /// With its marks, without blanks at its end.
    pub(super) text: &'t str,
    /// A line end is before it.
    pub(super) breaks: bool,
    /// An empty line is before it.
    pub(super) blank: bool,
}

/// What stands before a token.
#[derive(Debug, Default)]
pub(super) struct Gap<'t> {
    /// All of it.
    pub(super) span: Span,
    pub(super) comments: Vec<Comment<'t>>,
    /// A line end is after the last comment, or anywhere if there is none.
    pub(super) breaks: bool,
    /// An empty line is there.
    pub(super) blank: bool,
}

impl Gap<'_> {
    /// A comment is at the end of a line or on its own.
    pub(super) fn has_break(&self) -> bool {
        !self.comments.is_empty() && (self.breaks || self.comments.iter().any(|it| it.breaks))
    }

    /// It cannot be written on one line.
    pub(super) fn is_forced(&self) -> bool {
        self.has_break() || self.comments.iter().any(|comment| comment.text.contains('\n'))
    }

    /// Characters of the comments with a blank before each, on one line.
    pub(super) fn width(&self) -> usize {
        self.comments.iter().map(|comment| comment.text.chars().count() + 1).sum()
    }
}

/// The gaps before the tokens, the end of the text among them. Comments before an `and`, `or` or
/// comma that begins a line are put after it, since these never begin a line here.
pub(super) fn gaps<'t>(source: &'t str, tokens: &[Token]) -> Vec<Gap<'t>> {
    let mut gaps: Vec<Gap<'t>> = Vec::with_capacity(tokens.len());
    let mut end = 0;
    let mut moved: Option<Gap<'t>> = None;
    for token in tokens {
        let mut gap = read(source, Span::new(end, token.span.start));
        end = token.span.end;
        if let Some(earlier) = moved.take() {
            let none = gap.comments.is_empty();
            let (breaks, blank) = match gap.comments.first_mut() {
                Some(first) => (&mut first.breaks, &mut first.blank),
                None => (&mut gap.breaks, &mut gap.blank),
            };
            // A line end before the operator alone says nothing; an empty line does.
            *breaks |= earlier.breaks && !earlier.comments.is_empty();
            *blank |= earlier.blank && (none || *breaks);
            gap.comments.splice(0..0, earlier.comments);
        }
        let goes_left = matches!(
            token.kind,
            Tok::Keyword(Keyword::And | Keyword::Or) | Tok::Symbol(Symbol::Comma)
        );
        if goes_left && (gap.has_break() || gap.comments.is_empty()) {
            let span = gap.span;
            moved = Some(std::mem::take(&mut gap));
            gap.span = span;
        }
        gaps.push(gap);
    }
    if let Some(first) = gaps.first_mut().and_then(|gap| gap.comments.first_mut()) {
        // Nothing is before the beginning.
        (first.breaks, first.blank) = (false, false);
    }
    gaps
}

/// Takes a gap apart.
fn read(source: &str, span: Span) -> Gap<'_> {
    let mut gap = Gap { span, ..Gap::default() };
    let mut rest = span.text(source);
    loop {
        let text = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let blanks = rest.get(..rest.len() - text.len()).unwrap_or_default();
        // Lines end with either of the two or with both.
        let n_lines = blanks.matches('\n').count().max(blanks.matches('\r').count());
        let (breaks, blank) = (n_lines > 0, n_lines > 1);
        let len = if text.starts_with("//") {
            text.len() - after_line(text).len()
        } else {
            text.len() - block_comment(text).unwrap_or_default().len()
        };
        if text.is_empty() || len == 0 {
            (gap.breaks, gap.blank) = (breaks, blank);
            return gap;
        }
        let comment = text.get(..len).unwrap_or_default().trim_end();
        gap.comments.push(Comment { text: comment, breaks, blank });
        rest = text.get(len..).unwrap_or_default();
    }
}
