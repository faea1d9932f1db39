//! The checked condition: names resolved, literals read, types known.

use crate::pattern::Wildcard;
use crate::span::Span;
use crate::syntax::ast::{Comparison, PatternOp};
use crate::ty::Type;
use crate::value::{Case, Scalar};

/// A checked event query.
#[derive(Clone, Debug, PartialEq)]
pub struct EventQuery {
    /// The test of the category; `None` for `any`.
    pub category: Option<Test>,
    /// From the category to `where`.
    pub category_span: Span,
    /// What must hold.
    pub condition: Condition,
    /// All of it.
    pub span: Span,
}

/// A boolean expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What it is.
    pub kind: ConditionKind,
    /// Where it stands.
    pub span: Span,
}

/// Kinds of condition.
#[derive(Clone, Debug, PartialEq)]
pub enum ConditionKind {
    /// All hold; two or more.
    And(Vec<Condition>),
    /// Some holds; two or more.
    Or(Vec<Condition>),
    /// Does not hold.
    Not(Box<Condition>),
    /// A test of a field.
    Test(Test),
    /// Constants only: true, false or null (spec §4.1).
    Constant(Option<bool>),
}

/// One leaf: a predicate on the values of one field. It holds when some value of the field
/// makes the predicate true, turned over if `negated` (spec §3.11, §3.13).
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The field.
    pub field: FieldRef,
    /// What a value must be.
    pub predicate: Predicate,
    /// `!=`, `not in`, `== null`.
    pub negated: bool,
}

/// A field as the query names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRef {
    /// Its name in the query.
    pub name: Box<str>,
    /// The column that holds its values.
    pub column: Box<str>,
    /// Its type.
    pub ty: Type,
}

/// What a value must be for a test to hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// Any value at all.
    Exists,
    /// Equal to the literal.
    Equals(Scalar<'static>),
    /// Before, after, … the literal; never an equality.
    Ordered(Comparison, Scalar<'static>),
    /// Within two bounds, both included: an address block, or the day a date literal names.
    Within(Scalar<'static>, Scalar<'static>),
    /// Equal to some literal of the list.
    OneOf(Vec<Predicate>, Case),
    /// Matches some of the patterns.
    Like(PatternOp, Vec<Wildcard>),
}
