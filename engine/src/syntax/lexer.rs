//! Text to tokens (spec §1), with nom.
//!
//! A lexical mistake is a finding plus a [`Tok::Bad`] that stands for what was meant, so that the
//! parser can go on and the tree of the sound parts survives.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while};
use nom::character::complete::{char, digit1, one_of, satisfy};
use nom::combinator::{fail, opt, recognize};
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};

use crate::diag::{DiagKind, Diagnostic};
use crate::span::Span;
use crate::syntax::token::{Keyword, Symbol, Tok, Token};
use crate::value::Number;

/// Result of one lexical rule: the rest, and what was read.
type Lex<'t, T = &'t str> = IResult<&'t str, T>;

/// Reads the whole text. The last token is always [`Tok::End`].
#[must_use]
pub fn lex(source: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexing = Lexing { source, tokens: Vec::new(), findings: Vec::new() };
    let mut rest = source;
    loop {
        rest = lexing.blanks(rest);
        if rest.is_empty() {
            break;
        }
        rest = lexing.token(rest);
    }
    let end = lexing.offset("");
    lexing.tokens.push(Token { kind: Tok::End, span: Span::empty(end) });
    (lexing.tokens, lexing.findings)
}

struct Lexing<'t> {
    source: &'t str,
    tokens: Vec<Token>,
    findings: Vec<Diagnostic>,
}

impl<'t> Lexing<'t> {
    /// Offset of `rest`, which is always a suffix of the source.
    fn offset(&self, rest: &str) -> u32 {
        (self.source.len() - rest.len()) as u32
    }

    fn span(&self, from: &str, to: &str) -> Span {
        Span::new(self.offset(from), self.offset(to))
    }

    fn finding(&mut self, kind: DiagKind, span: Span) {
        self.findings.push(Diagnostic::new(kind, span));
    }

    /// Skips white space and comments (§1.1, §1.3, §1.4).
    fn blanks(&mut self, mut rest: &'t str) -> &'t str {
        loop {
            let before = rest;
            rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            if rest.starts_with("//") {
                rest = rest.find('\n').and_then(|at| rest.get(at..)).unwrap_or_default();
            } else if rest.starts_with("/*") {
                rest = block_comment(rest).unwrap_or_else(|| {
                    let open = self.offset(rest);
                    self.finding(DiagKind::UnclosedComment, Span::new(open, open + 2));
                    ""
                });
            }
            if let Some(odd) = rest.chars().next().filter(|c| ODD_BLANKS.contains(c)) {
                let after = rest.trim_start_matches(odd);
                let span = self.span(rest, after);
                let finding = Diagnostic::new(DiagKind::UnknownCharacter(odd), span);
                self.findings.push(finding.with_fix("Write a plain blank", span, " "));
                rest = after;
            }
            if rest.len() == before.len() {
                return rest;
            }
        }
    }

    /// Reads one token; `rest` does not begin with a blank and is not empty.
    fn token(&mut self, rest: &'t str) -> &'t str {
        let (after, kind) = match rest.as_bytes().first() {
            Some(b'"') => self.string(rest),
            Some(b'\'') => self.old_string(rest, rest, DiagKind::SingleQuotes),
            Some(b'?') if rest[1..].starts_with(['"', '\'']) => {
                self.old_string(rest, rest.get(1..).unwrap_or_default(), DiagKind::OldRawString)
            }
            Some(b'`') => self.quoted_name(rest),
            _ if rest.starts_with(CURLY) => self.curly_string(rest),
            _ if foreign(rest).is_some() => self.foreign(rest),
            _ => match plain(rest) {
                Ok((after, kind)) => {
                    if kind == Tok::Bad {
                        let span = self.span(rest, after);
                        self.finding(DiagKind::BadNumber, span);
                    }
                    (after, kind)
                }
                Err(_) => self.unknown(rest),
            },
        };
        let span = self.span(rest, after);
        self.tokens.push(Token { kind, span });
        after
    }

    /// A string in typographic quotes: named, and read as what was meant. Without an end on the line
    /// it is a character like others.
    fn curly_string(&mut self, rest: &'t str) -> (&'t str, Tok) {
        let open = rest.chars().next().unwrap_or_default();
        let body = rest.get(open.len_utf8()..).unwrap_or_default();
        let line = body.split(['\r', '\n']).next().unwrap_or_default();
        let Some(end) = line.find(|c| CURLY.contains(&c) || c == '"') else {
            return self.unknown(rest);
        };
        let text = line.get(..end).unwrap_or_default();
        let tail = line.get(end..).unwrap_or_default();
        let close = tail.chars().next().map_or(0, char::len_utf8);
        let after = body.get(end + close..).unwrap_or_default();
        let span = self.span(rest, after);
        let finding = Diagnostic::new(DiagKind::UnknownCharacter(open), span);
        self.findings.push(finding.with_fix("Write plain quotes", span, quote_text(text)));
        (after, Tok::Str(text.into()))
    }

    /// An operator of another language (§1.22): named, and read as what was meant.
    fn foreign(&mut self, rest: &'t str) -> (&'t str, Tok) {
        let Some((found, meant, kind)) = foreign(rest) else { return self.unknown(rest) };
        let after = rest.get(found.len()..).unwrap_or_default();
        let span = self.span(rest, after);
        let finding = Diagnostic::new(DiagKind::ForeignOperator { found, meant }, span);
        self.findings.push(finding.with_fix(format!("Write `{meant}`"), span, meant));
        (after, kind)
    }

    /// A character that begins no token. A doubled one (`&&`) is one mistake.
    fn unknown(&mut self, rest: &'t str) -> (&'t str, Tok) {
        let found = rest.chars().next().unwrap_or_default();
        let after = rest.trim_start_matches(found);
        let span = self.span(rest, after);
        match found {
            '!' => self.findings.push(Diagnostic::new(DiagKind::LoneBang, span).with_fix(
                "Write `not`",
                span,
                "not ",
            )),
            '&' => self.findings.push(
                Diagnostic::new(DiagKind::UnknownCharacter(found), span).with_fix(
                    "Write `and`",
                    span,
                    "and",
                ),
            ),
            _ => self.finding(DiagKind::UnknownCharacter(found), span),
        }
        let meant = match found {
            // Read as what was meant, so that the rest is still parsed.
            '&' => Tok::Keyword(Keyword::And),
            '!' => Tok::Keyword(Keyword::Not),
            _ => Tok::Bad,
        };
        (after, meant)
    }

    /// `"…"` or `"""…"""` (§1.13, §1.17).
    fn string(&mut self, rest: &'t str) -> (&'t str, Tok) {
        if rest.starts_with(r#"""""#) {
            return self.raw_string(rest);
        }
        let mut text = String::new();
        let body = rest.get(1..).unwrap_or_default();
        let mut sound = true;
        let mut chars = body.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    let kind = if sound { Tok::Str(text.into()) } else { Tok::Bad };
                    return (body.get(at + 1..).unwrap_or_default(), kind);
                }
                '\r' | '\n' => break,
                '\\' => {
                    let tail = body.get(at + 1..).unwrap_or_default();
                    match self.escape(tail) {
                        Some((length, decoded)) => {
                            sound &= decoded.is_some();
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
        self.unclosed(rest)
    }

    /// What follows a backslash: how many characters, and what they mean. `None` at a line end.
    fn escape(&mut self, tail: &'t str) -> Option<(usize, Option<char>)> {
        let c = tail.chars().next().filter(|c| !matches!(c, '\r' | '\n'))?;
        let at = self.offset(tail) - 1;
        let decoded = match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            '"' | '\'' | '\\' => c,
            'u' if tail.starts_with("u{") => return Some(self.unicode_escape(tail, at)),
            _ => {
                let span = Span::new(at, at + 1 + c.len_utf8() as u32);
                self.findings.push(Diagnostic::new(DiagKind::UnknownEscape(c), span).with_fix(
                    "Double the backslash",
                    Span::new(at, at + 1),
                    "\\\\",
                ));
                return Some((1, None));
            }
        };
        Some((1, Some(decoded)))
    }

    /// `u{…}` (§1.16).
    fn unicode_escape(&mut self, tail: &'t str, at: u32) -> (usize, Option<char>) {
        let digits = tail.get(2..).unwrap_or_default();
        let n = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        let closed = digits.as_bytes().get(n) == Some(&b'}');
        let length = 2 + n + usize::from(closed);
        let span = Span::new(at, at + 1 + length as u32);
        if !closed || !(2..=8).contains(&n) {
            self.finding(DiagKind::EscapeDigits(n), span);
            return (length, None);
        }
        let decoded = u32::from_str_radix(digits.get(..n).unwrap_or_default(), 16)
            .ok()
            .and_then(char::from_u32);
        if decoded.is_none() {
            self.finding(DiagKind::EscapeScalar, span);
        }
        (length, decoded)
    }

    /// `"""…"""`: no escapes; one or two quotes directly after the end still belong to the text.
    fn raw_string(&mut self, rest: &'t str) -> (&'t str, Tok) {
        let body = rest.get(3..).unwrap_or_default();
        let line = body.split(['\r', '\n']).next().unwrap_or_default();
        let Some(end) = line.find(r#"""""#) else { return self.unclosed(rest) };
        let quotes = line.get(end..).unwrap_or_default().bytes().take_while(|b| *b == b'"').count();
        // `""""""` is an empty string, whatever follows.
        let end = if end == 0 { 0 } else { end + quotes.min(5) - 3 };
        let text = body.get(..end).unwrap_or_default();
        (body.get(end + 3..).unwrap_or_default(), Tok::Str(text.into()))
    }

    fn unclosed(&mut self, rest: &'t str) -> (&'t str, Tok) {
        let line = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let after = rest.get(line..).unwrap_or_default();
        let span = self.span(rest, after);
        self.finding(DiagKind::UnclosedString, span);
        (after, Tok::Bad)
    }

    /// `'…'`, `?'…'` and `?"…"` (§1.18): recognised for the sake of the message.
    fn old_string(&mut self, rest: &'t str, quoted: &'t str, kind: DiagKind) -> (&'t str, Tok) {
        let quote = quoted.chars().next().unwrap_or('"');
        let body = quoted.get(1..).unwrap_or_default();
        let Some(end) = body.find([quote, '\n']).filter(|&at| body[at..].starts_with(quote)) else {
            return self.unclosed(rest);
        };
        let text = body.get(..end).unwrap_or_default();
        let after = body.get(end + 1..).unwrap_or_default();
        let span = self.span(rest, after);
        let mut finding = Diagnostic::new(kind.clone(), span);
        finding = if kind == DiagKind::SingleQuotes {
            finding.with_fix("Use double quotes", span, quote_text(text))
        } else {
            finding.with_fix("Use a raw string", span, format!(r#""""{text}""""#))
        };
        self.findings.push(finding);
        (after, Tok::Str(text.into()))
    }

    /// `` `…` `` with two backticks for one (§1.8).
    fn quoted_name(&mut self, rest: &'t str) -> (&'t str, Tok) {
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
                        return (after, Tok::Bad);
                    }
                    return (after, Tok::QuotedIdent(name.into()));
                }
            }
        }
        let open = self.offset(rest);
        self.finding(DiagKind::UnclosedBacktick, Span::new(open, open + 1));
        // Only the backtick is bad: what follows may well be sound.
        (body, Tok::Bad)
    }
}

/// The text as an EQL string literal.
#[must_use]
pub fn quote_text(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// The rest after a nested block comment; `None` where it is not closed.
pub(super) fn block_comment(rest: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(two) = rest.as_bytes().get(at..at + 2) {
        match two {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return rest.get(at..);
        }
    }
    None
}

/// Tokens that need no state: words, numbers, symbols.
fn plain(rest: &str) -> Lex<'_, Tok> {
    alt((word, number, symbol)).parse(rest)
}

fn word(rest: &str) -> Lex<'_, Tok> {
    let (after, name) = recognize(pair(
        satisfy(|c| c.is_ascii_alphabetic() || c == '_' || c == '@'),
        take_while(|c: char| c.is_ascii_alphanumeric() || c == '_'),
    ))
    .parse(rest)?;
    // The longest match wins: `in~`, `like~`, `startsWith~` (§1.2).
    let fused = rest.get(..name.len() + 1).filter(|text| text.ends_with('~'));
    if let Some(fused) = fused.filter(|_| name.starts_with(|c: char| c.is_ascii_alphabetic())) {
        let keyword = Keyword::ALL.iter().find(|keyword| keyword.text() == fused);
        let after = rest.get(fused.len()..).unwrap_or_default();
        return Ok((after, keyword.map_or(Tok::TildeIdent, |keyword| Tok::Keyword(*keyword))));
    }
    let keyword = Keyword::ALL.iter().find(|keyword| keyword.text() == name);
    Ok((after, keyword.map_or(Tok::Ident, |keyword| Tok::Keyword(*keyword))))
}

/// §1.20, §1.21: `1`, `1.5`, `1.`, `.5`, `1e3`, `.5E+2`.
fn number(rest: &str) -> Lex<'_, Tok> {
    let digits = || take_while::<_, &str, nom::error::Error<&str>>(|c: char| c.is_ascii_digit());
    let (after, (whole, fraction, exponent)) = (
        digits(),
        opt(preceded(char('.'), digits())),
        opt((one_of("eE"), opt(one_of("+-")), digit1)),
    )
        .parse(rest)?;
    if whole.is_empty() && fraction.is_none_or(str::is_empty) {
        // A dot alone is the dot of a field path.
        return fail().parse(rest);
    }
    let text = rest.get(..rest.len() - after.len()).unwrap_or_default();
    let value = if fraction.is_none() && exponent.is_none() {
        Number::parse(text)
    } else {
        Number::parse_float(text)
    };
    Ok((after, value.map_or(Tok::Bad, Tok::Number)))
}

fn symbol(rest: &str) -> Lex<'_, Tok> {
    for symbol in Symbol::ALL {
        if let Ok((after, _)) = tag::<_, _, nom::error::Error<&str>>(symbol.text()).parse(rest) {
            return Ok((after, Tok::Symbol(*symbol)));
        }
    }
    // The caller names the character.
    fail().parse(rest)
}

/// Quotes that word processors and web pages put in place of `"`.
const CURLY: [char; 4] = ['\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}'];

/// Characters that look like a blank, or like nothing, and are none (§1.1).
const ODD_BLANKS: [char; 6] =
    ['\u{a0}', '\u{feff}', '\u{2028}', '\u{202f}', '\u{200b}', '\u{2009}'];

/// An operator of another language at the start of the text: what it is, what stands for it here.
fn foreign(rest: &str) -> Option<(&'static str, &'static str, Tok)> {
    [
        ("||", "or", Tok::Keyword(Keyword::Or)),
        ("<>", "!=", Tok::Symbol(Symbol::NotEqual)),
        ("===", "==", Tok::Symbol(Symbol::Equal)),
    ]
    .into_iter()
    .find(|(found, ..)| rest.starts_with(found))
}

/// Where a byte of a string's value stands in its literal, in bytes from the opening quote
/// (spec §11.4). The literal is one that was read without a finding.
#[must_use]
pub fn place_in_literal(literal: &str, offset: usize) -> usize {
    if literal.starts_with(r#"""""#) && literal.len() >= 6 {
        return 3 + offset;
    }
    let body = literal.get(1..).unwrap_or_default();
    let (mut at, mut decoded) = (0, 0);
    let mut chars = body.chars();
    while decoded < offset {
        let Some(c) = chars.next() else { break };
        at += c.len_utf8();
        if c != '\\' {
            decoded += c.len_utf8();
            continue;
        }
        let rest = chars.as_str();
        let digits = rest.strip_prefix("u{").and_then(|rest| rest.split_once('}'));
        let (length, value) = match digits {
            Some((digits, _)) => {
                let value = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                (digits.len() + 3, value.map_or(1, char::len_utf8))
            }
            // Every other escape is one character that stands for one byte.
            None => (1, 1),
        };
        at += length;
        decoded += value;
        chars = rest.get(length..).unwrap_or_default().chars();
    }
    1 + at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(source: &str) -> Vec<String> {
        let (tokens, findings) = lex(source);
        assert_eq!(findings, [], "{source}");
        tokens
            .into_iter()
            .filter_map(|token| match token.kind {
                Tok::Str(text) => Some(text.into()),
                _ => None,
            })
            .collect()
    }

    fn codes(source: &str) -> Vec<(&'static str, &str)> {
        let (_, findings) = lex(source);
        findings.iter().map(|f| (f.kind.code(), f.span.text(source))).collect()
    }

    #[test]
    fn strings_are_decoded() {
        assert_eq!(strings(r#""a\n\t\\\"\u{1F600}\'""#), ["a\n\t\\\"\u{1F600}'"]);
        assert_eq!(strings(r#""""C:\Temp\*""""#), [r"C:\Temp\*"]);
        assert_eq!(strings(r#""""say "hi"""""#), [r#"say "hi""#]);
        assert_eq!(strings(r#""""""quoted""""""#.get(1..).unwrap()), [r#""quoted"""#]);
        assert_eq!(strings(r#""""""""#), [""]);
        assert_eq!(strings(r#""" "b""#), ["", "b"]);
    }

    #[test]
    fn lexical_mistakes_point_at_the_guilty_characters() {
        assert_eq!(codes(r#"x == "C:\Windows""#), [("E-103", r"\W")]);
        assert_eq!(codes("x == \"abc\ny"), [("E-102", "\"abc")]);
        assert_eq!(codes(r#"x == "\u{1}""#), [("E-104", r"\u{1}")]);
        assert_eq!(codes(r#"x == "\u{d800}""#), [("E-105", r"\u{d800}")]);
        assert_eq!(codes("x == 'a'"), [("E-106", "'a'")]);
        assert_eq!(codes(r#"x == ?"a\b""#), [("E-107", r#"?"a\b""#)]);
        assert_eq!(codes("`x == 1"), [("E-108", "`")]);
        assert_eq!(codes("`` == 1"), [("E-112", "``")]);
        assert_eq!(codes("a /* b /* c */"), [("E-109", "/*")]);
        assert_eq!(codes("a && b"), [("E-101", "&&")]);
        assert_eq!(codes("a\u{a0}b"), [("E-101", "\u{a0}")]);
        assert_eq!(codes("!a"), [("E-110", "!")]);
        assert_eq!(codes("1e999"), [("E-111", "1e999")]);
    }

    #[test]
    fn numbers_are_read_whole() {
        let values = |source: &str| {
            let numbers = lex(source).0.into_iter().filter_map(|token| match token.kind {
                Tok::Number(number) => Some(number.to_string()),
                _ => None,
            });
            numbers.collect::<Vec<_>>()
        };
        assert_eq!(
            values("007 1.50 1. .5 1e3 .5E+2 2.75"),
            ["7", "1.5", "1.0", "0.5", "1000.0", "50.0", "2.75"]
        );
        assert_eq!(
            values("9223372036854775808 18446744073709551616"),
            ["9223372036854775808", "1.8446744073709552e19"]
        );
    }

    #[test]
    fn the_longest_match_wins() {
        let kinds = |source: &str| lex(source).0.into_iter().map(|t| t.kind).collect::<Vec<_>>();
        assert_eq!(kinds("in~"), [Tok::Keyword(Keyword::InInsensitive), Tok::End]);
        assert_eq!(kinds("innocent"), [Tok::Ident, Tok::End]);
        assert_eq!(kinds("![")[0], Tok::Symbol(Symbol::NotBracket));
        assert_eq!(kinds("startsWith~")[0], Tok::TildeIdent);
        assert_eq!(kinds("a /* x /* y */ z */ // t\n b"), [Tok::Ident, Tok::Ident, Tok::End]);
        assert_eq!(kinds("`a``b`")[0], Tok::QuotedIdent("a`b".into()));
        assert_eq!(kinds("1..3").len(), 3);
    }

    #[test]
    fn bytes_of_a_value_are_found_in_its_literal() {
        for (literal, offset, expected) in [
            (r#""abc""#, 0, "abc\""),
            (r#""abc""#, 3, "\""),
            (r#""a\\b\n\u{e9}c""#, 1, r#"\\b\n\u{e9}c""#),
            (r#""a\\b\n\u{e9}c""#, 2, r#"b\n\u{e9}c""#),
            (r#""a\\b\n\u{e9}c""#, 4, r#"\u{e9}c""#),
            (r#""a\\b\n\u{e9}c""#, 6, "c\""),
            (r#""""a\b""""#, 2, r#"b""""#),
        ] {
            let place = super::place_in_literal(literal, offset);
            assert_eq!(literal.get(place..), Some(expected), "{literal} {offset}");
        }
    }
}
