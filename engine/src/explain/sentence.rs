//! Reasons in words: once, for the page and the command line alike. Code stands in backticks.

use crate::explain::clauses::leaf_of;
use crate::explain::wanted::{FOR, NOTHING};
use crate::explain::{Clauses, Explainer, Flips, LeafReason, Nulls, Reason, Verdict};
use crate::plan::{Leaf, NodeId, NodeKind};

/// Longest value that a sentence quotes whole.
const QUOTED_CHARS: usize = 60;

/// Most values of a field that a sentence names.
const NAMED_VALUES: usize = 3;

/// Most clauses of which a sentence tells one by one what they found.
const TOLD_CLAUSES: usize = 3;

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
        let fields: Vec<String> = self.sources.iter().map(|field| quoted(field)).collect();
        let fields = joined(&fields);
        let excludes = self.reason == Reason::Excluded;
        let at = self.deciding.first().filter(|_| excludes).copied().unwrap_or(0);
        let wanted = &self.wanted;
        Some(match (self.results.as_slice(), self.results.get(at)) {
            ([], _) => return None,
            // A function that is true or false says it all by its name.
            _ if wanted.starts_with(FOR) => format!("{}{}.", self.held(), self.unlike()),
            (_, Some(result)) if excludes => {
                format!("Computed from {fields}, {} is what this clause excludes.", quoted(result))
            }
            ([one], _) => {
                format!(
                    "Computed from {fields}, the result is {}; wanted is {wanted}.",
                    quoted(one)
                )
            }
            (many, _) => format!(
                "None of the {} results computed from {fields} is as wanted: {wanted}.",
                many.len()
            ),
        })
    }

    /// What goes on after the values that are not as wanted.
    fn unlike(&self) -> String {
        let (wanted, is_one) = (&self.wanted, self.values.len() == 1);
        if let Some(what) = wanted.strip_prefix(FOR) {
            return match what.strip_suffix(" is true") {
                Some(test) => format!(", for which {test} is not true"),
                None => format!(", for which {} is true", what.trim_end_matches(" is not true")),
            };
        }
        match (wanted.strip_prefix("a match of "), is_one) {
            (Some(patterns), true) => format!(", which does not match {patterns}"),
            (Some(patterns), false) => format!(", but no value matches {patterns}"),
            (None, true) => format!(", not {wanted}"),
            (None, false) => format!(", but not {wanted}"),
        }
    }

    /// `` `process.args` holds `a`, `b` and 3 more ``, or `` `process.name` is `a` ``.
    fn held(&self) -> String {
        let values: Vec<String> = self.values.iter().map(|value| quoted(value)).collect();
        let field = &self.field;
        match values.as_slice() {
            [one] => format!("`{field}` is {one}"),
            few if few.len() <= NAMED_VALUES => format!("`{field}` holds {}", joined(few)),
            many => {
                let named = many.get(..NAMED_VALUES - 1).unwrap_or(many);
                let more = format!("{} more", many.len() - named.len());
                format!("`{field}` holds {} and {more}", named.join(", "))
            }
        }
    }

    /// The value that decides, with its place where there are several.
    fn held_one(&self, at: usize) -> String {
        let (n, field) = (self.values.len(), &self.field);
        let value = quoted(self.values.get(at).map_or("", |value| value));
        match n {
            1 => format!("`{field}` is {value}"),
            n => format!("`{field}` holds {value} (value {} of {n})", at + 1),
        }
    }

    /// The reason as a sentence: the field, what it holds, what was wanted.
    #[must_use]
    pub fn text(&self) -> String {
        let field = &self.field;
        if let (Some(computed), false) = (self.computed_text(), self.is_settled()) {
            return computed;
        }
        let what = match self.reason {
            Reason::Matched | Reason::NotExcluded => return String::new(),
            Reason::ExcludedOutside => {
                // Nothing that one value could be shown for.
                if self.values.is_empty() || self.sources.len() > 1 {
                    return "A `not` around this clause excludes what it holds for.".into();
                }
                let held =
                    self.deciding.first().map_or_else(|| self.held(), |at| self.held_one(*at));
                return format!("{held}, which a `not` around this clause excludes.");
            }
            Reason::Constant => return "Constants decide this clause, not the event.".into(),
            Reason::IndexNotSearched => {
                return "The rule does not search the event's index.".into();
            }
            Reason::FieldMissing | Reason::NullValue if self.verdict == Verdict::Holds => {
                return format!("`{field}` has no value, and so none that is excluded.");
            }
            Reason::NullValue => {
                return format!("`{field}` is null or an empty list in this event.");
            }
            Reason::FieldMissing => return format!("`{field}` has no value in this event."),
            Reason::Excluded if self.wanted == NOTHING => {
                return format!("{}; wanted is {NOTHING}.", self.held());
            }
            Reason::Excluded => {
                let at = self.deciding.first().copied().unwrap_or(0);
                return format!("{}, which this clause excludes.", self.held_one(at));
            }
            Reason::CaseDiffers => return self.case_text(),
            Reason::WildcardIsLiteral => {
                "; `*` and `?` are ordinary characters here, with `:` or `like` it would fit".into()
            }
            Reason::TypeMismatch if self.is_alike => {
                format!("; wanted is {}, of another type", self.wanted)
            }
            Reason::TypeMismatch => ", which cannot be read as the type of this field".into(),
            Reason::WrongCategory if !self.literal.is_empty() => {
                format!(", not {}", quoted(&self.literal))
            }
            _ => self.unlike(),
        };
        format!("{}{what}.", self.held())
    }

    fn case_text(&self) -> String {
        let alike = |value: &String| value.eq_ignore_ascii_case(&self.literal);
        let only = (self.values.len() == 1).then_some(0);
        let Some(at) = self.values.iter().position(alike).or(only) else {
            return format!(
                "{}; one differs only in upper and lower case; here case counts.",
                self.held()
            );
        };
        let than = match self.literal.as_str() {
            "" => String::new(),
            literal => format!(" from {}", quoted(literal)),
        };
        format!(
            "{}, which differs{than} only in upper and lower case; here case counts.",
            self.held_one(at)
        )
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
                "All that the condition asks holds: in a searched index it would match."
            }
            _ => "There it would not match either, by its values.",
        };
        let patterns: Vec<String> = patterns.iter().map(|pattern| format!("`{pattern}`")).collect();
        return (
            "Not searched: its index is outside the rule.".into(),
            format!(
                "This event is in `{index}`; the rule searches only {}. {by_clauses}",
                joined(&patterns)
            ),
        );
    }
    if explainer.matches.get(event) {
        let holding =
            clauses.nodes().iter().filter(|node| explainer.recording.holds(**node, event)).count();
        let sentence = if holding == n {
            match n {
                1 => "Its one clause holds.".into(),
                2 => "Both clauses hold.".into(),
                n => format!("All {n} clauses hold."),
            }
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
             would have to come out otherwise."
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
    let subject = match goal {
        Goal::Stage(part, _) => format!("Fits no {part}"),
        Goal::Match => "Does not match".to_owned(),
    };
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
        let told = |(number, node): &(u16, NodeId)| {
            let text = explainer.reason(*node, event, nulls)?.excluded_from_outside().text();
            Some(format!("Clause {number}: {}", lower_first(&text)))
        };
        let told: Vec<String> = decisive.iter().take(TOLD_CLAUSES).filter_map(told).collect();
        let told = told.join(" ");
        return match decisive.len() {
            n if n > TOLD_CLAUSES => format!("{told} Without clauses {numbers} it {would}."),
            _ => format!("{told} Without these clauses this event {would}."),
        };
    }
    // Of one test in several clauses, the first that fails tells why.
    let fails = |clause: &&(u16, NodeId)| !explainer.recording.holds(clause.1, event);
    let Some((number, node)) = decisive.iter().find(fails).or(decisive.first()) else {
        return String::new();
    };
    let Some(reason) = explainer.reason(*node, event, nulls) else { return String::new() };
    if decisive.len() > 1 {
        let why = match reason.verdict {
            Verdict::Holds => " If it failed".to_owned(),
            _ => format!(" Clause {number} fails: {} If it held", lower_first(&reason.text())),
        };
        return format!("Clauses {numbers} are the same test.{why}, this event {would}.");
    }
    if reason.verdict == Verdict::Holds {
        let why = reason.excluded_from_outside().text();
        return format!(
            "Clause {number} holds: {} If it failed, this event {would}.",
            lower_first(&why)
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
    /// The filter of a stage of a sequence or sample, by what it is called and its numbers from 1: a
    /// term with `runs` stands for several. The term after `until` has none.
    Stage(&'static str, Vec<usize>),
}

impl Goal {
    fn of(explainer: &Explainer<'_>, flips: &Flips) -> Self {
        let Some(first) = flips.nodes().next() else { return Self::Match };
        for (id, node) in explainer.plan.iter() {
            if matches!(node.kind, NodeKind::Stage { .. }) && id < first && first < node.end {
                let stages = (1..).zip(explainer.plan.stages());
                return Self::Stage(
                    explainer.plan.part(),
                    stages.filter(|(_, stage)| stage.node == id).map(|(n, _)| n).collect(),
                );
            }
        }
        Self::Match
    }

    fn would(&self) -> String {
        match self {
            Self::Match => "would match".into(),
            Self::Stage(part, stages) => match stages.as_slice() {
                [] => "would fit the `until` term".into(),
                [one] => format!("would fit {part} {one}"),
                [first, .., last] => format!("would fit {part}s {first} to {last}"),
            },
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

/// `a, b and c`.
#[must_use]
pub fn joined(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// What is said in lower case, as the beginning of a sentence.
#[must_use]
pub fn capital(words: &str) -> String {
    // It begins with a word of ours; all of Unicode would bring a large table along.
    let mut sentence = words.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
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
pub(crate) fn clipped(text: &str, limit: usize) -> String {
    // Thousands of clauses are quoted at once: no text is gone through character by character further
    // than it is shown.
    let mut ends = text.char_indices().map(|(at, _)| at).skip(limit - 1);
    match (ends.next(), ends.next()) {
        (Some(end), Some(_)) => format!("{}…", text.get(..end).unwrap_or_default()),
        _ => text.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::{capital, clipped};

    #[test]
    fn what_is_clipped_keeps_to_its_limit_in_characters() {
        for (text, clip) in
            [("", ""), ("abc", "abc"), ("äöü", "äöü"), ("äöüx", "äö…"), ("abcde", "ab…")]
        {
            assert_eq!(clipped(text, 3), clip);
        }
    }

    #[test]
    fn sentences_begin_with_a_capital() {
        assert_eq!(capital("expected a value"), "Expected a value");
        assert_eq!(capital("`a` is text"), "`a` is text");
        assert_eq!(capital(""), "");
    }
}
