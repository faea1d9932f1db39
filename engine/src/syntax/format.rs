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

use crate::diag::Diagnostic;
use crate::span::Span;
use crate::syntax::ast::{Body, Expr, ExprKind, Filter, Query, Term, Terms};
use crate::syntax::format::gaps::{Gap, gaps};
use crate::syntax::lexer::lex;
use crate::syntax::parser::parse;
use crate::syntax::token::{Keyword, Symbol, Tok, Token};

/// Longest line that is written where there is a choice, in characters.
pub const WIDTH: usize = 100;

/// Further indentation of what belongs to the line above, in blanks.
const STEP: usize = 2;

/// What comes first in a condition and says which events it is about at all: tests of these stay
/// beside `where`, as far as they fit there.
const OPENING: [&str; 3] = ["event.", "host.os.", "data_stream."];

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
            hang: STEP,
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
        let mut text = String::new();
        let mut column = self.column;
        // No blank lines just inside of brackets; at the beginning there may be comments first.
        let keeps_blanks = !is_close && (!after_open || before.is_none());
        let end_line = |text: &mut String, blank: bool, indent: usize| {
            text.push_str(if blank && keeps_blanks { "\n\n" } else { "\n" });
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
            text.push_str(gap.final_line_end);
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

    fn query(&mut self, query: &Query) {
        self.hang = 0;
        self.stay();
        let last = self.tokens.len().saturating_sub(2);
        let pipes = match &query.body {
            // All of a short one, with its pipes, on one line.
            Body::Event(_) if self.fits(last, 0) => {
                self.tokens_to(last);
                &[][..]
            }
            Body::Event(filter) => {
                self.filter(filter, 0, 0);
                &query.pipes
            }
            Body::Sequence(terms) | Body::Sample(terms) | Body::Join(terms) => {
                self.terms(terms);
                &query.pipes
            }
            Body::Hole => &[],
        };
        self.hang = STEP;
        for pipe in pipes {
            self.line(0);
            self.tokens_to(self.last_before(pipe.span.end));
        }
        self.hang = 0;
        self.stay();
    }

    fn terms(&mut self, terms: &Terms) {
        self.hang = 2 * STEP;
        if let Some(first) = terms.terms.first() {
            self.tokens_to(self.last_before(first.span.start));
        }
        for term in &terms.terms {
            self.line(STEP);
            self.term(term, STEP);
        }
        if let Some(until) = &terms.until {
            self.line(0);
            self.token();
            self.hang = STEP;
            self.stay();
            self.term(until, 0);
        }
    }

    fn term(&mut self, term: &Term, indent: usize) {
        self.token();
        self.hang = indent + STEP;
        self.stay();
        let last = self.last_before(term.span.end);
        let inner = self.last_of(&term.filter.condition);
        let tail = self.sum(last).0.saturating_sub(self.sum(inner).0);
        self.filter(&term.filter, indent, tail);
        self.gap(false, indent, indent + STEP);
        self.hang = indent + STEP;
        self.tokens_to(last);
    }

    /// `category where condition`, on a line that is indented by `indent`.
    fn filter(&mut self, filter: &Filter, indent: usize, tail: usize) {
        self.token();
        self.next_token();
        let condition = &filter.condition;
        let is_chain = matches!(condition.kind, ExprKind::And(..) | ExprKind::Or(..));
        let begins = || {
            let operands = condition.chain();
            let tail = if operands.len() > 1 { AND } else { tail };
            operands.first().is_some_and(|first| self.has_room(self.last_of(first), tail))
        };
        let (inner, step) = (indent + STEP, indent + 2 * STEP);
        if is_chain && !begins() {
            self.line(inner);
            self.expr(condition, inner, inner, tail);
        } else {
            self.stay();
            self.expr(condition, indent, if is_chain { inner } else { step }, tail);
        }
    }

    /// An expression on a line that is indented by `indent`; further lines of a chain of `and` or
    /// `or` are by `more`. `tail` is the length of what cannot be parted from its end.
    fn expr(&mut self, expr: &Expr, indent: usize, more: usize, tail: usize) {
        self.hang = indent + STEP;
        let last = self.last_of(expr);
        if self.fits(last, tail) {
            return self.tokens_to(last);
        }
        match &expr.kind {
            ExprKind::And(..) | ExprKind::Or(..) => self.chain(expr, indent, more, tail),
            ExprKind::Paren(inner) => {
                self.token();
                self.line(indent + STEP);
                self.expr(inner, indent + STEP, indent + STEP, 0);
                self.gap(true, indent, indent + STEP);
                self.token();
            }
            ExprKind::Not(inner) | ExprKind::Sign { inner, .. } => {
                self.token();
                self.stay();
                self.expr(inner, indent, more, tail);
            }
            ExprKind::Compare { left, right, .. } | ExprKind::Arithmetic { left, right, .. } => {
                self.expr(left, indent, more, 0);
                self.hang = indent + STEP;
                self.next_token();
                self.stay();
                self.expr(right, indent, more, tail);
            }
            ExprKind::In { value, list: items, .. }
            | ExprKind::Pattern { value, patterns: items, listed: true, .. } => {
                self.expr(value, indent, more, 0);
                self.stay();
                self.list(items, indent);
            }
            ExprKind::Call { args, .. } if !args.is_empty() => self.list(args, indent),
            ExprKind::Pattern { value, .. } => {
                self.expr(value, indent, more, 0);
                self.hang = indent + STEP;
                self.stay();
                self.tokens_to(last);
            }
            _ => self.tokens_to(last),
        }
    }

    /// The operands of `and` or `or`, each on its line, except for those that open the condition.
    fn chain(&mut self, expr: &Expr, indent: usize, more: usize, tail: usize) {
        let operands = expr.chain();
        let is_and = matches!(expr.kind, ExprKind::And(..));
        // Only beside `where` are further lines indented more than the first.
        let mut opens = is_and && more > indent;
        let mut at = indent;
        for (n, operand) in operands.iter().enumerate() {
            let tail = if n + 1 == operands.len() { tail } else { AND };
            if n > 0 {
                self.hang = more;
                self.next_token();
                let blank = self.gaps.get(self.at).is_some_and(|gap| gap.blank);
                opens &=
                    !blank && is_opening(operand) && self.has_room(self.last_of(operand), tail);
                if opens {
                    self.stay();
                } else {
                    at = more;
                    self.line(more);
                }
            }
            self.expr(operand, at, at + STEP, tail);
        }
    }

    /// From the next token, whose gap is written, to the end of a list in parentheses: as many
    /// elements on a line as fit.
    fn list(&mut self, items: &[Expr], indent: usize) {
        let inner = indent + STEP;
        self.hang = inner;
        let first = items.first().map_or(0, |item| item.span.start);
        self.tokens_to(self.last_before(first));
        for (n, item) in items.iter().enumerate() {
            let tail = usize::from(n + 1 < items.len());
            let blank = self.gaps.get(self.at + 1).is_some_and(|gap| gap.blank);
            if n > 0 {
                self.hang = inner;
                self.next_token();
            }
            if n > 0 && !blank && self.has_room(self.last_of(item), tail) {
                self.stay();
            } else {
                self.line(inner);
            }
            self.expr(item, inner, inner + STEP, tail);
        }
        self.gap(true, indent, inner);
        self.token();
    }
}

/// Length of ` and`.
const AND: usize = 4;

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

/// Is it a test of a field that says which events are meant at all?
fn is_opening(expr: &Expr) -> bool {
    let (ExprKind::Compare { left: value, .. }
    | ExprKind::In { value, .. }
    | ExprKind::Pattern { value, .. }) = &expr.kind
    else {
        return false;
    };
    matches!(&value.kind, ExprKind::Field(field)
        if OPENING.iter().any(|start| field.name.starts_with(start)))
}
