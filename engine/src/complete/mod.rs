//! What may be written at a place of a query, and what a word in it means.
//!
//! Both work on tokens, so that a text that is being written is understood as far as it goes. Counts
//! and values are those of the loaded events.

mod hover;
mod items;
mod known;
mod place;
#[cfg(test)]
mod tests;
mod words;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::schema::{KnownBy, Mapping, Schema};
use crate::span::Span;
use crate::store::{Column, Store};
use crate::syntax::lexer::lex;
use crate::syntax::token::{Tok, Token};
use crate::ty::Type;

pub use known::Known;

/// What is known beside the query.
#[derive(Clone, Copy)]
pub struct Facts<'f> {
    /// The loaded events.
    pub store: &'f Store,
    /// The user's mapping; may be empty.
    pub mapping: &'f Mapping,
    /// All fields.
    pub known: &'f Known,
    /// Field of the event category.
    pub category_field: &'f str,
}

/// What a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "lowercase")]
pub enum SuggestionKind {
    /// An event category.
    Category,
    /// A word of the language.
    Keyword,
    /// A field.
    Field,
    /// A function.
    Function,
    /// An operator.
    Operator,
    /// A value of a field.
    Value,
    /// A duration.
    Duration,
}

impl SuggestionKind {
    /// Its name, as it is serialised.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Keyword => "keyword",
            Self::Field => "field",
            Self::Function => "function",
            Self::Operator => "operator",
            Self::Value => "value",
            Self::Duration => "duration",
        }
    }
}

/// Something that may be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// What is shown.
    pub label: String,
    /// What is written; the cursor stands behind it.
    pub insert: String,
    /// In few words: type, arguments.
    pub detail: String,
    /// What it means, or where it is found: `98 % of events`, `ignoring case`. Code stands in
    /// backticks.
    pub note: String,
}

/// What a word at a place means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Explained {
    /// The word, as code.
    pub title: String,
    /// What it is: `field`, `string`; `function`.
    pub detail: String,
    /// Sentences without a full stop, the most important first. Code stands in backticks.
    pub lines: Vec<String>,
    /// The most frequent values, each with the number of events that have it.
    pub values: Vec<(String, u32)>,
}

/// Most suggestions at a place.
const LIMIT: usize = 50;
/// Most values of a field in an explanation.
const TOP_VALUES: usize = 5;

impl Facts<'_> {
    /// The column that holds the values of a field.
    fn column(&self, field: &str) -> Option<&Column> {
        let info = self.mapping.field(field);
        self.store.column(info.as_ref().map_or(field, |info| &info.column))
    }

    /// The type of a field; of a known one it need not be gathered from the values again.
    fn ty(&self, name: &str) -> Type {
        let known = self.known.fields.iter().find(|field| &*field.name == name);
        known.map_or_else(|| self.schema().field(name).ty, |field| field.ty.clone())
    }

    fn schema(&self) -> Schema<'_> {
        Schema { mapping: self.mapping, values: self.store }
    }

    /// `all events`, `in 3 of 10 events`; for none, where else the field is known from.
    fn share(&self, events: u32, known_by: KnownBy) -> String {
        match (events, known_by) {
            (0, KnownBy::Mapping) => "mapping".into(),
            (0, _) => "ECS, in no event".into(),
            (n, _) if n == self.store.n_events() => "in all events".into(),
            (n, _) => format!("in {n} of {} events", self.store.n_events()),
        }
    }
}

/// `1 event`, `3 events`.
fn events(count: u32) -> String {
    format!("{count} event{}", if count == 1 { "" } else { "s" })
}

/// What may be written at a byte of a query, and which range of it that would replace. Nothing inside
/// comments, and where nothing can be told.
#[must_use]
pub fn complete(query: &str, at: usize, facts: &Facts<'_>) -> (Span, Vec<Suggestion>) {
    let nothing = (Span::empty(at as u32), Vec::new());
    match items::find(query, at, facts) {
        Some((span, mut items)) => {
            items.truncate(LIMIT);
            (span, items)
        }
        None => nothing,
    }
}

/// What the word at a byte of a query means, and where it stands. `None` where there is nothing to say.
#[must_use]
pub fn explain(query: &str, at: usize, facts: &Facts<'_>) -> Option<(Span, Explained)> {
    hover::find(query, at, facts)
}

/// The tokens of a text without the one at its end.
fn tokens_of(text: &str) -> Vec<Token> {
    let mut tokens = lex(text).0;
    tokens.retain(|token| token.kind != Tok::End);
    tokens
}

/// The name of a field from its tokens: parts joined by dots, without backticks.
fn field_name(text: &str) -> String {
    let mut name = String::new();
    for token in tokens_of(text) {
        match &token.kind {
            Tok::QuotedIdent(part) => name.push_str(part),
            _ => name.push_str(token.span.text(text)),
        }
    }
    name
}
