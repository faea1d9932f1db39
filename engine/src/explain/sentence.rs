//! Reasons in words: once, for the page and the command line alike. Code stands in backticks.

use crate::explain::clauses::leaf_of;
use crate::explain::{Clauses, Explainer, Flips, LeafReason, Nulls, Reason, Verdict};
use crate::plan::{Leaf, NodeId, NodeKind};

/// Longest value that a sentence quotes whole.
const QUOTED_CHARS: usize = 60;

impl LeafReason {
    /// A few words beside the value: `value 5 of 5`, `none of 5 values`.
    #[must_use]
    pub fn note(&self) -> String {
        let n = self.values.len();
        match (self.reason, n, self.deciding.as_slice()) {
            (Reason::Constant, ..) => "the same for every event".into(),
            (Reason::NullValue, ..) => "null".into(),
            (Reason::FieldMissing, ..) => "no value".into(),
            (_, _, _) if self.results.len() == 1 => {
                format!("computes {}", clipped(self.results.first().map_or("", |r| r), 24))
            }
            (_, 1, _) => String::new(),
            (Reason::NotExcluded, n, _) => format!("none of {n} values"),
            (_, n, []) => format!("none of {n} values"),
            (_, n, [one]) => format!("value {} of {n}", one + 1),
            (_, _, [a, b]) => format!("values {} and {}", a + 1, b + 1),
            (_, n, many) => format!("{} of {n} values", many.len()),
        }
    }

    /// Nothing is to be said of what was computed: the clause holds, or has no value to look at.
    fn is_settled(&self) -> bool {
        matches!(
            self.reason,
            Reason::Matched
                | Reason::NotExcluded
                | Reason::Constant
                | Reason::FieldMissing
                | Reason::NullValue
                | Reason::ExcludedOutside
        )
    }

    /// What was computed, and that it is not what the clause wants.
    fn computed_text(&self) -> Option<String> {
        let verb = if self.reason == Reason::Excluded { "excludes" } else { "does not accept" };
        Some(match self.results.as_slice() {
            [] => return None,
            [one] => format!("It computes {}, which the clause {verb}.", quoted(one)),
            many if verb == "excludes" => {
                let at = self.deciding.first().and_then(|at| many.get(*at)).or(many.first())?;
                format!("It computes {}, which the clause excludes.", quoted(at))
            }
            many => format!("None of the {} results is as wanted.", many.len()),
        })
    }

    /// The reason as a sentence.
    #[must_use]
    pub fn text(&self) -> String {
        let field = &self.field;
        let value = quoted(self.shown().unwrap_or_default());
        let wanted = quoted(&self.literal);
        let n = self.values.len();
        if let (Some(computed), false) = (self.computed_text(), self.is_settled()) {
            return computed;
        }
        match self.reason {
            Reason::Matched | Reason::NotExcluded => String::new(),
            Reason::ExcludedOutside => {
                "It holds, and a `not` around it excludes what it holds for.".into()
            }
            Reason::Constant => "Constants decide this clause, not the event.".into(),
            Reason::IndexNotSearched => "The rule does not search the event's index.".into(),
            Reason::FieldMissing | Reason::NullValue if self.verdict == Verdict::Holds => {
                format!("`{field}` has no value, and so none that is excluded.")
            }
            Reason::NullValue => format!("`{field}` is null in this event."),
            Reason::FieldMissing => format!("`{field}` has no value in this event."),
            Reason::WrongCategory => format!("The category is {value}, not {wanted}."),
            Reason::ValueDiffers if n == 1 && !self.literal.is_empty() => {
                format!("{value} is not {wanted}.")
            }
            Reason::ValueDiffers if n == 1 => format!("{value} is not what the clause wants."),
            Reason::ValueDiffers if !self.literal.is_empty() => {
                format!("None of the {n} values of `{field}` is {wanted}.")
            }
            Reason::ValueDiffers => format!("None of the {n} values of `{field}` is as wanted."),
            Reason::CaseDiffers if n == 1 => {
                format!("{value} differs only in upper and lower case, which count here.")
            }
            Reason::CaseDiffers => {
                "A value differs only in upper and lower case, which count here.".into()
            }
            Reason::WildcardIsLiteral => {
                "`*` and `?` are ordinary characters here; `:` and `like` would match.".into()
            }
            Reason::TypeMismatch => {
                format!("{value} cannot be read by the type of `{field}`.")
            }
            Reason::NotInList if n == 1 => format!("{value} is not in the list."),
            Reason::NotInList => format!("None of the {n} values of `{field}` is in the list."),
            Reason::PatternNoMatch if n == 1 => format!("{value} does not fit the pattern."),
            Reason::PatternNoMatch => format!("None of the {n} values of `{field}` fits."),
            Reason::NumberOutOfRange if n == 1 => format!("{value} lies outside the bound."),
            Reason::NumberOutOfRange => format!("All {n} values of `{field}` lie outside."),
            Reason::Excluded if self.literal.is_empty() => {
                format!("{value} is among what the clause excludes.")
            }
            Reason::Excluded => format!("A value equals {wanted}, which the clause excludes."),
        }
    }
}

/// Why a row of the list fails, in few words, without code marks.
#[must_use]
pub fn few_words(reason: &LeafReason) -> String {
    let value = reason.shown().map(shortened);
    let value = value.as_deref().unwrap_or("no value");
    let wanted = shortened(&reason.literal);
    match reason.reason {
        Reason::FieldMissing => format!("{} missing", reason.field),
        Reason::NullValue => format!("{} is null", reason.field),
        Reason::WrongCategory => format!("category is {value}"),
        Reason::ValueDiffers if reason.values.len() == 1 && !wanted.is_empty() => {
            format!("{value} is not {wanted}")
        }
        Reason::ValueDiffers if !wanted.is_empty() => format!("{wanted} is absent"),
        Reason::CaseDiffers => format!("{value} differs in case"),
        Reason::WildcardIsLiteral => format!("{wanted} is literal"),
        Reason::TypeMismatch => format!("{} has another type", reason.field),
        Reason::NotInList => format!("{value} is not listed"),
        Reason::PatternNoMatch => format!("{} fits no pattern", reason.field),
        Reason::NumberOutOfRange => format!("{value} is out of range"),
        Reason::ExcludedOutside if reason.shown().is_none() => {
            format!("{} is excluded", reason.field)
        }
        Reason::Excluded | Reason::ExcludedOutside => format!("{value} is excluded"),
        Reason::Constant => "a constant stops it".into(),
        Reason::IndexNotSearched => "its index is not searched".into(),
        Reason::ValueDiffers | Reason::Matched | Reason::NotExcluded => {
            format!("{} differs", reason.field)
        }
    }
}

/// Headline and sentence about one event.
#[must_use]
pub fn event_sentence(
    explainer: &Explainer<'_>,
    event: u32,
    flips: &Flips,
    nulls: &Nulls<'_>,
    patterns: &[String],
) -> (String, String) {
    let clauses = explainer.clauses;
    let n = clauses.nodes().len();
    if !explainer.searched.get(event) {
        let index = explainer.store.index(event);
        let by_clauses = match flips.len() {
            0 if explainer.recording.holds(NodeId(0), event) => {
                "All its clauses hold: in another index it would match."
            }
            _ => "By its clauses it would not match either.",
        };
        let patterns =
            patterns.iter().map(|pattern| format!("`{pattern}`")).collect::<Vec<_>>().join(", ");
        return (
            "Not searched: its index is outside the rule.".into(),
            format!("The rule searches {patterns}; this event is in `{index}`. {by_clauses}"),
        );
    }
    if explainer.matches.get(event) {
        let holding =
            clauses.nodes().iter().filter(|node| explainer.recording.holds(**node, event)).count();
        let sentence = if holding == n {
            format!("All {n} clauses hold.")
        } else {
            format!("{holding} of {n} clauses hold, and that is enough.")
        };
        return ("Matches.".into(), sentence);
    }
    if explainer.recording.holds(NodeId(0), event) {
        return (
            "Does not match: a pipe cut it off.".into(),
            "All that the condition asks holds, but `head` or `tail` keeps other events.".into(),
        );
    }
    let repeated = explainer.repeats.groups().len();
    if flips.is_empty() && !flips.is_exact() {
        let why = format!(
            "{repeated} tests stand more than once in the query, too many to find out which of them \
             would have to turn over."
        );
        return ("Does not match.".into(), why);
    }
    if flips.is_empty() {
        let why = match repeated {
            0 => "Constants alone make the condition false.",
            _ => "Its clauses exclude each other, whatever the event has.",
        };
        return ("Does not match: no event can.".into(), why.into());
    }
    let decisive: Vec<(u16, NodeId)> = clauses
        .nodes()
        .iter()
        .enumerate()
        .filter(|(_, node)| is_decisive(explainer, flips, **node))
        .map(|(at, node)| (at as u16 + 1, *node))
        .collect();
    let goal = Goal::of(explainer, flips);
    let subject = if goal.is_stage() { "Fits no stage" } else { "Does not match" };
    let headline = match (flips.len(), decisive.len()) {
        (1, 1) => format!("{subject}: one clause stops it."),
        (1, n) => format!("{subject}: one test stops it, in {} clauses.", counted(n)),
        (_, n) => format!("{subject}: {} clauses stop it.", counted(n)),
    };
    let mut sentence = failing_sentence(explainer, flips, &decisive, event, nulls, &goal);
    if !flips.is_exact() {
        sentence.push_str(&format!(
            " Fewer may do: {repeated} tests stand more than once in the query, too many to try \
             every choice."
        ));
    }
    (headline, sentence)
}

/// Clauses that are named by their numbers.
const NUMBERED: usize = 12;

fn failing_sentence(
    explainer: &Explainer<'_>,
    flips: &Flips,
    decisive: &[(u16, NodeId)],
    event: u32,
    nulls: &Nulls<'_>,
    goal: &Goal,
) -> String {
    let would = goal.would();
    let mut numbers: Vec<String> =
        decisive.iter().take(NUMBERED).map(|(number, _)| number.to_string()).collect();
    if decisive.len() > NUMBERED {
        numbers.push(format!("{} more", decisive.len() - NUMBERED));
    }
    let numbers = joined(&numbers);
    if flips.len() > 1 {
        return format!("Clauses {numbers} decide; with them turned it {would}.");
    }
    // Of one test in several clauses, the first that fails tells why.
    let fails = |clause: &&(u16, NodeId)| !explainer.recording.holds(clause.1, event);
    let Some((number, node)) = decisive.iter().find(fails).or(decisive.first()) else {
        return String::new();
    };
    let Some(reason) = explainer.reason(*node, event, nulls) else { return String::new() };
    if decisive.len() > 1 {
        let why = match reason.verdict {
            Verdict::Holds => String::new(),
            _ => format!(" Clause {number} fails: {}", lower_first(&reason.text())),
        };
        return format!(
            "Clauses {numbers} are the same test.{why} With it turned over this event {would}."
        );
    }
    if reason.verdict == Verdict::Holds {
        return format!(
            "Clause {number} holds, and a `not` around it excludes that. If it failed, this event \
             {would}."
        );
    }
    format!(
        "Clause {number} fails: {} Without that clause this event {would}.",
        lower_first(&reason.text())
    )
}

/// What an event would come to if the deciding clauses turned.
enum Goal {
    /// A match.
    Match,
    /// The filter of a stage of a sequence or sample, by its number from 1, or of `until` (0).
    Stage(usize),
}

impl Goal {
    fn of(explainer: &Explainer<'_>, flips: &Flips) -> Self {
        let mut stage = 0;
        let Some(first) = flips.nodes().next() else { return Self::Match };
        for (id, node) in explainer.plan.iter() {
            let NodeKind::Stage { until, .. } = node.kind else { continue };
            stage = if until { 0 } else { stage + 1 };
            if id < first && first < node.end {
                return Self::Stage(stage);
            }
        }
        Self::Match
    }

    fn is_stage(&self) -> bool {
        matches!(self, Self::Stage(_))
    }

    fn would(&self) -> String {
        match self {
            Self::Match => "would match".into(),
            Self::Stage(0) => "would fit the `until` term".into(),
            Self::Stage(n) => format!("would fit term {n}"),
        }
    }
}

/// Is this clause one of those that must turn over?
#[must_use]
pub fn is_decisive(explainer: &Explainer<'_>, flips: &Flips, clause: NodeId) -> bool {
    leaf_of(explainer.plan, clause)
        .is_some_and(|(leaf, node, _)| matches!(leaf, Leaf::Test(_)) && flips.contains(node))
}

/// Words begin small after a colon; code stays as it is.
fn lower_first(text: &str) -> String {
    // Only words of ours come here; all of Unicode would bring a large table along.
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}

fn counted(n: usize) -> String {
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        .get(n)
        .map_or_else(|| n.to_string(), ToString::to_string)
}

fn joined(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

pub(super) fn quoted(text: &str) -> String {
    if text.is_empty() {
        // Nothing between two marks would be no code.
        return "`\"\"`".into();
    }
    format!("`{}`", clipped(text, QUOTED_CHARS).replace('`', "'"))
}

/// At most 24 characters, the middle left out: a narrow column cuts the end once more, and two marks
/// in a row would say nothing.
fn shortened(text: &str) -> String {
    const HEAD: usize = 15;
    const TAIL: usize = 8;
    let count = text.chars().count();
    if count <= HEAD + 1 + TAIL {
        return text.to_owned();
    }
    let head = text.chars().take(HEAD).chain(['…']);
    head.chain(text.chars().skip(count - TAIL)).collect()
}

/// At most `limit` characters.
fn clipped(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit - 1).chain(['…']).collect()
}

impl Clauses {
    /// How many of the parts of a node hold: `5 of 6 hold`, `neither side holds`.
    #[must_use]
    pub fn parts_note(&self, explainer: &Explainer<'_>, node: NodeId, event: u32) -> String {
        let parts: Vec<NodeId> = explainer.plan.children(node).collect();
        let holding = parts.iter().filter(|part| explainer.recording.holds(**part, event)).count();
        match (parts.len(), holding) {
            (0 | 1, _) => String::new(),
            (2, 0) => "neither side holds".into(),
            (n, holding) if n == holding => format!("all {n} hold"),
            (n, holding) => format!("{holding} of {n} hold"),
        }
    }
}
