//! Constants: folding (spec §3.25) and reading them by the type of the field they meet (§3.26).

use crate::check::Checker;
use crate::diag::DiagKind;
use crate::hir::Predicate;
use crate::span::Span;
use crate::syntax::ast::{Arithmetic, Comparison, Expr, ExprKind};
use crate::time::Instant;
use crate::ty::Type;
use crate::value::{Case, Number, Scalar, parse_cidr, parse_ip};

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
}

impl Checker<'_> {
    /// The value of an expression of constants; `Some(None)` where a field is in it, `None` where
    /// it is refused.
    pub(super) fn constant(&mut self, expr: &Expr) -> Option<Option<Constant>> {
        Some(Some(match &expr.kind {
            ExprKind::Null => Constant::Null,
            ExprKind::Bool(value) => Constant::Bool(*value),
            ExprKind::Number(number) => Constant::Num(*number),
            ExprKind::Str(text) => Constant::Str(text.clone()),
            ExprKind::Paren(inner) => return self.constant(inner),
            ExprKind::Hole => return None,
            ExprKind::Sign { negative, inner } => match self.constant(inner)? {
                None => return Some(None),
                Some(Constant::Null) => Constant::Null,
                Some(Constant::Num(number)) if !negative => Constant::Num(number),
                Some(Constant::Num(number)) => {
                    let zero = Number::Int(0);
                    self.folded(Arithmetic::Subtract, zero, number, expr.span)?
                }
                Some(other) => {
                    self.error(DiagKind::NeedsNumber(other.ty()), inner.span);
                    return None;
                }
            },
            ExprKind::Arithmetic { op, op_span, left, right } => {
                let (l, r) = (self.constant(left)?, self.constant(right)?);
                let (Some(l), Some(r)) = (l, r) else { return Some(None) };
                match (l, r) {
                    (Constant::Num(l), Constant::Num(r)) => self.folded(*op, l, r, *op_span)?,
                    (Constant::Null, Constant::Null | Constant::Num(_))
                    | (Constant::Num(_), Constant::Null) => Constant::Null,
                    (Constant::Null | Constant::Num(_), other) => {
                        self.error(DiagKind::NeedsNumber(other.ty()), right.span);
                        return None;
                    }
                    (other, _) => {
                        self.error(DiagKind::NeedsNumber(other.ty()), left.span);
                        return None;
                    }
                }
            }
            ExprKind::Compare { op, left, right, .. } => {
                let (l, r) = (self.constant(left)?, self.constant(right)?);
                let (Some(l), Some(r)) = (l, r) else { return Some(None) };
                return self.compared(*op, &l, &r, right.span).map(Some);
            }
            _ => return Some(None),
        }))
    }

    fn folded(&mut self, op: Arithmetic, l: Number, r: Number, span: Span) -> Option<Constant> {
        let value = fold(op, l, r);
        if value.is_none() {
            self.error(DiagKind::ConstantArithmetic, span);
        }
        value.map(Constant::Num)
    }

    /// Two constants compared (spec §4.5, §4.6).
    fn compared(
        &mut self,
        op: Comparison,
        l: &Constant,
        r: &Constant,
        span: Span,
    ) -> Option<Constant> {
        if *l == Constant::Null || *r == Constant::Null {
            return Some(match op {
                Comparison::Equal => Constant::Bool(l == r),
                Comparison::NotEqual => Constant::Bool(l != r),
                _ => Constant::Null,
            });
        }
        let order = match (l, r) {
            (Constant::Num(l), Constant::Num(r)) => l.compare(*r),
            (Constant::Str(l), Constant::Str(r)) => Some(l.cmp(r)),
            (Constant::Bool(l), Constant::Bool(r)) => Some(l.cmp(r)),
            _ => {
                self.error(DiagKind::ListElement { want: l.ty(), found: r.ty() }, span);
                return None;
            }
        };
        Some(Constant::Bool(order.is_some_and(|order| op.holds(order))))
    }
}

/// Arithmetic of spec §3.27: in 64 bits, doubles where one side is one. `None` on overflow and
/// on an integer division by zero.
fn fold(op: Arithmetic, l: Number, r: Number) -> Option<Number> {
    if let (Number::Int(l), Number::Int(r)) = (l, r) {
        return match op {
            Arithmetic::Add => l.checked_add(r),
            Arithmetic::Subtract => l.checked_sub(r),
            Arithmetic::Multiply => l.checked_mul(r),
            Arithmetic::Divide => l.checked_div(r),
            Arithmetic::Modulo => l.checked_rem(r),
        }
        .map(Number::Int);
    }
    let (l, r) = (l.to_f64(), r.to_f64());
    let value = match op {
        Arithmetic::Add => l + r,
        Arithmetic::Subtract => l - r,
        Arithmetic::Multiply => l * r,
        Arithmetic::Divide => l / r,
        Arithmetic::Modulo => l % r,
    };
    value.is_finite().then_some(Number::Float(value))
}

/// What a value of the field must be for the comparison to hold; `None` where the literal cannot
/// be read by the type of the field.
pub(super) fn predicate(ty: &Type, op: Comparison, constant: &Constant) -> Option<Predicate> {
    if let (Type::Ip, Constant::Str(text)) = (ty, constant)
        && op.is_equality()
        && text.contains('/')
    {
        let (first, last) = parse_cidr(text)?;
        return Some(Predicate::Within(Scalar::Ip(first), Scalar::Ip(last)));
    }
    if let (Type::Date, Constant::Str(text)) = (ty, constant) {
        let (first, last) = Instant::parse_unit(text)?;
        let (first, last) = (Scalar::Date(first), Scalar::Date(last));
        return Some(match op {
            Comparison::Equal | Comparison::NotEqual => Predicate::Within(first, last),
            Comparison::Less | Comparison::GreaterEqual => Predicate::Ordered(op, first),
            Comparison::LessEqual | Comparison::Greater => Predicate::Ordered(op, last),
        });
    }
    let scalar = scalar(ty, constant)?;
    Some(if op.is_equality() { Predicate::Equals(scalar) } else { Predicate::Ordered(op, scalar) })
}

fn scalar(ty: &Type, constant: &Constant) -> Option<Scalar<'static>> {
    Some(match (ty, constant) {
        (Type::String, Constant::Num(number)) => Scalar::Str(number.to_string().into()),
        (Type::String, Constant::Bool(value)) => Scalar::Str(value.to_string().into()),
        (Type::Integer | Type::Decimal, Constant::Str(text)) => {
            Scalar::Num(Number::parse(text.trim())?)
        }
        (Type::Boolean, Constant::Str(text)) => Scalar::Bool(text.parse().ok()?),
        (Type::Date, Constant::Num(Number::Int(millis))) => {
            Scalar::Date(Instant::from_millis(*millis))
        }
        (Type::Ip, Constant::Str(text)) => Scalar::Ip(parse_ip(text)?),
        (Type::String | Type::Mixed | Type::Null, Constant::Str(text)) => {
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
        Type::String => constant.ty() == Type::String,
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
