//! Markdown as a rule carries it: its blocks, by text nodes alone. Anything that is not a heading,
//! a list, code or a paragraph stays the text it is; a rule is hostile input, so nothing in it
//! becomes an address or a tag.

use yew::prelude::*;

use crate::view::parts::code::prose;

/// What a text is made of.
#[derive(Debug, PartialEq, Eq)]
enum Block {
    Heading(String),
    Item(String),
    Code(String),
    Paragraph(String),
}

/// The text, block by block, below a heading; one that only repeats it is left out.
pub fn markdown(title: &str, text: &str) -> Html {
    let repeats = |block: &Block| matches!(block, Block::Heading(text) if text == title);
    let block = |block: Block| match block {
        Block::Heading(text) => html! { <h5 class="markdown__heading">{ prose(&text) }</h5> },
        Block::Item(text) => html! { <p class="markdown__item">{ prose(&text) }</p> },
        Block::Code(text) => html! { <pre class="markdown__code">{ text }</pre> },
        Block::Paragraph(text) => html! { <p class="markdown__text">{ prose(&text) }</p> },
    };
    html! { <div class="markdown">{ for blocks(text).into_iter().filter(|block| !repeats(block)).map(block) }</div> }
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_code = false;
    let mut is_new = true;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            is_code = !is_code;
            if is_code {
                blocks.push(Block::Code(String::new()));
            }
            is_new = true;
            continue;
        }
        match blocks.last_mut() {
            Some(Block::Code(code)) if is_code => {
                if !code.is_empty() {
                    code.push('\n');
                }
                code.push_str(line);
                continue;
            }
            // A line goes on with what is above it, unless it begins something of its own.
            Some(Block::Item(above) | Block::Paragraph(above))
                if !is_new && !trimmed.is_empty() && begins(trimmed).is_none() =>
            {
                above.push(' ');
                above.push_str(&plain(trimmed));
                continue;
            }
            _ => {}
        }
        is_new = trimmed.is_empty();
        if !is_new {
            blocks.push(begins(trimmed).unwrap_or_else(|| Block::Paragraph(plain(trimmed))));
        }
    }
    blocks
}

/// The heading or item that begins with this line.
fn begins(line: &str) -> Option<Block> {
    let heading = line.trim_start_matches('#');
    if heading.len() < line.len() && heading.starts_with(' ') {
        return Some(Block::Heading(plain(heading.trim())));
    }
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark));
    let item = item.map(|text| format!("\u{2022} {}", plain(text.trim())));
    let numbered = digits.starts_with(". ") && digits.len() < line.len();
    item.or_else(|| numbered.then(|| plain(line))).map(Block::Item)
}

/// Without the signs of emphasis.
fn plain(text: &str) -> String {
    text.replace("**", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_apart() {
        let text = "## Triage\n\nFirst\nline\n\n- one\n  more\n* **two**\n1. three\n\n\
                    ```\n$ ls <b>\n\n- x\n```\n<img src=x>";
        let expected = [
            Block::Heading("Triage".into()),
            Block::Paragraph("First line".into()),
            Block::Item("\u{2022} one more".into()),
            Block::Item("\u{2022} two".into()),
            Block::Item("1. three".into()),
            Block::Code("$ ls <b>\n\n- x".into()),
            Block::Paragraph("<img src=x>".into()),
        ];
        assert_eq!(blocks(text), expected);
        assert_eq!(blocks("```\nnever closed"), [Block::Code("never closed".into())]);
        assert_eq!(blocks("#tag\n1.5 s"), [Block::Paragraph("#tag 1.5 s".into())]);
        assert!(blocks(" \n").is_empty());
    }
}
