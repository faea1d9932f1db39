//! The words for tests. No two rows have a form in common, unless what follows tells them apart.

use crate::syntax::ast::{Comparison, Expr, ExprKind, PatternOp};
use crate::syntax::describe::leaf::has_wildcard;

/// A test and its negation, of a field that usually holds one value; then of one that holds many.
pub(super) type Verb = [&'static str; 4];

const MISSING: Verb = ["is missing", "is not missing", "is missing", "is not missing"];
const PRESENT: Verb = ["is present", "is not present", "is present", "is not present"];
/// Of constants; fields and computed values have the next two, whose negations are the same words
/// for the same operator.
const IS: Verb = ["is", "does not equal", "contains", "does not contain"];
const IS_NOT: Verb = ["is not", "does not differ from", "lacks", "does not lack"];
const EQUALS: Verb = ["equals", "does not equal", "equals", "does not equal"];
const DIFFERS: Verb =
    ["differs from", "does not differ from", "differs from", "does not differ from"];

const LESS: Verb = [
    "is less than",
    "is not less than",
    "contains a value less than",
    "contains no value less than",
];
const AT_MOST: Verb =
    ["is at most", "is not at most", "contains a value of at most", "contains no value of at most"];
const MORE: Verb = [
    "is greater than",
    "is not greater than",
    "contains a value greater than",
    "contains no value greater than",
];
const AT_LEAST: Verb = [
    "is at least",
    "is not at least",
    "contains a value of at least",
    "contains no value of at least",
];

const ONE_OF: Verb = ["is one of", "is not one of", "contains one of", "contains none of"];
const NONE_OF: Verb = ["is none of", "is not none of", "lacks all of", "does not lack all of"];

/// With wildcards; then several patterns, with or without.
const MATCHES: Verb = ["matches", "does not match", "contains a match of", "contains no match of"];
const MATCHES_ONE: Verb = [
    "matches one of",
    "matches none of",
    "contains a match of one of",
    "contains no match of any of",
];
/// Without wildcards: as for constants, and always in any case.
const IS_FOLDED: Verb = ["is", "is not", "contains", "does not contain"];
const LIKE: Verb = ["is like", "is not like", "contains a value like", "contains no value like"];
const LIKE_ONE: Verb = [
    "is like one of",
    "is not like any of",
    "contains a value like one of",
    "contains no value like any of",
];
const REGEX: Verb = [
    "matches the regex",
    "does not match the regex",
    "contains a match of the regex",
    "contains no match of the regex",
];
const REGEX_ONE: Verb = [
    "matches one regex of",
    "matches no regex of",
    "contains a match of one regex of",
    "contains no match of any regex of",
];

/// `x == null`, `x != null`.
pub(super) fn is_null_test(op: Comparison, right: &Expr) -> bool {
    op.is_equality() && right.kind == ExprKind::Null
}

pub(super) fn compare(op: Comparison, right: &Expr) -> Verb {
    let is_constant = match &right.kind {
        ExprKind::Str(_) | ExprKind::Number(_) | ExprKind::Bool(_) => true,
        ExprKind::Sign { inner, .. } => matches!(inner.inner().kind, ExprKind::Number(_)),
        _ => false,
    };
    match op {
        Comparison::Equal if is_null_test(op, right) => MISSING,
        Comparison::NotEqual if is_null_test(op, right) => PRESENT,
        Comparison::Equal if is_constant => IS,
        Comparison::NotEqual if is_constant => IS_NOT,
        Comparison::Equal => EQUALS,
        Comparison::NotEqual => DIFFERS,
        Comparison::Less => LESS,
        Comparison::LessEqual => AT_MOST,
        Comparison::Greater => MORE,
        Comparison::GreaterEqual => AT_LEAST,
    }
}

/// `in`, `not in`.
pub(super) fn list(negated: bool) -> Verb {
    if negated { NONE_OF } else { ONE_OF }
}

/// The verb of a pattern operator, and whether letter case is out of play.
pub(super) fn pattern(op: PatternOp, patterns: &[Expr]) -> (Verb, bool) {
    let is_one = patterns.len() == 1;
    match op {
        PatternOp::Colon if !is_one => (MATCHES_ONE, true),
        PatternOp::Colon if patterns.iter().any(has_wildcard) => (MATCHES, true),
        PatternOp::Colon => (IS_FOLDED, true),
        PatternOp::Like => (if is_one { LIKE } else { LIKE_ONE }, false),
        PatternOp::LikeInsensitive => (if is_one { LIKE } else { LIKE_ONE }, true),
        PatternOp::Regex => (if is_one { REGEX } else { REGEX_ONE }, false),
        PatternOp::RegexInsensitive => (if is_one { REGEX } else { REGEX_ONE }, true),
    }
}

/// Functions that are tests: name, does `~` go with it, verb.
const CALLS: [(&str, bool, Verb); 4] = [
    (
        "startsWith",
        true,
        ["starts with", "does not start with", "starts with", "does not start with"],
    ),
    ("endsWith", true, ["ends with", "does not end with", "ends with", "does not end with"]),
    (
        "stringContains",
        true,
        [
            "contains the text",
            "does not contain the text",
            "contains the text",
            "does not contain the text",
        ],
    ),
    (
        "cidrMatch",
        false,
        ["is in network", "is not in network", "is in network", "is not in network"],
    ),
];

/// Several networks.
const NETWORKS: Verb = [
    "is in one of the networks",
    "is in none of the networks",
    "is in one of the networks",
    "is in none of the networks",
];

/// The verb of a function that is a test, and its name as it is shown.
pub(super) fn call(written: &str, n_args: usize) -> Option<(&'static str, Verb)> {
    let plain = written.strip_suffix('~');
    let (name, folds, verb) =
        CALLS.into_iter().find(|(name, ..)| name.eq_ignore_ascii_case(plain.unwrap_or(written)))?;
    let fits = folds || plain.is_none();
    match n_args {
        2 if fits => Some((name, verb)),
        3.. if !folds && fits => Some((name, NETWORKS)),
        _ => None,
    }
}
