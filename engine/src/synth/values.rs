//! Values for which a predicate holds, or for which it narrowly does not: those it names itself and
//! their neighbours.

use std::net::Ipv6Addr;

use crate::hir::Predicate;
use crate::regex::{Texts, Witness};
use crate::synth::natural::{FILLINGS, Take, filled, natural, others};
use crate::time::Instant;
use crate::ty::Type;
use crate::value::{Case, Number, Scalar, Value};

/// Offers values for a field with this predicate: likely ones, not only such for which it holds (or
/// with `holds` false, does not); who takes them looks.
pub(super) fn offer(
    predicate: &Predicate,
    holds: bool,
    (column, ty): (&str, &Type),
    take: Take<'_>,
) -> bool {
    match predicate {
        Predicate::Exists | Predicate::IsNull => natural(column, ty, 0, take),
        Predicate::Equals(scalar) | Predicate::Ordered(_, scalar) => {
            around(scalar, holds, column, take)
        }
        Predicate::Within(first, last) => {
            // Network and broadcast address are legal and look odd.
            (holds && matches!(first, Scalar::Ip(_)) && near(first, 1).is_some_and(&mut *take))
                || around(first, true, column, take)
                || around(last, true, column, take)
        }
        Predicate::OneOf(items, _) => {
            if holds {
                // A star in a list is a star, and seldom meant (spec §5.1).
                let is_odd = |item: &Predicate| matches!(item, Predicate::Equals(Scalar::Str(text)) if text.contains('*'));
                [false, true].into_iter().any(|odd| {
                    let mut items = items.iter().filter(|item| is_odd(item) == odd);
                    items.any(|item| offer(item, true, (column, ty), take))
                })
            } else {
                items.iter().take(3).any(|item| offer(item, false, (column, ty), take))
                    || items.iter().any(|item| offer(item, true, (column, ty), take))
            }
        }
        Predicate::Like(_, patterns) if holds => (0..FILLINGS).any(|way| {
            patterns.iter().any(|pattern| take(Scalar::Str(filled(pattern.pattern(), way).into())))
        }),
        Predicate::Like(_, patterns) => patterns
            .iter()
            .take(3)
            .any(|pattern| others(column, &filled(pattern.pattern(), 0), take)),
        Predicate::Regex(_) => {
            let mut texts = Texts::default();
            if !describe(predicate, Case::Sensitive, &mut texts) {
                return false;
            }
            texts.close(true);
            match texts.witness().0 {
                Witness::Text(text) if holds => take(Scalar::Str(text.into())),
                Witness::Text(text) => others(column, &text, take),
                _ => false,
            }
        }
    }
}

/// Offers a value and its neighbours.
fn around(scalar: &Scalar<'static>, holds: bool, column: &str, take: Take<'_>) -> bool {
    let text = match scalar {
        Scalar::Str(text) => text.as_ref(),
        // Only an order has versions, and its ends are enough.
        Scalar::Version(_) => {
            let ends = ["0.0.0", "999999.0.0", "zzz"];
            return ends.into_iter().any(|text| take(Scalar::Str(text.into())));
        }
        _ => {
            let steps: [i8; 3] = if holds { [0, 1, -1] } else { [1, -1, 0] };
            return steps.into_iter().any(|by| near(scalar, by).is_some_and(&mut *take));
        }
    };
    let own = |take: Take<'_>| take(scalar.clone());
    if holds && own(take) {
        return true;
    }
    if others(column, text, take) {
        return true;
    }
    // For bounds of an order: what comes just before and just after.
    let mut shorter = text.to_owned();
    shorter.pop();
    [shorter, format!("{text}a"), String::new(), "a".into(), "zzz".into()]
        .into_iter()
        .any(|text| take(Scalar::Str(text.into())))
}

/// The value so many least steps away; halves of a decimal. `None` where there is none, and of
/// texts.
fn near(scalar: &Scalar<'static>, by: i8) -> Option<Scalar<'static>> {
    Some(match scalar {
        Scalar::Str(_) | Scalar::Version(_) => return None,
        Scalar::Bool(value) => Scalar::Bool(*value != (by != 0)),
        Scalar::Num(Number::Float(float)) => {
            let moved = float + f64::from(by) * 0.5;
            Scalar::Num(Number::Float(Some(moved).filter(|moved| moved.is_finite())?))
        }
        Scalar::Num(number) => {
            let moved = number.to_i128() + i128::from(by);
            Scalar::Num(match i64::try_from(moved) {
                Ok(int) => Number::Int(int),
                Err(_) => Number::UInt(u64::try_from(moved).ok()?),
            })
        }
        Scalar::Date(instant) => {
            let nanos = i64::from(instant.nanos) + i64::from(by) * 1_000_000;
            let seconds = instant.seconds.checked_add(nanos.div_euclid(1_000_000_000))?;
            Scalar::Date(Instant { seconds, nanos: nanos.rem_euclid(1_000_000_000) as u32 })
        }
        Scalar::Ip(address) => {
            let moved = u128::from(*address).checked_add_signed(i128::from(by))?;
            Scalar::Ip(Ipv6Addr::from(moved))
        }
    })
}

/// Adds to `texts` the alternatives for which the predicate holds. False where it is not about
/// texts alone; what has been added then says nothing.
pub(super) fn describe(predicate: &Predicate, case: Case, texts: &mut Texts) -> bool {
    match predicate {
        Predicate::Equals(Scalar::Str(text)) => texts.or_text(text, case, false),
        Predicate::OneOf(items, case) => {
            return items.iter().all(|item| describe(item, *case, texts));
        }
        Predicate::Like(_, patterns) => {
            for pattern in patterns {
                texts.or_text(pattern.pattern(), pattern.case(), true);
            }
        }
        Predicate::Regex(regex) => texts.or_regex(regex),
        Predicate::Exists => texts.or_text("*", case, true),
        _ => return false,
    }
    true
}

/// A value as an event writes it under a type; `None` where a field of the type cannot hold it.
pub(super) fn written(scalar: Scalar<'static>, ty: &Type) -> Option<Value<'static>> {
    let value = match scalar {
        Scalar::Str(text) => match Number::parse(&text).filter(|_| ty.is_number()) {
            Some(number) => Value::Num(number),
            None => Value::Str(text),
        },
        Scalar::Num(number) => Value::Num(number),
        // Never offered: see `around`.
        Scalar::Version(_) => Value::Str("0.0.0".into()),
        Scalar::Bool(value) => Value::Bool(value),
        Scalar::Date(instant) => Value::Str(instant.to_string().into()),
        Scalar::Ip(address) => Value::Str(address.to_canonical().to_string().into()),
    };
    Scalar::coerce(&value, ty).is_some().then_some(value)
}
