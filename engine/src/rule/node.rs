//! A document as a tree, whatever it was written in, with the place of every value.

use std::borrow::Cow;

use crate::rule::literal;
use crate::rule::source_map::{Assembly, SourceMap};
use crate::span::Span;

/// A value and its place in [`Document::text`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// What a document consists of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number or date, as it was written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// Members in an order of no meaning.
    Table(Vec<(String, Node)>),
}

impl Node {
    /// The member of a table. A null counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let member = self.members().iter().find(|(key, _)| key == name)?;
        Some(&member.1).filter(|node| node.value != Value::Null)
    }

    /// The members of a table; none of anything else.
    pub(super) fn members(&self) -> &[(String, Self)] {
        match &self.value {
            Value::Table(members) => members,
            _ => &[],
        }
    }

    /// The elements of a list; none of anything else.
    pub(super) fn elements(&self) -> &[Self] {
        match &self.value {
            Value::List(elements) => elements,
            _ => &[],
        }
    }

    /// The text of a string.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string member.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    pub(super) fn is_table(&self) -> bool {
        matches!(self.value, Value::Table(_))
    }

    /// True of a list or table without content.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.value, Value::List(_) | Value::Table(_))
            && self.members().is_empty()
            && self.elements().is_empty()
    }
}

/// A text that can be read, and how it came about where it is not the text as pasted.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) text: Cow<'t, str>,
    /// From the text to the text as pasted; `None` where they are the same.
    map: Option<SourceMap>,
}

impl<'t> Document<'t> {
    /// A text as it was pasted.
    pub(super) fn as_it_is(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), map: None }
    }

    /// A text that was mended.
    pub(super) fn mended(text: Assembly) -> Self {
        Self { text: Cow::Owned(text.text), map: Some(text.map) }
    }

    /// A place in the text as one in the text as pasted.
    pub(super) fn place(&self, span: Span) -> Span {
        self.map.as_ref().map_or(span, |map| map.place(span))
    }

    /// A string with the places of its characters in the text as pasted.
    pub(super) fn string(&self, node: &Node) -> Option<Assembly> {
        let text = node.text()?;
        let decoded = literal::decode(&self.text, node.span).filter(|found| found.text == text);
        let mut found = decoded.unwrap_or_else(|| Assembly {
            text: text.to_owned(),
            map: SourceMap::whole(text.len() as u32, node.span),
        });
        if let Some(map) = &self.map {
            found.map = found.map.through(map);
        }
        Some(found)
    }
}
