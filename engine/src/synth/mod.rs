//! Events out of a rule: such as match it, and near misses that one thing keeps from matching.
//!
//! A rule says which values it looks for; what satisfies it is found by walking down its condition
//! (`solve`), collecting what is asked of each field (`vars`) and looking for values among those the
//! rule names and their neighbours (`settle`, `values`, `invert`). Nothing here judges: values are
//! tried with the tests of `eval`, and each case is read and run from its text before it is given
//! away (`verify`). There is no clock and no chance: the same rule gives the same events.

mod drafts;
mod events;
mod invert;
mod natural;
mod repair;
mod settle;
mod solve;
mod texts;
mod values;
mod vars;
mod verify;

use crate::diag::Diagnostic;
use crate::explain::Clauses;
use crate::hir::{Form, Predicate};
use crate::json::quoted;
use crate::plan::{Leaf, NodeId, NodeKind, Plan};
use crate::rule::{IndexPatterns, Rule};
use crate::run::{Options, compile};
use crate::schema::Mapping;
use crate::span::Span;
use crate::store::Store;
use crate::value::Scalar;

pub use repair::{Held, Mended, Stopped, repair};

use drafts::{Draft, Drafting};
use verify::Proof;

/// Why a case is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// All is as the rule wants it.
    Match,
    /// A clause decides: an event fails the query, or a stage of it, by this clause. Where the
    /// stage is one of missing events, or `until`, the case matches by that.
    Clause {
        /// The clause.
        clause: NodeId,
        /// Position of the event among those of the case.
        event: usize,
        /// The node of the query, or of the stage, that the event fails.
        root: NodeId,
        /// Position of the stage; `None` for `until`.
        stage: Option<usize>,
    },
    /// The last event has another value for the join key at this position.
    Key(usize),
    /// The last event comes a millisecond after the span.
    Late,
    /// The last event is not there.
    NoLast,
    /// The events come in the opposite order.
    Order,
    /// An event of `until` comes between.
    Until,
    /// An event of the missing-event stage at this position is there.
    Unwanted(usize),
}

/// Why there is no such case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The clause is the same for every event.
    Constant,
    /// No values were found with which this clause can be as it must be beside the others.
    Clash(Option<NodeId>),
    /// There were too many choices to try them all.
    Budget,
    /// The events were made, but the run says otherwise: other stages accept them too.
    Otherwise,
    /// The rule searches no index.
    NoIndex,
}

/// An event that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its id, of its own in a synthesis.
    pub id: String,
    /// Its index, which the rule searches.
    pub index: String,
    /// Its document, JSON.
    pub source: String,
}

/// Events, and what must come of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Why it is made.
    pub about: About,
    /// In one line, for a list or a test.
    pub name: String,
    /// The events.
    pub events: Vec<Made>,
    /// Per stage the position of the event of the one match; `None` in place of the list where
    /// nothing matches, in place of a position where a stage has no event.
    pub matches: Option<Vec<Option<usize>>>,
    /// The clauses each of which alone, turned over, would let the event pass: one, or all those of
    /// an `or`. Empty where no clause is at fault.
    pub decides: Vec<NodeId>,
    /// The clause in the query, where one is meant.
    pub span: Option<Span>,
}

/// A case that cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Impossible {
    /// What it would have been about.
    pub about: About,
    /// Why not.
    pub why: Why,
}

/// What was made of a rule.
#[derive(Clone, Debug)]
pub struct Synthesis {
    /// The query as it was compiled: what the nodes in here are of.
    pub plan: Plan,
    /// Its clauses.
    pub clauses: Clauses,
    /// The match first, then near misses. Empty where the rule cannot match.
    pub cases: Vec<Case>,
    /// What could not be made.
    pub impossible: Vec<Impossible>,
}

/// Makes events that match a rule and, if `near`, near misses of each clause and of the structure.
///
/// # Errors
/// The findings, where the query is refused.
pub fn synthesise(
    rule: &Rule,
    mapping: &Mapping,
    near: bool,
) -> Result<Synthesis, Vec<Diagnostic>> {
    let options = Options::default().for_rule(rule);
    let compiled = compile(&rule.query, mapping, &Store::default(), &options);
    let Some(plan) = compiled.plan else { return Err(compiled.findings) };
    let clauses = Clauses::new(&plan, &rule.query);
    let mut drafting = Drafting::new(&plan, &clauses);
    if drafting.the_match() && near {
        drafting.near_misses();
    }
    let Drafting { drafts, mut impossible, .. } = drafting;
    let mut cases: Vec<Case> = Vec::new();
    for (number, draft) in drafts.iter().enumerate() {
        match case(&plan, &clauses, rule, draft, number) {
            Some(case) => cases.push(case),
            None => impossible.push(Impossible { about: draft.about, why: Why::NoIndex }),
        }
    }
    drop(drafts);
    let text: String = cases.iter().map(ndjson).collect();
    let patterns = IndexPatterns::new(&rule.indices);
    let proof = Proof::new(&text, &rule.query, mapping, options, &patterns);
    let mut first = 0;
    cases.retain(|case| {
        let at = first;
        first += case.events.len() as u32;
        let holds = proof.as_ref().is_some_and(|proof| proof.confirms(case, &clauses, at));
        if !holds {
            impossible.push(Impossible { about: case.about, why: Why::Otherwise });
        }
        holds
    });
    if cases.first().is_none_or(|case| case.about != About::Match) {
        cases.clear();
    }
    Ok(Synthesis { plan, clauses, cases, impossible })
}

impl Synthesis {
    /// How clauses are called.
    #[must_use]
    pub fn labels(&self, clauses: &[NodeId]) -> Vec<String> {
        let names = clauses.iter().filter_map(|clause| self.clauses.name(*clause));
        names.map(|name| name.label.clone()).collect()
    }

    /// Which cases there are none of, and why: a line each.
    #[must_use]
    pub fn impossible_words(&self) -> Vec<String> {
        self.impossible.iter().map(|found| found.words(&self.plan, &self.clauses)).collect()
    }
}

impl Impossible {
    /// In one line: which case there is none of, and why.
    #[must_use]
    pub fn words(&self, plan: &Plan, clauses: &Clauses) -> String {
        let what = match self.about {
            About::Match => "no event can match".into(),
            about => name(plan, clauses, about, &[]),
        };
        let label = |node| clauses.name(node).map_or("", |name| name.label.as_str());
        match self.why {
            Why::Constant => format!("{what}: it is the same for every event"),
            Why::Clash(Some(node)) => {
                format!("{what}: no values were found that suit `{}` as well", label(node))
            }
            Why::Clash(None) => format!("{what}: no clause alone can decide"),
            Why::Budget => format!("{what}: there are too many choices"),
            Why::Otherwise => format!("{what}: the events turn out otherwise"),
            Why::NoIndex => format!("{what}: no index is searched"),
        }
    }
}

/// The events of a case as hits, one a line.
#[must_use]
pub fn ndjson(case: &Case) -> String {
    let line = |made: &Made| {
        let Made { id, index, source } = made;
        format!("{{\"_id\":{},\"_index\":{},\"_source\":{source}}}\n", quoted(id), quoted(index))
    };
    case.events.iter().map(line).collect()
}

/// `None` where the rule searches no index.
fn case(
    plan: &Plan,
    clauses: &Clauses,
    rule: &Rule,
    draft: &Draft<'_>,
    number: usize,
) -> Option<Case> {
    let mut name = name(plan, clauses, draft.about, &draft.decides);
    if let Some(field) = draft.vars.unusual_list() {
        let how = if draft.about == About::Match { "matches only as" } else { "with" };
        name.push_str(&format!(" ({how} a list: `{field}`)"));
    }
    // An event lies among others in the end, where only itself can say what it is for.
    let label = match (draft.about, &draft.expect) {
        (About::Match, _) | (_, Some(_)) => name.clone(),
        _ => format!("near miss: {name}"),
    };
    let mut events = Vec::new();
    for (at, slot) in draft.slots.iter().enumerate() {
        events.push(Made {
            id: if number == 0 { format!("m{}", at + 1) } else { format!("n{number}-{}", at + 1) },
            index: natural::index(&rule.indices, kind(plan, slot.stage.node))?,
            source: events::source(plan, &draft.vars, at, slot, &label),
        });
    }
    let span = match draft.about {
        About::Clause { clause, .. } => plan.node(clause).map(|node| node.span),
        _ => None,
    };
    Some(Case {
        about: draft.about,
        name,
        events,
        matches: draft.expect.clone(),
        decides: draft.decides.clone(),
        span,
    })
}

/// The category of a stage, if it names one.
fn kind(plan: &Plan, stage: NodeId) -> &str {
    let category = plan.children(stage).next().and_then(|leaf| plan.node(leaf));
    match category.map(|node| &node.kind) {
        Some(NodeKind::Leaf { leaf: Leaf::Test(test), .. }) => match &test.predicate {
            Predicate::Equals(Scalar::Str(text)) => text,
            _ => "events",
        },
        _ => "events",
    }
}

/// A case in one line.
#[must_use]
pub fn name(plan: &Plan, clauses: &Clauses, about: About, decides: &[NodeId]) -> String {
    let label = |node: NodeId| clauses.name(node).map_or("", |name| name.label.as_str());
    let what = match about {
        About::Match => return "match".into(),
        About::Clause { clause, stage, .. } => {
            let or = if decides.len() > 1 { " or an alternative to it" } else { "" };
            let clause = label(clause);
            let at = stage.and_then(|at| plan.stages().get(at));
            return match stage {
                _ if plan.form() == Form::Event => format!("fails `{clause}`{or}"),
                Some(stage) if at.is_none_or(|stage| !stage.missing) => {
                    format!("step {} fails `{clause}`{or}", stage + 1)
                }
                // What would keep the others from matching is not it.
                Some(stage) => format!(
                    "the unwanted event of step {} misses `{clause}`{or}: matches all the same",
                    stage + 1
                ),
                None => {
                    format!("the event of until misses `{clause}`{or}: matches all the same")
                }
            };
        }
        About::Key(key) => {
            let last = plan.stages().iter().rfind(|stage| !stage.missing);
            let key = last.and_then(|stage| stage.keys.get(key));
            let field = key.map_or("", |key| &key.field.name);
            return format!("`{field}` differs in the last event");
        }
        About::Unwanted(stage) => {
            return format!("the unwanted event of step {} is there", stage + 1);
        }
        About::Late => "the last event comes after maxspan",
        About::NoLast => "the last event is missing",
        About::Order => "the events come in the opposite order",
        About::Until => "until comes between",
    };
    what.into()
}
