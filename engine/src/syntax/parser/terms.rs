//! Sequences and samples: header, terms, `until`, keys and options.

use crate::diag::{DiagKind, Diagnostic};
use crate::span::Span;
use crate::syntax::ast::{Expr, MaxSpan, Term, Terms};
use crate::syntax::parser::Parser;
use crate::syntax::parser::expr::starts_operand;
use crate::syntax::token::{Keyword, Symbol, Tok, Token};
use crate::value::Number;

/// How `maxspan` is called elsewhere.
const SPANS: [&str; 5] = ["within", "timespan", "span", "timeout", "window"];

impl Parser<'_> {
    /// `sequence …`, `sample …`, `join …`; which parts go together is checked later.
    pub(super) fn terms(&mut self) -> Terms {
        let word = self.advance();
        self.terms_after(word)
    }

    /// What follows the word.
    pub(super) fn terms_after(&mut self, word: Span) -> Terms {
        let mut keys = Vec::new();
        let mut maxspan = None;
        loop {
            if self.token().kind == Tok::Ident && !self.is_category() {
                self.header_word(keys.is_empty());
            }
            if self.is_keyword(Keyword::By) {
                keys.extend(self.keys());
            } else if self.is_keyword(Keyword::With) {
                maxspan = self.maxspan();
            } else if self.is_keyword(Keyword::Maxspan) {
                self.lacks("`with` before `maxspan`", "with ");
                maxspan = self.maxspan();
            } else if self.is_symbol(Symbol::Comma) && self.ahead(1).kind != Tok::Ident {
                self.superfluous("`[`");
            } else {
                break;
            }
        }
        let header_end = self.last_span().end.max(word.end);
        let mut terms: Vec<Term> = Vec::new();
        let mut until: Option<(Span, Box<Term>)> = None;
        loop {
            if self.is_bracket() || self.is_category() {
                terms.push(self.term(header_end, maxspan.is_some()));
            } else if !terms.is_empty() && self.is_between_terms() {
                self.between_terms();
            } else if self.token().kind == Tok::Ident
                && !terms.is_empty()
                && self.correct(&[Keyword::Until])
            {
            } else if self.is_keyword(Keyword::Until) && until.is_none() {
                let word = self.advance();
                if self.is_bracket() {
                    let term = self.term(header_end, maxspan.is_some());
                    until = Some((word.to(term.span), Box::new(term)));
                } else {
                    self.unexpected("`[` after `until`");
                }
            } else {
                break;
            }
        }
        if terms.is_empty() && until.is_none() {
            self.unexpected("`[`");
            self.skip_to(|kind| matches!(kind, Tok::Symbol(Symbol::Pipe)));
        }
        if let (Some((span, _)), Some(last)) = (&until, terms.last())
            && last.span.start > span.start
        {
            self.until_not_last(*span, last.span);
        }
        let until = until.map(|(_, term)| term);
        Terms { word, keys, maxspan, terms, until, span: word.to(self.last_span()) }
    }

    fn is_bracket(&self) -> bool {
        self.is_symbol(Symbol::OpenBracket) || self.is_symbol(Symbol::NotBracket)
    }

    /// Does a term without its brackets begin here?
    fn is_category(&self) -> bool {
        matches!(self.token().kind, Tok::Ident | Tok::Keyword(Keyword::Any) | Tok::Str(_))
            && self.ahead(1).kind == Tok::Keyword(Keyword::Where)
    }

    /// A word in the header that is no keyword: one in other letters or with a slip in it, one of
    /// another language, or a key whose `by` is missing.
    fn header_word(&mut self, no_keys: bool) {
        let span = self.span();
        let word = self.text(span).to_ascii_lowercase();
        if SPANS.contains(&word.as_str()) {
            let kind = DiagKind::ForeignOperator { found: word, meant: "with maxspan=" };
            let mut finding = Diagnostic::new(kind, span);
            let next = self.ahead(1).span;
            if matches!(self.ahead(1).kind, Tok::Number(_)) {
                let place = Span::new(span.start, next.start);
                finding = finding.with_fix("Write `with maxspan=`", place, "with maxspan=");
                self.report(finding);
                // The `=` that is missing then is told already.
                self.retype(Tok::Keyword(Keyword::Maxspan));
                let equals =
                    Token { kind: Tok::Symbol(Symbol::Assign), span: Span::empty(next.start) };
                self.tokens.insert(self.at + 1, equals);
            } else if self.ahead(1).kind == Tok::Symbol(Symbol::Assign) {
                self.report(finding.with_fix("Write `with maxspan`", span, "with maxspan"));
                self.retype(Tok::Keyword(Keyword::Maxspan));
            }
            return;
        }
        if self.correct(&[Keyword::By, Keyword::With]) || !no_keys {
            return;
        }
        self.lacks("`by` before the key", "by ");
        self.retype_keys();
    }

    /// Reads keys as if `by` stood before them.
    fn retype_keys(&mut self) {
        let place = Span::empty(self.span().start);
        let at = self.at;
        let by = Token { kind: Tok::Keyword(Keyword::By), span: place };
        self.tokens.insert(at, by);
    }

    /// Something between two terms: a comma, `and`, an arrow.
    fn is_between_terms(&self) -> bool {
        let is_mark = |by| {
            !matches!(
                self.ahead(by).kind,
                Tok::End | Tok::Symbol(Symbol::Pipe) | Tok::Keyword(Keyword::Until)
            )
        };
        let opens = |by: usize| {
            matches!(self.ahead(by).kind, Tok::Symbol(Symbol::OpenBracket | Symbol::NotBracket))
        };
        is_mark(0)
            && (opens(1) || is_mark(1) && opens(2))
            && self.ahead(1).kind != Tok::Keyword(Keyword::Where)
    }

    fn between_terms(&mut self) {
        let start = self.span();
        let finding = self.wanted("the next term");
        while !self.is_bracket() && !self.is_end() {
            self.advance();
        }
        let end = self.last_span();
        if let Some(finding) = finding {
            self.report(finding.with_fix("Delete it", start.to(end), ""));
        }
    }

    /// `until` before a term: the fix puts it behind.
    fn until_not_last(&mut self, until: Span, after: Span) {
        let word = Span::new(until.start, until.start + 5);
        let text = format!(" {}", self.text(until));
        let edits = vec![(until, String::new()), (Span::empty(after.end), text)];
        let finding = Diagnostic::new(DiagKind::UntilNotLast, word);
        self.report(finding.with_edits("Move it behind the terms", edits));
    }

    /// One term; `header_end` is where an option of the whole belongs.
    fn term(&mut self, header_end: u32, has_maxspan: bool) -> Term {
        let missing = self.is_symbol(Symbol::NotBracket);
        let open = self.span();
        let is_open = self.is_bracket();
        let lacking = if is_open { None } else { self.wanted("`[` before the term") };
        if is_open {
            self.advance();
        }
        let filter = self.filter();
        self.take_symbol(Symbol::CloseBracket);
        if let Some(finding) = lacking {
            let end = Span::empty(filter.span.end);
            let edits = vec![(Span::empty(open.start), "[".into()), (end, "]".into())];
            self.report(finding.with_edits("Put it in brackets", edits));
        }
        if self.token().kind == Tok::Ident && !self.is_category() {
            self.correct(&[Keyword::By, Keyword::With]);
        }
        let keys = if self.is_keyword(Keyword::By) { self.keys() } else { Vec::new() };
        let mut runs = None;
        let is_option = self.is_keyword(Keyword::With)
            || self.is_keyword(Keyword::Maxspan)
            || self.token().kind == Tok::Ident && SPANS.contains(&self.text(self.span()));
        if is_option && self.is_late_maxspan() {
            self.late_maxspan(header_end, has_maxspan);
        } else if self.is_keyword(Keyword::With) {
            self.advance();
            let name = self.advance();
            self.equals("runs");
            runs = self.number().map(|(number, span)| (name, number, span));
        }
        Term { missing, filter, keys, runs, span: open.to(self.last_span()) }
    }

    fn is_late_maxspan(&self) -> bool {
        let by = usize::from(self.is_keyword(Keyword::With));
        let token = self.ahead(by);
        token.kind == Tok::Keyword(Keyword::Maxspan)
            || token.kind == Tok::Ident && SPANS.contains(&self.text(token.span))
    }

    /// `with maxspan=5s` behind a term: read, and told where it belongs.
    fn late_maxspan(&mut self, header_end: u32, has_maxspan: bool) {
        let before = self.last_span().end;
        let by = usize::from(self.is_keyword(Keyword::With));
        let word = self.ahead(by).span;
        self.take_keyword(Keyword::With);
        self.advance();
        self.take_symbol(Symbol::Assign);
        let number = self.number();
        let has_unit = self.token().kind == Tok::Ident;
        if has_unit {
            self.advance();
        }
        let finding = Diagnostic::new(DiagKind::MaxspanAfterTerms, word);
        let Some((_, number)) = number.filter(|_| has_unit && !has_maxspan) else {
            return self.report(finding);
        };
        let end = self.last_span().end;
        let value = self.text(Span::new(number.start, end));
        let text = format!(" with maxspan={value}");
        let edits = vec![(Span::empty(header_end), text), (Span::new(before, end), String::new())];
        self.report(finding.with_edits("Move it to the front", edits));
    }

    /// `by a, b`; other marks between keys, or none, are told.
    fn keys(&mut self) -> Vec<Expr> {
        self.advance();
        let mut keys = Vec::new();
        loop {
            if !starts_operand(&self.token().kind)
                && !matches!(
                    self.token().kind,
                    Tok::Keyword(_) | Tok::Bad | Tok::Symbol(Symbol::Minus)
                )
            {
                self.unexpected("a join key");
                if self.is_symbol(Symbol::Comma) {
                    self.advance();
                    continue;
                }
                return keys;
            }
            if matches!(
                self.token().kind,
                Tok::Keyword(Keyword::With | Keyword::By | Keyword::Until)
            ) && !self.is_path()
            {
                self.unexpected("a join key");
                if !self.is_keyword(Keyword::By) {
                    return keys;
                }
                self.advance();
                continue;
            }
            keys.push(self.sum());
            if self.take_symbol(Symbol::Comma).is_some() {
                continue;
            }
            let joined = matches!(self.token().kind, Tok::Keyword(Keyword::And | Keyword::Or));
            let next = if joined { self.ahead(1) } else { self.token() };
            let is_key = matches!(
                next.kind,
                Tok::Ident | Tok::QuotedIdent(_) | Tok::Symbol(Symbol::Optional)
            ) && (joined || !self.is_category())
                && !self.is_header_word();
            if !is_key {
                return keys;
            }
            let Some(finding) = self.wanted("`,` between the keys") else { return keys };
            if joined {
                let span = self.advance();
                let before = self.tokens.get(self.at.saturating_sub(2)).map_or(0, |t| t.span.end);
                self.report(finding.with_fix("Write `,`", Span::new(before, span.end), ","));
            } else {
                let place = Span::empty(self.last_span().end);
                self.report(finding.with_fix("Write `,`", place, ","));
            }
        }
    }

    /// Is the keyword part of a name?
    fn is_path(&self) -> bool {
        self.ahead(1).kind == Tok::Symbol(Symbol::Dot)
    }

    /// Is it a word that belongs to the header or to what follows a term, and no key?
    fn is_header_word(&self) -> bool {
        let word = self.text(self.span()).to_ascii_lowercase();
        let next = &self.ahead(1).kind;
        SPANS.contains(&word.as_str())
            || ["with", "until", "by"].contains(&word.as_str())
            || matches!(next, Tok::Keyword(Keyword::Maxspan | Keyword::Where))
    }

    /// `with maxspan=…`; the cursor stands on `with`, or on `maxspan` where that is missing.
    fn maxspan(&mut self) -> Option<MaxSpan> {
        let with = self.span();
        self.take_keyword(Keyword::With);
        let mut told = false;
        if self.take_keyword(Keyword::Maxspan).is_none() {
            let is_other_word = self.token().kind == Tok::Ident
                && matches!(self.ahead(1).kind, Tok::Symbol(Symbol::Assign) | Tok::Number(_));
            let is_value =
                matches!(self.token().kind, Tok::Number(_) | Tok::Symbol(Symbol::Assign));
            let span = self.span();
            let fused = self
                .text(span)
                .strip_prefix("maxspan")
                .map(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            if fused == Some(true) {
                // `maxspan5s`
                let value = Span::new(span.start + 7, span.end);
                let finding = Diagnostic::new(DiagKind::OptionEquals("maxspan"), value);
                self.report(finding.with_fix("Write `=`", Span::empty(value.start), "="));
                self.advance();
                return None;
            }
            let finding = self.wanted("`maxspan`")?;
            if is_other_word && self.text(span) == "runs" {
                let found = "`runs`".to_owned();
                let wanted = "`maxspan`; `runs` stands behind a term";
                self.error(DiagKind::Unexpected { found, wanted }, span);
                self.advance();
                self.take_symbol(Symbol::Assign);
                self.number();
                return None;
            }
            if is_other_word {
                self.report(finding.with_fix("Write `maxspan`", span, "maxspan"));
                self.advance();
            } else if is_value {
                let equals = if self.is_symbol(Symbol::Assign) { "maxspan" } else { "maxspan=" };
                let place = Span::empty(span.start);
                self.report(finding.with_fix(format!("Write `{equals}`"), place, equals));
                told = true;
            } else {
                self.report(finding);
                return None;
            }
        }
        if !told || self.is_symbol(Symbol::Assign) {
            self.equals("maxspan");
        }
        let minus = self.take_symbol(Symbol::Minus);
        if let Tok::Str(text) = &self.token().kind {
            // `maxspan="5m"`
            let (text, span) = (text.to_string(), self.span());
            let kind = DiagKind::Unexpected {
                found: format!("`{}`", self.text(span)),
                wanted: "a number",
            };
            self.report(Diagnostic::new(kind, span).with_fix("Delete the quotes", span, text));
            self.advance();
            return None;
        }
        let (number, mut number_span) = self.number()?;
        let number = match (minus, number) {
            (Some(minus), Number::Int(number)) => {
                number_span = minus.to(number_span);
                Number::Int(-number)
            }
            (Some(minus), Number::UInt(_)) => {
                number_span = minus.to(number_span);
                Number::Int(i64::MIN)
            }
            (_, number) => number,
        };
        let unit = (self.token().kind == Tok::Ident && !self.is_category()).then(|| self.advance());
        Some(MaxSpan { number, number_span, unit, span: with.to(self.last_span()) })
    }

    /// The one `=` of an option (E-216).
    fn equals(&mut self, name: &'static str) {
        let span = self.span();
        let before = self.last_span().end;
        let finding = || Diagnostic::new(DiagKind::OptionEquals(name), span);
        if self.take_symbol(Symbol::Assign).is_some() {
            if self.is_symbol(Symbol::Assign) || self.is_symbol(Symbol::Equal) {
                let second = self.advance();
                let finding = Diagnostic::new(DiagKind::OptionEquals(name), second);
                self.report(finding.with_fix("Delete it", second, ""));
            }
        } else if matches!(self.token().kind, Tok::Symbol(Symbol::Equal | Symbol::Colon)) {
            self.advance();
            self.report(finding().with_fix("Write `=`", span, "="));
        } else if matches!(self.token().kind, Tok::Number(_)) {
            let gap = Span::new(before, span.start);
            self.report(finding().with_fix("Write `=`", gap, "="));
        } else {
            self.report(finding());
        }
    }

    fn number(&mut self) -> Option<(Number, Span)> {
        let Tok::Number(number) = self.token().kind else {
            self.unexpected("a number");
            return None;
        };
        Some((number, self.advance()))
    }
}
