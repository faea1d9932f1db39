//! Words of other languages, and keywords with a slip in them: each is named, and read as what was
//! meant, so that nothing else has to be said of it.

use crate::diag::{DiagKind, Diagnostic};
use crate::near::{is_like, nearest};
use crate::span::Span;
use crate::syntax::ast::{Comparison, Expr, ExprKind, PatternOp};
use crate::syntax::parser::Parser;
use crate::syntax::parser::expr::starts_operand;
use crate::syntax::parser::values::method_name;
use crate::syntax::token::{Keyword, Symbol, Tok};

/// What a word between two values stands for.
#[derive(Clone, Copy)]
enum Meant {
    /// A symbol or keyword, as it is written.
    Token(&'static str, Tok0),
    /// A pattern with stars around the text: before it, behind it.
    Stars(bool, bool),
    /// `is`, `is not`.
    Is,
    /// `between a and b`.
    Between,
}

/// The token without what only the lexer knows.
#[derive(Clone, Copy)]
enum Tok0 {
    Symbol(Symbol),
    Keyword(Keyword),
}

/// Operators of other languages that are words.
const WORDS: &[(&str, Meant)] = &[
    ("is", Meant::Is),
    ("between", Meant::Between),
    ("contains", Meant::Stars(true, true)),
    ("icontains", Meant::Stars(true, true)),
    ("has", Meant::Stars(true, true)),
    ("has_any", Meant::Stars(true, true)),
    ("contains_any", Meant::Stars(true, true)),
    ("stringcontains", Meant::Stars(true, true)),
    ("startswith", Meant::Stars(false, true)),
    ("starts_with", Meant::Stars(false, true)),
    ("hasprefix", Meant::Stars(false, true)),
    ("endswith", Meant::Stars(true, false)),
    ("ends_with", Meant::Stars(true, false)),
    ("hassuffix", Meant::Stars(true, false)),
    ("ilike", Meant::Token("like~", Tok0::Keyword(Keyword::LikeInsensitive))),
    ("matches", Meant::Token("regex", Tok0::Keyword(Keyword::Regex))),
    ("rlike", Meant::Token("regex", Tok0::Keyword(Keyword::Regex))),
    ("equals", Meant::Token("==", Tok0::Symbol(Symbol::Equal))),
    ("eq", Meant::Token("==", Tok0::Symbol(Symbol::Equal))),
    ("ne", Meant::Token("!=", Tok0::Symbol(Symbol::NotEqual))),
    ("gt", Meant::Token(">", Tok0::Symbol(Symbol::Greater))),
    ("gte", Meant::Token(">=", Tok0::Symbol(Symbol::GreaterEqual))),
    ("lt", Meant::Token("<", Tok0::Symbol(Symbol::Less))),
    ("lte", Meant::Token("<=", Tok0::Symbol(Symbol::LessEqual))),
];

/// Keywords that stand between two operands or behind a condition.
const BETWEEN: [Keyword; 10] = [
    Keyword::And,
    Keyword::Or,
    Keyword::In,
    Keyword::Like,
    Keyword::Regex,
    Keyword::Not,
    Keyword::By,
    Keyword::With,
    Keyword::Until,
    Keyword::Where,
];

impl Parser<'_> {
    /// A keyword of another case (§1.6) or with a slip in it, out of some that may stand here. It
    /// is told, and the token is from now on what was meant.
    pub(super) fn correct(&mut self, candidates: &[Keyword]) -> bool {
        let span = self.span();
        if self.token().kind != Tok::Ident {
            return false;
        }
        let word = self.text(span);
        let same = candidates.iter().find(|keyword| keyword.text().eq_ignore_ascii_case(word));
        let (keyword, kind) = if let Some(keyword) = same {
            (*keyword, DiagKind::KeywordCase(keyword.text()))
        } else {
            if word.len() < 2 || word.len() > 10 {
                return false;
            }
            let near = nearest(word, candidates.iter().map(|keyword| keyword.text()));
            let find = |near: &String| candidates.iter().find(|keyword| keyword.text() == near);
            let fits = |keyword: &&Keyword| self.fits(**keyword);
            let Some(keyword) = near.iter().filter_map(find).find(fits).copied() else {
                return false;
            };
            (keyword, DiagKind::MisspelledKeyword { found: word.to_owned(), near: keyword.text() })
        };
        let text = keyword.text();
        let finding = Diagnostic::new(kind, span);
        let next = self.ahead(1).span;
        if keyword == Keyword::Not
            && self.ahead(1).kind == Tok::Ident
            && self.text(next).eq_ignore_ascii_case("in")
        {
            self.report(finding.with_fix("Write `not in`", span.to(next), "not in"));
            self.retype(Tok::Keyword(keyword));
            self.at += 1;
            self.retype(Tok::Keyword(Keyword::In));
            self.at -= 1;
            return true;
        }
        self.report(finding.with_fix(format!("Write `{text}`"), span, text));
        self.retype(Tok::Keyword(keyword));
        true
    }

    /// The same of a keyword in other letters alone.
    pub(super) fn correct_case(&mut self, candidates: &[Keyword]) {
        let word = self.text(self.span());
        if candidates.iter().any(|keyword| keyword.text().eq_ignore_ascii_case(word)) {
            self.correct(candidates);
        }
    }

    /// May what follows the word at the cursor follow this keyword?
    fn fits(&self, keyword: Keyword) -> bool {
        let next = &self.ahead(1).kind;
        match keyword {
            Keyword::In => *next == Tok::Symbol(Symbol::OpenParen),
            Keyword::Like | Keyword::Regex => {
                matches!(next, Tok::Str(_) | Tok::Symbol(Symbol::OpenParen))
            }
            Keyword::Not => {
                matches!(next, Tok::Keyword(Keyword::In | Keyword::InInsensitive | Keyword::Like))
            }
            Keyword::With => *next == Tok::Keyword(Keyword::Maxspan) || *next == Tok::Ident,
            Keyword::Until => *next == Tok::Symbol(Symbol::OpenBracket),
            Keyword::Sequence | Keyword::Sample => true,
            Keyword::By => matches!(next, Tok::Ident | Tok::Symbol(Symbol::Optional)),
            _ => starts_operand(next),
        }
    }

    /// A word where an operator should be. `None` where none is known, or where it was read as a
    /// keyword and the token says so now.
    pub(super) fn operator_word(&mut self, value: &Expr) -> Option<Expr> {
        let span = self.span();
        let word = self.text(span).to_ascii_lowercase();
        let Some((found, meant)) = WORDS.iter().find(|(name, _)| *name == word) else {
            self.correct(&BETWEEN);
            return None;
        };
        match *meant {
            Meant::Token(text, kind) => {
                self.foreign_operator(found, span, text);
                self.retype(match kind {
                    Tok0::Symbol(symbol) => Tok::Symbol(symbol),
                    Tok0::Keyword(keyword) => Tok::Keyword(keyword),
                });
                None
            }
            Meant::Is => Some(self.is(value.clone())),
            Meant::Between => Some(self.between(value.clone())),
            Meant::Stars(before, after) => {
                self.starred(value.span, found, (before, after));
                None
            }
        }
    }

    fn foreign_operator(&mut self, found: &str, span: Span, meant: &'static str) {
        let kind = DiagKind::ForeignOperator { found: found.into(), meant };
        let fix = format!("Write `{meant}`");
        self.report(Diagnostic::new(kind, span).with_fix(fix, span, meant));
    }

    /// `is null`, `is not null`, `is "a"`.
    fn is(&mut self, value: Expr) -> Expr {
        let mut op_span = self.advance();
        let negated = self.take_keyword(Keyword::Not);
        op_span = op_span.to(negated.unwrap_or(op_span));
        let (op, text) = match negated {
            Some(_) => (Comparison::NotEqual, "!="),
            None => (Comparison::Equal, "=="),
        };
        self.foreign_operator(if negated.is_some() { "is not" } else { "is" }, op_span, text);
        if self.token().kind == Tok::Ident && self.text(self.span()).eq_ignore_ascii_case("null") {
            self.take_keyword(Keyword::Null);
            let right = Expr { kind: ExprKind::Null, span: self.last_span() };
            return compare(op, op_span, value, right);
        }
        let right = self.primary();
        compare(op, op_span, value, right)
    }

    /// `x between a and b`, read as two comparisons.
    fn between(&mut self, value: Expr) -> Expr {
        let word = self.advance();
        let low = self.sum();
        let kind = DiagKind::ForeignOperator { found: "between".into(), meant: ">=" };
        let mut finding = Diagnostic::new(kind, word);
        let text = self.text(value.span).to_owned();
        let and = self.take_keyword(Keyword::And);
        let high = self.sum();
        if let (Some(and), false) = (and, matches!(high.kind, ExprKind::Hole)) {
            let edits =
                vec![(word, ">=".to_owned()), (Span::empty(and.end), format!(" {text} <="))];
            finding = finding.with_edits("Write two comparisons", edits);
        }
        self.report(finding);
        let left = compare(Comparison::GreaterEqual, word, value.clone(), low);
        let right = compare(Comparison::LessEqual, word, value, high);
        let span = left.span.to(right.span);
        Expr { kind: ExprKind::And(Box::new(left), Box::new(right)), span }
    }

    /// `contains "a"` as `: "*a*"`: the fix puts stars into every text on the right.
    fn starred(&mut self, value: Span, found: &str, (before, after): (bool, bool)) {
        let span = self.span();
        let mut edits = vec![(span, ":".to_owned())];
        let mut by = 1;
        loop {
            let token = self.ahead(by);
            match &token.kind {
                Tok::Str(_) => {
                    let quotes = if self.text(token.span).starts_with("\"\"\"") { 3 } else { 1 };
                    for (is_wanted, at) in [
                        (before, token.span.start + quotes),
                        (after, token.span.end - quotes.min(token.span.end)),
                    ] {
                        if is_wanted {
                            edits.push((Span::empty(at), "*".to_owned()));
                        }
                    }
                    if by == 1 {
                        break;
                    }
                }
                Tok::Symbol(Symbol::OpenParen) if by == 1 => {}
                Tok::Symbol(Symbol::Comma) if by > 1 => {}
                _ => break,
            }
            by += 1;
        }
        let meant = match (before, after) {
            (true, true) => ": \"*…*\"",
            (false, _) => ": \"…*\"",
            _ => ": \"*…\"",
        };
        let kind = DiagKind::ForeignOperator { found: found.into(), meant };
        let mut finding = Diagnostic::new(kind, span);
        if edits.len() > 1 {
            // A word that stood directly before its list or behind the field keeps its distance.
            if value.end == span.start {
                edits.insert(0, (Span::empty(value.end), " ".into()));
            }
            finding = finding.with_edits(format!("Write `{meant}`"), edits);
        }
        self.report(finding);
        self.retype(Tok::Symbol(Symbol::Colon));
    }

    /// `exists x`, and `nto x`, in front of an operand.
    pub(super) fn prefix_word(&mut self) -> Option<Expr> {
        if !matches!(
            self.ahead(1).kind,
            Tok::Ident | Tok::QuotedIdent(_) | Tok::Symbol(Symbol::Optional | Symbol::OpenParen)
        ) {
            return None;
        }
        let span = self.span();
        let is_called = self.ahead(1).kind == Tok::Symbol(Symbol::OpenParen);
        let word = self.text(span);
        let next = self.text(self.ahead(1).span);
        let is_operator = WORDS.iter().any(|(name, _)| name.eq_ignore_ascii_case(next))
            || next.len() > 1 && BETWEEN.iter().any(|keyword| is_like(next, keyword.text()));
        if word.len() > 1 && !is_called && !is_operator && is_like(word, "not") {
            let kind = DiagKind::MisspelledKeyword { found: word.to_owned(), near: "not" };
            self.report(Diagnostic::new(kind, span).with_fix("Write `not`", span, "not"));
            self.advance();
            let inner = self.primary();
            let inner = self.predicate(inner);
            let span = span.to(inner.span);
            return Some(Expr { kind: ExprKind::Not(Box::new(inner)), span });
        }
        if self.text(span).eq_ignore_ascii_case("exists") && !is_called {
            self.advance();
            let field = self.field();
            let edits = vec![
                (Span::new(span.start, field.span.start), String::new()),
                (Span::empty(field.span.end), " != null".to_owned()),
            ];
            let kind = DiagKind::ForeignOperator { found: "exists".into(), meant: "… != null" };
            self.report(Diagnostic::new(kind, span).with_edits("Write `!= null`", edits));
            let right = Expr { kind: ExprKind::Null, span: Span::empty(field.span.end) };
            return Some(compare(Comparison::NotEqual, span, field, right));
        }
        None
    }

    /// `x:length()` as `length(x)` (§14.6). The cursor stands on the name.
    pub(super) fn method(&mut self, value: Expr) -> Expr {
        let name = self.span();
        let text = self.text(name).to_owned();
        let receiver = self.text(value.span).to_owned();
        self.advance();
        self.advance();
        let is_alone = self.is_symbol(Symbol::CloseParen);
        let comma = if is_alone { "" } else { ", " };
        let place = Span::new(value.span.start, self.last_span().end);
        let meant = method_name(&text).unwrap_or(&text);
        let finding = Diagnostic::new(DiagKind::Method { name: meant.to_owned() }, name);
        let fixed = format!("{meant}({receiver}{comma}");
        self.report(finding.with_fix(format!("Write `{meant}(…)`"), place, fixed));
        let span = value.span;
        let mut args = vec![value];
        if !is_alone {
            args.extend(self.list(Symbol::CloseParen));
        }
        self.take_symbol(Symbol::CloseParen);
        Expr { kind: ExprKind::Call { name, args }, span: span.to(self.last_span()) }
    }

    /// The texts and marks at the cursor that stand together without a gap, where they are no
    /// constant: `cmd.exe`, `*.exe`, `10.0.0.0/8`.
    pub(super) fn bare_run(&self) -> Option<Span> {
        let first = self.token();
        let starts = match first.kind {
            Tok::Ident => self.ahead(1).kind != Tok::Symbol(Symbol::OpenParen),
            // In `5or x` the number ends.
            Tok::Number(_) => {
                let next = &self.ahead(1).kind;
                self.is_adjacent(1) && continues_run(next) && !matches!(next, Tok::Keyword(_))
            }
            Tok::Symbol(
                Symbol::Star | Symbol::Slash | Symbol::Dot | Symbol::Percent | Symbol::Optional,
            ) => true,
            _ => false,
        };
        if !starts {
            return None;
        }
        let mut by = 1;
        while self.is_adjacent(by) && continues_run(&self.ahead(by).kind) {
            by += 1;
        }
        Some(first.span.to(self.ahead(by - 1).span))
    }

    /// Passes over the tokens up to the end of a range.
    pub(super) fn skip_run(&mut self, run: Span) {
        while !self.is_end() && self.span().start < run.end {
            self.advance();
        }
    }
}

/// `value op right`
pub(super) fn compare(op: Comparison, op_span: Span, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    let (left, right) = (Box::new(left), Box::new(right));
    Expr { kind: ExprKind::Compare { op, op_span, left, right }, span }
}

/// The pattern operator of a token.
pub(super) fn pattern_op(kind: &Tok) -> Option<PatternOp> {
    Some(match kind {
        Tok::Symbol(Symbol::Colon) => PatternOp::Colon,
        Tok::Keyword(Keyword::Like) => PatternOp::Like,
        Tok::Keyword(Keyword::LikeInsensitive) => PatternOp::LikeInsensitive,
        Tok::Keyword(Keyword::Regex) => PatternOp::Regex,
        Tok::Keyword(Keyword::RegexInsensitive) => PatternOp::RegexInsensitive,
        _ => return None,
    })
}

/// Can it be part of a text without quotes?
fn continues_run(kind: &Tok) -> bool {
    matches!(
        kind,
        Tok::Ident
            | Tok::Number(_)
            | Tok::Keyword(_)
            | Tok::Bad
            | Tok::Symbol(
                Symbol::Star
                    | Symbol::Dot
                    | Symbol::Slash
                    | Symbol::Minus
                    | Symbol::Optional
                    | Symbol::Percent
                    | Symbol::Colon
                    | Symbol::Plus
                    | Symbol::Assign
            )
    )
}
