//! `eqlens fmt`: canonical text.

use std::fs;
use std::path::{Path, PathBuf};

use eqlens_engine::syntax::format::apply;

use crate::files::each_rule_file;
use crate::input::{self, Source};
use crate::output::{self, Data, Format, Style, plain};
use crate::{Failure, Status};

/// Format queries: how would they be written?
///
/// Prints the query, or the rule file with its query formatted and everything else byte for byte;
/// of several files or a folder `--check` names those that would change, and `--write` writes them.
/// Comments stay, the tree stays. What cannot be parsed is left alone, with findings on standard
/// error and exit code 1. Rules in other languages are passed over.
#[derive(clap::Args)]
#[command(
    after_help = "Example: eqlens fmt --check rules",
    group = clap::ArgGroup::new("what").required(true).args(["query", "files"])
)]
pub(crate) struct Args {
    /// The query
    #[arg(long, value_name = "Q")]
    query: Option<String>,
    /// Rule files, or folders with `.toml`, `.eql` and `.ndjson` rules in them; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the names of the files that would change, and exit 1 if there are any
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Write the files in place, and print the names of those that changed
    #[arg(long, conflicts_with = "query")]
    write: bool,
}

/// Runs the command. A file that cannot be read or formatted does not keep the others from it.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    input::one_standard_input(&args.files)?;
    let is_one =
        matches!(args.files.as_slice(), [] | [_]) && !args.files.iter().any(|f| f.is_dir());
    if !is_one && !args.check && !args.write {
        let message = "only one file is printed: add `--check` to name the files that would \
                       change, or `--write` to change them";
        return Err(Failure::Message(message.into()));
    }
    let mut out = Data::new();
    let mut status = Status::Yes;
    if let Some(query) = &args.query {
        let source = Source::query(query);
        match formatted(&[source], query) {
            (_, Status::No) => status = Status::No,
            (text, _) if args.check => {
                if text != *query {
                    status = Status::No;
                    out.write(|out| writeln!(out, "query"))?;
                }
            }
            (text, _) => out.write(|out| writeln!(out, "{}", text.trim_end()))?,
        }
    }
    let read = each_rule_file(&args.files, &mut |file| {
        if format_file(file, args, &mut out)? == Status::No {
            status = Status::No;
        }
        Ok(())
    });
    out.finish()?;
    read.map(|()| status)
}

fn format_file(path: &Path, args: &Args, out: &mut Data) -> Result<Status, Failure> {
    let (sources, text) = Source::all_with_text(path)?;
    let (after, mut status) = formatted(&sources, &text);
    let changes = after != text;
    let name = path.display().to_string();
    if args.write {
        if path.as_os_str() == "-" {
            return Err(Failure::Message("standard input (`-`) cannot be written in place".into()));
        }
        if changes {
            let failed = |error| Failure::Message(format!("cannot write `{name}`: {error}"));
            fs::write(path, after).map_err(failed)?;
            out.write(|out| writeln!(out, "{}", plain(&name)))?;
        }
    } else if args.check {
        if changes {
            status = Status::No;
            out.write(|out| writeln!(out, "{}", plain(&name)))?;
        }
    } else {
        let end = if after.ends_with('\n') { "" } else { "\n" };
        out.write(|out| write!(out, "{after}{end}"))?;
    }
    Ok(status)
}

/// The text of a file with the queries of its rules formatted. What stands against it is told on
/// standard error.
fn formatted(sources: &[Source], text: &str) -> (String, Status) {
    let mut edits = Vec::new();
    let mut status = Status::Yes;
    for source in sources.iter().filter(|source| !source.is_other_rule()) {
        match source.formatted() {
            Ok(own) => edits.extend(own),
            Err(findings) => {
                status = Status::No;
                let report = source.report(&findings);
                output::tell(|err| report.write(err, Format::Text, Style::stderr()));
            }
        }
    }
    (apply(text, &edits), status)
}
