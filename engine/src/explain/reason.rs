//! The reason of one clause on one event, worked out from the values in the columns.

use crate::eval::{results, value_holds};
use crate::explain::clauses::leaf_of;
use crate::explain::wanted::{is_of, wanted};
use crate::explain::{Explainer, Nulls, Verdict};
use crate::hir::{Computed, FieldRef, Predicate, Subject, Test};
use crate::pattern::Wildcard;
use crate::plan::{Leaf, NodeId, NodeKind};
use crate::regex::Regex;
use crate::syntax::ast::PatternOp;
use crate::value::{Case, Scalar, Value};

/// Why a clause holds or fails (product §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Some value is as wanted.
    Matched,
    /// No value is as the clause forbids.
    NotExcluded,
    /// The field has no value.
    FieldMissing,
    /// The field is there but null or empty.
    NullValue,
    /// Another value.
    ValueDiffers,
    /// The value differs only in letter case.
    CaseDiffers,
    /// `*` or `?` stands where it has no meaning.
    WildcardIsLiteral,
    /// The value cannot be read as the field's type.
    TypeMismatch,
    /// No element of the list.
    NotInList,
    /// No pattern fits.
    PatternNoMatch,
    /// Outside the bound.
    NumberOutOfRange,
    /// Another event category.
    WrongCategory,
    /// A value is what a `not` or `!=` forbids.
    Excluded,
    /// The clause holds, and a `not` around it forbids that.
    ExcludedOutside,
    /// The condition is the same for every event.
    Constant,
    /// Of the whole condition: the event is in an index that the rule does not search.
    IndexNotSearched,
}

impl Reason {
    /// Its name in the closed list.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::NotExcluded => "not_excluded",
            Self::FieldMissing => "field_missing",
            Self::NullValue => "null_value",
            Self::ValueDiffers => "value_differs",
            Self::CaseDiffers => "case_differs",
            Self::WildcardIsLiteral => "wildcard_is_literal",
            Self::TypeMismatch => "type_mismatch",
            Self::NotInList => "not_in_list",
            Self::PatternNoMatch => "pattern_no_match",
            Self::NumberOutOfRange => "number_out_of_range",
            Self::WrongCategory => "wrong_category",
            Self::Excluded | Self::ExcludedOutside => "excluded",
            Self::Constant => "constant",
            Self::IndexNotSearched => "index_not_searched",
        }
    }
}

/// One clause on one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafReason {
    /// Does the clause hold?
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The field as the query names it; empty for a constant.
    pub field: String,
    /// The column with its values: the field itself, or what an alias stands for.
    pub column: String,
    /// The literal the clause compares with, as text; empty where it is not one: for a list, a
    /// pattern, a bound.
    pub literal: String,
    /// A value looks like what is wanted and is of another type: the text `0`, the number `0`.
    pub(super) is_alike: bool,
    /// What would satisfy the clause, in words, code in backticks: ``a value over `5` ``. Of a
    /// clause that stops the event although it holds, what would make it fail. Empty for a constant.
    pub wanted: String,
    /// The other one of the two; empty where the clause fails.
    unwanted: String,
    /// All values of the field, in the order of the event.
    pub values: Vec<String>,
    /// Positions in `values` of those that decide.
    pub deciding: Vec<usize>,
    /// What was computed from the values, where the clause computes something: `length(x)` is 12.
    pub results: Vec<String>,
    /// The fields it was computed from, as the query names them.
    pub(super) sources: Vec<String>,
    /// A `not`, `!=` or `not in` stands before the predicate.
    pub negated: bool,
}

/// Results of a computation that are shown.
const MAX_RESULTS: usize = 20;

impl LeafReason {
    /// The same clause where it decides although it holds, because a `not` stands around it.
    #[must_use]
    pub fn excluded_from_outside(mut self) -> Self {
        if self.verdict == Verdict::Holds {
            self.reason = Reason::ExcludedOutside;
            std::mem::swap(&mut self.wanted, &mut self.unwanted);
        }
        self
    }

    /// The value to show beside the clause: the one that decides, or the only one.
    #[must_use]
    pub fn shown(&self) -> Option<&str> {
        let only = (self.values.len() == 1).then_some(0);
        let at = self.deciding.first().copied().or(only)?;
        self.values.get(at).map(String::as_str)
    }
}

/// Works out why; `nulls` are those of the event's JSON, which alone can tell null from absent.
pub(super) fn reason(
    explainer: &Explainer<'_>,
    clause: NodeId,
    event: u32,
    nulls: &Nulls<'_>,
) -> Option<LeafReason> {
    let (leaf, leaf_node, under_not) = leaf_of(explainer.plan, clause)?;
    let holds = explainer.recording.holds(clause, event);
    let verdict = if holds { Verdict::Holds } else { Verdict::Fails };
    let test = match leaf {
        Leaf::Test(test) => test,
        Leaf::Constant(_) => {
            return Some(LeafReason {
                verdict,
                reason: Reason::Constant,
                field: String::new(),
                column: String::new(),
                literal: String::new(),
                is_alike: false,
                wanted: String::new(),
                unwanted: String::new(),
                values: Vec::new(),
                deciding: Vec::new(),
                results: Vec::new(),
                sources: Vec::new(),
                negated: under_not,
            });
        }
    };
    let negated = test.negated != under_not;
    let looked = Looked::at(explainer, test, event);
    let is_category = matches!(
        explainer.plan.node(leaf_node).map(|node| &node.kind),
        Some(NodeKind::Leaf { is_category: true, .. })
    );
    let is_null = || looked.field.is_some_and(|field| nulls.has(&field.column));
    let text = || {
        let name = explainer.clauses.name(leaf_node);
        name.map(|name| name.label.as_str()).unwrap_or_default()
    };
    let satisfied = |holds: bool| wanted(test, text(), is_category, holds != under_not);
    let reason = match (holds, looked.is_missing) {
        (_, true) if is_null() => Reason::NullValue,
        (_, true) => Reason::FieldMissing,
        (true, false) if negated => Reason::NotExcluded,
        (true, false) => Reason::Matched,
        (false, false) if negated => Reason::Excluded,
        (false, false) if is_category => Reason::WrongCategory,
        (false, false) if looked.is_alike(test) => Reason::TypeMismatch,
        (false, false) => why_not(&test.predicate, &looked),
    };
    let verdict = if !holds && looked.is_missing { Verdict::Missing } else { verdict };
    Some(LeafReason {
        verdict,
        reason,
        field: looked.field.map(|field| field.name.to_string()).unwrap_or_default(),
        is_alike: reason == Reason::TypeMismatch && looked.is_alike(test),
        column: looked.field.map(|field| field.column.to_string()).unwrap_or_default(),
        literal: literal(&test.predicate),
        wanted: satisfied(true),
        // Asked for only where the clause holds.
        unwanted: if holds { satisfied(false) } else { String::new() },
        values: looked.values.iter().map(ToString::to_string).collect(),
        deciding: looked.deciding,
        results: looked.results,
        sources: test.subject.fields().iter().map(|field| field.name.to_string()).collect(),
        negated,
    })
}

/// What a test sees of one event.
struct Looked<'t, 'v> {
    /// The field whose values are shown: the first, or the first without a value.
    field: Option<&'t FieldRef>,
    values: Vec<Value<'v>>,
    /// The values as the predicate compares them: of a computed subject the results.
    scalars: Vec<Scalar<'v>>,
    /// Positions in `values` for which the predicate is true.
    deciding: Vec<usize>,
    results: Vec<String>,
    is_missing: bool,
}

impl<'t, 'v> Looked<'t, 'v> {
    fn at(explainer: &Explainer<'v>, test: &'t Test, event: u32) -> Self {
        let values_of = |field: &FieldRef| -> Vec<Value<'v>> {
            let column = explainer.store.column(&field.column);
            column.map(|column| column.values_of(event).collect()).unwrap_or_default()
        };
        match &test.subject {
            Subject::Field(field) => {
                let values = values_of(field);
                let deciding = (0..values.len())
                    .filter(|at| values.get(*at).is_some_and(|value| value_holds(test, value)));
                let scalars =
                    values.iter().filter_map(|value| Scalar::coerce(value, &field.ty)).collect();
                Self {
                    field: Some(field),
                    deciding: deciding.collect(),
                    scalars,
                    results: Vec::new(),
                    is_missing: values.is_empty(),
                    values,
                }
            }
            Subject::Computed(computed) => {
                Self::computed(explainer, test, computed, event, &values_of)
            }
        }
    }

    /// Is a value written like a literal that it does not equal? Then only their types differ, as they
    /// may in a field with values of several (spec §3.6).
    fn is_alike(&self, test: &Test) -> bool {
        let is_written = |scalar: &Scalar<'_>| {
            let text = scalar_text(scalar);
            self.values.iter().any(|value| value.to_string() == text)
        };
        matches!(test.subject, Subject::Field(_))
            && matches!(test.predicate, Predicate::Equals(_) | Predicate::OneOf(..))
            && is_of(&test.predicate, &is_written)
    }

    fn computed(
        explainer: &Explainer<'v>,
        test: &'t Test,
        computed: &'t Computed,
        event: u32,
        values_of: &impl Fn(&FieldRef) -> Vec<Value<'v>>,
    ) -> Self {
        let found = results(computed, explainer.store, event, MAX_RESULTS);
        let empty = explainer.empty_field(test, event);
        let field = empty.or(computed.fields.first());
        let values = field.map(values_of).unwrap_or_default();
        // With one field the results are those of its values, in order.
        let deciding = if computed.fields.len() == 1 && !values.is_empty() {
            let holds =
                |(_, result): &(usize, &Option<Scalar<'_>>)| test.predicate.holds(result.as_ref());
            found.iter().enumerate().filter(holds).map(|(at, _)| at).collect()
        } else {
            Vec::new()
        };
        let text = |result: &Option<Scalar<'_>>| match result {
            Some(scalar) => scalar_text(scalar),
            None => "null".into(),
        };
        Self {
            field,
            deciding,
            results: found.iter().map(text).collect(),
            is_missing: empty.is_some(),
            scalars: found.into_iter().flatten().collect(),
            values,
        }
    }
}

/// Why no value satisfies the predicate.
fn why_not(predicate: &Predicate, looked: &Looked<'_, '_>) -> Reason {
    let scalars = &looked.scalars;
    if scalars.is_empty() && looked.results.is_empty() {
        return Reason::TypeMismatch;
    }
    // Null is what was computed, which neither a bound nor a pattern is about.
    if scalars.is_empty() {
        return Reason::ValueDiffers;
    }
    let texts = || {
        scalars.iter().filter_map(|scalar| match scalar {
            Scalar::Str(text) => Some(text.as_ref()),
            _ => None,
        })
    };
    let like = |pattern: &str| {
        let pattern = Wildcard::new(pattern, Case::Insensitive);
        texts().any(|text| pattern.is_match(text))
    };
    match predicate {
        Predicate::Equals(wanted) => literal_reason(wanted, texts(), like, Reason::ValueDiffers),
        Predicate::OneOf(items, _) => {
            let reasons = items.iter().map(|item| match item {
                Predicate::Equals(wanted) => {
                    literal_reason(wanted, texts(), like, Reason::NotInList)
                }
                _ => Reason::NotInList,
            });
            reasons
                .reduce(|a, b| if a == Reason::NotInList { b } else { a })
                .unwrap_or(Reason::NotInList)
        }
        Predicate::Like(op, patterns) => {
            let folded = *op == PatternOp::Like
                && patterns
                    .iter()
                    .any(|pattern| texts().any(|text| pattern.ignoring_case().is_match(text)));
            if folded { Reason::CaseDiffers } else { Reason::PatternNoMatch }
        }
        Predicate::Regex(regex) => {
            let patterns: Vec<&str> = regex.patterns().collect();
            let folded = regex.case() == Case::Sensitive
                && Regex::new(&patterns, Case::Insensitive)
                    .is_ok_and(|regex| texts().any(|text| regex.is_match(text)));
            if folded { Reason::CaseDiffers } else { Reason::PatternNoMatch }
        }
        Predicate::Ordered(_, Scalar::Num(_) | Scalar::Date(_)) => Reason::NumberOutOfRange,
        Predicate::Ordered(..) | Predicate::Within(..) | Predicate::Exists | Predicate::IsNull => {
            Reason::ValueDiffers
        }
    }
}

/// Why a literal equals none of the texts.
fn literal_reason<'t>(
    wanted: &Scalar<'_>,
    mut texts: impl Iterator<Item = &'t str>,
    like: impl Fn(&str) -> bool,
    otherwise: Reason,
) -> Reason {
    let Scalar::Str(wanted) = wanted else { return otherwise };
    if texts.any(|text| Case::Insensitive.eq(text, wanted)) {
        return Reason::CaseDiffers;
    }
    if wanted.contains(['*', '?']) && like(wanted) {
        return Reason::WildcardIsLiteral;
    }
    otherwise
}

/// The literal that a value must equal, as text; empty for a bound, which values lie beside.
fn literal(predicate: &Predicate) -> String {
    match predicate {
        Predicate::Equals(scalar) => scalar_text(scalar),
        _ => String::new(),
    }
}

pub(super) fn scalar_text(scalar: &Scalar<'_>) -> String {
    match scalar {
        Scalar::Str(text) => text.to_string(),
        Scalar::Num(number) => number.to_string(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Date(instant) => instant.to_string(),
        Scalar::Ip(ip) => ip.to_canonical().to_string(),
        Scalar::Version(_) => String::new(),
    }
}
