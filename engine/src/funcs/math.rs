//! Arithmetic, and texts read as numbers (spec §3.27, §6.9, §6.16).

use std::cmp::Ordering;

use crate::funcs::{Answer, Failure, text_of};
use crate::syntax::ast::Arithmetic;
use crate::value::{Case, Number, Scalar};

/// Two numbers under an operator: in 64 bits, in doubles where one side is one. Division of
/// integers truncates; the remainder has the sign of the dividend.
///
/// # Errors
/// On overflow and on a zero divisor.
pub fn arithmetic(op: Arithmetic, l: Number, r: Number) -> Result<Number, Failure> {
    let divides = matches!(op, Arithmetic::Divide | Arithmetic::Modulo);
    if divides && r.compare(Number::Int(0)) == Some(Ordering::Equal) {
        return Err(Failure::DivisionByZero);
    }
    let float = |l: f64, r: f64| match op {
        Arithmetic::Add => l + r,
        Arithmetic::Subtract => l - r,
        Arithmetic::Multiply => l * r,
        Arithmetic::Divide => l / r,
        Arithmetic::Modulo => l % r,
    };
    match (l, r) {
        (Number::Float(_), _) | (_, Number::Float(_)) => {
            let value = float(l.to_f64(), r.to_f64());
            if value.is_finite() { Ok(Number::Float(value)) } else { Err(Failure::Overflow) }
        }
        (Number::Int(l), Number::Int(r)) => match op {
            Arithmetic::Add => l.checked_add(r),
            Arithmetic::Subtract => l.checked_sub(r),
            Arithmetic::Multiply => l.checked_mul(r),
            Arithmetic::Divide => l.checked_div(r),
            // The remainder of the least number and −1 is 0, although their quotient overflows.
            Arithmetic::Modulo => Some(l.wrapping_rem(r)),
        }
        .map(Number::Int)
        .ok_or(Failure::Overflow),
        // One side is above 2⁶³: the exact result, as far as 64 bits hold it.
        _ => {
            let (l, r) = (l.to_i128(), r.to_i128());
            let value = match op {
                Arithmetic::Add => l.checked_add(r),
                Arithmetic::Subtract => l.checked_sub(r),
                Arithmetic::Multiply => l.checked_mul(r),
                Arithmetic::Divide => l.checked_div(r),
                Arithmetic::Modulo => l.checked_rem(r),
            };
            let value = value.ok_or(Failure::Overflow)?;
            i64::try_from(value)
                .map(Number::Int)
                .or_else(|_| u64::try_from(value).map(Number::UInt))
                .map_err(|_| Failure::Overflow)
        }
    }
}

fn applied(op: Arithmetic, args: &[Option<Scalar<'_>>]) -> Answer {
    match args {
        [Some(Scalar::Num(l)), Some(Scalar::Num(r))] => {
            arithmetic(op, *l, *r).map(|number| Some(Scalar::Num(number)))
        }
        _ => Ok(None),
    }
}

pub(super) fn add(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    applied(Arithmetic::Add, args)
}

pub(super) fn subtract(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    applied(Arithmetic::Subtract, args)
}

pub(super) fn multiply(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    applied(Arithmetic::Multiply, args)
}

pub(super) fn divide(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    applied(Arithmetic::Divide, args)
}

pub(super) fn modulo(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    applied(Arithmetic::Modulo, args)
}

/// §6.16. White space around is trimmed; what is no number fails.
pub(super) fn number(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    let Some(text) = text_of(args, 0) else { return Ok(None) };
    let text = text.trim();
    let base = match args.get(1) {
        Some(Some(Scalar::Num(base))) => base.to_i128(),
        _ if text.starts_with("0x") => 16,
        _ => 10,
    };
    let parsed = match base {
        10 => Number::parse(text),
        2..=36 => {
            let digits = if base == 16 { text.strip_prefix("0x").unwrap_or(text) } else { text };
            i64::from_str_radix(digits, base as u32).ok().map(Number::Int)
        }
        _ => None,
    };
    parsed.map(|number| Some(Scalar::Num(number))).ok_or(Failure::NotANumber)
}

/// A number as Java writes it: integers in decimal, doubles in their shortest form with a point,
/// from 10⁷ on and below 10⁻³ with an exponent (spec §6.18).
#[must_use]
pub fn number_text(number: Number) -> String {
    let Number::Float(float) = number else { return number.to_string() };
    let size = float.abs();
    if float == 0.0 || (1e-3..1e7).contains(&size) || !float.is_finite() {
        return number.to_string();
    }
    let text = format!("{float:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}
