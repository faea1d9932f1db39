//! What each lint is, in words: for `eqlens check --explain`, for `docs/LINTS.md`, for the page.
//!
//! The lints themselves need none of it, so that a door which explains nothing does not carry it.

mod data;
mod text;

use crate::diag::Severity;

/// A lint: one row of the register.
#[derive(Clone, Copy, Debug)]
pub struct Lint {
    /// Its code.
    pub code: &'static str,
    /// How bad it is at worst. A lint that says two levels is milder where it is less sure.
    pub level: Severity,
    /// What it finds, in one line.
    pub title: &'static str,
    /// What is wrong with it and why, in one to three sentences.
    pub why: &'static str,
    /// A query, or a part of one, with the mistake.
    pub bad: &'static str,
    /// The same without it.
    pub good: &'static str,
    /// Does it look at events?
    pub data: bool,
}

/// All lints, by code.
#[must_use]
pub fn all() -> Vec<&'static Lint> {
    let mut all: Vec<_> = text::ROWS.iter().chain(data::ROWS).collect();
    crate::sort::by(&mut all, |one, two| one.code.cmp(two.code));
    all
}

/// The lint with this code, in either case of its letter.
#[must_use]
pub fn lookup(code: &str) -> Option<&'static Lint> {
    text::ROWS.iter().chain(data::ROWS).find(|lint| lint.code.eq_ignore_ascii_case(code))
}

/// The register as a page of Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "# Lints

What is legal EQL and probably not meant. A warning is worth reading; an info is \
         what can surprise in a query
that is otherwise as usual. `eqlens check` prints them; \
         `--allow L-10,L-11`, or a comment `// eqlens: allow L-10`
in the query, silences them. \
         *Data* lints need events.

This page is what `eqlens check --explain all` prints.
",
    );
    for lint in all() {
        page.push_str("\n## ");
        page.push_str(&lint.text());
    }
    page
}

impl Lint {
    /// The row as a passage of Markdown, which is also what a terminal shows.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { code, title, why, bad, good, .. } = self;
        let level = match self.level {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let data = if self.data { ", data" } else { "" };
        let good = if good.is_empty() { String::new() } else { format!("\n// better\n{good}") };
        format!("{code} ({level}{data}): {title}\n\n{why}\n\n```eql\n{bad}{good}\n```\n")
    }
}
