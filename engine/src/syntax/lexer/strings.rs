//! Strings and quoted names, sound or broken (spec §1.8, §1.13 to §1.19).
//!
//! A quote too few must cost one finding and not the rest of the line: where the quotes of a line
//! do not come out even, the words around them tell which one is missing.

use crate::diag::{DiagKind, Diagnostic};
use crate::span::Span;
use crate::syntax::lexer::{Lexing, block_comment, requoted};
use crate::syntax::token::Tok;

/// Quotes that word processors and web pages put in place of `"` and `'`.
pub(super) const CURLY: [char; 6] =
    ['\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '\u{2018}', '\u{2019}'];

/// A longer line is not looked through for the end of a string: each mistake in it would cost as
/// much as all of it.
const MAX_LINE: usize = 4_000;

impl<'t> Lexing<'t> {
    /// A string in typographic quotes: named, and read as what was meant. Without an end on the line
    /// it is a character like others.
    pub(super) fn curly_string(&mut self, rest: &'t str) -> (&'t str, Tok) {
        let open = rest.chars().next().unwrap_or_default();
        let body = rest.get(open.len_utf8()..).unwrap_or_default();
        let is_end = |c: char| CURLY.contains(&c) || matches!(c, '"' | '\r' | '\n');
        let mut found =
            body.find(is_end).and_then(|end| Some((end, body.get(end..)?.chars().next()?)));
        let mut has_apostrophe = false;
        // `‘it’s’`: an apostrophe, where one more follows on the line.
        while let Some((at, '\u{2019}')) = found.filter(|_| open == '\u{2018}') {
            let after = body.get(at + 3..).unwrap_or_default();
            let next =
                after.find(is_end).filter(|_| after.starts_with(|c: char| c.is_ascii_alphabetic()));
            let next =
                next.filter(|it| after.get(*it..).is_some_and(|it| it.starts_with('\u{2019}')));
            let Some(next) = next else { break };
            found = Some((at + 3 + next, '\u{2019}'));
            has_apostrophe = true;
        }
        let Some((end, close)) = found.filter(|(_, c)| !matches!(c, '\r' | '\n')) else {
            return self.unknown(rest);
        };
        let text = body.get(..end).unwrap_or_default();
        let plain = if has_apostrophe { text.replace('\u{2019}', "'") } else { text.to_owned() };
        let close = close.len_utf8();
        let after = body.get(end + close..).unwrap_or_default();
        let span = self.span(rest, after);
        let finding = Diagnostic::new(DiagKind::UnknownCharacter(open), span);
        self.findings.push(finding.with_fix("Write plain quotes", span, requoted(&plain)));
        (after, Tok::Str(plain.into()))
    }

    /// `"…"` or `"""…"""` (§1.13, §1.17).
    pub(super) fn string(&mut self, rest: &'t str) -> (&'t str, Tok) {
        if rest.starts_with(r#"""""#) {
            return self.raw_string(rest);
        }
        if let Some(read) = self.unopened(rest) {
            return read;
        }
        let mut text = String::new();
        let body = rest.get(1..).unwrap_or_default();
        let mut bad = Vec::new();
        let mut chars = body.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    let after = body.get(at + 1..).unwrap_or_default();
                    // What seems to be the end is the beginning of the next one.
                    if after.starts_with(is_word) && self.is_odd(rest) {
                        return self.unclosed(rest, 1);
                    }
                    let kind = if bad.is_empty() { Tok::Str(text.into()) } else { Tok::Bad };
                    self.bad_escapes(self.span(rest, after), bad);
                    return (after, kind);
                }
                '\r' | '\n' => break,
                '\\' => {
                    let tail = body.get(at + 1..).unwrap_or_default();
                    match self.escape(tail, &mut bad) {
                        Some((length, decoded)) => {
                            text.extend(decoded);
                            // `length` counts ASCII characters, except for an unknown escape of
                            // one character, however long.
                            for _ in 0..length {
                                chars.next();
                            }
                        }
                        None => break,
                    }
                }
                c => text.push(c),
            }
        }
        self.unclosed(rest, 1)
    }

    /// What follows a backslash: how many characters, and what they mean. `None` at a line end.
    fn escape(&self, tail: &str, bad: &mut Vec<Diagnostic>) -> Option<(usize, Option<char>)> {
        let c = tail.chars().next().filter(|c| !matches!(c, '\r' | '\n'))?;
        let at = self.offset(tail) - 1;
        let decoded = match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            '"' | '\'' | '\\' => c,
            'u' if tail.starts_with("u{") => return Some(unicode_escape(tail, at, bad)),
            _ => {
                let span = Span::new(at, at + 1 + c.len_utf8() as u32);
                bad.push(Diagnostic::new(DiagKind::UnknownEscape(c), span));
                return Some((1, None));
            }
        };
        Some((1, Some(decoded)))
    }

    /// One finding for the unknown escapes of a literal: who writes one backslash for two does so
    /// throughout, and then `\t` is no tab either.
    fn bad_escapes(&mut self, literal: Span, mut bad: Vec<Diagnostic>) {
        let is_unknown = |finding: &Diagnostic| matches!(finding.kind, DiagKind::UnknownEscape(_));
        let text = literal.text(self.source);
        let never_doubled = !text.contains(r"\\") && !text.contains("\\\"");
        let mut unknown: Vec<u32> =
            bad.iter().filter(|it| is_unknown(it)).map(|it| it.span.start).collect();
        if never_doubled && !unknown.is_empty() {
            unknown = text.match_indices('\\').map(|(at, _)| literal.start + at as u32).collect();
        }
        let mut first = true;
        bad.retain(|finding| !is_unknown(finding) || std::mem::take(&mut first));
        for mut finding in bad {
            if is_unknown(&finding) {
                let edits =
                    unknown.iter().map(|&at| (Span::new(at, at + 1), "\\\\".into())).collect();
                finding = finding.with_edits("Double the backslash", edits);
            }
            self.findings.push(finding);
        }
    }

    /// `"""…"""`: no escapes; one or two quotes directly after the end still belong to the text.
    fn raw_string(&mut self, rest: &'t str) -> (&'t str, Tok) {
        let body = rest.get(3..).unwrap_or_default();
        let Some(end) = raw_end(body) else {
            return self.unclosed(rest, 3);
        };
        let tail = body.get(end..).unwrap_or_default().bytes();
        let quotes = tail.take(5).take_while(|b| *b == b'"').count();
        // `""""""` is an empty string, whatever follows.
        let end = if end == 0 { 0 } else { end + quotes - 3 };
        let text = body.get(..end).unwrap_or_default();
        (body.get(end + 3..).unwrap_or_default(), Tok::Str(text.into()))
    }

    /// Is a string left open at the end of the line, read from this quote on? Looked at once a line.
    pub(super) fn is_odd(&mut self, rest: &str) -> bool {
        let at = self.offset(rest);
        if at >= self.odd_line.0 {
            let line = rest.split(['\r', '\n']).next().unwrap_or_default();
            self.odd_line = (at + line.len() as u32, leaves_open(line));
        }
        self.odd_line.1
    }

    /// `dir")` for `"dir")`: a quote that ends a word, where the line has one too few.
    fn unopened(&mut self, rest: &'t str) -> Option<(&'t str, Tok)> {
        let at = self.offset(rest);
        let last = self.tokens.last().filter(|token| token.span.end == at)?;
        if !matches!(last.kind, Tok::Ident | Tok::Number(_) | Tok::Bad) || !self.is_odd(rest) {
            return None;
        }
        let before = self.source.get(..at as usize).unwrap_or_default();
        let start = before.rfind([' ', '\t', '\n', '(', ',', '"', '=', '[']).map_or(0, |at| at + 1);
        let start = start as u32;
        self.odd_line.1 = false;
        while self.tokens.last().is_some_and(|token| token.span.start >= start) {
            self.tokens.pop();
        }
        self.findings.retain(|finding| finding.span.start < start);
        let text = before.get(start as usize..).unwrap_or_default();
        let span = Span::new(start, at + 1);
        let finding = Diagnostic::new(DiagKind::UnopenedString, span);
        self.findings.push(finding.with_fix("Add the opening quote", Span::empty(start), "\""));
        self.start = start;
        Some((rest.get(1..).unwrap_or_default(), Tok::Str(text.into())))
    }

    /// A string without its end on the line, told as one to the end of the line (E-102) and read up
    /// to where it probably ends, so that what follows is read as well.
    fn unclosed(&mut self, rest: &'t str, quotes: usize) -> (&'t str, Tok) {
        let line = rest.split(['\r', '\n']).next().unwrap_or_default();
        let body = line.get(quotes..).unwrap_or_default();
        let end = quotes + probable_end(body, quotes == 3);
        let text = line.get(quotes..end).unwrap_or_default();
        let open = self.offset(rest);
        let span = Span::new(open, open + line.len() as u32);
        let finding = Diagnostic::new(DiagKind::UnclosedString, span);
        self.odd_line.1 = false;
        let place = open + end as u32;
        if quotes == 1 && text.ends_with("\\\"") {
            // `"C:\Temp\"`: the last backslash takes the quote for itself.
            let path = text.get(..text.len() - 1).unwrap_or_default();
            let edits = path.match_indices('\\').map(|(at, _)| {
                let at = open + 1 + at as u32;
                (Span::new(at, at + 1), "\\\\".to_owned())
            });
            let edits = if path.contains(r"\\") {
                vec![(Span::empty(place - 1), "\\".to_owned())]
            } else {
                edits.collect()
            };
            self.findings.push(finding.with_edits("Double the backslash", edits));
        } else {
            let quote = if quotes == 3 { "\"\"\"" } else { "\"" };
            if rest.starts_with('\'') {
                let edits = vec![
                    (Span::new(open, open + 1), quote.to_owned()),
                    (Span::empty(place), quote.to_owned()),
                ];
                self.findings.push(finding.with_edits("Put it in double quotes", edits));
                return (rest.get(end..).unwrap_or_default(), Tok::Str(text.into()));
            }
            self.findings.push(finding.with_fix(
                "Add the closing quote",
                Span::empty(place),
                quote,
            ));
        }
        (rest.get(end..).unwrap_or_default(), Tok::Str(text.into()))
    }

    /// `'…'`, `?'…'` and `?"…"` (§1.18): recognised for the sake of the message.
    pub(super) fn old_string(
        &mut self,
        rest: &'t str,
        quoted: &'t str,
        kind: DiagKind,
    ) -> (&'t str, Tok) {
        let quote = quoted.chars().next().unwrap_or('"');
        let body = quoted.get(1..).unwrap_or_default();
        let is_end = |at: usize| body.get(at..).is_some_and(|it| it.starts_with(quote));
        let mut found = body.find([quote, '\n']);
        // `'it''s'`, in SQL one quote in a text.
        while let Some(at) =
            found.filter(|at| quote == '\'' && *at > 0 && is_end(*at) && is_end(at + 1))
        {
            found = body.get(at + 2..).and_then(|it| it.find([quote, '\n'])).map(|it| at + 2 + it);
        }
        let Some(end) = found.filter(|&at| is_end(at)) else {
            return self.unclosed(rest, rest.len() - body.len());
        };
        let text = body.get(..end).unwrap_or_default();
        let text = if quote == '\'' { text.replace("''", "'") } else { text.to_owned() };
        let text = text.as_str();
        let after = body.get(end + 1..).unwrap_or_default();
        let span = self.span(rest, after);
        let mut finding = Diagnostic::new(kind.clone(), span);
        finding = if kind == DiagKind::SingleQuotes {
            finding.with_fix("Use double quotes", span, requoted(text))
        } else {
            finding.with_fix("Use a raw string", span, format!(r#""""{text}""""#))
        };
        self.findings.push(finding);
        (after, Tok::Str(text.into()))
    }

    /// `` `…` `` with two backticks for one (§1.8).
    pub(super) fn quoted_name(&mut self, rest: &'t str) -> Option<(&'t str, Tok)> {
        let body = rest.get(1..).unwrap_or_default();
        let mut name = String::new();
        let mut pieces = body.split('`').peekable();
        let mut used = 0;
        while let Some(piece) = pieces.next() {
            name.push_str(piece);
            used += piece.len() + 1;
            match pieces.peek() {
                None => break,
                Some(&"") if body.get(used..).is_some_and(|tail| tail.starts_with('`')) => {
                    name.push('`');
                    used += 1;
                    pieces.next();
                }
                Some(_) => {
                    let after = body.get(used..).unwrap_or_default();
                    if name.is_empty() {
                        let span = self.span(rest, after);
                        self.finding(DiagKind::EmptyName, span);
                        return Some((after, Tok::Bad));
                    }
                    return Some((after, Tok::QuotedIdent(name.into())));
                }
            }
        }
        let open = self.offset(rest);
        let span = Span::new(open, open + 1);
        let finding = Diagnostic::new(DiagKind::UnclosedBacktick, span);
        // What follows may well be sound: a plain name is read as one, another as what the pair
        // would have held.
        let part = body.split(|c: char| !is_word(c) && c != '-').next().unwrap_or_default();
        let is_odd = part.contains('-') || part.starts_with(|c: char| c.is_ascii_digit());
        if is_odd {
            let close = Span::empty(open + 1 + part.len() as u32);
            self.findings.push(finding.with_fix("Close the name", close, "`"));
            let after = body.get(part.len()..).unwrap_or_default();
            return Some((after, Tok::QuotedIdent(part.into())));
        }
        self.findings.push(finding.with_fix("Delete the backtick", span, ""));
        None
    }
}

/// Is a string of this line open at its end? Quotes in raw strings, comments and quoted names are
/// none.
fn leaves_open(line: &str) -> bool {
    let mut rest = line;
    while let Some(at) = rest.find(['"', '/', '`']) {
        rest = rest.get(at..).unwrap_or_default();
        rest = if rest.starts_with("//") {
            return false;
        } else if rest.starts_with("/*") {
            // One that goes on hides the rest of the line.
            block_comment(rest).unwrap_or_default()
        } else if rest.starts_with('/') {
            rest.get(1..).unwrap_or_default()
        } else if let Some(name) = rest.strip_prefix('`') {
            name.split_once('`').unwrap_or_default().1
        } else if let Some(body) = rest.strip_prefix(r#"""""#) {
            let Some(end) = raw_end(body) else { return true };
            let tail = body.get(end + 3..).unwrap_or_default();
            let more = if end == 0 { 0 } else { 2 };
            let more = tail.bytes().take(more).take_while(|byte| *byte == b'"').count();
            tail.get(more..).unwrap_or_default()
        } else {
            let mut chars = rest.chars();
            chars.next();
            loop {
                match chars.next() {
                    None => return true,
                    Some('"') => break,
                    Some('\\') => drop(chars.next()),
                    Some(_) => {}
                }
            }
            chars.as_str()
        };
    }
    false
}

/// Where the three quotes are that end a raw string on its line.
fn raw_end(body: &str) -> Option<usize> {
    let mut quotes = 0;
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            b'"' if quotes == 2 => return Some(at - 2),
            b'"' => quotes += 1,
            b'\r' | b'\n' => return None,
            _ => quotes = 0,
        }
    }
    None
}

/// A letter, a digit, or what stands in paths and patterns.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_\\/*.%$".contains(c)
}

/// `u{…}` (§1.16).
fn unicode_escape(tail: &str, at: u32, bad: &mut Vec<Diagnostic>) -> (usize, Option<char>) {
    let digits = tail.get(2..).unwrap_or_default();
    let n = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
    let closed = digits.as_bytes().get(n) == Some(&b'}');
    let length = 2 + n + usize::from(closed);
    let span = Span::new(at, at + 1 + length as u32);
    if !closed || !(2..=8).contains(&n) {
        bad.push(Diagnostic::new(DiagKind::EscapeDigits(n), span));
        return (length, None);
    }
    let value = u32::from_str_radix(digits.get(..n).unwrap_or_default(), 16).ok();
    let decoded = value.and_then(char::from_u32);
    if decoded.is_none() {
        bad.push(Diagnostic::new(DiagKind::EscapeScalar, span));
    }
    (length, decoded)
}

/// Length of the text of a string that lacks its end: up to a comma or a connective, without the
/// brackets at the end of the line that belong to others.
fn probable_end(body: &str, is_raw: bool) -> usize {
    if body.len() > MAX_LINE {
        return body.len();
    }
    let escaped_quote = body.match_indices("\\\"").find(|(at, _)| {
        let after = body.get(at + 2..).unwrap_or_default();
        !is_raw && (after.is_empty() || after.starts_with([' ', ',', ')', ']']))
    });
    let goes_on = ["\\\"", ", ", ",\"", " and ", " or ", ") and", ") or", "] by", ")]"];
    let marks = goes_on.iter().skip(usize::from(!body.contains("\\\"") || is_raw));
    let end = marks.filter_map(|mark| body.find(mark)).min().unwrap_or(body.len());
    if let Some((at, _)) = escaped_quote.filter(|(at, _)| *at <= end) {
        return at + 2;
    }
    let end = goes_on.iter().skip(1).filter_map(|mark| body.find(mark)).min().unwrap_or(body.len());
    let mut text = body.get(..end).unwrap_or_default();
    loop {
        let before = text;
        text = text.trim_end_matches([' ', '\t', ',', ']']);
        for word in [" and", " or"] {
            text = text.strip_suffix(word).unwrap_or(text);
        }
        if text.matches(')').count() > text.matches('(').count() {
            text = text.strip_suffix(')').unwrap_or(text);
        }
        if text.len() == before.len() {
            return text.len();
        }
    }
}
