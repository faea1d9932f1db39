//! What would satisfy a clause, in words. Code stands in backticks.

use crate::explain::reason::scalar_text;
use crate::hir::{Predicate, Subject, Test, ValueExpr};
use crate::syntax::ast::{Comparison, PatternOp};
use crate::value::{Case, Scalar};

use super::sentence::quoted;

/// How what is wanted of a function that is true or false begins.
pub(super) const FOR: &str = "values for which ";

/// What `== null` wants.
pub(super) const NOTHING: &str = "no value at all";

/// Items of a list that are named.
const NAMED: usize = 5;

/// What would make the test hold (`holds`) or fail: `any of `a`, `b``, `a value over 5`, `a match of
/// `*:*``. `text`: the clause as the query writes it, for what is computed.
pub(super) fn wanted(test: &Test, text: &str, is_category: bool, holds: bool) -> String {
    // Of a function that is true or false its own text says most; a version is kept as what orders
    // it, not as its text.
    let says_whether = match &test.subject {
        Subject::Computed(computed) => {
            matches!(computed.expr, ValueExpr::Call(..) | ValueExpr::Test(..))
                && is_of(&test.predicate, &|scalar| matches!(scalar, Scalar::Bool(_)))
        }
        Subject::Field(_) => is_of(&test.predicate, &|scalar| matches!(scalar, Scalar::Version(_))),
    };
    if says_whether {
        let what = if holds { "is true" } else { "is not true" };
        return format!("{FOR}{} {what}", quoted(text));
    }
    let holds = holds != test.negated;
    let is_time = is_of(&test.predicate, &|scalar| matches!(scalar, Scalar::Date(_)));
    let (one, many) = match &test.subject {
        Subject::Computed(_) => ("a result", "no result"),
        Subject::Field(_) if is_category => ("the category", "no category"),
        Subject::Field(_) if is_time => ("a time", "no time"),
        Subject::Field(_) => ("a value", "no value"),
    };
    let what = what(&test.predicate, false);
    match (&test.predicate, holds) {
        (Predicate::Exists, true) => "any value".into(),
        (Predicate::Exists, false) => NOTHING.into(),
        (Predicate::IsNull, true) => "the result `null`".into(),
        (Predicate::IsNull, false) => "a result that is not `null`".into(),
        (Predicate::Equals(_), true) if one == "a result" => format!("the result {what}"),
        (Predicate::Equals(_), true) if is_category => format!("{one} {what}"),
        (Predicate::Equals(_) | Predicate::OneOf(..), true)
            if one == "a value" && !what.starts_with("in ") =>
        {
            what
        }
        (Predicate::Like(..) | Predicate::Regex(_), true) if one == "a value" => {
            format!("a match of {what}")
        }
        (Predicate::Like(..) | Predicate::Regex(_), true) => format!("{one} that matches {what}"),
        (Predicate::Like(..) | Predicate::Regex(_), false) => format!("{many} that matches {what}"),
        (Predicate::Equals(_), false) => format!("{many} that is {what}"),
        (Predicate::OneOf(..), false) if !what.starts_with("in ") => {
            format!("{many} among {}", what.trim_start_matches("any of "))
        }
        (_, true) => format!("{one} {what}"),
        (_, false) => format!("{many} {what}"),
    }
}

/// Does the predicate compare with such a literal?
pub(super) fn is_of(predicate: &Predicate, is: &dyn Fn(&Scalar<'_>) -> bool) -> bool {
    match predicate {
        Predicate::Equals(scalar)
        | Predicate::Ordered(_, scalar)
        | Predicate::Within(scalar, _) => is(scalar),
        Predicate::OneOf(items, _) => items.iter().any(|item| is_of(item, is)),
        _ => false,
    }
}

/// What the predicate accepts, to stand after "a value". `folded`: of an item of a list that
/// disregards case, which the list says once.
fn what(predicate: &Predicate, folded: bool) -> String {
    let literal = |scalar: &Scalar<'_>| {
        let text = scalar_text(scalar);
        // What a whole day is taken for at its end (spec §16.5).
        match text.strip_suffix("T23:59:59.999999999Z") {
            Some(day) => format!("the end of {}", quoted(day)),
            None => quoted(&text),
        }
    };
    match predicate {
        Predicate::Exists | Predicate::IsNull => String::new(),
        Predicate::Equals(scalar) => literal(scalar),
        Predicate::Ordered(op, bound) => {
            let is_time = matches!(bound, Scalar::Date(_));
            let word = match (op, is_time) {
                (Comparison::Less, false) => "under",
                (Comparison::Less, true) => "before",
                (Comparison::LessEqual, false) => "of at most",
                (Comparison::LessEqual, true) => "not after",
                (Comparison::Greater, false) => "over",
                (Comparison::Greater, true) => "after",
                (Comparison::GreaterEqual, false) => "of at least",
                (Comparison::GreaterEqual, true) => "not before",
                _ => "of",
            };
            format!("{word} {}", literal(bound))
        }
        Predicate::Within(Scalar::Ip(first), Scalar::Ip(last)) => {
            let shared = (u128::from(*first) ^ u128::from(*last)).leading_zeros();
            let address = first.to_canonical();
            let shared = if address.is_ipv4() { shared.saturating_sub(96) } else { shared };
            format!("in `{address}/{shared}`")
        }
        Predicate::Within(first, last) => format!("from {} to {}", literal(first), literal(last)),
        Predicate::OneOf(items, case) => {
            let is_folded = *case == Case::Insensitive;
            let texts: Vec<String> = items.iter().map(|item| what(item, is_folded)).collect();
            let suffix = if is_folded && !folded { ", in upper or lower case" } else { "" };
            // Blocks of addresses, each of which says `in`.
            if texts.iter().all(|text| text.starts_with("in ")) {
                let blocks: Vec<String> =
                    texts.iter().map(|text| text.replacen("in ", "", 1)).collect();
                return format!("in {}", any_of(&blocks));
            }
            format!("{}{suffix}", any_of(&texts))
        }
        Predicate::Like(op, patterns) => {
            let texts: Vec<String> =
                patterns.iter().map(|pattern| quoted(pattern.written())).collect();
            let suffix = if *op == PatternOp::Like { ", case counting" } else { "" };
            format!("{}{suffix}", any_of(&texts))
        }
        Predicate::Regex(regex) => {
            let texts: Vec<String> = regex.patterns().map(quoted).collect();
            let suffix = if regex.case() == Case::Sensitive { ", case counting" } else { "" };
            format!("{}{suffix}", any_of(&texts))
        }
    }
}

fn any_of(items: &[String]) -> String {
    match items {
        [] => "nothing".into(),
        [one] => one.clone(),
        few if few.len() <= NAMED => format!("any of {}", few.join(", ")),
        many => {
            let named = many.get(..NAMED - 1).unwrap_or_default();
            format!("any of {} and {} more", named.join(", "), many.len() - named.len())
        }
    }
}
