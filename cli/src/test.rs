//! `eqlens test`: do the rules keep their expectations?

mod junit;

use std::path::{Path, PathBuf};

use serde::Serialize;

use eqlens_engine::expect::{self, CaseReport, Report};

use crate::files::{below, ends_with};
use crate::input::read_text;
use crate::output::{self, Data, Format, Style, plain};
use crate::{Failure, Status};

/// Run the expectations of rules: does each still find what it should?
///
/// For every `NAME.cases.toml`, NAME.toml (or .eql) is run over NAME.events.ndjson. Exits 1 where an
/// expectation does not hold, 2 where there is none or a file cannot be read.
#[derive(clap::Args)]
#[command(after_help = "Example: eqlens test rules --junit report.xml")]
pub(crate) struct Args {
    /// Folders, searched with the folders in them, or single cases files
    #[arg(value_name = "DIR", required = true)]
    paths: Vec<PathBuf>,
    /// Write the outcome as JUnit XML as well
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Form of the output [default: text on a terminal, json otherwise]
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
}

/// The outcome of one rule: a line of JSON.
#[derive(Serialize)]
struct RuleOutcome {
    /// The rule file.
    rule: String,
    passed: usize,
    failed: usize,
    cases: Vec<CaseOutcome>,
    /// What is wrong with the rule as such.
    failures: Vec<String>,
    /// Why its files could not be read.
    error: Option<String>,
}

#[derive(Serialize)]
struct CaseOutcome {
    name: String,
    passed: bool,
    failure: Option<String>,
}

/// Runs the command. A rule that cannot be read does not keep the others from being tested.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let format = Format::or_default(args.format);
    let mut files = Vec::new();
    for path in &args.paths {
        files.extend(below(path, &|path| ends_with(path, &[".cases.toml"]))?);
    }
    if files.is_empty() {
        let message = "there is nothing to test: no file ends in `.cases.toml`";
        return Err(Failure::Message(message.into()));
    }
    let style = Style::stdout();
    let mut out = Data::new();
    let mut outcomes = Vec::new();
    for file in &files {
        let outcome = test(file);
        match format {
            Format::Json => out.json(&outcome)?,
            Format::Text => out.write(|out| outcome.write_text(out, style))?,
        }
        outcomes.push(outcome);
    }
    out.finish()?;
    if let Some(path) = &args.junit {
        junit::write(path, &outcomes)?;
    }
    let count = |of: &dyn Fn(&RuleOutcome) -> usize| outcomes.iter().map(of).sum::<usize>();
    let unread = count(&|outcome| usize::from(outcome.error.is_some()));
    let failed = count(&|outcome| outcome.failed);
    if format == Format::Text {
        let passed = count(&|outcome| outcome.passed);
        let mut line = format!("{} rules: {passed} passed, {failed} failed", outcomes.len());
        if unread > 0 {
            line.push_str(&format!(", {unread} could not be read"));
        }
        output::tell_line(&line);
    }
    match (unread, failed) {
        (0, 0) => Ok(Status::Yes),
        (0, _) => Ok(Status::No),
        _ => Err(Failure::Reported),
    }
}

/// Reads the files of one rule and runs its cases.
fn test(cases_file: &Path) -> RuleOutcome {
    let name = cases_file.to_string_lossy();
    let stem = name.strip_suffix(".cases.toml").unwrap_or(&name);
    let bare = format!("{stem}.eql");
    let rule = if Path::new(&bare).is_file() { bare } else { format!("{stem}.toml") };
    let report = || {
        let cases = read_text(cases_file)?;
        let text = read_text(Path::new(&rule))?;
        let events = read_text(Path::new(&format!("{stem}.events.ndjson")))?;
        let cannot = |why| Failure::Message(format!("cannot read `{name}`: {why}"));
        expect::check(&text, &events, &cases).map_err(cannot)
    };
    match report() {
        Ok(report) => RuleOutcome::new(rule, report, None),
        Err(failure) => {
            output::failure(&failure);
            let error = match failure {
                Failure::Message(message) => message,
                Failure::Reported | Failure::Output(_) => "could not be read".into(),
            };
            RuleOutcome::new(rule, Report::default(), Some(error))
        }
    }
}

impl RuleOutcome {
    fn new(rule: String, report: Report, error: Option<String>) -> Self {
        let case =
            |CaseReport { name, failure }| CaseOutcome { name, passed: failure.is_none(), failure };
        let cases: Vec<CaseOutcome> = report.cases.into_iter().map(case).collect();
        let passed = cases.iter().filter(|case| case.passed).count();
        // What is wrong with the rule as such counts as one.
        let failed = cases.len() - passed + usize::from(!report.failures.is_empty());
        Self { rule, passed, failed, cases, failures: report.failures, error }
    }

    /// A line for the rule, and one for each thing that does not hold.
    fn write_text(&self, out: &mut dyn std::io::Write, style: Style) -> std::io::Result<()> {
        let rule = plain(&self.rule);
        if self.error.is_some() {
            return writeln!(out, "{} {rule}  could not be read", style.bad("✗"));
        }
        let n = self.cases.len();
        let cases = format!("{} of {n} case{} hold", self.passed, if n == 1 { "" } else { "s" });
        let mark = if self.failed == 0 { style.good("✓") } else { style.bad("✗") };
        writeln!(out, "{mark} {rule}  {}", style.dim(&cases))?;
        for failure in &self.failures {
            writeln!(out, "  {} {rule}: {}", style.bad("✗"), plain(failure))?;
        }
        for case in &self.cases {
            if let Some(failure) = &case.failure {
                let name = style.bold(&plain(&case.name));
                writeln!(out, "  {} {rule}: {name}: {}", style.bad("✗"), plain(failure))?;
            }
        }
        Ok(())
    }
}
