//! Tokens to tree, with recovery (spec §2).
//!
//! A cursor over the tokens and one function per production of the grammar, rather than
//! combinators: the next token decides everywhere, the messages name what could have stood
//! there, and a mistake leaves a hole while the rest is still read. The tree never lacks: what
//! could not be read is a [`ExprKind::Hole`].

mod expr;
mod query;

use crate::diag::{DiagKind, Diagnostic};
use crate::sort;
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprKind, Query};
use crate::syntax::lexer::lex;
use crate::syntax::token::{Keyword, Symbol, Tok, Token};

/// Deepest nesting that is read (spec §2.26).
pub const MAX_DEPTH: usize = 200;

/// Most arithmetic operators of a query, for the same reason.
const MAX_SUMS: usize = 400;

/// Findings per query; what comes after is noise.
const MAX_FINDINGS: usize = 20;

/// Reads one query. The findings are in source order; the tree holds whatever is sound.
#[must_use]
pub fn parse(source: &str) -> (Query, Vec<Diagnostic>) {
    let (tokens, findings) = lex(source);
    let mut parser = Parser { source, tokens, at: 0, depth: 0, sums: 0, findings };
    let query = parser.query();
    let mut findings = parser.findings;
    sort::by(&mut findings, |one, two| one.span.start.cmp(&two.span.start));
    findings.truncate(MAX_FINDINGS);
    (query, findings)
}

struct Parser<'t> {
    source: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Arithmetic operators so far.
    sums: usize,
    findings: Vec<Diagnostic>,
}

/// The last token, which the lexer always gives; here for the borrow checker and an empty list.
static END: Token = Token { kind: Tok::End, span: Span { start: 0, end: 0 } };

impl Parser<'_> {
    fn token(&self) -> &Token {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> &Token {
        self.tokens.get(self.at + by).or(self.tokens.last()).unwrap_or(&END)
    }

    fn span(&self) -> Span {
        self.token().span
    }

    /// Span of the token before the cursor.
    fn last_span(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(Span::empty(0), |t| t.span)
    }

    fn text(&self, span: Span) -> &str {
        span.text(self.source)
    }

    fn is_end(&self) -> bool {
        self.token().kind == Tok::End
    }

    fn advance(&mut self) -> Span {
        let span = self.span();
        if !self.is_end() {
            self.at += 1;
        }
        span
    }

    fn is_symbol(&self, symbol: Symbol) -> bool {
        self.token().kind == Tok::Symbol(symbol)
    }

    fn is_keyword(&self, keyword: Keyword) -> bool {
        self.token().kind == Tok::Keyword(keyword)
    }

    fn take_symbol(&mut self, symbol: Symbol) -> Option<Span> {
        self.is_symbol(symbol).then(|| self.advance())
    }

    /// Takes the keyword; in another case (`AND`) too, with a finding (§1.6).
    fn take_keyword(&mut self, keyword: Keyword) -> Option<Span> {
        if self.is_keyword(keyword) {
            return Some(self.advance());
        }
        let span = self.span();
        let is_it =
            self.token().kind == Tok::Ident && self.text(span).eq_ignore_ascii_case(keyword.text());
        is_it.then(|| {
            let word = keyword.text();
            self.report(Diagnostic::new(DiagKind::KeywordCase(word), span).with_fix(
                format!("Write `{word}`"),
                span,
                word,
            ));
            self.advance()
        })
    }

    fn report(&mut self, finding: Diagnostic) {
        // What is too deep is not read to its end, and whatever is then left open is no mistake.
        if matches!(self.findings.last(), Some(last) if matches!(last.kind, DiagKind::TooDeep(_))) {
            return;
        }
        // One mistake per place: a second message about the same token only confuses.
        if !self.findings.iter().any(|other| other.span.start == finding.span.start) {
            self.findings.push(finding);
        }
    }

    fn error(&mut self, kind: DiagKind, span: Span) {
        self.report(Diagnostic::new(kind, span));
    }

    /// Says that something else was wanted here. Silent where the lexer has complained already.
    fn unexpected(&mut self, wanted: &'static str) {
        let token = self.token().clone();
        match token.kind {
            Tok::Bad => {}
            Tok::End => self.error(DiagKind::UnexpectedEnd { wanted }, token.span),
            _ => {
                let found = self.describe(&token);
                self.error(DiagKind::Unexpected { found, wanted }, token.span);
            }
        }
    }

    /// The token in words for a message.
    fn describe(&self, token: &Token) -> String {
        let text = self.text(token.span);
        match token.kind {
            Tok::Str(_) if text.chars().count() > 24 => "a string".into(),
            Tok::Str(_) => format!("the string `{text}`"),
            Tok::End => "the end".into(),
            _ => format!("`{text}`"),
        }
    }

    fn hole(&self) -> Expr {
        Expr { kind: ExprKind::Hole, span: Span::empty(self.span().start) }
    }

    /// Closes a bracket or parenthesis, or says which one is open.
    fn close(&mut self, symbol: Symbol, open: Span) {
        if self.take_symbol(symbol).is_none() {
            let mark = match symbol {
                Symbol::CloseParen => "(",
                _ => "[",
            };
            self.error(DiagKind::Unbalanced { mark, opened: true }, open);
        }
    }

    /// Skips to the next token at this nesting at which reading can go on.
    fn skip_to(&mut self, stop: impl Fn(&Tok) -> bool) {
        let mut open = 0_usize;
        while !self.is_end() {
            let kind = &self.token().kind;
            if open == 0 && stop(kind) {
                return;
            }
            match kind {
                Tok::Symbol(Symbol::OpenParen | Symbol::OpenBracket | Symbol::NotBracket) => {
                    open += 1;
                }
                Tok::Symbol(Symbol::CloseParen | Symbol::CloseBracket) => {
                    open = open.saturating_sub(1);
                }
                _ => {}
            }
            self.advance();
        }
    }
}

#[cfg(test)]
mod tests;
