//! Code in running text.

use yew::prelude::*;

use crate::state::text::{pieces, visible};

/// A sentence in which what stood in backticks is code.
pub fn prose(sentence: &str) -> Html {
    let piece = |(is_code, piece): (bool, &str)| {
        let piece = visible(piece).into_owned();
        if is_code {
            html! { <code>{ piece }</code> }
        } else {
            html! { { piece } }
        }
    };
    pieces(sentence).map(piece).collect()
}

/// What a stretch of a label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Word,
    Text,
    Quiet,
}

/// One line of EQL: keywords strong, texts umber, operators quiet.
pub fn eql(label: &str) -> Html {
    let part = |(kind, text): (Kind, &str)| {
        let text = visible(text).into_owned();
        match kind {
            Kind::Plain => html! { { text } },
            Kind::Word => html! { <span class="code__word">{ text }</span> },
            Kind::Text => html! { <span class="code__text">{ text }</span> },
            Kind::Quiet => html! { <span class="code__quiet">{ text }</span> },
        }
    };
    html! { <code class="code">{ for split(label).into_iter().map(part) }</code> }
}

const WORDS: [&str; 13] = [
    "and", "or", "not", "in", "in~", "like", "like~", "regex", "regex~", "where", "true", "false",
    "null",
];

fn split(label: &str) -> Vec<(Kind, &str)> {
    let mut parts = Vec::new();
    let mut rest = label;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = if first == '"' {
            (Kind::Text, text_length(rest))
        } else if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let word = rest.get(..length).unwrap_or(rest);
            (if WORDS.contains(&word) { Kind::Word } else { Kind::Plain }, length)
        } else if first.is_whitespace() {
            (Kind::Plain, first.len_utf8())
        } else {
            (Kind::Quiet, first.len_utf8())
        };
        let (part, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        parts.push((kind, part));
        rest = after;
    }
    parts
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '@' | '~' | '`' | '\u{2026}')
}

/// Length of the text literal at the start; an unclosed one goes to the end.
fn text_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_fall_into_their_parts() {
        use Kind::{Plain, Quiet, Text, Word};
        let label = r#"not a.in in ("x \" and", 5)"#;
        let parts: Vec<_> =
            split(label).into_iter().filter(|(_, text)| !text.trim().is_empty()).collect();
        assert_eq!(
            parts,
            [
                (Word, "not"),
                (Plain, "a.in"),
                (Word, "in"),
                (Quiet, "("),
                (Text, r#""x \" and""#),
                (Quiet, ","),
                (Plain, "5"),
                (Quiet, ")"),
            ]
        );
    }

    #[test]
    fn nothing_of_a_label_is_lost() {
        for label in ["", "\"open", "\u{e4} : \"*\u{1f600}\"", "a\u{2026}"] {
            let joined: String = split(label).into_iter().map(|(_, text)| text).collect();
            assert_eq!(joined, label);
        }
    }
}
