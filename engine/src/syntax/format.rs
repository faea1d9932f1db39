//! Canonical text of a query, with its comments.
//!
//! Nothing but the gaps between tokens is written anew: blanks, line ends, and comments, which
//! move past an `and`, `or` or comma that the author put on the next line. Tokens keep their
//! spelling, so that the tree cannot change.
//!
//! Gaps are also all that decides: how a query is laid out follows from its tokens and from where
//! comments stand (at the end of a line, on their own, inside one), and the written text has the
//! same of both. Formatting it again changes nothing.

mod gaps;
mod layout;

use crate::diag::Diagnostic;
use crate::span::Span;
use crate::syntax::ast::Expr;
use crate::syntax::format::gaps::{Gap, gaps};
use crate::syntax::lexer::lex;
use crate::syntax::parser::parse;
use crate::syntax::token::{Keyword, Symbol, Tok, Token};

/// Longest line that is written where there is a choice, in characters.
pub const WIDTH: usize = 100;

/// The canonical text of a query; it ends in a line end if the source does. A query with
/// findings is refused with them.
///
/// ```
/// use eqlens_engine::syntax::format::format;
///
/// let text = format("any where a==1 // one\n  and b : ( \"x\",\"y\" )").unwrap();
/// assert_eq!(text, "any where a == 1 and // one\n  b : (\"x\", \"y\")");
/// ```
///
/// # Errors
/// What the parser found.
pub fn format(source: &str) -> Result<String, Vec<Diagnostic>> {
    edits(source).map(|edits| apply(source, &edits))
}

/// What makes the source its own canonical text: replacements in source order, of which none
/// touches a token.
///
/// # Errors
/// What the parser found.
pub fn edits(source: &str) -> Result<Vec<(Span, String)>, Vec<Diagnostic>> {
    let (query, findings) = parse(source);
    if !findings.is_empty() {
        return Err(findings);
    }
    let mut writer = Writer::new(source);
    writer.query(&query);
    Ok(writer.edits)
}

/// The text with replacements, which come in its order and do not overlap.
#[must_use]
pub fn apply(text: &str, edits: &[(Span, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, edit) in edits {
        out.push_str(Span::new(at, span.start).text(text));
        out.push_str(edit);
        at = span.end;
    }
    out.push_str(text.get(at as usize..).unwrap_or_default());
    out
}

/// Goes through the tokens once and writes the gap before each.
struct Writer<'t> {
    source: &'t str,
    tokens: Vec<Token>,
    gaps: Vec<Gap<'t>>,
    /// Per token: characters up to its end if all stood on one line, and how many gaps up to it
    /// cannot be written on one line.
    sums: Vec<(usize, usize)>,
    /// The next token.
    at: usize,
    /// Characters before it on its line.
    column: usize,
    /// That of the author.
    line_end: &'static str,
    /// Indentation after a line end that only a comment asks for.
    hang: usize,
    edits: Vec<(Span, String)>,
}

impl<'t> Writer<'t> {
    fn new(source: &'t str) -> Self {
        let (tokens, _) = lex(source);
        let gaps = gaps(source, &tokens);
        let mut writer = Self {
            source,
            tokens,
            gaps,
            sums: Vec::new(),
            at: 0,
            column: 0,
            line_end: if source.contains("\r\n") { "\r\n" } else { "\n" },
            hang: 0,
            edits: Vec::new(),
        };
        let mut sum = (0, 0);
        for (at, (gap, token)) in writer.gaps.iter().zip(&writer.tokens).enumerate() {
            let blank = usize::from(writer.is_spaced(at));
            sum.0 += gap.width() + blank + token.span.text(source).chars().count();
            sum.1 += usize::from(gap.is_forced());
            writer.sums.push(sum);
        }
        writer
    }

    fn kind(&self, at: usize) -> &Tok {
        self.tokens.get(at).map_or(&Tok::End, |token| &token.kind)
    }

    fn sum(&self, at: usize) -> (usize, usize) {
        self.sums.get(at).copied().unwrap_or_default()
    }

    /// The last token that begins before this byte.
    fn last_before(&self, end: u32) -> usize {
        self.tokens.partition_point(|token| token.span.start < end).saturating_sub(1)
    }

    fn last_of(&self, expr: &Expr) -> usize {
        self.last_before(expr.span.end)
    }

    /// Is there a blank between the token and the one before, on one line?
    fn is_spaced(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        match (self.kind(before), self.kind(at)) {
            (_, Tok::End) => false,
            (_, Tok::Symbol(symbol)) if CLINGS_TO_LEFT.contains(symbol) => false,
            (Tok::Symbol(symbol), _) if CLINGS_TO_RIGHT.contains(symbol) => false,
            (Tok::Ident | Tok::TildeIdent, Tok::Symbol(Symbol::OpenParen)) => false,
            // `5m`; but `5 e3` would be one number.
            (Tok::Number(_), Tok::Ident) => {
                let unit = self.tokens.get(at).map_or("", |token| token.span.text(self.source));
                unit.starts_with(['e', 'E'])
            }
            (Tok::Symbol(Symbol::Minus | Symbol::Plus), _) => {
                // A sign, or an operator after an operand.
                before.checked_sub(1).is_some_and(|at| {
                    let mark = |symbol| *self.kind(at) == Tok::Symbol(symbol);
                    match self.kind(at) {
                        Tok::Symbol(_) => mark(Symbol::CloseParen),
                        Tok::Keyword(word) => {
                            matches!(word, Keyword::True | Keyword::False | Keyword::Null)
                        }
                        _ => true,
                    }
                })
            }
            _ => true,
        }
    }

    /// Do the tokens up to `last` and `tail` further characters fit on this line, the gap before
    /// the next token included?
    fn has_room(&self, last: usize, tail: usize) -> bool {
        let before = self.at.checked_sub(1).map_or((0, 0), |at| self.sum(at));
        let (width, forced) = self.sum(last);
        forced == before.1 && self.column + width - before.0 + tail <= WIDTH
    }

    /// The same where that gap is written already.
    fn fits(&self, last: usize, tail: usize) -> bool {
        let first = self.tokens.get(self.at).map_or("", |token| token.span.text(self.source));
        let before = self.sum(self.at);
        let (width, forced) = self.sum(last);
        let width = first.chars().count() + width.saturating_sub(before.0);
        forced == before.1 && self.column + width + tail <= WIDTH
    }

    /// The gap before the next token, on one line unless a comment breaks it.
    fn stay(&mut self) {
        self.gap(false, self.hang, self.hang);
    }

    /// A line end before the next token.
    fn line(&mut self, indent: usize) {
        self.gap(true, indent, indent);
    }

    /// The gap before the next token: with a line end or not, what stands before the token after
    /// a line end, and what before a comment. That differs for a closing mark.
    fn gap(&mut self, line: bool, indent: usize, inner: usize) {
        let spaced = self.is_spaced(self.at);
        let is_end = *self.kind(self.at) == Tok::End;
        let before = self.at.checked_sub(1);
        let after_open = before.is_none_or(
            |at| matches!(self.kind(at), Tok::Symbol(symbol) if OPENS.contains(symbol)),
        );
        let is_close = inner != indent;
        let Some(gap) = self.gaps.get_mut(self.at).map(std::mem::take) else { return };
        let line_end = self.line_end;
        let mut text = String::new();
        let mut column = self.column;
        // No blank lines just inside of brackets; at the beginning there may be comments first.
        let keeps_blanks = !is_close && (!after_open || before.is_none());
        let end_line = |text: &mut String, blank: bool, indent: usize| {
            text.push_str(line_end);
            text.push_str(if blank && keeps_blanks { line_end } else { "" });
            text.extend(std::iter::repeat_n(' ', indent));
            indent
        };
        // A comment inside a line goes along with what follows it, or with what a bracket closes.
        let has_break = gap.has_break();
        let leads = line && !has_break && !is_close;
        for (n, comment) in gap.comments.iter().enumerate() {
            let is_first = n == 0;
            if comment.breaks || leads && is_first {
                column = end_line(&mut text, comment.blank, inner);
            } else if before.is_some() || !is_first {
                text.push(' ');
                column += 1;
            }
            text.push_str(comment.text);
            column = match comment.text.rsplit_once('\n') {
                Some((_, tail)) => tail.chars().count(),
                None => column + comment.text.chars().count(),
            };
        }
        let none = gap.comments.is_empty();
        if is_end {
            let is_line = gap.span.text(self.source).ends_with('\n');
            text.push_str(if is_line { line_end } else { "" });
        } else if gap.breaks && !none || line && (none || is_close && !has_break) {
            column = end_line(&mut text, gap.blank, indent);
        } else if spaced || !none && before.is_none() {
            text.push(' ');
            column += 1;
        }
        self.column = column;
        if text != gap.span.text(self.source) {
            self.edits.push((gap.span, text));
        }
    }

    /// The next token, as it is.
    fn token(&mut self) {
        let text = self.tokens.get(self.at).map_or("", |token| token.span.text(self.source));
        self.column += text.chars().count();
        self.at += 1;
    }

    /// The tokens from the next one, whose gap is written, to `last`.
    fn tokens_to(&mut self, last: usize) {
        self.token();
        while self.at <= last {
            self.stay();
            self.token();
        }
    }

    /// A gap and a token, on the line if no comment breaks it.
    fn next_token(&mut self) {
        self.stay();
        self.token();
    }
}

const OPENS: [Symbol; 3] = [Symbol::OpenParen, Symbol::OpenBracket, Symbol::NotBracket];

/// Symbols without a blank before them.
const CLINGS_TO_LEFT: [Symbol; 5] =
    [Symbol::Comma, Symbol::CloseParen, Symbol::CloseBracket, Symbol::Dot, Symbol::Assign];

/// Symbols without a blank after them.
const CLINGS_TO_RIGHT: [Symbol; 6] = [
    Symbol::OpenParen,
    Symbol::OpenBracket,
    Symbol::NotBracket,
    Symbol::Dot,
    Symbol::Optional,
    Symbol::Assign,
];
