//! The query in plain English.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::rule::Rule;
use crate::span::{self, LineIndex};
use crate::syntax::describe::{self, describe};
use crate::syntax::parser::parse;
use crate::wire::Span;

/// A query in words, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Reading {
    /// The lines, in the order of the query.
    pub lines: Vec<ReadingLine>,
}

/// One line of a reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct ReadingLine {
    /// How far it is indented, in steps.
    pub depth: u16,
    /// Its pieces; joined they are its text.
    pub parts: Vec<ReadingPart>,
    /// The part of the query it tells, with what is indented below it.
    pub span: Span,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct ReadingPart {
    /// What it is.
    pub kind: ReadingKind,
    /// Its text.
    pub text: String,
}

/// Kinds of piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingKind {
    /// English, and code that is neither of the others.
    Word,
    /// A field.
    Field,
    /// A constant, an event category, a number.
    Value,
    /// A quiet remark.
    Note,
}

impl Reading {
    /// The query of a rule that was read from `text`, of which the spans are. `None` where the
    /// query cannot be parsed.
    #[must_use]
    pub fn of(rule: &Rule, text: &str) -> Option<Self> {
        let (query, findings) = parse(&rule.query);
        let place = |span| rule.place(span);
        findings
            .is_empty()
            .then(|| Self::new(&describe(&query, &rule.query), &LineIndex::new(text), &place))
    }

    /// A reading whose places in the query are turned by `place` into those in the indexed text.
    #[must_use]
    pub fn new(
        reading: &describe::Reading,
        index: &LineIndex<'_>,
        place: &dyn Fn(span::Span) -> span::Span,
    ) -> Self {
        let line = |line: &describe::Line| ReadingLine {
            depth: line.depth,
            parts: line.parts.iter().map(ReadingPart::from).collect(),
            span: Span::new(place(line.span), index),
        };
        Self { lines: reading.lines.iter().map(line).collect() }
    }
}

impl From<&describe::Part> for ReadingPart {
    fn from(part: &describe::Part) -> Self {
        let kind = match part.kind {
            describe::PartKind::Word => ReadingKind::Word,
            describe::PartKind::Field => ReadingKind::Field,
            describe::PartKind::Value => ReadingKind::Value,
            describe::PartKind::Note => ReadingKind::Note,
        };
        Self { kind, text: part.text.clone() }
    }
}
