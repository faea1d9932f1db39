//! Queries, terms, keys and pipes.

use crate::diag::{DiagKind, Diagnostic};
use crate::span::Span;
use crate::syntax::ast::{Body, Category, Expr, Filter, MaxSpan, Pipe, Query, Term, Terms};
use crate::syntax::parser::Parser;
use crate::syntax::token::{Keyword, Symbol, Tok};
use crate::value::Number;

impl Parser<'_> {
    pub(super) fn query(&mut self) -> Query {
        let start = self.span();
        let word = match self.token().kind {
            Tok::Keyword(word @ (Keyword::Sequence | Keyword::Sample | Keyword::Join)) => {
                Some(word)
            }
            _ => None,
        };
        let body = match word {
            _ if self.is_end() => {
                self.error(DiagKind::UnexpectedEnd { wanted: "a query" }, start);
                Body::Hole
            }
            Some(Keyword::Sequence) => Body::Sequence(self.terms()),
            Some(Keyword::Sample) => Body::Sample(self.terms()),
            Some(_) => Body::Join(self.terms()),
            None => Body::Event(self.filter()),
        };
        let mut pipes = Vec::new();
        while !self.is_end() {
            if self.is_symbol(Symbol::Pipe) {
                pipes.push(self.pipe());
                continue;
            }
            match self.token().kind {
                Tok::Symbol(Symbol::CloseParen) => self.unopened(")"),
                Tok::Symbol(Symbol::CloseBracket) => self.unopened("]"),
                _ => self.unexpected("`and`, `or` or the end of the query"),
            }
            self.advance();
            self.skip_to(|kind| matches!(kind, Tok::Symbol(Symbol::Pipe)));
        }
        Query { body, pipes, span: start.to(self.last_span()) }
    }

    fn unopened(&mut self, mark: &'static str) {
        let span = self.span();
        self.report(Diagnostic::new(DiagKind::Unbalanced { mark, opened: false }, span).with_fix(
            "Delete it",
            span,
            "",
        ));
    }

    /// `process where …` (§1.24, §2.11).
    pub(super) fn filter(&mut self) -> Filter {
        let start = self.span();
        let token = self.token().clone();
        let mut category = Category::Hole;
        match token.kind.clone() {
            Tok::Keyword(Keyword::Where) => self.error(DiagKind::CategoryMissing, token.span),
            Tok::Keyword(Keyword::Any) => category = Category::Any,
            Tok::Ident => category = Category::Name(self.text(token.span).into()),
            Tok::Str(text) => category = Category::Name(text),
            Tok::Keyword(_) | Tok::QuotedIdent(_) | Tok::Number(_)
                if self.ahead(1).kind == Tok::Keyword(Keyword::Where) =>
            {
                self.error(DiagKind::BadCategory, token.span);
            }
            Tok::Bad => {}
            _ => self.error(DiagKind::CategoryMissing, token.span),
        }
        if category != Category::Hole
            || self.ahead(1).kind == Tok::Keyword(Keyword::Where)
            || token.kind == Tok::Bad
        {
            self.advance();
        }
        let category_span = start.to(self.last_span().to(start));
        if self.is_symbol(Symbol::Dot) && category != Category::Hole {
            self.dotted_category(start, &mut category);
        }
        if self.take_keyword(Keyword::Where).is_none() && category != Category::Hole {
            let span = self.span();
            let finding = Diagnostic::new(DiagKind::WhereMissing, span).with_fix(
                "Write `where`",
                Span::empty(span.start),
                "where ",
            );
            self.report(finding);
        }
        let condition = self.expression();
        self.stray(|kind| {
            matches!(kind, Tok::Symbol(Symbol::CloseBracket | Symbol::Pipe | Symbol::CloseParen))
        });
        Filter { category, category_span, condition, span: start.to(self.last_span()) }
    }

    /// `event.category where …`, or a bare condition whose `any where` was forgotten.
    fn dotted_category(&mut self, start: Span, category: &mut Category) {
        let before = self.at;
        while self.take_symbol(Symbol::Dot).is_some() {
            self.advance();
        }
        if self.is_keyword(Keyword::Where) {
            let span = start.to(self.last_span());
            self.error(DiagKind::BadCategory, span);
        } else {
            self.report(Diagnostic::new(DiagKind::CategoryMissing, start).with_fix(
                "Write `any where`",
                Span::empty(start.start),
                "any where ",
            ));
            // Read again as the condition it is.
            self.at = before.saturating_sub(1);
        }
        *category = Category::Hole;
    }

    /// `sequence …`, `sample …`, `join …`; which parts go together is checked later.
    fn terms(&mut self) -> Terms {
        let word = self.advance();
        let mut keys = Vec::new();
        let mut maxspan = None;
        loop {
            if self.is_keyword(Keyword::By) {
                keys = self.keys();
            } else if self.is_keyword(Keyword::With) {
                maxspan = self.maxspan();
            } else {
                break;
            }
        }
        let mut terms = Vec::new();
        while self.is_symbol(Symbol::OpenBracket) || self.is_symbol(Symbol::NotBracket) {
            terms.push(self.term());
        }
        if terms.is_empty() {
            self.unexpected("`[`");
            self.skip_to(|kind| matches!(kind, Tok::Symbol(Symbol::Pipe)));
        }
        let mut until = None;
        if self.take_keyword(Keyword::Until).is_some() {
            if self.is_symbol(Symbol::OpenBracket) || self.is_symbol(Symbol::NotBracket) {
                until = Some(Box::new(self.term()));
            } else {
                self.unexpected("`[` after `until`");
            }
        }
        Terms { word, keys, maxspan, terms, until, span: word.to(self.last_span()) }
    }

    fn term(&mut self) -> Term {
        let missing = self.is_symbol(Symbol::NotBracket);
        let open = self.advance();
        let filter = self.filter();
        self.close(Symbol::CloseBracket, open);
        let keys = if self.is_keyword(Keyword::By) { self.keys() } else { Vec::new() };
        let mut runs = None;
        if self.is_keyword(Keyword::With) {
            self.advance();
            let name = self.advance();
            self.equals("runs");
            runs = self.number().map(|(number, span)| (name, number, span));
        }
        Term { missing, filter, keys, runs, span: open.to(self.last_span()) }
    }

    fn keys(&mut self) -> Vec<Expr> {
        self.advance();
        let mut keys = vec![self.expression()];
        while self.take_symbol(Symbol::Comma).is_some() {
            keys.push(self.expression());
        }
        keys
    }

    fn maxspan(&mut self) -> Option<MaxSpan> {
        let with = self.advance();
        if self.take_keyword(Keyword::Maxspan).is_none() {
            self.unexpected("`maxspan`");
            return None;
        }
        self.equals("maxspan");
        let (number, number_span) = self.number()?;
        let unit = (self.token().kind == Tok::Ident).then(|| self.advance());
        Some(MaxSpan { number, number_span, unit, span: with.to(self.last_span()) })
    }

    /// The one `=` of an option (E-216).
    fn equals(&mut self, name: &'static str) {
        if self.take_symbol(Symbol::Assign).is_none() {
            let span = self.span();
            self.error(DiagKind::OptionEquals(name), span);
            self.take_symbol(Symbol::Equal);
        }
    }

    fn number(&mut self) -> Option<(Number, Span)> {
        let Tok::Number(number) = self.token().kind else {
            self.unexpected("a number");
            return None;
        };
        Some((number, self.advance()))
    }

    fn pipe(&mut self) -> Pipe {
        let bar = self.advance();
        let name = self.span();
        if self.token().kind == Tok::Ident {
            self.advance();
        } else {
            self.unexpected("`head` or `tail`");
        }
        let mut args = Vec::new();
        if !self.is_end() && !self.is_symbol(Symbol::Pipe) {
            args.push(self.expression());
            while self.take_symbol(Symbol::Comma).is_some() {
                args.push(self.expression());
            }
        }
        Pipe { name, args, span: bar.to(self.last_span()) }
    }
}
