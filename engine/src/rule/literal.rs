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
}
