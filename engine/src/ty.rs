//! The type families of EQL (spec §3.1).

use std::fmt;

use crate::time::DateFormats;

/// Family of a field, literal or expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `keyword`, `constant_keyword`, `wildcard`.
    String,
    /// `version`: a string whose order is that of versions.
    Version,
    /// `byte` … `long`, `unsigned_long`.
    Integer,
    /// `half_float` … `double`, `scaled_float`.
    Decimal,
    /// `boolean`.
    Boolean,
    /// `date`, `date_nanos`.
    Date(DateFormats),
    /// `ip`.
    Ip,
    /// The literal `null`, or a field nobody knows.
    Null,
    /// Values of several families: each is compared only with literals of its own (§3.6).
    Mixed,
    /// `text` without an exact sub-field (§3.5).
    Text,
    /// A keyword with a normalizer, or `text` with several exact sub-fields (§3.5).
    Inexact,
    /// `nested`, or a field below one (§3.2).
    Nested,
    /// Any other type of the index, by its name (§3.2).
    Unsupported(Box<str>),
}

impl Type {
    /// The family of an Elasticsearch field type.
    #[must_use]
    pub fn of_mapping(name: &str) -> Self {
        match name {
            "keyword" | "constant_keyword" | "wildcard" => Self::String,
            "version" => Self::Version,
            "byte" | "short" | "integer" | "long" | "unsigned_long" => Self::Integer,
            "half_float" | "float" | "double" | "scaled_float" => Self::Decimal,
            "boolean" => Self::Boolean,
            "date" => Self::Date(DateFormats::default().in_millis()),
            "date_nanos" => Self::date(),
            "ip" => Self::Ip,
            "text" | "match_only_text" => Self::Text,
            "nested" => Self::Nested,
            other => Self::Unsupported(other.into()),
        }
    }

    /// A date field that reads what date fields read by default.
    #[must_use]
    pub fn date() -> Self {
        Self::Date(DateFormats::default())
    }

    /// A string of any kind.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self, Self::String | Self::Version)
    }

    /// Integer or decimal.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Integer | Self::Decimal)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String | Self::Version => "string",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Date(_) => "date",
            Self::Ip => "ip",
            Self::Null => "null",
            Self::Mixed => "mixed",
            Self::Text => "text",
            Self::Inexact => "keyword",
            Self::Nested => "nested",
            Self::Unsupported(name) => name,
        })
    }
}
