//! Markdown around texts of strangers: whatever a rule or an event says stays a text.
//!
//! Written for GitHub's flavour, which most tickets and chats read; what it escapes is harmless in
//! plain CommonMark as well. Every function gives inline text without line ends, except [`fence`].

/// Characters that turn the direction of what follows, unseen.
#[must_use]
pub fn turns(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Adds a character: line ends and tabs as a blank, what cannot be seen by its name.
fn push_seen(out: &mut String, c: char) {
    match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
        c if c.is_control() || turns(c) => {
            out.push_str(&format!("\u{27e8}U+{:04X}\u{27e9}", u32::from(c)));
        }
        c => out.push(c),
    }
}

/// Prose. Neither marks nor addresses in it come to life.
#[must_use]
pub fn text(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        // Bare addresses are made links by `://`, `www.` and `@`.
        let is_address = match c {
            ':' => rest.as_str().starts_with('/'),
            '.' => {
                let end = out.len().checked_sub(3).and_then(|from| out.get(from..));
                end.is_some_and(|end| end.eq_ignore_ascii_case("www"))
            }
            _ => false,
        };
        if is_address || "\\`*_{}[]<>&|~#!$@".contains(c) {
            out.push('\\');
        }
        push_seen(&mut out, c);
    }
    out
}

/// A code span; an empty text is named, since there is no empty span.
#[must_use]
pub fn code(text: &str) -> String {
    span(text, false)
}

/// A code span for a cell of a table, where a bar needs an escape even in code.
#[must_use]
pub fn cell(text: &str) -> String {
    span(text, true)
}

fn span(text: &str, in_cell: bool) -> String {
    if text.is_empty() {
        return "(empty)".into();
    }
    let mut inner = String::new();
    let mut backslashes = 0_usize;
    for c in text.chars() {
        if c == '|' && in_cell {
            // Readers take backslashes before a bar in pairs: an odd one would free the bar.
            inner.push_str(if backslashes.is_multiple_of(2) { "\\" } else { "\\\\" });
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        push_seen(&mut inner, c);
    }
    let marks = "`".repeat(longest_run(&inner) + 1);
    let is_blank = inner.trim().is_empty();
    let touches = |c: Option<char>| matches!(c, Some('`' | ' '));
    let pads = !is_blank && (touches(inner.chars().next()) || touches(inner.chars().next_back()));
    let pad = if pads { " " } else { "" };
    format!("{marks}{pad}{inner}{pad}{marks}")
}

/// A sentence of ours whose code stands in single backticks: prose and code spans.
#[must_use]
pub fn sentence(sentence: &str) -> String {
    parts(sentence, code)
}

/// The same for a cell of a table.
#[must_use]
pub fn sentence_cell(sentence: &str) -> String {
    parts(sentence, cell)
}

fn parts(sentence: &str, code: fn(&str) -> String) -> String {
    let parts = sentence.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 0 { text(part) } else { code(part) }).collect()
}

/// A fenced block; its fence is longer than any run of backticks inside. Line ends stay.
#[must_use]
pub fn fence(text: &str, info: &str) -> String {
    let mut inner = String::new();
    for c in text.trim_matches(['\n', '\r']).chars() {
        match c {
            '\n' | '\t' => inner.push(c),
            '\r' => {}
            c => push_seen(&mut inner, c),
        }
    }
    let marks = "`".repeat(longest_run(&inner).max(2) + 1);
    format!("{marks}{info}\n{inner}\n{marks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_stay_texts() {
        for (given, prose, span, in_cell) in [
            ("a|b", r"a\|b", "`a|b`", r"`a\|b`"),
            (r"a\|b", r"a\\\|b", r"`a\|b`", r"`a\\\|b`"),
            (r"a\\|b", r"a\\\\\|b", r"`a\\|b`", r"`a\\\|b`"),
            ("`rm`", r"\`rm\`", "`` `rm` ``", "`` `rm` ``"),
            ("a``b", r"a\`\`b", "```a``b```", "```a``b```"),
            ("<img src=x>", r"\<img src=x\>", "`<img src=x>`", "`<img src=x>`"),
            ("a\n# b\r\n", r"a \# b  ", "` a # b   `", "` a # b   `"),
            ("a\u{202e}b", "a⟨U+202E⟩b", "`a⟨U+202E⟩b`", "`a⟨U+202E⟩b`"),
            ("\u{1b}[31m", r"⟨U+001B⟩\[31m", "`⟨U+001B⟩[31m`", "`⟨U+001B⟩[31m`"),
            (
                "[x](javascript:1)",
                r"\[x\](javascript:1)",
                "`[x](javascript:1)`",
                "`[x](javascript:1)`",
            ),
            (
                "http://a www.b c@d",
                r"http\://a www\.b c\@d",
                "`http://a www.b c@d`",
                "`http://a www.b c@d`",
            ),
            ("&lt;", r"\&lt;", "`&lt;`", "`&lt;`"),
            ("", "", "(empty)", "(empty)"),
            ("  ", "  ", "`  `", "`  `"),
            (" a", " a", "`  a `", "`  a `"),
        ] {
            assert_eq!(text(given), prose, "{given:?}");
            assert_eq!(cell(given), in_cell, "{given:?}");
            if !given.contains('\n') {
                assert_eq!(code(given), span, "{given:?}");
            }
        }
    }

    #[test]
    fn a_fence_is_longer_than_what_is_in_it() {
        assert_eq!(fence("a\r\nb\n", "eql"), "```eql\na\nb\n```");
        assert_eq!(fence("````\nx", ""), "`````\n````\nx\n`````");
        assert_eq!(fence("a\u{2066}\u{0}", ""), "```\na⟨U+2066⟩⟨U+0000⟩\n```");
    }

    #[test]
    fn sentences_keep_their_code() {
        assert_eq!(sentence("`a|b` is *not* `c`."), r"`a|b` is \*not\* `c`.");
        assert_eq!(sentence_cell("`a|b` is"), r"`a\|b` is");
    }
}
