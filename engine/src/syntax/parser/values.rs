//! What people write for the value that a field is compared with: words of other languages, dates
//! without quotes, stars, regular expressions between slashes, lists.

use crate::diag::{DiagKind, Diagnostic};
use crate::span::Span;
use crate::syntax::ast::{Comparison, Expr, ExprKind};
use crate::syntax::lexer::{quote_text, spaced};
use crate::syntax::parser::Parser;
use crate::syntax::parser::habits::compare;
use crate::syntax::token::{Keyword, Symbol, Tok};

/// How constants are called elsewhere; in lower case `none` is rather a text.
const CONSTANTS: [(&str, Keyword); 4] = [
    ("None", Keyword::Null),
    ("NONE", Keyword::Null),
    ("nil", Keyword::Null),
    ("Nil", Keyword::Null),
];

/// Functions that are methods elsewhere, in lower case, and how they are called here.
pub(super) const METHODS: [(&str, &str); 10] = [
    ("startswith", "startsWith"),
    ("endswith", "endsWith"),
    ("contains", "stringContains"),
    ("stringcontains", "stringContains"),
    ("includes", "stringContains"),
    ("length", "length"),
    ("substring", "substring"),
    ("indexof", "indexOf"),
    ("concat", "concat"),
    ("between", "between"),
];

/// The name here of what is a method elsewhere.
pub(super) fn method_name(word: &str) -> Option<&'static str> {
    let is_it = |(name, _): &&(&str, &str)| name.eq_ignore_ascii_case(word);
    METHODS.iter().find(is_it).map(|(_, meant)| *meant)
}

impl Parser<'_> {
    /// The value at the cursor, where it is of another language: told, and the comparison read as it
    /// was meant. `Err` gives the left side back: the value is read like others. What a query
    /// can mean by such a value (a field of that name) is an error, whoever the field is.
    pub(super) fn foreign_value(
        &mut self,
        left: Expr,
        op: Comparison,
        op_span: Span,
    ) -> Result<Expr, Expr> {
        let is_known = match &left.kind {
            ExprKind::Field(field) => !field.optional,
            ExprKind::Call { args, .. } => {
                args.iter().any(|arg| matches!(arg.kind, ExprKind::Field(_)))
            }
            _ => false,
        };
        if !is_known {
            return Err(left);
        }
        let next = &self.ahead(1).kind;
        let is_alone = !self.is_adjacent(1)
            || matches!(next, Tok::End | Tok::Symbol(Symbol::CloseParen | Symbol::CloseBracket));
        match self.token().kind {
            Tok::Ident if self.text(self.span()) == "now" => match self.date_math() {
                Some(right) => Ok(compare(op, op_span, left, right)),
                None => Err(left),
            },
            Tok::Ident
                if self.bare_run().is_some_and(|run| self.text(run).ends_with('*'))
                    && op.is_equality() =>
            {
                self.bare_pattern(left, op, op_span)
            }
            Tok::Ident if !matches!(next, Tok::Symbol(Symbol::OpenParen | Symbol::Dot)) => {
                self.foreign_constant();
                Err(left)
            }
            Tok::Symbol(Symbol::Star) if op.is_equality() => {
                if is_alone {
                    let op = if op == Comparison::Equal { "!= null" } else { "== null" };
                    return Ok(self.presence(left, op_span, op));
                }
                self.bare_pattern(left, op, op_span)
            }
            Tok::Symbol(Symbol::Slash) if op == Comparison::Equal => {
                match self.between_slashes(op_span) {
                    Some(pattern) => Ok(compare(op, op_span, left, pattern)),
                    None => Err(left),
                }
            }
            Tok::Symbol(Symbol::OpenParen)
                if op.is_equality()
                    && matches!(next, Tok::Str(_) | Tok::Number(_))
                    && matches!(
                        self.ahead(2).kind,
                        Tok::Symbol(Symbol::Comma) | Tok::Keyword(Keyword::Or)
                    ) =>
            {
                Ok(self.compared_list(left, op, op_span))
            }
            _ => Err(left),
        }
    }

    /// `NULL`, `None`, `True`: told, and the token is from now on what was meant.
    fn foreign_constant(&mut self) {
        let span = self.span();
        let word = self.text(span).to_owned();
        let own = [Keyword::Null, Keyword::True, Keyword::False];
        let same = own.into_iter().find(|keyword| keyword.text().eq_ignore_ascii_case(&word));
        let other = CONSTANTS.iter().find(|(name, _)| *name == word).map(|(_, keyword)| *keyword);
        let Some(keyword) = same.or(other) else { return };
        let meant = keyword.text();
        let kind = match same {
            Some(_) => DiagKind::KeywordCase(meant),
            None => DiagKind::ForeignOperator { found: word, meant },
        };
        self.report(Diagnostic::new(kind, span).with_fix(format!("Write `{meant}`"), span, meant));
        self.retype(Tok::Keyword(keyword));
    }

    /// `now-5m`, `now/d`: what is worked out of a date is a text (§3.22, §12.4).
    pub(super) fn date_math(&mut self) -> Option<Expr> {
        let is_part = |kind: &Tok| {
            let is_sign = matches!(kind, Tok::Symbol(Symbol::Plus | Symbol::Minus | Symbol::Slash));
            is_sign || matches!(kind, Tok::Ident | Tok::Number(_))
        };
        let mut by = 1;
        while self.is_adjacent(by) && is_part(&self.ahead(by).kind) {
            by += 1;
        }
        if by < 3 {
            return None;
        }
        let run = self.span().to(self.ahead(by - 1).span);
        let text = self.text(run).to_owned();
        let kind =
            DiagKind::Unexpected { found: format!("`{text}`"), wanted: "a date in double quotes" };
        let finding = Diagnostic::new(kind, run);
        self.report(finding.with_fix("Put it in double quotes", run, quote_text(&text)));
        self.skip_run(run);
        Some(Expr { kind: ExprKind::Str(text.into()), span: run })
    }

    /// `: *` and `== *`, which ask whether there is a value; the cursor stands on the star.
    pub(super) fn presence(&mut self, value: Expr, op_span: Span, meant: &'static str) -> Expr {
        let span = op_span.to(self.advance());
        let found = format!("{} *", self.text(op_span));
        let kind = DiagKind::ForeignOperator { found, meant };
        let text = spaced(self.source, span, meant);
        let finding = Diagnostic::new(kind, span);
        self.report(finding.with_fix(format!("Write `{meant}`"), span, text));
        let null = Expr { kind: ExprKind::Null, span: Span::empty(span.end) };
        let is_absent = meant.starts_with('=');
        let op = if is_absent { Comparison::Equal } else { Comparison::NotEqual };
        compare(op, span, value, null)
    }

    /// `== *.exe`: a pattern without its quotes.
    fn bare_pattern(&mut self, left: Expr, op: Comparison, op_span: Span) -> Result<Expr, Expr> {
        let Some(run) = self.bare_run() else { return Err(left) };
        let text = self.text(run).to_owned();
        let kind =
            DiagKind::Unexpected { found: format!("`{text}`"), wanted: "a text in double quotes" };
        self.findings.retain(|other| other.span.start < run.start || other.span.end > run.end);
        let mut finding = Diagnostic::new(kind, run);
        if op == Comparison::Equal {
            let edits =
                vec![(op_span, spaced(self.source, op_span, ":")), (run, quote_text(&text))];
            finding = finding.with_edits("Write `:` and double quotes", edits);
        }
        self.report(finding);
        self.skip_run(run);
        let right = Expr { kind: ExprKind::Str(text.into()), span: run };
        Ok(compare(op, op_span, left, right))
    }

    /// `/a.*/`, a regular expression of other languages, with the operator before it. `None` where
    /// no second slash ends a word on this line: a path.
    pub(super) fn between_slashes(&mut self, op_span: Span) -> Option<Expr> {
        let open = self.span();
        let rest = self.source.get(open.end as usize..)?;
        let line = rest.split(['\r', '\n']).next()?;
        let is_close = |at: &usize| !line.get(..*at).unwrap_or_default().ends_with('\\');
        let close = line.match_indices('/').map(|(at, _)| at).find(is_close)?;
        let after = line.get(close + 1..)?;
        let ends = after.is_empty() || after.starts_with([' ', ')', ']', ',']);
        let run = Span::new(open.start, open.end + close as u32 + 1);
        let is_token = self
            .tokens
            .iter()
            .any(|token| token.span.end == run.end && token.kind == Tok::Symbol(Symbol::Slash));
        if close == 0 || !ends || !is_token {
            return None;
        }
        let text = line.get(..close)?.replace("\\/", "/");
        let text = text.strip_prefix('^').unwrap_or(&text);
        let text = text.strip_suffix('$').unwrap_or(text).to_owned();
        self.findings.retain(|other| other.span.start < run.start || other.span.start >= run.end);
        let found = "/…/".to_owned();
        let edits =
            vec![(op_span, spaced(self.source, op_span, "regex")), (run, quote_text(&text))];
        let kind = DiagKind::ForeignOperator { found, meant: "regex \"…\"" };
        self.report(Diagnostic::new(kind, run).with_edits("Write `regex`", edits));
        self.skip_run(run);
        Some(Expr { kind: ExprKind::Hole, span: run })
    }

    /// `== ("a", "b")`, read as the `in` that was meant.
    fn compared_list(&mut self, left: Expr, op: Comparison, op_span: Span) -> Expr {
        let negated = op == Comparison::NotEqual;
        let meant = if negated { "not in" } else { "in" };
        let finding = self.wanted("one value");
        let before = self.findings.len();
        let list = self.parenthesised_list();
        let mut edits = vec![(op_span, spaced(self.source, op_span, meant))];
        // An `or` for a comma in it is mended with the rest.
        if let Some(other) = self.findings.get_mut(before).and_then(|it| it.fixes.first_mut()) {
            edits.append(&mut other.edits);
            self.findings.truncate(before);
        }
        if let Some(finding) = finding {
            self.report(finding.with_edits(format!("Write `{meant}`"), edits));
        }
        let span = left.span.to(self.last_span());
        let value = Box::new(left);
        Expr { kind: ExprKind::In { value, negated, insensitive: false, op_span, list }, span }
    }

    /// `("a" or "b")` for a list: told, and read as its elements.
    pub(super) fn alternatives(&mut self, items: &mut Vec<Expr>) {
        let is_joined = items.last().is_some_and(|it| matches!(it.kind, ExprKind::Or(..)));
        let Some(joined) = items.pop_if(|_| is_joined) else { return };
        let parts: Vec<Expr> = joined.chain().into_iter().cloned().collect();
        let is_constant = |it: &Expr| matches!(it.kind, ExprKind::Str(_) | ExprKind::Number(_));
        let gaps: Vec<Span> = parts
            .windows(2)
            .filter_map(|two| Some(Span::new(two.first()?.span.end, two.get(1)?.span.start)))
            .collect();
        let is_plain = |gap: &Span| self.text(*gap).trim() == "or";
        let (true, Some(first)) =
            (parts.iter().all(is_constant) && gaps.iter().all(is_plain), gaps.first())
        else {
            items.push(joined);
            return;
        };
        let text = self.text(*first);
        let start = first.start + text.find("or").unwrap_or_default() as u32;
        let kind = DiagKind::Unexpected { found: "`or`".into(), wanted: "`,` or `)`" };
        let edits = gaps.into_iter().map(|gap| (gap, ", ".to_owned())).collect();
        let finding = Diagnostic::new(kind, Span::new(start, start + 2));
        self.report(finding.with_edits("Write `,`", edits));
        items.extend(parts);
    }

    /// `by` and its keys inside the brackets of a term: the fix moves them behind.
    pub(super) fn keys_inside(&mut self) -> bool {
        let mut by = 1;
        while matches!(
            self.ahead(by).kind,
            Tok::Ident
                | Tok::QuotedIdent(_)
                | Tok::Symbol(Symbol::Dot | Symbol::Comma | Symbol::Optional)
        ) {
            by += 1;
        }
        let close = self.ahead(by);
        if !self.is_keyword(Keyword::By)
            || by == 1
            || close.kind != Tok::Symbol(Symbol::CloseBracket)
            || close.span.start == close.span.end
        {
            return false;
        }
        let end = close.span.end;
        let keys = Span::new(self.last_span().end, self.ahead(by - 1).span.end);
        let text = self.text(keys).to_owned();
        if let Some(finding) = self.wanted("`]` before `by`") {
            let edits = vec![(keys, String::new()), (Span::empty(end), text)];
            self.report(finding.with_edits("Move it behind the `]`", edits));
        }
        self.skip_run(keys);
        true
    }
}
