//! Constants, and reading them by the type of what they meet (spec §3.25, §3.26).

use crate::hir::Predicate;
use crate::syntax::ast::Comparison;
use crate::time::Instant;
use crate::ty::Type;
use crate::value::{Case, Number, Precision, Scalar, parse_cidr, parse_ip, version_bytes};

/// A value known when the query is compiled.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    Null,
    Bool(bool),
    Num(Number),
    Str(Box<str>),
}

impl Constant {
    pub(super) fn ty(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Bool(_) => Type::Boolean,
            Self::Num(Number::Float(_)) => Type::Decimal,
            Self::Num(_) => Type::Integer,
            Self::Str(_) => Type::String,
        }
    }

    /// The value; `None` for null.
    pub(super) fn scalar(&self) -> Option<Scalar<'static>> {
        Some(match self {
            Self::Null => return None,
            Self::Bool(value) => Scalar::Bool(*value),
            Self::Num(number) => Scalar::Num(*number),
            Self::Str(text) => Scalar::Str(text.to_string().into()),
        })
    }

    /// What a function gave for constants.
    pub(super) fn of(scalar: Option<Scalar<'_>>) -> Self {
        match scalar {
            None => Self::Null,
            Some(Scalar::Bool(value)) => Self::Bool(value),
            Some(Scalar::Num(number)) => Self::Num(number),
            Some(Scalar::Str(text)) => Self::Str(text.into()),
            Some(Scalar::Date(instant)) => Self::Str(instant.to_string().into()),
            Some(Scalar::Ip(address)) => Self::Str(address.to_canonical().to_string().into()),
            Some(Scalar::Version(_)) => Self::Null,
        }
    }

    /// Two constants compared (spec §4.5, §4.6); `None` where they are of different kinds.
    pub(super) fn compare(&self, op: Comparison, other: &Self) -> Option<Self> {
        if *self == Self::Null || *other == Self::Null {
            return Some(match op {
                Comparison::Equal => Self::Bool(self == other),
                Comparison::NotEqual => Self::Bool(self != other),
                _ => Self::Null,
            });
        }
        let order = match (self, other) {
            (Self::Num(l), Self::Num(r)) => l.compare(*r),
            (Self::Str(l), Self::Str(r)) => Some(l.cmp(r)),
            (Self::Bool(l), Self::Bool(r)) => Some(l.cmp(r)),
            _ => return None,
        };
        Some(Self::Bool(order.is_some_and(|order| op.holds(order))))
    }
}

/// What a value of the type must be for the comparison to hold; `None` where the literal cannot be
/// read by the type. `now` is what `now` stands for in a date.
pub(super) fn predicate(
    ty: &Type,
    precision: Precision,
    op: Comparison,
    constant: &Constant,
    now: &dyn Fn() -> Instant,
) -> Option<Predicate> {
    if let (Type::Ip, Constant::Str(text)) = (ty, constant)
        && op.is_equality()
        && text.contains('/')
    {
        let (first, last) = parse_cidr(text)?;
        return Some(Predicate::Within(Scalar::Ip(first), Scalar::Ip(last)));
    }
    if let (Type::Date(formats), Constant::Str(text)) = (ty, constant) {
        let (first, last) = formats.resolve(text, now)?;
        let (first, last) = (Scalar::Date(first), Scalar::Date(last));
        return Some(match op {
            Comparison::Equal | Comparison::NotEqual => Predicate::Within(first, last),
            Comparison::Less | Comparison::GreaterEqual => Predicate::Ordered(op, first),
            Comparison::LessEqual | Comparison::Greater => Predicate::Ordered(op, last),
        });
    }
    let mut scalar = scalar(ty, constant)?;
    match &scalar {
        Scalar::Num(number) => scalar = Scalar::Num(precision.literal(*number, op.is_equality())),
        Scalar::Str(text) if *ty == Type::Version && !op.is_equality() => {
            scalar = Scalar::Version(version_bytes(text));
        }
        _ => {}
    }
    Some(if op.is_equality() { Predicate::Equals(scalar) } else { Predicate::Ordered(op, scalar) })
}

fn scalar(ty: &Type, constant: &Constant) -> Option<Scalar<'static>> {
    Some(match (ty, constant) {
        (Type::String | Type::Version, Constant::Num(number)) => {
            Scalar::Str(number.to_string().into())
        }
        (Type::String | Type::Version, Constant::Bool(value)) => {
            Scalar::Str(value.to_string().into())
        }
        (Type::Integer | Type::Decimal, Constant::Str(text)) => {
            Scalar::Num(Number::parse(text.trim())?)
        }
        (Type::Boolean, Constant::Str(text)) => Scalar::Bool(text.parse().ok()?),
        (Type::Date(_), Constant::Num(Number::Int(millis))) => {
            Scalar::Date(Instant::from_millis(*millis))
        }
        (Type::Ip, Constant::Str(text)) => Scalar::Ip(parse_ip(text)?),
        (Type::String | Type::Version | Type::Mixed | Type::Null, Constant::Str(text)) => {
            Scalar::Str(text.to_string().into())
        }
        (Type::Integer | Type::Decimal | Type::Mixed | Type::Null, Constant::Num(number)) => {
            Scalar::Num(*number)
        }
        (Type::Boolean | Type::Mixed | Type::Null, Constant::Bool(value)) => Scalar::Bool(*value),
        _ => return None,
    })
}

/// May the constant stand in a list for this field? Stricter than `==` (spec §3.26).
pub(super) fn fits_in_list(ty: &Type, constant: &Constant) -> bool {
    match ty {
        Type::Integer | Type::Decimal => constant.ty().is_number(),
        Type::String | Type::Version => constant.ty() == Type::String,
        _ => true,
    }
}

/// Equality of two constants in a list.
pub(super) fn equal(a: &Constant, b: &Constant, case: Case) -> bool {
    match (a, b) {
        (Constant::Str(a), Constant::Str(b)) => case.eq(a, b),
        (Constant::Null, _) | (_, Constant::Null) => false,
        _ => a == b,
    }
}
