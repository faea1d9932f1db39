//! Brackets that have no partner are told once, and mended before the parser sees them.
//!
//! Where the brackets of a query do not come out even, the parser would find out far from the
//! mistake and stumble over what follows. Here the terms of a sequence part the text, so that a
//! mistake in one does not reach the next, and lists and the layout of lines tell which of several
//! parentheses is open. The tokens that are handed on are balanced: what is missing stands in as
//! a token of no width, what is too many is gone.

use crate::diag::{DiagKind, Diagnostic};
use crate::near::is_like;
use crate::span::Span;
use crate::syntax::token::{Keyword, Symbol, Tok, Token};

/// Balances the tokens; the findings say what was wrong.
pub(super) fn balance(source: &str, tokens: Vec<Token>) -> (Vec<Token>, Vec<Diagnostic>) {
    if is_balanced(&tokens) {
        return (tokens, Vec::new());
    }
    let is_stepped = tokens.first().is_some_and(|first| match first.kind {
        Tok::Keyword(Keyword::Sequence | Keyword::Sample | Keyword::Join)
        | Tok::Symbol(Symbol::OpenBracket | Symbol::NotBracket) => true,
        Tok::Ident => ["sequence", "sample"].iter().any(|w| is_like(first.span.text(source), w)),
        _ => false,
    });
    let mut balancing = Balancing {
        source,
        is_stepped,
        out: Vec::with_capacity(tokens.len() + 8),
        findings: Vec::new(),
        step: None,
        region: 0,
        unclosed: 0,
        first_where: None,
        nested: 0,
    };
    for (at, token) in tokens.iter().enumerate() {
        let next = |by: usize| tokens.get(at + by).map_or(&Tok::End, |token| &token.kind);
        balancing.token(token, &next);
    }
    (balancing.out, balancing.findings)
}

/// Has every bracket its partner?
fn is_balanced(tokens: &[Token]) -> bool {
    let mut open = Vec::new();
    for token in tokens {
        let Tok::Symbol(symbol) = token.kind else { continue };
        let sound = match symbol {
            Symbol::OpenParen | Symbol::OpenBracket | Symbol::NotBracket => {
                open.push(symbol == Symbol::OpenParen);
                true
            }
            Symbol::CloseParen => open.pop() == Some(true),
            Symbol::CloseBracket => open.pop() == Some(false),
            _ => true,
        };
        if !sound {
            return false;
        }
    }
    open.is_empty()
}

struct Balancing<'t> {
    source: &'t str,
    /// Is it a sequence or a sample?
    is_stepped: bool,
    out: Vec<Token>,
    findings: Vec<Diagnostic>,
    /// The bracket of the term that is open.
    step: Option<Span>,
    /// Where in `out` the parentheses that must come out even begin.
    region: usize,
    /// How many parentheses of the region are not closed, whichever they are.
    unclosed: usize,
    /// The first `where` of the region.
    first_where: Option<usize>,
    /// Open brackets that are no terms: of an index, a list, a lineage.
    nested: usize,
}

/// An open parenthesis.
struct Open {
    span: Span,
    /// It holds the list of an operator, and nothing but constants so far.
    is_list: bool,
    /// Indent of its line, where it stands at the end of the line.
    indent: Option<usize>,
    /// Indent of the first line in it.
    inner: Option<usize>,
    is_bracket: bool,
}

impl Balancing<'_> {
    fn token<'n>(&mut self, token: &Token, next: &impl Fn(usize) -> &'n Tok) {
        match &token.kind {
            Tok::Symbol(Symbol::OpenBracket | Symbol::NotBracket) => {
                if self.is_nested(next) {
                    self.nested += 1;
                } else {
                    self.end_step(token);
                    self.out.push(token.clone());
                    self.step = Some(token.span);
                    self.begin_region();
                    return;
                }
            }
            Tok::Symbol(Symbol::CloseBracket) if self.nested > 0 => self.nested -= 1,
            Tok::Symbol(Symbol::CloseBracket) => return self.close_bracket(token, next),
            Tok::Symbol(Symbol::CloseParen) if self.step.is_some() && self.unclosed == 0 => {
                if ends_term(next(1)) {
                    self.replaced(token, ")", Symbol::CloseBracket);
                    self.step = None;
                    self.begin_region();
                    return;
                }
                self.unclosed = 0;
            }
            Tok::Keyword(Keyword::By | Keyword::With | Keyword::Until)
                if self.step.is_some() && !self.is_name(next(1)) =>
            {
                self.end_step(token);
            }
            Tok::Symbol(Symbol::Pipe) | Tok::End => self.end_step(token),
            Tok::Symbol(Symbol::OpenParen) => self.unclosed += 1,
            Tok::Symbol(Symbol::CloseParen) => self.unclosed = self.unclosed.saturating_sub(1),
            Tok::Keyword(Keyword::Where) => {
                self.first_where = self.first_where.or(Some(self.out.len()));
            }
            _ => {}
        }
        self.out.push(token.clone());
        if matches!(token.kind, Tok::Symbol(Symbol::Pipe)) {
            self.begin_region();
        }
    }

    /// Is the bracket that comes no term? `of [`, `in [`, `x[0]`.
    fn is_nested<'n>(&self, next: &impl Fn(usize) -> &'n Tok) -> bool {
        let before = self.out.last().map(|token| &token.kind);
        let is_index = matches!(before, Some(Tok::Ident | Tok::QuotedIdent(_)))
            && matches!(next(1), Tok::Number(_))
            && *next(2) == Tok::Symbol(Symbol::CloseBracket);
        is_index
            || before.is_some_and(|kind| *kind == Tok::Keyword(Keyword::Of) || takes_list(kind))
    }

    /// A keyword that is meant as a field name.
    fn is_name(&self, next: &Tok) -> bool {
        let after_dot =
            matches!(self.out.last(), Some(Token { kind: Tok::Symbol(Symbol::Dot), .. }));
        after_dot
            || matches!(
                next,
                Tok::Symbol(
                    Symbol::Dot | Symbol::Colon | Symbol::Equal | Symbol::NotEqual | Symbol::Comma
                )
            )
    }

    fn close_bracket<'n>(&mut self, token: &Token, next: &impl Fn(usize) -> &'n Tok) {
        let before = self.out.last().map(|token| &token.kind);
        let is_list_end = matches!(before, Some(Tok::Str(_) | Tok::Number(_)))
            && (self.step.is_none() || !ends_term(next(1)))
            && !matches!(next(1), Tok::Symbol(Symbol::CloseParen));
        if is_list_end && self.unclosed > 0 {
            self.unclosed -= 1;
            return self.replaced(token, "]", Symbol::CloseParen);
        }
        if self.step.is_none() && !self.opened_before_where() {
            return self.stray(token, "]");
        }
        self.settle(token);
        self.out.push(token.clone());
        self.step = None;
        self.begin_region();
    }

    /// The brackets of the term end here, closed or not, before `token`.
    fn end_step(&mut self, token: &Token) {
        let is_open = self.step.take();
        let is_end = token.kind == Tok::End;
        if let Some(open) = is_open {
            let unclosed = self.unclosed;
            let place = Span::empty(self.last_end());
            let (kind, span) = if is_end {
                let wanted = if unclosed > 0 { "the closing brackets" } else { "`]`" };
                (DiagKind::UnexpectedEnd { wanted }, token.span)
            } else {
                (DiagKind::Unbalanced { mark: "[", opened: true }, open)
            };
            let fix = format!("{}]", ")".repeat(unclosed));
            let finding = Diagnostic::new(kind, span);
            self.findings.push(finding.with_fix(format!("Add `{fix}`"), place, fix));
            for _ in 0..unclosed {
                self.insert(Symbol::CloseParen);
            }
            self.insert(Symbol::CloseBracket);
        } else if self.opened_before_where() {
            self.settle(token);
            self.insert(Symbol::CloseBracket);
        } else {
            self.settle(token);
        }
        self.begin_region();
    }

    /// A term without its opening bracket: told, and opened. False where no term began.
    fn opened_before_where(&mut self) -> bool {
        let Some(at) = self.first_where.take().filter(|_| self.is_stepped) else { return false };
        let is_category = |token: &&Token| {
            matches!(token.kind, Tok::Ident | Tok::Str(_) | Tok::Keyword(Keyword::Any))
        };
        let before = at.checked_sub(1).filter(|before| *before >= self.region);
        let has_category = before.and_then(|at| self.out.get(at)).is_some_and(|t| is_category(&t));
        let at = at - usize::from(has_category);
        let span = self.out.get(at).map_or(Span::empty(0), |token| token.span);
        let kind = DiagKind::Unexpected {
            found: format!("`{}`", span.text(self.source)),
            wanted: "`[` before the term",
        };
        let place = Span::empty(span.start);
        self.findings.push(Diagnostic::new(kind, span).with_fix("Add `[`", place, "["));
        let bracket = Token { kind: Tok::Symbol(Symbol::OpenBracket), span: place };
        self.out.insert(at, bracket);
        self.region = at + 1;
        true
    }

    /// Balances the parentheses since the beginning of the region, which ends before `closer`.
    fn settle(&mut self, closer: &Token) {
        let region = self.out.get(self.region..).unwrap_or_default();
        if is_balanced(region) {
            return;
        }
        let mut missing = self.unclosed;
        let tokens = self.out.split_off(self.region);
        let mut open: Vec<Open> = Vec::new();
        // Nothing opens after it, so that it must be the one that is not closed.
        let mut last_open = 0;
        let mut last_end = self.last_end();
        let mut too_many = surplus(&tokens);
        for (at, token) in tokens.iter().enumerate() {
            let indent = self.indent(last_end, token);
            last_end = token.span.end;
            while missing > 0 && self.is_over(&open, token, indent) {
                let Some(closed) = open.pop() else { break };
                missing -= 1;
                self.unclosed_at(closed.span);
            }
            if let (Some(indent), Some(top)) = (indent, open.last_mut()) {
                top.inner = top.inner.or(Some(indent));
            }
            match token.kind {
                Tok::Symbol(Symbol::OpenParen | Symbol::OpenBracket | Symbol::NotBracket) => {
                    last_open = token.span.start;
                    open.push(Open {
                        span: token.span,
                        is_list: self.out.last().is_some_and(|before| takes_list(&before.kind)),
                        indent: self.indent_of_line(token),
                        inner: None,
                        is_bracket: token.kind != Tok::Symbol(Symbol::OpenParen),
                    });
                }
                Tok::Symbol(Symbol::CloseParen) => {
                    // A list that goes on behind its end was not to end there.
                    let next = |by: usize| tokens.get(at + by).map(|token| &token.kind);
                    let goes_on = too_many > 0
                        && next(1) == Some(&Tok::Symbol(Symbol::Comma))
                        && matches!(next(2), Some(Tok::Str(_) | Tok::Number(_)))
                        && open.last().is_some_and(|top| top.is_list);
                    if goes_on || open.last().is_none_or(|top| top.is_bracket) {
                        too_many = too_many.saturating_sub(1);
                        self.stray(token, ")");
                        continue;
                    }
                    open.pop();
                }
                Tok::Symbol(Symbol::CloseBracket) => {
                    while open.pop().is_some_and(|top| !top.is_bracket) {
                        self.insert(Symbol::CloseParen);
                    }
                }
                Tok::Str(_) | Tok::Number(_) | Tok::Symbol(Symbol::Comma) | Tok::Bad => {}
                _ => {
                    if let Some(top) = open.last_mut() {
                        top.is_list = false;
                    }
                }
            }
            self.out.push(token.clone());
        }
        match open.as_slice() {
            [] => {}
            [one] if one.span.start == last_open && !self.is_cut(one, closer) => {
                self.unclosed_at(one.span);
            }
            several => {
                let (n, fix) = (several.len(), ")".repeat(several.len()));
                let wanted = if n == 1 { "`)`" } else { "the closing `)`" };
                let kind = match closer.kind {
                    Tok::End => DiagKind::UnexpectedEnd { wanted },
                    _ => {
                        let found = format!("`{}`", closer.span.text(self.source));
                        DiagKind::Unexpected { found, wanted }
                    }
                };
                let place = Span::empty(self.last_end());
                let finding = Diagnostic::new(kind, closer.span);
                self.findings.push(finding.with_fix(format!("Add `{fix}`"), place, fix));
                for _ in several {
                    self.insert(Symbol::CloseParen);
                }
            }
        }
    }

    /// Does the text end lines after the opening one? Then it is rather cut off than forgotten.
    fn is_cut(&self, open: &Open, closer: &Token) -> bool {
        let between = Span::new(open.span.end, self.last_end()).text(self.source);
        closer.kind == Tok::End && between.contains('\n')
    }

    /// Does the innermost parenthesis plainly end before this token?
    fn is_over(&self, open: &[Open], token: &Token, indent: Option<usize>) -> bool {
        let Some((top, below)) = open.split_last().filter(|(top, _)| !top.is_bracket) else {
            return false;
        };
        // A list of constants takes no connective.
        if top.is_list && matches!(token.kind, Tok::Keyword(Keyword::And | Keyword::Or)) {
            return true;
        }
        let Some(indent) = indent else { return false };
        if token.kind == Tok::Symbol(Symbol::CloseParen) {
            // It stands under the line of another one.
            return top.indent != Some(indent)
                && below.iter().rev().take(50).any(|other| other.indent == Some(indent));
        }
        top.indent.is_some_and(|own| own >= indent && top.inner.is_some_and(|inner| inner > own))
    }

    /// Indent of a token that is the first on its line.
    fn indent(&self, last_end: u32, token: &Token) -> Option<usize> {
        let start = token.span.start as usize;
        let before = self.source.get(last_end as usize..start)?;
        before.contains('\n').then(|| self.line_start(start).1)
    }

    /// Indent of the line of an opening one that is the last on it.
    fn indent_of_line(&self, token: &Token) -> Option<usize> {
        let rest = self.source.get(token.span.end as usize..)?;
        let rest = rest.trim_start_matches([' ', '\t', '\r']);
        rest.starts_with('\n').then(|| self.line_start(token.span.start as usize).1)
    }

    /// Where the line begins, and how far it is indented.
    fn line_start(&self, at: usize) -> (usize, usize) {
        let before = self.source.get(..at).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = self.source.get(start..).unwrap_or_default();
        (start, line.len() - line.trim_start_matches([' ', '\t']).len())
    }

    /// Parentheses are counted anew from here.
    fn begin_region(&mut self) {
        self.region = self.out.len();
        self.unclosed = 0;
        self.first_where = None;
    }

    fn last_end(&self) -> u32 {
        self.out.last().map_or(0, |token| token.span.end)
    }

    fn insert(&mut self, symbol: Symbol) {
        let span = Span::empty(self.last_end());
        self.out.push(Token { kind: Tok::Symbol(symbol), span });
    }

    /// The parenthesis is not closed, and is closed here.
    fn unclosed_at(&mut self, open: Span) {
        let kind = DiagKind::Unbalanced { mark: "(", opened: true };
        let place = Span::empty(self.last_end());
        self.findings.push(Diagnostic::new(kind, open).with_fix("Add `)`", place, ")"));
        self.insert(Symbol::CloseParen);
    }

    fn stray(&mut self, token: &Token, mark: &'static str) {
        let finding = Diagnostic::new(DiagKind::Unbalanced { mark, opened: false }, token.span);
        self.findings.push(finding.with_fix("Delete it", token.span, ""));
    }

    /// The wrong one of the two kinds.
    fn replaced(&mut self, token: &Token, mark: &'static str, meant: Symbol) {
        let finding = Diagnostic::new(DiagKind::Unbalanced { mark, opened: false }, token.span);
        let title = format!("Write `{}`", meant.text());
        self.findings.push(finding.with_fix(title, token.span, meant.text()));
        self.out.push(Token { kind: Tok::Symbol(meant), span: token.span });
    }
}

/// How many parentheses close nothing, whichever they are.
fn surplus(tokens: &[Token]) -> usize {
    let (mut open, mut surplus) = (0_usize, 0);
    for token in tokens {
        match token.kind {
            Tok::Symbol(Symbol::OpenParen) => open += 1,
            Tok::Symbol(Symbol::CloseParen) if open == 0 => surplus += 1,
            Tok::Symbol(Symbol::CloseParen) => open -= 1,
            _ => {}
        }
    }
    surplus
}

/// Can it follow a term?
fn ends_term(kind: &Tok) -> bool {
    matches!(
        kind,
        Tok::End
            | Tok::Keyword(Keyword::By | Keyword::With | Keyword::Until)
            | Tok::Symbol(Symbol::OpenBracket | Symbol::NotBracket | Symbol::Pipe)
    )
}

/// Is it an operator with a list on its right?
fn takes_list(kind: &Tok) -> bool {
    matches!(
        kind,
        Tok::Symbol(Symbol::Colon)
            | Tok::Keyword(
                Keyword::In
                    | Keyword::InInsensitive
                    | Keyword::Like
                    | Keyword::LikeInsensitive
                    | Keyword::Regex
                    | Keyword::RegexInsensitive
            )
    )
}
