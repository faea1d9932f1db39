//! Queries, filters and pipes.

use crate::diag::{DiagKind, Diagnostic, QUERY};
use crate::near::is_like;
use crate::span::Span;
use crate::syntax::ast::{Body, Category, Expr, ExprKind, Filter, Pipe, Query};
use crate::syntax::parser::Parser;
use crate::syntax::parser::expr::starts_operand;
use crate::syntax::token::{Keyword, Symbol, Tok};

impl Parser<'_> {
    pub(super) fn query(&mut self) -> Query {
        let start = self.span();
        self.correct_first_word();
        let body = match self.token().kind {
            Tok::End => {
                self.unexpected(QUERY);
                Body::Hole
            }
            Tok::Keyword(Keyword::Sequence) => Body::Sequence(self.terms()),
            Tok::Keyword(Keyword::Sample) => Body::Sample(self.terms()),
            Tok::Keyword(Keyword::Join) => Body::Join(self.terms()),
            Tok::Symbol(Symbol::OpenBracket | Symbol::NotBracket) => self.bare_terms(),
            _ => Body::Event(self.filter()),
        };
        let mut pipes = Vec::new();
        while !self.is_end() {
            if self.is_symbol(Symbol::Pipe) {
                pipes.extend(self.pipe(&body));
                continue;
            }
            self.unexpected("`and`, `or` or the end of the query");
            self.advance();
            self.skip_to(|kind| matches!(kind, Tok::Symbol(Symbol::Pipe)));
        }
        Query { body, pipes, span: start.to(self.last_span()) }
    }

    /// `SEQUENCE`, `sequnce by`: a first word that is followed by what only a sequence or a sample
    /// has.
    fn correct_first_word(&mut self) {
        let goes_on = matches!(
            self.ahead(1).kind,
            Tok::Keyword(Keyword::By | Keyword::With)
                | Tok::Symbol(Symbol::OpenBracket | Symbol::NotBracket)
        );
        let next = self.text(self.ahead(1).span);
        if goes_on || next.eq_ignore_ascii_case("by") || next.eq_ignore_ascii_case("with") {
            self.correct(&[Keyword::Sequence, Keyword::Sample]);
        }
    }

    /// Terms without the word in front: of a sequence, or a single one that needs no brackets.
    fn bare_terms(&mut self) -> Body {
        let place = Span::empty(self.span().start);
        let finding = self.wanted("`sequence` before the terms");
        let terms = self.terms_after(place);
        if let [only] = terms.terms.as_slice() {
            if only.missing {
                self.error(DiagKind::MissingOnlyInSequences, only.span);
                return Body::Sequence(terms);
            }
            let edits = vec![
                (Span::new(place.start, place.start + 1), String::new()),
                (Span::new(only.filter.span.end, only.span.end), String::new()),
            ];
            if let Some(finding) = finding {
                self.report(finding.with_edits("Delete the brackets", edits));
            }
        } else if let Some(finding) = finding {
            self.report(finding.with_fix("Write `sequence`", place, "sequence "));
        }
        Body::Sequence(terms)
    }

    /// `process where …` (§1.24, §2.11).
    pub(super) fn filter(&mut self) -> Filter {
        let start = self.span();
        let mut category = Category::Hole;
        let is_before_where = self.ahead(1).kind == Tok::Keyword(Keyword::Where);
        match &self.token().kind {
            Tok::Keyword(Keyword::Where) => {
                self.no_category(start, "any ");
            }
            Tok::Symbol(Symbol::CloseBracket) => self.error(DiagKind::EmptyTerm, start),
            Tok::Keyword(Keyword::Any) => category = Category::Any,
            Tok::Ident => category = Category::Name(self.text(start).into()),
            Tok::Str(text) => category = Category::Name(text.clone()),
            Tok::Keyword(_) | Tok::QuotedIdent(_) | Tok::Number(_) if is_before_where => {
                self.bad_category(start);
            }
            Tok::Bad => {}
            kind if starts_operand(kind) => self.no_category(start, "any where "),
            _ => self.error(DiagKind::CategoryMissing, start),
        }
        if self.is_symbol(Symbol::CloseBracket) {
            let condition = self.hole();
            return Filter {
                category,
                category_span: start,
                condition,
                span: Span::empty(start.start),
            };
        }
        if category != Category::Hole || is_before_where || self.token().kind == Tok::Bad {
            self.advance();
        }
        let category_span = start.to(self.last_span().to(start));
        let mut has_category = category != Category::Hole;
        if has_category && self.is_condition_start(&category) {
            has_category = false;
            self.bare_condition(start, &mut category);
        }
        if self.take_keyword(Keyword::Where).is_none() && has_category {
            self.where_missing();
        }
        let condition = self.condition();
        self.stray(|kind| {
            matches!(
                kind,
                Tok::Symbol(
                    Symbol::OpenBracket
                        | Symbol::NotBracket
                        | Symbol::CloseBracket
                        | Symbol::Pipe
                        | Symbol::CloseParen
                )
            )
        });
        Filter { category, category_span, condition, span: start.to(self.last_span()) }
    }

    fn no_category(&mut self, start: Span, text: &'static str) {
        let finding = Diagnostic::new(DiagKind::CategoryMissing, start);
        let title = format!("Write `{}`", text.trim());
        self.report(finding.with_fix(title, Span::empty(start.start), text));
    }

    fn bad_category(&mut self, span: Span) {
        let text = self.text(span).trim_matches('`').to_owned();
        let finding = Diagnostic::new(DiagKind::BadCategory, span);
        self.report(finding.with_fix("Put it in double quotes", span, format!("{text:?}")));
    }

    /// Is the category that was read the beginning of a condition?
    fn is_condition_start(&self, category: &Category) -> bool {
        let is_name = *category != Category::Any;
        match &self.token().kind {
            Tok::Symbol(
                Symbol::Dot
                | Symbol::Colon
                | Symbol::Equal
                | Symbol::NotEqual
                | Symbol::Assign
                | Symbol::Less
                | Symbol::LessEqual
                | Symbol::Greater
                | Symbol::GreaterEqual,
            ) => true,
            Tok::Symbol(Symbol::OpenParen) => is_name && self.is_adjacent(0),
            Tok::Keyword(
                Keyword::In | Keyword::Like | Keyword::Regex | Keyword::LikeInsensitive,
            ) => is_name,
            _ => false,
        }
    }

    /// `event.category where …`, or a bare condition whose `any where` was forgotten.
    fn bare_condition(&mut self, start: Span, category: &mut Category) {
        let before = self.at;
        while self.take_symbol(Symbol::Dot).is_some() {
            self.advance();
        }
        if self.is_keyword(Keyword::Where) {
            // In quotes it would be a value, which is not what a field stands there for.
            let span = start.to(self.last_span());
            self.error(DiagKind::BadCategory, span);
        } else {
            self.no_category(start, "any where ");
            // Read again as the condition it is.
            self.at = before.saturating_sub(1);
        }
        *category = Category::Hole;
    }

    /// No `where` follows the category, or one with a slip in it (E-212).
    fn where_missing(&mut self) {
        if self.token().kind == Tok::Ident
            && self.text(self.span()).len() > 2
            && is_like(self.text(self.span()), "where")
            && starts_operand(&self.ahead(1).kind)
        {
            self.correct(&[Keyword::Where]);
            self.take_keyword(Keyword::Where);
            return;
        }
        // `process and x == 1`
        let joined = matches!(self.token().kind, Tok::Keyword(Keyword::And | Keyword::Or));
        let span = self.span();
        let finding = Diagnostic::new(DiagKind::WhereMissing, span);
        let ends = matches!(
            self.token().kind,
            Tok::End | Tok::Symbol(Symbol::CloseBracket | Symbol::Pipe)
        );
        let place = Span::empty(self.last_span().end);
        self.report(match (joined, ends) {
            (true, _) => finding.with_fix("Write `where`", span, "where"),
            (_, true) => finding.with_fix("Write `where true`", place, " where true"),
            _ => finding.with_fix("Write `where`", Span::empty(span.start), "where "),
        });
        if joined {
            self.advance();
        }
    }

    fn pipe(&mut self, body: &Body) -> Option<Pipe> {
        let bar = self.advance();
        let name = self.span();
        if self.is_keyword(Keyword::Where) {
            self.pipe_where(bar, body);
            return None;
        }
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
        if self.text(name).is_empty() {
            return None;
        }
        Some(Pipe { name, args, span: bar.to(self.last_span()) })
    }

    /// `| where x` of other languages: a condition more.
    fn pipe_where(&mut self, bar: Span, body: &Body) {
        let word = self.advance();
        let condition = self.expression();
        let span = bar.to(self.last_span());
        let mut finding = Diagnostic::new(DiagKind::PipeUnsupported("where".into()), span);
        let is_or = |expr: &Expr| matches!(expr.kind, ExprKind::Or(..));
        if let Body::Event(filter) = body
            && !matches!(condition.kind, ExprKind::Hole)
        {
            let first = filter.condition.span;
            let around = |expr: &Expr| if is_or(expr) { ("(", ")") } else { ("", "") };
            let (open, close) = around(&filter.condition);
            let (open_new, close_new) = around(&condition);
            let edits = vec![
                (Span::empty(first.start), open.to_owned()),
                (Span::empty(first.end), close.to_owned()),
                (bar.to(word), format!("and {open_new}").trim_end().to_owned()),
                (Span::empty(condition.span.end), close_new.to_owned()),
            ];
            let edits =
                edits.into_iter().filter(|(span, text)| span.start < span.end || !text.is_empty());
            finding = finding.with_edits("Write `and`", edits.collect());
        }
        self.report(finding);
    }
}
