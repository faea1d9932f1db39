//! From the engine's own types to the wire.

use crate::diag::{self, Diagnostic};
use crate::explain::{self, view};
use crate::hir::Form;
use crate::span::{self, LineIndex};
use crate::wire::timeline::QueryForm;
use crate::wire::{Edit, EventLine, EventPart, Finding, Fix, PartKind, Severity, Span, Verdict};

impl Span {
    /// A span in every unit.
    #[must_use]
    pub fn new(span: span::Span, index: &LineIndex<'_>) -> Self {
        let (start, end) = (index.position(span.start), index.position(span.end));
        Self {
            start: span.start,
            end: span.end,
            line: start.line,
            column: start.column,
            start_utf16: start.utf16,
            end_utf16: end.utf16,
        }
    }
}

impl Finding {
    /// A finding about a text of which the source of the finding is the part from byte `offset`.
    #[must_use]
    pub fn new(finding: &Diagnostic, index: &LineIndex<'_>, offset: u32) -> Self {
        let span = |span: span::Span| Span::new(span.shifted(offset), index);
        let fixes = finding.fixes.iter().map(|fix| Fix {
            title: fix.title.clone(),
            edits: fix
                .edits
                .iter()
                .map(|(range, text)| Edit { span: span(*range), text: text.clone() })
                .collect(),
        });
        Self {
            severity: finding.kind.severity().into(),
            code: finding.kind.code().to_owned(),
            message: finding.kind.message(),
            help: finding.kind.help(),
            span: span(finding.span),
            fixes: fixes.collect(),
        }
    }
}

impl From<diag::Severity> for Severity {
    fn from(severity: diag::Severity) -> Self {
        match severity {
            diag::Severity::Error => Self::Error,
            diag::Severity::Warning => Self::Warning,
            diag::Severity::Info => Self::Info,
        }
    }
}

impl From<explain::Verdict> for Verdict {
    fn from(verdict: explain::Verdict) -> Self {
        match verdict {
            explain::Verdict::Holds => Self::Holds,
            explain::Verdict::Fails => Self::Fails,
            explain::Verdict::Missing => Self::Missing,
            explain::Verdict::Unsearched => Self::Unsearched,
        }
    }
}

impl From<view::Line> for EventLine {
    fn from(line: view::Line) -> Self {
        let parts = line.parts.into_iter().map(|part| EventPart {
            kind: match part.kind {
                view::PartKind::Key => PartKind::Key,
                view::PartKind::String => PartKind::String,
                view::PartKind::Atom => PartKind::Atom,
                view::PartKind::Punctuation => PartKind::Punctuation,
            },
            text: part.text,
            mark: part.mark.map(Into::into),
        });
        Self { indent: line.indent, parts: parts.collect(), clauses: line.clauses }
    }
}

impl From<Form> for QueryForm {
    fn from(form: Form) -> Self {
        match form {
            Form::Event => Self::Event,
            Form::Sequence { .. } => Self::Sequence,
            Form::Sample => Self::Sample,
        }
    }
}
