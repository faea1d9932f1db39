//! `eqlens compare`: two versions of a rule over the same events.

use std::io::{self, Write};
use std::path::PathBuf;

use eqlens_engine::desk::Desk;
use eqlens_engine::wire::compare::{Change, Clause, ClausePair, ClauseState, Comparison};

use crate::fields::Fields;
use crate::input::{self, Events, Source};
use crate::output::{self, Data, Format, Style, plain};
use crate::{Failure, Status};

/// Compare two versions of a rule over events: what does the new one gain and lose?
///
/// Each gained or lost match comes with the clause that made the difference. Exits as diff does: 0
/// where both versions have the same matches, 1 where they differ, 2 where one could not run; its
/// findings are on standard error.
#[derive(clap::Args)]
#[command(after_help = "Example: eqlens compare old.toml new.toml --events events.ndjson")]
pub(crate) struct Args {
    /// The old version: a rule file or a file with a query; `-` is standard input
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The new version
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Event files, each in any form, also gzipped; `-` is standard input
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    events: Vec<PathBuf>,
    /// Elasticsearch mapping (JSON) with the types of the fields
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    #[command(flatten)]
    fields: Fields,
    /// Search every index, whatever patterns the rules have
    #[arg(long)]
    all_indices: bool,
    /// Form of the output [default: text on a terminal, json otherwise]
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let files = [&args.old, &args.new];
    input::one_standard_input(files.into_iter().chain(&args.events).chain(&args.mapping))?;
    let format = Format::or_default(args.format);
    let (old, new) = (Source::file(&args.old)?, Source::file(&args.new)?);
    let mapping = input::mapping(args.mapping.as_deref())?;
    let events = Events::read(&args.events)?;
    events.tell_skipped();
    let mut desk = Desk::over(events.sources, events.store);
    desk.set_mapping(mapping);
    let read = |source: &Source| {
        let mut rule = args.fields.over(&source.rule);
        if args.all_indices {
            rule.indices.clear();
        }
        (rule, source.diagnostics().to_vec())
    };
    let comparison = desk.compare_read((read(&old), &old.text), (read(&new), &new.text));
    let mut is_refused = false;
    for (source, version) in [(&old, &comparison.old), (&new, &comparison.new)] {
        is_refused |= version.matches.is_none();
        let report = source.report(&version.findings);
        output::tell(|err| report.write(err, format, Style::stderr()));
    }
    if is_refused {
        output::tell_line(&plain(&comparison.sentence));
        return Err(Failure::Reported);
    }
    let mut out = Data::new();
    match format {
        Format::Json => out.json(&comparison)?,
        Format::Text => out.write(|out| text(out, &comparison, Style::stdout()))?,
    }
    out.finish()?;
    Ok(if comparison.same_matches { Status::Yes } else { Status::No })
}

/// The sentence, the matches that differ, the clauses that differ, what else does.
fn text(out: &mut dyn Write, comparison: &Comparison, style: Style) -> io::Result<()> {
    writeln!(out, "{}", style.bold(&plain(&comparison.sentence)))?;
    let (gained, lost) = (&comparison.gained, &comparison.lost);
    for (sign, changes) in [("+", gained), ("-", lost), ("~", &comparison.changed)] {
        let rows = changes.rows.iter();
        rows.clone().take(1).try_for_each(|_| writeln!(out))?;
        rows.clone().try_for_each(|row| change(out, sign, row, style))?;
        if changes.left_out > 0 {
            writeln!(out, "{} and {} more", paint(sign, sign, style), changes.left_out)?;
        }
    }
    let differing = comparison.clauses.iter().filter(|pair| pair.state != ClauseState::Kept);
    let kept = comparison.clauses.len() - differing.clone().count();
    if comparison.clauses.len() > kept {
        writeln!(out, "\nclauses")?;
        differing.clone().try_for_each(|pair| clause(out, pair, style))?;
        if kept > 0 {
            let (noun, verb) = if kept == 1 { ("clause", "is") } else { ("clauses", "are") };
            writeln!(out, "{}", style.dim(&format!("= {kept} {noun} {verb} the same")))?;
        }
    }
    if !comparison.settings.is_empty() {
        writeln!(out, "\nalso")?;
    }
    for setting in &comparison.settings {
        let (old, new) = (plain(&setting.old), plain(&setting.new));
        writeln!(out, "~ {}: {old} → {new}{}", setting.name, decides(setting.decides))?;
    }
    Ok(())
}

fn paint(sign: &str, text: &str, style: Style) -> String {
    match sign {
        "+" => style.good(text),
        "-" => style.bad(text),
        _ => style.bold(text),
    }
}

fn change(out: &mut dyn Write, sign: &str, row: &Change, style: Style) -> io::Result<()> {
    let instead = match row.old_ids.as_slice() {
        [] => String::new(),
        ids => format!(" instead of {}", ids.join(" → ")),
    };
    let ids = plain(&format!("{}{instead}", row.ids.join(" → ")));
    let time = row.time.as_deref().unwrap_or_default();
    let line = format!("{} {ids}  {time}  {}", paint(sign, sign, style), plain(&row.summary));
    writeln!(out, "{}", line.trim_end())?;
    writeln!(out, "  {}", style.dim(&plain(&row.why)))
}

fn clause(out: &mut dyn Write, pair: &ClausePair, style: Style) -> io::Result<()> {
    let mut decides = decides(pair.decides);
    let sides = [("-", &pair.old), ("+", &pair.new)];
    for (sign, clause) in sides.into_iter().filter_map(|(sign, side)| Some((sign, side.as_ref()?)))
    {
        let Clause { number, place, text, count, .. } = clause;
        let place = if place.is_empty() { String::new() } else { format!(" {place}") };
        let line = paint(sign, &format!("{sign} {number}{place}  {}", plain(text)), style);
        writeln!(out, "{line}  {}", style.dim(&format!("({count}){decides}")))?;
        decides.clear();
    }
    Ok(())
}

/// How many matches it decided; empty for none.
fn decides(n: u32) -> String {
    if n == 0 { String::new() } else { format!(", decides {n}") }
}
