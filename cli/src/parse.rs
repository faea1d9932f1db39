//! `eqlens parse`: the syntax tree of a query.

use std::io::{self, Write};
use std::path::PathBuf;

use eqlens_engine::span::LineIndex;
use eqlens_engine::syntax::parser;
use eqlens_engine::syntax::print::outline;
use eqlens_engine::wire::Severity;
use eqlens_engine::wire::search::TreeNode;

use crate::input::Source;
use crate::output::{self, Data, Format, Style, plain};
use crate::{Failure, Status};

/// Parse a query: what is its syntax tree?
///
/// Prints every node as `{kind, span, text?, children}`. A query with errors exits 1, with its
/// findings on standard error and the tree of its sound parts all the same.
#[derive(clap::Args)]
#[command(
    after_help = "Example: eqlens parse --query 'process where process.pid > 4'",
    group = clap::ArgGroup::new("what").required(true).args(["query", "file"])
)]
pub(crate) struct Args {
    /// The query
    #[arg(long, value_name = "Q")]
    query: Option<String>,
    /// A rule file; `-` is standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Form of the output [default: text on a terminal, json otherwise]
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Format>,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let format = Format::or_default(args.format);
    let source = match (&args.file, &args.query) {
        (Some(path), _) => Source::file(path)?,
        (None, query) => Source::query(query.as_deref().unwrap_or_default()),
    };
    if source.is_unreadable() {
        let findings = source.document_findings();
        output::tell(|err| source.report(&findings).write(err, format, Style::stderr()));
        return Err(Failure::Reported);
    }
    let query = &source.rule.query;
    let (tree, diagnostics) = parser::parse(query);
    let findings = source.query_findings(&diagnostics);
    output::tell(|err| source.report(&findings).write(err, format, Style::stderr()));
    let index = LineIndex::new(&source.text);
    let tree = TreeNode::new(&outline(&tree, query), &index, &|span| source.place(span));
    let mut out = Data::new();
    match format {
        Format::Json => out.json(&tree)?,
        Format::Text => out.write(|out| write_outline(out, &tree, 0, Style::stdout()))?,
    }
    out.finish()?;
    let has_errors = findings.iter().any(|found| found.severity == Severity::Error);
    Ok(if has_errors { Status::No } else { Status::Yes })
}

/// One line for each node: kind, text and place, indented by depth.
fn write_outline(
    out: &mut dyn Write,
    node: &TreeNode,
    depth: usize,
    style: Style,
) -> io::Result<()> {
    let text = node.text.as_deref().map(|text| format!(" {}", style.bold(&plain(text))));
    let place = style.dim(&format!("{}:{}", node.span.line, node.span.column));
    let text = text.unwrap_or_default();
    writeln!(out, "{:indent$}{}{text}  {place}", "", node.kind, indent = 2 * depth)?;
    node.children.iter().try_for_each(|child| write_outline(out, child, depth + 1, style))
}
