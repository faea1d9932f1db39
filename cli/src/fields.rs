//! What a search is told beside its rule, for every command that runs one.

use clap::ValueEnum;

use eqlens_engine::check::MissingFields;
use eqlens_engine::rule::Rule;
use eqlens_engine::run::Options;
use eqlens_engine::time;

/// Fields named on the command line.
#[derive(clap::Args)]
pub(crate) struct Fields {
    /// Field of the event category [default: event.category]
    #[arg(long, value_name = "FIELD")]
    event_category_field: Option<String>,
    /// Field of the time [default: @timestamp]
    #[arg(long, value_name = "FIELD")]
    timestamp_field: Option<String>,
    /// Field that orders events of the same time
    #[arg(long, value_name = "FIELD")]
    tiebreaker_field: Option<String>,
}

impl Fields {
    /// The rule with these fields in place of its own, where they are given.
    pub(crate) fn over(&self, rule: &Rule) -> Rule {
        let mut rule = rule.clone();
        for (field, given) in [
            (&mut rule.event_category_override, &self.event_category_field),
            (&mut rule.timestamp_field, &self.timestamp_field),
            (&mut rule.tiebreaker_field, &self.tiebreaker_field),
        ] {
            if given.is_some() {
                field.clone_from(given);
            }
        }
        rule
    }
}

/// What changes the answer of a search.
#[derive(clap::Args)]
pub(crate) struct Search {
    /// What `now` is, as a date [default: just after the last event]
    #[arg(long, value_name = "DATE", value_parser = date)]
    now: Option<time::Instant>,
    /// Most samples for each join key
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    max_samples_per_key: u32,
    /// What a field is that neither the events nor the mapping have
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Missing::Null)]
    missing_fields: Missing,
}

impl Search {
    /// The options with these in place of their own.
    pub(crate) fn over(&self, options: Options) -> Options {
        Options {
            missing_fields: self.missing_fields.into(),
            max_samples_per_key: self.max_samples_per_key as usize,
            now: self.now,
            ..options
        }
    }
}

/// What a field nobody knows is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Missing {
    /// Missing in every event
    Null,
    /// An error, as in Elasticsearch
    Error,
}

impl From<Missing> for MissingFields {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::Null => Self::Null,
            Missing::Error => Self::Error,
        }
    }
}

/// A date of the command line.
pub(crate) fn date(text: &str) -> Result<time::Instant, String> {
    time::Instant::parse(text)
        .ok_or_else(|| "expected a date such as `2026-03-12T09:00:00Z`".to_owned())
}
