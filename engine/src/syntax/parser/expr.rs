//! Expressions: one precedence table, climbed (spec §2.2).

use crate::diag::{DiagKind, Diagnostic, VALUE};
use crate::span::Span;
use crate::syntax::ast::{Arithmetic, Comparison, Expr, ExprKind, Field, PatternOp};
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
            self.correct_word();
            let Some((infix, strength)) = Infix::of(&self.token().kind) else { break };
            if strength < least {
                break;
            }
            let op_span = self.advance();
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

    /// `AND` and `OR` between operands: reported and read as meant (§1.6).
    fn correct_word(&mut self) {
        if self.token().kind != Tok::Ident {
            return;
        }
        let word = self.text(self.span()).to_ascii_lowercase();
        let keyword = match word.as_str() {
            "and" => Keyword::And,
            "or" => Keyword::Or,
            _ => return,
        };
        let span = self.span();
        let text = keyword.text();
        self.report(Diagnostic::new(DiagKind::KeywordCase(text), span).with_fix(
            format!("Write `{text}`"),
            span,
            text,
        ));
        if let Some(token) = self.tokens.get_mut(self.at) {
            token.kind = Tok::Keyword(keyword);
        }
    }

    /// `not`, a sign, or an operand with its predicate.
    fn prefix(&mut self, least: u8) -> Expr {
        let start = self.span();
        let is_not = self.is_keyword(Keyword::Not)
            || (self.token().kind == Tok::Ident
                && self.text(start).eq_ignore_ascii_case("not")
                && starts_operand(&self.ahead(1).kind));
        if is_not && least <= NOT {
            self.take_keyword(Keyword::Not);
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
    fn primary(&mut self) -> Expr {
        let token = self.token().clone();
        let kind = match token.kind {
            Tok::Keyword(Keyword::Null) => ExprKind::Null,
            Tok::Keyword(Keyword::True) => ExprKind::Bool(true),
            Tok::Keyword(Keyword::False) => ExprKind::Bool(false),
            Tok::Number(number) => ExprKind::Number(number),
            Tok::Str(text) => ExprKind::Str(text),
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
            Tok::Ident | Tok::QuotedIdent(_) | Tok::Symbol(Symbol::Optional) => {
                return self.field();
            }
            Tok::Keyword(keyword) if self.is_field_here(keyword) => return self.field(),
            _ => {
                self.unexpected(VALUE);
                // An operator or a closing mark may belong to somebody further out.
                return self.hole();
            }
        };
        self.advance();
        Expr { kind, span: token.span }
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
        self.close(Symbol::CloseParen, open);
        let span = open.to(self.last_span());
        Expr { kind: ExprKind::Paren(Box::new(inner)), span }
    }

    /// Reports a token that cannot continue the expression before it, and skips to `stop` or to
    /// the next `and` or `or`, after which the rest is read for its own mistakes.
    pub(super) fn stray(&mut self, stop: impl Fn(&Tok) -> bool + Copy) {
        while !self.is_end() && !stop(&self.token().kind) {
            self.unexpected("`and`, `or` or the end of the condition");
            self.skip_to(|kind| {
                stop(kind) || matches!(kind, Tok::Keyword(Keyword::And | Keyword::Or))
            });
            if !stop(&self.token().kind) && !self.is_end() {
                self.advance();
                self.expression();
            }
        }
    }

    /// `name(…)`.
    fn call(&mut self) -> Expr {
        let name = self.advance();
        let open = self.advance();
        let args = if self.is_symbol(Symbol::CloseParen) { Vec::new() } else { self.list() };
        self.close(Symbol::CloseParen, open);
        Expr { kind: ExprKind::Call { name, args }, span: name.to(self.last_span()) }
    }

    /// Expressions with commas between, up to a closing parenthesis.
    fn list(&mut self) -> Vec<Expr> {
        let mut items = Vec::new();
        loop {
            if self.is_symbol(Symbol::CloseParen) {
                let span = self.span();
                self.error(DiagKind::EmptyList, span);
                return items;
            }
            let before = self.at;
            items.push(self.expression());
            let stops = |kind: &Tok| {
                matches!(
                    kind,
                    Tok::Symbol(Symbol::Comma | Symbol::CloseParen | Symbol::CloseBracket)
                )
            };
            if !stops(&self.token().kind) && !self.is_end() {
                self.unexpected("`,` or `)`");
                self.skip_to(stops);
            }
            if self.take_symbol(Symbol::Comma).is_none() || self.at == before {
                return items;
            }
        }
    }

    /// `child of [ … ]` (§2.24): read, so that what stands inside is checked too, and refused.
    fn lineage(&mut self) -> Expr {
        let start = self.advance();
        self.error(DiagKind::Lineage, start);
        self.advance();
        if let Some(open) = self.take_symbol(Symbol::OpenBracket) {
            self.filter();
            self.close(Symbol::CloseBracket, open);
        }
        Expr { kind: ExprKind::Hole, span: start.to(self.last_span()) }
    }

    /// `?a.b.c` (§1.9 to §1.12).
    pub(super) fn field(&mut self) -> Expr {
        let start = self.span();
        let optional = self.take_symbol(Symbol::Optional).is_some();
        let mut name = String::new();
        loop {
            let token = self.token().clone();
            match token.kind {
                Tok::Ident => name.push_str(self.text(token.span)),
                Tok::QuotedIdent(text) => name.push_str(&text),
                Tok::Keyword(_) => {
                    let word = self.text(token.span).to_owned();
                    self.report(
                        Diagnostic::new(DiagKind::KeywordAsField(word.clone()), token.span)
                            .with_fix("Put it in backticks", token.span, format!("`{word}`")),
                    );
                    name.push_str(&word);
                }
                Tok::Symbol(Symbol::Optional) => {
                    self.error(DiagKind::MisplacedOptional, token.span);
                    self.advance();
                    continue;
                }
                _ => {
                    self.unexpected("a field name");
                    break;
                }
            }
            self.advance();
            if self.is_symbol(Symbol::OpenBracket) && matches!(self.ahead(1).kind, Tok::Number(_)) {
                self.advance();
                let index = self.advance();
                self.error(DiagKind::ArrayIndex, index);
                self.take_symbol(Symbol::CloseBracket);
            }
            if self.take_symbol(Symbol::Dot).is_none() {
                break;
            }
            name.push('.');
        }
        let span = start.to(self.last_span());
        Expr { kind: ExprKind::Field(Field { name: name.into(), optional }), span }
    }

    /// `in (…)`, `: "…"` and their kin after an operand (level 2 of §2.2).
    fn predicate(&mut self, value: Expr) -> Expr {
        let mut op_span = self.span();
        let negated = self.is_keyword(Keyword::Not);
        let operator = if negated { self.ahead(1) } else { self.token() }.kind.clone();
        let pattern = match operator {
            Tok::Symbol(Symbol::Colon) => Some(PatternOp::Colon),
            Tok::Keyword(Keyword::Like) => Some(PatternOp::Like),
            Tok::Keyword(Keyword::LikeInsensitive) => Some(PatternOp::LikeInsensitive),
            Tok::Keyword(Keyword::Regex) => Some(PatternOp::Regex),
            Tok::Keyword(Keyword::RegexInsensitive) => Some(PatternOp::RegexInsensitive),
            Tok::Keyword(Keyword::In | Keyword::InInsensitive) => None,
            _ => return value,
        };
        if negated {
            self.advance();
        }
        op_span = op_span.to(self.advance());
        let Some(op) = pattern else {
            let insensitive = operator == Tok::Keyword(Keyword::InInsensitive);
            let list = self.parenthesised_list();
            let span = value.span.to(self.last_span());
            let value = Box::new(value);
            return Expr {
                kind: ExprKind::In { value, negated, insensitive, op_span, list },
                span,
            };
        };
        if negated {
            let start = value.span.start;
            let mut finding = Diagnostic::new(DiagKind::InfixNot(op.text()), op_span).with_fix(
                "Put `not` before the field",
                op_span,
                op.text(),
            );
            if let Some(fix) = &mut finding.fix {
                fix.edits.push((Span::empty(start), "not ".into()));
            }
            self.report(finding);
        }
        let listed = self.is_symbol(Symbol::OpenParen);
        let patterns = if listed { self.parenthesised_list() } else { vec![self.primary()] };
        let guilty: Vec<Span> = patterns
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
            .map(|item| item.span)
            .collect();
        for span in guilty {
            self.error(DiagKind::PatternNotConstant(op.text()), span);
        }
        let span = value.span.to(self.last_span());
        let value = Box::new(value);
        Expr { kind: ExprKind::Pattern { value, op, op_span, patterns, listed }, span }
    }

    fn parenthesised_list(&mut self) -> Vec<Expr> {
        let Some(open) = self.take_symbol(Symbol::OpenParen) else {
            self.unexpected("a list in parentheses");
            return Vec::new();
        };
        let list = self.list();
        self.close(Symbol::CloseParen, open);
        list
    }
}

/// Can an operand begin with this token?
fn starts_operand(token: &Tok) -> bool {
    matches!(
        token,
        Tok::Ident
            | Tok::QuotedIdent(_)
            | Tok::TildeIdent
            | Tok::Symbol(Symbol::OpenParen | Symbol::Optional)
            | Tok::Keyword(Keyword::Not | Keyword::True | Keyword::False)
    )
}
