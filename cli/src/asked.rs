//! A query or rule over event files, run once so that questions can be asked about it.

use std::path::PathBuf;

use eqlens_engine::desk::Desk;
use eqlens_engine::rule::Rule;
use eqlens_engine::run::Options;
use eqlens_engine::wire::{Outcome, Severity};

use crate::Failure;
use crate::fields::Fields;
use crate::input::{self, Events, Source};
use crate::output::{self, Format, Style};

/// What is run, and over what.
#[derive(clap::Args)]
pub(crate) struct Asked {
    /// The query
    #[arg(long, value_name = "Q", required_unless_present = "rule", conflicts_with = "rule")]
    query: Option<String>,
    /// A rule file; its index patterns and fields count
    #[arg(long, value_name = "FILE")]
    rule: Option<PathBuf>,
    /// Event files, each in any form, also gzipped; `-` is standard input
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    events: Vec<PathBuf>,
    /// Elasticsearch mapping (JSON) with the types of the fields
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    #[command(flatten)]
    fields: Fields,
    /// Search every index, whatever patterns the rule has
    #[arg(long)]
    all_indices: bool,
}

impl Asked {
    /// Loads and runs it; findings go to standard error in the given form.
    pub(crate) fn run(&self, options: Options, format: Format) -> Result<(Desk, Outcome), Failure> {
        input::one_standard_input(self.rule.iter().chain(&self.events).chain(&self.mapping))?;
        let source = match (&self.rule, &self.query) {
            (Some(path), _) => Source::file(path)?,
            (None, query) => Source::query(query.as_deref().unwrap_or_default()),
        };
        let mapping = input::mapping(self.mapping.as_deref())?;
        let events = Events::read(&self.events)?;
        events.tell_skipped();
        let mut desk = Desk::over(events.sources, events.store);
        desk.set_mapping(mapping);

        let mut findings = source.document_findings();
        let outcome = if source.is_unreadable() {
            Outcome::default()
        } else {
            desk.run_with((self.rule(&source), Vec::new()), &source.text, options, &|| 0.0)
        };
        findings.extend(outcome.findings.iter().cloned());
        let is_refused = outcome.result.is_none();
        if !is_refused {
            findings.retain(|finding| finding.severity != Severity::Info);
        }
        output::tell(|err| source.report(&findings).write(err, format, Style::stderr()));
        if is_refused { Err(Failure::Reported) } else { Ok((desk, outcome)) }
    }

    /// The rule as it is to be run: in the source's own places, with what the command line says.
    fn rule(&self, source: &Source) -> Rule {
        let mut rule = self.fields.over(&source.rule);
        if self.all_indices {
            rule.indices.clear();
        }
        rule
    }
}

/// The position of the event of this id.
pub(crate) fn event_of(desk: &Desk, id: &str) -> Result<u32, Failure> {
    desk.store()
        .event_by_id(id)
        .ok_or_else(|| Failure::Message(format!("there is no event `{id}`")))
}
