//! Texts that suit several tests at once.

use crate::hir::{Predicate, Subject, Test, ValueExpr};
use crate::regex::{Texts, Witness};
use crate::synth::solve::{Asked, Effort};
use crate::synth::values::describe;
use crate::ty::Type;
use crate::value::{Case, Scalar};

/// Does the test name all values for which its predicate holds?
pub(super) fn is_finite(asked: &Asked<'_>) -> bool {
    let finite = |predicate: &Predicate| match predicate {
        Predicate::Equals(_) => true,
        Predicate::Like(_, patterns) => patterns.iter().all(|pattern| !pattern.has_wildcard()),
        _ => false,
    };
    matches!(asked.test.subject, Subject::Field(_))
        && match &asked.test.predicate {
            Predicate::OneOf(items, _) => items.iter().all(finite),
            other => finite(other),
        }
}

/// Offers a text in which a likely one for each test stands after the other: what ends of texts and
/// stars ask for is there.
pub(super) fn joined(
    wanted: &[&Asked<'_>],
    (column, ty): (&str, &Type),
    take: &mut dyn FnMut(Scalar<'static>) -> bool,
) -> bool {
    let mut texts: Vec<String> = Vec::new();
    for asked in wanted {
        asked.offer(column, ty, true, &mut |scalar| match scalar {
            Scalar::Str(text) => {
                texts.push(text.into_owned());
                true
            }
            _ => false,
        });
    }
    texts.len() > 1 && [" ", ""].iter().any(|gap| take(Scalar::Str(texts.join(gap).into())))
}

/// A text for which the chosen ones of the wanted tests hold, and none of the unwanted. Tests that
/// are not about texts are left out.
pub(super) fn texts_for(
    asked: &[Asked<'_>],
    chosen: &[&Asked<'_>],
    effort: &mut Effort,
) -> Option<String> {
    let mut texts = Texts::default();
    let mut close = |asked: &Asked<'_>, wanted: bool| {
        if describe_test(asked.test, &mut texts) {
            texts.close(wanted);
        } else {
            texts.forget();
        }
    };
    chosen.iter().filter(|asked| asked.needs_value()).for_each(|asked| close(asked, true));
    asked.iter().filter(|asked| !asked.needs_value()).for_each(|asked| close(asked, false));
    // The empty text has been tried where it is one of those that are named.
    texts.or_some();
    texts.close(true);
    let (witness, states) = texts.witness();
    // A state takes as long as many tests.
    effort.work = effort.work.saturating_sub(50 * states as u64);
    match witness {
        Witness::Text(text) => Some(text),
        _ => None,
    }
}

/// As [`describe`]; also of what functions say of the ends and the inside of a text.
fn describe_test(test: &Test, texts: &mut Texts) -> bool {
    let computed = match &test.subject {
        Subject::Field(_) => return describe(&test.predicate, Case::Sensitive, texts),
        Subject::Computed(computed) => computed,
    };
    let (ValueExpr::Call(function, case, args), Predicate::Equals(Scalar::Bool(true))) =
        (&computed.expr, &test.predicate)
    else {
        return false;
    };
    let [ValueExpr::Field(_), ValueExpr::Constant(Some(Scalar::Str(text)))] = args.as_slice()
    else {
        return false;
    };
    let (before, after) = match function.name {
        "startsWith" => (false, true),
        "endsWith" => (true, false),
        "stringContains" if !text.is_empty() => (true, true),
        _ => return false,
    };
    texts.or_around(before, text, after, *case);
    true
}
