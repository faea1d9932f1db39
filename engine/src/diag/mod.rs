//! Findings: what is wrong with a text, as data until the outermost layer.
//!
//! Codes are those of the specification (§11); `R-…` are about rule documents, `D-…` about event
//! data and mappings, `X-…` about limits. A code is never used twice.

mod kind;
mod words;

use crate::sort;
use crate::span::Span;

pub use kind::DiagKind;
pub use words::{CONDITION, CONNECTIVE, OPERATOR, QUERY, VALUE};
pub(crate) use words::{n, shortened};

/// One finding about one source text, still in terms of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What was found.
    pub kind: DiagKind,
    /// Where.
    pub span: Span,
    /// Ways to mend it, the likeliest first.
    pub fixes: Vec<Fix>,
}

/// A named replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, for a button.
    pub title: String,
    /// What is replaced, and by what. The ranges do not overlap.
    pub edits: Vec<(Span, String)>,
}

impl Diagnostic {
    /// A finding without a fix.
    #[must_use]
    pub fn new(kind: DiagKind, span: Span) -> Self {
        Self { kind, span, fixes: Vec::new() }
    }

    /// The same with one replacement.
    #[must_use]
    pub fn with_fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.with_edits(title, vec![(span, text.into())])
    }

    /// The same with several replacements, whose ranges must not overlap.
    #[must_use]
    pub fn with_edits(mut self, title: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits });
        self
    }
}

/// Puts findings in the order of their places; those of one place keep theirs.
pub fn in_source_order(findings: &mut [Diagnostic]) {
    sort::by(findings, |one, two| one.span.start.cmp(&two.span.start));
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The text cannot be used.
    Error,
    /// It can, but probably does not do what was meant.
    Warning,
    /// Worth knowing.
    Info,
}
