//! Text to tokens (spec §1), with nom.
//!
//! A lexical mistake is a finding plus a [`Tok::Bad`] that stands for what was meant, so that the
//! parser can go on and the tree of the sound parts survives.

mod strings;

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
    let mut lexing = Lexing {
        source,
        tokens: Vec::with_capacity(source.len() / 6),
        findings: Vec::new(),
        start: 0,
        odd_line: (0, false),
    };
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
    /// Where the token that is being read begins.
    start: u32,
    /// Up to where the quotes of a line were counted, and whether their number is odd.
    odd_line: (u32, bool),
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
                rest = after_line(rest);
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
        self.start = self.offset(rest);
        let (after, kind) = match rest.as_bytes().first() {
            Some(b'"') => self.string(rest),
            Some(b'\'') => self.old_string(rest, rest, DiagKind::SingleQuotes),
            Some(b'?') if rest[1..].starts_with(['"', '\'']) => {
                self.old_string(rest, rest.get(1..).unwrap_or_default(), DiagKind::OldRawString)
            }
            Some(b'r' | b'R' | b'@') if rest[1..].starts_with('"') && !self.is_odd(rest) => {
                let kind = DiagKind::ForeignOperator {
                    found: format!("{}\"…\"", rest.get(..1).unwrap_or_default()),
                    meant: "\"\"\"…\"\"\"",
                };
                self.old_string(rest, rest.get(1..).unwrap_or_default(), kind)
            }
            Some(b'`') => match self.quoted_name(rest) {
                Some(read) => read,
                None => return rest.get(1..).unwrap_or_default(),
            },
            Some(b'!') if rest.starts_with("!:") || rest.starts_with("!~") => {
                // Read as `not :`, which the parser refuses.
                self.push(Tok::Keyword(Keyword::Not), 1);
                (rest.get(2..).unwrap_or_default(), Tok::Symbol(Symbol::Colon))
            }
            Some(b'#') if is_note(rest) => return self.foreign_comment(rest, "#"),
            Some(b'-') if self.is_dashed_note(rest) => return self.foreign_comment(rest, "--"),
            Some(b';') => return self.semicolon(rest),
            _ if rest.starts_with(strings::CURLY) => self.curly_string(rest),
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
        let end = self.offset(after);
        self.push(kind, end - self.start);
        after
    }

    /// The token of this length.
    fn push(&mut self, kind: Tok, length: u32) {
        let span = Span::new(self.start, self.start + length);
        self.tokens.push(Token { kind, span });
        self.start = span.end;
    }

    /// Is `-- …` a note of SQL, rather than two signs of ours (§3.28)? A note has two words in a row,
    /// or begins with what no operand begins with, or stands where no number is compared.
    fn is_dashed_note(&self, rest: &str) -> bool {
        let Some(note) = rest.strip_prefix("-- ") else { return false };
        let line = note.lines().next().unwrap_or_default().trim();
        let is_word = |c: char| c.is_ascii_alphanumeric() || "_@.".contains(c);
        let after = line.trim_start_matches(is_word);
        if after.len() == line.len() {
            return !line.is_empty() && !line.starts_with(['(', '-', '+', '/', '"', '`', '?']);
        }
        if after.is_empty() {
            return !self.source.contains(['=', '<', '>']) && !self.source.contains("in");
        }
        let second = after.trim_start();
        // What may follow an operand.
        let goes_on = ["and", "or", "not", "in", "like", "regex"]
            .iter()
            .any(|word| second.strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_word)));
        second.len() < after.len() && second.starts_with(is_word) && !goes_on
    }

    /// A comment of another language: named, and left out.
    fn foreign_comment(&mut self, rest: &'t str, found: &'static str) -> &'t str {
        let span = Span::new(self.start, self.start + found.len() as u32);
        let finding = Diagnostic::new(DiagKind::ForeignComment(found), span);
        self.findings.push(finding.with_fix("Write `//`", span, "//"));
        after_line(rest)
    }

    /// What ends a statement elsewhere stands for nothing here.
    fn semicolon(&mut self, rest: &'t str) -> &'t str {
        let after = rest.trim_start_matches(';');
        let span = self.span(rest, after);
        let finding = Diagnostic::new(DiagKind::UnknownCharacter(';'), span);
        self.findings.push(finding.with_fix("Delete it", span, ""));
        after
    }

    /// An operator of another language (§1.22): named, and read as what was meant.
    fn foreign(&mut self, rest: &'t str) -> (&'t str, Tok) {
        let Some((found, meant, kind)) = foreign(rest) else { return self.unknown(rest) };
        let after = rest.get(found.len()..).unwrap_or_default();
        let span = self.span(rest, after);
        let finding =
            Diagnostic::new(DiagKind::ForeignOperator { found: found.into(), meant }, span);
        self.findings.push(finding.with_fix(format!("Write `{meant}`"), span, meant));
        (after, kind)
    }

    /// A character that begins no token. A doubled one (`&&`) is one mistake.
    fn unknown(&mut self, rest: &'t str) -> (&'t str, Tok) {
        let found = rest.chars().next().unwrap_or_default();
        let after = rest.trim_start_matches(found);
        let span = self.span(rest, after);
        let body = after.trim_start();
        if found == '\u{1b}' && after.starts_with('[') {
            // A colour of a terminal: what follows the escape belongs to it.
            self.finding(DiagKind::UnknownCharacter(found), span);
            let end =
                after.find(|c: char| c.is_ascii_alphabetic()).map_or(after.len(), |at| at + 1);
            return (after.get(end..).unwrap_or_default(), Tok::Bad);
        }
        if found == '!' && body.starts_with('[') {
            let gap = self.span(after, body);
            let finding = Diagnostic::new(DiagKind::LoneBang, span);
            self.findings.push(finding.with_fix("Write `![` without a gap", gap, ""));
            return (body.get(1..).unwrap_or_default(), Tok::Symbol(Symbol::NotBracket));
        }
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
}

/// A text that stood in other quotes, or in none, as a string: who wrote it meant every backslash,
/// doubled or not.
pub(super) fn requoted(text: &str) -> String {
    let quoted = format!("\"{text}\"");
    let is_sound = text.contains(r"\\") && lex(&quoted).1.is_empty();
    if is_sound { quoted } else { quote_text(text) }
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

/// What follows the line, from its end on.
pub(super) fn after_line(rest: &str) -> &str {
    rest.find(['\r', '\n']).and_then(|at| rest.get(at..)).unwrap_or_default()
}

/// What to write for the operator at this place: with blanks where its neighbours adjoin.
#[must_use]
pub fn spaced(source: &str, place: Span, operator: &str) -> String {
    let is_gap = |c: Option<char>| c.is_none_or(|c| c.is_ascii_whitespace());
    let before = source.get(..place.start as usize).and_then(|text| text.chars().next_back());
    let after = source.get(place.end as usize..).and_then(|text| text.chars().next());
    let open = if is_gap(before) { "" } else { " " };
    let close = if is_gap(after) || matches!(after, Some(')' | ']')) { "" } else { " " };
    format!("{open}{operator}{close}")
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

/// Characters that look like a blank, or like nothing, and are none (§1.1).
const ODD_BLANKS: [char; 6] =
    ['\u{a0}', '\u{feff}', '\u{2028}', '\u{202f}', '\u{200b}', '\u{2009}'];

/// Is what follows `#` on its line a note, rather than a part of the query behind a stray mark?
fn is_note(rest: &str) -> bool {
    let is_end = |byte: u8| matches!(byte, b'\n' | b'\r' | b'"' | b'[' | b']');
    // Words behind it, and no operator among them.
    let line = rest.lines().next().unwrap_or_default();
    let mut words = line.get(1..).unwrap_or_default().split(' ').skip_while(|it| it.is_empty());
    let is_word = |it: Option<&str>| {
        it.is_some_and(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    let operators = ["==", "!=", " : ", " in ", " like", "(", "[", "]", " < ", " > "];
    if line.len() <= MAX_NOTE
        && is_word(words.next())
        && is_word(words.next())
        && !operators.iter().any(|it| line.contains(it))
    {
        return true;
    }
    let end = rest.bytes().take(MAX_NOTE).position(is_end);
    // A longer line is looked at no further, or each mark in it would cost as much as all of it.
    if end.is_none() && rest.len() > MAX_NOTE {
        return false;
    }
    let line = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let next = rest.as_bytes().get(line.len());
    !matches!(next, Some(b'"' | b'[' | b']')) && !line.contains("==") && !line.contains(" : ")
}

/// Most bytes of a note behind `#`.
const MAX_NOTE: usize = 1_000;

/// An operator of another language at the start of the text: what it is, what stands for it here.
fn foreign(rest: &str) -> Option<(&'static str, &'static str, Tok)> {
    [
        ("||", "or", Tok::Keyword(Keyword::Or)),
        ("<>", "!=", Tok::Symbol(Symbol::NotEqual)),
        ("===", "==", Tok::Symbol(Symbol::Equal)),
        ("!==", "!=", Tok::Symbol(Symbol::NotEqual)),
        ("=!", "!=", Tok::Symbol(Symbol::NotEqual)),
        ("=~", ":", Tok::Symbol(Symbol::Colon)),
        (":=", "==", Tok::Symbol(Symbol::Equal)),
        ("~=", ":", Tok::Symbol(Symbol::Colon)),
        ("~", ":", Tok::Symbol(Symbol::Colon)),
        ("=<", "<=", Tok::Symbol(Symbol::LessEqual)),
        ("=>", ">=", Tok::Symbol(Symbol::GreaterEqual)),
        ("\u{2260}", "!=", Tok::Symbol(Symbol::NotEqual)),
        ("\u{2264}", "<=", Tok::Symbol(Symbol::LessEqual)),
        ("\u{2265}", ">=", Tok::Symbol(Symbol::GreaterEqual)),
    ]
    .into_iter()
    .find(|(found, ..)| {
        // A lone `~` is an operator only before a text.
        let after = rest.strip_prefix(found);
        after.is_some_and(|it| *found != "~" || it.trim_start().starts_with(['"', '(']))
    })
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
    fn sound_texts_are_not_taken_for_mistakes() {
        for source in [
            "x == -- 1",
            "x -- y < 2",
            "x -- (1)",
            "x -- ?y == 1",
            "x -- `y` == 1",
            "x == \"a\"// say \" [",
            "x == \"a\"/* \" */and y",
            "x == \"a\"and y == \"\"\"say \"hi\"\"\"\"",
            "x == \"a\"or y == \"\"\"C:\\\"\"\"",
            "x == \"a\"or `o\"d` == 1",
        ] {
            assert_eq!(codes(source), [], "{source}");
        }
        assert_eq!(codes("x == 1 -- all of them"), [("E-101", "--")]);
        // A carriage return ends a line, too.
        assert_eq!(lex("a // b\rand c").0.len(), 4);
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
