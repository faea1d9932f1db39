//! Tokens to tree, with recovery (spec §2).
//!
//! A cursor over the tokens and one function per production of the grammar, rather than
//! combinators: the next token decides everywhere, the messages name what could have stood
//! there, and a mistake leaves a hole while the rest is still read. The tree never lacks: what
//! could not be read is a [`ExprKind::Hole`].

mod expr;
mod habits;
mod lists;
mod query;
mod terms;
mod values;

use crate::diag::{DiagKind, Diagnostic};
use crate::span::Span;
use crate::syntax::ast::{Body, Expr, ExprKind, Query};
use crate::syntax::brackets::balance;
use crate::syntax::foreign;
use crate::syntax::lexer::lex;
use crate::syntax::token::{Keyword, Symbol, Tok, Token};

/// Deepest nesting that is read (spec §2.26).
pub const MAX_DEPTH: usize = 200;

/// Most arithmetic operators of a query, for the same reason.
const MAX_SUMS: usize = 400;

/// Findings per query; what comes after is noise.
const MAX_FINDINGS: usize = 20;

/// Findings that are kept while reading, so that a text of nothing but mistakes costs no more than
/// another.
const MAX_KEPT: usize = 5 * MAX_FINDINGS;

/// Reads one query. The findings are in source order; the tree holds whatever is sound.
#[must_use]
pub fn parse(source: &str) -> (Query, Vec<Diagnostic>) {
    let (tokens, mut findings) = lex(source);
    if let Some(finding) = foreign::language(source, &tokens) {
        let span = Span::new(0, source.len() as u32);
        return (Query { body: Body::Hole, pipes: Vec::new(), span }, vec![finding]);
    }
    findings.truncate(MAX_KEPT);
    // What follows an open comment is not read, and whatever is then left open is no mistake.
    let is_cut = |kind: &DiagKind| matches!(kind, DiagKind::UnclosedComment);
    let cut = findings.iter().find(|finding| is_cut(&finding.kind)).cloned();
    let (tokens, unbalanced) = balance(source, tokens);
    let mut parser = Parser { source, tokens, at: 0, depth: 0, sums: 0, findings };
    let query = parser.query();
    // A text that ends in the middle lacks more than its brackets.
    let last = parser.tokens.iter().rev().map(|token| token.span);
    let last = last.filter(|span| span.start < span.end).map(|span| span.end).next();
    let is_last = |finding: &Diagnostic| match finding.kind {
        DiagKind::UnexpectedEnd { .. } => true,
        _ => finding.span.start < finding.span.end && Some(finding.span.end) >= last,
    };
    let is_cut_short = parser.findings.iter().any(is_last);
    let at_end = |finding: &Diagnostic| {
        let edits = finding.fixes.first().map(|fix| fix.edits.as_slice());
        matches!(edits, Some([(place, _)]) if Some(place.start) == last)
    };
    for finding in unbalanced {
        if !(is_cut_short && at_end(&finding)) {
            parser.report(finding);
        }
    }
    let mut findings = parser.findings;
    // A string that is open at the end is all that is wrong there.
    let opens = |finding: &Diagnostic| matches!(finding.kind, DiagKind::UnclosedString);
    if findings.iter().any(|finding| opens(finding) && is_last(finding)) {
        findings.retain(|finding| !matches!(finding.kind, DiagKind::UnexpectedEnd { .. }));
    }
    if let Some(cut) = cut {
        findings.retain(|finding| finding.span.end < cut.span.start);
        findings
            .retain(|finding| !matches!(finding.kind, DiagKind::Unbalanced { opened: true, .. }));
        findings.push(cut);
    }
    crate::diag::in_source_order(&mut findings);
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
        if self.findings.len() < MAX_KEPT + MAX_FINDINGS
            && !self.findings.iter().any(|other| other.span.start == finding.span.start)
        {
            self.findings.push(finding);
        }
    }

    fn error(&mut self, kind: DiagKind, span: Span) {
        self.report(Diagnostic::new(kind, span));
    }

    /// Says that something else was wanted here. Silent where the lexer has complained already.
    fn unexpected(&mut self, wanted: &'static str) {
        if let Some(finding) = self.wanted(wanted) {
            self.report(finding);
        }
    }

    /// The finding that something else was wanted here; none where the lexer has complained
    /// already. A bracket that stands in for a missing one is passed over.
    fn wanted(&self, wanted: &'static str) -> Option<Diagnostic> {
        let mut by = 0;
        while self.ahead(by).span.start == self.ahead(by).span.end
            && self.ahead(by).kind != Tok::End
        {
            by += 1;
        }
        let token = self.ahead(by);
        match token.kind {
            Tok::Bad => None,
            Tok::End => Some(Diagnostic::new(DiagKind::UnexpectedEnd { wanted }, token.span)),
            _ => {
                let found = self.describe(token);
                Some(Diagnostic::new(DiagKind::Unexpected { found, wanted }, token.span))
            }
        }
    }

    /// The same with a text to put before it.
    fn lacks(&mut self, wanted: &'static str, text: &'static str) {
        let place = Span::empty(self.span().start);
        if let Some(finding) = self.wanted(wanted) {
            self.report(finding.with_fix(format!("Write `{}`", text.trim()), place, text));
        }
    }

    /// The same of a token that is one too many: reported, and passed over.
    fn superfluous(&mut self, wanted: &'static str) {
        let span = self.span();
        if let Some(finding) = self.wanted(wanted) {
            self.report(finding.with_fix("Delete it", span, ""));
        }
        self.advance();
    }

    /// Does the token at the cursor follow the one before without a gap?
    fn is_adjacent(&self, by: usize) -> bool {
        let before = (self.at + by).checked_sub(1).and_then(|at| self.tokens.get(at));
        before.is_some_and(|before| before.span.end == self.ahead(by).span.start)
    }

    /// Reads the word at the cursor as the keyword that was meant.
    fn retype(&mut self, kind: Tok) {
        if let Some(token) = self.tokens.get_mut(self.at) {
            token.kind = kind;
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
