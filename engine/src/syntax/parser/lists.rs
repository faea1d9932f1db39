//! Lists, patterns and calls: whatever stands with commas between.

use crate::diag::{DiagKind, Diagnostic};
use crate::span::Span;
use crate::syntax::ast::{Comparison, Expr, ExprKind, PatternOp};
use crate::syntax::lexer::quote_text;
use crate::syntax::parser::expr::starts_operand;
use crate::syntax::parser::habits::{compare, pattern_op};
use crate::syntax::parser::{MAX_DEPTH, MAX_SUMS, Parser};
use crate::syntax::token::{Keyword, Symbol, Tok};

impl Parser<'_> {
    /// `name(…)`.
    pub(super) fn call(&mut self) -> Expr {
        let name = self.advance();
        self.advance();
        let is_empty = self.is_symbol(Symbol::CloseParen);
        let args = if is_empty { Vec::new() } else { self.list(Symbol::CloseParen) };
        self.take_symbol(Symbol::CloseParen);
        Expr { kind: ExprKind::Call { name, args }, span: name.to(self.last_span()) }
    }

    /// Expressions with commas between, up to a closing mark, which is left.
    pub(super) fn list(&mut self, close: Symbol) -> Vec<Expr> {
        let mut items = Vec::new();
        loop {
            if self.is_symbol(close) {
                self.empty_list(!items.is_empty());
                return items;
            }
            while self.is_symbol(Symbol::Comma) {
                self.superfluous(crate::diag::VALUE);
            }
            let before = self.at;
            items.push(self.expression());
            self.alternatives(&mut items);
            let stops = |kind: &Tok| {
                matches!(
                    kind,
                    Tok::Symbol(Symbol::Comma | Symbol::CloseParen | Symbol::CloseBracket)
                )
            };
            if self.take_symbol(Symbol::Comma).is_some() {
                continue;
            }
            if stops(&self.token().kind) || self.is_end() || self.is_brace() {
                return items;
            }
            if starts_operand(&self.token().kind) && self.at > before {
                self.lacks("`,` or `)`", ", ");
                continue;
            }
            self.unexpected("`,` or `)`");
            self.skip_to(stops);
            if self.take_symbol(Symbol::Comma).is_none() {
                return items;
            }
        }
    }

    /// A list without elements, or with a comma at its end (§2.9).
    fn empty_list(&mut self, has_comma: bool) {
        let finding = Diagnostic::new(DiagKind::EmptyList, self.span());
        let comma = self.last_span();
        let is_virtual = self.span().start == self.span().end;
        if !is_virtual {
            let deleted = || finding.clone().with_fix("Delete the comma", comma, "");
            self.report(if has_comma { deleted() } else { finding });
        }
    }

    /// `{` or `}`, which the lexer has complained about.
    fn is_brace(&self) -> bool {
        self.token().kind == Tok::Bad && matches!(self.text(self.span()), "{" | "}")
    }

    /// `in (…)`, `: "…"` and their kin after an operand (level 2 of §2.2), and what people write in
    /// their place.
    pub(super) fn predicate(&mut self, mut value: Expr) -> Expr {
        if self.token().kind == Tok::Ident
            && let Some(read) = self.operator_word(&value)
        {
            return read;
        }
        while (self.is_symbol(Symbol::Colon) || self.is_symbol(Symbol::Dot))
            && self.ahead(1).kind == Tok::Ident
            && self.ahead(2).kind == Tok::Symbol(Symbol::OpenParen)
        {
            // Each nests the one before in it.
            self.sums += 1;
            if self.sums > MAX_SUMS {
                let span = self.span();
                self.error(DiagKind::TooDeep(MAX_DEPTH), span);
                self.skip_to(|kind| matches!(kind, Tok::End));
                return value;
            }
            self.advance();
            value = self.method(value);
        }
        let mut op_span = self.span();
        let negated = self.is_keyword(Keyword::Not);
        if negated && self.ahead(1).kind == Tok::Ident {
            self.at += 1;
            self.correct_case(&[Keyword::In, Keyword::Like, Keyword::Regex]);
            self.at -= 1;
        }
        let operator = if negated { &self.ahead(1).kind } else { &self.token().kind };
        let is_in = matches!(operator, Tok::Keyword(Keyword::In | Keyword::InInsensitive));
        let insensitive = *operator == Tok::Keyword(Keyword::InInsensitive);
        let pattern = pattern_op(operator);
        if pattern.is_none() && !is_in {
            return self.no_predicate(value, negated);
        }
        if negated {
            self.advance();
        }
        op_span = op_span.to(self.advance());
        self.doubled(op_span);
        let Some(op) = pattern else {
            let list = self.parenthesised_list();
            let span = value.span.to(self.last_span());
            let value = Box::new(value);
            return Expr {
                kind: ExprKind::In { value, negated, insensitive, op_span, list },
                span,
            };
        };
        if negated {
            self.infix_not(value.span, op_span, op.text());
        }
        self.patterns(value, op, op_span)
    }

    /// The same operator a second time.
    fn doubled(&mut self, op_span: Span) {
        let is_same = self.text(self.span()) == self.text(op_span) && !self.is_end();
        if is_same && !self.is_symbol(Symbol::Assign) && !op_span.text(self.source).is_empty() {
            self.superfluous("one operator");
        }
    }

    /// There is no `not like` (§2.7): the `not` belongs in front.
    fn infix_not(&mut self, value: Span, op_span: Span, op: &'static str) {
        let written = self.text(op_span).split_whitespace().collect::<Vec<_>>().join(" ");
        let finding = Diagnostic::new(DiagKind::InfixNot(written), op_span);
        let edits = vec![(op_span, op.to_owned()), (Span::empty(value.start), "not ".to_owned())];
        self.report(finding.with_edits("Put `not` before the field", edits));
    }

    /// No operator of lists and patterns follows: perhaps none at all, or a `not` before another.
    fn no_predicate(&mut self, value: Expr, negated: bool) -> Expr {
        if negated && matches!(self.ahead(1).kind, Tok::Symbol(Symbol::Equal | Symbol::Assign)) {
            let op_span = self.advance().to(self.advance());
            let kind = DiagKind::InfixNot(self.text(op_span).to_owned());
            self.report(Diagnostic::new(kind, op_span).with_fix("Write `!=`", op_span, "!="));
            let right = self.sum();
            return compare(Comparison::NotEqual, op_span, value, right);
        }
        let is_named = matches!(value.kind, ExprKind::Field(_) | ExprKind::Call { .. });
        match self.token().kind {
            Tok::Str(_)
            | Tok::Number(_)
            | Tok::Keyword(Keyword::Null | Keyword::True | Keyword::False)
                if is_named =>
            {
                let op_span = Span::empty(self.span().start);
                let text = if self.is_adjacent(0) { " == " } else { "== " };
                self.lacks(crate::diag::OPERATOR, text);
                let right = self.primary();
                compare(Comparison::Equal, op_span, value, right)
            }
            Tok::Symbol(Symbol::OpenParen) if is_named => {
                let op_span = Span::empty(self.span().start);
                let is_list = matches!(self.ahead(1).kind, Tok::Str(_) | Tok::Number(_));
                if !is_list {
                    return value;
                }
                let text = if self.is_adjacent(0) { " in " } else { "in " };
                self.lacks(crate::diag::OPERATOR, text);
                let list = self.parenthesised_list();
                let span = value.span.to(self.last_span());
                let value = Box::new(value);
                let (negated, insensitive) = (false, false);
                Expr { kind: ExprKind::In { value, negated, insensitive, op_span, list }, span }
            }
            _ => value,
        }
    }

    /// The right side of a pattern operator.
    fn patterns(&mut self, value: Expr, op: PatternOp, op_span: Span) -> Expr {
        let is_alone = |run: Span| run.end - run.start == 1;
        if op == PatternOp::Colon
            && self.is_symbol(Symbol::Star)
            && self.bare_run().is_some_and(is_alone)
        {
            return self.presence(value, op_span, "!= null");
        }
        if self.is_symbol(Symbol::Slash)
            && let Some(hole) = self.between_slashes(op_span)
        {
            return compare(Comparison::Equal, op_span, value, hole);
        }
        let listed = self.is_symbol(Symbol::OpenParen)
            || self.is_symbol(Symbol::OpenBracket)
            || self.is_brace();
        let patterns = if listed {
            self.parenthesised_list()
        } else if let Some(run) = self.bare_run() {
            self.unquoted(op.text(), run);
            vec![Expr { kind: ExprKind::Hole, span: run }]
        } else {
            vec![self.primary()]
        };
        let guilty: Vec<(Span, bool)> = patterns
            .iter()
            .filter(|item| {
                !matches!(
                    item.kind,
                    ExprKind::Null
                        | ExprKind::Bool(_)
                        | ExprKind::Number(_)
                        | ExprKind::Str(_)
                        | ExprKind::Hole
                )
            })
            .map(|item| (item.span, matches!(item.kind, ExprKind::Field(_))))
            .collect();
        for (span, is_name) in guilty {
            match is_name {
                true => self.unquoted(op.text(), span),
                false => self.error(DiagKind::PatternNotConstant(op.text()), span),
            }
        }
        let span = value.span.to(self.last_span());
        let value = Box::new(value);
        Expr { kind: ExprKind::Pattern { value, op, op_span, patterns, listed }, span }
    }

    /// A text without its quotes, or a field where none may stand.
    fn unquoted(&mut self, op: &'static str, run: Span) {
        let fixed = quote_text(self.text(run));
        let finding = Diagnostic::new(DiagKind::PatternNotConstant(op), run);
        self.findings.retain(|other| other.span.start < run.start || other.span.end > run.end);
        self.report(finding.with_fix("Put it in double quotes", run, fixed));
        self.skip_run(run);
    }

    /// A list in parentheses; in other brackets or in none it is told, and read all the same.
    pub(super) fn parenthesised_list(&mut self) -> Vec<Expr> {
        if self.take_symbol(Symbol::OpenParen).is_some() {
            let list = self.list(Symbol::CloseParen);
            self.take_symbol(Symbol::CloseParen);
            return list;
        }
        if self.is_symbol(Symbol::OpenBracket) || self.is_brace() {
            return self.other_brackets();
        }
        let is_constant =
            |kind: &Tok| matches!(kind, Tok::Str(_) | Tok::Number(_) | Tok::Keyword(Keyword::Null));
        let mut finding = self.wanted("a list in parentheses");
        let start = self.span();
        let mut items = Vec::new();
        if is_constant(&self.token().kind) {
            items.push(self.primary());
            while self.is_symbol(Symbol::Comma) && is_constant(&self.ahead(1).kind) {
                self.advance();
                items.push(self.primary());
            }
            let end = Span::empty(self.last_span().end);
            let edits = vec![(Span::empty(start.start), "(".into()), (end, ")".into())];
            finding = finding.map(|it| it.with_edits("Put it in parentheses", edits));
        }
        if let Some(finding) = finding {
            self.report(finding);
        }
        items
    }

    /// `[…]` or `{…}` for a list.
    fn other_brackets(&mut self) -> Vec<Expr> {
        let open = self.advance();
        let found = format!("`{}`", self.text(open));
        let items = self.list(Symbol::CloseBracket);
        let closed = self.is_symbol(Symbol::CloseBracket) || self.is_brace();
        let close = if closed { self.advance() } else { Span::empty(self.last_span().end) };
        // What the lexer said of braces is said better here.
        self.findings.retain(|other| other.span != open && other.span != close);
        let kind = DiagKind::Unexpected { found, wanted: "a list in parentheses" };
        let edits = vec![(open, "(".to_owned()), (close, ")".to_owned())];
        self.report(Diagnostic::new(kind, open).with_edits("Write parentheses", edits));
        items
    }
}
