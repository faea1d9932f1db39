//! The checked query: names resolved, literals read, types known.

use crate::funcs::Function;
use crate::pattern::Wildcard;
use crate::regex::Regex;
use crate::span::Span;
use crate::syntax::ast::{Arithmetic, Comparison, PatternOp};
use crate::ty::Type;
use crate::value::{Case, Precision, Scalar};

/// A checked query of any form.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// What is searched for.
    pub form: Form,
    /// The terms in order; one for an event query. `runs` is not expanded.
    pub terms: Vec<Term>,
    /// The term after `until`.
    pub until: Option<Term>,
    /// `head` and `tail`, from left to right.
    pub pipes: Vec<Pipe>,
    /// All of it.
    pub span: Span,
}

/// What a query searches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Single events.
    Event,
    /// Events in order (spec §7), within a number of milliseconds if one is given.
    Sequence {
        /// `maxspan` in milliseconds.
        maxspan: Option<u64>,
    },
    /// One event per term, in any order (spec §8).
    Sample,
}

/// A bracketed term; of an event query the whole of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What its events must be.
    pub filter: EventQuery,
    /// Its join keys, those of the header first.
    pub keys: Vec<Key>,
    /// `![…]`
    pub missing: bool,
    /// How often it stands in a row; 1 without `with runs=`.
    pub runs: u32,
    /// All of it.
    pub span: Span,
}

/// A join key (spec §2.19).
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The field.
    pub field: FieldRef,
    /// Marked with `?`: a missing value is a value of its own (§7.10).
    pub optional: bool,
    /// Where it stands.
    pub span: Span,
}

/// A pipe (spec §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pipe {
    /// Keeps the first so many.
    Head(u64),
    /// Keeps the last so many.
    Tail(u64),
}

/// A checked filter: category and condition.
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
    /// A test of a field, or of what is computed from fields.
    Test(Test),
    /// Constants only: true, false or null (spec §4.1).
    Constant(Option<bool>),
}

/// One leaf: a predicate on a field or on what is computed from fields. It holds when some value
/// (some combination of one value of each field) makes the predicate true, turned over if `negated`
/// (spec §3.11 to §3.13).
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What is looked at.
    pub subject: Subject,
    /// What it must be.
    pub predicate: Predicate,
    /// `!=`, `not in`, `== null`.
    pub negated: bool,
}

/// What a test looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// The values of a field.
    Field(FieldRef),
    /// What is computed from the values of fields.
    Computed(Computed),
}

impl Subject {
    /// The fields it looks at, each once; never empty.
    #[must_use]
    pub fn fields(&self) -> &[FieldRef] {
        match self {
            Self::Field(field) => std::slice::from_ref(field),
            Self::Computed(computed) => &computed.fields,
        }
    }

    /// How exactly the index holds its numbers.
    #[must_use]
    pub fn precision(&self) -> Precision {
        match self {
            Self::Field(field) => field.precision,
            Self::Computed(_) => Precision::Exact,
        }
    }

    /// The type of its values.
    #[must_use]
    pub fn ty(&self) -> &Type {
        match self {
            Self::Field(field) => &field.ty,
            Self::Computed(computed) => &computed.ty,
        }
    }
}

/// A value computed from one value of each of some fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Computed {
    /// The fields, each once (spec §3.12); never empty.
    pub fields: Vec<FieldRef>,
    /// How it is computed.
    pub expr: ValueExpr,
    /// Its type.
    pub ty: Type,
}

/// An expression over values.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueExpr {
    /// Known when the query is compiled; `None` is null.
    Constant(Option<Scalar<'static>>),
    /// The value of a field, by its position in [`Computed::fields`].
    Field(usize),
    /// A function of other values.
    Call(&'static Function, Case, Vec<ValueExpr>),
    /// An operator between two numbers.
    Arithmetic(Arithmetic, Box<(ValueExpr, ValueExpr)>),
    /// True, false or (where the value is null) null.
    Test(Box<ValueExpr>, Box<Predicate>, bool),
}

impl ValueExpr {
    /// Renames the fields.
    pub fn map_fields(&mut self, map: &impl Fn(usize) -> usize) {
        match self {
            Self::Constant(_) => {}
            Self::Field(at) => *at = map(*at),
            Self::Call(_, _, args) => {
                for arg in args {
                    arg.map_fields(map);
                }
            }
            Self::Arithmetic(_, sides) => {
                sides.0.map_fields(map);
                sides.1.map_fields(map);
            }
            Self::Test(value, ..) => value.map_fields(map),
        }
    }
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
    /// How exactly the index holds its numbers.
    pub precision: Precision,
    /// Is the type that of a mapping or of the bundled table, not only of the values?
    pub declared: bool,
}

/// What a value must be for a test to hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// Any value at all.
    Exists,
    /// No value: of a computed subject only, where it is not the same as "not any" (spec §4.7).
    IsNull,
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
    /// Matches some of the regular expressions.
    Regex(Regex),
}
