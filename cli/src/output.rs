//! What is written, and how: data and findings, as JSON or for a reader at a terminal.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use clap::ValueEnum;
use serde::Serialize;

use eqlens_engine::markdown::turns;
use eqlens_engine::wire::{Finding, Severity, Span};

use crate::Failure;

/// Longest part of a source line that is shown, in characters.
const SNIPPET_CHARS: usize = 100;

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Stable, for programs
    Json,
    /// For people
    Text,
}

impl Format {
    /// What was asked for; without that, text for a terminal and JSON for everything else.
    pub(crate) fn or_default(asked: Option<Self>) -> Self {
        asked.unwrap_or_else(|| if io::stdout().is_terminal() { Self::Text } else { Self::Json })
    }
}

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    colour: bool,
}

impl Style {
    /// For standard output.
    pub(crate) fn stdout() -> Self {
        Self::of(&io::stdout())
    }

    /// For standard error.
    pub(crate) fn stderr() -> Self {
        Self::of(&io::stderr())
    }

    fn of(stream: &impl IsTerminal) -> Self {
        Self { colour: stream.is_terminal() && std::env::var_os("NO_COLOR").is_none() }
    }

    /// The text in bold.
    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// The text less bright.
    pub(crate) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// The text as what holds.
    pub(crate) fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// The text as what does not hold.
    pub(crate) fn bad(self, text: &str) -> String {
        self.paint("31", text)
    }

    fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Info => "1;36",
        };
        self.paint(code, text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Standard output, for data. A reader that has seen enough (`| head -1`) is no error: what it
/// does not want is dropped, and the exit code stays what it is.
pub(crate) struct Data {
    out: BufWriter<StdoutLock<'static>>,
    is_wanted: bool,
}

impl Data {
    /// Takes standard output.
    pub(crate) fn new() -> Self {
        Self { out: BufWriter::new(io::stdout().lock()), is_wanted: true }
    }

    /// Writes some data.
    pub(crate) fn write(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        if !self.is_wanted {
            return Ok(());
        }
        let result = write(&mut self.out);
        self.settle(result)
    }

    /// Writes one value as a line of JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        self.write(|out| write_json(out, value))
    }

    /// Writes what is still held back. To be called last, since a mistake while dropping would
    /// pass unseen.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let result = if self.is_wanted { self.out.flush() } else { Ok(()) };
        self.settle(result)
    }

    fn settle(&mut self, result: io::Result<()>) -> Result<(), Failure> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_wanted = false;
                Ok(())
            }
            result => result.map_err(Failure::Output),
        }
    }
}

fn write_json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Writes to standard error. Where that is closed there is nobody left to tell.
pub(crate) fn tell(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let mut err = BufWriter::new(io::stderr().lock());
    let _ = write(&mut err).and_then(|()| err.flush());
}

/// One line on standard error.
pub(crate) fn tell_line(line: &str) {
    tell(|err| writeln!(err, "{line}"));
}

/// One value as a line of JSON on standard error.
pub(crate) fn tell_json(value: &impl Serialize) {
    tell(|err| write_json(err, value));
}

/// Says why a command could not run.
pub(crate) fn failure(failure: &Failure) {
    let message = match failure {
        Failure::Reported => return,
        Failure::Message(message) => plain(message),
        Failure::Output(error) => format!("cannot write the output: {error}"),
    };
    let word = Style::stderr().severity(Severity::Error, "error");
    tell_line(&format!("{word}: {message}"));
}

/// Findings about one text.
#[derive(Clone, Copy)]
pub(crate) struct Report<'r> {
    /// The file; `None` for a query of the command line.
    pub(crate) file: Option<&'r str>,
    /// The name of the rule, where the file has several.
    pub(crate) rule: Option<&'r str>,
    /// Where in the file the text begins.
    pub(crate) origin: Origin,
    /// The text that the spans are of.
    pub(crate) text: &'r str,
    /// The findings, in source order.
    pub(crate) findings: &'r [Finding],
}

/// Where a text begins in a file: how much is before it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Origin {
    pub(crate) bytes: u32,
    pub(crate) lines: u32,
    /// Characters on its first line.
    pub(crate) columns: u32,
    /// UTF-16 units.
    pub(crate) units: u32,
}

impl Origin {
    /// Makes a place in the text one in the file.
    pub(crate) fn shift(self, span: &mut Span) {
        span.start += self.bytes;
        span.end += self.bytes;
        span.start_utf16 += self.units;
        span.end_utf16 += self.units;
        if span.line == 1 {
            span.column += self.columns;
        }
        span.line += self.lines;
    }
}

/// A finding as a line of JSON: `file`, `rule` where the file has several, then the members of the
/// finding.
#[derive(Serialize)]
struct FindingLine<'f> {
    file: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'f str>,
    #[serde(flatten)]
    finding: Finding,
}

impl Report<'_> {
    /// Writes the findings, one JSON object a line or as text with the source line.
    pub(crate) fn write(
        &self,
        out: &mut dyn Write,
        format: Format,
        style: Style,
    ) -> io::Result<()> {
        for finding in self.findings {
            match format {
                Format::Json => {
                    let mut finding = finding.clone();
                    self.origin.shift(&mut finding.span);
                    let edits = finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits);
                    edits.for_each(|edit| self.origin.shift(&mut edit.span));
                    write_json(out, &FindingLine { file: self.file, rule: self.rule, finding })?;
                }
                Format::Text => self.write_text(out, finding, style)?,
            }
        }
        Ok(())
    }

    /// Message, place, source line with the place underlined, help.
    fn write_text(&self, out: &mut dyn Write, finding: &Finding, style: Style) -> io::Result<()> {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let head = style.severity(finding.severity, &format!("{severity}[{}]", finding.code));
        writeln!(out, "{head}: {}", plain(&finding.message))?;
        let mut place = finding.span;
        self.origin.shift(&mut place);
        let (line, column) = (place.line, place.column);
        let file = plain(self.file.unwrap_or("query"));
        writeln!(out, " {} {file}:{line}:{column}", style.dim("-->"))?;
        let (shown, marks) = snippet(self.text, &finding.span);
        let bar = style.dim("|");
        // No blanks at the end of a line, so that golden files survive editors.
        writeln!(out, "{}", format!("  {bar} {shown}").trim_end())?;
        let indent = marks.len() - marks.trim_start().len();
        let (blank, carets) = marks.split_at(indent);
        writeln!(out, "  {bar} {blank}{}", style.severity(finding.severity, carets))?;
        if let Some(help) = &finding.help {
            writeln!(out, "{}: {}", style.bold("help"), plain(help))?;
        }
        Ok(())
    }
}

/// The line on which a span begins, and marks under the span as far as it lies on that line. Of a
/// long line only the part around the span is given.
fn snippet(text: &str, span: &Span) -> (String, String) {
    let start = span.start as usize;
    let line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let rest = text.get(line_start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    let line_end = line_start + line.len();
    let marked = text.get(start..(span.end as usize).min(line_end)).unwrap_or_default();
    let before = (span.column as usize).saturating_sub(1);
    let n_chars = line.chars().count();
    // A caret where the span is empty, or begins at the end of its line.
    let n_marks = marked.chars().count().max(1);
    let from = if n_chars <= SNIPPET_CHARS {
        0
    } else {
        before.saturating_sub(SNIPPET_CHARS / 3).min(n_chars - SNIPPET_CHARS)
    };
    let shown: String = line.chars().skip(from).take(SNIPPET_CHARS).collect();
    let n_shown = shown.chars().count();
    let (head, tail) =
        (if from > 0 { "…" } else { "" }, if from + n_shown < n_chars { "…" } else { "" });
    let indent = before - from.min(before);
    let n_marks = n_marks.min(SNIPPET_CHARS.saturating_sub(indent)).max(1);
    let blanks = indent + head.chars().count();
    let marks = format!("{}{}", " ".repeat(blanks), "^".repeat(n_marks));
    (format!("{head}{}{tail}", plain(&shown)), marks)
}

/// The text with one harmless character for each that would move the cursor, colour the screen or
/// turn the writing direction. Rules and events come from strangers.
pub(crate) fn plain(text: &str) -> String {
    let harmless = |c: char| match c {
        '\t' | '\n' | '\r' => ' ',
        c if c.is_control() || turns(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(harmless).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u32, end: u32, line: u32, column: u32) -> Span {
        Span { start, end, line, column, ..Span::default() }
    }

    #[test]
    fn marks_stay_on_the_first_line_and_under_their_characters() {
        let text = "any where\r\n\té == \"a\nb\"";
        assert_eq!(snippet(text, &span(12, 14, 2, 2)), (" é == \"a".into(), " ^".into()));
        assert_eq!(snippet(text, &span(18, 22, 2, 7)), (" é == \"a".into(), "      ^^".into()));
        assert_eq!(snippet(text, &span(22, 22, 3, 3)), ("b\"".into(), "  ^".into()));
        assert_eq!(snippet("", &span(0, 0, 1, 1)), (String::new(), "^".into()));
    }

    #[test]
    fn long_lines_are_shown_around_the_span() {
        let text = format!("{}BAD{}", "a".repeat(300), "z".repeat(300));
        let (shown, marks) = snippet(&text, &span(300, 303, 1, 301));
        let at = marks.find('^').unwrap();
        let under: String = shown.chars().skip(at).take(marks.len() - at).collect();
        assert_eq!(under, "BAD");
        assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
        assert_eq!(shown.chars().count(), SNIPPET_CHARS + 2);
        let (shown, marks) = snippet(&text, &span(603, 603, 1, 604));
        assert_eq!(marks.chars().count(), shown.chars().count() + 1, "just after the end");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(plain("a\u{1b}[31m\tb\u{202e}"), "a\u{fffd}[31m b\u{fffd}");
    }
}
