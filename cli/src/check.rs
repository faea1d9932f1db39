//! `eqlens check`: what is wrong with rules, without running them.

use std::path::PathBuf;

use eqlens_engine::lint::{self, Allowed};
use eqlens_engine::run::Options;
use eqlens_engine::wire::Severity;

use crate::fields::{Fields, Missing};
use crate::files::each_rule_file;
use crate::input::{self, Events, Source};
use crate::output::{self, Data, Format, Style};
use crate::{Failure, Status};

/// Check a query or rule files: what is wrong with them?
///
/// Prints one JSON object a line for each finding. A `.ndjson` file holds one JSON rule a line. With
/// events or a mapping, fields and their types are checked as well.
#[derive(clap::Args)]
#[command(
    after_help = "Example: eqlens check rules",
    group = clap::ArgGroup::new("what").required(true).args(["query", "files", "explain"])
)]
pub(crate) struct Args {
    /// The query
    #[arg(long, value_name = "Q")]
    query: Option<String>,
    /// Rule files, or folders with `.toml`, `.eql` and `.ndjson` rules in them; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Events the rules are meant for; may be given several times
    #[arg(long, value_name = "FILE")]
    events: Vec<PathBuf>,
    /// Elasticsearch mapping (JSON) with the types of the fields
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    #[command(flatten)]
    fields: Fields,
    /// What a field is that neither the events nor the mapping have
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Missing::Null)]
    missing_fields: Missing,
    /// Codes of lints that are not told, e.g. `L-04,L-10`; may be given several times
    #[arg(long, value_name = "CODES", value_parser = allowed)]
    allow: Vec<Allowed>,
    /// Show infos at the terminal, too; JSON always has them
    #[arg(long)]
    info: bool,
    /// Say what a lint is about (`all`: the whole register) instead of checking something
    #[arg(long, value_name = "CODE", value_parser = known)]
    explain: Option<String>,
    /// Form of the output [default: text on a terminal, json otherwise]
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
}

/// The words of a lint.
fn known(code: &str) -> Result<String, String> {
    match (code, lint::lookup(code)) {
        ("all", _) => Ok(lint::markdown()),
        (_, Some(lint)) => Ok(lint.text()),
        (_, None) => Err(match code.split_once('-') {
            Some((family, digits))
                if "ERDX".contains(&family.to_ascii_uppercase())
                    && family.len() == 1
                    && digits.parse::<u16>().is_ok() =>
            {
                "only lints (`L-…`) have an entry: every other finding says all there is in its \
                 message and its help, which `eqlens check` prints; docs/CLI.md tells what the \
                 letters mean"
                    .into()
            }
            _ => format!("there is no lint `{code}`"),
        }),
    }
}

fn allowed(list: &str) -> Result<Allowed, String> {
    Allowed::parse(list).map_err(|word| format!("there is no lint `{word}`"))
}

/// Findings so far.
#[derive(Default)]
struct Counts {
    rules: usize,
    errors: usize,
    warnings: usize,
}

/// Runs the command. A file that cannot be read does not keep the others from being checked.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    if let Some(text) = &args.explain {
        let mut out = Data::new();
        out.write(|out| out.write_all(text.as_bytes()))?;
        out.finish()?;
        return Ok(Status::Yes);
    }
    input::one_standard_input(args.files.iter().chain(&args.events).chain(&args.mapping))?;
    let format = Format::or_default(args.format);
    let mapping = input::mapping(args.mapping.as_deref())?;
    let mut events = Events::read(&args.events)?;
    events.store.hold_as(&mapping);
    events.tell_skipped();

    let allowed = Allowed::all_of(&args.allow);
    let style = Style::stdout();
    let mut out = Data::new();
    let mut counts = Counts::default();
    let mut check = |source: &mut Source| {
        source.rule = args.fields.over(&source.rule);
        let missing_fields = args.missing_fields.into();
        let options = Options { missing_fields, ..Options::default().for_rule(&source.rule) };
        let mut findings = source.lint(&mapping, &events.store, &options, &allowed);
        if format == Format::Text && !args.info {
            findings
                .retain(|found| found.severity != Severity::Info || found.code.starts_with('R'));
        }
        let count = |severity| findings.iter().filter(|found| found.severity == severity).count();
        counts.rules += 1;
        counts.errors += count(Severity::Error);
        counts.warnings += count(Severity::Warning);
        out.write(|out| source.report(&findings).write(out, format, style))
    };
    if let Some(query) = &args.query {
        check(&mut Source::query(query))?;
    }
    let read = each_rule_file(&args.files, &mut |file| {
        Source::all_of(file)?.iter_mut().try_for_each(&mut check)
    });
    out.finish()?;
    if format == Format::Text {
        output::tell_line(&counts.line());
    }
    read?;
    Ok(if counts.errors > 0 { Status::No } else { Status::Yes })
}

impl Counts {
    fn line(&self) -> String {
        let n = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let (errors, warnings) = (n(self.errors, "error"), n(self.warnings, "warning"));
        format!("{} checked: {errors}, {warnings}", n(self.rules, "rule"))
    }
}
