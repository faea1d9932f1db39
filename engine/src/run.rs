//! Compile, search, cut: the way of one query.

use crate::check::{Context, MissingFields, check};
use crate::diag::{DiagKind, Diagnostic, Severity};
use crate::eval::{self, Failed, Trace};
use crate::funcs::Failure;
use crate::hir::{Checked, Form, Pipe};
use crate::join::{Group, Input, KeySpace, MAX_COMBINATIONS, Match, Watch, sample, sequence};
use crate::plan::{Plan, lower};
use crate::rule::{IndexPatterns, Rule};
use crate::schema::{Mapping, Schema};
use crate::span::Span;
use crate::store::{Bits, Ordinals, Store, TimeFields};
use crate::syntax::ast::Query;
use crate::syntax::parser::parse;
use crate::time::{DateFormats, Instant};
use crate::ty::Type;

pub use crate::rule::ResultPosition;

/// What a search is told beside its query (spec §10.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Field of the event category.
    pub event_category_field: String,
    /// Field of the time.
    pub timestamp_field: String,
    /// Field that breaks ties of time.
    pub tiebreaker_field: Option<String>,
    /// Most results that are returned.
    pub size: usize,
    /// Which end of the matches is returned.
    pub result_position: ResultPosition,
    /// Most samples that one key tuple gives.
    pub max_samples_per_key: usize,
    /// What a field nobody knows is.
    pub missing_fields: MissingFields,
    /// What `now` is in a date; `None` for one millisecond after the last event (spec §12.5).
    pub now: Option<Instant>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            event_category_field: "event.category".into(),
            timestamp_field: "@timestamp".into(),
            tiebreaker_field: None,
            size: 10,
            result_position: ResultPosition::Tail,
            max_samples_per_key: 1,
            missing_fields: MissingFields::Null,
            now: None,
        }
    }
}

impl Options {
    /// The options with what the rule itself says of its fields (product §3.1).
    #[must_use]
    pub fn for_rule(mut self, rule: &Rule) -> Self {
        if let Some(field) = &rule.event_category_override {
            self.event_category_field.clone_from(field);
        }
        if let Some(field) = &rule.timestamp_field {
            self.timestamp_field.clone_from(field);
        }
        if let Some(field) = &rule.tiebreaker_field {
            self.tiebreaker_field = Some(field.clone());
        }
        if let Some(size) = rule.search.size {
            self.size = size as usize;
        }
        if let Some(position) = rule.search.result_position {
            self.result_position = position;
        }
        self
    }
}

/// What became of a query text.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The tree, whole or with holes.
    pub tree: Query,
    /// The checked query; `None` where it is refused.
    pub checked: Option<Checked>,
    /// What can be run; `None` where the query is refused.
    pub plan: Option<Plan>,
    /// What was found, in source order.
    pub findings: Vec<Diagnostic>,
}

/// Parses, checks and lowers a query for these events.
#[must_use]
pub fn compile(query: &str, mapping: &Mapping, store: &Store, options: &Options) -> Compiled {
    let (tree, mut findings) = parse(query);
    // Errors of one phase stop the next (spec §11).
    if findings.iter().any(|finding| finding.kind.severity() == Severity::Error) {
        return Compiled { tree, checked: None, plan: None, findings };
    }
    let schema = Schema { mapping, values: store };
    let time = time_fields(schema, options);
    let (checked, more) = check(
        &tree,
        Context {
            source: query,
            schema,
            category_field: &options.event_category_field,
            missing_fields: options.missing_fields,
            has_events: store.n_events() > 0,
            now: &|| options.now.unwrap_or_else(|| now(store, &time)),
        },
    );
    findings.extend(more);
    let refused = findings.iter().any(|finding| finding.kind.severity() == Severity::Error);
    let checked = checked.filter(|_| !refused);
    let plan = checked.as_ref().map(|checked| lower(checked, time));
    Compiled { tree, checked, plan, findings }
}

/// The fields that order events: like those of a query they may be aliases, and their dates are
/// written as the mapping says.
fn time_fields(schema: Schema<'_>, options: &Options) -> TimeFields {
    let timestamp = schema.field(&options.timestamp_field);
    let tiebreaker = options.tiebreaker_field.as_deref().map(|name| schema.field(name));
    let tiebreaker = tiebreaker.map(|info| (info.column, info.ty));
    let formats = match timestamp.ty {
        Type::Date(formats) => formats,
        _ => DateFormats::default(),
    };
    TimeFields { timestamp: timestamp.column, formats, tiebreaker }
}

/// One millisecond after the last event; the epoch where no event has a time.
fn now(store: &Store, time: &TimeFields) -> Instant {
    let ordinals = store.ordinals(time, &Bits::all(store.n_events()));
    Instant::from_millis(ordinals.last().map_or(0, |(last, _)| last.millis().saturating_add(1)))
}

/// What a search found.
#[derive(Debug)]
pub struct Found {
    /// Events in a searched index.
    pub searched: Bits,
    /// Events that match; of a sequence or sample, those that are part of a match. Pipes are
    /// applied, size is not.
    pub matches: Bits,
    /// What matches, in order (spec §7.22, §8.2, §10.9); neither pipes nor size are applied.
    pub all: Hits,
    /// The searched events with a time, in the order of spec §7.2.
    pub ordinals: Ordinals,
    /// What could not be computed for some events, as warnings about the query.
    pub warnings: Vec<Diagnostic>,
    /// The values of join keys.
    pub keys: KeySpace,
    /// The groups of a sample, in the order of their keys.
    pub groups: Vec<Group>,
}

/// What matches, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hits {
    /// Single events.
    Events(Vec<u32>),
    /// Sequences or samples.
    Joined(Vec<Match>),
}

impl Hits {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Events(events) => events.len(),
            Self::Joined(matches) => matches.len(),
        }
    }

    /// The events in them, in order; one may come more than once.
    pub fn events(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        match self {
            Self::Events(events) => Box::new(events.iter().copied()),
            Self::Joined(matches) => {
                Box::new(matches.iter().flat_map(|hit| hit.events.iter().copied().flatten()))
            }
        }
    }

    /// True where nothing matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Runs a plan; `trace` sees the bits of every node, `watch` the partial sequences that came to
/// nothing.
pub fn search(
    plan: &Plan,
    store: &Store,
    patterns: &IndexPatterns,
    options: &Options,
    trace: &mut impl Trace,
    watch: &mut impl Watch,
) -> Found {
    let searched = store.events_in(|index| patterns.search(index));
    let evaluated = eval::run(plan, store, trace);
    let ordinals = store.ordinals(plan.time(), &searched);
    let mut keys = KeySpace::default();
    let input =
        Input { plan, store, searched: &searched, evaluated: &evaluated, ordinals: &ordinals };
    let Searched { all, groups } = search_in(input, options, &mut keys, watch);
    let mut matches = Bits::none(store.n_events());
    match &cut(&all, plan, usize::MAX, options.result_position) {
        Hits::Events(events) => events.iter().for_each(|event| matches.set(*event)),
        Hits::Joined(joined) => {
            joined.iter().flat_map(|hit| hit.events.iter().flatten()).for_each(|e| matches.set(*e));
        }
    }
    let failed = evaluated.failed.iter().filter_map(|f| warning(f, plan, &searched));
    let cut = (keys.n_cut() > 0).then(|| {
        let kind = DiagKind::TooManyKeys { events: keys.n_cut(), limit: MAX_COMBINATIONS };
        Diagnostic::new(kind, plan.nodes().first().map_or(Span::empty(0), |node| node.span))
    });
    let warnings = failed.chain(cut).collect();
    Found { searched, matches, all, ordinals, warnings, keys, groups }
}

/// What was found among some events.
#[derive(Debug)]
pub struct Searched {
    /// What matches, in order; neither pipes nor size are applied.
    pub all: Hits,
    /// The groups of a sample, in the order of their keys.
    pub groups: Vec<Group>,
}

/// Searches the events of an input whose filters have been run.
pub fn search_in(
    input: Input<'_>,
    options: &Options,
    keys: &mut KeySpace,
    watch: &mut impl Watch,
) -> Searched {
    let Input { plan, store, .. } = input;
    let mut groups = Vec::new();
    let all = match plan.form() {
        Form::Event => {
            let mut bits = Bits::none(store.n_events());
            for stage in plan.stages() {
                bits = input.filter(stage.node);
            }
            // Of a few matches only these need be put in order.
            let ordered = store.ordinals(plan.time(), &bits);
            let mut timeless = bits;
            for (_, event) in ordered.iter() {
                timeless.clear(*event);
            }
            let timeless = (0..store.n_events()).filter(|event| timeless.get(*event));
            let events = ordered.iter().map(|(_, event)| *event).chain(timeless).collect();
            Hits::Events(events)
        }
        Form::Sequence { .. } => Hits::Joined(sequence(input, keys, watch)),
        Form::Sample => {
            let sampled = sample(input, keys, options.max_samples_per_key);
            groups = sampled.groups;
            Hits::Joined(sampled.matches)
        }
    };
    Searched { all, groups }
}

/// What failed, for the searched events.
fn warning(failed: &Failed, plan: &Plan, searched: &Bits) -> Option<Diagnostic> {
    let events = failed.events.count_with(searched);
    let span = plan.node(failed.node)?.span;
    let kind = match failed.failure {
        Failure::NotANumber => DiagKind::NotANumber { events },
        Failure::Overflow => DiagKind::Overflow { events },
        Failure::DivisionByZero => DiagKind::DividedByZero { events },
        Failure::BadAddress => DiagKind::BadAddress { events },
    };
    (events > 0).then(|| Diagnostic::new(kind, span))
}

/// The matches that are returned: at most `size` from the end that the first pipe (else
/// `position`) names, then the pipes from left to right (spec §9.9).
#[must_use]
pub fn cut(all: &Hits, plan: &Plan, size: usize, position: ResultPosition) -> Hits {
    match all {
        Hits::Events(events) => Hits::Events(cut_list(events, plan, size, position)),
        Hits::Joined(matches) => Hits::Joined(cut_list(matches, plan, size, position)),
    }
}

fn cut_list<T: Clone>(all: &[T], plan: &Plan, size: usize, position: ResultPosition) -> Vec<T> {
    let from_start = match (plan.form(), plan.pipes().first()) {
        (Form::Sample, _) | (_, Some(Pipe::Head(_))) => true,
        (_, Some(Pipe::Tail(_))) => false,
        (_, None) => position == ResultPosition::Head,
    };
    let mut kept = if from_start { head(all, size) } else { tail(all, size) };
    for pipe in plan.pipes() {
        kept = match *pipe {
            Pipe::Head(n) => head(kept, usize::try_from(n).unwrap_or(usize::MAX)),
            Pipe::Tail(n) => tail(kept, usize::try_from(n).unwrap_or(usize::MAX)),
        };
    }
    kept.to_vec()
}

fn head<T>(all: &[T], n: usize) -> &[T] {
    all.get(..n).unwrap_or(all)
}

fn tail<T>(all: &[T], n: usize) -> &[T] {
    all.get(all.len().saturating_sub(n)..).unwrap_or(all)
}
