//! String literals of TOML and JSON, decoded with the place of every character.

use crate::rule::source_map::Assembly;
use crate::span::Span;

/// Decodes the literal at `place` of `text`, quotes included. `None` where it is no sound literal.
///
/// The readers of the documents decode as well, but do not tell which character came from where.
pub(super) fn decode(text: &str, place: Span) -> Option<Assembly> {
    let raw = place.text(text);
    let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| raw.starts_with(quotes))?;
    let body = raw.strip_prefix(quotes)?.strip_suffix(quotes)?;
    let mut decoded = Assembly::default();
    let mut at = place.start as usize + quotes.len();
    let end = at + body.len();
    if quotes.len() == 3 {
        // A line end straight after the opening quotes is no part of the text.
        at += ["\r\n", "\n"].iter().find(|it| body.starts_with(**it)).map_or(0, |it| it.len());
    }
    decoded.map.forbidden = match quotes {
        "'" => "'\r\n",
        "'''" => "'",
        "\"\"\"" => "\"\\",
        _ => "\"\\\r\n\t",
    };
    if quotes.starts_with('\'') {
        decoded.copy(text, at..end);
        return Some(decoded);
    }
    while at < end {
        let rest = text.get(at..end)?;
        let plain = rest.find('\\').unwrap_or(rest.len());
        decoded.copy(text, at..at + plain);
        at += plain;
        if at < end {
            let (character, len) = escape(text.get(at..end)?)?;
            let mut buffer = [0; 4];
            let character = character.map_or("", |c| c.encode_utf8(&mut buffer));
            decoded.push(character, Span::new(at as u32, (at + len) as u32));
            at += len;
        }
    }
    Some(decoded)
}

/// The characters of what stands between double quotes, each with the bytes it takes there. `None`
/// where an escape is unsound, or takes back a line end.
#[must_use]
pub fn unescaped(body: &str) -> Option<Vec<(char, u32)>> {
    let mut found = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        let (c, len) = if c == '\\' { escape(rest)? } else { (Some(c), c.len_utf8()) };
        found.push((c?, len as u32));
        rest = rest.get(len..)?;
    }
    Some(found)
}

/// A text as it stands between double quotes; line ends as they are, or as letters.
#[must_use]
pub fn escaped(text: &str, keeps_lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' | '\r' if keeps_lines => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// The escape at the beginning: its character, none for a line end that is taken back, and its
/// length in bytes.
fn escape(rest: &str) -> Option<(Option<char>, usize)> {
    let after = rest.get(1..)?;
    let code = |from: usize, n: usize| u32::from_str_radix(rest.get(from..from + n)?, 16).ok();
    let c = match after.chars().next()? {
        c @ ('"' | '\\' | '/') => c,
        'b' => '\u{8}',
        'e' => '\u{1b}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'x' => return Some((Some(char::from_u32(code(2, 2)?)?), 4)),
        'U' => return Some((Some(char::from_u32(code(2, 8)?)?), 10)),
        'u' => {
            let first = code(2, 4)?;
            if let Some(c) = char::from_u32(first) {
                return Some((Some(c), 6));
            }
            // JSON writes what is above U+FFFF as two.
            let pair = rest.get(6..8).filter(|mark| *mark == "\\u").and_then(|_| code(8, 4));
            let second = pair.filter(|second| (0xdc00..0xe000).contains(second));
            let c = second.filter(|_| first < 0xdc00).and_then(|second| {
                char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
            });
            return Some(match c {
                Some(c) => (Some(c), 12),
                None => (Some(char::REPLACEMENT_CHARACTER), 6),
            });
        }
        ' ' | '\t' | '\r' | '\n' => {
            let blanks = after.len() - after.trim_start().len();
            return Some((None, 1 + blanks));
        }
        _ => return None,
    };
    Some((Some(c), 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_knows_where_it_came_from() {
        for (raw, decoded, found, place) in [
            (r#""a == \"x\" b""#, "a == \"x\" b", "x\"", r#"x\""#),
            (r#""a == \"x\" b""#, "a == \"x\" b", " b", " b"),
            (r#""\u00e4\\n\nz""#, "\u{e4}\\n\nz", "\\n\nz", r"\\n\nz"),
            (r#""\ud83d\ude00z""#, "\u{1f600}z", "\u{1f600}", r"\ud83d\ude00"),
            ("'''\na\n'''", "a\n", "a", "a"),
            ("\"\"\"\na \\\n   b\"\"\"", "a b", "b", "b"),
            ("'a\\n'", "a\\n", "\\n", "\\n"),
        ] {
            let text = format!("q = {raw}");
            let literal = decode(&text, Span::new(4, text.len() as u32)).unwrap();
            assert_eq!(literal.text, decoded, "{raw}");
            let at = decoded.rfind(found).unwrap();
            let span = Span::new(at as u32, (at + found.len()) as u32);
            assert_eq!(literal.map.place(span).text(&text), place, "{raw}");
        }
        for raw in ["\"a", "\"\\q\"", "a", "\"\\u12\"", "\"\\"] {
            assert!(decode(raw, Span::new(0, raw.len() as u32)).is_none(), "{raw}");
        }
    }

    #[test]
    fn what_stands_between_quotes_is_read_and_written() {
        for (body, text, lens) in [
            ("", "", &[][..]),
            (r#"a\"\\"#, "a\"\\", &[1, 2, 2]),
            (r"\u00e9é\/\n\t", "éé/\n\t", &[6, 2, 2, 2, 2]),
            (r"\ud83d\ude00😀\u0041", "😀😀A", &[12, 4, 6]),
            // Half a pair is no character.
            (r"\ud83dx\ude00", "\u{fffd}x\u{fffd}", &[6, 1, 6]),
        ] {
            let found = unescaped(body).unwrap();
            assert_eq!(found.iter().map(|(c, _)| *c).collect::<String>(), text, "{body}");
            assert_eq!(found.iter().map(|(_, len)| *len).collect::<Vec<_>>(), lens, "{body}");
            for keeps_lines in [false, true] {
                let again = unescaped(&escaped(text, keeps_lines)).unwrap();
                assert!(again.iter().map(|(c, _)| *c).eq(text.chars()), "{body}");
            }
        }
        for body in ["\\", "\\q", "\\u12", "\\u00e", "a\\\n  b"] {
            assert_eq!(unescaped(body), None, "{body}");
        }
        let odd = escaped("\"\\\n\r\t\u{1}\u{7f}é/", false);
        assert_eq!(odd, r#"\"\\\n\r\t\u0001\u007fé/"#);
        assert_eq!(escaped("\"\n\r\t", true), "\\\"\n\r\\t");
    }

    #[test]
    fn a_query_knows_whether_it_stands_where_escapes_are_read() {
        for (text, found) in [
            (r#"{"query":"any where a == \"b\"","rule_id":"r"}"#, Some(r#"any where a == \"b\""#)),
            (r#"{"query":" any where a\n","rule_id":"r"}"#, Some("any where a")),
            ("[rule]\nquery = \"any where a\"\n", Some("any where a")),
            ("[rule]\nquery = \"\"\"\nany where\n a\n\"\"\"\n", Some("any where\n a")),
            ("[rule]\nquery = \"\"\"\nany where \\\n a\n\"\"\"\n", None),
            ("[rule]\nquery = '''\nany where a\n'''\n", None),
            ("GET /x/_eql/search\n{ \"query\": \"\"\"any where a\"\"\" }", None),
            ("GET /x/_eql/search\n{ \"query\": \"any where a\" }", Some("any where a")),
            ("any where a == \"b\"", None),
        ] {
            let place = crate::rule::read(text).0.escaped_span(text);
            assert_eq!(place.map(|place| place.text(text)), found, "{text}");
        }
    }
}
