//! Regular expressions of `regex` and `regex~` (spec §5.9 to §5.20): Lucene's dialect.
//!
//! It is not the dialect that most people know: a pattern covers the whole value, `^` and `$` are
//! ordinary characters, there is intersection (`&`), complement (`~`) and number ranges (`<1-31>`),
//! and a second quantifier repeats the first. A pattern becomes an expression (`expr`) whose
//! derivatives are the states of an automaton (`dfa`), built as texts ask for them: a match takes
//! time in proportion to the text, and `&` and `~` work at any depth.

mod chars;
mod dfa;
mod error;
mod expr;
mod interval;
mod memo;
mod parse;
#[cfg(test)]
mod tests;
mod witness;

use std::fmt;
use std::sync::Arc;

pub use dfa::Matcher;
pub use error::{Extension, RegexError, RegexErrorKind, Remark, RemarkKind};
pub use witness::{Texts, Witness};

use crate::value::Case;
use chars::Classes;
use dfa::Limits;
use expr::{Arena, Expr};
use parse::Parser;

/// Most characters of all patterns together, as they are joined by `|` (spec §5.11, §5.19).
pub const MAX_CHARS: usize = 1000;

/// Deepest nesting of groups.
pub const MAX_DEPTH: usize = 200;

/// Most places for a character in a pattern with its repetitions written out: `(ab){3}` has six.
/// It stands for the number of states that the index allows an automaton (spec §5.19).
pub const MAX_SIZE: u64 = 10_000;

/// A compiled pattern set: matches when the whole text matches any of the patterns (spec §5.11).
#[derive(Clone)]
pub struct Regex {
    patterns: Box<[Box<str>]>,
    case: Case,
    program: Arc<Program>,
}

/// What the patterns became.
#[derive(Debug)]
struct Program {
    arena: Arena,
    start: Expr,
    classes: Classes,
}

impl Regex {
    /// Compiles patterns, each as decoded from its literal. No pattern at all matches no text.
    ///
    /// # Errors
    ///
    /// The first fault of the first pattern that has one.
    pub fn new(patterns: &[&str], case: Case) -> Result<Self, RegexError> {
        let mut arena = Arena::new();
        let (mut parts, mut room, mut size) = (Vec::new(), MAX_CHARS, 0);
        for (number, pattern) in patterns.iter().enumerate() {
            let error = |(span, kind): parse::Fault| RegexError {
                pattern: number,
                start: span.start,
                end: span.end,
                kind,
            };
            if let Some((end, _)) = pattern.char_indices().nth(room) {
                return Err(error((end..pattern.len(), RegexErrorKind::TooLong)));
            }
            // The bar between two patterns counts as well.
            room = room.saturating_sub(pattern.chars().count() + 1);
            let piece = Parser::new(pattern, case, size, &mut arena).pattern().map_err(error)?;
            parts.push(piece.expr);
            size += piece.size;
        }
        let start = arena.union(parts);
        let classes = Classes::new(&arena.sets());
        Ok(Self {
            patterns: patterns.iter().map(|pattern| (*pattern).into()).collect(),
            case,
            program: Arc::new(Program { arena, start, classes }),
        })
    }

    /// Does the whole text match? For a single test; builds its states as it goes.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.matcher().is_match(text)
    }

    /// A matcher that keeps the states it has built: use one for many texts.
    #[must_use]
    pub fn matcher(&self) -> Matcher<'_> {
        Matcher::new(&self.program, Limits::default())
    }

    /// The patterns, in their order.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(AsRef::as_ref)
    }

    /// Does letter case count?
    #[must_use]
    pub fn case(&self) -> Case {
        self.case
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Regex")
            .field("patterns", &self.patterns)
            .field("case", &self.case)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns && self.case == other.case
    }
}

impl Eq for Regex {}

/// What people write in a pattern that is legal and means something else (spec §5.15, §5.16), in
/// the order of the pattern; for an invalid pattern, what stands before its first fault.
#[must_use]
pub fn remarks(pattern: &str, case: Case) -> Vec<Remark> {
    let mut arena = Arena::new();
    let end = pattern.char_indices().nth(MAX_CHARS).map_or(pattern.len(), |(end, _)| end);
    let mut parser = Parser::new(pattern.get(..end).unwrap_or_default(), case, 0, &mut arena);
    // Only the remarks count; the fault is what `Regex::new` reports.
    let _ = parser.pattern();
    parser.remarks
}
