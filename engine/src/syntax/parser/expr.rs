//! Expressions: one precedence table, climbed (spec §2.2).

use crate::diag::{CONDITION, CONNECTIVE, DiagKind, Diagnostic, VALUE};
use crate::span::Span;
use crate::syntax::ast::{Arithmetic, Comparison, Expr, ExprKind, Field};
use crate::syntax::parser::habits::compare;
use crate::syntax::parser::values::method_name;
use crate::syntax::parser::{MAX_DEPTH, MAX_SUMS, Parser};
use crate::syntax::token::{Keyword, Symbol, Tok};

/// Binding strengths, loosest first.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const SIGN: u8 = 7;

/// What stands between two operands.
#[derive(Clone, Copy)]
enum Infix {
    Or,
    And,
    Compare(Comparison),
    Arithmetic(Arithmetic),
}

impl Infix {
    fn of(token: &Tok) -> Option<(Self, u8)> {
        Some(match token {
            Tok::Keyword(Keyword::Or) => (Self::Or, OR),
            Tok::Keyword(Keyword::And) => (Self::And, AND),
            Tok::Symbol(symbol) => match symbol {
                // `=` is no operator; it is read as the `==` that was meant.
                Symbol::Equal | Symbol::Assign => (Self::Compare(Comparison::Equal), COMPARE),
                Symbol::NotEqual => (Self::Compare(Comparison::NotEqual), COMPARE),
                Symbol::Less => (Self::Compare(Comparison::Less), COMPARE),
                Symbol::LessEqual => (Self::Compare(Comparison::LessEqual), COMPARE),
                Symbol::Greater => (Self::Compare(Comparison::Greater), COMPARE),
                Symbol::GreaterEqual => (Self::Compare(Comparison::GreaterEqual), COMPARE),
                Symbol::Plus => (Self::Arithmetic(Arithmetic::Add), SUM),
                Symbol::Minus => (Self::Arithmetic(Arithmetic::Subtract), SUM),
                Symbol::Star => (Self::Arithmetic(Arithmetic::Multiply), PRODUCT),
                Symbol::Slash => (Self::Arithmetic(Arithmetic::Divide), PRODUCT),
                Symbol::Percent => (Self::Arithmetic(Arithmetic::Modulo), PRODUCT),
                _ => return None,
            },
            _ => return None,
        })
    }
}

impl Parser<'_> {
    /// A whole expression.
    pub(super) fn expression(&mut self) -> Expr {
        self.climb(OR)
    }

    /// The condition after `where`, which must be there.
    pub(super) fn condition(&mut self) -> Expr {
        let is_missing = matches!(
            self.token().kind,
            Tok::End | Tok::Symbol(Symbol::CloseBracket | Symbol::CloseParen | Symbol::Pipe)
        );
        if is_missing {
            let place = Span::empty(self.last_span().end);
            if let Some(finding) = self.wanted(CONDITION) {
                self.report(finding.with_fix("Write `true`", place, " true"));
            }
            return self.hole();
        }
        self.expression()
    }

    /// An operand of a comparison.
    pub(super) fn sum(&mut self) -> Expr {
        self.climb(SUM)
    }

    /// An expression of operators that bind at least as tightly as `least`.
    fn climb(&mut self, least: u8) -> Expr {
        if self.depth >= MAX_DEPTH {
            let span = self.span();
            self.error(DiagKind::TooDeep(MAX_DEPTH), span);
            self.skip_to(|kind| matches!(kind, Tok::End));
            return self.hole();
        }
        self.depth += 1;
        let mut left = self.prefix(least);
        let mut compared = false;
        loop {
            if self.token().kind == Tok::Ident {
                self.correct(&[Keyword::And, Keyword::Or]);
            }
            let Some((infix, strength)) = Infix::of(&self.token().kind) else { break };
            if strength < least {
                break;
            }
            let op_span = self.advance();
            let is_chained = compared && matches!(infix, Infix::Compare(_));
            if let Infix::Compare(_) = infix {
                if compared {
                    self.error(DiagKind::ChainedComparison, op_span);
                } else if self.text(op_span) == "=" {
                    self.report(Diagnostic::new(DiagKind::SingleEquals, op_span).with_fix(
                        "Write `==`",
                        op_span,
                        "==",
                    ));
                }
                compared = true;
                // The same operator a second time.
                let again = self.span();
                if self.text(again) == self.text(op_span) {
                    self.superfluous("one operator");
                }
            }
            if let (Infix::Compare(op), false) = (infix, is_chained) {
                match self.foreign_value(left, op, op_span) {
                    Ok(read) => {
                        left = read;
                        continue;
                    }
                    Err(same) => left = same,
                }
            }
            // All binary operators associate to the left, hence the tighter right side.
            let right = self.climb(strength + 1);
            if let Infix::Arithmetic(_) = infix {
                // Sums nest to the left, at every level of parentheses anew, and are worked out by
                // recursion: so all of them together are counted.
                self.sums += 1;
                if self.sums > MAX_SUMS {
                    self.error(DiagKind::TooDeep(MAX_DEPTH), op_span);
                    self.skip_to(|kind| matches!(kind, Tok::End));
                    break;
                }
            }
            let span = left.span.to(right.span);
            if is_chained {
                // `1 < x < 5` as two conditions, so that a chain of any length nests as `and` does.
                let start = Expr { kind: ExprKind::Hole, span: Span::empty(op_span.start) };
                let Infix::Compare(op) = infix else { break };
                let second = compare(op, op_span, start, right);
                left = Expr { kind: ExprKind::And(Box::new(left), Box::new(second)), span };
                continue;
            }
            let (left_side, right) = (Box::new(left), Box::new(right));
            let kind = match infix {
                Infix::Or => ExprKind::Or(left_side, right),
                Infix::And => ExprKind::And(left_side, right),
                Infix::Compare(op) => ExprKind::Compare { op, op_span, left: left_side, right },
                Infix::Arithmetic(op) => {
                    ExprKind::Arithmetic { op, op_span, left: left_side, right }
                }
            };
            left = Expr { kind, span };
        }
        self.depth -= 1;
        left
    }

    /// `not`, a sign, or an operand with its predicate.
    fn prefix(&mut self, least: u8) -> Expr {
        let start = self.span();
        let is_not = self.is_keyword(Keyword::Not)
            || (self.token().kind == Tok::Ident
                && self.text(start).eq_ignore_ascii_case("not")
                && starts_operand(&self.ahead(1).kind)
                // `NOT not in (…)` tests a field of that name.
                && !(self.ahead(1).kind == Tok::Keyword(Keyword::Not)
                    && matches!(
                        self.ahead(2).kind,
                        Tok::Keyword(Keyword::In | Keyword::InInsensitive)
                    )));
        if is_not && least <= NOT {
            self.take_keyword(Keyword::Not);
            if self.is_keyword(Keyword::Not) && self.ahead(1).kind == Tok::Keyword(Keyword::In) {
                self.superfluous(VALUE);
            }
            let inner = self.climb(NOT);
            let span = start.to(inner.span);
            return Expr { kind: ExprKind::Not(Box::new(inner)), span };
        }
        for (symbol, negative) in [(Symbol::Minus, true), (Symbol::Plus, false)] {
            if self.take_symbol(symbol).is_some() {
                let inner = self.climb(SIGN);
                let span = start.to(inner.span);
                return Expr { kind: ExprKind::Sign { negative, inner: Box::new(inner) }, span };
            }
        }
        let operand = self.primary();
        self.predicate(operand)
    }

    /// A constant, field, call or parenthesis.
    pub(super) fn primary(&mut self) -> Expr {
        // A mark that means nothing, and is told already, in front of an operand.
        while self.is_bad_mark(0) && (self.is_bad_mark(1) || starts_operand(&self.ahead(1).kind)) {
            self.advance();
        }
        let span = self.span();
        let kind = match &self.token().kind {
            Tok::Keyword(Keyword::Null) => ExprKind::Null,
            Tok::Keyword(Keyword::True) => ExprKind::Bool(true),
            Tok::Keyword(Keyword::False) => ExprKind::Bool(false),
            Tok::Number(number) => {
                let number = *number;
                if self.is_adjacent(1) && self.continues_number() {
                    return self.odd_number();
                }
                ExprKind::Number(number)
            }
            Tok::Str(text) => ExprKind::Str(text.clone()),
            Tok::Bad => ExprKind::Hole,
            Tok::Symbol(Symbol::OpenParen) => return self.parenthesis(),
            Tok::Ident | Tok::TildeIdent
                if self.ahead(1).kind == Tok::Symbol(Symbol::OpenParen) =>
            {
                return self.call();
            }
            Tok::Ident if self.ahead(1).kind == Tok::Keyword(Keyword::Of) => {
                return self.lineage();
            }
            Tok::Ident => {
                // `now-5m`; a difference of fields goes on otherwise.
                let has_unit = self.text(span) == "now"
                    && matches!(self.ahead(2).kind, Tok::Number(_))
                    && self.ahead(3).kind == Tok::Ident
                    && self.is_adjacent(3);
                if let Some(date) = has_unit.then(|| self.date_math()).flatten() {
                    return date;
                }
                return match self.prefix_word() {
                    Some(read) => read,
                    None => self.field(),
                };
            }
            Tok::QuotedIdent(_) | Tok::Symbol(Symbol::Optional) => return self.field(),
            Tok::Keyword(keyword) if self.is_field_here(*keyword) => return self.field(),
            _ => {
                let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
                // A connective that joins nothing, at the beginning of a condition.
                let leads =
                    matches!(
                        before.map(|token| &token.kind),
                        Some(Tok::Keyword(Keyword::Where) | Tok::Symbol(Symbol::OpenParen))
                    ) && matches!(self.token().kind, Tok::Keyword(Keyword::And | Keyword::Or))
                        && starts_operand(&self.ahead(1).kind);
                let is_same = leads
                    || self.text(span) == self.text(self.last_span()) && span.start < span.end;
                let symbol = match self.token().kind {
                    Tok::Symbol(symbol) => Some(symbol),
                    _ => None,
                };
                if is_same
                    && symbol != Some(Symbol::OpenBracket)
                    && symbol != Some(Symbol::CloseParen)
                    && self.depth < MAX_DEPTH
                {
                    self.superfluous(VALUE);
                    self.depth += 1;
                    let read = self.primary();
                    self.depth -= 1;
                    return read;
                }
                // `& or`: the first of the two is told already.
                let foreign = before.is_some_and(|token| {
                    matches!(token.kind, Tok::Keyword(keyword) if keyword.text() != self.text(token.span))
                });
                if !(foreign
                    && matches!(self.token().kind, Tok::Keyword(Keyword::And | Keyword::Or)))
                {
                    self.unexpected(VALUE);
                }
                // An operator or a closing mark may belong to somebody further out.
                return self.hole();
            }
        };
        self.advance();
        Expr { kind, span }
    }

    fn is_bad_mark(&self, by: usize) -> bool {
        let token = self.ahead(by);
        token.kind == Tok::Bad && token.span.end - token.span.start <= 2
    }

    /// `1_000`, `0x1F`, `10.0.0.1`: the number and what stands directly behind it.
    fn continues_number(&self) -> bool {
        matches!(self.ahead(1).kind, Tok::Ident | Tok::Number(_))
    }

    fn odd_number(&mut self) -> Expr {
        // What is more or less than something, or is added to it, is no text.
        let before = self.text(self.last_span());
        let is_ordered = before.starts_with(['<', '>', '-', '+', '*', '/']);
        let mut run = self.advance();
        while self.is_adjacent(0)
            && matches!(
                self.token().kind,
                Tok::Ident | Tok::Number(_) | Tok::Symbol(Symbol::Dot | Symbol::Slash)
            )
        {
            run = run.to(self.advance());
        }
        let text = self.text(run);
        let digits = text.replace('_', "");
        let hex = text.strip_prefix("0x").and_then(|hex| u64::from_str_radix(hex, 16).ok());
        let fixed = match hex {
            Some(value) => value.to_string(),
            None if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits,
            None => match bytes(text) {
                Some(count) => count.to_string(),
                None => format!("\"{text}\""),
            },
        };
        let finding = Diagnostic::new(DiagKind::OddNumber(text.to_owned()), run);
        if is_ordered && fixed.starts_with('"') {
            self.report(finding);
            return Expr { kind: ExprKind::Hole, span: run };
        }
        self.report(finding.with_fix(format!("Write `{fixed}`"), run, fixed));
        Expr { kind: ExprKind::Hole, span: run }
    }

    /// Is this keyword meant as a field name? Only where it could not stand for itself.
    fn is_field_here(&self, keyword: Keyword) -> bool {
        !matches!(keyword, Keyword::And | Keyword::Or | Keyword::Not | Keyword::Where)
            && (Infix::of(&self.ahead(1).kind).is_some_and(|(_, strength)| strength == COMPARE)
                || matches!(self.ahead(1).kind, Tok::Symbol(Symbol::Colon | Symbol::Dot)))
    }

    fn parenthesis(&mut self) -> Expr {
        let open = self.advance();
        let inner = self.expression();
        self.stray(|kind| matches!(kind, Tok::Symbol(Symbol::CloseParen | Symbol::CloseBracket)));
        self.take_symbol(Symbol::CloseParen);
        let span = open.to(self.last_span());
        Expr { kind: ExprKind::Paren(Box::new(inner)), span }
    }

    /// Reports a token that cannot continue the expression before it, and skips to `stop` or to
    /// the next `and` or `or`, after which the rest is read for its own mistakes.
    pub(super) fn stray(&mut self, stop: impl Fn(&Tok) -> bool + Copy) {
        while !self.is_end() && !stop(&self.token().kind) {
            let before = self.at;
            if self.is_keyword(Keyword::Not) && !starts_operand(&self.ahead(1).kind) {
                self.superfluous(CONNECTIVE);
                continue;
            }
            if starts_operand(&self.token().kind) {
                let next = &self.ahead(1).kind;
                let is_condition = match self.token().kind {
                    Tok::Ident | Tok::QuotedIdent(_) => {
                        !ends_condition(next) && !starts_operand(next)
                            || *next == Tok::Symbol(Symbol::OpenParen)
                    }
                    Tok::Keyword(Keyword::Not) | Tok::Symbol(_) => true,
                    _ => false,
                };
                match is_condition {
                    true => self.lacks(CONNECTIVE, "and "),
                    false => self.unexpected(CONNECTIVE),
                }
                self.expression();
                if self.at > before {
                    continue;
                }
            }
            if self.is_symbol(Symbol::Optional) {
                self.misplaced_optional();
                continue;
            }
            if self.keys_inside() {
                continue;
            }
            const WANTED: &str = "`and`, `or` or the end of the condition";
            if self.is_symbol(Symbol::Comma)
                && matches!(self.ahead(1).kind, Tok::Ident | Tok::Keyword(Keyword::Not))
            {
                let finding = self.wanted(WANTED);
                let place = Span::new(self.last_span().end, self.advance().end);
                if let Some(finding) = finding {
                    self.report(finding.with_fix("Write `and`", place, " and"));
                }
                self.expression();
                continue;
            }
            self.unexpected(WANTED);
            if self.token().kind == Tok::Bad {
                // It is told already: what follows goes on as if it were not there.
                self.advance();
                if starts_operand(&self.token().kind) {
                    self.expression();
                }
                continue;
            }
            self.skip_to(|kind| {
                stop(kind) || matches!(kind, Tok::Keyword(Keyword::And | Keyword::Or))
            });
            if !stop(&self.token().kind) && !self.is_end() {
                self.advance();
                self.expression();
            }
        }
    }

    /// `azure?.signinlogs`: a mark inside or behind a name (§1.11).
    fn misplaced_optional(&mut self) {
        let span = self.span();
        self.error(DiagKind::MisplacedOptional, span);
        self.advance();
    }

    /// `child of [ … ]` (§2.24): read, so that what stands inside is checked too, and refused.
    fn lineage(&mut self) -> Expr {
        let start = self.advance();
        self.error(DiagKind::Lineage, start);
        self.advance();
        if self.take_symbol(Symbol::OpenBracket).is_some() {
            self.filter();
            self.take_symbol(Symbol::CloseBracket);
        }
        Expr { kind: ExprKind::Hole, span: start.to(self.last_span()) }
    }

    /// `?a.b.c` (§1.9 to §1.12).
    pub(super) fn field(&mut self) -> Expr {
        let start = self.span();
        let mut optional = self.take_symbol(Symbol::Optional).is_some();
        let first = self.span().start;
        let mut name = String::new();
        loop {
            let span = self.span();
            match &self.token().kind {
                Tok::Ident => name.push_str(span.text(self.source)),
                Tok::QuotedIdent(text) => name.push_str(text),
                Tok::Keyword(_) => {
                    let word = self.text(span).to_owned();
                    let finding = Diagnostic::new(DiagKind::KeywordAsField(word.clone()), span);
                    self.report(finding.with_fix("Put it in backticks", span, format!("`{word}`")));
                    name.push_str(&word);
                }
                Tok::Symbol(Symbol::Optional) => {
                    self.optional_inside(first, &mut optional);
                    continue;
                }
                Tok::Symbol(Symbol::Dot) if name.ends_with('.') => {
                    self.superfluous("a field name");
                    continue;
                }
                Tok::Number(_) if name.ends_with('.') => name.push_str(span.text(self.source)),
                _ => {
                    self.unexpected("a field name");
                    break;
                }
            }
            self.advance();
            if self.is_symbol(Symbol::OpenBracket) && matches!(self.ahead(1).kind, Tok::Number(_)) {
                let open = self.advance();
                let index = self.advance();
                let close = self.take_symbol(Symbol::CloseBracket).unwrap_or(index);
                let finding = Diagnostic::new(DiagKind::ArrayIndex, index);
                self.report(finding.with_fix("Delete the index", open.to(close), ""));
            }
            if self.is_symbol(Symbol::Optional) && self.is_adjacent(0) {
                self.optional_inside(first, &mut optional);
            }
            // `name.startsWith("a")`: the name ends before the dot.
            let is_method = self.ahead(1).kind == Tok::Ident
                && self.ahead(2).kind == Tok::Symbol(Symbol::OpenParen)
                && method_name(self.text(self.ahead(1).span)).is_some();
            if is_method || self.take_symbol(Symbol::Dot).is_none() {
                break;
            }
            name.push('.');
        }
        let span = start.to(self.last_span());
        Expr { kind: ExprKind::Field(Field { name: name.into(), optional }), span }
    }

    /// A `?` inside or behind a name (§1.11): it belongs in front.
    fn optional_inside(&mut self, first: u32, optional: &mut bool) {
        let span = self.advance();
        let mut edits = vec![(span, String::new())];
        if !*optional && first < span.start {
            edits.insert(0, (Span::empty(first), "?".into()));
        }
        *optional = true;
        let finding = Diagnostic::new(DiagKind::MisplacedOptional, span);
        self.report(finding.with_edits("Move it to the front", edits));
    }
}

/// `10MB` in bytes.
fn bytes(text: &str) -> Option<u64> {
    let (count, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let unit = unit.to_ascii_lowercase().replace('i', "");
    let power = ["kb", "mb", "gb", "tb"].iter().position(|it| *it == unit)? + 1;
    count.parse::<u64>().ok()?.checked_mul(1 << (10 * power))
}

/// Can a condition end before this token?
fn ends_condition(token: &Tok) -> bool {
    matches!(
        token,
        Tok::End
            | Tok::Bad
            | Tok::Keyword(Keyword::And | Keyword::Or)
            | Tok::Symbol(Symbol::CloseParen | Symbol::CloseBracket | Symbol::Comma | Symbol::Pipe)
    )
}

/// Can an operand begin with this token?
pub(super) fn starts_operand(token: &Tok) -> bool {
    matches!(
        token,
        Tok::Ident
            | Tok::QuotedIdent(_)
            | Tok::TildeIdent
            | Tok::Str(_)
            | Tok::Number(_)
            | Tok::Symbol(Symbol::OpenParen | Symbol::Optional)
            | Tok::Keyword(Keyword::Not | Keyword::True | Keyword::False | Keyword::Null)
    )
}
