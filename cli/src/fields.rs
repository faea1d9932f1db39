//! The fields that a search is told beside its rule, for every command that runs one.

use eqlens_engine::rule::Rule;

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
